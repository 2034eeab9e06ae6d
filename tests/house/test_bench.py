"""The bench measures what it says: a portal of the size asked for, that a plain walk sees whole, and all processes."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
import zlib
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import pytest
from scrapy.settings import Settings

from crawler.fetching import settings
from crawler.records.capture import Context
from pipelines import derive
from tests.bench import bare, page, schedule
from tests.bench.measure import YARDSTICKS, run_process, served
from tests.bench.portal import Shape, build
from tests.bench.sizes import warc_record
from tests.bench.stages import captures

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


def test_the_page_is_what_is_made_of_the_figures_that_are_kept() -> None:
    """`python -m tests.bench.page` writes it anew."""
    assert page.page(json.loads(page.FIGURES.read_text("utf-8"))) == page.PAGE.read_text("utf-8")


def test_the_page_of_costs_is_what_the_simulation_makes_of_them() -> None:
    """`python -m tests.bench.schedule --write` writes it anew."""
    assert schedule.page() == schedule.PAGE.read_text("utf-8")


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
    kept["rounds"] = [
        {"equal": run, "plain": run | {"wall": 2.0}, "nianbao": run | {"wall": wall, "cpu": 4.0, "processes": 3}}
        for wall in (1.25, 2.0, 10.0)
    ]
    told = page.page(kept)
    assert "| pages a second | 50 | 100 | 50 | 0.50 (0.10–0.80) | at least 0.6: **missed** | 1.00 (0.20–1.60) |" in told
    assert "| peak memory, MB | 100 | 100 | 100 | 1.00 (1.00–1.00) | at most 2.5: met | 1.00 (1.00–1.00) |" in told
    assert "| processes | 3 | 1 | 1 |" in told
    assert ("Others were at work" in page.page(kept | {"load": 2.0}), "Others" in page.page(kept | {"load": 0.1})) == (
        True,
        False,
    )
