"""The catalogue is whole: every rule has its words and its examples, every example file its rule."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from gdcore.catalogue import Rule
from gdcore.exports import handbook
from gdcore.rules import CATALOGUE
from gdcore.samples.examples import load

DATA = Path(__file__).parent.parent / "data"
LOADED = load(DATA / "examples")
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


def test_the_rule_pages_are_those_of_the_catalogue() -> None:
    """docs/rules/ is written by `make docs`."""
    folder = Path(__file__).parent.parent / "docs" / "rules"
    written = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    expected = handbook.pages()
    assert sorted(written) == sorted(expected)
    assert [name for name in expected if written[name] != expected[name]] == []


def test_every_rule_of_the_list_is_decided_or_says_why_not() -> None:
    """data/rules.txt is the whole list; data/undecided.toml the rules that no file can decide, each with its reason."""
    listed = (DATA / "rules.txt").read_text("utf-8").split()
    undecided = tomllib.loads((DATA / "undecided.toml").read_text("utf-8"))["rule"]
    assert all(entry["name"] and entry["reason"] for entry in undecided)
    codes = [entry["code"] for entry in undecided]
    assert sorted([*CATALOGUE, *codes]) == sorted(listed)
