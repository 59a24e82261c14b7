"""Everything an office would miss, in one ZIP: rows, originals and its own settings; written while people work.

The rows are those of one moment, a table a file, a line of JSON a row, so that a backup of one kind of database can be restored
into the other. Originals are never changed once they are written, so they may be copied after the rows.
"""

from __future__ import annotations

import base64
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from gdcore.errors import DeskError
from gdcore.settings import Settings
from gdcore.store import Store, dump, originals

_MANIFEST = "manifest.json"
_ROWS, _FILES, _OWN = "rows", "originals", "own"
# What an office lays down itself in its data folder.
OWN_FOLDERS = ("profiles", "scoring", "lexicon", "templates")
OWN_FILES = ("calendar.toml", "fetching.toml")
_LEVEL = 1  # zlib: most of what is in it is packed already
_ROWS_AT_ONCE = 500


class BackupError(DeskError):
    """A backup that cannot be written, or not be restored here."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a backup: rows a table, originals, and the digests of those that were not there any more."""

    rows: dict[str, int]
    files: int
    missing: tuple[str, ...] = ()


def write(store: Store, target: Path) -> Content:
    """Write a backup; the file appears under its name when it is whole. Raises BackupError if it is there already."""
    if target.exists():
        raise BackupError(f"{target} 已经存在。", "请换一个文件名，备份不覆盖旧文件。")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            content = _fill(store, archive)
        _settle(unfinished, target)
    except OSError as error:
        raise BackupError(f"备份没有写成：{error.strerror or error}。", "请检查目标位置的空间和权限后重试。") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return content


def restore(store: Store, source: Path) -> Content:
    """Bring an empty store to what a backup holds. Raises BackupError if the store is in use or the file not whole."""
    if not dump.is_empty(store):
        raise BackupError(
            "当前数据库里已有数据，不能在其中恢复。", "请把 GDCORE_DATA 指向一个空文件夹（或新建数据库）后重试。"
        )
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            _expect_revision(manifest)
            digests = _restore_originals(store.settings, archive)
            _restore_own(store.settings, archive)
            with dump.loading(store) as load:
                for name in manifest["rows"]:
                    load(name, _rows(archive, name))
            found = dump.counts(store)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BackupError(f"{source.name} 不是完整的备份文件：{error}。", "请换一份备份文件。") from error
    if found != manifest["rows"]:
        raise BackupError(f"{source.name} 恢复后的行数与备份时不符。", "请换一份备份文件。")
    return Content(found, digests, tuple(manifest["missing"]))


# --- writing ----------------------------------------------------------------------------------------------------------


def _fill(store: Store, archive: zipfile.ZipFile) -> Content:
    rows: dict[str, int] = {}
    with dump.reading(store) as tables:
        digests = tables.digests()
        for name, lines in tables.rows():
            rows[name] = _write_rows(archive, name, lines)
    missing = [
        digest
        for digest in sorted(digests)
        if not originals.pack(store.settings, digest, archive, f"{_FILES}/{digest}")
    ]
    for path in _own(store.settings):
        archive.write(path, f"{_OWN}/{path.relative_to(store.settings.data).as_posix()}")
    manifest = {"revision": dump.REVISION, "rows": rows, "missing": missing}
    archive.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return Content(rows, len(digests) - len(missing), tuple(missing))


def _write_rows(archive: zipfile.ZipFile, name: str, lines: Iterator[dict[str, Any]]) -> int:
    count = 0
    with archive.open(f"{_ROWS}/{name}.jsonl", "w", force_zip64=True) as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, default=_plain).encode() + b"\n")
            count += 1
    return count


def _plain(value: object) -> object:
    """What JSON has no word for: bytes as {"base64": …}, days and moments as their ISO form (`dump` reads it back)."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _own(settings: Settings) -> Iterator[Path]:
    for name in OWN_FILES:
        if (settings.data / name).is_file():
            yield settings.data / name
    for folder in OWN_FOLDERS:
        yield from sorted(p for p in (settings.data / folder).rglob("*") if p.is_file())


def _settle(unfinished: Path, target: Path) -> None:
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(target)


# --- restoring --------------------------------------------------------------------------------------------------------


def _expect_revision(manifest: dict[str, Any]) -> None:
    if manifest["revision"] != dump.REVISION:
        raise BackupError(
            f"备份的数据结构是 {manifest['revision']}，本程序是 {dump.REVISION}。",
            "请用备份时的程序版本恢复，再升级程序。",
        )


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table, some at a time."""
    with archive.open(f"{_ROWS}/{name}.jsonl") as file:
        lines: list[dict[str, Any]] = []
        for line in file:
            lines.append({key: _value(value) for key, value in json.loads(line).items()})
            if len(lines) >= _ROWS_AT_ONCE:
                yield lines
                lines = []
        yield lines


def _value(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _restore_originals(settings: Settings, archive: zipfile.ZipFile) -> int:
    count = 0
    for member in archive.infolist():
        folder, _, digest = member.filename.partition("/")
        if folder == _FILES and digest:
            with archive.open(member) as file:
                originals.unpack(settings, digest, file)
            count += 1
    return count


def _restore_own(settings: Settings, archive: zipfile.ZipFile) -> None:
    """An office's own settings, where it has none yet; a name that leads elsewhere is passed over."""
    for member in archive.infolist():
        parts = PurePosixPath(member.filename).parts
        if len(parts) < 2 or parts[0] != _OWN or ".." in parts or member.is_dir():
            continue
        target = settings.data.joinpath(*parts[1:])
        if parts[1] in (*OWN_FOLDERS, *OWN_FILES) and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(member))
