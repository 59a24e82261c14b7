"""A finding: a verdict of fail or review, ready for people, with a fingerprint that outlives files and versions."""

from __future__ import annotations

import hashlib

from gdcore import text
from gdcore.place import Anchor
from gdcore.record import record
from gdcore.verdict import Outcome, Severity

FINGERPRINT_DIGITS = 16


def fingerprint(agency_key: str, year: int | None, rule: str, address: str) -> str:
    """Sixteen hex digits of agency, year, rule and semantic address.

    Page, line and file do not enter, so a person's decision holds through every re-check and every new version.
    """
    identity = "\x1f".join((agency_key, str(year or ""), rule, address))
    return hashlib.sha256(identity.encode()).hexdigest()[:FINGERPRINT_DIGITS]


def prose_address(part: str, found: str, subject: str = "") -> str:
    """The address of something said in prose: part # claim subject, else part # six hex digits of what is said."""
    return f"{part}#{subject or hashlib.sha256(text.plain(found).encode()).hexdigest()[:6]}"


def is_cell(address: str) -> bool:
    """Whether an address is that of a table's cell: `t3.carried_in.total`."""
    return address.startswith(("t2.", "t2_2019.", "t3.", "t4.")) and address.count(".") == 2


@record(frozen=True, slots=True)
class Finding:
    """One fault, told once. `anchors` are all places of equal rule and address; `confidence` (0…1) reading × rule."""

    rule: str
    severity: Severity
    outcome: Outcome
    message: str
    address: str
    expected: str | None
    found: str | None
    suggestion: str
    confidence: float
    fingerprint: str
    anchors: tuple[Anchor, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """The addresses of the table cells among the evidence, each once, in order."""
        return tuple(dict.fromkeys(a.address for a in self.anchors if is_cell(a.address)))
