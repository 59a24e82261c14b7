"""Which link of a page leads to the report: told by what it says, and none where it is not certain."""

import pytest

from gdcore import leading
from gdcore.readers.links import Link

AGENCY = "云泽县教育局"
TITLE = "2023年政府信息公开工作年度报告"


def link(text, target="", sends=False):
    target = target or f"http://www.yunze.example/{text}"
    return Link(text, target, target.endswith((".docx", ".pdf", ".doc")), sends)


def chosen(*links, titled=False):
    found = leading.fitting(links, AGENCY, 2023, titled)
    return found.text if found else None


OWN = link(f"{AGENCY}{TITLE}", "http://www.yunze.example/1.html")


@pytest.mark.parametrize(
    "text",
    [
        f"{AGENCY}{TITLE}",
        f"云泽县教育局{TITLE}.docx",
        TITLE,
        f"附件1：{AGENCY}{TITLE}.pdf",
        f"· {AGENCY}{TITLE} 2024-01-20",
        f"1. 教育局{TITLE} [2024-01-20]",
        f"《{AGENCY}{TITLE}》",
    ],
)
def test_a_title_of_the_year_leads_to_the_report(text):
    assert chosen(link("首页"), link(text), link("下一页")) == text
    assert chosen(link(text), titled=True) == text


@pytest.mark.parametrize(
    "text",
    [
        f"{AGENCY}2022年政府信息公开工作年度报告",
        f"云泽县财政局{TITLE}",
        "政府信息公开工作年度报告",
        f"{AGENCY}{TITLE}解读",
        "2023年政府网站工作年度报表",
        "2023年法治政府建设年度报告.docx",
        "政府信息公开申请表.docx",
    ],
)
def test_what_is_something_else_leads_nowhere(text):
    target = f"http://www.yunze.example/{text}" if text.endswith(".docx") else "http://www.yunze.example/x.html"
    assert chosen(link(text, target), link("通知.pdf")) is None


def test_the_own_name_counts_more_than_none():
    assert chosen(link(TITLE, "http://www.yunze.example/2.html"), OWN) == OWN.text


def test_of_several_that_fit_alike_none_is_taken():
    assert (
        chosen(link(TITLE, "http://www.yunze.example/2.html"), link(TITLE, "http://www.yunze.example/3.html")) is None
    )


def test_one_report_in_two_formats_is_one():
    assert chosen(link(f"{TITLE}.docx"), link(f"{TITLE}.pdf")) == f"{TITLE}.docx"


def test_the_only_file_of_a_page_is_taken_where_a_title_is_not_asked_for():
    assert chosen(link("点击下载", "http://www.yunze.example/P0.docx")) == "点击下载"
    assert chosen(link("点击下载", "http://www.yunze.example/P0.docx"), titled=True) is None
    assert chosen(link("年报.pdf"), titled=True) is None
    assert chosen(link("2022年度.docx"), link("首页")) is None


def test_a_page_that_sends_on_is_followed_only_where_nothing_fits_better():
    assert chosen(link("index.html", sends=True)) == "index.html"
    assert chosen(link("index.html", sends=True), OWN) == OWN.text
