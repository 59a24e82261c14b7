"""Files into the store: versions, repeats, doubts, refusals, and what survives an interruption."""

import io
import threading
import zipfile
from concurrent.futures import Future

import desk
import pytest
from desk import BAY, EAST, report, take, unbalanced

from gdcore import arrival, intake, processing, worker
from gdcore.store import intake_rows, queries
from gdcore.store.rows import FindingFilter


@pytest.fixture
def store(tmp_path):
    opened = desk.open_desk(tmp_path)
    yield opened
    opened.close()


def rules(store, **query):
    return [row.finding.rule for row in queries.findings(store, FindingFilter(**query)).rows]


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_report_is_filed_under_the_agency_and_year_it_prints(store):
    (row,) = take(store, ("年报.txt", report())).results
    assert (row.state, row.agency, row.year, row.version, row.total, row.change) == (
        "stored", EAST, 2023, 1, 100, "首次报送",
    )  # fmt: skip
    assert row.evidence == "单位：标题；年度：标题"


def test_the_original_is_kept_under_its_digest(store):
    data = report()
    (row,) = take(store, ("年报.txt", data)).results
    digest = row.sha256
    assert (store.settings.store / "originals" / digest[:2] / digest[2:4] / digest).read_bytes() == data
    assert queries.original(store, row.report_id) == data
    assert not list(store.settings.store.rglob(".incoming-*"))


def test_a_corrected_report_becomes_the_version_that_counts(store):
    take(store, ("一.txt", unbalanced()))
    (row,) = take(store, ("二.txt", report(set={"t3.carried_out.natural_person": "77"}))).results
    assert (row.version, row.change) == (2, "消失 1 · 仍在 1 · 新增 0")
    view = queries.report_view(store, agency_key=EAST, year=2023)
    assert [(v.version, v.current) for v in view.versions] == [(2, True), (1, False)]
    assert "STR-06" not in rules(store, year=2023)
    old = queries.report_view(store, agency_key=EAST, year=2023, version=1)
    assert "STR-06" in [row.finding.rule for row in old.findings]


def test_the_same_file_changes_nothing(store):
    take(store, ("年报.txt", report()))
    view = take(store, ("副本.txt", report()))
    assert [(r.state, r.version, r.change) for r in view.results] == [("unchanged", 1, "内容相同，未变")]
    assert view.unchanged == 1


def test_of_two_versions_in_one_batch_the_later_one_counts(store):
    take(store, ("一.txt", unbalanced()), ("二.txt", report()))
    assert queries.report_view(store, agency_key=EAST, year=2023).file_name == "二.txt"


def test_an_old_version_does_not_come_back_by_being_uploaded_again(store):
    take(store, ("一.txt", unbalanced()))
    take(store, ("二.txt", report()))
    (row,) = take(store, ("一.txt", unbalanced())).results
    assert (row.state, row.change) == ("unchanged", "与第 1 版内容相同，未变")
    assert queries.report_view(store, agency_key=EAST, year=2023).version == 2


def test_the_same_file_twice_in_one_batch_is_stored_once(store):
    view = take(store, ("一.txt", report()), ("二.txt", report()))
    assert [row.state for row in view.results] == ["stored", "unchanged"]


def test_a_known_file_is_checked_again_when_the_rules_have_changed(store, monkeypatch):
    take(store, ("年报.txt", unbalanced()))
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM finding")
        connection.exec_driver_sql("UPDATE report SET engine = 'older'")
    (row,) = take(store, ("年报.txt", unbalanced())).results
    assert (row.state, row.version) == ("unchanged", 1)
    assert "STR-06" in rules(store, year=2023)


def test_a_decision_outlives_upload_and_recheck(store):
    take(store, ("一.txt", unbalanced()))
    (finding,) = queries.findings(store, FindingFilter(rules=("STR-06",))).rows
    queries.decide(store, [finding.fingerprint], "false_positive", "周岚", "第六部分在附件中")
    intake.recheck_year(store, 2023)
    take(store, ("二.txt", unbalanced(replace={"主动公开": "主动 公开"})))
    (kept,) = queries.findings(store, FindingFilter(rules=("STR-06",))).rows
    assert (kept.version, kept.state, kept.points, kept.actor) == (2, "false_positive", 0, "周岚")


