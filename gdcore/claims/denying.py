"""Denials: what “未收到”, “没有”, “无” and “零” reach, to the end of their clause and no further."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest

from gdcore.claims import grammar as g
from gdcore.claims.draft import (
    CARRIED_IN,
    CARRIED_OUT,
    DISPUTES,
    GUESSED,
    NEW,
    NOTHING_ALONE,
    OWN_TOPICS,
    RECEIVED,
    Context,
)
from gdcore.claims.model import Polarity
from gdcore.claims.quantities import Quantity
from gdcore.claims.scoping import add
from gdcore.claims.subjects import OUTCOME_SUBJECTS, Found, Topic
from gdcore.record import record

_CORRECTED = re.compile(r"纠错|纠正|责令|撤销|确认违法")


@record(frozen=True, slots=True)
class _Denied:
    """A subject that a denial reaches, with the stretch of text that names it."""

    subject: str
    start: int
    end: int
    confidence: float = 1.0


def deny(context: Context, counted: Sequence[Quantity]) -> None:
    """The claims of a clause's denials. One that runs into a number denies nothing: 无法提供3件."""
    marks = list(g.DENIAL.finditer(context.text, context.clause.start, context.clause.end))
    if not marks:
        return
    numbers = sorted(q.start for q in counted)
    for mark, following in zip_longest(marks, marks[1:]):
        end = min(context.clause.end, following.start() if following else context.clause.end)
        number = bisect_left(numbers, mark.end())
        if number < len(numbers) and numbers[number] <= end:
            continue
        for found in _reached(context, mark.end(), end) or _before(context, mark, end):
            start = min(mark.start(), found.start)
            draft = context.draft(
                found.subject, start, found.end, Polarity.NONE, Decimal(0), confidence=found.confidence
            )
            add(context, draft, context.text[start : found.end])


def _reached(context: Context, start: int, end: int) -> list[_Denied]:
    objects = [f for f in context.objects(start, end) if _is_head(context, f, end)]
    if outcomes := _lost_cases(context, start, end):
        return outcomes
    told = _told(context, start, end, objects)
    if reached := [t for t in told if _is_deniable(context, t, end)]:
        return [_with_noun(context, t, end) for t in reached]
    if new := [t for t in told if t.subject == NEW]:
        nouns = [f.end for f in objects if f.term.topic is Topic.REQUESTS]
        return [_Denied(NEW, start, max(new[-1].end, *nouns, 0))]
    if _is_fee(context, start, end):
        return [_Denied("handling_fee", start, end)]
    kept = [f for f in objects if f.term.topic and f.subject not in NOTHING_ALONE and _may_deny(context, f)]
    if kept:
        context.topic = kept[-1].term.topic
    return [_Denied(f.subject, f.start, f.end) for f in kept]


def _told(context: Context, start: int, end: int, objects: Sequence[Found]) -> list[Found]:
    """The predicates in the reach of a denial, of the topics that it or the text before names."""
    topics = {f.term.topic for f in objects} or {context.topic}
    if context.topic is Topic.REQUESTS:
        topics.add(Topic.REQUESTS)
    told: list[Found] = []
    for topic in (Topic.REQUESTS, Topic.NORMATIVE, Topic.REGULATIONS):
        if topic in topics:
            told += [t for t in context.terms(start, end, topic) if t.term.topic is None and t.subject]
    return [t for t in told if t not in objects]


def _is_head(context: Context, found: Found, end: int) -> bool:
    """Whether what is denied is this noun, not what it only describes: 无依申请公开平台 denies no request."""
    return g.HEAD_END.match(context.text[found.end : end]) is not None


def _is_deniable(context: Context, term: Found, end: int) -> bool:
    if term.subject in OUTCOME_SUBJECTS:
        return _is_head(context, term, end) and context.text[term.start : term.end] != "公开"
    return term.subject in (CARRIED_IN, CARRIED_OUT, "carried") or term.subject.startswith(("t2.norm", "t2.regu"))


def _with_noun(context: Context, term: Found, end: int) -> _Denied:
    """A denied predicate with the noun behind it. 无结转 goes out, unless 上年度 stands before it."""
    tail = g.DENIED_NOUN.match(context.text[term.end : end])
    stop = term.end + (tail.end() if tail else 0)
    if term.subject != "carried":
        return _Denied(term.subject, term.start, stop)
    if g.LAST_YEAR_ALSO.search(context.text[context.clause.start : term.start]):
        return _Denied(CARRIED_IN, term.start, stop)
    return _Denied(CARRIED_OUT, term.start, stop, GUESSED if context.opens else 1.0)


def _lost_cases(context: Context, start: int, end: int) -> list[_Denied]:
    """“无被纠错和败诉案件” denies outcomes, not cases."""
    scope = context.text[start:end]
    corrected = _CORRECTED.search(scope)
    if not corrected and "败诉" not in scope:
        return []
    topics = {f.term.topic for f in context.objects(context.clause.start, end)} | {context.topic}
    found = []
    if corrected and (Topic.REVIEW in topics or "纠错" in scope):
        found.append(_Denied("t4.review.corrected", start, end))
    if "败诉" in scope or (corrected and Topic.LITIGATION in topics and Topic.REVIEW not in topics):
        found.append(_Denied("litigation.corrected", start, end))
    return found


def _is_fee(context: Context, start: int, end: int) -> bool:
    """Whether the 信息处理费 is denied; a notice that was not sent is another thing."""
    scope, objects = context.text[start:end], context.objects(start, end)
    if any(f.subject == "handling_fee" for f in objects):
        return "通知" not in scope
    if any(f.subject == "t2.fees.amount_wan" for f in objects) or not g.HANDLING_FEE.search(scope):
        return False
    clause = context.wording.plain[context.clause.start : context.clause.end]
    return context.topic is Topic.HANDLING_FEE or g.ABOUT_OPENNESS.search(clause) is not None


def _may_deny(context: Context, found: Found) -> bool:
    if found.term.topic in DISPUTES:
        return not context.is_foreign(found, counted=False)
    if found.subject == RECEIVED and context.home is None:
        clause = context.wording.plain[context.clause.start : context.clause.end]
        return g.ABOUT_OPENNESS.search(clause) is not None
    return found.term.topic is not Topic.OTHER or found.subject.startswith("t2.")


def _before(context: Context, mark: re.Match[str], end: int) -> list[_Denied]:
    """“行政复议、行政诉讼均未发生”: what is denied stands before the denial."""
    if not g.NOTHING_FOLLOWS.fullmatch(context.text, mark.end(), end):
        return []
    objects = [f for f in context.objects(context.clause.start, mark.start()) if f.term.topic and f.subject]
    if not objects or not g.BEFORE_DENIAL.fullmatch(context.text, objects[-1].end, mark.start()):
        return []
    run = context.run(objects[-1], objects)
    kept = [f for f in run if f.subject not in NOTHING_ALONE and f.term.topic in OWN_TOPICS and _may_deny(context, f)]
    return [_Denied(f.subject, run[0].start, end) for f in kept]
