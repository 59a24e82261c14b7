"""Web pages: what a browser prints, in its order, with the grid of every table resolved."""

from __future__ import annotations

import pytest

from gdcore.document import Embedded, EmbeddedKind, Paragraph, Table
from gdcore.errors import DamagedFile
from gdcore.readers.html import read


def page(body: str, head: str = "") -> list[Paragraph | Table | Embedded]:
    return list(read(f"<html><head>{head}</head><body>{body}</body></html>".encode()).blocks)


def texts(body: str) -> list[str]:
    return [b.text for b in page(body) if isinstance(b, Paragraph)]


def grid(body: str) -> list[list[tuple[str, int, int, int]]]:
    table = next(b for b in page(body) if isinstance(b, Table))
    return [[(c.text, c.column, c.row_span, c.column_span) for c in row] for row in table.rows]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>申请人情</span><span>况</span><b>（</b><i>一</i>）</p>", ["申请人情况（一）"]),
        ("<p>20<span>23</span>年</p>", ["2023年"]),
        ("<p>共<b>受理<i>12</i>件</b>，上年<u><i>结转</i>3件</u>。</p>", ["共受理12件，上年结转3件。"]),
        ("<p>一行<br>二行</p>", ["一行", "二行"]),
        ("<div>外<p>内</p>后</div>", ["外", "内", "后"]),
        ("<p>源码里\n      换行</p><p>two\n words</p>", ["源码里换行", "two words"]),
        ("<p>留 空&nbsp;格</p>", ["留 空\xa0格"]),
        ("<script>x</script><style>y</style><p style='DISPLAY: none'>藏</p>露", ["露"]),
        ("<p>甲<span hidden>藏</span>乙</p>", ["甲乙"]),
        ("<pre>一\n二</pre>", ["一", "二"]),
        ("<pre>\n一\n \n\n<b>二</b>\n</pre>", ["一", "二"]),
        ("<ol><li>甲</li><li>乙</li></ol><ul><li>丙</li></ul>", ["1. 甲", "2. 乙", "丙"]),
        ("<table><tr><td><ol start=3><li>甲</li><li>乙</li></ol></td></tr></table>", ["3. 甲", "4. 乙"]),
        ("<p>&amp;lt; &copy;<!-- 注 --></p>", ["&lt; ©"]),
    ],
)
def test_running_text(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


def test_headings_have_levels_and_paths() -> None:
    heading = page("<div><h2><span>一、总述</span></h2></div>")[0]
    assert isinstance(heading, Paragraph)
    assert (heading.level, heading.place.path) == (2, "/html/body/div/h2")


def test_spans_become_grid_positions() -> None:
    rows = grid(
        "<table><tr><td rowspan=2 colspan=2>甲</td><td>乙</td></tr><tr><td>丙</td></tr>"
        "<tr><td>丁</td><td rowspan=9>戊</td><td>己</td></tr><tr><td>庚</td><td>辛</td></tr></table>"
    )
    assert rows == [
        [("甲", 0, 2, 2), ("乙", 2, 1, 1)],
        [("丙", 2, 1, 1)],
        [("丁", 0, 1, 1), ("戊", 1, 2, 1), ("己", 2, 1, 1)],
        [("庚", 0, 1, 1), ("辛", 2, 1, 1)],
    ]


def test_a_rowspan_does_not_leave_its_row_group() -> None:
    head = "<thead><tr><td rowspan=3>甲</td><td>乙</td></tr></thead>"
    rows = grid(f"<table>{head}<tbody><tr><td>丙</td><td>丁</td></tr></table>")
    assert [cell[1] for cell in rows[1]] == [0, 1]


@pytest.mark.parametrize("span", ["0", "abc", "-3", "99999999"])
def test_wild_spans_are_bounded(span: str) -> None:
    rows = grid(f"<table><tr><td colspan='{span}' rowspan='{span}'>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>")
    assert all(tall <= 2 and wide <= 200 for row in rows for _, _, tall, wide in row)


def test_cell_text_and_place() -> None:
    cells = "<td><p>商业</p><p>企业</p></td><td>结果<br>维持</td><td> 0 </td><td>&nbsp;</td>"
    table = page(f"<p>x</p><table><tr>{cells}</tr></table>")[1]
    assert isinstance(table, Table)
    assert [c.text for c in table.rows[0]] == ["商业\n企业", "结果\n维持", "0", ""]
    assert table.rows[0][2].place.as_dict() == {"path": "/html/body/table/tr/td[3]", "table": 1, "row": 1, "column": 3}


def test_layout_tables_are_dissolved_in_order() -> None:
    body = (
        "<table><tr><td>栏目</td><td><p>前文</p><table><tr><td>甲</td><td>1</td></tr></table><p>后文</p></td></tr></table>"
        f"<table><tr><td>左</td><td><p>{'长' * 150}</p><p>{'文' * 150}</p><p>完</p></td></tr></table>"
        "<table><tr><td>独格</td></tr></table>"
    )
    shape = [b.text[:2] if isinstance(b, Paragraph) else type(b).__name__ for b in page(body)]
    assert shape == ["栏目", "前文", "Table", "后文", "左", "长长", "文文", "完", "独格"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p><span>1</span><span>2</span></p>", "12"),
        (" <div><b>甲</b> 乙<i hidden>藏</i></div>", "甲 乙"),
        ("1<p>2</p>", "1\n2"),
        ("<b>1</b>2<p></p>3", "12\n3"),
        ("<p>1</p><p>2<b>3</b></p>", "1\n23"),
        ("<b>1</b><br>2", "1\n2"),
    ],
)
def test_pieces_of_text_in_a_cell(cell: str, text: str) -> None:
    assert grid(f"<table><tr><td>{cell}</td><td>x</td></tr></table>")[0][0][0] == text


