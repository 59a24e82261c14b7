"""The 通报 of a year as a draft: how many filed, how they scored, what is commonly wrong, cases, who did well and who not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from gdcore import wording
from gdcore.exports import docx
from gdcore.exports.anonymous import Anonymiser
from gdcore.exports.charts import Bars
from gdcore.exports.csv import whole
from gdcore.exports.kinds import BULLETIN
from gdcore.exports.letters import Letter, Terms, file_name, quoted
from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.rules import CATALOGUE
from gdcore.scoring import DISMISSED, UPHELD, Scheme
from gdcore.store import Store, letter_rows
from gdcore.store.queries import agencies
from gdcore.store.rows import AgencyRow, FaultRow, FindingRow

# A fault that was corrected and closed was a fault all the same.
COUNTED = tuple(sorted(UPHELD))

_FAULTS = 10  # rules in the table of common faults
_CASES = 5
_UNQUOTED = ("PRI-",)  # rules on personal data and secrets: a 通报 shows no such text, masked or not
_GOOD_BANDS = 1  # of the scheme's bands, best first
_FAIR_BANDS = 2  # with the good ones: below, reports are to be corrected (限期整改、退回)


def draft(store: Store, terms: Terms, anonymous: bool = False) -> Letter:
    """The 通报 of a year. `anonymous`: no agency's name in it, those in quoted texts included."""
    form = docx.opened(BULLETIN, store.settings)
    return Letter(file_name(f"{terms.year}年度", form.kind.title), form.filled(gather(store, terms, anonymous)))


def gather(store: Store, terms: Terms, anonymous: bool = False) -> dict[str, Any]:
    """What the 通报 says, under the fields of its template."""
    rows = agencies(store, terms.year)
    states = sorted(set(terms.states) - DISMISSED)
    filed = [row for row in rows if row.report_id is not None]
    faults = letter_rows.fault_counts(store, terms.year, states, len(filed))
    names = Anonymiser(letter_rows.every_name(store)) if anonymous else None
    return {
        "年度": str(terms.year),
        "期限": wording.office_date(terms.deadline),
        "日期": wording.office_date(terms.dated),
        "应报": str(len(rows)),
        "已报": str(len(filed)),
        "未报": str(len(rows) - len(filed)),
        "逾期": _late(store, terms.year),
        **_scores(filed, store.scheme),
        **_faults(faults, letter_rows.agencies_at_fault(store, terms.year, states)),
        "典型案例": _cases(_examples(store, terms.year, states, faults), names),
        **_named(rows, store.scheme, anonymous),
    }


def _late(store: Store, year: int) -> str:
    """How many submitted late, as far as days are known; "" where none did, since nobody can say so of all the others."""
    return str(letter_rows.late(store, year) or "")


# --- scores and faults ------------------------------------------------------------------------------------------------


def _scores(filed: Sequence[AgencyRow], scheme: Scheme) -> dict[str, Any]:
    totals = [row.total for row in filed if row.total is not None]
    count = Counter(scheme.band(total) for total in totals)
    upper = scheme.full
    bands = []
    for bound, name in scheme.bands:
        told = f"{whole(bound)}分以上" if upper == scheme.full else f"{whole(bound)}分以上、不足{whole(upper)}分"
        bands.append({"名称": name, "范围": told, "家数": str(count[name]), "占比": _share(count[name], len(totals))})
        upper = bound
    return {
        "平均分": str(whole(round(sum(totals) / len(totals), 1))) if totals else "",
        "暂不评分": str(len(filed) - len(totals)) if len(filed) > len(totals) else "",
        "各等次": bands,
        "得分分布图": Bars("得分分布", "家", tuple((name, count[name]) for _, name in scheme.bands)),
    }


