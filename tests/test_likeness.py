"""Likeness: copies with other numbers and names score high, honest texts on the same subject low."""

from __future__ import annotations

import pytest

from gdcore import likeness
from gdcore.likeness import masked, names_in, similarity
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.samples import clean, write

LAST_YEAR = """（一）主动公开。2023年，东关街道通过政府网站和“东关发布”公众号公开信息312条，其中工作动态198条、惠民政策76条。
（二）依申请公开。全年未收到政府信息公开申请。
（三）政府信息管理。对拟公开信息逐条登记，经办人、科室负责人、分管领导依次签字，涉密信息不上网。
（四）平台建设。街道便民服务大厅设查阅点1处，社区设查阅点6处，每季度更换一次纸质材料。
（五）监督保障。全年召开调度会4次，组织信息员培训3次，培训65人次。"""
COPY = (
    LAST_YEAR.replace("2023年", "2024年")
    .replace("312条", "1,205条")
    .replace("4次", "两次")
    .replace("东关", "柳浪")
    .replace("培训65人次", "培训九十人次")
)
ANEW = """（一）主动公开。一年来公开各类信息，重点是招生入学、社区养老两件事：办事流程画成图，贴在楼栋口。
（二）依申请公开。全年未收到政府信息公开申请。
（三）政府信息管理。重新修订了发布审核办法，先由科室自查，再由党政办复核，过期内容随时下架。
（四）平台建设。公众号改版，新设“办事找谁”菜单；老年人较多的四个社区放了大字版手册。
（五）监督保障。把信息公开列入科室考核，年底由居民代表打分，得分排在最后的科室作了说明。"""


def compared(left: str, right: str, *names: str) -> float:
    known = [part for name in names for part in names_in(name)]
    return similarity(masked(left, known), masked(right, known))


def test_a_copy_with_other_numbers_and_names_is_one() -> None:
    assert compared(LAST_YEAR, COPY, "云泽县东关街道办事处", "云泽县柳浪街道办事处") == 1


def test_a_copy_in_another_order_is_one() -> None:
    turned = "\n".join(reversed(LAST_YEAR.split("\n")))
    assert compared(LAST_YEAR, turned) == 1


def test_a_text_written_anew_on_the_same_subject_is_none() -> None:
    assert compared(LAST_YEAR, ANEW) < 0.3


def test_half_a_copy_is_about_half() -> None:
    ours, theirs = LAST_YEAR.split("\n"), ANEW.split("\n")
    assert 0.35 < compared("\n".join([*ours[:3], *theirs[3:]]), LAST_YEAR) < 0.7


def test_small_changes_of_words_in_each_sentence_leave_a_copy() -> None:
    changed = (
        LAST_YEAR.replace("逐条登记", "逐条进行登记").replace("每季度更换", "每半年更换").replace("召开", "先后召开")
    )
    assert 0.9 < compared(LAST_YEAR, changed) < 1


def test_a_whole_copy_within_a_longer_text_is_told_from_its_side() -> None:
    longer = masked(LAST_YEAR + "\n" + ANEW)
    assert likeness.taken_over(masked(LAST_YEAR), longer) == 1
    assert similarity(masked(LAST_YEAR), longer) < 0.8


def test_likeness_has_no_side() -> None:
    left, right = masked(LAST_YEAR), masked(ANEW + LAST_YEAR[:200])
    assert similarity(left, right) == similarity(right, left)


@pytest.mark.parametrize("least", [0.5, 0.8])
def test_no_text_that_is_alike_is_ruled_out(least: float) -> None:
    """Half a copy in pieces of every length, also of characters that have their lowest eight bits in common."""
    ours, theirs = LAST_YEAR.split("\n"), ANEW.replace("。", "。\n").split("\n")
    others = [masked("\n".join([*ours[:n], *theirs[n:m]])) for n in range(len(ours)) for m in range(len(theirs))]
    others += [
        "",
        "\n",
        "上海\n\ud800\U0001f60a" * 40,
        *("".join(chr(ord(c) + shift) for c in others[-1]) for shift in (1, 256)),
    ]
    own = masked(LAST_YEAR)
    told = likeness.may_be_alike(own, others, least)
    assert all(may for may, other in zip(told, others, strict=True) if similarity(own, other) >= least)
    assert not all(told)


def test_texts_too_long_to_be_ruled_out_together_may_all_be_alike() -> None:
    assert likeness.may_be_alike("字" * 100_000, ["文" * 100_000] * 2, 0.8) == [True, True]
    assert likeness.may_be_alike("字" * 100, [], 0.8) == []


def test_short_texts_are_not_compared() -> None:
    line = masked("政策解读形式单一，公开内容不够丰富，工作人员业务水平有待提高。")
    assert similarity(line, line) == 0
    assert similarity(line, line, enough=20) == 1


@pytest.mark.parametrize(
    "left_out",
    [
        "（一）主动公开。",
        "（四）政府信息公开平台建设情况",
        "五、存在的主要问题及改进情况",
        "（二）改进措施：",
        "2023年，未收到政府信息公开申请。",
        "全年收到政府信息公开申请12件，均已答复。",
        "未发生因政府信息公开引起的行政复议、行政诉讼。",
        "年内无责任追究情况。",
    ],
)
def test_what_the_form_prescribes_is_left_out(left_out: str) -> None:
    assert masked(left_out) == ""


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("一是公开3次培训、召开会议两次。", "公开#次培训、召开会议#次"),
        ("2024年1月19日发布，占比35.7%。", "#发布,占比#"),
        ("坚持以公开为常态、不公开为例外，做好云泽县的信息发布。", "做好@的信息发布"),
        ("认真落实《云泽县政务公开工作要点》（云政办〔2024〕3号），逐项销号。", "认真落实,逐项销号"),
        ("第三方评估与统一平台", "第三方评估与统一平台"),
    ],
)
def test_numbers_names_and_legal_phrases_are_masked(printed: str, kept: str) -> None:
    assert masked(printed, names_in("云泽县")) == kept


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("云泽县东关街道办事处", {"云泽县", "云泽", "东关街道", "东关"}),
        ("澜江市人民政府青石镇", {"澜江市", "青石镇", "青石"}),
        ("澜江市云泽县教育局", {"澜江市", "云泽县", "教育局", "教育"}),
        ("云泽县经济开发区管理委员会", {"云泽县", "经济开发区"}),
    ],
)
def test_a_name_has_the_names_of_its_area_and_body(name: str, parts: set[str]) -> None:
    found = names_in(name)
    assert parts <= set(found)
    assert not {"人民政府", "街道", "办事处"} & set(found)
    assert list(found) == sorted(found, key=lambda n: (-len(n), n))


KINDS = ("dept", "township", "subdistrict", "government", "gov_office", "authorized_org", "vertical")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("active", [True, False])
def test_clean_reports_of_two_years_are_not_alike(kind: str, active: bool) -> None:
    for year in (2019, 2020, 2021, 2022, 2023, 2024):
        ours, theirs = (_prose(kind, y, active) for y in (year, year + 1))
        assert similarity(ours, theirs) < 0.4


def _prose(kind: str, year: int, active: bool) -> str:
    report = recognise(read(write(clean(kind, year, active), "txt"), "年报.txt"), "年报.txt")
    body = "\n".join(report.section(key).text for key in ("s1", "s5"))
    return masked(body, names_in(report.identity.agency or ""))
