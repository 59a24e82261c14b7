"""汇总 on a desk with a roster: the banner, the sums, the cell that the address names, and who is behind it."""

import re

import desk
import pytest
from showing import alone, routed, words
from summed import BLANK, CELL, COUNTY, EDUCATION, WATER, by_hand, sample

from gdcore import roster as files
from gdcore import samples
from gdcore.store import queries, roster
from gdcore.ui import query

FINANCE, WEATHER = "云泽县财政局", "云泽县气象局"
ROSTER = "单位名称,类型,上级单位,所属地区\n" + "".join(
    f"{name},{kind},{above},云泽县\n"
    for name, kind, above in (
        (COUNTY.name, "政府", ""),
        (EDUCATION, "部门", COUNTY.name),
        (WATER, "部门", COUNTY.name),
        (FINANCE, "部门", COUNTY.name),
        (desk.EAST, "街道", COUNTY.name),
        (WEATHER, "垂直管理", COUNTY.name),
    )
)
PRINTED = {
    EDUCATION: sample(EDUCATION),
    WATER: sample(WATER, set={BLANK: ""}),
    FINANCE: sample(FINANCE, edition={"t2": "fmt2019", "t3": "fmt2019"}),
    WEATHER: sample(WEATHER, "vertical"),
}


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    """A county of four and a vertical body: one has not filed, one has the old form, one a blank cell."""
    folder = tmp_path_factory.mktemp("area")
    store = desk.open_desk(folder)
    roster.take(store, files.parse(ROSTER.encode(), "名录.csv").entries)
    desk.take(store, *((f"{n}.html", samples.write(p, "html")) for n, p in PRINTED.items()))
    county = sample(COUNTY.name, "government", set={CELL: "90"})
    desk.take(store, ("县.html", samples.write(county, "html")))
    store.close()
    return folder


@pytest.fixture
def open_area(area, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(area))
    query.refresh()
    return area


def cells(app, css=""):
    """The text of the value cells of the official table, with tags taken out."""
    found = re.findall(rf'<td(?: colspan="\d")? class="([^"]*\b{css}[^"]*)"[^>]*>(.*?)</td>', words(app))
    return [re.sub(r"<[^>]+>", "|", text) for _, text in found]


def notes(app):
    return re.findall(r'<p class="(?:note-line|say)[^"]*">(.*?)</p>', words(app))


@pytest.mark.parametrize("open_it", [alone, routed])
def test_the_banner_says_whom_the_sums_stand_for(open_it, open_area):
    app = open_it("aggregation", year="2023", table="t2")
    assert notes(app)[0] == (
        "<b>覆盖 2 / 4 家。</b>未计入 2 家：未报送 1 家（东关街道办事处），用另一版表样 1 家（财政局）。合计只代表已计入的单位。"
    )
    assert app.segmented_control(key="aggregation_table").options == ["表二 2/4", "表三 3/4", "表四 3/4"]
    assert app.selectbox(key="aggregation_agency").value == COUNTY.name


def test_the_table_holds_the_sums_and_says_where_fewer_are_counted(open_area):
    app = alone("aggregation", year="2023", table="t3", fold="0", cell=CELL)
    sums = by_hand(PRINTED[EDUCATION], sample(WATER), PRINTED[FINANCE])
    assert cells(app, "chosen") == [str(sums[CELL])]
    both = by_hand(PRINTED[EDUCATION], PRINTED[FINANCE])
    assert f"{both[BLANK]}|2 家|" in cells(app)
    assert len(cells(app)) == 175
    new_rows = [c for c in cells(app) if c.endswith("|2 家|")]
    assert len(new_rows) == 1 + 3 * 7  # the blank cell, and the three rows that the old form does not have


def test_a_cell_opens_to_its_agencies_and_to_the_governments_number(open_area):
    app = alone("aggregation", year="2023", table="t3", cell=CELL)
    told = words(app)
    total = by_hand(PRINTED[EDUCATION], sample(WATER), PRINTED[FINANCE])[CELL]
    for sentence in (f"{total} 件（3 家）", "90 件", f"−{90 - total} 件"):
        assert f"<dd>{sentence}</dd>" in told
    assert "<b>覆盖 3 / 4 家。</b>未计入 1 家：未报送 1 家（东关街道办事处）。合计只代表已计入的单位。" in notes(app)
    grid = app.dataframe[-1].value
    assert list(grid["数（件）"].dropna()) == sorted(grid["数（件）"].dropna(), reverse=True)
    assert grid["占比"].sum() == pytest.approx(100)
    assert list(grid["单位"])[-1] == "东关街道办事处"
    assert list(grid["备注"])[-1] == "未报送"
    assert set(grid["单位"]) == {"教育局", "水务局", "财政局", "东关街道办事处"}


