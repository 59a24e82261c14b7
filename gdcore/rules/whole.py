"""STR-27, 29, 30: the file as a whole: what kind of document it is, tables printed twice."""

from __future__ import annotations

from gdcore import form, text, wording
from gdcore.basis import CONSISTENCY, FORM_2019, FORM_2021
from gdcore.catalogue import Verdicts, rule
from gdcore.figure import Figure
from gdcore.report import Report, StatTable
from gdcore.rules.sections import is_free_form, old_headings, unified, veiled
from gdcore.verdict import Severity, doubtful, failed, not_evaluated, passed

# Cells named in a message about two tables that disagree.
CELLS_TOLD = 5


@rule(
    "STR-27",
    Severity.ERROR,
    basis=FORM_2019 & FORM_2021,
    name="使用旧版（2018年及以前）自由格式",
    short="旧式结构",
    suggestion="请使用国办公开办函〔2021〕30号规定的统一格式重新编制。",
)
@unified
def free_form_is_past(report: Report) -> Verdicts:
    """2019 年度起的报告不再使用概述、收费及减免、咨询处理、机构建设等旧式结构。

    至少有两个旧式一级标题而且没有表三，才算旧式结构。2018 年度及以前的报告不适用；表三是图片的，不作判断。
    """
    if not is_free_form(report):
        yield passed("sections")
    elif veiled(report, "s3"):
        yield not_evaluated("第三部分是图片、附件或链接，未能识别", "sections")
    else:
        evidence = old_headings(report)
        names = "、".join(text.collapse(p.text) for p in evidence)
        message = f"一级标题有{names}，没有表三，是 2018 年及以前的自由格式。"
        tell = failed if report.identity.year else doubtful
        yield tell(message, "sections", *evidence, expected="统一格式的六个部分", found=names)


def _pairs(first: StatTable, second: StatTable) -> list[tuple[str, Figure, Figure]]:
    """The cells that both tables print as numbers."""
    left, right = first.cells(), second.cells()
    both = ((a, left[a], right[a]) for a in left if a in right)
    return [(a, x, y) for a, x, y in both if None not in (x.value, y.value)]


@rule(
    "STR-29",
    Severity.ERROR,
    basis=CONSISTENCY,
    name="正文与附表表格重复且不一致",
    short="重复表不一",
    suggestion="同一表格出现两次且数据不一致，请保留一份并核实。",
)
@unified
def copies_agree(report: Report) -> Verdicts:
    """同一张表在文中只出现一次；出现两次的，数据一致。

    两份完全一致的只作提示；空白或未能识别的单元格不参与比较。
    """
    twice = {copy.key for copy in report.duplicates}
    for table in report.tables:
        if table.key not in twice:
            yield passed(table.key)
    for copy in report.duplicates:
        first = report.table(copy.key)
        name = form.TABLE_NAMES[copy.key]
        pairs = _pairs(first, copy) if first else []
        if not pairs:
            yield not_evaluated(f"{name}出现两次，其中一份未能识别，不能比较", copy.key)
            continue
        unlike = [(a, x, y) for a, x, y in pairs if x.value != y.value]
        told = "；".join(f"{wording.describe(a)}：{x} 与 {y}" for a, x, y in unlike[:CELLS_TOLD])
        evidence = [f for _, x, y in unlike for f in (x, y)]
        if unlike:
            message = f"{name}出现两次，有 {len(unlike)} 个单元格不一致：{told}。"
            yield failed(message, copy.key, *evidence, expected=str(unlike[0][1]), found=str(unlike[0][2]))
        else:
            message = f"{name}在文中重复出现，两份数据一致。"
            yield failed(message, copy.key, pairs[0][2], severity=Severity.INFO)


@rule(
    "STR-30",
    Severity.ERROR,
    basis=FORM_2021,
    name="文件类型不符",
    short="文件类型错",
    suggestion="上传的文件不是政府信息公开工作年度报告，请重新上传。",
)
def file_is_an_annual_report(report: Report) -> Verdicts:
    """上传的文件是政府信息公开工作年度报告。

    网站工作年度报表、年报解读、法治政府建设报告、工作总结、空白表格等都不是；这时只作这一个判断，不评分。
    """
    if report.rejection is None:
        yield passed("file")
    else:
        why = report.rejection
        yield failed(f"{why.reason.rstrip('。')}。{why.remedy}", "file", expected="政府信息公开工作年度报告")
