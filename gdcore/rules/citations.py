"""QUA-14…18: what a report cites as its basis, document numbers, and phrases of forms that are no longer in force."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gdcore import form, text
from gdcore.basis import FEE_RULES, FORM_2021, OFFICIAL_DOCUMENTS, REGULATION
from gdcore.catalogue import Verdicts, rule
from gdcore.figure import Passage
from gdcore.finding import prose_address
from gdcore.form import Edition
from gdcore.report import Report
from gdcore.rules.sections import leads, under, unified
from gdcore.task import Task
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed


def _told(
    message: str, passage: Passage, found: str, expected: str, severity: Severity | None = None, review: bool = False
) -> Verdict:
    tell = doubtful if review else failed
    address = prose_address(passage.address, found)
    return tell(message, address, passage, expected=expected, found=found, severity=severity)


# --- the regulation ---------------------------------------------------------------------------------------------------

_NAME = "中华人民共和国政府信息公开条例"
_SHORT_NAME = "政府信息公开条例"
_TITLE = re.compile(r"[《〈<]([^《》〈〉<>]{2,40})[》〉>]")
_UNQUOTED = re.compile(r"中华人民共和国[\u4e00-\u9fff]{0,10}公开[\u4e00-\u9fff]{0,6}?条[例列]")
# Without one of these nothing that the rule looks for is named.
_CITES = re.compile(r"条[例列]|规定|办法|公开法")
# A name so many characters away from the regulation's is a slip of it, not another text.
_SLIP = 4
_NOTE = re.compile(r"\([^)]*\)$")
# Behind the name, or before it, what gives its number: （国务院令第711号）.
_ORDER = re.compile(r"(?:国务院|国)令?第?(?P<number>\d{2,4})号令?")
_BEHIND = re.compile(r"公开(?:工作|管理)?条例[》〉>]?\([^)]{0,60}\)")
_AHEAD = re.compile(r"(?:国务院|国)令?第?\d{2,4}号令?(?:公布|修订)?的?[,(《〈<]{1,2}[^》〉>,。;]{0,16}政府信息公开条例")
_IN_FORCE, _REPEALED = "711", "492"
_RIGHT_CITATION = f"《{_NAME}》（国务院令第711号）"


def _wrong_name(name: str) -> bool:
    """Whether a title is the regulation's with a slip in it; a province's own rules carry the province's name."""
    if "公开" not in name:
        return False
    bare = _NOTE.sub("", name)
    if bare in (_NAME, _SHORT_NAME, "信息公开条例", "政务公开条例") or "公开" not in bare:
        return False
    whole = bare.startswith("中华人民共和国")
    target = _NAME if whole else _SHORT_NAME
    if not re.search(r"条[例列]$" if not whole else r"(条[例列]|规定|办法|公开法)$", bare):
        return False
    own = bare.startswith(("政", "信息", "国务院")) or whole
    return own and 0 < text.distance(bare.removeprefix("国务院"), target) <= _SLIP


def _names(plain: str) -> Iterator[str]:
    for match in _TITLE.finditer(plain):
        if _wrong_name(match[1]):
            yield match[1]
    outside = _TITLE.sub("", plain)
    for match in _UNQUOTED.finditer(outside):
        if _wrong_name(match.group()):
            yield match.group()


def _orders(plain: str) -> Iterator[tuple[str, str]]:
    """Each citation of the regulation's order that is not the one in force: as printed, and its number."""
    for pattern in (_BEHIND, _AHEAD) if "号" in plain else ():
        for match in pattern.finditer(plain):
            numbers = [m["number"] for m in _ORDER.finditer(match.group())]
            if not numbers or _IN_FORCE in numbers:
                continue
            history = numbers == [_REPEALED] and ("修" in match.group() or _IN_FORCE in plain)
            if not history:
                order = _ORDER.search(match.group())
                yield (order.group() if order else match.group()), numbers[0]


