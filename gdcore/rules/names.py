"""QUA-01, 19: whose name a report bears: its own all through, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from gdcore import text
from gdcore.agency import Agency, infer_type
from gdcore.basis import CONSISTENCY
from gdcore.bodies import Name, is_zone, parse, related, same_body
from gdcore.catalogue import Verdicts, rule
from gdcore.figure import Passage
from gdcore.finding import prose_address
from gdcore.form import AgencyType
from gdcore.report import Report
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed

# A name has at least so many characters, and a printed one at most so many.
_SHORTEST, _LONGEST = 3, 40


@dataclass(frozen=True, slots=True)
class _Naming:
    """A place where a report says whose it is: `where` in words, the name in plain form, the passage.

    `sure` False: another body may stand there, as who compiles a report.
    """

    where: str
    name: str
    passage: Passage
    sure: bool = True


# --- where a report says whose it is ------------------------------------------------------------------------------------

_TITLE_TAIL = re.compile(r"(关于)?(20\d{2}年度?的?)?((政府|政务)信息(主动)?公开|信息公开|政务公开|政府政务公开).*$")
_REPORT = r"20\d{2}年度?的?政府信息(?:主动)?公开(?:工作)?(?:情况|的)?(?:年度)?(?:工作)?(?:报告|年报|情况)"
_REPORT_BEHIND = r"20\d{2}年度?(?P<behind>[\u4e00-\u9fff()]{4,40}?)政府信息公开(?:工作)?(?:年度)?(?:工作)?(?:报告|年报)"
_REPORT_NAME = re.compile(rf"(?P<lead>[\u4e00-\u9fff()]{{2,40}}?){_REPORT}|{_REPORT_BEHIND}")
# The same without the name before it: found by its year, while a name may begin at any character.
_MAY_NAME = re.compile(f"{_REPORT}|{_REPORT_BEHIND}")
# What neither a name nor what follows it there goes beyond.
_RUN = re.compile(r"[\u4e00-\u9fff()\d]+")
# “按照某机关2023年度政府信息公开工作年度报告要求”: who asks for the report.
_BASIS = re.compile(r"按照?|根据|依据|依照|遵照|落实")
_ASKED = re.compile(r"[^,。;]{0,12}(?:要求|通知|部署|安排|格式|精神|意见)")
_COMPILED = re.compile(
    r"由(?P<lead>[\u4e00-\u9fff()]{4,40}?)(?=根据|按照|依据|依照|结合|负责|编制|汇总|编写|撰写|组织编)"
)
# The titles of notices name whoever wrote them.
_NOTICE = re.compile(r"《[^》]{0,100}(通知|函|意见|方案|要点|指南|格式|办法|条例|规定|制度|目录|细则)[^》]{0,8}》")
# Words that run into a name before it.
_LEAD = re.compile(
    r"^.*(?:公布|发布|编制|编写|形成|撰写|汇总|报送|总结|做好|关于|印发|结合|根据|按照|依照|依据|落实|推进|纳入|公示|现将|现就|"
    r"公开(?!局|办|科|中心)|将|由|了|本报告|本年报|向社会|如下)"
)
_NOT_A_NAME = re.compile(
    r"^(我|本|各|全[省市县区镇乡]|该|其|每|上级|同级|局|委|办公室|政府信息|年度|有关)|信息公开(工作)?(领导小组)?办公室$"
)
# Section 一 may open with what usually stands before it.
_OPENING = 2


def _proper(lead: str) -> str:
    """The name at the end of what stands before a report's year; "" if there is none."""
    name = _LEAD.sub("", lead).strip("()的")
    fits = _SHORTEST <= len(name) <= _LONGEST and infer_type(name) and not _NOT_A_NAME.search(name)
    return name if fits else ""


def _titled(report: Report) -> _Naming | None:
    """The agency that the printed title names."""
    title = report.identity.title
    if title is None:
        return None
    name = _name_in_title(title.text)
    return _Naming("标题", name, title) if name else None


