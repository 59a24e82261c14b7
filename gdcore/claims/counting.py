"""What a number is told of: the nearest object and predicate before it, else those behind it, else nothing."""

from __future__ import annotations

from collections.abc import Sequence

from gdcore.claims import grammar as g
from gdcore.claims.draft import (
    CARRIED_OUT,
    DISPUTES,
    GUESSED,
    NEW,
    NOTHING_ALONE,
    RECEIVED,
    RESULT,
    Context,
)
from gdcore.claims.model import Polarity
from gdcore.claims.quantities import Quantity
from gdcore.claims.scoping import GROUPS, add
from gdcore.claims.subjects import APPLICANT_SUBJECTS, OUTCOME_SUBJECTS, Found, Topic
from gdcore.record import record

_MONEY = ("handling_fee", "t2.fees.amount_wan")
_DETAILS = frozenset(s for s in OUTCOME_SUBJECTS if s.startswith(("t3.denied", "t3.unable", "t3.rejected", "t3.other")))
_BARE = "公开"


@record(frozen=True, slots=True)
class _Bound:
    """Subjects of a number with the stretch of text that tells them; `topic` None where the talk stays as it was."""

    subjects: tuple[str, ...]
    start: int
    end: int
    topic: Topic | None = None
    phrase: str = ""


@record(frozen=True, slots=True)
class _Spot:
    """A number between the words before it, from `left`, and behind it, up to `right`; `last`: none follows it."""

    quantity: Quantity
    left: int
    right: int
    last: bool


def count(context: Context, counted: Sequence[Quantity]) -> None:
    """The claims of a clause's numbers."""
    for index, quantity in enumerate(counted):
        last = index + 1 == len(counted)
        right = context.clause.end
        if not last:
            comma = context.text.find("、", quantity.end, counted[index + 1].start)
            right = comma if comma >= 0 else quantity.end
        left, context.done = context.done, max(context.done, quantity.end)
        if quantity.counts:
            _one(context, _Spot(quantity, left, right, last))


def _one(context: Context, spot: _Spot) -> None:
    quantity = spot.quantity
    lead = context.text[spot.left : quantity.start]
    differs = g.DIFFERENCE.search(lead, max(0, len(lead) - g.LONGEST_DIFFERENCE))
    if differs or g.NOT_TOLD.search(lead):
        return
    if quantity.unit == "%":
        _rate(context, quantity, spot.left)
        return
    bound = _from_left(context, spot) or _from_right(context, spot) or _elliptic(context, spot)
    if bound is None:
        return
    context.done = max(context.done, bound.end)
    if bound.topic is not None:
        context.topic = bound.topic
        context.sentence.topics.append(bound.topic)
    for subject in bound.subjects:
        claim(context, subject, quantity, bound, spot.left)


# --- the words before the number ------------------------------------------------------------------------------------


def _from_left(context: Context, spot: _Spot) -> _Bound | None:
    quantity = spot.quantity
    objects = context.objects(spot.left, quantity.start)
    cases = [f for f in objects if f.term.topic]
    behind = None if cases else _noun_behind(context, spot)
    head = cases[-1] if cases else behind if behind and behind.term.topic else None
    topic = head.term.topic if head else context.topic
    terms = context.terms(spot.left, quantity.start, topic)
    if not terms or not g.BEFORE_NUMBER.fullmatch(context.text, terms[-1].end, quantity.start):
        return None
    aside = terms[-1] if terms[-1] in objects and terms[-1].term.topic is None else None
    if aside is None and behind is not None and behind.term.topic is None:
        aside = behind
    if aside is not None:
        return _Bound((aside.subject,), aside.start, max(quantity.end, aside.end), None, _phrase(context, aside))
    if head is None and spot.last and not _ends(context, spot):
        return None
    if head is not None and topic in DISPUTES and context.is_foreign(head, counted=True):
        return _Bound(("",), head.start, quantity.end, Topic.OTHER)
    end = max(quantity.end, behind.end if behind else 0)
    told = [t for t in terms if t.term.topic is None and t not in objects]
    bound = _told(context, spot, terms, told) if told else _named(context, spot, terms, head, topic)
    if bound is None or (head is None and end <= bound.end):
        return bound
    return _Bound(bound.subjects, bound.start, max(bound.end, end), topic if head else None, bound.phrase)


def _noun_behind(context: Context, spot: _Spot) -> Found | None:
    """The object that follows a number at once: 36件政府信息公开申请."""
    end = spot.quantity.end
    return next((f for f in context.objects(end, spot.right) if f.start - end <= 1), None)


def _ends(context: Context, spot: _Spot) -> bool:
    """Whether behind a number no noun follows that could be what it counts."""
    return spot.quantity.end >= spot.right or g.AFTER_NUMBER.match(context.text, spot.quantity.end) is not None


def _phrase(context: Context, found: Found) -> str:
    return context.text[found.start : found.end]


