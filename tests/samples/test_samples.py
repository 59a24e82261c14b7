"""The generator: clean reports hold every identity and have every cell; formats are deterministic; changes change."""

from __future__ import annotations

import io
import itertools
from decimal import Decimal

import docx
import pytest

from gdcore import form
from gdcore.form import AgencyType, Edition
from gdcore.samples import Sample, apply, clean, write
from gdcore.samples.model import Picture
from gdcore.samples.writers import FORMATS

KINDS = [kind.value for kind in AgencyType]
YEARS = [2018, 2019, 2020, 2021, 2023, 2024, 2025]
EVERY = list(itertools.product(KINDS, YEARS, [True, False]))


def prose(sample: Sample) -> str:
    """All paragraphs, one a line."""
    return "\n".join(p.text for p in sample.paragraphs())


def numbers(sample: Sample) -> dict[str, Decimal]:
    """Address → value."""
    return {address: Decimal(raw) for address, raw in sample.cells().items()}


@pytest.mark.parametrize(("kind", "year", "active"), EVERY)
def test_has_every_cell_of_the_form(kind: str, year: int, active: bool) -> None:
    """No cell more, no cell less; none before the unified format."""
    edition = Edition.of_year(year)
    tables = [] if edition is Edition.FREE_FORM else ["t2", "t3", "t4"]
    expected = {a for t in tables for block in form.blocks(t, edition) for a in block.addresses()}
    assert set(clean(kind, year, active).cells()) == expected


@pytest.mark.parametrize(("kind", "year", "active"), [case for case in EVERY if case[1] > 2018])
def test_identities_hold(kind: str, year: int, active: bool) -> None:
    """Columns, rows and totals of tables 三 and 四; nothing but zeros where nothing happened."""
    v = numbers(clean(kind, year, active))
    block = form.blocks("t3", Edition.of_year(year))[0]
    for column in form.APPLICANTS:
        c = column.key
        details = sum(v[f"t3.{r.key}.{c}"] for r in block.rows if r.key not in form.T3_INPUTS)
        assert v[f"t3.result_total.{c}"] == details
        assert v[f"t3.new_received.{c}"] + v[f"t3.carried_in.{c}"] == details + v[f"t3.carried_out.{c}"]
    for row in block.rows:
        assert v[f"t3.{row.key}.total"] == sum(v[f"t3.{row.key}.{c.key}"] for c in form.APPLICANTS[:-1])
    for row in form.T4.rows:
        assert v[f"t4.{row.key}.total"] == sum(v[f"t4.{row.key}.{c.key}"] for c in form.OUTCOMES[:-1])
    assert any(v.values()) is active


@pytest.mark.parametrize(("kind", "active"), list(itertools.product(KINDS, [True, False])))
def test_clean_prose_has_what_is_asked(kind: str, active: bool) -> None:
    """Lengths, six headings, five aspects, two halves, seven items."""
    sample = clean(kind, 2024, active)
    lengths = {key: sum(len(p.text) for p in sample.paragraphs() if p.section == key) for key in ("s1", "s5")}
    assert 200 < lengths["s1"] < 1000
    assert lengths["s5"] > 80
    keys = [p.key for p in sample.paragraphs()]
    assert [k for k in keys if k.endswith(".heading")] == [f"s{n}.heading" for n in range(1, 7)]
    assert [k for k in keys if k.startswith("s1.a")] == [f"s1.a{n}" for n in range(1, 6)]
    assert len([k for k in keys if k.startswith("s6.")]) == 8
    assert ("未收到政府信息公开申请" in prose(sample) or "没有收到政府信息公开申请" in prose(sample)) is not active


def test_years_follow_from_each_other() -> None:
    """What one year carries out the next carries in; the stock of documents continues; no problem is told twice."""
    for year in (2022, 2023, 2024):
        last, this = numbers(clean(year=year - 1)), numbers(clean(year=year))
        for column in form.APPLICANTS:
            assert this[f"t3.carried_in.{column.key}"] == last[f"t3.carried_out.{column.key}"]
        stock, issued, repealed = (f"t2.normative_docs.{k}" for k in ("in_force", "issued", "repealed"))
        assert this[stock] == last[stock] + this[issued] - this[repealed]
        told = {p.text for p in clean(year=year - 1).paragraphs()} & {p.text for p in clean(year=year).paragraphs()}
        assert all(len(text) < 50 for text in told)


