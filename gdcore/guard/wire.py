"""What goes between an app and its watched processes: frames of a kind and a length, and answers that are data alone."""

from __future__ import annotations

import builtins
import importlib
import io
import pickle
import struct
from enum import Enum
from typing import IO, Any, Final

READY: Final = b"R"  # from here on the process takes tasks; memory it has in use
MORE: Final = b"M"  # it was granted more seconds: of processor, of waiting
VALUE: Final = b"V"  # the answer
RAISED: Final = b"E"  # an exception of ours
LAST: Final = b"L"  # this process has grown too large: the answer before was its last
TASK: Final = b"T"

_HEAD = struct.Struct(">cQ")
_PLAIN: Final = frozenset({"set", "frozenset", "bytearray", "complex", "range", "slice"})
_STANDARD: Final = frozenset({
    ("datetime", "date"), ("datetime", "datetime"), ("datetime", "timedelta"), ("datetime", "timezone"),
    ("decimal", "Decimal"), ("fractions", "Fraction"), ("collections", "OrderedDict"), ("copyreg", "_reconstructor"),
    ("builtins", "object"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath"), ("pathlib", "PurePosixPath"),
    ("pathlib._local", "PosixPath"), ("pathlib._local", "WindowsPath"), ("pathlib._local", "PurePosixPath"),  # Python 3.13
})  # fmt: skip


class TooLong(Exception):
    """A frame is longer than was agreed."""


def write(pipe: IO[bytes], *frames: tuple[bytes, bytes]) -> None:
    """Frames of a kind and a content, in one go: each go wakes the other side. Raises OSError when nobody takes them."""
    pipe.write(b"".join(part for kind, content in frames for part in (_HEAD.pack(kind, len(content)), content)))
    pipe.flush()


def read(pipe: IO[bytes], most: int | None = None) -> tuple[bytes, bytes]:
    """The next frame. Raises EOFError at the end, TooLong for one of more than `most` bytes, which stays unread."""
    kind, length = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    if most is not None and length > most:
        raise TooLong
    return kind, _exactly(pipe, length)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data


def loaded(content: bytes) -> Any:
    """An answer. Only classes of this project and plain data are made of it: who wrote it had read a hostile file.

    Raises pickle.UnpicklingError for anything else.
    """
    return _Data(io.BytesIO(content)).load()


class _Data(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _STANDARD:
            return getattr(importlib.import_module(module), name)
        if (module, name) == ("builtins", "getattr"):
            return _member
        if module == "builtins" and name in _PLAIN:
            return getattr(builtins, name)
        if module.split(".")[0] == "gdcore" and "." not in name:
            found = getattr(importlib.import_module(module), name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no data")


def _member(kind: Any, name: Any) -> Enum:
    """A member of an enumeration, which Python before 3.11.4 packs as an attribute of its class."""
    if isinstance(kind, type) and issubclass(kind, Enum) and isinstance(name, str) and name in kind.__members__:
        return kind[name]
    raise pickle.UnpicklingError(f"{kind}.{name} is no data")