# Both rules ask what a report's title and introduction name.
@lru_cache(maxsize=4)
def _name_in_title(title: str) -> str | None:
    printed = re.sub(r"^[《“\"]|^20\d{2}年度?", "", text.plain(title))
    name = _TITLE_TAIL.sub("", printed).removeprefix("关于")
    return name if infer_type(name) and len(name) >= _SHORTEST else None


# “甲县乙局（以下简称“县乙局”）”: the short name that a report announces for a name.
_ANNOUNCED = re.compile(
    r"(?P<whole>[\u4e00-\u9fff]{3,40})\([^)]{0,6}简称[:为]?[“\"'《]?(?P<short>[\u4e00-\u9fff]{2,20})"
)


def _announced(report: Report, own: str | None) -> frozenset[str]:
    """The short names that the report announces for the agency itself."""
    if not own:
        return frozenset()
    if "简称" not in report.prose.whole:
        return frozenset()
    texts = (plain for p, plain in report.prose.plain if "简称" in p.text)
    found = (match for plain in texts for match in _ANNOUNCED.finditer(plain))
    return frozenset(m["short"] for m in found if m["whole"].endswith(own) or _is_called(m["whole"], own))


def _is_called(lead: str, own: str) -> bool:
    name = _proper(lead)
    return bool(name) and same_body(name, own)


def _formal(report: Report, own: str | None) -> list[_Naming]:
    """The names that a report gives itself in title, introduction and sign-off; not those it announces as `own`'s."""
    announced = _announced(report, own)
    return [each for each in _printed(report) if each.name not in announced]


def _report_names(plain: str) -> Iterator[re.Match[str]]:
    for run in _RUN.finditer(plain) if _MAY_NAME.search(plain) else ():
        if _MAY_NAME.search(run.group()):
            yield from _REPORT_NAME.finditer(plain, *run.span())


def _printed(report: Report) -> Iterator[_Naming]:
    if titled := _titled(report):
        yield titled
    for passage in (*report.preamble, *report.section("s1").paragraphs[:_OPENING]):
        for name, sure in _names_in_introduction(passage.text):
            yield _Naming("引言", name, passage, sure)
    for passage in report.signoff:
        name = re.sub(r"\((盖章|公章|印章)\)$", "", text.plain(passage.text))
        if not text.dates(name) and infer_type(name) and _SHORTEST <= len(name) <= _LONGEST:
            yield _Naming("落款", name, passage)


@lru_cache(maxsize=32)
def _names_in_introduction(printed: str) -> tuple[tuple[str, bool], ...]:
    """The names that a paragraph gives, and whether each is the report's own for sure."""
    found = []
    plain = _NOTICE.sub("《》", text.plain(printed))
    for match in _report_names(plain):
        asked = _BASIS.match(match.group()) and _ASKED.match(plain, match.end())
        if (name := _proper(match["lead"] or match["behind"])) and not asked:
            found.append((name, True))
    for match in _COMPILED.finditer(plain):
        if name := _proper(match["lead"]):
            found.append((name, False))
    return tuple(found)


def _own(report: Report, agency: Agency | None) -> str | None:
    return agency.name if agency else report.identity.agency


def _is_one_of(name: str, names: Iterable[str]) -> bool:
    return any(name == each or same_body(name, each) for each in names)


def _known_as(agency: Agency | None) -> tuple[str, ...]:
    """The agency's names; a short one is of its own area: 县教育局 is not another county's."""
    if agency is None:
        return ()
    area = "".join(parse(agency.name).areas)
    return (agency.name, *(a if parse(a).areas else area + parse(a).body for a in agency.aliases))


def _is_another(name: str, agency: Agency | None) -> bool:
    """Whether a name is that of another agency of the roster for certain."""
    if agency is None or _is_one_of(name, (*_known_as(agency), *agency.superiors)):
        return False
    if name in agency.others:
        return True
    body = parse(name).body  # its first character stands in every name with this body, but for a government's office
    near = agency.others if body in ("", "政府办") else (o for o in agency.others if body[0] in o)
    return any(parse(o).body == body and same_body(name, o) for o in near if o)


