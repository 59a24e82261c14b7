"""What pages ask of the sums of an area: who is added up, which of their reports count, and what each report gives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select, true

from gdcore import aggregation
from gdcore.aggregation import LeftOut, Member, Scope, Totals
from gdcore.form import AgencyType, Edition
from gdcore.serial import unpack_report
from gdcore.store.engine import Store, mapping
from gdcore.store.roster import added_up, counted, existing, within
from gdcore.store.rows import TotalChoices, TotalScope
from gdcore.store.tables import AGENCY, REPORT
from gdcore.tally import Tally, tally

EVERYBODY = "全部单位"


def total_choices(store: Store, year: int, scope: str | None = None) -> TotalChoices:
    """What can be added up in a year: under which governments (at or below a body), over which areas."""
    below = AGENCY.alias()
    under = (
        select(below.c.superior_key, func.count().label("number"))
        .where(below.c.superior_key.is_not(None))
        .group_by(below.c.superior_key)
        .subquery()
    )
    counts = (
        select(AGENCY.c.superior_key).where(AGENCY.c.superior_key.is_not(None), counted(), existing(year)).distinct()
    )
    question = (
        select(AGENCY.c.key, AGENCY.c.name)
        .join(under, under.c.superior_key == AGENCY.c.key)
        .where(AGENCY.c.agency_type == AgencyType.GOVERNMENT.value, AGENCY.c.key.in_(counts))
        .where(within(scope, AGENCY.c.key))
        .order_by(under.c.number.desc(), AGENCY.c.name)
    )
    areas = select(AGENCY.c.area).where(AGENCY.c.area.is_not(None)).distinct().order_by(AGENCY.c.area)
    with store.reading() as connection:
        governments = mapping(connection.execute(question))
        named = tuple(connection.execute(areas).scalars())
    return TotalChoices(governments, named)


def total_scope(
    store: Store, year: int, agency: str = "", area: str = "", kinds: Sequence[AgencyType] = ()
) -> TotalScope | None:
    """Who is added up: what stands under the government `agency`, else everybody (of an area).

    None if there is no such government.
    """
    rows = _agencies(store, year, agency, area)
    own = next((row for row in rows if row.key == agency), None)
    if agency and own is None:
        return None
    with store.reading() as connection:
        under = added_up(connection, agency, year) if agency else {}
    counts = set(under) if agency else {row.key for row in rows if row.counted and row.exists}
    rest = [row for row in rows if row is not own]
    members = [_member(row) for row in rest if row.key in counts]
    apart = [(_member(row), why) for row in rest if row.key not in counts and (why := _why(row, year))]
    if own is not None:
        scope = aggregation.under(_member(own), members, apart, kinds)
    else:
        scope = aggregation.everybody(area or EVERYBODY, members, apart, kinds)
    wanted = scope.keys
    reports = {row.key: (row.id, row.checked_at) for row in rows if row.id is not None and row.key in wanted}
    return TotalScope(scope, reports, _stamp(scope, reports))


def totals(store: Store, year: int, asked: TotalScope, read: Callable[..., Tally | None] | None = None) -> Totals:
    """The sums over a scope, in the edition of the year.

    `read(edition, report_id, checked_at)` gives what a report gives, for those who have kept it; else each is unpacked.
    """
    edition = Edition.of_year(year)
    read = read or (lambda edition, report_id, _: tally_of(store, report_id, edition))
    given = {key: read(edition, *version) for key, version in asked.reports.items()}
    return aggregation.add_up(asked.scope, {key: known for key, known in given.items() if known}, year, edition)


def tally_of(store: Store, report_id: int, edition: Edition) -> Tally | None:
    """What a stored report gives to the sums of an edition; None if it is gone meanwhile."""
    with store.reading() as connection:
        packed = connection.execute(select(REPORT.c.packed).where(REPORT.c.id == report_id)).scalar()
    return tally(unpack_report(packed), edition) if packed is not None else None


def _agencies(store: Store, year: int, agency: str, area: str) -> Sequence[Any]:
    """A government and those under it, else all or those of an area; the ended ones too, each with its current report."""
    if agency:
        which = or_(AGENCY.c.superior_key == agency, AGENCY.c.key == agency)
    else:
        which = AGENCY.c.area == area if area else true()
    report = and_(REPORT.c.agency_key == AGENCY.c.key, REPORT.c.year == year, REPORT.c.current)
    question = (
        select(
            *(AGENCY.c[name] for name in ("key", "name", "agency_type", "superior_key", "in_total", "abolished")),
            counted().label("counted"),
            existing(year).label("exists"),
            REPORT.c.id,
            REPORT.c.checked_at,
        )
        .outerjoin(REPORT, report)
        .where(which)
        .order_by(AGENCY.c.name)
    )
    with store.reading() as connection:
        return connection.execute(question).all()


def _member(row: Any) -> Member:
    return Member(row.key, row.name, AgencyType(row.agency_type) if row.agency_type else None, row.superior_key)


def _why(row: Any, year: int) -> LeftOut | None:
    """Why an agency is not added up; None where nobody would look for it: it ended long ago, or was not there yet."""
    if not row.exists:
        ended_then = row.abolished is not None and row.abolished.year == year
        return LeftOut.ENDED if row.id is not None or ended_then else None
    return LeftOut.BY_ROSTER if row.in_total is False else LeftOut.VERTICAL


def _stamp(scope: Scope, reports: Mapping[str, Any]) -> str:
    """A name for exactly these agencies and these versions of their reports."""
    return hashlib.sha256(repr((scope, sorted(reports.items()))).encode()).hexdigest()
