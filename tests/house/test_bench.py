"""The bench measures what it says: a portal of the size asked for, that a plain walk sees whole, and all processes."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import zlib
from base64 import b32encode
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import pytest
from scrapy.settings import Settings

from crawler.fetching import settings
from crawler.records.capture import Context
from pipelines import derive
from tests import ROOT
from tests.bench import __main__ as bench
from tests.bench import bare, page, scaling, schedule
from tests.bench.measure import YARDSTICKS, run_process, served
from tests.bench.portal import Shape, build
from tests.bench.sizes import warc_record
from tests.bench.stages import captures
from tests.bench.texts import of_real_pages

_STOP = re.compile(r"[^。\n]+[。\n]")


@pytest.mark.parametrize(("pages", "shape"), [(300, "real"), (300, "dense"), (1_500, "real")])
def test_the_site_has_the_pages_asked_for_and_their_size(pages: int, shape: Shape) -> None:
    site = build(pages, shape)
    assert len(site.own) == pages
    reports = [len(site.body(path)) for path in site.own if "/t2" in path]
    assert len(reports) == site.leaves
    assert 75_000 < sum(reports) / len(reports) < 95_000


def test_two_sites_are_the_same() -> None:
    assert build(100) == build(100)


def test_the_pages_of_former_benches_are_what_they_were() -> None:
    """Figures of two commits compare only where the pages are the same; a change here breaks the line."""
    site = build(100, "dense")
    digest = hashlib.sha256(b"".join(path.encode() + site.body(path) for path in sorted(site.own)))
    assert digest.hexdigest() == "01928f0109529001600d3e9e595db93871b824cdebafa9588a4128d5cd4e52e3"


def test_reports_are_as_long_and_as_various_as_real_ones() -> None:
    pages = [derive(capture, Context(trusted_host=True, region="210100")) for capture in captures(40)]
    assert {found.report.form for found in pages if found.report} >= {"narrative", "f2021"}
    assert {bool(found.figures) for found in pages} == {True}
    texts = ["\n".join(line for line in found.text.split("\n") if "\t" not in line) + "\n" for found in pages]
    sentences = [_STOP.findall(text) for text in texts]
    assert 40 <= median(len(found) for found in sentences) <= 54
    assert 2_400 <= median(len(found.text) for found in pages) <= 3_500
    # Bytes of a sign once packed: 1.14 to 1.38 in real reports, 0.8 in the dense ones, whose words are few.
    assert 1.05 < median(len(zlib.compress(text.encode(), 9)) / len(text) for text in texts) < 1.45


def test_the_equal_yardstick_is_set_up_as_nianbao_and_runs_none_of_its_code_but_one() -> None:
    found = bare.equal(1)
    for name in ("CONCURRENT_ITEMS", "WARN_ON_GENERATOR_RETURN_VALUE", "LOG_LEVEL", "DOWNLOAD_MAXSIZE", "DOWNLOADER"):
        assert found[name] == getattr(settings, name)
    assert [name for name, value in found.items() if "crawler." in repr(value)] == ["DOWNLOADER"]
    assert not {"ITEM_PIPELINES", "DOWNLOADER_MIDDLEWARES", "SPIDER_MODULES"} & found.keys()


def test_the_plain_yardstick_has_what_scrapy_itself_writes() -> None:
    found = bare.plain()
    assert found.pop("DOWNLOAD_DELAY") == 0
    assert found["ROBOTSTXT_OBEY"] is True
    scrapys = Settings()
    assert all(name in scrapys for name in found)
    assert not any("crawler." in repr(value) for value in found.values())


@pytest.mark.parametrize("kind", YARDSTICKS)
def test_each_yardstick_sees_every_page_that_is_served(kind: str, tmp_path: Path) -> None:
    from tests.bench.measure import bare as crawl

    with served(120) as home:
        with urlopen(home, timeout=10) as answer:
            assert answer.read() == build(120).body("/")
        taken = crawl(home, 1, tmp_path, kind)
    assert taken.pages == len(build(120).own)
    assert taken.cpu > 0
    assert taken.memory > 1


def test_all_processes_of_a_run_are_measured_together(tmp_path: Path) -> None:
    """A child holds 60 MB until it was seen, another burns half a second of CPU and nobody waits for it."""
    child = "block = bytearray(b'1' * 60_000_000); print('held', flush=True); input()"
    orphan = "import time\nwhile time.process_time() < 0.5: pass"
    command = f"""