def test_last_years_report_is_the_prior_whichever_comes_first(store):
    prior = report(year=2022, set={"t3.carried_out.total": "9", "t3.carried_out.natural_person": "9"})
    take(store, ("2023.txt", report()))
    alone = queries.report_view(store, agency_key=EAST, year=2023).outcomes
    take(store, ("2022.txt", prior))
    beside = queries.report_view(store, agency_key=EAST, year=2023)
    assert {code for code in alone if code.startswith("YOY")} == {c for c in beside.outcomes if c.startswith("YOY")}
    assert beside.checked_at > queries.report_view(store, agency_key=EAST, year=2022).checked_at
    assert beside.prior_total is not None


def test_last_years_report_is_missed_only_where_the_archive_has_that_year(store):
    take(store, ("东关2023.txt", report()))
    assert "YOY-12" not in rules(store, year=2023)
    take(store, ("白鹭湾2022.txt", report(BAY, year=2022)))
    intake.recheck_year(store, 2023)
    assert "YOY-12" in rules(store, year=2023)
    take(store, ("东关2022.txt", report(year=2022)))
    assert "YOY-12" not in rules(store, year=2023)


def nameless():
    return report(replace={EAST: "本机关"})


def test_a_report_without_a_name_waits_for_a_person(store):
    view = take(store, ("扫描件.txt", nameless()))
    assert (view.waiting, view.stored) == (1, 0)
    (row,) = queries.waiting(store)
    assert row.agency is None
    assert "单位" in row.reason
    assert queries.years(store) == []


def test_a_confirmed_identity_brings_the_file_in(store):
    take(store, ("扫描件.txt", nameless()))
    (row,) = queries.waiting(store)
    saved = intake.confirm_identity(store, row.intake_id, f" {EAST} ", 2023, "subdistrict")
    view = queries.report_view(store, report_id=saved.report_id)
    assert (view.agency, view.year, view.version) == (EAST, 2023, 1)
    assert queries.waiting(store) == []
    (settled,) = queries.latest_batch(store).results
    assert (settled.state, settled.agency, settled.version) == ("stored", EAST, 1)


def test_a_file_is_confirmed_only_once(store):
    take(store, ("扫描件.txt", nameless()))
    (row,) = queries.waiting(store)
    intake.confirm_identity(store, row.intake_id, EAST, 2023)
    with pytest.raises(intake.NotPossible, match="已不在待确认之列"):
        intake.confirm_identity(store, row.intake_id, BAY, 2023)


def test_what_a_person_said_holds_when_the_file_comes_again(store):
    take(store, ("扫描件.txt", nameless()))
    intake.confirm_identity(store, queries.waiting(store)[0].intake_id, EAST, 2023)
    (row,) = take(store, ("再次.txt", nameless())).results
    assert (row.state, row.agency) == ("unchanged", EAST)


def test_with_a_roster_what_is_not_on_it_waits(store):
    take(store, ("年报.txt", report()))
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE agency SET source = 'roster'")
    view = take(store, ("新.txt", report(BAY, kind="township")), ("东关2022.txt", report(year=2022)))
    assert [row.state for row in view.results] == ["waiting", "stored"]
    assert view.results[0].reason == f"名录中没有“{BAY}”"


def test_a_wrong_filing_is_corrected_with_its_decisions(store):
    take(store, ("年报.txt", unbalanced()))
    (finding,) = queries.findings(store, FindingFilter(rules=("STR-06",))).rows
    queries.decide(store, [finding.fingerprint], "confirmed", "周岚")
    saved = intake.correct_identity(store, finding.report_id, BAY, 2022, "township")
    view = queries.report_view(store, report_id=saved.report_id)
    assert (view.agency, view.year, view.version) == (BAY, 2022, 1)
    assert [row.state for row in view.findings if row.finding.rule == "STR-06"] == ["confirmed"]
    assert queries.agency_names(store) == {BAY: BAY}


def test_taking_a_version_away_brings_back_the_one_before(store):
    take(store, ("一.txt", report()))
    (second,) = take(store, ("二.txt", unbalanced())).results
    intake.correct_identity(store, second.report_id, BAY, 2023, "township")
    assert queries.report_view(store, agency_key=EAST, year=2023).version == 1
    assert queries.report_view(store, agency_key=BAY, year=2023).version == 1