def test_differences_come_first_and_are_no_fault_while_somebody_is_missing(open_area):
    app = alone("aggregation", year="2023", table="t3")
    differing = app.dataframe[0].value
    assert app.header[0].value == f"与云泽县人民政府年报不一致的 {len(differing)} 格"
    assert (
        "各格都未覆盖全部单位，差额只供参考，不是差错。汇总的单位中没有政府办公室，差额可能是政府本级的数据。"
        in words(app)
    )
    options = app.selectbox(key="aggregation_cell_t3").options
    assert "一、本年新收政府信息公开申请数量 · 总计　相差" in next(o for o in options if "新收" in o and "总计" in o)
    assert all("相差" in option for option in options[: len(differing)])
    assert not any("相差" in option for option in options[len(differing) :])
    assert cells(app, "differs") == []


def test_only_some_kinds_are_not_held_beside_the_government(open_area):
    app = alone("aggregation", year="2023", kinds="dept")
    assert notes(app)[0].startswith("<b>覆盖 3 / 3 家。</b>应计入的单位都已计入。")
    assert "只汇总部门。" in notes(app)[0]
    assert "只汇总了部分类型的单位，不与云泽县人民政府年报比较。" in words(app)


def test_everybody_without_those_that_are_sums_or_vertical(open_area):
    app = alone("aggregation", year="2023", agency="all", scope="云泽县")
    assert app.selectbox(key="aggregation_area").value == "云泽县"
    told = words(app)
    assert f"<td>{COUNTY.name}</td><td>政府年报本身是汇总数，不重复计入</td>" in told
    assert f"<td>{WEATHER}</td><td>垂直管理，名录没有注明计入汇总</td>" in told
    assert f"<td>{desk.EAST}</td><td>未报送</td>" in told


def test_another_choice_is_in_the_address_and_the_downloads_are_there(open_area):
    app = alone("aggregation", year="2023")
    app.segmented_control(key="aggregation_table").set_value("t4").run()
    assert app.query_params["table"] in ("t4", ["t4"])
    app.selectbox(key="aggregation_cell_t4").select("t4.lit_after.total").run()
    assert app.query_params["cell"] in ("t4.lit_after.total", ["t4.lit_after.total"])
    assert [b.proto.label for b in app.get("download_button")] == ["XLSX", "Word（官方表样）"]


def test_a_new_version_is_in_the_sums_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    desk.take(query.store(), ("东关.txt", desk.report(set={CELL: "41"})))
    assert cells(alone("aggregation", cell=CELL), "chosen") == ["41"]
    desk.take(query.store(), ("东关.txt", desk.report(set={CELL: "43"})))
    query.refresh()
    assert cells(alone("aggregation", cell=CELL), "chosen") == ["43"]


def test_years_without_a_unified_form_are_not_added_up(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    desk.take(query.store(), ("2018.txt", desk.report(year=2018)))
    assert queries.years(query.store()) == [2018]
    assert "没有统一的表格，不能汇总" in words(alone("aggregation", year="2018"))


def test_a_cell_that_everybody_is_counted_in_is_framed_where_it_differs(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    same = PRINTED[EDUCATION].cells()
    county = sample(COUNTY.name, "government", set=same | {CELL: str(int(same[CELL]) - 3)})
    printed = {"教育局.html": PRINTED[EDUCATION], "县.html": county}
    desk.take(query.store(), *((name, samples.write(p, "html")) for name, p in printed.items()))
    app = alone("aggregation", year="2023")
    assert cells(app, "chosen differs") == [same[CELL]]
    assert app.header[0].value == f"与{COUNTY.name}年报不一致的 1 格"
    assert app.dataframe[0].value.iloc[0].to_dict() == {
        "项目": "一、本年新收",
        "列": "总计",
        "合计": same[CELL],
        "政府年报": str(int(same[CELL]) - 3),
        "相差": "+3",
    }
    assert "两边都有数的各格一致。" in words(alone("aggregation", year="2023", table="t4"))


def test_the_old_form_is_added_up_in_its_own_layout(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    desk.take(query.store(), ("2020.txt", desk.report(year=2020)))
    app = alone("aggregation", year="2020", table="t2", cell="t2_2019.penalty.items_change")
    assert cells(app, "chosen") == ["−2"]
    assert cells(app, "unread") == ["不加总"]
    assert "<dd>−2 项（1 家）</dd>" in words(app)
