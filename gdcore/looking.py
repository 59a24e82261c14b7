"""Looks at what agencies published: pages fetched one at a time a site, read in child processes, compared and kept.

A look is one row, written as soon as it is done: whatever breaks off, what was looked at stays, and the rest can be
begun again. Where this machine has no way out, nothing is kept and the reason is told.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from gdcore import exposure, gate, guard, leading, masking, processing, profile, publication, workdays
from gdcore.agency import Agency
from gdcore.document import Format
from gdcore.door import CUT_OFF, NotFetched, Obstacle, Resolver, lookup
from gdcore.errors import DeskError, EmptyFile, UnreadableFile
from gdcore.fetching import Fetched, Turns, address_of, fetch
from gdcore.gate import Access
from gdcore.processing import Job, Make, Reading
from gdcore.publication import Difference, Kind, Outcome, Passed, Publication
from gdcore.readers import links, sniff
from gdcore.report import RejectionKind, Report
from gdcore.rules.timeliness import publish_by, published_on
from gdcore.store import Store, audit, originals, publication_rows, reports, roster
from gdcore.store.engine import now
from gdcore.store.publication_rows import PublishedRow
from gdcore.task import LOCAL_TIME

log = logging.getLogger(__name__)

NO_NETWORK = "当前网络无法访问外网，公开复核暂不可用，其他功能不受影响。"
NONE_REACHED = "要核对的网站都连不上，当前网络可能无法访问外网。公开复核暂不可用，其他功能不受影响。"
HANDS = 4  # sites that are asked at once
FOLLOWED = 2  # links that are followed from the address of an agency: to its report, and to the file of it
GIVEN_UP = 2  # failures to reach a site, after which its other addresses are not tried in this round
ENOUGH_SITES = 3  # sites none of which can be reached, after which there is no network
_UNASKED = (Obstacle.PRIVATE, Obstacle.SKIPPED)  # say nothing of whether the network is there
_LEADING = (RejectionKind.ATTACHMENT_ONLY, RejectionKind.NO_REPORT_TEXT)


class NoNetwork(DeskError):
    """No site could be reached; the sentence says so and why."""

    def __init__(self, why: NotFetched) -> None:
        sure = why.obstacle is Obstacle.NO_NETWORK
        super().__init__(NO_NETWORK if sure else NONE_REACHED, f"（{str(why).rstrip('。')}）")


@dataclass(frozen=True, slots=True)
class Target:
    """An address that is to be looked at for an agency."""

    agency_key: str
    agency: str
    url: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a look came to. `kept` False: nothing was asked, so nothing was written."""

    target: Target
    outcome: Outcome
    sentence: str
    differences: tuple[Difference, ...] = ()
    published_on: date | None = None
    digest: str | None = None
    version: int | None = None
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of looks goes by. `today` counts what is late, `resolve` and `make` are for tests."""

    year: int
    actor: str
    access: Access
    today: date
    resolve: Resolver = lookup
    make: Make = processing.process_pool
    began: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class _Trail:
    """A target on its way: the pages that were read for it, the last one first."""

    target: Target
    url: str
    pages: tuple[tuple[Fetched, Report | None], ...] = ()

    @property
    def site(self) -> str:
        """Where it is to be asked next."""
        return gate.site_of(address_of(self.url))


def targets_of(rows: Sequence[PublishedRow]) -> list[Target]:
    """The targets of the agencies that have an address."""
    return [Target(row.agency_key, row.agency, row.url) for row in rows if row.url]


def sites(targets: Sequence[Target], access: Access) -> tuple[list[Target], dict[str, int]]:
    """The targets whose site may be asked, and of the others their sites with how many addresses each has."""
    allowed, others = [], dict[str, int]()
    for target in targets:
        try:
            address = address_of(target.url)
        except NotFetched:
            allowed.append(target)  # to be told as what it is
            continue
        if access.allows(address):
            allowed.append(target)
        else:
            others[gate.site_of(address)] = others.get(gate.site_of(address), 0) + 1
    return allowed, others


def allow(store: Store, hosts: Sequence[str], actor: str) -> None:
    """Let sites be asked from now on, and record who said so. Raises ConfigurationError for what is no site."""
    if hosts:
        with store.writing() as connection:
            audit.record(connection, actor, "fetching_hosts", "、".join(hosts))
            gate.allow(store.settings, hosts)


def begin(store: Store, year: int, actor: str) -> Round:
    """A round under the office's settings. Raises ConfigurationError."""
    return Round(year, actor, gate.load(store.settings), datetime.now(LOCAL_TIME).date())


