"""What of a file was read: right, not read, silently wrong; who and when; which sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gdcore import text
from gdcore.figure import Figure
from gdcore.readers import read
from gdcore.recognise import recognise

from .reports import Case, Printed

DOUBT = 0.6  # confidence up to which whatever rests on a cell is told as 待核


@dataclass(slots=True)
class Tally:
    """Counts over files. `wrong` and `unread` name the first cells of each file, for the message."""

    files: int = 0
    cells: int = 0
    right: int = 0
    unread: int = 0
    marked: int = 0
    wrong: int = 0
    identities: int = 0
    sections: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, case: Case) -> None:
        """Read a case's file and count what was found in it."""
        self.files += 1
        self.cells += len(case.gold)
        report = recognise(read(case.data))
        found = report.cells()
        self.identities += (report.identity.agency, report.identity.year) == (case.agency, case.year)
        seen = {s.key for s in report.sections if s.found}
        self.sections += case.sections <= seen
        faults: Counter[str] = Counter()
        examples = []
        for address in (*case.gold, *(a for a in found if a not in case.gold)):
            kind = verdict(case.gold.get(address), found.get(address))
            faults[kind] += 1
            if kind != "right" and len(examples) < 3:
                examples.append(f"{kind} {address}: {case.gold.get(address)} {_shown(found.get(address))}")
        self.right += faults["right"]
        self.unread += faults["unread"]
        self.marked += faults["marked"]
        self.wrong += faults["wrong"]
        if (report.identity.agency, report.identity.year) != (case.agency, case.year):
            examples.append(f"{report.identity.agency} {report.identity.year}, not {case.agency} {case.year}")
        if not case.sections <= seen:
            examples.append("sections lost: " + "、".join(sorted(case.sections - seen)))
        if examples:
            self.told.append(f"{case.name}: {dict(faults)}; " + "; ".join(examples))

    @property
    def share(self) -> float:
        """Right cells of all."""
        return self.right / self.cells

    def row(self, name: str) -> str:
        """A line of the table that is printed."""
        return (
            f"{name:<10} {self.files:>4} files {self.cells:>7} cells  right {100 * self.share:8.4f}%  not read {self.unread:>4}"
            f"  marked {self.marked:>3}  silently wrong {self.wrong:>3}  identity {self.identities}/{self.files}  sections {self.sections}/{self.files}"
        )


def tallied(cases: Iterable[Case]) -> Tally:
    """All cases read."""
    tally = Tally()
    for case in cases:
        tally.add(case)
    return tally


def verdict(wanted: Printed | None, found: Figure | None) -> str:
    """right; unread (no value where gold has one, other text where it has none); wrong, or marked if it says so itself."""
    if found is None:
        return "unread"
    if wanted is None:
        return "unread" if found.value is None else "wrong"
    raw, value = wanted
    if found.value == value and plain(found.raw) == plain(raw):
        return "right"
    if found.value is None or found.value == value:
        return "unread"
    return "marked" if found.confidence <= DOUBT else "wrong"


def plain(raw: str) -> str:
    """A cell's text as it is compared: white space is the layout's, radicals the font's."""
    return re.sub(r"\s", "", text.mend(raw))


def _shown(figure: Figure | None) -> str:
    return "absent" if figure is None else f"{figure.raw!r} = {figure.value}"
