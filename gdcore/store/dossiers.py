"""What a check asks of the store: the dossiers of some reports, gathered for all of them at one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from sqlalchemy import Connection

from gdcore import profile
from gdcore.agency import Agency
from gdcore.form import AgencyType
from gdcore.judging import Dossier, Judged, Terms
from gdcore.mending import Mend
from gdcore.serial import Bands
from gdcore.store import mends, peer_rows, reports, roster
from gdcore.store.engine import Store, now
from gdcore.store.filing import Assessed
from gdcore.task import LOCAL_TIME, Task

SEASON_ENDS = (3, 31)  # of the year after the one reported on; what comes in later is put in for the record


@dataclass(frozen=True, slots=True)
class Due:
    """What a report is checked with, beside itself."""

    profile: str
    task_year: int | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report that is to be judged: as it was read (packed), whose it is, and what it is checked with.

    `bands` lead to those that may be like it. `standing`: what people mended, in place of the mends that stand; `without`: a
    stored report that is about to go.
    """

    as_read: bytes
    digest: str
    bands: Bands
    agency: Agency
    year: int
    due: Due
    standing: tuple[Mend, ...] | None = None
    without: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A dossier, and what it was gathered from: what is written beside the judgement, whether it may be written at all.

    `peer_ids` are the reports of its peers, `below` those that a government's adds up.
    """

    dossier: Dossier
    bands: Bands
    due: Due
    prior_id: int | None
    peer_ids: tuple[int, ...] = ()
    below: frozenset[int] = frozenset()

    def assessed(self, judged: Judged) -> Assessed:
        """The judgement, ready to be written."""
        due = self.due
        return Assessed(
            judged, frozenset(chain(*self.bands)), due.profile, due.task_year, self.prior_id, self.dossier.mends
        )


def ask(store: Store, wanted: Sequence[Wanted], terms: dict[str, Terms] | None = None) -> list[Asked]:
    """What these are to be judged by: last year's of the same agency, this year's of others, what people mended.

    Gathered for all at once, as they stand at one moment. `terms` by profile, where they were read already; what is read is
    put in.
    """
    known_terms = {} if terms is None else terms
    for each in wanted:
        if each.due.profile not in known_terms:
            known_terms[each.due.profile] = terms_of(store, each.due.profile)
    with store.reading() as connection:
        gathered = _Gathered(connection, wanted)
        return [gathered.asked(n, known_terms[each.due.profile]) for n, each in enumerate(wanted)]


class _Gathered:
    """What the store knows beside some reports, asked for all of them together."""

    def __init__(self, connection: Connection, wanted: Sequence[Wanted]) -> None:
        self._connection, self._wanted = connection, wanted
        places = [peer_rows.Place(e.agency.key, e.year, e.due.sample, e.bands) for e in wanted]
        self._beside = peer_rows.beside(connection, places)
        self._mends = mends.all_standing(connection, {each.digest for each in wanted})
        keys: dict[int, set[str]] = defaultdict(set)
        for each in wanted:
            keys[each.year].add(each.agency.key)
        self._priors = {year: reports.years_before(connection, those, year) for year, those in keys.items()}
        self._received = {year: reports.first_received(connection, those, year) for year, those in keys.items()}
        self._archived: dict[tuple[int, bool], bool] = {}

    def asked(self, number: int, terms: Terms) -> Asked:
        """The dossier of one of them."""
        each, beside = self._wanted[number], self._beside[number]
        prior_id, prior = self._prior(each)
        below, ids, missing = self._subordinates(each)
        dossier = Dossier(
            as_read=each.as_read,
            agency=each.agency,
            task=Task(each.due.task_year, self._submitted(each), self._holds_year_before(each)),
            terms=terms,
            mends=self._mends.get(each.digest, ()) if each.standing is None else each.standing,
            prior=prior,
            peers=beside.texts,
            others=beside.others,
            subordinates=below,
            missing=missing,
        )
        return Asked(dossier, each.bands, each.due, prior_id, beside.ids, ids)

    def _prior(self, each: Wanted) -> tuple[int | None, bytes | None]:
        found = self._priors[each.year].get(each.agency.key, (None, None))
        if each.without is not None and found[0] == each.without:  # the one that would count were it not there
            return reports.newest(self._connection, each.agency.key, each.year - 1, each.without) or (None, None)
        return found

    def _holds_year_before(self, each: Wanted) -> bool:
        asked = each.year - 1, each.due.sample
        if asked not in self._archived:
            self._archived[asked] = reports.holds_year(self._connection, *asked)
        return self._archived[asked]

    def _subordinates(self, each: Wanted) -> tuple[tuple[bytes, ...] | None, frozenset[int], tuple[str, ...]]:
        """The reports that a government's adds up, their ids, and who is missing; None where the roster has nobody under it."""
        if each.agency.agency_type is not AgencyType.GOVERNMENT:
            return None, frozenset(), ()
        expected = roster.added_up(self._connection, each.agency.key, each.year)
        if not expected:
            return None, frozenset(), ()
        filed = reports.current_reports(self._connection, list(expected), each.year)
        missing = tuple(name for key, name in expected.items() if key not in filed)
        return tuple(data for _, data in filed.values()), frozenset(i for i, _ in filed.values()), missing

    def _submitted(self, each: Wanted) -> date | None:
        """The local day on which an office first received a report, where its arrival here tells that day.

        It does in the season of the year that a person set as due. Reports of other years are put in for comparison and
        samples never came in; told to be late, all of them would be false alarms.
        """
        due = each.due
        if due.task_year is None or due.sample:
            return None
        moments = [self._received[each.year].get(each.agency.key)]
        if each.without is not None:
            moments.append(reports.received(self._connection, each.without))
        moment = min((m for m in moments if m is not None), default=None) or now()
        day = moment.astimezone(LOCAL_TIME).date()
        last = date(due.task_year + 1, *SEASON_ENDS)
        return day if date(due.task_year + 1, 1, 1) <= day <= last else None


def terms_of(store: Store, profile_name: str) -> Terms:
    """The profile of this name and the scheme, as they stand now."""
    return Terms.of(profile.load(profile_name, store.settings), store.scheme)
