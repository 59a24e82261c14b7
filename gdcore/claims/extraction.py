"""Reads a passage clause by clause: numbers, denials, wholes, and what the next clause adds to them."""

from __future__ import annotations

import re

from gdcore.claims import grammar as g
from gdcore.claims.counting import count, respectively
from gdcore.claims.denying import deny
from gdcore.claims.draft import CARRIED_OUT, OWN_TOPICS, Context, Draft, Sentence
from gdcore.claims.quantities import quantities
from gdcore.claims.reading import Clause
from gdcore.claims.subjects import OBJECTS, Topic
from gdcore.claims.summing import go_on, sum_up

# What a clause must hold to name a case of our own.
_OWN_KEY = re.compile("|".join(key for term in OBJECTS if term.topic in OWN_TOPICS for key in term.keys))


def drafts(context: Context) -> list[Draft]:
    """The claims of a passage in the order told."""
    found: list[Draft] = []
    for number, (start, end) in enumerate(context.reading.sentences):
        context.sentence = Sentence(number, start)
        for clause in context.reading.clauses(start, end):
            _read(context, clause)
        found += context.sentence.drafts
    return found


def _read(context: Context, clause: Clause) -> None:
    sentence, told = context.sentence, context.sentence.drafts
    context.clause, context.number, context.done = clause, context.number + 1, clause.start
    counted = list(quantities(context.text, clause.start, clause.end))
    before = len(told)
    excepts = g.EXCEPT.match(context.text, clause.start) is not None
    sentence.excepted = sentence.excepted or excepts
    if not respectively(context, counted):
        count(context, counted)
        deny(context, counted)
        sum_up(context, counted)
    if excepts and sum(d.subject == CARRIED_OUT for d in told[before:]) < len(counted):
        sentence.left_out = True
    if not counted and len(told) == before:
        go_on(context)
    if counted or len(told) > before:
        alone = len(counted) == 1 and len(told) == before and context.leads(clause.start, counted[0].start)
        sentence.pending = counted[0] if alone else None
    told[before:] = sorted(told[before:], key=lambda d: (d.start, d.end))
    _turn(context)


def _turn(context: Context) -> None:
    """A case of our own that a clause names is what the next clauses are about."""
    clause = context.clause
    if "处理费" in context.text[clause.start : clause.end]:
        context.topic = Topic.HANDLING_FEE
    if not _OWN_KEY.search(context.text, clause.start, clause.end):
        return
    named = context.objects(clause.start, clause.end)
    if own := [f for f in named if f.term.topic in OWN_TOPICS and f.start >= context.done]:
        context.topic = own[-1].term.topic
