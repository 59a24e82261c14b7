"""What lists and figures ask for, counted beforehand: kept in the transaction that changes what is counted.

Triggers of the database (migration 0007) put down whose year was touched, whoever touched it; the end of the transaction
(`Store.writing`) calls `refresh`, which counts these agencies' years anew and carries the difference to every body above
them. An agency's year gives, by kind and code:

- `report`: filed, scored, total (hundredths of a point), vetoes, errors, gaps, reviews (findings), reviewed (agencies);
- `band`: the band's name; `due`: its own day of submission by the roster; `filing`: the state of the filing;
- `word`: column|word of the matrix; `rule`: a rule of which something was not dismissed;
- `fault`: rule|severity rank, where it stands as a fault;
- `finding`: rule|level|state|standing|outcome|veto|bucket of the version that counts;
- `line`: state|rule of the 整改台账; `open`: state|day until which an open line is due; `late`: the earliest such day.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, text

from gdcore.lifecycle import LEDGER, OPEN
from gdcore.serial import read_summary
from gdcore.store.engine import Store, chunks
from gdcore.store.tables import AGENCY, COUNT, FILING, FINDING, FINDING_STATE, REPORT, STALE, STANDING
from gdcore.summary import ABSENT, BLANK, DOUBT, NOT_NUMBER, OLD, PARTIAL, UNREAD, WHOLE

EVERYBODY = ""
SEVERITIES = ("info", "warning", "error")
WORST = (ABSENT, OLD, BLANK, NOT_NUMBER, PARTIAL, UNREAD, DOUBT, WHOLE)
_DEPTH = 8  # levels of superiors that are followed: a state has fewer
_AT_ONCE = 400  # agencies' years that are counted together

Key = tuple[str, int]
Code = tuple[str, str]  # kind and code


# --- keeping ----------------------------------------------------------------------------------------------------------


def refresh(connection: Connection) -> None:
    """Count again what the transaction touched."""
    keys = [(row.agency_key, row.year) for row in connection.execute(select(STALE.c.agency_key, STALE.c.year))]
    if not keys:
        return
    moved = [agency for agency, year in keys if not year]
    wanted = {key for key in keys if key[1]} | set(_below(connection, moved))
    _count(connection, sorted(wanted))
    connection.execute(delete(STALE))


def recount(store: Store) -> bool:
    """Count everything anew; whether anything had been counted wrongly."""
    with store.writing() as connection:
        before = told(connection)
        connection.execute(delete(COUNT))
        connection.execute(delete(STANDING))
        _count(connection, sorted(_all(connection)))
        return told(connection) != before


def told(connection: Connection) -> tuple[dict[Any, int], set[Any]]:
    """All counts that are not 0, and all lines of agencies' years: for comparison with a recount."""
    counts = {tuple(row[:4]): row.number for row in connection.execute(select(COUNT).where(COUNT.c.number != 0))}
    return counts, {tuple(row) for row in connection.execute(select(STANDING))}


def _all(connection: Connection) -> set[Key]:
    found: set[Key] = set()
    for table in (REPORT, FILING, FINDING_STATE):
        rows = connection.execute(select(table.c.agency_key, table.c.year).distinct())
        found |= {(key, year) for key, year in rows if key is not None and year is not None}
    return found


def _below(connection: Connection, moved: Iterable[str]) -> Iterator[Key]:
    """The years that are counted of agencies whose place changed, and of all below them."""
    under = list(moved)
    seen: set[str] = set()
    while under:
        seen |= set(under)
        for part in chunks(under):
            rows = connection.execute(
                select(STANDING.c.agency_key, STANDING.c.year).where(STANDING.c.agency_key.in_(part))
            )
            yield from ((key, year) for key, year in rows)
        nearest = [
            key
            for part in chunks(under)
            for key in connection.execute(select(AGENCY.c.key).where(AGENCY.c.superior_key.in_(part))).scalars()
        ]
        under = [key for key in nearest if key not in seen]


def _count(connection: Connection, keys: Sequence[Key]) -> None:
    differences: Counter[tuple[int, str, str, str]] = Counter()
    places = _Places(connection)
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        by_year: dict[int, list[str]] = defaultdict(list)
        for agency, year in part:
            by_year[year].append(agency)
        for year, agencies in by_year.items():
            differences.update(_count_year(connection, year, agencies, places))
    _add(connection, {key: number for key, number in differences.items() if number})


