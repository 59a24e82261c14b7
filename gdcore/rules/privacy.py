"""PRI-01…09: personal data, marks of secrecy, and what is left behind in the file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from gdcore import leftover, naming, text
from gdcore.basis import PRACTICE, PRIVACY, SECRECY, THIRD_PARTIES
from gdcore.catalogue import Verdicts, rule
from gdcore.exposure import Exposure, Sighting, Use, address_of
from gdcore.figure import Passage
from gdcore.leftover import Leftover
from gdcore.personal import Kind, folded, masked
from gdcore.report import Report
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, passed

# --- personal data ----------------------------------------------------------------------------------------------------


def _told(
    exposure: Exposure, kinds: Collection[Kind], message: str, lesser: Collection[Kind] = (), info: str = ""
) -> Iterator[Verdict]:
    """A verdict on each sighting, or a pass. `message` shows the masked text at {}; the `lesser` kinds are a warning,
    the agency's own contacts with the message `info` an advice.
    """
    told = [_verdict(seen, message, seen.kind in lesser, info) for seen in exposure.of(kinds)]
    yield from told or [passed()]


def _verdict(seen: Sighting, message: str, lesser: bool, info: str) -> Verdict:
    tell = failed if seen.sure else doubtful
    severity, words = (Severity.INFO, info) if seen.use is Use.CONTACT else (None, message)
    if lesser:
        severity = Severity.WARNING
    return tell(words.format(seen.masked), seen.address, seen.passage, found=seen.masked, severity=severity)


@rule(
    "PRI-01",
    Severity.ERROR,
    basis=PRIVACY,
    name="疑似身份证号",
    short="身份证号",
    suggestion="请删除身份证号码等个人信息。",
)
def no_identity_number(exposure: Exposure) -> Verdicts:
    """报告中没有公民身份号码。

    18 位号码的地区、出生日期和校验码（GB 11643）都成立才算；全角数字、分组书写的也算。统一社会信用代码、索引号、编号、网址和更长
    的数字串不算。15 位旧号码没有校验码，作警告。号码在清单、导出和原页中一律遮盖，人工判为误报后才显示。
    """
    yield from _told(
        exposure,
        (Kind.IDENTITY, Kind.OLD_IDENTITY),
        "出现疑似公民身份号码“{}”，属于个人信息",
        lesser=(Kind.OLD_IDENTITY,),
    )


@rule(
    "PRI-02",
    Severity.WARNING,
    basis=PRIVACY,
    name="个人手机号",
    short="手机号",
    suggestion="正文含手机号码，请确认是否为个人信息。",
)
def no_private_mobile_number(exposure: Exposure) -> Verdicts:
    """报告中没有个人的手机号码。

    单位公布的联系电话用手机号码的，只作提示。QQ 号、编号、网址和带单位的数量不算。
    """
    yield from _told(
        exposure,
        (Kind.MOBILE,),
        "出现手机号码“{}”，可能属于个人信息",
        info="单位联系方式使用手机号码“{}”，建议改用办公电话",
    )


@rule(
    "PRI-03",
    Severity.ERROR,
    basis=THIRD_PARTIES,
    name="申请人姓名或可识别信息",
    short="申请人姓名",
    suggestion="请对申请人信息作匿名处理。",
)
def applicants_are_not_named(exposure: Exposure) -> Verdicts:
    """报告不写出申请人、当事人的姓名。

    看申请人、原告、当事人等称谓之后是否接着姓名（姓氏加一至二字，后接标点或动词），以及公民、村民提出申请而写明姓名的。
    “张某”“张××”“王女士”已作处理；“申请人无正当理由”“当事人合法权益”、领导干部和代表委员的姓名不算。可能是普通词语的，请人工
    核实。
    """
    yield from _told(exposure, (Kind.NAME,), "写有申请人或当事人的姓名“{}”")


@rule(
    "PRI-04",
    Severity.ERROR,
    basis=PRIVACY,
    name="银行账号",
    short="银行账号",
    suggestion="请删除银行账号。",
)
def no_bank_account(exposure: Exposure) -> Verdicts:
    """报告中没有银行账号。

    账号、卡号、开户行之后的 16 至 19 位数字；没有这些字样而校验码成立的卡号作警告，因为十个数字中就有一个碰巧成立。索引号、文号、
    编号、网址不算。
    """
    yield from _told(exposure, (Kind.ACCOUNT, Kind.CARD), "出现疑似银行账号“{}”", lesser=(Kind.CARD,))


@rule(
    "PRI-05",
    Severity.WARNING,
    basis=PRIVACY,
    name="个人住址",
    short="个人住址",
    suggestion="请删除个人住址信息。",
)
def no_home_address(exposure: Exposure) -> Verdicts:
    """报告不写出个人的住址。

    与人名同在一句的门牌（几号楼几单元几室、几组几号）才算；单位的办公、联系地址不算。
    """
    yield from _told(exposure, (Kind.HOME,), "写有个人住址“{}”")


# --- secrecy ----------------------------------------------------------------------------------------------------------

_LEVEL = r"(?:绝密|机密|秘密)"
_STARRED = re.compile(rf"{_LEVEL}\s*[★☆]")
_MARK = re.compile(
    rf"[\[【(〔]?(?:密级:?)?(?:{_LEVEL}(?:[★☆*](?:长期|\d+(?:年|个月))?)?|内部资料(?:[,、]?(?:注意保[存密管]|不得外传))?"
    r"|工作秘密|不得公开)[\]】)〕]?"
)
_OF_MARKS = re.compile(r"字样|标志|标识|标注|标明|标有|标记")
_HEAD = 5  # lines of the introduction that still are the head of a file


@rule(
    "PRI-06",
    Severity.ERROR,
    basis=SECRECY,
    name="密级标志",
    short="密级标志",
    suggestion="疑似含密级标志，请立即下线并进行保密审查。",
)
def no_mark_of_secrecy(report: Report) -> Verdicts:
    """报告没有密级标志。

    “机密★”这样的标志，或文件开头独占一行的“绝密”“机密”“秘密”“内部资料”“工作秘密”“不得公开”。句中提到的国家秘密、商业
    秘密、保密审查、“依法不得公开的信息”都不是标志。
    """
    head = [p for p in (*report.masthead, *report.preamble[:_HEAD]) if _MARK.fullmatch(text.plain(p.text))]
    marked = report.printed.printing(_STARRED)
    starred = [p for p in marked if p not in head and not _OF_MARKS.search(p.text)]
    yield from [_mark(passage) for passage in (*head, *starred)] or [passed()]


def _mark(passage: Passage) -> Verdict:
    mark = _STARRED.search(passage.text)
    found = passage.part(*mark.span()) if mark else passage
    shown = text.plain(found.text)
    return failed(f"出现疑似密级标志“{shown}”", address_of(passage, found.text), found, found=shown)


_BEFORE_YEAR = re.compile(r"[密电发内部特急字]\s*[〔\[(（【［]\s*20\d\d")
_RESTRICTED = re.compile(
    r"[\u4e00-\u9fff]{1,12}?(?P<kind>(?<!保)密[发电]?|明电|内[发部]?|特[急字]?)\s*[〔\[(【]\s*20\d\d\s*[〕\])】]\s*第?\s*\d+\s*号"
)


@rule(
    "PRI-07",
    Severity.WARNING,
    basis=SECRECY,
    name="引用不公开文件文号",
    short="不公开文号",
    suggestion="所引文件是否可公开，请核实。",
)
def no_restricted_document_is_cited(report: Report) -> Verdicts:
    """报告不引用不公开文件的文号。

    文号的机关代字以“密”“密发”“明电”“内”“特”结尾的。明电往往可以公开，因此只作警告；地名中有这个字的（密云、内江）不算。
    """
    own = report.identity.agency or ""
    told = [
        _restricted(passage, *match.span())
        for passage in report.prose.printing(_BEFORE_YEAR)
        for match in _RESTRICTED.finditer(folded(passage.text))
        if match["kind"] == "明电" or match["kind"][0] not in own
    ]
    yield from told or [passed()]


def _restricted(passage: Passage, start: int, end: int) -> Verdict:
    number = passage.part(start, end)
    message = f"引用的文号“{number.text}”属于一般不公开的文种"
    return failed(message, address_of(passage, number.text), number, found=number.text)


# --- the file ---------------------------------------------------------------------------------------------------------

_COUNTED = {Leftover.COMMENTS: "批注 {} 处", Leftover.REVISIONS: "修订痕迹 {} 处", Leftover.HIDDEN: "隐藏文字 {} 字"}
_CARRIERS = ("docx", "doc", "pdf", "ofd", "xlsx")


@rule(
    "PRI-08",
    Severity.WARNING,
    basis=PRACTICE,
    name="文件元数据残留",
    short="元数据残留",
    suggestion="请清除批注、修订和作者信息后再发布。",
)
def nothing_is_left_in_the_file(report: Report) -> Verdicts:
    """文件中没有批注、修订痕迹、隐藏文字和个人文件夹的路径。

    只看 Word、PDF、OFD 和表格文件。只留有作者或软件名称的，几乎每个文件都有，只作提示。
    """
    if report.format not in _CARRIERS:
        yield not_applicable("这种格式的文件没有批注、修订等附带信息")
        return
    said = report.metadata
    grave = [words.format(said[key]) for key, words in _COUNTED.items() if said.get(key, "0") != "0"]
    if path := next(filter(None, map(leftover.user_path, said.values())), None):
        grave.append(f"个人文件夹路径 {leftover.without_user(path)}")
    light = [f"作者 {_initial(author)}" for author in _values(said, leftover.AUTHORS)]
    light += [f"软件 {program}" for program in _values(said, leftover.PROGRAMS)]
    if not grave and not light:
        yield passed("file")
        return
    listed = "、".join((*grave, *light))
    yield failed(f"文件中留有{listed}", "file", found=listed, severity=None if grave else Severity.INFO)


def _initial(author: str) -> str:
    """An author without what tells who it is: 李××; of other names (lixh, Administrator) the first letter."""
    return masked(author, Kind.NAME) if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", author) else f"{author[0]}×××"


_NOBODY = re.compile(r"\W*(?:unspecified|anonymous|unknown|untitled)?\W*", re.IGNORECASE)  # what programs fill in


def _values(said: Mapping[str, str], keys: Collection[str]) -> Iterable[str]:
    """What the file says under these keys, each once."""
    return dict.fromkeys(said[key] for key in keys if key in said and not _NOBODY.fullmatch(said[key]))


# --- cases ------------------------------------------------------------------------------------------------------------


@rule(
    "PRI-09",
    Severity.WARNING,
    basis=THIRD_PARTIES,
    name="案件当事人信息",
    short="案件当事人",
    suggestion="请隐去案件当事人信息。",
)
def cases_name_no_parties(report: Report) -> Verdicts:
    """写出诉讼、复议案号的地方不写当事人的姓名。

    只有案号而没有姓名的，作提示。
    """
    dated = report.prose.printing(naming.YEAR_OF_A_CASE)
    told = [_case(passage, *at) for passage in dated for at in naming.cases(passage.text)]
    yield from told or [passed()]


def _case(passage: Passage, start: int, end: int) -> Verdict:
    number = passage.part(start, end)
    sentence = next((s for at, s in text.sentences(passage.text) if at <= start < at + len(s)), passage.text)
    people = dict.fromkeys(masked(sentence[n.start : n.end], Kind.NAME) for n in naming.parties(sentence) if n.sure)
    address = address_of(passage, number.text)
    if not people:
        message = f"写有案号“{number.text}”，没有当事人姓名"
        return failed(message, address, number, found=number.text, severity=Severity.INFO)
    return failed(f"案号“{number.text}”旁写有当事人姓名“{'”“'.join(people)}”", address, number, found=number.text)
