"""Two texts of one report: what differs is told with its place; layout and the page around it are no differences."""

import desk
import pytest

from gdcore import processing, textdiff
from gdcore.samples import writers

TEXT = desk.report().decode()


def compared(left, right):
    one, other = (side.encode() if isinstance(side, str) else side for side in (left, right))
    return textdiff.compare(processing.read_report(one, "审定.txt"), processing.read_report(other, "公开.html"))


def changed(old, new):
    assert old in TEXT
    return compared(TEXT, TEXT.replace(old, new, 1)).changes


RELAID = {
    "half-width signs": lambda text: text.replace("，", ",").replace("：", ":").replace("（", "(").replace("）", ")"),
    "full-width digits": lambda text: text.replace("2023年公开工作", "２０２３年公开工作"),
    "spaces": lambda text: text.replace("政府信息公开", "政府 信息\u3000公开"),
    "radicals": lambda text: text.replace("人", "⼈").replace("长", "⻓"),
    "a line for each sentence": lambda text: text.replace("。一是", "。\n一是").replace("。二是", "。\n二是"),
    "straight quotation marks": lambda text: text.replace("“", '"').replace("”", '"'),
    "numbers of items": lambda text: text.replace("（一）主动公开。", "1.主动公开。").replace("（五）监督", "⑤监督"),
    "what follows on the page": lambda text: (
        f"{text}\n上一篇：关于召开会议的通知\n友情链接 政府信息公开指南\n主办：县政府办\n"
    ),
    "what stands above": lambda text: f"首页 > 政务公开 > 政府信息公开年报\n{text}",
    "tools below the title": lambda text: text.replace(
        "年度报告\n", "年度报告\n字体：[大] [中] [小] 打印\n阅读 120 次\n", 1
    ),
    "no sign-off": lambda text: text.replace("\n云泽县东关街道办事处\n\n2024年1月17日", ""),
    "page numbers": lambda text: text.replace("\n二、主动公开", "\n- 3 -\n\n二、主动公开"),
    "printed twice": lambda text: text + text.split("\n", 1)[1],
}


@pytest.mark.parametrize("how", RELAID)
def test_layout_is_no_difference(how):
    relaid = RELAID[how](TEXT)
    assert relaid != TEXT
    assert compared(TEXT, relaid).changes == ()
    assert compared(relaid, TEXT).changes == ()


@pytest.mark.parametrize("fmt", writers.FORMATS)
def test_the_form_of_the_file_is_no_difference(fmt):
    assert compared(desk.report(fmt=fmt), desk.report(fmt="html")) == textdiff.Compared((), 1.0)
    assert compared(desk.report(fmt="docx"), desk.report(fmt=fmt)).changes == ()


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("发布150条", "发布160条", "s1.a1"),
        ("培训4次", "培训 14 次", "s1.a5"),
        ("信息员队伍不够稳定", "信息员队伍不稳定", "s5.p"),
        ("一是稳定信息员队伍", "一是充实信息员队伍", "s5.m"),
        ("未发出收费通知", "发出收费通知", "s6.fee"),
        ("（五）监督保障。调整政务公开工作领导小组", "（五）监督保障。新设政务公开工作领导小组", "s1.a5"),
        ("0000-5551809", "0000-5551810", "preamble"),
    ],
)
def test_another_wording_is_told_with_its_place_and_both_sides(old, new, at):
    (change,) = changed(old, new)
    assert change.at == at
    assert old[-4:] in change.left
    assert new[-4:] in change.right


def test_whether_numbers_differ_is_told():
    assert [c.digits for c in changed("发布150条", "发布160条")] == [True]
    assert [c.digits for c in changed("不够稳定", "不稳定")] == [False]


@pytest.mark.parametrize(("old", "new"), [("10.5%", "105%"), ("12.5", "1.25"), ("95%", "95")])
def test_a_point_and_a_sign_make_another_number(old, new):
    said = TEXT.replace("群众知晓度不足。", f"群众知晓度为{old}。")
    assert said != TEXT
    assert len(compared(said, said.replace(old, new)).changes) == 1


def test_a_sentence_that_is_missing_or_added_is_told():
    sentence = "二是基层查阅点利用率不高，8处查阅点中有的位置偏僻，纸质材料种类少，群众知晓度不足。"
    (gone,) = changed(sentence, "")
    assert (gone.at, gone.left, gone.right) == ("s5.p", sentence, "")
    (come,) = changed(sentence, sentence + "三是专职人员不足，难以兼顾日常审核。")
    assert (come.at, come.left) == ("s5.p", "")
    assert "专职人员不足" in come.right


def test_sentences_of_the_page_below_the_report_are_no_difference():
    below = "\n免责声明：本网站转载的内容不代表本网站观点。\n相关文章：县政府召开常务会议，研究部署近期工作。\n"
    assert compared(TEXT, TEXT + below).changes == ()
    assert [c.at for c in compared(TEXT, TEXT.replace("集中补录现象。", "无。") + below).changes] == ["s5.p"]


def test_a_whole_section_that_is_missing_is_one_change():
    gone = compared(TEXT, desk.report(drop=["s6"])).changes
    assert [c.at.split(".")[0] for c in gone] == ["s6"]
    assert gone[0].right == ""


def test_moved_sentences_are_no_difference():
    one = "二是基层查阅点利用率不高，8处查阅点中有的位置偏僻，纸质材料种类少，群众知晓度不足。"
    moved = TEXT.replace(one, "").replace("集中补录现象。", f"集中补录现象。{one}")
    assert compared(TEXT, moved).changes == ()


def test_changes_close_to_each_other_are_one():
    assert len(changed("邮政编码：000063，联系电话：0000-5551809", "邮政编码：000064，联系电话：0000-5551808")) == 2
    assert len(changed("发布150条、通过政务新媒体发布67条", "发布160条、通过政务新媒体发布57条")) == 2
    assert len(changed("8处查阅点中", "9处查询点中")) == 1


def test_the_share_that_is_alike():
    assert compared(TEXT, TEXT).share == 1.0
    share = compared(TEXT, TEXT.replace("150条", "160条")).share
    assert 0.995 < share < 1.0
    other = desk.report("云泽县白鹭湾镇人民政府", kind="township", seed=3)
    assert compared(TEXT, other).share < 0.7


def test_a_long_passage_is_shown_in_part():
    (change,) = changed("一是稳定信息员队伍", "一是" + "充实信息员队伍" * 60)
    assert len(change.right) <= textdiff.MOST_SHOWN + 2
    assert change.right.endswith("…")
