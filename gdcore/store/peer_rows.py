"""The texts that reports are compared by across agencies, and who shares bands with whom (see `gdcore.peers`)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update

from gdcore.peers import CANDIDATES, TEMPLATE
from gdcore.serial import Bands
from gdcore.store.engine import chunks
from gdcore.store.reports import Filed
from gdcore.store.tables import BAND, REPORT, WRITING

# Reports that share fewer bands of a section than these may have a phrase in common. Of 850 pairs whose section 一 was alike by
# 0.8 to 0.85 one in thirty shared fewer, of 380 more alike none.
_SHARED = 4
# One more than make a template: the last that makes it one finds its fellows checked again.
KIN = TEMPLATE + 1
# Counted no further: more others than these never make a template of what CANDIDATES of them share.
_ENOUGH_OTHERS = 4 * CANDIDATES
# Of those that share bands, so many are looked up: earlier versions are among them.
_LOOKED_UP = 100
# A band that more reports have than these is that of a template: so many of them are looked at, the newest.
_HOLDERS = CANDIDATES + 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report stands that is compared with others (those on its year, of other agencies, samples with samples), and
    the bands that lead to them: by section, or all together where they come from the store."""

    agency_key: str
    year: int
    sample: bool
    bands: Bands


@dataclass(frozen=True, slots=True)
class Text:
    """What of a report is compared: its packed writing, its bands, and what the comparison came to (`Judged.beside`)."""

    packed: bytes
    bands: frozenset[int]
    beside: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What a report is compared with: those most like it with their packed texts, and how many others there are (see `peers`)."""

    ids: tuple[int, ...]
    texts: tuple[bytes, ...]
    others: int


def write(connection: Connection, report_id: int, text: Text) -> None:
    """Put down the text and bands of a report in place of those it had."""
    known = connection.execute(select(WRITING).where(WRITING.c.report_id == report_id)).first()
    if known is not None and bands_of(connection, [report_id]).get(report_id, frozenset()) == text.bands:
        if (known.packed, known.beside) != (text.packed, text.beside):
            values = {"packed": text.packed, "beside": text.beside}
            connection.execute(update(WRITING).where(WRITING.c.report_id == report_id).values(**values))
        return
    forget(connection, [report_id])
    add(connection, {report_id: text})


def add(connection: Connection, texts: Mapping[int, Text]) -> None:
    """Put down the texts and bands of reports that have none yet."""
    rows = [{"report_id": key, "packed": text.packed, "beside": text.beside} for key, text in texts.items()]
    if rows:
        connection.execute(insert(WRITING), rows)
    bands = [{"value": band, "report_id": key} for key, text in texts.items() for band in sorted(text.bands)]
    if bands:
        connection.execute(insert(BAND), bands)


def ever(connection: Connection, keys: Collection[tuple[str, int]]) -> list[Place]:
    """Where the reports of these agencies' years stand, with the bands that any version had: what was like one is to be
    compared again with the next."""
    bands: dict[tuple[str, int, bool], set[int]] = defaultdict(set)
    wanted = set(keys)
    for part in chunks(sorted({agency for agency, _ in wanted})):
        columns = (REPORT.c.agency_key, REPORT.c.year, REPORT.c.sample, BAND.c.value)
        question = select(*columns).join(BAND, BAND.c.report_id == REPORT.c.id).where(REPORT.c.agency_key.in_(part))
        for row in connection.execute(question):
            if (row.agency_key, row.year) in wanted:
                bands[row.agency_key, row.year, row.sample].add(row.value)
    return [Place(*whose, (frozenset(values),)) for whose, values in bands.items()]


def places(connection: Connection, filed: Sequence[Filed]) -> list[Place]:
    """Where these reports stand, with the bands that they have."""
    bands = bands_of(connection, [each.report_id for each in filed])
    return [Place(e.agency_key, e.year, e.sample, (bands.get(e.report_id, frozenset()),)) for e in filed]


def bands_of(connection: Connection, report_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Report → its bands, of those of these that have any."""
    found: dict[int, set[int]] = defaultdict(set)
    for part in chunks(sorted(report_ids)):
        for row in connection.execute(select(BAND.c.report_id, BAND.c.value).where(BAND.c.report_id.in_(part))):
            found[row.report_id].add(row.value)
    return {key: frozenset(values) for key, values in found.items()}


def texts_of(connection: Connection, report_ids: Collection[int]) -> dict[int, tuple[bytes, str]]:
    """Report → its packed writing, and what the comparison came to."""
    found: dict[int, tuple[bytes, str]] = {}
    for part in chunks(sorted(report_ids)):
        for row in connection.execute(select(WRITING).where(WRITING.c.report_id.in_(part))):
            found[row.report_id] = row.packed, row.beside
    return found


def forget(connection: Connection, report_ids: Iterable[int]) -> None:
    """Take out the texts and bands of reports that go."""
    gone = list(report_ids)
    for table in (BAND, WRITING):
        connection.execute(delete(table).where(table.c.report_id.in_(gone)))