def test_the_caption_of_a_table_in_a_cell_stays_in_the_cell() -> None:
    inner = "<table><caption>题</caption><tr><td>甲</td><td>1</td></tr></table>"
    full = page(f"<table><tr>{'<td>x</td>' * 24}<td>前{inner}</td></tr></table>")
    assert [type(b) for b in full] == [Table, Table]
    assert isinstance(full[0], Table)
    assert full[0].rows[0][-1].text == "前\n题"


def test_a_page_that_hides_itself_until_its_script_runs_is_read() -> None:
    data = "<html><body style='visibility: hidden'><p>甲</p></body></html>".encode()
    assert [b.text for b in read(data).blocks if isinstance(b, Paragraph)] == ["甲"]


def test_what_is_no_text_stands_in_its_place() -> None:
    body = (
        "<p>表如下：</p><p><img src='t3.jpg' alt='表三' width=600></p><p>完</p>"
        "<img src=x.gif width=1 height=1><img alt=无><img src='/icon_pdf.gif'>"
        "<iframe src='/表.html'></iframe><p>附件：<a href='a/%E6%8A%A5.docx?x=1'>报告.docx</a></p>"
        "<a href='/index.html'>首页</a>"
    )
    found = [(b.kind, b.text) if isinstance(b, Embedded) else b.text for b in page(body)]  # type: ignore[union-attr]
    assert found == [
        "表如下：", (EmbeddedKind.IMAGE, "表三"), "完", (EmbeddedKind.FRAME, "/表.html"), "附件：报告.docx",
        (EmbeddedKind.LINK, "报告.docx"), "首页",
    ]  # fmt: skip


def test_an_image_of_a_width_without_measure_is_one() -> None:
    nines = "9" * 5000
    found = page(f"<p>甲</p><img src=a alt=乙 width={nines}><img src=b alt=丙 style='width: {nines}px'>")
    assert [b.text for b in found if isinstance(b, Embedded)] == ["乙", "丙"]


def test_title_and_metadata() -> None:
    head = "<title> 某局2023年报告 </title><meta name=PubDate content='2024-01-19'><meta name=SiteName content=某县>"
    content = read(f"<html><head>{head}</head><body>x</body></html>".encode())
    assert (content.title, content.metadata) == ("某局2023年报告", {"PubDate": "2024-01-19", "SiteName": "某县"})


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>报告</title>", "<META name=a content=甲>"),
        ("<meta name=a content=甲>", "<title>报告</title>"),
        ("<title> </title><meta name=a content=甲>", "<div><title>报告</title></div>"),
        ("<title>报告</title><meta name=a content=甲>", "<title>别的</title><!-- <meta name=b content=乙> -->"),
        ("", "<title>报告</title><meta name=a content=甲>"),
    ],
)
def test_title_and_metadata_outside_the_head(head: str, body: str) -> None:
    content = read(f"<html><head>{head}</head><body><p>x</p>{body}</body></html>".encode())
    assert (content.title, content.metadata) == ("报告", {"a": "甲"})


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "gb2312"), ("gb18030", "utf-8"), ("gb18030", "gb2312"), ("utf-16", "gbk"), ("big5", "big5")],
)
def test_charsets_lie(encoding: str, declared: str) -> None:
    text = "公開信息，共四件。" if encoding == "big5" else "公开信息，镕字共四件。"
    data = f"<html><head><meta charset={declared}></head><body><p>{text}</p></body></html>".encode(encoding)
    assert [b.text for b in read(data).blocks if isinstance(b, Paragraph)] == [text]


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 5000 + "x",
        "<p>x</p>" * 60_000,
        "<table>" + "<tr><td>x</td><td>y</td></tr>" * 30_000 + "</table>",
        "<table>" + "<tr><td rowspan=9999 colspan=200>x</td></tr>" * 3000 + "</table>",  # a billion steps
    ],
)
def test_monstrous_pages_are_refused(body: str) -> None:
    with pytest.raises(DamagedFile):
        page(body)


def test_a_page_of_comments_is_refused() -> None:
    with pytest.raises(DamagedFile):
        read(b"<!-- x -->")


def test_deeply_nested_tables_do_not_exhaust_the_stack() -> None:
    cells = "<td>x</td>" * 25
    assert page(f"<table><tr>{cells}<td>" * 150 + "里" + "</td></tr></table>" * 150)


def test_no_entity_is_fetched() -> None:
    data = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>a&x;b</p></body></html>'
    assert "root:" not in "".join(b.text for b in read(data).blocks if isinstance(b, Paragraph))
