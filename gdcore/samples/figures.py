"""The invented numbers of a clean report: every identity of the form holds, each year follows from the last."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gdcore import form
from gdcore.form import AgencyType, Edition
from gdcore.samples.model import Spec

# Details of table 三 by applicant (自然人, 商业企业, 科研机构, 社会公益组织, 法律服务机构, 其他); rows left out are 0.
_DETAILS = {
    "granted_full": (4, 2, 1, 1, 1, 1),
    "granted_partial": (2, 1, 0, 0, 0, 0),
    "denied_third_party": (1, 0, 0, 0, 0, 0),
    "denied_process_info": (1, 0, 0, 0, 0, 0),
    "denied_enforcement_file": (0, 1, 0, 0, 0, 0),
    "unable_not_held": (2, 0, 0, 0, 1, 0),
    "unable_needs_creation": (1, 0, 0, 0, 0, 0),
    "rejected_petition": (1, 0, 0, 0, 0, 0),
    "other_no_correction": (1, 0, 0, 0, 0, 0),
}
_CARRIED = (1, 1, 0, 0, 0, 0)
_OTHER_ROWS = ("other_no_correction", "other_unpaid_fee", "other_misc")
# Since 2024 a refusal goes to 行政复议 first (行政复议法 第二十三条): clean reports have no direct suits from then on.
_LAST_DIRECT_YEAR = 2023
_REQUEST_SCALE = {AgencyType.GOVERNMENT: 6, AgencyType.GOV_OFFICE: 2}
# licensing, penalty, coercion (件), fees (hundredths of 万元), 行政规范性文件 in force before 2019.
_POWERS = {
    AgencyType.DEPT: (128, 17, 3, 3652, 6),
    AgencyType.TOWNSHIP: (14, 6, 1, 0, 3),
    AgencyType.SUBDISTRICT: (11, 5, 1, 0, 2),
    AgencyType.GOVERNMENT: (4310, 862, 47, 186520, 48),
    AgencyType.GOV_OFFICE: (0, 0, 0, 0, 12),
    AgencyType.AUTHORIZED_ORG: (36, 8, 0, 1240, 4),
    AgencyType.VERTICAL: (24, 7, 0, 870, 1),
}
# How many kinds of licences and penalties there are: the columns of the 2019 form.
_ITEMS_2019 = {
    "t2_2019.licensing.items_prev": "9",
    "t2_2019.licensing.items_change": "+1",
    "t2_2019.penalty.items_prev": "14",
    "t2_2019.penalty.items_change": "-2",
    "t2_2019.coercion.items_prev": "2",
}


def cells(spec: Spec, table: str, edition: Edition) -> dict[str, str]:
    """Address → raw for every cell of a table in an edition."""
    zeros = _zeros(table, edition)
    if not spec.active:
        return dict(zeros)
    if table == "t3":
        return dict(_requests(edition, _REQUEST_SCALE.get(spec.kind, 1), spec.pick("requests", 4)))
    made = _proactive(spec) if table == "t2" else _disputes(spec)
    return {**zeros, **{address: raw for address, raw in made.items() if address in zeros}}


@cache
def _zeros(table: str, edition: Edition) -> Mapping[str, str]:
    return {address: "0" for block in form.blocks(table, edition) for address in block.addresses()}


@cache
def _requests(edition: Edition, scale: int, more: int) -> Mapping[str, str]:
    """`more` persons than the least are granted all they asked for."""
    made = _requests_2021(scale, more)
    zeros = _zeros("t3", edition)
    known = {**zeros, **{address: raw for address, raw in made.items() if address in zeros}}
    if edition is Edition.FMT2019:
        for column in form.APPLICANTS:
            merged = sum(int(made[f"t3.{row}.{column.key}"]) for row in _OTHER_ROWS)
            known[f"t3.other_handling.{column.key}"] = str(merged)
    return known


def _requests_2021(scale: int, more: int) -> dict[str, str]:
    details: dict[str, tuple[int, ...]] = {
        row.key: (0,) * 6 for row in form.T3_2021.rows if row.key not in form.T3_INPUTS
    }
    details |= {key: tuple(scale * count for count in counts) for key, counts in _DETAILS.items()}
    first, *others = details["granted_full"]
    details["granted_full"] = (first + more, *others)
    results = tuple(sum(column) for column in zip(*details.values(), strict=True))
    carried = tuple(scale * count for count in _CARRIED)
    rows = {**details, "new_received": results, "carried_in": carried, "result_total": results, "carried_out": carried}
    made = {}
    for key, counts in rows.items():
        for column, count in zip(form.APPLICANTS, (*counts, sum(counts)), strict=True):
            made[f"t3.{key}.{column.key}"] = str(count)
    return made


def _disputes(spec: Spec) -> dict[str, str]:
    direct = 1 if spec.year <= _LAST_DIRECT_YEAR else 0
    counts = {"review": (1, 0, 0, 1), "lit_direct": (direct, 0, 0, 0), "lit_after": (1, 0, 0, 0)}
    return {
        f"t4.{key}.{column.key}": str(count)
        for key, four in counts.items()
        for column, count in zip(form.OUTCOMES, (*four, sum(four)), strict=True)
    }


def _proactive(spec: Spec) -> dict[str, str]:
    licensing, penalty, coercion, fees, stock = _POWERS[spec.kind]
    grown = [_varied(spec, slot, base) for slot, base in (("licensing", licensing), ("penalty", penalty))]
    amount = _varied(spec, "fees", fees)
    issued, repealed = 2 + spec.year % 2, 1 + spec.year % 2
    decisions = dict(zip(("licensing", "penalty", "coercion"), (*grown, coercion), strict=True))
    made = {f"{prefix}.{row}.decisions": str(n) for prefix in ("t2", "t2_2019") for row, n in decisions.items()}
    made |= {
        "t2.normative_docs.issued": str(issued),
        "t2.normative_docs.repealed": str(repealed),
        # One more every year, so that stock, issue and repeal of following years agree.
        "t2.normative_docs.in_force": str(stock + spec.year - 2018),
        "t2.fees.amount_wan": f"{amount / 100:.2f}" if amount else "0",
        "t2_2019.normative_docs.made_new": str(issued),
        "t2_2019.normative_docs.published_new": str(issued),
        "t2_2019.normative_docs.public_total": str(stock + spec.year - 2018 + issued),
    }
    return made | _ITEMS_2019


def _varied(spec: Spec, slot: str, base: int) -> int:
    return base + spec.pick(slot, max(2, base // 10)) if base else 0
