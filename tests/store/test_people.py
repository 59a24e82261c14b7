"""The list of people and their sign-ins: invitations, ends, the last administrator, and what the audit log says."""

from datetime import UTC, datetime, timedelta

import desk
import pytest

from gdcore import roster as files
from gdcore.roles import Person, Role
from gdcore.store import audit, people, roster
from gdcore.store.people import CannotChange, NotPresent, Token

NOW = datetime(2026, 1, 20, 9, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def token(subject="s1", email="zl@yunze.example", issued=NOW, nonce="n"):
    return Token("https://id.example", subject, email, issued, nonce)


@pytest.fixture
def staffed(store):
    """An administrator of everything, and a reviewer of one county."""
    lines = "单位名称,编号,类型\n云泽县人民政府,Y,政府\n"
    roster.take(store, files.parse(lines.encode(), "名录.csv").entries)
    people.invite(store, "命令行", "管理员", "admin@yunze.example", Role.ADMIN)
    people.invite(store, "命令行", "周岚", " ZL@yunze.example ", Role.REVIEWER, "Y")
    return store


def number(store, email="zl@yunze.example"):
    return people.by_email(store, email).number


def lines(store, action="person"):
    return [row for row in audit.entries(store) if row.action == action]


def test_an_invitation_is_taken_up_by_its_address(staffed):
    person = people.enter(staffed, token(), NOW)
    assert person == Person("周岚", Role.REVIEWER, "Y", number(staffed), "云泽县人民政府")
    assert people.present(staffed, token(), NOW + MINUTE) == person
    assert people.by_email(staffed, "zl@yunze.example").first_at == NOW


def test_an_address_counts_only_once(staffed):
    people.enter(staffed, token(), NOW)
    with pytest.raises(NotPresent, match="还没有登记") as raised:
        people.enter(staffed, token(subject="s2"), NOW)
    assert not raised.value.again
    assert people.enter(staffed, token(email="other@yunze.example", nonce="later"), NOW).name == "周岚"


def test_nobody_comes_in_without_an_invitation(staffed):
    for stranger in (token("s3", "fremd@yunze.example"), token("s4", "")):
        with pytest.raises(NotPresent, match="还没有登记"):
            people.enter(staffed, stranger, NOW)
    assert all(row.first_at is None for row in people.listing(staffed))


def test_another_issuer_is_another_person(staffed):
    people.enter(staffed, token(), NOW)
    with pytest.raises(NotPresent, match="还没有登记"):
        people.enter(staffed, Token("https://evil.example", "s1", "zl@yunze.example", NOW), NOW)


def test_a_sign_in_ends_when_it_is_idle(staffed):
    people.enter(staffed, token(), NOW)
    people.enter(staffed, token(), NOW + 29 * MINUTE)
    people.enter(staffed, token(), NOW + 58 * MINUTE)
    with pytest.raises(NotPresent, match="30 分钟没有操作") as raised:
        people.enter(staffed, token(), NOW + 88 * MINUTE)
    assert raised.value.again
    with pytest.raises(NotPresent, match="30 分钟没有操作"):
        people.present(staffed, token(), NOW + 88 * MINUTE)


def test_looking_keeps_no_sign_in_alive(staffed):
    people.enter(staffed, token(), NOW)
    for minutes in range(0, 30, 5):
        people.present(staffed, token(), NOW + minutes * MINUTE)
    with pytest.raises(NotPresent):
        people.present(staffed, token(), NOW + 30 * MINUTE)


def test_a_sign_in_ends_after_eight_hours(staffed):
    for minutes in range(0, 480, 20):
        people.enter(staffed, token(), NOW + minutes * MINUTE)
    with pytest.raises(NotPresent, match="登录已满 8 小时"):
        people.enter(staffed, token(), NOW + 8 * HOUR)
    assert people.enter(staffed, token(issued=NOW + 8 * HOUR), NOW + 8 * HOUR).name == "周岚"


def test_a_token_that_lay_about_opens_nothing(staffed):
    with pytest.raises(NotPresent):
        people.enter(staffed, token(), NOW + 30 * MINUTE)
    with pytest.raises(NotPresent):
        people.enter(staffed, token(), NOW + 30 * 24 * HOUR)


def test_a_clock_ahead_makes_no_session_longer(staffed):
    ahead = token(issued=NOW + 2 * HOUR)
    for minutes in range(0, 480, 20):
        people.enter(staffed, ahead, NOW + minutes * MINUTE)
    with pytest.raises(NotPresent, match="8 小时"):
        people.enter(staffed, ahead, NOW + 8 * HOUR)


def test_who_signed_out_comes_in_no_more_by_the_old_token(staffed):
    people.enter(staffed, token(), NOW)
    people.leave(staffed, token())
    for ask in (people.enter, people.present):
        with pytest.raises(NotPresent, match="已经退出"):
            ask(staffed, token(), NOW + MINUTE)
    assert people.enter(staffed, token(nonce="new"), NOW + MINUTE).name == "周岚"
    assert [row.actor for row in lines(staffed, "sign_out")] == ["周岚"]


def test_a_change_counts_at_once(staffed):
    people.enter(staffed, token(), NOW)
    people.change(staffed, "管理员", number(staffed), role=Role.VIEWER, scope=None)
    assert people.present(staffed, token(), NOW) == Person("周岚", Role.VIEWER, None, number(staffed))
    people.change(staffed, "管理员", number(staffed), disabled=True)
    with pytest.raises(NotPresent, match="已经停用") as raised:
        people.present(staffed, token(), NOW)
    assert not raised.value.again
    with pytest.raises(NotPresent, match="已经停用"):
        people.enter(staffed, token(nonce="new"), NOW)


def test_a_disabled_invitation_is_none(staffed):
    people.change(staffed, "管理员", number(staffed), disabled=True)
    with pytest.raises(NotPresent):
        people.enter(staffed, token(), NOW)


@pytest.mark.parametrize("values", [{"role": Role.APPROVER}, {"disabled": True}, {"scope": "Y"}])
def test_the_last_administrator_stays(staffed, values):
    admin = number(staffed, "admin@yunze.example")
    with pytest.raises(CannotChange, match="最后一位"):
        people.change(staffed, "管理员", admin, **values)
    assert people.find(staffed, admin).person == Person("管理员", Role.ADMIN, None, admin)
    people.invite(staffed, "管理员", "第二位", "second@yunze.example", Role.ADMIN)
    people.change(staffed, "管理员", admin, **values)


@pytest.mark.parametrize(
    ("name", "email", "scope", "why"),
    [
        ("", "x@yunze.example", None, "姓名"),
        ("名" * 21, "x@yunze.example", None, "姓名"),
        ("周岚", "x@yunze.example", None, "已有姓名"),
        ("系统", "x@yunze.example", None, "程序"),
        ("新人", "zl@YUNZE.example", None, "已经登记"),
        ("新人", "yunze", None, "不是邮箱"),
        ("新人", "x@yunze.example", "无", "负责范围"),
    ],
)
def test_what_does_not_fit_is_refused(staffed, name, email, scope, why):
    before = people.listing(staffed)
    with pytest.raises(CannotChange, match=why):
        people.invite(staffed, "管理员", name, email, Role.VIEWER, scope)
    assert people.listing(staffed) == before


def test_a_new_account_takes_the_place_of_the_old_one(staffed):
    people.enter(staffed, token(), NOW)
    people.unbind(staffed, "管理员", number(staffed))
    with pytest.raises(NotPresent):
        people.present(staffed, token(), NOW)
    assert people.enter(staffed, token("s9", nonce="new"), NOW).name == "周岚"


def test_every_change_is_sealed(staffed):
    people.enter(staffed, token(), NOW)
    people.change(staffed, "管理员", number(staffed), role=Role.APPROVER)
    people.change(staffed, "管理员", number(staffed), role=Role.APPROVER)
    told = [(row.actor, row.detail.count("reviewer"), row.detail.count("approver")) for row in lines(staffed)]
    assert told == [("命令行", 0, 0), ("命令行", 1, 0), ("周岚", 0, 0), ("管理员", 1, 1)]
    assert audit.verify(staffed).fault == ""


def test_people_are_in_a_backup(staffed, tmp_path):
    from gdcore import backup

    people.enter(staffed, token(), NOW)
    backup.write(staffed, tmp_path / "desk.zip")
    other = desk.open_desk(tmp_path / "other")
    backup.restore(other, tmp_path / "desk.zip")
    assert people.listing(other) == people.listing(staffed)
    assert people.present(other, token(), NOW).name == "周岚"
    other.close()
