"""The agencies of the store: found by any of their names, entered by a roster or when a report names one that is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, not_, or_, select, true, update

from gdcore.agency import Agency
from gdcore.form import AgencyType
from gdcore.lifecycle import PROGRAM
from gdcore.roster import Entry
from gdcore.store import audit, searching
from gdcore.store.engine import Store, chunks, mapping
from gdcore.store.rows import RosterRow, ScopeRow
from gdcore.store.tables import AGENCY, AGENCY_NAME, AUDIT_HEAD, FILING, PUBLICATION, REPORT
from gdcore.text import plain

_DEPTH = 8  # levels of superiors that are followed: a state has fewer
_GOVERNMENTS = (AgencyType.GOVERNMENT.value, AgencyType.TOWNSHIP.value)


# --- asking ---------------------------------------------------------------------------------------------------------


def find_agency(store: Store, name: str) -> Agency | None:
    """The agency that goes by `name` (its own, a short or a former one)."""
    with store.reading() as connection:
        return find_agencies(connection, [name]).get(name)


def find_agencies(connection: Connection, names: Collection[str]) -> dict[str, Agency]:
    """Name → the agency that goes by it, of those of these names that are known."""
    keys = _keys_of(connection, names)
    known = agencies_by_key(connection, set(keys.values()))
    return {name: known[key] for name, key in keys.items() if key in known}


def agency_by_key(store: Store, key: str) -> Agency | None:
    """The agency with this key, and how it stands to the others of the roster."""
    with store.reading() as connection:
        return agencies_by_key(connection, [key]).get(key)


def roster_in_use(store: Store) -> bool:
    """Whether the office has given a roster: then agencies that are not on it wait for a person."""
    with store.reading() as connection:
        return connection.execute(select(AGENCY.c.key).where(AGENCY.c.source == "roster").limit(1)).first() is not None


def agency_names(store: Store, scope: str | None = None) -> Mapping[str, str]:
    """Agency key → name, in the order of the names."""
    question = select(AGENCY.c.key, AGENCY.c.name).where(within(scope, AGENCY.c.key)).order_by(AGENCY.c.name)
    with store.reading() as connection:
        rows = connection.execute(question)
        return {row.key: row.name for row in rows}


def every_name(store: Store) -> Mapping[str, str]:
    """Each name that an agency bears or bore, as it is written and in plain form, → its key; no short names."""
    plain_names = select(AGENCY_NAME.c.name, AGENCY_NAME.c.agency_key).where(AGENCY_NAME.c.kind != "short")
    with store.reading() as connection:
        named = mapping(connection.execute(plain_names))
        return named | mapping(connection.execute(select(AGENCY.c.name, AGENCY.c.key)))


def names_stamp(store: Store) -> tuple[int, int]:
    """What changes when `every_name` does: how many names there are, and how many lines the log has."""
    with store.reading() as connection:
        count = connection.execute(select(func.count()).select_from(AGENCY_NAME)).scalar_one()
        return int(count), int(connection.execute(select(AUDIT_HEAD.c.number)).scalar() or 0)


def listing(store: Store, words: str = "", limit: int | None = None, scope: str | None = None) -> list[RosterRow]:
    """All agencies (at or below a body), those of the roster first, by name; of those with `words` the first `limit`."""
    above = AGENCY.alias()
    question = (
        select(AGENCY, above.c.name.label("superior"))
        .outerjoin(above, above.c.key == AGENCY.c.superior_key)
        .where(searching.named(words) if words else true(), within(scope, AGENCY.c.key))
        .order_by(*([] if limit else [AGENCY.c.source != "roster"]), AGENCY.c.name)
        .limit(limit)
    )
    names = [field.name for field in fields(RosterRow)]
    with store.reading() as connection:
        return [RosterRow(**{name: getattr(row, name) for name in names}) for row in connection.execute(question)]


def listed_count(store: Store, scope: str | None = None) -> int:
    """How many agencies are on the roster, at or below a body."""
    question = select(func.count()).where(AGENCY.c.source == "roster", within(scope, AGENCY.c.key))
    with store.reading() as connection:
        return int(connection.execute(question).scalar_one())


def existing(year: int) -> ColumnElement[bool]:
    """The agencies that there were at the end of a year: those that owe a report on it."""
    last = date(year, 12, 31)
    founded = or_(AGENCY.c.founded.is_(None), AGENCY.c.founded <= last)
    return and_(founded, or_(AGENCY.c.abolished.is_(None), AGENCY.c.abolished > last))


def gone(year: int) -> ColumnElement[bool]:
    """The agencies that there were not at the end of a year: the others of `existing`."""
    last = date(year, 12, 31)
    return or_(AGENCY.c.founded > last, AGENCY.c.abolished <= last)


def counted() -> ColumnElement[bool]:
    """The agencies that the body above them adds up: those of which the roster says so, else all but vertical ones."""
    silent = AGENCY.c.in_total.is_(None)
    vertical = and_(AGENCY.c.agency_type.is_not(None), AGENCY.c.agency_type == AgencyType.VERTICAL.value)
    return or_(AGENCY.c.in_total.is_(True), and_(silent, not_(vertical)))


def added_up(connection: Connection, key: str, year: int) -> Mapping[str, str]:
    """Key → name of the agencies whose reports the government `key` adds up: those right under it that it counts.

    Bodies under vertical management count only where the roster says so (计入汇总).
    """
    question = select(AGENCY.c.key, AGENCY.c.name).where(AGENCY.c.superior_key == key, counted(), existing(year))
    return mapping(connection.execute(question.order_by(AGENCY.c.name)))


def superiors(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """Key → the key of the body right above it, of those of these agencies that have one."""
    found: dict[str, str] = {}
    for part in chunks(sorted(keys)):
        mine = (AGENCY.c.key.in_(part), AGENCY.c.superior_key.is_not(None))
        found |= mapping(connection.execute(select(AGENCY.c.key, AGENCY.c.superior_key).where(*mine)))
    return found


# --- scopes -----------------------------------------------------------------------------------------------------------


def within(scope: str | None, key: ColumnElement[str]) -> ColumnElement[bool]:
    """That an agency's key is that of the body `scope` or of one below it; true without a scope."""
    return true() if scope is None else key.in_(_at_or_below(scope))


