"""What the page 比对 asks beside reports: what stood against each version, and which texts of a year are alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import Connection, func, select

from gdcore import likeness
from gdcore.peers import CANDIDATES, SECTIONS, TEMPLATE, TEMPLATE_BATCH, TEMPLATE_SHARE, Writing
from gdcore.serial import unpack_writing
from gdcore.store.engine import Store, chunks
from gdcore.store.roster import within
from gdcore.store.rows import AlikeRow, AlikeYear, VersionMarks
from gdcore.store.tables import AGENCY, BAND, FINDING, REPORT, WRITING

# Pairs of a year that are compared in earnest: those with the most bands in common.
MOST_PAIRS = 10 * CANDIDATES
# Two texts that share fewer bands have a phrase in common, not a text.
LEAST_BANDS = 3


def version_marks(store: Store, agency_key: str, year: int) -> tuple[VersionMarks, ...]:
    """What stands against each version of an agency's report on a year, the oldest version first."""
    of_year = (REPORT.c.agency_key == agency_key, REPORT.c.year == year)
    versions = select(REPORT.c.id, REPORT.c.version, REPORT.c.engine).where(*of_year).order_by(REPORT.c.version)
    with store.reading() as connection:
        rows = connection.execute(versions).all()
        question = select(FINDING.c.report_id, FINDING.c.fingerprint).where(
            FINDING.c.report_id.in_([row.id for row in rows]), FINDING.c.standing != ""
        )
        standing: dict[int, set[str]] = defaultdict(set)
        for report_id, fingerprint in connection.execute(question):
            standing[report_id].add(fingerprint)
    return tuple(VersionMarks(row.version, row.engine, frozenset(standing[row.id])) for row in rows)


def alike(store: Store, year: int, least: float, scope: str | None = None) -> AlikeYear:
    """The pairs of current reports of a year of which section 一 or 五 is alike by at least `least` (0…1).

    Found by the bands they share (`gdcore.peers`). A band that as many hold as make a template is no sign of a copy and
    left out, so that an area with a model text does not fill the list. Samples are paired with samples only. With a `scope`
    only the agencies at or below that body are paired.
    """
    with store.reading() as connection:
        filed = _filed(connection, year, scope)
        holders, most = _holders(connection, year, scope), _shared_by_most(len(filed))
        own = [ids for ids in holders if len(ids) <= most]
        common = [ids for ids in holders if len(ids) > most]
        nearest = _nearest(own, filed)
        found = list(_compared(connection, nearest[:MOST_PAIRS], filed, least))
        template = sorted(filed[report_id].name for report_id in _mostly(connection, common))
    pairs = sorted(found, key=lambda row: (-row.most, row.left, row.right))
    return AlikeYear(tuple(pairs), len(filed), tuple(template), len(nearest) > MOST_PAIRS)


@dataclass(frozen=True, slots=True)
class _Filed:
    """Whose report it is."""

    key: str
    name: str
    sample: bool


_Pair = tuple[int, int]


def _filed(connection: Connection, year: int, scope: str | None) -> dict[int, _Filed]:
    """The current reports of a year that have texts to compare."""
    question = (
        select(REPORT.c.id, AGENCY.c.key, AGENCY.c.name, REPORT.c.sample)
        .join(AGENCY, AGENCY.c.key == REPORT.c.agency_key)
        .where(REPORT.c.year == year, REPORT.c.current, within(scope, REPORT.c.agency_key))
        .where(REPORT.c.id.in_(select(BAND.c.report_id)))
    )
    return {row.id: _Filed(row.key, row.name, row.sample) for row in connection.execute(question)}


def _holders(connection: Connection, year: int, scope: str | None) -> list[list[int]]:
    """The current reports of a year that hold a band in common, for each band that several hold."""
    question = select(BAND.c.value, BAND.c.report_id).join(REPORT, REPORT.c.id == BAND.c.report_id)
    holders: dict[int, list[int]] = defaultdict(list)
    # Told apart here: to group them, a database would go through the bands of all years.
    of_year = (REPORT.c.year == year, REPORT.c.current, within(scope, REPORT.c.agency_key))
    for value, report_id in connection.execute(question.where(*of_year)).all():
        holders[value].append(report_id)
    return [ids for ids in holders.values() if len(ids) > 1]


def _shared_by_most(reports: int) -> float:
    """How many of them may have a text in common before it is a template (see `Peers.is_template`)."""
    others = reports - 1
    return min(TEMPLATE, TEMPLATE_SHARE * others) if others >= TEMPLATE_BATCH else TEMPLATE


def _nearest(holders: Iterable[Sequence[int]], filed: Mapping[int, _Filed]) -> list[_Pair]:
    """The pairs that share enough bands, those with the most first."""
    counts = Counter(pair for ids in holders for pair in combinations(sorted(i for i in ids if i in filed), 2))
    near = (pair for pair, shared in counts.most_common() if shared >= LEAST_BANDS)
    return [(one, other) for one, other in near if filed[one].sample == filed[other].sample]


def _mostly(connection: Connection, common: Iterable[Sequence[int]]) -> list[int]:
    """The reports at least half of whose bands are common ones."""
    counts = Counter(report_id for ids in common for report_id in ids)
    found = []
    for part in chunks(list(counts)):
        question = select(BAND.c.report_id, func.count()).where(BAND.c.report_id.in_(part)).group_by(BAND.c.report_id)
        found += [report_id for report_id, bands in connection.execute(question) if 2 * counts[report_id] >= bands]
    return found


def _compared(
    connection: Connection, pairs: Sequence[_Pair], filed: Mapping[int, _Filed], least: float
) -> Iterator[AlikeRow]:
    """Those pairs that are alike by at least `least` and of two bodies; a government and its office are one."""
    writings = _writings(connection, sorted({report_id for pair in pairs for report_id in pair}))
    for pair in pairs:
        one, other = (writings[report_id] for report_id in pair)
        if one.is_of(other) or one.digest == other.digest:
            continue
        shares = [_share(one, other, key) for key in SECTIONS]
        if max(share or 0 for share in shares) >= least:
            (left_key, left), (right_key, right) = sorted(((filed[i].key, filed[i].name) for i in pair), key=_by_name)
            yield AlikeRow(left_key, left, right_key, right, *shares)


def _by_name(agency: tuple[str, str]) -> str:
    return agency[1]


def _share(one: Writing, other: Writing, key: str) -> float | None:
    texts = one.texts[key], other.texts[key]
    return likeness.similarity(*texts) if min(map(len, texts)) >= likeness.ENOUGH else None


def _writings(connection: Connection, report_ids: Sequence[int]) -> dict[int, Writing]:
    found: dict[int, Writing] = {}
    for part in chunks(report_ids):
        rows = connection.execute(select(WRITING).where(WRITING.c.report_id.in_(part)))
        found |= {row.report_id: unpack_writing(row.packed) for row in rows}
    return found
