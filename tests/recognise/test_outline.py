"""Headings, sections and their parts from lines of text, in the forms that real reports show."""

from gdcore.document import Document, Format, Paragraph
from gdcore.place import Place
from gdcore.recognise import recognise
from gdcore.report import Match, RemarkKind, Report

LONG = "今年以来，我局坚持以公开为常态、不公开为例外，全面推进政务公开各项工作，取得了较好成效。"


def _report(*lines: str) -> Report:
    blocks = tuple(Paragraph(text, ((0, Place(line=n)),)) for n, text in enumerate(lines, 1))
    return recognise(Document("0" * 64, Format.TXT, blocks))


def _keys(report: Report) -> list[str | None]:
    return [h.key for h in report.headings]


SIX = [
    "一、总体情况",
    LONG,
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    LONG,
    "六、其他需要报告的事项",
    "无。",
]
ALL = ["s1_overview", "s2_proactive", "s3_requests", "s4_review_lit", "s5_problems", "s6_other"]


def test_the_six_headings() -> None:
    report = _report("甲县教育局2023年政府信息公开工作年度报告", *SIX)
    assert _keys(report) == ALL
    assert all(h.match is Match.EXACT for h in report.headings)
    assert report.section("s6").text == "无。"


def test_names_listed_in_the_preamble_are_no_headings() -> None:
    preamble = (
        "全文包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题及改进情况等六个部分。"
    )
    report = _report("甲县教育局2023年政府信息公开工作年度报告", preamble, *SIX)
    assert _keys(report) == ALL
    assert [p.text for p in report.preamble] == [preamble]


def test_a_table_of_contents_is_no_outline() -> None:
    contents = [line for line in SIX if line[1] == "、"]
    report = _report("甲县教育局2023年政府信息公开工作年度报告", "目录", *contents, *SIX)
    assert _keys(report) == ALL
    assert report.section("s1").text == LONG


def test_rows_of_table_three_are_no_headings() -> None:
    rows = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "四、结转下年度继续办理"]
    report = _report(*SIX[:4], *rows, *SIX[4:])
    assert _keys(report) == ALL


def test_other_numbering_styles() -> None:
    for marks in (
        "第一部分 ,第二部分 ,第三部分 ,第四部分 ,第五部分 ,第六部分 ",
        "（一）,（二）,（三）,（四）,（五）,（六）",
        "1、,2、,3、,4、,5、,6、",
        "一． ,二． ,三． ,四． ,五． ,六． ",
    ):
        numbers = iter(marks.split(","))
        lines = [next(numbers) + line[2:] if line[1] == "、" else line for line in SIX]
        assert _keys(_report(*lines)) == ALL, marks


def test_a_lost_number_leaves_the_heading() -> None:
    lines = ["总体情况", LONG, "、主动公开政府信息情况", *SIX[3:]]
    report = _report(*lines)
    assert _keys(report) == ALL
    assert report.headings[0].numeral is None


def test_text_glued_to_the_heading_is_cut_off() -> None:
    report = _report("一、总体情况 （一）主动公开情况。2023年，我局主动公开政府信息26条。" + LONG, *SIX[2:])
    assert _keys(report) == ALL
    assert report.headings[0].passage.text == "一、总体情况"
    part = report.section("s1").part("a1")
    assert part is not None
    assert part.text.startswith("2023年，我局主动公开")


def test_a_heading_in_the_middle_of_a_line_is_found() -> None:
    first = "本报告统计期限为2023年1月1日至12月31日。 一、总体情况 2023年，" + LONG
    report = _report("甲县教育局2023年政府信息公开工作年度报告", first, *SIX[2:])
    assert _keys(report) == ALL
    assert [p.text for p in report.preamble] == ["本报告统计期限为2023年1月1日至12月31日。"]
    assert report.section("s1").text == "2023年，" + LONG


def test_a_slip_in_a_heading_is_told() -> None:
    report = _report(*[line.replace("收到和处理", "收到和办处理") for line in SIX])
    assert _keys(report) == ALL
    assert report.headings[2].match is Match.TYPO


def test_sub_headings_of_five_are_not_on_the_level_of_the_six() -> None:
    report = _report(*SIX[:6], "一、存在的主要问题", LONG, "二、改进措施", LONG, *SIX[7:])
    assert _keys(report) == ALL
    assert [p.key for p in report.section("s5").parts] == ["p", "m"]


def test_an_extra_section_is_seen() -> None:
    report = _report(*SIX, "七、附表", "（略）")
    assert _keys(report) == [*ALL, None]
    assert [p.text for p in report.beyond] == ["（略）"]
    assert "（略）" in [p.text for p in report.narrative]


def test_overview_without_its_heading_is_found_by_its_aspects() -> None:
    report = _report(
        "甲县教育局2023年政府信息公开工作年度报告", "（一）主动公开", LONG, "（二）依申请公开", LONG, *SIX[2:]
    )
    section = report.section("s1")
    assert section.found
    assert section.heading is None
    assert [p.key for p in section.parts] == ["a1", "a2"]


def test_section_five_without_its_heading_is_found_behind_four() -> None:
    report = _report(*SIX[:5], "（一）存在的主要问题", LONG, "（二）改进措施", LONG, *SIX[7:])
    assert report.section("s5").found
    assert report.section("s5").heading is None


def test_a_sentence_broken_by_a_line_end_is_joined_and_told() -> None:
    first = "一是完善制度建设，加大对重点领域信息的公开力度，同时加大在各级媒"
    report = _report(*SIX[:6], "（一）改进情况。" + first, "体稿件发表力度，全面扩大影响。", *SIX[7:])
    assert first + "体稿件发表力度，全面扩大影响。" in report.section("s5").text
    (remark,) = report.remarks_of(RemarkKind.BROKEN_LINE)
    assert [a.place.line for a in remark.anchors] == [7, 8]
    assert remark.address == "s5.m"


def test_a_paragraph_behind_a_sub_heading_is_normal() -> None:
    report = _report(SIX[0], "（一）主动公开情况", LONG, "（二）依申请公开情况", "未收到依申请公开申请。", *SIX[2:])
    assert report.remarks_of(RemarkKind.BROKEN_LINE) == ()


def test_the_page_around_the_report_is_left_out() -> None:
    report = _report(
        "甲县教育局2023年政府信息公开工作年度报告",
        "发布日期：2024-01-20 信息来源：教育局 浏览次数：8",
        *SIX,
        "主办：甲县人民政府",
        "版权所有",
    )
    assert report.preamble == ()
    assert report.section("s6").text == "无。"
    assert str(report.identity.published) == "2024-01-20"


def test_what_is_no_report_says_why() -> None:
    for lines, word in (
        (["政府网站工作年度报表", "网站名称：甲县政府网"], "网站工作年度报表"),
        (["《甲县教育局2023年政府信息公开工作年度报告》解读", LONG], "解读"),
        (["甲县人民政府2023年法治政府建设年度报告", LONG * 4], "法治政府"),
        (["今天天气很好。"], "没有找到"),
        (["甲县教育局2023年政府信息公开工作年度报告", "点击下载附件"], "附件"),
    ):
        rejection = _report(*lines).rejection
        assert rejection is not None, lines
        assert word in rejection.reason
        assert rejection.remedy
