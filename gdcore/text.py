"""Chinese text as offices type it: widths, radicals, spaces, numerals, sentences and dates brought to one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from rapidfuzz.distance import LCSseq, Levenshtein

# CJK Radicals Supplement (U+2E80–2EFF) that PDF producers write for the characters themselves. NFKC mends the Kangxi
# radicals (U+2F00–2FDF) and leaves these alone, so they need a map (Unicode, EquivalentUnifiedIdeograph.txt).
_RADICAL_PAIRS = (
    "⺁厂⺃乚⺄乙⺅亻⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月"
    "⺞歹⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罒⺲罒⺳网⺴网⺵网⺶羊"
    "⺷羊⺸羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝"
    "⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄"
    "⻪黾⻫齐⻬齐⻭齿⻮齿⻯竜⻰龙⻱龟⻲龟⻳龟"
)
_RADICALS = str.maketrans(dict(zip(_RADICAL_PAIRS[::2], _RADICAL_PAIRS[1::2], strict=True)))
_KANGXI = str.maketrans({chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)})
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_TO_MEND = re.compile(f"[\u2e80-\u2fdf{_INVISIBLE.pattern[1:]}")
# What nearly all texts consist of: characters that the plain form leaves as they are, wide marks and simple spaces.
_WIDE = "，；：（）！？％"
ORDINARY = f"!-~、。《》〈〉〔〕“”‘’—·×\u4e00-\u9fff{_WIDE}"
_ORDINARY = re.compile(f"[{ORDINARY} \n]*")
_PIECE = 1000  # characters
_SPACE = re.compile(r"[\s\u3000\u00a0]+")
_SPACE_BETWEEN = re.compile(
    r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])"
)
_PUNCTUATION = re.compile(r"[^\w%]|_")


def mend(text: str) -> str:
    """`text` with radicals turned into the characters they stand for and invisible marks removed; widths stay."""
    if not _TO_MEND.search(text):
        return text
    return _INVISIBLE.sub("", text.translate(_RADICALS).translate(_KANGXI))


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """The form in which texts are compared and names are given: NFKC, radicals mended, no white space at all."""
    if _ORDINARY.fullmatch(text):  # several times as quick as what holds for all texts
        return narrow(text).replace(" ", "").replace("\n", "")
    return _SPACE.sub("", "".join(unicodedata.normalize("NFKC", piece) for piece in _pieces(mend(text))))


def _pieces(text: str) -> Iterator[str]:
    """`text` in pieces of bounded length that begin with no mark upon a letter: a run of marks costs its square to order."""
    start = 0
    while len(text) - start > _PIECE:
        end = start + _PIECE
        while end < min(len(text), start + 2 * _PIECE) and unicodedata.combining(text[end]):
            end += 1
        yield text[start:end]
        start = end
    yield text[start:]


def narrow(text: str) -> str:
    """`text` with the wide punctuation marks of Chinese in the width of ASCII."""
    text = text.replace("，", ",").replace("；", ";").replace("：", ":").replace("（", "(")
    return text.replace("）", ")").replace("！", "!").replace("？", "?").replace("％", "%")


@lru_cache(maxsize=2048)
def bare(text: str) -> str:
    """`plain` without punctuation, brackets or signs: what labels and headings are matched on."""
    return _PUNCTUATION.sub("", plain(text))


def collapse(text: str) -> str:
    """`text` on one line: runs of white space between Chinese characters removed, others reduced to one space."""
    text = " ".join(text.split())
    return _SPACE_BETWEEN.sub("", text) if " " in text else text


def width(text: str) -> int:
    """Columns that `text` takes in a fixed-width font: two for a full-width character, one for others."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def distance(left: str, right: str) -> int:
    """Edit distance (Levenshtein) in characters."""
    return int(Levenshtein.distance(left, right))


def similarity(left: str, right: str) -> float:
    """1 for equal texts, 0 for texts with nothing in common (normalised edit distance)."""
    return float(Levenshtein.normalized_similarity(left, right))


def common(left: str, right: str) -> int:
    """How many characters both texts have in the same order, whatever stands between them."""
    return int(LCSseq.similarity(left, right))


# --- numerals -------------------------------------------------------------------------------------------------------

