"""Samples as the bytes of a file. The same sample and format always give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gdcore.samples.model import Sample
from gdcore.samples.writers import docx, html, pdf, plain

_WRITERS: Mapping[str, Callable[[Sample], bytes]] = {
    "txt": plain.tabs,
    "txt_pipes": plain.pipes,
    "md": plain.markdown,
    "html": html.write,
    "html_gbk": html.write_gbk,
    "docx": docx.write,
    "pdf": pdf.write,
}
FORMATS = tuple(_WRITERS)
SUFFIXES = {"txt_pipes": "txt", "html_gbk": "html"}


def write(sample: Sample, fmt: str) -> bytes:
    """The sample in one of FORMATS; KeyError for another."""
    return _WRITERS[fmt](sample)


def suffix(fmt: str) -> str:
    """The ending of a file in this format, without the dot."""
    return SUFFIXES.get(fmt, fmt)
