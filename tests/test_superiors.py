"""A government's report beside those of its roster: checked again when one of them comes, by what is there and what is not."""

from pathlib import Path

import desk

from gdcore import roster as files
from gdcore import samples
from gdcore.store import queries, roster
from gdcore.store.rows import FindingFilter

COUNTY, EDUCATION, WATER = "云泽县人民政府", "云泽县教育局", "云泽县水务局"
ROSTER = (
    f"单位名称,类型,上级单位,撤销日期\n{COUNTY},政府,,\n{EDUCATION},部门,{COUNTY},\n{WATER},部门,{COUNTY},\n"
    f"云泽县文化局,部门,{COUNTY},2020-05-01\n"
)


def found(store, rule):
    return [row.finding for row in queries.iter_findings(store, FindingFilter(year=2024, rules=(rule,)))]


def filed(name, kind, **changes):
    sample = samples.apply(samples.clean(kind, 2024, active=False, name=name), changes)
    return f"{name}.txt", samples.write(sample, "txt")


def test_a_subordinate_that_files_changes_what_is_said_of_the_government(tmp_path: Path) -> None:
    store = desk.open_desk(tmp_path)
    roster.take(store, files.parse(ROSTER.encode(), "名录.csv").entries)
    desk.take(store, filed(COUNTY, "government"))
    assert [f.rule for f in found(store, "AGG-06")] == ["AGG-06"]
    assert EDUCATION in found(store, "AGG-06")[0].message
    assert "文化局" not in found(store, "AGG-06")[0].message

    desk.take(store, filed(EDUCATION, "dept"), filed(WATER, "dept", set={"t2.licensing.decisions": "7"}))
    assert found(store, "AGG-06") == []
    [gap] = found(store, "AGG-04")
    assert (gap.found, gap.expected) == ("0", "7")
    store.close()


def test_an_agency_that_was_abolished_owes_no_report(tmp_path: Path) -> None:
    store = desk.open_desk(tmp_path)
    roster.take(store, files.parse(ROSTER.encode(), "名录.csv").entries)
    assert queries.overview(store, 2024).expected == 3
    assert queries.overview(store, 2019).expected == 4
    assert len(queries.agencies(store, 2024)) == 3
    store.close()