def covered(store: Store, scope: str | None, keys: Collection[str]) -> bool:
    """Whether all these agencies are that of `scope` or stand below it; true without a scope, false of unknown keys."""
    return scope is None or inside(store, scope, keys) == set(keys)


def inside(store: Store, scope: str, keys: Collection[str]) -> frozenset[str]:
    """Those of these agencies that are the body `scope` or stand below it.

    Followed from each of them upwards, so that it costs the same below a county and below a country.
    """
    with store.reading() as connection:
        parts = (connection.execute(_reaching(scope, part)).scalars() for part in chunks(sorted(set(keys))))
        return frozenset(key for part in parts for key in part)


def _reaching(scope: str, keys: Sequence[str]) -> Select[Any]:
    """Those of these keys from which the superiors lead to `scope`. A circle is followed once."""
    up = select(AGENCY.c.key, AGENCY.c.key.label("at")).where(AGENCY.c.key.in_(keys)).cte("up", recursive=True)
    above = AGENCY.alias("above")
    up = up.union(select(up.c.key, above.c.superior_key).join(above, above.c.key == up.c.at))
    return select(up.c.key).join(AGENCY, AGENCY.c.key == up.c.at).where(up.c.at == scope)


def _at_or_below(key: str) -> Select[tuple[str]]:
    """The keys of a body and of all below it. The database follows the levels, and a circle only once."""
    below = select(AGENCY.c.key).where(AGENCY.c.key == key).cte("below", recursive=True)
    under = AGENCY.alias("under")
    below = below.union(select(under.c.key).join(below, under.c.superior_key == below.c.key))
    return select(below.c.key)


