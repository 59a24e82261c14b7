"""Claims against the labelled passages: exact readings, nothing that is not there, and the verdicts of the TXT rules."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path
from re import _parser as re_parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcore import form
from gdcore.checking import Facts, check
from gdcore.claims import Claim, Polarity, extract_passage, extract_text
from gdcore.claims.subjects import OBJECTS, Term, Topic, predicates
from gdcore.figure import Passage
from gdcore.form import Edition
from gdcore.place import Anchor, Place
from gdcore.report import Part, Report, Section
from tests.printed import NATIONAL, report, table

PASSAGES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "claims.jsonl").read_text("utf-8").splitlines()
]
# Subjects that answer to a cell of a table: here every claim counts, and one too many is a fault.
ANSWERS_A_CELL = ("t2.", "t3.", "t4.", "received_or_total", "group.", "litigation.", "disputes.")

# Labels judged wrong, with the claims read instead.
DISPUTED = {
    # “除2件……外，均已出具公开答复” says that all others were answered: the same reading as in exc-01; TXT-06, which the
    # label expects to compare something, has nothing else to compare.
    "exc-06": ("t3.result_total.total", None, False, "all", "partial", None),
}

Reading = tuple[str, str | None, bool, str, str, str | None]


def readings(claims: tuple[Claim, ...]) -> list[Reading]:
    return [(c.subject, number(c.value.value), c.approx, str(c.polarity), str(c.scope), c.unit) for c in claims]


def number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def labelled(entry: dict[str, Any]) -> list[Reading]:
    return [(c["subject"], c["value"], c["approx"], c["polarity"], c["scope"], c["unit"]) for c in entry["claims"]]


def names(entry: dict[str, Any]) -> str:
    return str(entry["id"])


@pytest.mark.parametrize("entry", PASSAGES, ids=names)
def test_claims_are_read_exactly(entry: dict[str, Any]) -> None:
    found = readings(extract_text(entry["text"], entry["year"]))
    expected = labelled(entry) + [DISPUTED[i] for i in (entry["id"],) if i in DISPUTED]
    assert [c for c in expected if c not in found] == []
    assert {c[0] for c in found} & set(entry["not"]) == set()
    of_cells = [c for c in found if c[0].startswith(ANSWERS_A_CELL)]
    assert sorted(map(str, of_cells)) == sorted(str(c) for c in expected if c[0].startswith(ANSWERS_A_CELL))


@pytest.mark.parametrize("entry", PASSAGES, ids=names)
def test_claims_point_at_their_words(entry: dict[str, Any]) -> None:
    """Every claim's span is printed so, and shares most of the labelled one; its anchor says where."""
    claims = extract_text(entry["text"], entry["year"])
    assert all(c.span.text in entry["text"] for c in claims)
    for label in entry["claims"]:
        same = [c.span.text for c in claims if (c.subject, number(c.value.value)) == (label["subject"], label["value"])]
        assert any(shared(span, label["span"]) for span in same)


def shared(left: str, right: str) -> bool:
    """Whether one holds the other, or the shorter of them in its greater half."""
    if left in right or right in left:
        return True
    return any(left[i:] == right[: len(left) - i] and len(left) - i > 3 for i in range(len(left)))


def report_of(entry: dict[str, Any]) -> Report:
    """A report with the passage under 依申请公开 and the entry's cells; cells that it does not name are blank."""
    year, cells = entry["year"], {a: str(v) for a, v in entry["table"].items()}
    where = (Anchor("s1.a2", Place(line=1), 0, (0, len(entry["text"]))),)
    passage = Passage(entry["text"], where)
    part = Part("a2", None, (passage,))
    s1 = Section("s1_overview", True, None, (passage,), (part,))
    sections = (s1, *(Section(s.key, True) for s in form.SECTIONS[1:]))
    edition = Edition.of_year(year)
    tables = {}
    for key in ("t2", "t3", "t4"):
        blank = {a: "" for block in form.blocks(key, edition) for a in block.addresses()}
        tables[key] = table(key, edition, {**blank, **{a: v for a, v in cells.items() if a in blank}})
    return report(year=year, sections=sections, **tables)


JUDGED = [e for e in PASSAGES if any(code.startswith("TXT") for code in e["expect"])]


