"""What tests of Word documents share: all that one says, paragraph by paragraph, and LibreOffice to draw it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import docx
import pypdfium2


def paragraphs(data: bytes) -> list[str]:
    """The paragraphs of the body in order, those in cells of tables included; empty ones are left out."""
    body = docx.Document(io.BytesIO(data)).element.body
    found = ("".join(_letters(node)) for node in body.iter(f"{{{_W}}}p"))
    return [text for text in found if text.strip()]


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _letters(paragraph):
    for node in paragraph.iter():
        if node.tag == f"{{{_W}}}t":
            yield node.text or ""
        elif node.tag in (f"{{{_W}}}br", f"{{{_W}}}tab"):
            yield "\n" if node.tag.endswith("br") else "\t"


def everything(data: bytes) -> str:
    """All text in all parts of the file, workbooks behind charts included."""
    pieces = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith(".xlsx"):
                pieces.append(everything(part))
            elif name.endswith((".xml", ".rels")):
                pieces.append(re.sub(r"<[^>]*>", "", part.decode()))
    return "\n".join(pieces)


def part(data: bytes, name: str) -> bytes:
    """One part of the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def pdf_text(soffice: str, data: bytes, folder: Path) -> str:
    """What LibreOffice draws of a document, as text."""
    (folder / "a.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with pypdfium2.PdfDocument(folder / "a.pdf") as pages:
        return "\n".join(page.get_textpage().get_text_range() for page in pages)
