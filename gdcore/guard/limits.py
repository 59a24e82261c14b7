"""How much one file may take, what is raised when it takes more, and how a reader asks for more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gdcore.errors import OverLimit

GB: Final = 1024**3
MB: Final = 1024**2
# The only programs that a watched process may start: for formats of Word that no reader here knows by itself.
PROGRAMS: Final = ("soffice", "libreoffice")

_LESS: Final = "请核对文件内容，用 Word 或 WPS 打开后另存为 .docx，或拆分后重新上传。"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take: seconds of processor and of waiting, bytes of memory, of its answer, of a file it writes.

    Memory counts beyond what the process had before its first task.
    """

    cpu: float = 20.0
    wall: float = 120.0
    memory: int = GB
    answer: int = 64 * MB
    written: int = 512 * MB

    def cpu_passed(self, granted: float = 0.0) -> OverLimit:
        """The exception for a task that used up its processor time."""
        return OverLimit(f"读取这份文件用了超过 {self.cpu + granted:.0f} 秒的处理器时间仍未读完，已停止。", _LESS)

    def wall_passed(self, granted: float = 0.0) -> OverLimit:
        """The exception for a task that did not come back."""
        return OverLimit(f"读取这份文件超过 {self.wall + granted:.0f} 秒仍未完成，已停止。", _LESS)

    def memory_passed(self) -> OverLimit:
        """The exception for a task that asked for more memory than there was for it."""
        return OverLimit(f"读取这份文件需要的内存超过 {_size(self.memory)}，已停止。", _LESS)

    def answer_passed(self) -> OverLimit:
        """The exception for a task whose answer is too large."""
        return OverLimit(f"文件内容过大：读出的内容超过 {_size(self.answer)}，已停止。", _LESS)


class Died(Exception):
    """The process of a task ended by itself, at no limit that is known: a crash."""


class Failed(Exception):
    """A task raised something that is not ours; the message is its kind and where it came from, without its words."""


def lack_of_memory(error: BaseException | None) -> bool:
    """Whether an exception, or one it came from, says that there was no memory left, in whichever library's words."""
    while error is not None:
        words = str(error).lower()
        if isinstance(error, MemoryError) or any(told in words for told in _NO_MEMORY):
            return True
        error = error.__cause__ or error.__context__
    return False


_NO_MEMORY: Final = ("bad_alloc", "bad allocation", "insufficient memory", "memory allocation failed", "out of memory")


def more(seconds: float, program: bool = False) -> None:
    """Ask for so many seconds beyond the limits: of processor, or of waiting alone while a `program` works.

    Only for steps whose number is bounded by the reader, such as pages of a scan. Outside of a watched process nothing
    is limited and this does nothing.
    """
    if granting is not None:
        granting(seconds, program)


granting: Callable[[float, bool], None] | None = None


def _size(count: int) -> str:
    return f"{count // GB} GB" if count >= GB and count % GB == 0 else f"{count // MB} MB"
