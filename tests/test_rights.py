"""Every role, every act, the own region and another: what is not permitted changes nothing, and nothing foreign is seen."""

import hashlib
import os
import shutil
from datetime import date, timedelta

import counties
import desk
import pytest
from counties import FOREIGN, OWN, YEAR

from gdcore import rounds, worker
from gdcore.acting import FILING_ACTIONS, FINDING_ACTIONS, Hand
from gdcore.lifecycle import FILING, FINDING
from gdcore.looking import Target
from gdcore.mending import CellMend
from gdcore.profile import Switches
from gdcore.roles import MAY, WHOLE, Action, NotAllowed, Person, Role
from gdcore.roster import Entry
from gdcore.store import dump, queries
from gdcore.store.publication_rows import Registration
from gdcore.store.rows import Duty

DUE = date.today() + timedelta(days=9)
# Acts that leave no trace in the store, or only in a process of its own.
TRACELESS = {"try_rules", "look", "stop_looking", "forget_round"}


# Each act: what it asks for, and how it is done to a county. In this order each is possible in itself.
def _decide(at, state, reason="", **duty):
    return lambda hand, c: hand.decide({c.findings[at]: state}, reason, duty=Duty(**duty))


ACTS = {
    "submit": (Action.UPLOAD, lambda hand, c: hand.submit([("新.txt", b"x")], YEAR, "national")),
    "confirm_identity": (
        Action.IDENTIFY,
        lambda hand, c: hand.confirm_identity(c.waiting, f"{c.name}司法局", YEAR, "dept"),
    ),
    "dismiss_files": (Action.IDENTIFY, lambda hand, c: hand.dismiss_files([c.refused])),
    "mend": (Action.MEND, lambda hand, c: hand.mend(c.faulty, [CellMend("t3.new_received.ngo", "42")], "原件如此")),
    "unmend": (Action.MEND, lambda hand, c: hand.unmend(c.clean, [c.mend])),
    "confirm": (Action.DECIDE, _decide(0, "confirmed")),
    "amend": (Action.DECIDE, lambda hand, c: hand.amend([c.findings[0]], Duty(remark="备注"))),
    "issue": (Action.ISSUE, _decide(1, "issued", due=DUE)),
    "waive": (Action.WAIVE, _decide(4, "waiver_requested", "特殊情况", waiver_until=DUE)),
    "close": (Action.CLOSE, _decide(2, "closed", "已核验", evidence="第 2 版")),
    "grant": (Action.GRANT, _decide(3, "waived")),
    "begin_review": (Action.REVIEW, lambda hand, c: hand.move_reports({c.agencies[1]: "in_review"}, YEAR)),
    "return_reports": (Action.REVIEW, lambda hand, c: hand.return_reports([c.agencies[1]], YEAR, due=DUE)),
    "approve": (Action.APPROVE, lambda hand, c: hand.move_reports({c.agencies[0]: "approved"}, YEAR)),
    "register": (
        Action.APPROVE,
        lambda hand, c: hand.register_publications([Registration(c.agencies[2], date(2024, 1, 20), "")], YEAR),
    ),
    "correct_identity": (
        Action.IDENTIFY,
        lambda hand, c: hand.correct_identity(c.passed, f"{c.name}民政局", YEAR - 1, "dept"),
    ),
    "look": (Action.LOOK, lambda hand, c: hand.look([Target(c.agencies[2], c.name, "http://x.example/")], YEAR)),
    "stop_looking": (Action.LOOK, lambda hand, c: hand.stop_looking()),
    "forget_round": (Action.LOOK, lambda hand, c: hand.forget_round()),
    "invite": (Action.PEOPLE, lambda hand, c: hand.invite("新人", "new@city.example", Role.ADMIN, c.key)),
    "change_person": (Action.PEOPLE, lambda hand, c: hand.change_person(c.staff, role=Role.REVIEWER)),
    "unbind_person": (Action.PEOPLE, lambda hand, c: hand.unbind_person(c.staff)),
    "take_roster": (Action.ROSTER, lambda hand, c: hand.take_roster([Entry(1, f"{c.name}新局")])),
    "try_rules": (Action.RULES, lambda hand, c: hand.try_rules(1999, None, lambda done, of: None)),
    "enforce_rules": (
        Action.RULES,
        lambda hand, c: hand.enforce_rules("national", Switches({"SUM-03": False}, {}), 1999),
    ),
    "allow_hosts": (Action.HOSTS, lambda hand, c: hand.allow_hosts([f"{c.key.lower()}.example"])),
    "load_samples": (Action.SAMPLES, lambda hand, c: hand.load_samples([("例.txt", b"y")])),
    "clear_samples": (Action.SAMPLES, lambda hand, c: hand.clear_samples()),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The counties, filled once; on a server they are filled anew for each desk."""
    if "GDCORE_DATABASE_URL" in os.environ:
        return None
    folder = tmp_path_factory.mktemp("counties")
    counties.filled(folder).close()
    return folder


@pytest.fixture
def store(base, tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "ensure", lambda settings: None)
    monkeypatch.setattr(rounds, "start", lambda *arguments: None)
    monkeypatch.setattr(rounds, "stop", lambda *arguments: None)
    folder = tmp_path / "desk"
    if base is None:
        opened = counties.filled(folder)
    else:
        shutil.copytree(base, folder)
        opened = desk.open_desk(folder)
    yield opened
    opened.close()


@pytest.fixture
def round_of(monkeypatch):
    """A round of looks that runs over a county."""

    def running(county):
        found = rounds.Progress(
            YEAR, 1, 0, None, True, False, "", "", {}, (), frozenset(county.agencies)
        )  # fmt: skip
        monkeypatch.setattr(rounds, "progress", lambda settings: found)

    return running


def trace(store):
    """Everything that the store and its folder hold, as one word."""
    digest = hashlib.sha256()
    with dump.reading(store) as reading:
        for name, rows in reading.rows():
            for row in rows:
                digest.update(repr((name, sorted(row.items()))).encode())
    for path in sorted(store.settings.data.rglob("*")):
        if path.is_file() and ".db" not in path.name:
            digest.update(f"{path.relative_to(store.settings.data)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def test_every_door_is_in_the_matrix():
    doors = {name for name in vars(Hand) if not name.startswith("_")} - {"store", "ask"}
    tried = set(ACTS) | {"decide", "move_reports", "register_publications"}
    assert doors <= tried, doors - tried
    assert {action for action, _ in ACTS.values()} == set(Action) - {Action.VIEW, Action.LETTER, Action.BULLETIN}


def test_every_step_of_a_person_has_its_action():
    for machine, table in ((FINDING, FINDING_ACTIONS), (FILING, FILING_ACTIONS)):
        assert {step.verb for step in machine.steps if not step.automatic} == set(table)


@pytest.mark.parametrize("place", [OWN, FOREIGN])
@pytest.mark.parametrize("scope", ["Y", None])
@pytest.mark.parametrize("role", list(Role))
def test_what_is_not_permitted_changes_nothing(store, round_of, role, scope, place):
    county = counties.county(store, place)
    round_of(county)
    person = Person("周岚", role, scope, 99)
    hand = Hand(store, lambda: person)
    for name, (action, act) in ACTS.items():
        # a batch is for the region of who brings it, wherever its reports are from
        reaches = scope is None or place == OWN or name == "submit"
        allowed = action in MAY[role] and (scope is None or action not in WHOLE) and reaches
        before = trace(store)
        if not allowed:
            with pytest.raises(NotAllowed):
                act(hand, county)
            assert trace(store) == before, name
            continue
        act(hand, county)
        assert (trace(store) != before) is (name not in TRACELESS), name


def test_one_foreign_finding_among_many_refuses_all(store):
    own, foreign = counties.county(store, OWN), counties.county(store, FOREIGN)
    hand = Hand(store, lambda: Person("周岚", Role.ADMIN, "Y"))
    before = trace(store)
    for act in (
        lambda: hand.decide({own.findings[0]: "confirmed", foreign.findings[0]: "confirmed"}),
        lambda: hand.decide({own.findings[0]: "confirmed", "没有": "confirmed"}),
        lambda: hand.amend([own.findings[0], foreign.findings[0]], Duty(remark="备注")),
        lambda: hand.move_reports({own.agencies[1]: "in_review", foreign.agencies[1]: "in_review"}, YEAR),
        lambda: hand.dismiss_files([own.refused, foreign.refused]),
        lambda: hand.dismiss_files([own.refused, 10**6]),
        lambda: hand.mend(10**6, [], "原件如此"),
        lambda: hand.change_person(own.staff, scope="L"),
        lambda: hand.change_person(own.staff, scope=None),
        lambda: hand.invite("新人", "new@city.example", Role.ADMIN, None),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert trace(store) == before


def test_no_report_leaves_the_region_or_enters_it(store):
    own = counties.county(store, OWN)
    hand = Hand(store, lambda: Person("周岚", Role.REVIEWER, "Y"))
    before = trace(store)
    for name in (f"{FOREIGN}司法局", "云泽县新设局"):
        with pytest.raises(NotAllowed, match="您负责的范围内没有"):
            hand.correct_identity(own.clean, name, YEAR)
        with pytest.raises(NotAllowed, match="您负责的范围内没有"):
            hand.confirm_identity(own.waiting, name, YEAR)
    assert trace(store) == before


def test_what_is_uploaded_for_a_region_changes_no_other(store):
    given = desk.report(f"{FOREIGN}司法局", YEAR, kind="dept", seed=7)
    stored = desk.report(f"{FOREIGN}教育局", YEAR, kind="dept", seed=1, **counties.FAULTS)
    reports = queries.agencies(store, YEAR, scope="L")
    view = desk.take(store, ("外.txt", given), ("外有.txt", stored), scope="Y", actor="周岚")
    assert [row.state for row in view.results] == ["waiting", "waiting"]
    assert {row.reason for row in view.results} == {
        f"您负责的范围内没有“{FOREIGN}司法局”",
        f"您负责的范围内没有“{FOREIGN}教育局”",
    }
    assert queries.agencies(store, YEAR, scope="L") == reports
    own = desk.take(store, ("内.txt", desk.report(f"{OWN}司法局", YEAR, kind="dept", seed=7)), scope="Y")
    assert [row.state for row in own.results] == ["stored"]


def test_a_waiting_file_of_another_region_stays_on_its_list(store):
    foreign = counties.county(store, FOREIGN)
    again = desk.report(f"{FOREIGN}粮食局", YEAR, kind="dept", seed=4)
    desk.take(store, ("同一份.txt", again), scope="Y")
    assert foreign.waiting in {row.intake_id for row in queries.waiting(store, "L")}
    desk.take(store, ("同一份.txt", again), scope="L")
    assert foreign.waiting not in {row.intake_id for row in queries.waiting(store, "L")}


def test_a_waiver_is_granted_by_another_person_whatever_they_are_called(store):
    own = counties.county(store, OWN)
    asking, renamed = Person("周岚", Role.APPROVER, "Y", 7), Person("周小岚", Role.APPROVER, "Y", 7)
    other = Person("陈思", Role.APPROVER, "Y", 8)
    Hand(store, lambda: asking).decide({own.findings[4]: "waiver_requested"}, "特殊情况", duty=Duty(waiver_until=DUE))
    for same in (asking, renamed):
        with pytest.raises(Exception, match="申请人以外"):
            Hand(store, lambda same=same: same).decide({own.findings[4]: "waived"})
    assert Hand(store, lambda: other).decide({own.findings[4]: "waived"}).changed == 1


def test_the_name_in_the_records_is_the_persons(store):
    own = counties.county(store, OWN)
    hand = Hand(store, lambda: Person("周岚", Role.ADMIN, None, 7))
    hand.decide({own.findings[0]: "confirmed"})
    hand.confirm_identity(own.waiting, f"{OWN}司法局", YEAR)
    hand.dismiss_files([own.refused])
    hand.take_roster([Entry(1, "新局")])
    from gdcore.store import audit

    newest = list(audit.entries(store, 5))
    assert {row.actor for row in newest if row.action in ("finding", "identity", "files_dismissed", "roster")} == {
        "周岚"
    }
    assert {row.action for row in newest} >= {"identity", "files_dismissed", "roster"}
    assert audit.verify(store).fault == ""


def test_a_role_taken_away_counts_for_the_next_act(store):
    own = counties.county(store, OWN)
    roles = [Person("周岚", Role.REVIEWER, "Y"), Person("周岚", Role.VIEWER, "Y")]
    hand = Hand(store, lambda: roles.pop(0))
    hand.decide({own.findings[0]: "confirmed"})
    with pytest.raises(NotAllowed):
        hand.decide({own.findings[0]: "pending"})


def test_a_step_is_judged_by_the_state_in_the_store_and_not_by_the_one_shown(store):
    """Whoever may only decide cannot close a finding by saying that it was shown in another state."""
    own = counties.county(store, OWN)
    hand = Hand(store, lambda: Person("周岚", Role.REVIEWER, "Y"))
    before = trace(store)
    with pytest.raises(NotAllowed, match="核验销号"):
        hand.decide({own.findings[2]: "closed"}, "已核验", duty=Duty(evidence="x"), seen={own.findings[2]: "pending"})
    assert trace(store) == before
