"""TAB-01…04, 14: whether the three tables are there, as text, of the right edition, with the form's labels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from gdcore import form, wording
from gdcore.basis import FORM_2021, MACHINE_READABLE
from gdcore.catalogue import rule
from gdcore.figure import Passage
from gdcore.form import Edition
from gdcore.report import Grid, Label, Line, Match, Remark, RemarkKind, Report, StatTable
from gdcore.rules.sections import unified
from gdcore.rules.sums import is_subtotal
from gdcore.task import Task
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed

# Formats in which a table may have been lost without leaving an image behind.
BLIND_FORMATS = ("txt", "image")
# More missing rows, or rows of a wrong width, than this are one matter of the whole table.
FEW_ROWS = 5
# Labels peculiar to another edition that a table 二 must print before it counts as that edition's.
EDITION_MARKS = 2
EDITION_NAMES = {Edition.FMT2019: "2019年试行格式", Edition.FMT2021: "2021年修订的格式"}


def unread(report: Report) -> Iterator[Verdict]:
    """A verdict of not evaluated for each table that is not there or could not be read."""
    for key, name in _NAMES.items():
        table = report.table(key)
        if table is None or not table.grids:
            yield not_evaluated(f"没有{name}，或表格未能识别", key)


def readable(report: Report) -> Iterator[StatTable]:
    """The tables whose cells were read."""
    return (table for table in report.tables if table.grids)


_NAMES = {key: form.TABLE_NAMES[key] for key in form.TABLE_SECTIONS}


def _section(key: str) -> str:
    return form.SECTION_BY_KEY[form.TABLE_SECTIONS[key]].short


def _embedded(report: Report, key: str) -> list[Remark]:
    """What stands in the table's section in place of text."""
    return [r for r in report.remarks_of(RemarkKind.EMBEDDED) if r.address == _section(key)]


# --- is it there ----------------------------------------------------------------------------------------------------


@rule(
    "TAB-01",
    Severity.ERROR,
    basis=FORM_2021,
    name="缺少统计表格",
    short="缺表格",
    suggestion="请按统一格式补充该部分统计表。",
)
@unified
def tables_are_there(report: Report) -> Iterator[Verdict]:
    """第二、三、四部分各有统一格式的统计表。

    以图片、框架、链接或附件代替表格的，由“表格以图片形式发布”提出；表格在而未能读出数据的不算缺少；整个部分都没有的，由
    “缺少……部分”提出。纯文本和扫描件看不出表格是否另附图片，列为待核。
    """
    for key, name in _NAMES.items():
        table = report.table(key)
        heading = form.SECTION_BY_SHORT[_section(key)].heading
        if table is not None:
            seen = "表格在，但其中的数据未能识别"
            yield passed(key) if table.grids else not_evaluated(seen, key)
        elif _embedded(report, key):
            yield not_applicable("表格处是图片、框架、链接或附件", key)
        elif report.format in BLIND_FORMATS:
            message = f"“{heading}”部分没有找到{name}；这种文件看不出表格是否为图片，请核对原件"
            yield doubtful(message, key, expected=f"{name}（统一格式）")
        else:
            yield failed(f"“{heading}”部分没有{name}，也没有图片或附件", key, expected=f"{name}（统一格式）")


@rule(
    "TAB-14",
    Severity.WARNING,
    basis=MACHINE_READABLE,
    name="表格以图片形式发布",
    short="图片表格",
    suggestion="请将表格改为可复制的文本表格。",
)
@unified
def tables_are_text(report: Report) -> Iterator[Verdict]:
    """三张表以可复制的文本表格发布，不以图片、框架、链接或附件代替。

    图片中的表格经文字识别读出的，数据照常核对，这条提示仍然保留；表格之外另有图片的不算。
    """
    for key, name in _NAMES.items():
        table, seen = report.table(key), _embedded(report, key)
        if table is not None and not (seen and _is_from_a_picture(table)):
            yield passed(key)
        elif not seen:
            yield not_applicable(f"没有{name}，其位置也没有图片、框架、链接或附件", key)
        else:
            anchors = [a for r in seen for a in r.anchors]
            message = f"“{form.SECTION_BY_SHORT[_section(key)].heading}”部分没有文本表格，{name}的位置是图片、框架、链接或附件"
            yield failed(message, key, *anchors, expected="可复制的文本表格")


def _is_from_a_picture(table: StatTable) -> bool:
    """Whether all of a table was recognised in an image. What a person typed or assigned says nothing of how it is printed."""
    figures = [f for f in table.cells().values() if f.correction is None]
    return bool(figures) and all(f.confidence < 1 for f in figures)


# --- edition --------------------------------------------------------------------------------------------------------


