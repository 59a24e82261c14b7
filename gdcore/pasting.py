"""Addresses that a person pastes: one line an agency, its name and where it publishes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from gdcore import masking
from gdcore.store import Store, publication_rows
from gdcore.text import plain

_PASTED = re.compile(r"(?P<name>.*?)[\s,，;；:：|]*(?P<url>https?://\S+)\s*")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted: an address for each agency, and a sentence for each line that cannot be used."""

    urls: dict[str, str]
    faults: tuple[str, ...]


def read(store: Store, lines: str, among: Callable[[Collection[str]], Collection[str]] | None = None) -> Pasted:
    """Lines “单位名称 网址”, one an agency, told apart by any white space or sign; `among` keeps the keys that may be meant."""
    matches = (_PASTED.fullmatch(line.strip()) for line in lines.splitlines())
    known = publication_rows.owners(store, {plain(match["name"]) for match in matches if match})
    if among is not None:
        kept = among(set(known.values()))
        known = {name: key for name, key in known.items() if key in kept}
    urls, faults = dict[str, str](), []
    for number, line in enumerate(lines.splitlines(), 1):
        if not line.strip():
            continue
        match = _PASTED.fullmatch(line.strip())
        if match is None:
            faults.append(f"第 {number} 行没有以 http:// 或 https:// 开头的网址")
        elif (key := known.get(plain(match["name"]))) is None:
            faults.append(f"第 {number} 行的单位“{masking.anywhere(match['name'].strip())}”不在名录中")
        else:
            urls[key] = match["url"]
    return Pasted(urls, tuple(faults))
