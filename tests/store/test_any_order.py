"""Ten thousand steps in any order: uploads, re-checks, decisions and undoing them; nothing is lost and nothing doubled.

Beside the store runs a model so naive that it can be read: dictionaries of one agency's year. After each life the two
must agree, and at the end the audit log must be whole.
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import desk
import pytest
from sqlalchemy import func, select, update

from gdcore import settings
from gdcore.agency import Agency
from gdcore.document import Format
from gdcore.finding import Finding, fingerprint
from gdcore.form import SECTIONS
from gdcore.lifecycle import (
    FILING,
    FINDING,
    LEDGER,
    ON_GONE,
    ON_NEW_VERSION,
    ON_RETURN,
    PROGRAM,
    IllegalMove,
)
from gdcore.report import Identity, Report, Section
from gdcore.store import audit, filing, open_store, queries, summaries, tables
from gdcore.store.rows import Duty, LedgerFilter
from gdcore.verdict import Outcome, Severity

STEPS = 10_000
LIFE = 60  # steps with one agency's report on one year
MARKS = 6  # findings that its versions are made of
VERSIONS = 3  # a decision scores all versions of a report again
TODAY = date(2024, 2, 5)
PEOPLE = ("周岚", "许航")
RULES = ("STR-06", "SUM-01", "TAB-05")
YEAR = 2023
LOOKED = (Outcome.PASS, Outcome.FAIL)  # a rule that came to one of these looked at the version
PLAIN = Report("", Format.TXT, "年报.txt", Identity(), tuple(Section(s.key, True) for s in SECTIONS))


@dataclass
class Line:
    """What the office laid down about a finding."""

    state: str
    due: date | None = None
    evidence: str | None = None
    before_waiver: str | None = None
    waiver_by: str | None = None
    waiver_until: date | None = None


@dataclass
class Model:
    """An agency's year, as plainly as it can be put. `versions` are (digest, findings), the last one counts."""

    versions: list[tuple[str, set[str]]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # findings of any version as it stands
    lines: dict[str, Line] = field(default_factory=dict)
    log: list[tuple[str, str, str]] = field(default_factory=list)
    filing: str = "not_filed"
    steps: list[str] = field(default_factory=list)
    undo: dict[str, str] = field(default_factory=dict)  # finding → state before the last decision

    @property
    def current(self) -> set[str]:
        return self.versions[-1][1] if self.versions else set()

    def state(self, mark: str) -> str:
        return self.lines[mark].state if mark in self.lines else "pending"

    def known(self, mark: str) -> bool:
        return mark in self.lines or any(mark in found for _, found in self.versions)

    def move(self, mark: str, state: str) -> Line:
        self.log.append((mark, self.state(mark), state))
        line = self.lines.setdefault(mark, Line("pending"))
        line.state = state
        return line

    def file(self, state: str) -> None:
        self.filing = state
        self.steps.append(state)


class Life:
    """One agency's report on one year, in the store and in the model at once."""

    def __init__(self, store, chance, number, taken):
        self.store, self.chance, self.model = store, chance, Model()
        self.taken = taken  # how often each step was, in all lives
        self.agency = Agency(f"云泽县第{number}局", f"云泽县第{number}局")
        self.findings = {(f := self.made(n)).fingerprint: f for n in range(MARKS)}
        self.uploads = 0
        self.report_id = None
        self.last_target = {}

    def made(self, number):
        rule, address = RULES[number % len(RULES)], f"s{number % 6 + 1}.i{number}"
        mark = fingerprint(self.agency.key, YEAR, rule, address)
        outcome = self.chance.choice([Outcome.FAIL, Outcome.REVIEW])
        return Finding(rule, Severity.ERROR, outcome, f"{rule} 不符", address, None, None, "请改正。", 0.9, mark)

    def some(self, least=0):
        return self.chance.sample(sorted(self.findings), self.chance.randint(least, MARKS))

    def outcomes(self):
        return {rule: self.chance.choice([Outcome.PASS, Outcome.FAIL, Outcome.NOT_EVALUATED]) for rule in RULES}

    def assessed(self, digest, found, outcomes):
        report = Report(digest, PLAIN.format, PLAIN.file_name, PLAIN.identity, PLAIN.sections)
        judged = desk.judged(self.store, report, [self.findings[m] for m in found], outcomes)
        return filing.Assessed(judged, frozenset(), "national")

    def save(self, digest, found, outcomes):
        with self.store.writing() as connection:
            sent = filing.Filing(self.agency, YEAR, self.assessed(digest, found, outcomes), PLAIN.file_name)
            return filing.save(self.store, connection, sent)

    # --- the steps ---

    def upload(self, most=VERSIONS):
        if len(self.model.versions) >= most:
            return self.recheck()
        self.uploads += 1
        found, digest = set(self.some()), f"{self.agency.key}{self.uploads}"
        outcomes = self.outcomes()
        saved = self.save(digest, found, outcomes)
        assert (saved.unchanged, saved.version) == (False, len(self.model.versions) + 1)
        self.report_id = saved.report_id
        for mark, line in list(self.model.lines.items()):
            if mark in found and line.state in ON_RETURN:
                self.model.move(mark, "reappeared").evidence = None
            elif mark not in found and line.state in ON_GONE and outcomes[self.findings[mark].rule] in LOOKED:
                self.model.move(mark, "corrected").evidence = f"第 {saved.version} 版"
        self.model.versions.append((digest, found))
        if self.model.filing in ON_NEW_VERSION:
            self.model.file(ON_NEW_VERSION[self.model.filing])
        return None

    def repeat(self):
        if self.model.versions:
            digest, _ = self.chance.choice(self.model.versions)
            rows = count(self.store, tables.AUDIT)
            assert self.save(digest, self.some(), self.outcomes()).unchanged
            assert count(self.store, tables.AUDIT) == rows

    def recheck(self):
        if not self.model.versions:
            return
        digest, _ = self.model.versions[-1]
        found = self.some()
        with self.store.writing() as connection:
            assessed = self.assessed(digest, found, self.outcomes())
            filing.replace_check(self.store, connection, self.report_id, assessed)
        self.model.versions[-1] = (digest, set(found))

    def decide(self):
        """Any step on one or two findings, with or without what it needs."""
        marks, chance = self.some(1)[:2], self.chance
        target = self.target(FINDING, self.model.state(marks[0]))
        duty = Duty(
            due=TODAY + timedelta(days=chance.randint(-5, 20)) if chance.random() < 0.7 else None,
            evidence="https://example.invalid/nianbao" if chance.random() < 0.5 else None,
            waiver_until=TODAY + timedelta(days=chance.randint(0, 9)) if chance.random() < 0.8 else None,
        )
        reason = "依据见附件" if chance.random() < 0.8 else ""
        seen = {m: chance.choice(sorted(FINDING.names)) for m in marks if chance.random() < 0.1}
        self.take(dict.fromkeys(marks, target), chance.choice(PEOPLE), reason, duty, seen)

    def target(self, machine, state):
        """A state to move to: one that a step leads to, as often the one least tried so far, or any at all."""
        fitting = [step.target for step in machine.steps_from(state)]
        way = self.chance.random()
        if not fitting or way < 0.3:
            return self.chance.choice(sorted(machine.names))
        if way < 0.6:
            return min(fitting, key=lambda target: self.taken[(state, target)])
        return self.chance.choice(fitting)

    def take(self, targets, actor, reason, duty, seen):
        known = {m: t for m, t in targets.items() if self.model.known(m)}
        allowed = {m: t for m, t in known.items() if self.allowed(m, t, actor, reason, duty, seen)}
        try:
            done = queries.decide_each(self.store, targets, actor, reason, "", duty, seen)
        except IllegalMove:
            assert known
            assert not allowed
            return
        assert (done.changed, done.refused) == (len(allowed), len(targets) - len(allowed))
        self.model.undo = {m: self.model.state(m) for m in allowed}
        self.last_target = allowed
        for mark, target in allowed.items():
            self.lay_down(mark, target, actor, duty)
        if self.model.filing == "filed" and set(allowed) & self.model.current:
            self.model.file("in_review")

    def allowed(self, mark, target, actor, reason, duty, seen):
        state, line = self.model.state(mark), self.model.lines.get(mark, Line("pending"))
        step = FINDING.step(state, target)
        if step is None or step.automatic or seen.get(mark, state) != state or (step.reasoned and not reason):
            return False
        if step.second and actor == line.waiver_by:
            return False
        if step.back:
            return state != "waiver_requested" or line.before_waiver == target
        needed = {
            "issued": duty.due or line.due,
            "closed": duty.evidence or line.evidence,
            "waiver_requested": duty.waiver_until,
        }
        return bool(needed.get(target, True))

    def lay_down(self, mark, target, actor, duty):
        before = self.model.state(mark)
        step = FINDING.step(before, target)
        line = self.model.move(mark, target)
        for name, value in duty.values().items():
            setattr(line, name, value)
        if step.back and before == "issued":
            line.due = None
        if target == "waiver_requested":
            line.before_waiver, line.waiver_by = before, actor

    def undo(self):
        last = self.last_target
        back = {m: s for m, s in self.model.undo.items() if (n := FINDING.step(last[m], s)) and not n.automatic}
        if back:
            self.take(back, self.chance.choice(PEOPLE), "撤销", Duty(), {m: last[m] for m in back})

    def amend(self):
        marks = self.some(1)[:2]
        due = TODAY + timedelta(days=self.chance.randint(0, 30))
        known = [m for m in marks if self.model.known(m)]
        assert queries.amend(self.store, marks, "许航", Duty(due=due), "延期") == len(known)
        for mark in known:
            self.model.move(mark, self.model.state(mark)).due = due

    def send_back(self):
        due = TODAY + timedelta(days=5)
        can = FILING.step(self.model.filing, "returned")
        reason = "请更正"
        if can is None:
            with pytest.raises(IllegalMove):
                queries.return_reports(self.store, [self.agency.key], YEAR, "周岚", due, reason)
            return
        queries.return_reports(self.store, [self.agency.key], YEAR, "周岚", due, reason)
        self.model.file("returned")
        for mark in self.model.current:
            if self.model.state(mark) in ("confirmed", "reappeared"):
                self.model.move(mark, "issued").due = due

    def file(self, target=None):
        target = target or self.target(FILING, self.model.filing)
        laid = {"due": TODAY, "published_on": TODAY}
        step = FILING.step(self.model.filing, target)
        try:
            queries.move_filings(self.store, [self.agency.key], YEAR, target, "周岚", "说明", **laid)
        except IllegalMove:
            assert step is None or step.automatic
            return
        assert not step.automatic
        self.model.file(target)

    def round_off(self):
        """What chance rarely brings: the way to the archive, and one more version out of it."""
        for target in ("approved", "published", "rechecked", "archived"):
            self.file(target)
        self.upload(most=VERSIONS + 1)

    def end_waivers(self, days=None):
        today = TODAY + timedelta(days=self.chance.randint(0, 12) if days is None else days)
        over = [m for m, n in self.model.lines.items() if n.state == "waived" and n.waiver_until < today]
        assert queries.end_waivers(self.store, today) == len(over)
        for mark in over:
            self.model.move(mark, "confirmed")
        if self.model.filing == "filed" and set(over) & self.model.current:
            self.model.file("in_review")

    # --- what must hold ---

    def check(self):
        self.check_counts()
        self.check_log()
        self.check_versions()
        self.check_ledger()
        self.check_filing()

    def check_counts(self):
        """What was counted in passing is what is there. Of all lives it is counted anew at the end."""
        found = Counter((self.findings[m].rule, self.model.state(m)) for m in self.model.current)
        with self.store.reading() as connection:
            standing = tables.STANDING.c
            mine = select(standing.counts).where(standing.agency_key == self.agency.key, standing.year == YEAR)
            counts = json.loads(connection.execute(mine).scalar() or "{}")
        told = Counter()
        for code, number in counts.items():
            kind, rule, *rest = code.split("|")
            if kind == "finding":
                told[rule, rest[1]] += number
        assert told == found

    def move(self):
        """The roster places the agency under another, in a circle too."""
        agency = tables.AGENCY.c
        with self.store.writing() as connection:
            others = list(connection.execute(select(agency.key).order_by(agency.key)).scalars())
            above = {"superior_key": self.chance.choice([None, *others])}
            days = {"submit_by": self.chance.choice([None, TODAY])}
            mine = update(tables.AGENCY).where(agency.key == self.agency.key)
            connection.execute(mine.values(**above, **days))

    def check_log(self):
        """Each decision is in the log, once, in its order; what a finding is now is what was logged last."""
        for mark in self.findings:
            logged = [(d.fingerprint, d.before, d.state) for d in queries.history(self.store, mark)]
            assert logged == [entry for entry in self.model.log if entry[0] == mark]
            assert all(later[1] == earlier[2] for earlier, later in pairwise(logged))
            assert self.model.state(mark) == (logged[-1][2] if logged else "pending")

    def check_versions(self):
        report, finding = tables.REPORT.c, tables.FINDING.c
        with self.store.reading() as connection:
            mine = (report.agency_key == self.agency.key, report.year == YEAR)
            versions = connection.execute(select(report.version, report.current).where(*mine)).all()
            rows = connection.execute(
                select(report.version, finding.fingerprint, finding.state, finding.current)
                .join(tables.REPORT, report.id == finding.report_id)
                .where(*mine)
            ).all()
        assert sorted(v for v, _ in versions) == list(range(1, len(self.model.versions) + 1))
        assert [v for v, current in versions if current] == ([len(versions)] if versions else [])
        expected = [
            (number, mark, self.model.state(mark), number == len(versions))
            for number, (_, found) in enumerate(self.model.versions, start=1)
            for mark in found
        ]
        assert sorted(map(tuple, rows)) == sorted(expected)

    def check_ledger(self):
        wanted = LedgerFilter(YEAR, TODAY, TODAY, agencies=(self.agency.key,))
        page = queries.ledger(self.store, wanted)
        names = ("due", "evidence", "before_waiver", "waiver_by", "waiver_until")
        told = {(r.fingerprint, r.state, r.present, *(getattr(r, n) for n in names)) for r in page.rows}
        expected = {
            (mark, line.state, mark in self.model.current, *(getattr(line, n) for n in names))
            for mark, line in self.model.lines.items()
            if line.state in LEDGER
        }
        assert (told, page.total) == (expected, len(expected))

    def check_filing(self):
        row = queries.filing(self.store, self.agency.key, YEAR)
        history = queries.filing_history(self.store, self.agency.key, YEAR)
        assert (row.state if row else "not_filed") == self.model.filing
        assert [step.state for step in history] == self.model.steps
        assert [step.before for step in history] == ["not_filed", *self.model.steps][:-1]


CHANCES = {
    Life.decide: 53, Life.upload: 10, Life.undo: 8, Life.recheck: 4, Life.repeat: 8, Life.send_back: 3, Life.file: 9,
    Life.amend: 4, Life.end_waivers: 1, Life.move: 1,
}  # fmt: skip


def count(store, table):
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


@pytest.fixture
def memory(tmp_path):
    """A desk whose database is kept in memory: what is tested is what is written, not the disk."""
    opened = open_store(settings.load({"GDCORE_DATA": str(tmp_path), "GDCORE_DATABASE_URL": "sqlite://"}))
    yield opened
    opened.close()


def test_no_decision_is_lost_and_nothing_is_doubled_in_any_order(memory):
    chance = random.Random(20240205)
    logged = 0
    taken = Counter()
    for number in range(-(-STEPS // LIFE)):
        life = Life(memory, chance, number, taken)
        for step in chance.choices(list(CHANCES), CHANCES.values(), k=LIFE):
            step(life)
        life.round_off()
        life.end_waivers(days=99)  # what one life leaves waived would end in the next
        life.check()
        logged += len(life.model.log)
        taken.update((before, state) for _, before, state in life.model.log)
        taken.update(pairwise(["not_filed", *life.model.steps]))
    every = {(step.source, step.target) for step in (*FINDING.steps, *FILING.steps) if step.target != "not_filed"}
    assert every - set(taken) == set()  # no step was left untried
    assert count(memory, tables.DECISION) == logged
    whole = audit.verify(memory)
    assert whole.fault == ""
    with memory.reading() as connection:
        counts, standings = summaries.told(connection)
    assert len(standings) > STEPS / LIFE / 2
    assert {kind for _, _, kind, _ in counts} >= {
        "report",
        "finding",
        "filing",
        "rule",
        "fault",
        "line",
        "open",
        "late",
    }
    assert not summaries.recount(memory)  # ten thousand changes later
    with memory.reading() as connection:
        told = connection.execute(select(tables.AUDIT.c.actor, tables.AUDIT.c.action)).all()
    assert sum(action == "finding" for _, action in told) == logged
    assert {actor for actor, _ in told} == {*PEOPLE, PROGRAM}
