"""What a rule is, how one is written (`@rule`), and the catalogue of all of them."""

from __future__ import annotations

import hashlib
import inspect
import pkgutil
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

from gdcore.basis import Basis
from gdcore.verdict import Severity, Verdict

# What a rule may ask for by naming a parameter so (see checking.Facts).
NEEDS = frozenset(
    [
        *("report", "t2", "t3", "t4", "sections", "claims", "exposure"),
        *("prior", "peers", "subordinates", "agency", "task", "profile"),
    ]
)

Verdicts = Iterable[Verdict]

# Confidence of each family where nothing was assumed in reading.
FAMILY_CONFIDENCE = {"SUM": 1.0, "AGG": 1.0, "TAB": 0.95, "TXT": 0.8, "QUA": 0.8}
DEFAULT_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue.

    `name` is the fault as letters and lists call it, `short` its chip in tables (at most five or six characters),
    `title` the claim that should hold and `explanation` the rest, both from the docstring; `needs` the parameters,
    `optional` those with a default, which the rule can do without.
    """

    code: str
    severity: Severity
    basis: Basis
    name: str
    short: str
    suggestion: str
    title: str
    explanation: str
    needs: tuple[str, ...]
    judge: Callable[..., Verdicts]
    confidence: float
    optional: frozenset[str] = frozenset()

    def advice(self, words: Mapping[str, str] | None = None) -> str:
        """The suggestion with its places filled; those that `words` does not fill stand as ×××, as in official templates."""
        return self.suggestion.format_map(_Known(words or {}))

    @property
    def family(self) -> str:
        """The letters before the number: STR, TAB, …, REG-SD."""
        return self.code.rsplit("-", 1)[0]


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "×××"


def rule(
    code: str,
    severity: Severity,
    *,
    basis: Basis,
    name: str,
    short: str,
    suggestion: str,
    confidence: float | None = None,
) -> Callable[[Callable[..., Verdicts]], Rule]:
    """Make a function a rule. Its parameters say what it needs, its docstring what it claims.

    Raises TypeError for a parameter that is none of NEEDS or a docstring that is missing: both are slips of an author.
    """

    def make(judge: Callable[..., Verdicts]) -> Rule:
        parameters = inspect.signature(judge).parameters
        needs = tuple(parameters)
        optional = frozenset(n for n, p in parameters.items() if p.default is not p.empty)
        if unknown := set(needs) - NEEDS:
            raise TypeError(f"{code} asks for {sorted(unknown)}, which no rule can have")
        title, _, explanation = inspect.cleandoc(judge.__doc__ or "").partition("\n")
        if not title:
            raise TypeError(f"{code} has no docstring")
        sure = confidence if confidence is not None else FAMILY_CONFIDENCE.get(code.split("-")[0], DEFAULT_CONFIDENCE)
        words = (name, short, suggestion, title.strip(), explanation.strip())
        return Rule(code, severity, basis, *words, needs, judge, sure, optional)

    return make


class Catalogue(Mapping[str, Rule]):
    """All rules by code, in the order of families and numbers."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[str, Rule] = {}
        for each in sorted(rules, key=lambda r: r.code):
            if each.code in self._rules:
                raise ValueError(f"two rules are called {each.code}")
            self._rules[each.code] = each

    @classmethod
    def of_package(cls, package: ModuleType) -> Catalogue:
        """Every rule defined in the modules of a package: nothing needs to be registered."""
        modules = (import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))
        return cls(value for module in modules for value in vars(module).values() if isinstance(value, Rule))

    def __getitem__(self, code: str) -> Rule:
        return self._rules[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def items(self) -> ItemsView[str, Rule]:
        """Code and rule of each: gone through for every report, and quicker so than rule by rule."""
        return self._rules.items()

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that change whenever a rule's code, words or source change."""
        digest = hashlib.sha256()
        for each in self._rules.values():
            digest.update(repr((each.code, each.severity, each.title, each.explanation, each.suggestion)).encode())
            digest.update(_source(each.judge).encode())
        return digest.hexdigest()[:12]


def _source(function: Callable[..., Any]) -> str:
    return inspect.getsource(function)
