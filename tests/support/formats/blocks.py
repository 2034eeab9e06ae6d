"""What a made document says: paragraphs and tables; the toy one, and the official template of 2021 with its figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from crawler.reference.measures import StatisticalForm, form_of
from pipelines.marked.document import Cell

HEADING = "示例市2023年政府信息公开工作年度报告"
_TITLE = "沈阳市大东区2023年政府信息公开工作年度报告"


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its cells; a merged one stands once, with all the fields that it covers."""

    cells: tuple[Cell, ...]

    @property
    def height(self) -> int:
        """Rows."""
        return max(cell.row + cell.rows for cell in self.cells)

    @property
    def width(self) -> int:
        """Columns."""
        return max(cell.column + cell.columns for cell in self.cells)

    def rows(self) -> list[list[tuple[Cell, bool]]]:
        """The cells of each row from left to right, each with whether it only goes on from the row above."""
        found: list[list[tuple[Cell, bool]]] = [[] for _ in range(self.height)]
        for cell in self.cells:
            for down in range(cell.rows):
                found[cell.row + down].append((cell, down > 0))
        return [sorted(row, key=lambda entry: entry[0].column) for row in found]

    def fields(self) -> list[list[str]]:
        """The words of each field; those that a merged cell covers beside its first are empty."""
        found = [[""] * self.width for _ in range(self.height)]
        for cell in self.cells:
            found[cell.row][cell.column] = cell.words
        return found


Block = str | Table

_RUN = re.compile(r"\{(\w+)\|([^{}]*)\}")


def runs(words: str) -> list[tuple[str, str]]:
    """Words by the way that they are set: `1{deleted|3}7` is 1 and 7 plainly and 3 deleted; "" for plainly."""
    found, at = [], 0
    for match in _RUN.finditer(words):
        found += [("", words[at : match.start()]), (match[1], match[2])]
        at = match.end()
    return [(kind, said) for kind, said in [*found, ("", words[at:])] if said]


TOY: list[Block] = [
    HEADING,
    Table(
        (
            Cell("行政复议", 0, 0, 1, 5),
            *(Cell(words, 1, at) for at, words in enumerate(("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"))),
            *(Cell(words, 2, at) for at, words in enumerate("31026")),
        )
    ),
    "后",
]
"""The head of section four over five columns, between two paragraphs."""

Truth = dict[str, float]


def official(random: Random) -> tuple[list[Block], Truth]:
    """A report in the format of 2021 with figures at random whose sums hold, and the value of each of its 200 cells."""
    form = form_of("f2021")
    truth = _figures(form, random)
    return [
        _TITLE,
        "一、总体情况",
        "本机关认真贯彻落实《中华人民共和国政府信息公开条例》，各项工作平稳有序。",
        "二、主动公开政府信息情况",
        _article20(form, truth),
        "三、收到和处理政府信息公开申请情况",
        _requests(form, truth),
        "四、政府信息公开行政复议、行政诉讼情况",
        _reviews(form, truth),
        "五、存在的主要问题及改进情况",
        "公开的内容还不够丰富，下一步将继续加强学习，改进服务。",
        "六、其他需要报告的事项",
        "无其他需要报告的事项。",
    ], truth


def _figures(form: StatisticalForm, random: Random) -> Truth:
    def count() -> int:
        return 0 if random.random() < 0.4 else random.randint(1, random.choice((9, 99, 4321)))

    truth: Truth = {}
    for caption in form.captions:
        for row in caption.rows:
            for head in caption.columns:
                amount = head.code == "amount_wan"
                value = round(random.random() * 900, random.choice((2, 4))) if amount else count()
                truth[f"{caption.code}_{row.code}_{head.code}"] = value
    columns = [column.code for column in form.request_columns]
    whole = ("new_received", "carried_in", "total_processed", "carried_out")
    for column in columns[:-1]:
        parts = {row.code: count() for row in form.request_rows if row.code not in whole}
        processed, out = sum(parts.values()), count()
        before = random.randint(0, processed + out)
        ends = {"new_received": processed + out - before, "carried_in": before}
        ends |= {"total_processed": processed, "carried_out": out}
        truth |= {f"req_{code}__{column}": value for code, value in (parts | ends).items()}
    for row in form.request_rows:
        truth[f"req_{row.code}__{columns[-1]}"] = sum(truth[f"req_{row.code}__{column}"] for column in columns[:-1])
    for group in form.groups:
        results = {result.code: count() for result in form.results[:-1]}
        truth |= {f"{group.code}_{code}": value for code, value in results.items()}
        truth[f"{group.code}_{form.results[-1].code}"] = sum(results.values())
    return truth


def _article20(form: StatisticalForm, truth: Truth) -> Table:
    width = max(len(caption.columns) for caption in form.captions)
    cells, at = list[Cell](), 0
    for caption in form.captions:
        cells.append(Cell(caption.label, at, 0, 1, width + 1))
        lines = [("信息内容", [column.label for column in caption.columns])]
        for row in caption.rows:
            codes = [f"{caption.code}_{row.code}_{column.code}" for column in caption.columns]
            lines.append((row.label, [f"{truth[code]}" for code in codes]))
        for down, (label, entries) in enumerate(lines, at + 1):
            wide = width // len(entries)
            cells.append(Cell(label, down, 0))
            cells += [Cell(words, down, 1 + wide * place, 1, wide) for place, words in enumerate(entries)]
        at += 1 + len(lines)
    return Table(tuple(cells))


def _requests(form: StatisticalForm, truth: Truth) -> Table:
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    heads = [column.label for column in form.request_columns]
    cells = [Cell(note, 0, 0, 3, 3), Cell("申请人情况", 0, 3, 1, 7), Cell(heads[0], 1, 3, 2)]
    cells += [Cell("法人或其他组织", 1, 4, 1, 5), Cell(heads[-1], 1, 9, 2)]
    cells += [Cell(words, 2, 4 + place) for place, words in enumerate(heads[1:-1])]
    blocks = {block.code: block.label for block in form.request_blocks}
    sizes = {code: sum(row.block == code for row in form.request_rows) for code in blocks}
    outer = ("new_received", "carried_in", "carried_out")
    inner = len(form.request_rows) - len(outer)
    seen: set[str] = set()
    for at, row in enumerate(form.request_rows, 3):
        if row.code in outer:
            cells.append(Cell(row.label, at, 0, 1, 3))
        else:
            if "results" not in seen:
                cells.append(Cell(blocks["results"], at, 0, inner))
                seen.add("results")
            if row.block is None:
                cells.append(Cell(row.label, at, 1, 1, 2))
            else:
                if row.block not in seen:
                    cells.append(Cell(blocks[row.block], at, 1, sizes[row.block]))
                    seen.add(row.block)
                cells.append(Cell(row.label, at, 2))
        for place, head in enumerate(form.request_columns, 3):
            cells.append(Cell(f"{truth[f'req_{row.code}__{head.code}']}", at, place))
    return Table(tuple(cells))


def _reviews(form: StatisticalForm, truth: Truth) -> Table:
    results, wide = form.results, len(form.results)
    cells = [Cell("行政复议", 0, 0, 1, wide), Cell("行政诉讼", 0, wide, 1, 2 * wide)]
    for number, group in enumerate(form.groups):
        if number:
            cells.append(Cell(group.label, 1, wide * number, 1, wide))
        for place, result in enumerate(results, wide * number):
            cells.append(Cell(result.label, 2, place) if number else Cell(result.label, 1, place, 2))
            cells.append(Cell(f"{truth[f'{group.code}_{result.code}']}", 3, place))
    return Table(tuple(cells))