def _told(context: Context, spot: _Spot, terms: Sequence[Found], told: list[Found]) -> _Bound | None:
    """What predicates tell of a number. Several that are joined share only a 0; a reason says more than its group."""
    reasons = [t for t in told if t.subject in _DETAILS]
    run = reasons[-1:] if reasons and told[-1].subject in GROUPS else context.run(told[-1], told)
    subjects = tuple(dict.fromkeys([t.subject for t in run]))
    if len(subjects) > 1 and spot.quantity.value and not _each(context, spot, terms[-1]):
        return None
    if _BARE in [_phrase(context, t) for t in run] and not _is_outcome(context, run[0], spot.quantity):
        return None
    return _Bound(subjects, run[0].start, spot.quantity.end, None, _phrase(context, terms[-1]))


def _each(context: Context, spot: _Spot, last: Found) -> bool:
    """Whether a number is told of each of the terms before it: “复议、诉讼各1件”, “均为9件”."""
    return g.EACH.search(context.text[last.end : spot.quantity.start]) is not None


def _is_outcome(context: Context, bare: Found, quantity: Quantity) -> bool:
    """Whether 公开 alone is the outcome 予以公开: it opens its piece, and other outcomes stand beside it."""
    opens = g.OPENS_OUTCOME.search(context.text[max(context.clause.start, bare.start - 12) : bare.start]) is not None
    chain = g.OTHER_OUTCOME.search(context.text, bare.start, bare.start + 80) is not None
    return opens and (chain or quantity.unit != "条")


def _named(
    context: Context, spot: _Spot, terms: Sequence[Found], head: Found | None, topic: Topic | None
) -> _Bound | None:
    """What objects alone tell of a number: “复议、诉讼均为零” is told of both, “复议和诉讼共3件” of their sum."""
    if head is None:
        return None
    quantity, last = spot.quantity, terms[-1]
    run = context.run(last, [t for t in terms if t.term.topic]) if last.term.topic else [head]
    subjects = tuple(t.subject for t in run)
    if len(run) > 1 and quantity.value and not _each(context, spot, last):
        pair = {t.term.topic for t in run} == {Topic.REVIEW, Topic.LITIGATION}
        subjects = ("disputes.total" if pair else last.subject,)
    told = _told_behind(context, spot, topic) if spot.last else None
    if told is not None:
        return _Bound((told.subject,), run[0].start, told.end, None, _phrase(context, last))
    return _Bound(subjects, run[0].start, quantity.end, None, _phrase(context, last))


def _told_behind(context: Context, spot: _Spot, topic: Topic | None) -> Found | None:
    """What the words behind a number tell of it, unless they sum up (“3件均已答复” is a claim of its own)."""
    start, rest = spot.quantity.end, context.text[spot.quantity.end : spot.right]
    if not rest or g.WHOLE.search(rest) or g.DENIAL.search(rest) or not g.AFTER_NUMBER.match(rest):
        return None
    return next((t for t in context.told(start, spot.right, topic) if t.subject not in ("", RECEIVED, NEW)), None)


# --- the words behind the number ------------------------------------------------------------------------------------


def _from_right(context: Context, spot: _Spot) -> _Bound | None:
    """“3件结转下年度”, “29件申请全部按期办结”."""
    quantity = spot.quantity
    if not context.leads(spot.left, quantity.start):
        return None
    head = _noun_behind(context, spot)
    if head is None and not g.AFTER_NUMBER.match(context.text[quantity.end : spot.right]):
        return None
    if head is not None and head.term.topic is None:
        return _Bound((head.subject,), quantity.start, head.end, None, _phrase(context, head))
    if head is not None and head.term.topic in DISPUTES and context.is_foreign(head, counted=True):
        return _Bound(("",), quantity.start, head.end, Topic.OTHER)
    topic = head.term.topic if head else context.topic
    told = context.told(head.end if head else quantity.end, spot.right, topic)
    terms = [t for t in told if t.subject not in (RECEIVED, NEW) and _phrase(context, t) != _BARE]
    # “2件答复被撤销” counts letters, “16件已答复” requests.
    terms = [t for t in terms if t.start > quantity.end or _phrase(context, t) not in ("答复", "回复")]
    turned = topic if head else None
    if terms and terms[0].subject:
        return _Bound((terms[0].subject,), quantity.start, terms[0].end, turned)
    if head is None or terms:
        return None
    return _Bound((head.subject,), quantity.start, head.end, turned, _phrase(context, head))


