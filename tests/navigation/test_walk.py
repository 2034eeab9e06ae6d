"""A walk without a network: what it hands out for each page, what stops it, and what it says at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.navigation import lists
from crawler.navigation.budget import PER_REPORT
from crawler.navigation.exploration import MAX_EXPLORED
from crawler.navigation.gate import MAX_DEPTH
from crawler.navigation.memory import Leaf
from crawler.navigation.parts import MAX_FILES
from crawler.navigation.survey import survey_again
from crawler.navigation.walk import Walk
from crawler.records.capture import Capture, Context, Kind, Step
from crawler.records.page import Page
from crawler.records.problemkinds import PROBLEM_KINDS
from crawler.records.report import Attachment
from crawler.records.ways import LEADING_PAGES, MAX_SIBLINGS, PRIORITIES, Next, Plan, Position, Ways, Why

HOST = "http://www.x.gov.cn"
HOME = HOST + "/"
COLUMN = HOST + "/nb/"
AT_HOME = Position((Step("首页", HOME),))
IN_COLUMN = Position((*AT_HOME.trail, Step("年报", COLUMN)), in_column=True, column_url=COLUMN)


@dataclass
class Past:
    """Earlier runs: leaves by address, lists that rest, reports that are due."""

    leaves: dict[str, Leaf] = field(default_factory=dict)
    resting: dict[str, int | None] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)
    plan: str = "plan"

    def leaf(self, url: str) -> Leaf | None:
        return self.leaves.get(url)

    def rests(self, list_url: str, stated: int | None) -> bool:
        return list_url in self.resting and self.resting[list_url] == stated

    def due(self) -> Iterable[Next]:
        return [way(url, "recheck") for url in self.reports]


def walk(past: Past | None = None, explored: int = 60, budget: int = 500, **plan: Any) -> Walk:
    usual = Plan(HOME, "210100", None, range(2008, 2027), lambda url: urlsplit(url).hostname == "www.x.gov.cn")
    return Walk(replace(usual, **plan), past, explored, budget)


def page(url: str = COLUMN, kind: Kind = "list", status: int = 200, location: str = "") -> Page:
    headers = [("Location", location)] if location else []
    return Page(Capture(url, status, headers, b"", ""), Context(), kind=kind)


def way(url: str, why: Why = "item", position: Position = IN_COLUMN, priority: int | None = None) -> Next:
    trail = (*position.trail, Step(url, url))
    if why == "paging":
        position = replace(position, list_url=position.list_url or COLUMN, page_no=position.page_no + 1)
    else:
        position = replace(position, trail=trail)
    return Next(url, url, position, why, PRIORITIES[why] if priority is None else priority)


def items(*numbers: int, stated: int | None = None, pages: Iterable[int] = ()) -> Ways:
    urls = [f"{COLUMN}{number}.html" for number in numbers]
    turns = [way(f"{COLUMN}index_{number}.html", "paging") for number in pages]
    return Ways([*map(way, urls), *turns], items=urls, stated_total=stated, newest_first=lambda: True)


def urls(ways: Iterable[Next]) -> list[str]:
    return [each.url.removeprefix(HOST) for each in ways]


def problems(walked: Walk | Page) -> list[tuple[str, str]]:
    found = walked.finish() if isinstance(walked, Walk) else walked.problems
    told = [(problem.kind, problem.detail) for problem in found]
    assert {kind for kind, _ in told} <= set(PROBLEM_KINDS)
    return told


def kinds(walked: Walk | Page) -> list[str]:
    return [kind for kind, _ in problems(walked)]


def arrive(met: Walk, found: Page, position: Position, why: Why, ways: Ways) -> list[Next]:
    """Have a walk take in a page of which is known what leads on from it."""
    return met.arrive(found, position, why, survey=survey_again(found, position, why, ways))


def entered(past: Past | None = None, explored: int = 60, budget: int = 500) -> Walk:
    """A walk that has come from its home page to the column."""
    begun = walk(past, explored, budget)
    assert urls([begun.first()]) == ["/"]
    assert not begun.ended
    column = Next(COLUMN, "年报", IN_COLUMN, "step", 20)
    assert urls(arrive(begun, page(HOME, "home"), Position(), "step", ways=Ways([column]))) == ["/nb/"]
    begun.itinerary.done()
    return begun


# ways handed out, done and left


def test_what_is_pending_is_what_was_handed_out_and_is_neither_done_nor_left() -> None:
    met = entered()
    assert met.itinerary.pending == 1
    found = arrive(met, page(), IN_COLUMN, "step", ways=items(1, 2, 3))
    met.itinerary.done()
    assert met.itinerary.pending == 3
    met.itinerary.left(found[0])
    met.itinerary.failed(found[1].url)
    assert met.itinerary.pending == 2
    met.itinerary.done()
    met.itinerary.held_back(found[2].url, "challenge")
    met.itinerary.done()
    assert met.itinerary.pending == 0


def test_no_address_is_asked_twice() -> None:
    met = entered()
    arrive(met, page(), IN_COLUMN, "step", ways=items(1, 2))
    second = page(COLUMN + "b/")
    assert arrive(met, second, IN_COLUMN, "step", ways=Ways([way(f"{COLUMN}1.html#x"), way(HOME), way(COLUMN)])) == []
    assert second.links_skipped == {"seen": 3}


def test_a_trail_has_so_many_steps_and_no_more() -> None:
    assert (MAX_DEPTH, MAX_FILES, MAX_EXPLORED, LEADING_PAGES, PER_REPORT) == (12, 60, 60, 500, 2)
    met, found = entered(), page()
    deep = replace(IN_COLUMN, trail=(Step("首页", HOME),) * (MAX_DEPTH - 1))
    deeper = replace(IN_COLUMN, trail=(Step("首页", HOME),) * MAX_DEPTH)
    ways = Ways([way(COLUMN + "12/", "step", deep), way(COLUMN + "13/", "step", deeper)])
    assert urls(arrive(met, found, IN_COLUMN, "step", ways=ways)) == ["/nb/12/"]
    assert found.links_skipped == {"too_deep": 1}


def test_off_the_trail_it_has_no_more_steps_either() -> None:
    met = walk()
    met.first()
    for length in (MAX_DEPTH, MAX_DEPTH - 1):
        position = Position((Step("首页", HOME),) * length)
        arrive(met, page(HOME, "home"), Position(), "step", ways=Ways([way(f"{HOST}/{length}/", "explore", position)]))
    assert urls(met.explore()) == [f"/{MAX_DEPTH - 1}/"]
    assert met.explore() == []


# lists


def test_further_pages_are_turned_until_one_shows_nothing_new() -> None:
    met = entered()
    assert urls(arrive(met, page(), IN_COLUMN, "step", ways=items(1, 2, pages=[2])))[-1] == "/nb/index_2.html"
    second = replace(IN_COLUMN, list_url=COLUMN, page_no=2)
    assert urls(arrive(met, page(COLUMN + "index_2.html"), second, "paging", ways=items(2, 3, pages=[3]))) == [
        "/nb/3.html",
        "/nb/index_3.html",
    ]
    third, found = replace(second, page_no=3), page(COLUMN + "index_3.html")
    assert arrive(met, found, third, "paging", ways=items(1, 2, 3, pages=[4])) == []
    assert found.links_skipped == {"seen": 3, "no_new_item": 1}


def test_a_first_page_without_items_is_turned_all_the_same() -> None:
    assert urls(arrive(entered(), page(), IN_COLUMN, "step", ways=items(pages=[2]))) == ["/nb/index_2.html"]


def test_a_list_without_an_end_is_a_trap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MAX_LIST_PAGES", 2)
    met, found = entered(), page()
    assert urls(arrive(met, found, IN_COLUMN, "step", ways=items(pages=range(2, 6)))) == [
        "/nb/index_2.html",
        "/nb/index_3.html",
    ]
    assert found.links_skipped == {"trap": 2}


RESTING = Past({f"{COLUMN}{number}.html": Leaf("report", False) for number in (1, 2)}, {COLUMN: 9})


def test_a_list_of_which_all_is_archived_rests() -> None:
    met, found = entered(RESTING), page()
    assert arrive(met, found, IN_COLUMN, "step", ways=items(1, 2, stated=9, pages=[2])) == []
    assert found.links_skipped == {"seen": 2, "settled": 1}
    assert met.progress.reports == 2
    assert problems(met) == []  # it states 9, of which the others were rightly not looked at
    assert met.itinerary.lists.walked() == []


@pytest.mark.parametrize(
    "exception", ["new item", "another total", "no memory", "dates rise", "second page", "outside"]
)
def test_a_list_does_not_rest_where_anything_speaks_for_it(exception: str) -> None:
    ways = items(1, 2, stated=8 if exception == "another total" else 9, pages=[2])
    if exception == "new item":
        ways.next.insert(0, way(COLUMN + "3.html"))
    if exception == "dates rise":
        ways.newest_first = lambda: False
    position = replace(IN_COLUMN, list_url=COLUMN, page_no=2) if exception == "second page" else IN_COLUMN
    if exception == "outside":
        position = replace(position, in_column=False)
    met = entered(Past(RESTING.leaves) if exception == "no memory" else RESTING)
    assert "/nb/index_2.html" in urls(arrive(met, page(), position, "step", ways=ways))


def test_a_list_of_one_page_has_nothing_to_rest_from() -> None:
    met = entered(RESTING)
    arrive(met, page(), IN_COLUMN, "step", ways=items(1, 2, stated=2))
    assert [walked.url for walked in met.itinerary.lists.walked()] == [COLUMN]


def test_a_list_that_states_more_than_was_found_is_told_at_the_end() -> None:
    met = entered()
    arrive(met, page(), IN_COLUMN, "step", ways=items(1, 2, stated=3))
    met.arrive(page(COLUMN + "1.html", "report"), way(COLUMN + "1.html").position, "item")
    assert problems(met) == [("list_incomplete", "the list states 3 items and 2 were found")]


def test_outside_the_column_rows_are_no_list() -> None:
    met = entered()
    arrive(met, page(HOST + "/news/"), AT_HOME, "step", ways=items(1, 2, stated=300))
    assert "list_incomplete" not in kinds(met)
    assert met.itinerary.lists.walked() == []


def break_by_failure(met: Walk, entry: Next) -> None:
    met.itinerary.failed(entry.url)


def break_by_block(met: Walk, entry: Next) -> None:
    met.itinerary.held_back(entry.url, "challenge")


def break_by_stop(met: Walk, entry: Next) -> None:
    met.itinerary.left(entry)


def break_by_status(met: Walk, entry: Next) -> None:
    met.arrive(page(entry.url, "other", 500), entry.position, "item")


def break_by_doubt(met: Walk, entry: Next) -> None:
    met.itinerary.doubt(page(entry.url), entry.position)


def break_by_doubted_page(met: Walk, entry: Next) -> None:
    met.itinerary.doubt(page(COLUMN), IN_COLUMN)


def break_by_doubted_further_page(met: Walk, entry: Next) -> None:
    met.itinerary.doubt(page(COLUMN + "index_2.html"), replace(IN_COLUMN, list_url=COLUMN, page_no=2))


@pytest.mark.parametrize(
    "harm",
    [
        break_by_failure,
        break_by_block,
        break_by_stop,
        break_by_status,
        break_by_doubt,
        break_by_doubted_page,
        break_by_doubted_further_page,
    ],
)
def test_a_list_of_which_something_is_missing_is_broken(harm: object) -> None:
    met = entered()
    entry = arrive(met, page(), IN_COLUMN, "step", ways=items(1, 2))[0]
    assert callable(harm)
    harm(met, entry)
    assert met.itinerary.lists.broken() == [COLUMN]
    assert met.itinerary.lists.walked() == []


def test_a_dead_link_does_not_break_its_list() -> None:
    met = entered()
    entry = arrive(met, page(), IN_COLUMN, "step", ways=items(1))[0]
    gone = page(entry.url, "missing", 404)
    assert met.arrive(gone, entry.position, "item") == []
    assert problems(gone) == [("dead_link", f"status 404 where '{entry.url}' led")]
    assert met.itinerary.lists.broken() == []


def test_a_list_under_the_status_of_a_failure_is_walked() -> None:
    met, found = entered(), page(COLUMN, "list", 500)
    assert urls(arrive(met, found, IN_COLUMN, "step", ways=items(1))) == ["/nb/1.html"]
    assert problems(found) == []


@pytest.mark.parametrize(("status", "told"), [(403, True), (401, True), (500, False)])
def test_a_portal_that_refuses_at_its_door_is_told_with_what_to_do(status: int, told: bool) -> None:
    met, home = walk(), page(HOME, "other", status)
    met.first()
    assert met.arrive(home, Position(), "step") == []
    assert [("refused our agent or address" in detail, "`user_agent`" in detail) for _, detail in problems(home)] == [
        (told, told)
    ]


@pytest.mark.parametrize(("cookie", "times"), [(True, 2), (False, 0)])
def test_a_redirect_in_a_circle_is_followed_with_a_cookie_only_and_not_for_ever(cookie: bool, times: int) -> None:
    """`times`: further requests of the page."""
    met = entered()
    entry = arrive(met, page(), IN_COLUMN, "step", ways=items(1))[0]
    headers = [("Location", entry.url)] + [("Set-Cookie", "a=1")] * cookie
    asked = 0
    while True:
        found = page(entry.url, "redirect", 302)
        found.capture.headers = headers
        if not met.arrive(found, entry.position, "item"):
            break
        asked += 1
    assert asked == times
    assert [kind for kind, _ in problems(found)] == ["redirect_loop"]


def test_ever_more_hosts_of_one_site_are_not_asked() -> None:
    met = walk(allows=lambda url: True, sibling=lambda url: True)
    ways = Ways(next=[Next(f"http://b{n}.a.gov.cn/", "x", IN_COLUMN, "item", 0) for n in range(MAX_SIBLINGS + 1)])
    found = page()
    assert len(arrive(met, found, IN_COLUMN, "step", ways=ways)) == MAX_SIBLINGS
    assert [(kind, 'hosts = ["b' in detail) for kind, detail in problems(found)] == [("host_not_allowed", True)]


def test_a_home_page_that_is_missing_is_told_by_the_trail_alone() -> None:
    met, home = walk(), page(HOME, "missing", 404)
    met.first()
    assert met.arrive(home, Position(), "step") == []
    assert home.problems == []
    assert kinds(met) == ["trail_broken"]


@pytest.mark.parametrize(("status", "told"), [(200, False), (399, False), (400, True), (503, True), (304, True)])
def test_a_status_that_says_there_is_no_page_is_told(status: int, told: bool) -> None:
    met, found = entered(), page(COLUMN, "other", status)
    assert urls(arrive(met, found, IN_COLUMN, "step", ways=items(1))) == [] if told else ["/nb/1.html"]
    assert kinds(found) == ["http_error"] * told


# what is archived


@pytest.mark.parametrize(
    ("why", "year", "leaf", "asked"),
    [
        ("item", None, Leaf("report", False), False),
        ("item", None, Leaf("report", True), True),
        ("item", None, Leaf("article", False), False),
        ("item", None, None, True),
        ("step", 2019, Leaf("report", False), False),
        ("step", 2019, Leaf("report", True), True),
        ("step", 2019, Leaf("list", False), True),
        ("step", None, Leaf("report", False), True),
        ("paging", None, Leaf("report", False), True),
        ("iframe", None, Leaf("report", False), True),
    ],
)
def test_only_ends_of_trails_that_are_not_due_are_left_out(
    why: Why, year: int | None, leaf: Leaf | None, asked: bool
) -> None:
    target = COLUMN + "x/"
    met, found = entered(Past({target: leaf} if leaf else {})), page()
    step = replace(way(target, why), position=replace(IN_COLUMN, year=year))
    assert len(arrive(met, found, IN_COLUMN, "step", ways=Ways([step]))) == asked
    assert found.links_skipped == ({} if asked else {"seen": 1})
    assert met.progress.reports == (leaf is not None and leaf.kind == "report" and not asked)


def test_the_same_report_again_is_a_report_met() -> None:
    met = entered()
    met.arrive_again("article", COLUMN + "1.html")
    assert met.progress.reports == 0
    met.arrive_again("report", COLUMN + "2.html")
    assert met.progress.reports == 1
    assert met.explore() == []


@pytest.mark.parametrize("why", ["item", "recheck", "attachment"])
def test_from_an_article_at_an_end_nothing_leads_on(why: Why) -> None:
    kind: Kind = "attachment" if why == "attachment" else "article"
    assert arrive(entered(), page(kind=kind), IN_COLUMN, why, ways=items(1)) == []


def test_from_a_list_that_an_entry_led_to_the_walk_goes_on_but_not_on_a_recheck() -> None:
    assert urls(arrive(entered(), page(), IN_COLUMN, "item", ways=items(1))) == ["/nb/1.html"]
    assert urls(arrive(entered(), page(kind="article"), IN_COLUMN, "step", ways=items(1))) == ["/nb/1.html"]
    assert arrive(entered(), page(), IN_COLUMN, "recheck", ways=items(1)) == []


# files of a report


def test_files_of_a_report_are_asked_on_allowed_hosts_and_so_many() -> None:
    met, found = entered(), page(COLUMN + "1.html", "report")
    far = Attachment("http://other.cn/a.pdf", "a.pdf", None)
    near = [Attachment(f"{COLUMN}{number}.pdf", "", None) for number in range(MAX_FILES)]
    found.attachments = [far, *near]
    asked = met.arrive(found, IN_COLUMN, "item")
    assert urls(asked) == [f"/nb/{number}.pdf" for number in range(MAX_FILES - 1)]
    assert {each.why for each in asked} == {"attachment"}
    assert all(each.position.attached for each in asked)
    assert found.links_skipped == {"other_host": 1}


def test_a_file_that_is_archived_is_not_asked() -> None:
    met, found = entered(Past({COLUMN + "1.pdf": Leaf("attachment", False)})), page(COLUMN + "1.html", "report")
    found.attachments = [Attachment(COLUMN + "1.pdf", "", None)]
    assert met.arrive(found, IN_COLUMN, "item") == []
    assert met.progress.reports == 1


# redirects


def sent_on(met: Walk, target: str, redirects: int = 0, url: str = COLUMN + "1.html") -> tuple[list[str], Page]:
    found = page(url, "redirect", 302, target)
    return urls(met.arrive(found, way(url).position, "item", redirects)), found


def test_a_redirect_is_followed_where_it_stood_on_the_trail() -> None:
    met = entered()
    found = page(COLUMN + "1.html", "redirect", 302, "/art/1.html")
    (onward,) = met.arrive(found, way(COLUMN + "1.html").position, "item")
    assert (onward.url, onward.why) == (HOST + "/art/1.html", "redirect")
    assert onward.position == way(COLUMN + "1.html").position
    assert found.problems == []
    assert found.ways is not None


def test_redirects_in_a_row_are_a_loop() -> None:
    met = entered()
    assert sent_on(met, "/a", 4)[0] == ["/a"]
    asked, found = sent_on(met, "/b", 5)
    assert asked == []
    assert problems(found) == [("redirect_loop", f"more than 5 redirects in a row, the last to {HOST}/b")]


def test_a_redirect_at_the_end_of_too_long_a_trail_is_not_followed() -> None:
    deep = Position(tuple(Step(str(number), f"{HOST}/{number}/") for number in range(MAX_DEPTH + 1)))
    found = page(COLUMN + "1.html", "redirect", 302, "/art/1.html")
    assert entered().arrive(found, deep, "item") == []
    assert found.links_skipped == {"too_deep": 1}


def test_a_redirect_to_itself_is_a_loop_one_to_what_was_asked_is_none() -> None:
    met = entered()
    arrive(met, page(), IN_COLUMN, "step", ways=items(1))
    asked, found = sent_on(met, "/nb/1.html")
    assert (asked, problems(found)) == ([], [("redirect_loop", f"redirects to itself, {COLUMN}1.html")])
    asked, found = sent_on(met, "/nb/")
    assert (asked, problems(found)) == ([], [])


def test_a_redirect_to_a_host_that_the_profile_does_not_name_is_told() -> None:
    asked, found = sent_on(entered(), "http://other.cn/")
    assert asked == []
    assert problems(found) == [
        (
            "host_not_allowed",
            "redirects to http://other.cn/; where it belongs to the portal, add it to the profile:"
            ' hosts = ["other.cn"]',
        )
    ]


def test_a_redirect_without_a_target_is_told() -> None:
    asked, found = sent_on(entered(), "")
    assert (asked, problems(found)) == ([], [("http_error", "status 302 without a usable Location")])


def test_a_redirect_to_what_is_archived_is_not_followed() -> None:
    met = entered(Past({HOST + "/art/1.html": Leaf("report", False)}))
    asked, found = sent_on(met, "/art/1.html")
    assert (asked, found.problems, found.links_skipped) == ([], [], {"seen": 1})
    assert met.progress.reports == 1


def test_where_the_target_of_an_entry_cannot_be_had_its_list_is_broken() -> None:
    met = entered()
    arrive(met, page(), IN_COLUMN, "step", ways=items(1))
    assert sent_on(met, "/art/1.html")[0] == ["/art/1.html"]
    met.itinerary.failed(HOST + "/art/1.html")
    assert met.itinerary.lists.broken() == [COLUMN]


# looking around


def explored(met: Walk, *priorities: int) -> None:
    ways = Ways([way(f"{HOST}/{number}/", "explore", AT_HOME, number) for number in priorities])
    arrive(met, page(HOME, "home"), Position(), "step", ways=ways)


def test_the_likeliest_page_is_looked_at_first_of_equal_ones_the_first_met() -> None:
    met = walk()
    met.first()
    explored(met, 1, 7, 3)
    assert met.itinerary.pending == 1
    assert urls(met.explore()) == ["/7/"]
    assert met.itinerary.pending == 2
    ways = Ways([way(HOST + "/b/", "explore", AT_HOME, 3), way(HOST + "/a/", "explore", AT_HOME, 9)])
    arrive(met, page(HOST + "/7/", "other"), AT_HOME, "explore", ways=ways)
    assert [urls(met.explore()) for _ in range(5)] == [["/a/"], ["/3/"], ["/b/"], ["/1/"], []]
    assert "budget_spent" not in kinds(met)


def test_a_page_that_was_asked_meanwhile_is_not_explored_and_costs_nothing() -> None:
    met = walk(explored=1)
    met.first()
    explored(met, 9, 3)
    arrive(met, page(HOST + "/x/", "other"), AT_HOME, "step", ways=Ways([way(HOST + "/9/", "step", AT_HOME)]))
    explored(met, 9)
    assert urls(met.explore()) == ["/3/"]
    assert met.explore() == []
    assert "budget_spent" not in kinds(met)


def test_exploring_has_a_budget_and_says_that_it_was_used_up() -> None:
    met = walk(explored=2)
    met.first()
    explored(met, 1, 2, 3)
    assert [urls(met.explore()) for _ in range(3)] == [["/3/"], ["/2/"], []]
    arrive(met, page(HOST + "/2/", "other"), AT_HOME, "explore", ways=Ways(labels=["统计"]))
    assert problems(met) == [
        ("budget_spent", "the pages allowed for looking around off the trail were used up"),
        ("trail_broken", "no link to the column of annual reports; labels that stood there: 统计"),
    ]


@pytest.mark.parametrize("reason", ["a report", "the column has items", "stopped"])
def test_there_is_no_exploring_where_it_would_be_in_vain(reason: str) -> None:
    met = walk()
    met.first()
    explored(met, 1)
    if reason == "a report":
        met.arrive_again("report", COLUMN + "1.html")
    elif reason == "stopped":
        met.stop("time")
    else:
        arrive(met, page(), IN_COLUMN, "step", ways=items(1))
    assert met.explore() == []


def test_a_column_without_items_does_not_end_the_exploring() -> None:
    met = walk()
    met.first()
    explored(met, 1)
    arrive(met, page(), IN_COLUMN, "step", ways=Ways([way(COLUMN + "2019/", "step")]))
    assert urls(met.explore()) == ["/1/"]


# the budget of a walk, and a walk that is stopped


def test_pages_that_lead_on_are_paid_by_the_budget_and_two_by_each_report() -> None:
    met = entered(budget=2)  # the home page has cost one
    met.arrive(page(COLUMN + "1.html", "report"), IN_COLUMN, "item")
    for number in range(3):
        arrive(met, page(f"{COLUMN}{number}/"), IN_COLUMN, "step", ways=Ways())
    assert not met.stopped
    arrive(met, page(COLUMN + "4/"), IN_COLUMN, "step", ways=Ways())
    assert met.stopped == "5 pages led on, 1 report met"


def test_the_same_title_under_ever_new_addresses_pays_once() -> None:
    met = entered(budget=1)
    for number in range(9):
        copy = page(f"{COLUMN}{number}.html", "report")
        copy.title = "2019年年报"
        met.arrive(copy, IN_COLUMN, "item")
    for number in range(3):
        assert not met.stopped
        arrive(met, page(f"{COLUMN}{number}/"), IN_COLUMN, "step", ways=Ways())
    assert met.stopped == "4 pages led on, 1 report met"


def test_a_report_that_stands_for_a_column_costs_a_page() -> None:
    met = entered(budget=0)
    for number in range(2):
        copy = page(f"{COLUMN}{number}/", "report")
        copy.title = "2019年年报"
        met.arrive(copy, IN_COLUMN, "item")
    assert met.stopped == "1 page led on, 0 reports met"  # the home page, before there was any
    met = entered(budget=1)
    for number in range(3):
        copy = page(f"{COLUMN}{number}/", "report")
        copy.title = "2019年年报"
        met.arrive(copy, IN_COLUMN, "step")
    assert met.stopped == "4 pages led on, 1 report met"


def test_a_walk_that_is_stopped_tells_what_it_left_and_nothing_else() -> None:
    past = Past(reports=[COLUMN + "old.html", "http://other.cn/old.html", COLUMN + "1.html"])
    met = entered(past)
    found = arrive(met, page(), IN_COLUMN, "step", ways=items(1, 2, stated=9, pages=[2]))
    met.stop("the time was over")
    met.stop("and again")
    for each in found:
        met.itinerary.left(each)
    assert met.recheck() == []
    assert problems(met) == [
        (
            "budget_spent",
            "the time was over; 4 requests left (2 entries of lists, 1 further page of lists, 1 report to be "
            f"asked again), the first to {COLUMN}1.html; the next run goes on",
        )
    ]
    assert met.stopped
    assert met.ended


def test_a_walk_that_is_stopped_before_the_column_leaves_what_it_would_have_explored() -> None:
    met = walk()
    met.first()
    explored(met, 1, 2)
    met.stop("time")
    ((kind, detail),) = problems(met)
    assert kind == "budget_spent"
    left = "2 requests left (2 pages off the trail)"
    assert detail == f"time; {left}, the first to {HOST}/1/; the next run goes on"
    inside = entered()
    explored(inside, 1, 2)
    arrive(inside, page(), IN_COLUMN, "step", ways=Ways(labels=["x"], paging_rule="trs"))
    inside.stop("time")
    assert "budget_spent" not in kinds(inside)  # in the column nothing is explored any more


def test_a_walk_that_was_stopped_with_nothing_left_has_ended_as_any() -> None:
    met = entered()
    arrive(met, page(), IN_COLUMN, "step", ways=items(1, stated=2))
    met.arrive(page(COLUMN + "1.html", "report"), IN_COLUMN, "item")
    met.stop("time")
    assert kinds(met) == ["list_incomplete"]
    assert met.stopped == ""


# reports that are due


def test_what_is_due_is_asked_once_at_the_end_where_it_was_not_met() -> None:
    met = entered(Past(reports=[COLUMN + "1.html", COLUMN + "old.html", "http://other.cn/x.html"]))
    arrive(met, page(), IN_COLUMN, "step", ways=items(1))
    assert urls(met.recheck()) == ["/nb/old.html"]
    assert met.itinerary.pending == 3
    assert met.recheck() == []


def test_without_the_home_page_nothing_is_asked_again() -> None:
    met = walk(Past(reports=[COLUMN + "old.html"]))
    met.first()
    assert met.recheck() == []
    arrive(met, page(HOME, "home"), Position(), "step", ways=Ways())
    assert urls(met.recheck()) == ["/nb/old.html"]


def test_a_page_further_on_is_no_home_page() -> None:
    met = walk(Past(reports=[COLUMN + "old.html"]))
    met.first()
    arrive(met, page(), IN_COLUMN, "step", ways=Ways())
    assert met.recheck() == []


def test_a_home_page_that_sends_on_is_reached_all_the_same() -> None:
    met = walk(Past(reports=[COLUMN + "old.html"]))
    met.first()
    met.arrive(page(HOME, "redirect", 302, "/index/"), Position(), "step")
    assert urls(met.recheck()) == ["/nb/old.html"]


# what a walk says at its end


def test_a_column_that_led_to_no_report_is_told_once() -> None:
    met = entered()
    arrive(met, page(), IN_COLUMN, "step", ways=Ways([way(COLUMN + "2019/", "step")], labels=["2019年"]))
    assert problems(met) == [("trail_broken", "the column led to no report; labels that stood there: 2019年")]
    met, dead = entered(), page()
    arrive(met, dead, IN_COLUMN, "step", ways=Ways(labels=["首页"]))
    assert problems(dead) == [("trail_broken", "after '年报' no year, region or report; labels that stood there: 首页")]
    assert problems(met) == []


@pytest.mark.parametrize(("kind", "lost"), [("list", False), ("home", True)])
def test_a_year_leads_to_reports_that_another_list_had_but_not_by_way_of_the_home_page(kind: Kind, lost: bool) -> None:
    met = entered()
    step = replace(way(COLUMN + "2019/", "step"), label="2019年")
    entry = replace(way(COLUMN + "1.html"), label="大东区2018年政府信息公开工作年度报告")
    arrive(met, page(), IN_COLUMN, "step", ways=Ways([entry, step]))
    met.arrive(page(entry.url, "report"), entry.position, "item")
    arrive(met, page(step.url, kind), step.position, "step", ways=Ways([entry]))
    assert ("entry_no_report" in kinds(met)) == lost


@pytest.mark.parametrize(
    ("ways", "why", "in_column", "source", "dead"),
    [
        (Ways(), "step", True, "<p>正文</p>", True),
        (Ways(stated_total=1), "step", True, None, True),
        (Ways(stated_total=0), "step", True, None, False),
        (Ways(paging_rule="trs"), "step", True, None, False),
        (Ways(), "step", True, "<p>暂无数据</p>", False),
        (Ways(), "step", True, "共 0 条", False),
        (Ways(), "iframe", True, None, False),
        (Ways(), "step", False, None, False),
        (Ways(items=[COLUMN + "1.html"]), "step", True, None, False),
        (Ways([way(COLUMN + "2019/", "step")]), "step", True, None, False),
    ],
)
def test_a_dead_end_is_a_step_into_the_column_from_which_nothing_leads_on(
    ways: Ways, why: Why, in_column: bool, source: str | None, dead: bool
) -> None:
    found = page()
    found.html = source
    arrive(entered(), found, replace(IN_COLUMN, in_column=in_column), why, ways=ways)
    assert kinds(found) == ["trail_broken"] * dead


def test_thirty_labels_at_most_are_told() -> None:
    met = walk()
    met.first()
    arrive(met, page(HOME, "home"), Position(), "step", ways=Ways(labels=[str(number) for number in range(40)]))
    ((_, detail),) = problems(met)
    assert detail.endswith("、28、29")
    assert problems(walk()) == []  # it was not even entered


def test_where_it_stood_is_the_last_page_that_a_step_led_to() -> None:
    met = entered()
    arrive(met, page(COLUMN + "2019/"), IN_COLUMN, "step", ways=Ways([way(COLUMN + "a/", "step")], labels=["区县"]))
    arrive(met, page(COLUMN + "frame"), IN_COLUMN, "iframe", ways=Ways(labels=["别的"]))
    (problem,) = met.finish()
    assert (problem.url, problem.detail[-2:]) == (COLUMN + "2019/", "区县")


def test_what_was_held_back_is_counted_by_host_and_reason() -> None:
    met = entered()
    for number in range(3):
        met.itinerary.held_back(f"{COLUMN}{number}.html", "challenge")
    met.itinerary.held_back("http://b.x.gov.cn:81/", "challenge")
    met.itinerary.held_back(COLUMN, "host_resting")
    told = [(problem.kind, problem.url, problem.detail) for problem in met.itinerary.problems()]
    said = "further addresses of this host were not asked"
    assert told == [
        ("challenge", "//www.x.gov.cn/", f"3 {said}"),
        ("challenge", "//b.x.gov.cn:81/", f"1 {said}"),
        ("host_resting", "//www.x.gov.cn/", f"1 {said}"),
    ]


def test_a_page_of_the_column_that_looks_like_a_report_is_named() -> None:
    met = entered()
    for kind, in_column, told in (("article", True, True), ("article", False, False), ("report", True, False)):
        found = page(COLUMN + "1.html", kind)  # type: ignore[arg-type]
        found.lookalike, found.title = "a notice", "通知"
        met.arrive(found, replace(IN_COLUMN, in_column=in_column), "item")
        assert problems(found) == [("lookalike", "通知: a notice")] * told


def test_a_breadcrumb_of_another_year_is_told_inside_the_column_only() -> None:
    for in_column in (True, False):
        found = page()
        found.breadcrumb = ["首页", "年报", "2018年"]
        position = replace(IN_COLUMN, in_column=in_column, year=2019)
        arrive(entered(), found, position, "step", ways=items(1))
        assert kinds(found) == ["breadcrumb_disagrees"] * in_column


# what still leads to a report


def led(met: Walk, *addresses: str) -> bool:
    (answer,) = met.itinerary.leads_to([Step("", address) for address in addresses[:-1]], addresses[-1:])
    return answer


def test_what_a_page_of_this_walk_names_is_led_to_asked_or_not() -> None:
    met = entered()
    arrive(met, page(), IN_COLUMN, "step", ways=items(1))
    assert led(met, HOME, COLUMN, COLUMN + "1.html")
    assert not led(met, HOME, COLUMN, COLUMN + "gone.html")
    explored(met, 4)
    assert not led(met, HOME, HOST + "/4/")


def test_a_trail_without_a_step_says_nothing() -> None:
    assert led(entered(), COLUMN + "gone.html")


@pytest.mark.parametrize("harm", [break_by_failure, break_by_block, break_by_stop, break_by_status])
def test_what_was_not_looked_at_may_lead_on(harm: object) -> None:
    met = entered()
    entry = arrive(met, page(), IN_COLUMN, "step", ways=Ways([way(COLUMN + "2019/", "step")]))[0]
    assert callable(harm)
    assert not led(met, HOME, COLUMN + "2019/", COLUMN + "gone.html")
    harm(met, entry)
    assert led(met, HOME, COLUMN + "2019/", COLUMN + "gone.html")
    assert not led(met, HOME, COLUMN + "2020/", COLUMN + "gone.html")


def test_a_list_that_rests_or_is_broken_may_lead_on() -> None:
    met = entered(RESTING)
    arrive(met, page(), IN_COLUMN, "step", ways=items(1, 2, stated=9, pages=[2]))
    assert led(met, HOME, COLUMN, COLUMN + "gone.html")
    met = entered()
    entry = arrive(met, page(), IN_COLUMN, "step", ways=items(1))[0]
    met.itinerary.lists.break_at(entry.url)
    assert led(met, HOME, COLUMN, COLUMN + "gone.html")


def test_a_report_that_was_not_due_may_have_the_other_years_beside_it() -> None:
    met = entered(Past({COLUMN + "2019/": Leaf("report", False)}))
    step = replace(way(COLUMN + "2019/", "step"), position=replace(IN_COLUMN, year=2019))
    assert arrive(met, page(), IN_COLUMN, "step", ways=Ways([step])) == []
    assert led(met, HOME, COLUMN + "2019/", COLUMN + "2018/")


def test_what_is_kept_of_the_ways_depends_on_the_plan_and_the_position() -> None:
    assert entered(Past(plan="a")).seal(IN_COLUMN) != entered(Past(plan="b")).seal(IN_COLUMN)
    assert entered().seal(IN_COLUMN) != entered().seal(AT_HOME)
    assert entered().seal(IN_COLUMN) == entered().seal(IN_COLUMN)