import subprocess, sys, time
from pathlib import Path
from tests.bench.watcher import INTERVAL
held = subprocess.Popen([sys.executable, "-c", {child!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
held.stdout.readline()
subprocess.Popen([sys.executable, "-c", {orphan!r}])
time.sleep(4 * INTERVAL)
held.communicate(b"\\n")
sys.exit(3)
"""
    use = run_process([sys.executable, "-c", command], tmp_path / "log")
    assert use.code == 3, (tmp_path / "log").read_text()
    assert use.cpu >= 0.5
    if use.measure != "largest":
        assert use.memory >= 60
        assert use.processes >= 2


def test_a_warc_record_is_one_gzip_member_with_the_body() -> None:
    packed = warc_record("http://example.test/", b"<html>" * 100)
    record = gzip.decompress(packed)
    assert record.startswith(b"WARC/1.1\r\nWARC-Type: response")
    assert record.endswith(b"<html>" * 100 + b"\r\n\r\n")


def test_a_warc_record_has_the_digests_of_its_bytes() -> None:
    """An import looks at them: the .warc.gz that archives are held against is one that a reader takes."""
    head, http = gzip.decompress(warc_record("http://example.test/", b"<html>")).split(b"\r\n\r\n", 1)
    block = b32encode(hashlib.sha1(http.removesuffix(b"\r\n\r\n")).digest())
    assert b"WARC-Payload-Digest: sha1:" + b32encode(hashlib.sha1(b"<html>").digest()) + b"\r\n" in head
    assert b"WARC-Block-Digest: sha1:" + block + b"\r\n" in head


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Three labelled pages, one address twice and one not known whole."""
    folder = tmp_path / "gold"
    folder.mkdir()
    site = build(100)
    rows = []
    for number, url in enumerate(("http://www.a.gov.cn/1.html", "http://www.a.gov.cn/1.html", "./2.html")):
        (folder / f"{number}.html").write_bytes(site.body([*site.own][-1 - number]))
        rows.append(json.dumps({"url": url, "file": f"{number}.html"}))
    (folder / "pages.jsonl").write_text("\n".join(rows), "utf-8")
    return folder


def test_real_pages_are_measured_in_an_archive_that_an_import_makes(gold: Path, tmp_path: Path) -> None:
    count, found = of_real_pages(gold, tmp_path)
    assert count == 1
    assert found.raw == (gold / "0.html").stat().st_size
    assert found.warc == (tmp_path / "texts.warc.gz").stat().st_size
    assert 0 < found.bodies < found.raw
    for tables, whole in ((found.tables, found.file), (found.tables_compacted, found.compacted)):
        assert {"reports", "captures", "blobs"} <= tables.keys()
        assert whole / 2 < sum(tables.values()) < whole


@pytest.mark.slow
@pytest.mark.parametrize("has_gold", [True, False])
def test_bytes_are_measured_alone_and_real_texts_stay_where_there_are_none(
    has_gold: bool, gold: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.bench", "--parts", "bytes", "--shape", "dense", "--pages", "100", "--json"]
    environment = os.environ | {"NIANBAO_GOLD": str(gold if has_gold else tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    kept = json.loads(page.FIGURES.read_text("utf-8"))
    assert "rounds" not in figures
    assert figures["bytes"]["dense"]["pages"] == 100
    assert figures["bytes"]["real"] == kept["bytes"]["real"]
    if has_gold:
        assert figures["bytes"]["texts"]["pages"] == 1
    else:
        assert figures["bytes"]["texts"] == kept["bytes"]["texts"]


@pytest.mark.parametrize("parts", ["half", "idle --write", "bytes,idle --write"])
def test_parts_that_would_leave_the_page_half_old_are_refused(parts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--parts", *parts.split()])
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code == 2


def test_the_page_says_of_each_kind_of_pages_when_its_bytes_were_measured() -> None:
    kept = json.loads(page.FIGURES.read_text("utf-8"))
    kept["bytes"]["texts"] |= {"date": "2001-02-03", "commit": "abcdef0"}
    kept["bytes"]["dense"]["sizes"] |= {"compacted": 2_710_000, "warc": 1_000_000}
    told = page.page(kept)
    assert "pages, measured on 2001-02-03 at commit abcdef0." in told
    assert "| after `nianbao compact` | 2.71 | 1.00 | 2.71 | at most 2.7: **missed** |" in told
    assert "### Dense pages" not in page.page(kept | {"bytes": {"texts": kept["bytes"]["texts"]}})


def test_the_page_is_what_is_made_of_the_figures_that_are_kept() -> None:
    """`python -m tests.bench.page` writes it anew."""
    assert page.page(json.loads(page.FIGURES.read_text("utf-8"))) == page.PAGE.read_text("utf-8")


def test_the_page_of_costs_is_what_the_simulation_makes_of_them() -> None:
    """`python -m tests.bench.schedule --write` writes it anew."""
    assert schedule.page() == schedule.PAGE.read_text("utf-8")


def test_what_two_processes_do_beside_one_is_told_under_the_rebuild() -> None:
    turns = [{"1": 100.0, "2": 150.0}, {"1": 80.0, "2": 144.0}]
    told = page.page(json.loads(page.FIGURES.read_text("utf-8")) | {"scaling": turns})
    assert "share nothing but the machine, do 1.65 (1.50–1.80) times what one does (90 pages a second" in told


@pytest.mark.slow
def test_two_processes_that_only_read_are_both_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaling, "TURNS", 1)
    assert scaling.rate(2) > 0
    monkeypatch.setattr(scaling, "TURNS", "none")
    with pytest.raises(SystemExit):
        scaling.rate(1)


def test_a_simulated_round_is_one() -> None:
    hour = 3600
    whole = schedule.simulate([hour] * 4, 2)
    assert (whole.half, whole.all) == (2, 2)
    assert schedule.simulate([hour, hour, 3 * hour], 2).all == 4
    assert schedule.simulate([hour, hour, 3 * hour], 2, longest_first=True).all == 3
    assert schedule.simulate([2 * hour, hour], 1, slice_hours=1).half == 3, "the second slice stands behind the other"
    assert schedule.simulate([2 * hour, hour], 1, slice_hours=1).all == 3


def test_the_kept_figures_have_every_part_and_name_no_place() -> None:
    kept = page.FIGURES.read_text("utf-8")
    assert set(page.SECTIONS) <= json.loads(kept).keys()
    assert not re.search(r"/\w|\d+\.\d+\.\d+\.\d+", kept)


def test_ratios_are_medians_of_rounds_held_against_what_is_wanted() -> None:
    kept = json.loads(page.FIGURES.read_text("utf-8"))
    run = {"wall": 1.0, "cpu": 1.0, "memory": 100.0, "processes": 1, "pages": 100}
    kept["machine"] |= {"cores": 2}
    kept["rounds"] = [
        {"equal": run, "plain": run | {"wall": 2.0}, "nianbao": run | {"wall": wall, "cpu": 4.0, "processes": 3}}
        for wall in (1.25, 2.0, 10.0)
    ]
    told = page.page(kept)
    assert "| pages a second | 50 | 100 | 50 | 0.50 (0.10–0.80) | at least 0.6: **missed** | 1.00 (0.20–1.60) |" in told
    assert "| peak memory, MB | 100 | 100 | 100 | 1.00 (1.00–1.00) | at most 2.5: met | 1.00 (1.00–1.00) |" in told
    assert "| processes | 3 | 1 | 1 |" in told
    assert "at a share of the bare spider's rate: 33.3 ms at 0.6, 66.7 ms at 0.3, 100.0 ms at 0.2. The bare" in told
    assert ("Others were at work" in page.page(kept | {"load": 2.0}), "Others" in page.page(kept | {"load": 0.1})) == (
        True,
        False,
    )
