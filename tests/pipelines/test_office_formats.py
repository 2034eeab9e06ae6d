"""Word's and Excel's files as their programs show them: wrappers, text boxes, list numbers, odd forms of the format."""

from __future__ import annotations

import zipfile
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO

import pytest

from pipelines.documents import format_of
from pipelines.documents.custody import read_document
from pipelines.marked.document import UnreadableError
from pipelines.marked.flatten import lines_of
from pipelines.statistics.grid import grids_in
from tests.support import documents_made as made

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RUN = "<w:r><w:t>7</w:t></w:r>"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
    ' ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/numbering.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def docx(body: str, numbering: str = "") -> bytes:
    """A package with this body; `numbering`: the inside of the part of list numbers."""
    relation = f'<Relationship Id="r1" Type="{OFFICE}/{{}}" Target="{{}}"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{relation.format("officeDocument", "word/document.xml")}'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
    }
    if numbering:
        parts["word/numbering.xml"] = f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>'
        parts["word/_rels/document.xml.rels"] = (
            f'<Relationships xmlns="{PACKAGE}">{relation.format("numbering", "numbering.xml")}</Relationships>'
        )
    return made.zipped(parts)


def paragraph(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def words(said: str) -> str:
    return f"<w:r><w:t>{said}</w:t></w:r>"


def lines(body: bytes) -> list[str]:
    return lines_of(read_document(body).marked)


@pytest.mark.parametrize(
    "inside",
    [
        f"<w:ins>{RUN}</w:ins>",
        f"<w:moveTo>{RUN}</w:moveTo>",
        f"<w:smartTag><w:smartTag>{RUN}</w:smartTag></w:smartTag>",
        f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{RUN}</w:sdtContent></w:sdt>",
        f'<w:fldSimple w:instr="PAGE">{RUN}</w:fldSimple>',
        f"<w:customXml><w:ins>{RUN}</w:ins></w:customXml>",
        f"<w:hyperlink>{RUN}</w:hyperlink>",
        f"<w:del><w:r><w:delText>3</w:delText></w:r></w:del>{RUN}",
        f"<w:moveFrom><w:r><w:t>3</w:t></w:r></w:moveFrom>{RUN}",
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>3</w:t></w:r>{RUN}",
        f"<w:r><w:rPr><w:strike/></w:rPr><w:t>3</w:t></w:r>{RUN}",
        '<w:r><w:rPr><w:strike w:val="false"/></w:rPr><w:t>7</w:t></w:r>',
        f'{RUN}<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>[2]</w:t></w:r>',
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{words('9')}</w:rt><w:rubyBase>{RUN}</w:rubyBase></w:ruby></w:r>",
    ],
)
def test_a_digit_is_read_where_word_shows_it(inside: str) -> None:
    assert lines(docx(paragraph(words("收到申请1") + inside + words("件。")))) == ["收到申请17件。"]


def test_a_power_of_a_unit_is_no_mark_of_a_note() -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
    assert lines(docx(paragraph(words("场所30m") + raised))) == ["场所30m2"]


def test_rows_and_cells_in_controls_stand_in_their_table_and_deleted_rows_do_not() -> None:
    def row(first: str, second: str, properties: str = "") -> str:
        cells = "".join(f"<w:tc>{paragraph(words(said))}</w:tc>" for said in (first, second))
        return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"

    table = row("a", "b") + row("x", "9", "<w:del/>") + f"<w:sdt><w:sdtContent>{row('c', '2')}</w:sdtContent></w:sdt>"
    table += row("d", "3", "<w:ins/>")
    assert lines(docx(f"<w:tbl><w:tblGrid/>{table}</w:tbl>")) == ["a\tb", "c\t2", "d\t3"]


def test_what_stands_in_text_boxes_follows_once() -> None:
    content = f"<w:txbxContent>{paragraph(words('in the box'))}{paragraph(words('twice'))}</w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = f'<w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="x"><w:drawing>{content}</w:drawing>'
    box += f"</mc:Choice><mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    assert lines(docx(paragraph(words("before") + box) + paragraph(words("after")))) == [
        "before", "in the box", "twice", "after",
    ]  # fmt: skip


LEVELS = (
    '<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>'
)


