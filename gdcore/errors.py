"""The exceptions that callers of gdcore meet.

    DeskError                    anything this project raises on purpose
    ├── UnreadableFile           no text can be got from the bytes
    │   ├── EmptyFile            nothing in it
    │   ├── EncryptedFile        a password is needed
    │   ├── DamagedFile          the container or its content is broken
    │   ├── UnsupportedFormat    a format that no reader knows
    │   └── OverLimit            reading it takes more time, memory or room than a file is given
    ├── StoreUnavailable         the store is busy, full, read-only, damaged or gone
    ├── ClusterUnavailable       the scheduler of the cluster cannot be reached, or not any more
    └── ConfigurationError       settings, a profile, a scoring scheme or a template cannot be used

Each carries a sentence for the person who meets it (`str(error)`) and, as `remedy`, what that person can do.
"""

from __future__ import annotations

from typing import ClassVar


class DeskError(Exception):
    """Something went wrong in a way this project foresaw; `str()` is a sentence in Chinese."""

    default_remedy: ClassVar[str] = ""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy if remedy is not None else self.default_remedy


class UnreadableFile(DeskError):
    """No text can be got from the bytes."""

    kind: ClassVar[str] = "无法读取"
    default_remedy = "请用 Word 或 WPS 打开后另存为 .docx，再重新上传。"


class EmptyFile(UnreadableFile):
    """The file has no bytes, or nothing but white space."""

    kind = "空文件"
    default_remedy = "请确认选对了文件，再重新上传。"


class EncryptedFile(UnreadableFile):
    """The file asks for a password."""

    kind = "加密"
    default_remedy = "请去掉密码后重新上传。"


class DamagedFile(UnreadableFile):
    """The container or its content is broken."""

    kind = "损坏"


class UnsupportedFormat(UnreadableFile):
    """No reader knows this format."""

    kind = "格式不支持"
    default_remedy = "请上传 Word（.docx）、PDF、网页（.html）或文本（.txt）格式的报告。"


class StoreUnavailable(DeskError):
    """The store cannot be used now: busy, full, read-only, damaged or gone. Nothing was half-written; one may try again."""


class ClusterUnavailable(DeskError):
    """The cluster that does the work cannot be reached. What was not written stays to be done; one may try again."""

    default_remedy = "未处理完的文件仍在排队。请检查 GDCORE_SCHEDULER 或 --scheduler（形如 tcp://主机:8786）以及调度器是否在运行，再试一次。"


class OverLimit(UnreadableFile):
    """Reading the file takes more time, memory or room than one file is given."""

    kind = "超出限制"


class ConfigurationError(DeskError):
    """Settings, a profile, a scoring scheme or a letter's template cannot be used; names the file and the place in it."""