@rule(
    "QUA-14",
    Severity.WARNING,
    basis=REGULATION,
    name="引用条例文号错误",
    short="条例文号错",
    suggestion="应为《中华人民共和国政府信息公开条例》（国务院令第711号）。",
)
@unified
def regulation_is_cited_right(report: Report) -> Verdicts:
    """引用的条例名称和国务院令号正确。

    “2007年…第492号公布，2019年…第711号修订”是对的；简称、不写令号、各省自己的公开规定都不算错。2018 年度及以前的报告不适用。
    """
    passages = [(p, plain) for p, plain in report.prose.having(_CITES) if "公开" in plain]
    told = [verdict for p, plain in passages for verdict in _wrong_citations(p, plain)]
    yield from told
    if not told:
        cited = any(_SHORT_NAME in plain for _, plain in passages)
        yield passed() if cited else not_applicable("没有引用条例")


def _wrong_citations(passage: Passage, plain: str) -> Iterator[Verdict]:
    for name in _names(plain):
        yield _told(f"条例名称写成“{name}”。", passage, name, _RIGHT_CITATION)
    for printed, number in _orders(plain):
        was = "是 2019 年修订前的令号" if number == _REPEALED else "不是条例的令号"
        yield _told(f"条例令号写成“{printed}”，{was}。", passage, printed, _RIGHT_CITATION)


# --- the notice that prescribes the form ------------------------------------------------------------------------------------

_LEFT, _RIGHT = r"[〔\[【(〈<]", r"[〕\]】)〉>]"
_FORM_NUMBER = re.compile(
    rf"(?P<prefix>国办[\u4e00-\u9fff]{{0,6}}|公开办[\u4e00-\u9fff]{{0,3}}){_LEFT}?(?P<year>20\d{{2}})年?(?P<mid>{_RIGHT}?)"
    r"第?(?P<number>\d{1,3})号"
)
_ABOUT_FORM = re.compile(r"年度报告|年报|报告格式|格式")
# Characters around a document number that tell what the document is about.
_BEFORE, _TITLE_BEFORE, _BEHIND_NUMBER = 70, 40, 16
_PREFIX = "国办公开办函"
_CURRENT, _FORMER = ("2021", "30"), ("2019", "60")
# Other notices of the same office, on platforms, columns and catalogues of disclosure.
_OTHER_NOTICE = re.compile(r"平台|目录|基层|培训|标准|指引|公报|公开专栏|规章|信息处理费")
_WRONG_TITLE = re.compile(
    r"政府信息(?!公开)[\u4e00-\u9fff]{0,4}年度报告(?:的)?格式|政务信息公开(?:工作)?年度报告格式|政府公开信息(?:工作)?年度报告格式|"
    r"政府信息公开(?:工作)?(?:年底|年渡|年度报造|年度报表|月度报告)格式"
)
_ISSUER = re.compile(r"国务院办公厅([^》〉,。;办]{3,12}公开)办公室")
_RIGHT_ISSUER = "政府信息与政务公开"
_FORMER_TITLE = re.compile(
    r"(?:国务院办公厅[\u4e00-\u9fff]{0,12}|国办公开办)[》《〈]{0,2}关于(?:政府信息公开)?工作?年度报告有关事项的通知"
)
_RIGHT_NOTICE = "国办公开办函〔2021〕30号"


def _numbers(plain: str) -> Iterator[tuple[re.Match[str], bool]]:
    """The document numbers that a text gives for the notice on the form; whether brackets are missing."""
    for match in _FORM_NUMBER.finditer(plain) if "国办" in plain or "公开办" in plain else ():
        before = plain[: match.start()]
        around = before[-_BEFORE:] + match.group() + plain[match.end() :][:_BEHIND_NUMBER]
        kin = match["prefix"].endswith(("公开办函", "公开函", "公开办"))
        exact = (match["year"], match["number"]) in (_CURRENT, _FORMER)
        about = _ABOUT_FORM.search(around) and not _OTHER_NOTICE.search(before[-_TITLE_BEFORE:])
        if about and (kin or (exact and "报告格式" in around)):
            yield match, not match["mid"]


