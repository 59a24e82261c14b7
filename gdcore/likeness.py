"""How alike two pieces of prose are once numbers, names and legal phrases are left out: copies apart from kin.

A copy keeps its sentences and changes years, numbers and names; a report written anew keeps the subject and changes the
sentences. So each sentence is compared with the nearest one on the other side, whatever the order they stand in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from gdcore import form
from gdcore.personal import folded
from gdcore.text import plain

# Characters of masked text below which likeness says nothing: short texts are alike by necessity.
ENOUGH = 80
# Sentences less alike than this (0…1) are not the same sentence: two on one subject often reach a half.
SAME_SENTENCE = 0.6
# Shorter sentences in characters are headings and connectives.
_SHORTEST = 4
# Characters by which sums of shares may be off, so that none is given up for its rounding.
_ROUNDING = 1e-6
# Pairs of sentences, of eight bytes each, and of characters up to which texts are looked at together. Thirty texts have some
# ten thousand sentences and ten million characters with another.
_PAIRS, _CHARACTERS = 1_000_000, 1_000_000_000

# These begin with a class of characters, so that the search can skip to one of them.
_NUMBER = re.compile(
    r"[\d#零〇一两二三四五六七八九十百千](?:"
    r"(?<=[\d#])[\d#,.]*(?:年(?:度|[\d#]+月(?:[\d#]+日)?)?|%)?"
    r"|(?<![\d#])(?<![第统逐].)[零〇一两二三四五六七八九十百千]*(?=[余多]?(?:[件条篇次场期名人份项处类批轮本]|个(?!别))))"
)
# A list of problems or measures begins with an item of its own behind the colon.
_BREAK = re.compile(r"[。!?;\n:](?:(?<!:)|(?=(?:[一二三四五六]是|\([一二三四五六]\))))")
_MARK = re.compile(
    r"(?:\([一二三四五六七八九十\d#]+\)|[一二三四五六七八九十]+[、.]|第?[一二三四五六七八九十]+(?:是(?:要)?|,|:)|[\d#]+[.、)]|[①-⑳]"
    r"|首先|其次|再次|最后|同时|此外|另外|其中)[,:]?"
)
_TITLES = "|".join([f"{a.name}|{a.titles}" for a in form.ASPECTS] + [f"{s.title}|{s.accepted}" for s in form.SECTIONS])
_HEADING = re.compile(
    rf"(?:依申请公开政府信息|政府信息(?:主动公开|管理|公开平台建设)|(?:主要|突出)?(?:问题|困难|不足)|{_TITLES}"
    r"|存在的?(?:主要|突出)?(?:问题|困难|不足)(?:[和与及](?:困难|不足))?"
    r"|(?:下一步)?(?:改进|整改|工作)?(?:措施|举措|方向|打算|计划))(?:情况|工作|方面)?:?"
)
# What every report owes to the law and to the year's slogans, not to its author. Each begins with a certain character:
# only then can the search skip to it.
_PHRASES = (
    r"《[^》]{2,60}》(?:\([^)]{1,40}\))?",
    r"\(以下简称[^),]{1,20}\)?|以下简称[^),]{1,20}\)?",
    r"国办公开办函〔[\d#]+〕[\d#]+号",
    r"中华人民共和国政府信息公开条例|政府信息公开条例",
    r"坚持以公开为常态、?不公开为例外(?:的?原则)?|以公开为常态、?不公开为例外(?:的?原则)?",
    r"以习近平新时代中国特色社会主义思想(?:为指导)?|习近平新时代中国特色社会主义思想(?:为指导)?",
    r"党的[一二三十九]+大(?:和[^,。;]{2,14}全会)?精神",
    r"决策、执行、管理、服务、结果(?:公开|“五公开”)?",
    r"先审查、?后公开|三审三校|谁公开、?谁审查|谁审查、?谁负责|谁公开、?谁负责|谁主管、?谁负责|一事一审",
    r"(?:人民群众|公众|群众|公民)的?知情权(?:、参与权)?(?:、表达权)?(?:[、和]监督权)?",
)
_STATUTORY = re.compile("|".join(_PHRASES))
# What is told in the form's own words each year: requests, disputes, fees and appraisals in numbers or as none.
_ROUTINE = re.compile(r"申请|结转|复议|诉讼|处理费|收费|责任追究")
_ROUTINE_AHEAD = re.compile(r"规范性文件.*(?:#|未|无|没有)")
_COUNTED_OR_NONE = re.compile(r"#|未|无|没有")
_UNIT_END = re.compile(r"人民政府(?=.)|.*?(?:特别行政区|自治[区州县]|[省市县区旗州盟镇乡]|街道)")
_BODY = re.compile(r"(?:人民政府|办事处|管理委员会|委员会|办公[室厅]|街道|[局镇乡县市区旗省州盟])$")
_COMMON = ("人民政府", "政府", "办事处", "街道", "办公室", "办公厅", "管理委员会", "委员会")


@lru_cache(maxsize=256)
def names_in(name: str) -> tuple[str, ...]:
    """A full name in plain form with the names that it is made of, longest first.

    云泽县东关街道办事处 → 云泽县东关街道办事处, 东关街道办事处, 东关街道, 云泽县, 东关, 云泽 (and what lies between).
    Names of one character are none: they stand in too many words.
    """
    pieces, rest = [name], name
    while (match := _UNIT_END.match(rest)) and match.end() < len(rest):
        rest = rest[match.end() :]
        pieces += [match.group(), rest]
    for piece in tuple(pieces):
        while (shorter := _BODY.sub("", piece)) != piece:
            pieces.append(shorter)
            piece = shorter
    known = {p for p in pieces if len(p) > 1 and p not in _COMMON}
    return tuple(sorted(known, key=lambda p: (-len(p), p)))


def masked(text: str, names: Iterable[str] = ()) -> str:
    """`text` as sentences, one a line, without what a copy would change and the law prescribes.

    Numbers, dates and years become `#`, `names` (of the agency, its area, its superiors: see `names_in`) `@`; headings,
    enumerators, titles of documents, legal phrases and the yearly sentences on requests and disputes are left out.
    """
    body = "\n".join(plain(line) for line in text.split("\n"))
    there = {name for name in names if len(name) > 1 and name in body}
    return _masked(body, tuple(sorted(there, key=lambda name: (-len(name), name))))


# A report is masked by the names that it gives itself when it is read, by those of the roster when it is judged: mostly the same.
@lru_cache(maxsize=512)
def _masked(body: str, names: tuple[str, ...]) -> str:
    body = _STATUTORY.sub("", _NUMBER.sub("#", _without_names(body, names)))
    return "\n".join(s for s in map(_sentence, _BREAK.split(body)) if len(s) >= _SHORTEST)


def _without_names(body: str, names: Sequence[str]) -> str:
    """`body` with `@` for each of the names, longest first, the leftmost first. A pattern made of them would serve one report."""
    pieces, at = [], 0
    places = {name: body.find(name) for name in names}
    while found := [(place, name) for name, place in places.items() if place >= 0]:
        first, name = min(found, key=lambda pair: pair[0])
        pieces += [body[at:first], "@"]
        at = first + len(name)
        places = {name: place if place >= at else body.find(name, at) for place, name in found}
    return "".join([*pieces, body[at:]])


def _sentence(raw: str) -> str:
    """A sentence without its enumerator; "" if it is a heading or one of the yearly sentences."""
    body = raw.strip()
    if mark := _MARK.match(body):
        body = body[mark.end() :]
    return "" if _is_routine(body) or _HEADING.fullmatch(body) else body.strip(",:、")


def _is_routine(body: str) -> bool:
    """Whether a sentence tells one of the routine matters in numbers, or as none."""
    if not _COUNTED_OR_NONE.search(body):
        return False
    return _ROUTINE.search(body) is not None or _ROUTINE_AHEAD.search(body) is not None


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences that `masked` compares stand in `text`: all of it, each with the mark that ends it."""
    ends = [match.end() for match in _BREAK.finditer(folded(text))]
    return list(pairwise(sorted({0, *ends, len(text)})))


