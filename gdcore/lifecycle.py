"""The office's year as two tables: which step leads from which state to which, for a finding and for a filing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gdcore.errors import DeskError

# Who takes the steps that follow from a new version or from a date, and not from a person.
PROGRAM = "系统"


class IllegalMove(DeskError):
    """A step that the table does not have, or one without the reason or the second person it asks for."""

    default_remedy = "请刷新后按当前状态重新操作。"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed step. `verb` is what the button says; with `reasoned` a person has to say why.

    `second`: another person than the one who asked has to take it. `automatic`: it follows from what happens, no button.
    `back`: it takes an earlier step back.
    """

    source: str
    target: str
    verb: str
    reasoned: bool = False
    second: bool = False
    automatic: bool = False
    back: bool = False


@dataclass(frozen=True)
class Machine:
    """States with their names, where everything starts, and the steps between them; nothing else can be written."""

    what: str
    names: Mapping[str, str]
    start: str
    steps: tuple[Step, ...]
    _table: dict[tuple[str, str], Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_table", {(step.source, step.target): step for step in self.steps})

    def step(self, source: str, target: str) -> Step | None:
        """The step from one state to another, None if there is none."""
        return self._table.get((source, target))

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """What a person can do next, in the order of the table."""
        return tuple(s for s in self.steps if s.source == state and not s.automatic)

    def choices(self, state: str, origin: str | None = None) -> tuple[Step, ...]:
        """What a person can do next, one step a verb.

        Where a verb leads back to several states it is the one to `origin`, from which the state was reached; where another
        verb leads there, or nothing does, the verb is left out or leads to the first of its states.
        """
        verbs: dict[str, list[Step]] = {}
        for step in self.steps_from(state):
            verbs.setdefault(step.verb, []).append(step)
        found = (self._towards(steps, origin) for steps in verbs.values())
        return tuple(step for step in found if step is not None)

    def _towards(self, steps: list[Step], origin: str | None) -> Step | None:
        source = steps[0].source
        other = None if len(steps) == 1 or origin is None else self.step(source, origin)
        if other is None:
            return steps[0]
        return other if other in steps else None

    def branches(self, state: str) -> bool:
        """Whether one verb leads from a state to several, so that it has to be known whence it was reached."""
        verbs = [step.verb for step in self.steps_from(state)]
        return len(set(verbs)) < len(verbs)

    def require(self, source: str, target: str, reason: str = "", actor: str = "", asked_by: str = "") -> Step:
        """The step from `source` to `target`; raises IllegalMove with a sentence for the person if no person may take it.

        `asked_by` is who asked for what a second person has to decide.
        """
        found = self.step(source, target)
        if found is None or found.automatic:
            names = self.names.get(source, source), self.names.get(target, target)
            raise IllegalMove(f"“{names[0]}”的{self.what}不能直接改为“{names[1]}”。")
        if found.reasoned and not reason.strip():
            raise IllegalMove(f"“{found.verb}”须写明理由。", "请填写理由后再试。")
        if found.second and actor == asked_by:
            raise IllegalMove(f"“{found.verb}”须由申请人以外的人办理。", "请由另一位经办人登录后办理。")
        return found

    def unknown(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes among `codes` that are none of the states; empty when all are."""
        return tuple(code for code in codes if code not in self.names)


def _automatic(target: str, verb: str, *sources: str) -> tuple[Step, ...]:
    return tuple(Step(source, target, verb, automatic=True) for source in sources)


FINDING = Machine(
    what="问题",
    names={
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
    },
    start="pending",
    steps=(
        Step("pending", "confirmed", "确认"),
        Step("pending", "false_positive", "标为误报", reasoned=True),
        Step("confirmed", "issued", "下发"),
        Step("confirmed", "false_positive", "标为误报", reasoned=True),
        Step("confirmed", "waiver_requested", "申请豁免", reasoned=True),
        Step("confirmed", "pending", "撤销", back=True),
        Step("false_positive", "confirmed", "确认"),
        Step("false_positive", "pending", "撤销", back=True),
        Step("issued", "correcting", "登记整改"),
        Step("issued", "corrected", "提交核验", reasoned=True),
        Step("issued", "waiver_requested", "申请豁免", reasoned=True),
        Step("issued", "false_positive", "标为误报", reasoned=True),
        Step("issued", "confirmed", "撤回下发", back=True),
        Step("correcting", "corrected", "提交核验", reasoned=True),
        Step("correcting", "waiver_requested", "申请豁免", reasoned=True),
        Step("correcting", "false_positive", "标为误报", reasoned=True),
        Step("correcting", "issued", "撤销", back=True),
        Step("corrected", "closed", "销号", reasoned=True),
        Step("corrected", "correcting", "退回整改", reasoned=True),
        Step("corrected", "issued", "撤销", back=True),
        Step("corrected", "confirmed", "撤销", back=True),
        Step("corrected", "reappeared", "撤销", back=True),
        Step("closed", "corrected", "撤销销号", reasoned=True, back=True),
        Step("waiver_requested", "waived", "批准豁免", second=True),
        Step("waiver_requested", "confirmed", "不予豁免", reasoned=True, back=True),
        Step("waiver_requested", "issued", "不予豁免", reasoned=True, back=True),
        Step("waiver_requested", "correcting", "不予豁免", reasoned=True, back=True),
        Step("waiver_requested", "reappeared", "不予豁免", reasoned=True, back=True),
        Step("waived", "confirmed", "撤销豁免", reasoned=True, back=True),
        Step("reappeared", "issued", "重新下发"),
        Step("reappeared", "correcting", "登记整改"),
        Step("reappeared", "waiver_requested", "申请豁免", reasoned=True),
        Step("reappeared", "false_positive", "标为误报", reasoned=True),
        *_automatic("corrected", "新版本中已消失", "confirmed", "reappeared"),
        *_automatic("reappeared", "新版本中重现", "closed"),
    ),
)

FILING = Machine(
    what="报告",
    names={
        "not_filed": "未报送",
        "filed": "已报送",
        "in_review": "初审中",
        "returned": "退回修改",
        "re_review": "复审",
        "approved": "通过待公开",
        "published": "已公开",
        "rechecked": "公开后复核",
        "archived": "归档",
    },
    start="not_filed",
    steps=(
        Step("filed", "in_review", "开始初审"),
        Step("filed", "returned", "退回修改"),
        Step("filed", "approved", "通过"),
        Step("in_review", "returned", "退回修改"),
        Step("in_review", "approved", "通过"),
        Step("in_review", "filed", "撤销初审", back=True),
        Step("returned", "in_review", "撤回退回", back=True),
        Step("returned", "re_review", "撤回退回", back=True),
        Step("returned", "published", "撤回退回", back=True),
        Step("returned", "rechecked", "撤回退回", back=True),
        Step("re_review", "returned", "再次退回"),
        Step("re_review", "approved", "通过"),
        Step("approved", "published", "登记公开"),
        Step("approved", "in_review", "撤销通过", reasoned=True, back=True),
        Step("approved", "re_review", "撤销通过", reasoned=True, back=True),
        Step("published", "rechecked", "完成复核"),
        Step("published", "returned", "退回更正", reasoned=True),
        Step("published", "approved", "撤销登记", reasoned=True, back=True),
        Step("rechecked", "archived", "归档"),
        Step("rechecked", "returned", "退回更正", reasoned=True),
        Step("rechecked", "published", "撤销复核", reasoned=True, back=True),
        Step("archived", "rechecked", "撤销归档", reasoned=True, back=True),
        *_automatic("filed", "收到报告", "not_filed"),
        *_automatic("re_review", "收到修改稿", "published", "rechecked", "archived"),
        *_automatic("not_filed", "报告已移出", "filed", "in_review", "returned", "re_review"),
        *_automatic("not_filed", "报告已移出", "approved", "published", "rechecked", "archived"),
    ),
)

# What a further version does to a filing; where nothing is said it stays where it is.
ON_NEW_VERSION = {
    "not_filed": "filed",
    "returned": "re_review",
    "approved": "re_review",
    "published": "re_review",
    "rechecked": "re_review",
    "archived": "re_review",
}
# What a further version does to a finding that is no longer in it, or that is in it again.
ON_GONE = dict.fromkeys(("confirmed", "issued", "correcting", "reappeared"), "corrected")
ON_RETURN = dict.fromkeys(("corrected", "closed"), "reappeared")
# States in which a finding stands in the 整改台账.
LEDGER = ("confirmed", "issued", "correcting", "corrected", "closed", "waiver_requested", "waived", "reappeared")
# Of these, the ones in which an agency still owes something, so that a deadline counts.
OPEN = ("issued", "correcting", "reappeared")


def filing_name(state: str, round_: int = 0) -> str:
    """A filing's state in words: 退回修改（2） from the second return on."""
    name = FILING.names.get(state, state)
    return f"{name}（{round_}）" if state == "returned" and round_ > 1 else name
