"""What was seen where agencies publish: one row a look, only ever added; and the publications that people register."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, true

from gdcore.form import AgencyType
from gdcore.lifecycle import FILING as MACHINE
from gdcore.lifecycle import IllegalMove
from gdcore.masking import CLEARED
from gdcore.publication import PUBLISHED, Difference, Kind, Outcome
from gdcore.store import audit, progress, searching, summaries
from gdcore.store.engine import Store, chunks, mapping, now
from gdcore.store.roster import within
from gdcore.store.rows import Decided
from gdcore.store.tables import AGENCY, AGENCY_NAME, FILING, FINDING_STATE, PUBLICATION, REPORT

# States of a filing in which there is a version that passed, so that what was published can be held against it.
PASSED = ("approved", "published", "rechecked")
SORTED = 5_000  # more reports than these are not sorted to list the first of them


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look: when, where, and what it came to against which version. `digest`: the bytes that were read."""

    look_id: int
    agency_key: str
    year: int
    url: str
    looked_at: datetime
    outcome: Outcome
    sentence: str
    differences: tuple[Difference, ...]
    published_on: date | None
    digest: str | None
    version: int | None
    actor: str


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """An agency whose report passed: where it publishes, and the last look at that version, None if there was none.

    `url` is the registered address, else one where the report was found, else that of the roster, else the last one tried.
    """

    agency_key: str
    agency: str
    agency_type: AgencyType | None
    state: str
    version: int
    received_at: datetime
    url: str
    publish_by: date | None
    look: LookRow | None = None
    published_on: date | None = None

    @property
    def agrees(self) -> bool:
        """Whether the last look found nothing that a person has to decide."""
        return self.look is not None and self.look.outcome is Outcome.SAME


@dataclass(frozen=True, slots=True)
class Registration:
    """That an agency published its report: on which day, at which address."""

    agency_key: str
    day: date
    url: str


# --- asking ---------------------------------------------------------------------------------------------------------


def publications(
    store: Store,
    year: int,
    states: Sequence[str] = PASSED,
    scope: str | None = None,
    words: str = "",
    limit: int | None = None,
) -> list[PublishedRow]:
    """The agencies whose report on a year is in one of `states`, with the last look at the version that counts.

    By name; the first `limit` of those at or below the body `scope` that have `words` in their names.
    """
    passed = (FILING.c.year == year, FILING.c.state.in_(states))
    report = and_(REPORT.c.agency_key == FILING.c.agency_key, REPORT.c.year == FILING.c.year, REPORT.c.current)
    columns = (AGENCY.c.name, AGENCY.c.agency_type, AGENCY.c.url, AGENCY.c.publish_by, REPORT.c.version)
    question = (
        select(FILING, *columns, REPORT.c.received_at)
        .join(AGENCY, AGENCY.c.key == FILING.c.agency_key)
        .join(REPORT, report)
        .where(*passed)
        .order_by(AGENCY.c.name)
    )
    named = (within(scope, AGENCY.c.key), searching.named(words) if words else true())
    with store.reading() as connection:
        if limit is not None and _are_many(connection, year, scope, states):
            # Agencies are gone through by name until there are enough: to sort all that passed takes longer the more there are.
            has = select(FILING.c.agency_key).where(FILING.c.agency_key == AGENCY.c.key, *passed).exists()
            first = select(AGENCY.c.key).where(has, *named).order_by(AGENCY.c.name).limit(limit)
            question = question.where(AGENCY.c.key.in_(connection.execute(first).scalars().all()))
        else:
            question = question.where(*named).limit(limit)
        rows = connection.execute(question).all()
        latest = _latest(connection, year, None if limit is None else [row.agency_key for row in rows])
    return [_published_row(row, latest.get(row.agency_key)) for row in rows]


def _are_many(connection: Connection, year: int, scope: str | None, states: Sequence[str]) -> bool:
    counts = summaries.of_kind(connection, year, scope, "filing")
    return sum(counts.get(state, 0) for state in states) > SORTED


def _published_row(row: Any, look: LookRow | None) -> PublishedRow:
    kind = AgencyType(row.agency_type) if row.agency_type else None
    found = look.url if look is not None and look.outcome in PUBLISHED else None
    return PublishedRow(
        agency_key=row.agency_key,
        agency=row.name,
        agency_type=kind,
        state=row.state,
        version=row.version,
        received_at=row.received_at,
        url=row.published_url or found or row.url or (look.url if look else ""),
        publish_by=row.publish_by,
        look=look if look is not None and look.version == row.version else None,
        published_on=row.published_on,
    )