# A term of the form with the number that the form asks for: 予以公开12件、部分公开3件.
_TOLD = re.compile(
    r"(?:予以公开|部分公开|不予公开|无法提供|不予处理|其他处理|行政(?:许可|处罚|强制|复议|诉讼|事业性收费)|规章|(?:行政)?规范性文件"
    r"|(?:本年)?(?:制发|废止)|现行有效|结果维持|结果纠正|其他结果|尚未审结|自然人|法人或其他组织|商业企业|科研机构"
    r"|社会公益组织|法律服务机构|政府信息公开申请|新收|办结|结转(?:下年度)?(?:继续办理)?)"
    r"[^\d,.;。、]{0,4}\d[\d.]*[余多]?(?:件|条|宗|个|万元|元)?[,、;]?"
)


def prescribed(text: str) -> list[tuple[int, int]]:
    """Where `text` has what everybody has to write: titles of documents, legal phrases, slogans, the form's own terms
    with their numbers.
    """
    return [match.span() for pattern in (_STATUTORY, _TOLD) for match in pattern.finditer(folded(text))]


def similarity(left: str, right: str, enough: int = ENOUGH, least: float = 0.0) -> float:
    """How much of two masked texts stands in both, 0 … 1; 1 for a text and its copy with other numbers and names.

    The share of characters in sentences that have their like on the other side, each counted by how like it is. 0 where
    one of the two has fewer than `enough` characters. What is less than `least` need not be counted to the end: it may be
    told as still less.
    """
    if min(len(left), len(right)) < enough:
        return 0.0
    lines, others = left.split("\n"), right.split("\n")
    length = sum(map(len, lines))
    whole = length + sum(map(len, others))
    spare = whole * (1 - least) + _ROUNDING
    ours = _shared(lines, others, spare)
    if length - ours > spare:
        return ours / whole
    return (ours + _shared(others, lines, spare - (length - ours))) / whole


