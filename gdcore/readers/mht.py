"""Saved web pages (MHT, MIME HTML): the page inside its archive, read as any page."""

from __future__ import annotations

import email
import email.message
import email.policy
import re
from typing import Final

from gdcore.errors import DamagedFile
from gdcore.readers import encoding, html
from gdcore.readers.content import Content

MAX_BYTES: Final = 100 * 1024 * 1024  # bytes of an archive, most of them pictures
MAX_PARTS: Final = 2_000

_HEAD = 4096  # bytes in which the header ends
_END = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z-]*:[ \t]")
_HOLDS_PAGE = re.compile(rb"^content-type:\s*(?:multipart/|text/html)", re.IGNORECASE | re.MULTILINE)


def read(data: bytes) -> Content:
    """The blocks of a page, archived or not. Raises DamagedFile for an archive without one."""
    return html.read(page(data) if is_archive(data) else data)


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin as a message whose content is a page or holds one."""
    head = data[:_HEAD].lstrip()
    return bool(_HEADER.match(head) and _HOLDS_PAGE.search(_END.split(head)[0]))


def page(data: bytes) -> bytes:
    """The HTML of the page: the part that the archive begins with, else its first page.

    Where the archive names a charset, it comes back as UTF-8 with a mark, since the page's own declaration may be
    that of the server and wrong by now.
    """
    if len(data) > MAX_BYTES:
        raise DamagedFile("网页文件过大，无法读取。")
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        pages = [part for part in _parts(message) if part.get_content_type() == "text/html"]
        start = message.get_param("start")
        first = [part for part in pages if part.get("Content-ID") == start]
        chosen = next(iter(first or pages), None)
        if chosen is None:
            raise DamagedFile("网页存档里没有网页内容。")
        payload, charset = chosen.get_payload(decode=True), chosen.get_content_charset()
    except (LookupError, ValueError, RecursionError) as error:
        raise DamagedFile("网页存档已损坏，无法读取。") from error
    if not isinstance(payload, bytes):
        raise DamagedFile("网页存档里没有网页内容。")
    if charset is None:
        return payload
    return encoding.decode(payload, charset).encode("utf-8-sig", "replace")


def _parts(message: email.message.Message) -> list[email.message.Message]:
    parts = []
    for part in message.walk():
        parts.append(part)
        if len(parts) > MAX_PARTS:
            raise DamagedFile("网页存档的组成部分多得不合常理，无法读取。")
    return parts
