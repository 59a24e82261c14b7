"""A year as pages ask for it: the figures at a glance, the matrix, the agencies, the commonest faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from gdcore.agency import own_deadline
from gdcore.store.engine import Store, mapping
from gdcore.store.roster import existing, within
from gdcore.store.rows import AgencyRow, DueRow, FaultRow, MatrixCell, MatrixRow, Overview, TrendRow, YearSummary
from gdcore.store.serial import read_summary
from gdcore.store.summary import ABSENT, BLANK, COLUMNS, DOUBT, NOT_FILED, NOT_NUMBER, OLD, PARTIAL, UNREAD, WHOLE
from gdcore.store.tables import AGENCY, FINDING, INTAKE, REPORT

_SEVERITIES = ("info", "warning", "error")
_TREND_YEARS = 10
_WORST = (ABSENT, OLD, BLANK, NOT_NUMBER, PARTIAL, UNREAD, DOUBT, WHOLE)


def years(store: Store) -> list[int]:
    """The reporting years with a report, newest first."""
    with store.reading() as connection:
        return list(connection.execute(select(REPORT.c.year).distinct().order_by(REPORT.c.year.desc())).scalars())


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
        owing = connection.execute(_agencies_with(year, AGENCY.c.submit_by, REPORT.c.id, scope=scope)).all()
        reports = connection.execute(select(REPORT.c.total, REPORT.c.veto).where(*of_year)).all()
        reviews = connection.execute(
            select(func.count(), func.count(FINDING.c.agency_key.distinct())).where(
                FINDING.c.year == year,
                FINDING.c.current,
                FINDING.c.standing == "review",
                within(scope, FINDING.c.agency_key),
            )
        ).one()
        files = mapping(connection.execute(_files()))
        latest = select(REPORT.c.checked_at).where(*of_year).order_by(REPORT.c.checked_at.desc()).limit(1)
        updated = connection.execute(latest).scalar()
        previous = _summary(connection, year - 1, scope)
    totals = [row.total for row in reports if row.total is not None]
    return Overview(
        year=year,
        expected=len(owing),
        filed=len(reports),
        missing=len(owing) - len(reports),
        average=_average(totals),
        review_findings=reviews[0],
        review_agencies=reviews[1],
        vetoes=sum(1 for row in reports if row.veto),
        bands=_bands(store, totals),
        withheld=len(reports) - len(totals),
        waiting_files=files.get("waiting", 0),
        refused_files=files.get("refused", 0),
        updated_at=updated,
        previous=previous,
        dues=_dues(owing, year, submit),
    )


def _dues(owing: Iterable[Any], year: int, submit: date | None) -> tuple[DueRow, ...]:
    """Agencies by the day on which their reports are due: theirs by the roster, else `submit`; unknown days last."""
    groups: dict[tuple[date | None, bool], list[bool]] = {}
    for row in owing:
        own = own_deadline(row.submit_by, year)
        groups.setdefault((own or submit, own is not None), []).append(row.id is not None)
    rows = [DueRow(day, own, len(filed), sum(filed)) for (day, own), filed in groups.items()]
    return tuple(sorted(rows, key=lambda row: (row.day is None, row.day or date.max, row.own)))


def _files() -> Any:
    return (
        select(INTAKE.c.state, func.count()).where(INTAKE.c.state.in_(("waiting", "refused"))).group_by(INTAKE.c.state)
    )


def _average(totals: Sequence[float]) -> float | None:
    return round(sum(totals) / len(totals), 1) if totals else None


def _summary(connection: Connection, year: int, scope: str | None) -> YearSummary | None:
    of_year = (REPORT.c.year == year, REPORT.c.current, within(scope, REPORT.c.agency_key))
    totals = list(connection.execute(select(REPORT.c.total).where(*of_year)).scalars())
    return YearSummary(len(totals), _average([t for t in totals if t is not None])) if totals else None


def _bands(store: Store, totals: Sequence[float]) -> tuple[tuple[str, float, int], ...]:
    names = [store.scheme.band(total) for total in totals]
    return tuple((name, lower, names.count(name)) for lower, name in store.scheme.bands)


def trend(store: Store, scope: str | None = None) -> list[TrendRow]:
    """The years with reports, the last of them last; at most so many that they can be told apart."""
    figures = (func.count(), func.avg(REPORT.c.total), func.sum(REPORT.c.errors))
    question = (
        select(REPORT.c.year, *figures)
        .where(REPORT.c.current, within(scope, REPORT.c.agency_key))
        .group_by(REPORT.c.year)
        .order_by(REPORT.c.year.desc())
        .limit(_TREND_YEARS)
    )
    with store.reading() as connection:
        rows = connection.execute(question).all()
    return [
        TrendRow(year, filed, None if average is None else round(float(average), 1), round(int(errors) / filed, 1))
        for year, filed, average, errors in reversed(rows)
    ]


def matrix(
    store: Store, year: int, submit: date | None = None, scope: str | None = None, agency: str | None = None
) -> list[MatrixRow]:
    """Nine words for each agency (or one alone), worst first; those that have not filed come last.

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
    if agency is not None:
        question = question.where(AGENCY.c.key == agency)
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
    return (row.report_id is None, *(-words.count(word) for word in _WORST), _by_total(row.total))


