"""Wholes (“均已答复”, “全部由自然人提出”), and clauses that go on with the number of the clause before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gdcore.claims import grammar as g
from gdcore.claims.counting import claim_at
from gdcore.claims.draft import (
    CARRIED_IN,
    CARRIED_OUT,
    GUESSED,
    NEW,
    RECEIVED,
    REQUESTS,
    RESULT,
    Context,
)
from gdcore.claims.model import Polarity, Scope
from gdcore.claims.quantities import Quantity
from gdcore.claims.scoping import add
from gdcore.claims.subjects import APPLICANT_SUBJECTS, OUTCOME_SUBJECTS, Found, Topic

_CASES = {Topic.REVIEW: "t4.review", Topic.LITIGATION: "litigation"}
_OF_REQUESTS = APPLICANT_SUBJECTS | {
    *(RESULT, "t3.granted_full.total", "t3.granted_partial.total", "group.denied", "group.unable")
}
# Characters of adverbs before a predicate that goes on with a number.
_ADVERBS = 8


def sum_up(context: Context, counted: Sequence[Quantity]) -> None:
    """The first whole of a clause: what is said of all that was counted before."""
    clause = context.clause
    if not g.OF_A_WHOLE.search(context.text, clause.start, clause.end):
        return
    for mark in g.WHOLE.finditer(context.text, clause.start, clause.end):
        numbers = [q.start for q in counted if q.start >= mark.end()]
        if mark.end() <= context.done or (numbers and numbers[0] - mark.end() <= len("分别")):
            continue
        topic, mixed = _topic(context, counted, mark.start())
        told = _told(context, mark.end(), min([*numbers, clause.end]), topic)
        if not told:
            continue
        chosen = next((t for t in told if t.subject == RESULT), told[0])
        if g.NEGATED.search(context.text, mark.end(), chosen.start):
            continue
        lead = g.BEFORE_WHOLE.search(context.text[clause.start : mark.start()])
        start = mark.start() - (len(lead.group()) if lead else 0)
        last = context.sentence.drafts[-1].subject if context.sentence.drafts else RECEIVED
        loose = topic is Topic.REQUESTS and chosen.subject != RESULT and last not in REQUESTS
        confidence = GUESSED if mixed or loose else 1.0
        draft = context.draft(chosen.subject, start, chosen.end, Polarity.ALL, None, confidence=confidence)
        add(context, draft, context.text[clause.start : chosen.end])
        return


def _topic(context: Context, counted: Sequence[Quantity], at: int) -> tuple[Topic | None, bool]:
    """What a whole sums up, and whether that is a guess: requests and other cases may have been counted side by side."""
    named = [f for f in context.objects(context.clause.start, at) if f.term.topic]
    if named and not any(named[-1].end <= q.start < at for q in counted):
        return named[-1].term.topic, False
    recent = context.sentence.topics[-2:]
    if context.topic is Topic.OTHER and set(recent) == {Topic.REQUESTS, Topic.OTHER}:
        return Topic.REQUESTS, True
    return context.topic, False


def _told(context: Context, start: int, end: int, topic: Topic | None) -> list[Found]:
    """What may be said of all cases of a topic. 公开 alone is said of requests only where requests were counted."""
    if topic in _CASES:
        wanted = {f"{_CASES[topic]}.{key}" for key in ("upheld", "corrected", "other", "pending")}
    else:
        wanted = set(_OF_REQUESTS) if topic is Topic.REQUESTS else set()
    told = [t for t in context.terms(start, end, topic) if t.term.topic is None and t.subject in wanted]
    bare = context.sentence.tells(*REQUESTS)
    return [t for t in told if bare or context.text[t.start : t.end] != "公开"]


def go_on(context: Context) -> None:
    """“1件因需征求第三方意见，转入下一年度办理”, “复议1件，被责令重新答复”: the number stands in the clause before."""
    sentence, clause = context.sentence, context.clause
    if sentence.pending is not None:
        terms = context.told(clause.start, clause.end, context.topic)
        useful = [t for t in terms if t.subject in (RESULT, CARRIED_IN, CARRIED_OUT) or t.subject in OUTCOME_SUBJECTS]
        opens = [t for t in useful if t.start - clause.start <= _ADVERBS and context.text[t.start : t.end] != "公开"]
        if opens:
            quantity, sentence.pending = sentence.pending, None
            claim_at(context, opens[0].subject, quantity, quantity.start, opens[0].end, quantity.start)
        return
    last = sentence.drafts[-1] if sentence.drafts else None
    if last is None or last.clause != context.number - 1 or last.value != 1 or last.unit is None:
        return
    terms = context.told(clause.start, clause.end, context.topic)
    told = next((t for t in terms if t.subject in _continuations(last.subject)), None)
    if told is not None:
        draft = replace(last, subject=told.subject, end=told.end, clause=context.number, scope=Scope.THIS_YEAR)
        add(context, draft, context.text[clause.start : told.end])


def _continuations(subject: str) -> set[str]:
    """What a clause may add to a single case that the clause before counts."""
    if subject in ("t4.review.total", "litigation.total"):
        return {f"{subject.rpartition('.')[0]}.{key}" for key in ("upheld", "corrected", "pending")}
    return {CARRIED_OUT} if subject in (RECEIVED, NEW) else set()
