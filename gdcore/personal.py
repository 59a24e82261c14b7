"""Numbers that belong to a person, in any text: identity numbers, mobile numbers, bank accounts, and how they are masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from gdcore.text import narrow


class Kind(StrEnum):
    """What a trace is."""

    IDENTITY = "identity"  # 18 digits with a check digit
    OLD_IDENTITY = "old_identity"  # 15 digits, issued until 1999
    MOBILE = "mobile"
    ACCOUNT = "account"  # after 账号, 卡号 or 开户行
    CARD = "card"  # a bare number with a valid check digit
    NAME = "name"
    HOME = "home"
    PIECE = "piece"  # some digits of a number, where a quotation breaks off


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a text holds personal data: the characters from `start` to `end`. `sure` False: a person has to look."""

    kind: Kind
    start: int
    end: int
    sure: bool = True


# Full-width digits, letters and signs, one character for one: offsets in the folded text are those in the text.
_TO_FOLD = re.compile("[\uff01-\uff5e\u3000\xa0\n]")
_FOLDED = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20, 0xA0: 0x20, 0x0A: 0x20}


def folded(text: str) -> str:
    """`text` with full-width characters in their usual width and line ends as blanks, of the same length."""
    text = narrow(text)  # most have nothing else to fold
    return text.translate(_FOLDED) if _TO_FOLD.search(text) else text


# What a number is called tells what it is not: these name numbers of bodies, documents and goods.
_IMPERSONAL = re.compile(
    r"(?:信用代码|机构代码|组织代码|索引号?|索取号|文号|税号|识别号|流水号|序列号|订单号|合同号|项目代码|登记号|备案号|许可证号?|受理号|办件号|申请号|回执号|信件号|查询[码号]|取件码|案号|批号"
    r"|执照号?|标识码|条码|编码|编号|QQ群?|QQ号码?|微信号?|单号|ISBN|ISSN|DOI|网址)[码]?[为是]?[:\s(]*$",
    re.IGNORECASE,
)
_LOOK_BACK = 14  # characters before a number in which its name is looked for
# A first digit: not of a piece of a longer number, of a word, or of a path; one that a blank separates may stand beside
# another. What stands before is asked behind the digit, so that the search can skip to one.
_FIRST = r"\d(?<![\dA-Za-z_=]\d)(?<![\dA-Za-z][./\-]\d)"
_ENDS = r"(?![\dA-Za-z_])(?![./\-]\d)"
_APART = r"(?! ?\d)"
_SOLID = re.compile(rf"{_FIRST}(?:\d{{16}}[Xx]|\d{{14,18}}){_ENDS}")
_GROUPED = re.compile(rf"{_FIRST}(?<!\d \d)\d{{1,12}}(?:[ \-]\d{{2,13}}){{1,5}}[Xx]?{_ENDS}{_APART}")
_SPACED = re.compile(rf"{_FIRST}(?<!\d \d)(?: \d){{14,17}}(?: [\dXx])?{_ENDS}{_APART}")
_MOBILE = re.compile(
    rf"1(?:(?<={_FIRST})|(?<=\+861)|(?<=\+86-1))[3-9]\d(?:\d{{8}}{_ENDS}|(?<!\d \d\d\d)([ \-])\d{{4}}\1\d{{4}}{_ENDS}{_APART})"
)
LONG_NUMBER = re.compile(r"\d[\d \n\u3000\-]{9}")  # without that there is no number, and nothing more need be tried
_AFTER_AMOUNT = re.compile(r"\s*(?:[万亿]?元|[万亿]|人次|次|件|条|平方|立方|公里|千瓦|吨|个|%|页|户|头|株|亩)")


def numbers(text: str) -> tuple[Trace, ...]:
    """The personal numbers in `text`, in order. Offsets are those of `text` as printed."""
    if not LONG_NUMBER.search(text):
        return ()
    line = folded(text)
    return tuple(merged([*_long_numbers(line), *_mobiles(line)]))


def _long_numbers(line: str) -> Iterator[Trace]:
    for pattern in (_SOLID, _GROUPED, _SPACED):
        for match in pattern.finditer(line):
            before = line[max(0, match.start() - _LOOK_BACK) : match.start()]
            # Digit by digit with blanks is how table cells look in a line: it has to be called a number.
            called = pattern is not _SPACED or _IDENTITY_WORD.search(before) or _ACCOUNT_WORD.search(before)
            other = _IMPERSONAL.search(before) and not _IDENTITY_WORD.search(before)
            kind = _kind(match[0], before) if called and not other else None
            if kind is not None:
                yield Trace(kind, *match.span())


_IDENTITY_WORD = re.compile(r"身份证|证件号|身份号")
_ACCOUNT_WORD = re.compile(r"(?:[账帐]号|[账帐]户|卡号|开户行|银行卡)[^。；;\d]{0,12}$")

_SOCIAL = re.compile(r"媒体|微博|微信|抖音|公众|头条|快手|视频号")  # whose accounts are no bank's


