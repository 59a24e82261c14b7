"""The parts of 比对: what is compared, what needs a reason, what became of the findings, the cells and the prose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gdcore import alignment, comparison, form, wording
from gdcore.alignment import PartPair
from gdcore.comparison import CellPair, Continuity, Fate, Standing, TablePair
from gdcore.form import Edition
from gdcore.lifecycle import FINDING
from gdcore.roles import Action
from gdcore.rules import CATALOGUE
from gdcore.store.rows import FindingRow, ReportView, VersionRow
from gdcore.ui import address, beside, choosing, person, query, shell, tables
from gdcore.ui.beside import Labels
from gdcore.ui.html import Html, el, join, md, show, text
from gdcore.ui.words import day, tag
from gdcore.verdict import Outcome

MODES = {"prior": "与上年", "versions": "两个版本", "alike": "相似报告"}
_FAMILY = "YOY"  # the rules that hold a report against last year's
_TAG_PX, _LINE_PX = 86, 520  # of a line in a list of findings
_LEVELS = ("error", "warning", "review", "info", "")


@dataclass(frozen=True, slots=True)
class Sides:
    """The two reports that are compared; the right one is the later."""

    mode: str
    left: ReportView
    right: ReportView

    @property
    def labels(self) -> Labels:
        """2024 年度 and 2025 年度, or 第 1 版 and 第 2 版."""
        if self.mode == "prior":
            return Labels(f"{self.left.year} 年度", f"{self.right.year} 年度")
        return Labels(f"第 {self.left.version} 版", f"第 {self.right.version} 版", "变幅")


# --- choosing -----------------------------------------------------------------------------------------------------------


def choose_mode() -> str:
    """与上年, 两个版本 or 相似报告; another mode has other sides."""
    tied = address.one("comparison_mode", "mode", MODES, "prior")
    picked = st.segmented_control(
        "比对方式", list(MODES), required=True, format_func=MODES.__getitem__, **(tied | {"on_change": _other_mode})
    )
    return str(picked)


def _other_mode(*arguments: str) -> None:
    address.write(*arguments)
    address.clear("left", "right")


def choose_agency(year: int, first: str) -> tuple[str, str]:
    """An agency, key and name: the one of the address, else the first that has a report on the year."""
    if query.many():
        return choosing.agency("comparison", first, 320)
    names = query.agency_names()
    filed = sorted((row.agency_key for row in query.agencies(year) if row.report_id is not None), key=names.__getitem__)
    tied = address.one("comparison_agency", "agency", names, filed[0] if filed else next(iter(names)))
    picked = str(
        st.selectbox(
            "单位", list(names), width=320, format_func=names.__getitem__, **(tied | {"on_change": _other_mode})
        )
    )
    return picked, names[picked]


def choose_sides(mode: str, agency: str, year: int) -> Sides | None:
    """Two versions to compare: the current ones of two years, or the newest and the one before. None if there are none."""
    newest = query.report_view(agency, year)
    earlier = query.report_view(agency, year - 1) if mode == "prior" else newest
    if newest is None or earlier is None or (mode == "versions" and len(newest.versions) == 1):
        return None
    rights = newest.versions if mode == "prior" else newest.versions[:-1]
    lefts_at = st.container(width="content")
    right = _version("右", "right", newest.year, rights, newest.version)
    lefts = earlier.versions if mode == "prior" else [v for v in newest.versions if v.version < right]
    with lefts_at:
        left = _version("左", "left", earlier.year, lefts, earlier.version if mode == "prior" else lefts[0].version)
    sides = [query.report_view(agency, y, v) for y, v in ((earlier.year, left), (year, right))]
    return Sides(mode, sides[0], sides[1]) if sides[0] and sides[1] else None


def _version(label: str, name: str, year: int, versions: Sequence[VersionRow], default: int) -> int:
    known = {v.version: f"{year} 年度 · 第 {v.version} 版（{day(v.received_at)}）" for v in versions}
    tied = address.one(f"comparison_{name}_{year}", name, known, default)
    return int(st.selectbox(label, list(known), width=250, format_func=known.__getitem__, **tied))


def nothing(mode: str, name: str, agency: str, year: int) -> None:
    """What is missing for a comparison, and where to go next."""
    if query.report_view(agency, year) is None:
        st.write(md(f"{name}尚未报送 {year} 年度报告，上传后即可比对。"))
    elif mode == "prior":
        st.write(md(f"没有该单位 {year - 1} 年度报告，上传后即可比对。"))
    else:
        st.write(md(f"该单位 {year} 年度报告只有一个版本。更正后的报告再次上传，即可与现在这一版比对。"))
    if person.may(Action.UPLOAD) and st.button(
        "上传报告", icon=":material/upload_file:", type="primary", key="comparison_upload"
    ):
        shell.go("intake")


# --- what needs a reason ------------------------------------------------------------------------------------------------


def to_verify(sides: Sides, pairs: Sequence[TablePair]) -> None:
    """What stands against the report beside last year's, then the numbers that do not follow from it."""
    st.header("需要核实的变化", anchor=False)
    if not sides.left.current:
        newest = max(v.version for v in sides.left.versions)
        say = f"左侧是 {sides.left.year} 年度的第 {sides.left.version} 版；下列问题是对照第 {newest} 版得出的。"
        shell.say(text(say), "note-line amber")
    owed = comparison.continuities(sides.left.report, sides.right.report)
    broken = {c.address: c for c in owed if c.holds is False}
    rows = sorted(_of_family(sides.right.findings), key=lambda row: _LEVELS.index(row.level if row.standing else ""))
    figures = {c.address: c for pair in pairs for c in pair.changed} | {a: c.pair for a, c in broken.items()}
    for number, row in enumerate(rows):
        with _line(number):
            _finding(row, sides.right)
            if pair := figures.get(row.finding.address):
                show(_figures(pair, sides.labels, row.finding.address in broken), width="content")
    told = {row.finding.address for row in rows}
    rest = [c for c in broken.values() if not any(c.address == a or c.address.startswith(f"{a}.") for a in told)]
    for number, continuity in enumerate(rest, len(rows)):
        with _line(number):
            _unlisted(continuity, sides.labels)
    if not rows and not rest:
        st.write("没有需要核实的变化。")
    unknown = [wording.describe(c.address) for c in owed if c.holds is None]
    if unknown:
        st.caption(md(f"有一方空白、未识别或格式不同，没有比对：{'；'.join(unknown)}"))


