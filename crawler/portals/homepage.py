"""What a home page says of its portal: its name, and the region that it is of."""

from __future__ import annotations

import re

from lxml import html

from crawler.portals.proposal import Proposal
from crawler.reference import divisions, placenames
from crawler.words.text import squeeze

_FOOTER = 1500
"""Characters at the end of a home page in which it says whose it is."""


def add_place(proposal: Proposal, home: bytes) -> None:
    """Name and region: the code that each government site must state (SiteIDCode), else its name, else its footer."""
    tree = html.fromstring(home if home.strip() else b"<html/>", parser=html.HTMLParser(encoding=_charset(home)))
    metas = {(meta.get("name") or "").lower(): (meta.get("content") or "").strip() for meta in tree.iter("meta")}
    title = squeeze("".join(element.text or "" for element in tree.iter("title")))
    proposal.name = metas.get("sitename") or title or proposal.name
    footer = squeeze("".join(words for words in tree.itertext() if isinstance(words, str)))[-_FOOTER:]
    code = metas.get("siteidcode", "")[:6]
    if code.isdecimal() and divisions.known(code):
        proposal.region, proposal.region_by = code, f"SiteIDCode {metas['siteidcode']}"
    host = re.search("(?:主办|版权所有)(?:单位)?[：:]?(.{2,30})", footer)
    sponsor = host[1] if host else ""
    for source, words in (
        ("name of the site", proposal.name),
        ("title", title),
        ("sponsor", sponsor),
        ("footer", footer),
    ):
        place = placenames.locate(words)
        if place is None:
            continue
        if proposal.region is None:
            proposal.region, proposal.region_by = place.region.code, f"{source}: {place.region.name}"
            proposal.uncertain.append(f"region {place.region.code} is only by the {source}: «{words[:60]}»")
        elif not divisions.is_within(place.region.code, proposal.region) and place.region.code != proposal.region:
            proposal.uncertain.append(f"{source} names {place.region.name}, SiteIDCode says {proposal.region}")
        return
    if proposal.region is None:
        proposal.uncertain.append("nothing says which region the portal is of: no SiteIDCode, no name that is known")


def _charset(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
