"""The tables of the store, and what their columns mean. Rows are read and written by the modules beside this one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Index, LargeBinary, Table, Text, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel


class Moment(TypeDecorator[datetime]):
    """A point in time, always UTC and aware: SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """UTC again, aware."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class AgencyTable(SQLModel, table=True):
    """An agency. `key` is set once and kept through renaming; `source`: roster, report (named by one) or sample.

    What the roster does not say is None. `superior_key` is the body above it, `successor_key` the one it was merged
    into; `in_total`: whether its superior's report adds it up; `submit_by` and `publish_by` its own deadlines.
    """

    __tablename__ = "agency"
    __table_args__ = (
        Index("ix_agency_due", "submit_by", "founded", "abolished"),
        Index("ix_agency_place", "superior_key", "founded", "abolished"),
        Index("ix_agency_founded", "founded"),
        Index("ix_agency_abolished", "abolished"),
    )

    key: str = Field(primary_key=True)
    name: str = Field(index=True)
    agency_type: str | None = Field(default=None, index=True)
    level: str | None = None
    has_licensing: bool | None = None
    has_enforcement: bool | None = None
    code: str | None = None
    superior_key: str | None = Field(default=None, index=True)
    area: str | None = None
    in_total: bool | None = None
    submit_by: date | None = None
    publish_by: date | None = None
    url: str | None = None
    founded: date | None = None
    abolished: date | None = None
    successor_key: str | None = Field(default=None, index=True)
    source: str = Field(index=True)


class AgencyNameTable(SQLModel, table=True):
    """A name, in plain form, by which an agency is found; `kind`: own, short or former."""

    __tablename__ = "agency_name"

    name: str = Field(primary_key=True)
    agency_key: str = Field(foreign_key="agency.key", index=True)
    kind: str = "own"


class BatchTable(SQLModel, table=True):
    """Files that came together. `year` is the year that is due, if one was chosen; `owner` holds it until `lease_until`.

    `scope` is the region of the person who brought them, None for all: what is not of that region waits for another person.
    """

    __tablename__ = "batch"

    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(sa_type=Moment)
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    year: int | None = None
    profile: str
    sample: bool = False
    owner: str = ""
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    scope: str | None = None
    actor: str = ""


class ReportTable(SQLModel, table=True):
    """One version of an agency's report on a year.

    `packed` is the Report in force, `numbers` what a government adds up of it (`Report.without_places`), `as_read` the
    one that was read, where a person mended it, and `judged` outcomes, reasons and score (see `serial`); the columns after
    them are what lists need, written in the same transaction.
    `engine` is the catalogue that judged; `by_person`: a person set whose report this is, so re-reading the file does
    not change it.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("agency_key", "year", "version", name="uq_report_version"),
        Index("ix_report_year", "year", "current", "agency_key"),
        Index("ix_report_checked", "year", "current", "checked_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    agency_key: str = Field(foreign_key="agency.key")
    year: int
    version: int
    current: bool
    digest: str = Field(index=True)
    file_name: str
    format: str
    received_at: datetime = Field(sa_type=Moment)
    checked_at: datetime = Field(sa_type=Moment)
    engine: str
    profile: str
    task_year: int | None = None
    by_person: bool = False
    sample: bool = Field(default=False, index=True)
    packed: bytes = Field(sa_type=LargeBinary)
    numbers: bytes | None = Field(default=None, sa_type=LargeBinary)
    as_read: bytes | None = Field(default=None, sa_type=LargeBinary)
    judged: bytes = Field(sa_type=LargeBinary)
    total: float | None = None
    band: str | None = None
    veto: str | None = None
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    reviews: int = 0
    summary: str = Field(sa_type=Text)


class FindingTable(SQLModel, table=True):
    """A finding of one version. `level` is its severity, or review; `standing` says how it counts now (see `summary`)."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_year_level", "year", "current", "level"),
        Index("ix_finding_year_rule", "year", "current", "rule"),
        Index("ix_finding_year_state", "year", "current", "state"),
        Index("ix_finding_year_agency", "year", "current", "agency_key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    agency_key: str = Field(foreign_key="agency.key")
    year: int
    current: bool
    position: int
    rule: str
    severity: str
    severity_rank: int
    outcome: str
    level: str
    standing: str
    veto: bool
    bucket: str | None = None
    address: str
    message: str = Field(sa_type=Text)
    expected: str | None = Field(default=None, sa_type=Text)
    found: str | None = Field(default=None, sa_type=Text)
    suggestion: str = Field(sa_type=Text)
    confidence: float
    fingerprint: str = Field(index=True)
    anchors: str = Field(sa_type=Text)
    state: str
    points: float = 0


class FindingStateTable(SQLModel, table=True):
    """A decided finding, by fingerprint: it outlives reports, versions and re-checks, and is the line of the 整改台账.

    `rule` to `suggestion` are the finding as it last stood (masked like every finding), `version` the version in which it
    did, `present` whether the version that counts has it. `before_waiver` is the state from which a waiver was asked
    for, `waiver_by` who asked, by name, and `waiver_person` by number where people sign in. What the office has not laid
    down is None.
    """

    __tablename__ = "finding_state"
    __table_args__ = (
        Index("ix_ledger", "year", "state", "due"),
        Index("ix_finding_state_due", "year", "due", "state", "agency_key"),
    )

    fingerprint: str = Field(primary_key=True)
    state: str
    actor: str
    decided_at: datetime = Field(sa_type=Moment)
    reason: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    agency_key: str | None = Field(default=None, index=True)
    year: int | None = None
    rule: str | None = None
    severity: str | None = None
    bucket: str | None = None
    address: str | None = None
    message: str | None = Field(default=None, sa_type=Text)
    expected: str | None = Field(default=None, sa_type=Text)
    found: str | None = Field(default=None, sa_type=Text)
    suggestion: str | None = Field(default=None, sa_type=Text)
    version: int | None = None
    present: bool = True
    due: date | None = None
    responsible: str | None = None
    demand: str | None = Field(default=None, sa_type=Text)
    progress: str | None = Field(default=None, sa_type=Text)
    evidence: str | None = Field(default=None, sa_type=Text)
    remark: str | None = Field(default=None, sa_type=Text)
    issued_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    verified_by: str | None = None
    before_waiver: str | None = None
    waiver_by: str | None = None
    waiver_person: int | None = None
    waiver_until: date | None = None


class DecisionTable(SQLModel, table=True):
    """The log of decisions; rows are only ever added."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, primary_key=True)
    fingerprint: str = Field(index=True)
    before: str
    state: str
    actor: str
    at: datetime = Field(sa_type=Moment)
    reason: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)


