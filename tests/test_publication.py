"""What is published against the version that passed: every difference with its place, and nothing that is none."""

import json
from dataclasses import asdict, replace
from datetime import date

import desk
import pytest

from gdcore import exposure, mending, processing, publication
from gdcore.mending import CellMend
from gdcore.publication import Kind, Outcome, Passed, Publication
from gdcore.samples import writers

YEAR = 2023
IN_TIME = Publication(date(2024, 1, 20), "发布日期", date(2024, 1, 31))
CELL = "t3.new_received.natural_person"
NUMBER, MOBILE, NAME = "110101199003070011", "13812345678", "王小明"


def read(fmt="html", **change):
    return processing.read_report(desk.report(fmt=fmt, **change), f"年报.{fmt}")


def passed(report=None, **words):
    return Passed(report or read("docx"), desk.EAST, YEAR, **words)


def compared(found, approved=None, when=IN_TIME, **words):
    return publication.compare(passed(approved, **words), found, when)


def told(differences):
    return [(d.kind, d.address, d.approved, d.published, d.sure) for d in differences]


def outcome(differences):
    return publication.outcome_of(differences)


# --- the same ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", writers.FORMATS)
def test_the_same_report_in_any_form_is_the_same(fmt):
    found = compared(read(fmt))
    assert found == ()
    assert outcome(found) is Outcome.SAME
    assert publication.summary_of(found) == "与审定稿一致"


def test_a_day_that_is_not_told_is_no_difference():
    found = compared(read(), when=Publication(None, "", date(2024, 1, 31)))
    assert [d.kind for d in found] == [Kind.UNDATED]
    assert outcome(found) is Outcome.SAME
    assert publication.summary_of(found) == "与审定稿一致；页面上没有公开日期"


# --- figures ----------------------------------------------------------------------------------------------------------


def test_another_figure_is_told_with_both_values_and_its_address():
    cells = {CELL: "17", "t2.normative_docs.in_force": "8", "t4.review.upheld": "2"}
    found = compared(read(set=cells))
    assert told(found) == [
        (Kind.FIGURE, "t2.normative_docs.in_force", "7", "8", True),
        (Kind.FIGURE, CELL, "16", "17", True),
        (Kind.FIGURE, "t4.review.upheld", "1", "2", True),
    ]
    assert found[1].sentence == "表三 · 一、本年新收政府信息公开申请数量 · 自然人：审定稿为 16，公开为 17。"
    assert outcome(found) is Outcome.DIFFERS
    assert publication.summary_of(found) == "数字不同 3 处"


@pytest.mark.parametrize("raw", ["16件", "１６", " 16 ", "016", "16（其中网络申请 3 件）"])
def test_another_way_to_write_a_number_is_no_difference(raw):
    assert compared(read(set={CELL: raw})) == ()


@pytest.mark.parametrize(
    ("approved", "published", "sure"),
    [("0", "", False), ("", "0", False), ("/", "0", False), ("", "3", True), ("3", "", True), ("3", "无", False)],
)
def test_a_blank_against_nought_is_for_a_person_to_look_at(approved, published, sure):
    address = "t3.new_received.business"
    (found,) = compared(read(set={address: published}), read("docx", set={address: approved}))
    assert (found.address, found.approved, found.published) == (address, approved or "空白", published or "空白")
    assert found.sure is sure
    assert outcome([found]) is (Outcome.DIFFERS if sure else Outcome.REVIEW)


@pytest.mark.parametrize(("approved", "published"), [("", "/"), ("—", ""), ("无", "/")])
def test_nothing_in_another_sign_is_no_difference(approved, published):
    address = "t3.new_received.business"
    assert compared(read(set={address: published}), read("docx", set={address: approved})) == ()


def test_a_row_that_could_not_be_read_is_told_and_no_difference():
    found = compared(read(cells={"t3.granted_full": ["7", "2", "1"]}))
    assert {d.kind for d in found} == {Kind.UNREAD}
    assert "7 格未能识别" in found[0].sentence
    assert outcome(found) is Outcome.REVIEW