def test_numbers_that_word_gives_a_list_are_words() -> None:
    def item(said: str, level: int, number: int = 1) -> str:
        return paragraph(words(said), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')

    body = item("总体情况", 0) + item("first", 1) + item("second", 1) + item("dot", 2) + item("主动公开", 0)
    body += item("again", 1) + item("none", 0, 0) + "".join(item(f"x{at}", 0) for at in range(9))
    found = lines(docx(body, LEVELS))
    assert found[:7] == ["一、总体情况", "一.1first", "一.2second", "dot", "二、主动公开", "二.1again", "none"]
    assert found[-2:] == ["十、x7", "十一、x8"]


def test_the_strict_form_is_read() -> None:
    plain = docx(paragraph(words("a strict word")))
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(plain)) as package, zipfile.ZipFile(out, "w") as strict:
        for name in package.namelist():
            part = package.read(name).replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
            strict.writestr(
                name, part.replace(OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")
            )
    assert lines(out.getvalue()) == ["a strict word"]


def test_a_part_in_another_format_is_told() -> None:
    document = read_document(docx(paragraph(words("x")) + "<w:altChunk/>"))
    assert document.problems == ["a part of it is in another format and was not read"]


def test_word_xml_of_2003_and_the_flat_package_are_read() -> None:
    rows = '<w:tbl><w:tr><w:tc><w:tcPr><w:vmerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>over two</w:t></w:r></w:p>'
    rows += (
        "</w:tc><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vmerge/></w:tcPr><w:p/>"
    )
    rows += "</w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    old = '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.'
    old += f'microsoft.com/office/word/2003/wordml" xmlns:x="urn:x"><w:body><x:sect>{rows}</x:sect></w:body>'
    old += "</w:wordDocument>"
    assert format_of(old.encode()) == "wordxml"
    assert lines(old.encode()) == ["over two\t1", "\t2"]
    flat = '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
    with zipfile.ZipFile(BytesIO(docx(paragraph(words("flat"))))) as package:
        for name in package.namelist():
            if name != "[Content_Types].xml":
                kind = "rels" if name.endswith("rels") else made_type()
                flat += f'<pkg:part pkg:name="/{name}" pkg:contentType="{kind}"><pkg:xmlData>'
                flat += package.read(name).decode() + "</pkg:xmlData></pkg:part>"
    assert lines(f"{flat}</pkg:package>".encode()) == ["flat"]


def made_type() -> str:
    return "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def test_an_xml_spreadsheet_keeps_its_places() -> None:
    def cell(said: str, more: str = "") -> str:
        return f"<Cell {more}><Data>{said}</Data></Cell>"

    rows = "<Row>" + cell("head", "ss:MergeAcross='1'") + cell("z") + "</Row><Row ss:Index='3'>" + cell("a")
    rows += cell("12.0", "ss:Index='3'") + "</Row>"
    hidden = '<x:WorksheetOptions xmlns:x="urn:schemas-microsoft-com:office:excel"><x:Visible>SheetHidden</x:Visible>'
    body = f'<?xml version="1.0"?><Workbook xmlns="{SPREADSHEET}" xmlns:ss="{SPREADSHEET}"><Worksheet ss:Name="one">'
    body += f"<Table>{rows}</Table></Worksheet><Worksheet ss:Name='two'><Table><Row>{cell('no')}</Row></Table>{hidden}"
    body += "</x:WorksheetOptions></Worksheet></Workbook>"
    document = read_document(body.encode())
    assert document.format == "sheetxml"
    (grid,) = grids_in(document.marked)
    assert (grid.place, [place.cell and place.cell.raw for place in grid.rows[0].places]) == (
        "sheet «one»", ["head", "z"],
    )  # fmt: skip
    assert lines(body.encode())[-1] == "a\t\t12"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", ["\t", "|", ","])
def test_plain_text_is_paragraphs_and_tables(charset: str, sign: str) -> None:
    table = [["指标", "单位", "全年", "备注"], ["收到申请", "件", "27", ""], ["予以公开", "件", "20", ""]]
    text = "\r\n".join(sign.join(row) for row in table) + "\r\n"
    if sign != ",":
        text = "关于本年度的说明。\r\n" + text + "完。\r\n"
    found = read_document(text.encode(charset))
    assert found.format == "txt"
    (grid,) = grids_in(found.marked)
    assert [[cell.raw if cell else "" for cell in row] for row in grid.rows] == table


def test_a_bar_and_a_comma_in_prose_make_no_table() -> None:
    text = "第一段，说明。\n字体：大|中|小\n第二段, with, commas, in, it.\n第三段。\n第四段。\n"
    assert lines(text.encode())[-3:] == ["第二段, with, commas, in, it.", "第三段。", "第四段。"]


def test_the_page_of_an_mhtml_is_read_in_its_own_charset() -> None:
    whole = MIMEMultipart("related")
    whole.attach(
        MIMEText("<html><body><p>本年度报告</p><table><tr><td>a</td><td>1</td></tr></table>", "html", "gb18030")
    )
    for head in (b"", b"From: <saved>\r\nSubject: x\r\n", b"\r\n"):
        assert format_of(head + whole.as_bytes()) == "mhtml"
        assert lines(head + whole.as_bytes()) == ["本年度报告", "a\t1"]


@pytest.mark.parametrize("body", [b"<w:wordDocument>", b"Content-Type: multipart/related\r\n", b"<pkg:package>"])
def test_broken_ones_say_so(body: bytes) -> None:
    with pytest.raises(UnreadableError, match="broken"):
        read_document(body)
