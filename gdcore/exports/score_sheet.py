"""The printed scorecard (评分表) of one report: score, buckets, every finding, and what was not judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from gdcore import wording
from gdcore.exports import docx
from gdcore.exports.csv import whole
from gdcore.exports.kinds import SCORECARD
from gdcore.exports.letters import Letter, fault, file_name
from gdcore.lifecycle import FINDING
from gdcore.rules import CATALOGUE
from gdcore.scoring import Bucket, Scheme
from gdcore.settings import Settings
from gdcore.store.rows import FindingRow, ReportView
from gdcore.task import LOCAL_TIME
from gdcore.verdict import OUTCOME_NAMES, SEVERITY_NAMES, Outcome


def printed(view: ReportView, scheme: Scheme, settings: Settings) -> Letter:
    """The scorecard of a report as it is shown: personal data in it are masked already."""
    form = docx.opened(SCORECARD, settings)
    return Letter(file_name(view.agency, f"{view.year}年度", SCORECARD.title), form.filled(gather(view, scheme)))


def gather(view: ReportView, scheme: Scheme) -> dict[str, Any]:
    """What it says, under the fields of its template."""
    score, checked = view.score, view.checked_at.astimezone(LOCAL_TIME)
    return {
        "单位": view.agency,
        "年度": str(view.year),
        "版本": str(view.version),
        "收到日期": wording.office_date(view.received_at.astimezone(LOCAL_TIME)),
        "文件": view.file_name,
        "方案": scheme.title,
        "核查时间": f"{wording.office_date(checked)} {checked:%H:%M}",
        "否决": _name(score.veto) if score.veto else "",
        "得分说明": _total(view, scheme),
        "各项": [_bucket(bucket) for bucket in score.buckets],
        **_findings(view.findings),
        **_unjudged(view),
    }


def _total(view: ReportView, scheme: Scheme) -> str:
    score = view.score
    if score.total is None:
        return f"暂不评分：{score.reason}。"
    prior = f"；上年得分 {whole(view.prior_total)}" if view.prior_total is not None else ""
    return f"得分 {whole(score.total)}（满分 {whole(scheme.full)}），等次：{score.band}{prior}。"


def _bucket(bucket: Bucket) -> dict[str, str]:
    return {
        "名称": bucket.name,
        "满分": str(whole(bucket.cap)),
        "得分": str(whole(round(bucket.cap - bucket.lost, 1))),
        "扣分": str(whole(bucket.lost)),
        "规则": "、".join(f"{d.rule}（{whole(d.points)}）" for d in bucket.deductions),
    }


def _findings(rows: Iterable[FindingRow]) -> dict[str, Any]:
    """Those that stand, those that wait for a decision and those that were dismissed, each list numbered by itself."""
    lists: dict[str, list[FindingRow]] = {"问题": [], "待核": [], "不计": []}
    for row in rows:
        lists["待核" if row.standing == "review" else "问题" if row.standing else "不计"].append(row)
    told: dict[str, Any] = {}
    for name, found in lists.items():
        told[name] = [_finding(row, number) for number, row in enumerate(found, 1)]
        told[f"{name}条数"] = str(len(found))
    return told


def _finding(row: FindingRow, number: int) -> dict[str, str]:
    return {
        **fault(row, number),
        "级别": SEVERITY_NAMES[row.finding.severity],
        "扣分": str(whole(row.points)) if row.standing in ("error", "warning", "info") else "—",
        "状态": FINDING.names.get(row.state, row.state),
    }


def _unjudged(view: ReportView) -> dict[str, Any]:
    count = Counter(view.outcomes.values())
    codes = [code for code, outcome in view.outcomes.items() if outcome is Outcome.NOT_EVALUATED]
    told = "，".join(f"{OUTCOME_NAMES[outcome]} {count[outcome]} 条" for outcome in Outcome)
    return {
        "未评估": [{"编号": c, "名称": _name(c), "原因": view.reasons.get(c, "")} for c in codes],
        "未评估条数": str(len(codes)),
        "检查说明": f"共检查 {len(view.outcomes)} 条规则：{told}。",
    }


def _name(code: str) -> str:
    return CATALOGUE[code].name if code in CATALOGUE else code
