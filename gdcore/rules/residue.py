"""QUA-03, 04, 05, 13, 22: what should not have been left: placeholders, instructions, a machine's talk, slips of the pen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from gdcore import text
from gdcore.basis import FORM_2021, PRACTICE
from gdcore.catalogue import Verdicts, rule
from gdcore.figure import Passage
from gdcore.finding import prose_address
from gdcore.lexicon import Phrases, Slips
from gdcore.profile import Profile
from gdcore.report import Report
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, passed

# Characters shown on either side of what was found.
_AROUND = 12

Search = Callable[[str], Iterable[tuple[int, int]]]


def _context(passage: Passage, start: int, end: int) -> str:
    """What was found, marked, among its neighbours: …公开【XX】条…"""
    before, after = passage.text[max(0, start - _AROUND) : start], passage.text[end : end + _AROUND]
    return text.collapse(f"{before}【{passage.text[start:end]}】{after}")


def _where(passage: Passage, found: str) -> str:
    return prose_address(passage.address or "report", found)


def _phrases(report: Report, phrases: Phrases, what: str) -> Iterator[Verdict]:
    """A fail at each phrase of a dictionary."""
    return _left_over(report.lines.passages if phrases.may_occur_in(report.lines.whole) else (), phrases.found_in, what)


def _left_over(passages: Iterable[Passage], search: Search, what: str) -> Iterator[Verdict]:
    """A fail at each place where `search` finds something."""
    for passage in passages:
        for start, end in search(passage.text):
            piece = passage.part(start, end)
            message = f"{what}：{_context(passage, start, end)}"
            yield failed(message, _where(passage, piece.text), piece, found=piece.text)


# --- QUA-03 ---------------------------------------------------------------------------------------------------------

# Behind a family name ×× hides a person on purpose: 张××、赵某某. Without those that are common words (于、和、向、方 …).
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦昌马苗凤花俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬乐傅卞齐"
    "康伍余顾孟黄穆萧尹姚邵汪祁毛狄臧戴宋茅庞熊纪舒屈祝董梁杜阮蓝闵季贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞柯管卢莫房裘缪丁邓郁单洪包左石崔吉龚程"
    "邢裴陆荣翁荀羊惠曲封储靳邴段焦谷车侯宓蓬班仇栾甘厉祖武符刘景詹龙叶司黎薄蒲卓蔺屠乔阴苍闻党翟谭贡劳姬申冉宰雍桑桂牛尚温庄晏柴瞿阎慕茹艾容易慎戈廖耿匡寇"
    "欧聂晁敖冷辛简饶曾沙关查岳佟覃肖闫仝阳"
)
_FAMILY = frozenset(_SURNAMES)
# Where a unit or a kind of body follows, nobody's name is hidden.
_UNIT = re.compile(r"\s*(?:[年月日条件篇次期场项万元个份县市区镇乡省村](?!长)|街道|局(?!长)|委员会|政府|号文)")
_X = "XxＸｘ×╳"
_SLOT = (
    r"具体[^。]{0,12}|(?:填写|填入|填报|插入|补充|此处|请填|请写|请补|请输入)[^。]{0,15}|待(?:补充|填|填写|定|核实|确认)"
    r"|(?:单位|机关|部门|街道|乡镇|地区|县区|行政机关)(?:名称|全称|名)|地名|姓名|年份|日期|数字|数量|数值|金额|联系电话"
)
_PLACEHOLDER = re.compile(
    rf"(?P<cross>(?<![A-Za-z0-9./@_*＊{_X}])[{_X}]{{2,}}(?![A-Za-z0-9./@_{_X}])|某某(?=[省市县区镇乡局]|街道))"
    rf"|(?P<year>(?<![A-Za-z0-9])20[{_X}]{{1,2}}\s?(?=年))"
    rf"|(?P<single>(?<=[\u4e00-\u9fff])[{_X}](?=\s?(?:条|件|篇|万元|月[{_X}]日)))"
    r"|(?P<blank>(?<!_)_{3,}(?!_)|＿{2,})"
    rf"|(?P<slot>[\[【〔](?:{_SLOT})[\]】〕])"
    r"|(?P<brace>(?<!\{)\{\s*[\u4e00-\u9fff…][^{}。]{0,15}\}|\{\{\s*[\u4e00-\u9fff][^{}。]{0,15}\}\}"
    r"|(?<=[\u4e00-\u9fff])\{\w{1,20}\}(?=[\u4e00-\u9fff]))"
)
_STYLE_BEFORE = re.compile(r"(?:〔[^〕]{0,8}|\[[^\]]{0,8}|第)\s*$")
_STYLE_AFTER = re.compile(r"\s*号(?!文)|[^〔〕\[\]]{0,4}[〕\]]")
_QUOTED_BEFORE, _QUOTED_AFTER = re.compile(r"[“‘][^”’]*$"), re.compile(r"[^“‘]*[”’]")
# What is kept anonymous on purpose as often as it is left open.
_ANONYMOUS = re.compile(r"\s*(?:公司|企业|小区|一案|案|诉)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _hides_a_name(passage: Passage, start: int, end: int) -> bool:
    return passage.text[max(0, start - 1) : start] in _FAMILY and not _UNIT.match(passage.text, end)


def _is_style(passage: Passage, start: int, end: int) -> bool:
    """Part of a pattern of document numbers: 〔20××〕××号, 第××号."""
    return bool(_STYLE_AFTER.match(passage.text, end) or _STYLE_BEFORE.search(passage.text[:start]))


def _may_be_meant(passage: Passage, start: int, end: int) -> bool:
    """Whether it may stand there on purpose: within quotation marks, or in the place of a company's name."""
    quoted = _QUOTED_BEFORE.search(passage.text[:start]) and _QUOTED_AFTER.match(passage.text, end)
    return bool(quoted or _ANONYMOUS.match(passage.text, end))


