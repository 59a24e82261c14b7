"""PDF: tables by their lines, paragraphs by where their lines stand, and nothing that only the page needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hostile import pdfs

from gdcore.document import Paragraph, Table
from gdcore.errors import DamagedFile
from gdcore.readers import pdfium, plumber
from gdcore.readers.lines import Char, lines
from gdcore.readers.pdf import read

Make = Callable[..., bytes]
LEFT, SIZE, FULL = 80.0, 16.0, 27  # a full line of 27 characters ends at 512


def line(y: float, text: str, indent: int = 0, size: float = SIZE) -> tuple[float, float, float, str]:
    return (LEFT + indent * SIZE, y, size, text)


Stroke = tuple[float, float, float, float]


def ruled(xs: list[float], ys: list[float], without: frozenset[str] = frozenset()) -> list[Stroke]:
    """A full grid of lines, `without` "top", "bottom", "left" or "right"."""
    strokes = [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]
    outer = {
        "top": (xs[0], ys[0], xs[-1], ys[0]), "bottom": (xs[0], ys[-1], xs[-1], ys[-1]),
        "left": (xs[0], ys[0], xs[0], ys[-1]), "right": (xs[-1], ys[0], xs[-1], ys[-1]),
    }  # fmt: skip
    return [stroke for stroke in strokes if stroke not in {outer[side] for side in without}]


def tables(data: bytes) -> list[Table]:
    return [b for b in read(data).blocks if isinstance(b, Table)]


def grid(table: Table) -> list[list[tuple[str, int, int, int]]]:
    return [[(c.text, c.column, c.row_span, c.column_span) for c in row] for row in table.rows]


def paragraphs(data: bytes) -> list[str]:
    return [b.text for b in read(data).blocks if isinstance(b, Paragraph)]


def test_lines_become_paragraphs(make_pdf: Make) -> None:
    page = [
        line(100, "云山镇人民政府年度报告", 8, 22),
        line(150, "甲" * (FULL - 2), 2), line(178, "乙" * FULL), line(206, "丙" * 5 + "。"),
        line(234, "丁" * (FULL - 2), 2), line(262, "戊。"),
        line(290, "（一）情况。", 2), line(318, "己" * 6, 2),
    ]  # fmt: skip
    found = paragraphs(make_pdf([(page, [])]))
    assert [text[:1] + text[-1:] for text in found] == ["云告", "甲。", "丁。", "（。", "己己"]


def test_a_paragraph_goes_on_over_the_page_and_its_number(make_pdf: Make) -> None:
    first = [line(100 + 28 * n, "甲" * FULL) for n in range(24)] + [line(800, "— 1 —", 10, 12)]
    second = [line(100, "乙" * FULL), line(128, "丙。"), line(156, "丁。", 2), line(800, "第2页 共2页", 10, 12)]
    content = read(make_pdf([(first, []), (second, [])]))
    body = content.blocks[0]
    assert isinstance(body, Paragraph)
    assert body.text.endswith("乙丙。")
    assert len(content.blocks) == 2
    assert body.place_at(body.text.index("丙")).page == 2


def test_running_heads_are_left_out(make_pdf: Make) -> None:
    pages = [([line(50, "云山镇政务公开"), line(150, f"正文{n}。", 2)], []) for n in range(4)]
    assert paragraphs(make_pdf(pages)) == [f"正文{n}。" for n in range(4)]


def test_a_table_with_spans(make_pdf: Make) -> None:
    xs, ys = [80.0, 140.0, 300.0, 400.0, 500.0], [200.0, 230.0, 260.0, 290.0]
    # The first column spans the last two rows, the first row's first two cells are one.
    cut = {(80.0, 260.0, 500.0, 260.0), (140.0, 200.0, 140.0, 290.0)}
    strokes = [stroke for stroke in ruled(xs, ys) if stroke not in cut]
    strokes += [(140.0, 260.0, 500.0, 260.0), (140.0, 230.0, 140.0, 290.0)]
    texts = [
        (90, 220, 10, "数量"), (310, 220, 10, "3"), (410, 220, 10, "12"),
        (85, 250, 10, "一二三"), (85, 262, 10, "四五"), (150, 250, 10, "其一"), (310, 250, 10, "5"),
        (150, 280, 10, "其二"), (410, 280, 10, "7"), (80, 150, 10, "前"),
    ]  # fmt: skip
    found = tables(make_pdf([(texts, strokes)]))
    assert len(found) == 1
    assert grid(found[0]) == [
        [("数量", 0, 1, 2), ("3", 2, 1, 1), ("12", 3, 1, 1)],
        [("一二三\n四五", 0, 2, 1), ("其一", 1, 1, 1), ("5", 2, 1, 1), ("", 3, 1, 1)],
        [("其二", 1, 1, 1), ("", 2, 1, 1), ("7", 3, 1, 1)],
    ]
    assert found[0].rows[2][2].place.as_dict() == {"page": 1, "box": [400, 260, 500, 290]}


@pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
def test_a_missing_outer_border_loses_no_cell(make_pdf: Make, side: str) -> None:
    xs, ys = [80.0, 200.0, 320.0], [100.0, 130.0, 160.0, 190.0]
    texts = [(xs[c] + 5, ys[r] + 20, 10, f"{r}{c}") for r in range(3) for c in range(2)]
    found = tables(make_pdf([(texts, ruled(xs, ys, frozenset({side})))]))
    assert [[cell.text for cell in row] for row in found[0].rows] == [["00", "01"], ["10", "11"], ["20", "21"]]


def test_a_frame_around_text_is_no_table(make_pdf: Make) -> None:
    texts = [line(120 + 28 * n, "甲" * FULL) for n in range(6)]
    data = make_pdf([(texts, ruled([70.0, 530.0], [100.0, 200.0, 300.0]))])
    assert not tables(data)
    assert paragraphs(data) == ["甲" * FULL * 6]


def test_a_single_column_that_goes_on_on_the_next_page_is_a_table(make_pdf: Make) -> None:
    first = ([line(100, "正文。", 2), (90, 770, 10, "第一块")], ruled([80.0, 500.0], [750.0, 780.0]))
    second = ([(90, 100, 10, "名称"), (310, 100, 10, "1")], ruled([80.0, 300.0, 500.0], [80.0, 110.0, 140.0]))
    assert [len(t.rows) for t in tables(make_pdf([first, second]))] == [1, 2]


def test_a_table_inside_a_border_around_the_page(make_pdf: Make) -> None:
    inner = ruled([80.0, 200.0, 320.0], [100.0, 130.0])
    border = ruled([20.0, 575.0], [20.0, 820.0])
    texts = [(90, 120, 10, "甲"), (210, 120, 10, "1"), line(300, "正文。", 2)]
    data = make_pdf([(texts, [*inner, *border])])
    assert grid(tables(data)[0]) == [[("甲", 0, 1, 1), ("1", 1, 1, 1)]]
    assert paragraphs(data) == ["正文。"]


def test_a_double_print_is_read_once(make_pdf: Make) -> None:
    twice = [line(100, "人民00", 2), (LEFT + 2 * SIZE + 0.4, 100, SIZE, "人民00")]
    assert paragraphs(make_pdf([(twice, [])])) == ["人民00"]


def test_radicals_are_mended() -> None:
    chars = [Char(text, 100 + 16 * n, 90, 116 + 16 * n, 106, 103, 16) for n, text in enumerate("⼈⺠")]
    assert [found.text for found in lines(chars, 1)] == ["人民"]


def test_digits_in_neighbouring_cells_stay_apart(make_pdf: Make) -> None:
    texts = [(85, 120, 10, "251"), (117, 120, 10, "7")]
    found = tables(make_pdf([(texts, ruled([80.0, 116.0, 150.0], [100.0, 130.0]))]))
    assert [cell.text for cell in found[0].rows[0]] == ["251", "7"]


def test_a_single_character_without_glyph_is_not_lost(make_pdf: Make) -> None:
    assert paragraphs(make_pdf([([(100, 100, 16, "7"), (100, 200, 16, "甲")], [])])) == ["7", "甲"]


def test_a_chinese_font_need_not_be_there(make_pdf: Make) -> None:
    with pdfium.File(make_pdf([([(100, 100, 16, "一"), (140, 100, 16, "至")], [])])) as file:
        sight = file.sight(1)
    assert not sight.lost
    assert [(char.text, round(char.x0), round(char.x1)) for char in sight.chars] == [("一", 100, 116), ("至", 140, 156)]
    assert (
        len({(char.top, char.bottom) for char in sight.chars}) == 1
    )  # whatever they look like in a font of this machine


def test_a_page_that_was_read_is_painted_in_the_fonts_of_this_machine(make_pdf: Make) -> None:
    data = make_pdf([([(100, 100, 16, "国王")], [])])
    with pdfium.File(data) as file:
        unread = file.picture(1, 600)
    with pdfium.File(data) as file:
        file.sight(1)
        assert (file.picture(1, 600) == unread).all()


@pytest.mark.parametrize(
    ("code", "shown"),
    [("D800", "A \ufffd"), ("DC00", "A \ufffd"), ("D842DFB7", "A 𠮷"), ("D842D842DFB7", "A \ufffd𠮷")],
)
def test_halves_of_a_pair_become_a_character_or_none(code: str, shown: str) -> None:
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>"
    names = f"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <42> <{code}> endbfchar endcmap"
    page = pdfs.PAGE.replace(pdfs.FONT, font)
    data = pdfs.shown(b"BT /F 12 Tf 50 700 Td (A B) Tj ET", "", pdfs.stream(names.encode()), page=page)
    assert paragraphs(data) == [shown]


@pytest.mark.parametrize(("code", "shown"), [("0000", "\ufffd"), ("FFFE", "\ufffe"), ("0002", "-")])
def test_codes_that_the_text_of_a_page_leaves_out_are_those_of_their_characters(code: str, shown: str) -> None:
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>"
    names = f"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <42> <{code}> endbfchar endcmap"
    page = pdfs.PAGE.replace(pdfs.FONT, font)
    lines = b"BT /F 12 Tf 50 700 Td (state-) Tj 0 -14 Td (owned Band C) Tj ET"  # PDFium sees a hyphen
    with pdfium.File(pdfs.shown(lines, "", pdfs.stream(names.encode()), page=page)) as file:
        assert "".join(char.text for char in file.sight(1).chars) == f"state-owned {shown}and C"


def _info(*objects: str) -> bytes:
    return pdfs.pdf(pdfs.CATALOGUE, pdfs.PAGES, pdfs.PAGE, pdfs.stream(pdfs.TEXT), *objects, tail="/Info 5 0 R")


@pytest.mark.parametrize(
    "data",
    [pdfs.pdf("1 0 R"), pdfs.pdf("2 0 R", "1 0 R"), pdfs.pdf(pdfs.CATALOGUE, "2 0 R"), pdfs.pdf(pdfs.CATALOGUE, pdfs.PAGES, "3 0 R")],
    ids=["root", "two", "pages", "page"],
)  # fmt: skip
def test_references_in_a_circle_lead_to_nothing(data: bytes) -> None:
    for each in (read, plumber.read):
        with pytest.raises(DamagedFile):
            each(data)


@pytest.mark.parametrize("objects", [("5 0 R",), ("<</Title 6 0 R>>", "6 0 R")])
def test_a_page_beside_a_circle_is_read(objects: tuple[str, ...]) -> None:
    (sight,), found = plumber.read(_info(*objects))
    assert "".join(char.text for char in sight.chars) == "annual report 2023"
    assert found == {}


def test_a_few_references_to_references_are_followed() -> None:
    (_,), found = plumber.read(_info("6 0 R", "7 0 R", "<</Title 8 0 R>>", "9 0 R", "(report)"))
    assert found == {"Title": "report"}


def test_an_empty_page_is_no_scan(make_pdf: Make) -> None:
    assert read(make_pdf([([], [])])).blocks == ()
