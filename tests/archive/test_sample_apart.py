"""Made-up reports and real ones: a mark that stays, two archives unless told otherwise, real before made up."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.archive import schema
from crawler.archive.archive import Archive
from crawler.archive.write.samples import HEADER
from crawler.commands.cli import cli
from crawler.records.capture import Capture, Context
from crawler.records.errors import ArchiveError
from crawler.runs import feed
from pipelines import derive as derive_in_earnest
from tests.pipelines.test_figures import capture
from tests.servers.faults import FaultyServer
from tests.site.test_site import get, served
from tests.support.archive_toy import derive, page
from tests.support.crawling import crawl, portal

DISCLAIMER = "（示例数据，内容纯属虚构。）"


def nianbao(*arguments: str, **variables: str) -> Result:
    return CliRunner(env=variables).invoke(cli, arguments)


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def made_up(path: str, **says: Any) -> Any:
    """A toy page of the sample portal."""
    one = page(path, **says)
    one.capture.portal = "sample"
    one.capture.url = f"http://127.0.0.1:18610{path}"
    return one


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """An archive of one real report."""
    path = tmp_path / "real.db"
    with Archive.open(path) as archive:
        run = archive.begin_run(["x"])
        archive.admit({"x": False})
        archive.store(derive_in_earnest(capture(2022, {0: 4}, "收到申请4件。"), Context(True, False, "210100")))
        archive.finish_run(run, "finished")
    return path


@pytest.fixture
def demo(sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample's archive."""
    return Path(shutil.copy(sample, tmp_path / "demo.db"))


def captured(folder: Path, archive: Path) -> Path:
    path = folder / f"{archive.stem}.warc.gz"
    assert nianbao("export", "warc", str(path), "--archive", str(archive)).exit_code == 0
    return path


