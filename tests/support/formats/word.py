"""Word's formats that are text: RTF, the package (DOCX) and its flat form, the XML of 2003."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO

from tests.support.formats.blocks import Block, Table, runs

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
_AML = "http://schemas.microsoft.com/aml/2001/core"

RTF_RUNS = {
    "": "{}",
    "deleted": r"{{\deleted\revauthdel1\revdttmdel1234 {}}}",
    "inserted": r"{{\revised\revauth1\revdttm1234 {}}}",
    "hidden": r"{{\v {}}}",
    "struck": r"{{\strike {}}}",
    "twice": r"{{\striked1 {}}}",
    "raised": r"{{\super {}}}",
    "bold": r"{{\b {}}}",
    "shown": r"{{\v\fs20\v0 {}}}",
    "plain": r"\v\plain {}",
    "open": r"\v {}\v0 ",
    "footnote": r"{{\super\chftn{{\footnote\pard\plain {}}}}}",
    "link": r'{{\field{{\*\fldinst{{HYPERLINK "http://x/12"}}}}{{\fldrslt{{\ul {}}}}}}}',
    "field": r"{{\field{{\*\fldinst PAGE {} }}{{\fldrslt }}}}",
}
"""How runs are set in an RTF: what stands around the words."""
_PROPERTIES = {
    "hidden": "<w:vanish/>",
    "struck": "<w:strike/>",
    "twice": "<w:dstrike/>",
    "raised": '<w:vertAlign w:val="superscript"/>',
    "bold": "<w:b/>",
}


def rtf(blocks: Iterable[Block]) -> bytes:
    """Letters beyond ASCII as `\\u`, tables by their rows' definitions; a cell's line break is a paragraph."""
    body = ""
    for block in blocks:
        if isinstance(block, str):
            body += f"\\pard {_said(block)}\\par\n"
            continue
        for row in block.rows():
            told = words = ""
            for cell, goes_on in row:
                joined = "\\clvmrg" if goes_on else "\\clvmgf" if cell.rows > 1 else ""
                told += f"{joined}\\cellx{1000 * (cell.column + cell.columns)}"
                words += f"{'' if goes_on else _said(cell.words)}\\cell "
            body += f"\\trowd\\trleft0{told}\\pard\\intbl {words}\\row\n"
    return f"{{\\rtf1\\ansi\\ansicpg936 {{\\fonttbl{{\\f0 SimSun;}}}}\n{body}}}".encode("ascii")


def _said(words: str) -> str:
    return "".join(RTF_RUNS[how].format(_escaped(said)) for how, said in runs(words))


def _escaped(words: str) -> str:
    signs = (sign if sign.isascii() else f"\\u{ord(sign)}?" for sign in words)
    return "".join(signs).replace("\n", "\\par ")


def docx(blocks: Iterable[Block]) -> bytes:
    """A package whose parts are the least that Word asks for."""
    relation = f'<Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="{_RELATIONS}"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        )
        package.writestr("_rels/.rels", f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>')
        package.writestr("word/document.xml", _document(blocks))
    return out.getvalue()


def flat(blocks: Iterable[Block]) -> bytes:
    """The same package as one file of XML."""
    relation = f'<Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/>'
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    parts = (
        ("/_rels/.rels", rels, f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'),
        ("/word/document.xml", _MAIN, _document(blocks)),
    )
    inside = "".join(
        f'<pkg:part pkg:name="{name}" pkg:contentType="{kind}"><pkg:xmlData>{content}</pkg:xmlData></pkg:part>'
        for name, kind, content in parts
    )
    whole = f'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{inside}</pkg:package>'
    return f'<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>{whole}'.encode()


def _document(blocks: Iterable[Block]) -> str:
    around = {"deleted": "<w:del>{}</w:del>", "inserted": "<w:ins>{}</w:ins>"}
    return f'<w:document xmlns:w="{_W}"><w:body>{_body(blocks, around, "vMerge")}</w:body></w:document>'


def word_2003(blocks: Iterable[Block]) -> bytes:
    """The XML of Word 2003, in which what is tracked stands in annotations and a smart tag has a name of its own."""
    tracked = '<aml:annotation aml:id="1" w:type="Word.{}"><aml:content>{{}}</aml:content></aml:annotation>'
    around = {"deleted": tracked.format("Deletion"), "inserted": tracked.format("Insertion")}
    around["tag"] = '<st1:chmetcnv w:st="on">{}</st1:chmetcnv>'
    sect = f"<wx:sect>{_body(blocks, around, 'vmerge')}</wx:sect>"
    tags = "urn:schemas-microsoft-com:office:smarttags"
    names = f'xmlns:w="{_W_2003}" xmlns:aml="{_AML}" xmlns:wx="urn:wx" xmlns:st1="{tags}"'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<?mso-application progid="Word.Document"?>'
    return f"{head}<w:wordDocument {names}><w:body>{sect}</w:body></w:wordDocument>".encode()


def _body(blocks: Iterable[Block], around: dict[str, str], merge: str) -> str:
    def paragraph(words: str) -> str:
        found = ""
        for how, said in runs(words):
            letters = f"<w:delText>{said}</w:delText>" if how == "deleted" else f"<w:t>{said}</w:t>"
            run = f"<w:r><w:rPr>{_PROPERTIES.get(how, '')}</w:rPr>{letters}</w:r>"
            found += around.get(how, "{}").format(run)
        return f"<w:p>{found}</w:p>"

    def rows(table: Table) -> str:
        found = ""
        for row in table.rows():
            found += "<w:tr>"
            for cell, goes_on in row:
                told = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
                if cell.rows > 1:
                    told += f"<w:{merge}/>" if goes_on else f'<w:{merge} w:val="restart"/>'
                words = "" if goes_on else cell.words
                found += f"<w:tc><w:tcPr>{told}</w:tcPr>{''.join(map(paragraph, words.splitlines() or ['']))}</w:tc>"
            found += "</w:tr>"
        return f"<w:tbl><w:tblGrid>{'<w:gridCol/>' * table.width}</w:tblGrid>{found}</w:tbl>"

    return "".join(paragraph(block) if isinstance(block, str) else rows(block) for block in blocks)
