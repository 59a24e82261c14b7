"""The people who may sign in, with role and region, and their sign-ins: every change of them is in the sealed audit log."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from gdcore.errors import DeskError
from gdcore.lifecycle import PROGRAM
from gdcore.roles import Person, Role
from gdcore.store import audit
from gdcore.store.engine import Store, now
from gdcore.store.tables import AGENCY, PERSON, SIGN_IN

LONGEST_NAME = 20  # characters
# A sign-in says that it was used at most so often: a write for every click would make others wait.
_STEP = timedelta(minutes=1)
_STEPS_OF_IDLE = 10
_UNKNOWN = "这个账号还没有登记。"
_DISABLED = "这个账号已经停用。"
_ASK = "请联系本单位的系统管理员。"
_AGAIN = "请重新登录。"


class CannotChange(DeskError):
    """A change of people that must not be made; says why."""


class NotPresent(DeskError):
    """Nobody may act by this sign-in: it has ended, or the person is unknown or disabled. `again`: a new one would help."""

    def __init__(self, message: str, again: bool) -> None:
        super().__init__(message, _AGAIN if again else _ASK)
        self.again = again


@dataclass(frozen=True, slots=True)
class Token:
    """What the identity provider said of the one who signed in. `email` is "" unless the provider vouches for it."""

    issuer: str
    subject: str
    email: str
    issued: datetime
    nonce: str = ""

    @property
    def key(self) -> str:
        """By which the sign-in is known here: nothing of the token can be got from it."""
        words = (self.issuer, self.subject, self.issued.isoformat(), self.nonce)
        return hashlib.sha256("\0".join(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list. `first_at` is the first sign-in, None while the invitation waits; `seen_at` the last step taken."""

    number: int
    name: str
    email: str
    role: Role
    scope: str | None
    scope_name: str
    disabled: bool
    first_at: datetime | None
    seen_at: datetime | None

    @property
    def person(self) -> Person:
        """Who acts."""
        return Person(self.name, self.role, self.scope, self.number, self.scope_name)


# --- the list ---------------------------------------------------------------------------------------------------------


def listing(store: Store) -> list[PersonRow]:
    """All people, by name."""
    with store.reading() as connection:
        return [_row(row) for row in connection.execute(_people().order_by(PERSON.c.disabled, PERSON.c.name))]


def find(store: Store, number: int) -> PersonRow | None:
    """One of them."""
    with store.reading() as connection:
        row = connection.execute(_people().where(PERSON.c.id == number)).first()
    return _row(row) if row else None


def by_email(store: Store, email: str) -> PersonRow | None:
    """Who was invited by this address."""
    with store.reading() as connection:
        row = connection.execute(_people().where(PERSON.c.email == _plain(email))).first()
    return _row(row) if row else None


def _people() -> Any:
    seen = select(func.max(SIGN_IN.c.seen_at)).where(SIGN_IN.c.person_id == PERSON.c.id).scalar_subquery()
    return select(PERSON, AGENCY.c.name.label("scope_name"), seen.label("seen_at")).outerjoin(
        AGENCY, AGENCY.c.key == PERSON.c.scope
    )


def _row(row: Any) -> PersonRow:
    scope_name = row.scope_name or (f"{row.scope}（名录中已没有）" if row.scope else "")
    return PersonRow(
        row.id, row.name, row.email, Role(row.role), row.scope, scope_name, row.disabled, row.first_at, row.seen_at
    )  # fmt: skip


def invite(store: Store, actor: str, name: str, email: str, role: Role, scope: str | None = None) -> int:
    """Let someone in who will sign in with this address; the number in the list. Raises CannotChange."""
    values = {"name": name.strip(), "email": _plain(email), "role": role.value, "scope": scope}
    with store.writing() as connection:
        _require_fit(connection, values)
        added = {**values, "disabled": False, "invited_at": now(), "invited_by": actor}
        number: int = connection.execute(insert(PERSON).values(**added).returning(PERSON.c.id)).scalar_one()
        audit.record(connection, actor, "person", f"person {number}", what="invited", **values)
    return number


