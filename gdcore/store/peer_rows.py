"""The texts that reports are compared by across agencies, and who shares bands with whom (see `gdcore.peers`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from gdcore.peers import CANDIDATES, TEMPLATE, Writing
from gdcore.serial import pack_writing
from gdcore.store.engine import Store
from gdcore.store.tables import BAND, REPORT, WRITING

# Reports that share fewer bands than these are not alike, though they may have a phrase in common.
_KIN_BANDS = 3
# One more than make a template: the last that makes it one finds its fellows checked again.
KIN = TEMPLATE + 1
# Counted no further: more others than these never make a template of what CANDIDATES of them share.
_ENOUGH_OTHERS = 4 * CANDIDATES
# Of those that share bands, so many are looked up: earlier versions are among them.
_LOOKED_UP = 300


def write(connection: Connection, report_id: int, writing: Writing | None) -> None:
    """Put down the texts and bands of a report in place of those it had; None: it has none to compare."""
    forget(connection, [report_id])
    if writing is None:
        return
    connection.execute(insert(WRITING).values(report_id=report_id, packed=pack_writing(writing)))
    if writing.bands:
        connection.execute(insert(BAND), [{"value": band, "report_id": report_id} for band in sorted(writing.bands)])


def forget(connection: Connection, report_ids: Iterable[int]) -> None:
    """Take out the texts and bands of reports that go."""
    gone = list(report_ids)
    for table in (BAND, WRITING):
        connection.execute(delete(table).where(table.c.report_id.in_(gone)))


def peers(store: Store, writing: Writing, agency_key: str, year: int, sample: bool) -> tuple[tuple[bytes, ...], int]:
    """What a report is compared with: the packed texts of the current ones of other agencies on its year that share most
    bands with it, and how many others there are (counted no further than matters).

    Samples are compared with samples only.
    """
    others = (REPORT.c.year == year, REPORT.c.current, REPORT.c.sample == sample, REPORT.c.agency_key != agency_key)
    some = select(REPORT.c.id).where(*others).limit(_ENOUGH_OTHERS).subquery()
    with store.reading() as connection:
        count = connection.execute(select(func.count()).select_from(some)).scalar_one()
        nearest = _sharing(connection, sorted(writing.bands), others, 1, CANDIDATES)
        rows = connection.execute(select(WRITING.c.packed).where(WRITING.c.report_id.in_(nearest)))
        return tuple(row.packed for row in rows), count


def kin(store: Store, agency_key: str, year: int) -> list[int]:
    """Current reports of other agencies that share bands with any version of an agency's, the nearest KIN of them."""
    own = select(REPORT.c.id, REPORT.c.sample).where(REPORT.c.agency_key == agency_key, REPORT.c.year == year)
    with store.reading() as connection:
        versions = connection.execute(own).all()
        question = select(BAND.c.value).where(BAND.c.report_id.in_([row.id for row in versions])).distinct()
        bands = list(connection.execute(question).scalars())
        samples = REPORT.c.sample.in_(sorted({row.sample for row in versions}))
        others = (REPORT.c.year == year, REPORT.c.current, samples, REPORT.c.agency_key != agency_key)
        return _sharing(connection, bands, others, _KIN_BANDS, KIN)


def _sharing(
    connection: Connection, bands: Sequence[int], others: Sequence[ColumnElement[bool]], least: int, most: int
) -> list[int]:
    """The `most` reports among `others` that share most of `bands`, each at least `least` of them.

    Bands are counted before the reports are looked up: the other way round a whole year would be gone through.
    """
    counts = Counter(connection.execute(select(BAND.c.report_id).where(BAND.c.value.in_(bands))).scalars())
    nearest = [key for key, shared in counts.most_common(_LOOKED_UP) if shared >= least]
    known = set(connection.execute(select(REPORT.c.id).where(REPORT.c.id.in_(nearest), *others)).scalars())
    return [key for key in nearest if key in known][:most]
