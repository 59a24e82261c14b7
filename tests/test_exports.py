"""What leaves the program: CSV that no spreadsheet runs, JSON in the shape of the contract."""

import csv
import io
import json

import desk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcore import profile, scoring, selfcheck
from gdcore.exports import csv as to_csv
from gdcore.exports import json as to_json
from gdcore.exports import sarif as to_sarif
from gdcore.exports import text as to_text
from gdcore.rules import CATALOGUE
from gdcore.store import queries
from gdcore.store.rows import FindingFilter

COLUMNS = [
    "单位",
    "报告年度",
    "规则编号",
    "规则名称",
    "严重程度",
    "结论",
    "位置",
    "原文",
    "应为",
    "说明",
    "整改建议",
    "依据",
    "状态",
    "得分影响",
    "文件",
    "版本",
]


@pytest.fixture(scope="module")
def terms(tmp_path_factory):
    settings = desk.settings_in(tmp_path_factory.mktemp("desk"))
    return selfcheck.Terms(profile.load("national", settings), scoring.load("default", settings))


def results(terms, *files):
    return selfcheck.check_files(files, terms, make=desk.AtOnce)


def table(pieces):
    data = b"".join(pieces)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_csv_of_a_check(terms):
    rows = table(to_csv.of_check(results(terms, ("年报.txt", desk.unbalanced()))))
    assert list(rows[0]) == COLUMNS
    row = next(r for r in rows if r["规则编号"] == "STR-06")
    assert (row["单位"], row["报告年度"], row["严重程度"], row["结论"]) == (desk.EAST, "2023", "错误", "不符合")
    assert (row["规则名称"], row["状态"], row["得分影响"], row["版本"]) == (
        CATALOGUE["STR-06"].name,
        "待确认",
        "5",
        "1",
    )
    assert row["位置"].startswith("六、其他需要报告的事项")


def test_the_csv_of_the_store_is_the_same_but_for_what_the_store_knows(terms, tmp_path):
    store = desk.open_desk(tmp_path)
    desk.take(store, ("年报.txt", desk.unbalanced()))
    stored = table(to_csv.of_store(queries.iter_findings(store, FindingFilter(year=2023))))
    assert stored == table(to_csv.of_check(results(terms, ("年报.txt", desk.unbalanced()))))
    store.close()


@pytest.mark.parametrize(
    "value", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1", "- 4 -"]
)
def test_what_a_spreadsheet_would_run_is_neutralised(value):
    assert to_csv.safe(value) == "'" + value


@pytest.mark.parametrize("value", ["-5", "+3", "12.5", "-1.5%", "三", "", "a=b", "——", "5", -5, 2.5])
def test_numbers_and_plain_text_stay(value):
    assert to_csv.safe(value) == value


@given(st.text())
def test_no_text_leaves_as_a_formula(value):
    safe = to_csv.safe(value)
    assert safe in (value, "'" + value)
    if str(safe).lstrip()[:1] in tuple("=@＝＠"):
        pytest.fail(f"{safe!r} would be run")


def test_the_json_of_a_check_has_the_shape_of_the_contract(terms):
    answer = json.loads(to_json.of_check(results(terms, ("年报.txt", desk.unbalanced()))))
    assert answer["engine"] == {"name": "gdcore", "version": "0.1.0", "catalogue": CATALOGUE.fingerprint}
    (entry,) = answer["reports"]
    assert (entry["file"], entry["format"], entry["outcome"], entry["reason"]) == ("年报.txt", "txt", "checked", None)
    assert set(entry["identity"]) == {"agency", "year", "title", "agency_type", "published"}
    assert entry["editions"] == {"t2": "fmt2021", "t3": "fmt2021", "t4": "fmt2021"}
    assert [(s["key"], s["found"]) for s in entry["sections"]][5] == ("s6_other", False)
    cell = entry["cells"]["t3.carried_out.natural_person"]
    assert (cell["raw"], cell["value"]) == ("77", "77")
    assert cell["place"]["line"] >= 1
    assert set(entry["rules"]) == set(CATALOGUE)
    assert set(entry["score"]["buckets"]) == {"timeliness", "completeness", "tables", "sums", "consistency", "quality"}
    assert entry["score"]["buckets"]["completeness"] == {"lost": 5, "cap": 25}