def _count_year(
    connection: Connection, year: int, agencies: Sequence[str], places: _Places
) -> Counter[tuple[int, str, str, str]]:
    mine = (STANDING.c.year == year, STANDING.c.agency_key.in_(agencies))
    before = {row.agency_key: row for row in connection.execute(select(STANDING).where(*mine))}
    made = {each.agency_key: each for each in _standings(connection, year, agencies, places)}
    found: Counter[tuple[int, str, str, str]] = Counter()
    for rows, sign in ((before.values(), -1), (made.values(), 1)):
        for row in rows:
            for code, number in json.loads(row.counts).items():
                kind, _, rest = code.partition("|")
                for scope in row.scopes.split("\n"):
                    found[year, scope, kind, rest] += sign * number
    old, new = ({key: _values(row) for key, row in rows.items()} for rows in (before, made))
    changed = [key for key in agencies if old.get(key) != new.get(key)]
    if gone := [key for key in changed if key in old]:
        connection.execute(delete(STANDING).where(STANDING.c.year == year, STANDING.c.agency_key.in_(gone)))
    if come := [new[key] for key in changed if key in new]:
        connection.execute(insert(STANDING), come)
    return found


def _values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in STANDING.columns}


_ADD = text(
    "INSERT INTO year_count (year, scope, kind, code, number) VALUES (:year, :scope, :kind, :code, :number) "
    "ON CONFLICT (year, scope, kind, code) DO UPDATE SET number = year_count.number + excluded.number"
)


def _add(connection: Connection, differences: Mapping[tuple[int, str, str, str], int]) -> None:
    names = ("year", "scope", "kind", "code")
    rows = [dict(zip(names, key, strict=True)) | {"number": number} for key, number in sorted(differences.items())]
    if rows:
        connection.execute(_ADD, rows)


