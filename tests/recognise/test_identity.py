"""Titles of every form, and who reports for which year."""

import pytest

from gdcore.document import Document, Format, Paragraph
from gdcore.place import Place
from gdcore.recognise import recognise
from gdcore.recognise.identity import parse_title

TITLES = [
    ("甲县教育局2022年政府信息公开工作年度报告", "甲县教育局", 2022),
    ("甲县教育局2020年度政府信息公开工作年度报告", "甲县教育局", 2020),
    ("甲县教育局 2021年度政府信息公开工作报告", "甲县教育局", 2021),
    ("乙市丙区江岸街道2020年政府信息公开年度报告", "乙市丙区江岸街道", 2020),
    ("2022年乙市丙区江岸街道办事处政府信息公开工作年度报告", "乙市丙区江岸街道办事处", 2022),
    ("2024 年乙市科委政府信息公开工作年度报告", "乙市科委", 2024),
    ("丙区江岸街道政府信息公开2023年度工作报告", "丙区江岸街道", 2023),
    ("乙市农业农村局政府信息公开工作2022年度报告", "乙市农业农村局", 2022),
    ("甲县工业和信息化局关于2021年度政府信息公开工作年度报告", "甲县工业和信息化局", 2021),
    ("2023年政府信息公开工作年度报告", "", 2023),
    ("丁园开发区管委会2023年信息公开工作年度报告", "丁园开发区管委会", 2023),
    ("甲县文化和旅游局2025年度政府信息 公开工作年度报告", "甲县文化和旅游局", 2025),
    ("甲县教育局二〇二三年政府信息公开工作年度报告", "甲县教育局", 2023),
    ("甲县教育局政府信息公开工作年度报告（2023年度）", "甲县教育局", 2023),
    ("关于甲县教育局2023年政府信息公开工作年度报告", "甲县教育局", 2023),
    ("2023年度甲县人民政府办公室政府信息公开工作年度报告", "甲县人民政府办公室", 2023),
]


@pytest.mark.parametrize(("printed", "agency", "year"), TITLES)
def test_title_forms(printed: str, agency: str, year: int) -> None:
    title = parse_title(printed)
    assert title is not None
    assert (title.agency, title.year) == (agency, year)


@pytest.mark.parametrize(
    "printed",
    [
        "首页 > 政务公开 > 政府信息公开年报",
        "甲县教育局2023年政府信息公开工作年度报告解读",
        "甲县教育局20231月政府信息公开工作年度报告",
        "根据《条例》要求，编制2023年政府信息公开工作年度报告",
        "关于编制2023年政府信息公开工作年度报告的通知",
    ],
)
def test_lines_that_are_no_title(printed: str) -> None:
    assert parse_title(printed) is None


def _document(*lines: str, title: str | None = None) -> Document:
    blocks = tuple(Paragraph(text, ((0, Place(line=n)),)) for n, text in enumerate(lines, 1))
    return Document("0" * 64, Format.TXT, blocks, title)


def test_title_on_two_lines_is_joined() -> None:
    report = recognise(_document("甲县人民政府办公室", "2024年政府信息公开工作年度报告", "一、总体情况", "很好。"))
    assert (report.identity.agency, report.identity.year) == ("甲县人民政府办公室", 2024)
    assert [a.place.line for a in report.identity.title.anchors] == [1, 2]


def test_breadcrumb_above_the_title_does_not_become_the_agency() -> None:
    report = recognise(
        _document("首页 > 政务公开 > 政府信息公开年报", "甲县教育局2024年政府信息公开工作年度报告", "一、总体情况")
    )
    assert report.identity.agency == "甲县教育局"


def test_page_title_serves_when_the_text_has_none() -> None:
    report = recognise(_document("一、总体情况", "很好。", title="甲县教育局2024年政府信息公开工作年度报告-甲县政府网"))
    assert (report.identity.agency, report.identity.year) == ("甲县教育局", 2024)
    assert report.identity.sources == {"agency": "网页标题", "year": "网页标题"}


def test_damaged_digits_give_no_year() -> None:
    report = recognise(
        _document("甲县教育局政府信息公开工作年度报告", "统计期限为20231月1日至12月31日。", "一、总体情况")
    )
    assert report.identity.year is None
    assert report.identity.confidence == 0


def test_agency_from_the_sign_off_and_year_from_the_period() -> None:
    report = recognise(
        _document(
            "政府信息公开工作年度报告",
            "本报告统计期限为2023年1月1日至2023年12月31日。",
            "一、总体情况",
            "很好。",
            "六、其他需要报告的事项",
            "无。",
            "甲县教育局",
            "2024年1月17日",
        )
    )
    assert (report.identity.agency, report.identity.year) == ("甲县教育局", 2023)
    assert report.identity.sources == {"agency": "落款", "year": "统计期限"}
    assert [p.text for p in report.signoff] == ["甲县教育局", "2024年1月17日"]
