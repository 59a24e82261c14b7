"""TAB-08, 09, 11, 12, 15: the shape of the three tables: widths of rows, added rows and columns, titles, breaks, caption."""

from __future__ import annotations

from collections.abc import Iterator

from gdcore import form, text, wording
from gdcore.basis import FORM_2021, PRACTICE
from gdcore.catalogue import rule
from gdcore.finding import prose_address
from gdcore.report import Grid, Line, RemarkKind, Report, Requests, StatTable
from gdcore.rules.sections import unified
from gdcore.rules.sums import is_subtotal
from gdcore.rules.tables import FEW_ROWS, readable, unread
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_evaluated, passed


@rule(
    "TAB-08",
    Severity.ERROR,
    basis=FORM_2021,
    name="表格列数不符、错列",
    short="列数不符",
    suggestion="该行数据列数与统一格式不符，可能错列，请核对。",
)
@unified
def rows_have_the_forms_width(report: Report) -> Iterator[Verdict]:
    """每一行数据格的个数与统一格式相同：表三 7 个，表四 15 个，表二第（一）项 3 个。

    空白格和“/”也计入，行末多余的空白格不计；分三行各填五个数的表四算 15 个。列数不符的行不读数，有关的合计不作判断。
    整张表都多出一列的，由“擅自增删表格行列”提出。
    """
    yield from unread(report)
    for table in readable(report):
        for grid in table.grids:
            yield from _widths(grid)


def _widths(grid: Grid) -> Iterator[Verdict]:
    width = len(grid.form.columns)
    wrong = [line for line in grid.lines if not line.figures and line.printed != width]
    added = len(grid.extra_columns)
    if wrong and added and all(line.printed >= width + added for line in wrong):
        yield not_evaluated("表格增加了列，数据未读", f"{grid.table}")
    elif grid.table == "t4" and len(wrong) == len(grid.form.rows) and len({line.printed for line in wrong}) == 1:
        cells = width * len(grid.form.rows)
        printed = wrong[0].printed
        message = f"表四有 {printed} 个数据格，应为 {cells} 个"
        yield failed(
            message, "t4", *(line.label.printed for line in wrong), expected=f"{cells} 个", found=f"{printed} 个"
        )
    elif len(wrong) > FEW_ROWS:
        yield _many(grid, wrong, width)
    else:
        unread = [line for line in grid.lines if not line.figures]
        yield from (_width(grid, line, width) for line in unread)
        if len(unread) < len(grid.lines):
            yield passed(grid.table)


def _many(grid: Grid, wrong: list[Line], width: int) -> Verdict:
    """Many rows of a wrong width are one matter: certain when they agree, else the reading is in doubt."""
    printed = sorted({line.printed for line in wrong})
    told = "、".join(map(str, printed))
    message = f"{form.TABLE_NAMES[grid.table]}有 {len(wrong)} 行的数据格为 {told} 个，应为 {width} 个"
    judge = failed if len(printed) == 1 and printed[0] else doubtful
    evidence = [line.label.printed for line in wrong]
    return judge(message, grid.table, *evidence, expected=f"{width} 个", found=f"{told} 个")


def _width(grid: Grid, line: Line, width: int) -> Verdict:
    address = f"{grid.form.prefix}.{line.label.key}"
    if line.printed == width:
        return not_evaluated("看不准这一行各个数据格的位置，没有读数", address)
    word = wording.row_word(grid.form.prefix, line.label.key)
    message = f"{form.TABLE_NAMES[grid.table]}“{word}”行有 {line.printed} 个数据格，应为 {width} 个"
    # The condition names table 三, table 四 and 第（一）项; a single value printed in merged columns, or none, is doubtful.
    judge = failed if width > 1 and line.printed else doubtful
    return judge(message, address, line.label.printed, expected=f"{width} 个", found=f"{line.printed} 个")


