"""What two years' prose tells beside the tables: how much was published, which documents expired, problems and measures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gdcore import text
from gdcore.claims import Polarity, Scope, extract_passage
from gdcore.figure import Figure
from gdcore.finding import prose_address
from gdcore.report import Report

_PUBLISHED = "published_items"
_PUBLISHES = re.compile(r"主动公开\D{0,24}信息\D{0,12}\d")
# Documents that ceased to be in force by themselves; 失效信息 are stale web pages.
_EXPIRED = re.compile(
    r"(规章|规范性文件|文件)[^。；;]{0,24}(失效(?!信息|链接|内容)|有效期[已届]?[届满到]|到期|废改立|口径)"
    r"|(失效(?!信息|链接|内容)|有效期[已届]?[届满到]|到期)[^。；;]{0,12}(规章|规范性文件|文件)"
)


@dataclass(frozen=True, slots=True)
class Published:
    """How many items a report says it published; `address` is the claim's."""

    address: str
    figure: Figure

    @property
    def elsewhere(self) -> Figure:
        """The number without its place, for use beside another report."""
        return replace(self.figure, anchors=())


def published(report: Report) -> Published | None:
    """The number of 主动公开 items of the whole year that section 一 tells; None if it tells none or several."""
    claims = [
        claim
        for passage in report.section("s1").paragraphs
        if "主动公开" in passage.text
        for start, sentence in text.sentences(passage.text)
        if _PUBLISHES.search(sentence)
        for claim in extract_passage(passage.part(start, start + len(sentence)), report.identity.year)
        if claim.subject == _PUBLISHED and claim.polarity is Polarity.COUNT and claim.scope is Scope.THIS_YEAR
    ]
    if len({c.value.value for c in claims}) != 1:
        return None
    claim = claims[0]
    return Published(prose_address(claim.part, claim.quote, claim.subject), claim.value)


def explains_expiry(report: Report) -> bool:
    """Whether the prose tells of documents that expired or were counted otherwise."""
    return any(_EXPIRED.search(plain) for _, plain in report.prose.plain)


# Where a section 五 without sub-headings turns from problems to measures.
_TURN = re.compile(
    r"^(?:\(?[一二三四五六七八九十\d]+[)、.])?(?:下一?步|下阶段|今后|针对(?:以上|上述|这些|存在)|为此|(?:改进|整改)(?:情况|措施|举措)|20\d\d年,?.{0,8}将)"
)


def halves(report: Report) -> tuple[str, str]:
    """The problems and the measures that section 五 tells; "" for what cannot be told apart."""
    section = report.section("s5")
    problems, measures = section.part("p"), section.part("m")
    if problems and measures:
        return problems.text, measures.text
    sentences = [s for _, s in text.sentences(section.text)]
    turn = next((i for i, s in enumerate(sentences) if _TURN.search(text.plain(s))), None)
    if turn is None:
        return (problems.text if problems else ""), (measures.text if measures else "")
    return "\n".join(sentences[:turn]), "\n".join(sentences[turn:])
