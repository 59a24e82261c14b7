"""How long there is until a day, in words: working days while it is ahead, days of the calendar once it has passed."""

from __future__ import annotations

from datetime import date

from gdcore.ui import query


def remaining(due: date, today: date) -> str:
    """剩 5 个工作日, 不足 1 个工作日 (only days off are left), 今天到期; for a day that has not passed."""
    if due == today:
        return "今天到期"
    days = query.calendar().left(today, due)
    return f"剩 {days} 个工作日" if days else "不足 1 个工作日"


def owed(due: date | None, today: date) -> str:
    """The same for someone who has not filed, 逾期 6 天 once the day has passed; nothing where it is not known."""
    if due is None:
        return ""
    return remaining(due, today) if due >= today else f"逾期 {(today - due).days} 天"


def assumed(due: date, today: date) -> str:
    """What is assumed of the days until `due`, where the State Council has not said yet which are worked."""
    unknown = [year for year in range(today.year, due.year + 1) if not query.calendar().knows(year)]
    return f"{unknown[0]} 年放假安排尚未公布，按周一至周五计。" if unknown else ""
