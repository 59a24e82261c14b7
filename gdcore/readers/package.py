"""A zip of XML parts, unpacked within bounds: no entities, no network, no DTD, no bombs."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from lxml import etree

from gdcore.errors import DamagedFile, EncryptedFile

MAX_PART: Final = 50 * 1024 * 1024  # bytes of one part once unpacked
MAX_TOTAL: Final = 200 * 1024 * 1024  # bytes of all parts that are read
MAX_PARTS: Final = 20_000

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, etree.XMLSyntaxError, UnicodeDecodeError)
# ISO's strict variant of Office files names the same vocabularies differently.
_STRICT = b"http://purl.oclc.org/ooxml/"
_SPELLINGS = tuple(
    (_STRICT + name, b"http://schemas.openxmlformats.org/" + family + b"/2006/main")
    for name, family in ((b"wordprocessingml/main", b"wordprocessingml"), (b"drawingml/main", b"drawingml"))
)


@dataclass(slots=True)
class Package:
    """The parts by name; `name` is what messages call the file."""

    name: str
    _archive: zipfile.ZipFile
    _parts: dict[str, zipfile.ZipInfo]
    _left: int = MAX_TOTAL

    def __contains__(self, path: str) -> bool:
        return _normal(path) in self._parts

    @property
    def names(self) -> frozenset[str]:
        """The names of all parts, in small letters and with / between folders."""
        return frozenset(self._parts)

    def part(self, path: str) -> etree._Element | None:
        """The root of the XML part at `path`, None when there is no such part."""
        data = self.content(path)
        if data is None:
            return None
        if _STRICT in data:
            for strict, usual in _SPELLINGS:
                data = data.replace(strict, usual)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        return etree.fromstring(data, parser)

    def content(self, path: str) -> bytes | None:
        """The bytes of the part at `path`, None when there is no such part."""
        info = self._parts.get(_normal(path))
        if info is None:
            return None
        if info.flag_bits & 1:
            raise EncryptedFile("文件设有密码，无法打开。")
        try:
            with self._archive.open(info) as stream:
                data = stream.read(min(MAX_PART, self._left) + 1)
        except ValueError as error:  # zipfile, when an offset in the directory leads before the file
            raise self.damaged() from error
        self._left -= len(data)
        if len(data) > MAX_PART or self._left < 0:
            raise DamagedFile(f"{self.name}文件展开后过大，无法读取。")
        return data

    def damaged(self) -> DamagedFile:
        """The exception for a part that is missing or makes no sense."""
        return DamagedFile(f"{self.name}文件已损坏或没有传完整，无法打开。")


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Package]:
    """The package in `data`; what breaks inside the block becomes DamagedFile."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = {_normal(info.filename): info for info in archive.infolist()}
            if len(parts) > MAX_PARTS:
                raise DamagedFile(f"{name}文件的组成部分多得不合常理，无法读取。")
            yield Package(name, archive, parts)
    except _BROKEN as error:
        raise DamagedFile(f"{name}文件已损坏或没有传完整，无法打开。") from error


def _normal(path: str) -> str:
    return posixpath.normpath("/" + path.replace("\\", "/")).lstrip("/").lower()


def beside(part: str, target: str) -> str:
    """The part that `target` means when `part` names it: from the root with a leading /, else from the same folder."""
    return target if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)


def tag(element: etree._Element) -> str:
    """The element's name without its namespace; "" for comments and the like."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """The child elements of that name, in any namespace."""
    return (child for child in (element if element is not None else ()) if tag(child) == name)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at the end of `path`, None when there is none."""
    for name in path:
        element = next(children(element, name), None)
    return element


def first(element: etree._Element, name: str) -> etree._Element | None:
    """The first child element of that name, which has its namespace before it."""
    for child in element:  # iterchildren(name) spends more on the name than this on the few children
        if child.tag == name:
            return child
    return None
