"""What an agency published against the version that passed: figures, text, tables, the day, and personal data.

What could not be read is told and never a difference; what may be the reading's fault is for a person to look at (待核).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gdcore import bodies, exposure, form, masking, textdiff, wording
from gdcore.exposure import Exposure, Sighting, Use
from gdcore.figure import Figure
from gdcore.form import Edition
from gdcore.personal import Kind as Personal
from gdcore.report import Grid, RemarkKind, Report, StatTable
from gdcore.rules.timeliness import MOVED_DAYS

# Of reports that were read from pictures, a text that is alike to this share is taken for the same.
ALIKE_IN_PICTURES = 0.97
# From this share on it is the same report, whatever name was read in it.
MOSTLY_ALIKE = 0.8
MOST_FIGURES = 60  # cells that are told one by one
UNREAD = "未识别"


class Kind(StrEnum):
    """What differs, or could not be compared."""

    ABSENT = "absent"
    OTHER = "other"
    PERSONAL = "personal"
    FIGURE = "figure"
    TABLE = "table"
    EDITION = "edition"
    TEXT = "text"
    LATE = "late"
    UNREAD = "unread"
    UNDATED = "undated"


KIND_NAMES = {
    Kind.ABSENT: "未公开",
    Kind.OTHER: "不是本报告",
    Kind.PERSONAL: "个人信息",
    Kind.FIGURE: "数字不同",
    Kind.TABLE: "缺文本表格",
    Kind.EDITION: "表格版式",
    Kind.TEXT: "文字不同",
    Kind.LATE: "逾期公开",
    Kind.UNREAD: "未能识别",
    Kind.UNDATED: "日期不明",
}


class Outcome(StrEnum):
    """What a look came to, in the order in which it asks for someone. NOT_YET: nothing is there, and it is not due."""

    ABSENT = "absent"
    PERSONAL = "personal"
    DIFFERS = "differs"
    LATE = "late"
    REVIEW = "review"
    NOT_YET = "not_yet"
    UNREAD = "unread"
    UNREACHED = "unreached"
    SAME = "same"


OUTCOME_NAMES = {
    Outcome.ABSENT: "未公开",
    Outcome.PERSONAL: "含个人信息",
    Outcome.DIFFERS: "内容不同",
    Outcome.LATE: "逾期公开",
    Outcome.REVIEW: "待核",
    Outcome.NOT_YET: "尚未公开",
    Outcome.UNREAD: "未能读取",
    Outcome.UNREACHED: "未能打开",
    Outcome.SAME: "一致",
}
# Outcomes at which the report stands at its address, so that its publication can be registered.
PUBLISHED = (Outcome.SAME, Outcome.LATE, Outcome.REVIEW, Outcome.DIFFERS, Outcome.PERSONAL)

PERSONAL_NAMES = {
    Personal.IDENTITY: "身份证号",
    Personal.OLD_IDENTITY: "身份证号（15 位）",
    Personal.MOBILE: "手机号",
    Personal.NAME: "申请人、当事人姓名",
    Personal.ACCOUNT: "银行账号",
    Personal.CARD: "银行卡号",
    Personal.HOME: "住址",
    Personal.PIECE: "证件、账号的一部分",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: where, what the version that passed says, what is published, and a sentence.

    `sure` False: a person has to look (待核). Nothing in it quotes personal data.
    """

    kind: Kind
    address: str
    approved: str
    published: str
    sentence: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Publication:
    """The day on which a page says that it was published, by which it should have been, and the field that says it."""

    day: date | None = None
    field: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """The version that passed: the report in force, the agency's names, and what a person has cleared of it.

    `cleared` are (rule, address) of findings of personal data that may be shown, `off` rules that are not in force.
    """

    report: Report
    agency: str
    year: int
    names: tuple[str, ...] = ()
    cleared: Collection[tuple[str, str]] = field(default_factory=frozenset)
    off: Collection[str] = field(default_factory=frozenset)


def compare(passed: Passed, found: Report, publication: Publication) -> tuple[Difference, ...]:
    """All that differs, gravest first; of a report that is another one, only that it is."""
    other = list(_other(passed, found))
    if other:
        return tuple(other)
    seen = exposure.scan(found)
    mask = masking.of(seen, exposure.scan(passed.report))
    differences = (
        *_personal(passed, seen),
        *_tables(passed.report, found),
        *_texts(passed.report, found),
        *_date(publication),
    )
    return tuple(mask.shown(difference) for difference in differences)


def outcome_of(differences: Iterable[Difference]) -> Outcome:
    """What a comparison came to: its gravest difference."""
    told = [(d.kind, d.sure) for d in differences if d.kind is not Kind.UNDATED]
    if any(kind in (Kind.ABSENT, Kind.OTHER) for kind, _ in told):
        return Outcome.ABSENT if all(sure for _, sure in told) else Outcome.REVIEW
    if (Kind.PERSONAL, True) in told:
        return Outcome.PERSONAL
    if any(sure and kind in (Kind.FIGURE, Kind.TABLE, Kind.EDITION, Kind.TEXT) for kind, sure in told):
        return Outcome.DIFFERS
    if (Kind.LATE, True) in told:
        return Outcome.LATE
    return Outcome.REVIEW if told else Outcome.SAME


