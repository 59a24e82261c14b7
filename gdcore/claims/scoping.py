"""Of what a quantity is told: the whole year, last year, a part of it, or another body than the one that reports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from gdcore.claims import grammar as g
from gdcore.claims.draft import CARRIED_IN, CARRIED_OUT, NEW, RECEIVED, REQUESTS, RESULT, Context, Draft
from gdcore.claims.model import Polarity, Scope

GROUPS = ("group.denied", "group.unable", "group.rejected", "group.other")
_THIS_YEAR = re.compile(r"本年|今年|全年|年内")


def add(context: Context, draft: Draft, lead: str) -> None:
    """Put a claim to its sentence; `lead` is what stands before and in it, behind the claim before."""
    draft.scope = _scope(context, draft, lead)
    draft.start = _start(context, draft)
    context.sentence.drafts.append(draft)


def _scope(context: Context, draft: Draft, lead: str) -> Scope:
    sentence = context.sentence
    if sentence.timed:
        if draft.subject not in (CARRIED_IN, CARRIED_OUT, "carried") and _is_last_year(context, lead):
            return Scope.LAST_YEAR
        since = g.SINCE.search(context.text, sentence.start, draft.end) and not _THIS_YEAR.search(lead)
        if since and draft.polarity is Polarity.COUNT:
            return Scope.OTHER
    if draft.subject == "handling_fee" and g.TO_BE_PAID.search(lead):
        return Scope.OTHER
    return Scope.PARTIAL if _is_partial(context, draft, lead) else Scope.THIS_YEAR


def _is_last_year(context: Context, lead: str) -> bool:
    if g.LAST_YEAR.search(lead):
        return True
    year = context.year
    return year is not None and f"{year - 1}年" in lead and _printed_last_year(year).search(lead) is not None


@lru_cache(maxsize=64)
def _printed_last_year(year: int) -> re.Pattern[str]:
    return re.compile(rf"(?<![较比与自]){year - 1}年(?!结转|转)")


def _is_partial(context: Context, draft: Draft, lead: str) -> bool:
    if context.sentence.timed and g.OF_A_PART.search(lead) and g.PART_OF_YEAR.search(lead):
        return True
    if draft.subject in GROUPS and ("因" in lead or "涉及" in lead):
        return True
    if draft.subject in (RECEIVED, NEW) and g.CHANNEL.search(lead) and not g.EVERY_WAY.search(lead):
        return True
    if draft.subject in (RESULT, RECEIVED) and g.FURTHER.search(lead.partition(draft.phrase or "\0")[0]):
        return True
    if (draft.subject == RESULT or draft.polarity is Polarity.ALL) and _is_rest(context, draft, lead):
        return True
    if draft.polarity is not Polarity.COUNT or draft.subject == "published_part":
        return False
    before = [d for d in context.sentence.drafts if d.subject == draft.subject and d.polarity is draft.polarity]
    return bool(before) and g.LIST_OPENS.search(context.text, context.sentence.start, draft.end) is not None


def _is_rest(context: Context, draft: Draft, lead: str) -> bool:
    """Whether “其余均已答复” leaves out what was excepted; of a number, only if results were excepted."""
    sentence = context.sentence
    if draft.polarity is not Polarity.ALL:
        return sentence.left_out
    told = next((d for d in reversed(sentence.drafts) if d.clause == context.number), None)
    of_a_part = told is not None and draft.subject == RESULT and told.subject not in REQUESTS
    return sentence.excepted or of_a_part or g.REMAINDER.search(lead) is not None


def _start(context: Context, draft: Draft) -> int:
    """Where the claim begins, with the words that give it a scope of its own."""
    opening = context.clause.start
    if draft.scope is Scope.THIS_YEAR or draft.start <= opening:
        return draft.start
    lead = context.text[opening : draft.start]
    marks = [m.start() for p in (g.PART_OF_YEAR, g.LAST_YEAR, g.CHANNEL, g.THROUGH) for m in p.finditer(lead)]
    start = opening + min(marks, default=draft.start - opening)
    return draft.start if any(start < d.end <= draft.start for d in context.sentence.drafts) else start


def by_area(drafts: Sequence[Draft], text: str) -> Sequence[Draft]:
    """The drafts of a passage, with the whole area's number told apart from the agency's own beside it."""
    if "累计" not in text and not g.EVERY_AGENCY.search(text):
        return drafts
    told: dict[str, Counter[str]] = {}
    for draft in drafts:
        if draft.polarity is Polarity.COUNT:
            told.setdefault(draft.subject, Counter()).update(_says(draft))
    for draft in drafts:
        if draft.polarity is Polarity.COUNT:
            draft.scope = _beside(draft, told[draft.subject])
    return drafts


def _says(draft: Draft) -> list[str]:
    """What a number's lead says of whose it is, and of when."""
    every, own = g.EVERY_AGENCY.search(draft.lead), g.OWN.search(draft.lead)
    year = _THIS_YEAR.search(draft.lead)
    return [said for said, found in (("every", every), ("own", own and not every), ("year", year)) if found]


def _beside(draft: Draft, told: Counter[str]) -> Scope:
    """The scope of a number; `told` counts what the leads of all numbers of its subject say, its own too."""
    said = _says(draft)
    if "every" in said:
        return Scope.OTHER if told["own"] else draft.scope
    if draft.scope is Scope.PARTIAL and told["every"] and g.OWN.search(draft.lead) and not g.CHANNEL.search(draft.lead):
        return Scope.THIS_YEAR
    if "累计" in draft.lead and told["year"] > ("year" in said):
        return Scope.OTHER
    return draft.scope


def without_carried(drafts: Sequence[Draft], plain: str) -> Sequence[Draft]:
    """The drafts of a passage: “收到33件（不含上年结转2件）” tells of new requests."""
    for draft, following in pairwise(drafts) if g.EXCLUDING.search(plain) else ():
        if draft.subject == RECEIVED and g.EXCLUDING.match(plain[draft.end : following.end]):
            draft.subject = NEW
    return drafts
