"""How cells are printed: blanks, strokes and words for nothing, units, widths, spaces, notes; gold says what each means."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from decimal import Decimal

from .reports import Printed

Style = Callable[[str, str, Decimal], Printed]  # address, digits as they are, number → what is printed, what it means
_WIDE = str.maketrans("0123456789.+-", "０１２３４５６７８９．＋－")
_ORGANISATIONS = (".business", ".research", ".ngo", ".legal_service", ".other_org")


def printed(gold: Mapping[str, Printed], style: str) -> dict[str, Printed]:
    """The gold of the same cells printed in a style."""
    return {address: STYLES[style](address, raw, Decimal(raw)) for address, (raw, _) in gold.items()}


def _plain(_: str, raw: str, number: Decimal) -> Printed:
    return raw, number


def _nothing(sign: str) -> Style:
    """Every zero as another sign, which is no number."""
    return lambda _, raw, number: (raw, number) if number else (sign, None)


def _blank_organisations(address: str, raw: str, number: Decimal) -> Printed:
    """Organisations left blank where there is none, 自然人 and 总计 filled."""
    return ("", None) if address.endswith(_ORGANISATIONS) and not number else (raw, number)


def _blank_dispute(address: str, raw: str, number: Decimal) -> Printed:
    """One kind of dispute left blank where there was none."""
    return ("", None) if address.startswith("t4") and not number else (raw, number)


def _mixed(address: str, raw: str, number: Decimal) -> Printed:
    signs = ("", "/", "—", "0", "无", "－")
    sign = signs[zlib.crc32(address.encode()) % len(signs)]
    return (raw, number) if number or sign == "0" else (sign, None)


def _units(address: str, raw: str, number: Decimal) -> Printed:
    return (f"{raw}件", number) if address.startswith(("t3", "t4")) else _money(address, raw, number)


def _money(address: str, raw: str, number: Decimal) -> Printed:
    return (f"{raw}万元", number) if address.endswith(("amount", "amount_wan")) else (raw, number)


def _wide(_: str, raw: str, number: Decimal) -> Printed:
    return raw.translate(_WIDE), number


def _padded(address: str, raw: str, number: Decimal) -> Printed:
    before, after = (("  ", ""), ("\u3000", ""), ("", "\u00a0"), ("", " "))[zlib.crc32(address.encode()) % 4]
    return before + raw + after, number


def _letter_spaced(_: str, raw: str, number: Decimal) -> Printed:
    """Integers of two or three digits as `1 2`, as justified cells have them."""
    return (" ".join(raw), number) if raw.isdigit() and 1 < len(raw) < 4 else (raw, number)


def _thousands(mark: str) -> Style:
    def grouped(_: str, raw: str, number: Decimal) -> Printed:
        return (f"{int(raw):,}".replace(",", mark), number) if raw.isdigit() and len(raw) > 3 else (raw, number)

    return grouped


def _noted(address: str, raw: str, number: Decimal) -> Printed:
    """Notes in brackets, with full and half width, in a cell here and there."""
    if not raw.isdigit() or not number or (address.startswith(("t3", "t4")) and zlib.crc32(address.encode()) % 9):
        return raw, number
    note = f"其中修订{int(number) // 2}件"
    return (f"{raw}（{note}）" if address < "t2.normative_docs.j" else f"{raw}({note})"), number


STYLES: Mapping[str, Style] = {
    "plain": _plain,
    "blank": _nothing(""),
    "slash": _nothing("/"),
    "hyphen": _nothing("-"),
    "dash": _nothing("—"),
    "word": _nothing("无"),
    "blank_organisations": _blank_organisations,
    "blank_dispute": _blank_dispute,
    "mixed": _mixed,
    "units": _units,
    "money": _money,
    "wide": _wide,
    "padded": _padded,
    "letter_spaced": _letter_spaced,
    "thousands": _thousands(","),
    "wide_thousands": _thousands("，"),
    "noted": _noted,
}
# What leaves a mark in every cell, so that single lines can be counted.
MARKED = tuple(
    name for name in STYLES if name not in ("blank", "blank_organisations", "blank_dispute", "mixed", "word")
)
