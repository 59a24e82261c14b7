"""Faults put into clean reports: nearly all are found, each where it is; and nothing is found where there is none.

Every kind of fault goes into fifteen texts (kinds of agency, years, names and wordings in turn), each written as text,
HTML or Word and taken the whole way.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from gdcore import profile, settings
from gdcore.checking import Checked, Facts, check
from gdcore.form import AgencyType
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Report
from gdcore.samples import Sample, apply, clean, write
from gdcore.samples.writers import suffix
from gdcore.task import Task
from gdcore.verdict import Severity

FORMATS = ("txt", "html", "docx")
PICTURED = ("html", "docx")  # formats that can show a picture
KINDS = [kind.value for kind in AgencyType]
YEARS = range(2019, 2026)
TEXTS = 15
FOUND = 0.98
NATIONAL = profile.load("national", settings.load({}))
NAMES = {
    "dept": ("云泽县水务局", "云泽县财政局", "云泽县民政局"),
    "township": ("云泽县青石镇人民政府", "云泽县柳浪乡人民政府"),
    "subdistrict": ("云泽县柳浪街道办事处",),
}


@dataclass(frozen=True)
class Injected:
    """What is changed, where that must be told, and what is changed in the report of the year before, if it is there."""

    change: Mapping[str, Any]
    address: str
    prior: Mapping[str, Any] | None = None


Maker = Callable[[Sample], Injected | None]


@dataclass(frozen=True)
class Fault:
    """A kind of fault: the rule that must tell of it and how it is put into a text; None where it cannot be."""

    name: str
    rule: str
    make: Maker
    formats: tuple[str, ...] = FORMATS


# --- how faults are made --------------------------------------------------------------------------------------------


def fixed(change: Mapping[str, Any], address: str, since: int = 2019, until: int = 2025) -> Maker:
    """The same change in every text of these years."""
    return lambda sample: Injected(change, address) if since <= sample.spec.year <= until else None


def cells(by: Mapping[str, int], address: str) -> Maker:
    """Numbers raised by so much."""

    def make(sample: Sample) -> Injected | None:
        known = sample.cells()
        if not all(known.get(cell, "").isdigit() for cell in by):
            return None
        return Injected({"set": {cell: str(int(known[cell]) + more) for cell, more in by.items()}}, address)

    return make


def off(address: str, at: str = "") -> Maker:
    """One number too high."""
    return cells({address: 1}, at or address)


def told(part: str, pattern: str, at: str, by: int = 1) -> Maker:
    """The number that a pattern finds in a part of the prose, changed."""

    def make(sample: Sample) -> Injected | None:
        match = next((m for p in sample.paragraphs() if p.key == part and (m := re.search(pattern, p.text))), None)
        if match is None or not int(match[1]):
            return None
        quote, number = match[0], match.start(1) - match.start()
        changed = quote[:number] + str(int(match[1]) + by) + quote[number + len(match[1]) :]
        return Injected({"replace": {quote: changed}}, at)

    return make


def reworded(part: str, pattern: str, words: str, at: str) -> Maker:
    """What a pattern finds in a part of the prose, said otherwise."""

    def make(sample: Sample) -> Injected | None:
        match = next((m for p in sample.paragraphs() if p.key == part and (m := re.search(pattern, p.text))), None)
        return Injected({"replace": {match[0]: match.expand(words)}}, at) if match else None

    return make


def rewritten(part: str, at: str, *wordings: str) -> Maker:
    """A part of section 一 that says something else, in one of several ways."""

    def make(sample: Sample) -> Injected | None:
        text = next((p.text for p in sample.paragraphs() if p.key == part), "")
        body = text.partition("。")[2]
        wording = wordings[sample.spec.pick("injected", len(wordings))]
        return Injected({"replace": {body: wording.format(y=sample.spec.year)}}, at) if body else None

    return make


def last_year(change: Mapping[str, int], at: str) -> Maker:
    """Numbers raised in the report of the year before."""

    def make(sample: Sample) -> Injected | None:
        if sample.spec.year == min(YEARS):
            return None
        prior = before(sample).cells()
        if not all(cell in prior for cell in change):
            return None
        return Injected({}, at, {"set": {cell: str(int(prior[cell]) + more) for cell, more in change.items()}})

    return make


def before(sample: Sample) -> Sample:
    """The report of the same agency on the year before."""
    spec = sample.spec
    return clean(spec.kind.value, spec.year - 1, spec.active, spec.name, spec.seed)


OUT, IN, DONE, NEW = "t3.carried_out", "t3.carried_in", "t3.result_total", "t3.new_received"
REQUESTS, FEES, NORMATIVE = "s1.a2", "t2.fees.amount_wan", "t2.normative_docs"
SIX_CELLS = ["0", "0", "0", "0", "0", "0"]

FAULTS = (
    # --- sums
    Fault("total of new requests", "SUM-03", off(f"{NEW}.total")),
    Fault("one cell of the results", "SUM-03", off(f"{DONE}.natural_person", f"{DONE}.total")),
    Fault(
        "results are not their details",
        "SUM-02",
        cells(
            {f"{DONE}.natural_person": 1, f"{DONE}.total": 1, f"{OUT}.natural_person": -1, f"{OUT}.total": -1},
            f"{DONE}.natural_person",
        ),
    ),
    Fault("requests lost", "SUM-01", cells({f"{OUT}.natural_person": 1, f"{OUT}.total": 1}, f"{DONE}.natural_person")),
    Fault("wrong applicant", "SUM-01", cells({f"{NEW}.research": 1, f"{NEW}.business": -1}, f"{DONE}.business")),
    Fault("more carried than there were", "SUM-07", cells({f"{OUT}.ngo": 9, f"{OUT}.total": 9}, f"{OUT}.ngo")),
    Fault("total of reviews", "SUM-04", off("t4.review.total")),
    Fault("total of direct suits", "SUM-05", off("t4.lit_direct.total")),
    Fault("one outcome of later suits", "SUM-06", off("t4.lit_after.upheld", "t4.lit_after.total")),
    Fault(
        "too few documents in force",
        "SUM-09",
        fixed({"set": {f"{NORMATIVE}.issued": "90", f"{NORMATIVE}.in_force": "7"}}, f"{NORMATIVE}.in_force", 2021),
    ),
    # --- tables
    Fault("table missing", "TAB-01", fixed({"drop": ["t4"]}, "t4")),
    Fault("rows of 2019", "TAB-02", fixed({"edition": {"t3": "fmt2019"}}, "t3", 2021)),
    Fault("wrong header", "TAB-03", fixed({"replace": {"科研机构": "科研单位"}}, "t3.*.research")),
    Fault("row missing", "TAB-04", fixed({"drop": ["t3.rejected_duplicate"]}, "t3.rejected_duplicate")),
    Fault("blank cell", "TAB-05", fixed({"set": {f"{IN}.ngo": ""}}, "t3")),
    Fault("cell with a stroke", "TAB-06", fixed({"set": {"t4.lit_after.upheld": "/"}}, "t4")),
    Fault("negative count", "TAB-07", fixed({"set": {"t3.unable_unclear.ngo": "-1"}}, "t3.unable_unclear.ngo")),
    Fault("column missing", "TAB-08", fixed({"cells": {"t3.unable_not_held": SIX_CELLS}}, "t3.unable_not_held")),
    Fault("column added", "TAB-11", fixed({"add_column": {"t3": {"label": "备注", "values": "0"}}}, "t3#")),
    Fault("table cut in two", "TAB-12", fixed({"split": ["t3.unable_not_held"]}, "t3")),
    Fault("number with its unit", "TAB-13", fixed({"set": {"t3.denied_admin_query.total": "0件"}}, "t3")),
    Fault("picture of a table", "TAB-14", fixed({"image": ["t3"]}, "t3"), PICTURED),
    Fault("note missing", "TAB-15", fixed({"drop": ["t3.caption"]}, "t3")),
    Fault(
        "regulations of a county", "TAB-16", fixed({"set": {"t2.regulations.in_force": "1"}}, "t2.regulations", 2021)
    ),
    # --- structure
    Fault("no section on problems", "STR-05", fixed({"drop": ["s5"]}, "s5")),
    Fault("sections out of order", "STR-07", fixed({"order": ["s1", "s2", "s3", "s4", "s6", "s5"]}, "sections")),
    Fault("numeral twice", "STR-08", fixed({"replace": {"六、其他需要": "五、其他需要"}}, "sections")),
    Fault("slip in a heading", "STR-09", fixed({"replace": {"主要问题及改进情况": "主要问提及改进情况"}}, "s5")),
    Fault("no word on management", "STR-12", fixed({"drop": ["s1.a3"]}, "s1.a3")),
    Fault("no word on fees", "STR-18", fixed({"drop": ["s6.fee"]}, "s6.fee", 2021)),
    Fault("empty section", "STR-23", fixed({"drop": ["s5.p", "s5.m"]}, "s5")),
    Fault("wrong number of parts", "STR-24", fixed({"replace": {"六个部分组成": "五个部分组成"}}, "preamble")),
    Fault("second table differs", "STR-29", fixed({"duplicate": {"t3": {f"{NEW}.total": "99"}}}, "t3")),
    # --- prose and tables
    Fault(
        "none received, it says",
        "TXT-01",
        rewritten(
            REQUESTS,
            f"{REQUESTS}#received_or_total",
            "{y}年，本机关未收到政府信息公开申请。",
            "全年没有收到公民、法人或者其他组织提出的政府信息公开申请。",
            "本年度收到政府信息公开申请0件。",
        ),
    ),
    Fault("received", "TXT-02", told(REQUESTS, r"政府信息公开申请(\d+)件", f"{REQUESTS}#")),
    Fault("completed", "TXT-04", told(REQUESTS, r"办结(\d+)件", f"{REQUESTS}#{DONE}.total")),
    Fault("carried out", "TXT-05", told(REQUESTS, r"结转下年度(?:继续办理)?(\d+)件", f"{REQUESTS}#{OUT}.total")),
    Fault("carried in", "TXT-05", told(REQUESTS, r"上年结转(\d+)件", f"{REQUESTS}#{IN}.total")),
    Fault(
        "all completed, it says",
        "TXT-06",
        rewritten(
            REQUESTS,
            f"{REQUESTS}#{DONE}.total",
            "{y}年收到的政府信息公开申请均已办结。",
            "全年受理的政府信息公开申请已全部办结。",
            "收到的政府信息公开申请办结率100%。",
        ),
    ),
    Fault("denied", "TXT-07", told(REQUESTS, r"不予公开(\d+)件", f"{REQUESTS}#group.denied")),
    Fault("persons", "TXT-08", told(REQUESTS, r"自然人提交(\d+)件", f"{REQUESTS}#{NEW}.natural_person", by=3)),
    Fault(
        "no disputes, it says",
        "TXT-09",
        reworded(
            REQUESTS, r"[^。]*行政复议[^。]*。", "未发生因政府信息公开引起的行政复议。", f"{REQUESTS}#t4.review.total"
        ),
    ),
    Fault("reviews", "TXT-10", told(REQUESTS, r"行政复议(\d+)件", f"{REQUESTS}#t4.review.total")),
    Fault("in force", "TXT-12", told("s1.a3", r"现行有效(\d+)件", f"s1.a3#{NORMATIVE}.in_force")),
    Fault("penalties", "TXT-13", told("s1.a1", r"行政处罚决定(\d+)件", "s1.a1#t2.penalty.decisions")),
    Fault("fees", "TXT-14", told("s1.a1", r"(\d+)\.\d\d万元", f"s1.a1#{FEES}", by=20)),
    Fault("parts exceed the whole", "TXT-16", told("s1.a1", r"主动公开政府信息共?(\d+)条", "s1.a1#", by=-3)),
    Fault(
        "open days told twice",
        "TXT-19",
        told("s6.innovation", r"(?:年内举办|并结合)政府开放日活动(\d+)场", "s6.innovation#open_days"),
    ),
    Fault("plan of another year", "TXT-22", reworded("s6.priorities", r"《20\d\d年", "《2016年", "s6.priorities#")),
    # --- years, dates, personal data, wording
    Fault("carried from last year", "YOY-01", last_year({f"{OUT}.business": 1, f"{OUT}.total": 1}, f"{IN}.total")),
    Fault("stock of last year", "YOY-04", last_year({f"{NORMATIVE}.in_force": 1}, f"{NORMATIVE}.in_force")),
    Fault("statistics to November", "TIM-06", reworded("preamble", r"12月31日", "11月30日", "preamble")),
    Fault("day that does not exist", "TIM-08", reworded("preamble", r"12月31日", "12月32日", "preamble#")),
    Fault("another year's report", "TIM-04", reworded("title", r"20\d\d年", "2017年", "title")),
    Fault("identity number", "PRI-01", fixed({"insert": {"s1.a2": ["申请人身份证号110101199003070011。"]}}, "s1.a2#")),
    Fault("mobile number", "PRI-02", fixed({"insert": {"s1.a2": ["申请人电话13812345678，已告知。"]}}, "s1.a2#")),
    Fault("place left open", "QUA-03", fixed({"insert": {"s1.a1": ["全年在XX平台发布信息。"]}}, "s1.a1#")),
    Fault("old regulations", "QUA-14", reworded("preamble", r"第711号", "第492号", "preamble#")),
)


# --- running them ---------------------------------------------------------------------------------------------------


def texts(first: int) -> Iterator[Sample]:
    """Clean reports of every kind, year and name in turn, from the `first` on."""
    for turn in itertools.count(first):
        kind, year = KINDS[turn % len(KINDS)], YEARS[(turn // 2) % len(YEARS)]
        names = (None, *NAMES.get(kind, ()))
        yield clean(kind, year, True, names[turn % len(names)], seed=turn % 5)


def report_of(sample: Sample, fmt: str) -> Report:
    """A sample as a file, read and recognised."""
    name = f"report.{suffix(fmt)}"
    return recognise(read(write(sample, fmt), name), name)


def checked(sample: Sample, injected: Injected, fmt: str) -> Checked:
    """What is found in the report with the fault."""
    prior = None if injected.prior is None else report_of(apply(before(sample), injected.prior), fmt)
    return check(Facts(report_of(apply(sample, injected.change), fmt), NATIONAL, Task(sample.spec.year), prior=prior))


def stands_at(address: str, wanted: str) -> bool:
    """Whether a finding's address is the one wanted; one that ends with # leaves open what is said there."""
    return address.startswith(wanted) if wanted.endswith("#") else address == wanted


