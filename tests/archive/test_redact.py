"""`nianbao redact`: the words are nowhere in the file, a tombstone is, and nothing brings them back unless told."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from crawler import __version__
from crawler.archive import schema
from crawler.archive.archive import Archive
from crawler.archive.derive.redaction import Demand
from crawler.archive.file import functions, tombstones
from crawler.archive.file.identity import hidden, same_identity
from crawler.archive.write.samples import HEADER
from crawler.records.capture import Context, Step
from pipelines import derive
from tests.archive.test_archive_rebuild import Steps, steps, walk
from tests.archive.test_archive_rebuild import dump as dump_of
from tests.servers.living import living, report
from tests.site.test_site import get, served
from tests.support import archive_toy as toy
from tests.support.redaction_toy import RARE, SECRET, SITE, capture, dump, fill, holding, nianbao, redact, secret, store

pytestmark = pytest.mark.slow

PAGE, LATER = SITE + "/nb/a.html", "2026-03-01T00:00:00Z"
OLD = SITE + "/nb/c.html"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "archive.db"
    fill(path)
    return path


@pytest.fixture
def archive(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "archive.db"))


def rows(path: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def indexed(path: Path) -> set[str]:
    """The words of the search index."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create virtual table temp.words using fts5vocab('main', 'reports_fts', 'row')")
        return {term for (term,) in connection.execute("select term from temp.words")}


def sound(path: Path) -> None:
    """`verify --all` finds nothing, and a rebuild changes no row."""
    assert nianbao(path, "verify", "--all").stderr == "sound\n"
    assert nianbao(path, "verify").stderr == "sound\n"
    before = dump(path)
    nianbao(path, "rebuild", "--all", "--jobs", "1")
    assert dump(path) == before


def later(path: Path, *pages: Any) -> list[Any]:
    """Another run that meets these captures."""
    with Archive.open(path) as opened:
        run = opened.begin_run(["shenyang"])
        stored = [store(opened, page) for page in pages]
        opened.settle(run, derive)
        opened.finish_run(run, "finished")
    return stored


def test_after_it_the_words_are_nowhere(archive: Path) -> None:
    assert all(holding(archive, words) for words in (SECRET, RARE, "登记表"))
    redact(archive, PAGE, OLD)
    for words in (SECRET, RARE, "登记表", "王某某"):
        assert holding(archive, words) == [], words
    assert indexed(archive).isdisjoint("王登")
    assert archive.with_name("archive.db-wal").exists() is False
    sound(archive)


def test_what_stays_is_a_tombstone(archive: Path) -> None:
    columns = "id, url, fetched_at, status, sha256, length, kind, last_seen_at"
    captures = rows(archive, f"select {columns} from captures")
    report_ = rows(archive, "select id, url, region_code, report_year, organ_kind, identity from reports where id = 1")
    versions = rows(archive, "select * from report_versions")
    told = redact(archive, PAGE)
    assert rows(archive, f"select {columns} from captures") == captures
    assert rows(
        archive, "select id, url, region_code, report_year, organ_kind, identity from reports where id = 1"
    ) == (report_)
    assert sorted(rows(archive, "select * from report_versions")) == sorted(versions)
    assert rows(archive, "select title, organ, text, published_on, source from reports where id = 1") == [(None,) * 5]
    for table in ("sections", "statistics", "attachments", "checks"):
        assert rows(archive, f"select count(*) from {table} where report_id = 1") == [(0,)]
    assert [one["id"] for one in told["captures"]] == [2, 7, 10]
    assert "a file of the page" in told["said"]
    stones = rows(archive, "select sha256, length, reason, rule, at is not null, wiped_at is not null from redactions")
    wanted = rows(
        archive, "select sha256, length, '涉及个人隐私', '条例第十五条', 1, 1 from captures where id in (2, 7, 10)"
    )
    assert sorted(stones) == sorted(wanted)
    assert rows(archive, "select headers from captures where id = 2") == [
        ('[["Content-Type","text/html; charset=utf-8"],["ETag","\\"a1\\""]]',)
    ]
    assert rows(archive, "select detail from events where report_id = 1") == [("大东区 2018",)]


