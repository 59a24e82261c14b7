"""What an OLE file says about itself ([MS-OLEPS]): title, author, when it was made and last saved."""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from typing import Final

MAX_PROPERTIES: Final = 200

# Under the names that .docx files use.
_NAMES = {2: "title", 3: "subject", 4: "creator", 8: "lastModifiedBy", 12: "created", 13: "modified"}
_CODE_PAGE = 1
_BYTES, _WIDE, _TIME = 30, 31, 64  # types
_SECTION_AT = 44  # where the place of the first section stands
_EPOCH = datetime(1601, 1, 1)
_CHINESE = 936  # code page of files that name none


def read(stream: bytes) -> dict[str, str]:
    """The properties that say something; none where the stream is broken, since the text does not hang on it."""
    try:
        return _read(stream)
    except (struct.error, OverflowError):
        return {}


def _read(stream: bytes) -> dict[str, str]:
    section = struct.unpack_from("<I", stream, _SECTION_AT)[0]
    count = min(struct.unpack_from("<I", stream, section + 4)[0], MAX_PROPERTIES)
    places = dict(struct.unpack_from("<II", stream, section + 8 + 8 * n) for n in range(count))
    page = _CHINESE
    if _CODE_PAGE in places:
        page = struct.unpack_from("<I", stream, section + places[_CODE_PAGE] + 4)[0] & 0xFFFF
    encoding = {65001: "utf-8", _CHINESE: "gb18030"}.get(page, f"cp{page}")
    found = {name: _value(stream, section + places[key], encoding) for key, name in _NAMES.items() if key in places}
    return {name: text for name, text in found.items() if text}


def _value(stream: bytes, at: int, encoding: str) -> str:
    kind = struct.unpack_from("<I", stream, at)[0]
    if kind in (_BYTES, _WIDE):
        size = struct.unpack_from("<I", stream, at + 4)[0] * (2 if kind == _WIDE else 1)
        raw = stream[at + 8 : at + 8 + size]
        try:
            text = raw.decode("utf-16-le" if kind == _WIDE else encoding, "replace")
        except LookupError:
            text = raw.decode("gb18030", "replace")
        return text.split("\0")[0].strip()
    if kind == _TIME:
        since = struct.unpack_from("<Q", stream, at + 4)[0]
        return f"{(_EPOCH + timedelta(microseconds=since // 10)).isoformat(timespec='seconds')}Z" if since else ""
    return ""