def change(store: Store, actor: str, number: int, **values: Any) -> None:
    """Change `name`, `role`, `scope` or `disabled` of someone, from the next step on. Raises CannotChange.

    The last person who may manage everybody stays that, else nobody could let anyone in again.
    """
    if "role" in values:
        values["role"] = Role(values["role"]).value
    if "name" in values:
        values["name"] = values["name"].strip()
    with store.writing() as connection:
        before = connection.execute(select(PERSON).where(PERSON.c.id == number)).first()
        if before is None:
            raise CannotChange("找不到这个人员，可能已被他人改动。", "请刷新后再试。")
        after = {name: value for name, value in values.items() if getattr(before, name) != value}
        if not after:
            return
        _require_fit(connection, after, number)
        managed = _managers(connection)
        connection.execute(update(PERSON).where(PERSON.c.id == number).values(**after))
        if managed and not _managers(connection):
            raise CannotChange(
                "这是最后一位负责全部单位的管理人员，不能停用或改为其他角色。", "请先增加另一位管理人员。"
            )
        told = {f"{name}_before": getattr(before, name) for name in after}
        audit.record(connection, actor, "person", f"person {number}", what="changed", **after, **told)


def unbind(store: Store, actor: str, number: int) -> None:
    """Let the next sign-in with the address of an invitation be the person's: the provider gave out a new account."""
    with store.writing() as connection:
        mine = PERSON.c.id == number
        connection.execute(update(PERSON).where(mine).values(issuer=None, subject=None, first_at=None))
        _end_all(connection, number)
        audit.record(connection, actor, "person", f"person {number}", what="unbound")


def _require_fit(connection: Connection, values: dict[str, Any], number: int | None = None) -> None:
    name, email, scope = (values.get(key) for key in ("name", "email", "scope"))
    if "name" in values and not (name and len(name) <= LONGEST_NAME):
        raise CannotChange(f"姓名应为 1 至 {LONGEST_NAME} 个字。")
    if name == PROGRAM:
        raise CannotChange(f"“{PROGRAM}”是程序在记录中的署名，不能作为姓名。")
    if email is not None and ("@" not in email or " " in email):
        raise CannotChange(f"“{email}”不是邮箱地址。", "邮箱须与登录账号的一致。")
    others = select(PERSON.c.id).where(PERSON.c.id != (number or 0))
    if name and connection.execute(others.where(PERSON.c.name == name)).first():
        raise CannotChange(f"已有姓名为“{name}”的人员。", "记录中署姓名，请加以区分，如“李明（城东）”。")
    if email and connection.execute(others.where(PERSON.c.email == email)).first():
        raise CannotChange(f"邮箱 {email} 已经登记过。")
    if scope and not connection.execute(select(AGENCY.c.key).where(AGENCY.c.key == scope)).first():
        raise CannotChange("名录中没有所选的负责范围。", "请先导入名录。")


def _managers(connection: Connection) -> int:
    everybody = (PERSON.c.role == Role.ADMIN.value, PERSON.c.scope.is_(None), PERSON.c.disabled.is_(False))
    count: int = connection.execute(select(func.count()).select_from(PERSON).where(*everybody)).scalar_one()
    return count


def _plain(email: str) -> str:
    return email.strip().casefold()


# --- signing in -------------------------------------------------------------------------------------------------------


def present(store: Store, token: Token, at: datetime | None = None) -> Person:
    """Who acts by this sign-in, as role and region stand now. Nothing is written; raises NotPresent."""
    with store.reading() as connection:
        row = _bound(connection, token)
        sign_in = connection.execute(select(SIGN_IN).where(SIGN_IN.c.key == token.key)).first()
    if row is None:
        raise NotPresent(_UNKNOWN, again=False)
    _require_open(store, token, sign_in, at or now())
    return _permitted(row)