# What opens a placeholder: most lines have none. A bracket opens one before certain words alone, a cross not within
# what is written in Latin letters, as addresses are.
_OPENS = re.compile(rf"[{_X}某_＿\[【〔{{](?:(?<![{_X}\[【〔])|(?<=[{_X}])(?<![A-Za-z./@].)|{_SLOT})")


def _open_places(passage: Passage) -> Iterator[tuple[int, int]]:
    found = _PLACEHOLDER.finditer(passage.text)
    return (match.span() for match in found if not _is_deliberate(passage, match))


def _is_deliberate(passage: Passage, match: re.Match[str]) -> bool:
    """Whether it hides a name, belongs to a pattern of document numbers, or rules a line without a word."""
    if match["cross"] or match["single"]:
        return _hides_a_name(passage, *match.span()) or _is_style(passage, *match.span())
    return match["blank"] is not None and not _CHINESE.search(passage.text)


@rule(
    "QUA-03",
    Severity.ERROR,
    basis=PRACTICE,
    name="占位符未替换",
    short="占位符",
    suggestion="存在未替换的占位内容“{found}”，请改正。",
)
def nothing_is_left_open(report: Report, profile: Profile) -> Verdicts:
    """正文没有未替换的占位内容。

    包括“XX”“××”“20XX年”“____”“[具体地名]”“{单位名称}”“（待补充）”“某某镇”等。为隐去姓名而写的“张某”“赵××”、文号样式中的“×”、
    网页工具的代码不算；引号中的“××”可能是在说一种写法，“××公司”可能是有意隐去，列为待核。
    """
    faults = [*_phrases(report, profile.lexicon.placeholders, "存在未替换的占位内容")]
    for passage in report.lines.printing(_OPENS):
        for start, end in _open_places(passage):
            piece, context = passage.part(start, end), _context(passage, start, end)
            tell = doubtful if _may_be_meant(passage, start, end) else failed
            message = f"存在未替换的占位内容：{context}"
            faults.append(tell(message, _where(passage, context), piece, found=piece.text))
    yield from faults or [passed()]


# --- QUA-04 ---------------------------------------------------------------------------------------------------------


@rule(
    "QUA-04",
    Severity.WARNING,
    basis=FORM_2021,
    name="模板说明文字残留",
    short="模板说明",
    suggestion="请删除模板说明文字“{found}”。",
)
def instructions_are_gone(report: Report, profile: Profile) -> Verdicts:
    """模板和通知中的说明文字已经删去。

    例如“该部分以表格形式报告”“（文字描述）”“没有的请填0”。单位自己的“注：……”、山东等地规定的“本行政机关……情况”标题、正文里说到自己编
    制填报说明的不算。
    """
    yield from [*_phrases(report, profile.lexicon.template, "残留模板说明文字")] or [passed()]


# --- QUA-05 ---------------------------------------------------------------------------------------------------------

