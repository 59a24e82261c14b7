"""The region of the person who asks: which agencies there are for them, and findings without the names of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from gdcore import settings
from gdcore.rules import CATALOGUE
from gdcore.store import roster
from gdcore.store.rows import FindingRow, LedgerRow, ReportView
from gdcore.ui import opened, person

# Rules that name other agencies, so that their words are shown with care.
_NAMING = frozenset(rule.code for rule in CATALOGUE.values() if "peers" in rule.needs)
_SILENT = tuple(sorted(_NAMING))
_OTHERS = "范围外的单位"
_WORDS = ("message", "expected", "found", "suggestion")


@dataclass(frozen=True)
class Region:
    """The agencies that a person works on: those at or below the body `root`, None for all of them.

    Asked about one agency or some, never listed: below a province there are too many.
    """

    root: str | None
    _known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)  # what was asked already

    @property
    def is_whole(self) -> bool:
        """Whether the person works on all agencies."""
        return self.root is None

    def among(self, agencies: Iterable[str]) -> frozenset[str]:
        """Those of these agencies that there are for the person."""
        keys = frozenset(agencies)
        if self.root is None:
            return keys
        if new := keys - self._known.keys():
            found = roster.inside(opened.store(), self.root, new)
            self._known.update((key, key in found) for key in new)
        return frozenset(key for key in keys if self._known[key])

    def sees(self, agency: str | None) -> bool:
        """Whether there is this agency for the person."""
        return self.root is None or (agency is not None and bool(self.among([agency])))

    def scope(self, asked: str | None = None) -> str | None:
        """What the store is asked for: the narrowing where it lies within the region, else the region."""
        return asked if self.root is None or self.sees(asked) else self.root

    def narrowed(self, wanted: Any) -> Any:
        """A filter of findings, lines or agencies, kept to the region; words that are shown with care are not searched."""
        kept = replace(wanted, scope=self.scope(wanted.scope))
        return replace(kept, silent=_SILENT) if not self.is_whole and hasattr(kept, "silent") else kept

    def within(self, keys: Sequence[str] | None) -> Sequence[str] | None:
        """Those of these agencies (None: of all) that lie in the region; None where everything does."""
        if self.root is None:
            return keys
        if keys is None:
            return sorted(opened.ask("agency_names", self.root))
        mine = self.among(keys)
        return [key for key in keys if key in mine]

    # --- words --------------------------------------------------------------------------------------------------------

    def finding(self, row: FindingRow) -> FindingRow:
        """A finding without the names of agencies outside of the region, where its rule names other agencies."""
        said = row.finding
        careful = self.root is not None and said.rule in _NAMING
        return replace(row, finding=replace(said, **self._careful(said))) if careful else row

    def line(self, row: LedgerRow) -> LedgerRow:
        """The same for a line of the 整改台账."""
        return replace(row, **self._careful(row)) if self.root is not None and row.rule in _NAMING else row

    def view(self, view: ReportView) -> ReportView:
        """The same for a report."""
        if self.root is None:
            return view
        said = {code: self._without(view.reasons[code]) for code in _NAMING & view.reasons.keys()}
        findings = tuple(self.finding(row) for row in view.findings)
        return replace(view, findings=findings, reasons={**view.reasons, **said})

    def _careful(self, said: Any) -> dict[str, Any]:
        words = {field: getattr(said, field) for field in _WORDS}
        return {field: self._without(value) if value else value for field, value in words.items()}

    def _without(self, words: str) -> str:
        """The words with the foreign names in them replaced: of names that overlap the longest that begins first."""
        spans = list(_named(words))
        mine = self.among(key for _, _, key in spans)
        parts, done = [], 0
        for begin, end, key in spans:
            parts += [words[done:begin], words[begin:end] if key in mine else _OTHERS]
            done = end
        return "".join(parts) + words[done:]


def _named(words: str) -> Iterator[tuple[int, int, str]]:
    """Where names of agencies stand: begin, end and the agency's key."""
    known = _names(settings.load().database_url, opened.ask("names_stamp"))
    begin = 0
    while begin < len(words):
        ends = range(min(len(words), begin + known.longest.get(words[begin], 0)), begin, -1)
        end = next((end for end in ends if words[begin:end] in known.keys), None)
        if end is not None:
            yield begin, end, known.keys[words[begin:end]]
        begin = end or begin + 1


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of all agencies → their keys, and the length of the longest that begins with a character."""

    keys: Mapping[str, str]
    longest: Mapping[str, int]


@st.cache_resource(max_entries=opened.STORES, show_spinner=False)
def _names(database: str, stamp: tuple[int, int]) -> _Names:
    """Read once and again when one may have changed, not with each answer: there can be a country's."""
    keys = roster.every_name(opened.store())
    longest: dict[str, int] = {}
    for name in filter(None, keys):
        longest[name[0]] = max(longest.get(name[0], 0), len(name))
    return _Names(keys, longest)


def here() -> Region:
    """The region of the person who asks, as role and roster are now."""
    return Region(person.who().scope)
