"""Letters: the faults they tell and those they do not, whatever a report says in them, templates, ZIPs, the 通报."""

import dataclasses
import io
import random
import re
import zipfile
from datetime import UTC, date, datetime

import desk
import pytest
import worded
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcore.exports import bulletin, docx, kinds, letters, score_sheet
from gdcore.exports.letters import TOLD, Terms
from gdcore.finding import Finding
from gdcore.lifecycle import FINDING as MACHINE
from gdcore.readers import office
from gdcore.roster import Entry
from gdcore.rules import CATALOGUE
from gdcore.store import dossiers, letter_rows, queries, roster
from gdcore.store.engine import now
from gdcore.store.rows import FindingFilter, FindingRow, Recipient
from gdcore.store.tables import FINDING
from gdcore.summary import standing
from gdcore.verdict import Outcome, Severity

SOFFICE = office.program()
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

LAKE, STONE, COUNTY = "云泽县水务局", "云泽县青石镇人民政府", "云泽县人民政府"
TERMS = Terms(2023, date(2024, 1, 26), date(2024, 1, 20))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Three agencies that filed, one of them with nothing wrong, and one that did not; errors are confirmed."""
    store = desk.open_desk(tmp_path_factory.mktemp("letters"))
    roster.take(store, [Entry(row, name) for row, name in enumerate((desk.EAST, desk.BAY, STONE, LAKE), 1)])
    desk.take(
        store,
        ("东关.txt", desk.unbalanced(replace={"业务培训": "业务培训，联系电话13912345600，"})),
        ("白鹭湾.txt", desk.report(desk.BAY, kind="township", drop=["s4", "s6"])),
        ("好.txt", desk.report(STONE, kind="township")),
    )
    move(store, "confirmed", severities=("error",))
    return store


def move(store, state, **filters):
    rows = list(queries.iter_findings(store, FindingFilter(year=2023, **filters)))
    queries.decide(store, [row.fingerprint for row in rows], state, "周岚", "依据")
    return rows


def made(store, terms=TERMS, **scope):
    return {re.split("_", letter.file_name)[1]: letter.data for letter in letters.return_notices(store, terms, **scope)}


def numbered(data):
    """Number and name of each fault that a letter tells."""
    found = (re.fullmatch(r"(\d+)．(.+)", text) for text in worded.paragraphs(data))
    return [(int(match[1]), match[2]) for match in found if match]


# --- 退回修改通知 -----------------------------------------------------------------------------------------------------


def test_a_notice_tells_each_confirmed_fault_once_numbered_through(filled):
    notices = made(filled)
    assert set(notices) == {desk.EAST, desk.BAY}
    for agency, data in notices.items():
        rows = list(queries.iter_findings(filled, FindingFilter(agencies=(agency,), states=("confirmed",))))
        names = sorted(CATALOGUE[row.finding.rule].name for row in rows)
        assert [number for number, _ in numbered(data)] == list(range(1, len(rows) + 1))
        assert sorted(name for _, name in numbered(data)) == names


def test_a_notice_says_where_what_and_on_which_basis(filled):
    said = worded.paragraphs(made(filled)[desk.EAST])
    row = next(iter(queries.iter_findings(filled, FindingFilter(rules=("SUM-03",)))))
    at = next(i for i, text in enumerate(said) if text.endswith(CATALOGUE["SUM-03"].name))
    place, told, found, expected, basis, wanted = said[at + 1 : at + 7]
    assert place.startswith("位置：表三 · 四、结转下年度继续办理 · 总计（第 ")
    assert told.startswith("情况：四、结转下年度继续办理：总计")
    assert (found, expected) == (f"原文：{row.finding.found}", f"应为：{row.finding.expected}")
    assert basis == f"依据：{CATALOGUE['SUM-03'].basis}"
    assert wanted == f"修改要求：{row.finding.suggestion}"
    assert said[2] == f"{desk.EAST}："
    assert f"需要修改的问题共{len(numbered(made(filled)[desk.EAST]))}条" in said[3]
    assert "并于2024年1月26日前重新报送" in said[3]
    assert said[-1] == "2024年1月20日"
    assert [text for text in said if re.match("[一二三]、.+条）", text)] == ["一、完整性（1条）", "二、数据勾稽（1条）"]


def test_a_fault_of_practice_and_not_of_law_says_so():
    row = crafted("SUM-15", severity=Severity.INFO)
    assert not CATALOGUE["SUM-15"].basis.binding
    told = letters.fault(row, 1)
    assert told["依据"].endswith("（非强制）")
    assert told["要求类别"] == "修改建议"


@pytest.fixture
def doubtful(tmp_path):
    """A desk whose only findings are one that a person has to judge (待核) and one that stands."""
    store = desk.open_desk(tmp_path)
    desk.take(
        store, ("县.txt", desk.report(COUNTY, kind="government", set={"t2.penalty.decisions": "98765"}, drop=["s6"]))
    )
    rows = {row.standing: row for row in queries.iter_findings(store, FindingFilter(year=2023))}
    assert set(rows) == {"review", "error"}, rows
    return store


def test_what_nobody_confirmed_is_not_told_unless_asked_for_and_doubt_never(doubtful):
    assert made(doubtful) == {}
    with_pending = dataclasses.replace(TERMS, states=(*TOLD, "pending"))
    (data,) = made(doubtful, with_pending).values()
    reviews = {row.finding.rule for row in queries.iter_findings(doubtful, FindingFilter(outcome="review"))}
    names = {name for _, name in numbered(data)}
    assert names == {"缺少“其他需要报告的事项”部分"} == {CATALOGUE["STR-06"].name}
    assert reviews
    assert not {CATALOGUE[code].name for code in reviews} & names


def test_doubt_that_a_person_confirmed_is_a_fault(doubtful):
    rows = move(doubtful, "confirmed", outcome="review")
    (data,) = made(doubtful).values()
    assert [name for _, name in numbered(data)] == [CATALOGUE[row.finding.rule].name for row in rows]


@pytest.mark.parametrize("states", [TOLD, ("false_positive", "waived"), (*TOLD, "pending", "false_positive")])
def test_what_was_dismissed_is_told_on_no_account(states, tmp_path):
    store = desk.open_desk(tmp_path)
    desk.take(store, ("东关.txt", desk.report(drop=["s6"])))
    move(store, "false_positive")
    assert made(store, dataclasses.replace(TERMS, states=states)) == {}


@pytest.mark.parametrize("state", MACHINE.names)
def test_a_fault_is_told_from_its_confirmation_until_it_is_closed(state, tmp_path):
    store = desk.open_desk(tmp_path)
    desk.take(store, ("东关.txt", desk.report(drop=["s6"])))
    (row,) = queries.iter_findings(store, FindingFilter(year=2023))
    with store.writing() as connection:
        connection.execute(FINDING.update().values(state=state, standing=standing(row.finding, state)))
    open_states = {"confirmed", "issued", "correcting", "corrected", "waiver_requested", "reappeared"}
    assert (made(store) != {}) == (state in open_states)


def test_numbers_stay_whatever_order_findings_are_chosen_in(filled):
    rows = list(queries.iter_findings(filled, FindingFilter(year=2023, states=("confirmed",))))
    whole = numbered(made(filled)[desk.BAY])
    random.Random(1).shuffle(rows)
    chosen = [row.fingerprint for row in rows]
    assert numbered(made(filled, keys=[desk.BAY], only=chosen)[desk.BAY]) == whole
    gathered = letters.return_notice(someone(), rows, filled.scheme, TERMS)
    again = letters.return_notice(someone(), list(reversed(rows)), filled.scheme, TERMS)
    assert [f["编号"] for g in gathered["各类问题"] for f in g["问题"]] == [
        f["编号"] for g in again["各类问题"] for f in g["问题"]
    ]


def test_only_the_findings_chosen_are_told(filled):
    (row, *_) = queries.iter_findings(filled, FindingFilter(rules=("STR-04",), states=("confirmed",)))
    notices = made(filled, only={row.fingerprint})
    assert {agency: numbered(data) for agency, data in notices.items()} == {desk.BAY: [(1, CATALOGUE["STR-04"].name)]}


def test_personal_data_are_masked(filled):
    (row, *_) = queries.iter_findings(filled, FindingFilter(rules=("PRI-02",)))
    notices = made(filled, dataclasses.replace(TERMS, states=(*TOLD, "pending")), only={row.fingerprint})
    said = worded.everything(notices[desk.EAST])
    assert "139******00" in said
    assert "13912345600" not in said


# --- what a report says is data ---------------------------------------------------------------------------------------

HOSTILE = [
    "{{ 7*7 }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{%p if 1 %}",
    "{# 看不见 #}",
    "{_{ 7*7 }_} {_% %_}",
    "</w:t></w:r></w:p><w:p>&amp;<!-- x --> ]]> \"'",
    "&lt;w:br/&gt; &#10; &nbsp;",
    "𠮷野家 🙂 e\u0301",
    "一行\n又一行\t制表",
    "{{",
    "%}",
]


def crafted(rule="STR-06", severity=Severity.ERROR, **words):
    """A stored finding with these words."""
    told = {"message": "情况", "found": None, "expected": None, "suggestion": "要求", **words}
    finding = Finding(rule, severity, Outcome.FAIL, told["message"], "s1.a1", told["expected"], told["found"],
                      told["suggestion"], 1.0, "0" * 16)  # fmt: skip
    return FindingRow(finding, "confirmed", 5, "k", desk.EAST, 2023, 1, "年报.txt", 1, standing=severity.value)


def someone(agency=desk.EAST):
    return Recipient("k", agency, 1, 1, now(), 1)


def written(store, row, agency=desk.EAST):
    context = letters.return_notice(someone(agency), [row], store.scheme, TERMS)
    return docx.opened(kinds.RETURN_NOTICE, store.settings).filled(context)


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_in_a_report_is_run_and_every_character_arrives(words, filled):
    row = crafted(message=words, found=words, expected=words, suggestion=words)
    said = worded.paragraphs(written(filled, row, agency=words))
    assert [f"原文：{words}", f"应为：{words}"] == said[-6:-4] or (
        f"原文：{words}" in said and f"应为：{words}" in said
    )
    assert f"{words}：" in said


@settings(max_examples=60, deadline=None)
@given(words=st.text(max_size=60))
def test_any_text_can_stand_in_a_letter(filled, words):
    said = worded.paragraphs(written(filled, crafted(message="x" + words + "x")))
    told = docx.plain(f"情况：x{words}x。").replace("\r", "")
    assert told in said


def test_characters_that_no_document_may_hold_are_left_out(filled):
    words = "甲\x00\x07\x0b\x0c\x1b乙\ufffe\u202e丙\ud800丁"
    assert "原文：甲乙丙丁" in worded.paragraphs(written(filled, crafted(found=words)))


def test_a_long_quotation_is_cut():
    told = letters.fault(crafted(found="长" * 5000), 1)
    assert told["原文"].endswith("长……")
    assert len(told["原文"]) < 300


# --- ZIP --------------------------------------------------------------------------------------------------------------


def test_a_zip_holds_one_notice_an_agency(filled, tmp_path):
    path = tmp_path / "通知.zip"
    assert letters.save(letters.return_notices(filled, TERMS), path) == 2
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [f"001_{desk.EAST}_退回修改通知.docx", f"002_{desk.BAY}_退回修改通知.docx"]
        assert f"{desk.BAY}：" in worded.paragraphs(archive.read(archive.namelist()[1]))
    assert [p.name for p in tmp_path.iterdir()] == ["通知.zip"]


def test_no_letter_no_file(filled, tmp_path):
    path = tmp_path / "通知.zip"
    assert letters.save(letters.return_notices(filled, dataclasses.replace(TERMS, year=2019)), path) == 0
    assert not path.exists()


def test_letters_are_packed_one_by_one():
    buffer, seen = io.BytesIO(), []

    def slowly():
        for number in range(3):
            seen.append(len(buffer.getvalue()))
            yield letters.Letter(f"{number}.docx", b"x" * 1000)

    assert letters.pack(slowly(), buffer) == 3
    assert seen[0] < seen[1] < seen[2]


@pytest.mark.parametrize(
    ("agency", "name"),
    [
        ("甲/乙\\丙:局", "001_甲_乙_丙_局_函.docx"),
        ("../../etc", "001__.._etc_函.docx"),
        ("局\n\x00.", "001_局__函.docx"),
        ("长" * 200, "001_" + "长" * 50 + "_函.docx"),
    ],
)
def test_names_of_files_are_safe(agency, name):
    assert letters.file_name("001", agency, "函") == name
    assert len(name.encode()) < 200


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")])
def test_numerals_of_headings(number, words):
    assert letters.numeral(number) == words


# --- 催报函 -----------------------------------------------------------------------------------------------------------


def test_reminders_go_to_those_that_have_not_filed(filled):
    reminders = list(letters.reminders(filled, TERMS, queries.agencies(filled, 2023)))
    assert [letter.file_name for letter in reminders] == [f"001_{LAKE}_催报函.docx"]
    said = worded.paragraphs(reminders[0].data)
    assert said[2] == f"{LAKE}："
    assert any("截至2024年1月20日，尚未收到" in text for text in said)
    assert any("于2024年1月26日前报送" in text for text in said)


# --- 通报 -------------------------------------------------------------------------------------------------------------

COUNTED = dataclasses.replace(TERMS, states=bulletin.COUNTED)


def test_the_bulletin_counts_what_was_confirmed(filled):
    told = bulletin.gather(filled, COUNTED)
    assert (told["应报"], told["已报"], told["未报"], told["问题单位"]) == ("4", "3", "1", "2")
    assert told["逾期"] == ""  # not known is not zero
    common = {row["编号"]: row["家数"] for row in told["常见问题"]}
    assert common == {"STR-06": "2", "STR-04": "1", "SUM-03": "1"} | {
        code: number for code, number in common.items() if code.startswith("TAB")
    }
    assert sum(int(band["家数"]) for band in told["各等次"]) == 3
    assert told["未报送名单"] == LAKE
    assert STONE in told["较好名单"].split("、")


def test_the_bulletin_shows_cases_with_both_sides(filled):
    (case, *_) = bulletin.gather(filled, COUNTED)["典型案例"]
    assert (case["单位"], case["名称"]) == (desk.EAST, CATALOGUE["SUM-03"].name)
    said = worded.paragraphs(bulletin.draft(filled, COUNTED).data)
    assert f"1．{desk.EAST}：{case['名称']}" in said
    assert any(f"原文为“{case['原文']}”，应为“{case['应为']}”" in text for text in said)


def test_no_case_shows_personal_data(filled):
    pending = dataclasses.replace(COUNTED, states=(*bulletin.COUNTED, "pending"))
    told = bulletin.gather(filled, pending)
    assert "PRI-02" in {row["编号"] for row in told["常见问题"]}
    assert CATALOGUE["PRI-02"].name not in {case["名称"] for case in told["典型案例"]}


def test_those_that_submitted_late_are_counted(tmp_path, monkeypatch):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "national.toml").write_text('title = "甲"\n[deadlines]\nsubmit = "01-20"\n', "utf-8")
    monkeypatch.setattr(dossiers, "now", lambda: datetime(2024, 2, 10, 2, tzinfo=UTC))
    store = desk.open_desk(tmp_path)
    desk.take(store, ("东关.txt", desk.report()), year=2023)
    assert bulletin.gather(store, COUNTED)["逾期"] == "1"
    assert any("逾期报送1家" in text for text in worded.paragraphs(bulletin.draft(store, COUNTED).data))


def test_the_bulletin_of_a_year_without_reports_says_so(filled):
    said = worded.paragraphs(bulletin.draft(filled, dataclasses.replace(COUNTED, year=2020)).data)
    assert "没有经确认的问题。" in said
    assert not any("平均" in text for text in said)


@pytest.fixture
def named(tmp_path):
    """A desk whose reports quote the names of agencies: in full, short, former, with blanks, in other widths."""
    store = desk.open_desk(tmp_path)
    entries = [
        Entry(1, desk.EAST, short_names=("东关办",), former_names=("云泽县城关镇人民政府",)),
        Entry(2, desk.BAY, short_names=("白鹭湾",)),
        Entry(3, LAKE, short_names=("水务局",)),
        Entry(4, "云泽县行政审批服务局（数据局）"),
    ]
    roster.take(store, entries)
    quoted = (
        "白 鹭湾镇人民政府和云泽县 水务局、县水务局、东关办、云泽县城关镇人民政府、云泽县行政审批服务局（数据局）共12件"
    )
    desk.take(
        store,
        ("东关.txt", desk.unbalanced()),
        ("白鹭湾.txt", desk.unbalanced(desk.BAY, kind="township")),
    )
    rows = move(store, "confirmed")
    with store.writing() as connection:
        words = {"message": quoted, "found": quoted, "expected": quoted, "suggestion": quoted}
        connection.execute(FINDING.update().values(**words))
    assert rows
    return store


def test_an_anonymous_bulletin_has_no_name_of_the_roster(named):
    plainly = worded.everything(bulletin.draft(named, COUNTED).data)
    data = bulletin.draft(named, COUNTED, anonymous=True).data
    said = re.sub(r"\s", "", worded.everything(data))
    every = [name for names in letter_rows.every_name(named).values() for name in names]
    assert len(every) == 8
    assert [name for name in every if name in plainly]
    assert [name for name in every if re.sub(r"\s", "", name) in said] == []
    assert not re.search("白鹭湾镇|水务局|城关镇|审批服务局", said)
    assert "某单位" in said
    assert any(text.startswith("1．甲单位：") for text in worded.paragraphs(data))


def test_the_agency_of_a_case_is_called_by_its_label_in_its_own_text(named):
    cases = bulletin.gather(named, COUNTED, anonymous=True)["典型案例"]
    assert {case["单位"] for case in cases} == {"甲单位", "乙单位"}
    assert all("甲单位" in case["原文"] and "乙单位" in case["原文"] for case in cases)


def test_an_anonymous_bulletin_tells_no_kind_of_which_there_may_be_one(named):
    told = bulletin.gather(named, COUNTED, anonymous=True)
    assert [told[f"{name}名单"] for name in ("较好", "待整改", "未报送")] == ["", "", ""]
    assert all(re.fullmatch(r"\d+家", told[f"{name}概况"]) for name in ("较好", "待整改", "未报送"))


def test_charts_are_words_own_with_their_numbers_behind_them(filled):
    data = bulletin.draft(filled, COUNTED).data
    assert worded.part(data, "word/charts/chart1.xml").count(b"<c:pt ") == 4 + 4 + 1
    assert worded.part(data, "word/charts/chart2.xml")
    book = worded.part(data, "word/embeddings/chart1.xlsx")
    assert "优秀" in worded.everything(book)
    drawn = worded.part(data, "word/document.xml").decode()
    assert re.search(r'descr="得分分布：优秀 \d 家，', drawn)


# --- 评分表 -----------------------------------------------------------------------------------------------------------


def test_the_scorecard_has_every_finding_and_what_was_not_judged(filled):
    view = queries.report_view(filled, agency_key=desk.EAST, year=2023)
    told = score_sheet.gather(view, filled.scheme)
    listed = [row for name in ("问题", "待核", "不计") for row in told[name]]
    assert sorted(row["编号"] for row in listed) == sorted(row.finding.rule for row in view.findings)
    assert {row["编号"] for row in told["未评估"]} == {
        c for c, o in view.outcomes.items() if o is Outcome.NOT_EVALUATED
    }
    assert sum(float(row["扣分"]) for row in told["各项"]) == 100 - view.score.total
    said = worded.paragraphs(score_sheet.printed(view, filled.scheme, filled.settings).data)
    assert f"得分 {view.score.total:g}（满分 100），等次：{view.score.band}。" in said
    for row in view.findings:
        assert (
            f"{row.finding.rule}（{ {'error': '错误', 'warning': '警告', 'info': '提示'}[row.finding.severity] }）"
            in said
        )
        assert not row.finding.found or f"原文：{row.finding.found}" in said
    assert not any("13912345600" in text for text in said)


def test_a_dismissed_finding_costs_nothing_on_the_scorecard(tmp_path):
    store = desk.open_desk(tmp_path)
    desk.take(store, ("东关.txt", desk.report(drop=["s6"])))
    move(store, "false_positive")
    told = score_sheet.gather(queries.report_view(store, agency_key=desk.EAST, year=2023), store.scheme)
    assert (told["问题条数"], told["不计条数"], told["不计"][0]["扣分"], told["不计"][0]["状态"]) == (
        "0",
        "1",
        "—",
        "误报",
    )


def test_a_report_without_a_score_says_why(tmp_path):
    store = desk.open_desk(tmp_path)
    desk.take(store, ("东关.txt", desk.report(drop=["s6"])))
    view = queries.report_view(store, agency_key=desk.EAST, year=2023)
    withheld = dataclasses.replace(view.score, total=None, band=None, reason="表三只识别出 40% 的单元格，暂不评分")
    told = score_sheet.gather(dataclasses.replace(view, score=withheld), store.scheme)
    assert told["得分说明"] == "暂不评分：表三只识别出 40% 的单元格，暂不评分。"


# --- drawn by an office program ---------------------------------------------------------------------------------------


@needs_office
def test_an_office_program_draws_the_notice(filled, tmp_path):
    drawn = worded.pdf_text(SOFFICE, made(filled)[desk.EAST], tmp_path)
    assert CATALOGUE["STR-06"].name in re.sub(r"\s", "", drawn)
    assert "{" not in drawn
    assert "— 1 —" in drawn


@needs_office
def test_an_office_program_draws_the_charts(filled, tmp_path):
    drawn = worded.pdf_text(SOFFICE, bulletin.draft(filled, COUNTED).data, tmp_path)
    for word in ("优秀", "不合格", CATALOGUE["SUM-03"].short):
        assert word in drawn
    assert drawn.count("优秀") == 2  # in the table, and below its bar


@needs_office
def test_an_office_program_draws_the_scorecard(filled, tmp_path):
    view = queries.report_view(filled, agency_key=desk.BAY, year=2023)
    drawn = worded.pdf_text(SOFFICE, score_sheet.printed(view, filled.scheme, filled.settings).data, tmp_path)
    assert "STR-06" in drawn
    assert "未评估" in drawn