def scopes(store: Store, year: int, scope: str | None = None) -> list[ScopeRow]:
    """The governments that some but not all agencies of a year stand under, each followed by those below it.

    With a `scope` of the agencies at or below that body.
    """
    there = and_(existing(year), within(scope, AGENCY.c.key))
    columns = (AGENCY.c.key, AGENCY.c.name, AGENCY.c.agency_type, AGENCY.c.superior_key)
    heads = AGENCY.c.key.in_(select(AGENCY.c.superior_key).where(AGENCY.c.superior_key.is_not(None)))
    below = select(AGENCY.c.superior_key, func.count()).where(there).group_by(AGENCY.c.superior_key)
    with store.reading() as connection:
        rows = {row.key: row for row in connection.execute(select(*columns).where(there, heads))}
        under = mapping(connection.execute(below))
    everybody = sum(under.values())
    lines = {key: _line(key, rows) for key in rows}
    heads_under = Counter(row.superior_key for row in rows.values())
    counts = Counter(key for line in lines.values() for key in line)
    for key, line in lines.items():
        leaves = under.get(key, 0) - heads_under[key]  # what has nobody below it counts under all of the line above it
        counts.update(dict.fromkeys(line, leaves))
    listed = {k for k, n in counts.items() if rows[k].agency_type in _GOVERNMENTS and 1 < n < everybody}
    ordered = sorted(listed, key=lambda key: [rows[k].name for k in reversed(lines[key])])
    return [ScopeRow(k, rows[k].name, counts[k], sum(above in listed for above in lines[k][1:])) for k in ordered]


def _line(key: str, rows: Mapping[str, Any]) -> list[str]:
    """The agency and the bodies above it, nearest first."""
    line = [key]
    while len(line) <= _DEPTH and (above := rows[line[-1]].superior_key) in rows and above not in line:
        line.append(above)
    return line


# --- one agency -------------------------------------------------------------------------------------------------------


def _key_of(connection: Connection, name: str) -> str | None:
    return _keys_of(connection, [name]).get(name)


def _keys_of(connection: Connection, names: Collection[str]) -> dict[str, str]:
    written = {name: plain(name) for name in names}
    found: dict[str, str] = {}
    for part in chunks(sorted(set(written.values()))):
        question = select(AGENCY_NAME.c.name, AGENCY_NAME.c.agency_key).where(AGENCY_NAME.c.name.in_(part))
        found |= mapping(connection.execute(question))
    return {name: found[known] for name, known in written.items() if known in found}


def agencies_by_key(connection: Connection, keys: Collection[str]) -> dict[str, Agency]:
    """Key → the agency and how it stands to the others of the roster, of those of these keys that are known."""
    rows = _rows_of(connection, keys)
    above = dict(rows)
    wanted = {row.superior_key for row in rows.values()}
    while new := {key for key in wanted if key and key not in above}:
        found = _rows_of(connection, new)
        above |= found
        wanted = {row.superior_key for row in found.values()}
    lines = {key: _superiors(row.superior_key, above) for key, row in rows.items()}
    names, ended = _names_of(connection, rows), _ended_into(connection, rows)
    beside = _Beside(connection, {row.superior_key for row in rows.values() if row.superior_key is not None})
    return {
        key: Agency(
            key=key,
            name=row.name,
            agency_type=AgencyType(row.agency_type) if row.agency_type else None,
            level=row.level,
            has_licensing=row.has_licensing,
            has_enforcement=row.has_enforcement,
            aliases=tuple(sorted(names[key] - {plain(row.name)})),
            superiors=tuple(plain(above[each].name) for each in lines[key]),
            others=beside.others(row, lines[key]),
            reorganised=frozenset(day.year for day in (*ended[key], row.founded, row.abolished) if day),
            founded=row.founded.year if row.founded else None,
            abolished=row.abolished.year if row.abolished else None,
            submit_by=row.submit_by,
            publish_by=row.publish_by,
        )
        for key, row in rows.items()
    }


