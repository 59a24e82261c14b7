"""总览: who is late and by when, what every figure leads to, and the view narrowed to one government."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import desk
import pytest
from showing import alone, links, routed, words
from streamlit.testing.v1 import AppTest

from gdcore import roster as files
from gdcore.store import roster
from gdcore.store.rows import DueRow
from gdcore.ui import charts, deadlines, query, today

DUE = query.due_year()
TODAY = date.today()
SOON = TODAY + timedelta(days=5)
HEADER = "单位名称,编号,类型,上级单位,报送截止\n"
OFFICE, SCHOOLS, BAY = "云泽县统计局", "云泽县教育局", "云泽县白鹭湾镇人民政府"


def county(late: date | None, soon: date | None) -> str:
    return (
        f"云泽县人民政府,Y,政府,,\n{OFFICE},T,部门,云泽县人民政府,{late or ''}\n{SCHOOLS},J,部门,云泽县人民政府,\n"
        f"{BAY},B,乡镇,云泽县人民政府,{soon or ''}\n柳林县人民政府,L,政府,,\n柳林县教育局,LJ,部门,柳林县人民政府,\n"
    )


@pytest.fixture
def years(tmp_path, monkeypatch):
    """Two counties of which two offices filed, one of them also the year before; one body is overdue, one has time."""
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    fill(query.store(), county(TODAY - timedelta(days=6), SOON))
    return query.store()


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))


def fill(store, rows):
    entries = files.parse((HEADER + rows).encode(), "名录.csv").entries
    roster.take(store, entries)
    desk.take(
        store,
        ("教育局.txt", desk.unbalanced(SCHOOLS, DUE, kind="dept")),
        ("柳林.txt", desk.report("柳林县教育局", DUE, kind="dept", seed=3)),
        ("教育局旧.txt", desk.report(SCHOOLS, DUE - 1, kind="dept", seed=5)),
    )
    query.refresh()


def metrics(app: AppTest) -> dict[str, tuple[str, str]]:
    return {m.label: (m.value, m.delta) for m in app.metric}


# --- who is late ------------------------------------------------------------------------------------------------------


def test_who_is_late_and_by_how_much(years):
    shown = metrics(alone("overview"))
    assert shown["应报"][0] == "6 家"
    assert shown["已报"] == ("2 家", "33%")
    assert shown["未报"] == ("4 家", "未到期 1")
    assert shown["逾期"] == ("1 家", "最长 6 天")


def test_without_any_day_of_submission_nobody_is_called_late(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    fill(query.store(), county(None, None))
    app = alone("overview")
    (overdue,) = (m for m in app.metric if m.label == "逾期")
    assert overdue.value == "—"
    assert overdue.proto.help.startswith("没有报送截止日，不能判断逾期")
    assert [choice.options for choice in app.segmented_control] == [["有缺项 1", "未报 4", "全部 6"]]


@pytest.mark.parametrize(
    ("dues", "agencies", "longest", "ahead", "unknown"),
    [
        ([], None, 0, 0, 0),
        ([DueRow(None, False, 3, 1)], None, 0, 0, 2),
        ([DueRow(date(2024, 1, 20), False, 3, 3)], 0, 0, 0, 0),
        ([DueRow(date(2024, 1, 20), False, 3, 1)], 2, 5, 0, 0),
        ([DueRow(date(2024, 1, 25), False, 3, 1)], 0, 0, 2, 0),  # today is the last day
        (
            [DueRow(date(2024, 1, 10), True, 1, 1), DueRow(None, False, 3, 1)],
            None,
            0,
            0,
            2,
        ),  # no day of theirs is known
        ([DueRow(date(2024, 1, 10), True, 1, 0), DueRow(None, False, 3, 1)], 1, 15, 0, 2),
        ([DueRow(date(2024, 1, 10), True, 1, 1), DueRow(date(2024, 1, 20), False, 3, 1)], 2, 5, 0, 0),
    ],
)
def test_lateness_by_the_days_that_are_known(dues, agencies, longest, ahead, unknown):
    assert today.late(dues, date(2024, 1, 25)) == today.Late(agencies, longest, ahead, unknown)


def test_the_profile_sets_the_day_for_those_for_which_the_roster_does_not(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    monkeypatch.setenv("GDCORE_PROFILE", "本县")
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "本县.toml").write_text('title = "本县"\nextends = "national"\n[deadlines]\nsubmit = "01-05"\n', "utf-8")
    query.refresh()
    fill(query.store(), county(None, TODAY + timedelta(days=5)))
    passed = date(DUE + 1, 1, 5) < TODAY
    assert metrics(alone("overview"))["逾期"][0] == ("3 家" if passed else "0 家")


def test_those_that_have_not_filed_come_by_their_deadline(years):
    listed = alone("overview", show="missing").dataframe[0].value
    assert list(listed["单位"]) == ["统计局", "白鹭湾镇人民政府", "云泽县人民政府", "柳林县人民政府"]
    assert list(listed["期限"].fillna("—")) == ["逾期 6 天", deadlines.remaining(SOON, TODAY), "—", "—"]
    assert list(alone("overview", show="late").dataframe[0].value["单位"]) == ["统计局"]


@pytest.mark.parametrize(
    ("day", "today", "words"),
    [
        (date(2026, 2, 25), date(2026, 2, 13), "剩 3 个工作日"),  # 春节, and a Saturday that is worked
        (date(2026, 1, 18), date(2026, 1, 16), "不足 1 个工作日"),
        (date(2026, 1, 20), date(2026, 1, 20), "今天到期"),
        (date(2026, 1, 20), date(2026, 1, 26), "逾期 6 天"),
        (None, date(2026, 1, 26), ""),
    ],
)
def test_the_days_left_are_working_days_and_those_passed_are_days(day, today, words, empty):
    assert deadlines.owed(day, today) == words


def test_a_year_whose_holidays_are_not_known_is_told(empty):
    assert deadlines.assumed(date(2090, 1, 20), date(2089, 12, 1)) == "2089 年放假安排尚未公布，按周一至周五计。"
    assert deadlines.assumed(date(2026, 1, 20), date(2025, 12, 1)) == ""


def test_the_matrix_tells_when_reports_came_and_how_long_there_is_left(years):
    matrix = alone("overview", show="all").dataframe[0].value
    told = dict(zip(matrix["单位"], matrix["报送"], strict=True))
    assert told["统计局"] == "逾期 6 天"
    assert told["教育局"] == f"{TODAY.month}月{TODAY.day}日"
    assert told["柳林县人民政府"] == "未报"


def test_an_agency_that_has_not_filed_is_told_how_long_it_is_late(years):
    assert "逾期 6 天。" in words(alone("report", agency="T"))


def test_what_has_to_be_done_leads_to_the_rows_behind_it(years):
    found = links(alone("overview"))
    assert f"show=late&year={DUE}" in normal(found["1 家逾期未报，最长 6 天"])
    assert f"show=missing&year={DUE}" in normal(found["3 家尚未报送"])


def normal(address: str) -> str:
    """The parameters of an address in the order of their names."""
    return "&".join(sorted(address.partition("?")[2].split("&")))


# --- charts -----------------------------------------------------------------------------------------------------------


def clicked(monkeypatch, key: str, **point: int) -> None:
    """One point of one chart as it is when a person clicked it."""

    def drawn(*_: object, **words: object) -> SimpleNamespace:
        return SimpleNamespace(selection=SimpleNamespace(points=[point] if words["key"] == key else []))

    monkeypatch.setattr(charts.st, "plotly_chart", drawn)


@pytest.mark.parametrize(
    ("key", "point", "title", "address"),
    [
        ("overview_bands", {"curve_number": 0, "point_index": 0}, "单位", {"band": "90"}),
        ("overview_faults", {"curve_number": 2, "point_index": 0}, "问题清单", {"rule": "STR-06"}),
        ("overview_trend", {"curve_number": 0, "point_index": 0}, "单位", {"year": str(DUE - 1)}),
        ("overview_trend", {"curve_number": 2, "point_index": 1}, "问题清单", {"sev": "error", "year": str(DUE)}),
    ],
)
def test_a_click_on_a_chart_leads_to_the_list_behind_it(key, point, title, address, years, monkeypatch):
    clicked(monkeypatch, key, **point)
    app = routed("overview")
    assert app.title[0].value == title
    assert {name: app.query_params[name] for name in address} in (address, {k: [v] for k, v in address.items()})


def test_each_chart_has_its_figures_as_a_table(years):
    said = words(alone("overview"))
    assert "<td>优秀 90–100</td><td>2 家</td>" in said
    assert "<td>STR-06</td><td>缺少“其他需要报告的事项”部分</td><td>1 家</td><td>50%</td>" in said
    assert f"<td>{DUE - 1}</td><td>1 家</td><td>100</td><td>0 条</td>" in said


def test_one_year_makes_no_trend(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    desk.take(query.store(), ("东关.txt", desk.unbalanced()))
    query.refresh()
    assert "历年" not in [h.value for h in alone("overview").header]


# --- narrowed to one government ---------------------------------------------------------------------------------------


def test_the_scope_narrows_the_overview_the_agencies_and_the_findings(years):
    app = alone("overview", scope="L")
    assert app.selectbox(key="shell_scope").value == "L"
    assert metrics(app)["应报"][0] == "2 家"
    assert "scope=L" in links(app)["单位"]
    assert list(alone("agencies", scope="L").dataframe[0].value["单位"]) == ["柳林县教育局", "柳林县人民政府"]
    assert "没有待处理的问题。" in words(alone("findings", scope="L"))
    assert "STR-06" in list(alone("findings", scope="Y").dataframe[0].value["规则"])


def test_letters_go_to_those_in_view_alone(years):
    labels = {b.key: b.label for b in alone("overview", scope="L", show="missing").button}
    assert labels["overview_remind"] == "生成催报…（1 家）"
    assert "overview_bulletin" not in labels  # it is on everyone
    assert {b.key: b.label for b in alone("overview", show="late").button}["overview_remind"] == "生成催报…（1 家）"
    assert "overview_bulletin" in [b.key for b in alone("overview").button]


def test_the_choice_of_a_scope_goes_into_the_address(years):
    app = alone("overview")
    assert app.selectbox(key="shell_scope").options == ["全部单位", "云泽县 4 家", "柳林县 2 家"]
    app.selectbox(key="shell_scope").set_value("Y").run()
    assert app.query_params["scope"] in ("Y", ["Y"])
    assert metrics(app)["已报"][0] == "1 家"


def test_a_desk_without_a_roster_of_governments_has_no_scope(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    desk.take(query.store(), ("东关.txt", desk.report()))
    query.refresh()
    app = alone("overview", scope="Y")
    assert [s.key for s in app.selectbox] == ["shell_year"]
    assert metrics(app)["应报"][0] == "1 家"
