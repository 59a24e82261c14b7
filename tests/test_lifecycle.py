"""The life of a finding: what may follow what."""

import pytest

from gdcore import lifecycle
from gdcore.lifecycle import IllegalMove


def test_every_step_leads_from_a_known_state_to_a_known_state():
    assert {code for step in lifecycle.STEPS for code in (step.source, step.target)} <= set(lifecycle.STATE_NAMES)


def test_a_pending_finding_is_confirmed_or_dismissed():
    assert [step.target for step in lifecycle.steps_from("pending")] == ["confirmed", "false_positive"]


@pytest.mark.parametrize("decided", ["confirmed", "false_positive"])
def test_every_decision_can_be_undone(decided):
    assert lifecycle.require(decided, "pending").verb == "撤销"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_false_alarm_asks_for_a_reason(reason):
    with pytest.raises(IllegalMove, match="须写明理由"):
        lifecycle.require("pending", "false_positive", reason)


def test_a_step_that_the_table_does_not_have_is_refused_in_words():
    with pytest.raises(IllegalMove, match="“待确认”的问题不能直接改为“已销号”"):
        lifecycle.require("pending", "closed")


def test_codes_that_are_no_states_are_named():
    assert lifecycle.unknown_states(["pending", "done", "waived"]) == ("done",)