def _of_family(findings: Iterable[FindingRow]) -> list[FindingRow]:
    return [row for row in findings if row.finding.rule in CATALOGUE and CATALOGUE[row.finding.rule].family == _FAMILY]


def _line(number: int) -> DeltaGenerator:
    return st.container(horizontal=True, gap="small", key=f"comparison_line_{number}")


def _finding(row: FindingRow, view: ReportView, note: str = "") -> None:
    """A finding in a list: its level, a link to it in its report, what it says, and how it stands."""
    state = FINDING.names.get(row.state, row.state)
    show(tag(row.level) if row.standing else tag("not_evaluated", state), width=_TAG_PX)
    rule = CATALOGUE.get(row.finding.rule)
    with st.container(gap=None, width=_LINE_PX):
        shell.link(
            "report",
            f"{row.finding.rule} {rule.name if rule else ''}",
            agency=view.agency_key,
            year=view.year,
            version=None if view.current else view.version,
            finding=row.fingerprint,
        )
        place = f"（{wording.describe(row.finding.address)} · {state}）"
        shell.say(join([row.finding.message, el("span", place, class_="muted"), el("b", note)]))


def _unlisted(continuity: Continuity, labels: Labels) -> None:
    """A number that does not follow and of which no finding tells: a rule may be off, or the prose gives the reason."""
    show(tag("not_evaluated", "未列问题"), width=_TAG_PX)
    with st.container(gap=None, width=_LINE_PX):
        shell.say(el("b", wording.describe(continuity.address)))
        shell.say(text(_sums(continuity, labels)))
    show(_figures(continuity.pair, labels, True), width="content")