def _number_fault(match: re.Match[str], lost: bool, due: Edition) -> tuple[str, Severity | None] | None:
    """What is wrong with the number of the notice, and how grave; None if it is right."""
    pair = match["year"], match["number"]
    if not match["prefix"].endswith(_PREFIX):
        return "发文字号的机关代字有误", None
    if pair == _FORMER:
        return None if due is Edition.FMT2019 else ("是已被替代的试行格式通知", None)
    if pair != _CURRENT:
        return "年份或序号有误", None
    return ("缺少六角括号，可能是网页提取时丢失", Severity.INFO) if lost else None


@rule(
    "QUA-15",
    Severity.WARNING,
    basis=FORM_2021,
    name="引用格式通知错误或过时",
    short="格式通知旧",
    suggestion="编制依据应为国办公开办函〔2021〕30号。",
)
@unified
def format_notice_is_cited_right(report: Report, task: Task) -> Verdicts:
    """引用的年度报告格式通知是现行的，名称和文号正确。

    2021 年度起应为国办公开办函〔2021〕30号。简称、不加书名号、不写文号都不算错；两份通知并列引用的、只缺括号的作提示。2019、2020 年度
    引用〔2019〕60号是对的。
    """
    due = report.edition(task.year)
    passages = list(report.prose.having(_ABOUT_FORM))
    numbers = [(p, match, lost) for p, plain in passages for match, lost in _numbers(plain)]
    told = [*_wrong_numbers(numbers, due), *(v for p, plain in passages for v in _wrong_titles(p, plain))]
    if not numbers and due is Edition.FMT2021:
        told += [v for p, plain in passages for v in _former_titles(p, plain)]
    yield from told
    if not told:
        cited = numbers or any("报告格式" in plain for _, plain in passages)
        yield passed() if cited else not_applicable("没有引用年度报告格式的通知")


def _wrong_numbers(numbers: Sequence[tuple[Passage, re.Match[str], bool]], due: Edition) -> Iterator[Verdict]:
    """Beside a right citation, the former notice is only one too many."""
    current = any((m["year"], m["number"]) == _CURRENT for _, m, _ in numbers)
    for passage, match, lost in numbers:
        if fault := _number_fault(match, lost, due):
            why, severity = fault
            former = (match["year"], match["number"]) == _FORMER
            severity = Severity.INFO if former and current else severity
            yield _told(f"“{match.group()}”{why}。", passage, match.group(), _RIGHT_NOTICE, severity)


def _former_titles(passage: Passage, plain: str) -> Iterator[Verdict]:
    """The title of the notice of 2019 without its number: another office's notice may be called so."""
    for match in _FORMER_TITLE.finditer(plain):
        message = f"“{match.group()}”是 2019 年试行格式的通知，已被替代。"
        yield _told(message, passage, match.group(), _RIGHT_NOTICE, review=True)


def _wrong_titles(passage: Passage, plain: str) -> Iterator[Verdict]:
    for match in _WRONG_TITLE.finditer(plain):
        expected = "《中华人民共和国政府信息公开工作年度报告格式》"
        yield _told(f"通知名称写成“{match.group()}”。", passage, match.group(), expected)
    for match in _ISSUER.finditer(plain):
        same = match[1].replace("和", "与").replace("及", "与") == _RIGHT_ISSUER
        if not same and text.distance(match[1], _RIGHT_ISSUER) <= 2:
            expected = f"国务院办公厅{_RIGHT_ISSUER}办公室"
            yield _told(f"发文机关写成“{match.group()}”。", passage, match.group(), expected)


# --- the rules on fees ------------------------------------------------------------------------------------------------------

