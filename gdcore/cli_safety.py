"""The verbs of `gdcheck` that keep an office's work safe: backup, restore, verify-log, recount."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from gdcore.backup import Content
    from gdcore.store import Store

BROKEN = 1  # exit status of a log that was touched


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(backup)
    app.command()(restore)
    app.command("verify-log")(verify_log)
    app.command()(recount)


def backup(path: Annotated[Path, typer.Argument(metavar="PATH", help="备份文件（.zip），不覆盖旧文件")]) -> None:
    """备份数据库、原件和本单位的设置；可在使用中进行。"""
    from gdcore import backup

    print(_told("已备份", backup.write(_store(), path)))


def restore(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="备份文件", exists=True, dir_okay=False)],
) -> None:
    """在空的数据文件夹（或空数据库）中恢复备份。"""
    from gdcore import backup

    print(_told("已恢复", backup.restore(_store(), path)))


def verify_log() -> None:
    """核对操作日志是否完整；最新封印可另行保存，供日后比对。"""
    from gdcore.store import audit

    found = audit.verify(_store())
    if found.fault:
        print(f"操作日志不完整：{found.fault}。")
        raise typer.Exit(BROKEN)
    print(f"操作日志完整，共 {found.rows} 条，最新封印 {found.seal or '（无）'}。")


def recount() -> None:
    """重新清点页面上的各项数字；平时随每次改动自动更新，无须运行。"""
    from gdcore.store import summaries

    wrong = summaries.recount(_store())
    print("已重新清点，更正了与明细不一致的数字。" if wrong else "已重新清点，各项数字与明细一致。")


def _told(verb: str, content: Content) -> str:
    if content.missing:
        print(
            f"有 {len(content.missing)} 个原件已不在：{'、'.join(d[:12] for d in content.missing[:10])}",
            file=sys.stderr,
        )
    return f"{verb} {sum(content.rows.values())} 行、{content.files} 个原件。"


def _store() -> Store:
    from gdcore import settings
    from gdcore.store import open_store

    return open_store(settings.load())
