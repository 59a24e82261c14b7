"""What a claim is: one thing that prose asserts about a quantity, with the characters that assert it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from gdcore.figure import Figure, Passage
from gdcore.record import at_hand, record


@at_hand
class Polarity(StrEnum):
    """A number, a denial (未收到, 0件, 零), or all of something that is told elsewhere (均已答复)."""

    COUNT = "count"
    NONE = "none"
    ALL = "all"


@at_hand
class Scope(StrEnum):
    """Of what the quantity is told: the year's whole, last year's, a part of the same quantity, another body's."""

    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    PARTIAL = "partial"
    OTHER = "other"


@record(frozen=True, slots=True)
class Claim:
    """What prose says of one quantity.

    `subject` is the address of the cell that it answers to, else a key of `subjects` (`received_or_total`,
    `group.denied`, `litigation.total`, `training` …). `value` is not known where `polarity` is ALL; its anchors are
    those of `span`, its `confidence` below 1 where the object was guessed. `unit` is as printed; `phrase` what is
    counted, in the words of the text; `sentence` the plain sentence around it.
    """

    subject: str
    value: Figure
    unit: str | None
    polarity: Polarity
    approx: bool
    scope: Scope
    span: Passage
    phrase: str = ""
    sentence: str = ""

    @property
    def part(self) -> str:
        """The address of the part it stands in, e.g. `s1.a2`."""
        return self.span.address

    @property
    def quote(self) -> str:
        """What is printed, on one line."""
        return "".join(self.span.text.split())

    @property
    def tolerance(self) -> Decimal:
        """How far a right value may lie from an approximate one: one unit of its last certain digit, at least a fifth."""
        value = self.value.value
        if not self.approx or value is None:
            return Decimal(0)
        magnitude = Decimal(1)
        while value and value % (magnitude * 10) == 0:
            magnitude *= 10
        return max(magnitude, value / 5)