@cache
def missed(number: int) -> tuple[str, ...]:
    """The texts in which a fault was not told where it is."""
    fault = FAULTS[number]
    possible = ((s, i) for s in texts(number) if (i := fault.make(s)) is not None)
    misses = []
    for turn, (sample, injected) in enumerate(itertools.islice(possible, TEXTS)):
        fmt = fault.formats[turn % len(fault.formats)]
        findings = checked(sample, injected, fmt).findings
        if not any(f.rule == fault.rule and stands_at(f.address, injected.address) for f in findings):
            spec = sample.spec
            seen = ", ".join(f"{f.rule} {f.address}" for f in findings if f.severity is not Severity.INFO)
            misses.append(
                f"{fault.name}: {fault.rule} {injected.address} in {spec.name} {spec.year} {fmt}, told: {seen}"
            )
    return tuple(misses)


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=lambda n: FAULTS[n].name)
def test_each_kind_of_fault_is_found(number: int) -> None:
    """All but one of its texts at the most."""
    assert len(missed(number)) <= 1, "\n".join(missed(number))


def test_nearly_all_faults_are_found() -> None:
    misses = [line for number in range(len(FAULTS)) for line in missed(number)]
    assert len(misses) <= (1 - FOUND) * TEXTS * len(FAULTS), "\n".join(misses)


# --- nothing wrong, nothing found -----------------------------------------------------------------------------------


def clean_reports() -> list[tuple[Sample, Report]]:
    """Reports of every kind and year, busy ones in several wordings and idle ones, with the formats in turn."""
    seeds = [(True, 0), (True, 1), (True, 2), (True, 3), (True, 4), (False, 0), (False, 1)]
    wanted = ((kind, year, *seed) for seed, kind, year in itertools.product(seeds, KINDS, YEARS))
    samples = [clean(kind, year, active, seed=seed) for kind, year, active, seed in wanted]
    return [(sample, report_of(sample, FORMATS[turn % len(FORMATS)])) for turn, sample in enumerate(samples)]


def test_nothing_is_told_of_clean_reports() -> None:
    """No error and no warning, with last year's report beside it."""
    known = clean_reports()
    assert len(known) >= 300
    by_spec = {sample.spec: report for sample, report in known}
    told = []
    for spec, report in by_spec.items():
        prior = by_spec.get(replace(spec, year=spec.year - 1))
        found = check(Facts(report, NATIONAL, Task(spec.year), prior=prior)).findings
        told += [f"{spec}: {f.rule} {f.address} {f.message}" for f in found if f.severity is not Severity.INFO]
    assert not told, "\n".join(told)
