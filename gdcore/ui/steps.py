"""What each step asks of the person who takes it: one table for findings, one for reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gdcore.lifecycle import LEDGER, OPEN

REASONS = ("识别有误，原文没有这个问题", "规则不适用于本单位", "已有合理说明", "其他")
CORRECT_DAYS = 10  # working days that an agency is given to correct what was issued, unless the person says otherwise
RETURN_DAYS = 5  # working days after which a returned report is to come back, likewise
_AT_WORK = ("confirmed", "issued", "correcting", "corrected", "reappeared")


class Kind(StrEnum):
    """How an answer is given."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked. `days`: a date begins so many working days from today, else it begins empty; `kept`: it
    begins with what is laid down already, where that is the same for all; `past`: the date is of something that was."""

    name: str
    label: str
    kind: Kind = Kind.LINE
    needed: bool = False
    hint: str = ""
    days: int | None = None
    kept: bool = False
    past: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What a button does; without `fields` at once, without a dialog. `code` is part of its key.

    `done` is said afterwards, `told` above the fields after “将 3 条……” (`to`: the word it begins with). `states`: where it
    is no step of the machine and only lays something down, the states in which it may.
    """

    code: str
    verb: str
    done: str
    icon: str
    fields: tuple[Field, ...] = ()
    told: str = ""
    to: str = "将"
    shortcut: str | None = None
    states: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The verb, with … where a dialog follows."""
        return f"{self.verb}…" if self.fields else self.verb

    def sentence(self, count: int, unit: str) -> str:
        """What is about to be done: 将 3 条标为误报。"""
        return f"{self.to} {count} {unit}{self.verb}。{self.told}"


def _reason(label: str, hint: str = "") -> Field:
    return Field("reason", label, Kind.TEXT, needed=True, hint=hint)


_DUE = Field("due", "整改时限", Kind.DATE, needed=True, days=CORRECT_DAYS)
_DEMAND = Field("demand", "整改要求", Kind.TEXT, hint="不填则按每条问题的整改建议", kept=True)
_RESPONSIBLE = Field("responsible", "责任人", hint="单位的责任人或联系人", kept=True)
_EVIDENCE = Field("evidence", "依据", hint="新版本，或公开网址", kept=True)
_ISSUED = (_DUE, _RESPONSIBLE, _DEMAND)

# By the verb of the step, in the order of the buttons.
FINDING_ACTS = {
    act.verb: act
    for act in (
        Act("confirm", "确认", "已确认", "check", shortcut="Y"),
        Act(
            "close",
            "销号",
            "已销号",
            "task_alt",
            (
                Field("evidence", "销号依据", hint="不填则沿用各条已有的依据", kept=True),
                _reason("核验意见", "核对了什么，结论如何"),
            ),
            "销号须有依据（新版本或公开网址）并由人核验；核验人记为当前经办人。",
        ),
        Act("issue", "下发", "已下发", "send", _ISSUED),
        Act("reissue", "重新下发", "已重新下发", "send", _ISSUED),
        Act("begin", "登记整改", "已登记整改", "construction"),
        Act(
            "submit", "提交核验", "已提交核验", "fact_check", (_reason("整改情况", "单位怎样改的，何时改的"), _EVIDENCE)
        ),
        Act(
            "rework",
            "退回整改",
            "已退回整改",
            "replay",
            (_reason("退回理由"), Field("due", "整改时限", Kind.DATE, kept=True)),
        ),
        Act(
            "grant",
            "批准豁免",
            "已批准豁免",
            "verified",
            (Field("note", "说明", Kind.TEXT),),
            "豁免期内不扣分，到期后自动恢复为已确认。须由申请人以外的人批准。",
            to="为",
        ),
        Act("refuse", "不予豁免", "已不予豁免", "block", (_reason("理由"),), "各条回到申请前的状态。", to="对"),
        Act(
            "extend",
            "延长时限",
            "已延长时限",
            "more_time",
            (Field("due", "新的整改时限", Kind.DATE, needed=True, days=CORRECT_DAYS), _reason("延期理由")),
            to="为",
            states=OPEN,
        ),
        Act(
            "dismiss",
            "标为误报",
            "已标为误报",
            "do_not_disturb_on",
            (
                Field("reason", "理由", Kind.CHOICE),
                Field("note", "说明", Kind.TEXT, needed=True, hint="写明依据，供日后查对"),
            ),
            "同一单位、年度、规则、位置的结论以后不再提示，可随时撤销。",
            shortcut="N",
        ),
        Act(
            "assign",
            "指定责任人",
            "已指定责任人",
            "person_add",
            (Field("responsible", "责任人", needed=True, hint="单位的责任人或联系人", kept=True),),
            to="为",
            states=_AT_WORK,
        ),
        Act(
            "waive",
            "申请豁免",
            "已申请豁免",
            "shield",
            (_reason("理由"), Field("waiver_until", "豁免到期日", Kind.DATE, needed=True)),
            "批准前仍计为问题；须由另一位经办人批准。",
            to="为",
        ),
        Act(
            "remark",
            "备注",
            "已写备注",
            "sticky_note_2",
            (Field("remark", "备注", Kind.TEXT, needed=True, hint="记入台账的备注栏，不改变状态", kept=True),),
            to="为",
            states=("pending", "false_positive", *LEDGER),
        ),
        Act("back", "撤销", "已撤销", "undo"),
        Act("recall", "撤回下发", "已撤回下发", "undo"),
        Act("reopen", "撤销销号", "已撤销销号", "undo", (_reason("理由"),), "各条回到“已整改待核”。"),
        Act("end_waiver", "撤销豁免", "已撤销豁免", "undo", (_reason("理由"),), "各条回到“已确认”，恢复扣分。"),
    )
}

_RETURNED = (
    Field("due", "报回期限", Kind.DATE, needed=True, days=RETURN_DAYS),
    Field("reason", "说明", Kind.TEXT, hint="写给单位的话，如“请按问题清单修改后重新报送”"),
    _DEMAND,
)
FILING_ACTS = {
    act.verb: act
    for act in (
        Act("begin", "开始初审", "已开始初审", "play_arrow"),
        Act("approve", "通过", "已通过", "check"),
        Act("return", "退回修改", "已退回修改", "reply", _RETURNED),
        Act("return_again", "再次退回", "已再次退回", "reply", _RETURNED),
        Act(
            "publish",
            "登记公开",
            "已登记公开",
            "public",
            (Field("published_on", "公开日期", Kind.DATE, needed=True, days=0, past=True), Field("published_url", "公开网址")),
            to="为",
        ),
        Act("recheck", "完成复核", "已完成复核", "verified"),
        Act("archive", "归档", "已归档", "inventory_2"),
        Act(
            "return_published", "退回更正", "已退回更正", "reply", (_RETURNED[0], _reason("理由"), _DEMAND),
            "报告已经公开，更正后须重新公开。",
        ),
        Act("unreview", "撤销初审", "已撤销初审", "undo"),
        Act(
            "recall",
            "撤回退回",
            "已撤回退回",
            "undo",
            (Field("reason", "说明", Kind.TEXT),),
            "退回时一并下发的问题保持“已下发”，需要时请在整改台账中撤回下发。",
        ),
        Act("disapprove", "撤销通过", "已撤销通过", "undo", (_reason("理由"),)),
        Act("unpublish", "撤销登记", "已撤销登记", "undo", (_reason("理由"),)),
        Act("unrecheck", "撤销复核", "已撤销复核", "undo", (_reason("理由"),)),
        Act("unarchive", "撤销归档", "已撤销归档", "undo", (_reason("理由"),)),
    )
}  # fmt: skip

_NAME = Field("name", "姓名", needed=True, hint="署于各项记录，不能与他人相同", kept=True)
_ROLE, _SCOPE = Field("role", "角色", Kind.CHOICE), Field("scope", "负责范围", Kind.CHOICE)
PEOPLE_ACTS = {
    act.code: act
    for act in (
        Act(
            "invite", "登记在册", "已登记", "person_add",
            (_NAME, Field("email", "登录账号的邮箱", needed=True), _ROLE, _SCOPE),
            "此人以该邮箱首次登录后即可使用。",
        ),
        Act("change", "更改姓名、角色和范围", "已更改", "manage_accounts", (_NAME, _ROLE, _SCOPE), "下一步操作起生效。", to="为"),
        Act("disable", "停用", "已停用", "person_off", told="停用后不能再打开任何页面，以往的记录不变。"),
        Act("enable", "恢复", "已恢复", "person_check"),
        Act(
            "unbind", "重新对应账号", "已重置", "sync_lock",
            told="账号重建后使用：下一次以此邮箱的登录即对应到此人，现在的登录随即结束。", to="为",
        ),
    )
}  # fmt: skip
