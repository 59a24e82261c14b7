"""Reads a passage clause by clause: numbers, denials, wholes, and what the next clause adds to them."""

from __future__ import annotations

import re

from gdcore.claims import grammar as g
from gdcore.claims.counting import count, respectively
from gdcore.claims.denying import deny
from gdcore.claims.draft import CARRIED_OUT, OWN_TOPICS, Context, Draft, Sentence
from gdcore.claims.quantities import HOLDS_ONE, quantities
from gdcore.claims.reading import Clause
from gdcore.claims.subjects import OBJECTS, Topic
from gdcore.claims.summing import go_on, sum_up

# Denials and wholes begin with one of these.
_NONE_OR_ALL = re.compile("未|没|无|零|不存在|均|全部|全都|悉数|一并|皆|都")
_DENIES_OR_SUMS = re.compile(f"{_NONE_OR_ALL.pattern}|%")
# What a clause must hold to name a case of our own.
_OWN_KEY = re.compile("|".join(key for term in OBJECTS if term.topic in OWN_TOPICS for key in term.keys))
_TURNS = re.compile(f"{_NONE_OR_ALL.pattern}|{_OWN_KEY.pattern}|处理费")


def tells(text: str, start: int, end: int) -> bool:
    """Whether a stretch of text may assert anything: the quick question before it is read."""
    return HOLDS_ONE.search(text, start, end) is not None or _NONE_OR_ALL.search(text, start, end) is not None


def _matters(text: str, start: int, end: int) -> bool:
    """The same, or it may turn to another subject."""
    return HOLDS_ONE.search(text, start, end) is not None or _TURNS.search(text, start, end) is not None


def drafts(context: Context) -> list[Draft]:
    """The claims of a passage in the order told."""
    found: list[Draft] = []
    for start, end in context.wording.sentences:
        if not _matters(context.text, start, end):
            continue
        timed = g.OF_ANOTHER_TIME.search(context.text, start, end) is not None
        context.sentence = Sentence(context.wording.plain[start:end], start, timed)
        for clause in context.wording.clauses(start, end):
            context.enter(clause)
            _read(context, clause)
            _turn(context)
        found += context.sentence.drafts
    return found


def _read(context: Context, clause: Clause) -> None:
    sentence, told = context.sentence, context.sentence.drafts
    counted = quantities(context.text, clause.start, clause.end)
    before = len(told)
    excepts = g.EXCEPT.match(context.text, clause.start) is not None
    if excepts:
        sentence.excepted = True
    if not respectively(context, counted):
        count(context, counted)
        if _DENIES_OR_SUMS.search(context.text, clause.start, clause.end):
            deny(context, counted)
            sum_up(context, counted)
    if excepts and sum(d.subject == CARRIED_OUT for d in told[before:]) < len(counted):
        sentence.left_out = True
    if not counted and len(told) == before:
        go_on(context)  # it may still say what became of the quantity before
    if counted or len(told) > before:
        alone = len(counted) == 1 and len(told) == before and context.leads(clause.start, counted[0].start)
        sentence.pending = counted[0] if alone else None
    if len(told) - before > 1:
        told[before:] = sorted(told[before:], key=lambda d: (d.start, d.end))


def _turn(context: Context) -> None:
    """A case of our own that a clause names is what the next clauses are about."""
    clause = context.clause
    if context.text.find("处理费", clause.start, clause.end) >= 0:
        context.topic = Topic.HANDLING_FEE
    if not _OWN_KEY.search(context.text, context.done, clause.end):  # every case named behind what is bound holds a key
        return
    named = context.objects(clause.start, clause.end)
    if own := [f for f in named if f.term.topic in OWN_TOPICS and f.start >= context.done]:
        context.topic = own[-1].term.topic