@rule(
    "TAB-02",
    Severity.ERROR,
    basis=FORM_2021,
    name="使用的表格版本与报告年度不符",
    short="旧版表格",
    suggestion="请改用2021年修订的表格（制发、废止、现行有效件数等），不得沿用2019年试行格式。",
)
@unified
def tables_are_of_the_years_edition(report: Report, task: Task) -> Iterator[Verdict]:
    """表二、表三的版本与报告年度相符：2021 年度起用 2021 年修订的格式，2019、2020 年度用试行格式。

    版本看表格自己的栏目，不看年份；表二要有两处以上另一版本的栏目才算，只有一处的由“表头文字错误”提出。
    版本不符的表按它自己的栏目读数，不再逐项提出表头、行名和增删行列的问题。
    """
    if report.reporting_year(task.year) is None:
        yield not_evaluated("报告年度未能识别")
        return
    due = report.edition(task.year)
    for table in (report.t2, report.t3):
        if table is not None and table.grids:
            yield _edition_verdict(table, due, report.reporting_year(task.year))
    yield from (v for v in unread(report) if v.address != "t4")


def _edition_verdict(table: StatTable, due: Edition, year: int | None) -> Verdict:
    used = EDITION_NAMES[Edition.FMT2019 if due is Edition.FMT2021 else Edition.FMT2021]
    if table.key == "t3":
        marks = _other_handling(table.grids[0], due)
        if marks is None:
            return not_evaluated("“（六）其他处理”各行未能识别，看不出表格版本", "t3")
        told, enough = f"表三“（六）其他处理”有 {len(marks)} 行数据，是{used}", 1
    else:
        foreign = [(grid, own) for grid in table.grids if (own := _peculiar(grid, due))]
        marks = [label for _, own in foreign for label in own]
        where = "、".join(f"“{grid.form.title}”" for grid, _ in foreign)
        words = "、".join(dict.fromkeys(label.printed.text for label in marks))
        told, enough = f"表二{where}用的是{used}的栏目（{words}）", EDITION_MARKS
    if len(marks) < enough:
        return passed(table.key)
    message = f"{told}；{year} 年度应使用{EDITION_NAMES[due]}"
    evidence = [label.printed for label in marks]
    return failed(message, table.key, *evidence, expected=EDITION_NAMES[due], found=used)


def _other_handling(grid: Grid, due: Edition) -> list[Label] | None:
    """Rows of （六）其他处理 that only the other edition has; None if none of them was found in either edition."""
    rows = [line.label for line in grid.lines if line.label.key.startswith("other_")]
    if not rows:
        return None
    known = {r.key for r in form.blocks("t3", due)[0].rows}
    return [label for label in rows if label.key not in known]


def _peculiar(grid: Grid, due: Edition) -> list[Label]:
    """The printed headers and rows of a block of table 二 that the edition due does not have."""
    columns, rows = _own(due)
    headers = [h for h in grid.headers if h.match is not Match.POSITION and form.label_core(h.template) not in columns]
    return headers + [line.label for line in grid.lines if line.label.key not in rows]


@cache
def _own(edition: Edition) -> tuple[frozenset[str], frozenset[str]]:
    """The headers and the rows of table 二 in an edition."""
    blocks = form.blocks("t2", edition)
    columns = frozenset(form.label_core(c.label) for b in blocks for c in b.columns)
    return columns, frozenset(r.key for b in blocks for r in b.rows)


# --- labels ---------------------------------------------------------------------------------------------------------


@rule(
    "TAB-03",
    Severity.WARNING,
    basis=FORM_2021,
    name="表头文字错误",
    short="表头有误",
    suggestion="表头“{found}”应为“{expected}”，请改正。",
)
@unified
def headers_are_the_forms(report: Report) -> Iterator[Verdict]:
    """三张表的表头与统一格式一致。

    换行、空格、括号和标点的宽窄、插入的年份都不算错；只写了一部分的作提示。表头有误的列按位置照常读数；没有读到的表头
    不作判断。
    """
    yield from unread(report)
    for table in readable(report):
        for grid in table.grids:
            odd = [label for label in grid.headers if label.match not in (Match.EXACT, Match.ALIAS) and label.printed]
            yield from (_header(grid, label) for label in odd)
            if len(odd) < len(grid.headers):
                yield passed(f"{grid.form.prefix}.*")
            elif not grid.headers and table.key != "t4":
                yield not_evaluated("表头未能识别", f"{grid.form.prefix}.*")


