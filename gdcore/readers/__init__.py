"""Bytes to Document: what format it is, and the reader that knows it. Readers know formats and no form."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Final

from gdcore.document import Block, Document, Embedded, Format, Paragraph, Table
from gdcore.errors import DamagedFile, EmptyFile, EncryptedFile, UnreadableFile, UnsupportedFormat
from gdcore.readers import doc, docx, mht, ofd, pdf, scan, sheet, text
from gdcore.readers.content import Content

MAX_BYTES: Final = 200 * 1024 * 1024  # bytes of one file
MAX_BLOCKS: Final = 50_000  # paragraphs and tables of one file
MAX_CHARS: Final = 3_000_000  # characters of one file; a long report has a hundred thousand
_HEAD = 4096  # bytes in which a format shows itself
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_BITMAP = re.compile(rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|div|p|span|title|article|section|meta|h[1-6])[\s>/]", re.IGNORECASE
)
_MARKUP_START = re.compile(rb"\s*<[!?a-z]", re.IGNORECASE)

_READERS: Final[dict[Format, Callable[[bytes], Content]]] = {
    Format.TXT: text.read,
    Format.HTML: mht.read,
    Format.DOCX: docx.read,
    Format.DOC: doc.read,
    Format.PDF: pdf.read,
    Format.OFD: ofd.read,
    Format.XLSX: sheet.read,
    Format.IMAGE: scan.read,
}


def read(data: bytes, name: str = "") -> Document:
    """The file as its reader sees it. `name` decides nothing: endings lie.

    Raises UnreadableFile (EmptyFile, EncryptedFile, DamagedFile, UnsupportedFormat) with a sentence for the uploader.
    """
    form = sniff(data)
    content = _READERS[form](data)
    if not any(_says_something(block) for block in content.blocks):
        raise EmptyFile("文件里没有文字。")
    _require_measure(content.blocks)
    return Document(hashlib.sha256(data).hexdigest(), form, content.blocks, content.title, content.metadata)


def sniff(data: bytes) -> Format:
    """What the bytes are, by their content alone; raises UnreadableFile when they are nothing that is known."""
    if not data.lstrip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise EmptyFile("文件是空的。")
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，无法读取。", "请压缩图片或拆分附件后重新上传。")
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip(data)
    if head.startswith(_OLE):
        return _ole(data)
    if head.startswith(_IMAGES) or _BITMAP.match(head) or head[8:12] == b"WEBP" or head[4:8] == b"ftyp":
        return Format.IMAGE
    if head.startswith(b"{\\rtf"):
        raise UnsupportedFormat("这是 RTF 文件，暂不能读取。", "请用 Word 或 WPS 打开后另存为 .docx，再重新上传。")
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        raise UnsupportedFormat("这是压缩包，不是报告。", "请解压后上传其中的报告。")
    return _textual(data)


def _require_measure(blocks: Sequence[Block]) -> None:
    """What follows the readers takes its time for every paragraph and character: no report has so many."""
    if len(blocks) > MAX_BLOCKS or sum(map(_length, blocks)) > MAX_CHARS:
        raise UnreadableFile("文件内容过多，不像一份年度报告。", "请只上传年度报告本身，不要与其他材料合在一个文件里。")


def _length(block: Block) -> int:
    if isinstance(block, Table):
        return sum(len(cell.text) for row in block.rows for cell in row)
    return len(block.text) if isinstance(block, Paragraph) else 0


def _says_something(block: object) -> bool:
    if isinstance(block, Paragraph):
        return bool(block.text.strip())
    if isinstance(block, Table):
        return any(cell.text.strip() for row in block.rows for cell in row)
    return isinstance(block, Embedded)


def _zip(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise DamagedFile("文件已损坏或没有传完整，无法打开。") from error
    if "word/document.xml" in names or any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        return Format.DOCX
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return Format.XLSX
    if "OFD.xml" in names:
        return Format.OFD
    if "ppt/presentation.xml" in names:
        raise UnsupportedFormat("这是演示文稿，不是年度报告。")
    if "content.xml" in names:
        raise UnsupportedFormat("这是 OpenDocument 文件，暂不能读取。", "请另存为 .docx 后重新上传。")
    raise UnsupportedFormat("这是压缩包，不是报告。", "请解压后上传其中的报告。")


def _ole(data: bytes) -> Format:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise EncryptedFile("文件设有密码，无法打开。")
    if holds("WordDocument"):
        return Format.DOC
    if holds("Workbook"):
        return Format.XLSX
    if holds("PowerPoint Document"):
        raise UnsupportedFormat("这是演示文稿，不是年度报告。")
    return Format.DOC


def _textual(data: bytes) -> Format:
    """HTML or plain text; marks of UTF-16 pages are looked for after the zero bytes are taken out."""
    head = data[:_HEAD].replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    if b"<w:wordDocument" in head or b"<pkg:package" in head:
        raise UnsupportedFormat("这是 Word XML 文件，暂不能读取。", "请用 Word 打开后另存为 .docx，再重新上传。")
    if mht.is_archive(data):
        return Format.HTML
    marked = _MARKUP.search(head) if _MARKUP_START.match(head) else len(_MARKUP.findall(head)) > 2
    return Format.HTML if marked else Format.TXT