def _by_total(total: float | None) -> tuple[bool, float]:
    """Low scores first, then what could not be scored."""
    return total is None, total or 0


def frequent_faults(store: Store, year: int, limit: int = 8, scope: str | None = None) -> list[FaultRow]:
    """The rules that stand against most agencies, with their share of those that filed."""
    standing = FINDING.c.standing.in_(_SEVERITIES)
    number = func.count(FINDING.c.agency_key.distinct())
    question = (
        select(FINDING.c.rule, func.max(FINDING.c.severity_rank), number)
        .where(FINDING.c.year == year, FINDING.c.current, standing, within(scope, FINDING.c.agency_key))
        .group_by(FINDING.c.rule)
        .order_by(number.desc(), func.max(FINDING.c.severity_rank).desc(), FINDING.c.rule)
        .limit(limit)
    )
    of_year = (REPORT.c.year == year, REPORT.c.current, within(scope, REPORT.c.agency_key))
    with store.reading() as connection:
        filed = connection.execute(select(func.count()).where(*of_year)).scalar_one()
        rows = connection.execute(question).all()
    return [FaultRow(rule, _SEVERITIES[rank], agencies, agencies / filed) for rule, rank, agencies in rows]


def rule_counts(store: Store, year: int, scope: str | None = None) -> Mapping[str, int]:
    """Rule → how many current reports of the year hold a finding of it that was not dismissed."""
    standing = FINDING.c.standing != ""
    question = (
        select(FINDING.c.rule, func.count(FINDING.c.report_id.distinct()))
        .where(FINDING.c.year == year, FINDING.c.current, standing, within(scope, FINDING.c.agency_key))
        .group_by(FINDING.c.rule)
    )
    with store.reading() as connection:
        return mapping(connection.execute(question))


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
) -> list[AgencyRow]:
    """The agencies of a year, worst first: by total, then those without a score, then those that have not filed.

    `q` is a piece of the name; `rules` codes of which any (with `match_all` every one) stands against the agency;
    `band` the lower bound of a band; `kinds` agency types; `scope` the key of a body at or below which they stand.
    """
    question = _agencies_with(year, *_LISTED, scope=scope)
    if q:
        question = question.where(AGENCY.c.name.contains(q, autoescape=True))
    if kinds:
        question = question.where(AGENCY.c.agency_type.in_(kinds))
    if band is not None:
        question = question.where(REPORT.c.band == store.scheme.band(band))
    with store.reading() as connection:
        rows = connection.execute(question).all()
        priors = connection.execute(
            select(REPORT.c.agency_key, REPORT.c.total).where(REPORT.c.year == year - 1, REPORT.c.current)
        )
        before = mapping(priors)
    found = [_agency_row(row, before.get(row.key)) for row in rows]
    return sorted((row for row in found if _holds(row, rules, match_all)), key=_standing)


def worst_first(connection: Connection, year: int, scope: str | None = None) -> list[str]:
    """The keys of the agencies that filed, in the order of `agencies`."""
    question = _agencies_with(year, REPORT.c.id, REPORT.c.total, scope=scope)
    rows = connection.execute(question.where(REPORT.c.id.is_not(None)))
    return [row.key for row in sorted(rows, key=lambda row: _by_total(row.total))]


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
