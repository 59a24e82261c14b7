"""The files as they were received, each under its SHA-256, written whole or not at all, before anything else is done."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from gdcore.settings import Settings
from gdcore.store import trouble


def path(settings: Settings, digest: str) -> Path:
    """Where the bytes with this digest are kept: originals/ab/cd/abcd…"""
    return settings.store / "originals" / digest[:2] / digest[2:4] / digest


def keep(settings: Settings, data: bytes) -> str:
    """Put bytes away and return their digest; what is there already is not written again. Raises StoreUnavailable."""
    digest = hashlib.sha256(data).hexdigest()
    target = path(settings, digest)
    if not target.is_file() or target.stat().st_size != len(data):
        with trouble.told_of(target):
            _write(target, data)
    return digest


def _write(target: Path, data: bytes) -> None:
    """Under another name first, and to the disk before it gets its own."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def load(settings: Settings, digest: str) -> bytes | None:
    """The bytes with this digest; None if they are not there."""
    try:
        return path(settings, digest).read_bytes()
    except FileNotFoundError:
        return None


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