class FilingTable(SQLModel, table=True):
    """Where an agency's report on a year stands (`lifecycle.FILING`); no row means that nothing was filed.

    `round` counts the returns, `due` is the day until which a returned report has to come back.
    """

    __tablename__ = "filing"
    __table_args__ = (Index("ix_filing_year", "year", "state"),)

    agency_key: str = Field(primary_key=True, foreign_key="agency.key")
    year: int = Field(primary_key=True)
    state: str
    round: int = 0
    due: date | None = None
    published_on: date | None = None
    published_url: str | None = None
    actor: str
    moved_at: datetime = Field(sa_type=Moment)


class FilingStepTable(SQLModel, table=True):
    """The log of filings; rows are only ever added. `version` is the report that counted then."""

    __tablename__ = "filing_step"
    __table_args__ = (Index("ix_filing_step", "agency_key", "year"),)

    id: int | None = Field(default=None, primary_key=True)
    agency_key: str
    year: int
    before: str
    state: str
    round: int = 0
    version: int | None = None
    actor: str
    at: datetime = Field(sa_type=Moment)
    reason: str = Field(default="", sa_type=Text)


class AuditTable(SQLModel, table=True):
    """Who did what: rows are only ever added, each sealed with the seal of the row before it (see `audit`)."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    actor: str
    action: str = Field(index=True)
    subject: str
    detail: str = Field(sa_type=Text)
    seal: str


class AuditHeadTable(SQLModel, table=True):
    """The newest seal and how many rows carry one: one row, locked by each writer so that the chain has no fork."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True)
    number: int
    seal: str


class PublicationTable(SQLModel, table=True):
    """What was found at the address where an agency publishes its report: one row a look, rows are only ever added.

    `outcome` is a code of `publication`; `findings` what differs from the version that passed, as JSON; `digest` the bytes
    that were fetched, kept among the originals.
    """

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication", "year", "agency_key"),)

    id: int | None = Field(default=None, primary_key=True)
    agency_key: str = Field(foreign_key="agency.key")
    year: int
    url: str
    looked_at: datetime = Field(sa_type=Moment)
    outcome: str
    sentence: str = Field(default="", sa_type=Text)
    findings: str = Field(default="[]", sa_type=Text)
    published_on: date | None = None
    digest: str | None = None
    version: int | None = None
    actor: str


class WritingTable(SQLModel, table=True):
    """The texts of a report as they are compared with other agencies' (see `peers`), packed, and what that came to last."""

    __tablename__ = "writing"

    report_id: int = Field(primary_key=True, foreign_key="report.id")
    packed: bytes = Field(sa_type=LargeBinary)
    beside: str = Field(default="", sa_type=Text)


class BandTable(SQLModel, table=True):
    """A band of a report's texts: reports of one year that share some may be alike (see `peers`)."""

    __tablename__ = "band"

    value: int = Field(primary_key=True, sa_type=BigInteger)
    report_id: int = Field(primary_key=True, foreign_key="report.id", index=True)