_FEE_NUMBER = re.compile(
    rf"信息处理费[\u4e00-\u9fff]{{0,8}}[》〉>]{{1,2}}(?:的通知)?[》〉>]{{0,2}}\((?P<prefix>国[\u4e00-\u9fff]{{0,5}}){_LEFT}?(?P<year>20\d{{2}}){_RIGHT}?"
    r"第?(?P<number>\d{1,4})号"
)
# The notices of 2008 on what may be charged for public information.
_OLD_NOTICE = re.compile(r"(?:财税|财综|发改价格)[〔\[【(](?:20)?08[〕\]】)]第?\d+号")
_OLD_FEES = re.compile(r"检索(?:费|、复制)|复制(?:费)?[、和及]邮寄(?:费|等)|邮寄费")
_ABOUT_FEES = re.compile(r"收取|收费|费用")
_ABOLISHED = re.compile(r"取消|废止|停止|不再")
_OF_DISCLOSURE = re.compile(r"信息公开|公开信息|信息处理费|检索|复制")
_DENIED = re.compile(r"未|没有|无|不|免|零|(?<!\d)0元")
# What names a fee, or whoever wrote the notices.
_OF_FEES = re.compile(f"信息处理费|财税|财综|发改价格|{_OLD_FEES.pattern}")
_RIGHT_FEE = "国办函〔2020〕109号"


@rule(
    "QUA-16",
    Severity.WARNING,
    basis=FEE_RULES,
    name="信息处理费文号错误",
    short="收费文号错",
    suggestion="应为国办函〔2020〕109号。",
)
@under(Edition.FMT2021)
def fee_rules_are_cited_right(report: Report) -> Verdicts:
    """引用的信息处理费管理办法文号正确，不再引用已废止的收费规定。

    不写文号不算错；各地转发的文号不判断。检索费、复制费、邮寄费自 2021 年起不再收取，称“未收取”的作提示。2020 年度及以前的报告不适用。
    """
    passages = list(report.prose.having(_OF_FEES))
    told = [v for p, plain in passages for v in (*_wrong_fee_numbers(p, plain), *_old_fees(p, plain))]
    yield from told
    if not told:
        cited = any("信息处理费" in plain for _, plain in passages)
        yield passed() if cited else not_applicable("没有提到信息处理费")


def _wrong_fee_numbers(passage: Passage, plain: str) -> Iterator[Verdict]:
    for match in _FEE_NUMBER.finditer(plain):
        if (match["prefix"], match["year"], match["number"]) != ("国办函", "2020", "109"):
            printed = match.group()[match.start("prefix") - match.start() :]
            yield _told(f"信息处理费管理办法的文号写成“{printed}”。", passage, printed, _RIGHT_FEE)


def _old_fees(passage: Passage, plain: str) -> Iterator[Verdict]:
    """Repealed notices on fees, and fees that are no longer taken, told as in force."""
    in_force = (s for _, s in text.sentences(plain) if _ABOUT_FEES.search(s) and not _ABOLISHED.search(s))
    for sentence in in_force:
        notice, fees = _OLD_NOTICE.search(sentence), _OLD_FEES.search(sentence)
        if notice and _OF_DISCLOSURE.search(sentence):
            yield _told(f"“{notice.group()}”是已废止的收费规定。", passage, notice.group(), _RIGHT_FEE)
        elif fees:
            severity = Severity.INFO if _DENIED.search(sentence) else None
            message = f"“{fees.group()}”是 2021 年起已不收取的费用，现为信息处理费。"
            yield _told(message, passage, fees.group(), "信息处理费", severity)


# --- document numbers -------------------------------------------------------------------------------------------------------

# An issuer's code ends in one of these; a court's file number has its code behind the year and matches nothing here.
_CODE = r"[\u4e00-\u9fff]{1,9}(?:发|函|字|规|秘|办|电)"
_DOCUMENT = re.compile(
    rf"(?P<code>{_CODE})\s*(?P<left>[\[［(（【「{{〔﹝〖])\s*(?P<year>20\d{{2}})\s*(?P<right>[\]］)）】」}}〕﹞〗])\s*(?P<ordinal>第)?\s*(?P<number>\d{{1,4}}(?:\s*[、,，和至—–-]\s*\d{{1,4}})*)\s*(?P<end>号?)(?P<next>.?)"
)
# What every one of them holds: the last character of a code and the year.
_YEAR_BEHIND_CODE = re.compile(r"[发函字规秘办电]\s*[\[［(（【「{〔﹝〖]\s*20\d\d")
# Words that run into the code before it.
_LEAD = re.compile(r"^.*(?:根据|依据|依照|按照|遵照|执行|落实|印发|文件|通知|的|和|与|及|以|由|了|经)")
_BRACKETS = {("〔", "〕"), ("﹝", "﹞")}
_NUMBERS_END = re.compile(r"[)）》〉,，。;；、文\s]|$")


