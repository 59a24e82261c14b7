"""One report judged by all that is known of it: a pure step from data to data, done in whichever process is free.

The store gathers a `Dossier`, `judge` makes a `Judged` of it, the store writes that down: neither side knows the other's work,
so that the one writer only writes.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter

import gdcore
from gdcore import checking, kept, mending
from gdcore.agency import Agency
from gdcore.catalogue import Catalogue
from gdcore.checking import Facts
from gdcore.finding import Finding
from gdcore.mending import Mend
from gdcore.peers import Peers, Writing
from gdcore.profile import Profile
from gdcore.report import Report
from gdcore.rules import CATALOGUE, alike
from gdcore.scoring import Scheme
from gdcore.serial import Judgement, pack_judgement, pack_report, pack_writing, unpack_report, unpack_writing
from gdcore.summary import Card, card_of
from gdcore.task import Subordinates, Task


@dataclass(frozen=True, slots=True)
class Terms:
    """By what reports are judged and scored, as bytes: made once for many reports, read once in each process.

    `engine` names what judges by them here.
    """

    data: bytes
    engine: str

    @classmethod
    def of(cls, profile: Profile, scheme: Scheme) -> Terms:
        """Of a profile with its dictionaries, and a scoring scheme."""
        packed = zlib.compress(pickle.dumps((profile, scheme), pickle.HIGHEST_PROTOCOL))  # each report brings it along
        return cls(packed, engine_name(profile))


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that a report is judged by, as the store had it at one moment: data alone, reports packed.

    `as_read` with what people mended (`mends`); `prior` is last year's report, `peers` are the packed texts of the `others`
    (how many reports there are beside it) that may be like it, `subordinates` the numbers of the reports that a government's
    adds up, None where nothing stands under it, and `missing` the names of those that did not file.
    """

    as_read: bytes
    agency: Agency
    task: Task
    terms: Terms
    mends: tuple[Mend, ...] = ()
    prior: bytes | None = None
    peers: tuple[bytes, ...] = ()
    others: int = 0
    subordinates: tuple[bytes, ...] | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a report, ready to be written: `report` in force, packed; `as_read` where people mended it.

    `numbers` is what a government adds up of it, packed. `judgement` (packed: outcomes, reasons, score) and `card` hold as
    long as nobody decided on any of the findings. `writing` (packed) is what others are compared with, `beside` what the
    comparison came to (`Peers.answer`), `near` tells which of the dossier's peers are so like it that they are to be judged
    again; `engine` names what judged.
    """

    digest: str
    format: str
    report: bytes
    numbers: bytes
    as_read: bytes | None
    findings: tuple[Finding, ...]
    judgement: bytes
    card: Card
    writing: bytes
    beside: str
    near: tuple[int, ...]
    engine: str


def judge(dossier: Dossier) -> Judged:
    """The report of a dossier, with what people mended put in, judged by every rule and scored."""
    profile, scheme = _read_terms(dossier.terms.data)
    report = kept.take(dossier.as_read)
    subject = mending.apply(report, dossier.mends)
    own = Writing.of(subject, dossier.agency)
    beside = Peers(own, tuple(unpack_writing(each) for each in dossier.peers), dossier.others)
    checked = checking.check(_facts(dossier, subject, profile, beside))
    card = card_of(subject, checked.findings, {}, scheme)
    return Judged(
        digest=subject.digest,
        format=subject.format.value,
        report=pack_report(subject) if dossier.mends else dossier.as_read,
        numbers=pack_report(subject.without_places()),
        as_read=dossier.as_read if dossier.mends else None,
        findings=checked.findings,
        judgement=pack_judgement(Judgement(checked.outcomes, checked.reasons, card.score)),
        card=card,
        writing=pack_writing(own),
        beside=beside.answer(alike.least(profile)),
        near=beside.near(alike.least(profile)),
        engine=engine_name(profile),
    )


def compare(terms: Terms, asked: Sequence[tuple[bytes, Sequence[bytes], int]]) -> list[str]:
    """What comparisons come to now: for each a packed writing, those that may be like it, and how many others there are."""
    least = alike.least(_read_terms(terms.data)[0])
    return [
        Peers(unpack_writing(own), tuple(unpack_writing(each) for each in others), count).answer(least)
        for own, others, count in asked
    ]


def pairs(terms: Terms, asked: Sequence[tuple[bytes, bytes]]) -> list[bool]:
    """Whether these packed writings, two by two, are so alike that a rule may name one at the other."""
    least = alike.least(_read_terms(terms.data)[0])
    told: list[bool] = []
    for own, group in groupby(asked, key=itemgetter(0)):  # of one come many, which are compared with it together
        others = tuple(unpack_writing(other) for _, other in group)
        near = set(Peers(unpack_writing(own), others, len(others)).near(least))
        told += [at in near for at in range(len(others))]
    return told


def _facts(dossier: Dossier, subject: Report, profile: Profile, beside: Peers) -> Facts:
    below = dossier.subordinates
    return Facts(
        report=subject,
        profile=profile,
        task=dossier.task,
        agency=dossier.agency,
        prior=unpack_report(dossier.prior) if dossier.prior is not None else None,
        peers=beside if beside.count else None,
        subordinates=None if below is None else Subordinates(tuple(map(unpack_report, below)), dossier.missing),
        agency_key=dossier.agency.key,
    )


@lru_cache(maxsize=8)
def _read_terms(data: bytes) -> tuple[Profile, Scheme]:
    """Written by the process that gives the work, which is ours."""
    profile, scheme = pickle.loads(zlib.decompress(data))
    return profile, scheme


@cache
def _rules_name(catalogue: Catalogue = CATALOGUE) -> str:
    return f"{gdcore.__version__}+{catalogue.fingerprint}"


def engine_name(terms: Profile) -> str:
    """What judges: the version of the program, of its rules, and of what the profile and the dictionaries ask.

    Another name means that reports are checked again.
    """
    return f"{_rules_name()}.{terms.fingerprint}"
