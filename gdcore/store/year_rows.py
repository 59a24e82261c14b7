"""A year as pages ask for it: the figures at a glance, the matrix, the agencies, the commonest faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from gdcore.store.engine import Store, mapping
from gdcore.store.roster import existing
from gdcore.store.rows import AgencyRow, FaultRow, MatrixCell, MatrixRow, Overview, YearSummary
from gdcore.store.serial import read_summary
from gdcore.store.summary import ABSENT, BLANK, COLUMNS, DOUBT, NOT_FILED, NOT_NUMBER, OLD, PARTIAL, UNREAD, WHOLE
from gdcore.store.tables import AGENCY, FINDING, INTAKE, REPORT

_SEVERITIES = ("info", "warning", "error")
_WORST = (ABSENT, OLD, BLANK, NOT_NUMBER, PARTIAL, UNREAD, DOUBT, WHOLE)


def years(store: Store) -> list[int]:
    """The reporting years with a report, newest first."""
    with store.reading() as connection:
        return list(connection.execute(select(REPORT.c.year).distinct().order_by(REPORT.c.year.desc())).scalars())


def is_empty(store: Store) -> bool:
    """Whether there is neither an agency nor a file."""
    with store.reading() as connection:
        return all(connection.execute(select(c).limit(1)).first() is None for c in (AGENCY.c.key, INTAKE.c.id))


def overview(store: Store, year: int) -> Overview:
    """A year at a glance."""
    of_year = (REPORT.c.year == year, REPORT.c.current)
    with store.reading() as connection:
        expected = _number(connection, select(func.count()).select_from(_agencies_with(year).subquery()))
        reports = connection.execute(select(REPORT.c.total, REPORT.c.veto).where(*of_year)).all()
        reviews = connection.execute(
            select(func.count(), func.count(FINDING.c.agency_key.distinct())).where(
                FINDING.c.year == year, FINDING.c.current, FINDING.c.standing == "review"
            )
        ).one()
        files = mapping(connection.execute(_files()))
        latest = select(REPORT.c.checked_at).where(*of_year).order_by(REPORT.c.checked_at.desc()).limit(1)
        updated = connection.execute(latest).scalar()
        previous = _summary(connection, year - 1)
    totals = [row.total for row in reports if row.total is not None]
    return Overview(
        year=year,
        expected=expected,
        filed=len(reports),
        missing=expected - len(reports),
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
    )


def _files() -> Any:
    return (
        select(INTAKE.c.state, func.count()).where(INTAKE.c.state.in_(("waiting", "refused"))).group_by(INTAKE.c.state)
    )


def _number(connection: Connection, question: Any) -> int:
    return int(connection.execute(question).scalar() or 0)


def _average(totals: Sequence[float]) -> float | None:
    return round(sum(totals) / len(totals), 1) if totals else None


def _summary(connection: Connection, year: int) -> YearSummary | None:
    totals = list(connection.execute(select(REPORT.c.total).where(REPORT.c.year == year, REPORT.c.current)).scalars())
    return YearSummary(len(totals), _average([t for t in totals if t is not None])) if totals else None


def _bands(store: Store, totals: Sequence[float]) -> tuple[tuple[str, float, int], ...]:
    names = [store.scheme.band(total) for total in totals]
    return tuple((name, lower, names.count(name)) for lower, name in store.scheme.bands)


def matrix(store: Store, year: int) -> list[MatrixRow]:
    """Nine words for each agency, worst first; those that have not filed come last."""
    with store.reading() as connection:
        rows = connection.execute(
            _agencies_with(year, REPORT.c.id, REPORT.c.total, REPORT.c.band, REPORT.c.summary)
        ).all()
    return sorted((_matrix_row(row) for row in rows), key=_badness)


def _agencies_with(year: int, *columns: Any) -> Any:
    """The agencies that owe a report on a year or filed one, each with these columns of it, or with nothing."""
    report = and_(REPORT.c.agency_key == AGENCY.c.key, REPORT.c.year == year, REPORT.c.current)
    return (
        select(AGENCY.c.key, AGENCY.c.name, AGENCY.c.agency_type, *columns)
        .outerjoin(REPORT, report)
        .where(or_(existing(year), REPORT.c.id.is_not(None)))
        .order_by(AGENCY.c.name)
    )


def _matrix_row(row: Any) -> MatrixRow:
    if row.summary is None:
        return MatrixRow(row.key, row.name, None, None, None, (MatrixCell(NOT_FILED),) * len(COLUMNS))
    cells = tuple(MatrixCell(word, fingerprint or None) for word, fingerprint in read_summary(row.summary).words)
    return MatrixRow(row.key, row.name, row.id, row.total, row.band, cells)


def _badness(row: MatrixRow) -> tuple[Any, ...]:
    words = [cell.word for cell in row.words]
    return (row.report_id is None, *(-words.count(word) for word in _WORST), _by_total(row.total))


def _by_total(total: float | None) -> tuple[bool, float]:
    """Low scores first, then what could not be scored."""
    return total is None, total or 0


def frequent_faults(store: Store, year: int, limit: int = 8) -> list[FaultRow]:
    """The rules that stand against most agencies, with their share of those that filed."""
    number = func.count(FINDING.c.agency_key.distinct())
    question = (
        select(FINDING.c.rule, func.max(FINDING.c.severity_rank), number)
        .where(FINDING.c.year == year, FINDING.c.current, FINDING.c.standing.in_(_SEVERITIES))
        .group_by(FINDING.c.rule)
        .order_by(number.desc(), func.max(FINDING.c.severity_rank).desc(), FINDING.c.rule)
        .limit(limit)
    )
    with store.reading() as connection:
        filed = _number(connection, select(func.count()).where(REPORT.c.year == year, REPORT.c.current))
        rows = connection.execute(question).all()
    return [FaultRow(rule, _SEVERITIES[rank], agencies, agencies / filed) for rule, rank, agencies in rows]


def rule_counts(store: Store, year: int) -> Mapping[str, int]:
    """Rule → how many current reports of the year hold a finding of it that was not dismissed."""
    question = (
        select(FINDING.c.rule, func.count(FINDING.c.report_id.distinct()))
        .where(FINDING.c.year == year, FINDING.c.current, FINDING.c.standing != "")
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
) -> list[AgencyRow]:
    """The agencies of a year, worst first: by total, then those without a score, then those that have not filed.

    `q` is a piece of the name; `rules` codes of which any (with `match_all` every one) stands against the agency;
    `band` the lower bound of a band; `kinds` agency types.
    """
    question = _agencies_with(year, *_LISTED)
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


def worst_first(connection: Connection, year: int) -> list[str]:
    """The keys of the agencies that filed, in the order of `agencies`."""
    rows = connection.execute(_agencies_with(year, REPORT.c.id, REPORT.c.total).where(REPORT.c.id.is_not(None)))
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
