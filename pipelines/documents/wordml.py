"""WordprocessingML as Word shows it: what stands in wrappers is text, what is deleted, hidden or struck out is none.

python-docx gives the runs that stand in a paragraph itself; a digit in a tracked insertion, a smart tag, a content
control or a field it leaves out, and lists' own numbers are in no run at all (sources/pages#documents).
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from pipelines.documents.notes import is_note
from pipelines.documents.wordlists import W, write_numbers

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships/metadata/", b"http://schemas.openxmlformats.org/package/2006/relationships/metadata/"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)  # fmt: skip
"""Namespaces of the strict form to those of the usual one (ISO/IEC 29500-1 and -4)."""
_WRAPPERS = frozenset(
    W + name for name in ("ins", "moveTo", "smartTag", "sdtContent", "fldSimple", "customXml", "bdo", "dir")
)
_GONE = frozenset(
    W + name
    for name in ("del", "moveFrom", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "rt", "footnoteReference",
                 "endnoteReference", "commentReference", "annotationRef")
)  # fmt: skip
"""Deleted and moved away; what describes a wrapper; a ruby's reading; marks of notes."""
_OFF = frozenset({"0", "false", "off", "none"})


def transitional(body: bytes) -> bytes:
    """The package with the usual namespaces where it has the strict ones; as it is where it has not."""
    with zipfile.ZipFile(BytesIO(body)) as package:
        names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
        if not any(_STRICT in package.read(name) for name in names if name.endswith(("document.xml", ".rels"))):
            return body
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as rewritten:
            for name in package.namelist():
                part = package.read(name)
                if name.endswith((".xml", ".rels")):
                    for strict, usual in _TRANSITIONAL:
                        part = part.replace(strict, usual)
                rewritten.writestr(name, part)
    return out.getvalue()


def show(body: Any, numbering: Any = None, styles: Any = None) -> None:
    """Change the tree of a document's body in place so that all that Word shows stands in plain runs and rows.

    `numbering`, `styles`: the trees of these parts, where the package has them: numbers of lists become words.
    """
    _choose(body)
    _take_away(body)
    write_numbers(body, numbering, styles)
    _hoist_boxes(body)
    _unwrap(body)


def _choose(body: Any) -> None:
    """Of two forms of the same thing the newer one, unless only the older has words."""
    for either in list(body.iter(_MC + "AlternateContent")):
        forms = [form for form in either if form.tag in (_MC + "Choice", _MC + "Fallback")]
        if not forms:
            continue
        kept = next((form for form in forms if form.find(f".//{W}t") is not None), forms[0])
        _replace(either, list(kept))


def _take_away(body: Any) -> None:
    for element in list(body.iter(*_GONE)):
        if (parent := element.getparent()) is None:
            continue
        if parent.tag in (W + "trPr", W + "rPr"):
            # In the properties it is the mark of a row, or of a paragraph's end, that was deleted or inserted.
            if element.tag == W + "del" and parent.tag == W + "trPr":
                _drop(parent.getparent())
            continue
        _drop(element)
    for ruby in list(body.iter(W + "ruby")):
        base = ruby.find(W + "rubyBase")
        _replace(ruby, [part for run in base for part in run if part.tag != W + "rPr"] if base is not None else [])
    for run in list(body.iter(W + "r")):
        properties = run.find(W + "rPr")
        if properties is None or run.getparent() is None:
            continue
        if any(_is_on(properties.find(W + name)) for name in ("vanish", "strike", "dstrike")):
            _drop(run)
    _take_notes(body)
    _join(body)


def _take_notes(body: Any) -> None:
    """Take out the marks of notes: raised runs that follow one another and are one together."""
    before: Any = None
    marks: list[Any] = []
    for run in [*body.iter(W + "r"), None]:
        if run is not None and _is_raised(run) and (not marks or marks[-1].getnext() is run):
            if not marks:
                before = run.getprevious()
            marks.append(run)
            continue
        if marks and is_note("".join(map(_words, marks)), _words(before) if before is not None else ""):
            for mark in marks:
                _drop(mark)
        marks = []
        if run is not None and _is_raised(run):
            before, marks = run.getprevious(), [run]


def _is_raised(run: Any) -> bool:
    raised = run.find(f"{W}rPr/{W}vertAlign")
    return raised is not None and raised.get(W + "val") == "superscript"


def _join(body: Any) -> None:
    """Let a paragraph whose end is deleted go on in the next."""
    for mark in reversed(list(body.iterfind(f".//{W}p/{W}pPr/{W}rPr/{W}del"))):
        paragraph = mark.getparent().getparent().getparent()
        below = paragraph.getnext()
        if below is not None and below.tag == W + "p":
            paragraph.extend(part for part in list(below) if part.tag != W + "pPr")
            _drop(below)


def _words(run: Any) -> str:
    return "".join(text.text or "" for text in run.iter(W + "t"))


def _is_on(property_: Any) -> bool:
    return property_ is not None and (property_.get(W + "val") or "true").lower() not in _OFF


def _hoist_boxes(body: Any) -> None:
    """What stands in text boxes follows the paragraph that they hang on."""
    for box in reversed(list(body.iter(W + "txbxContent"))):
        anchor = next((up for up in box.iterancestors(W + "p")), None)
        if anchor is None or anchor.getparent() is None:
            continue
        for block in reversed(list(box)):
            anchor.addnext(block)
        _drop(box)


def _unwrap(body: Any) -> None:
    for wrapper in reversed(list(body.iter(*_WRAPPERS, W + "sdt"))):
        if wrapper.getparent() is None or wrapper.getparent().tag in (W + "trPr", W + "rPr"):
            continue
        _replace(wrapper, [child for child in wrapper if child.tag not in (W + "fldData",)])


def _replace(element: Any, parts: list[Any]) -> None:
    """Put `parts` in the place of an element."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent.remove(element)
    parent[at:at] = parts


def _drop(element: Any) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)
