"""`gdcheck published`: what agencies published against what passed, one line a look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gdcore import looking
from gdcore.looking import Look
from gdcore.publication import OUTCOME_NAMES, Outcome
from gdcore.store import Store, queries
from gdcore.store.publication_rows import PublishedRow

_FAULTS = (Outcome.ABSENT, Outcome.PERSONAL, Outcome.DIFFERS, Outcome.LATE)
_UNKNOWN = (Outcome.UNREAD, Outcome.UNREACHED)

Say = Callable[[str], None]


def run(store: Store, year: int, agency: str, actor: str, say: Say, show: Say) -> list[Outcome]:
    """Look at the agencies whose name holds `agency`; results by `show`, the rest by `say`. Raises NoNetwork."""
    rows = [row for row in queries.publications(store, year) if agency in row.agency]
    terms = looking.begin(store, year, actor)
    targets, others = looking.sites(looking.targets_of(rows), terms.access)
    for words in _left_out(rows, others):
        say(words)
    found = []
    for look in looking.look_all(store, targets, terms):
        show(_line(look))
        found.append(look.outcome)
    say(f"共 {len(rows)} 家报告已通过，核对 {len(found)} 个网址。")
    return found + [Outcome.UNREACHED] * sum(others.values())


def status(outcomes: Sequence[Outcome]) -> tuple[bool, bool]:
    """Whether something is wrong with what is published, and whether something could not be looked at."""
    return any(o in _FAULTS for o in outcomes), any(o in _UNKNOWN for o in outcomes)


def _left_out(rows: Sequence[PublishedRow], others: dict[str, int]) -> Iterator[str]:
    if without := [row.agency for row in rows if not row.url]:
        yield f"没有公开网址，未核对：{'、'.join(without)}。"
    for site, count in others.items():
        yield f"网站 {site} 不在允许访问的名单中，其 {count} 个网址未核对；可写入数据文件夹的 fetching.toml。"


def _line(look: Look) -> str:
    return f"{look.target.agency}\t{OUTCOME_NAMES[look.outcome]}\t{look.sentence}\t{look.target.url}"