def _elliptic(context: Context, spot: _Spot) -> _Bound | None:
    """A number that goes on with what the sentence counts: “局机关作出31件”, “其中：工作动态160条、通知公告75条”."""
    quantity, drafts = spot.quantity, context.sentence.drafts
    last = drafts[-1] if drafts else None
    if last is None or last.unit != quantity.unit or quantity.end - last.end > g.LONGEST_ITEM:
        return None
    start = max(spot.left, context.clause.start)
    if last.subject.endswith(".decisions") and context.text[start : quantity.start].endswith("作出"):
        return _Bound((last.subject,), start, quantity.end)
    listed = last.subject == "published_part" or g.LIST_OPENS.search(context.text, last.end, quantity.start)
    if last.subject not in ("published_items", "published_part") or not listed:
        return None
    opener = g.ITEM_OPENS.match(context.text, start, quantity.start)
    start = opener.end() if opener else start
    name = context.text[start : quantity.start]
    return _Bound(("published_part",), start, quantity.end, None, name) if name else None


# --- the claim ------------------------------------------------------------------------------------------------------


def claim(context: Context, subject: str, quantity: Quantity, bound: _Bound, left: int) -> None:
    """Make the claim, if a number with this unit can be told of the subject."""
    subject = _settled(context, subject, quantity, bound.start)
    if subject in NOTHING_ALONE or not _fits(context, subject, quantity, bound.start):
        return
    polarity = Polarity.COUNT if quantity.value else Polarity.NONE
    loose = False  # documents found in a clean-up, and cases handled, may be counted otherwise than the table does
    if subject.endswith(".decisions"):
        told = context.text[context.sentence.start : bound.end]
        if g.OF_WHICH.match(told) and not g.DECIDES.search(told):
            return
        loose = g.CASES_HANDLED.search(context.text[bound.start : bound.end]) is not None
    elif subject.startswith("t2.normative"):
        loose = "清理" in context.text[context.sentence.start : bound.end]
    confidence = GUESSED if loose else 1.0
    start, known = min(bound.start, quantity.start), (polarity, quantity.value, quantity.unit)
    draft = context.draft(
        subject, start, bound.end, *known, approx=quantity.approx, confidence=confidence, phrase=bound.phrase
    )
    add(context, draft, context.text[left : bound.end])


def claim_at(context: Context, subject: str, quantity: Quantity, start: int, end: int, left: int) -> None:
    """The same for a stretch of text that the caller knows."""
    claim(context, subject, quantity, _Bound((subject,), start, end), left)


def _settled(context: Context, subject: str, quantity: Quantity, start: int) -> str:
    """The subject that the words around settle: 结转 behind 办结 goes out, documents named behind 制发 were issued."""
    if subject == "carried":
        onward = g.ONWARD.match(context.text, quantity.end)
        return CARRIED_OUT if onward or context.sentence.tells(RESULT) else subject
    documents = subject in ("t2.normative_docs", "t2.regulations")
    if documents and g.ISSUED.search(context.text[context.clause.start : start]):
        return f"{subject}.issued"
    return subject


def _fits(context: Context, subject: str, quantity: Quantity, start: int) -> bool:
    if subject in _MONEY or quantity.is_money:
        return subject in _MONEY and (quantity.is_money or quantity.unit is None)
    if subject not in APPLICANT_SUBJECTS and not subject.endswith(".decisions"):
        return True
    before = context.text[context.clause.start : max(start, context.clause.start)]
    if subject in APPLICANT_SUBJECTS:
        return quantity.unit != "条" and g.LEADING_TO_APPLICANT.fullmatch(g.ITEM_ENDS.split(before)[-1]) is not None
    return quantity.unit != "条" and g.NO_DECISION.search(before) is None


def _rate(context: Context, quantity: Quantity, left: int) -> None:
    """“答复率100%”: all of them."""
    cases = [f for f in context.objects(left, quantity.start) if f.term.topic]
    if cases:
        context.topic = cases[-1].term.topic
    match = g.RATE.search(context.text[left : quantity.start])
    if match is None or quantity.value != 100 or context.topic is not Topic.REQUESTS:
        return
    start = cases[-1].start if cases else left + match.start()
    draft = context.draft(RESULT, start, quantity.end, Polarity.ALL, None, "%")
    add(context, draft, context.text[left : quantity.start])


def respectively(context: Context, counted: Sequence[Quantity]) -> bool:
    """“收到、办结、结转下年度的申请分别为15件、13件、2件”: whether the clause is of this kind; then it is done."""
    start = context.clause.start
    mark = g.RESPECTIVELY.search(context.text[start : counted[0].start]) if len(counted) > 1 else None
    if mark is None:
        return False
    end = start + mark.start()
    objects = [f for f in context.objects(start, end) if f.term.topic]
    topic = objects[-1].term.topic if objects else context.topic
    told = [t for t in context.terms(start, end, topic) if t.term.topic is None and t.subject]
    named = told if len(told) == len(counted) else objects
    context.done = context.clause.end
    if len(named) == len(counted):
        context.topic = topic
        for term, quantity in zip(named, counted, strict=True):
            claim_at(context, term.subject, quantity, named[0].start, quantity.end, start)
    return True