class MendTable(SQLModel, table=True):
    """What a person corrected in the reading of a file: rows are added, and ended once, never changed or taken out.

    `address` is a cell's and `raw` what the file prints there, or `address` is a block's (t3, t2.item5) and `grid` the
    printed table assigned to it. `read` is what had been read then, None where nothing was found.
    """

    __tablename__ = "mend"

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(index=True)
    address: str
    raw: str = Field(default="", sa_type=Text)
    grid: str | None = Field(default=None, sa_type=Text)
    read: str | None = Field(default=None, sa_type=Text)
    reason: str = Field(sa_type=Text)
    actor: str
    created_at: datetime = Field(sa_type=Moment)
    undone_at: datetime | None = Field(default=None, sa_type=Moment)
    undone_by: str = ""


class IntakeTable(SQLModel, table=True):
    """A file of a batch: queued, then what became of it. `packed` holds the Report while a person is asked."""

    __tablename__ = "intake"
    __table_args__ = (Index("ix_intake_batch", "batch_id", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id")
    file_name: str
    sha256: str = Field(index=True)
    state: str = Field(index=True)
    updated_at: datetime = Field(sa_type=Moment)
    format: str | None = None
    agency: str | None = None
    agency_key: str | None = None
    agency_type: str | None = None
    year: int | None = None
    confidence: float | None = None
    evidence: str = Field(default="", sa_type=Text)
    kind: str = ""
    reason: str = Field(default="", sa_type=Text)
    remedy: str = Field(default="", sa_type=Text)
    packed: bytes | None = Field(default=None, sa_type=LargeBinary)
    report_id: int | None = None
    version: int | None = None
    total: float | None = None
    errors: int = 0
    warnings: int = 0
    reviews: int = 0
    change: str = ""


class StandingTable(SQLModel, table=True):
    """An agency's year as lists need it, and what it gives to the counts of its year (see `summaries`).

    `counts` is that contribution as JSON, `scopes` the bodies above it, under which it is counted, one a line, "" for everybody.
    `rank` and `badness` order lists (worst first); both None where no report counts. `gaps`: some word is not 齐.
    """

    __tablename__ = "standing"
    __table_args__ = (
        Index("ix_standing_rank", "year", "rank", "agency_key"),
        Index("ix_standing_badness", "year", "badness", "agency_key"),
        Index("ix_standing_gaps", "year", "gaps", "badness", "agency_key"),
        Index("ix_standing_band", "year", "band", "rank", "agency_key"),
    )

    agency_key: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    report_id: int | None = None
    rank: str | None = None
    badness: str | None = None
    gaps: bool = False
    band: str | None = None
    scopes: str = Field(default="", sa_type=Text)
    counts: str = Field(default="{}", sa_type=Text)


class CountTable(SQLModel, table=True):
    """How many of something there are in a year below a body ("" for everybody); `kind` and `code` as in `summaries`."""

    __tablename__ = "year_count"
    __table_args__ = (Index("ix_year_count", "scope", "kind", "code", "year"),)

    year: int = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)


class StaleTable(SQLModel, table=True):
    """Agencies' years whose counts a transaction changed: triggers write them, its end works them off.

    Year 0: the agency's place among the others changed, so all years of all below it are meant.
    """

    __tablename__ = "stale"

    agency_key: str = Field(primary_key=True)
    year: int = Field(primary_key=True)


class PersonTable(SQLModel, table=True):
    """Someone who may sign in. Invited by e-mail; `issuer` and `subject` are those of the first sign-in and stay.

    `name` is what stands in records, so that no two have the same; `scope` a body's key, None for all agencies.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_person_subject"),)

    id: int | None = Field(default=None, primary_key=True)
    issuer: str | None = None
    subject: str | None = None
    email: str = Field(unique=True)
    name: str = Field(unique=True)
    role: str
    scope: str | None = None
    disabled: bool = False
    invited_at: datetime = Field(sa_type=Moment)
    invited_by: str
    first_at: datetime | None = Field(default=None, sa_type=Moment)


class SignInTable(SQLModel, table=True):
    """One sign-in: a token of the identity provider, known by a hash, and when it was last used here."""

    __tablename__ = "sign_in"

    key: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    began_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


AGENCY = _table(AgencyTable)
AGENCY_NAME = _table(AgencyNameTable)
BATCH = _table(BatchTable)
REPORT = _table(ReportTable)
FINDING = _table(FindingTable)
FINDING_STATE = _table(FindingStateTable)
DECISION = _table(DecisionTable)
FILING = _table(FilingTable)
FILING_STEP = _table(FilingStepTable)
AUDIT = _table(AuditTable)
AUDIT_HEAD = _table(AuditHeadTable)
PUBLICATION = _table(PublicationTable)
MEND = _table(MendTable)
WRITING = _table(WritingTable)
BAND = _table(BandTable)
INTAKE = _table(IntakeTable)
STANDING = _table(StandingTable)
COUNT = _table(CountTable)
STALE = _table(StaleTable)
PERSON = _table(PersonTable)
SIGN_IN = _table(SignInTable)