def may_be_alike(text: str, others: Sequence[str], least: float) -> list[bool]:
    """Which of `others` may be like `text` by `least`: the rest are not (`similarity`), which is sooner told of all together.

    Of each character only the lowest eight bits are looked at. Two sentences are never less alike by these, and what has so few
    characters is compared many times as quickly.
    """
    ours, sizes = text.count("\n") + 1, [other.count("\n") + 1 for other in others]
    if not sizes or ours * sum(sizes) > _PAIRS or len(text) * sum(map(len, others)) > _CHARACTERS:
        return [True] * len(sizes)
    lines, lengths = _eight_bits([text, *others])
    near = process.cdist(
        lines[:ours], lines[ours:], scorer=Indel.normalized_similarity, score_cutoff=SAME_SENTENCE, dtype=np.float64
    )
    own, long = lengths[:ours], lengths[ours:]
    first = np.cumsum([0, *sizes[:-1]])  # sentence of each of the others
    shared = own @ np.maximum.reduceat(near, first, axis=1) + np.add.reduceat(near.max(axis=0) * long, first)
    whole = own.sum() + np.add.reduceat(long, first)
    may: list[bool] = (shared + _ROUNDING >= least * whole).tolist()
    return may


def _eight_bits(texts: Iterable[str]) -> tuple[list[bytes], NDArray[np.int64]]:
    """The lines of these texts as the lowest bits of their characters, and how many those are."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
    ends = np.append(np.flatnonzero(codes == ord("\n")), len(codes))
    starts = np.append(0, ends[:-1] + 1)
    low = codes.astype(np.uint8).tobytes()
    return [low[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)], ends - starts


def taken_over(part: str, source: str) -> float:
    """How much of a masked text stands in another, 0 … 1."""
    lines = part.split("\n")
    return _shared(lines, source.split("\n")) / max(1, sum(map(len, lines)))


def _shared(lines: list[str], others: list[str], spare: float = math.inf) -> float:
    """The characters of `lines` that `others` have too; where more than `spare` of them are missing, at most so many.

    The longest sentences come first: most texts are told apart by a few of these.
    """
    equal, missing = set(others), 0.0
    like: dict[str, float] = {}
    for line in sorted([line for line in lines if line not in equal], key=len, reverse=True):
        if line not in like:
            like[line] = _nearest(line, others)
        missing += len(line) * (1 - like[line])
        if missing > spare:
            return sum(map(len, lines)) - missing
    return sum([len(line) * like.get(line, 1.0) for line in lines])


def _nearest(line: str, others: list[str]) -> float:
    """How like a sentence the nearest of others is; 0 where none is the same sentence."""
    best = process.extractOne(line, others, scorer=Indel.normalized_similarity, score_cutoff=SAME_SENTENCE)
    return float(best[1]) if best else 0.0