def test_a_report_moved_to_the_next_year_is_not_its_own_prior(store):
    (row,) = take(store, ("年报.txt", report(year=2022))).results
    saved = intake.correct_identity(store, row.report_id, EAST, 2023)
    assert queries.report_view(store, report_id=saved.report_id).prior_total is None
    assert queries.years(store) == [2023]


def test_what_cannot_be_taken_is_listed_with_reason_and_remedy(store):
    view = take(store, ("空.docx", b""), ("信.txt", "今天天气很好。".encode()), ("好.txt", report()))
    assert [row.state for row in view.results] == ["refused", "refused", "stored"]
    listed = queries.refused(store)
    assert [row.kind for row in listed] == ["空文件", "文种不符"]
    assert all(row.reason and row.remedy for row in listed)


def test_a_refused_file_leaves_the_list_when_it_comes_again_or_is_dismissed(store):
    take(store, ("空.docx", b"\n"))
    take(store, ("空.docx", b"\n"))
    (row,) = queries.refused(store)
    assert queries.dismiss_files(store, [row.intake_id]) == 1
    assert queries.refused(store) == []


def test_a_crash_while_storing_becomes_a_record_and_the_next_file_is_taken(store, monkeypatch, caplog):
    save = intake.filing.save_all

    def crash(store, connection, incoming):
        saved = save(store, connection, incoming)
        if any(each.agency.name == EAST for each in incoming):
            raise ZeroDivisionError
        return saved

    monkeypatch.setattr(intake.filing, "save_all", crash)
    view = take(store, ("坏.txt", report()), ("好.txt", report(BAY, kind="township")))
    assert [row.state for row in view.results] == ["refused", "stored"]
    assert "处理时出错，编号" in view.results[0].reason


def test_an_archive_is_taken_member_by_member(store):
    inner = zipped(**{"东关.txt": report()})
    data = zipped(
        **{"乡镇/白鹭湾.txt": report(BAY, kind="township"), "街道.zip": inner, "__MACOSX/._x": b"", "~$x.docx": b""}
    )
    view = take(store, ("2023.zip", data))
    assert [(row.file_name, row.state) for row in view.results] == [
        ("2023.zip!/乡镇/白鹭湾.txt", "stored"),
        ("2023.zip!/街道.zip!/东关.txt", "stored"),
    ]


def test_an_empty_archive_is_refused(store):
    (row,) = take(store, ("空.zip", zipped(**{".DS_Store": b""}))).results
    assert (row.state, row.reason) == ("refused", "压缩包里没有文件。")


def test_a_batch_that_was_interrupted_goes_on(store, monkeypatch):
    files = [(f"{year}.txt", report(year=year)) for year in (2021, 2022, 2023)]
    batch_id = intake.submit(store, files)
    noted, seen = arrival.noted, []

    def killed(coming, saved):
        if len(seen) == 1:
            raise KeyboardInterrupt
        seen.append(coming)
        return noted(coming, saved)

    monkeypatch.setattr(arrival, "noted", killed)
    monkeypatch.setattr(intake.processing, "_AHEAD", 1)  # each file in a transaction of its own
    with pytest.raises(KeyboardInterrupt):
        intake.run_batch(store, batch_id, make=desk.AtOnce)
    assert queries.batch(store, batch_id).done == 1
    monkeypatch.undo()
    assert intake.run_unfinished(store, make=desk.AtOnce) == 1
    view = queries.batch(store, batch_id)
    assert (view.stored, view.running) == (3, False)
    assert queries.years(store) == [2023, 2022, 2021]


def test_a_batch_is_worked_on_by_one_process_and_taken_over_from_a_dead_one(store):
    batch_id = intake.submit(store, [("年报.txt", report())])
    assert intake_rows.claim(store, batch_id) is not None
    assert intake_rows.unfinished(store) == []
    assert intake.run_batch(store, batch_id, make=desk.AtOnce).running
    with store.writing() as connection:
        host = intake_rows._me().split(":")[0]
        connection.exec_driver_sql(f"UPDATE batch SET owner = '{host}:999999999:x'")
    assert intake.run_batch(store, batch_id, make=desk.AtOnce).stored == 1


