"""The print of a PDF's page: letters drawn twice, turned pages, watermarks, seals, running heads, odd fonts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.documents.custody import read_document
from pipelines.documents.letters import is_rubbish, printed
from pipelines.marked.flatten import lines_of
from tests.support import documents_made as made

ROWS = [["head", "born", "died"], ["births", "22", "113"], ["deaths", "7", "40"]]
TABLE = made.words(50, 800, "A page of figures") + made.grid(50, 760, [100, 100, 100], ROWS)
READ = ["A page of figures", "head\tborn\tdied", "births\t22\t113", "deaths\t7\t40"]
QUARTERS = {"left": "0 1 -1 0 595 0 cm\n", "right": "0 -1 1 0 0 842 cm\n", "over": "-1 0 0 -1 595 842 cm\n"}


def lines(*pages: str, resources: str = "") -> list[str]:
    return lines_of(read_document(made.pdf(*pages, resources=resources)).marked)


def moved(stream: str, right: float, up: float = 0.0) -> str:
    return f"q 1 0 0 1 {right} {up} cm\n{stream}Q\n"


def over(x: float, y: float, said: str, size: int, colour: str, degrees: float = 0.0) -> str:
    """Words of a colour, turned to the left."""
    a, b = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return f"{colour} rg BT /F1 {size} Tf {a:.4f} {b:.4f} {-b:.4f} {a:.4f} {x} {y} Tm ({said}) Tj ET 0 0 0 rg\n"


@pytest.mark.parametrize(("right", "up"), [(0, 0), (0.3, 0), (0.5, -0.5), (1.5, 0), (0, 1)])
def test_a_letter_drawn_twice_in_its_place_is_read_once(right: float, up: float) -> None:
    assert lines(TABLE + moved(TABLE, right, up)) == READ


def test_two_letters_of_a_kind_side_by_side_are_two() -> None:
    assert lines(made.words(50, 800, "111 and 2200")) == ["111 and 2200"]


@pytest.mark.parametrize("turn", QUARTERS)
def test_a_page_drawn_turned_is_turned_back(turn: str) -> None:
    assert lines(QUARTERS[turn] + TABLE) == READ


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param(over(60, 690, "2023-01-20 DRAFT", 30, ".9 .9 .9", 30), id="aslant"),
        pytest.param(over(60, 690, "2023 10.1.2.3", 12, "0 0 0", 20), id="aslant, black and small"),
        pytest.param(over(60, 718, "2023-01-20 DRAFT 10.1", 30, ".85 .85 .85"), id="pale and level"),
        pytest.param(over(60, 718, "20230120 5 20230120", 12, "1 .8 .8"), id="pale, through the ruled lines"),
        pytest.param(over(60, 718, "2023-01-20 DRAFT 10.1", 30, "0 0 0"), id="great and black"),
    ],
)
@pytest.mark.parametrize("under", [False, True])
def test_a_watermark_belongs_to_no_cell(mark: str, under: bool) -> None:
    assert lines(mark + TABLE if under else TABLE + mark) == READ


def test_the_words_of_a_seal_are_lines_of_their_own() -> None:
    printed_line = made.words(50, 800, "received 27 requests, granted 20 of them in the year")
    assert lines(printed_line + over(90, 802, "SEAL OF 1949", 11, "1 0 0")) == [
        "received 27 requests, granted 20 of them in the year",
        "SEAL OF 1949",
    ]


def test_coloured_print_that_lies_over_nothing_stays_where_it_is() -> None:
    page = over(50, 800, "A red heading", 20, "1 0 0") + made.words(50, 760, "black words under it, twenty of them")
    assert lines(page) == ["A red heading", "black words under it, twenty of them"]


def test_print_over_dotted_or_underlined_blanks_stays() -> None:
    page = made.words(50, 800, "received ________ requests") + over(103, 800, "27", 12, "0 0 1")
    assert " 27 " in " ".join(lines(page))


def test_a_running_head_does_not_cut_a_table_in_two() -> None:
    def page(number: int) -> str:
        head = made.words(200, 825, f"Report of the county {number}")
        return head + made.grid(50, 800, [100, 100], [[f"row {number}", str(number)]] * 37)

    found = lines(*(page(number) for number in range(3)))
    assert not [line for line in found if "county" in line]
    assert len(found) == 3 * 37


def test_lines_that_stand_on_two_pages_of_many_stay() -> None:
    pages = [made.words(50, 800, "Another line" if number > 1 else "The line") for number in range(4)]
    assert lines(*pages[:2], made.words(50, 700, "x"), made.words(50, 600, "y"))[:2] == ["The line", "The line"]


CODES = "/Font << /F1 3 0 R /F2 << /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Song /Encoding /Identity-H"
CODES += " /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Song"
CODES += " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >> >>"


def coded(x: int, y: int, count: int) -> str:
    return f"BT /F2 12 Tf {x} {y} Td <{''.join(f'{number:04x}' for number in range(900, 900 + count))}> Tj ET\n"


def test_letters_without_unicode_are_no_words() -> None:
    pdf = made.pdf(coded(50, 800, 30) + coded(50, 700, 9), resources=CODES).replace(b"<< /F1 3 0 R >> /Font ", b"")
    document = read_document(pdf)
    assert (document.pages, document.empty_pages, lines_of(document.marked)) == (1, 1, [])


@pytest.mark.parametrize(
    ("words", "rubbish"),
    [
        ("", False),
        ("本年度收到申请27件", False),
        ("(cid:20)(cid:21)" * 9, True),
        ("全年收到(cid:20)件申请，其中予以公开十二件", False),
        ("ÖÐ»ªÈËÃñ¹²ºÍ¹úÕþ¸®ÐÅÏ¢¹«¿ª", True),
        ("\ue123\ue124 12", True),
        ("12 34 0 0 5 117 2,300 95% total 12 34 0", False),
        ("Annual report of the county 2023 (draft)", False),
        ("ÖÐ»ª", False),
    ],
)
def test_rubbish_is_told_from_words(words: str, rubbish: bool) -> None:
    assert is_rubbish(words) is rubbish


def letter(text: str, x: float, top: float, size: float = 10.0, **more: object) -> dict[str, object]:
    box = {"text": text, "x0": x, "x1": x + size / 2, "top": top, "bottom": top + size, "size": size, "upright": True}
    return box | {"matrix": (size, 0, 0, size, x, top), "non_stroking_color": (0,), "tag": None} | more


def test_what_the_document_marks_as_artifact_is_no_print_unless_it_marks_all() -> None:
    letters = [letter("字", 20.0 * at, 100.0) for at in range(9)]
    assert len(printed([*letters, letter("7", 300, 800, tag="Artifact")], [], 595, 842).letters) == 9
    assert len(printed([entry | {"tag": "Artifact"} for entry in letters], [], 595, 842).letters) == 9


def test_one_letter_without_a_meaning_is_no_digit_and_is_counted() -> None:
    letters = [letter("字", 20.0 * at, 100.0) for at in range(9)] + [letter("(cid:20)", 200, 100)]
    page = printed(letters, [], 595, 842)
    assert (page.lost, page.letters[-1]["text"]) == (1, "\ufffd")


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60), st.sampled_from("123字")), max_size=60))
def test_no_letter_is_lost_or_made_up(places: list[tuple[int, int, str]]) -> None:
    letters = [letter(text, 10.0 * x, 12.0 * y) for x, y, text in places]
    kept = printed(letters, [], 595, 842).letters
    assert {(entry["x0"], entry["top"], entry["text"]) for entry in kept} == {
        (10.0 * x, 12.0 * y, text) for x, y, text in places
    }
