"""The statistical tables of the sample reports in the markup that real ones have.

Headers and spans as in sources/forms#how-the-tables-are-printed: caption rows across all columns, labels of one to
three columns by depth, `<br>` and second paragraphs inside a header, Word's spans that cut a number in two, blank
cells.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Literal

from crawler.sample.figures import APPLICANTS, REVIEW_GROUPS, REVIEW_RESULTS, Figures

Style = Literal["plain", "editor", "word"]
"""How a district's web master pastes tables: bare cells, the editor's paragraphs, or straight out of Word."""
Zero = Literal["0", "&nbsp;", "-"]
"""How a district prints that there was none; only a printed 0 is a figure."""

_EDGE = "border-top: none; border-bottom: 1px solid windowtext; border-left: none; border-right: 1px solid windowtext"
_WORD_FONT = "font-family: 宋体; font-size: 12.0pt; mso-bidi-font-size: 10.5pt"

_HEADS = ("自然人", "商业<br/>企业", "科研<br/>机构", "社会公益组织", "法律服务<br/>机构", "其他", "总计")
_DENIED = (
    ("denied_state_secret", "1.属于国家秘密"),
    ("denied_law_forbidden", "2.其他法律行政法规禁止公开"),
    ("denied_security_stability", "3.危及“三安全一稳定”"),
    ("denied_third_party", "4.保护第三方合法权益"),
    ("denied_internal", "5.属于三类内部事务信息"),
    ("denied_process", "6.属于四类过程性信息"),
    ("denied_enforcement_file", "7.属于行政执法案卷"),
    ("denied_admin_query", "8.属于行政查询事项"),
)
_UNABLE = (
    ("unable_not_held", "1.本机关不掌握相关政府信息"),
    ("unable_need_create", "2.没有现成信息需要另行制作"),
    ("unable_unclear", "3.补正后申请内容仍不明确"),
)
_REFUSED = (
    ("refused_petition", "1.信访举报投诉类申请"),
    ("refused_repeat", "2.重复申请"),
    ("refused_publication", "3.要求提供公开出版物"),
    ("refused_abusive", "4.无正当理由大量反复申请"),
    ("refused_confirm", "5.要求行政机关确认或重新出具已获取信息"),
)
_OTHER = (
    ("other_no_correction", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("other_fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("other_other", "3.其他"),
)


class Printer:
    """Prints the tables of one report and remembers which cells came out blank."""

    def __init__(self, figures: Figures, style: Style, zero: Zero) -> None:
        self.figures = figures
        self.style = style
        self.zero = zero
        self.blank: set[str] = set()

    def _cell(self, content: str, span: str = "") -> str:
        if self.style == "plain":
            return f"<td{span}>{content}</td>"
        if self.style == "editor":
            inner = f'<p style="text-indent: 0em;">{content}</p>'
            return f'<td{span} style="padding: 0 4px; {_EDGE}" valign="center">{inner}</td>'
        half = len(content) // 2 if content.isdigit() or (not content.isascii() and "<" not in content) else 0
        pieces = [content[:half], content[half:]] if half else [content]
        runs = "".join(f'<span lang="EN-US" style="{_WORD_FONT}">{piece}</span>' for piece in pieces)
        edge = f'width="52"{span} style="{_EDGE}; padding: 0cm 5.4pt; mso-border-alt: solid windowtext .5pt"'
        return f'<td {edge}><p class="MsoNormal" align="center" style="text-align: center">{runs}<o:p></o:p></p></td>'

    def _text(self, label: str, cols: int = 1, rows: int = 1) -> str:
        span = (f' colspan="{cols}"' if cols > 1 else "") + (f' rowspan="{rows}"' if rows > 1 else "")
        return self._cell(label, span)

    def _figure(self, code: str, cols: int = 1, signed: bool = False) -> str:
        value = self.figures[code]
        printed = f"{value:+d}" if signed and isinstance(value, int) and value > 0 else str(value)
        if value == 0 and self.zero != "0":
            self.blank.add(code)
            printed = self.zero
        return self._cell(printed, f' colspan="{cols}"' if cols > 1 else "")

    def _table(self, rows: list[str]) -> str:
        border = '<table border="1" cellspacing="0" cellpadding="0" align="center" style="border-collapse: collapse">'
        return border + "<tbody>" + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</tbody></table>"

    def annex2014(self) -> str:
        """《政府信息公开情况统计表》 of report years 2014 to 2018: label, unit, number."""
        rows = [self._text("统　计　指　标") + self._text("单位") + self._text("统计数")]
        table = resources.files("crawler.data.sample").joinpath("f2014.tsv").read_text("utf-8")
        for line in table.splitlines()[1:]:
            code, label, unit, _ = line.split("\t")
            number = self._text("——") if code == "-" else self._figure(code)
            indent = "\u3000" if label[0].isdigit() else ""
            rows.append(self._text(indent + label) + self._text(unit) + number)
        return self._table(rows)

    def article20(self, form: str) -> str:
        """Section 二: one table with a caption row for each item of article 20."""
        return self._table(self._article20_2019() if form == "f2019" else self._article20_2021())

    def _article20_2019(self) -> list[str]:
        caption = self._caption(5)
        rows = [caption("一"), self._heads("信息内容", "本年新<br/>制作数量", "*本年新<br/>公开数量", "对外公开总数量")]
        for label, name in (("规章", "art20_1_rules"), ("规范性文件", "art20_1_normative_docs")):
            rows.append(
                self._text(label)
                + self._figure(f"{name}_made_this_year")
                + self._figure(f"{name}_newly_disclosed", 2)
                + self._figure(f"{name}_disclosed_total")
            )
        blocks = {
            "五": (("行政许可", "art20_5_licence"), ("其他对外管理服务事项", "art20_5_other_service")),
            "六": (("行政处罚", "art20_6_penalty"), ("行政强制", "art20_6_coercion")),
        }
        for item, entries in blocks.items():
            rows += [caption(item), self._heads("信息内容", "上一年项目数量", "*本年增/减", "处理决定数量")]
            for label, name in entries:
                rows.append(
                    self._text(label)
                    + self._figure(f"{name}_items_last_year")
                    + self._figure(f"{name}_items_change", 2, signed=True)
                    + self._figure(f"{name}_decisions")
                )
        name = "art20_8_admin_fee"
        rows += [caption("八"), self._heads("信息内容", "*上一年项目数量", "*本年增/减")]
        fee = self._figure(f"{name}_items_last_year", 2) + self._figure(f"{name}_items_change", 2, signed=True)
        rows.append(self._text("行政事业性收费") + fee)
        name = "art20_9_procurement"
        rows += [caption("九"), self._heads("信息内容", "*采购项目数量", "*采购总金额")]
        bought = self._figure(f"{name}_projects", 2) + self._figure(f"{name}_amount", 2)
        rows.append(self._text("政府集中采购") + bought)
        return rows

    def _article20_2021(self) -> list[str]:
        caption = self._caption(4)
        rows = [caption("一"), self._heads("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")]
        for label, name in (("规章", "art20_1_rules"), ("行政规范性文件", "art20_1_normative_docs")):
            columns = ("issued_this_year", "repealed_this_year", "in_force")
            rows.append(self._text(label) + "".join(self._figure(f"{name}_{column}") for column in columns))
        blocks = {
            "五": (("行政许可", "art20_5_licence"),),
            "六": (("行政处罚", "art20_6_penalty"), ("行政强制", "art20_6_coercion")),
        }
        for item, entries in blocks.items():
            rows += [caption(item), self._text("信息内容") + self._text("本年处理决定数量", 3)]
            rows += [self._text(label) + self._figure(f"{name}_decisions", 3) for label, name in entries]
        rows += [caption("八"), self._text("信息内容") + self._text("本年收费金额（单位：万元）", 3)]
        rows.append(self._text("行政事业性收费") + self._figure("art20_8_admin_fee_amount_wan", 3))
        return rows

    def _caption(self, cols: int) -> Callable[[str], str]:
        return lambda item: self._text(f"第二十条第（{item}）项", cols)

    def _heads(self, *labels: str) -> str:
        """Header cells; a star before a label: two columns wide."""
        return "".join(self._text(label.lstrip("*"), 2 if label.startswith("*") else 1) for label in labels)

    def requests(self, form: str) -> str:
        """Section 三: the requests by applicant and outcome."""
        note = "（本列数据的勾稽关系为：第一项加第二项之和，<br/>等于第三项加第四项之和）"
        rows = [
            self._text(note, 3, 3) + self._text("申请人情况", 7),
            self._text(_HEADS[0], 1, 2) + self._text("法人或其他组织", 5) + self._text(_HEADS[6], 1, 2),
            "".join(self._text(head) for head in _HEADS[1:6]),
            self._text("一、本年新收政府信息公开申请数量", 3) + self._numbers("new_received"),
            self._text("二、上年结转政府信息公开申请数量", 3) + self._numbers("carried_in"),
        ]
        block = self._text("三、本年<br/>度办理结果", 1, 20 if form == "f2019" else 22)
        rows.append(block + self._text("（一）予以公开", 2) + self._numbers("granted"))
        partial = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
        rows.append(self._text(partial, 2) + self._numbers("partial"))
        groups = [("（三）不予公开", _DENIED), ("（四）无法提供", _UNABLE), ("（五）不予处理", _REFUSED)]
        if form == "f2021":
            groups.append(("（六）其他处理", _OTHER))
        for heading, entries in groups:
            for position, (row, label) in enumerate(entries):
                first = self._text(heading, 1, len(entries)) if position == 0 else ""
                rows.append(first + self._text(label) + self._numbers(row))
        if form == "f2019":
            rows.append(self._text("（六）其他处理", 2) + self._numbers("other"))
        rows.append(self._text("（七）总计", 2) + self._numbers("total_processed"))
        rows.append(self._text("四、结转下年度继续办理", 3) + self._numbers("carried_out"))
        return self._table(rows)

    def _numbers(self, row: str) -> str:
        return "".join(self._figure(f"req_{row}__{column}") for column in (*APPLICANTS, "total"))

    def reviews(self) -> str:
        """Section 四: one row of fifteen numbers."""
        results = ("结果<br/>维持", "结果<br/>纠正", "其他<br/>结果", "尚未<br/>审结", "总计")
        names = (*REVIEW_RESULTS, "total")
        return self._table(
            [
                self._text("行政复议", 5) + self._text("行政诉讼", 10),
                "".join(self._text(result, 1, 2) for result in results)
                + self._text("未经复议直接起诉", 5)
                + self._text("复议后起诉", 5),
                "".join(self._text(result) for result in results * 2),
                "".join(self._figure(f"{group}_{name}") for group in REVIEW_GROUPS for name in names),
            ]
        )