class _Places:
    """Where agencies stand: each with the bodies above it, looked up once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.rows: dict[str, Any] = {}

    def learn(self, keys: Iterable[str]) -> None:
        """Look up these and all above them."""
        wanted = [key for key in set(keys) if key not in self.rows]
        while wanted:
            above = set()
            for part in chunks(wanted):
                columns = (AGENCY.c.key, AGENCY.c.superior_key, AGENCY.c.submit_by)
                for row in self.connection.execute(select(*columns).where(AGENCY.c.key.in_(part))):
                    self.rows[row.key] = row
                    above.add(row.superior_key)
            wanted = [key for key in above if key and key not in self.rows]

    def scopes(self, key: str) -> list[str]:
        """Everybody, and the bodies above the agency, in whose counts its own are; a circle is followed once."""
        line = [key]
        while len(line) <= _DEPTH and line[-1] in self.rows:
            above = self.rows[line[-1]].superior_key
            if not above or above not in self.rows or above in line:
                break
            line.append(above)
        return [EVERYBODY, *line[1:]]


@dataclass(slots=True)
class _Standing:
    """A row of STANDING in the making."""

    agency_key: str
    year: int
    report_id: int | None = None
    rank: str | None = None
    badness: str | None = None
    gaps: bool = False
    band: str | None = None
    scopes: str = ""
    counts: str = "{}"


_REPORT = ("id", "agency_key", "total", "band", "veto", "errors", "warnings", "reviews", "summary")
_FINDING = ("rule", "level", "state", "standing", "outcome", "veto", "bucket")


def _standings(connection: Connection, year: int, agencies: Sequence[str], places: _Places) -> Iterator[_Standing]:
    """The years of these agencies as they stand; those of which there is nothing to count are left out."""
    places.learn(agencies)

    def rows(table: Any, *columns: Any, where: Sequence[ColumnElement[bool]] = ()) -> Any:
        mine = (table.c.year == year, table.c.agency_key.in_(agencies), *where)
        return connection.execute(select(*columns).where(*mine))

    given: dict[str, Counter[str]] = defaultdict(Counter)
    made = {key: _Standing(key, year) for key in agencies}
    for row in rows(REPORT, *(REPORT.c[name] for name in _REPORT), where=[REPORT.c.current]):
        _take_report(made[row.agency_key], given[row.agency_key], row)
        due = places.rows[row.agency_key].submit_by
        given[row.agency_key][f"due|{due.isoformat() if due else ''}"] = 1
    columns = (FINDING.c.agency_key, FINDING.c.severity_rank, *(FINDING.c[name] for name in _FINDING))
    for row in rows(FINDING, *columns, where=[FINDING.c.current]):
        _take_finding(given[row.agency_key], row)
    for row in rows(FILING, FILING.c.agency_key, FILING.c.state):
        given[row.agency_key][f"filing|{row.state}"] = 1
    line = FINDING_STATE.c
    for row in rows(FINDING_STATE, line.agency_key, line.state, line.rule, line.due, where=[line.state.in_(LEDGER)]):
        _take_line(given[row.agency_key], row)
    for key, counts in given.items():
        _settle(counts)
        made[key].scopes = "\n".join(places.scopes(key))
        made[key].counts = json.dumps(dict(sorted(counts.items())), ensure_ascii=False)
        yield made[key]


def _take_report(made: _Standing, counts: Counter[str], row: Any) -> None:
    words = read_summary(row.summary).words
    made.report_id, made.band = row.id, row.band
    made.gaps = any(word != WHOLE for word, _ in words)
    made.rank = rank(row.total, row.errors, row.warnings)
    made.badness = badness([word for word, _ in words], row.total)
    numbers = {"filed": 1, "vetoes": bool(row.veto), "errors": row.errors, "gaps": made.gaps, "reviews": row.reviews}
    numbers |= {"reviewed": bool(row.reviews)}
    if row.total is not None:
        numbers |= {"scored": 1, "total": round(row.total * 100)}
    counts.update({f"report|{name}": int(number) for name, number in numbers.items() if number})
    if row.band is not None:
        counts[f"band|{row.band}"] = 1
    for column, (word, _) in enumerate(words):
        counts[f"word|{column}|{word}"] = 1


def _take_finding(counts: Counter[str], row: Any) -> None:
    counts["finding|" + "|".join(code(getattr(row, name)) for name in _FINDING)] += 1
    if row.standing:
        counts[f"rule|{row.rule}"] = 1
    if row.standing in SEVERITIES:
        counts[f"rank|{row.rule}"] = max(counts[f"rank|{row.rule}"], row.severity_rank + 1)


def _take_line(counts: Counter[str], row: Any) -> None:
    counts[f"line|{row.state}|{row.rule}"] += 1
    if row.state in OPEN and row.due is not None:
        counts[f"open|{row.state}|{row.due.isoformat()}"] += 1


def _settle(counts: Counter[str]) -> None:
    """What is one of an agency: its gravest of a rule, its earliest open deadline."""
    for code in [code for code in counts if code.startswith("rank|")]:
        counts[f"fault|{code.removeprefix('rank|')}|{counts.pop(code) - 1}"] = 1
    if days := [code.rpartition("|")[2] for code in counts if code.startswith("open|")]:
        counts[f"late|{min(days)}"] = 1


def code(value: Any) -> str:
    """A value as it stands in a code."""
    return str(int(value)) if isinstance(value, bool) else str(value or "")


def rank(total: float | None, errors: int, warnings: int) -> str:
    """What orders agencies, the worst first: by total, those without one last; then by errors and warnings."""
    return f"{_by_total(total)}|{99_999 - errors:05}|{99_999 - warnings:05}"


def badness(words: Sequence[str], total: float | None) -> str:
    """What orders the matrix, the worst first: by how often the worst words stand in a row."""
    return "".join(str(9 - words.count(word)) for word in WORST) + _by_total(total)


def _by_total(total: float | None) -> str:
    return "~" if total is None else f"{round(total * 100):07}"


# --- asking -----------------------------------------------------------------------------------------------------------


def numbers(connection: Connection, year: int, scope: str | None, *kinds: str) -> dict[Code, int]:
    """(kind, code) → number, of a year under a body (None: of everybody)."""
    mine = (COUNT.c.year == year, COUNT.c.scope == (scope or EVERYBODY), COUNT.c.kind.in_(kinds), COUNT.c.number != 0)
    rows = connection.execute(select(COUNT.c.kind, COUNT.c.code, COUNT.c.number).where(*mine))
    found = Counter({(row.kind, row.code): int(row.number) for row in rows})
    if scope is not None:
        found.update(_own(connection, year, scope, kinds))
    return dict(found)


def _own(connection: Connection, year: int, key: str, kinds: Sequence[str]) -> dict[Code, int]:
    """What the body itself gives: the counts under it are of those below."""
    own = (STANDING.c.year == year, STANDING.c.agency_key == key)
    counts = json.loads(connection.execute(select(STANDING.c.counts).where(*own)).scalar() or "{}")
    codes = {tuple(code.split("|", 1)): number for code, number in counts.items()}
    return {(kind, code): number for (kind, code), number in codes.items() if kind in kinds}


def of_kind(connection: Connection, year: int, scope: str | None, kind: str) -> dict[str, int]:
    """Code → number, of one kind."""
    return {code: number for (_, code), number in numbers(connection, year, scope, kind).items()}