def _rows_of(connection: Connection, keys: Collection[str]) -> dict[str, Any]:
    asked = (connection.execute(select(AGENCY).where(AGENCY.c.key.in_(part))) for part in chunks(sorted(keys)))
    return {row.key: row for rows in asked for row in rows}


def _superiors(key: str | None, rows: Mapping[str, Any]) -> list[str]:
    """The bodies above, nearest first; a circle is followed once."""
    line: list[str] = []
    while key and key in rows and key not in line and len(line) < _DEPTH:
        line.append(key)
        key = rows[key].superior_key
    return line


def _names_of(connection: Connection, keys: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {key: set() for key in keys}
    for part in chunks(sorted(keys)):
        question = select(AGENCY_NAME.c.agency_key, AGENCY_NAME.c.name).where(AGENCY_NAME.c.agency_key.in_(part))
        for row in connection.execute(question):
            found[row.agency_key].add(row.name)
    return found


def _ended_into(connection: Connection, keys: Collection[str]) -> dict[str, list[date]]:
    """Key → the days on which others were merged into it."""
    found: dict[str, list[date]] = {key: [] for key in keys}
    for part in chunks(sorted(keys)):
        question = select(AGENCY.c.successor_key, AGENCY.c.abolished).where(
            AGENCY.c.successor_key.in_(part), AGENCY.c.abolished.is_not(None)
        )
        for row in connection.execute(question):
            found[row.successor_key].append(row.abolished)
    return found


class _Beside:
    """Who stands beside an agency: those under the same superior, and the governments that are neither above nor below."""

    def __init__(self, connection: Connection, superiors: Collection[str]) -> None:
        columns = (AGENCY.c.key, AGENCY.c.name, AGENCY.c.superior_key)
        self._known: dict[str, tuple[str, str | None]] = {}  # key → plain name, superior
        self._under: dict[str | None, list[str]] = {superior: [] for superior in superiors}
        self._governments: list[str] = []
        self._ordered: dict[str, list[tuple[str, str, str | None]]] = {}
        if not superiors:
            return
        for part in chunks(sorted(superiors)):
            for row in connection.execute(select(*columns).where(AGENCY.c.superior_key.in_(part))):
                self._known[row.key] = plain(row.name), row.superior_key
                self._under[row.superior_key].append(row.key)
        question = select(*columns).where(AGENCY.c.agency_type == AgencyType.GOVERNMENT.value)
        for row in connection.execute(question):
            self._known[row.key] = plain(row.name), row.superior_key
            self._governments.append(row.key)

    def others(self, row: Any, above: Collection[str]) -> tuple[str, ...]:
        """The names of those beside an agency that stands below `above`, in order."""
        if row.superior_key is None:
            return ()
        left_out = {row.key, *above}
        near = self._near(row.superior_key)
        return tuple([name for name, key, superior in near if key not in left_out and superior != row.key])

    def _near(self, superior: str) -> list[tuple[str, str, str | None]]:
        """Name, key and superior of those below a body and of all governments, put in order once for all below it."""
        if superior not in self._ordered:
            keys = {*self._under[superior], *self._governments}
            self._ordered[superior] = sorted((self._known[key][0], key, self._known[key][1]) for key in keys)
        return self._ordered[superior]


# --- agencies that reports name -------------------------------------------------------------------------------------


def enter_agency(connection: Connection, agency: Agency, sample: bool) -> None:
    """Make the agency if it is new; a real report turns a sample agency into one of the office's own."""
    source = connection.execute(select(AGENCY.c.source).where(AGENCY.c.key == agency.key)).scalar()
    if source is None:
        kind = agency.agency_type.value if agency.agency_type else None
        values = {"key": agency.key, "name": agency.name, "agency_type": kind, "level": agency.level}
        connection.execute(insert(AGENCY).values(**values, source="sample" if sample else "report"))
        connection.execute(insert(AGENCY_NAME).values(name=plain(agency.name), agency_key=agency.key, kind="own"))
    elif source == "sample" and not sample:
        connection.execute(update(AGENCY).where(AGENCY.c.key == agency.key).values(source="report"))


def enter_agencies(connection: Connection, agencies: Sequence[tuple[Agency, bool]]) -> None:
    """The same for several, each with whether its report is a sample; those that are there already cost one question."""
    known: dict[str, str] = {}
    for part in chunks(sorted({agency.key for agency, _ in agencies})):
        known |= mapping(connection.execute(select(AGENCY.c.key, AGENCY.c.source).where(AGENCY.c.key.in_(part))))
    for agency, sample in agencies:
        if agency.key not in known or (known[agency.key] == "sample" and not sample):
            enter_agency(connection, agency, sample)


def forget_idle_agency(connection: Connection, key: str) -> None:
    """Drop an agency that exists only because a report named it, once it has none."""
    left = connection.execute(select(REPORT.c.id).where(REPORT.c.agency_key == key).limit(1)).first()
    source = connection.execute(select(AGENCY.c.source).where(AGENCY.c.key == key)).scalar()
    if left is None and source in ("report", "sample"):
        for table in (AGENCY_NAME, FILING, PUBLICATION):
            connection.execute(delete(table).where(table.c.agency_key == key))
        connection.execute(delete(AGENCY).where(AGENCY.c.key == key))


# --- the roster -----------------------------------------------------------------------------------------------------

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True, slots=True)
class Step:
    """What taking one entry of a roster does: new, changed or same, with what was assumed or left out."""

    entry: Entry
    key: str
    kind: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a roster does; `absent` are the names on the present roster that it does not have: they stay."""

    steps: tuple[Step, ...]
    absent: tuple[str, ...]

    def count(self, kind: str) -> int:
        """How many entries are new, changed or the same."""
        return sum(step.kind == kind for step in self.steps)


def plan(store: Store, entries: Sequence[Entry]) -> Plan:
    """What `take` would do, without doing it."""
    with store.reading() as connection:
        return _plan(connection, entries)


def take(store: Store, entries: Sequence[Entry], actor: str = "") -> Plan:
    """Enter the agencies of a roster and bring those that are known up to date; none is taken away."""
    with store.writing() as connection:
        planned = _plan(connection, entries)
        counts = {kind: planned.count(kind) for kind in (NEW, CHANGED, SAME)}
        audit.record(connection, actor or PROGRAM, "roster", "roster", **counts)
        for step in planned.steps:
            _write(connection, step)
        keys = {name: step.key for step in planned.steps for name in step.entry.names}
        for step in planned.steps:
            _relate(connection, step, keys)
    return planned


def _plan(connection: Connection, entries: Sequence[Entry]) -> Plan:
    known = {row.key: row for row in connection.execute(select(AGENCY))}
    owners = mapping(connection.execute(select(AGENCY_NAME.c.name, AGENCY_NAME.c.agency_key)))
    codes = {row.code: row.key for row in known.values() if row.code}
    keys = _keys(entries, owners, codes)
    owned = owners | {entry.name: key for entry, key in zip(entries, keys, strict=True)}
    named = owned | {name: key for e, key in zip(entries, keys, strict=True) for name in e.names if name not in owned}
    steps = []
    for entry, key in zip(entries, keys, strict=True):
        notes = tuple(_notes(entry, key, named))
        steps.append(Step(entry, key, _kind(connection, entry, key, known.get(key), named), notes))
    present = {key: row.name for key, row in known.items() if row.source == "roster"}
    return Plan(tuple(steps), tuple(sorted(name for key, name in present.items() if key not in set(keys))))


def _keys(entries: Sequence[Entry], owners: Mapping[str, str], codes: Mapping[str, str]) -> list[str]:
    """The key of each entry; of two that claim one agency (a split), the first has it and the other is new."""
    keys: list[str] = []
    for entry in entries:
        known = _known_key(entry, owners, codes)
        keys.append(known if known and known not in keys else entry.code or entry.name)
    return keys


def _known_key(entry: Entry, owners: Mapping[str, str], codes: Mapping[str, str]) -> str | None:
    """The agency that an entry speaks of: by 编号, by its name, by a former name; a short name is too common."""
    if entry.code and entry.code in codes:
        return codes[entry.code]
    return next((owners[name] for name in (entry.name, *entry.former_names) if name in owners), None)


def _notes(entry: Entry, key: str, named: Mapping[str, str]) -> Iterable[str]:
    for what, name in (("上级单位", entry.superior), ("并入单位", entry.successor)):
        if name and name not in named:
            yield f"{what}“{name}”不在名录中，暂不关联"
    for name in entry.names[1:]:
        if named.get(name) != key:
            yield f"“{name}”已是另一个单位的名称，不用来辨认本单位"


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "agency_type": entry.agency_type.value if entry.agency_type else None,
        "level": entry.level,
        "has_licensing": entry.has_licensing,
        "has_enforcement": entry.has_enforcement,
        "code": entry.code,
        "area": entry.area,
        "in_total": entry.in_total,
        "submit_by": entry.submit_by,
        "publish_by": entry.publish_by,
        "url": entry.url,
        "founded": entry.founded,
        "abolished": entry.abolished,
        "source": "roster",
    }


def _related(entry: Entry, named: Mapping[str, str]) -> dict[str, Any]:
    return {
        "superior_key": named.get(entry.superior or ""),
        "successor_key": named.get(entry.successor or ""),
    }


def _kind(connection: Connection, entry: Entry, key: str, row: Any, named: Mapping[str, str]) -> str:
    if row is None:
        return NEW
    values = _values(entry) | _related(entry, named)
    names = set(connection.execute(select(AGENCY_NAME.c.name).where(AGENCY_NAME.c.agency_key == key)).scalars())
    own = {name for name in entry.names if named.get(name) == key}
    same = all(getattr(row, column) == value for column, value in values.items()) and own <= names
    return SAME if same else CHANGED


def _write(connection: Connection, step: Step) -> None:
    """The agency and its names. A name that it bore before stays one of its names: reports still carry it."""
    if step.kind == NEW:
        connection.execute(insert(AGENCY).values(key=step.key, **_values(step.entry)))
    elif step.kind == CHANGED:
        connection.execute(update(AGENCY).where(AGENCY.c.key == step.key).values(**_values(step.entry)))
    entry = step.entry
    kinds = dict.fromkeys(entry.former_names, "former") | dict.fromkeys(entry.short_names, "short")
    for name, kind in (kinds | {entry.name: "own"}).items():
        owner = _key_of(connection, name)
        if owner is None:
            connection.execute(insert(AGENCY_NAME).values(name=name, agency_key=step.key, kind=kind))
        elif owner == step.key:
            connection.execute(update(AGENCY_NAME).where(AGENCY_NAME.c.name == name).values(kind=kind))
    older = (AGENCY_NAME.c.agency_key == step.key, AGENCY_NAME.c.kind == "own", AGENCY_NAME.c.name != entry.name)
    connection.execute(update(AGENCY_NAME).where(*older).values(kind="former"))


def _relate(connection: Connection, step: Step, keys: Mapping[str, str]) -> None:
    names = filter(None, (step.entry.superior, step.entry.successor))
    named = {name: key for name in names if (key := _key_of(connection, name) or keys.get(name))}
    connection.execute(update(AGENCY).where(AGENCY.c.key == step.key).values(**_related(step.entry, named)))