@rule(
    "TAB-09",
    Severity.INFO,
    basis=FORM_2021.table("二"),
    name="缺少“第二十条第（×）项”分项标题",
    short="缺分项标题",
    suggestion="请补充“第二十条第（×）项”分项标题。",
)
def items_have_titles(t2: StatTable, report: Report) -> Iterator[Verdict]:
    """表二每一分项有“第二十条第（×）项”标题。

    括号的样式不论；标题因表格断开而读不到的不作判断。
    """
    for grid in t2.grids:
        address = f"t2.{grid.key}"
        if grid.title:
            yield passed(address, grid.title)
        elif grid.title is not None:
            yield not_evaluated("这一分项由人工指定或录入，标题不作判断", address)
        elif any(r.address == address for r in report.remarks_of(RemarkKind.TABLE_SPLIT)):
            yield not_evaluated("这一分项断开，标题未能识别", address)
        else:
            rows = [line.label.printed for line in grid.lines]
            names = "、".join(row.text for row in rows)
            yield failed(f"表二“{names}”之前没有“{grid.form.title}”标题", address, *rows, expected=grid.form.title)


@rule(
    "TAB-11",
    Severity.WARNING,
    basis=FORM_2021,
    name="擅自增删表格行列",
    short="增删行列",
    suggestion="请勿增删统一格式的行列。",
)
@unified
def nothing_is_added(report: Report) -> Iterator[Verdict]:
    """三张表没有统一格式之外的行和列。

    （三）至（六）内的小计、合计行只作提示，并核对其数字。没有数字的附加行不算。
    """
    yield from unread(report)
    for table in readable(report):
        found = [v for grid in table.grids for v in _added(grid)]
        yield from found or [passed(table.key)]


def _added(grid: Grid) -> Iterator[Verdict]:
    name = form.TABLE_NAMES[grid.table]
    for line in grid.extra_lines:
        label = text.collapse(line.label.text)
        if line.figures and not any(f.value is not None for f in line.figures):
            continue
        severity = Severity.INFO if grid.table == "t3" and is_subtotal(line) else Severity.WARNING
        message = f"{name}多出“{label}”行，统一格式没有这一行"
        address = prose_address(grid.table, label)
        yield failed(message, address, line.label, *line.figures, found=label, severity=severity)
    for header in grid.extra_columns:
        label = text.collapse(header.text)
        yield failed(
            f"{name}多出“{label}”列，统一格式没有这一列", prose_address(grid.table, label), header, found=label
        )


@rule(
    "TAB-12",
    Severity.INFO,
    basis=PRACTICE,
    name="表格断裂",
    short="表格断裂",
    suggestion="表格因换行或分页断开，请调整版式。",
)
@unified
def tables_are_in_one_piece(report: Report) -> Iterator[Verdict]:
    """每张表连成一体，中间没有空行、重复的表头，分项标题不与表格分开。

    断开的表格已接起来读数，不影响其他核对。
    """
    yield from unread(report)
    split = report.remarks_of(RemarkKind.TABLE_SPLIT)
    for remark in split:
        place = wording.describe(remark.address)
        yield failed(f"{place}断为两截，已接起来读取", remark.address, *remark.anchors, expected="连续的表格")
    for table in readable(report):
        if not any(r.address.partition(".")[0] == table.key for r in split):
            yield passed(table.key)


@rule(
    "TAB-15",
    Severity.INFO,
    basis=FORM_2021.table("三"),
    name="勾稽关系提示语缺失",
    short="缺勾稽提示",
    suggestion="请保留统一格式的勾稽关系提示语。",
)
def caption_is_kept(t3: Requests) -> Iterator[Verdict]:
    """表三左上角保留“本列数据的勾稽关系为……”提示语。

    空格、逗号和括号的样式不论；表头整个没有读到的不作判断。
    """
    if t3.table.caption is not None:
        yield passed("t3", t3.table.caption)
    elif not (headers := [h.printed for grid in t3.table.grids for h in grid.headers]):
        yield not_evaluated("表头未能识别", "t3")
    else:
        yield failed("表三没有勾稽关系提示语", "t3", *headers[:1], expected=form.T3_CAPTION)