@rule(
    "QUA-19",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="机关名称不一致",
    short="机关名不一",
    suggestion="机关名称前后不一致，请统一使用规范全称。",
)
def name_is_the_same_throughout(report: Report, agency: Agency | None = None) -> Verdicts:
    """标题、引言和落款中的机关名称是同一个机关的。

    全称的长短、简称（发改局、发展和改革局）、曾用名、政府与其办公室都算同一机关；联系单位和通知的发文机关不看。写成名录中其他机关名称的由
    QUA-01 指出。
    """
    named = _formal(report, _own(report, agency))
    if len(named) < 2:
        yield not_applicable("文中只有一处写明机关名称，或没有写明")
        return
    first = named[0]
    known = _known_as(agency)
    unlike = [each for each in named[1:] if not _agrees(each.name, first.name, known)]
    unlike = [each for each in unlike if not _is_another(each.name, agency)]
    for each in unlike:
        vague = not each.sure or infer_type(each.name) is AgencyType.GOVERNMENT
        tell = doubtful if vague else failed
        message = f"{first.where}为“{first.name}”，{each.where}为“{each.name}”。"
        evidence = (first.passage, each.passage)
        yield tell(message, each.passage.address, *evidence, expected=first.name, found=each.name)
    if not unlike:
        yield passed()


def _agrees(name: str, first: str, known: tuple[str, ...]) -> bool:
    if same_body(name, first) or related(name, first):
        return True
    return bool(known) and _is_one_of(name, known)


# --- somebody else's name -------------------------------------------------------------------------------------------------

_TIME = r"(?:(?:20\d{2}年(?:度|来|以来)?|全年|今年|今年以来|本年度|一年来|[一二三四五六七八九十]是)[,:]?)?"
_CLAIM = r"(?:主动公开|公开(?:各类)?(?:政府)?信息|(?:共|累计|共计)(?:主动)?(?:公开|发布|收到|受理)|(?:未|没有|共)?(?:收到|接到|受理|接收)|新收)"
_DISCLOSURE = re.compile(r"公开|信息|申请")
_CONDUCT = r"(?:认真|深入|坚持|严格|高度重视|积极|持续|不断|紧紧围绕|紧扣|围绕|始终|切实|扎实|全面|着力|充分|进一步)"
# What follows the agency's name in such a sentence.
_TELLS = rf"(?:20\d{{2}}年(?:度|全年)?|全年|全年共|本年度)?[,]?(?:(?P<claim>{_CLAIM})|{_CONDUCT})"
_SUBJECT = re.compile(
    rf"^{_TIME}(?P<name>[\u4e00-\u9fff]{{2,24}}?(?:街道办事处|街道|镇人民政府|乡人民政府|镇|乡|局|委员会|管委会|委|县|区))"
    + _TELLS
)
# The last character of a name, and that: what few paragraphs have.
_MAY_TELL = re.compile(f"[处道府镇乡局会委县区]{_TELLS}")
_PARTNERS = re.compile(
    r"联合|会同|配合|共同|转载|协助|牵头|邀请|我[局镇乡委办县区街]|本[局镇乡委办县区街]|街道办?[与和]"
)
_COUNTY = re.compile(r"[县区旗]$")
# Words that end like a county's name.
_NO_COUNTY = re.compile(r"(社|专|库|辖|山|市|城|地|片|牧|林|灾|矿|郊|试点|先进|各|全|本|我|该)[县区]$")


def _claims(report: Report) -> Iterator[tuple[str, Passage, bool]]:
    """The names that stand where the reporting agency should: name, passage, whether with a claim of disclosure."""
    for key in ("s1", "s6"):
        for passage in report.section(key).paragraphs:
            plain = text.plain(passage.text)
            for _, sentence in text.sentences(plain) if _MAY_TELL.search(plain) else ():
                match = _SUBJECT.match(sentence)
                if match and not _PARTNERS.search(sentence) and not _NOT_A_NAME.search(match["name"]):
                    yield match["name"], passage, bool(match["claim"] and _DISCLOSURE.search(sentence))