def test_a_real_crawl_does_not_come_into_the_sample_s_archive(demo: Path, tmp_path: Path) -> None:
    demo.rename(tmp_path / "a.db")
    tables = "select (select count(*) from runs), (select count(*) from expected), (select count(*) from captures)"
    before = rows(tmp_path / "a.db", tables)
    with FaultyServer(portal(2)).serve() as server:
        home = f"http://127.0.0.1:{server.port}/"
        refused = subprocess.run(
            [sys.executable, "-m", "crawler", "crawl", "shenyang"],
            env={"NIANBAO_ARCHIVE": str(tmp_path / "a.db"), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (refused.returncode, rows(tmp_path / "a.db", tables)) == (2, before)
        (sentence,) = [line for line in refused.stderr.splitlines() if line.startswith("nianbao: ")]
        assert "holds the sample's made-up reports" in sentence
        assert "--with-sample" in sentence
        assert server.paths() == []
        told = crawl(tmp_path, [home], further=["--with-sample"])
        assert told.code == 0
        assert "the reports of portal sample are made up" in told.said
    # p0 expects 大东区 in every year and has nothing of it but two townships: no made-up report fills that gap.
    found = rows(tmp_path / "a.db", "select portal, portals, status, sample from coverage where region_code = '210104'")
    assert {(name, names, made) for name, names, _, made in found} == {("p0", '["p0"]', 0)}
    assert {status for _, _, status, _ in found} <= {"missing", "not_due"}
    # Beside what is real, what is made up stands for no region.
    assert rows(tmp_path / "a.db", "select portal, sample from panel") == []


def test_the_sample_does_not_come_into_an_archive_of_real_portals(real: Path) -> None:
    refused = nianbao("demo", "--archive", str(real))
    assert isinstance(refused.exception, ArchiveError)
    assert refused.exception.exit_code == 2
    assert "the sample's made-up ones go into a file of their own" in str(refused.exception)
    assert rows(real, "select count(*) from runs") == [(1,)]


def test_a_portal_that_gave_nothing_yet_is_a_real_one_as_well(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.expect([("x", "210104", "大东区", 2018, "2019-03-31")])
        with pytest.raises(ArchiveError, match="holds reports of real portals"):
            archive.admit({"sample": True})
        assert archive.portals.samples() == []


def test_the_two_are_not_named_together(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        with pytest.raises(ArchiveError, match="named together"):
            archive.admit({"sample": True, "shenyang": False})
        archive.admit({"sample": True})
        archive.admit({"sample": True})
        archive.admit({"sample": False, "shenyang": False}, mixed=True)
        assert archive.portals.samples() == ["sample"]  # once made up, always


@pytest.mark.parametrize("first", ["sample", "real"])
def test_a_real_report_goes_before_a_made_up_one(tmp_path: Path, first: str) -> None:
    """Whichever came first, also where the texts are the same (大东区 2018 is real in the sample as well)."""
    path = tmp_path / "a.db"
    with Archive.open(path) as archive:
        run = archive.begin_run(["sample", "somewhere"])
        archive.admit({"sample": True, "somewhere": False}, mixed=True)
        for name in ("sample", "somewhere"):
            archive.expect([(name, "210104", "大东区", year, f"{year + 1}-03-31") for year in (2018, 2019, 2020)])
        archive.expect([("sample", "210105", "皇姑区", 2018, "2019-03-31")])
        pages = [page("/2018", text="一", year=2018), page("/2019", text="二", year=2019)]
        samples = [
            made_up(f"/s{year}", text=text, year=year) for year, text in ((2018, "一"), (2019, "假"), (2020, "三"))
        ]
        samples.append(made_up("/s", text="一", year=2018, region_code="210105"))
        for one in samples + pages if first == "sample" else pages + samples:
            archive.store(one)
        archive.finish_run(run, "finished")
        assert archive.runs.problem_kinds(run) == {}

        def told() -> list[list[tuple[Any, ...]]]:
            queries = (
                "select region_code, report_year, portal, status, conflict, sample from coverage order by 1, 2",
                "select region_code, report_year, portal, conflict, sample from panel order by 1, 2",
                "select id, portal, url, identity from reports",
            )
            return [[tuple(row) for row in archive.connection.execute(query)] for query in queries]

        before = told()
        assert before[0] == [
            ("210104", 2018, "somewhere", "archived", 0, 0),
            ("210104", 2019, "somewhere", "archived", 0, 0),
            ("210104", 2020, "somewhere", "missing", None, 0),
            ("210105", 2018, "sample", "archived", 0, 1),
        ]
        assert before[1] == [
            ("210104", 2018, "somewhere", 0, 0),
            ("210104", 2019, "somewhere", 0, 0),
        ]
        archive.rebuild(derive)
        assert told() == before
        assert archive.verify(derive, every=True) == []


def test_an_archive_of_version_0_1_is_recognised(tmp_path: Path) -> None:
    """By id and host, by what the reports say of themselves; a real portal that is called sample is none."""
    path = tmp_path / "old.db"
    (standing,) = [name for name in names() if name.endswith("_standing")]

    def old(portals: list[tuple[str, str, str]]) -> list[tuple[Any, ...]]:
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.create_function("nianbao_tokens", 1, lambda text: text)
        schema.migrate(connection, standing)
        connection.execute("insert into runs (id, started_at, status, portals) values (1, '', 'finished', '[]')")
        connection.execute("insert into blobs (sha256, length, coding, body) values ('0', 0, 'raw', x'')")
        for number, (portal_id, url, text) in enumerate(portals, 1):
            connection.execute(
                "insert into captures (id, run_id, portal, url, fetched_at, status, headers, length, sha256, trail,"
                " links_skipped, context, last_seen_at, last_run_id, kind, breadcrumb, evidence)"
                " values (?, 1, ?, ?, '', 200, '[]', 0, '0', '[]', '{}', '{}', '', 1, 'report', '[]', '[]')",
                (number, portal_id, url),
            )
            connection.execute(
                "insert into reports (portal, url, organ_kind, region_code, report_year, identity, text, text_sha256,"
                " breadcrumb, trail, first_seen_at, last_seen_at, capture_id, evidence)"
                " values (?, ?, 'government', '210104', 2018, ?, ?, ?, '[]', '[]', '', '', ?, '[]')",
                (portal_id, url, "government/210104/2018", text, text, number),
            )
            connection.execute("insert into expected values (?, '210104', '大东区', 2018, '2019-03-31')", (portal_id,))
        connection.close()
        Archive.open(path).close()
        return rows(path, "select id, sample from portals order by id")

    loopback, public = "http://127.0.0.1:18610/a", "https://www.shenyang.gov.cn/a"
    assert old([("sample", loopback, "一"), ("shenyang", public, "二")]) == [("sample", 1), ("shenyang", 0)]
    assert rows(path, "select portal, conflict from panel") == [("shenyang", 0)]
    assert old([("sample", public, "一")]) == [("sample", 0)]
    assert old([("trial", loopback, f"一{DISCLAIMER}")]) == [("trial", 1)]
    assert rows(path, "select portal, status, sample from coverage") == [("trial", "archived", 1)]


def names() -> list[str]:
    return list(schema.NAMES)


def marked_pages() -> list[Capture]:
    """What the sample portal answers, as any crawler would keep it."""
    found = []
    for year in (2018, 2019):
        one = capture(year, {0: 3}, f"收到申请3件。{DISCLAIMER}")
        one.headers = [*one.headers, (HEADER.lower(), "made up")]
        one.portal, one.trail = None, ()
        found.append(one)
    return found


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A WARC of pages that say they are the sample's, without portal, as of a program that knows nothing of it."""
    path = tmp_path / "foreign.db"
    with Archive.open(path) as archive:
        run = archive.begin_run(["import:x"])
        for one in marked_pages():
            archive.store(derive_in_earnest(one, Context(True, False, "210100")))
        archive.finish_run(run, "finished")
    return captured(tmp_path, path)


def test_a_warc_of_the_sample_stays_out_of_an_archive_of_real_portals(real: Path, foreign: Path) -> None:
    told = nianbao("import", str(foreign), "--archive", str(real), "--json")
    assert told.exit_code == 1
    assert "2 responses of the sample portal, made up, left out" in told.output
    result = json.loads(told.output.splitlines()[-1])
    assert (result["responses"], result["apart"], result["new"]) == (2, 2, 0)
    assert rows(real, "select count(*) from captures") == [(1,)]
    taken = nianbao("import", str(foreign), "--archive", str(real), "--with-sample")
    assert taken.exit_code == 0
    assert "the reports of portal sample are made up" in taken.output
    assert rows(real, "select portal, report_year, sample from panel order by 2") == [("x", 2022, 0)]


def test_a_warc_of_a_real_portal_stays_out_of_the_sample_s_archive(demo: Path, real: Path, tmp_path: Path) -> None:
    told = nianbao("import", str(captured(tmp_path, real)), "--archive", str(demo))
    assert told.exit_code == 1
    assert "1 response of real portals left out" in told.output
    assert rows(demo, "select count(*) from captures where portal is not 'sample'") == [(0,)]


def test_the_mark_goes_with_our_own_warc_into_an_empty_archive(tmp_path: Path) -> None:
    """By the profile's key alone, without the header; and a mixed archive comes back as it was."""
    path, again = tmp_path / "a.db", tmp_path / "b.db"
    with Archive.open(path) as archive:
        run = archive.begin_run(["trial", "somewhere"])
        archive.admit({"trial": True, "somewhere": False}, mixed=True)
        for name, address in (("trial", "/a"), ("somewhere", "/b")):
            one = page(address)
            one.capture.portal = name
            archive.store(one)
        archive.finish_run(run, "finished")
    assert nianbao("import", str(captured(tmp_path, path)), "--archive", str(again)).exit_code == 0
    assert rows(again, "select id, sample from portals order by id") == [("somewhere", 0), ("trial", 1)]


def test_a_warc_that_version_0_1_made_of_the_sample_is_recognised(tmp_path: Path, real: Path) -> None:
    path = tmp_path / "old.db"
    with Archive.open(path) as archive:
        run = archive.begin_run(["sample"])
        archive.store(made_up("/a"))
        archive.connection.execute("delete from portals")
        archive.finish_run(run, "finished")
    assert nianbao("import", str(captured(tmp_path, path)), "--archive", str(real)).exit_code == 1
    assert rows(real, "select count(*) from captures") == [(1,)]


def test_every_command_that_reads_says_so(sample: Path, real: Path, tmp_path: Path) -> None:
    for command in (["log"], ["coverage"], ["search", "公开"], ["export", "csv", str(tmp_path / "csv")]):
        assert "the reports of portal sample are made up" in nianbao(*command, "--archive", str(sample)).output
        if command[0] != "export":
            as_json = json.loads(nianbao(*command, "--archive", str(sample), "--json").output.splitlines()[-1])
            assert as_json["sample"] == ["sample"]
            assert "made up" not in nianbao(*command, "--archive", str(real)).output
    assert "made up: a report of the sample portal" in nianbao("show", "1", "--archive", str(sample)).output
    assert "made up" not in nianbao("show", "1", "--archive", str(real)).output


def test_exports_and_feed_say_so(sample: Path, real: Path, tmp_path: Path) -> None:
    for archive, marked in ((sample, True), (real, False)):
        folder = tmp_path / archive.stem
        assert nianbao("export", "datapackage", str(folder), "--archive", str(archive)).exit_code == 0
        package = json.loads((folder / "datapackage.json").read_text("utf-8"))
        assert ("Some reports are made up" in package["notes"]) is marked
        assert [source["title"] for source in package["sources"]] == (["sample (made up)"] if marked else ["x"])
        assert (folder / "portals.csv").read_text("utf-8") == f"id,sample\n{'sample,1' if marked else 'x,0'}\n"
        assert (folder / "panel.csv").read_text("utf-8").splitlines()[1].endswith(",0,1," if marked else ",0,0,")
        with Archive.read(archive) as reading:
            assert (
                b"<title>\xe8\x99\x9a\xe6\x9e\x84 made up: " in feed.atom(reading.uuid(), reading.events.newest(5))
            ) is marked


def test_every_page_of_the_site_says_so(sample: Path, real: Path) -> None:
    pages = ("/", "/report/1", "/region/210104", "/compare", "/search?q=公开", "/tables", "/report/1/versions", "/{}",
             "/{}/panel", "/{}/reports/1", "/{}/late?region=", "/{}?sql=select+1")  # fmt: skip
    for archive, marked in ((sample, True), (real, False)):
        with served(archive) as address:
            for path in pages:
                status, text, _ = get(address + path.format(archive.stem).replace("公开", "%E5%85%AC%E5%BC%80"))
                assert status == 200, path
                assert ("<strong>示例数据</strong>" in text) is marked, path
            english = get(f"{address}/?lang=en")[1]
            assert ("<strong>Sample data</strong>" in english) is marked
            for path in ("/report/999", "/absent", "/{}/absent", "/{}/reports/999", "/{}/reports?_sort=absent",
                         "/{}?sql=absent"):  # fmt: skip
                status, text, _ = get(address + path.format(archive.stem))
                assert status in (400, 404), path
                assert ("<strong>示例数据</strong>" in text) is marked, path
            assert ("虚构示例 made up, no source" in get(address + "/report/1")[1]) is marked


def test_what_a_missing_archive_is_told_beside_the_demo_s(tmp_path: Path) -> None:
    (tmp_path / "demo.db").touch()
    with pytest.raises(ArchiveError, match=r"archive\.db does not exist, but .*demo\.db does.*--archive .*demo\.db"):
        Archive.read(tmp_path / "archive.db")
    (tmp_path / "demo.db").unlink()
    with pytest.raises(ArchiveError, match="`nianbao crawl` or `nianbao demo` makes an archive"):
        Archive.read(tmp_path / "archive.db")