def _kind(number: str, before: str) -> Kind | None:
    digits = re.sub(r"[ \-]", "", number).upper()
    if is_identity(digits):
        return Kind.IDENTITY
    if not digits.isdecimal():
        return None
    if len(digits) == 15:
        return Kind.OLD_IDENTITY if is_old_identity(digits) else None
    if not 16 <= len(digits) <= 19:
        return None
    if _ACCOUNT_WORD.search(before):
        return None if _SOCIAL.search(before) else Kind.ACCOUNT
    return Kind.CARD if digits[0] in _CARD_ISSUERS and luhn(digits) else None


def _mobiles(line: str) -> Iterator[Trace]:
    for match in _MOBILE.finditer(line):
        before = line[max(0, match.start() - _LOOK_BACK) : match.start()]
        if not _IMPERSONAL.search(before) and not _AFTER_AMOUNT.match(line, match.end()):
            yield Trace(Kind.MOBILE, *match.span())


# --- what makes a number one ------------------------------------------------------------------------------------------

_PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65"
_MUNICIPAL = {"11": 2, "12": 2, "31": 2, "50": 3}  # highest second pair; Chongqing once had a third
_ELSEWHERE = frozenset(("710000", "810000", "820000", "830000"))  # residence permits of Taiwan, Hong Kong, Macao
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FIRST_YEAR, _LAST_YEAR = 1900, 2035
_CARD_ISSUERS = "34569"  # first digit of bank cards: none begins like a year or a code of the state


def is_identity(digits: str) -> bool:
    """Whether 18 characters are a citizen's number: region, date of birth, check digit (GB 11643, ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"\d{17}[\dX]", digits) or not _region(digits[:6]):
        return False
    if not _birthday(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])):
        return False
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=False)) % 11] == digits[17]


def is_old_identity(digits: str) -> bool:
    """Whether 15 digits can be a number of the old form, which has no check digit: region and date of birth."""
    return _region(digits[:6]) and _birthday(1900 + int(digits[6:8]), int(digits[8:10]), int(digits[10:12]))


def _region(code: str) -> bool:
    """Whether six digits can be a county of GB/T 2260, abolished ones included."""
    if code in _ELSEWHERE:
        return True
    second, third = int(code[2:4]), int(code[4:6])
    if code[:2] not in _PROVINCES or not third:
        return False
    return 1 <= second <= _MUNICIPAL.get(code[:2], 70) or (second == 90 and code[:2] not in _MUNICIPAL)


def _birthday(year: int, month: int, day: int) -> bool:
    try:
        return _FIRST_YEAR <= date(year, month, day).year <= _LAST_YEAR
    except ValueError:
        return False


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of bank cards (ISO/IEC 7812)."""
    doubled = (int(d) * (2 if n % 2 else 1) for n, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


# --- masking ----------------------------------------------------------------------------------------------------------

_KEPT_FRONT, _KEPT_BACK = 3, 2  # digits of a number that stay
_STREET = re.compile(r"^.*?(?:路|街|大道|巷|弄|胡同|小区|花园|家园|苑|公寓|社区|村|镇|乡)")


def masked(text: str, kind: Kind) -> str:
    """`text` with what identifies the person struck out, of the same length.

    Numbers keep the first three digits and the last two (138******78), names the surname (张××), addresses what comes
    before the house (人民路×××××), pieces of a number nothing.
    """
    if kind is Kind.NAME:
        return text[: surname_length(text)] + "×" * (len(text) - surname_length(text))
    if kind is Kind.HOME:
        street = _STREET.match(text)
        kept = street.end() if street else 0
        return text[:kept] + "×" * (len(text) - kept)
    total = sum(char.isalnum() for char in text)
    front, back = (0, total) if kind is Kind.PIECE else (_KEPT_FRONT, total - _KEPT_BACK)
    result, place = [], 0
    for char in text:
        result.append("*" if char.isalnum() and front <= place < back else char)
        place += char.isalnum()
    return "".join(result)


def covered(text: str, traces: Iterable[Trace]) -> str:
    """`text` with the traces masked; nothing else changes, not even the length."""
    pieces, last = [], 0
    for trace in merged(traces):
        pieces += [text[last : trace.start], masked(text[trace.start : trace.end], trace.kind)]
        last = trace.end
    return "".join([*pieces, text[last:]])


def merged(traces: Iterable[Trace]) -> list[Trace]:
    """The traces in order, of overlapping ones the first (at one start the longest)."""
    ordered = sorted(traces, key=lambda t: (t.start, -t.end))
    kept = ordered[:1]
    if len(ordered) < 2:
        return kept
    for _, trace in pairwise(ordered):
        if trace.start >= kept[-1].end:
            kept.append(trace)
    return kept


COMPOUND_SURNAMES = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 司徒 夏侯 轩辕 端木 宇文 长孙 南宫 闻人 赫连 澹台 钟离 独孤 呼延 东郭 申屠 "
    "濮阳 淳于 单于 太叔 仲孙 司空 鲜于 拓跋"
)


def surname_length(name: str) -> int:
    """How many characters of a name are its surname; 0 where it is no Han name (its parts joined by a dot)."""
    if "·" in name:
        return 0
    return 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