def _figures(pair: CellPair, labels: Labels, owed: bool) -> Html:
    """Two numbers, their difference and share, as a small table; `owed`: the earlier one is what this one follows from."""
    carried = owed and pair.address.startswith("t3.carried_in")  # a duty, not a growth
    name = "结转下年度 → 上年结转" if carried else wording.describe(pair.address).partition(" · ")[2]
    heads = ("项目", labels.before, labels.after, "增减", labels.rate)
    head = el("tr", *(el("th", word, scope="col", class_="column") for word in heads))
    row = el("tr", el("th", name, scope="row", class_="row"), *beside.numbers(pair, shared=not carried))
    return el("table", el("thead", head), el("tbody", row), class_="official cells")


def _sums(continuity: Continuity, labels: Labels) -> str:
    """2024 年度 14 ＋ 本年制发 2 － 本年废止 0 ＝ 16，表中 21."""
    if continuity.issued is None or continuity.repealed is None:
        return (
            f"{labels.before}结转下年度 {continuity.before} 件，{labels.after}上年结转 {continuity.after} 件，应当相等"
        )
    moved = f"＋ 本年制发 {continuity.issued} － 本年废止 {continuity.repealed}"
    return f"{labels.before} {continuity.before} {moved} ＝ {continuity.due}，表中 {continuity.after}"


# --- what became of the findings ----------------------------------------------------------------------------------------

_FATES = {Fate.RETURNED: "重现", Fate.NEW: "新增", Fate.REMAINING: "仍在", Fate.GONE: "消失"}


def findings(sides: Sides) -> None:
    """The findings of two versions by what became of them; what was dismissed counts in neither."""
    st.header("问题的变化", anchor=False)
    marks = query.version_marks(sides.right.agency_key, sides.right.year)
    places = {mark.version: place for place, mark in enumerate(marks)}
    if not {sides.left.version, sides.right.version} <= places.keys():
        st.write("版本刚刚有变动，请刷新。")  # one answer is some seconds older than the other
        return
    left, right = places[sides.left.version], places[sides.right.version]
    fates = comparison.fates([mark.standing for mark in marks], left, right)
    counts = Counter(fates.values())
    shell.say(join((join([f"{word} ", el("b", counts[fate])]) for fate, word in _FATES.items()), " · "))
    if marks[left].engine != marks[right].engine:
        note = f"{sides.labels.before}是按另一套规则核查的，问题的变化可能来自规则，不都是报告的变化。"
        shell.say(text(note), "note-line amber")
    known = {row.fingerprint: (row, view) for view in (sides.left, sides.right) for row in view.findings}
    for fate, word in _FATES.items():
        listed = [known[fingerprint] for fingerprint, each in fates.items() if each is fate and fingerprint in known]
        for row, view in sorted(listed, key=lambda pair: _LEVELS.index(pair[0].level)):
            with st.container(horizontal=True, gap="small", key=f"comparison_{fate}_{row.fingerprint}"):
                show(el("b", word), width=40)
                _finding(row, view, _not_judged(sides.right, row) if fate is Fate.GONE else "")
    if not fates:
        st.write("两版都没有发现问题。")


def _not_judged(view: ReportView, row: FindingRow) -> str:
    """What is gone because it could not be judged is not mended. A rule may have judged these cells and no others."""
    known, cells = view.report.cells(), row.finding.cells
    if view.outcomes.get(row.finding.rule) is not Outcome.NOT_EVALUATED or (cells and all(c in known for c in cells)):
        return ""
    return f" 第 {view.version} 版中未能评估，不能认为已改正"


# --- cells --------------------------------------------------------------------------------------------------------------

_EDITIONS = {Edition.FMT2019: "2019 版", Edition.FMT2021: "2021 版", Edition.FREE_FORM: "无统一格式"}
_LAYOUTS = {"": "清单", "form": "表样"}


