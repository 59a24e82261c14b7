"""ZIP archives unpacked with care: bounded in number, size and ratio, names from Chinese Windows made readable."""

from __future__ import annotations

import lzma
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from gdcore.errors import DamagedFile, EncryptedFile, UnreadableFile

MAX_MEMBERS: Final = 2000
MAX_TOTAL: Final = 1024**3  # bytes unpacked, all members together
MAX_ONE: Final = 200 * 1024**2  # bytes of one member, which is held in memory; no reader takes more
MAX_LISTED: Final = 200_000  # entries of a directory, those of archives inside counted: listing them takes memory
MAX_RATIO: Final = 200  # unpacked to packed, of one member
SMALL: Final = 10 * 1024**2  # bytes: below this any ratio is harmless
MAX_DEPTH: Final = 2  # the archive itself and one inside it
MAX_NAME: Final = 200  # characters of a name
NAMELESS: Final = "（没有文件名）"
_ENDING: Final = 60  # characters kept of the end of a longer one
_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_TOO_MANY: Final = (f"压缩包里的文件超过 {MAX_MEMBERS} 个。", "请分成几个压缩包后重新上传。")
_UTF8_FLAG: Final = 0x800
_ENCRYPTED_FLAG: Final = 0x1
_CHUNK: Final = 1024**2

# What tells a document that happens to be a ZIP from an archive of documents.
_DOCUMENTS = re.compile(r"word/document\d*\.xml|xl/workbook\.(xml|bin)|ppt/presentation\.xml|OFD\.xml|content\.xml")
# Control characters, those that turn the direction or show nothing, and halves of characters; by what they are shown.
_HIDDEN: Final = {"Cc": " ", "Cf": "", "Cs": "\ufffd", "Co": "\ufffd", "Cn": "\ufffd", "Zl": " ", "Zp": " "}
_SPACE = re.compile(r"\s+")
_JUNK = re.compile(r"(^|/)(__MACOSX/|~\$|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


@dataclass
class _Budget:
    """What may still be unpacked."""

    members: int = field(default_factory=lambda: MAX_MEMBERS)
    total: int = field(default_factory=lambda: MAX_TOTAL)

    def exceeded(self) -> UnreadableFile | None:
        """The reason to stop, once a limit is passed."""
        if self.members < 0:
            return UnreadableFile(*_TOO_MANY)
        if self.total < 0:
            return UnreadableFile(f"压缩包解开后超过 {MAX_TOTAL // 1024**3} GB。", "请分成几个压缩包后重新上传。")
        return None


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a ZIP that holds files, and not a document in ZIP form (docx, xlsx, ofd …)."""
    if not data.startswith(_MARKS) or _is_endless(data):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        return False
    return not any(_DOCUMENTS.fullmatch(info.filename) for info in infos)


def _is_endless(data: bytes) -> bool:
    """Whether the directory is longer than any that a person made; told without listing it."""
    return data.count(b"PK\x01\x02") > MAX_LISTED


def is_junk(name: str) -> bool:
    """Whether a file is only there because a system or an office program left it."""
    return _JUNK.search(name) is not None


def expand(name: str, data: bytes) -> Iterator[tuple[str, bytes | UnreadableFile]]:
    """Each file in an archive as (archive.zip!/name, bytes), or the reason why that one could not be got.

    A file that is no archive gives itself. An archive that breaks a limit gives what came before, then the reason.
    """
    name = label(name)
    if data.startswith(_MARKS) and _is_endless(data):
        yield name, UnreadableFile(*_TOO_MANY)
    else:
        yield from _expand(name, data, _Budget(), 1) if is_archive(data) else ((name, data),)


def label(name: str) -> str:
    """A file's name as it can be stored, shown and logged: one line of bounded length, read in the order it is written.

    A name is never a path: files are kept under the hash of their bytes.
    """
    if len(name) > MAX_NAME:
        name = f"{name[: MAX_NAME - _ENDING - 1]}…{name[-_ENDING:]}"
    kept = "".join(_HIDDEN.get(unicodedata.category(char), char) for char in name)
    return _SPACE.sub(" ", kept).strip() or NAMELESS


def _expand(name: str, data: bytes, budget: _Budget, depth: int) -> Iterator[tuple[str, bytes | UnreadableFile]]:
    found = False
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for info in archive.infolist():
            member = member_name(info)
            if info.filename.endswith("/") or is_junk(member):  # is_dir of the library fails where there is no name
                continue
            found = True
            path = label(f"{name}!/{member or NAMELESS}")
            budget.members -= 1
            inner = _content(archive, info, budget)
            if reason := budget.exceeded():
                yield name, reason
                return
            if isinstance(inner, UnreadableFile):
                yield path, inner
                continue
            if is_archive(inner) and depth < MAX_DEPTH:
                yield from _expand(path, inner, budget, depth + 1)
            else:
                yield path, inner
    if not found:
        yield name, UnreadableFile("压缩包里没有文件。", "请确认选对了压缩包，再重新上传。")


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name: without the UTF-8 flag it was written in GBK, which Python reads as cp437."""
    name = info.filename
    if not info.flag_bits & _UTF8_FLAG and not name.isascii():
        for encoding in ("utf-8", "gb18030"):
            try:
                name = info.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in ("..", "/", "."))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> bytes | UnreadableFile:
    """A member's bytes, never more than the limits allow, whatever its header claims."""
    if info.flag_bits & _ENCRYPTED_FLAG:
        return EncryptedFile("压缩包设有密码，无法解开。")
    if stat.S_ISLNK(info.external_attr >> 16):
        return UnreadableFile("压缩包里的这一项是链接，不是文件。", "请把它指向的文件放进压缩包，或直接上传该文件。")
    allowed = max(SMALL, info.compress_size * MAX_RATIO)
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as member:
            while budget.exceeded() is None and (piece := member.read(_CHUNK)):
                size += len(piece)
                budget.total -= len(piece)
                if size > allowed:
                    return UnreadableFile("压缩比例异常，可能不是正常文件。", "请直接上传报告文件。")
                if size > MAX_ONE:
                    return UnreadableFile(
                        f"这个文件解开后超过 {MAX_ONE // 1024**2} MB，无法读取。", "请压缩图片或拆分附件后重新上传。"
                    )
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError):
        return DamagedFile("压缩包中的这个文件已损坏，无法解开。", "请重新压缩后上传，或直接上传该文件。")
    return b"".join(pieces)