@pytest.mark.parametrize("entry", JUDGED, ids=names)
def test_rules_judge_as_labelled(entry: dict[str, Any]) -> None:
    checked = check(Facts(report_of(entry), NATIONAL))
    expected = {code: outcome for code, outcome in entry["expect"].items() if code.startswith("TXT")}
    told = {code: str(checked.outcomes[code]) for code in expected}
    assert told == expected, [f"{f.rule} {f.outcome} {f.message}" for f in checked.findings if f.rule[:3] == "TXT"]


# Real phrases: what must be read in them.
PHRASES = [
    (
        2024,
        "共受理各类政府信息公开申请543件(含上年度结转6件),依法办结541件,结转下年度办理2件",
        {
            "received_or_total": "543",
            "t3.carried_in.total": "6",
            "t3.result_total.total": "541",
            "t3.carried_out.total": "2",
        },
    ),
    (
        2023,
        "全年共收到公开申请1466件(上年度结转16件,结转下年度9件",
        {"received_or_total": "1466", "t3.carried_in.total": "16", "t3.carried_out.total": "9"},
    ),
    (
        2023,
        "共办理依申请公开20件(含2022年结转至本年度1件),公开3条,部分公开9条,不予公开1条,无法公开5条,其他处理2条",
        {
            "received_or_total": "20",
            "t3.carried_in.total": "1",
            "t3.granted_full.total": "3",
            "t3.granted_partial.total": "9",
            "group.denied": "1",
            "unable_or_denied": "5",
            "group.other": "2",
        },
    ),
    (
        2023,
        "通过政府门户网站共办理并答复信息公开申请3件、纸质申请36件,顺延至下一年答复2件。行政复议31件，行政诉讼0件",
        {
            "received_or_total": ["3", "36"],
            "t3.carried_out.total": "2",
            "t4.review.total": "31",
            "litigation.total": "0",
        },
    ),
    (
        2023,
        "共收到12件信息依申请公开,其中10件已按期答复,剩余2件结转下年度。行政复议2件、行政诉讼0件",
        {
            "received_or_total": "12",
            "t3.result_total.total": "10",
            "t3.carried_out.total": "2",
            "t4.review.total": "2",
            "litigation.total": "0",
        },
    ),
    (
        2022,
        "全县共收到政府信息公开申请42件,上年结转0件,全年依法办结41件",
        {"received_or_total": "42", "t3.carried_in.total": "0", "t3.result_total.total": "41"},
    ),
    (
        2023,
        "共受理36件政府信息公开申请(均为自然人提交),同比上升16.13%,均按期办结,无结转2024年继续办理件",
        {
            "received_or_total": "36",
            "t3.new_received.natural_person": None,
            "t3.result_total.total": None,
            "t3.carried_out.total": "0",
        },
    ),
    (
        2023,
        "制发行政规范性文件2件,废止行政规范性文件10件,现行有效件数14件",
        {"t2.normative_docs.issued": "2", "t2.normative_docs.repealed": "10", "t2.normative_docs.in_force": "14"},
    ),
    (
        2023,
        "共受理答复依申请公开件34件(含2022年结转0件),办结34件,转结下年度继续办理0件",
        {
            "received_or_total": "34",
            "t3.carried_in.total": "0",
            "t3.result_total.total": "34",
            "t3.carried_out.total": "0",
        },
    ),
    (2024, "收到1件政府信息公开申请,结转至下一年度办理", {"received_or_total": "1", "t3.carried_out.total": "1"}),
    (
        2025,
        "本年度行政规范性文件发布0条,废止数量0条,现行有效数量0条",
        {"t2.normative_docs.issued": "0", "t2.normative_docs.repealed": "0", "t2.normative_docs.in_force": "0"},
    ),
    (
        2023,
        "全年共收到85件,除2件结转下年办理外,均依法依规答复,答复率100%",
        {"received_or_total": "85", "t3.carried_out.total": "2", "t3.result_total.total": [None, None]},
    ),
    (2024, "未收到政府信息公开申请数量与往年持平", {"received_or_total": "0"}),
]


@pytest.mark.parametrize(("year", "text", "expected"), PHRASES, ids=[p[1][:16] for p in PHRASES])
def test_real_phrases(year: int, text: str, expected: dict[str, Any]) -> None:
    found: dict[str, list[str | None]] = {}
    for claim in extract_text(text, year):
        found.setdefault(claim.subject, []).append(number(claim.value.value))
    assert found == {subject: value if isinstance(value, list) else [value] for subject, value in expected.items()}


