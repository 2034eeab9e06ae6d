"""When two pages are the same report, and when a report has changed: pure functions of what a page says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from crawler.records.page import Page
from crawler.records.report import Report
from crawler.words.text import unspaced

_NAMED_BY_REGION = ("government", "government_office")
"""A region has one government and one office of it, whatever name a portal prints (大东区, 沈阳市大东区人民政府)."""


SAMPLE_PREFIX = "sample/"
"""What the identity of a made-up report begins with: it is neither another text of the real one, nor its copy."""


def identity(report: Report, *, sample: bool = False) -> str | None:
    """Organ, organ kind, region and report year in one string, or None where too little is stated to tell organs apart.

    Addresses have no part in it (sources/obstacles#moved-portals). Without a year, or without organ and region, no page
    is taken for another's copy. `sample`: it is of the sample portal.
    """
    who = _identity(report)
    return SAMPLE_PREFIX + who if sample and who is not None else who


def _identity(report: Report) -> str | None:
    if report.report_year is None:
        return None
    if report.organ_kind in _NAMED_BY_REGION and report.region_code:
        return f"{report.organ_kind}/{report.region_code}/{report.report_year}"
    if not report.organ:
        return None
    return f"{report.organ_kind or '?'}/{report.region_code or '?'}/{report.report_year}/{unspaced(report.organ)}"


def identity_of(page: Page, *, sample: bool = False) -> str | None:
    """The identity of a report's page; of a redacted one what is kept of it, the organ's name hidden."""
    if page.remains is None:
        return identity(page.report or Report(), sample=sample)
    who = page.remains.identity
    return SAMPLE_PREFIX + who if sample and who is not None and not who.startswith(SAMPLE_PREFIX) else who


def hidden(who: str) -> str:
    """An identity without an organ's name: its digest stands in its place. What has no name, or a hidden one, stays."""
    prefix = SAMPLE_PREFIX if who.startswith(SAMPLE_PREFIX) else ""
    *codes, name = who.removeprefix(prefix).split("/", 3)
    if len(codes) < 3 or name.startswith(_HIDDEN):
        return who
    return prefix + "/".join([*codes, _HIDDEN + hashlib.sha256(name.encode()).hexdigest()])


_HIDDEN = "sha256:"


def same_identity(first: str | None, second: str | None) -> bool:
    """Whether two identities, either of them perhaps hidden, are the same; None is nobody's."""
    if first is None or second is None:
        return False
    return first == second or hidden(first) == hidden(second)


def sha256_of(text: str | None) -> str | None:
    """SHA-256 of a text's UTF-8 bytes, in hexadecimal digits; None for no text."""
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared: `text_sha256` of the text as kept, `squeezed` of it without white space, `attachments` of the
    addresses and labels of the files, in any order."""

    text_sha256: str | None
    squeezed: str | None
    attachments: str

    @classmethod
    def of(cls, page: Page) -> Fingerprint:
        """The fingerprint of a report's page; of a redacted one that which it had."""
        if page.remains is not None:
            return cls(page.remains.text_sha256, page.remains.squeezed, page.remains.attachments)
        files = sorted(f"{file.url}\t{unspaced(file.label or '')}" for file in page.attachments)
        return cls(
            sha256_of(page.text),
            None if page.text is None else sha256_of(unspaced(page.text)),
            hashlib.sha256("\n".join(files).encode()).hexdigest(),
        )


@dataclass(frozen=True, slots=True)
class Version:
    """One row of `report_versions`, as far as it is compared."""

    url: str
    squeezed: str | None
    attachments: str


def same_text(print_: Fingerprint, versions: list[Version]) -> bool:
    """Is a page at another address a copy of a report with these versions? No text on one side contradicts nothing."""
    if print_.squeezed is None or all(version.squeezed is None for version in versions):
        return True
    return any(version.squeezed == print_.squeezed for version in versions)


def is_new_version(print_: Fingerprint, url: str, versions: list[Version]) -> bool:
    """Does the page at `url` say something that no version of its report said?

    A copy elsewhere has other addresses for the same files, and may leave the text out: neither is a change.
    """
    at_address = [version for version in versions if version.url == url]
    if print_.squeezed is None and versions and not at_address:
        return False
    alike = [version for version in versions if version.squeezed == print_.squeezed]
    alike_here = [version for version in alike if version.url == url]
    if not alike_here:
        return not alike
    return all(version.attachments != print_.attachments for version in alike_here)


def conflict_detail(page: Page, other: str) -> str:
    """The words of an `identity_conflict`."""
    report = page.report
    who = f"{report.organ or report.region} {report.report_year}" if report else "?"
    return f"says another text as {who} than {other}"
