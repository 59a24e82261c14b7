"""The rule pages of docs/rules/: one a rule and an index, from the same catalogue and examples as the app shows.

python -m gdcore.exports.handbook docs/rules
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from gdcore.catalogue import Rule
from gdcore.rules import CATALOGUE
from gdcore.samples.examples import Example, load
from gdcore.samples.telling import told
from gdcore.settings import SHIPPED_DATA
from gdcore.verdict import OUTCOME_NAMES, SEVERITY_NAMES, Outcome

INDEX = "README.md"
_ORDER = ("pass", "fail", "review", "not_applicable", "not_evaluated")


def undecided() -> list[Mapping[str, str]]:
    """The rules of the field that no file can decide, each with `code`, `name` and `reason`."""
    table: Mapping[str, list[Mapping[str, str]]] = tomllib.loads((SHIPPED_DATA / "undecided.toml").read_text("utf-8"))
    return table["rule"]


def pages() -> dict[str, str]:
    """File name → Markdown, of every rule of the catalogue and the index."""
    examples = load(SHIPPED_DATA / "examples")
    written = {f"{code}.md": page(rule, examples.get(code, ())) for code, rule in CATALOGUE.items()}
    return {INDEX: "\n".join(_index(CATALOGUE.values())) + "\n", **written}


def write(folder: Path) -> None:
    """Write the pages, and take away those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for old in folder.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8", newline="\n")


def page(rule: Rule, examples: Iterable[Example]) -> str:
    """One rule: what, why, on what basis, how it answers examples, what to tell the agency."""
    return "\n".join(_page(rule, list(examples))) + "\n"


def _page(rule: Rule, examples: list[Example]) -> Iterator[str]:
    yield f"# {rule.code} {rule.name}"
    yield f"\n**{rule.title}**"
    if rule.explanation:
        yield f"\n{rule.explanation}"
    yield "\n| | |\n|---|---|"
    yield f"| 级别 | {SEVERITY_NAMES[rule.severity]} |"
    yield f"| 依据 | {rule.basis}{'' if rule.basis.binding else '（非强制）'} |"
    yield f"| 把握 | {rule.confidence:.0%}（读取没有存疑时） |"
    yield f"| 整改建议 | {rule.advice()} |"
    for expect in _ORDER:
        shown = [example for example in examples if example.expect == expect]
        if shown:
            yield f"\n## {OUTCOME_NAMES[Outcome(expect)]}"
        for example in shown:
            yield f"\n**{example.name}**\n"
            yield from (f"- {_escaped(line)}" for line in told(example))


def _index(rules: Iterable[Rule]) -> Iterator[str]:
    yield "# 规则目录"
    yield "\n由 `make docs` 生成，与应用中的“规则目录”同源。"
    for family, members in groupby(rules, key=lambda rule: rule.family):
        yield f"\n## {family}\n\n| 编号 | 名称 | 应当 | 级别 | 依据 |\n|---|---|---|---|---|"
        for rule in members:
            link = f"[{rule.code}]({rule.code}.md)"
            cells = (link, rule.name, rule.title, SEVERITY_NAMES[rule.severity], str(rule.basis))
            yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
    yield "\n## 不能由文件判断的规则\n\n| 编号 | 名称 | 原因 |\n|---|---|---|"
    for entry in undecided():
        yield f"| {entry['code']} | {entry['name']} | {entry['reason']} |"


_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|~"})


def _escaped(line: str) -> str:
    """The line with nothing that Markdown would take for a mark."""
    return line.translate(_MARKS).replace("\n", " ")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
