"""How values are said on a page: states, severities, numbers, dates; each with its word, its icon and its colour."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gdcore.ui.html import Html, el, icon, md
from gdcore.verdict import SEVERITY_NAMES, Severity
from gdcore.workdays import Calendar

MINUS = "\u2212"
_AREA_END = re.compile(r"[省市县区旗州盟]")
_AREA_LEAST = 3  # agencies; of fewer, nothing can be said to be common


@dataclass(frozen=True, slots=True)
class Look:
    """How one meaning looks everywhere: word, icon and glyph beside the colours (`colour` is streamlit's name)."""

    word: str
    css: str
    icon: str
    glyph: str
    colour: str
    ink: str
    ground: str


LOOKS = {
    "veto": Look("否决", "veto", "block", "■", "red", "#FFFFFF", "#7A1610"),
    "error": Look("错误", "error", "cancel", "●", "red", "#9B1C15", "#FBEAE8"),
    "warning": Look("警告", "warning", "warning", "▲", "orange", "#7F4A00", "#FDF1DF"),
    "info": Look("提示", "info", "info", "○", "blue", "#1A4C7A", "#E8F0F8"),
    "review": Look("待核", "review", "help", "◇", "violet", "#583792", "#F0EBF8"),
    "pass": Look("通过", "pass", "check_circle", "✓", "green", "#1D6039", "#E7F3EB"),
    "not_evaluated": Look("未评估", "off", "visibility_off", "—", "gray", "#4A5661", "#EEF1F4"),
    "not_applicable": Look("不适用", "off", "remove", "—", "gray", "#4A5661", "#EEF1F4"),
    "fail": Look("不符合", "error", "cancel", "●", "red", "#9B1C15", "#FBEAE8"),
}

# Words of the report matrix with ink and ground; 齐 stays plain.
MATRIX_COLOURS = {
    "缺": ("#FFFFFF", "#9B1C15"),
    "旧版": ("#9B1C15", "#FBEAE8"),
    "不全": ("#7F4A00", "#FDF1DF"),
    "空格": ("#7F4A00", "#FDF1DF"),
    "非数": ("#7F4A00", "#FDF1DF"),
    "待核": ("#583792", "#F0EBF8"),
    "未识别": ("#33414E", "#E3E8EC"),
    "未报": ("#33414E", "#E3E8EC"),
    "齐": ("#4A5661", "#FFFFFF"),
}

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def severity_word(severity: str) -> str:
    """错误, 警告 or 提示."""
    return SEVERITY_NAMES[Severity(severity)]


def tag(meaning: str, word: str | None = None) -> Html:
    """A small coloured label of HTML: icon and word."""
    look = LOOKS[meaning]
    return el("span", icon(look.icon), el("span", word or look.word), class_=f"tag tag-{look.css}")


def badge(meaning: str, word: str | None = None) -> str:
    """The same as markdown, for labels of widgets."""
    look = LOOKS[meaning]
    return f":{look.colour}-badge[:material/{look.icon}: {md(word or look.word)}]"


def number(value: float | None, nothing: str = "—") -> str:
    """98.0 → 98, 91.04 → 91.0, None → —; minus as a sign and not as a hyphen."""
    if value is None:
        return nothing
    whole = float(value) == int(value)
    return (f"{int(value):,}" if whole else f"{value:,.1f}").replace("-", MINUS)


def points(value: float) -> str:
    """Points that a finding costs: 扣 8 分, 不扣分."""
    return f"扣 {number(value)} 分" if value else "不扣分"


def day(moment: date | datetime | None) -> str:
    """1月26日, in the time of the place where the desk stands."""
    if isinstance(moment, datetime) and moment.tzinfo:
        moment = moment.astimezone()
    return f"{moment.month}月{moment.day}日" if moment else "—"


def due_word(due: date, today: date, calendar: Calendar) -> str:
    """What is left until a deadline: 已逾期 6 天 (of the calendar), 今天到期, 剩 3 个工作日."""
    if due == today:
        return "今天到期"
    left = calendar.left(today, due)
    return f"已逾期 {-left} 天" if due < today else f"剩 {left} 个工作日"


def minute(moment: datetime | None) -> str:
    """1月26日 09:12, likewise."""
    if moment is None:
        return "—"
    here = moment.astimezone() if moment.tzinfo else moment
    return f"{day(here)} {here:%H:%M}"


def common_area(names: Iterable[str]) -> str:
    """The area that at least half of the names begin with (云泽县), "" where there is none."""
    known = list(names)
    counts = Counter(name[: m.end()] for name in known for m in _AREA_END.finditer(name) if m.end() < len(name))
    shared = [prefix for prefix, count in counts.items() if count * 2 >= len(known) >= _AREA_LEAST]
    return max(shared, key=len, default="")


def short_name(name: str, area: str) -> str:
    """An agency's name without the area in front (云泽县教育局 → 教育局); a government keeps it (云泽县人民政府)."""
    rest = name.removeprefix(area)
    return rest if area and len(rest) > 1 and not rest.startswith("人民政府") else name


def band_word(band: str | None) -> str:
    """The band without its consequence: 合格（限期整改） → 合格."""
    return (band or "—").split("（")[0]
