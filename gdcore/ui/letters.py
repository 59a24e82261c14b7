"""The dialogs in which letters are made: 退回修改通知, 催报函, 通报草稿, 评分表; each asks for its dates and offers the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO

import streamlit as st

from gdcore.errors import DeskError
from gdcore.exports import bulletin as bulletins
from gdcore.exports import docx, kinds, letters, score_sheet
from gdcore.exports.letters import Letter, Terms
from gdcore.roles import Action
from gdcore.store.rows import AgencyRow, FindingRow, ReportView, Undecided
from gdcore.ui import download, person, query, shell
from gdcore.ui.html import el, join, md, text

_NAMED = 10  # agencies that a sentence names; of more only the number is told
_DAYS = 5  # working days offered for a correction, until the office says otherwise
_PENDING = "pending"
_FAULTS = ("error", "warning", "info")
_ACTIONS = {kinds.SCORECARD: Action.VIEW, kinds.BULLETIN: Action.BULLETIN}  # what is asked of who makes it, else LETTER


# --- buttons for pages ------------------------------------------------------------------------------------------------


def notice_button(year: int, agencies: Sequence[str], key: str) -> None:
    """退回修改通知 for these agencies, or for all where none are named."""
    if person.may(Action.LETTER) and st.button("生成通知…", icon=":material/outgoing_mail:", key=key):
        return_notices(year, agencies=agencies or None)


def chosen_button(rows: Sequence[FindingRow]) -> None:
    """退回修改通知 with no more than these findings."""
    if person.may(Action.LETTER) and st.button("生成通知…", icon=":material/outgoing_mail:", key="findings_letters"):
        return_notices(rows[0].year, rows=rows)


def reminder_button(year: int, agencies: Sequence[str] | None = None, key: str = "overview_remind") -> None:
    """催报函 for those of the agencies (all, where none are named) that have not filed; no button where all have."""
    missing = [row.agency_key for row in _missing(year, agencies)] if person.may(Action.LETTER) else []
    if missing and st.button(f"生成催报…（{len(missing)} 家）", icon=":material/outgoing_mail:", key=key):
        reminders(year, missing)


def bulletin_button(year: int, key: str = "overview_bulletin") -> None:
    """The 通报 of the year."""
    if person.may(Action.BULLETIN) and st.button("通报草稿…", icon=":material/campaign:", key=key):
        bulletin(year)


def report_buttons(view: ReportView) -> None:
    """What can be printed of one report: its scorecard, and the letter to its agency."""
    if st.button("打印评分表…", icon=":material/print:", key="report_print"):
        score_table(view)
    if (
        view.current
        and person.may(Action.LETTER)
        and st.button("生成通知…", icon=":material/outgoing_mail:", key="report_notice")
    ):
        return_notices(view.year, agencies=[view.agency_key])


# --- dialogs ----------------------------------------------------------------------------------------------------------


@st.dialog("生成退回修改通知")
def return_notices(year: int, agencies: Sequence[str] | None = None, rows: Sequence[FindingRow] | None = None) -> None:
    """One letter an agency: with all its confirmed faults, or with those among `rows` alone."""
    keys = sorted({row.agency_key for row in rows}) if rows is not None else agencies
    only = frozenset(row.fingerprint for row in rows) if rows is not None else None
    terms = _ask(year, "整改期限")
    with_pending = st.toggle("也写入尚未确认的问题（待核的除外）", key="letters_pending")
    if with_pending:
        terms = replace(terms, states=(*terms.states, _PENDING))
    count, told, left = _scope(terms, keys, rows)
    said = st.container()  # filled after the button below it is: who reads the new number never gets the old letters
    if count:
        _offer(
            kinds.RETURN_NOTICE,
            lambda: letters.return_notices(query.store(), terms, query.within(keys), only=only, shown=query.words()),
            count,
            f"退回修改通知_{year}",
        )
    with said:
        if count:
            shell.say(join([el("b", f"{count} 家"), "，共写入 ", el("b", f"{told} 条"), "问题。"]))
        else:
            st.write("没有可以写入通知的问题。请先在问题清单中确认。")
        _left_out(left, with_pending)


@st.dialog("生成催报函")
def reminders(year: int, agencies: Sequence[str]) -> None:
    """One letter for each of these agencies that has not filed."""
    terms = _ask(year, "报送期限")
    missing = _missing(year, agencies)
    if not missing:
        st.write("这些单位都已报送。")
        return
    named = "、".join(row.agency for row in missing[:_NAMED]) + ("等" if len(missing) > _NAMED else "")
    shell.say(join([el("b", f"{len(missing)} 家"), f"尚未报送 {year} 年度报告：{named}。"]))
    _offer(kinds.REMINDER, lambda: letters.reminders(query.store(), terms, missing), len(missing), f"催报函_{year}")


@st.dialog("通报草稿")
def bulletin(year: int) -> None:
    """The year in the area, as a draft that a person goes over."""
    terms = replace(_ask(year, "整改期限"), states=bulletins.COUNTED)
    anonymous = st.toggle("隐去单位名称（案例中写作甲单位、乙单位）", key="letters_anonymous")
    with_pending = st.toggle("也统计尚未确认的问题（待核的除外）", key="letters_bulletin_pending")
    if with_pending:
        terms = replace(terms, states=(*terms.states, _PENDING))
    _left_out(query.undecided(year), with_pending, "不计入主要问题和案例")
    _offer(kinds.BULLETIN, lambda: iter([bulletins.draft(query.store(), terms, anonymous)]), 1, f"通报草稿_{year}")


@st.dialog("打印评分表")
def score_table(view: ReportView) -> None:
    """The scorecard of one report."""
    st.write(f"{md(view.agency)} {view.year} 年度报告第 {view.version} 版：得分、全部问题和未评估的规则。")
    store = query.store()
    _offer(
        kinds.SCORECARD,
        lambda: iter([score_sheet.printed(view, store.scheme, store.settings)]),
        1,
        f"评分表_{view.year}",
    )


# --- their parts ------------------------------------------------------------------------------------------------------


def _ask(year: int, what: str) -> Terms:
    today = date.today()
    with st.container(horizontal=True):
        deadline = st.date_input(
            what, query.calendar().after(today, _DAYS), format="YYYY-MM-DD", key="letters_deadline"
        )
        dated = st.date_input("成文日期", today, format="YYYY-MM-DD", key="letters_dated")
    if deadline < dated:
        st.warning(f"{what}早于成文日期。")
    return Terms(year, deadline, dated)


def _scope(terms: Terms, keys: Sequence[str] | None, rows: Sequence[FindingRow] | None) -> tuple[int, int, Undecided]:
    """How many agencies are written to, how many faults are told, and what is left out."""
    if rows is None:
        named = query.recipients(terms.year, terms.states, keys)
        left = query.undecided(terms.year, keys)
        return len(named), sum(to.faults for to in named), left
    told = [row for row in rows if row.standing in _FAULTS and row.state in terms.states]
    pending = sum(row.standing in _FAULTS and row.state == _PENDING for row in rows)
    reviews = sum(row.standing == "review" for row in rows)
    return len({row.agency_key for row in told}), len(told), Undecided(pending, reviews)


def _missing(year: int, agencies: Sequence[str] | None) -> list[AgencyRow]:
    wanted = None if agencies is None else frozenset(agencies)
    rows = (row for row in query.agencies(year) if row.report_id is None)
    return [row for row in rows if wanted is None or row.agency_key in wanted]


def _left_out(left: Undecided, with_pending: bool, what: str = "不写入") -> None:
    parts = [f"{left.pending} 条尚未确认"] if left.pending and not with_pending else []
    parts += [f"{left.reviews} 条待核"] if left.reviews else []
    if parts:
        shell.say(text(f"另有 {'、'.join(parts)}，{what}。"), "say muted")


def _offer(kind: docx.Kind, make: Callable[[], Iterator[Letter]], count: int, name: str) -> None:
    """The button that hands out the letter, or all in one ZIP. The first is made at once: a template that an office broke is
    told here, since the button itself could only say in English that it failed.
    """
    try:
        form = docx.opened(kind, query.store().settings)
        first = next(make(), None)
    except DeskError as error:
        st.error(md(f"{error}{error.remedy}"))
        return
    if first is None:
        st.write("情况刚有变化，请关闭后重新打开。")
        return
    one = count == 1
    download.button(
        f"下载{kind.title}（Word）" if one else f"下载 {count} 份{kind.title}（ZIP）",
        person.later((lambda: first.data) if one else (lambda: _zipped(make())), _ACTIONS.get(kind, Action.LETTER)),
        file_name=first.file_name if one else f"{name}.zip",
        mime=docx.MIME if one else letters.MIME,
        icon=":material/download:",
        type="primary",
        key=f"letters_get_{kind.name}",
    )
    _template(kind, form.unfilled)


def _zipped(made: Iterator[Letter]) -> bytes:
    buffer = BytesIO()
    letters.pack(made, buffer)
    return buffer.getvalue()


def _template(kind: docx.Kind, unfilled: bool) -> None:
    """Which template it was made from, and how an office makes it its own."""
    path = docx.path(kind, query.store().settings)
    own = f"数据文件夹的 {docx.FOLDER}/{kind.name}.docx"
    if unfilled:
        shell.say(
            text(f"模板中还有画叉的地方（落款、联系人）没有填写。在 Word 中填好后放到{own}，以后即按它生成。"),
            "note-line amber",
        )
    download.button(
        "下载模板", path.read_bytes, file_name=path.name, mime=docx.MIME, type="tertiary",
        icon=":material/edit_document:", key=f"letters_template_{kind.name}", help=f"修改后放到{own}",
    )  # fmt: skip