def _faults(faults: Sequence[FaultRow], agencies_at_fault: int) -> dict[str, Any]:
    common = faults[:_FAULTS]
    return {
        "问题单位": str(agencies_at_fault),
        "常见问题": [
            {
                "序号": str(at),
                "编号": row.rule,
                "名称": _name(row.rule),
                "家数": str(row.agencies),
                "占比": f"{row.share:.0%}",
            }
            for at, row in enumerate(common, 1)
        ],
        "常见问题图": Bars("较多见的问题", "家", tuple((_short(row.rule), row.agencies) for row in common), lying=True),
    }


def _share(part: int, total: int) -> str:
    return f"{part / total:.0%}" if total else ""


def _name(code: str) -> str:
    return CATALOGUE[code].name if code in CATALOGUE else code


def _short(code: str) -> str:
    return CATALOGUE[code].short if code in CATALOGUE else code


# --- cases ------------------------------------------------------------------------------------------------------------


def _examples(store: Store, year: int, states: Sequence[str], faults: Iterable[FaultRow]) -> list[FindingRow]:
    """One of each of the commonest faults that can be quoted, of as many different agencies as there are."""
    found: list[FindingRow] = []
    for row in faults:
        if len(found) < _CASES and not row.rule.startswith(_UNQUOTED):
            used = {case.agency_key for case in found}
            found += _first(letter_rows.examples(store, year, states, row.rule), used)
    return found


def _first(candidates: Iterable[FindingRow], used: Collection[str]) -> list[FindingRow]:
    """The first of an agency that is not used yet, else the first; nothing where there is none."""
    first: list[FindingRow] = []
    for case in candidates:
        if case.agency_key not in used:
            return [case]
        first = first or [case]
    return first


def _cases(rows: Sequence[FindingRow], names: Anonymiser | None) -> list[dict[str, str]]:
    labels = [names.label(row.agency_key) if names else row.agency for row in rows]
    return [_case(row, at, label, names) for at, (row, label) in enumerate(zip(rows, labels, strict=True), 1)]


def _case(row: FindingRow, number: int, agency: str, names: Anonymiser | None) -> dict[str, str]:
    rule = CATALOGUE.get(row.finding.rule)
    told = {
        "名称": _name(row.finding.rule),
        "位置": wording.describe(row.finding.address),
        "情况": row.finding.message,
        "原文": quoted(row.finding.found),
        "应为": quoted(row.finding.expected),
        "依据": rule.basis.told if rule else "",
    }
    shown = {field: names.text(words) for field, words in told.items()} if names else told
    return {"序号": str(number), "单位": agency, **shown}


# --- who did well and who did not -------------------------------------------------------------------------------------


def _named(rows: Sequence[AgencyRow], scheme: Scheme, anonymous: bool) -> dict[str, str]:
    """The good ones, those to be corrected and those that have not filed: how many, of which kind, and their names.

    Of some kinds an area has one agency only, so that the kind would name it: anonymous, it is left out.
    """
    bounds = [bound for bound, _ in scheme.bands]
    good, fair = bounds[:_GOOD_BANDS][-1], bounds[:_FAIR_BANDS][-1]
    scored = [(row, row.total) for row in rows if row.total is not None]
    lists = {
        "较好": [row for row, total in reversed(scored) if total >= good and not row.veto],
        "待整改": [row for row, total in scored if total < fair or row.veto],
        "未报送": [row for row in rows if row.report_id is None],
    }
    told: dict[str, str] = {}
    for name, listed in lists.items():
        told[f"{name}概况"] = f"{len(listed)}家" if anonymous else _kinds(listed)
        told[f"{name}名单"] = "" if anonymous else "、".join(row.agency for row in listed)
    return told


def _kinds(rows: Sequence[AgencyRow]) -> str:
    """12家（部门8家、乡镇4家）."""
    count = Counter(AGENCY_TYPE_NAMES[AgencyType(row.agency_type)] if row.agency_type else "其他" for row in rows)
    kinds = "、".join(f"{name}{number}家" for name, number in count.most_common())
    return f"{len(rows)}家" + (f"（{kinds}）" if rows else "")
