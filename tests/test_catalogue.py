"""The catalogue is whole: every rule has its words and its examples, every example file its rule."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gdcore.catalogue import Rule
from gdcore.exports.catalogue import rendered
from gdcore.rules import CATALOGUE
from gdcore.samples.examples import load

LOADED = load(Path(__file__).parent.parent / "data" / "examples")
MAX_SHORT = 6  # characters of a chip


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=list(CATALOGUE))
def test_rule_has_its_words(rule: Rule) -> None:
    """Basis, names, title, suggestion: all there, the chip short enough."""
    assert rule.name
    assert rule.title
    assert rule.suggestion
    assert rule.needs
    assert str(rule.basis)
    assert 0 < len(rule.short) <= MAX_SHORT


@pytest.mark.parametrize("code", CATALOGUE)
def test_rule_has_examples(code: str) -> None:
    """At least one that passes and one that fails (or asks for review, where it can only do that)."""
    outcomes = {example.expect for example in LOADED.get(code, ())}
    assert "pass" in outcomes
    assert outcomes & {"fail", "review"}


def test_no_example_without_a_rule() -> None:
    """An example file is named after a rule."""
    assert set(LOADED) - set(CATALOGUE) == set()


def test_example_names_are_unique_within_a_rule() -> None:
    """They are shown as headings on one page."""
    doubled = [(code, n) for code, es in LOADED.items() for n, c in Counter(e.name for e in es).items() if c > 1]
    assert doubled == []


@pytest.mark.parametrize("field", ["name", "short", "title"])
def test_no_two_rules_share_a_name(field: str) -> None:
    """Letters and lists tell rules apart by their words."""
    assert [word for word, count in Counter(getattr(r, field) for r in CATALOGUE.values()).items() if count > 1] == []


def test_the_list_of_rules_is_that_of_the_catalogue() -> None:
    """docs/rules.md is written by `make docs`."""
    written = Path(__file__).parent.parent / "docs" / "rules.md"
    assert written.read_bytes() == rendered("md")
