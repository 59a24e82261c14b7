"""Whether a readable file is an annual report at all; if not, what it is and what the sender should do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gdcore import text
from gdcore.document import Document, Embedded, EmbeddedKind
from gdcore.recognise.prose import Line
from gdcore.report import Rejection, RejectionKind, Section, StatTable

# A document with at least this many of the six sections is a report, whatever it is called (STR-30).
ENOUGH_SECTIONS = 3
# Prose shorter than this, in characters, is no report of its own.
SHORTEST_REPORT = 150

_OTHERS = (
    (
        RejectionKind.WEBSITE_FORM,
        r"政府网站工作年度报表|网站监管年度报表",
        "这是《政府网站工作年度报表》，不是政府信息公开工作年度报告",
    ),
    (RejectionKind.INTERPRETATION, r"年度?报告?.{0,4}解读|图解|一图读懂", "这是年度报告的解读，不是年度报告本身"),
    (RejectionKind.OTHER_REPORT, r"法治政府建设.{0,12}报告", "这是法治政府建设报告，不是政府信息公开工作年度报告"),
    (
        RejectionKind.OTHER_REPORT,
        r"(政务公开|信息公开).{0,8}工作(总结|要点|方案|计划)",
        "这是政务公开工作的其他材料，不是年度报告",
    ),
    (RejectionKind.OTHER_REPORT, r"关于.{0,40}的(通知|函|公告|通报)$", "这是一份通知或函，不是年度报告"),
)
_UPLOAD_AGAIN = "请换成本单位的《政府信息公开工作年度报告》后重新上传。"
_TITLE_LINES = 12
_BLANK_FORM = re.compile(r"格式模板|（?文字描述）?|×{2,}年|XX年|该部分以表格形式报告")
_ATTACHED = re.compile(r"附件|下载|点击|全文")


def reject(
    document: Document, lines: Sequence[Line], sections: Sequence[Section], tables: Sequence[StatTable], titled: bool
) -> Rejection | None:
    """Why the document is no annual report; None if it is one, or may be one with much missing."""
    found = sum(s.heading is not None for s in sections)
    if _is_blank_form(lines, tables, titled):
        return Rejection(RejectionKind.BLANK_FORM, "这是空白的年度报告格式模板，没有填写内容", "请填写后重新上传。")
    if found >= ENOUGH_SECTIONS:
        return None
    head = [text.plain(line.text) for line in lines[:_TITLE_LINES] if len(line.text) <= 60]
    names = [text.plain(document.title or ""), *head]
    if not any(t.key == "t3" and t.grids for t in tables):
        for kind, pattern, reason in _OTHERS:
            if any(re.search(pattern, name) for name in names):
                return Rejection(kind, reason, _UPLOAD_AGAIN)
    if tables or (titled and sum(len(line.text) for line in lines) >= SHORTEST_REPORT and _speaks(lines)):
        return None
    if _links(document, lines):
        return Rejection(
            RejectionKind.ATTACHMENT_ONLY,
            "页面上只有附件链接，没有年度报告正文",
            "请打开页面上的附件，保存后上传附件文件。",
        )
    return Rejection(
        RejectionKind.NO_REPORT_TEXT,
        "没有找到政府信息公开工作年度报告的正文",
        "请确认选对了文件；如果是网页，请保存完整网页或上传原文件。",
    )


def _speaks(lines: Sequence[Line]) -> bool:
    """Whether there is running text: sentences, not menus."""
    return sum(len(line.text) for line in lines if "。" in line.text) >= SHORTEST_REPORT


def _is_blank_form(lines: Sequence[Line], tables: Sequence[StatTable], titled: bool) -> bool:
    if _speaks(lines):
        return False
    cells = [figure for table in tables for figure in table.cells().values()]
    if not cells or not all(f.blank for f in cells):
        return False
    return not titled or any(_BLANK_FORM.search(text.plain(line.text)) for line in lines)


def _links(document: Document, lines: Sequence[Line]) -> bool:
    links = [
        b for b in document.blocks if isinstance(b, Embedded) and b.kind in (EmbeddedKind.LINK, EmbeddedKind.FRAME)
    ]
    return bool(links) or any(_ATTACHED.search(line.text) and len(line.text) < 60 for line in lines)