@pytest.mark.parametrize("fmt", FORMATS)
def test_writing_is_deterministic(fmt: str) -> None:
    """Equal samples, equal bytes."""
    assert write(clean("dept", 2024), fmt) == write(clean("dept", 2024), fmt)


def test_word_document_opens_with_its_merges() -> None:
    """python-docx sees three tables of the form's size and the caption over three columns and rows."""
    document = docx.Document(io.BytesIO(write(clean(), "docx")))
    assert [(len(t.rows), len(t.columns)) for t in document.tables] == [(14, 4), (28, 10), (4, 15)]
    requests = document.tables[1]
    assert requests.cell(0, 0)._tc is requests.cell(2, 2)._tc
    assert [c.text for c in requests.row_cells(26)][1:4] == ["（七）总计", "（七）总计", "16"]


def test_flat_text_has_labels_in_three_columns() -> None:
    """As text taken from a page has it: the values of table 三 begin in column 2 or 3, rows are padded."""
    lines = write(clean(active=False), "txt").decode().splitlines()
    rows = {line.strip().split("\t")[0]: line for line in lines if line.count("\t") == 9}
    assert rows["一、本年新收政府信息公开申请数量"].endswith("数量\t\t0\t0\t0\t0\t0\t0\t0\t")
    assert rows["（七）总计"].startswith("\t（七）总计\t0")
    assert rows["2.重复申请"].startswith("\t\t2.重复申请\t0")


def test_replacing_cells_keeps_the_prose() -> None:
    """`set` and `cells` are about cells alone; a row of another width has no addresses."""
    sample = apply(clean(), {"set": {"t3.new_received.total": "/"}, "cells": {"t3.carried_in": ["1", 2]}})
    assert sample.cells()["t3.new_received.total"] == "/"
    assert "t3.carried_in.total" not in sample.cells()
    assert prose(sample) == prose(clean())
    assert "二、上年结转政府信息公开申请数量\t\t1\t2\t" in write(sample, "txt").decode()


def test_replace_reaches_prose_headers_labels_and_title() -> None:
    """Everything that is text, nothing that is a value."""
    words = {"本年废止件数": "本年度止件数", "2.重复申请": "2.重复", "2023年": "2022年", "结果纠正": "结果纠错"}
    told = write(apply(clean(), {"replace": words}), "html").decode()
    assert not any(old in told for old in words)
    assert "本年度止件数" in told


@pytest.mark.parametrize(
    ("dropped", "gone", "kept"),
    [
        ("s3", "一、本年新收政府信息公开申请数量", "四、政府信息公开行政复议"),
        ("s3.heading", "\n三、收到和处理政府信息公开申请情况", "一、本年新收政府信息公开申请数量"),
        ("t4", "未经复议直接起诉", "四、政府信息公开行政复议"),
        ("t3.other_misc", "3.其他\t", "2.申请人逾期"),
        ("t2.item1.title", "第二十条第（一）项", "本年制发件数"),
        ("t2.item8", "行政事业性收费\t", "行政强制"),
        ("t3.caption", "本列数据的勾稽关系", "申请人情况"),
        ("s1.a3", "（三）政府信息管理", "（四）政府信息公开平台建设"),
        ("s6.fee", "收取信息处理费", "工作要点情况"),
        ("preamble", "统计期限", "一、总体情况"),
        ("signoff", "2024年1月", "六、其他"),
        ("title", "2023年政府信息公开工作年度报告\n", "统计期限"),
    ],
)
def test_drop(dropped: str, gone: str, kept: str) -> None:
    """Just what the address names."""
    told = write(apply(clean(), {"drop": [dropped]}), "txt").decode()
    assert gone in write(clean(), "txt").decode()
    assert gone not in told
    assert kept in told


def test_insert_and_before_anchor() -> None:
    """By text, by heading, by key; the paragraph belongs to the section of its anchor."""
    change = {"insert": {"三、收到和处理政府信息公开申请情况": ["甲。"], "t4": ["乙。"]}, "before": {"title": ["丙"]}}
    told = [p.key if not hasattr(p, "text") else p.text for p in apply(clean(), change).pieces]
    assert told.index("甲。") + 1 == told.index("t3")
    assert told.index("t4") + 1 == told.index("乙。")
    assert told.index("丙") + 1 == told.index(clean().title)


