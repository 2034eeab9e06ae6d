"""Awkward but legal tables over random true figures: what real web masters do to the forms, combined at random.

`awkward(random)` gives a page's body and the true value of every cell it prints (None: printed blank). Every oddity
was met in real reports; what is read of a table must be what was written, or NULL with a problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from crawler.records.report import Form
from crawler.reference.measures import StatisticalForm, Word, form_of

Truth = dict[str, float | None]


@dataclass
class Awkward:
    """One page's body with the truth about it."""

    form: Form
    html: str
    truth: Truth
    oddities: list[str]
    gone: set[str]
    unsaid: set[str]


class Maker:
    """Makes one page; each oddity is switched on with its own chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.form: Form = random.choice(("f2019", "f2021", "f2014"))
        self.data: StatisticalForm = form_of(self.form)
        self.truth: Truth = {}
        self.gone: set[str] = set()
        """Codes whose cell was left out: nothing is stated, and no value may be read."""
        self.unsaid: set[str] = set()
        """Codes of rows that print nothing at all, neither a label nor a number: there is nothing to tell of."""
        self.oddities: list[str] = []
        self.zero = random.choice(("0", "0", "", "&nbsp;", "-", "—", "/", "０"))
        self.wide = self.maybe("full-width digits", 0.1)
        self.split = self.maybe("digits over spans", 0.2)
        self.stacked = self.maybe("labels one character a line", 0.1)
        self.numbering = random.choice((None, None, "．", "、", "()", "none", " "))
        self.cut = self.maybe("labels cut", 0.1)
        self.thousands = self.maybe("thousands", 0.1)
        self.padded = self.maybe("spaces", 0.2)
        self.paragraphs = self.maybe("a paragraph in each cell", 0.3)

    def maybe(self, name: str, chance: float) -> bool:
        """Throw the dice for an oddity and remember it."""
        if self.random.random() < chance:
            self.oddities.append(name)
            return True
        return False

    def number(self, code: str, most: int = 400, unit: str = "") -> str:
        """A true number for a code, printed in some way."""
        random = self.random
        signed = code.endswith("_items_change")
        value: float = 0 if random.random() < 0.5 else random.randint(1, most if random.random() < 0.8 else 120_000)
        if code.endswith("_wan") and random.random() < 0.5:
            value = round(value + random.randint(0, 999_999) / 1_000_000, random.choice((1, 2, 6)))
        if signed and random.random() < 0.4:
            value = -value
        text = f"{value:,}" if self.thousands and abs(value) >= 1000 else f"{value}"
        if value == 0:
            self.truth[code] = 0 if self.zero in ("0", "０") else None
            return self.cell(self.zero)
        self.truth[code] = value
        if signed and random.random() < 0.5:
            text = (
                random.choice(("+", "增", "增加", "")) + text
                if value > 0
                else random.choice((text, "减" + text[1:], "－" + text[1:]))
            )
        if self.wide:
            text = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in text)
        if random.random() < 0.05 and not unit and not code.endswith(("_wan", "_amount")):
            text += random.choice(("件", "（其中修订3件）"))
        if code.endswith("_amount") and random.random() < 0.5:
            text += "元"
        if self.split and len(text) > 1:
            text = f"<span>{text[:1]}</span><span>{text[1:]}</span>"
        return self.cell(text)

    def cell(self, text: str) -> str:
        """What stands between <td> and </td>."""
        if self.padded:
            text = self.random.choice((f" {text}", f"{text}\n", f"&nbsp;{text}\u3000", text))
        return f"<p>{text}</p>" if self.paragraphs else text

    def label(self, label: str) -> str:
        """A label as some web master types it."""
        random = self.random
        head, mark, rest = label.partition(".")
        if mark and head.isdigit():
            how = self.numbering
            label = {
                None: label, "．": f"{head}．{rest}", "、": f"{head}、{rest}", "()": f"({head}){rest}", "none": rest,
                " ": f"{head}. {rest}",
            }[how]  # fmt: skip
        elif self.numbering == "none" and label[:2] in ("一、", "二、", "四、"):
            label = label[2:]
        if "（区分处理" in label and random.random() < 0.4:
            label = label[: label.index("（区分处理")]
        if self.cut and len(label) > 14 and "不予" not in label:
            label = label[: max(12, len(label) - random.randint(1, 6))]
        label = label.replace("“", "").replace("”", "") if random.random() < 0.2 else label
        if self.stacked:
            return "<br/>".join(label)
        if random.random() < 0.2 and len(label) > 4:
            at = random.randint(2, len(label) - 2)
            label = label[:at] + random.choice(("<br>", " ", "</p><p>" if self.paragraphs else "<br/>")) + label[at:]
        return self.cell(label)

    def td(self, html: str, columns: int = 1, rows: int = 1) -> str:
        """One cell with its spans."""
        spans = f' colspan="{columns}"' if columns > 1 else ""
        spans += f' rowspan="{rows}"' if rows > 1 else ""
        return f"<td{spans}>{html}</td>"

    def article20(self) -> list[list[str]]:
        """Section 二 as tables of rows: one, or one for each item of the article."""
        apart = self.maybe("a table for each article", 0.25)
        order_shift = self.maybe("caption outside", 0.2) and apart
        spare = self.random.choice((0, 0, 1))
        tables: list[list[str]] = [[]]
        for caption in self.data.captions:
            rows: list[str] = []
            width = max(len(one.columns) for one in self.data.captions) + spare
            if not order_shift:
                rows.append(self.td(self.label(caption.label), width + 1))
            spans = self.spans(len(caption.columns), width)
            heads = [
                self.td(self.label(column.label), span) for column, span in zip(caption.columns, spans, strict=True)
            ]
            rows.append(self.td("信息内容") + "".join(heads))
            for row in caption.rows:
                codes = [f"{caption.code}_{row.code}_{column.code}" for column in caption.columns]
                if self.random.random() < 0.2:
                    spans = self.spans(len(codes), width) if spare == 0 else spans
                cells = [self.td(self.number(code), span) for code, span in zip(codes, spans, strict=True)]
                rows.append(self.td(self.label(row.label)) + "".join(cells))
            if apart and tables[-1]:
                tables.append([])
            tables[-1] += rows
        return tables

    def spans(self, cells: int, width: int) -> list[int]:
        """Column spans of so many cells that fill the width."""
        spans = [1] * cells
        if cells == 1:
            return [width]
        for _ in range(width - cells):
            spans[self.random.randrange(cells)] += 1
        return spans

    def requests(self) -> list[list[str]]:
        """Section 三 as tables of rows: whole, or cut in two."""
        random, data = self.random, self.data
        subtotal = self.maybe("法人小计 column", 0.15)
        flat = self.maybe("header in one row", 0.2)
        doubled = self.maybe("label column doubled", 0.1)
        bare = self.maybe("no spans on label columns", 0.15)
        footer = self.maybe("page numbers in the table", 0.15)
        columns: list[Word | None] = list(data.request_columns)
        headless = self.maybe("no header", 0.05)
        if flat and not headless and self.maybe("columns in another order", 0.3):
            random.shuffle(columns)
        if subtotal:
            columns.insert(6, None)
        holes = self.maybe("a cell left out", 0.1)
        unlabelled = self.maybe("labels left out", 0.1)
        wide = self.maybe("columns two fields wide", 0.1)
        labels = 3 + doubled
        across = 2 if wide else 1
        heads = [self.td(self.label(column.label if column else "小计"), across) for column in columns]
        rows: list[str] = []
        note = "（本列数据的勾稽关系为：第一项加第二项之和，<br/>等于第三项加第四项之和）"
        if flat:
            rows.append(self.td(note, labels) + "".join(heads))
        else:
            rows.append(self.td(note, labels, 3) + self.td("申请人情况", len(columns) * across))
            inside = (len(columns) - 2) * across
            rows.append(self.td("自然人", across, 2) + self.td("法人或其他组织", inside) + self.td("总计", across, 2))
            rows.append("".join(heads[1:-1]))
        blocks = {block.code: block.label for block in data.request_blocks}
        inside_rows = [
            row for row in data.request_rows if row.code not in ("new_received", "carried_in", "carried_out")
        ]
        merged = self.random.random() < 0.85
        at_block: str | None = None
        for row in data.request_rows:
            cells = [
                self.td(self.number(f"req_{row.code}__{column.code}") if column else "7", across) for column in columns
            ]
            if holes and random.random() < 0.15:
                gone = random.randrange(len(columns))
                cells.pop(gone)
                if (column := columns[gone]) is not None:
                    self.gone.add(f"req_{row.code}__{column.code}")
            numbers = "".join(cells)
            own = "" if unlabelled and random.random() < 0.2 else row.label
            if not own and not re.sub(r"<[^>]*>|&nbsp;|\s", "", numbers):
                self.unsaid.update(f"req_{row.code}__{column.code}" for column in columns if column)
            outer = row not in inside_rows
            if outer:
                label = self.td(self.label(own), 1 if bare else labels)
                rows.append(label + ("<td></td>" * (labels - 1) if bare else "") + numbers)
                continue
            first = ""
            if row is inside_rows[0] or not merged:
                text = self.label("三、本年度办理结果")
                first = self.td(text, 1, len(inside_rows) if merged else 1)
                if doubled:
                    first += first
            if row.block is None:
                rows.append(first + self.td(self.label(own), 2) + numbers)
            else:
                members = [other for other in inside_rows if other.block == row.block]
                block = ""
                if row.block != at_block or not merged:
                    block = self.td(self.label(blocks[row.block]), 1, len(members) if merged else 1)
                rows.append(first + block + self.td(self.label(own)) + numbers)
            at_block = row.block
        if footer:
            rows.insert(random.randint(len(rows) - 3, len(rows) - 1), self.td("- 4 -", labels + len(columns) * across))
        if headless:
            del rows[: 1 if flat else 3]
        if merged or not self.maybe("cut in two", 0.5):
            return [rows]
        at = random.randint(8, len(rows) - 3)
        second = rows[at:] if random.random() < 0.5 or not flat or headless else [rows[0], *rows[at:]]
        return [rows[:at], second]

    def reviews(self) -> list[str]:
        """Section 四: fifteen numbers."""
        results, groups = self.data.results, self.data.groups
        heads = [self.label(result.label) for result in results]
        rows = [self.td("行政复议", 5) + self.td("行政诉讼", 10)]
        if self.maybe("section 四 without row spans", 0.3):
            rows.append("<td></td>" * 5 + self.td("未经复议直接起诉", 5) + self.td("复议后起诉", 5))
            rows.append("".join(map(self.td, heads * 3)))
        else:
            rows.append(
                "".join(self.td(head, 1, 2) for head in heads)
                + self.td("未经复议直接起诉", 5)
                + self.td(self.label("复议后起诉"), 5)
            )
            rows.append("".join(map(self.td, heads * 2)))
        codes = [f"{group.code}_{result.code}" for group in groups for result in results]
        cells = [self.td(self.number(code, 30)) for code in codes]
        if self.maybe("a number of section 四 left out", 0.05):
            gone = self.random.randrange(len(codes))
            cells.pop(gone)
            self.gone.add(codes[gone])
        rows.append("".join(cells))
        return rows

    def annex(self) -> list[str]:
        """The annex of 2014: a label, a unit, a number; perhaps a serial number, 累计 or parts of the district."""
        serial = self.maybe("serial numbers", 0.15)
        extra = self.random.choice((None, None, None, "累计", "parts", "remarks"))
        unit = self.random.random() < 0.9
        if extra:
            self.oddities.append(f"column: {extra}")
        before = ["历年累计"] if extra == "累计" and self.random.random() < 0.5 else []
        after = {"parts": ["区直单位统计数", "乡镇街道统计数"], "remarks": ["备注"]}.get(extra or "", [])
        if extra == "累计" and not before:
            after = ["历年累计"]
        mine = "合计" if extra == "parts" else self.random.choice(("统计数", "数量", "统 计 数"))
        heads = ["统计指标", *(["单位"] if unit else []), *before, mine, *after]
        rows = ["".join(self.td(self.label(head)) for head in ([*(["序号"] if serial else []), *heads]))]
        if self.maybe("caption as a row", 0.3):
            rows.insert(0, self.td("政府信息公开情况统计表", len(heads) + serial))
        for position, row in enumerate(self.data.annex, 1):
            if row.code == "review_total" and self.maybe("local rows", 0.3):
                local = self.td("（四）其他本地指标数") + self.td("件") * unit
                local += self.td("5") * len(before) + self.td("17") + self.td("5") * len(after)
                rows.append(self.td(str(position)) * serial + local)
            label = self.td(self.label(row.label)) + (self.td(row.unit or "") if unit else "")
            number = self.td(self.number(row.code))
            others = self.td("" if extra == "remarks" else "9") * len(after)
            rows.append(self.td(str(position)) * serial + label + self.td("888") * len(before) + number + others)
        return rows


def table(rows: list[str]) -> str:
    """The rows as HTML."""
    return "<table border='1'><tbody>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>"


def awkward(random: Random) -> Awkward:
    """A body with the tables of one form, awkward at random."""
    maker = Maker(random)
    wrap: Callable[[str], str] = str
    if maker.maybe("inside a layout table", 0.15):
        wrap = "<table><tr><td>{}</td></tr></table>".format
    if maker.form == "f2014":
        html = f"<div><p>附件：统计表</p>{table(maker.annex())}</div>"
        return Awkward(maker.form, f"<div>{wrap(html)}</div>", maker.truth, maker.oddities, maker.gone, maker.unsaid)
    second, third, fourth = maker.article20(), maker.requests(), maker.reviews()
    if maker.maybe("tables glued", 0.1):
        tables = [[*(row for part in (*second, *third, fourth) for row in part)]]
        html = "<p>二、主动公开政府信息情况</p>" + table(tables[0])
    else:
        html = "<p>二、主动公开政府信息情况</p>" + "".join(map(table, second))
        html += "<p>三、收到和处理政府信息公开申请情况</p>" + "".join(map(table, third))
        html += "<p>四、政府信息公开行政复议、行政诉讼情况</p>" + table(fourth)
    return Awkward(maker.form, f"<div>{wrap(html)}</div>", maker.truth, maker.oddities, maker.gone, maker.unsaid)
