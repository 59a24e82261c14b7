"""What a report gives away: personal data with their places, as rules tell of them and as views mask them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gdcore import naming, personal
from gdcore.figure import Passage
from gdcore.finding import prose_address
from gdcore.personal import Kind, Trace
from gdcore.report import Report


class Use(StrEnum):
    """What a number is there for."""

    PRIVATE = "private"
    CONTACT = "contact"  # the agency's own, given for people to call


@dataclass(frozen=True, slots=True)
class Sighting:
    """Personal data seen in a report. `passage` is just the characters that hold them, `address` that of a finding."""

    kind: Kind
    passage: Passage
    address: str
    sure: bool = True
    use: Use = Use.PRIVATE

    @property
    def text(self) -> str:
        """As printed."""
        return self.passage.text

    @property
    def masked(self) -> str:
        """As it may be shown."""
        return personal.masked(self.text, self.kind)

    @property
    def is_secret(self) -> bool:
        """Whether it is masked where the report is shown: a doubtful name is not, so that a person can judge it."""
        return self.use is Use.PRIVATE and (self.sure or self.kind is not Kind.NAME)


@dataclass(frozen=True, slots=True)
class Exposure:
    """All that was seen in a report, in reading order; the same at one address may come several times."""

    sightings: tuple[Sighting, ...] = ()

    def of(self, kinds: Collection[Kind]) -> Iterator[Sighting]:
        """The sightings of these kinds."""
        return (seen for seen in self.sightings if seen.kind in kinds)


# The rule that tells of each kind, and by that the finding whose decision clears it.
RULES = {
    Kind.IDENTITY: "PRI-01",
    Kind.OLD_IDENTITY: "PRI-01",
    Kind.MOBILE: "PRI-02",
    Kind.NAME: "PRI-03",
    Kind.ACCOUNT: "PRI-04",
    Kind.CARD: "PRI-04",
    Kind.HOME: "PRI-05",
}
# What a report must have for each finder to find anything.
_FINDERS = (
    (personal.LONG_NUMBER, personal.numbers),
    (naming.SOMEBODY, naming.parties),
    (naming.DOOR_NUMBER, naming.homes),
)


def scan(report: Report) -> Exposure:
    """The personal data that a report prints or has in the name of its file."""
    printed = report.printed
    worth = sorted((at, order) for order, (needed, _) in enumerate(_FINDERS) for at in printed.places(needed))
    passages = [(printed.passages[at], _FINDERS[order][1]) for at, order in worth]
    found = [_sighting(passage, trace) for passage, find in passages for trace in find(passage.text)]
    name = _base(report.file_name)
    found += [
        Sighting(t.kind, Passage(name[t.start : t.end]), "file", t.sure) for _, find in _FINDERS for t in find(name)
    ]
    return Exposure(tuple(found))


def _sighting(passage: Passage, trace: Trace) -> Sighting:
    found = passage.part(trace.start, trace.end)
    use = Use.CONTACT if trace.kind is Kind.MOBILE and _is_contact(passage, trace.start) else Use.PRIVATE
    return Sighting(trace.kind, found, address_of(passage, found.text), trace.sure, use)


def address_of(passage: Passage, found: str) -> str:
    """The address of something found in a passage: that of a cell or label, else part # what is said there."""
    part = passage.address.partition("#")[0] or "report"
    return part if part.startswith(("t2", "t3", "t4")) else prose_address(part, found)


_BESIDE = 30  # characters before a number in which it is said whose it is
_EDGES = ("preamble", "signoff", "file", "title", "s6", "sections")
_CONTACT = re.compile(r"联系|电话|咨询|热线|手机|传真|号码|值班|监督|举报|投诉")
_SERVICE = re.compile(
    r"(?:监督|举报|咨询|服务|投诉|值班|办公|受理|公开|热线|窗口|信箱|办)(?:电话|热线|手机|号码)|联系(?:电话|方式)"
)
_OF_A_PERSON = re.compile(r"(?:申请人|当事人|原告|村民|居民|市民|群众|本人|公民|业主|身份证|信访人|投诉人|举报人)")


def _is_contact(passage: Passage, start: int) -> bool:
    """Whether a number is the agency's own: at the report's edges any that is called one, else a published line."""
    before = personal.folded(passage.text)[max(0, start - _BESIDE) : start]
    called = _CONTACT if passage.address.partition(".")[0] in _EDGES else _SERVICE
    return called.search(before) is not None and _OF_A_PERSON.search(before) is None


def _base(file_name: str) -> str:
    """The file's own name, without folders and archives."""
    return re.split(r"[/\\]", file_name.split("!/")[-1])[-1]