def test_rows_and_columns_are_added() -> None:
    """A subtotal inside its group, a last column with a header."""
    row = {"t3.denied_admin_query": {"label": "小计", "values": ["3", "0", "0", "0", "0", "0", "3"]}}
    column = {"t3": {"label": "备注", "values": "无"}, "t2.item1": {"label": "合计", "values": "0"}}
    told = write(apply(clean(), {"add_row": row, "add_column": column}), "txt").decode()
    assert "\t\t小计\t3\t0\t0\t0\t0\t0\t3" in told
    assert "备注" in told
    assert "本年制发件数\t本年废止件数\t现行有效件数\t合计" in told


def test_editions() -> None:
    """A table, or a block of table 二, in the other edition, with addresses of its own."""
    old = apply(
        clean(year=2023), {"edition": {"t2": "fmt2019", "t3": "fmt2019"}, "set": {"t2_2019.fees.items_prev": "7"}}
    )
    assert old.cells()["t2_2019.fees.items_prev"] == "7"
    assert "t3.other_handling.total" in old.cells()
    assert "t3.other_misc.total" not in old.cells()
    hybrid = apply(clean(year=2023), {"hybrid": {"item1": "fmt2019"}}).cells()
    assert "t2_2019.normative_docs.made_new" in hybrid
    assert "t2.licensing.decisions" in hybrid


def test_places() -> None:
    """Sections moved and ordered; a table split, printed twice, or turned into an image."""
    ordered = apply(clean(), {"order": ["s1", "s2", "s3", "s5", "s4", "s6"]})
    moved = apply(clean(), {"move": {"s5": "before s4"}})
    assert ordered.pieces == moved.pieces != clean().pieces
    split = write(apply(clean(), {"split": ["t3.unable_not_held", "t2.item5.header"]}), "txt").decode()
    assert "\n\n\t（四）无法提供\t1.本机关" in split
    assert "第二十条第（五）项\t\t\t\n\n信息内容" in split
    twice = apply(clean(), {"duplicate": {"t3": {"t3.carried_out.total": "9"}}})
    assert [t.key for t in twice.tables()] == ["t2", "t3", "t4", "t3"]
    image = apply(clean(), {"image": ["t3"]})
    assert any(isinstance(p, Picture) for p in image.pieces)
    assert b"<img" in write(image, "html")
    assert docx.Document(io.BytesIO(write(image, "docx"))).inline_shapes[0].width > 0


def test_metadata_stand_in_the_file_and_not_in_its_text() -> None:
    sample = apply(clean(), {"metadata": {"creator": "张某", "lastModifiedBy": "李某"}})
    properties = docx.Document(io.BytesIO(write(sample, "docx"))).core_properties
    assert (properties.author, properties.last_modified_by) == ("张某", "李某")
    assert '<meta name="creator" content="张某">' in write(sample, "html").decode()
    assert write(sample, "txt") == write(clean(), "txt")


def test_plain_text_replaces_everything() -> None:
    """For files that are no report."""
    sample = apply(clean(), {"text": "网站工作年度报表\n一行"})
    assert write(sample, "txt").decode() == "网站工作年度报表\n一行"
    assert [p.text for p in docx.Document(io.BytesIO(write(sample, "docx"))).paragraphs] == ["网站工作年度报表", "一行"]


@pytest.mark.parametrize(
    "change",
    [
        {"replace": {"没有这句话": ""}},
        {"set": {"t3.new_received.nobody": "1"}},
        {"drop": ["s9"]},
        {"insert": {"没有这句话": ["甲"]}},
        {"split": ["t3.nothing"]},
        {"image": ["t5"]},
        {"order": ["s1"]},
        {"move": {"s1": "behind s2"}},
        {"nonsense": 1},
    ],
)
def test_a_change_that_changes_nothing_is_an_error(change: dict[str, object]) -> None:
    """An example must not pass because its change missed."""
    with pytest.raises(ValueError, match=r".+"):
        apply(clean(), change)
