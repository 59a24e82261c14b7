"""A year as pages ask for it: the figures at a glance, the matrix, the agencies, the commonest faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, literal, or_, select, tuple_

from gdcore.agency import own_deadline
from gdcore.serial import read_summary
from gdcore.store import searching, summaries
from gdcore.store.engine import Store, chunks, mapping
from gdcore.store.roster import existing, gone, within
from gdcore.store.rows import AgencyRow, DueRow, FaultRow, MatrixCell, MatrixRow, Overview, TrendRow, YearSummary
from gdcore.store.tables import AGENCY, COUNT, INTAKE, REPORT, STANDING
from gdcore.summary import COLUMNS, NOT_FILED

_SEVERITIES = summaries.SEVERITIES
_TREND_YEARS = 10


def years(store: Store) -> list[int]:
    """The reporting years with a report, newest first."""
    with store.reading() as connection:
        return _years(connection)


def is_empty(store: Store) -> bool:
    """Whether there is neither an agency nor a file."""
    with store.reading() as connection:
        return all(connection.execute(select(c).limit(1)).first() is None for c in (AGENCY.c.key, INTAKE.c.id))


def overview(store: Store, year: int, submit: date | None = None, scope: str | None = None) -> Overview:
    """A year at a glance, of all agencies or of those in a scope.

    `submit` is the day by which agencies submit for which the roster sets no day of its own; None: there is none.
    """
    of_year = (REPORT.c.year == year, REPORT.c.current, within(scope, REPORT.c.agency_key))
    with store.reading() as connection:
        counts = summaries.numbers(connection, year, scope, "report", "band", "due")
        dues = _dues(connection, counts, year, submit, scope)
        files = mapping(connection.execute(_files()))
        latest = select(REPORT.c.checked_at).where(*of_year).order_by(REPORT.c.checked_at.desc()).limit(1)
        updated = connection.execute(latest).scalar()
        previous = _summary(connection, year - 1, scope)
    known = {
        code: counts.get(("report", code), 0) for code in ("filed", "scored", "total", "vetoes", "reviews", "reviewed")
    }
    expected = sum(row.expected for row in dues)
    return Overview(
        year=year,
        expected=expected,
        filed=known["filed"],
        missing=expected - known["filed"],
        average=_average(known["total"], known["scored"]),
        review_findings=known["reviews"],
        review_agencies=known["reviewed"],
        vetoes=known["vetoes"],
        bands=tuple((name, lower, counts.get(("band", name), 0)) for lower, name in store.scheme.bands),
        withheld=known["filed"] - known["scored"],
        waiting_files=files.get("waiting", 0),
        refused_files=files.get("refused", 0),
        updated_at=updated,
        previous=previous,
        dues=dues,
    )


def _dues(
    connection: Connection, counts: Mapping[summaries.Code, int], year: int, submit: date | None, scope: str | None
) -> tuple[DueRow, ...]:
    """Agencies by the day on which their reports are due: theirs by the roster, else `submit`; unknown days last."""
    place = within(scope, AGENCY.c.key)
    everybody = connection.execute(select(func.count()).select_from(AGENCY).where(place)).scalar_one()
    # Few have a day of their own, and few are gone: the others are not gone through.
    own_day = select(AGENCY.c.submit_by, func.count()).where(AGENCY.c.submit_by.is_not(None), place)
    days = mapping(connection.execute(own_day.group_by(AGENCY.c.submit_by)))
    expected = Counter({_due(None, year, submit): everybody - sum(days.values())})
    for day, number in days.items():
        expected[_due(day, year, submit)] += number
    ended = connection.execute(select(AGENCY.c.key, AGENCY.c.submit_by).where(gone(year), place)).all()
    for part in chunks(ended):
        of_year = (REPORT.c.year == year, REPORT.c.current, REPORT.c.agency_key.in_([row.key for row in part]))
        filed_yet = set(connection.execute(select(REPORT.c.agency_key).where(*of_year)).scalars())
        expected.subtract(_due(row.submit_by, year, submit) for row in part if row.key not in filed_yet)
    filed: Counter[tuple[date | None, bool]] = Counter()
    for (kind, code), number in counts.items():
        if kind == "due":
            filed[_due(date.fromisoformat(code) if code else None, year, submit)] += number
    rows = [DueRow(day, own, number, filed[day, own]) for (day, own), number in expected.items() if number]
    return tuple(sorted(rows, key=lambda row: (row.day is None, row.day or date.max, row.own)))


def missing(connection: Connection, year: int, scope: str | None) -> int:
    """How many owe a report on a year and have not filed one."""
    counts = summaries.numbers(connection, year, scope, "report", "due")
    expected = sum(row.expected for row in _dues(connection, counts, year, None, scope))
    return expected - counts.get(("report", "filed"), 0)


def _due(day: date | None, year: int, submit: date | None) -> tuple[date | None, bool]:
    """The day, and whether the roster sets it."""
    own = own_deadline(day, year)
    return own or submit, own is not None


def _files() -> Any:
    return (
        select(INTAKE.c.state, func.count()).where(INTAKE.c.state.in_(("waiting", "refused"))).group_by(INTAKE.c.state)
    )


def _average(hundredths: int, scored: int) -> float | None:
    return round(hundredths / 100 / scored, 1) if scored else None


def _summary(connection: Connection, year: int, scope: str | None) -> YearSummary | None:
    known = summaries.of_kind(connection, year, scope, "report")
    if not known.get("filed"):
        return None
    return YearSummary(known["filed"], _average(known.get("total", 0), known.get("scored", 0)))


def trend(store: Store, scope: str | None = None) -> list[TrendRow]:
    """The years with reports, the last of them last; at most so many that they can be told apart."""
    rows = []
    with store.reading() as connection:
        for year in _years(connection):
            known = summaries.of_kind(connection, year, scope, "report")
            if filed := known.get("filed"):
                average = _average(known.get("total", 0), known.get("scored", 0))
                rows.append(TrendRow(year, filed, average, round(known.get("errors", 0) / filed, 1)))
    return rows[:_TREND_YEARS][::-1]


def _years(connection: Connection) -> list[int]:
    """The years with a report, newest first."""
    filed = (
        COUNT.c.scope == summaries.EVERYBODY,
        COUNT.c.kind == "report",
        COUNT.c.code == "filed",
        COUNT.c.number > 0,
    )
    return list(connection.execute(select(COUNT.c.year).where(*filed).order_by(COUNT.c.year.desc())).scalars())


def matrix(
    store: Store,
    year: int,
    submit: date | None = None,
    scope: str | None = None,
    agency: str | None = None,
    among: Sequence[str] | None = None,
) -> list[MatrixRow]:
    """Nine words for each agency (or one alone, or some), worst first; those that have not filed come last.

    `submit` as for `overview`.
    """
    versions = REPORT.alias("versions")
    first = (
        select(func.min(versions.c.received_at))
        .where(versions.c.agency_key == AGENCY.c.key, versions.c.year == year)
        .scalar_subquery()
        .label("received_at")
    )
    columns = (REPORT.c.id, REPORT.c.total, REPORT.c.band, REPORT.c.summary, AGENCY.c.submit_by, first)
    question = _agencies_with(year, *columns, scope=scope)
    if agency is not None or among is not None:
        question = question.where(AGENCY.c.key.in_([agency] if among is None else among))
    with store.reading() as connection:
        rows = connection.execute(question).all()
    return sorted((_matrix_row(row, own_deadline(row.submit_by, year) or submit) for row in rows), key=_badness)


def _agencies_with(year: int, *columns: Any, scope: str | None) -> Any:
    """The agencies that owe a report on a year or filed one, each with these columns of it, or with nothing."""
    report = and_(REPORT.c.agency_key == AGENCY.c.key, REPORT.c.year == year, REPORT.c.current)
    return (
        select(AGENCY.c.key, AGENCY.c.name, AGENCY.c.agency_type, *columns)
        .outerjoin(REPORT, report)
        .where(or_(existing(year), REPORT.c.id.is_not(None)), within(scope, AGENCY.c.key))
        .order_by(AGENCY.c.name)
    )


def _matrix_row(row: Any, due: date | None) -> MatrixRow:
    if row.summary is None:
        unfiled = (MatrixCell(NOT_FILED),) * len(COLUMNS)
        return MatrixRow(row.key, row.name, None, None, None, unfiled, row.agency_type, due=due)
    cells = tuple(MatrixCell(word, fingerprint or None) for word, fingerprint in read_summary(row.summary).words)
    return MatrixRow(row.key, row.name, row.id, row.total, row.band, cells, row.agency_type, row.received_at, due)


def _badness(row: MatrixRow) -> tuple[Any, ...]:
    words = [cell.word for cell in row.words]
    return (row.report_id is None, *(-words.count(word) for word in summaries.WORST), _by_total(row.total))


def _by_total(total: float | None) -> tuple[bool, float]:
    """Low scores first, then what could not be scored."""
    return total is None, total or 0


def frequent_faults(store: Store, year: int, limit: int = 8, scope: str | None = None) -> list[FaultRow]:
    """The rules that stand against most agencies, with their share of those that filed."""
    agencies: Counter[str] = Counter()
    gravest: dict[str, int] = {}
    with store.reading() as connection:
        filed = summaries.of_kind(connection, year, scope, "report").get("filed", 0)
        for code, number in summaries.of_kind(connection, year, scope, "fault").items():
            rule, _, rank = code.rpartition("|")
            agencies[rule] += number
            gravest[rule] = max(gravest.get(rule, 0), int(rank))
    listed = sorted(agencies, key=lambda rule: (-agencies[rule], -gravest[rule], rule))[:limit]
    return [FaultRow(rule, _SEVERITIES[gravest[rule]], agencies[rule], agencies[rule] / filed) for rule in listed]


def rule_counts(store: Store, year: int, scope: str | None = None) -> Mapping[str, int]:
    """Rule → how many current reports of the year hold a finding of it that was not dismissed."""
    with store.reading() as connection:
        return summaries.of_kind(connection, year, scope, "rule")


_LISTED = (
    REPORT.c.id, REPORT.c.version, REPORT.c.total, REPORT.c.band, REPORT.c.veto, REPORT.c.errors, REPORT.c.warnings,
    REPORT.c.infos, REPORT.c.reviews, REPORT.c.summary,
)  # fmt: skip


def agencies(
    store: Store,
    year: int,
    q: str = "",
    rules: Sequence[str] = (),
    match_all: bool = False,
    band: float | None = None,
    kinds: Sequence[str] = (),
    scope: str | None = None,
    among: Sequence[str] | None = None,
) -> list[AgencyRow]:
    """The agencies of a year, worst first: by total, then those without a score, then those that have not filed.

    `q` is a piece of the name; `rules` codes of which any (with `match_all` every one) stands against the agency;
    `band` the lower bound of a band; `kinds` agency types; `scope` the key of a body at or below which they stand;
    `among` keys.
    """
    question = _agencies_with(year, *_LISTED, scope=scope)
    if q:
        question = question.where(searching.named(q))
    if kinds:
        question = question.where(AGENCY.c.agency_type.in_(kinds))
    if band is not None:
        question = question.where(REPORT.c.band == store.scheme.band(band))
    prior = select(REPORT.c.agency_key, REPORT.c.total).where(REPORT.c.year == year - 1, REPORT.c.current)
    if among is not None:
        question = question.where(AGENCY.c.key.in_(among))
        prior = prior.where(REPORT.c.agency_key.in_(among))
    with store.reading() as connection:
        rows = connection.execute(question).all()
        before = mapping(connection.execute(prior))
    found = [_agency_row(row, before.get(row.key)) for row in rows]
    return sorted((row for row in found if _holds(row, rules, match_all)), key=_standing)


def neighbours(
    connection: Connection, agency_key: str, year: int, scope: str | None = None
) -> tuple[str | None, str | None]:
    """The keys of the agencies that filed right before and after one, worst first; None where there is none."""
    line = STANDING.c
    of_year = (line.year == year, line.rank.is_not(None), within(scope, line.agency_key))
    own = connection.execute(select(line.rank).where(*of_year, line.agency_key == agency_key)).scalar()
    if own is None:
        return None, None
    at, place = tuple_(line.rank, line.agency_key), tuple_(literal(own), literal(agency_key))
    before = select(line.agency_key).where(*of_year, at < place).order_by(line.rank.desc(), line.agency_key.desc())
    after = select(line.agency_key).where(*of_year, at > place).order_by(line.rank, line.agency_key)
    return connection.execute(before.limit(1)).scalar(), connection.execute(after.limit(1)).scalar()


def _agency_row(row: Any, before: float | None) -> AgencyRow:
    if row.id is None:
        return AgencyRow(row.key, row.name, row.agency_type)
    summary = read_summary(row.summary)
    known = row.total is not None and before is not None
    return AgencyRow(
        agency_key=row.key,
        agency=row.name,
        agency_type=row.agency_type,
        report_id=row.id,
        version=row.version,
        total=row.total,
        band=row.band,
        change_from_prior=round(row.total - before, 1) if known else None,
        faults=summary.faults,
        errors=row.errors,
        warnings=row.warnings,
        infos=row.infos,
        reviews=row.reviews,
        veto=row.veto,
        bucket_rates=summary.rates,
        state="filed",
    )


def _holds(row: AgencyRow, rules: Sequence[str], match_all: bool) -> bool:
    found = {rule for rule, _ in row.faults}
    return not rules or (found >= set(rules) if match_all else bool(found & set(rules)))


def _standing(row: AgencyRow) -> tuple[Any, ...]:
    return (row.report_id is None, _by_total(row.total), -row.errors, -row.warnings)