def test_what_is_denied_of_all_is_a_denial() -> None:
    told = readings(extract_text("因政府信息公开引发行政复议5件、行政诉讼2件，均未被纠错。", 2023))
    assert [(subject, value, kind) for subject, value, _, kind, _, _ in told] == [
        ("t4.review.total", "5", "count"),
        ("litigation.total", "2", "count"),
        ("t4.review.corrected", "0", "none"),
        ("litigation.corrected", "0", "none"),
    ]


# Words that look like claims and are none.
SILENT = [
    "答复群众反映问题56条，回应社会关切12件。",
    "坚持以公开为常态、不公开为例外，做到应公开尽公开。",
    "我局作为复议机关，全年审结行政复议案件88件。",
    "受理低保申请36件，审批住房保障申请12件。",
    "完善规章制度3项，开展规范性文件清理2次。",
    "依申请公开工作流程进一步规范，没有依申请公开专用平台。",
    "组织申请人座谈，走访企业9次。",
    "第3期工作简报刊发，每季度培训1次。",
    "申请量较上年增加6件，同比增长20%。",
    "下一步将办结申请12件，计划废止规范性文件3件。",
    "其中，部门文件32件，行政许可42项，“双随机、一公开”抽查结果15条。",
]


@pytest.mark.parametrize("text", SILENT)
def test_nothing_is_claimed(text: str) -> None:
    assert [c for c in extract_text(text, 2023) if c.subject.startswith(ANSWERS_A_CELL)] == []


def test_a_claim_keeps_the_characters_it_rests_on() -> None:
    """Across a page number, on the two printed lines."""
    text = "全年受理政府信息公开申请\n- 3 -\n17件。"
    anchors = tuple(Anchor("s1.a2", Place(line=n), 0, span) for n, span in ((1, (0, 13)), (2, (13, len(text)))))
    (claim,) = extract_passage(Passage(text, anchors), 2023)
    assert claim.polarity is Polarity.COUNT
    assert claim.part == "s1.a2"
    assert [a.span for a in claim.value.anchors] == [(2, 13), (13, 22)]


WORDS = [
    "收到",
    "受理",
    "政府信息公开申请",
    "申请",
    "依申请公开",
    "12件",
    "３件",
    "一件",
    "0件",
    "零",
    "未",
    "无",
    "没有",
    "均",
    "全部",
    "办结",
    "答复",
    "结转",
    "下年度",
    "上年",
    "公开",
    "部分公开",
    "不予公开",
    "行政复议",
    "行政诉讼",
    "维持",
    "撤销",
    "，",
    "。",
    "、",
    "（",
    "）",
    "；",
    "其中",
    "除",
    "外",
    "分别为",
    "100%",
    "率",
    "自然人",
    "企业",
    "2022年",
    "全年",
    "和",
    "为",
    "的",
    "\n",
    "《",
    "》",
    "1,203条",
    "元",
    "信息处理费",
]


@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    """No text crashes the reading; every claim is printed where it says, and denials are 0."""
    for claim in extract_text(text, 2023):
        assert claim.span.text in text
        assert (claim.value.value is None) == (claim.polarity is Polarity.ALL)
        assert (claim.value.value == 0) == (claim.polarity is Polarity.NONE)


# --- the keys of terms ----------------------------------------------------------------------------------------------

TERMS = [*OBJECTS, *(term for topic in Topic for term in predicates(topic, 2024))]


def example(parsed: Any, choose: random.Random) -> str:
    """A text that a parsed pattern might match, what stands around it left aside."""
    return "".join(_piece(kind, value, choose) for kind, value in parsed)


def _piece(kind: Any, value: Any, choose: random.Random) -> str:
    match str(kind):
        case "LITERAL":
            return chr(value)
        case "BRANCH":
            return example(choose.choice(value[1]), choose)
        case "SUBPATTERN":
            return example(value[-1], choose)
        case "MAX_REPEAT" | "MIN_REPEAT":
            return "".join(example(value[2], choose) for _ in range(choose.randint(value[0], value[0] + 1)))
        case "IN":
            return _piece(*choose.choice(value), choose)
        case "ASSERT" | "ASSERT_NOT":
            return ""
    return "\0"  # any other character


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.subject or term.keys[0])
def test_whatever_a_term_matches_holds_one_of_its_keys(term: Term) -> None:
    """The keys are looked for before the pattern: one that is missing would lose claims without a word."""
    parsed, choose = re_parser.parse(term.pattern.pattern), random.Random(7)
    for _ in range(300):
        text = example(parsed, choose)
        assert any(key in text for key in term.keys), text