def test_bodies_packed_against_it_are_packed_anew_and_still_there(archive: Path) -> None:
    users = {row[0] for row in rows(archive, "select sha256 from blobs where dictionary_id = 1")}
    assert len(users) > 3
    bodies = {}
    with Archive.read(archive) as reading:
        for sha256, length in rows(archive, "select sha256, length from blobs"):
            bodies[sha256] = reading.captures.body(sha256)
            assert len(bodies[sha256] or b"") == length
    told = redact(archive, PAGE)
    gone = {one["sha256"] for one in told["captures"]}
    assert told["packed_anew"] == len(users - gone)
    with Archive.read(archive) as reading:
        for sha256, body in bodies.items():
            assert reading.captures.body(sha256) == (None if sha256 in gone else body)
    pages = rows(archive, "select first_sha256, second_sha256 from dictionaries")
    assert pages
    assert not gone & {one for pair in pages for one in pair}


def test_a_version_that_goes_leaves_the_others(archive: Path) -> None:
    """The old text of a corrected report goes by its number; the report shows the corrected one as before."""
    before = rows(archive, "select * from reports where id = 6")
    redact(archive, "8")
    assert rows(archive, "select * from reports where id = 6") == before
    assert rows(archive, "select version, capture_id from report_versions where report_id = 6") == [(1, 8), (2, 9)]
    assert "redacted" in nianbao(archive, "diff", "6", code=2).stdout + str(
        nianbao(archive, "diff", "6", code=2).exception
    )
    sound(archive)


def test_the_latest_version_goes_and_the_report_shows_the_one_before(archive: Path) -> None:
    redact(archive, "9")
    assert rows(archive, "select capture_id, text like ? from reports where id = 6", f"%{SECRET}%") == [(8, 1)]
    assert "已更正" not in str(dump(archive))
    sound(archive)


def test_the_same_bytes_and_the_same_text_do_not_come_back(archive: Path) -> None:
    page = rows(archive, "select sha256 from captures where id = 2")[0][0]
    with Archive.read(archive) as reading:
        old = reading.captures.body(page) or b""
    redact(archive, PAGE, OLD)
    count = rows(archive, "select count(*) from captures")[0][0]
    again = capture("/nb/a.html", old, LATER, "王某某")
    counted = capture("/nb/a.html", old.replace(b"<div class=top>", b"<div class=top>7"), LATER, "王某某")
    elsewhere = capture("/moved/x.html", old, LATER, "王某某")
    moved = capture("/moved/y.html", old.replace(b"<div class=top>", b"<div class=top>8"), LATER, "王某某")
    stored = later(archive, again, counted, elsewhere, moved)
    assert [one.withheld for one in stored] == [True] * 4
    assert rows(archive, "select count(*) from captures") == [(count + 3,)]  # the very same was seen again
    kinds = rows(archive, "select kind, detail from problems order by id desc limit 3")
    assert {kind for kind, _ in kinds} == {"redaction_met"}
    for words in (SECRET, RARE, "王某某"):
        assert holding(archive, words) == []
    assert rows(archive, "select url, gone_at from report_urls where report_id = 1 order by url") == [
        (SITE + "/moved/x.html", None),
        (SITE + "/moved/y.html", None),
        (PAGE, None),
    ]
    sound(archive)


def test_other_words_at_the_address_are_archived_as_usual(archive: Path) -> None:
    redact(archive, PAGE)
    (stored,) = later(archive, capture("/nb/a.html", report("大东区", 2018, "更正：全年收到申请38件。"), LATER))
    assert (stored.report_id, stored.withheld, stored.new, stored.changed) == (1, False, False, True)
    assert rows(archive, "select organ, text like '%38件%' from reports where id = 1") == [("沈阳市大东区人民政府", 1)]
    sound(archive)


def test_a_redaction_that_is_lifted_lets_it_come_back(archive: Path) -> None:
    with Archive.read(archive) as reading:
        old = reading.captures.body(PAGE) or b""
    redact(archive, PAGE)
    nianbao(archive, "redact", PAGE, "--undo", "--reason", "判决撤销")
    assert holding(archive, RARE) == []
    (stored,) = later(archive, capture("/nb/a.html", old, LATER))
    assert (stored.withheld, stored.report_id) == (False, 1)
    assert rows(archive, "select text like ? from reports where id = 1", f"%{SECRET}%") == [(1,)]
    assert nianbao(archive, "cat", PAGE).stdout_bytes == old
    sound(archive)
    redact(archive, PAGE, OLD)
    assert holding(archive, SECRET) == []
    sound(archive)


