"""What the interface asks for each step: all that the machines demand, for every step that a person can take."""

import pytest

from gdcore.lifecycle import FILING, FINDING
from gdcore.store.rows import Duty
from gdcore.ui.steps import FILING_ACTS, FINDING_ACTS, Kind

MACHINES = pytest.mark.parametrize(
    ("machine", "acts"), [(FINDING, FINDING_ACTS), (FILING, FILING_ACTS)], ids=["finding", "filing"]
)
# What the store refuses a step without, beside the reason.
DEMANDED = {
    "issued": "due",
    "closed": "evidence",
    "waiver_requested": "waiver_until",
    "returned": "due",
    "published": "published_on",
}


def manual(machine):
    return [step for step in machine.steps if not step.automatic]


@MACHINES
def test_every_step_that_a_person_can_take_has_an_act_and_no_act_is_without_one(machine, acts):
    assert {step.verb for step in manual(machine)} == {verb for verb, act in acts.items() if not act.states}


@MACHINES
def test_a_dialog_asks_for_what_its_step_demands(machine, acts):
    for step in manual(machine):
        fields = {field.name: field for field in acts[step.verb].fields}
        if step.reasoned:
            assert fields["reason"].needed or fields["reason"].kind is Kind.CHOICE, step
        if step.target in DEMANDED and not step.back:
            assert DEMANDED[step.target] in fields, step


@MACHINES
def test_codes_are_unique_and_every_field_is_one_that_the_store_knows(machine, acts):
    assert len({act.code for act in acts.values()}) == len(acts)
    known = {*Duty.__slots__, "reason", "note", "published_on", "published_url"}
    assert {field.name for act in acts.values() for field in act.fields} <= known


def test_what_only_lays_something_down_says_in_which_states_it_may():
    resting = [act for act in FINDING_ACTS.values() if act.states]
    assert {act.verb for act in resting} == {"延长时限", "指定责任人", "备注"}
    assert all(set(act.states) <= set(FINDING.names) for act in resting)


def test_a_label_says_that_a_dialog_follows_and_a_sentence_what_will_be_done():
    assert (FINDING_ACTS["确认"].label, FINDING_ACTS["销号"].label) == ("确认", "销号…")
    assert FINDING_ACTS["标为误报"].sentence(3, "条").startswith("将 3 条标为误报。")
    assert FILING_ACTS["登记公开"].sentence(2, "家") == "为 2 家登记公开。"