def summary_of(differences: Iterable[Difference]) -> str:
    """The differences in one line: 数字不同 3 处；文字不同 1 处；逾期公开 2 天."""
    groups: dict[Kind, list[Difference]] = {}
    for each in differences:
        groups.setdefault(each.kind, []).append(each)
    if not groups.keys() - {Kind.UNDATED}:
        return "与审定稿一致" + ("；页面上没有公开日期" if groups else "")
    return "；".join(_counted(kind, group) for kind, group in groups.items())


def _counted(kind: Kind, group: list[Difference]) -> str:
    if kind in (Kind.LATE, Kind.UNDATED, Kind.OTHER, Kind.ABSENT):
        return group[0].sentence.rstrip("。")
    doubt = "（待核）" if not any(each.sure for each in group) and kind is not Kind.UNREAD else ""
    return f"{KIND_NAMES[kind]} {len(group)} 处{doubt}"


# --- another report -------------------------------------------------------------------------------------------------


def _other(passed: Passed, found: Report) -> Iterator[Difference]:
    """A report on another year or of another agency stands at the address."""
    identity = found.identity
    if identity.year is not None and identity.year != passed.year:
        sentence = f"页面上是 {identity.year} 年度的报告，没有 {passed.year} 年度的。"
        yield Difference(Kind.OTHER, "title", str(passed.year), str(identity.year), sentence, _titled(found, "year"))
    elif identity.agency and not _is_own(passed, identity.agency) and not _mostly_alike(passed.report, found):
        shown = masking.anywhere(identity.agency)
        sentence = f"页面上是“{shown}”的报告。"
        yield Difference(Kind.OTHER, "title", passed.agency, shown, sentence, _titled(found, "agency"))


def _titled(found: Report, what: str) -> bool:
    return found.identity.sources.get(what) in ("标题", "网页标题")


def _is_own(passed: Passed, name: str) -> bool:
    known = (passed.agency, *passed.names, *filter(None, [passed.report.identity.agency]))
    return any(each in name or bodies.same_body(name, each) or bodies.related(name, each) for each in known)


def _mostly_alike(passed: Report, found: Report) -> bool:
    """Whether it says what the version that passed says: then it is that report, whatever name was read in it."""
    return textdiff.compare(passed, found).share >= MOSTLY_ALIKE


# --- personal data --------------------------------------------------------------------------------------------------


def _personal(passed: Passed, seen: Exposure) -> Iterator[Difference]:
    told: dict[tuple[str, Personal], Sighting] = {}
    for each in seen.sightings:
        rule = exposure.RULES[each.kind]
        cleared = rule in passed.off or (rule, each.address) in passed.cleared
        if each.use is Use.PRIVATE and not cleared:
            place = each.address.partition("#")[0]
            if (place, each.kind) not in told or each.sure:
                told[place, each.kind] = each
    for (place, kind), each in told.items():
        name, where = PERSONAL_NAMES[kind], wording.describe(place)
        sentence = f"{where}中{'' if each.sure else '可能'}写有{name}，应当清除后重新公开。"
        yield Difference(Kind.PERSONAL, place, "", f"{name}（不再显示）", sentence, each.sure)


# --- tables ---------------------------------------------------------------------------------------------------------

_EDITIONS = {Edition.FMT2019: "2019 年格式", Edition.FMT2021: "2021 年格式"}
_INSTEAD = {"image": "图片", "frame": "嵌入的框架", "link": "附件链接", "attachment": "附件"}


def _tables(passed: Report, found: Report) -> Iterator[Difference]:
    for key in form.TABLE_SECTIONS:
        ours, theirs = passed.table(key), found.table(key)
        if ours is None:
            continue
        if not ours.grids:
            yield _unread(key, "审定稿")
        elif theirs is None:
            yield _missing(key, found)
        elif not theirs.grids:
            yield _unread(key, "公开页面")
        else:
            yield from _figures(ours, theirs)


def _unread(key: str, where: str) -> Difference:
    name = form.TABLE_NAMES[key]
    sides = (UNREAD, "") if where == "审定稿" else ("", UNREAD)
    return Difference(Kind.UNREAD, key, *sides, f"{where}的{name}未能识别，没有比对。", sure=False)


def _missing(key: str, found: Report) -> Difference:
    name = form.TABLE_NAMES[key]
    section = form.SECTION_BY_KEY[form.TABLE_SECTIONS[key]].short
    instead = [r.text for r in found.remarks_of(RemarkKind.EMBEDDED) if r.address == section]
    if not instead:
        sentence = f"公开页面上没有找到{name}，请人工核对。"
        return Difference(Kind.TABLE, key, "有", "没有找到", sentence, sure=False)
    word = _INSTEAD.get(instead[0], "图片或附件")
    return Difference(Kind.TABLE, key, "文本表格", word, f"公开页面上的{name}是{word}，不是可复制的文本表格。")


