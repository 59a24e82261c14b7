"""Templates of letters: the shipped ones come from the script, an office's own wins, and one that is broken says so."""

import io
import re
import zipfile
from datetime import date

import desk
import docx as python_docx
import pytest
import worded
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from gdcore.errors import ConfigurationError
from gdcore.exports import bulletin, docx, kinds, letters, score_sheet, templates
from gdcore.exports.letters import Terms
from gdcore.settings import SHIPPED_DATA
from gdcore.store import queries

KINDS = (kinds.RETURN_NOTICE, kinds.REMINDER, kinds.BULLETIN, kinds.SCORECARD)
TERMS = Terms(2023, date(2024, 1, 26), date(2024, 1, 20))
TOLD = {
    "单位": desk.EAST,
    "年度": "2023",
    "期限": "2024年1月26日",
    "日期": "2024年1月20日",
    "收到日期": "2024年1月18日",
    "条数": "0",
    "各类问题": [{"序号": "一", "名称": "完整性", "条数": "0", "问题": []}],
}


def template(*texts: str) -> bytes:
    """A template with these paragraphs."""
    document = python_docx.Document()
    for text in texts:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a file, XML in its canonical form."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    return {name: etree.canonicalize(text.decode()).encode() for name, text in found.items()}


@pytest.fixture
def office(tmp_path):
    """Settings of an office, and the folder of its own templates."""
    (tmp_path / "templates").mkdir()
    return desk.settings_in(tmp_path)


def own(office, *texts, data=None):
    """Fill in an office's own 退回修改通知."""
    path = office.data / "templates" / "return_notice.docx"
    path.write_bytes(template(*texts) if data is None else data)
    return docx.opened(kinds.RETURN_NOTICE, office).filled(TOLD)


# What a letter cannot do without.
WHOLE = ("{{单位}}{{年度}}{{期限}}", "{%p for 类 in 各类问题 %}", "{%p endfor %}")


# --- the shipped ones -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_shipped_templates_are_what_the_script_makes(kind):
    shipped = (SHIPPED_DATA / "templates" / f"{kind.name}.docx").read_bytes()
    assert parts(shipped) == parts(templates.MAKERS[kind.name]()), "run: make templates"


def test_the_script_makes_the_same_file_every_time(tmp_path):
    templates.main(tmp_path / "one")
    templates.main(tmp_path / "two")
    for kind in KINDS:
        one, two = ((tmp_path / folder / f"{kind.name}.docx").read_bytes() for folder in ("one", "two"))
        assert one == two


def test_a_letter_looks_like_an_official_one():
    document = python_docx.Document(SHIPPED_DATA / "templates" / "return_notice.docx")
    section = document.sections[0]
    edges = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(edge.mm) for edge in edges] == [37, 26, 35, 28]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    body = document.styles["公文正文"]
    assert (body.font.size, body.paragraph_format.line_spacing) == (Pt(16), Pt(28))
    assert body.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert document.styles["公文标题"].element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert {"公文标题", "公文正文", "主送机关", "落款"} <= {p.style.name for p in document.paragraphs}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_template_holds_a_font(kind):
    with zipfile.ZipFile(SHIPPED_DATA / "templates" / f"{kind.name}.docx") as archive:
        assert not [name for name in archive.namelist() if re.search(r"font(?!Table)|\.odttf|\.ttf", name)]


def test_fields_that_a_template_may_use_are_those_that_are_gathered(tmp_path):
    store = desk.open_desk(tmp_path)
    desk.take(store, ("东关.txt", desk.unbalanced()))
    view = queries.report_view(store, agency_key=desk.EAST, year=2023)
    to = letters.letter_rows.Recipient(desk.EAST, desk.EAST, 1, 1, view.received_at, 1)
    gathered = {
        kinds.RETURN_NOTICE: letters.return_notice(to, view.findings, store.scheme, TERMS),
        kinds.BULLETIN: bulletin.gather(store, TERMS),
        kinds.SCORECARD: score_sheet.gather(view, store.scheme),
    }
    for kind, told in gathered.items():
        assert set(told) == set(kind.fields)
        assert set(kind.needed) <= set(kind.fields)
    assert set(kinds.REMINDER.fields) < set(kinds.RETURN_NOTICE.fields)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_an_office_is_to_fill_in_is_seen(kind, office):
    form = docx.opened(kind, office)
    assert form.unfilled == (kind is not kinds.SCORECARD)