def test_progress_is_told_file_by_file(store):
    told = []
    batch_id = intake.submit(store, [("a.txt", report()), ("b.txt", b"")])
    intake.run_batch(store, batch_id, make=desk.AtOnce, progress=told.append)
    assert told == [1, 1]


def test_the_year_due_is_not_the_year_filed_under(store):
    (row,) = take(store, ("年报.txt", report(year=2022)), year=2023).results
    assert row.year == 2022
    assert queries.report_view(store, report_id=row.report_id).year == 2022


def test_samples_go_without_a_trace_and_leave_the_offices_own(store):
    take(store, ("样.txt", unbalanced()), ("样2.txt", b""), sample=True)
    (finding,) = queries.findings(store, FindingFilter(rules=("STR-06",))).rows
    queries.decide(store, [finding.fingerprint], "confirmed", "周岚")
    take(store, ("年报.txt", report(BAY, kind="township")))
    assert queries.has_samples(store)
    assert queries.clear_samples(store) == 1
    assert not queries.has_samples(store)
    assert queries.agency_names(store) == {BAY: BAY}
    assert queries.refused(store) == []
    assert queries.history(store, finding.fingerprint) == []
    assert len([p for p in (store.settings.store / "originals").rglob("*") if p.is_file()]) == 1


def test_an_agency_of_the_samples_that_files_for_real_stays(store):
    take(store, ("样.txt", report(year=2022)), sample=True)
    take(store, ("年报.txt", report()))
    queries.clear_samples(store)
    assert queries.years(store) == [2023]
    assert queries.agency_names(store) == {EAST: EAST}


def test_the_worker_runs_outside_this_process(store):
    batch_id = intake.submit(store, [("年报.txt", report())])
    worker.ensure(store.settings)
    worker.ensure(store.settings)
    view = intake.finish_batch(store, batch_id, make=processing.process_pool)
    assert view.stored == 1


def test_every_file_of_a_batch_is_counted_once(store):
    notice = "关于召开会议的通知\n请各单位参加。".encode()
    view = take(store, ("通知.txt", notice), ("通知（副本）.txt", notice), ("年报.txt", report()))
    assert (view.total, view.stored, view.unchanged, view.waiting, view.refused) == (3, 1, 1, 0, 1)


def test_what_no_text_may_hold_keeps_no_file_out(store):
    data = desk.unbalanced().decode().replace("政府信息公开", "政府\0信息公开", 1).encode()
    view = desk.take(store, ("年\0报.txt", data), ("好.txt", desk.report(desk.BAY, kind="township")))
    assert [row.state for row in view.results] == ["stored", "stored"]
    assert len(queries.agencies(store, 2023)) == 2


class SlowFirst(desk.AtOnce):
    """An executor whose first task is done when the others have been for a while."""

    def submit(self, fn, /, *args, **kwargs):
        self.tasks = getattr(self, "tasks", 0) + 1
        if self.tasks > 1:
            return super().submit(fn, *args, **kwargs)
        future = Future()
        threading.Timer(1.5, lambda: future.set_result(fn(*args, **kwargs))).start()
        return future


def test_a_slow_file_keeps_nobody_waiting_and_a_later_version_still_counts(store):
    older, newer = desk.unbalanced(), desk.report()
    files = [("旧.txt", older), ("新.txt", newer), ("别家.txt", desk.report(desk.BAY, kind="township"))]
    batch, settled = intake.submit(store, files), []
    seen = lambda _: settled.append([row.state for row in intake_rows.batch(store, batch).results])  # noqa: E731
    intake.run_batch(store, batch, workers=3, make=SlowFirst, progress=seen)
    assert settled[0][0] == "queued"  # the others were there before the first
    assert {row.state for row in intake_rows.batch(store, batch).results} == {"stored"}
    view = queries.report_view(store, agency_key=desk.EAST, year=2023)
    assert [version.file_name for version in view.versions if version.current] == ["新.txt"]
    assert len(view.versions) == 2
    told = {row.file_name: row.version for row in intake_rows.batch(store, batch).results}
    assert told["新.txt"] == max(version.version for version in view.versions)
    assert {row.report_id for row in intake_rows.batch(store, batch).results} >= {v.report_id for v in view.versions}
