"""What a report page says above and beside the evidence: score line, finding card, labels of the finding list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from gdcore import wording
from gdcore.catalogue import Rule
from gdcore.lifecycle import FINDING
from gdcore.report import Report
from gdcore.rules import CATALOGUE
from gdcore.scoring import DISMISSED, UPHELD, Bucket, Score
from gdcore.store.rows import FindingRow
from gdcore.ui.html import Html, el, join, md, text
from gdcore.ui.words import badge, band_word, number, points, tag
from gdcore.verdict import Outcome

_LIST_CHARS = 56  # of a message in the list; the card tells it whole
_LOW_SHARE = 0.6  # of a bucket: below it the bar is red


class Judged(Protocol):
    """A checked report, stored or not, as the parts of its page ask for it; `report_id` tells it from others there."""

    @property
    def report_id(self) -> int:
        """Its number on the page."""

    @property
    def report(self) -> Report:
        """As it may be shown."""

    @property
    def score(self) -> Score:
        """Its scorecard."""

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """Rule → outcome."""

    @property
    def reasons(self) -> Mapping[str, str]:
        """Rule → why it did not judge."""

    @property
    def findings(self) -> tuple[FindingRow, ...]:
        """What stands against it."""

    @property
    def prior_total(self) -> float | None:
        """Last year's total, where there is one."""


def score_line(view: Judged) -> Html:
    """Total, band and last year's total, how many rules were checked, and the six buckets."""
    score = view.score
    if score.total is None:
        total = [el("p", el("b", "暂不评分", class_="withheld")), el("p", score.reason, class_="small")]
    else:
        prior = "" if view.prior_total is None else f" · 上年 {number(view.prior_total)}"
        figure = el("p", el("b", number(score.total)), el("span", " / 100", class_="muted"))
        total = [figure, el("p", f"{band_word(score.band)}{prior}")]
    checked = el("p", checked_words(view.outcomes), class_="small")
    return el(
        "div",
        el("div", el("p", "得分", class_="muted"), *total, checked, class_="total"),
        el("div", *(_bucket(b) for b in score.buckets), class_="buckets"),
        class_="score",
    )


def checked_words(outcomes: Mapping[str, Outcome]) -> str:
    """已检查 118 条规则：通过 96，不适用 13，未评估 2."""
    count = Counter(outcomes.values())
    return (
        f"已检查 {len(outcomes)} 条规则：通过 {count[Outcome.PASS]}，"
        f"不适用 {count[Outcome.NOT_APPLICABLE]}，未评估 {count[Outcome.NOT_EVALUATED]}"
    )


def _bucket(bucket: Bucket) -> Html:
    kept = bucket.cap - bucket.lost
    share = kept / bucket.cap if bucket.cap else 1.0
    codes = join((el("span", d.rule) for d in bucket.deductions), "、")
    lost = join((f"扣 {number(bucket.lost)} 分 · ", codes)) if bucket.lost else "未扣分"
    return el(
        "div",
        el("p", el("span", bucket.name), el("span", el("b", number(kept)), f" / {number(bucket.cap)}"), class_="head"),
        bar(share, low=share < _LOW_SHARE),
        el("p", lost, class_="small"),
    )


def bar(share: float, low: bool = False) -> Html:
    """A quantity as a bar; the number always stands beside it."""
    fill = el("span", style=f"width:{max(0.0, min(1.0, share)):.0%}")
    return el("span", fill, class_="bar low" if low else "bar", aria_hidden="true")


def veto_line(view: Judged) -> Html | None:
    """The full-width line of a veto: what was found, and that it must not be published."""
    if view.score.veto is None:
        return None
    rule = CATALOGUE.get(view.score.veto)
    return el("div", f"{rule.name if rule else view.score.veto}，清除前不得公开", class_="veto-line")


# --- one finding ------------------------------------------------------------------------------------------------------


def label(row: FindingRow) -> str:
    """The finding as a choice in the list, in markdown."""
    finding = row.finding
    meaning = "review" if finding.outcome is Outcome.REVIEW else finding.severity.value
    message = finding.message if len(finding.message) <= _LIST_CHARS else finding.message[:_LIST_CHARS] + "…"
    return f"{badge(meaning)} **{md(finding.rule)}** {md(message)}"


def caption(row: FindingRow, stated: bool = True) -> str:
    """Place, state (where people decide on it) and cost, in markdown."""
    state = [FINDING.names.get(row.state, row.state)] if stated else []
    return md(" · ".join([wording.describe(row.finding.address), *state, cost(row)]))


def cost(row: FindingRow) -> str:
    """扣 8 分; 待核，暂不扣分; 不扣分."""
    if row.state in DISMISSED:
        return "不扣分"
    if row.finding.outcome is Outcome.REVIEW and row.state not in UPHELD:
        return "待核，暂不扣分"
    return points(row.points)


def card(row: FindingRow) -> Html:
    """The finding told whole: what it says, what stands there, what should, where, and on which basis."""
    finding, rule = row.finding, CATALOGUE.get(row.finding.rule)
    meaning = "review" if finding.outcome is Outcome.REVIEW else finding.severity.value
    lines: list[tuple[str, object]] = [("说明", finding.message)]
    if finding.found:
        lines.append(("原文", el("b", finding.found)))
    if finding.expected:
        lines.append(("应为", el("b", finding.expected)))
    lines += [("位置", where(row)), ("依据", basis(rule)), ("建议", finding.suggestion)]
    if meaning == "review":
        lines.append(("结论", f"待核（把握 {finding.confidence:.0%}）：请对照原文判断，确认后才扣分"))
    title = el("p", tag(meaning), f"{finding.rule} {rule.name if rule else ''}", class_="card-title")
    return join([title, definitions(lines)])


def definitions(lines: list[tuple[str, object]]) -> Html:
    """Terms and what they mean, one a line."""
    return el("dl", *(join([el("dt", term), el("dd", told)]) for term, told in lines), class_="card")


def where(row: FindingRow) -> Html:
    """The address in words of the form, then the spots in the file where its format knows them."""
    spots = list(dict.fromkeys(s for s in (a.place.describe() for a in row.finding.anchors) if s))
    shown = "、".join(spots[:3]) + (f" 等 {len(spots)} 处" if len(spots) > 3 else "")
    return text(wording.describe(row.finding.address) + (f"（原件{shown}）" if shown else ""))


def basis(rule: Rule | None) -> str:
    """What the rule rests on; said where it is practice and not law."""
    return rule.basis.told if rule else "—"
