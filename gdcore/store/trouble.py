"""What a person is told when the store cannot be used: busy, full, read-only, damaged, gone. Nothing is half-written then."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from gdcore.errors import StoreUnavailable

SAFE = "没有写入任何内容，已入库的内容不受影响。"
_BUSY = "数据库正被其他操作占用，等了一会儿仍未空出。", "请稍后重试。"
_FULL = f"磁盘已满。{SAFE}", "请清理磁盘或扩大空间后重试。"
_READ_ONLY = f"数据文件夹不能写入。{SAFE}", "请检查数据文件夹（GDCORE_DATA）的权限和磁盘是否只读。"
_UNREACHABLE = "数据库文件打不开。", "请检查数据文件夹（GDCORE_DATA）是否存在、磁盘是否已挂载。"
_DAMAGED = "数据库文件已损坏。", "请用 gdcheck restore 从最近的备份恢复。"
_DISK = f"磁盘读写出错。{SAFE}", "请检查磁盘，必要时从备份恢复。"
_GONE = f"连不上数据库服务器。{SAFE}", "请稍后重试；若一直如此，请检查数据库服务器。"
_CROWDED = "数据库的连接已用完。", "请稍后重试，或让管理员调高 max_connections。"

_SQLITE = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_CANTOPEN": _UNREACHABLE,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_IOERR": _DISK,
}
# Classes and codes of the SQL standard and of PostgreSQL; a connection that is not there has none.
_SERVER = {"53100": _FULL, "53300": _CROWDED, "25006": _READ_ONLY, "08": _GONE, "57P": _GONE, "XX001": _DAMAGED}
_SYSTEM = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _READ_ONLY,
    errno.EIO: _DISK,
}


@contextmanager
def told() -> Iterator[None]:
    """Raise StoreUnavailable for what the database says of its own state; faults of this program go on as they are."""
    try:
        yield
    except DBAPIError as error:
        words = _words(error)
        if words is None:
            raise
        raise StoreUnavailable(*words) from error
    except NoConnection as error:
        raise StoreUnavailable(*_CROWDED) from error


def busy() -> StoreUnavailable:
    """What is told to a writer who waited in vain for others."""
    return StoreUnavailable(*_BUSY)


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """The same of a file or folder of the store."""
    try:
        yield
    except OSError as error:
        sentence, remedy = _SYSTEM.get(error.errno or 0, (f"无法写入 {path}（{error.strerror}）。", _READ_ONLY[1]))
        raise StoreUnavailable(sentence, remedy) from error


def _words(error: DBAPIError) -> tuple[str, str] | None:
    cause = error.orig
    name = getattr(cause, "sqlite_errorname", None)
    if isinstance(name, str):
        return next((words for code, words in _SQLITE.items() if name.startswith(code)), None)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return next((words for code, words in _SERVER.items() if state.startswith(code)), None)
    return _GONE if error.connection_invalidated or type(cause).__name__ == "OperationalError" else None
