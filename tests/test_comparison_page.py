"""比对: last year beside this, two versions, and look-alikes; what is unread is no number, and text stays text."""

import re
from urllib.parse import unquote

import desk
import pytest
from showing import alone, routed, words
from streamlit.testing.v1 import AppTest

from gdcore import intake
from gdcore.store import decisions, queries
from gdcore.store.rows import FindingFilter
from gdcore.ui import query

HARM = "<script>alert(1)</script> :red[*改*] [链接](http://a.example) $x$ <b>粗</b>"
IDENTITY = "110101199003078515"
WILLOW = "云泽县柳浪街道办事处"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A desk of its own."""
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    return query.store()


def links(app: AppTest) -> dict[str, str]:
    """Label → page of every link of the main area."""
    return {link.proto.label: link.proto.page for link in app.main.get("page_link")}


def query_of(app: AppTest, label: str) -> str:
    """The parameters of the link whose label holds these words."""
    return unquote(next(x.proto.query_string for x in app.main.get("page_link") if label in x.proto.label))


def plain(app: AppTest) -> str:
    """All that the page says, without markup."""
    return re.sub(r"<[^>]+>", "", words(app))


def two_years(store, then=None, now=None):
    desk.take(store, ("2022.txt", desk.report(year=2022, **(then or {}))))
    desk.take(store, ("2023.txt", desk.report(year=2023, **(now or {}))))
    query.refresh()


# --- last year ----------------------------------------------------------------------------------------------------------


CARRIED = {"t3.carried_in.natural_person": "9", "t3.carried_in.total": "9"}


@pytest.mark.parametrize("open_it", [alone, routed])
def test_a_wrong_carry_over_is_told_first_with_both_numbers_and_leads_to_its_finding(open_it, store):
    two_years(store, now={"set": CARRIED})
    app = open_it("comparison", agency=desk.EAST, year="2023")
    finding = next(iter(queries.iter_findings(store, FindingFilter(year=2023, rules=("YOY-01",)))))
    assert app.header[0].value == "需要核实的变化"
    assert "上年结转总计 9 件，2022 年度报告结转下年度继续办理总计 2 件" in plain(app)
    assert re.search(r"结转下年度 → 上年结转</th><td[^>]*>2</td><td[^>]*>9</td><td[^>]*>\+7</td>", words(app))
    assert f"finding={finding.fingerprint}" in query_of(app, "上年结转与去年报告结转数不一致")


def test_a_stock_that_does_not_follow_is_told_though_its_finding_was_dismissed(store):
    two_years(store, now={"set": {"t2.normative_docs.in_force": "99"}})
    finding = next(iter(queries.iter_findings(store, FindingFilter(year=2023, rules=("YOY-04",)))))
    decisions.decide(store, [finding.fingerprint], "false_positive", "周岚", reason="清理后口径不同")
    query.refresh()
    app = alone("comparison", agency=desk.EAST, year="2023")
    assert re.search(r'class="tag tag-off">.*?误报', words(app))
    assert "现行有效 99 件" in plain(app)


def test_a_number_that_no_finding_tells_of_is_told_as_such(store, tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "national.switches.toml").write_text('[rules]\noff = ["YOY-04"]\n', "utf-8")
    two_years(store, now={"set": {"t2.normative_docs.in_force": "99"}})
    told = plain(alone("comparison", agency=desk.EAST, year="2023"))
    assert "未列问题" in told
    assert re.search(r"2022 年度 \d+ ＋ 本年制发 \d+ － 本年废止 \d+ ＝ \d+，表中 99", told)


def test_two_years_that_follow_from_each_other_need_no_reason(store):
    two_years(store)
    assert "没有需要核实的变化。" in plain(alone("comparison", agency=desk.EAST, year="2023"))


def test_the_list_holds_what_changed_or_every_cell(store):
    two_years(store, then={"set": {"t2.penalty.decisions": "41"}}, now={"set": {"t2.penalty.decisions": "38"}})
    app = alone("comparison", agency=desk.EAST, year="2023")
    assert re.search(r"行政处罚</th>.*?>41</td><td[^>]*>38</td><td[^>]*>−3</td><td[^>]*>−7.3%</td>", words(app))
    toggle = next(t for t in app.toggle if "格" in t.label)
    count = int(re.search(r"\d+", toggle.label)[0])
    assert listed(app) == count < 200
    toggle.set_value(False).run()
    assert listed(app) == 200
    assert re.search(r'>0</td><td[^>]*>0</td><td class="zero">0</td><td class="zero">—</td>', words(app))
    assert app.query_params["cells"] in ("0", ["0"])
    assert listed(alone("comparison", agency=desk.EAST, year="2023", cells="0")) == 200


def listed(app: AppTest) -> int:
    table = next(
        html
        for html in re.findall(r"<table.*?</table>", words(app), re.DOTALL)
        if '<th scope="col" class="column">表' in html
    )
    return table.count("<tr>") - 1


def test_an_unread_cell_is_told_and_no_difference_is_made_of_it(store):
    two_years(store, now={"cells": {"t3.granted_full": ["1", "2"]}})
    app = alone("comparison", agency=desk.EAST, year="2023", cells="0")
    row = re.search(r"（一）予以公开</th>(.*?)</tr>", words(app))[1]
    assert re.search(r'class="unread"[^>]*>未识别</td><td[^>]*>—</td><td[^>]*>—</td>', row)
    assert "7 格有一方未识别，不作比较，也不计入变化。" in plain(app)


def test_tables_that_do_not_compare_say_so(store):
    two_years(store, then={"drop": ["t4"]}, now={"edition": {"t2": "fmt2019"}})
    told = plain(alone("comparison", agency=desk.EAST, year="2023"))
    assert "表四：2022 年度报告中没有读到这张表，不作比较。" in told
    assert "表二：2022 年度为2021 版格式，2023 年度为2019 版格式，只比较两种格式都有的格；不比较：" in told


def test_the_form_shows_both_years_in_a_cell(store):
    two_years(store, then={"set": {"t2.penalty.decisions": "41"}}, now={"set": {"t2.penalty.decisions": "38"}})
    app = alone("comparison", agency=desk.EAST, year="2023", layout="form")
    assert re.search(r'<td[^>]*class="changed"[^>]*>38<small>上年 41，−3</small></td>', words(app))
    assert re.search(r"已收起 \d+ 行，各列均没有变化", words(app))


def test_prose_stands_side_by_side_with_numbers_marked(store):
    two_years(store)
    app = alone("comparison", agency=desk.EAST, year="2023")
    assert "<del>2022</del>" in words(app)
    assert "<ins>2023</ins>" in words(app)
    assert re.search(r"两份文字逐字相同 \d+%", plain(app))


# --- what is missing ----------------------------------------------------------------------------------------------------


def test_without_last_years_report_the_page_says_what_to_do(store):
    desk.take(store, ("2023.txt", desk.report()))
    query.refresh()
    app = alone("comparison", agency=desk.EAST, year="2023")
    assert "没有该单位 2022 年度报告，上传后即可比对。" in words(app)
    assert app.button(key="comparison_upload").label == "上传报告"
    app = alone("comparison", agency=desk.EAST, year="2023", mode="versions")
    assert "只有一个版本" in words(app)
    assert "可以比较的报告不足两份" in words(alone("comparison", mode="alike", year="2023"))


def test_an_agency_that_has_not_filed_says_so(store):
    desk.take(store, ("2022.txt", desk.report(year=2022)), ("2023.txt", desk.report(WILLOW, year=2023)))
    query.refresh()
    assert f"{desk.EAST}尚未报送 2023 年度报告" in words(alone("comparison", agency=desk.EAST, year="2023"))


def test_a_link_to_an_unknown_agency_says_so(store):
    desk.take(store, ("2023.txt", desk.report()))
    query.refresh()
    assert "找不到这个单位" in words(alone("comparison", agency="没有这家"))


# --- versions -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def versions(store):
    """Three versions: the second mends what is wrong in the first, the third brings it back."""
    desk.take(store, ("一.txt", desk.report(set={"t3.carried_out.natural_person": "77"})))
    desk.take(store, ("二.txt", desk.report()))
    desk.take(store, ("三.txt", desk.report(drop=["s6"], set={"t3.carried_out.natural_person": "77"})))
    query.refresh()


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ("1", "2", "重现 0 · 新增 0 · 仍在 0 · 消失 1"),
        ("2", "3", "重现 1 · 新增 1 · 仍在 0 · 消失 0"),
        ("1", "3", "重现 1 · 新增 1 · 仍在 0 · 消失 0"),
    ],
)
def test_findings_of_two_versions_are_told_by_what_became_of_them(versions, left, right, told):
    app = alone("comparison", agency=desk.EAST, mode="versions", left=left, right=right)
    assert told in plain(app)


def test_a_versions_cells_and_prose_show_what_changed(versions):
    app = alone("comparison", agency=desk.EAST, mode="versions", left="1", right="2")
    assert re.search(r">77</td><td[^>]*>1</td><td[^>]*>−76</td>", words(app))
    assert "没有变化：" in plain(app)
    app = alone("comparison", agency=desk.EAST, mode="versions")
    assert (app.selectbox(key="comparison_left_2023").value, app.selectbox(key="comparison_right_2023").value) == (2, 3)
    assert "没有读到这一部分" in plain(app)
    assert "不能认为已改正" not in plain(app)


def test_what_could_not_be_judged_is_not_told_as_mended(versions, store):
    desk.take(store, ("四.txt", desk.report(cells={"t3.carried_out": ["1", "2"]}, drop=["s6"])))
    query.refresh()
    app = alone("comparison", agency=desk.EAST, mode="versions", left="3", right="4")
    assert "第 4 版中未能评估，不能认为已改正" in plain(app)


def test_what_was_judged_is_told_as_gone_though_another_table_could_not_be_read(store):
    desk.take(store, ("一.txt", desk.report(set={"t3.rejected_duplicate.total": ""})))
    desk.take(store, ("二.txt", desk.report(drop=["t2"])))
    query.refresh()
    app = alone("comparison", agency=desk.EAST, mode="versions", left="1", right="2")
    assert any("数据单元格空白" in label for label in links(app))
    assert "不能认为已改正" not in plain(app)


def test_versions_judged_by_other_rules_are_told(versions, store, tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "national.switches.toml").write_text('[rules]\noff = ["STR-06"]\n', "utf-8")
    intake.recheck_year(store, 2023)
    query.refresh()
    told = plain(alone("comparison", agency=desk.EAST, mode="versions", left="2", right="3"))
    assert "问题的变化可能来自规则" in told
    assert "问题的变化可能来自规则" not in plain(
        alone("comparison", agency=desk.EAST, mode="versions", left="1", right="2")
    )


def test_the_report_leads_to_its_comparisons(versions):
    app = alone("report", agency=desk.EAST)
    assert {"与上年比对", "与第 2 版比对"} <= set(links(app))
    assert "left=2" in query_of(app, "与第 2 版比对")
    assert "与第 2 版比对" in links(alone("report", agency=desk.EAST, version="1"))


# --- look-alikes --------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(store):
    """Two agencies with one text."""
    desk.take(store, ("东关.txt", desk.report()))
    copy = desk.report().decode().replace("东关街道", "柳浪街道").replace("东关发布", "柳浪发布")
    desk.take(store, ("柳浪.txt", copy.encode()))
    query.refresh()


@pytest.mark.parametrize("open_it", [alone, routed])
def test_a_pair_of_copies_is_shown_with_the_passages_they_share(open_it, pair):
    app = open_it("comparison", mode="alike", year="2023")
    frame = app.dataframe[0].value
    assert frame[["总体情况", "问题及改进"]].to_numpy().tolist() == [["100%", "100%"]]
    assert frame["核查结论"].tolist() == ["QUA-02 待确认"]
    marks = re.findall(r'<mark class="shared">(.*?)</mark>', words(app))
    assert len(marks) > 10
    assert not any("《中华人民共和国政府信息公开条例》" in mark or mark == "主动公开。" for mark in marks)
    assert not any("行政复议" in mark for mark in marks)
    assert f"打开{WILLOW}" in links(app)


def test_a_pair_can_be_asked_for_whatever_its_likeness(pair, store):
    other = "云泽县望江街道办事处"
    desk.take(store, ("望江.txt", desk.report(other, seed=2)))
    query.refresh()
    app = alone("comparison", mode="alike", year="2023", left=desk.EAST, right=other)
    assert app.header[1].value.replace("\\", "") == f"{desk.EAST} 与 {other}"
    gone = alone("comparison", mode="alike", year="2023", left=desk.EAST, right="没有这家")
    assert "找不到这一对报告" in words(gone)


def test_a_report_like_its_own_last_one_is_listed(store):
    then = desk.report(year=2022).decode()
    desk.take(store, ("2022.txt", then.encode()), ("2023.txt", then.replace("2022", "2023").encode()))
    query.refresh()
    app = alone("comparison", mode="alike", year="2023")
    button = app.button(key=f"comparison_prior_{desk.EAST}")
    assert re.search(r"相似度 \d+%", button.label)
    button.click().run()
    assert app.header[0].value == "需要核实的变化"
    assert app.query_params["agency"] in (desk.EAST, [desk.EAST])


# --- text stays text, and personal data masked --------------------------------------------------------------------------


def pages(**address: str) -> list[AppTest]:
    """Every mode, with all rows shown."""
    return [
        alone("comparison", agency=desk.EAST, year="2023", cells="0", prose="0", **address),
        alone("comparison", agency=desk.EAST, year="2023", cells="0", prose="0", mode="versions"),
        alone("comparison", year="2023", mode="alike"),
    ]


def three_ways(store, text: str) -> None:
    """A text that stands in both years, in two versions and in the reports of two agencies."""
    insert = {"insert": {"s1.a1": [f"便民服务窗口整理了办事说明{text}并在公告栏里张贴出来供群众查看。"]}}
    desk.take(store, ("2022.txt", desk.report(year=2022, **insert)))
    desk.take(store, ("一.txt", desk.report(**insert)), ("二.txt", desk.report(replace={"业务培训": "培训"}, **insert)))
    copy = desk.report(**insert).decode().replace("东关街道", "柳浪街道")
    desk.take(store, ("柳浪.txt", copy.encode()))
    query.refresh()


def test_report_text_is_never_markup(store):
    three_ways(store, HARM)
    for app in pages():
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in words(app)
        assert "<script>alert" not in words(app)
        assert "<b>粗" not in words(app)
        shown = [*app.markdown, *app.caption, *app.title, *app.header]
        assert not any(":red[" in str(element.value) for element in shown)


def test_personal_data_stay_masked(store):
    three_ways(store, f"申请人身份证号{IDENTITY}，")
    for app in pages():
        assert IDENTITY not in words(app)
        assert "110***" in words(app)
