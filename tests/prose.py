"""A short report in plain text around one sentence, for rules that read prose."""

from __future__ import annotations

from typing import Any

from gdcore import profile, settings
from gdcore.checking import Facts, judge
from gdcore.document import Document, Format, Paragraph
from gdcore.place import Place
from gdcore.recognise import recognise
from gdcore.report import Report
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Verdict

NATIONAL = profile.load("national", settings.load({}))
TOWN, BUREAU = "云泽县白鹭湾镇人民政府", "云泽县教育局"


def told(sentence: str, where: str = "s1", agency: str = TOWN, year: int = 2023, signed: str = "") -> Report:
    """A report that says the sentence in its introduction (`preamble`), in section 一 (`s1`) or 六 (`s6`)."""
    lines = [f"{agency}{year}年政府信息公开工作年度报告"]
    lines += [sentence] if where == "preamble" else []
    lines += ["一、总体情况", f"（一）主动公开。{sentence if where == 's1' else '扎实做好。'}"]
    lines += ["五、存在的主要问题及改进情况", "（一）存在的问题。不足。"]
    lines += ["六、其他需要报告的事项", sentence if where == "s6" else "无。"]
    lines += [agency, signed] if signed else []
    blocks = tuple(Paragraph(text, ((0, Place(line=n)),)) for n, text in enumerate(lines, 1))
    return recognise(Document("0" * 64, Format.TXT, blocks, None))


def faults(code: str, report: Report, **known: Any) -> list[Verdict]:
    """What a rule fails or doubts in a report; `known`: the other facts of a check."""
    verdicts = judge(CATALOGUE[code], Facts(report, known.pop("profile", NATIONAL), **known))
    return [v for v in verdicts if v.outcome in (Outcome.FAIL, Outcome.REVIEW)]
