"""Rows of our pages as JSON and CSV: stable names, ETags, what is said where there is nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.site import register
from crawler.site.extracts import written
from crawler.site.views import ROUTES
from tests import ROOT
from tests.site.test_skin import again
from tests.support.serving import get, served

PAGES = {path.path: path for path in register.EXTRACTS}


@pytest.fixture(scope="module")
def site(sample: Path) -> Iterator[str]:
    with served(sample) as address:
        yield address


def rows(address: str) -> list[dict[str, object]]:
    status, body, headers = get(f"{address}.json")
    assert (status, headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    found: list[dict[str, object]] = json.loads(body)
    return found


def test_the_page_of_the_docs_is_what_the_code_says() -> None:
    assert (ROOT / register.PAGE).read_text("utf-8") == register.manual()


def test_no_address_is_there_twice_and_each_column_is_told() -> None:
    assert len(PAGES) == len(register.EXTRACTS)
    assert all(words for extract in register.EXTRACTS for words in extract.columns.values())
    assert not {pattern for pattern, _ in ROUTES} & {extract.pattern() for extract in register.EXTRACTS}


def test_json_and_csv_are_the_same_rows_in_any_language(site: str) -> None:
    found = rows(f"{site}/findings")
    assert found
    assert list(found[0]) == list(PAGES["/findings"].columns)
    status, body, headers = get(f"{site}/findings.csv?lang=en")
    assert status == 200
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"] == 'attachment; filename="findings.csv"'
    table = list(csv.DictReader(io.StringIO(body, newline="")))
    assert [row["key"] for row in table] == [row["key"] for row in found]
    assert {row["sample"] for row in table} == {"1"}
    assert get(f"{site}/findings.csv")[1] == body


def test_rows_that_one_has_are_not_sent_again(site: str) -> None:
    tag = get(f"{site}/findings.json")[2]["ETag"]
    with urlopen(Request(f"{site}/findings.json")) as answer:
        assert answer.headers["ETag"] == tag
    assert again(f"{site}/findings.json", tag) == 304
    assert again(f"{site}/findings.csv", tag) == 200


def test_what_cannot_be_asked_is_said_in_the_form_asked_for(site: str) -> None:
    status, body, headers = get(f"{site}/findings.json?yaer=2020")
    assert (status, headers["ETag"]) == (400, None)
    assert "yaer" in json.loads(body)["error"]
    status, body, headers = get(f"{site}/findings.csv?yaer=2020")
    assert (status, headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert body.count("\n") == 1


@given(st.lists(st.fixed_dictionaries({"a": st.none() | st.text(), "b": st.none() | st.integers()})))
def test_what_is_written_is_read_again(table: list[dict[str, object]]) -> None:
    assert json.loads(written("json", ("a", "b"), table)) == table
    read = list(csv.DictReader(io.StringIO(written("csv", ("a", "b"), table), newline="")))
    assert read == [{name: "" if value is None else str(value) for name, value in row.items()} for row in table]


def test_lists_stand_in_a_cell_as_json_and_a_row_must_have_each_column() -> None:
    assert written("csv", ("a", "b"), [{"a": ["年"], "b": True, "c": 1}]) == 'a,b\r\n"[""年""]",1\r\n'
    with pytest.raises(KeyError):
        written("json", ("a",), [{"b": 1}])
