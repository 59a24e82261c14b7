"""The verbs of `gdcheck people`: who may sign in. The first administrator is made here, never by signing in first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gdcore.errors import DeskError
from gdcore.roles import ROLE_NAMES, Role

if TYPE_CHECKING:
    from gdcore.store import Store
    from gdcore.store.people import PersonRow

people = typer.Typer(help="可以登录的人员（办公室模式）。", no_args_is_help=True)

_Email = Annotated[str, typer.Option("--email", help="登录账号的邮箱")]
_Scope = Annotated[str, typer.Option("--scope", help="负责范围：名录中一个机关的名称或编号，含其下级；不填为全部单位")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.add_typer(people, name="people")


@people.command()
def add(
    email: _Email,
    name: Annotated[str, typer.Option("--name", help="姓名，署于各项记录")],
    role: Annotated[Role, typer.Option("--role", help="viewer 查看，reviewer 初审，approver 审批，admin 管理")],
    scope: _Scope = "",
) -> None:
    """登记一个人员；以此邮箱首次登录后即可使用。"""
    from gdcore.store import people as rows

    store = _store()
    rows.invite(store, _actor(store), name, email, role, _scope(store, scope))
    print(f"已登记 {name}（{ROLE_NAMES[role]}，{scope or '全部单位'}），请其以 {email} 登录。")


@people.command("list")
def list_() -> None:
    """列出人员。"""
    from gdcore.store import people as rows

    for row in rows.listing(_store()):
        state = "停用" if row.disabled else "已登录过" if row.first_at else "待首次登录"
        print(f"{row.name}\t{row.email}\t{row.role.value}\t{row.scope_name or '全部单位'}\t{state}")


@people.command("set")
def set_(
    email: _Email,
    role: Annotated[Role | None, typer.Option("--role", help="新的角色")] = None,
    scope: _Scope = "",
    everyone: Annotated[bool, typer.Option("--everyone", help="负责全部单位")] = False,
    disable: Annotated[bool | None, typer.Option("--disable/--enable", help="停用或恢复")] = None,
) -> None:
    """更改一个人员的角色、范围，停用或恢复。"""
    from gdcore.store import people as rows

    store, values = _store(), dict[str, object]()
    if role is not None:
        values["role"] = role
    if scope or everyone:
        values["scope"] = _scope(store, scope)
    if disable is not None:
        values["disabled"] = disable
    rows.change(store, _actor(store), _row(store, email).number, **values)
    print(f"已更改 {email}。")


@people.command()
def reset(email: _Email) -> None:
    """账号重建后，让下一次以此邮箱的登录重新对应到此人。"""
    from gdcore.store import people as rows

    store = _store()
    rows.unbind(store, _actor(store), _row(store, email).number)
    print(f"已重置，等待 {email} 登录。")


def _store() -> Store:
    from gdcore import settings
    from gdcore.store import open_store

    return open_store(settings.load())


def _actor(store: Store) -> str:
    return store.settings.operator or "命令行"


def _row(store: Store, email: str) -> PersonRow:
    from gdcore.store import people as rows

    found = rows.by_email(store, email)
    if found is None:
        raise DeskError(f"没有邮箱为 {email} 的人员。", "用 gdcheck people list 查看。")
    return found


def _scope(store: Store, name: str) -> str | None:
    """The key of the body that is meant; None for all agencies."""
    from gdcore.store import roster

    if not name:
        return None
    found = roster.agency_by_key(store, name) or roster.find_agency(store, name)
    if found is None:
        raise DeskError(f"名录中没有“{name}”。", "请先用 gdcheck roster 导入名录。")
    return found.key
