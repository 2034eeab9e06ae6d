"""When two pages are one report, and when a report has changed: the rules of crawler/archive/file/identity.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.file.identity import (
    Fingerprint,
    Version,
    hidden,
    identity,
    identity_of,
    is_new_version,
    same_identity,
    same_text,
    sha256_of,
)
from crawler.records.page import Remains
from crawler.records.report import Attachment, Report
from crawler.words.text import unspaced
from tests.support.archive_toy import SITE, page

HERE, ELSEWHERE = SITE + "/a.html", SITE + "/copy.html"
NAMED: dict[str, Any] = {
    "organ": "大东区教育局", "organ_kind": "department", "region_code": "210104", "report_year": 2018
}  # fmt: skip


@pytest.mark.parametrize(
    ("says", "who"),
    [
        ({}, "department/210104/2018/大东区教育局"),
        ({"organ": "大东区 教育\u200b局"}, "department/210104/2018/大东区教育局"),
        ({"organ_kind": None}, "?/210104/2018/大东区教育局"),
        ({"region_code": None}, "department/?/2018/大东区教育局"),
        ({"report_year": None}, None),
        ({"organ": None}, None),
        ({"organ": ""}, None),
        # a region has one government and one office of it, by whatever name
        ({"organ_kind": "government", "organ": "大东区"}, "government/210104/2018"),
        ({"organ_kind": "government", "organ": None}, "government/210104/2018"),
        ({"organ_kind": "government_office"}, "government_office/210104/2018"),
        ({"organ_kind": "government", "region_code": None, "organ": "大东区"}, "government/?/2018/大东区"),
        ({"organ_kind": "government", "region_code": None, "organ": None}, None),
        ({"organ_kind": "government", "report_year": None}, None),
        ({"organ_kind": "township"}, "township/210104/2018/大东区教育局"),
    ],
)
def test_who_speaks_of_which_year(says: dict[str, Any], who: str | None) -> None:
    report = Report(**NAMED | says)
    assert identity(report) == who
    assert identity(report, sample=True) == (None if who is None else f"sample/{who}")


def test_a_hidden_name_is_the_same_as_the_name() -> None:
    who = identity(Report(**NAMED))
    assert who is not None
    veiled = hidden(who)
    assert "教育局" not in veiled
    assert hidden(veiled) == veiled
    assert same_identity(who, veiled)
    assert same_identity(veiled, who)
    assert not same_identity(who, hidden(who + "甲"))
    assert not same_identity("sample/" + who, who)
    assert hidden("sample/" + who) == "sample/" + veiled


@pytest.mark.parametrize("who", ["government/210104/2018", "sample/government/210104/2018"])
def test_where_no_name_stands_none_is_hidden(who: str) -> None:
    assert hidden(who) == who


@pytest.mark.parametrize("pair", [(None, None), (None, "a/b/2018"), ("a/b/2018", None)])
def test_nobody_is_the_same_as_nobody(pair: tuple[str | None, str | None]) -> None:
    assert not same_identity(*pair)


@given(st.text(max_size=30))
def test_white_space_is_no_part_of_a_text(text: str) -> None:
    spaced = "\u200b \n\u3000".join(["", *unspaced(text), ""])
    assert unspaced(spaced) == unspaced(text)
    assert unspaced(unspaced(text)) == unspaced(text)


def prints(text: str | None, *files: str) -> Fingerprint:
    got = page("/a.html", text=text)
    got.attachments = [Attachment(SITE + name, name, None) for name in files]
    return Fingerprint.of(got)


def version(text: str | None, *files: str, url: str = HERE) -> Version:
    made = prints(text, *files)
    return Version(url, made.squeezed, made.attachments)


def test_a_fingerprint_leaves_out_white_space_and_the_order_of_files() -> None:
    assert prints("甲 乙", "/1", "/2").squeezed == prints("甲\n乙").squeezed
    assert prints("甲 乙").text_sha256 == sha256_of("甲 乙") != prints("甲\n乙").text_sha256
    assert prints("甲", "/1", "/2").attachments == prints("甲", "/2", "/1").attachments
    assert prints("甲", "/1").attachments != prints("甲", "/2").attachments
    assert (prints(None).text_sha256, prints(None).squeezed, sha256_of(None)) == (None, None, None)
    assert prints("").squeezed is not None


@pytest.mark.parametrize(
    ("text", "versions", "same"),
    [
        ("甲", ["甲"], True),
        ("甲", ["乙"], False),
        ("甲", ["乙", "甲"], True),  # any version will do
        (None, ["乙"], True),  # no text contradicts nothing
        ("甲", [None], True),
        ("甲", [None, None], True),
        ("甲", [], True),
        ("甲", [None, "乙"], False),  # one of the versions has a text, and another one
        ("甲", [None, "甲"], True),
    ],
)
def test_a_copy_has_the_text_of_a_version(text: str | None, versions: list[str | None], same: bool) -> None:
    assert same_text(prints(text), [version(each) for each in versions]) is same


@pytest.mark.parametrize(
    ("said", "url", "versions", "new"),
    [
        (prints("甲", "/1"), HERE, [version("甲", "/1")], False),
        (prints("乙", "/1"), HERE, [version("甲", "/1")], True),
        (prints("甲", "/2"), HERE, [version("甲", "/1")], True),  # the files changed
        (prints("甲"), HERE, [version("甲", "/1")], True),
        # files that any version of this address and text had are no change
        (prints("甲", "/1"), HERE, [version("甲", "/1"), version("甲", "/2")], False),
        (prints("甲", "/2"), HERE, [version("甲", "/1"), version("甲", "/2")], False),
        (prints("甲", "/3"), HERE, [version("甲", "/1"), version("甲", "/2")], True),
        # the files of another text, though at this address, do not count
        (prints("甲", "/2"), HERE, [version("甲", "/1"), version("乙", "/2")], True),
        # a copy elsewhere has other addresses for the same files, and may leave out the text
        (prints("甲", "/9"), ELSEWHERE, [version("甲", "/1")], False),
        (prints(None, "/9"), ELSEWHERE, [version("甲", "/1")], False),
        (prints("乙", "/1"), ELSEWHERE, [version("甲", "/1")], True),
        # at its own address a text that is no more is a change
        (prints(None, "/1"), HERE, [version("甲", "/1")], True),
        (prints("乙", "/1"), HERE, [version("乙", "/1", url=ELSEWHERE), version("甲", "/1")], False),
        (prints("甲"), HERE, [], True),
        (prints(None), HERE, [], True),
    ],
)
def test_what_is_a_new_version(said: Fingerprint, url: str, versions: list[Version], new: bool) -> None:
    assert is_new_version(said, url, versions) is new


def test_a_name_with_a_slash_is_hidden_whole() -> None:
    veiled = hidden("department/210104/2018/教育局/体育局")
    assert veiled == f"department/210104/2018/sha256:{sha256_of('教育局/体育局')}"


def test_of_a_redacted_page_counts_what_is_kept_of_it() -> None:
    whole = page("/a.html", text="甲", **NAMED | {"year": 2018})
    print_ = Fingerprint.of(whole)
    assert identity_of(whole) == "department/210104/2018/大东区教育局"
    assert identity_of(whole, sample=True) == "sample/department/210104/2018/大东区教育局"
    veiled = hidden("department/210104/2018/大东区教育局")
    bare = page("/a.html", text=None, year=2019)
    bare.remains = Remains(None, None, None, veiled, print_.text_sha256, print_.squeezed, print_.attachments)
    assert Fingerprint.of(bare) == print_
    assert identity_of(bare) == veiled
    assert identity_of(bare, sample=True) == f"sample/{veiled}"
    bare.remains = replace(bare.remains, identity=f"sample/{veiled}")
    assert identity_of(bare, sample=True) == f"sample/{veiled}"  # marked before
    bare.remains = replace(bare.remains, identity=None)
    assert identity_of(bare) is identity_of(bare, sample=True) is None


def test_a_page_that_says_nothing_is_nobodys() -> None:
    silent = page("/a.html")
    silent.report = None
    assert identity_of(silent) is None
