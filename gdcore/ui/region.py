"""The region of the person who asks: which agencies there are for them, and findings without the names of others."""

from __future__ import annotations

from collections.abc import Iterable, KeysView, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

from gdcore.rules import CATALOGUE
from gdcore.store.rows import FindingRow, LedgerRow, ReportView
from gdcore.text import plain
from gdcore.ui import opened, person

# Rules that name other agencies, so that their words are shown with care.
_NAMING = frozenset(rule.code for rule in CATALOGUE.values() if "peers" in rule.needs)
_OTHERS = "范围外的单位"
_WORDS = ("message", "expected", "found", "suggestion")


@dataclass(frozen=True)
class Region:
    """The agencies that a person works on: `keys`, at or below the body `root`; both None where that is all of them."""

    root: str | None
    keys: KeysView[str] | None

    @property
    def is_whole(self) -> bool:
        """Whether the person works on all agencies."""
        return self.keys is None

    def sees(self, agency: str | None) -> bool:
        """Whether there is this agency for the person."""
        return self.keys is None or agency in self.keys

    def scope(self, asked: str | None = None) -> str | None:
        """What the store is asked for: the narrowing where it lies within the region, else the region."""
        return asked if self.keys is None or asked in self.keys else self.root

    def narrowed(self, wanted: Any) -> Any:
        """A filter of findings or lines, kept to the region."""
        return replace(wanted, scope=self.scope(wanted.scope))

    def within(self, keys: Sequence[str] | None) -> Sequence[str] | None:
        """Those of these agencies (None: of all) that lie in the region; None where everything does."""
        if self.keys is None:
            return keys
        return sorted(self.keys) if keys is None else [key for key in keys if key in self.keys]

    # --- words --------------------------------------------------------------------------------------------------------

    def finding(self, row: FindingRow) -> FindingRow:
        """A finding without the names of agencies outside of the region, where its rule names other agencies."""
        said = row.finding
        careful = self.keys is not None and said.rule in _NAMING
        return replace(row, finding=replace(said, **self._careful(said))) if careful else row

    def line(self, row: LedgerRow) -> LedgerRow:
        """The same for a line of the 整改台账."""
        return replace(row, **self._careful(row)) if self.keys is not None and row.rule in _NAMING else row

    def view(self, view: ReportView) -> ReportView:
        """The same for a report."""
        if self.keys is None:
            return view
        said = {code: self._without(view.reasons[code]) for code in _NAMING & view.reasons.keys()}
        findings = tuple(self.finding(row) for row in view.findings)
        return replace(view, findings=findings, reasons={**view.reasons, **said})

    def _careful(self, said: Any) -> dict[str, Any]:
        words = {field: getattr(said, field) for field in _WORDS}
        return {field: self._without(value) if value else value for field, value in words.items()}

    def _without(self, words: str) -> str:
        for name in self._foreign:
            words = words.replace(name, _OTHERS)
        return words

    @cached_property
    def _foreign(self) -> Iterable[str]:
        """The names of all agencies outside of the region, the longest first, since one can be part of another."""
        everyone = cast("Mapping[str, str]", opened.ask("agency_names", None))
        names = {word for key, name in everyone.items() if not self.sees(key) for word in (name, plain(name))}
        return sorted(names, key=len, reverse=True)


_WHOLE = Region(None, None)


def here() -> Region:
    """The region of the person who asks, as role and roster are now."""
    root = person.who().scope
    return _WHOLE if root is None else Region(root, opened.ask("agency_names", root).keys())
