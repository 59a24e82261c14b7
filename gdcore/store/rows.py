"""What the store answers with: frozen rows, one type for each question that a page, an export or a verb asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from gdcore.aggregation import Scope
from gdcore.finding import Finding
from gdcore.place import Place
from gdcore.report import Report
from gdcore.scoring import Score
from gdcore.verdict import Outcome


@dataclass(frozen=True, slots=True)
class YearSummary:
    """A year in two numbers; `average` is that of the scored reports, None without any."""

    filed: int
    average: float | None


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A year of the trend: reports filed, the average of the scored ones, standing errors for each report filed."""

    year: int
    filed: int
    average: float | None
    errors: float


@dataclass(frozen=True, slots=True)
class DueRow:
    """The agencies that are to submit by one day (None: no such day is known), and how many of them did.

    `own`: the roster sets the day for these agencies alone.
    """

    day: date | None
    own: bool
    expected: int
    filed: int

    @property
    def missing(self) -> int:
        """How many have not filed."""
        return self.expected - self.filed


@dataclass(frozen=True, slots=True)
class Overview:
    """A year at a glance. `average` counts scored reports only; `withheld` are filed reports without a score.

    `dues` divides the agencies by the day on which their reports are due, the earliest first.
    """

    year: int
    expected: int
    filed: int
    missing: int
    average: float | None
    review_findings: int
    review_agencies: int
    vetoes: int
    bands: tuple[tuple[str, float, int], ...]
    withheld: int
    waiting_files: int
    refused_files: int
    updated_at: datetime | None
    previous: YearSummary | None
    dues: tuple[DueRow, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One word of the matrix and the finding behind it, None where there is none."""

    word: str
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An agency's nine words: 一 … 六, 表二, 表三, 表四.

    `received_at` is when the first version of its report came in, `due` the day by which it is to be submitted.
    """

    agency_key: str
    agency: str
    report_id: int | None
    total: float | None
    band: str | None
    words: tuple[MatrixCell, ...]
    agency_type: str | None = None
    received_at: datetime | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class TotalChoices:
    """What can be added up in a year: `governments` by key, those with most agencies under them first; `areas`."""

    governments: Mapping[str, str]
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TotalScope:
    """Who is added up, with the report of each: (id, when it was checked). `stamp` names exactly these."""

    scope: Scope
    reports: Mapping[str, tuple[int, datetime]]
    stamp: str


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A rule, how many agencies it stands against, and their share (0…1) of those that filed."""

    rule: str
    severity: str
    agencies: int
    share: float


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency in a year. `faults` are (rule, level), gravest first, with level as in LEVELS; one entry a rule.

    `errors`, `warnings`, `infos` count findings that stand as faults (fail, or review once confirmed), `reviews` those
    that wait for a decision; what was dismissed counts nowhere. `bucket_rates` is the share (0…1) kept of each bucket.
    `state` is `not_filed` or `filed`.
    """

    agency_key: str
    agency: str
    agency_type: str | None
    report_id: int | None = None
    version: int | None = None
    total: float | None = None
    band: str | None = None
    change_from_prior: float | None = None
    faults: tuple[tuple[str, str], ...] = ()
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    reviews: int = 0
    veto: str | None = None
    bucket_rates: tuple[float, ...] = ()
    state: str = "not_filed"


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """A page of agencies; `total` of the whole filter, of which `missing` have not filed."""

    rows: tuple[AgencyRow, ...]
    total: int
    missing: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A stored finding with what surrounds it; `points` is what its rule costs, told at the finding that costs it.

    `standing` says how it counts now: error, warning or info as a fault, review while undecided, "" once dismissed.
    """

    finding: Finding
    state: str
    points: float
    agency_key: str
    agency: str
    year: int
    version: int
    file: str
    report_id: int
    bucket: str | None = None
    standing: str = ""
    note: str = ""
    actor: str = ""
    decided_at: datetime | None = None
    due: date | None = None

    @property
    def fingerprint(self) -> str:
        """The finding's fingerprint."""
        return self.finding.fingerprint

    @property
    def level(self) -> str:
        """The finding's severity, or "review" where its outcome is 待核: the `sev` of addresses."""
        return "review" if self.finding.outcome is Outcome.REVIEW else self.finding.severity.value


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a report, for the choice of versions."""

    report_id: int
    version: int
    file_name: str
    received_at: datetime
    total: float | None
    current: bool


@dataclass(frozen=True, slots=True)
class MendRow:
    """A correction of a reading: who, when, why, and whether it stands.

    `raw` is what was set (None for an assigned table), `read` what had been read (None: nothing was found there).
    `version` is that of the report whose file it belongs to; `in_force`: it stands, and has its effect in that report.
    """

    mend_id: int
    address: str
    raw: str | None
    read: str | None
    reason: str
    actor: str
    created_at: datetime
    version: int
    in_force: bool
    undone_at: datetime | None = None
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report with everything that was found out about it. `neighbours`: agency keys before and after, worst first.

    `mends`: what people corrected in the reading of this version and of the others, newest first. `report` is a copy in
    which personal data are masked until they are cleared, `hidden` where these are printed: it is for showing only.
    """

    report_id: int
    agency_key: str
    agency: str
    agency_type: str | None
    year: int
    version: int
    current: bool
    versions: tuple[VersionRow, ...]
    file_name: str
    received_at: datetime
    checked_at: datetime
    report: Report
    score: Score
    outcomes: Mapping[str, Outcome]
    reasons: Mapping[str, str]
    findings: tuple[FindingRow, ...]
    prior_total: float | None
    neighbours: tuple[str | None, str | None]
    mends: tuple[MendRow, ...] = ()
    hidden: tuple[Place, ...] = ()
    change: str = ""


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are asked for; an empty field asks for nothing. Only current versions unless `versions` is True.

    `severities` takes error, warning, info (these of outcome fail alone), review (待核 of any severity) and veto (the
    scheme's veto rules, as errors); `states` the codes of `lifecycle`; `agencies` agency keys; `agency` a piece
    of a name; `rules` codes; `bucket` a bucket's key; `outcome` fail or review; `q` a piece of the text, though not of that of
    the rules `silent`; `scope` the key of a body at or below which the agency stands.
    """

    year: int | None = None
    severities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    bucket: str | None = None
    outcome: str | None = None
    q: str = ""
    silent: tuple[str, ...] = ()
    agency: str = ""
    report_id: int | None = None
    fingerprints: tuple[str, ...] = ()
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class FindingPage:
    """A page of findings with the figures for the whole filter.

    `severity_counts` leaves the filter's own severities out, `state_counts` its own states, so that each choice shows
    what it would give. Keys: those of `FindingFilter.severities`, and state codes. `agencies` is None where there are too
    many findings to count them.
    """

    rows: tuple[FindingRow, ...]
    total: int
    agencies: int | None
    reviews: int
    severity_counts: Mapping[str, int]
    state_counts: Mapping[str, int]
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A file of a batch and what became of it.

    `state`: queued, stored, unchanged, waiting (待确认), refused (未接收), superseded (replaced by a later upload).
    `kind` tells refusals apart: 加密, 损坏, 文种不符, 出错 …; `reason` why it waits or was refused; `change` is
    首次报送, 内容相同，未变 or 消失 3 · 仍在 1 · 新增 0; `evidence` where agency and year were read.
    """

    intake_id: int
    batch_id: int
    file_name: str
    state: str
    sha256: str = ""
    format: str | None = None
    agency: str | None = None
    agency_key: str | None = None
    agency_type: str | None = None
    year: int | None = None
    confidence: float | None = None
    evidence: str = ""
    kind: str = ""
    reason: str = ""
    remedy: str = ""
    report_id: int | None = None
    version: int | None = None
    total: float | None = None
    errors: int = 0
    warnings: int = 0
    reviews: int = 0
    change: str = ""


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch and how far it is. `running`: files are still queued; `seconds_left` an estimate, None before the first."""

    batch_id: int
    created_at: datetime
    year: int | None
    total: int
    done: int
    stored: int
    unchanged: int
    waiting: int
    refused: int
    running: bool
    seconds_left: float | None
    results: tuple[IntakeRow, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One entry of the decision log."""

    fingerprint: str
    state: str
    before: str
    actor: str
    at: datetime
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What a command did: how many it changed, and those it left because someone else had moved them meanwhile, or
    because they cannot take the step; `why` is the sentence of the first of these."""

    changed: int
    refused: int
    reports: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A government that a view can be narrowed to, how many agencies that leaves, and its depth among such (0…)."""

    key: str
    name: str
    agencies: int
    depth: int


@dataclass(frozen=True, slots=True)
class Duty:
    """What an office lays down about a finding, beside its state; None leaves a field as it is.

    `due` 整改时限, `responsible` 责任人, `demand` 整改要求, `progress` 整改情况, `evidence` of the correction (a version, an
    address), `remark` 备注, `waiver_until` the day on which a waiver ends.
    """

    due: date | None = None
    responsible: str | None = None
    demand: str | None = None
    progress: str | None = None
    evidence: str | None = None
    remark: str | None = None
    waiver_until: date | None = None

    def values(self) -> dict[str, date | str]:
        """The fields that are laid down."""
        named = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in named if value is not None}


@dataclass(frozen=True, slots=True)
class FilingRow:
    """Where an agency's report on a year stands, since when, and by whom; `due`: until when a returned one comes back."""

    agency_key: str
    year: int
    state: str
    round: int
    due: date | None
    published_on: date | None
    published_url: str | None
    actor: str
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class FilingStepRow:
    """One step of a filing; `version` is the report that counted then."""

    before: str
    state: str
    round: int
    version: int | None
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which lines of the 整改台账 are asked for; an empty field asks for nothing.

    `states` codes of the finding's state; `due` "overdue" or "soon"; `agencies` agency keys, `rules` codes, `q` a piece of
    the text, though not of that of the rules `silent`; `scope` the key of a body at or below which the agency stands. `today` is the day from which deadlines are
    counted, `soon` the last day that is soon.
    """

    year: int
    today: date
    soon: date
    states: tuple[str, ...] = ()
    due: str = ""
    agencies: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    q: str = ""
    silent: tuple[str, ...] = ()
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the 整改台账: the finding as it last stood, and what the office laid down about it.

    `present`: the version that counts has it. `message`, `found` and `expected` are masked like every finding.
    """

    fingerprint: str
    state: str
    agency_key: str
    agency: str
    year: int
    rule: str
    severity: str
    bucket: str | None
    address: str
    message: str
    expected: str | None
    found: str | None
    suggestion: str
    version: int | None
    present: bool
    due: date | None
    responsible: str | None
    demand: str | None
    progress: str | None
    evidence: str | None
    remark: str | None
    reason: str
    note: str
    actor: str
    decided_at: datetime
    issued_at: datetime | None
    finished_at: datetime | None
    verified_by: str | None
    before_waiver: str | None
    waiver_by: str | None
    waiver_until: date | None


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """The 整改台账 of a year in figures. `states`: lines by state; `overdue`, `soon`: open lines by deadline, with the
    agencies they are of; `earliest`: the deadline longest past; `issued`: all that were ever issued, `closed_share` (0…1)
    how many of these are closed, None without any; `rules`: codes of which there are lines."""

    states: Mapping[str, int]
    overdue: int
    soon: int
    closed_share: float | None
    overdue_agencies: int = 0
    soon_agencies: int = 0
    earliest: date | None = None
    issued: int = 0
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of the 整改台账, by deadline, and the figures of the whole year. `agencies` None: too many to be counted."""

    rows: tuple[LedgerRow, ...]
    total: int
    agencies: int | None
    figures: LedgerFigures
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class RosterRow:
    """An agency as the list of 管理 shows it; `superior` is the name of the body above it."""

    key: str
    name: str
    code: str | None
    agency_type: str | None
    level: str | None
    superior: str | None
    in_total: bool | None
    abolished: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """An agency that is written to about its report: the version in force, when it came, how many faults are told."""

    agency_key: str
    agency: str
    report_id: int
    version: int
    received_at: datetime
    faults: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """What no letter tells yet: faults that nobody has confirmed, and findings that a person has to judge (待核)."""

    pending: int
    reviews: int


@dataclass(frozen=True, slots=True)
class VersionMarks:
    """What stands against one version, by fingerprint, without what was dismissed; `engine` is the catalogue, with the
    profile, that judged it."""

    version: int
    engine: str
    standing: frozenset[str]


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """Two agencies whose texts of a year are alike: keys and names, and how alike (0…1) sections 一 and 五 are.

    None: one of the two is too short to be compared.
    """

    left_key: str
    left: str
    right_key: str
    right: str
    overview: float | None
    problems: float | None

    @property
    def most(self) -> float:
        """The greater of the two."""
        return max(self.overview or 0, self.problems or 0)


@dataclass(frozen=True, slots=True)
class AlikeYear:
    """The pairs of a year, most alike first. `compared` reports have a text that can be compared; `template` are agencies
    whose text is mostly what very many have, so that it is no copy; `more`: there may be further pairs."""

    pairs: tuple[AlikeRow, ...]
    compared: int
    template: tuple[str, ...] = ()
    more: bool = False
