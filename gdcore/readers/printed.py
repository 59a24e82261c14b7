"""The body of a Word file reduced to what Word prints: every text a w:t, boxes and images behind their paragraph."""

from __future__ import annotations

from itertools import islice

from lxml import etree

from gdcore.readers.numbering import W, on
from gdcore.readers.package import first

PARAGRAPH, TEXT = f"{W}p", f"{W}t"
IMAGES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)

_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_CHOICE = _ALTERNATE.replace("AlternateContent", "Choice")
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_BOX, _FIELD, _DELETED, _VANISH = (W + tag for tag in ("txbxContent", "fldChar", "del", "vanish"))
# What makes a whole row deleted and a whole run hidden: the mark, the properties in which it stands, and what they are of.
_MARKS = {(_DELETED, f"{W}trPr", f"{W}tr"), (_VANISH, f"{W}rPr", f"{W}r")}
# Deleted and moved-away text, phonetic guides over characters, and the places where tabs stop.
_SILENT = (_DELETED, f"{W}moveFrom", f"{W}rt", f"{W}tabs")
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}br": "\n", f"{W}noBreakHyphen": "-"}


def texts(body: etree._Element) -> dict[etree._Element, str]:
    """What each paragraph inside `body` prints, white space at its ends cut off.

    Changes `body`: what is not printed is taken out, boxes and images come to stand behind their paragraph. All this is
    rare in a report: looking for it once costs less than minding it at every run.
    """
    _drop(body)
    _move(body)
    _spell(body)
    parts: dict[etree._Element, list[str]] = {paragraph: [] for paragraph in body.iter(PARAGRAPH)}
    current: list[str] = []
    for element in body.iter(PARAGRAPH, TEXT):
        found = parts.get(element)
        if found is not None:
            current = found
        elif text := element.text:
            current.append(text)
    return {paragraph: "".join(found).strip() for paragraph, found in parts.items()}


def _drop(body: etree._Element) -> None:
    """Take out deleted rows and text, hidden runs, and of alternatives (for older programs) all but the first."""
    condemned = [
        other
        for alternate in body.iter(_ALTERNATE)
        for other in alternate
        if first(alternate, _CHOICE) not in (None, other)
    ]
    for mark in body.iter(_DELETED, _VANISH):
        properties, owner = islice(mark.iterancestors(), 2)  # at least the body and its document
        if (mark.tag, properties.tag, owner.tag) in _MARKS and on(mark):
            condemned.append(owner)
    for element in condemned:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    etree.strip_elements(body, *_SILENT)


def _move(body: etree._Element) -> None:
    """Put the boxes and images in each paragraph behind it, images first."""
    for tags in ((_BOX,), IMAGES):
        for element in reversed(list(body.iter(*tags))):
            paragraph = next(element.iterancestors(PARAGRAPH), None)
            if paragraph is not None:
                paragraph.addnext(element)


def _spell(body: etree._Element) -> None:
    """Make every text that is printed a w:t: signs and formulas, but not the codes of fields."""
    for sign in list(body.iter(_MATH_TEXT, *_SIGNS)):
        sign.text = _SIGNS.get(sign.tag, sign.text)
        sign.tag = TEXT
    for paragraph in {next(mark.iterancestors(PARAGRAPH), None) for mark in body.iter(_FIELD)}:
        if paragraph is not None:
            _drop_codes(paragraph)


def _drop_codes(paragraph: etree._Element) -> None:
    """Empty the texts of field codes; a field begins, separates its code from its result, and ends."""
    fields: list[str] = []  # open fields, outermost first, each with the last of its marks
    for element in paragraph.iter(_FIELD, TEXT):
        kind = element.get(f"{W}fldCharType")
        if element.tag == TEXT:
            element.text = None if "begin" in fields else element.text
        elif kind == "begin":
            fields.append(kind)
        elif kind == "separate" and fields:
            fields[-1] = kind
        elif kind == "end" and fields:
            fields.pop()
