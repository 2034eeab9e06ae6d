"""The ledger of a walk's lists: what counts as walked to its end, as broken, as incomplete, and the cap on pages."""

from __future__ import annotations

import pytest

from crawler.navigation import lists
from crawler.navigation.lists import MAX_LIST_PAGES, ListLedger, WalkedList

LIST = "http://www.x.gov.cn/nb/"
ENTRIES = [f"{LIST}{number}.html" for number in range(4)]


def ledger(stated: int | None = None, items: int = 4) -> ListLedger:
    """One list of four entries, each assigned to it."""
    kept = ListLedger()
    assert kept.book(LIST, LIST, ENTRIES[:items], stated) == items
    for entry in ENTRIES:
        kept.assign(entry, LIST)
    return kept


def walked(kept: ListLedger) -> list[str]:
    return [entry.url for entry in kept.walked()]


def test_a_list_is_walked_with_its_pages_items_and_what_it_states() -> None:
    kept = ledger(6)
    assert kept.turn(LIST, LIST + "index_2.html")
    assert kept.book(LIST, LIST + "index_2.html", [ENTRIES[3], LIST + "a.html", LIST + "b.html"], None) == 2
    assert kept.walked() == [WalkedList(LIST, pages=2, items=6, stated=6)]
    assert (kept.broken(), list(kept.incomplete())) == ([], [])


def test_a_page_that_shows_what_was_shown_has_nothing_fresh() -> None:
    kept = ledger()
    assert kept.book(LIST, LIST, ENTRIES, None) == 0
    assert kept.book(LIST + "other/", LIST, ENTRIES, None) == 4  # each list counts for itself


@pytest.mark.parametrize(("stated", "complete"), [(None, True), (0, True), (3, True), (4, True), (5, False)])
def test_a_list_that_states_more_than_was_found_is_incomplete(stated: int | None, complete: bool) -> None:
    kept = ledger(stated)
    assert walked(kept) == [LIST] * complete
    told = [(problem.kind, problem.url, problem.detail) for problem in kept.incomplete()]
    assert told == [("list_incomplete", LIST, "the list states 5 items and 4 were found")] * (not complete)


def test_the_last_total_counts_and_a_page_without_one_takes_nothing_back() -> None:
    kept = ledger(9)
    kept.book(LIST, LIST, [], None)
    assert len(list(kept.incomplete())) == 1
    kept.book(LIST, LIST, [], 4)
    assert list(kept.incomplete()) == []


def test_a_list_that_rests_is_neither_walked_nor_incomplete() -> None:
    kept = ledger(9)
    kept.rest(LIST)
    assert (walked(kept), kept.broken(), list(kept.incomplete())) == ([], [], [])
    assert kept.unsettled_at(LIST)
    settled = ledger()
    settled.rest(LIST)
    assert walked(settled) == []  # all it states was found on its first page, and it was not walked all the same


def test_an_entry_that_could_not_be_had_breaks_its_list_only() -> None:
    kept = ledger()
    kept.book(LIST + "other/", LIST + "other/", ENTRIES[:1], None)
    kept.break_at(ENTRIES[2])
    assert kept.broken() == [LIST]
    assert walked(kept) == [LIST + "other/"]
    assert kept.unsettled_at(LIST)
    assert not kept.unsettled_at(LIST + "other/")


def test_a_broken_list_is_told_as_incomplete_all_the_same() -> None:
    kept = ledger(9)
    kept.break_at(ENTRIES[0])
    assert len(list(kept.incomplete())) == 1


def test_what_belongs_to_no_list_breaks_none() -> None:
    kept = ledger()
    kept.break_at("http://www.x.gov.cn/elsewhere.html")
    kept.doubt(None)
    kept.doubt("http://www.x.gov.cn/")
    assert (kept.broken(), walked(kept)) == ([], [LIST])


def test_addresses_are_compared_by_their_canonical_form() -> None:
    kept = ledger()
    kept.break_at("http://WWW.x.gov.cn:80/nb/1.html#top")
    assert kept.broken() == [LIST]
    assert kept.unsettled_at("http://WWW.x.gov.cn:80/nb/#top")