def test_a_finding_carries_address_cells_and_places_once_each(terms):
    (entry,) = json.loads(to_json.of_check(results(terms, ("年报.txt", desk.unbalanced()))))["reports"]
    finding = next(f for f in entry["findings"] if f["rule"] == "SUM-03")
    assert finding["address"].startswith("t3.")
    assert finding["cells"]
    places = [json.dumps(place) for place in finding["places"]]
    assert len(set(places)) == len(places)
    assert isinstance(finding["expected"], str)
    assert isinstance(finding["found"], str)


def test_a_blank_cell_has_raw_and_no_value(terms):
    data = desk.report(set={"t3.new_received.business": ""})
    (entry,) = json.loads(to_json.of_check(results(terms, ("年报.txt", data))))["reports"]
    cell = entry["cells"]["t3.new_received.business"]
    assert (cell["raw"], cell["value"]) == ("", None)


def test_of_a_file_that_could_not_be_read_nothing_is_claimed(terms):
    (entry,) = json.loads(to_json.of_check(results(terms, ("空.docx", b""))))["reports"]
    assert entry["outcome"] == "unreadable"
    assert entry["reason"]
    assert (entry["identity"]["agency"], entry["cells"], entry["findings"], entry["score"]) == (None, {}, [], None)
    assert set(entry["rules"].values()) == {"not_evaluated"}


def test_a_file_that_is_no_report_has_no_cells_and_no_score(terms):
    (entry,) = json.loads(to_json.of_check(results(terms, ("信.txt", "今天天气很好。".encode()))))["reports"]
    assert (entry["outcome"], entry["cells"], entry["score"]) == ("not_a_report", {}, None)
    assert {f["rule"] for f in entry["findings"]} <= {"STR-30"}


def test_the_json_of_the_store(tmp_path):
    store = desk.open_desk(tmp_path)
    assert json.loads(b"".join(to_json.of_store(queries.iter_findings(store, FindingFilter())))) == []
    desk.take(store, ("年报.txt", desk.unbalanced()))
    rows = json.loads(b"".join(to_json.of_store(queries.iter_findings(store, FindingFilter()))))
    assert {(row["agency"], row["year"], row["state"]) for row in rows} == {(desk.EAST, 2023, "pending")}
    assert next(row for row in rows if row["rule"] == "STR-06")["points"] == 5
    store.close()


def test_the_text_of_a_check_says_where_what_and_what_to_do(terms):
    text = to_text.of_check(results(terms, ("年报.txt", desk.unbalanced()), ("空.docx", b"")))
    assert f"{desk.EAST} · 2023 年度 · 90 分" in text
    assert "[错误] STR-06" in text
    assert "未能核查" in text


def test_sarif_tells_each_finding_with_rule_level_and_place(terms):
    checked = results(terms, ("年报.txt", desk.unbalanced()), ("坏.docx", b"PK\x03\x04broken"))
    run = json.loads(to_sarif.of_check(checked))["runs"][0]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids == list(CATALOGUE)
    told = {(r["ruleId"], r["kind"], r["level"]) for r in run["results"]}
    expected = {
        (f.rule, "review", "none")
        if f.outcome == "review"
        else (f.rule, "fail", {"error": "error", "warning": "warning", "info": "note"}[f.severity])
        for f in checked[0].checked.findings
    }
    assert told == expected
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%E5%B9%B4%E6%8A%A5.txt"
    [bad] = run["invocations"][0]["toolExecutionNotifications"]
    assert bad["message"]["text"].startswith("坏.docx：")