def _latest(connection: Connection, year: int, keys: Sequence[str] | None) -> Mapping[str, LookRow]:
    """Agency key → the last look of a year, of all or of some agencies."""
    newest = select(func.max(PUBLICATION.c.id)).where(PUBLICATION.c.year == year).group_by(PUBLICATION.c.agency_key)
    if keys is not None:
        newest = newest.where(PUBLICATION.c.agency_key.in_(keys))
    rows = connection.execute(select(PUBLICATION).where(PUBLICATION.c.id.in_(newest)))
    return {row.agency_key: _look(row) for row in rows}


def looks(store: Store, agency_key: str, year: int) -> list[LookRow]:
    """All looks at an agency's report on a year, newest first."""
    mine = (PUBLICATION.c.agency_key == agency_key, PUBLICATION.c.year == year)
    with store.reading() as connection:
        rows = connection.execute(select(PUBLICATION).where(*mine).order_by(PUBLICATION.c.id.desc()))
        return [_look(row) for row in rows]


def cleared(store: Store, agency_key: str, year: int) -> frozenset[tuple[str, str]]:
    """(rule, address) of the findings against an agency's report that a person has cleared."""
    mine = (FINDING_STATE.c.agency_key == agency_key, FINDING_STATE.c.year == year, FINDING_STATE.c.state.in_(CLEARED))
    with store.reading() as connection:
        rows = connection.execute(select(FINDING_STATE.c.rule, FINDING_STATE.c.address).where(*mine))
        return frozenset((row.rule, row.address) for row in rows)


def owners(store: Store, names: Collection[str]) -> dict[str, str]:
    """Of these names in plain form those that are of an agency → its key."""
    question = select(AGENCY_NAME.c.name, AGENCY_NAME.c.agency_key)
    found: dict[str, str] = {}
    with store.reading() as connection:
        for part in chunks(sorted(names)):
            found |= mapping(connection.execute(question.where(AGENCY_NAME.c.name.in_(part))))
    return found


def _look(row: Any) -> LookRow:
    found = (Difference(**(d | {"kind": Kind(d["kind"])})) for d in json.loads(row.findings))
    return LookRow(
        row.id,
        row.agency_key,
        row.year,
        row.url,
        row.looked_at,
        Outcome(row.outcome),
        row.sentence,
        tuple(found),
        row.published_on,
        row.digest,
        row.version,
        row.actor,
    )


# --- adding ---------------------------------------------------------------------------------------------------------


def add_look(
    store: Store,
    agency_key: str,
    year: int,
    url: str,
    outcome: Outcome,
    sentence: str,
    actor: str,
    differences: Sequence[Difference] = (),
    published_on: date | None = None,
    digest: str | None = None,
    version: int | None = None,
) -> int:
    """Keep what a look came to; its number."""
    row = {
        "agency_key": agency_key,
        "year": year,
        "url": url,
        "outcome": outcome.value,
        "sentence": sentence,
        "published_on": published_on,
        "digest": digest,
        "version": version,
        "actor": actor,
    }
    found = json.dumps([asdict(d) for d in differences], ensure_ascii=False)
    with store.writing() as connection:
        values = {**row, "looked_at": now(), "findings": found}
        (number,) = connection.execute(insert(PUBLICATION).values(**values)).inserted_primary_key or (0,)
        told = {"url": url, "outcome": outcome.value, "version": version, "digest": digest}
        audit.record(connection, actor, "publication_look", f"{agency_key} {year}", **told)
    return int(number)


def register(
    store: Store, published: Sequence[Registration], year: int, actor: str, rechecked: bool = False
) -> Decided:
    """Register that reports were published, and with `rechecked` that what was published is in order; all or nothing.

    What is registered already is only rechecked. Raises IllegalMove where no step is left to take.
    """
    changed = 0
    with store.writing() as connection:
        states = mapping(connection.execute(select(FILING.c.agency_key, FILING.c.state).where(FILING.c.year == year)))
        for each in published:
            key, state = (each.agency_key, year), states.get(each.agency_key, MACHINE.start)
            steps = ("published", "rechecked") if rechecked else ("published",)
            for step in steps[steps.index(state) + 1 :] if state in steps else steps:
                laid_down = {"published_on": each.day, "published_url": each.url} if step == "published" else {}
                progress.step_filings(connection, {key: step}, actor, "公开复核", **laid_down)
                state = step
            changed += state != states.get(each.agency_key)
        if not changed:
            raise IllegalMove("这些报告已经登记过了。")
    return Decided(changed, len(published) - changed, changed)
