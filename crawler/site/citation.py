"""How a report is cited: in words, and as BibTeX."""

from __future__ import annotations

from typing import Any

from crawler.records.capture import RENDERED


def citation(report: dict[str, Any], capture: dict[str, Any], files: list[dict[str, Any]]) -> str:
    mark = "虚构示例 made up, no source" if report["sample"] else None
    title = f"《{report['title']}》" if report["title"] else None
    parts = [mark, report["organ"], title, report["published_on"], report["url"].removesuffix(RENDERED)]
    made = ", 浏览器渲染 as a browser shows it" if capture["url"].endswith(RENDERED) else ""
    by = f" 由 by {report['via']}" if report["via"] else ""
    captures = [f"存档 archived{by} {capture['fetched_at']}{made}, SHA-256 {capture['sha256']}"]
    captures += [
        f"附件 with {file['url']}, 存档 archived {file['fetched_at']}, SHA-256 {file['sha256']}" for file in files
    ]
    captures.append(f"nianbao {report['key']}")
    return "; ".join([", ".join([*filter(None, parts), captures[0]]), *captures[1:]]) + "."


def bibtex(report: dict[str, Any], capture: dict[str, Any], files: list[dict[str, Any]]) -> str:
    notes = ["made up, no source"] if report["sample"] else []
    maker = f"capture by {report['via']}" if report["via"] else "nianbao capture"
    notes += [f"{maker} of {capture['fetched_at']}, SHA-256 {capture['sha256']}"]
    notes += [f"attachment {file['url']} captured {file['fetched_at']}, SHA-256 {file['sha256']}" for file in files]
    fields = {
        "author": f"{{{report['organ']}}}" if report["organ"] else None,
        "title": report["title"],
        "year": (report["published_on"] or "")[:4] or None,
        "url": report["url"].removesuffix(RENDERED),
        "urldate": capture["fetched_at"][:10],
        "note": "; ".join(notes),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{nianbao-{report['key']}-{capture['sha256'][:12]},", *lines, "}"])
