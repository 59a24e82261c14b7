"""The hostile set: every file with its family, the name it comes under, and how its bytes are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Hostile:
    """One file; `data` makes its bytes when they are wanted, since some are large."""

    family: str
    name: str
    data: Callable[[], bytes]


def named(family: str, files: Iterable[tuple[str, Callable[[], bytes] | bytes]]) -> Iterator[Hostile]:
    """The files of a family."""
    for name, data in files:
        yield Hostile(family, name, data if callable(data) else lambda data=data: data)


def zipped(*parts: tuple[str, bytes | str], packed: bool = True) -> bytes:
    """A ZIP of these members, in this order; a name may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, archive.compression)
    return out.getvalue()


def everything(seed: int) -> list[Hostile]:
    """All files of the set, in the same order with the same bytes for the same seed."""
    from . import broken, containers, fixed, images, markup, names, office, pdfs, polyglots, texts

    modules = (containers, office, markup, pdfs, fixed, images, texts, names, polyglots)
    return [each for module in modules for each in module.files()] + list(broken.files(seed))
