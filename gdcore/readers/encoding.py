"""Bytes to text: byte order mark, then UTF-8 if the bytes are UTF-8, then what the file declares, then a guess."""

from __future__ import annotations

import codecs

import charset_normalizer

from gdcore.errors import UnsupportedFormat

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# GB 18030 contains both; pages that declare the older names use its characters all the same.
_WIDENED = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030"}
# Python's own ways to write text in ASCII: they fail otherwise than charsets do, or take the square of the length.
_NO_CHARSETS = {"punycode", "unicode-escape", "raw-unicode-escape"}
_SAMPLE = 65_536  # bytes that a guess looks at
_ZEROS = 0.01  # share of zero bytes from which text is UTF-16: its ASCII characters and line feeds have one each
_SOUND_PER_BROKEN = 20  # multi-byte characters for each broken one from which bytes still count as UTF-8


def decode(data: bytes, declared: str | None = None) -> str:
    """`data` as text.

    `declared` is the charset that the file names, believed only after its bytes: pages lie about it. A few broken
    bytes become U+FFFD. Raises UnsupportedFormat for bytes that are no text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    sample = data[:_SAMPLE]
    if b"\0" in sample and sample.count(0) > _ZEROS * len(sample):  # to count takes longer than to find none
        return _utf16(data)
    data = data.replace(b"\0", b"")
    candidates = ["utf-8", _known(declared), "gb18030"]
    for name in filter(None, candidates):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return _mostly(data, _known(declared))


def _known(declared: str | None) -> str | None:
    """The codec of a declared charset, None where there is none that gives text of any bytes."""
    if not declared:
        return None
    name = declared.strip().lower()
    try:
        known = codecs.lookup(_WIDENED.get(name, name)).name
        b" ".decode(known, "ignore")  # not all are from bytes to text (base64, rot-13)
    except (LookupError, ValueError):  # ValueError where the name holds a zero
        return None
    return None if known in _NO_CHARSETS else known


def _utf16(data: bytes) -> str:
    """UTF-16 without a mark: Chinese text and line feeds in one byte order, nonsense in the other."""
    best, best_share = "", 0.0
    for name in ("utf-16-le", "utf-16-be"):
        text = data.decode(name, errors="replace")
        sample = text[:_SAMPLE]
        usual = sum(char in "\n\r\t" or " " <= char <= "~" or "\u3000" <= char <= "\u9fff" for char in sample)
        if sample and usual / len(sample) > best_share:
            best, best_share = text, usual / len(sample)
    if best_share < 0.8:
        raise UnsupportedFormat("这个文件不是文字，也不是可识别的文档格式。")
    return best


def _mostly(data: bytes, declared: str | None) -> str:
    """Text with some broken bytes in it (cut characters are common in what content systems put out)."""
    for name in ("utf-8", declared or "gb18030", "gb18030"):
        text = data.decode(name, errors="replace")
        broken = text.count("\ufffd")
        sound = sum("\u2e80" <= char <= "\uffef" for char in text)
        if sound > _SOUND_PER_BROKEN * broken:
            return text
    guess = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    if guess is None:
        raise UnsupportedFormat("无法判断这个文件的文字编码。", "请另存为 UTF-8 编码后重新上传。")
    return data.decode(guess.encoding, errors="replace")
