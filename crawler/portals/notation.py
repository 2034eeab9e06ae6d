"""A profile written down as TOML: the one writer, so that what it writes is what `profile.parse` reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, fields

from crawler.portals.profile import Expect, Profile
from crawler.words.durations import written
from crawler.words.text import one_line

_ALWAYS = ("id", "name", "home", "region")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_NO_REGION = '# region = "......"  # look it up in GB/T 2260'


def toml_of(profile: Profile, remarks: Iterable[str] = ()) -> str:
    """The profile as a file: what every profile has, then each key that is not at its default, in the order of Profile.

    `remarks` stand before it, a comment of one line each. An empty region stands as a comment that asks for it: such a
    file is refused until somebody has written it in.
    """
    lines = [f"# {_CONTROL.sub('', one_line(words))}" for words in remarks]
    for field in fields(Profile):
        value = getattr(profile, field.name)
        if field.name == "region" and not value:
            lines.append(_NO_REGION)
        elif field.name != "expect" and (field.name in _ALWAYS or value != field.default):
            lines.append(f"{field.name} = {_value(written(value) if field.name == 'at_most' else value)}")
    bands = [f"{key} = {_value(value)}" for key, value in asdict(profile.expect).items() if value is not None]
    if profile.expect != Expect():
        lines += ["", "[expect]", *bands]
    return "\n".join([*lines, ""])


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items() if one is not None) + " }"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    if isinstance(value, str):
        # TOML's strings are JSON's, but that DEL is no character of theirs (TOML 1.0.0, «String»).
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
