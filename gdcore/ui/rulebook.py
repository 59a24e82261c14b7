"""The parts of 规则目录: finding a rule, and the card that says what it claims, on what basis, at which cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from gdcore.catalogue import Rule
from gdcore.profile import Profile
from gdcore.rules import CATALOGUE
from gdcore.samples import examples
from gdcore.samples.examples import Example
from gdcore.samples.telling import told
from gdcore.scoring import Scheme
from gdcore.settings import SHIPPED_DATA
from gdcore.ui import address, shell
from gdcore.ui.html import Html, el, join, show
from gdcore.ui.scorecard import basis, definitions
from gdcore.ui.words import number, tag

_CODES = 256
_NEEDS = {
    "t2": "表二",
    "t3": "表三",
    "t4": "表四",
    "sections": "六个部分",
    "claims": "正文的表述",
    "exposure": "全文",
    "prior": "上一年度报告",
    "peers": "同批报告",
    "subordinates": "下级单位报告",
    "agency": "名录",
    "task": "报送任务的年度",
    "profile": "适用方案",
    "report": "全文",
}


def asked_for() -> str:
    """The rule that the address asked for when the page was opened: it heads the list, and stays there while others
    are chosen."""
    if address.get("rule") != st.session_state.get("catalogue_chosen"):
        st.session_state["catalogue_asked"] = address.get("rule")
    return str(st.session_state.get("catalogue_asked", ""))


def choose(code: str) -> None:
    """Put the chosen rule into the address."""
    st.session_state["catalogue_chosen"] = code
    if address.get("rule") != code:
        address.put(rule=code)


def search(words: str, bucket: str | None, scheme: Scheme, first: str = "") -> list[Rule]:
    """The rules with the words in code, name, claim or basis that are charged in the bucket; one of them first."""
    owner = next((b for b in scheme.buckets if b.key == bucket), None)
    wanted = words.strip().lower()
    found = [
        rule
        for rule in CATALOGUE.values()
        if wanted in f"{rule.code} {rule.name} {rule.short} {rule.title} {rule.basis}".lower()
        and (owner is None or owner.owns(rule.code))
    ]
    return sorted(found, key=lambda rule: rule.code != first)


def card(rule: Rule, counts: Mapping[str, int], profile: Profile, scheme: Scheme, control: Callable[[], None]) -> None:
    """One rule told whole; `control` draws its switch."""
    severity = profile.severity(rule.code, rule.severity)
    found = counts.get(rule.code, 0)
    with st.container(border=True, key="catalogue_card"):
        show(el("p", tag(severity), f"{rule.code} {rule.name}", class_="card-title"))
        control()
        show(el("p", f"本年 {found} 条问题" if found else "本年没有问题", class_="say"))
        if found:
            shell.link("findings", f"查看这 {found} 条", "arrow_forward", rule=rule.code)
        lines: list[tuple[str, object]] = [("应当", el("b", rule.title))]
        if rule.explanation:
            lines.append(("说明", join(el("div", part) for part in rule.explanation.split("\n\n"))))
        lines += [
            ("依据", basis(rule)),
            ("建议", rule.advice()),
            ("扣分", cost(rule, severity, scheme)),
            ("需要", needs(rule)),
        ]
        show(definitions(lines))
        st.header("例子", anchor=False)
        shown = load(rule.code)
        show(example_table(shown) if shown else el("p", "这条规则还没有例子。", class_="say muted"))


def cost(rule: Rule, severity: Any, scheme: Scheme) -> str:
    """What a fault costs, how often, and the most that its bucket can lose."""
    bucket = scheme.bucket_of(rule.code)
    if bucket is None:
        return "不计入单份报告的得分"
    points = scheme.own_points.get(rule.code, {}).get(severity, scheme.points[severity])
    told = f"每份报告扣 {number(points)} 分，只扣一次" if points else "不扣分"
    if rule.code in scheme.on_confirmation:
        told = f"人工确认后扣 {number(scheme.on_confirmation[rule.code])} 分，只扣一次"
    return f"{told}；“{bucket.name}”最多扣 {number(bucket.cap)} 分"


def needs(rule: Rule) -> str:
    """What has to be known; without it the rule does not apply or is not evaluated."""
    return "、".join(dict.fromkeys(_NEEDS.get(need, need) for need in rule.needs)) + "；缺少时不作判断"


@st.cache_data(max_entries=_CODES, show_spinner=False)
def load(code: str) -> tuple[Example, ...]:
    """The examples of a rule, () where it has none yet."""
    path = SHIPPED_DATA / "examples" / f"{code}.yml"
    return examples.load_file(path) if path.is_file() else ()


def example_table(shown: tuple[Example, ...]) -> Html:
    """Examples with what each starts from, what is changed in it, and how the rule answers."""
    rows = [
        el(
            "tr",
            el("td", tag(each.expect), class_="w"),
            el("td", el("div", each.name), *(el("div", line, class_="muted") for line in told(each))),
        )
        for each in shown
    ]
    return el("table", el("thead", el("tr", el("th", "结论"), el("th", "报告"))), el("tbody", *rows), class_="list")