def _kin(name: Name, own: Name) -> bool:
    """Whether two names are of one kind: both of towns, both of departments, both of development zones."""
    if name.is_zone and own.is_zone:
        return True
    return bool(name.body) and bool(own.body) and name.is_town == own.is_town


def _is_county(areas: tuple[str, ...]) -> bool:
    return bool(_COUNTY.search(areas[-1])) and not _NO_COUNTY.search(areas[-1]) and not is_zone(areas)


def _elsewhere(name: Name, own: Name) -> bool:
    """Whether a name lies in another county than the report's own."""
    if not name.areas or not own.areas or name.areas[-1] in own.areas:
        return False
    return all(_is_county(n.areas) for n in (name, own))


def _stranger(name: str, own: str, claim: bool, agency: Agency | None) -> bool | None:
    """Whether a name in the agency's place is another's: True certainly, None perhaps."""
    if _is_one_of(name, (own, *_known_as(agency))) or related(name, own):
        return False
    if agency is not None and _is_one_of(name, agency.superiors):
        return False
    one, mine = parse(name), parse(own)
    if _is_another(name, agency) and (claim or (one.is_town and mine.is_town)):
        return True if claim and _kin(one, mine) else None
    if _elsewhere(one, mine) and (one.body in ("", mine.body)):
        return True if one.body and claim else None
    if _kin(one, mine) and claim:
        return True if one.is_town else None
    return False


@rule(
    "QUA-01",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="出现其他机关或地区名称",
    short="他单位名称",
    suggestion="正文出现“{found}”，疑似照搬其他单位材料，请核实。",
)
def names_are_the_agencys_own(report: Report, agency: Agency | None = None) -> Verdicts:
    """标题和以本机关身份叙述的语句，写的是本机关、本地区的名称。

    只看标题、引言、落款和句首作主语的位置（“××镇全年主动公开……”）；上级、合作单位、引用的文件、转载、地址和村居都不算，政府的报告叙述下级
    工作也不算。简称（开发区管委会、高新区）和文中写明“以下简称”的是本机关。标题写成另一机关的为错误；把握不足的列为待核。引言和落款的名称不在名录中的，由 QUA-19 指出。
    """
    own = _own(report, agency)
    if own is None:
        yield not_evaluated("没有识别出机关名称")
        return
    told = [*_foreign_title(report, agency), *_foreign_names(report, agency)]
    kind = (agency.agency_type if agency else None) or report.identity.agency_type
    if kind not in (AgencyType.GOVERNMENT, AgencyType.GOV_OFFICE):
        told += _foreign_subjects(report, own, agency)
    yield from told
    if not told:
        yield passed()


def _foreign_title(report: Report, agency: Agency | None) -> Iterator[Verdict]:
    titled = _titled(report)
    if agency is None or titled is None or _is_one_of(titled.name, _known_as(agency)):
        return
    if any(related(titled.name, name) for name in _known_as(agency)) and not _is_another(titled.name, agency):
        return
    tell = failed if _is_another(titled.name, agency) else doubtful
    message = f"标题为“{titled.name}”，归入的单位是“{agency.name}”。"
    yield tell(message, "title", titled.passage, expected=agency.name, found=titled.name, severity=Severity.ERROR)


def _foreign_names(report: Report, agency: Agency | None) -> Iterator[Verdict]:
    """Another agency of the roster in introduction or sign-off."""
    for each in _formal(report, agency.name) if agency else ():
        if agency and each.where != "标题" and each.sure and _is_another(each.name, agency):
            message = f"{each.where}为“{each.name}”，本单位是“{agency.name}”。"
            yield failed(message, each.passage.address, each.passage, expected=agency.name, found=each.name)


def _foreign_subjects(report: Report, own: str, agency: Agency | None) -> Iterator[Verdict]:
    announced = _announced(report, own)
    for name, passage, claim in _claims(report):
        verdict = False if name in announced else _stranger(name, own, claim, agency)
        if verdict is False:
            continue
        tell = failed if verdict else doubtful
        message = f"以“{name}”为主语叙述本单位工作，本单位是“{own}”。"
        yield tell(message, prose_address(passage.address, name), passage, expected=own, found=name)
