"""The table of roles, and the settings that say who comes in."""

from datetime import timedelta

import pytest

from gdcore import roles, settings
from gdcore.errors import ConfigurationError
from gdcore.roles import ACTION_NAMES, MAY, ROLE_NAMES, WHOLE, Action, NotAllowed, Person, Role
from gdcore.settings import Mode

# Written out by hand: who may do it at the least.
LEAST = {
    Action.VIEW: Role.VIEWER,
    Action.UPLOAD: Role.REVIEWER,
    Action.IDENTIFY: Role.REVIEWER,
    Action.MEND: Role.REVIEWER,
    Action.DECIDE: Role.REVIEWER,
    Action.ISSUE: Role.REVIEWER,
    Action.WAIVE: Role.REVIEWER,
    Action.REVIEW: Role.REVIEWER,
    Action.LETTER: Role.REVIEWER,
    Action.LOOK: Role.REVIEWER,
    Action.CLOSE: Role.APPROVER,
    Action.GRANT: Role.APPROVER,
    Action.APPROVE: Role.APPROVER,
    Action.BULLETIN: Role.APPROVER,
    Action.PEOPLE: Role.ADMIN,
    Action.ROSTER: Role.ADMIN,
    Action.RULES: Role.ADMIN,
    Action.HOSTS: Role.ADMIN,
    Action.SAMPLES: Role.ADMIN,
}
ORDER = (Role.VIEWER, Role.REVIEWER, Role.APPROVER, Role.ADMIN)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_the_table(role, action):
    allowed = ORDER.index(role) >= ORDER.index(LEAST[action])
    assert (action in MAY[role]) is allowed
    assert Person("周岚", role).may(action) is allowed
    assert Person("周岚", role, "Y").may(action) is (allowed and action not in WHOLE)


def test_everything_has_a_name():
    assert set(ROLE_NAMES) == set(MAY) == set(Role)
    assert set(ACTION_NAMES) == set(Action)


def test_a_region_is_a_body_and_what_stands_below_it():
    person = Person("周岚", Role.REVIEWER, "Y")
    assert person.covers(("YB", "Y", "Q"))
    assert person.covers(("Y", "Q"))
    assert not person.covers(("Q",))
    assert not person.covers(())
    assert Person("周岚", Role.REVIEWER).covers(())


def test_a_refusal_says_what_is_not_permitted():
    with pytest.raises(NotAllowed, match="“查看”人员不能认定问题"):
        Person("周岚", Role.VIEWER).require(Action.DECIDE)
    with pytest.raises(NotAllowed, match="导入名录涉及全部单位"):
        Person("周岚", Role.ADMIN, "Y").require(Action.ROSTER)
    Person("周岚", Role.ADMIN).require(Action.ROSTER)


def test_the_operator_of_a_machine_may_do_everything():
    operator = roles.operator("周岚")
    assert all(operator.may(action) for action in Action)
    assert operator.number is None


def test_local_is_what_nobody_has_to_set():
    known = settings.load({})
    assert (known.mode, known.operator) == (Mode.LOCAL, "")
    assert (known.idle, known.session) == (timedelta(minutes=30), timedelta(hours=8))


def test_settings_follow_the_environment_and_the_folder_that_one_works_in(tmp_path, monkeypatch):
    found = []
    for name, operator in (("first", "周岚"), ("second", "周岚"), ("second", "陈舟")):
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / name)
        monkeypatch.setenv("GDCORE_DATA", "desk")
        monkeypatch.setenv("GDCORE_OPERATOR", operator)
        known = settings.load()
        found.append((known.data, known.operator))
    first, second = tmp_path / "first" / "desk", tmp_path / "second" / "desk"
    assert found == [(first, "周岚"), (second, "周岚"), (second, "陈舟")]


def test_an_office_sets_its_mode_and_may_make_sessions_shorter():
    known = settings.load({"GDCORE_MODE": "office", "GDCORE_OPERATOR": " 周岚 ", "GDCORE_IDLE_SECONDS": "60"})
    assert (known.mode, known.operator, known.idle) == (Mode.OFFICE, "周岚", timedelta(minutes=1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GDCORE_MODE", "open"),
        ("GDCORE_IDLE_SECONDS", "1801"),
        ("GDCORE_IDLE_SECONDS", "-1"),
        ("GDCORE_SESSION_SECONDS", "28801"),
        ("GDCORE_SESSION_SECONDS", "lang"),
        ("GDCORE_WORKERS", "viele"),
    ],
)
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(ConfigurationError, match=name):
        settings.load({name: value})
