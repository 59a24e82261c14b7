"""Deciding on findings: every step that a person may take, one at a time or many at once, and taking the last one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import streamlit as st

from gdcore.acting import FINDING_ACTIONS
from gdcore.lifecycle import FINDING, Step
from gdcore.roles import Action
from gdcore.store.decisions import OVERTAKEN
from gdcore.store.rows import Decided, Duty, LedgerRow
from gdcore.ui import asking, person, query, shell
from gdcore.ui.asking import Answers
from gdcore.ui.html import Html, el, join
from gdcore.ui.steps import FINDING_ACTS, Act
from gdcore.ui.words import day

UNIT = "条"
_UNDO = "decide_undo"
_ROUND = "decide_round"
_REQUESTS = 5  # waiver requests that the dialog of their approval tells


class Decidable(Protocol):
    """What can be decided: a finding of a report, or a line of the 整改台账."""

    @property
    def fingerprint(self) -> str:
        """Its fingerprint."""

    @property
    def state(self) -> str:
        """The state in which it was shown."""

    @property
    def agency_key(self) -> str:
        """Whose it is."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An act and the findings it can be done to: fingerprint → the state shown, and fingerprint → the state it leads to."""

    act: Act
    seen: Mapping[str, str]
    targets: Mapping[str, str]
    back: bool = False

    @property
    def count(self) -> int:
        """How many."""
        return len(self.seen)


# --- what can be done -------------------------------------------------------------------------------------------------


def choices(rows: Sequence[Decidable]) -> list[Choice]:
    """What the person can do with some of these, in the order of the acts."""
    who = person.who()
    origins = query.origins(tuple(r.fingerprint for r in rows if FINDING.branches(r.state)))
    steps: dict[tuple[str, str | None], tuple[Step, ...]] = {}
    targets: dict[str, dict[str, str]] = {verb: {} for verb in FINDING_ACTS}
    seen = {row.fingerprint: row.state for row in rows}
    for fingerprint, state in seen.items():
        where = state, origins.get(fingerprint)
        if where not in steps:
            steps[where] = FINDING.choices(*where)
        for step in steps[where]:
            if who.may(FINDING_ACTIONS[step.verb]):
                targets[step.verb][fingerprint] = step.target
    for verb, act in FINDING_ACTS.items() if who.may(Action.DECIDE) else ():
        targets[verb] |= {f: state for f, state in seen.items() if state in act.states}
    back = {step.verb for found in steps.values() for step in found if step.back}
    return [
        Choice(FINDING_ACTS[verb], {f: seen[f] for f in found}, found, verb in back)
        for verb, found in targets.items()
        if found
    ]


def buttons(rows: Sequence[Decidable], key: str, most: int, backs: bool = True) -> None:
    """A button for each thing that can be done with all or some of the rows, with the count where these are many.

    Those beyond `most` are in a menu, and without `backs` the ways back too.
    """
    found, several = choices(rows), len(rows) > 1
    ahead = [choice for choice in found if not choice.back]
    shown = ahead[:most] + [choice for choice in found if choice.back and backs]
    hidden = [choice for choice in found if choice not in shown]
    for number, choice in enumerate(shown):
        kind: Literal["primary", "secondary", "tertiary"] = "tertiary" if choice.back else "secondary"
        _button(choice, key, "primary" if number == 0 and choice in ahead else kind, several)
    if hidden:
        picked = st.menu_button(
            "更多",
            [choice.act.verb for choice in hidden],
            format_func=lambda verb: next(label(c, several) for c in hidden if c.act.verb == verb),
            key=f"{key}_more",
        )
        for choice in hidden:
            if choice.act.verb == picked:
                begin(choice)


def label(choice: Choice, several: bool) -> str:
    """What a button says: 确认; 标为误报…（3 条）."""
    return f"{choice.act.label}（{choice.count} {UNIT}）" if several else choice.act.label


def _button(choice: Choice, key: str, kind: Literal["primary", "secondary", "tertiary"], several: bool) -> None:
    act = choice.act
    code = f"lay_{act.code}" if act.states else act.code if several else next(iter(choice.targets.values()))
    shown: dict[str, Any] = {"icon": f":material/{act.icon}:", "shortcut": act.shortcut, "type": kind}
    if not act.fields:
        st.button(label(choice, several), on_click=_at_once, args=(choice,), key=f"{key}_{code}", **shown)
    elif st.button(label(choice, several), key=f"{key}_{code}", **shown):
        begin(choice)


