"""Mutation testing of the rules: are the examples and unit tests strict enough to notice a careless edit?

    python tests/mutation/run.py [--tests FILE …] [MODULE …]     e.g. sums tables; without names: all of gdcore/rules

Each mutant (see `mutants`) takes the place of its function while the examples that run through that function are judged
again, as `test_examples` judges them, on reports read once from text files; those that survive meet the unit tests of
--tests as well. Prints the survivors and a table; asserts nothing, pytest does not collect it.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import multiprocessing
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "mutation")]

import pytest  # noqa: E402
import test_examples  # noqa: E402
from mutants import Mutant, mutants  # noqa: E402

from gdcore import checking, rules  # noqa: E402
from gdcore.catalogue import Catalogue, Rule  # noqa: E402
from gdcore.checking import Facts  # noqa: E402
from gdcore.rules import CATALOGUE  # noqa: E402
from gdcore.samples.examples import Example, load  # noqa: E402

RULES = Path(rules.__file__).parent
SECONDS = 20  # for one mutant; one that runs longer is noticed

Function = tuple[str, str]  # file and qualified name


@dataclass(frozen=True)
class Case:
    """An example with its facts, the rules needed to judge it, and the functions that it runs through."""

    example: Example
    facts: Facts
    catalogue: Catalogue
    functions: frozenset[Function]


@dataclass(frozen=True)
class Fate:
    """What became of a mutant."""

    module: str
    function: str
    line: int
    what: str
    killed: bool
    covered: bool


def holds(example: Example, facts: Facts, catalogue: Catalogue) -> bool:
    """Whether the example's test would pass."""
    checked = checking.check(facts, catalogue)
    found = [f for f in checked.findings if f.rule == example.code]
    if checked.outcomes[example.code] != example.expect or checked.reasons[example.code] == checking.CRASHED:
        return False
    if example.expect not in ("fail", "review"):
        return not found
    named = {test_examples.named(f.address, example) for f in found}
    severities = [f.severity for f in found]
    return named == set(example.addresses) and (example.severity is None or example.severity in severities)


def cases() -> list[Case]:
    """Every example, judged by its own rule alone where that is enough."""
    return [_case(example) for examples in load(test_examples.EXAMPLES).values() for example in examples]


def _case(example: Example) -> Case:
    facts = test_examples.facts(example, "txt" if "txt" in example.formats else example.formats[0])
    alone = Catalogue([CATALOGUE[example.code]])
    catalogue = alone if holds(example, facts, alone) else CATALOGUE
    if not holds(example, facts, catalogue):
        raise SystemExit(f"{example.code} “{example.name}” fails as it is: mend that first")
    seen: set[Function] = set()

    def note(frame: Any, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(RULES)):
            seen.add((frame.f_code.co_filename, frame.f_code.co_qualname.partition(".<")[0]))

    sys.setprofile(note)
    try:
        holds(example, facts, catalogue)
    finally:
        sys.setprofile(None)
    return Case(example, facts, catalogue, frozenset(seen))


def function_of(module: ModuleType, name: str) -> FunctionType | None:
    """The function object behind a name: of a rule its judge, of a property or cached function what it wraps."""
    found: Any = module
    for part in name.split("."):
        found = vars(found).get(part)
    if isinstance(found, Rule):
        found = found.judge
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, cached_property):
        found = found.func
    found = getattr(found, "__wrapped__", found)
    return found if isinstance(found, FunctionType) else None


@contextlib.contextmanager
def replaced(function: FunctionType, mutant: Mutant) -> Iterator[None]:
    """The function with the mutant's code in its place; no longer than SECONDS."""
    own = function.__code__
    function.__code__ = mutant.code
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        function.__code__ = own


def survives(run: Callable[[], bool]) -> bool:
    """Whether what `run` asks still holds; an exception or a time-out is noticed, too."""
    try:
        return run()
    except Exception:
        return False


def unit_tests_pass(files: list[str]) -> bool:
    """Whether these tests pass in this process, as it is patched now."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts="]
        return pytest.main([*options, *files]) == 0


def fates(job: tuple[str, list[str]]) -> list[Fate]:
    """All mutants of one module, by line."""
    name, files = job
    module = import_module(f"gdcore.rules.{name}")
    path = str(module.__file__)
    told = []
    for mutant in mutants(Path(path).read_text("utf-8"), path):
        function = function_of(module, mutant.function)
        if function is None:
            continue
        own = [c for c in KNOWN if (path, mutant.function) in c.functions]
        with replaced(function, mutant):
            alive = all(survives(lambda c=c: holds(c.example, c.facts, c.catalogue)) for c in own)  # type: ignore[misc]
        if alive and files:
            with replaced(function, mutant):
                alive = survives(lambda: unit_tests_pass(files))
        told.append(Fate(name, mutant.function, mutant.line, mutant.what, not alive, bool(own)))
    return sorted(told, key=lambda fate: fate.line)


KNOWN: list[Case] = []


def _too_long(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    """Print survivors and the share that was noticed, a line a module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tests", nargs="*", default=[])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("modules", nargs="*", default=[])
    asked = parser.parse_args()
    names = asked.modules or sorted(p.stem for p in RULES.glob("*.py") if p.stem != "__init__")
    KNOWN.extend(cases())
    logging.disable()  # a mutant that crashes is noticed, and need not be told at length
    signal.signal(signal.SIGALRM, _too_long)
    all_killed, all_made = 0, 0
    with multiprocessing.get_context("fork").Pool(asked.workers) as pool:
        lines = []
        for told in pool.imap(fates, [(name, asked.tests) for name in names], chunksize=1):
            for fate in told:
                if not fate.killed:
                    print(
                        f"{fate.module}.py:{fate.line} {fate.function}: {fate.what}"
                        + ("" if fate.covered else " (no example)")
                    )
            killed = Counter(fate.killed for fate in told)[True]
            all_killed, all_made = all_killed + killed, all_made + len(told)
            if told:
                lines.append(f"| {told[0].module} | {len(told)} | {killed} | {killed / len(told):.1%} |")
    print("\n| module | mutants | killed | share |\n|---|---|---|---|", *lines, sep="\n")
    print(f"| all | {all_made} | {all_killed} | {all_killed / max(all_made, 1):.1%} |")


if __name__ == "__main__":
    main()
