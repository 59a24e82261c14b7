"""A self-check in a process of its own: its steps and answer, how it ends early, and that nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from io import BytesIO
from zipfile import ZipFile

import desk
import pytest

from gdcore import processing, profile, scoring, selfworker
from gdcore.selfcheck import CHECKED, NOT_A_REPORT, UNREADABLE, Terms
from gdcore.selfworker import MOST_FILES, Answer, Order, Run, Step

PATIENCE = 90
CARRIED_IN = {"t3.carried_in": ["7", "1", "0", "0", "0", "0", "8"]}


@pytest.fixture
def terms(tmp_path):
    chosen = desk.settings_in(tmp_path / "data")
    return Terms(profile.load("national", chosen), scoring.load("default", chosen))


@pytest.fixture
def aside(tmp_path, monkeypatch):
    """Where this process puts temporary files."""
    folder = tmp_path / "aside"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def worked(order: Order) -> tuple[list[Step], Answer]:
    *steps, answer = selfworker.work(order, desk.AtOnce)
    assert isinstance(answer, Answer)
    return steps, answer


def test_every_file_is_told_before_it_is_read(terms):
    files = (("甲.txt", desk.report()), ("乙.txt", desk.unbalanced(desk.BAY, kind="township")))
    steps, answer = worked(Order(files, (), terms, 1))
    assert steps == [Step(0, 2, "甲.txt"), Step(1, 2, "乙.txt"), Step(2, 2, "")]
    assert [(r.file, r.outcome) for r in answer.results] == [("甲.txt", CHECKED), ("乙.txt", CHECKED)]
    assert [f.rule for f in answer.results[1].checked.findings] == ["STR-06", "SUM-03"]


def test_last_years_report_is_read_with_the_others_and_used(terms):
    now, before = desk.report(cells=CARRIED_IN), desk.report(year=2022)
    alone, beside = (worked(Order((("今.txt", now),), priors, terms, 1))[1] for priors in ((), (("旧.txt", before),)))
    assert "YOY-01" not in {f.rule for f in alone.results[0].checked.findings}
    assert "YOY-01" in {f.rule for f in beside.results[0].checked.findings}
    assert len(beside.results) == 1


def test_a_report_of_last_year_that_cannot_be_used_is_told(terms):
    _, answer = worked(Order((("今.txt", desk.report()),), (("旧.txt", b""),), terms, 1))
    assert [(r.file, r.outcome) for r in answer.unused] == [("旧.txt", UNREADABLE)]
    assert [r.outcome for r in answer.results] == [CHECKED]


def test_members_of_an_archive_count_as_files_and_the_rest_is_told_and_not_read(terms):
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for number in range(MOST_FILES + 2):
            archive.writestr(f"{number:02}.txt", "关于召开会议的通知")
    _, answer = worked(Order((("全部.zip", buffer.getvalue()),), (), terms, 1))
    assert [r.outcome for r in answer.results] == [NOT_A_REPORT] * MOST_FILES + [UNREADABLE] * 2
    assert answer.results[-1].reason == f"一次最多自查 {MOST_FILES} 份。"
    assert answer.results[-1].remedy == "请分批自查。"


def test_names_of_files_are_told_masked(terms):
    steps, answer = worked(Order((("联系人13900000000.txt", desk.report()),), (), terms, 1))
    assert "13900000000" not in f"{steps} {[r.file for r in answer.results]}"


def test_the_answer_comes_back_from_the_process_and_nothing_is_left(terms, aside):
    run = Run(Order((("甲.pdf", desk.report(fmt="pdf")), ("乙.txt", desk.unbalanced())), (), terms, 1))
    run.wait(PATIENCE)
    assert not run.running
    assert run.fault == ""
    assert run.step == Step(2, 2, "")
    assert [r.outcome for r in run.answer.results] == [CHECKED, CHECKED]
    assert list(aside.iterdir()) == []


def test_a_check_is_stopped_at_once(terms, aside):
    run = Run(Order((("甲.pdf", desk.report(fmt="pdf")),), (), terms, 1))
    while run.waiting:
        run.wait(0.01)
    run.stop()
    run.wait(PATIENCE)
    assert (run.running, run.answer, run.fault) == (False, None, "")
    assert list(aside.iterdir()) == []


@pytest.mark.parametrize(
    "program",
    [
        "import sys; sys.exit(7)",
        "import sys, time; sys.stdin.buffer.read(1); time.sleep(600)",
        "print('nonsense', flush=True)",
    ],
)
def test_a_process_that_fails_or_hangs_becomes_a_sentence(program, terms, aside, monkeypatch, caplog):
    monkeypatch.setattr(selfworker, "LONGEST", 1.0)
    monkeypatch.setattr(
        selfworker,
        "_started",
        lambda folder: subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        ),
    )
    run = Run(Order((("甲.txt", desk.report()),), (), terms, 1))
    run.wait(PATIENCE)
    assert run.answer is None
    assert run.fault.startswith("核查没有完成，编号 ")
    assert "a self-check ended without an answer" in caplog.text
    assert list(aside.iterdir()) == []


def test_a_file_that_kills_its_reader_costs_only_itself(terms, monkeypatch):
    def read_all(jobs, workers, make):
        for job in jobs:
            report = None if job.name == "坏.txt" else processing.read_one(job).report
            yield processing.Reading(
                job.key, report, reason="" if report else "处理时出错", incident="" if report else "7F3A"
            )

    monkeypatch.setattr(processing, "read_all", read_all)
    _, answer = worked(Order((("坏.txt", b"x"), ("好.txt", desk.report())), (), terms, 1))
    assert [(r.outcome, r.incident) for r in answer.results] == [(UNREADABLE, "7F3A"), (CHECKED, "")]
