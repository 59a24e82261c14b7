"""整改台账, the steps of findings and reports in the interface: what is shown, asked, done, refused and taken back."""

from datetime import date, timedelta

import desk
import pytest
from acting import (
    CALENDAR,
    TODAY,
    again,
    buttons,
    decided,
    dialog,
    faulty_desk,
    finding_dialog,
    issued,
    line,
    mark,
    popovers,
    state,
    submit,
    ticking,
)
from showing import alone, routed, words

from gdcore.lifecycle import PROGRAM
from gdcore.store import queries
from gdcore.store.rows import FindingFilter
from gdcore.ui import decide, query


@pytest.fixture
def store(tmp_path, monkeypatch):
    return faulty_desk(tmp_path, monkeypatch)


@pytest.fixture
def ticked(monkeypatch):
    return ticking(monkeypatch)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_an_empty_ledger_says_how_a_finding_gets_into_it(store):
    assert "台账还没有内容。" in words(alone("ledger"))


@pytest.fixture
def three(store):
    """One line overdue, one soon due, one confirmed; their fingerprints."""
    late, soon, open_ = mark(store, "STR-06"), mark(store, "SUM-03"), mark(store, "STR-06", desk.BAY)
    issued(store, late, due=TODAY - timedelta(days=6), responsible="许航")
    issued(store, soon, due=TODAY)
    decided(store, [open_], "confirmed")
    return late, soon, open_


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ({}, 3),
        ({"state": "issued"}, 2),
        ({"state": "confirmed"}, 1),
        ({"state": "no_such_state"}, 3),
        ({"due": "overdue"}, 1),
        ({"due": "soon"}, 1),
        ({"agency": desk.BAY}, 1),
        ({"rule": "SUM-03"}, 1),
        ({"q": "许航"}, 1),
        ({"due": "overdue", "rule": "SUM-03"}, 0),
        ({"page": "7"}, 3),
    ],
)
def test_the_address_filters_the_ledger(address, count, three):
    app = routed("ledger", **address)
    assert f"<b>{count} 条</b>" in words(app)
    assert [len(d.value) for d in app.dataframe] == ([count] if count else [])


def test_deadlines_are_told_in_words_the_nearest_first(store, three):
    decided(store, [three[1]], "confirmed")
    later = CALENDAR.after(TODAY, 3)
    decided(store, [three[1]], "issued", due=later)
    rows = alone("ledger").dataframe[0].value
    assert list(rows["剩余天数"])[:2] == ["已逾期 6 天", "剩 3 个工作日"]
    decided(store, [three[1]], "confirmed")
    decided(store, [three[1]], "issued", due=TODAY)
    app = alone("ledger")
    assert list(app.dataframe[0].value["剩余天数"])[:2] == ["已逾期 6 天", "今天到期"]
    assert [metric.value for metric in app.metric] == ["1 条", "1 条", "0 条", "0 条", "0%"]
    assert (app.metric[0].delta, app.metric[4].delta) == ("最长 6 天", "0 / 2 条")


def test_a_year_whose_holidays_are_not_known_is_told(store, three):
    assert "2099 年" not in words(alone("ledger"))
    decided(store, [three[2]], "issued", due=date(2099, 1, 9))
    assert "2099 年的节假日安排尚未公布，暂按周一至周五计算工作日。" in words(alone("ledger"))


def test_a_rule_that_was_asked_for_stays_when_the_last_of_it_is_dismissed(store, three):
    decided(store, [three[0], three[2]], "false_positive", reason="在附件中")
    assert "没有符合条件的问题。" in words(alone("ledger", rule="STR-06"))
    rows = alone("findings", rule="STR-06").dataframe[0].value
    assert list(rows["规则"]) == ["STR-06", "STR-06"]


def test_conditions_that_find_nothing_are_cleared(three):
    app = alone("ledger", due="overdue", rule="SUM-03")
    assert "没有符合条件的问题。" in words(app)
    app.button(key="ledger_reset").click().run()
    assert len(app.dataframe[0].value) == 3


def test_a_waiver_that_has_run_out_ends_when_the_page_opens(store, three):
    decided(store, [three[2]], "waiver_requested", reason="系统改造中", waiver_until=TODAY - timedelta(days=1))
    decided(store, [three[2]], "waived", "许航")
    alone("ledger")
    row = line(store, three[2])
    assert (row.state, row.actor, row.reason) == ("confirmed", PROGRAM, "豁免到期")


def test_the_workbook_holds_what_the_filter_finds(three):
    (button,) = alone("ledger", due="overdue").get("download_button")
    assert button.proto.label == "导出 XLSX（1 条）"


# --- many at once -----------------------------------------------------------------------------------------------------


def test_the_bar_offers_what_can_be_done_with_its_counts(store, three, ticked):
    ticked(0, 1, 2)
    shown = buttons(alone("ledger"))
    assert shown["ledger_issue"] == "下发…（1 条）"
    assert shown["ledger_submit"] == "提交核验…（2 条）"
    assert shown["ledger_lay_extend"] == "延长时限…（2 条）"


def test_one_line_is_told_whole_with_what_was_done(three, ticked):
    ticked(0)
    app = alone("ledger", due="overdue")
    assert "已逾期 6 天" in words(app)
    assert "许航" in words(app)
    assert [label for label in popovers(app) if "办理记录" in label] == ["办理记录 2"]


def test_a_step_that_asks_nothing_is_taken_at_once_for_all_on_every_page(store, three, ticked):
    ticked(0)
    app = alone("ledger", state="issued")
    app.toggle(key="ledger_everything").set_value(True).run()
    app.button(key="ledger_begin").click().run()
    assert [state(store, m) for m in three] == ["correcting", "correcting", "confirmed"]
    assert "已登记整改 2 条" in [t.value for t in app.toast]
    ticked()
    app = again(app)
    app.button(key="ledger_undo").click().run()
    assert [state(store, m) for m in three] == ["issued", "issued", "confirmed"]


