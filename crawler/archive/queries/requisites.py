"""What pages need to look as they did: which were not looked at for it yet, and what is named and not there."""

from __future__ import annotations

from crawler.archive.queries.rows import Subject

_NAMED = """select distinct named.value from requisites
    join captures on captures.id = requisites.capture_id, json_each(requisites.urls) as named
    where captures.portal = ?1"""
_UNREAD = """select max(id), url from captures where portal = ?1 and status = 200
    and id not in (select capture_id from redacted_captures) and {} group by url
    having max(id) not in (select capture_id from requisites) order by 1"""


class Requisites(Subject):
    """Styles, pictures and fonts, and the pages that name them."""

    def pages(self, portal: str) -> list[int]:
        """The newest captures of a portal's pages of the trail and reports that were not looked at yet."""
        wanted = "kind in ('home', 'column', 'list', 'report') and media_type = 'text/html'"
        return [row[0] for row in self._execute(_UNREAD.format(wanted), (portal,))]

    def styles(self, portal: str) -> list[int]:
        """The newest captures of styles that pages of a portal name and that were not looked at yet."""
        wanted = (
            "kind = 'requisite' and (media_type = 'text/css' or url like '%.css')"
            f" and url in ({_NAMED} and captures.kind <> 'requisite')"
        )
        return [row[0] for row in self._execute(_UNREAD.format(wanted), (portal,))]

    def missing(self, portal: str) -> list[str]:
        """The addresses that a portal's pages and styles name and that never answered."""
        query = f"{_NAMED} and named.value not in (select url from captures)"
        return [row[0] for row in self._execute(query, (portal,))]
