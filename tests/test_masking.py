"""No number, name or address of a person leaves the program before somebody has cleared it, wherever it looks out."""

import io
import json
import logging
from dataclasses import fields, is_dataclass, replace
from datetime import date

import desk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from showing import alone, words
from sqlalchemy import select
from typer.testing import CliRunner

from gdcore import checking, cli, masking, processing, profile, scoring, selfcheck
from gdcore.catalogue import Catalogue, rule
from gdcore.checking import Facts
from gdcore.exports import csv as to_csv
from gdcore.exports import json as to_json
from gdcore.exports import sarif as to_sarif
from gdcore.exports import text as to_text
from gdcore.exposure import scan
from gdcore.finding import Finding
from gdcore.personal import Kind
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.rules import CATALOGUE
from gdcore.store import decisions, queries
from gdcore.store.rows import FindingFilter
from gdcore.store.tables import FINDING
from gdcore.ui import evidence, pictures, query, tables
from gdcore.verdict import Severity, failed

NUMBER, MOBILE, ACCOUNT, NAME = "110101199003070011", "13812345678", "6217000123456789012", "王小明"
HOME = "人民路12号3号楼2单元502室"
WORDS = f"申请人{NAME}，住云泽县{HOME}，身份证号{NUMBER}，电话{MOBILE}，退费账号：{ACCOUNT}，申请公开征地批复，共收到此类申请9999件。"
SECRETS = (NUMBER, MOBILE, ACCOUNT, NAME, "3号楼2单元502室")
FILE = f"申请人{NAME}{NUMBER}.txt"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def leaking(fmt="txt", said=WORDS):
    """A report that tells all of an applicant: in its prose, in a label of a table, in a cell."""
    label = {"t3.other_misc": {"label": f"另有{NUMBER}一件", "values": ["0"] * 7}}
    return desk.report(
        fmt=fmt, insert={"s1.a2": [said]}, add_row=label, set={"t3.new_received.business": NUMBER}
    )  # fmt: skip


def assert_none(told, secrets=SECRETS):
    told = told if isinstance(told, str) else str(told)
    assert [s for s in secrets if s in told] == []


@pytest.fixture(scope="module")
def terms(tmp_path_factory):
    chosen = desk.settings_in(tmp_path_factory.mktemp("desk"))
    return selfcheck.Terms(profile.load("national", chosen), scoring.load("default", chosen))


@pytest.fixture(scope="module")
def read_it():
    return recognise(read(leaking(), FILE), FILE)


# --- a check without the store ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", ["txt", "html", "docx", "pdf"])
def test_a_check_tells_nothing(terms, fmt):
    results = selfcheck.check_files([(FILE, leaking(fmt))], terms, make=desk.AtOnce)
    told = [f.rule for f in results[0].checked.findings]
    assert {"PRI-01", "PRI-02", "PRI-03", "PRI-04", "PRI-05"} <= set(told)
    assert results[0].score.veto == "PRI-01"
    assert_none(b"".join(to_csv.of_check(results)).decode())
    assert_none(to_json.of_check(results))
    assert_none(to_text.of_check(results))
    assert_none(to_sarif.of_check(results))
    assert_none(results)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["110101", "370323", "441424"]),
    st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    st.integers(0, 999),
    st.sampled_from(["身份证号{}。", "收到{}的政府信息公开申请9999件。", "（{}）", "{}，另有1件；未收到申请。"]),
)
def test_no_valid_number_survives_in_an_export(terms, region, born, order, sentence):
    body = f"{region}{born:%Y%m%d}{order:03}"
    number = body + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]
    results = selfcheck.check_files([("年报.txt", leaking(said=sentence.format(number)))], terms, make=desk.AtOnce)
    for told in (to_json.of_check(results), to_text.of_check(results), b"".join(to_csv.of_check(results)).decode()):
        assert_none(told, (number,))


def test_the_command_line_tells_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path / "data"))
    (tmp_path / FILE).write_bytes(leaking())
    (tmp_path / f"{NUMBER}.docx").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    for form in ("text", "json", "csv"):
        outcome = CliRunner().invoke(cli.app, ["check", FILE, f"{NUMBER}.docx", "--format", form])
        assert "110*************11" in outcome.output
        assert_none(outcome.output)


