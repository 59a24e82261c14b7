"""The agencies of the store: found by any of their names, entered when a report names one that is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from gdcore.agency import Agency
from gdcore.form import AgencyType
from gdcore.store.engine import Store
from gdcore.store.tables import AGENCY, AGENCY_NAME, REPORT
from gdcore.text import plain


def find_agency(store: Store, name: str) -> Agency | None:
    """The agency that goes by `name` (its own, a short or a former one)."""
    with store.reading() as connection:
        row = connection.execute(
            select(AGENCY)
            .join(AGENCY_NAME, AGENCY_NAME.c.agency_key == AGENCY.c.key)
            .where(AGENCY_NAME.c.name == plain(name))
        ).first()
    return _agency(row) if row else None


def agency_by_key(store: Store, key: str) -> Agency | None:
    """The agency with this key."""
    with store.reading() as connection:
        row = connection.execute(select(AGENCY).where(AGENCY.c.key == key)).first()
    return _agency(row) if row else None


def roster_in_use(store: Store) -> bool:
    """Whether the office has given a roster: then agencies that are not on it wait for a person."""
    with store.reading() as connection:
        return connection.execute(select(AGENCY.c.key).where(AGENCY.c.source == "roster").limit(1)).first() is not None


def agency_names(store: Store) -> Mapping[str, str]:
    """Agency key → name, in the order of the names."""
    with store.reading() as connection:
        rows = connection.execute(select(AGENCY.c.key, AGENCY.c.name).order_by(AGENCY.c.name))
        return {row.key: row.name for row in rows}


def _agency(row: Any) -> Agency:
    kind = AgencyType(row.agency_type) if row.agency_type else None
    return Agency(row.key, row.name, kind, row.level, row.has_licensing, row.has_enforcement)


def enter_agency(connection: Connection, agency: Agency, sample: bool) -> None:
    """Make the agency if it is new; a real report turns a sample agency into one of the office's own."""
    source = connection.execute(select(AGENCY.c.source).where(AGENCY.c.key == agency.key)).scalar()
    if source is None:
        kind = agency.agency_type.value if agency.agency_type else None
        values = {"key": agency.key, "name": agency.name, "agency_type": kind, "level": agency.level}
        connection.execute(insert(AGENCY).values(**values, source="sample" if sample else "report"))
        connection.execute(insert(AGENCY_NAME).values(name=plain(agency.name), agency_key=agency.key))
    elif source == "sample" and not sample:
        connection.execute(update(AGENCY).where(AGENCY.c.key == agency.key).values(source="report"))


def forget_idle_agency(connection: Connection, key: str) -> None:
    """Drop an agency that exists only because a report named it, once it has none."""
    left = connection.execute(select(REPORT.c.id).where(REPORT.c.agency_key == key).limit(1)).first()
    source = connection.execute(select(AGENCY.c.source).where(AGENCY.c.key == key)).scalar()
    if left is None and source in ("report", "sample"):
        connection.execute(delete(AGENCY_NAME).where(AGENCY_NAME.c.agency_key == key))
        connection.execute(delete(AGENCY).where(AGENCY.c.key == key))