def test_of_very_many_cells_not_all_are_told_one_by_one():
    cells = {a: "999" for a in read("docx").cells() if a.startswith("t3.")}
    assert len(cells) > publication.MOST_FIGURES
    found = compared(read(set=cells))
    assert len([d for d in found if d.kind is Kind.FIGURE]) == publication.MOST_FIGURES + 1
    assert f"另有 {len(cells) - publication.MOST_FIGURES} 格不同" in found[publication.MOST_FIGURES].sentence


def test_a_cell_that_a_person_mended_is_compared_as_mended():
    misread = read("docx", set={CELL: "1O"})
    mend = CellMend(CELL, "16")
    approved = mending.apply(misread, (mend,))
    assert approved.cells()[CELL].raw == "16"
    assert compared(read(), approved) == ()
    assert compared(read(set={CELL: "1O"}), approved) == ()  # the same misreading of the same print
    assert [d.published for d in compared(read(set={CELL: "17"}), approved)] == ["17"]


# --- tables -----------------------------------------------------------------------------------------------------------


def test_a_table_that_is_only_a_picture_is_told():
    found = compared(read(image=["t3"]))
    assert told(found) == [(Kind.TABLE, "t3", "文本表格", "图片", True)]
    assert outcome(found) is Outcome.DIFFERS


def test_a_table_that_was_not_found_may_have_been_overlooked():
    found = compared(read(drop=["t4"]))
    assert told(found) == [(Kind.TABLE, "t4", "有", "没有找到", False)]
    assert outcome(found) is Outcome.REVIEW


def test_a_table_that_the_version_that_passed_does_not_have_is_not_asked_for():
    assert compared(read(image=["t3"]), read("docx", image=["t3"])) == ()


def test_a_table_in_another_edition_is_told_as_one():
    found = compared(read(edition={"t2": "fmt2019"}))
    assert {d.kind for d in found} == {Kind.EDITION}
    assert all(d.published == "2019 年格式" for d in found)
    assert outcome(found) is Outcome.DIFFERS


# --- text -------------------------------------------------------------------------------------------------------------


def test_another_text_is_told_with_the_passage_and_the_share():
    (found,) = compared(read(replace={"业务培训4次": "业务培训14次"}))
    assert (found.kind, found.address, found.sure) == (Kind.TEXT, "s1.a5", True)
    assert "业务培训4次" in found.approved
    assert "业务培训14次" in found.published
    assert "文字中的数字不同（全文相同 99.9%）" in found.sentence
    assert outcome([found]) is Outcome.DIFFERS


def test_a_missing_section_is_told():
    (found,) = compared(read(drop=["s6"]))
    assert (found.kind, found.address, found.published) == (Kind.TEXT, "s6.fee", "没有这一段")


def test_of_a_report_read_from_pictures_little_slips_are_not_told_and_nothing_is_sure():
    pictured = replace(read(replace={"业务培训4次": "业务培训14次"}), legibility=0.6)
    assert compared(pictured) == ()
    other = replace(read(drop=["s5"]), legibility=0.6)
    found = compared(other)
    assert [(d.kind, d.sure) for d in found] == [(Kind.TEXT, False)]
    assert outcome(found) is Outcome.REVIEW


# --- the day ----------------------------------------------------------------------------------------------------------


def test_a_late_report_is_told_with_both_days():
    found = compared(read(), when=Publication(date(2024, 2, 2), "发布时间", date(2024, 1, 31)))
    assert told(found) == [(Kind.LATE, "report", "不晚于 2024-01-31", "2024-02-02", True)]
    assert found[0].sentence == "发布时间为 2024-02-02，公开期限为 2024-01-31，晚 2 天。"
    assert outcome(found) is Outcome.LATE
    assert publication.summary_of(found) == "发布时间为 2024-02-02，公开期限为 2024-01-31，晚 2 天"


@pytest.mark.parametrize("day", [date(2024, 1, 31), date(2023, 12, 31)])
def test_on_the_last_day_it_is_in_time(day):
    assert compared(read(), when=Publication(day, "发布日期", date(2024, 1, 31))) == ()


