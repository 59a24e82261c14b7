"""What a watched process gives up before it meets a file: the network, programs, writing outside of its folder, room."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from gdcore.guard.limits import PROGRAMS, Limits

try:
    import resource
except ImportError:  # not on Windows: there the limit of waiting and the hook hold
    resource = None  # type: ignore[assignment]

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # of unshare(2), which Python has from 3.12 on
_NO_NEW_PRIVILEGES: Final = 38  # of prctl(2)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_STARTING: Final = frozenset({
    "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn",
    "subprocess.Popen",
})  # fmt: skip
_OWN: Final = "/proc/self/clear_refs"
_DATA: Final = 5  # which number of /proc/self/statm counts pages of data and stack
_PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
_MAKING: Final = {"open": 0, "os.mkdir": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1, "os.truncate": 0}


class Refused(PermissionError):
    """Something that has no place in the reading of a file."""


def cut_off() -> bool:
    """Leave the network, for programs started from here too; whether the kernel let us.

    Before any thread is started: afterwards no process may leave the users it belongs to.
    """
    if not sys.platform.startswith("linux"):
        return False
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if kernel.unshare(_NEW_NETWORK) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if kernel.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False
    with suppress(OSError):  # whose files are whose does not depend on it
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def close() -> None:
    """From here on no socket is opened, no program started but PROGRAMS, and no file made outside the temporary folder."""
    folder = os.path.realpath(tempfile.gettempdir()) + os.sep

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in _MAKING:
            if event != "open" or (isinstance(given[2], int) and given[2] & _WRITING):
                _require_within(folder, given[_MAKING[event]])
        elif event.startswith("socket."):
            raise Refused("a file is read without a network")
        elif event in _STARTING and not _is_known(event, given):
            raise Refused("a file is read without other programs")

    sys.addaudithook(hook)


def _require_within(folder: str, path: Any) -> None:
    if isinstance(path, int) or path in (os.devnull, _OWN):
        return  # open already, or no file
    place = os.path.realpath(os.fsdecode(path)) + os.sep
    if not place.startswith(folder):
        raise Refused("a file is read without writing elsewhere")


def _is_known(event: str, given: tuple[Any, ...]) -> bool:
    if event != "subprocess.Popen" or isinstance(given[1], str):
        return False
    return os.path.basename(os.fsdecode(given[0] or given[1][0])) in PROGRAMS  # noqa: PTH119  # bytes too


# --- room -------------------------------------------------------------------------------------------------------------


def bound(limits: Limits, memory_before: int) -> None:
    """Bounds for the next task, by the system where it can: processor, memory, size of files."""
    if resource is None:
        return
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, limits.written)
    if memory_before:
        _lower(resource.RLIMIT_DATA, memory_before + limits.memory)
    with suppress(OSError):  # what was in memory at most is counted from here on, where the system can
        _write(_OWN, b"5")
    grant(limits.cpu, anew=True)


def grant(seconds: float, anew: bool = False) -> None:
    """So many seconds of processor more, or from now on."""
    if resource is None:
        return
    soft, _ = resource.getrlimit(resource.RLIMIT_CPU)
    begun = used() if anew or soft == resource.RLIM_INFINITY else soft
    _lower(resource.RLIMIT_CPU, int(begun + seconds + 0.999))


def used() -> float:
    """Seconds of processor that this process has used."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


def most_memory() -> int:
    """The most bytes that this process has had in memory; the system counts those of the one that started it, too."""
    return in_bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) if resource is not None else 0


def in_bytes(maxrss: int) -> int:
    """What the system calls ru_maxrss, in bytes."""
    return maxrss * (1 if sys.platform == "darwin" else 1024)


def memory() -> int:
    """Bytes of data that this process may write to; 0 where the system does not tell, and so does not bound them."""
    try:
        return int(_read("/proc/self/statm").split()[_DATA]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _read(path: str) -> bytes:
    """A line of the system's. Before and after every task: a file object would cost four times as much."""
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 200)
    finally:
        os.close(file)


def _write(path: str, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, content)
    finally:
        os.close(file)


def _lower(kind: int, value: int) -> None:
    """Set the bound that warns or refuses; the one above it stays, so that a later task may get more."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