def _at_once(choice: Choice) -> None:
    perform(choice, {})


def begin(choice: Choice) -> None:
    """Ask what the act needs to know, or do it where it needs nothing."""
    if not choice.act.fields:
        if perform(choice, {}):
            st.rerun()
        return
    lines = list(query.lines(tuple(choice.seen)).values())
    known = {field.name: _common(lines, field.name, choice.count) for field in choice.act.fields if field.kept}
    requests = _requests(lines) if choice.act.code in ("grant", "refuse") else None
    asking.ask(choice.act, choice.count, UNIT, lambda answers: perform(choice, answers), known, requests)


def _common(lines: Sequence[LedgerRow], name: str, count: int) -> Any:
    """What is laid down about all of them alike; None where they differ."""
    values = {getattr(line, name) for line in lines}
    return values.pop() if len(values) == 1 and len(lines) == count else None


def _requests(lines: Sequence[LedgerRow]) -> Html:
    """Who asked for the waivers, until when and why."""
    told = list(dict.fromkeys(f"{n.waiver_by} 申请豁免至 {day(n.waiver_until)}：{n.reason}" for n in lines))
    more = [el("p", f"等 {len(lines)} 条。", class_="say muted")] if len(told) > _REQUESTS else []
    return join([*(el("p", words, class_="say") for words in told[:_REQUESTS]), *more])


# --- doing it ---------------------------------------------------------------------------------------------------------


def perform(choice: Choice, answers: Answers) -> bool:
    """Do it, say how it went, and remember how to take it back."""
    words = {name: answers.get(name, "") for name in ("reason", "note")}
    duty = Duty(**{name: value for name, value in answers.items() if name not in words})
    outcome: list[Decided] = []

    def move() -> None:
        hand = person.hand()
        if choice.act.states:
            count = hand.amend(list(choice.seen), duty, words["reason"])
            outcome.append(Decided(count, choice.count - count, 0))
        else:
            outcome.append(hand.decide(choice.targets, words["reason"], words["note"], duty, choice.seen))

    if not shell.attempt(move):
        return False
    remember({} if choice.act.states else {f: (choice.seen[f], target) for f, target in choice.targets.items()})
    tell(choice.act.done, UNIT, outcome[0])
    return True


def tell(done: str, unit: str, outcome: Decided) -> None:
    """How many it was done to; what was left, and why."""
    st.toast(f"{done} {outcome.changed} {unit}", icon=":material/check:")
    if outcome.refused and outcome.why in ("", OVERTAKEN):
        st.toast(f"其他人已处理其中 {outcome.refused} {unit}，已刷新。")
    elif outcome.refused:
        st.toast(f"其中 {outcome.refused} {unit}没有办理：{outcome.why}")


def remember(moved: Mapping[str, tuple[str, str]]) -> None:
    """Keep what was moved (fingerprint → from, to) where a step leads back; grids begin anew, without ticks."""
    st.session_state[_UNDO] = {f: pair for f, pair in moved.items() if _leads_back(*pair)}
    st.session_state[_ROUND] = decisions() + 1


def _leads_back(before: str, after: str) -> bool:
    step = FINDING.step(after, before)
    return step is not None and (step.back or step.verb == "退回整改")


def decisions() -> int:
    """How many decisions this session has made: a grid keeps ticks by position, so it is a new one after each."""
    return int(st.session_state.get(_ROUND, 0))


def undo_button(key: str) -> None:
    """Take the last decision back, where a step leads back."""
    count = len(st.session_state.get(_UNDO, {}))
    if count:
        words = f"撤销上次处理（{count} {UNIT}）"
        st.button(words, icon=":material/undo:", type="tertiary", on_click=undo, key=f"{key}_undo")


def undo() -> None:
    """Put the findings of the last decision back where they were; what others moved since stays there."""
    moved: Mapping[str, tuple[str, str]] = st.session_state.get(_UNDO, {})
    outcome: list[Decided] = []

    def move() -> None:
        back = {f: before for f, (before, _) in moved.items()}
        seen = {f: after for f, (_, after) in moved.items()}
        outcome.append(person.hand().decide(back, "撤销", seen=seen))

    if shell.attempt(move):
        tell("已撤销", UNIT, outcome[0])
    remember({})
