"""A claim while its passage is being read, and what is known of the clause and sentence around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gdcore.claims import grammar as g
from gdcore.claims.model import Claim, Polarity, Scope
from gdcore.claims.quantities import Quantity
from gdcore.claims.reading import MARKS, Clause, Reading, Wording
from gdcore.claims.subjects import Found, Topic
from gdcore.claims.terms import Hit, longest, ready
from gdcore.figure import Figure

# Confidence of a claim whose object had to be guessed: “均已办结” behind requests and petitions, “无结转”.
GUESSED = 0.5
RECEIVED, NEW, RESULT = "received_or_total", "t3.new_received.total", "t3.result_total.total"
CARRIED_IN, CARRIED_OUT = "t3.carried_in.total", "t3.carried_out.total"
REQUESTS = (RECEIVED, NEW, RESULT)
DISPUTES = (Topic.REVIEW, Topic.LITIGATION, Topic.DISPUTES)
# Topics that prose turns to by naming them; others only by counting them.
OWN_TOPICS = (Topic.REQUESTS, *DISPUTES, Topic.NORMATIVE, Topic.REGULATIONS)
# Objects of which nothing is told without a predicate.
NOTHING_ALONE = ("", "t2.normative_docs", "t2.regulations")


@dataclass(slots=True)
class Draft:
    """A claim at its place in the plain text. `lead` is its clause up to its end, `clause` that clause's number,
    `sentence` the words around it.
    """

    subject: str
    start: int
    end: int
    polarity: Polarity
    value: Decimal | None
    unit: str | None = None
    approx: bool = False
    scope: Scope = Scope.THIS_YEAR
    confidence: float = 1.0
    phrase: str = ""
    clause: int = 0
    sentence: str = ""
    lead: str = ""

    def claim(self, reading: Reading) -> Claim:
        """The claim with its printed characters as evidence."""
        span = reading.span(self.start, self.end)
        figure = Figure(self.value, span.text, span.anchors, min(span.confidence, self.confidence))
        known = (self.unit, self.polarity, self.approx, self.scope)
        return Claim(self.subject, figure, *known, span, self.phrase, self.sentence)


@dataclass(slots=True)
class Sentence:
    """What is known of a sentence so far.

    `told` are its words in plain form, `start` where they begin; `timed`: it may tell of another time than the year;
    `pending` is a number whose clause tells nothing of it; `excepted`: it opens with 除; `left_out`: what it excepts are
    results, not only what is carried out.
    """

    told: str
    start: int
    timed: bool = True
    drafts: list[Draft] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    pending: Quantity | None = None
    excepted: bool = False
    left_out: bool = False

    def tells(self, *subjects: str) -> bool:
        """Whether it has a claim on one of these subjects."""
        return any(d.subject in subjects for d in self.drafts)


class Context:
    """Where the reading of a passage stands.

    `home` is the topic of the part: REQUESTS where “收到12件” needs no noun, else None. `topic` is what the text is about
    here; `done` the end of what has been bound in the clause.
    """

    def __init__(self, wording: Wording, year: int | None, home: Topic | None, topic: Topic | None) -> None:
        self.wording, self.text, self.year = wording, wording.masked, year
        self.home, self.topic = home, topic
        self.clause, self.number, self.done = Clause(0, 0), 0, 0
        self.sentence = Sentence("", 0)
        self._hits: dict[Topic | None, list[Hit]] = {}
        self._found: dict[tuple[int, int, Topic | None], Sequence[Found]] = {}

    @property
    def opens(self) -> bool:
        """Whether the clause is the first of its passage."""
        return not self.text[: self.clause.start].strip(MARKS)

    def enter(self, clause: Clause) -> None:
        """Go on to the next clause."""
        self.clause, self.number, self.done = clause, self.number + 1, clause.start
        self._hits.clear()

    def objects(self, start: int, end: int) -> tuple[Found, ...]:
        """The objects named in a stretch of text."""
        return longest(self._find(None, start, end))

    def terms(self, start: int, end: int, topic: Topic | None) -> tuple[Found, ...]:
        """The objects, and what may be told of a topic."""
        objects = self._find(None, start, end)
        return longest([*objects, *self._find(topic, start, end)] if topic else objects)

    def told(self, start: int, end: int, topic: Topic | None) -> tuple[Found, ...]:
        """What is told of a topic in a stretch of text, whatever objects it names."""
        return longest(self._find(topic, start, end)) if topic else ()

    def _find(self, topic: Topic | None, start: int, end: int) -> Sequence[Found]:
        """The predicates of a topic in a stretch of the clause; without a topic, the objects."""
        hits = self._hits.get(topic)
        if hits is None:
            terms = ready(topic, self.year if topic else None)
            hits = self._hits[topic] = terms.hits(self.text, self.clause.start, self.clause.end)
        if not hits or start >= end:
            return ()
        found = self._found.get((start, end, topic))
        if found is None:
            terms = ready(topic, self.year if topic else None)
            found = self._found[start, end, topic] = terms.matches(hits, self.text, start, end)
        return found

    def leads(self, start: int, end: int) -> bool:
        """Whether the words before a number leave the telling to what follows it."""
        before = self.text[start:end].rstrip(g.IN_ALL)
        return not before or before.endswith(g.LEADING_TO_NUMBER)

    def run(self, last: Found, among: Sequence[Found]) -> list[Found]:
        """`last` and the terms before it that are joined with it by 、 or 和."""
        joined = [last]
        if len(among) < 2:
            return joined
        for term in reversed([t for t in among if t.end <= last.start]):
            if not g.JOINED.fullmatch(self.text, term.end, joined[0].start):
                break
            joined.insert(0, term)
        return joined

    def is_foreign(self, case: Found, *, counted: bool) -> bool:
        """Whether a review or suit is the business of a body that decides them, or not over openness at all."""
        clause = self.wording.plain[self.clause.start : self.clause.end]
        before = self.text[self.clause.start : case.start]
        handles = g.REVIEWING_BODY.search(before) or (counted and g.HANDLED.search(before))
        if handles and not g.ABOUT_OPENNESS.search(clause):
            return True
        return self.home is None and not g.ABOUT_OPENNESS.search(self.sentence.told)

    def draft(
        self,
        subject: str,
        start: int,
        end: int,
        polarity: Polarity,
        value: Decimal | None,
        unit: str | None = None,
        *,
        approx: bool = False,
        confidence: float = 1.0,
        phrase: str = "",
    ) -> Draft:
        """A claim of the clause being read; its scope is settled when it is put to its sentence."""
        lead, told = self.text[self.clause.start : end], self.sentence.told
        scope = Scope.THIS_YEAR
        return Draft(
            subject, start, end, polarity, value, unit, approx, scope, confidence, phrase, self.number, told, lead
        )