def _header(grid: Grid, label: Label) -> Verdict:
    address = f"{grid.form.prefix}.*.{label.key}"
    where = form.TABLE_NAMES[grid.table] + (f"“{grid.form.title}”" if grid.form.title else "")
    message = f"{where}表头为“{label.printed.text}”，应为“{label.template}”"
    severity = Severity.INFO if label.match is Match.SHORTENED else Severity.WARNING
    printed = label.printed
    return failed(message, address, printed, expected=label.template, found=printed.text, severity=severity)


@rule(
    "TAB-04",
    Severity.ERROR,
    basis=FORM_2021,
    name="行名称错误或缺行",
    short="行名有误",
    suggestion="缺少或写错“{expected}”行，请按统一格式改正。",
)
@unified
def rows_are_the_forms(report: Report) -> Iterator[Verdict]:
    """三张表的行与统一格式一致：不缺行，行名不写错。

    缺行是错误，行名写错是警告，行名缩写和“规范性文件”只作提示。编号、空格、括号和顿号逗号不论。表格断开、跨页或识别有
    疑问处的缺行列为待核，因为行可能是在换页或读取时丢失的。
    """
    yield from unread(report)
    for table in readable(report):
        yield from _missing(report, table)
        for grid in table.grids:
            odd = [line for line in grid.lines if line.label.match is not Match.EXACT]
            yield from (_row(grid, line) for line in odd)
            if len(odd) < len(grid.lines):
                yield passed(table.key)


def _row(grid: Grid, line: Line) -> Verdict:
    label, address = line.label, f"{grid.form.prefix}.{line.label.key}"
    message = f"{form.TABLE_NAMES[grid.table]}行名“{label.printed.text}”应为“{label.template}”"
    severity = Severity.WARNING if label.match in (Match.TYPO, Match.POSITION) else Severity.INFO
    judge = failed
    if label.match is Match.POSITION:
        judge, message = doubtful, f"{message}（按前后行的位置认作这一行）"
    printed = label.printed
    return judge(message, address, printed, expected=label.template, found=printed.text, severity=severity)


def _missing(report: Report, table: StatTable) -> Iterator[Verdict]:
    """The rows that the form prescribes and the table does not print; a whole block of table 二 is one matter."""
    printed = {grid.key: grid for grid in table.grids}
    gaps: list[tuple[str, str, bool]] = []
    for block in form.blocks(table.key, table.edition):
        grid = printed.get(block.key)
        if grid is None and len(block.rows) > 1:
            gaps.append((f"{table.key}.{block.key}", "、".join(r.label for r in block.rows), _doubted(report, table)))
            continue
        shape = block if grid is None else grid.form
        lines = () if grid is None else {line.label.key for line in grid.lines}
        for row in shape.rows:
            if row.key not in lines:
                doubted = _doubted(report, table, grid) or (grid is not None and _at_a_cut(grid, row.key))
                gaps.append((f"{shape.prefix}.{row.key}", wording.row_word(shape.prefix, row.key), doubted))
    name = form.TABLE_NAMES[table.key]
    if len(gaps) > FEW_ROWS:
        message = f"{name}有 {len(gaps)} 行没有找到（“{gaps[0][1]}”等），请核对原件是缺行还是未能识别"
        yield doubtful(message, table.key, expected=gaps[0][1])
        return
    for address, word, doubted in gaps:
        if doubted:
            message = f"{name}没有找到“{word}”行；表格断开或识别有疑问，请核对原件"
            yield doubtful(message, address, *_around(table), expected=word)
        else:
            yield failed(f"{name}缺少“{word}”行", address, *_around(table), expected=word)


def _around(table: StatTable) -> list[Passage]:
    """Where the table begins, as evidence of what is not in it."""
    return [line.label.printed for grid in table.grids for line in grid.lines][:1]


def _doubted(report: Report, table: StatTable, grid: Grid | None = None) -> bool:
    """Whether reading left a doubt that a row may have been lost in it (`grid` None: a whole block of table 二)."""
    remarks = (*report.remarks_of(RemarkKind.TABLE_SPLIT), *report.remarks_of(RemarkKind.ASSUMED))
    block = f"{table.key}.{grid.key if grid is not None else ''}"
    if any(r.address == table.key or r.address.startswith(block) for r in remarks):
        return True
    grids = table.grids if grid is None else (grid,)
    strangers = grid is not None and any(not is_subtotal(line) for line in grid.extra_lines)
    return strangers or any(f.confidence < 1 for g in grids for _, f in g.cells())


def _at_a_cut(grid: Grid, row: str) -> bool:
    """Whether a missing row's place is where the table goes over to another page."""
    order = [r.key for r in grid.form.rows]
    pages = [(order.index(line.label.key), line.label.printed.place.page) for line in grid.lines]
    above = [page for index, page in pages if index < order.index(row)]
    below = [page for index, page in pages if index > order.index(row)]
    return bool(above and below and above[-1] != below[0])