def test_a_day_long_after_may_be_that_of_a_new_site():
    found = compared(read(), when=Publication(date(2025, 3, 1), "发布日期", date(2024, 1, 31)))
    assert [(d.kind, d.sure) for d in found] == [(Kind.LATE, False)]
    assert outcome(found) is Outcome.REVIEW


def test_without_a_deadline_nothing_is_late():
    assert compared(read(), when=Publication(date(2024, 5, 1), "发布日期", None)) == ()


# --- another report ---------------------------------------------------------------------------------------------------


def test_a_report_on_another_year_is_not_this_one():
    found = compared(read(year=2022))
    assert told(found) == [(Kind.OTHER, "title", "2023", "2022", True)]
    assert outcome(found) is Outcome.ABSENT


def test_a_report_of_another_agency_is_not_this_one():
    found = compared(read(name=desk.BAY, kind="township"))
    assert [(d.kind, d.published) for d in found] == [(Kind.OTHER, desk.BAY)]
    assert outcome(found) is Outcome.ABSENT


def test_names_that_can_be_one_body_are_no_difference():
    short = read(replace={"云泽县东关街道办事处2023年": "东关街道2023年"})
    assert short.identity.agency == "东关街道"
    assert Kind.OTHER not in {d.kind for d in compared(short)}
    former = read(name="云泽县东城街道办事处")
    assert Kind.OTHER not in {d.kind for d in compared(former, names=("云泽县东城街道办事处",))}


def test_a_report_that_says_the_same_is_this_one_whatever_name_was_read_in_it():
    stray = read()
    stray = replace(stray, identity=replace(stray.identity, agency="名称云泽县档案馆"))
    assert compared(stray) == ()
    framed = replace(stray, identity=replace(stray.identity, agency=f"名称{desk.EAST}"))
    assert Kind.OTHER not in {d.kind for d in compared(framed, read("docx", name=desk.BAY, kind="township"))}


# --- personal data ----------------------------------------------------------------------------------------------------

LEAK = {
    "全年受理政府信息公开申请25件": f"申请人{NAME}（身份证号{NUMBER}，手机{MOBILE}）等提出，全年受理政府信息公开申请25件"
}


def test_personal_data_are_told_by_kind_and_place_and_never_shown():
    found = compared(read(replace=LEAK))
    kinds = {(d.address, d.published, d.sure) for d in found if d.kind is Kind.PERSONAL}
    assert kinds == {
        ("s1.a2", "身份证号（不再显示）", True),
        ("s1.a2", "手机号（不再显示）", True),
        ("s1.a2", "申请人、当事人姓名（不再显示）", True),
    }
    assert outcome(found) is Outcome.PERSONAL
    kept = json.dumps([asdict(d) for d in found], ensure_ascii=False)
    assert [d.kind for d in found].count(Kind.TEXT) == 1
    for secret in (NUMBER, NUMBER[6:14], MOBILE, NAME):
        assert secret not in kept


def test_personal_data_that_the_version_that_passed_has_too_are_told_all_the_same():
    found = compared(read(replace=LEAK), read("docx", replace=LEAK))
    assert {d.kind for d in found} == {Kind.PERSONAL}


def test_what_a_person_cleared_is_not_told():
    leaking = read("docx", replace=LEAK)
    cleared = {(exposure.RULES[s.kind], s.address) for s in exposure.scan(leaking).sightings}
    assert compared(read(replace=LEAK), leaking, cleared=cleared) == ()
    assert compared(read(replace=LEAK), leaking, off={"PRI-01", "PRI-02", "PRI-03"}) == ()


def test_the_numbers_that_an_agency_gives_for_people_to_call_are_no_secret():
    contact = {"联系电话：0000-5551809": f"联系电话：{MOBILE}"}
    assert compared(read(replace=contact), read("docx", replace=contact)) == ()


def test_the_order_of_outcomes_is_that_of_gravity():
    late = Publication(date(2024, 2, 2), "发布日期", date(2024, 1, 31))
    assert outcome(compared(read(set={CELL: "17"}, replace=LEAK), when=late)) is Outcome.PERSONAL
    assert outcome(compared(read(set={CELL: "17"}), when=late)) is Outcome.DIFFERS
    assert outcome(compared(read(drop=["t4"]), when=late)) is Outcome.LATE