def look_all(store: Store, targets: Sequence[Target], terms: Round) -> Iterator[Look]:
    """Look at every target; the looks come as they are done. Raises NoNetwork when no site at all can be reached."""
    return _Looking(store, terms, workers=store.settings.workers).run(targets)


# --- the round ------------------------------------------------------------------------------------------------------


class _Looking:
    """A round: its targets by site, what is being fetched, and what waits to be read."""

    def __init__(self, store: Store, terms: Round, workers: int) -> None:
        self.store, self.terms, self.workers = store, terms, workers
        self.turns = Turns(terms.access.pause)
        self.lanes: dict[str, deque[_Trail]] = {}
        self.fetching: dict[Future[Fetched], tuple[str, _Trail]] = {}
        self.ready: list[tuple[_Trail, Fetched]] = []
        self.reading: Future[list[tuple[_Trail, Fetched, Reading]]] | None = None
        self.failures: dict[str, int] = {}
        self.reached = False
        self.held: list[tuple[Target, NotFetched]] = []  # failures that a missing network would explain

    def run(self, targets: Sequence[Target]) -> Iterator[Look]:
        """The looks, as they are done."""
        for target in targets:
            yield from self._enter(_Trail(target, target.url))
        with ThreadPoolExecutor(HANDS) as hands, ThreadPoolExecutor(1) as reader:
            try:
                while self._start(hands, reader):
                    waited: list[Future[Any]] = [*self.fetching, *([self.reading] if self.reading else [])]
                    done, _ = wait(waited, return_when=FIRST_COMPLETED)
                    yield from self._settle([f for f in self.fetching if f in done])
                    if self.reading is not None and self.reading in done:
                        yield from self._conclude_read()
                yield from self._reach()
            finally:
                hands.shutdown(wait=False, cancel_futures=True)

    def _enter(self, trail: _Trail) -> Iterator[Look]:
        """Queue a target at its site; what cannot be asked is told at once."""
        try:
            address = address_of(trail.url)
            if not self.terms.access.allows(address):
                words = f"网站 {gate.site_of(address)} 不在允许访问的名单中。"
                raise NotFetched(Obstacle.NOT_ALLOWED, words)
            self.lanes.setdefault(trail.site, deque()).append(trail)
        except NotFetched as error:
            if trail.pages:
                yield self._conclude(trail, str(error))
            else:
                yield Look(trail.target, Outcome.UNREACHED, str(error), kept=False)

    def _start(self, hands: ThreadPoolExecutor, reader: ThreadPoolExecutor) -> bool:
        """Set going what can be; False when nothing is left to do."""
        busy = {site for site, _ in self.fetching.values()}
        for site in [s for s, lane in self.lanes.items() if lane and s not in busy]:
            if len(self.fetching) < HANDS:
                trail = self.lanes[site].popleft()
                self.fetching[hands.submit(self._fetch, trail)] = site, trail
        if self.ready and self.reading is None:
            batch, self.ready = self.ready, []
            self.reading = reader.submit(self._read, batch)
        return bool(self.fetching or self.reading)

    def _fetch(self, trail: _Trail) -> Fetched:
        if self.failures.get(trail.site, 0) >= GIVEN_UP:
            raise NotFetched(Obstacle.SKIPPED, f"网站 {trail.site} 刚才连续连不上，本次没有再试。")
        return fetch(trail.url, self.terms.access, self.turns, self.terms.resolve)

    def _settle(self, done: Sequence[Future[Fetched]]) -> Iterator[Look]:
        """Take in what was fetched, or why it was not."""
        for future in done:
            site, trail = self.fetching.pop(future)
            try:
                page = future.result()
            except NotFetched as error:
                yield from self._failed(site, trail, error)
            except Exception as error:
                yield self._crashed(trail, error)
            else:
                self.failures[site] = 0
                self.ready.append((trail, page))
                yield from self._reach()

    def _reach(self) -> Iterator[Look]:
        """Some site was reached: what failed before did so by itself."""
        self.reached, held, self.held = True, self.held, []
        for target, error in held:
            yield self._keep(Look(target, Outcome.UNREACHED, str(error)))

    def _failed(self, site: str, trail: _Trail, error: NotFetched) -> Iterator[Look]:
        if error.obstacle in CUT_OFF:
            self.failures[site] = self.failures.get(site, 0) + 1
            if not self.reached:
                if len(self.failures) >= min(ENOUGH_SITES, len(self.lanes)):
                    raise NoNetwork(error) from error
                self.held.append((trail.target, error))
                return
        elif error.obstacle not in _UNASKED:
            yield from self._reach()
        if trail.pages:
            yield self._conclude(trail, f"打开其中的链接时：{error}")
        elif error.obstacle is Obstacle.GONE:
            yield self._keep(self._absent(trail.target, str(error)))
        else:
            look = Look(trail.target, Outcome.UNREACHED, str(error), kept=error.obstacle is not Obstacle.SKIPPED)
            yield self._keep(look) if look.kept else look

    # --- reading ----------------------------------------------------------------------------------------------------

    def _read(self, batch: Sequence[tuple[_Trail, Fetched]]) -> list[tuple[_Trail, Fetched, Reading]]:
        """What was fetched, put away among the originals and read in processes of their own."""
        settings, jobs = self.store.settings, []
        for number, (_, page) in enumerate(batch):
            digest = originals.keep(settings, page.data)
            jobs.append(Job(number, originals.source(settings, digest, page.data), page.name))
        readings = processing.read_all(jobs, self.workers, self.terms.make)
        return [(*batch[reading.key], reading) for reading in readings]

    def _conclude_read(self) -> Iterator[Look]:
        """The looks at what was read, and the links to be followed from it."""
        assert self.reading is not None
        done, self.reading = self.reading.result(), None
        for trail, page, reading in done:
            trail = replace(trail, pages=((page, reading.report), *trail.pages))
            onward = self._onward(trail, reading)
            if onward is not None:
                yield from self._enter(replace(trail, url=onward))
                continue
            try:
                yield self._conclude(trail, reading.reason)
            except DeskError:
                raise
            except Exception as error:
                yield self._crashed(trail, error)

    def _onward(self, trail: _Trail, reading: Reading) -> str | None:
        """Where a page leads that is not the report itself; one that is something else, only by a report's title."""
        page, report = trail.pages[0]
        bare = reading.kind == EmptyFile.kind if report is None else report.rejection is not None
        if not bare or len(trail.pages) > FOLLOWED:
            return None
        try:
            found = guard.run(links.links, page.data, page.url) if sniff(page.data) is Format.HTML else ()
        except (UnreadableFile, guard.Died, guard.Failed):
            return None
        titled = report is not None and report.rejection is not None and report.rejection.kind not in _LEADING
        link = leading.fitting(found, trail.target.agency, self.terms.year, titled)
        seen = {each.url for each, _ in trail.pages}
        return link.target if link is not None and link.target not in seen else None

    def _crashed(self, trail: _Trail, error: Exception) -> Look:
        """A fault of ours at one page costs only that page."""
        incident = processing.incident_number()
        log.error("%s: a published page could not be processed\n%s", incident, masking.told(error))
        return Look(trail.target, Outcome.UNREAD, f"处理时出错，编号 {incident}（已记入日志）。", kept=False)

    # --- what it came to --------------------------------------------------------------------------------------------

    def _conclude(self, trail: _Trail, reason: str) -> Look:
        """The look at a target whose pages were read; `reason` why the last of them is no report."""
        page, report = trail.pages[0]
        digest = originals.keep(self.store.settings, page.data)
        if report is None or report.rejection is not None:
            why = reason or (report.rejection.reason if report and report.rejection else "")
            words = f"网页能打开，但没有读到年度报告：{masking.anywhere(why).rstrip('。')}。请用浏览器打开核对。"
            return self._keep(Look(trail.target, Outcome.UNREAD, words, digest=digest))
        known = reports.current_report(self.store, trail.target.agency_key, self.terms.year)
        agency = roster.agency_by_key(self.store, trail.target.agency_key)
        if known is None or agency is None:
            return Look(trail.target, Outcome.UNREAD, "这份报告已被移走。", kept=False)
        day, source = _day(trail)
        due = self._due(agency, known.report)
        found = publication.compare(self._passed(known.report, agency), report, Publication(day, source, due))
        words = publication.summary_of(found) + ("" if page.url == trail.target.url else f"（见 {page.url}）")
        outcome = self._timely(publication.outcome_of(found), due)
        shown = day if outcome in publication.PUBLISHED else None  # else it is that of another report
        return self._keep(Look(trail.target, outcome, words, found, shown, digest, known.version))

    def _passed(self, report: Report, agency: Agency) -> Passed:
        year, terms = self.terms.year, profile.load(self.store.settings.profile, self.store.settings)
        off = frozenset(code for code in exposure.RULES.values() if not terms.enabled(code))
        cleared = publication_rows.cleared(self.store, agency.key, year)
        return Passed(report, agency.name, year, agency.aliases, cleared, off)

    def _due(self, agency: Agency, report: Report) -> date | None:
        kind = agency.agency_type or report.identity.agency_type
        if kind is None:
            return None
        settings = self.store.settings
        return publish_by(kind, self.terms.year, profile.load(settings.profile, settings), agency)

    def _absent(self, target: Target, why: str) -> Look:
        """Nothing stands at the address: what that means depends on the day."""
        known = reports.current_report(self.store, target.agency_key, self.terms.year)
        agency = roster.agency_by_key(self.store, target.agency_key)
        due = self._due(agency, known.report) if agency and known else None
        words = f"{why.rstrip('。')}，该网址下没有公开报告。{self._time_left(due)}"
        difference = Difference(Kind.ABSENT, "report", "有", "没有", words)
        version = known.version if known else None
        return Look(target, self._timely(Outcome.ABSENT, due), words, (difference,), version=version)

    def _timely(self, outcome: Outcome, due: date | None) -> Outcome:
        """What is not there is no fault before it is due."""
        early = due is not None and self.terms.today <= due
        return Outcome.NOT_YET if outcome is Outcome.ABSENT and early else outcome

    def _time_left(self, due: date | None) -> str:
        if due is None:
            return ""
        left = workdays.load(self.store.settings).left(self.terms.today, due)
        return f"公开期限 {due}，" + (
            f"已过 {-left} 天。" if left < 0 else f"还有 {left} 个工作日。" if left else "今天到期。"
        )

    def _keep(self, look: Look) -> Look:
        target, terms = look.target, self.terms
        known = reports.current_report(self.store, target.agency_key, terms.year)
        version = look.version or (known.version if known else None)
        publication_rows.add_look(
            self.store, target.agency_key, terms.year, target.url, look.outcome, look.sentence, terms.actor,
            look.differences, look.published_on, look.digest, version,
        )  # fmt: skip
        return replace(look, version=version)


def _day(trail: _Trail) -> tuple[date | None, str]:
    """The day on which the report was put before the public, and the field that says so: the file's page knows it."""
    for _, report in trail.pages:
        day = published_on(report) if report is not None else None
        if report is not None and day is not None:
            return day, report.identity.sources.get("published", "")
    return None, ""