# --- dialogs ----------------------------------------------------------------------------------------------------------
def test_findings_are_issued_with_a_deadline_of_working_days(store):
    marks = (mark(store, "STR-06"), mark(store, "SUM-03"))
    decided(store, marks, "confirmed")
    app = dialog(finding_dialog, "issue", marks=marks)
    begins = CALENDAR.after(TODAY, 10)
    assert app.date_input(key="decide_issue_due").value == begins
    assert "将 2 条下发。" in words(app)
    assert "剩 10 个工作日" in words(app)
    submit(app, responsible="许航", demand="限期改正")
    rows = [line(store, m) for m in marks]
    assert [(r.state, r.due, r.responsible, r.demand) for r in rows] == [("issued", begins, "许航", "限期改正")] * 2
    assert "已下发 2 条" in [t.value for t in app.toast]


def test_what_is_missing_is_told_and_nothing_is_written(store):
    target = mark(store, "STR-06")
    app = submit(dialog(finding_dialog, "dismiss", marks=(target,)))
    assert [e.value for e in app.error] == ["请填写说明。"]
    assert state(store, target) == "pending"
    submit(app, note="在附件中")
    assert (state(store, target), line(store, target).note) == ("false_positive", "在附件中")
    assert line(store, target).reason == "识别有误，原文没有这个问题"


def test_closing_takes_the_evidence_that_is_there_and_leaves_what_has_none(store):
    first, second = mark(store, "STR-06"), mark(store, "SUM-03")
    issued(store, first, second)
    decided(store, [first], "corrected", reason="已改", evidence="https://example.invalid/nianbao")
    decided(store, [second], "corrected", reason="来电称已改")
    app = submit(dialog(finding_dialog, "close", actor="许航", marks=(first, second)), reason="已核对公开版本")
    assert (state(store, first), state(store, second)) == ("closed", "corrected")
    assert line(store, first).verified_by == "许航"
    assert "其中 1 条没有办理：销号须有依据。" in [t.value for t in app.toast]


def test_the_evidence_of_a_single_finding_is_filled_in(store):
    target = mark(store, "STR-06")
    issued(store, target)
    desk.take(store, ("改.txt", desk.report()))
    query.refresh()
    rows = list(queries.lines(store, [target]).values())
    app = dialog(finding_dialog, "close", rows=rows)
    assert app.text_input(key="decide_close_evidence").value == "第 2 版"
    submit(app, reason="已核对")
    assert line(store, target).state == "closed"


def test_a_waiver_is_granted_only_by_another_person_who_sees_what_was_asked(store):
    target = mark(store, "STR-06")
    until = TODAY + timedelta(days=90)
    decided(store, [target], "confirmed")
    submit(dialog(finding_dialog, "waive", marks=(target,)), reason="系统改造中", waiver_until=until)
    assert (state(store, target), line(store, target).waiver_by) == ("waiver_requested", "周岚")
    query.refresh()
    app = submit(dialog(finding_dialog, "grant", marks=(target,)))
    assert "周岚 申请豁免至" in words(app)
    assert "系统改造中" in words(app)
    assert "须由申请人以外的人办理" in app.error[0].value.replace("\\", "")
    submit(dialog(finding_dialog, "grant", actor="许航", marks=(target,)))
    assert state(store, target) == "waived"


def test_what_someone_else_did_meanwhile_is_told_and_left(store):
    marks = (mark(store, "STR-06"), mark(store, "SUM-03"))
    decided(store, marks, "confirmed")
    shown = query.every_finding(FindingFilter(fingerprints=marks))
    decided(store, marks[:1], "false_positive", "许航", "在附件中")
    app = submit(dialog(finding_dialog, "issue", rows=shown))
    assert [state(store, m) for m in marks] == ["false_positive", "issued"]
    assert "其他人已处理其中 1 条，已刷新。" in [t.value for t in app.toast]


def test_refusing_a_waiver_leads_back_to_where_each_came_from(store):
    first, second = mark(store, "STR-06"), mark(store, "SUM-03")
    issued(store, first)
    decided(store, [first], "correcting")
    decided(store, [second], "confirmed")
    decided(store, [first, second], "waiver_requested", reason="系统改造中", waiver_until=TODAY)
    submit(dialog(finding_dialog, "refuse", actor="许航", marks=(first, second)), reason="理由不足")
    assert (state(store, first), state(store, second)) == ("correcting", "confirmed")


def test_what_is_laid_down_moves_nothing(store):
    target = mark(store, "STR-06")
    issued(store, target, due=TODAY)
    longer = TODAY + timedelta(days=30)
    submit(dialog(finding_dialog, "extend", marks=(target,)), due=longer, reason="单位申请延期")
    query.refresh()
    submit(dialog(finding_dialog, "remark", marks=(target,)), remark="电话核实")
    row = line(store, target)
    assert (row.state, row.due, row.remark) == ("issued", longer, "电话核实")


def test_a_step_without_a_way_back_is_not_offered_to_be_undone(store):
    target = mark(store, "STR-06")
    issued(store, target)
    app = submit(dialog(finding_dialog, "dismiss", marks=(target,)), note="在附件中")
    assert state(store, target) == "false_positive"
    assert dict(app.session_state["decide_undo"]) == {}


def test_decisions_of_a_grid_count_so_that_its_ticks_begin_anew(store, three, ticked):
    ticked(0)
    app = alone("ledger", due="overdue")
    before = app.dataframe[0].key
    app.button(key="ledger_correcting").click().run()
    assert app.dataframe[0].key != before
    assert decide.UNIT == "条"
