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


def targets(machine, state, origin=None):
    return {step.verb: step.target for step in machine.choices(state, origin)}


def test_a_verb_that_leads_back_to_several_states_leads_to_the_one_it_came_from():
    assert targets(FINDING, "corrected", "reappeared")["撤销"] == "reappeared"
    assert targets(FINDING, "waiver_requested", "correcting")["不予豁免"] == "correcting"
    assert targets(FILING, "approved", "re_review")["撤销通过"] == "re_review"
    assert targets(FILING, "returned", "published") == {"撤回退回": "published"}


def test_it_is_left_out_where_another_verb_leads_there_and_takes_the_first_where_nothing_does():
    from_correcting = targets(FINDING, "corrected", "correcting")
    assert "撤销" not in from_correcting
    assert from_correcting["退回整改"] == "correcting"
    assert targets(FILING, "approved", "filed")["撤销通过"] == "in_review"
    assert targets(FINDING, "corrected")["撤销"] == "issued"


@MACHINES
def test_each_verb_is_offered_once_in_every_state(machine):
    for state in machine.names:
        verbs = [step.verb for step in machine.choices(state)]
        assert len(set(verbs)) == len(verbs)
        assert machine.branches(state) == (len(verbs) < len(machine.steps_from(state)))


@MACHINES
def test_no_person_takes_a_step_that_is_the_programs(machine):
    for step in machine.steps:
        if step.automatic:
            with pytest.raises(IllegalMove, match="不能直接改为"):
                machine.require(step.source, step.target, "理由", "周岚")