def _figures(ours: StatTable, theirs: StatTable) -> Iterator[Difference]:
    """The cells of a table, block by block."""
    others = {grid.key: grid for grid in theirs.grids}
    name, differing, unread = form.TABLE_NAMES[ours.key], [], 0
    for grid in ours.grids:
        other = others.get(grid.key)
        if other is not None and other.edition is not grid.edition:
            yield _of_another_edition(grid, other)
            continue
        cells = dict(other.cells()) if other else {}
        unread += sum(address not in cells for address, _ in grid.cells())
        differing += [d for a, f in grid.cells() if a in cells and (d := _figure(a, f, cells[a])) is not None]
    yield from differing[:MOST_FIGURES]
    if (more := len(differing) - MOST_FIGURES) > 0:
        yield Difference(Kind.FIGURE, ours.key, "", "", f"{name}另有 {more} 格不同，未逐一列出。")
    if unread:
        yield Difference(
            Kind.UNREAD, ours.key, "", UNREAD, f"公开页面的{name}有 {unread} 格未能识别，没有比对。", False
        )


def _of_another_edition(ours: Grid, theirs: Grid) -> Difference:
    address = f"t2.{ours.key}" if ours.table == "t2" else ours.table
    sides = _EDITIONS.get(ours.edition, ""), _EDITIONS.get(theirs.edition, "")
    sentence = f"{wording.describe(address)}的版式与审定稿不同，各格没有逐一比对。"
    return Difference(Kind.EDITION, address, *sides, sentence)


def _figure(address: str, ours: Figure, theirs: Figure) -> Difference | None:
    """The difference of one cell. A blank, a stroke and “无” are alike; blank against 0 is for a person to look at."""
    if ours.value == theirs.value or _misread_alike(ours, theirs):
        return None
    sides = _printed(ours), _printed(theirs)
    known = ours.value is not None and theirs.value is not None
    nothing = not known and not (ours.value or theirs.value)
    sure = min(ours.confidence, theirs.confidence) == 1 and not nothing and _legible(ours) and _legible(theirs)
    sentence = f"{wording.describe(address)}：审定稿为 {sides[0]}，公开为 {sides[1]}。"
    return Difference(Kind.FIGURE, address, *sides, sentence, sure)


def _misread_alike(ours: Figure, theirs: Figure) -> bool:
    """Whether the page prints what had been read of our cell before a person mended it: one misreading, twice."""
    return ours.correction is not None and ours.correction.read == theirs.raw


def _legible(figure: Figure) -> bool:
    """Whether a cell prints a number or nothing; anything else may be a misread number."""
    return figure.value is not None or figure.blank


def _printed(figure: Figure) -> str:
    return figure.raw.strip() or "空白"


# --- text -----------------------------------------------------------------------------------------------------------


def _texts(passed: Report, found: Report) -> Iterator[Difference]:
    compared = textdiff.compare(passed, found)
    pictured = min(passed.legibility, found.legibility) < 1
    if pictured and compared.share >= ALIKE_IN_PICTURES:
        return
    share = f"全文相同 {_percent(compared.share)}"
    for change in compared.changes:
        where = wording.describe(change.at) if change.at else "正文"
        sentence = f"{where}：{_told(change)}（{share}）。"
        sure = not pictured and not _assumed(passed, found)
        yield Difference(
            Kind.TEXT, change.at, change.left or "没有这一段", change.right or "没有这一段", sentence, sure
        )


def _told(change: textdiff.Change) -> str:
    if not change.left:
        return "公开的多出文字"
    if not change.right:
        return "公开的缺少文字"
    return "文字中的数字不同" if change.digits else "文字不同"


def _percent(share: float) -> str:
    """Rounded down, so that 100% means all of it."""
    return f"{int(share * 1000) / 10:g}%"


def _assumed(*reports: Report) -> bool:
    """Whether something was assumed in reading, so that words may differ by that alone."""
    return any(report.assumptions for report in reports)


# --- the day --------------------------------------------------------------------------------------------------------


def _date(publication: Publication) -> Iterator[Difference]:
    day, due = publication.day, publication.due
    if day is None:
        yield Difference(Kind.UNDATED, "report", "", "", "页面上没有公开日期，是否逾期未作判断。", sure=False)
    elif due is not None and day > due:
        late = (day - due).days
        sentence = f"{publication.field or '公开日期'}为 {day}，公开期限为 {due}，晚 {late} 天。"
        moved = late > MOVED_DAYS
        if moved:
            sentence += "相差较大，可能是网站迁移后重新发布，请核实首次公开的日期。"
        yield Difference(Kind.LATE, "report", f"不晚于 {due}", str(day), sentence, not moved)