def enter(store: Store, token: Token, at: datetime | None = None) -> Person:
    """The same for a step that the person takes: it keeps the sign-in from ending, and the first one begins it.

    A first sign-in takes up the invitation of its e-mail address, and is that person from then on.
    """
    moment = at or now()
    with store.reading() as connection:
        row = _bound(connection, token)
        sign_in = connection.execute(select(SIGN_IN).where(SIGN_IN.c.key == token.key)).first()
    if row is not None and sign_in is not None:
        _require_open(store, token, sign_in, moment)
        if moment - sign_in.seen_at >= min(_STEP, store.settings.idle / _STEPS_OF_IDLE):
            with store.writing() as connection:
                connection.execute(update(SIGN_IN).where(SIGN_IN.c.key == token.key).values(seen_at=moment))
        return _permitted(row)
    _require_open(store, token, sign_in, moment)
    return _begin(store, token, moment)


def leave(store: Store, token: Token) -> None:
    """End a sign-in: whoever kept its cookie comes in no more."""
    with store.writing() as connection:
        row = _bound(connection, token)
        open_ = (SIGN_IN.c.key == token.key, SIGN_IN.c.ended_at.is_(None))
        if row and connection.execute(update(SIGN_IN).where(*open_).values(ended_at=now())).rowcount:
            audit.record(connection, row.name, "sign_out", f"person {row.id}")


def _begin(store: Store, token: Token, moment: datetime) -> Person:
    with store.writing() as connection:
        row = _bound(connection, token) or _accepted(connection, token, moment)
        if row is None:
            raise NotPresent(_UNKNOWN, again=False)
        person = _permitted(row)
        over = moment - 2 * store.settings.session
        connection.execute(delete(SIGN_IN).where(SIGN_IN.c.began_at < over))
        if connection.execute(select(SIGN_IN.c.key).where(SIGN_IN.c.key == token.key)).first() is None:
            # a provider whose clock is ahead of ours makes no session longer
            began = min(token.issued, moment)
            values = {"key": token.key, "person_id": row.id, "began_at": began, "seen_at": moment}
            connection.execute(insert(SIGN_IN).values(**values))
            audit.record(connection, row.name, "sign_in", f"person {row.id}")
    return person


def _accepted(connection: Connection, token: Token, moment: datetime) -> Any:
    """The invitation that waits for this address, taken up; None if there is none."""
    waiting = (PERSON.c.email == _plain(token.email), PERSON.c.subject.is_(None), PERSON.c.disabled.is_(False))
    row = connection.execute(select(PERSON.c.id, PERSON.c.name).where(*waiting)).first()
    if row is None or not token.email:
        return None
    values = {"issuer": token.issuer, "subject": token.subject, "first_at": moment}
    connection.execute(update(PERSON).where(PERSON.c.id == row.id).values(**values))
    told = {"issuer": token.issuer, "account": token.subject}
    audit.record(connection, row.name, "person", f"person {row.id}", what="first_sign_in", **told)
    return _bound(connection, token)


def _bound(connection: Connection, token: Token) -> Any:
    mine = (PERSON.c.issuer == token.issuer, PERSON.c.subject == token.subject)
    return connection.execute(_people().where(*mine)).first()


def _permitted(row: Any) -> Person:
    if row.disabled:
        raise NotPresent(_DISABLED, again=False)
    return _row(row).person


def _require_open(store: Store, token: Token, sign_in: Any, moment: datetime) -> None:
    """That a sign-in has not ended. One that was not used yet counts from when its token was made."""
    terms = store.settings
    began, seen = (sign_in.began_at, sign_in.seen_at) if sign_in else (token.issued, token.issued)
    if sign_in is not None and sign_in.ended_at is not None:
        raise NotPresent("您已经退出。", again=True)
    if moment - began >= terms.session:
        raise NotPresent(f"登录已满 {_span(terms.session)}。", again=True)
    if moment - seen >= terms.idle:
        raise NotPresent(f"已有 {_span(terms.idle)}没有操作，登录已结束。", again=True)


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return next(
        (f"{seconds // size} {word}" for size, word in ((3600, "小时"), (60, "分钟")) if not seconds % size),
        f"{seconds} 秒",
    )


def _end_all(connection: Connection, number: int) -> None:
    open_ = (SIGN_IN.c.person_id == number, SIGN_IN.c.ended_at.is_(None))
    connection.execute(update(SIGN_IN).where(*open_).values(ended_at=now()))