def test_where_an_entry_is_a_redirect_its_target_belongs_to_the_list() -> None:
    kept = ledger()
    kept.redirect(ENTRIES[0], "http://www.x.gov.cn/art/1.html")
    kept.redirect("http://www.x.gov.cn/stray.html", "http://www.x.gov.cn/art/2.html")
    kept.break_at("http://www.x.gov.cn/art/2.html")
    assert kept.broken() == []
    kept.break_at("http://www.x.gov.cn/art/1.html")
    assert kept.broken() == [LIST]


def test_the_trail_may_name_another_address_than_the_list_has() -> None:
    kept = ListLedger()
    kept.book("http://www.x.gov.cn/frame.html", LIST, ENTRIES, None)
    kept.doubt("http://www.x.gov.cn/frame.html")
    assert kept.unsettled_at(LIST)
    assert not kept.unsettled_at("http://www.x.gov.cn/frame.html")


def test_one_link_may_lead_to_several_lists() -> None:
    kept = ledger()
    kept.book(LIST + "second/", LIST, ENTRIES, None)
    kept.rest(LIST + "second/")
    assert kept.unsettled_at(LIST)


def test_a_list_has_so_many_further_pages_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_LIST_PAGES == 500
    monkeypatch.setattr(lists, "MAX_LIST_PAGES", 3)
    kept = ListLedger()
    assert [kept.turn(LIST, f"{LIST}index_{number}.html") for number in range(5)] == [True, True, True, False, False]
    assert kept.turn(LIST + "other/", LIST + "other/index_1.html")
    assert [entry.pages for entry in kept.walked()] == [4, 2]


def test_whether_any_list_has_shown_an_item() -> None:
    kept = ListLedger()
    assert not kept.has_items()
    kept.turn(LIST, LIST + "index_2.html")
    kept.book(LIST, LIST, [], 0)
    assert not kept.has_items()
    kept.book(LIST + "other/", LIST, ENTRIES, None)
    assert kept.has_items()


def years(*sizes: int, stated: int | None = None) -> ListLedger:
    """A column that leads to one list for each size."""
    kept = ListLedger()
    kept.book(LIST, LIST, [], None)
    for at, size in enumerate(sizes):
        url = f"{LIST}{2015 + at}/"
        kept.assign(url, LIST)
        kept.book(url, url, [f"{url}{item}.html" for item in range(size)], stated)
    return kept


def test_a_list_with_a_third_of_what_its_neighbours_have_is_told() -> None:
    (problem,) = years(13, 12, 4, 13).short()
    assert (problem.kind, problem.url) == ("list_short", f"{LIST}2017/")
    assert problem.detail == "the list has 4 items, most of the 4 lists beside it 12 or more"


def test_of_lists_of_six_one_may_be_short_and_of_lists_of_five_none() -> None:
    assert [problem.url for problem in years(6, 6, 2, 6).short()] == [f"{LIST}2017/"]
    assert list(years(5, 5, 1, 5).short()) == []


def test_a_list_whose_parent_has_items_as_well_is_not_measured_by_those() -> None:
    """A home page that shows the newest reports leads to the lists and is none of them."""
    kept = years(13, 12, 13)
    kept.book(LIST, LIST, [f"{LIST}newest.html"], None)
    kept.assign(LIST, LIST)
    assert list(kept.short()) == []


@pytest.mark.parametrize(
    "kept",
    [years(13, 12, 13, 5), years(13, 4, 13), years(3, 3, 1, 3), years(13, 13, 4, 13, stated=4), years(13, 0, 13, 13)],
    ids=["more than a third", "too few neighbours", "all are short", "it says so", "no list at all"],
)
def test_what_is_no_short_list(kept: ListLedger) -> None:
    assert list(kept.short()) == []


def test_what_is_booked_is_kept_by_its_canonical_form() -> None:
    odd = "http://WWW.x.gov.cn:80/"
    kept = ListLedger()
    kept.book(LIST, odd + "nb/#top", [], None)
    assert kept.turn(LIST, odd + "nb/index_2.html")
    assert kept.turn(LIST, LIST + "index_2.html")
    assert [entry.pages for entry in kept.walked()] == [2]
    kept.assign(odd + "nb/1.html", LIST)
    kept.redirect(odd + "nb/1.html#top", odd + "art/1.html")
    kept.break_at("http://www.x.gov.cn/art/1.html")
    assert kept.broken() == [LIST]
    assert kept.unsettled_at(LIST)