def test_what_other_rules_quote_is_masked_and_their_addresses_stay(read_it):
    @rule("TXT-99", Severity.INFO, basis=CATALOGUE["TXT-01"].basis, name="引", short="引", suggestion="请改{found}")
    def quotes(report):
        """引用正文。"""
        passage = next(p for p in report.narrative if NUMBER in p.text)
        cut = passage.text.index(NUMBER) + 9
        yield failed(f"“{passage.text}”", "s1.a2#one", passage, found=passage.text[:cut], expected=passage.text[:7])

    catalogue = Catalogue([*CATALOGUE.values(), quotes])
    checked = checking.check(
        Facts(read_it, profile.load("national", desk.settings_in(desk.Path("/nowhere")))), catalogue
    )
    (found,) = [f for f in checked.findings if f.rule == "TXT-99"]
    assert found.address == "s1.a2#one"
    assert_none((found.message, found.found, found.expected, found.suggestion, checked.reasons["TXT-99"]))
    assert NUMBER[:9] not in found.found
    assert len(found.message) == len(WORDS) + 2


def test_last_years_applicants_are_masked_too(terms):
    last = recognise(read(desk.report(year=2022, insert={"s1.a2": [WORDS]}), "2022.txt"), "2022.txt")
    (result,) = selfcheck.check_files(
        [("2023.txt", desk.report(insert={"s1.a2": [WORDS]}))], replace(terms, priors=(last,)), make=desk.AtOnce
    )
    assert_none(result.checked.findings)


# --- the copy that is shown -------------------------------------------------------------------------------------------