def test_a_copy_is_named_and_goes_with_copies(archive: Path) -> None:
    copy = capture(
        "/copy.html", secret(more='</p><p><a href="/f/1.docx">附件：王某某登记表.docx</a>', aside="区站"), LATER
    )
    (stored,) = later(archive, copy)
    assert stored.report_id == 1
    told = nianbao(archive, "redact", PAGE, "--dry-run").stderr
    assert (
        f"stays: capture {stored.capture_id} of {SITE}/copy.html (report 1) has the same text; --copies takes it"
        in told
    )
    untouched = dump(archive)
    one = Path(shutil.copy(archive, archive.with_name("one.db")))
    redact(one, PAGE, OLD)
    assert holding(one, SECRET)
    assert rows(one, "select url, organ from reports where id = 1") == [(SITE + "/copy.html", "沈阳市大东区人民政府")]
    sound(one)
    assert dump(archive) == untouched
    redact(archive, PAGE, OLD, "--copies")
    assert holding(archive, SECRET) == []
    sound(archive)


def test_what_a_browser_made_of_the_page_goes_with_it(archive: Path) -> None:
    shell = "<html><body><div id=app></div><script>/* 壳 */</script></body></html>"
    shown = secret("苏家屯区", 2020, "渲染")
    later(
        archive,
        capture("/app.html", shell, LATER),
        capture("/app.html", shown, LATER, rendered=True),
    )
    (served,) = rows(archive, "select id from captures where url = ?", SITE + "/app.html")[0]
    redact(archive, str(served))
    assert holding(archive, "渲染") == []
    sound(archive)


def test_a_file_that_another_page_has_stays(archive: Path) -> None:
    other = report("于洪区", 2017, '</p><p><a href="/f/1.docx">附件：登记表.docx</a>')
    later(archive, capture("/nb/d.html", other, LATER))
    told = redact(archive, PAGE)
    assert [one["id"] for one in told["captures"]] == [2, 10]
    assert "stays: report 7 has the same file" in told["said"]
    assert rows(archive, "select text like ? from attachments", f"%{SECRET}%") == [(1,)]
    sound(archive)


def test_a_file_alone_may_go(archive: Path) -> None:
    redact(archive, SITE + "/f/1.docx")
    assert rows(archive, "select report_id, label, text from attachments") == [(1, "附件：王某某登记表.docx", None)]
    assert rows(archive, "select text like ? from reports where id = 1", f"%{SECRET}%") == [(1,)]
    sound(archive)


def test_a_department_keeps_its_report_without_its_name(archive: Path) -> None:
    title = "沈阳市大东区密语局2018年政府信息公开工作年度报告"
    page = report("大东区", 2018, "密语二").replace("沈阳市大东区2018年政府信息公开工作年度报告", title)
    (stored,) = later(archive, capture("/dept.html", page, LATER))
    (identity,) = rows(archive, "select identity from reports where id = ?", stored.report_id)[0]
    assert "密语局" in identity
    redact(archive, SITE + "/dept.html")
    assert holding(archive, "密语") == []
    assert rows(archive, "select organ, identity from reports where id = ?", stored.report_id) == [
        (None, hidden(identity))
    ]
    sound(archive)
    # At another address, with other words, it is known to be the same organ's: a conflict, or the same report.
    (again,) = later(archive, capture("/dept2.html", page.replace("密语二", "另一句"), LATER))
    assert again.new
    assert rows(archive, "select kind from problems where capture_id = ?", again.capture_id) == [("identity_conflict",)]
    sound(archive)


def test_hidden_identities_are_told_apart_and_alike() -> None:
    named = "department/210104/2018/密语局"
    assert hidden("government/210104/2018") == "government/210104/2018"
    assert hidden(hidden(named)) == hidden(named) != named
    assert same_identity(named, hidden(named))
    assert same_identity(hidden(named), named)
    assert not same_identity(named, hidden("department/210104/2018/财政局"))
    assert not same_identity(None, None)


