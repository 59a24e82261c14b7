"""Names of people in a text: who applied or sued, who lives where. Found by role, surname and what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gdcore.personal import COMPOUND_SURNAMES, Kind, Trace, folded, merged

# Surnames that begin hardly any word: a name of two characters is one.
_CLEAR = "王李张刘陈杨赵吴徐孙朱郭宋韩曹邓萧肖彭潘袁董吕魏蒋杜沈姜傅钟卢崔廖姚邱谭邹孟秦薛阎侯郝邵尹龚赖汤蔡贺俞樊殷翟葛聂鲍柯褚祁裴霍缪芦冯郑"
# Surnames that begin words as well (高度, 金额, 周期): three characters are a name, two are a doubt.
_WORDY = "黄周马胡林何高梁罗谢唐许程余苏叶丁范江汪戴陆金夏贾石熊雷白龙段孔史毛万顾武康严钱施牛洪田倪兰庄柳梅庞颜陶岳童欧涂宁蓝纪鲁凌左詹卓华辛耿闫覃乔丘骆"
# Surnames that begin clauses (原告方败诉, 申请人于今年, 曾多次): only where a colon or the like announces a name.
_DOUBTFUL = "方于曾任常尚季安温莫古章游焦齐甘路易解申"
_SURNAMES = frozenset(_CLEAR + _WORDY + _DOUBTFUL)  # of one character
_WORDS = (
    "方可 方能 方便 方面 方式 方法 方案 方向 方才 高度 高效 高兴 高速 高新 高等 高级 高于 常见 常用 常年 常态 常规 常住 常务 任何 任意 任职 任务 任一 许可 "
    "许多 何时 何种 何地 何故 何处 万一 白天 白色 金额 金融 安全 安置 安装 安排 安心 康复 余下 余款 余额 曾经 曾多 曾向 曾于 曾因 曾就 曾以 顾虑 顾及 施工 "
    "施行 史料 夏季 牛羊 钱款 武装 洪水 谢绝 谢意 罗列 黄线 周期 周边 周围 周知 周岁 胡同 唐突 叶片 范围 范本 戴着 陆续 夏天 马上 马路 程序 程度 段落 雷同 "
    "龙头 严重 严格 严厉 严肃 田地 田间 林地 林权 林业 石材 江边 毛坯 申请 申诉 申辩 申报 申明 尚未 尚需 尚有 季度 路径 路线 路段 古树 纪律 纪检 左右 华侨 "
    "解决 解释 解答 解除 易于 易地 陈述 陈情 张贴 张某 王某 李子 孙子 孙女 赵某 刘某 兰花 温馨 温泉 庄稼 齐全 童年 路政 安保 宁可 江苏 江西 江南 江北 "
    "河南 河北 云南 海南 湖南 广东 山东 浙江 吉林 黑龙 辽宁 福建 安徽 宁夏 贺信 姜片 徐徐 钟点 傅某 蒋某 杜绝 沈阳 郑州 郑重 葛根 聂某 高中 高校 高龄 "
    "章程 游客 凌晨 华人 卓越 辛苦 莫非 乔迁 丘陵 古籍 尚可 童工 梅雨 许诺 白跑 金钱 石油 田园 华东 华北 宁波 兰州 柳州 苏州 梅州 康养 江湖 龙泉 马路 高层 高铁 林场 石板 白云"
)
# No given name has these; with them a word or a clause began, or a name that is masked already.
_NEVER = frozenset(
    "某×*○〇□的了在是与或及对因向就于以被把将从到等不未无已须需要请求诉称认提申代案件号者们该此我您你他她它每各并且但而则即所让给由按照这那哪什么个份条项款等由据另均仅亦又还再很"
)
_RARELY = frozenset("可如若为之其本有依和能应主名年月日位次同意方长民众人")
_BODIES = frozenset("局委院厅府组村乡街县区市省州办会社厂店站校所处科队员户")  # last characters of bodies and places
_TITLES = "先生 女士 小姐 律师 代表 委员 主任 局长 科长 处长 书记 老师 大爷 大妈 大娘 大姐 大哥 阿姨 同志 师傅 老板 经理 法官 记者 老人 村民 居民"
_FOLLOWS = re.compile(
    r"\s*(?:$|\d{4}|[,，。.;；、:：()（）\[\]【】“”\"'‘’《<\n]|诉|不服|申请|提[出交起]|要求|请求|认为|[声诉]?称|[向对因于就与和及以在为系到来]|等|通过|递交|邮寄|寄|撤[回诉]|反映"
    r"|投诉|举报|起诉|上诉|的|本人|[未拒]|签收|收到|同意|[已自]|表示|补正|咨询|索取|查[阅询]|领取|获取|[不曾经]|家?住|身份证|电话|手机|联系|[男女],|[男女]，|依法|依据|根据|要|按|其|之|向)"
)
_HAN = r"[\u4e00-\u9fff]"
_JOINED = re.compile(rf"{_HAN}{{2,6}}[·•]{_HAN}{{2,8}}?(?={_FOLLOWS.pattern})")
_MASKED = re.compile(rf"{_HAN}(?:[某×*]{{1,3}}|先生|女士)")
_ROLES = "申请人|申请者|原告人?|被申请人|当事人|上诉人|起诉人|第三人|申诉人|信访人|投诉人|举报人|请求人|异议人"
_ROLE = re.compile(rf"(?:{_ROLES})(?P<called>姓名)?(?P<mark>\s*[:(“]\s*(?:姓名:?)?|\s+|为|是|系|即|名叫|叫)?")
# Who these are matters only where they apply or sue: a villager praised by name is no applicant.
_PERSONS = "公民|村民|居民|市民|群众|网民|业主|住户|户主|自然人|被征收人|被拆迁人|收到|接到"
_PEOPLE = re.compile(rf"(?:{_PERSONS})(?P<mark>\s*[:(]\s*)?")
# Without one of these nobody is named as who applied or sued.
_CALLED = re.compile(f"{_ROLES}|{_PERSONS}")
# How a name begins, or one that is masked, and what may stand between a role and it in a text that is not folded.
_BEGINS = rf"(?:[{''.join(sorted(_SURNAMES.union(COMPOUND_SURNAMES[::3])))}]|{_HAN}(?:[某×*＊先女]|{_HAN}{{1,5}}[·•]))"
_BETWEEN = r"(?:姓名)?(?:\s*[:：(（“]\s*(?:姓名[:：]?)?|\s+|为|是|系|即|名叫|叫)?"
# Somebody who is called by a name, or a suit: what is quickly found not to be there.
SOMEBODY = re.compile(rf"(?:{_CALLED.pattern}|诉|不服)(?:(?<=诉)|(?<=不服)|{_BETWEEN}{_BEGINS})")
_APPLIES = re.compile(
    r"[^。；;]{0,24}(?:信息公开申请|申请(?:政府信息)?公开|公开申请|(?:提[出起交]|递交)[^。；;]{0,8}(?:申请|复议|诉讼)|要求公开|起诉|不服)"
)
_NEXT = re.compile(r"\s*(?:、|和|与|及|以及)\s*")


def names(text: str) -> tuple[Trace, ...]:
    """The names of applicants, parties and the like in `text`; masked ones (张某, 王女士) are none.

    A trace is not sure where the same characters may be words.
    """
    return _names(folded(text)) if _CALLED.search(text) else ()


def _names(line: str) -> tuple[Trace, ...]:
    found: list[Trace] = []
    for role in _ROLE.finditer(line):
        found += _listed(line, role.end(), marked=bool(role["called"] or (role["mark"] or "").strip(" ")))
    for person in _PEOPLE.finditer(line):
        listed = [name for name in _listed(line, person.end(), marked=False) if name.sure]
        if listed and _APPLIES.match(line, listed[-1].end):
            found += listed
    return tuple(merged(found))


def _listed(line: str, start: int, marked: bool) -> Iterator[Trace]:
    """The name at `start` and those listed after it: 张三、李某和王五."""
    while True:
        name = name_at(line, start, marked)
        masked = None if name else _MASKED.match(line, start)
        if name:
            yield name
        end = name.end if name else masked.end() if masked else start
        more = _NEXT.match(line, end) if end > start else None
        if more is None:
            return
        start = more.end()


def name_at(line: str, start: int, marked: bool = False) -> Trace | None:
    """The name that begins at `start` of a folded line, if one does; `marked`: a colon or the like announces it."""
    if joined := _JOINED.match(line, start):
        return Trace(Kind.NAME, start, joined.end())
    compound = line[start : start + 2] in COMPOUND_SURNAMES
    if not compound and line[start : start + 1] not in _SURNAMES:
        return None
    for length in (4, 3) if compound else (3, 2):
        name = line[start : start + length]
        if len(name) == length and _can_be(name, compound, marked) and _FOLLOWS.match(line, start + length):
            return Trace(Kind.NAME, start, start + length, _is_sure(name, compound, marked))
    return None


def _can_be(name: str, compound: bool, marked: bool) -> bool:
    given = name[2 if compound else 1 :]
    if not re.fullmatch(_HAN + "+", name) or _NEVER.intersection(given) or given in _TITLES or given[-1] in _BODIES:
        return False
    if compound or name[0] in _CLEAR:
        return name[:2] not in _WORDS
    known = name[0] in _WORDY or (marked and name[0] in _DOUBTFUL)
    return known and name[:2] not in _WORDS and (marked or not _RARELY.intersection(given))


def _is_sure(name: str, compound: bool, marked: bool) -> bool:
    given = name[2 if compound else 1 :]
    return not _RARELY.intersection(given) and (compound or len(name) == 3 or name[0] in _CLEAR or marked)


# --- homes ------------------------------------------------------------------------------------------------------------

_DOOR = re.compile(
    r"\d{1,4}(?:号楼|号院|号|幢|栋|座|#)[^。；;,，、:：]{0,10}?(?:\d{1,2}单元[^。；;,，:：]{0,6}?)?\d{2,4}(?:室|户)"
    r"|\d{1,4}(?:号楼|号|幢|栋|座|#)?\d{1,2}单元\d{1,4}号?|村\d{1,2}(?:组|队|社)\d{1,3}号"
)
DOOR_NUMBER = re.compile(r"\d(?:室|户|单元|(?<=单元\d)|[组队社]\d)")  # what is quickly found not to be there
_PLACE_BEGINS = re.compile(r"[。；;,，、:：()（）\s“”]|住址|地址|家住|现住|居住|住|位于|户籍")
_RESIDES = re.compile(r"家住|现住|居住|住址|住所|住在|户籍|(?<=[,，])住|(?<=人)住|系[^。]{2,20}(?:村民|居民)")
_OFFICE = re.compile(r"办公|联系(?:地址|人|方式|电话)|通讯地址|邮政编码|邮编|窗口|服务中心|大厅|传真")
_RESIDENT = re.compile(r"(?:村民|居民|住户|户主|业主|市民|群众|公民|老人|姓名|本人)[:：]?\s*")


def homes(text: str) -> tuple[Trace, ...]:
    """Addresses of homes in `text`: a door by its number, in a sentence that names a person. Offices have no home."""
    if not DOOR_NUMBER.search(text):
        return ()
    line = folded(text)
    found = []
    for door in _DOOR.finditer(line):
        first = max(line.rfind(mark, 0, door.start()) for mark in "。；;\n") + 1
        last = min((at for mark in "。；;\n" if (at := line.find(mark, door.end())) >= 0), default=len(line))
        sentence = line[first:last]
        if _named(sentence) and not _OFFICE.search(sentence):
            begins = [m.end() for m in _PLACE_BEGINS.finditer(line, first, door.start())]
            found.append(Trace(Kind.HOME, begins[-1] if begins else first, door.end()))
    return tuple(merged(found))


def _named(sentence: str) -> bool:
    """Whether a sentence names a person: an applicant, a resident, or somebody who lives there."""
    if names(sentence) or any(name_at(sentence, m.end()) for m in _RESIDENT.finditer(sentence)):
        return True
    if not _RESIDES.search(sentence):
        return False
    return any(name_at(sentence, n) for n in (0, *(m.end() for m in re.finditer(r"[,，、:：(（]", sentence))))


# --- cases ------------------------------------------------------------------------------------------------------------

_CASE = re.compile(
    r"[(〔\[]\s*20\d\d\s*[)〕\]]\s*[\u4e00-\u9fff]?[\u4e00-\u9fff\d]{0,5}?(?:[行民刑执]\w{0,2}?[初终申再监复保审他赔]|行复|复[决议])\w{0,3}?第?\s*\d+\s*号"
    r"|[\u4e00-\u9fff]{0,4}(?:行复|复决|复议)\w{0,2}[(〔\[]\s*20\d\d\s*[)〕\]]\s*第?\s*\d+\s*号"
)
# The kind of a case and its instance or outcome: what few numbers have, and quicker to look for.
_KIND_OF_A_CASE = re.compile(r"[行民刑执复]\w{0,2}?[初终申再监复保审他赔决议]")
YEAR_OF_A_CASE = re.compile(r"20\d\d\s*[)）〕\]］】]")
_SUES = re.compile(
    r"(?:^|[,，。；;:：、(（]|原告|上诉人|申请人|[对与和就在])(?=[\u4e00-\u9fff·]{2,9}(?:等\d*人?)?(?:诉|不服))"
)


def cases(text: str) -> tuple[tuple[int, int], ...]:
    """Where `text` prints the number of a court's or review body's case."""
    if "号" not in text or not YEAR_OF_A_CASE.search(text):
        return ()
    line = folded(text)
    return tuple(m.span() for m in _CASE.finditer(line)) if _KIND_OF_A_CASE.search(line) else ()


def parties(text: str) -> tuple[Trace, ...]:
    """The people that a sentence about a case names: by role, or as 张三诉 and 张三不服."""
    if "诉" not in text and "不服" not in text:
        return names(text)
    line = folded(text)
    called = _names(line) if _CALLED.search(text) else ()
    suing = [n for m in _SUES.finditer(line) if (n := name_at(line, m.end())) and n.sure]
    return tuple(merged([*called, *suing]))