def _document_faults(match: re.Match[str]) -> list[str]:
    faults = []
    if (match["left"], match["right"]) not in _BRACKETS:
        faults.append(f"年份用了“{match['left']}{match['right']}”")
    if match["ordinal"]:
        faults.append("序号前多“第”字")
    if not match["end"] and _NUMBERS_END.match(match["next"]):
        faults.append("序号后缺“号”字")
    return faults


@rule(
    "QUA-17",
    Severity.INFO,
    basis=OFFICIAL_DOCUMENTS,
    name="文号格式不规范",
    short="文号格式",
    suggestion="文号应使用六角括号“〔 〕”。",
)
def document_numbers_are_formed_right(report: Report) -> Verdicts:
    """公文文号写成“机关代字〔年份〕序号号”。

    只看“…发、函、字、规、秘、办、电”结尾的机关代字；案号、期号、令号不算。由图像识别出来的文字不作判断。
    """
    if report.format == "image":
        yield not_evaluated("文字由图像识别而来，括号不可靠")
        return
    seen = False
    for passage in report.prose.printing(_YEAR_BEHIND_CODE):
        for match in _DOCUMENT.finditer(passage.text):
            seen = True
            if faults := _document_faults(match):
                code = _LEAD.sub("", match["code"]) or match["code"]
                printed = code + passage.text[match.start("left") : match.start("next")]
                expected = f"{code}〔{match['year']}〕{match['number']}号"
                message = f"文号“{printed}”{'、'.join(faults)}。"
                yield failed(
                    message, prose_address(passage.address, printed), passage, expected=expected, found=printed
                )
    yield passed() if seen else not_applicable("正文没有文号")


# --- phrases of the old form ------------------------------------------------------------------------------------------------

_PARTS_LISTED = r"报告由(概述|总体情况)、主动公开(政府信息)?(的)?情况、依申请公开"
_FOSSIL = re.compile(
    r"特向社会公[布开].{0,16}(本级|\(机关\)).{0,12}信息公开(工作)?(年度)?(报告|年报)|本级政府\(机关\)|"
    rf"本年度{_PARTS_LISTED}|{_PARTS_LISTED}|咨询处理情况|收费[及和与]减免"
)
_OLD_TITLE = re.compile(r".{0,10}收费[及和与]?减免.{0,4}|.{0,4}咨询(处理|受理|接待)(情况)?")


@rule(
    "QUA-18",
    Severity.INFO,
    basis=FORM_2021,
    name="沿用过时模板套话",
    short="旧套话",
    suggestion="引言沿用旧模板，请按现行格式修改。",
)
@unified
def phrases_are_of_the_current_form(report: Report) -> Verdicts:
    """引言和标题不沿用 2018 年及以前的模板。

    如“特向社会公布××年度本级政府（机关）信息公开工作年度报告”、收费及减免、咨询处理、概述。“总体情况概述”可以用；全文都是旧式结构的由
    STR-27 指出。
    """
    openings = ((p, _FOSSIL.search(text.plain(p.text))) for p in report.preamble)
    told = [_told(f"“{m.group()}”是旧模板的说法。", p, m.group(), "现行格式") for p, m in openings if m]
    told += [_told(f"标题“{title}”是旧模板的说法。", p, title, "现行格式") for p, title in _old_titles(report)]
    yield from told or [passed()]


def _old_titles(report: Report) -> Iterator[tuple[Passage, str]]:
    """Headings and sub-headings of the old form, with their words without the number; 概述 only as a section's."""
    for heading in report.headings:
        title = form.label_core(heading.passage.text)
        if title == "概述" or _OLD_TITLE.fullmatch(title):
            yield heading.passage, title
    for section in report.sections:
        told = ((p, text.plain(p.text)) for p in section.paragraphs)
        possible = (p for p, plain in told if "减" in plain or "咨" in plain)
        yield from ((p, title) for p, title in leads(possible) if _OLD_TITLE.fullmatch(title))
