"""An archive to redact from: real pages of one host, two of them a dictionary, versions, a copy, files; no network."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from crawler.archive.archive import Archive, Stored
from crawler.archive.file.blobs import BlobReader
from crawler.archive.schema import tables
from crawler.commands.cli import cli
from crawler.records.capture import RENDERED, Capture, Context, Step
from crawler.records.errors import NianbaoError
from pipelines import derive
from tests.servers.living import report
from tests.support.documents_made import docx

SITE = "http://www.shenyang.gov.cn"
CONTEXT = Context(region="210100")
SECRET = "王某某的身份证号码被误登"
"""Words of the page that is redacted, which stand in no other."""
RARE = "龘"
"""A character that stands in it alone: the index has a token for it."""


def capture(path: str, body: str | bytes, at: str, label: str = "", **more: Any) -> Capture:
    """A response of the portal; `headers` more of them."""
    kind = more.pop("content_type", "text/html; charset=utf-8")
    headers = [("Content-Type", kind), ("Server", "nginx"), *more.pop("headers", [])]
    url = SITE + path
    trail = (Step("首页", SITE + "/"), Step("政府信息公开年报", SITE + "/nb/"), Step(label or path, url))
    data = body if isinstance(body, bytes) else body.encode()
    return Capture(url, more.pop("status", 200), headers, data, at, "shenyang", trail, more.pop("rendered", False))


def store(archive: Archive, one: Capture, **context: Any) -> Stored:
    """Derive and store a response as a crawl does."""
    told = Context(region="210100", **context)
    return archive.store(derive(one, told))


def secret(place: str = "大东区", year: int = 2018, aside: str = "", more: str = "") -> str:
    """The page with the words that must go."""
    return report(place, year, f"{SECRET}，{RARE}。全年收到政府信息公开申请37件。{more}", aside)


def fill(path: Path) -> None:
    """Two runs: a list, the page with the secret among its host's first two (a dictionary), others packed against it,
    a copy at another address, a browser's document, a file, and a corrected version of the next year's report."""
    with Archive.open(path) as archive:
        archive.begin_run(["shenyang"])
        at = "2026-01-01T00:00:00Z"
        store(archive, capture("/nb/", "<html><body><ul><li><a href='/nb/a.html'>一条</a></li></ul></body></html>", at))
        page = secret(more='</p><p><a href="/f/1.docx">附件：王某某登记表.docx</a>')
        headers = [("Content-Disposition", "inline; filename=王某某.html"), ("ETag", '"a1"')]
        store(archive, capture("/nb/a.html", page, at, "大东区王某某", headers=headers))
        for number, place in enumerate(("和平区", "沈河区", "皇姑区", "铁西区")):
            store(archive, capture(f"/nb/b{number}.html", report(place, 2018, f"全年收到申请{number + 3}件。"), at))
        file = capture("/f/1.docx", docx((SECRET,)), at, "王某某登记表", content_type="application/octet-stream")
        store(archive, file, attached=True)
        store(archive, capture("/nb/c.html", report("浑南区", 2019, SECRET), at))
        run = archive.begin_run(["shenyang"])
        at = "2026-02-01T00:00:00Z"
        store(archive, capture("/nb/c.html", report("浑南区", 2019, "已更正。"), at))
        store(
            archive,
            capture("/nb/a.html", page.replace("<div class=top>", "<div class=top>点击9次"), at, "大东区王某某"),
        )
        archive.settle(run, derive)
        archive.finish_run(run, "finished")


def nianbao(archive: Path, *arguments: str, code: int = 0) -> Result:
    """A command of `nianbao` over the archive, that ends with `code`."""
    done = CliRunner().invoke(cli, [*arguments, "--archive", str(archive)])
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, NianbaoError), done.exception
    ended = done.exception.exit_code if isinstance(done.exception, NianbaoError) else done.exit_code
    assert ended == code, done.output
    return done


def redact(archive: Path, *arguments: str) -> dict[str, Any]:
    """`nianbao redact --reason …`, done without a complaint; what it says of itself, with `said`."""
    done = nianbao(archive, "redact", "--reason", "涉及个人隐私", "--rule", "条例第十五条", "--json", *arguments)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told | {"said": done.stderr}


def dump(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables; of runs what a verification does not change. Runs of tests are not settled, and so not
    tallied."""
    connection = sqlite3.connect(path)
    try:
        return {
            name: sorted((tuple(row) for row in connection.execute(f"select * from [{name}]")), key=repr)
            for name in tables(connection)
            if name != "tallies"
        }
    finally:
        connection.close()


def holding(path: Path, words: str) -> list[str]:
    """Where the words still are: in the bytes of the file or those beside it, in a body, or in the index."""
    found = []
    for file in sorted(path.parent.glob(path.name + "*")):
        data = file.read_bytes()
        # Two bytes of one character may stand anywhere by chance.
        codecs = ("utf-8", "utf-16-le", "gb18030")[: 3 if len(words) > 2 else 1]
        found += [f"{file.name} as {codec}" for codec in codecs if words.encode(codec) in data]
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    reader = BlobReader(connection)
    for (sha256,) in connection.execute("select sha256 from blobs").fetchall():
        if words.encode() in (reader.get(sha256) or b""):
            found.append(f"body {sha256}")
    connection.execute("create virtual table temp.terms using fts5vocab('main', 'reports_fts', 'row')")
    if connection.execute("select 1 from temp.terms where term = ?", (words,)).fetchone():
        found.append("the index")
    connection.close()
    return found


def rendered(one: Capture) -> str:
    """The address of the document that a browser made of a response."""
    return one.url + RENDERED
