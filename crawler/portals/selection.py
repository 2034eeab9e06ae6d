"""The portals that a command names: those that ship with the program, and files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crawler.portals.notation import load, parse, shipped
from crawler.portals.profile import Profile
from crawler.records.errors import ProfileError


def bundled() -> dict[str, Profile]:
    """The profiles that ship with the program, by id."""
    return {profile.id: profile for profile in (parse(*file) for file in shipped("portals"))}


def select(ids: Iterable[str], files: Iterable[Path]) -> list[Profile]:
    """The portals a command names: bundled ones by id, others by file; where it names none, all bundled ones but those
    that nobody has tried yet (`verified = false`).

    Raises ProfileError for an unknown id, a bad file, or one id that two profiles claim.
    """
    ids, files = list(ids), list(files)
    choices = bundled()
    unknown = [name for name in ids if name not in choices]
    if unknown:
        raise ProfileError(f"no portal {unknown[0]!r}; known are {', '.join(choices)} (or name a file with --profile)")
    chosen = [choices[name] for name in dict.fromkeys(ids)] + [load(path) for path in files]
    if not ids and not files:
        chosen = [profile for profile in choices.values() if profile.verified is not False]
    names: set[str] = set()
    for profile in chosen:
        if profile.id in names:
            raise ProfileError(f"two profiles have the id {profile.id!r}; each portal needs its own")
        names.add(profile.id)
    return chosen
