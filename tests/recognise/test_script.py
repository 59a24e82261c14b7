"""Reports in traditional characters: read like those in simplified ones, and what is absent in them is in doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from opencc import OpenCC

from gdcore import profile, settings
from gdcore.checking import Facts, check
from gdcore.document import Document, Format, Paragraph
from gdcore.place import Place
from gdcore.readers import read
from gdcore.recognise import recognise, script
from gdcore.report import RemarkKind, Report
from gdcore.samples import apply, clean, write
from gdcore.verdict import Outcome

NATIONAL = profile.load("national", settings.load({}))


def printed(change: dict[str, object], fmt: str = "html") -> Document:
    return read(write(apply(clean("dept", 2023, True), change), fmt))


def mirrored(document: Document, script_: str = "s2t") -> Document:
    """The document as the traditional mirror of its page prints it."""

    turned = OpenCC(script_).convert  # made once: its dictionaries take long to load

    def block(each):  # type: ignore[no-untyped-def]
        if hasattr(each, "rows"):
            return replace(each, rows=tuple(tuple(replace(c, text=turned(c.text)) for c in r) for r in each.rows))
        return replace(each, text=turned(each.text))

    return replace(document, blocks=tuple(map(block, document.blocks)), title=turned(document.title or ""))


def told(report: Report) -> dict[str, Outcome]:
    return {f.rule: f.outcome for f in check(Facts(report, NATIONAL)).findings}


@pytest.mark.parametrize("script_", ["s2t", "s2hk", "s2tw"])
def test_a_mirror_in_traditional_characters_is_read_like_its_original(script_: str) -> None:
    document = printed({})
    original, mirror = recognise(document), recognise(mirrored(document, script_))
    assert mirror.identity.agency == original.identity.agency
    assert mirror.cells() == original.cells()
    assert [s.found for s in mirror.sections] == [True] * 6
    assert told(mirror) == told(original) == {}
    (remark,) = mirror.remarks_of(RemarkKind.ASSUMED)
    assert (remark.address, remark.text) == ("report", "正文为繁体字，按简体字核对")


def test_absence_in_a_mirror_is_doubt_and_a_wrong_sum_is_not() -> None:
    document = printed({"drop": ["s6"], "set": {"t4.review.total": "7"}})
    assert told(recognise(document))["STR-06"] is Outcome.FAIL
    findings = told(recognise(mirrored(document)))
    assert findings["STR-06"] is Outcome.REVIEW
    assert findings["SUM-04"] is Outcome.FAIL


def test_a_cell_says_what_is_printed() -> None:
    report = recognise(mirrored(printed({"set": {"t3.carried_in.total": "无", "t3.new_received.total": "12件"}})))
    cells = report.cells()
    assert cells["t3.carried_in.total"].raw == "無"
    assert (cells["t3.new_received.total"].raw, cells["t3.new_received.total"].value) == ("12件", 12)


def test_spans_mark_the_printed_words() -> None:
    document = mirrored(printed({}))
    passages = [p for s in recognise(document).sections for p in s.paragraphs]
    for passage in passages:
        said = ""
        for anchor in passage.anchors:
            block = document.blocks[anchor.block or 0]
            assert isinstance(block, Paragraph)
            assert anchor.span is not None
            said += block.text[slice(*anchor.span)]
        assert script.simplified(said) == passage.text


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("政府信息公開工作年度報告", True),
        ("收到和處理政府信息公開申請情況", True),
        ("无障碍 繁體版 政府信息公开工作年度报告，乾县人民政府二〇二三年编制", False),
        ("12 345", False),
    ],
)
def test_a_clear_share_of_the_characters_decides(text: str, traditional: bool) -> None:
    document = Document("", Format.TXT, (Paragraph(text, ((0, Place(line=1)),)),))
    assert script.is_traditional(document) is traditional


def test_the_conversion_keeps_every_place() -> None:
    text = "一、概況\n（一）主動公開：\ud800乾隆、皇后；聯繫人：郵政編碼 100000，說明 —— 髮後裡"
    assert len(script.simplified(text)) == len(text)
    assert script.simplified("雲澤縣衞生健康局") == "云泽县卫生健康局"
