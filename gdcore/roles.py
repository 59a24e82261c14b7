"""Who may do what: the roles of an office, one table of what each may do, and the person who acts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from gdcore.errors import DeskError


class NotAllowed(DeskError):
    """What the person's role or region does not permit."""

    default_remedy = "需要时请联系本单位的系统管理员。"


class Role(StrEnum):
    """What a person is in the office; each may do what the one before it may, and more."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMIN = "admin"


class Action(StrEnum):
    """What a page, a button or a step asks for."""

    VIEW = "view"
    UPLOAD = "upload"
    IDENTIFY = "identify"
    MEND = "mend"
    DECIDE = "decide"
    ISSUE = "issue"
    WAIVE = "waive"
    REVIEW = "review"
    LETTER = "letter"
    LOOK = "look"
    CLOSE = "close"
    GRANT = "grant"
    APPROVE = "approve"
    BULLETIN = "bulletin"
    PEOPLE = "people"
    ROSTER = "roster"
    RULES = "rules"
    HOSTS = "hosts"
    SAMPLES = "samples"


ROLE_NAMES = {Role.VIEWER: "查看", Role.REVIEWER: "初审", Role.APPROVER: "审批", Role.ADMIN: "管理"}
ACTION_NAMES = {
    Action.VIEW: "查看、下载和自查",
    Action.UPLOAD: "上传报告",
    Action.IDENTIFY: "确认或更正单位、年度",
    Action.MEND: "更正识别结果",
    Action.DECIDE: "认定问题",
    Action.ISSUE: "下发问题",
    Action.WAIVE: "申请豁免",
    Action.REVIEW: "初审和退回报告",
    Action.LETTER: "生成文书",
    Action.LOOK: "核对公开网页",
    Action.CLOSE: "核验销号",
    Action.GRANT: "批准豁免",
    Action.APPROVE: "审定、登记公开和归档报告",
    Action.BULLETIN: "起草通报",
    Action.PEOPLE: "管理人员",
    Action.ROSTER: "导入名录",
    Action.RULES: "修改规则和适用方案",
    Action.HOSTS: "允许访问网站",
    Action.SAMPLES: "载入或清除示例数据",
}
# What each role may do beyond the one before it.
_ADDED = {
    Role.VIEWER: (Action.VIEW,),
    Role.REVIEWER: (
        Action.UPLOAD, Action.IDENTIFY, Action.MEND, Action.DECIDE, Action.ISSUE, Action.WAIVE, Action.REVIEW,
        Action.LETTER, Action.LOOK,
    ),
    Role.APPROVER: (Action.CLOSE, Action.GRANT, Action.APPROVE, Action.BULLETIN),
    Role.ADMIN: (Action.PEOPLE, Action.ROSTER, Action.RULES, Action.HOSTS, Action.SAMPLES),
}  # fmt: skip
_ORDER = tuple(_ADDED)
MAY: dict[Role, frozenset[Action]] = {
    role: frozenset(action for each in _ORDER[: at + 1] for action in _ADDED[each]) for at, role in enumerate(_ORDER)
}
# What touches every agency, so that nobody may do it whose region is a part of the whole.
WHOLE = frozenset({Action.BULLETIN, Action.ROSTER, Action.RULES, Action.HOSTS, Action.SAMPLES})


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: the name that stands in records, the role, and the region.

    `scope` is the key of the body whose agencies, itself among them, the person works on; None for all. `number` is that
    of the people's list, None where there is none: on one machine the operator is whoever sits before it.
    """

    name: str
    role: Role
    scope: str | None = None
    number: int | None = None
    scope_name: str = ""

    def may(self, action: Action) -> bool:
        """Whether role and region permit the action at all."""
        return action in MAY[self.role] and (self.scope is None or action not in WHOLE)

    def covers(self, line: Collection[str]) -> bool:
        """Whether an agency is in the person's region; `line` are the keys of the agency and of the bodies above it."""
        return self.scope is None or self.scope in line

    def require(self, action: Action) -> None:
        """Raise NotAllowed, with a sentence, where the action is not permitted."""
        if action not in MAY[self.role]:
            raise NotAllowed(f"“{ROLE_NAMES[self.role]}”人员不能{ACTION_NAMES[action]}。")
        if not self.may(action):
            raise NotAllowed(f"{ACTION_NAMES[action]}涉及全部单位，须由负责全部单位的人员办理。")


def operator(name: str) -> Person:
    """The one who sits before the machine, where nobody signs in: may do everything."""
    return Person(name, Role.ADMIN)