def cells(sides: Sides, pairs: Sequence[TablePair]) -> None:
    """The cells of the three tables: those that changed or all, as a list or in the layout of the form."""
    st.header("表二、表三、表四逐格变化", anchor=False)
    notes = [note for pair in pairs for note in _notes(pair, sides.labels)]
    show(join(el("p", note, class_="note-line stacked") for note in notes))
    if not any(pair.compared for pair in pairs):
        return
    changed = sum(len(pair.changed) for pair in pairs)
    with st.container(horizontal=True, vertical_alignment="center"):
        only = _toggle(f"只看有变化的 {changed} 格", "cells")
        layout = st.segmented_control(
            "版式",
            list(_LAYOUTS),
            required=True,
            label_visibility="collapsed",
            format_func=_LAYOUTS.__getitem__,
            **address.one("comparison_layout", "layout", _LAYOUTS, ""),
        )
    if layout:
        for pair in pairs:
            table = sides.right.report.table(pair.key)
            if pair.compared and table is not None:
                st.subheader(form.TABLE_NAMES[pair.key], anchor=False)
                show(beside.as_form(table, pair, "上年" if sides.mode == "prior" else "原", only))
    else:
        show(beside.cells(pairs, sides.labels, only))
    if not changed:
        st.write("读出的各格都没有变化。")
    unread = sum(len(pair.unread) for pair in pairs)
    if unread:
        st.caption(f"{unread} 格有一方{tables.UNREAD}，不作比较，也不计入变化。")


def _notes(pair: TablePair, labels: Labels) -> Iterator[str]:
    """What of a table is not compared, and why."""
    name = form.TABLE_NAMES[pair.key]
    for label, standing in ((labels.before, pair.before), (labels.after, pair.after)):
        if standing is Standing.ABSENT:
            yield f"{name}：{label}报告中没有读到这张表，不作比较。"
        elif standing is Standing.UNREAD:
            yield f"{name}：{label}报告中的这张表未能识别，不作比较。"
    if pair.editions and pair.apart:
        then, now = (_EDITIONS[edition] for edition in pair.editions)
        forms = f"{labels.before}为{then}格式，{labels.after}为{now}格式" if then != now else "两份报告的格式不同"
        yield f"{name}：{forms}，只比较两种格式都有的格；不比较：{'、'.join(pair.apart)}。"


def _toggle(label: str, name: str, on: bool = True) -> bool:
    """A switch that is in the address when it is not as it usually is."""
    key, usual = f"comparison_{name}", "1" if on else "0"
    value = address.get(name, usual) != "0"
    return st.toggle(label, value=value, key=f"{key}_{usual}", on_change=_toggled, args=(f"{key}_{usual}", name, on))


def _toggled(key: str, name: str, usual: bool) -> None:
    value = st.session_state[key]
    address.put(**{name: None if value is usual else int(value)})


# --- prose --------------------------------------------------------------------------------------------------------------


def prose(sides: Sides, parts: Sequence[PartPair]) -> None:
    """The prose of both reports, part by part. Beside last year's what did not change is of interest, too."""
    st.header("正文逐段比对", anchor=False)
    same = alignment.same_share(parts)
    if same is None:
        st.write("两份报告都没有读出正文。")
        return
    changed = sum(len(part.changed) for part in parts)
    only = _toggle(f"只看有变化的 {changed} 段", "prose", on=sides.mode == "versions")
    shown = [part for part in parts if not part.same or (part.rows and not only)]
    for part in shown:
        show(beside.prose(part, sides.labels, only))
    rest = [beside.name(part) for part in parts if part.rows and part not in shown]
    if rest:
        st.caption(md(f"没有变化：{'；'.join(rest)}"))
    show(_legend(same))


def _legend(same: float) -> Html:
    return el(
        "p",
        el("span", f"两份文字逐字相同 {same:.0%}（不计标题、落款和表格）"),
        el("span", el("del", "删去的文字")),
        el("span", el("ins", "新增的文字")),
        el("span", el("span", "换了位置的句子", class_="elsewhere")),
        class_="legend",
    )
