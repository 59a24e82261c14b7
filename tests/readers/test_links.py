"""Where a page leads: whole addresses, captions, frames and viewers, in any encoding; nothing but web addresses."""

import pytest

from gdcore.errors import DamagedFile
from gdcore.readers.links import MAX_LINKS, links

AT = "http://www.yunze.example/zw/2024/t1.html"


def found(body, charset="utf-8", head=""):
    page = f"<html><head><meta charset='{charset}'>{head}</head><body>{body}</body></html>"
    return [(link.text, link.target, link.is_file) for link in links(page.encode(charset), AT)]


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("a.html", "http://www.yunze.example/zw/2024/a.html"),
        ("../a.html#top", "http://www.yunze.example/zw/a.html"),
        ("/a.html?x=1", "http://www.yunze.example/a.html?x=1"),
        ("//jyj.yunze.example/a", "http://jyj.yunze.example/a"),
        (" https://www.yunze.example/a \n", "https://www.yunze.example/a"),
    ],
)
def test_addresses_are_whole(href, target):
    assert found(f"<a href='{href}'>年报</a>") == [("年报", target, False)]


@pytest.mark.parametrize(
    "href", ["", "javascript:void(0)", "mailto:a@b.example", "data:text/html,x", "http://[::1", "file:///a"]
)
def test_what_is_no_web_address_is_no_link(href):
    assert found(f"<a href='{href}'>年报</a>") == []


def test_files_are_told_by_the_ending_of_the_path():
    body = "".join(f"<a href='P0{end}'>x</a>" for end in (".docx", ".PDF?v=1", ".ofd", ".html", ".xlsx", ".zip"))
    assert [is_file for _, _, is_file in found(body)] == [True, True, True, False, False, False]


def test_the_longer_of_text_and_title_is_what_a_link_says():
    assert found("<a href='P0.docx' title='2023年年报.docx'>附件</a>")[0][0] == "2023年年报.docx"
    assert found("<a href='P0.docx'><span>2023年</span>\n年报</a>")[0][0] == "2023年 年报"
    assert found("<a href='%E5%B9%B4%E6%8A%A5.docx'><img></a>")[0][0] == "年报.docx"


def test_each_target_comes_once_with_what_says_most():
    assert found("<a href='a.pdf'>下载</a><a href='a.pdf'>2023年年报下载</a>") == [
        ("2023年年报下载", "http://www.yunze.example/zw/2024/a.pdf", True)
    ]


def test_frames_and_viewers_lead_to_the_document_they_show():
    body = "<iframe src='/pdfjs/viewer.html?file=/f/a.pdf'></iframe><embed src='b.pdf'><object data='c.pdf'></object>"
    assert [target for _, target, is_file in found(body) if is_file] == [
        "http://www.yunze.example/f/a.pdf",
        "http://www.yunze.example/zw/2024/b.pdf",
        "http://www.yunze.example/zw/2024/c.pdf",
    ]


def test_a_base_and_a_refresh_are_minded():
    head = "<base href='http://jyj.yunze.example/'><meta http-equiv='Refresh' content=\"0; URL='index.html'\">"
    page = f"<html><head>{head}</head><body><a href='a'>x</a></body></html>".encode()
    assert [(link.target, link.sends) for link in links(page, AT)] == [
        ("http://jyj.yunze.example/index.html", True),
        ("http://jyj.yunze.example/a", False),
    ]


def test_a_page_in_gbk_is_read():
    assert found("<a href='a'>政府信息公开年报</a>", "gbk")[0][0] == "政府信息公开年报"


def test_a_page_of_very_many_links_is_cut_off_and_one_that_is_none_is_told():
    assert len(found("".join(f"<a href='{n}'>x</a>" for n in range(MAX_LINKS + 50)))) == MAX_LINKS
    with pytest.raises(DamagedFile):
        links(b"<!-- -->", AT)