def test_a_template_explains_itself_and_the_letter_does_not_show_it(office):
    shipped = worded.paragraphs((SHIPPED_DATA / "templates" / "return_notice.docx").read_bytes())
    assert "字段：单位、年度、期限、日期" in shipped[0]
    said = worded.paragraphs(docx.opened(kinds.RETURN_NOTICE, office).filled(TOLD))
    assert said[0] == "关于退回修改2023年政府信息公开"


# --- an office's own --------------------------------------------------------------------------------------------------


def test_an_office_s_own_template_wins(office):
    said = worded.paragraphs(own(office, "云泽县人民政府办公室", *WHOLE, "{{日期}}"))
    assert said == ["云泽县人民政府办公室", f"{desk.EAST}20232024年1月26日", "2024年1月20日"]
    assert not docx.opened(kinds.RETURN_NOTICE, office).unfilled
    assert docx.path(kinds.REMINDER, office).parent == SHIPPED_DATA / "templates"


def test_fields_split_by_word_are_still_fields(office):
    document = python_docx.Document()
    paragraph = document.add_paragraph("{")
    for piece in ("{单", "位}", "}"):
        paragraph.add_run(piece).bold = True
    for text in WHOLE:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    assert worded.paragraphs(own(office, data=buffer.getvalue()))[0] == desk.EAST


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ((*WHOLE, "{{单住}}"), "其中写了“单住”，没有这个字段"),
        ((*WHOLE[:2], "{{类.名字}}", "{%p endfor %}"), "其中写了“名字”，没有这个字段"),
        (WHOLE[:2], "有 for 或 if 没有对应的 endfor 或 endif"),
        ((*WHOLE, "{%p endif %}"), "有多余或写错的控制语句“endif”"),
        ((*WHOLE, "{%p fro 类 in 各类问题 %}"), "有多余或写错的控制语句“fro”"),
        ((*WHOLE, "收件：{{单位 年度}}"), "花括号中的写法有误：收件：{{单位 年度}}"),
        ((*WHOLE, "{{ 1/0 }}"), "花括号中有不能计算的内容"),
        ((*WHOLE, "{{ 条数 + 1 }}"), "花括号中有不能计算的内容"),
        ((*WHOLE, "{% include 'x' %}"), "花括号中有不能计算的内容"),
        ((*WHOLE, "{% for i in range(10**9) %}x{% endfor %}"), "花括号中有不能计算的内容"),
        ((*WHOLE, "{{ 单位.__class__.__mro__ }}"), "不允许的写法"),
        ((*WHOLE, "{{ 各类问题.clear() }}"), "不允许的写法"),
        (("{{单位}}", "{{年度}}"), "其中没有写“期限”、“各类问题”，生成的文书会缺少这些内容"),
        ((*WHOLE[:2], "{% if 条数 %}甲", "{% for x in 条数 %}", "{% endif %}", "{% endfor %}", WHOLE[2]), "控制语句"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_in_a_sentence(texts, told, office):
    (office.data / "templates" / "return_notice.docx").write_bytes(template(*texts))
    with pytest.raises(ConfigurationError) as fault:
        docx.opened(kinds.RETURN_NOTICE, office).filled(TOLD)
    assert told in str(fault.value)
    assert str(office.data / "templates" / "return_notice.docx") in str(fault.value)
    assert "“退回修改通知”的模板" in str(fault.value)
    assert "可用的字段：单位、年度、期限" in fault.value.remedy


def _torn():
    """A template with a condition that begins in a paragraph and ends in the cell of a table."""
    document = python_docx.Document()
    for text in (*WHOLE, "{% if 条数 == '9' %}"):
        document.add_paragraph(text)
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "{% endif %}"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "不是 Word 文档"),
        (b"PK\x03\x04 broken", "不是 Word 文档"),
        ("纯文本".encode(), "不是 Word 文档"),
        (template(*WHOLE)[:4000], "不是 Word 文档"),
        (_torn(), "拆断了段落或表格"),
    ],
    ids=["empty", "zip", "text", "cut", "torn"],
)
def test_what_is_no_template_is_told_too(data, told, office):
    with pytest.raises(ConfigurationError, match=told):
        own(office, data=data)


def test_a_zip_that_is_no_document_is_no_template(office):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "甲")
    with pytest.raises(ConfigurationError, match="不是 Word 文档"):
        own(office, data=buffer.getvalue())


def test_a_folder_in_the_place_of_a_template_is_passed_over(office):
    (office.data / "templates" / "return_notice.docx").mkdir()
    assert docx.path(kinds.RETURN_NOTICE, office).parent == SHIPPED_DATA / "templates"
