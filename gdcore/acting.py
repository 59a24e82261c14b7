"""The one door for what people do: role and region are asked of the store again, then the act is done under their name.

Pages draw buttons by what a person may do, but what counts is here. Whose a finding, a file or a report is, is looked up
too: nothing that a page says is believed. All or nothing: one foreign agency among many refuses the whole act.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gdcore import assessing, correcting, intake, looking, profile, rounds, trial, worker
from gdcore.form import AgencyType
from gdcore.lifecycle import FILING, FINDING, Machine
from gdcore.looking import Target
from gdcore.mending import Mend
from gdcore.profile import Profile, Switches
from gdcore.roles import Action, NotAllowed, Person, Role
from gdcore.roster import Entry
from gdcore.store import (
    Store,
    audit,
    decisions,
    intake_rows,
    owners,
    people,
    progress,
    publication_rows,
    roster,
    samples,
)
from gdcore.store.filing import Saved
from gdcore.store.mends import Word
from gdcore.store.publication_rows import Registration
from gdcore.store.roster import Plan
from gdcore.store.rows import Decided, Duty
from gdcore.trial import Trial

# What a person needs to be permitted for the verb of a step; a test holds them to the tables of `lifecycle`.
FINDING_ACTIONS = {
    "确认": Action.DECIDE,
    "标为误报": Action.DECIDE,
    "登记整改": Action.DECIDE,
    "提交核验": Action.DECIDE,
    "撤销": Action.DECIDE,
    "下发": Action.ISSUE,
    "重新下发": Action.ISSUE,
    "撤回下发": Action.ISSUE,
    "申请豁免": Action.WAIVE,
    "批准豁免": Action.GRANT,
    "不予豁免": Action.GRANT,
    "撤销豁免": Action.GRANT,
    "销号": Action.CLOSE,
    "退回整改": Action.CLOSE,
    "撤销销号": Action.CLOSE,
}
FILING_ACTIONS = {
    "开始初审": Action.REVIEW,
    "撤销初审": Action.REVIEW,
    "退回修改": Action.REVIEW,
    "再次退回": Action.REVIEW,
    "撤回退回": Action.REVIEW,
    "通过": Action.APPROVE,
    "撤销通过": Action.APPROVE,
    "登记公开": Action.APPROVE,
    "撤销登记": Action.APPROVE,
    "完成复核": Action.APPROVE,
    "撤销复核": Action.APPROVE,
    "归档": Action.APPROVE,
    "撤销归档": Action.APPROVE,
    "退回更正": Action.APPROVE,
}
_OUTSIDE = "其中有不在您负责范围内的内容，没有办理。"
_REFRESH = "请刷新后再试。"


@dataclass(frozen=True, slots=True)
class Hand:
    """What one person does in a store. `ask` says who that is, as the store knows it at this moment; it may refuse."""

    store: Store
    ask: Callable[[], Person]

    # --- files --------------------------------------------------------------------------------------------------------

    def submit(self, files: Iterable[tuple[str, bytes]], year: int | None, profile_name: str) -> int:
        """Queue files as a batch for the person's region; its number."""
        person = self._permitted(Action.UPLOAD)
        words: dict[str, Any] = {"year": year, "profile_name": profile_name}
        return self._queued(intake.submit(self.store, files, actor=person.name, scope=person.scope, **words))

    def load_samples(self, files: Iterable[tuple[str, bytes]]) -> int:
        """Queue the sample reports."""
        person = self._permitted(Action.SAMPLES)
        return self._queued(intake.submit(self.store, files, sample=True, actor=person.name))

    def clear_samples(self) -> int:
        """Take the sample data out; how many reports went."""
        return samples.clear_samples(self.store, self._permitted(Action.SAMPLES).name)

    def confirm_identity(self, intake_id: int, agency: str, year: int, kind: AgencyType | str | None = None) -> Saved:
        """Take a waiting file under this agency and year."""
        person = self._files([intake_id])
        self._require_named(person, agency)
        return intake.confirm_identity(self.store, intake_id, agency, year, kind, actor=person.name)

    def dismiss_files(self, intake_ids: Sequence[int]) -> int:
        """Take files off the lists."""
        person = self._files(intake_ids)
        return intake_rows.dismiss_files(self.store, intake_ids, person.name)

    def correct_identity(self, report_id: int, agency: str, year: int, kind: AgencyType | str | None = None) -> Saved:
        """Move a report to another agency or year; both must be in the person's region."""
        person = self._report(Action.IDENTIFY, report_id)
        self._require_named(person, agency)
        return intake.correct_identity(self.store, report_id, agency, year, kind, actor=person.name)

    def _queued(self, batch_id: int) -> int:
        worker.ensure(self.store.settings)
        return batch_id

    def _files(self, intake_ids: Sequence[int]) -> Person:
        person = self._permitted(Action.IDENTIFY)
        scopes = owners.of_files(self.store, intake_ids)
        if len(scopes) < len(set(intake_ids)):
            raise NotAllowed("找不到这份文件。", _REFRESH)
        for scope in set(scopes.values()):
            self._require_scope(person, scope)
        return person

    def _require_named(self, person: Person, agency: str) -> None:
        """An agency that is new would stand outside of every region: only who works on all may enter one."""
        if person.scope is None:
            return
        found = roster.find_agency(self.store, agency)
        if found is None or not roster.covered(self.store, person.scope, [found.key]):
            raise NotAllowed(f"您负责的范围内没有“{agency}”。", "请选择范围内的单位，或联系本单位的系统管理员。")

    # --- readings -----------------------------------------------------------------------------------------------------

    def mend(self, report_id: int, changes: Sequence[Mend], reason: str) -> None:
        """Correct what was read of a report."""
        person = self._report(Action.MEND, report_id)
        correcting.mend(self.store, report_id, changes, Word(person.name, reason))

    def unmend(self, report_id: int, mend_ids: Sequence[int]) -> None:
        """Take corrections back."""
        person = self._report(Action.MEND, report_id)
        correcting.undo(self.store, report_id, mend_ids, person.name)

    # --- findings -----------------------------------------------------------------------------------------------------

    def decide(
        self,
        targets: Mapping[str, str],
        reason: str = "",
        note: str = "",
        duty: Duty | None = None,
        seen: Mapping[str, str] | None = None,
    ) -> Decided:
        """Move findings (fingerprint → state); what each needs follows from the step that it would take now."""
        owned = owners.of_findings(self.store, list(targets))
        before = {f: owned[f][1] for f in targets if f in owned}
        needed = {action_of(FINDING, before[f], state) for f, state in targets.items() if f in before}
        person = self._permitted(*(needed or {Action.DECIDE}))
        self._require_findings(person, targets, owned)
        # moved by someone else since, a finding might take another step than the one permitted
        shown = before | dict(seen or {})
        return decisions.decide_each(self.store, targets, person.name, reason, note, duty, shown, person.number)

    def amend(self, fingerprints: Sequence[str], duty: Duty, reason: str = "") -> int:
        """Lay something down about findings without moving them."""
        person = self._permitted(Action.DECIDE)
        self._require_findings(person, fingerprints, owners.of_findings(self.store, fingerprints))
        return decisions.amend(self.store, fingerprints, person.name, duty, reason)

    def _require_findings(
        self, person: Person, fingerprints: Collection[str], owned: Mapping[str, tuple[str, str]]
    ) -> None:
        if person.scope is not None and not set(fingerprints) <= set(owned):
            raise NotAllowed(_OUTSIDE, _REFRESH)
        self._require_agencies(person, {key for key, _ in owned.values()})

    # --- reports ------------------------------------------------------------------------------------------------------

    def move_reports(self, targets: Mapping[str, str], year: int, reason: str = "", **laid_down: Any) -> Decided:
        """Move reports on a year (agency's key → state)."""
        person = self._filings(targets, year)
        return progress.move_each(self.store, targets, year, person.name, reason, **laid_down)

    def return_reports(self, agency_keys: Sequence[str], year: int, **words: Any) -> Decided:
        """Send reports back, with their confirmed findings."""
        person = self._filings(dict.fromkeys(agency_keys, "returned"), year)
        person.require(Action.ISSUE)
        return decisions.return_reports(self.store, agency_keys, year, person.name, **words)

    def register_publications(self, published: Sequence[Registration], year: int, rechecked: bool = False) -> Decided:
        """Register that reports were published."""
        person = self._permitted(Action.APPROVE)
        self._require_agencies(person, {each.agency_key for each in published})
        return publication_rows.register(self.store, published, year, person.name, rechecked)

    def _filings(self, targets: Mapping[str, str], year: int) -> Person:
        standing = progress.filings(self.store, year)
        before = {key: standing[key].state if key in standing else FILING.start for key in targets}
        needed = {action_of(FILING, before[key], state) for key, state in targets.items()}
        person = self._permitted(*(needed or {Action.REVIEW}))
        self._require_agencies(person, targets)
        return person

    # --- what is published --------------------------------------------------------------------------------------------

    def allow_hosts(self, hosts: Sequence[str]) -> None:
        """Let sites be asked from now on."""
        looking.allow(self.store, hosts, self._permitted(Action.HOSTS).name)

    def look(self, targets: Sequence[Target], year: int) -> None:
        """Set a round of looks going."""
        person = self._permitted(Action.LOOK)
        self._require_agencies(person, {target.agency_key for target in targets})
        rounds.start(self.store.settings, year, person.name, targets)

    def stop_looking(self) -> None:
        """End the round that is running."""
        self._require_round()
        rounds.stop(self.store.settings)

    def forget_round(self) -> None:
        """Take the last round off the pages."""
        self._require_round()
        rounds.forget(self.store.settings)

    def _require_round(self) -> None:
        person = self._permitted(Action.LOOK)
        found = rounds.progress(self.store.settings)
        if found is not None:
            self._require_agencies(person, found.agencies)

    # --- the office ---------------------------------------------------------------------------------------------------

    def take_roster(self, entries: Sequence[Entry]) -> Plan:
        """Enter the agencies of a roster."""
        return roster.take(self.store, entries, self._permitted(Action.ROSTER).name)

    def try_rules(self, year: int, terms: Profile, tell: Callable[[int, int], None]) -> Trial:
        """What switches would change; nothing is written, but every report of the year is gone through."""
        self._permitted(Action.RULES)
        return trial.run(self.store, year, terms, tell)

    def enforce_rules(self, name: str, waiting: Switches, year: int) -> None:
        """Put switches of a profile in force and check the reports of a year again."""
        person = self._permitted(Action.RULES)
        standing = profile.switches(self.store.settings, name)
        rules, severities = {**standing.rules, **waiting.rules}, {**standing.severities, **waiting.severities}
        told = {"rules": dict(waiting.rules), "severities": {k: v.value for k, v in waiting.severities.items()}}
        with self.store.writing() as connection:
            audit.record(connection, person.name, "rules", f"profile {name}", year=year, **told)
            profile.save_switches(self.store.settings, name, Switches(rules, severities))
        assessing.recheck_year(self.store, year, name)

    # --- people -------------------------------------------------------------------------------------------------------

    def invite(self, name: str, email: str, role: Role, scope: str | None) -> int:
        """Let someone in; a region must be within the person's own."""
        person = self._permitted(Action.PEOPLE)
        self._require_scope(person, scope)
        return people.invite(self.store, person.name, name, email, role, scope)

    def change_person(self, number: int, **values: Any) -> None:
        """Change someone's role, region or name, or disable them."""
        person = self._other(number)
        if "scope" in values:
            self._require_scope(person, values["scope"])
        people.change(self.store, person.name, number, **values)

    def unbind_person(self, number: int) -> None:
        """Let someone sign in anew with another account of the same address."""
        people.unbind(self.store, self._other(number).name, number)

    def _other(self, number: int) -> Person:
        person = self._permitted(Action.PEOPLE)
        found = people.find(self.store, number)
        if found is None:
            raise NotAllowed("找不到这个人员。", _REFRESH)
        self._require_scope(person, found.scope)
        return person

    # --- what is asked before -----------------------------------------------------------------------------------------

    def _permitted(self, *actions: Action) -> Person:
        person = self.ask()
        for action in sorted(actions):
            person.require(action)
        return person

    def _report(self, action: Action, report_id: int) -> Person:
        person = self._permitted(action)
        key = owners.of_report(self.store, report_id)
        if key is None or not roster.covered(self.store, person.scope, [key]):
            raise NotAllowed("找不到这份报告，可能已被替换或删除。", _REFRESH)
        return person

    def _require_agencies(self, person: Person, keys: Collection[str]) -> None:
        if not roster.covered(self.store, person.scope, keys):
            raise NotAllowed(_OUTSIDE, _REFRESH)

    def _require_scope(self, person: Person, scope: str | None) -> None:
        """That a region lies within the person's own."""
        if person.scope is not None and (scope is None or not roster.covered(self.store, person.scope, [scope])):
            raise NotAllowed(_OUTSIDE, _REFRESH)


def end_waivers(store: Store, today: date) -> int:
    """Waivers that have run out end, by the program; how many there were."""
    return decisions.end_waivers(store, today)


def action_of(machine: Machine, before: str, after: str) -> Action:
    """What the step from one state to another needs. Where no person can take it, what is needed to be told so."""
    step = machine.step(before, after)
    table, other = (FINDING_ACTIONS, Action.DECIDE) if machine is FINDING else (FILING_ACTIONS, Action.REVIEW)
    return other if step is None or step.automatic else table[step.verb]
