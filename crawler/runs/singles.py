"""Takes captures of web archives singly: such as may be pages of reports, and no walk over the portal of then met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crawler.archive.archive import Archive
from crawler.archive.file.blobs import digest
from crawler.archive.file.captures import Derive
from crawler.mementos.client import ArchiveRestingError, Client
from crawler.mementos.past import lead, refusal
from crawler.mementos.replay import RefusedError, fetch, memento_of
from crawler.portals.profile import Profile
from crawler.records.capture import Context
from crawler.records.mementos import Memento, Outcome
from crawler.records.problems import Problem


def take(
    archive: Archive,
    derive: Derive,
    profile: Profile,
    client: Client,
    memento: Memento,
    tell: Callable[[Problem], None],
) -> bool:
    """Take one capture into the archive; whether it came. `tell`: what is to be told."""
    try:
        capture = replace(fetch(client, memento), portal=profile.id)
    except RefusedError as error:
        tell(refusal(memento, str(error)))
        archive.judge_mementos([Outcome(memento, None, None, str(error))])
        return False
    except ArchiveRestingError as error:
        tell(Problem("memento_resting", client.archive.index, str(error)))
        return False
    archive.store(derive(capture, Context(True, memento.url == profile.home, profile.region)))
    outcomes = [Outcome(memento_of(memento, capture), digest(capture.body), capture.url)]
    if (other := lead(memento, capture)) is not None:
        tell(other)
        outcomes.append(Outcome(memento, None, None, other.detail))
    archive.judge_mementos(outcomes)
    return True
