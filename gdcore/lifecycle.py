"""The life of a finding as one table: which step leads from which state to which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gdcore.errors import DeskError

STATE_NAMES = {
    "pending": "待确认",
    "confirmed": "已确认",
    "false_positive": "误报",
    "issued": "已下发",
    "correcting": "整改中",
    "corrected": "已整改待核",
    "closed": "已销号",
    "waiver_requested": "申请豁免",
    "waived": "已豁免",
    "reappeared": "重现",
}
START = "pending"


class IllegalMove(DeskError):
    """A step that the table does not have, or one without the reason it asks for."""

    default_remedy = "请刷新后按当前状态重新操作。"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed step. `verb` is what the button says; with `reasoned` a person has to say why."""

    source: str
    target: str
    verb: str
    reasoned: bool = False


STEPS = (
    Step("pending", "confirmed", "确认"),
    Step("pending", "false_positive", "标为误报", reasoned=True),
    Step("confirmed", "false_positive", "标为误报", reasoned=True),
    Step("false_positive", "confirmed", "确认"),
    Step("confirmed", "pending", "撤销"),
    Step("false_positive", "pending", "撤销"),
)
_TABLE = {(step.source, step.target): step for step in STEPS}


def step(source: str, target: str) -> Step | None:
    """The step from one state to another, None if there is none."""
    return _TABLE.get((source, target))


def steps_from(state: str) -> tuple[Step, ...]:
    """What can be done next, in the order of the table."""
    return tuple(s for s in STEPS if s.source == state)


def require(source: str, target: str, reason: str = "") -> Step:
    """The step from `source` to `target`; raises IllegalMove with a sentence for the person if it may not be taken."""
    found = step(source, target)
    if found is None:
        names = STATE_NAMES.get(source, source), STATE_NAMES.get(target, target)
        raise IllegalMove(f"“{names[0]}”的问题不能直接改为“{names[1]}”。")
    if found.reasoned and not reason.strip():
        raise IllegalMove(f"“{found.verb}”须写明理由。", "请填写理由后再试。")
    return found


def unknown_states(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes among `codes` that are none of ours; empty when all are."""
    return tuple(code for code in codes if code not in STATE_NAMES)
