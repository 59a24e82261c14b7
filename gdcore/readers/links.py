"""Where a web page leads: its links, the frames in it, and the address to which it sends a browser on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from lxml import etree

from gdcore.readers import html

MAX_LINKS: Final = 5000  # of one page
MAX_CAPTION: Final = 300  # characters
_FILE = re.compile(r"\.(?:docx?|wps|pdf|ofd)$", re.IGNORECASE)
_REFRESH = re.compile(r"\s*\d+\s*[;,]\s*url\s*=\s*[\"']?([^\"'>]+)", re.IGNORECASE)
_SOURCES = {"a": "href", "area": "href", "iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Link:
    """A link: what it says, the whole address it leads to, and whether that is a document file by its name.

    `sends`: the page itself sends the browser there.
    """

    text: str
    target: str
    is_file: bool
    sends: bool = False


def links(data: bytes, address: str) -> tuple[Link, ...]:
    """The links of a page that stands at `address`, in its order, each target once. Raises DamagedFile."""
    found: dict[str, Link] = {}
    for link in _links(html.parse(data), address):
        known = found.get(link.target)
        if known is None or len(known.text) < len(link.text):
            found[link.target] = link
        if len(found) >= MAX_LINKS:
            break
    return tuple(found.values())


def _links(root: etree._Element, address: str) -> Iterator[Link]:
    base = next((href for each in root.iter("base") if (href := each.get("href"))), "")
    address = urljoin(address, base)
    for element in root.iter("meta", *_SOURCES):
        if element.tag == "meta":
            sent = _REFRESH.match(element.get("content") or "")
            refreshes = (element.get("http-equiv") or "").lower() == "refresh"
            source = sent[1] if sent and refreshes else ""
        else:
            source = element.get(_SOURCES[str(element.tag)]) or ""
        target = _whole(source, address)
        if target:
            yield Link(_caption(element, target), target, bool(_FILE.search(_path(target))), element.tag == "meta")


def _whole(source: str, address: str) -> str:
    """The whole address, without fragment; of a viewer's (viewer.html?file=…) that of the document shown; "" if none."""
    try:
        target = urljoin(address, source.strip())
        parts = urlsplit(target)
        shown = next((v for v in parse_qs(parts.query).get("file", ()) if _FILE.search(_path(v))), None)
        target = urljoin(target, shown) if shown and not _FILE.search(parts.path) else target
    except ValueError:
        return ""
    return target.partition("#")[0] if source.strip() and target.startswith(("http://", "https://")) else ""


def _path(target: str) -> str:
    try:
        return unquote(urlsplit(target).path)
    except ValueError:
        return ""


def _caption(element: etree._Element, target: str) -> str:
    """What the link says, or its longer title; else the name of the file."""
    said = _SPACE.sub(" ", "".join(map(str, element.itertext()))).strip()
    title = _SPACE.sub(" ", element.get("title") or "").strip()
    return (max(said, title, key=len) or _path(target).rsplit("/", 1)[-1])[:MAX_CAPTION]