@pytest.mark.parametrize(
    ("name", "value", "status", "kept"),
    [
        ("Content-Type", 'text/html; charset=GBK; name="王某某.html"', 200, "text/html; charset=GBK"),
        ("content-type", "王某某", 200, None),
        ("Content-Length", "王某某", 200, None),
        ("Last-Modified", "Mon, 01 Jan 2018 00:00:00 GMT", 200, "Mon, 01 Jan 2018 00:00:00 GMT"),
        ("Last-Modified", "王某某", 200, None),
        ("ETag", 'W/"5a-1"', 200, 'W/"5a-1"'),
        ("ETag", '"王某某"', 200, None),
        ("Content-Disposition", "attachment; filename=a.pdf", 200, None),
        ("Set-Cookie", "a=b", 200, None),
        ("X-Title", "a", 200, None),
        ("Location", "/a", 302, "/a"),
        ("Location", "/a", 200, None),
    ],
)
def test_headers_keep_no_words(name: str, value: str, status: int, kept: str | None) -> None:
    assert tombstones.neutral([(name, value)], status) == ([] if kept is None else [(name, kept)])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("http://nowhere.gov.cn/x", "--reason", "r"), "has no capture of 'http://nowhere.gov.cn/x'"),
        (("999", "--reason", "r"), "has no capture '999'"),
        (("9" * 40, "--reason", "r"), "has no capture '999"),
        (("f" * 64, "--reason", "r"), "has no capture 'fff"),
        ((PAGE,), "--reason is missing"),
        ((PAGE, "--reason", "  "), "--reason is missing"),
        (("--reason", "r"), "name what to redact"),
        ((PAGE, "--undo", "--reason", "r"), "is redacted; expected a capture whose redaction is in force"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(archive: Path, arguments: tuple[str, ...], said: str) -> None:
    before = dump(archive)
    done = nianbao(archive, "redact", *arguments, code=2)
    assert said in done.stderr + str(done.exception)
    assert dump(archive) == before


def test_what_is_redacted_already_is_said(archive: Path) -> None:
    redact(archive, PAGE)
    before = dump(archive)
    told = redact(archive, PAGE)
    assert told["captures"] == []
    assert "涉及个人隐私 (条例第十五条)" in told["said"]
    assert dump(archive) == before


def test_every_command_knows_it(archive: Path, tmp_path: Path) -> None:
    redact(archive, PAGE, OLD)
    assert "涉及个人隐私" in nianbao(archive, "show", "1").stdout
    assert "redacted" in str(nianbao(archive, "cat", PAGE, code=2).exception)
    assert "涉及个人隐私" in str(nianbao(archive, "cat", PAGE, code=2).exception)
    assert nianbao(archive, "search", RARE).stdout == "0 reports\n"
    for name in ("jsonl", "csv", "datapackage"):
        nianbao(archive, "export", name, str(tmp_path / name))
        text = "".join(file.read_text("utf-8") for file in (tmp_path / name).iterdir())
        assert SECRET not in text
        assert "涉及个人隐私" in text
    assert json.loads(nianbao(archive, "log", "--json").stdout.splitlines()[-1])


def test_a_warc_of_it_has_the_tombstone_and_an_old_one_does_not_bring_it_back(archive: Path, tmp_path: Path) -> None:
    import gzip

    old, new = tmp_path / "old.warc.gz", tmp_path / "new.warc.gz"
    nianbao(archive, "export", "warc", str(old))
    redact(archive, PAGE, OLD)
    nianbao(archive, "export", "warc", str(new))
    told = gzip.decompress(new.read_bytes()).decode("utf-8", "replace")
    assert SECRET not in told
    assert "涉及个人隐私" in told
    before = dump(archive)
    done = json.loads(nianbao(archive, "import", str(old), "--json").stdout.splitlines()[-1])
    assert (done["new"], done["broken"]) == (0, 0)
    assert holding(archive, SECRET) == []
    after = dump(archive)
    assert {name for name in after if after[name] != before[name]} == {"runs", "seals"}
    sound(archive)
    # Into another archive the tombstones come along: the same rows, and the bytes are kept out there as well.
    other = tmp_path / "other.db"
    nianbao(other, "import", str(new))
    assert [row[:2] for row in rows(other, "select sha256, reason from redactions order by 1")] == (
        rows(archive, "select sha256, reason from redactions order by 1")
    )
    nianbao(other, "import", str(old))
    assert holding(other, SECRET) == []
    sound(other)


def test_killed_at_any_statement_it_is_whole_and_is_finished_by_the_next(archive: Path, tmp_path: Path) -> None:
    untouched = dump(archive)
    statements = 0
    with Archive.open(Path(shutil.copy(archive, tmp_path / "count.db"))) as opened:

        def count(_: str) -> None:
            nonlocal statements
            statements += 1

        opened.connection.set_trace_callback(count)
        _whole_redaction(opened)
    assert statements > 100
    seen = set()
    for number in [*range(1, statements, statements // 14), *range(statements - 4, statements + 1)]:
        copy = Path(shutil.copy(archive, tmp_path / f"{number}.db"))
        child = os.fork()
        if child == 0:
            _killed(copy, number)
        assert os.waitpid(child, 0)[1] != 0
        now = dump(copy)
        seen.add(now == untouched)
        if now == untouched:
            assert nianbao(copy, "verify", "--sample", "0").stderr == "sound\n"
            redact(copy, PAGE, OLD)
        else:
            (pending,) = rows(copy, "select count(*) from redactions where wiped_at is null")[0]
            told = nianbao(copy, "verify", "--sample", "0", code=1 if pending else 0).stderr
            assert ("redact --finish" in told) == bool(pending)
            nianbao(copy, "redact", "--finish")
        assert nianbao(copy, "verify", "--sample", "0").stderr == "sound\n"
        assert holding(copy, SECRET) == []
        copy.unlink()
    assert seen == {True, False}


def _whole_redaction(opened: Archive) -> None:
    ids = [number for url in (PAGE, OLD) for number in opened.demands.named(url)]
    plan = opened.demands.plan(derive, ids, copies=False)
    opened.redact(derive, plan.pages, Demand("r"))
    assert opened.wipe() is None


def _killed(path: Path, number: int) -> None:
    """Redact, and end as by `kill -9` before the statement `number` is done."""
    try:
        opened = Archive.open(path)
        left = number

        def count(_: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os._exit(9)

        opened.connection.set_trace_callback(count)
        _whole_redaction(opened)
    finally:
        os._exit(8)


def test_a_reader_that_holds_the_log_is_told_and_finish_wipes_it(archive: Path) -> None:
    reader = sqlite3.connect(archive)
    reader.execute("begin")
    reader.execute("select count(*) from captures").fetchone()
    done = nianbao(archive, "redact", PAGE, OLD, "--reason", "r", code=1)
    assert "another program is reading the archive" in done.stderr
    assert "redact --finish" in nianbao(archive, "verify", "--sample", "0", code=1).stderr
    reader.close()
    nianbao(archive, "redact", "--finish")
    assert holding(archive, SECRET) == []
    assert nianbao(archive, "verify", "--sample", "0").stderr == "sound\n"


def test_trails_problems_and_what_a_model_saw_are_silent(archive: Path) -> None:
    trail = (Step("首页", SITE + "/"), Step("密语标题", PAGE), Step("密语链接", SITE + "/sub.html"))
    sub = capture("/sub.html", "<html><body>其他</body></html>", LATER)
    sub.trail = trail
    later(archive, sub)
    with Archive.open(archive) as opened:
        for number in (2, None):
            opened.connection.execute(
                "insert into problems (run_id, portal, url, kind, detail, at, capture_id)"
                " values (1, 'p', ?, 'lookalike', '密语问题', ?, ?)",
                (PAGE, LATER, number),
            )
        opened.keep_ocr(2, "x", [("", "密语图", 0.5)])
        opened.connection.execute("insert into ways values (2, 's', cast('密语路' as blob))")
    redact(archive, PAGE)
    assert holding(archive, "密语") == []
    assert rows(archive, "select json_extract(trail, '$[0].label') from captures where url like '%/sub.html'") == [
        ("首页",)
    ]
    sound(archive)


def test_what_came_and_was_not_read_yet_goes_too(archive: Path) -> None:
    """What a run that died had fetched waits in the archive until somebody reads it."""
    words = "龘靐齉爩"
    with Archive.open(archive) as opened:
        opened.lock()
        opened.begin_run(["shenyang"])
        unread = capture("/nb/a.html", report("大东区", 2018, words), LATER)
        opened.arrive(unread, Context(region="210100"), leaf=True)
    assert rows(archive, "select url from arrivals") == [(PAGE,)]
    before = rows(archive, "select count(*) from captures")
    redact(archive, PAGE, OLD)
    assert rows(archive, "select url from arrivals") == []
    assert rows(archive, "select count(*) from captures") > before
    assert holding(archive, SECRET) == holding(archive, words) == []


def test_a_page_that_kills_its_reader_can_be_redacted(archive: Path) -> None:
    """Its tombstone says what an earlier version made of it."""
    with Archive.open(archive) as opened:
        ((sha256,),) = opened.connection.execute("select sha256 from captures where id = 2").fetchall()
        again = capture("/nb/a.html", opened.captures.body(sha256) or b"", LATER)
        opened.connection.execute(
            "insert into deaths select url, sha256, ?, ?, 'SIGSEGV', 'reader_died' from captures where id = 2",
            (__version__, LATER),
        )
    redact(archive, PAGE)
    known = rows(archive, "select * from redacted_captures where capture_id = 2")
    assert known[0][2:5] == ("government", "210104", 2018)
    with Archive.open(archive) as opened:
        run = opened.begin_run(["shenyang"])
        assert opened.store(opened.cautious(derive)(again, Context(region="210100"))).withheld
        opened.finish_run(run, "finished")
    assert rows(archive, "select * from redacted_captures where capture_id = 2") == known
    assert rows(archive, "select id, organ, report_year from reports where id = 1") == [(1, None, 2018)]
    assert holding(archive, "龘") == []
    sound(archive)


def test_a_made_up_page_stays_apart_when_it_is_a_tombstone(archive: Path, tmp_path: Path) -> None:
    sample, warc = tmp_path / "sample.db", tmp_path / "sample.warc.gz"
    organ = report("大东区", 2018, SECRET).replace("人民政府", "教育局")
    with Archive.open(sample) as opened:
        run = opened.begin_run(["made"])
        opened.admit({"made": True})
        for path, body in (("/nb/a.html", organ), ("/nb/b.html", report("和平区", 2018, "其他。"))):
            one = capture(path, body, LATER, headers=[(HEADER, "1")])
            one.portal = "made"
            store(opened, one)
        opened.finish_run(run, "finished")
    known = rows(sample, "select identity from reports order by id")
    assert str(known[0][0]).startswith("sample/")
    redact(sample, PAGE)
    assert rows(sample, "select identity from reports order by id") == [(hidden(str(known[0][0])),), known[1]]
    assert str(rows(sample, "select identity from reports order by id")[0][0]).startswith("sample/")
    sound(sample)
    nianbao(sample, "export", "warc", str(warc))
    before = dump(archive)["redactions"]
    done = json.loads(nianbao(archive, "import", str(warc), "--json", code=1).stdout.splitlines()[-1])
    assert (done["apart"], done["tombstones"]) == (2, 1)
    assert dump(archive)["redactions"] == before
    other = tmp_path / "other.db"
    nianbao(other, "import", str(warc))
    assert rows(other, "select id, sample from portals") == [("made", 1)]
    for query in (
        "select id, identity from reports order by url",
        "select region_code, report_year, identity from redacted_captures",
    ):
        assert rows(other, query) == rows(sample, query)
    sound(other)


def test_a_page_of_an_empty_body_has_nothing_to_remove(archive: Path) -> None:
    headers = [("Location", PAGE)]
    later(archive, capture("/r1", "", LATER, status=302, headers=headers), capture("/r2", "", LATER, status=302))
    before = dump(archive)
    done = nianbao(archive, "redact", SITE + "/r1", "--reason", "r", code=2)
    assert "has no bytes to remove" in str(done.exception)
    assert dump(archive) == before


def test_short_texts_are_known_at_their_address_alone(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many a page says no more than 见附件."""
    monkeypatch.setattr(tombstones, "LEAST_TEXT", 5_000)
    first, second = capture("/s/1.html", secret(), LATER), capture("/s/2.html", secret(aside="2"), LATER)
    later(archive, first)
    redact(archive, first.url)
    again = capture("/s/1.html", secret(aside="1"), LATER)
    assert [one.withheld for one in later(archive, again, second)] == [True, False]


def test_a_damaged_body_can_be_removed_and_what_was_packed_against_it_stays_damaged(archive: Path) -> None:
    connection = sqlite3.connect(archive)
    with connection:
        connection.execute(
            "update blobs set body = substr(body, 1, 30) where sha256 = (select sha256 from captures where id = 2)"
        )
    connection.close()
    done = nianbao(archive, "redact", PAGE, OLD, "--reason", "r", code=1)
    assert "was damaged before" in done.stderr
    assert rows(archive, "select report_year, organ from reports where id = 1") == [(2018, None)]
    assert holding_bytes(archive, SECRET) is False
    assert "is damaged" in nianbao(archive, "verify", "--sample", "0", code=1).stderr


def holding_bytes(path: Path, words: str) -> bool:
    return words.encode() in path.read_bytes()


def test_the_context_does_not_bring_it_back(archive: Path) -> None:
    """A profile that says otherwise of the page has it derived anew, but for a tombstone."""
    with Archive.read(archive) as reading:
        old = reading.captures.body(PAGE) or b""
    redact(archive, PAGE, OLD)
    with Archive.open(archive) as opened:
        run = opened.begin_run(["shenyang"])
        page = derive(capture("/nb/a.html", old, LATER, "王某某"), Context(region="210100", column_year=2018))
        opened.store(page)
        opened.finish_run(run, "finished")
    for words in (SECRET, RARE, "王某某"):
        assert holding(archive, words) == []
    sound(archive)


def test_a_crawl_does_not_bring_it_back_until_it_is_lifted(tmp_path: Path) -> None:
    with living(tmp_path) as portal:
        (path, *_), (same, *_) = portal.entries[3:5]
        portal.pages |= {path: report("皇姑区", 2020, SECRET), same: report("铁西区", 2020, SECRET)}
        portal.crawl()
        url, other = (portal.rows("select url from captures where url like ?", f"%{one}")[0][0] for one in (path, same))
        assert holding(portal.archive, SECRET)
        redact(portal.archive, url, other)
        assert holding(portal.archive, SECRET) == []
        portal.pages[path] = report("皇姑区", 2020, SECRET, "点击8次")
        portal.crawl("--recheck", "all")
        assert portal.rows("select count(*) from problems where kind = 'redaction_met'") == [(1,)]
        assert holding(portal.archive, SECRET) == []
        assert portal.rows("select count(*) from reports") == [(15,)]
        nianbao(portal.archive, "redact", url, "--undo", "--reason", "r")
        portal.crawl("--recheck", "all")
        assert holding(portal.archive, SECRET)
        assert portal.rows("select count(*) from reports where text like ?", f"%{SECRET}%") == [(1,)]
        sound(portal.archive)


def test_coverage_marks_it(archive: Path) -> None:
    """In SQL, the grid, JSON and on the site; not where another version stands; gone or lifted, the words are away."""
    with Archive.open(archive) as opened:
        places = (("210104", "大东区", 2018), ("210104", "大东区", 2019), ("210112", "浑南区", 2019))
        opened.expect([("shenyang", code, name, year, f"{year + 1}-03-31") for code, name, year in places])
    query = "select region_code, report_year, status, redacted from coverage order by 1, 2"
    none = [("210104", 2018, "archived", 0), ("210104", 2019, "missing", 0), ("210112", 2019, "archived", 0)]
    assert rows(archive, query) == none
    assert "redacted" not in nianbao(archive, "coverage").stdout
    redact(archive, PAGE, "8")
    marked = [("210104", 2018, "archived", 1), *none[1:]]
    assert rows(archive, query) == marked
    said = nianbao(archive, "coverage").stdout
    assert "210104 大东区  #  -" in said
    assert "210112 浑南区     +" in said
    assert "1 redacted" in said
    assert "# removed on a legal demand" in said
    told = json.loads(nianbao(archive, "coverage", "--json").stdout)["portals"]["shenyang"]["rows"]
    assert [(row["region_code"], row["report_year"], row["status"], row["redacted"]) for row in told] == marked
    sound(archive)
    with served(archive) as root:
        home, place = (get(root + path)[1] for path in ("/province/210000", "/region/210104"))
        other = get(f"{root}/region/210112")[1]
    assert home.count('<td class="archived redacted">') == 1
    assert 'aria-label="大东区 2018: 已存, 依法删除"' in home
    assert ("依法删除" in place, "依法删除" in other) == (True, False)
    with Archive.open(archive) as opened:
        opened.connection.execute("update reports set gone_at = '2026-04-01' where region_code = '210104'")
    assert "210104 大东区  #  -" in nianbao(archive, "coverage").stdout
    nianbao(archive, "redact", PAGE, "--undo", "--reason", "r")
    assert rows(archive, query)[0] == ("210104", 2018, "gone", 1)


def test_an_archive_from_before_the_mark_gets_it(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    connection = sqlite3.connect(path, isolation_level=None)
    functions.register(connection)
    schema.migrate(connection, next(name for name in schema.NAMES if name.endswith("_tombstones")))
    before = [row[1] for row in connection.execute("pragma table_info(coverage)")]
    connection.close()
    Archive.open(path).close()
    assert [row[1] for row in rows(path, "pragma table_info(coverage)")] == [*before, "redacted", "via", "archives"]


def test_the_site_says_so(archive: Path) -> None:
    redact(archive, PAGE, "8")
    with served(archive) as root:
        status, page, _ = get(f"{root}/report/1")
        assert (status, SECRET in page, "涉及个人隐私" in page, "条例第十五条" in page) == (200, False, True, True)
        status, page, _ = get(f"{root}/capture/2/raw")
        assert (status, SECRET in page, "涉及个人隐私" in page) == (451, False, True)
        status, page, _ = get(f"{root}/report/6/versions")
        assert (status, SECRET in page, "redacted" in page) == (200, False, True)
        assert get(f"{root}/report/6")[0] == get(f"{root}/")[0] == get(f"{root}/feed.atom")[0] == 200


CHOSEN = st.sets(st.integers(0, 13), min_size=1, max_size=3)
BOUNDED = settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def met(path: str, *texts: str, kind: str = "report", year: int | None = 2018) -> Steps:
    """An address that says one text after the other in one run."""
    return [{"path": path, "kind": kind, "text": text, "year": year, "new_run": False} for text in texts]


def redacted_at_random(folder: Path, first: Steps, chosen: set[int], anew: bool, then: Steps) -> None:
    """A redaction derives a part of the archive again; a rebuild all of it: both must give the same rows."""
    for file in folder.iterdir():
        file.unlink()
    path = folder / "archive.db"
    with Archive.open(path) as opened:
        walk(opened, first)
        if anew:
            opened.rebuild(toy.derive)
        opened.flush()
        ids = [row[0] for row in opened.connection.execute("select id from captures order by id")]
        wanted = [ids[number] for number in chosen if number < len(ids)]
        plan = opened.demands.plan(toy.derive, wanted, copies=False)
        opened.redact(toy.derive, plan.pages, Demand("r"))
        assert opened.wipe() is None
        walk(opened, then, "2026-02-01")
        # As every run ends: a report shows the address that the lead has passed to.
        (run,) = opened.connection.execute("select max(id) from runs").fetchone()
        opened.settle(run, toy.derive)
        opened.flush()
        after = dump_of(opened)
        opened.rebuild(toy.derive)
        again = dump_of(opened)
        for name in after:
            assert again[name] == after[name], name
        assert opened.verify() == []


@given(
    steps([2018, 2019, None], ["report", "report", "list", "missing"], ["一", "二", "三", None]),
    CHOSEN,
)
# What is redacted said the year that a page found later says with another text: that one was not there yet.
@example([*met("/a", "一"), *met("/a", "一", year=2019), *met("/b", "二")], {0})
@BOUNDED
def test_whatever_was_met_a_redaction_and_a_rebuild_agree(tmp_path: Path, first: Steps, chosen: set[int]) -> None:
    redacted_at_random(tmp_path, first, chosen, True, [])


@given(
    steps([2018, None], ["report", "report", "list"], ["一", "二", "三"]),
    CHOSEN,
    steps([2018, None], ["report"], ["一", "二", "三"]),
)
# All addresses come to show what was redacted, the one that spoke for the others last among them.
@example([*met("/a", "三", "一", "三"), *met("/c", "一")], {0}, met("/c", "三"))
# What is redacted stood between two sights of one page, and is what no row of the report shows.
@example([*met("/c", "三", "一", "二"), *met("/a", "一"), *met("/a", "三", year=None), *met("/a", "一")], {4}, [])
@BOUNDED
def test_whatever_comes_after_a_redaction_a_rebuild_gives_the_same(
    tmp_path: Path, first: Steps, chosen: set[int], then: Steps
) -> None:
    redacted_at_random(tmp_path, first, chosen, False, then)


def test_notes_of_reviews_that_may_quote_the_page_are_emptied(archive: Path) -> None:
    quote, phrase = f"另一处写着：{SECRET}！", "全年收到申请3件。政府信息公开工作年度报告"
    for url, note in ((PAGE, "王某某"), (f"{SITE}/nb/b0.html", quote), (f"{SITE}/nb/b1.html", phrase)):
        nianbao(archive, "review", url, "wrong", "--note", note, "--who", "甲")
    told = redact(archive, PAGE, OLD, "--copies")
    assert told["notes"] == 2
    assert "2 review notes emptied" in told["said"]
    query = "select note, verdict, who from reviews order by id"
    assert rows(archive, query) == [("redacted", "wrong", "甲"), ("redacted", "wrong", "甲"), (phrase, "wrong", "甲")]
    assert holding(archive, "王某某") == []
    assert nianbao(archive, "verify", "--all").stderr == "sound\n"
