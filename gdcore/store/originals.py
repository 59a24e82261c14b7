"""The files as they were received, each under its SHA-256, written whole or not at all, before anything else is done.

They are in a folder or on S3-compatible storage (`objects`), under the same names: ab/cd/abcd…. Nobody else knows where.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import zipfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO, Protocol
from urllib.request import url2pathname

from gdcore.errors import ConfigurationError, StoreUnavailable
from gdcore.processing import At, Source
from gdcore.settings import Settings
from gdcore.store import trouble

_BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[^?#]*)?)")
_FILE = "file://"
_KEPT = 16  # places of a process
_PIECE = 1 << 20  # bytes
_ADDRESSES = "请写成 s3://存储桶/前缀 或文件夹的绝对路径，留空则放在数据文件夹里。"
_EXTRA = "请安装 objects 组件：pip install 'disclosure-desk[objects]'"


class Place(Protocol):
    """Where originals are. What is asked of it raises StoreUnavailable where it cannot be reached."""

    def keep(self, digest: str, data: bytes) -> None:
        """Put bytes away under their digest; what is there already is not written again."""

    def load(self, digest: str) -> bytes | None:
        """The bytes with this digest; None if they are not there."""

    def source(self, digest: str, data: bytes | None) -> Source:
        """What a process without network reads them from; `data` where they are at hand."""

    def forget(self, digest: str) -> None:
        """Take them away, if they are there."""

    def pack(self, digest: str, archive: zipfile.ZipFile, name: str) -> bool:
        """Copy them into an archive under a name; False if they are not there."""

    def unpack(self, digest: str, file: IO[bytes]) -> None:
        """Put away what a file holds. Raises ValueError where its bytes are not those of the digest."""


def keep(settings: Settings, data: bytes) -> str:
    """Put bytes away and return their digest; what is there already is not written again. Raises StoreUnavailable."""
    digest = hashlib.sha256(data).hexdigest()
    place(settings).keep(digest, data)
    return digest


def load(settings: Settings, digest: str) -> bytes | None:
    """The bytes with this digest; None if they are not there. Raises StoreUnavailable."""
    return place(settings).load(digest)


def source(settings: Settings, digest: str, data: bytes | None = None) -> Source:
    """What whoever reads them is given: the path, or from elsewhere the bytes themselves. Raises StoreUnavailable.

    Bytes are fetched when this is asked, so ask when they are handed over. `data`: they are at hand and need not be.
    """
    return place(settings).source(digest, data)


def forget(settings: Settings, digest: str) -> None:
    """Take an original away that no row speaks of any more. Raises StoreUnavailable."""
    place(settings).forget(digest)


def pack(settings: Settings, digest: str, archive: zipfile.ZipFile, name: str) -> bool:
    """Copy an original into an archive; False if it is not there. Raises StoreUnavailable."""
    return place(settings).pack(digest, archive, name)


def unpack(settings: Settings, digest: str, file: IO[bytes]) -> None:
    """Put one away from an archive. Raises StoreUnavailable, and ValueError if it is not the one that its name says."""
    place(settings).unpack(digest, file)


def place(settings: Settings) -> Place:
    """Where the originals of these settings are. Raises ConfigurationError for an address that cannot be used."""
    return _place(settings.store, settings.originals)


@lru_cache(maxsize=_KEPT)
def _place(store: Path, address: str) -> Place:
    if not address:
        return Folder(store / "originals")
    if found := _BUCKET.fullmatch(address):
        try:
            from gdcore.store.objects import Objects
        except ImportError as error:
            raise ConfigurationError("没有安装对象存储组件，环境变量 GDCORE_ORIGINALS 不能使用。", _EXTRA) from error
        return Objects(found[1].rstrip("/"))
    path = Path(url2pathname(address.removeprefix(_FILE)) if address.startswith(_FILE) else address)
    if not path.is_absolute():  # what was given is not told: it may hold a key by mistake
        raise ConfigurationError("环境变量 GDCORE_ORIGINALS 不是可用的地址。", _ADDRESSES)
    return Folder(path, shared=True)


def name(digest: str) -> str:
    """Under which name an original is kept: ab/cd/abcd…"""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def expect(digest: str, found: str) -> None:
    """Raise ValueError where bytes that should have one digest have another."""
    if found != digest:
        raise ValueError(f"原件 {digest[:12]} 已损坏")


class Folder:
    """Originals below a folder. A `shared` one has to be there: one that is not mounted must not pass for an empty one."""

    def __init__(self, root: Path, shared: bool = False) -> None:
        self._root, self._shared = root, shared

    def keep(self, digest: str, data: bytes) -> None:
        """See Place."""
        target = self._path(digest)
        if not target.is_file() or target.stat().st_size != len(data):
            with trouble.told_of(target):
                _write(target, data)

    def load(self, digest: str) -> bytes | None:
        """See Place."""
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            return None

    def source(self, digest: str, data: bytes | None) -> Source:
        """See Place."""
        return At(str(self._path(digest)))

    def forget(self, digest: str) -> None:
        """See Place."""
        self._path(digest).unlink(missing_ok=True)

    def pack(self, digest: str, archive: zipfile.ZipFile, name: str) -> bool:
        """See Place."""
        path = self._path(digest)
        if not path.is_file():
            return False
        archive.write(path, name)
        return True

    def unpack(self, digest: str, file: IO[bytes]) -> None:
        """See Place."""
        target, seen = self._path(digest), hashlib.sha256()
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".restoring-{digest[:8]}")
        try:
            with unfinished.open("wb") as out:
                while piece := file.read(_PIECE):
                    seen.update(piece)
                    out.write(piece)
            expect(digest, seen.hexdigest())
            unfinished.replace(target)
        finally:
            with suppress(FileNotFoundError):
                unfinished.unlink()

    def _path(self, digest: str) -> Path:
        if self._shared and not self._root.is_dir():
            sentence = f"存放原件的文件夹 {self._root} 不在。{trouble.SAFE}"
            raise StoreUnavailable(
                sentence, "请检查 GDCORE_ORIGINALS，以及共享文件夹是否已挂载；第一次使用时请先建好它。"
            )
        return self._root / name(digest)


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


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