def strings(thing):
    """Every text in a core object."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        yield from (s for value in thing.values() for s in strings(value))
    elif isinstance(thing, tuple | list):
        yield from (s for item in thing for s in strings(item))
    elif is_dataclass(thing):
        yield from (s for f in fields(thing) for s in strings(getattr(thing, f.name)))


def test_the_copy_keeps_every_length_place_and_value(read_it):
    shown = masking.of(scan(read_it)).shown(read_it)
    assert_none("\n".join(strings(shown)))
    assert [len(p.text) for p in shown.narrative] == [len(p.text) for p in read_it.narrative]
    assert [p.anchors for p in shown.narrative] == [p.anchors for p in read_it.narrative]
    assert list(shown.cells()) == list(read_it.cells())
    masked = {a for a, f in shown.cells().items() if f != read_it.cells()[a]}
    assert masked == {"t3.new_received.business"}
    assert (shown.cells()["t3.new_received.business"].value, shown.digest) == (None, read_it.digest)


def test_a_report_without_personal_data_is_shown_as_it_is():
    clean = recognise(read(desk.report(), "年报.txt"), "年报.txt")
    assert masking.of(scan(clean)).shown(clean) is clean


def test_what_is_cleared_or_switched_off_is_shown(read_it):
    seen = scan(read_it)
    names = {("PRI-03", s.address) for s in seen.sightings if s.kind is Kind.NAME}
    assert NAME in masking.of(seen, cleared=names).text(WORDS)
    assert NUMBER not in masking.of(seen, cleared=names).text(WORDS)
    assert MOBILE in masking.of(seen, off={"PRI-02"}).text(WORDS)


@pytest.mark.parametrize(
    "spelled",
    [
        NUMBER,
        "110101 19900307 0011",
        "１１０１０１１９９００３０７００１１",
        "110101199003…",
        "王 小 明",
        "王小…",
        "王小",
    ],
)
def test_secrets_are_found_in_other_spellings(spelled):
    mask = masking.Mask(((Kind.IDENTITY, NUMBER), (Kind.NAME, NAME)))
    assert mask.text(f"“{spelled}”") != f"“{spelled}”"


def test_other_words_stay():
    mask = masking.Mask(((Kind.IDENTITY, NUMBER), (Kind.NAME, NAME)))
    text = "2023年收到申请12345件，王小二等人，国办公开办函〔2021〕30号，99003"
    assert mask.text(text) == text


# --- logs -------------------------------------------------------------------------------------------------------------


def test_logs_tell_nothing(terms, caplog, monkeypatch):
    def crash(*_):
        raise ValueError(f"cannot read {WORDS}")

    crashing = Catalogue([replace(r, judge=crash) if r.code == "PRI-03" else r for r in CATALOGUE.values()])
    report = recognise(read(leaking(), FILE), FILE)
    with caplog.at_level(logging.DEBUG):
        checking.check(Facts(report, terms.profile), crashing)
        processing.failure(1, FILE, ValueError(WORDS))
        monkeypatch.setattr(processing, "read_report", crash)
        selfcheck.check_files([(FILE, b"x")], terms, make=desk.AtOnce)
    assert "rule PRI-03 crashed" in caplog.text
    assert caplog.text.count("ValueError") == 3
    assert "in crash" in caplog.text
    assert_none(caplog.text)


# --- the store and the pages ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leaking")
    store = desk.open_desk(folder)
    waiting = desk.report(replace={desk.EAST: "本机关"}, insert={"s1.a2": [WORDS]})
    desk.take(store, (FILE, leaking("pdf")), (f"待确认{NUMBER}.txt", waiting), (f"{MOBILE}.txt", b"\xff\xfe"))
    yield store
    store.close()


def view_of(store):
    return queries.report_view(store, agency_key=desk.EAST, year=2023)


def test_rows_of_findings_tell_nothing(filled):
    with filled.reading() as connection:
        rows = [tuple(row) for row in connection.execute(select(*FINDING.c))]
    assert rows
    assert_none(rows)
    assert_none(list(queries.iter_findings(filled, FindingFilter())))
    assert_none(b"".join(to_csv.of_store(queries.iter_findings(filled, FindingFilter()))).decode())
    stored = json.loads(b"".join(to_json.of_store(queries.iter_findings(filled, FindingFilter()))))
    assert_none(stored)


def test_the_view_of_a_report_tells_nothing(filled):
    view = view_of(filled)
    assert_none("\n".join(strings((view.report, view.versions, view.file_name, view.findings, view.reasons))))
    for row in view.findings:
        assert_none(evidence.prose(view.report, row.finding))
    for table in view.report.tables:
        assert_none(tables.official(table, frozenset(), True))
    assert_none((queries.waiting(filled), queries.refused(filled), queries.latest_batch(filled)))


def test_the_places_are_blackened_on_the_page(filled):
    view = view_of(filled)
    pages = {place.page for place in view.hidden}
    assert pages
    assert all(place.box for place in view.hidden)
    page = min(pages)
    boxes = evidence.hidden_on(view.hidden, page)
    original = queries.original(filled, view.report_id)
    shown = Image.open(
        io.BytesIO(pictures.page(view.report.digest, view.report.format, original, page, (), None, boxes))
    )
    scale = shown.width / 595.27  # points of A4
    for box in boxes:
        inside = shown.crop([round(edge * scale) + (2 if n < 2 else -2) for n, edge in enumerate(box)])
        assert inside.getextrema() == ((0, 0), (0, 0), (0, 0))


def test_evidence_is_still_marked(filled):
    view = view_of(filled)
    finding = next(r.finding for r in view.findings if r.finding.rule == "PRI-01" and "#" in r.finding.address)
    assert "<mark>110*************11</mark>" in str(evidence.prose(view.report, finding))


@pytest.mark.parametrize("page", ["overview", "intake", "agencies", "report", "findings"])
def test_pages_tell_nothing(filled, page, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(filled.settings.data))
    query.refresh()
    for view in ("prose", "all", "tables") if page == "report" else ("",):
        app = alone(page, **({"view": view} if view else {}))
        shown = [words(app), *(str(e.proto) for e in app.get("dataframe")), *(str(e.options) for e in app.radio)]
        assert_none("\n".join(shown))


def test_a_person_clears_what_is_no_personal_data(filled):
    view = view_of(filled)
    mine: list[Finding] = [r.finding for r in view.findings if r.finding.rule == "PRI-03"]
    everywhere = "\n".join(strings(view_of(filled).report))
    assert NAME not in everywhere
    decisions.decide(filled, [f.fingerprint for f in mine], "false_positive", "审核员", "虚构人物")
    view = view_of(filled)
    everywhere = "\n".join(strings(view.report))
    assert NAME in everywhere
    assert NUMBER not in everywhere
    assert_none([r.finding for r in view.findings if r.finding.rule == "PRI-03"])


def test_where_personal_data_cannot_be_looked_for_no_long_number_is_told(monkeypatch, tmp_path):
    """A crash of the search must not be taken for a report that gives nothing away."""
    report = recognise(read(leaking(), "年报.txt"), "年报.txt")
    monkeypatch.setattr(checking, "scan", lambda report: 1 / 0)
    checked = checking.check(Facts(report, profile.load("national", desk.settings_in(tmp_path))))
    assert checked.outcomes["PRI-01"] == "not_evaluated"
    quoted = [f"{f.message} {f.found} {f.expected} {f.suggestion}" for f in checked.findings]
    assert any("*" in words for words in quoted)
    assert_none(quoted, (NUMBER, MOBILE, ACCOUNT))
    assert_none(checked.reasons.values(), (NUMBER, MOBILE, ACCOUNT))