# Marks of Markdown: round words, at a line's head, a box to tick. ** behind a family name hides the rest of the name.
_MARKDOWN = re.compile(
    r"(?<![\u4e00-\u9fff\w*＊])\*\*(?=[\u4e00-\u9fff“《（\d])[^*\n]{2,60}\*\*(?!\*)"
    rf"|(?<=[\u4e00-\u9fff])(?<![{_SURNAMES}])\*\*(?![、，。和与等及])[\u4e00-\u9fff“《][^*\n]{{3,40}}\*\*(?!\*)"
    r"|^\s*#{1,6}\s+(?=[\u4e00-\u9fff（(])|^\s*#{2,6}(?=[\u4e00-\u9fff（(])|^\s*[-*+]\s+\[[ xX]\]\s"
)
# Who talks of AI as a subject of work does not talk as one.
_MAYBE_MACHINE = re.compile(
    r"以下是根据(?!您|你|用户|要求|提供)|作为(?:一个)?AI(?!语言模型)(?!赋能|\+)|希望以上(?=方案|内容能|报告)"
)
_MARKS = re.compile(r"[*#\[](?:(?<!\*)|\*)")
_MARKDOWN_FILES = (".md", ".markdown")


def _marked(line: str) -> Iterator[tuple[int, int]]:
    """Start and end of each mark of Markdown."""
    return (match.span() for match in _MARKDOWN.finditer(line))


@rule(
    "QUA-05",
    Severity.WARNING,
    basis=PRACTICE,
    name="大模型生成痕迹",
    short="AI痕迹",
    suggestion="疑似自动生成内容未校核，请人工修改。",
)
def nothing_sounds_generated(report: Report, profile: Profile) -> Verdicts:
    """正文没有大模型生成后未删去的话和标记。

    包括“以下是为您……”“希望以上内容……”一类的对话，以及留在文中的 **、## 等标记。Markdown 文件的标记、列举的短横线、页码不算；单说“以下是”
    不算，“以下是根据……”也可能是人写的，列为待核。
    """
    faults = [*_phrases(report, profile.lexicon.machine, "疑似自动生成内容的残留")]
    told = {fault.address for fault in faults}
    for passage in report.lines.printing(_MAYBE_MACHINE, "以下是根据", "AI", "希望以上"):
        for match in _MAYBE_MACHINE.finditer(passage.text):
            piece = passage.part(*match.span())
            message = f"可能是自动生成内容的残留：{_context(passage, *match.span())}"
            faults.append(doubtful(message, _where(passage, piece.text), piece, found=piece.text))
    faults = [f for f in faults if f.outcome != "review" or f.address not in told]
    if not report.file_name.lower().endswith(_MARKDOWN_FILES):
        faults += _left_over(report.lines.printing(_MARKS, *"*#["), _marked, "残留 Markdown 标记")
    yield from faults or [passed()]


# --- QUA-13, 22 -----------------------------------------------------------------------------------------------------


def _slips(report: Report, slips: Slips, what: str) -> Iterator[Verdict]:
    for passage in report.lines.passages if slips.may_occur_in(report.lines.whole) else ():
        for start, end, slip in slips.found_in(passage.text):
            piece = passage.part(start, end)
            yield failed(
                f"{what}，建议改为“{slip.right}”：{_context(passage, start, end)}",
                _where(passage, slip.wrong),
                piece,
                expected=slip.right,
                found=slip.wrong,
                severity=slip.severity,
                values={"fix": slip.right},
            )


@rule(
    "QUA-13",
    Severity.WARNING,
    basis=PRACTICE,
    name="错别字和多字漏字",
    short="错别字",
    suggestion="疑似错别字“{found}”，建议改为“{fix}”。",
)
def spelling_is_right(report: Report, profile: Profile) -> Verdicts:
    """正文没有词典所列的错别字、多字漏字。

    只查词典中确属错误的写法，有歧义的看前后文：“截止日期”“台风登陆”“为了了解”“温和和”不算；两个词相接的“市市场监管局”“镇镇长”“局局长”
    不算。“截止2023年”一类为提示。由图像识别出来的文字列为待核。词典可由单位增补。
    """
    yield from [*_slips(report, profile.lexicon.typos, "疑似错别字")] or [passed()]


@rule(
    "QUA-22",
    Severity.ERROR,
    basis=PRACTICE,
    name="绝对化、重要表述差错",
    short="重要表述",
    suggestion="请核对重要表述“{found}”。",
)
def wording_is_settled(report: Report, profile: Profile) -> Verdicts:
    """重要表述与单位自己的词典一致。

    词典（lexicon/sensitive.toml）由单位提供和维护，程序不附带；没有词典时不适用。默认不启用。
    """
    slips = profile.lexicon.sensitive
    if not slips.entries:
        yield not_applicable("单位没有提供重要表述词典")
        return
    yield from [*_slips(report, slips, "重要表述与词典不一致")] or [passed()]