def beside(connection: Connection, asked: Sequence[Place]) -> list[Beside]:
    """What each of these is compared with: the current reports that share most bands with it."""
    nearest = _nearest(connection, asked, CANDIDATES)
    texts = texts_of(connection, {key for keys in nearest for key in keys})
    counts = _Others(connection)
    return [
        Beside(
            known := tuple(key for key in keys if key in texts), tuple(texts[key][0] for key in known), counts.of(each)
        )
        for each, keys in zip(asked, nearest, strict=True)
    ]


def kin(connection: Connection, places: Sequence[Place]) -> set[int]:
    """Current reports beside these that share some bands with one of them, the nearest KIN of each."""
    return {key for keys in _nearest(connection, places, KIN) for key in keys}


class _Others:
    """How many current reports there are beside one, counted no further than matters; asked once a year."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[int, bool], int] = {}

    def of(self, asked: Place) -> int:
        """Beside this one."""
        of_year = (REPORT.c.year == asked.year, REPORT.c.current, REPORT.c.sample == asked.sample)
        if (asked.year, asked.sample) not in self._known:
            some = select(REPORT.c.id).where(*of_year).limit(_ENOUGH_OTHERS + 1).subquery()
            count = self._connection.execute(select(func.count()).select_from(some)).scalar_one()
            self._known[asked.year, asked.sample] = count
        everybody = self._known[asked.year, asked.sample]
        if everybody > _ENOUGH_OTHERS or not everybody:
            return everybody
        own = select(func.count()).where(*of_year, REPORT.c.agency_key == asked.agency_key)
        return everybody - int(self._connection.execute(own).scalar_one())


def _nearest(connection: Connection, asked: Sequence[Place], most: int) -> list[list[int]]:
    """For each of these the `most` reports beside it that share most of its bands, each at least _SHARED of them.

    A band counts the more, the fewer reports have it: what a template gives to all does not hide who took from whom. Bands
    are counted before the reports are looked up: the other way round a whole year would be gone through.
    """
    holders = _holders(connection, {band for each in asked for bands in each.bands for band in bands})
    looked_up = [_ranked(each.bands, holders) for each in asked]
    known: dict[int, Any] = {}
    columns = (REPORT.c.id, REPORT.c.agency_key, REPORT.c.year, REPORT.c.sample)
    for part in chunks(sorted({key for keys in looked_up for key in keys})):
        rows = connection.execute(select(*columns).where(REPORT.c.id.in_(part), REPORT.c.current))
        known |= {row.id: row for row in rows}

    def stands_beside(key: int, own: Place) -> bool:
        row = known.get(key)
        return row is not None and (row.year, row.sample) == (own.year, own.sample) and row.agency_key != own.agency_key

    return [[key for key in keys if stands_beside(key, own)][:most] for own, keys in zip(asked, looked_up, strict=True)]


def _ranked(bands: Bands, holders: Mapping[int, Sequence[int]]) -> list[int]:
    enough = sharing(bands, lambda band: holders.get(band, ()))
    weights: dict[int, float] = defaultdict(float)
    for held in (holders.get(band, ()) for section in bands for band in section):
        for key in enough.intersection(held):
            weights[key] += 1 / len(held)
    return sorted(enough, key=lambda key: (-weights[key], key))[:_LOOKED_UP]


def sharing(bands: Bands, holders: Callable[[int], Iterable[int]]) -> set[int]:
    """Who shares enough bands of a section with a report to be compared with it, of those that `holders` tells of a band."""
    enough: set[int] = set()
    for section in bands:
        shared = Counter(chain.from_iterable(map(holders, section)))
        enough |= {key for key, count in shared.items() if count >= _SHARED}
    return enough


def _holders(connection: Connection, bands: Collection[int]) -> dict[int, list[int]]:
    """Band → the newest reports that have it, of those of these bands that any has."""
    asked = {"bands": json.dumps(sorted(bands)), "most": _HOLDERS}
    rows = connection.execute(_NEWEST[connection.dialect.name], asked)
    return {band: json.loads(report_ids) for band, report_ids in rows if report_ids}


# Bands go and reports come as one text each: of a thousand bands a batch, some twenty reports have each, and rows by themselves
# would take longer than to find them.
_NEWEST_OF_ONE = "FROM (SELECT report_id FROM band WHERE value = {} ORDER BY report_id DESC LIMIT :most) AS newest"
_ONE = "CAST(asked.value AS BIGINT)"
_NEWEST = {
    "sqlite": text(
        "SELECT asked.value, (SELECT nullif(json_group_array(report_id), '[]') "
        f"{_NEWEST_OF_ONE.format('asked.value')}) FROM json_each(:bands) AS asked"
    ),
    "postgresql": text(
        f"SELECT {_ONE}, (SELECT CAST(json_agg(report_id) AS TEXT) {_NEWEST_OF_ONE.format(_ONE)}) "
        "FROM json_array_elements_text(CAST(:bands AS JSON)) AS asked(value)"
    ),
}
