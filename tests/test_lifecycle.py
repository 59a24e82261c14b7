"""The life of a finding and of a filing: what may follow what."""

import pytest

from gdcore import lifecycle
from gdcore.lifecycle import FILING, FINDING, IllegalMove

MACHINES = pytest.mark.parametrize("machine", [FINDING, FILING], ids=["finding", "filing"])


@MACHINES
def test_every_step_leads_from_a_known_state_to_another(machine):
    assert {code for step in machine.steps for code in (step.source, step.target)} <= set(machine.names)
    assert all(step.source != step.target for step in machine.steps)
    assert len({(step.source, step.target) for step in machine.steps}) == len(machine.steps)


@MACHINES
def test_every_state_can_be_reached_and_left(machine):
    reached = {machine.start}
    while more := {s.target for s in machine.steps if s.source in reached} - reached:
        reached |= more
    assert reached == set(machine.names)
    assert {s.source for s in machine.steps} == set(machine.names)


@MACHINES
def test_whatever_a_person_does_a_person_can_take_back(machine):
    """From each target of a person's step a person gets back to where it began, in one step or in several."""
    manual = [s for s in machine.steps if not s.automatic]
    for step in manual:
        reached = {step.target}
        while more := {s.target for s in manual if s.source in reached} - reached:
            reached |= more
        assert step.source in reached, step


def test_a_pending_finding_is_confirmed_or_dismissed():
    assert [step.target for step in FINDING.steps_from("pending")] == ["confirmed", "false_positive"]


def test_what_a_version_does_is_no_button():
    assert {s.target for s in FINDING.steps_from("closed")} == {"corrected"}
    assert FILING.steps_from("not_filed") == ()
    every = [*lifecycle.ON_GONE.items(), *lifecycle.ON_RETURN.items()]
    assert all(FINDING.step(source, target) for source, target in every)
    assert all(FILING.step(source, target) for source, target in lifecycle.ON_NEW_VERSION.items())


@pytest.mark.parametrize("decided", ["confirmed", "false_positive"])
def test_every_decision_can_be_undone(decided):
    assert FINDING.require(decided, "pending").verb == "撤销"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_false_alarm_asks_for_a_reason(reason):
    with pytest.raises(IllegalMove, match="须写明理由"):
        FINDING.require("pending", "false_positive", reason)


def test_a_waiver_is_granted_by_another_person():
    with pytest.raises(IllegalMove, match="须由申请人以外的人办理"):
        FINDING.require("waiver_requested", "waived", "", "周岚", asked_by="周岚")
    assert FINDING.require("waiver_requested", "waived", "", "许航", asked_by="周岚").verb == "批准豁免"


@pytest.mark.parametrize(
    ("machine", "source", "target", "words"),
    [
        (FINDING, "pending", "closed", "“待确认”的问题不能直接改为“已销号”"),
        (FINDING, "pending", "waived", "“待确认”的问题不能直接改为“已豁免”"),
        (FILING, "not_filed", "approved", "“未报送”的报告不能直接改为“通过待公开”"),
    ],
)
def test_a_step_that_the_table_does_not_have_is_refused_in_words(machine, source, target, words):
    with pytest.raises(IllegalMove, match=words):
        machine.require(source, target, "理由")


def test_codes_that_are_no_states_are_named():
    assert FINDING.unknown(["pending", "done", "waived"]) == ("done",)


def test_returns_are_counted_from_the_second_on():
    assert [lifecycle.filing_name("returned", n) for n in (1, 2)] == ["退回修改", "退回修改（2）"]
