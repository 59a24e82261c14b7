"""REG-GS-01…03, REG-XX-01: what other areas' notices ask section 一 and the introduction to tell."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gdcore import text
from gdcore.basis import GANSU, LOCAL_NOTICE
from gdcore.catalogue import Verdicts, rule
from gdcore.figure import Passage
from gdcore.profile import Profile
from gdcore.report import Report
from gdcore.rules.sections import passages, since_2021, unusable
from gdcore.verdict import Severity, failed, not_applicable, passed

_NUMBER = r"(?:\d|[一二两三四五六七八九十百]+[件条个处次期篇份场家台])"
_DENIED = r"(?:未|没有|无|不)"


def _is_told(thing: str, body: str) -> bool:
    """Whether a clause that names a thing counts it, or says that there was none."""
    clauses = (c for c in re.split(r"[,;。]", body) if re.search(thing, c))
    return any(
        re.search(rf"{_NUMBER}|{_DENIED}", re.sub(r"20\d{2}年|^\(?[一二三四五六七八九十]+[)、]", "", c))
        for c in clauses
    )


def _overview(report: Report) -> str:
    """Section 一 in plain form: what an aspect should tell may stand in another one."""
    return text.plain(report.section("s1").text)


def _evidence(report: Report, key: str) -> tuple[Passage, ...]:
    section = report.section("s1")
    part = section.part(key)
    return passages(part) if part else section.paragraphs


def _lacking(report: Report, key: str, body: str, wanted: Iterable[tuple[str, str]]) -> Verdicts:
    """One verdict on an aspect: whether `body` counts all the things `wanted` (name, pattern)."""
    address = f"s1.{key}"
    if reason := unusable(report, "s1"):
        yield reason
        return
    passages = _evidence(report, key)
    missing = [name for name, pattern in wanted if not _is_told(pattern, body)]
    if missing:
        message = f"没有写明{'、'.join(missing)}。"
        yield failed(message, address, *passages, expected="、".join(name for name, _ in wanted))
    else:
        yield passed(address, *passages)


@rule(
    "REG-GS-01",
    Severity.WARNING,
    basis=GANSU,
    name="总体情况未报告规范性文件三数",
    short="缺规文三数",
    suggestion="请在“政府信息管理”中写明规范性文件发布、废止和现行有效数量，并与表格一致。",
)
@since_2021
def normative_documents_are_counted(report: Report) -> Verdicts:
    """总体情况写明规章、行政规范性文件的发布、废止和现行有效数量。

    写在“政府信息管理”以外的段落也算，写“未制发”“无”也算；说明本单位没有制发规范性文件的，不再要求其他两数。
    """
    told = "。".join(s for s in _overview(report).split("。") if re.search("规范性文件|规章", s))
    if not unusable(report, "s1") and _NONE_AT_ALL.search(told):
        yield passed("s1.a3", *_evidence(report, "a3"))
    else:
        yield from _lacking(report, "a3", told, _NORMATIVE)


_NORMATIVE = (
    ("规范性文件制发数量", r"制发|制定|发布|印发|出台|新增"),
    ("规范性文件废止数量", r"废止|失效|清理"),
    ("规范性文件现行有效数量", r"有效"),
)
_NONE_AT_ALL = re.compile(
    r"(未|没有|无|不)(新)?(制发|制定|发布|印发|出台|涉及)?[^,;。]{0,6}规范性文件(?![^,;。]{0,10}\d)"
)


@rule(
    "REG-GS-02",
    Severity.INFO,
    basis=GANSU,
    name="总体情况未报告平台数量",
    short="缺平台数",
    suggestion="请写明政府信息公开平台、政务公开专区、政府公报等数量。",
)
@since_2021
def platforms_are_counted(report: Report) -> Verdicts:
    """总体情况写明政府信息公开平台、政务公开专区的数量。

    网站、公众号、查阅点等写明其一即可；政府公报只有政府编发，不作要求。
    """
    yield from _lacking(report, "a4", _overview(report), (("平台、专区数量", _PLATFORMS),))


_PLATFORMS = r"平台|专区|网站|公众号|微博|视频号|新媒体|账号|查阅点|查阅场所|公开栏|公报"


@rule(
    "REG-GS-03",
    Severity.INFO,
    basis=GANSU,
    name="总体情况未报告解读回应数量",
    short="缺解读数",
    suggestion="请写明各平台发布数量及政策解读、回应关切、重点领域发布数量。",
)
@since_2021
def interpretations_are_counted(report: Report) -> Verdicts:
    """总体情况写明各平台发布数量，以及政策解读、回应关切和重点领域发布数量。

    写“未发布解读”也算。
    """
    yield from _lacking(report, "a1", _overview(report), _DISCLOSED)


_DISCLOSED = (
    ("网站、政务新媒体发布数量", r"网站|公众号|新媒体|平台|微博|微信|公开栏"),
    ("政策解读、回应关切数量", r"解读|回应|答复|回复|留言"),
    ("重点领域信息数量", r"重点领域|教育|医疗|就业|养老|公共资源|财政|民生|预决算|惠农|救助"),
)


@rule(
    "REG-XX-01",
    Severity.INFO,
    basis=LOCAL_NOTICE,
    name="引言未引用本级通知",
    short="缺本级通知",
    suggestion="请在引言中注明编制依据。",
)
def local_notice_is_cited(report: Report, profile: Profile) -> Verdicts:
    """报告引用了本级关于编制年度报告的通知。

    适用方案写明通知文号的才检查；括号的写法不论，写在引言以外也算。
    """
    wanted = text.bare(profile.notice)
    if not wanted:
        yield not_applicable(f"“{profile.title}”方案没有写明本级通知的文号", "preamble")
        return
    cited = next((p for p in report.narrative if wanted in text.bare(p.text)), None)
    if cited:
        yield passed("preamble", cited)
    else:
        message = f"没有引用{profile.notice}。"
        yield failed(message, "preamble", *report.preamble, expected=profile.notice)