_DIGITS = {
    c: n
    for n, cs in enumerate(("零〇○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for c in cs
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def chinese_number(text: str) -> int | None:
    """The number that Chinese numerals spell (十二 → 12, 二〇二三 → 2023, 一千零五 → 1005); None if they spell none."""
    if text in _DIGITS:
        return _DIGITS[text]
    if not text or not all(c in _DIGITS or c in _UNITS or c in "万亿" for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            section += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            total = (total + section + digit) * (10_000 if char == "万" else 100_000_000)
            section = digit = 0
    return total + section + digit


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """What a table cell prints: `value` None when it is no number; `irregular` when it is one written against the form.

    `spaced`: its digits stand apart, so that it may be two numbers whose border was lost.
    """

    value: Decimal | None
    irregular: bool = False
    spaced: bool = False


def is_bare_number(text: str) -> bool:
    """Whether `text` is nothing but digits in the width of ASCII, as nearly all cells with a number are."""
    return text.isdecimal() and text.isascii()


UNIT = "[件条宗例起份次篇个期场项人元]|万元|万|万余元"
_CELL_NUMBER = re.compile(
    rf"(?P<sign>[+\-−增减]?)(?P<whole>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<part>\.\d+)?(?P<unit>{UNIT})?(?P<note>\(.*\))?"
)
_SPACED_DIGITS = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?|[1-9](?:[ \t]{1,2}\d)+")


@lru_cache(maxsize=1024)
def printed_number(raw: str) -> PrintedNumber:
    """The number that a table cell prints, if it certainly prints one.

    `12`, `０`, `1,234`, `0件`, `251000元`, `22（其中修订16件）`, `+3`, `增3`, `减2` are numbers (all but the first and
    `+3` irregular); blank, `/`, `—`, `无`, `0 0 0`, `12 3`, `1O` are none. A line break between two halves of a long
    number is the cell's width speaking and is closed; a space only where it groups thousands or stands between all
    digits alike (`1 2` in a justified cell).
    """
    if is_bare_number(raw):
        return PrintedNumber(Decimal(raw), irregular=len(raw) > 1 and raw[0] == "0")
    text = unicodedata.normalize("NFKC", mend(raw)).strip()
    apart = " " in text and re.fullmatch(r"\d(?:\s\d)+", text) is not None
    text = re.sub(r"(?<=[\d.])\n(?=[\d.])", " " if apart else "", text)
    spaced = re.search(r"\d\s+\d", text) is not None and "(" not in text
    if spaced and not _SPACED_DIGITS.fullmatch(text):
        return PrintedNumber(None)
    match = _CELL_NUMBER.fullmatch(_SPACE.sub("", text))
    if not match:
        return PrintedNumber(None)
    value = Decimal(match["whole"].replace(",", "") + (match["part"] or ""))
    negative = match["sign"] in ("-", "−", "减") and match["sign"] != ""
    regular = re.fullmatch(
        r"[+-]?(0|[1-9]\d*)(\.\d+)?", raw.strip().strip("\u3000\u00a0").replace("\n", "").replace("−", "-")
    )
    return PrintedNumber(-value if negative else value, irregular=regular is None, spaced=spaced)


@lru_cache(maxsize=4096)
def is_value(raw: str) -> bool:
    """Whether a cell's text can stand in a value cell (number, blank, a sign or word for nothing) rather than be a label."""
    if raw.isascii():
        return True
    text = plain(raw)
    if not re.search(r"[\u4e00-\u9fff]", text):
        return True
    return (
        printed_number(raw).value is not None
        or re.fullmatch(r"[无零空]|没有|不涉及|暂无|未[有发]生?", text) is not None
    )


# --- sentences and dates --------------------------------------------------------------------------------------------

_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]*[”’』」）)]*")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence or ；-clause of `text` with its offset."""
    return ((m.start(), m.group()) for m in _SENTENCE.finditer(text) if m.group().strip())


_DATE = re.compile(r"(20\d{2})\s*(?:年|[-/.])\s*(1[0-2]|0?[1-9])\s*(?:月|[-/.])\s*(3[01]|[12]\d|0?[1-9])(?!\d)\s*日?")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


def dates(text: str) -> list[date]:
    """The calendar dates printed in `text`, in order; impossible ones are left out."""
    found = []
    for year, month, day in _DATE.findall(_plain_digits(text)):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def years(text: str) -> list[int]:
    """The four-digit years from 2000 to 2099 in `text`, in order; damaged digits (`20231月`, `202020年`) give none."""
    return [int(y) for y in _YEAR.findall(_plain_digits(text))]


def _plain_digits(text: str) -> str:
    """`text` in NFKC, but for wide marks, of which a date has none: ordinary text has only these to be changed."""
    return text if _ORDINARY.fullmatch(text) else unicodedata.normalize("NFKC", text)


def years_out(text: str) -> str:
    """`text` without the four-digit years in it."""
    return _YEAR.sub("", text) if "20" in text else text
