"""QUA-02, AGG-07: one report beside the others of its year: copied texts, and two reports of one agency."""

from __future__ import annotations

from gdcore import text
from gdcore.basis import PRACTICE
from gdcore.catalogue import Verdicts, rule
from gdcore.peers import Peers
from gdcore.profile import Profile
from gdcore.report import Report
from gdcore.rules.sections import heading_of, unusable
from gdcore.verdict import Severity, Verdict, failed, not_applicable, not_evaluated, passed

# Shown of all those alike.
NAMED = 3
# Section 五 is shorter, and its subjects are more often the same: it must be this much more alike.
STRICTER = {"s1": 0.0, "s5": 0.05}
# Similarity is a hint for a person, never a fault by itself.
LIKENESS_CONFIDENCE = 0.6


@rule(
    "QUA-02",
    Severity.WARNING,
    basis=PRACTICE,
    name="与其他单位高度雷同",
    short="单位间雷同",
    suggestion="与{peer}年报相似度{x}%，请结合本单位实际修改。",
    confidence=LIKENESS_CONFIDENCE,
)
def text_is_its_own(report: Report, peers: Peers, profile: Profile) -> Verdicts:
    """“总体情况”和“存在的主要问题及改进情况”是本单位自己写的。

    除去数字、年份、名称、法定用语和例行表述后，与同年度其他单位比较：总体情况相似度达到 80%、问题部分达到 85%（适用方案可改）的列为待核，最多
    列出最相似的三家，双方都列。多数单位都相同的是本地统一模板，不列；同一单位的各个版本、政府与其办公室之间、不足 80 字的不比较。
    """
    for section, share in least(profile).items():
        yield _judged(report, peers, section, share)


def least(profile: Profile) -> dict[str, float]:
    """The share (0…1) of each section from which on it is told."""
    return {section: min(profile.thresholds["similar_peer"] + more, 1) for section, more in STRICTER.items()}


def _judged(report: Report, peers: Peers, section: str, share: float) -> Verdict:
    if reason := unusable(report, section):
        return reason
    if not peers.enough(section):
        return not_evaluated("这一部分除去数字、名称和例行表述后太短，不作比较", section)
    alike = peers.alike(section, share)
    if not alike:
        return passed(section)
    if peers.is_template(alike):
        return not_applicable(f"与另外 {len(alike)} 个单位的文字都相近，可能是本地统一的模板", section)
    told = "、".join(f"{a.name}（{a.share:.0%}）" for a in alike[:NAMED])
    more = f"等 {len(alike)} 个单位" if len(alike) > NAMED else ""
    name = {"s1": "总体情况", "s5": "存在的主要问题及改进情况"}[section]
    return failed(
        f"“{name}”与{told}{more}的文字高度相似。",
        section,
        *heading_of(report, section),
        *report.section(section).paragraphs,
        found=f"与{alike[0].name}相似度{alike[0].share:.0%}",
        values={"peer": alike[0].name, "x": f"{alike[0].share * 100:.0f}"},
    )


@rule(
    "AGG-07",
    Severity.WARNING,
    basis=PRACTICE,
    name="重复报送",
    short="重复报送",
    suggestion="同一单位存在两份报告，请确认有效版本。",
)
def agency_reports_once(report: Report, peers: Peers) -> Verdicts:
    """同一单位同一年度只有一份有效的报告。

    入库的报告按版本管理，新版本替代旧版本，不算重复；同一个文件交了两次也不算。
    """
    if report.identity.agency is None or report.identity.year is None:
        yield not_evaluated("没有识别出单位名称或报告年度")
    elif peers.same:
        title = [report.identity.title] if report.identity.title else []
        who = f"{report.identity.agency} {report.identity.year} 年度"
        yield failed(f"{who}的报告共有 {len(peers.same) + 1} 份，内容不同。", "report", *title, found=text.plain(who))
    else:
        yield passed()
