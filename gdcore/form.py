"""The statutory form per edition: sections, tables, rows, columns, labels, and the words in which addresses are told.

Sources: 国办公开办函〔2019〕60号 (fmt2019, reporting years 2019–2020) and 国办公开办函〔2021〕30号 (fmt2021, from 2021).
A new edition is a new row in these tables: 条例 第五十条 says that the format is 适时更新.

Glossary (one English word per term): 新收 new received, 上年结转 carried in, 办理结果 result, 结转下年度 carried out,
予以公开 granted, 不予公开 denied, 无法提供 unable, 不予处理 rejected, 行政复议 review, 行政诉讼 litigation (lit), 制发 issued,
废止 repealed, 现行有效 in force, 行政许可 licensing, 行政处罚 penalty, 行政强制 coercion, 行政事业性收费 fees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from gdcore import text
from gdcore.record import at_hand


@at_hand
class Edition(StrEnum):
    """Which format a report or one of its tables follows."""

    FREE_FORM = "free_form"
    FMT2019 = "fmt2019"
    FMT2021 = "fmt2021"

    @classmethod
    def of_year(cls, year: int) -> Edition:
        """The edition in force for a reporting year."""
        return cls.FREE_FORM if year <= 2018 else cls.FMT2019 if year <= 2020 else cls.FMT2021


@at_hand
class AgencyType(StrEnum):
    """What kind of body reports (roster field `agency_type`)."""

    DEPT = "dept"
    TOWNSHIP = "township"
    SUBDISTRICT = "subdistrict"
    GOVERNMENT = "government"
    GOV_OFFICE = "gov_office"
    AUTHORIZED_ORG = "authorized_org"
    VERTICAL = "vertical"


AGENCY_TYPE_NAMES = {
    AgencyType.DEPT: "部门",
    AgencyType.TOWNSHIP: "乡镇",
    AgencyType.SUBDISTRICT: "街道",
    AgencyType.GOVERNMENT: "政府",
    AgencyType.GOV_OFFICE: "政府办公室",
    AgencyType.AUTHORIZED_ORG: "授权组织",
    AgencyType.VERTICAL: "垂直管理",
}


@dataclass(frozen=True, slots=True)
class Aspect:
    """One of the five aspects of section 一; `titles` and `keywords` are regular expressions over bare text."""

    key: str
    name: str
    titles: str
    keywords: str


@dataclass(frozen=True, slots=True)
class SectionForm:
    """A section of the report. `accepted` and `irregular` are regular expressions over the bare title without numeral."""

    key: str
    short: str
    numeral: str
    title: str
    accepted: str
    irregular: str

    @property
    def heading(self) -> str:
        """The heading as the format prints it."""
        return f"{self.numeral}、{self.title}"


SECTIONS = (
    SectionForm(
        "s1_overview",
        "s1",
        "一",
        "总体情况",
        r"(政府信息公开)?(年度|工作|总体)*总体(工作)?情况(概述)?",
        r"概述|工作概述|主要工作概述|工作基本情况|(政府信息公开)?(工作)?(的)?基本(情况|概况)|总体概况|工作开展总体情况",
    ),
    SectionForm(
        "s2_proactive",
        "s2",
        "二",
        "主动公开政府信息情况",
        r"(行政机关)?主动公开政府信息(的)?情况",
        r"(行政机关)?(政府信息)?主动公开(信息)?(的)?(情况|详情)|主动公开政府信息(工作)?(的)?(详情|工作情况)?",
    ),
    SectionForm(
        "s3_requests",
        "s3",
        "三",
        "收到和处理政府信息公开申请情况",
        r"(行政机关)?收到和处理政府信息公开申请(的)?情况",
        r"(政府信息)?依申请公开(政府信息)?(办理|工作)?(的)?情况|(行政机关)?(收到和)?(处理|办理)政府信息公开(申请)?(的)?情况"
        r"|收到和处理政府信息公开情况|政府信息公开申请(的)?(收到和)?(处理|办理)(的)?情况",
    ),
    SectionForm(
        "s4_review_lit",
        "s4",
        "四",
        "政府信息公开行政复议、行政诉讼情况",
        r"(因)?政府信息公开(工作)?(被)?(申请)?行政复议(和|与|及)?(被)?(提起)?行政诉讼(的)?情况",
        r"(因)?政府信息公开(工作)?申请行政复议(和|与|及)?提起行政诉讼(的)?情况|(申请)?行政复议(和|与|及)?(提起)?行政诉讼(的)?情况",
    ),
    SectionForm(
        "s5_problems",
        "s5",
        "五",
        "存在的主要问题及改进情况",
        r"(政府信息公开)?(工作)?(中)?存在(的)?(主要)?问题(及|和|与)改进(的)?(情况|措施|举措)",
        r"(工作)?(现存|存在)(的)?(主要)?(问题|困难|不足)((及|和|与)?(改进|整改|下一步|今后|主要)?(工作)?(打算|计划|措施|举措|情况|安排|思路))?"
        r"|(主要|现存)问题(及|和|与)(改进|整改)(举措|措施|情况)|下一步(工作)?(打算|计划|安排)|改进(措施|情况)",
    ),
    SectionForm(
        "s6_other",
        "s6",
        "六",
        "其他需要报告的事项",
        r"其[他它]需要?报告(的)?事项|其[他它](报告)?事项|需要报告的其[他它]事项|其[他它]需要(说明|报告)的事项",
        r"其[他它]情况|其[他它]需要说明的情况|其[他它]工作(情况)?",
    ),
)

SECTION_BY_KEY = {s.key: s for s in SECTIONS}
SECTION_BY_SHORT = {s.short: s for s in SECTIONS}

# A title that loses one of these no longer says what its section is about (STR-09).
SECTION_KEYWORDS = {"s3_requests": "申请", "s4_review_lit": "行政诉讼", "s5_problems": "改进|整改"}

ASPECTS = (
    Aspect(
        "a1", "主动公开", r"主动公开|公开力度|公开内容", r"主动公开|(公开|发布)[^，。；]{0,30}\d+(余|多)?[条件篇份]"
    ),
    Aspect("a2", "依申请公开", r"依申请|申请公开|公开申请", r"依申请|申请公开|公开申请|信息公开[^，。；]{0,6}申请"),
    Aspect(
        "a3",
        "政府信息管理",
        r"信息(的)?(规范化?)?管理|先审查后公开",
        r"政府信息管理|信息管理|保密审查|三审三校|三审制|动态调整|先审查|清理|审核(把关|制度|发布|机制)",
    ),
    Aspect(
        "a4", "政府信息公开平台建设", r"平台|公开渠道|载体", r"平台|网站|公众号|专栏|专区|公报|查阅点|查阅场所|新媒体"
    ),
    Aspect("a5", "监督保障", r"监督|保障", r"监督|考核|培训|评议|责任追究|领导小组|组织领导"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A value column; `label` verbatim, `group` the header cell above it, "" if there is none."""

    key: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A data row; `label` verbatim with its number, `group` the key of the group it stands in, "" if in none."""

    key: str
    label: str
    group: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """A grid of rows and columns whose cells have addresses `{prefix}.{row}.{column}`.

    Table 二 has four (2019: five) blocks, each with a title of its own; tables 三 and 四 are one block each.
    """

    table: str
    key: str
    edition: Edition
    prefix: str
    title: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the columns, left to right."""
        return tuple(column.key for column in self.columns)

    def address(self, row: str, column: str) -> str:
        """The address of one cell."""
        return f"{self.prefix}.{row}.{column}"

    def across(self, row: str) -> tuple[str, ...]:
        """The addresses of the cells of a row, left to right."""
        return self._across.get(row) or tuple(self.address(row, column.key) for column in self.columns)

    @cached_property
    def _across(self) -> dict[str, tuple[str, ...]]:
        return {row.key: tuple(self.address(row.key, column.key) for column in self.columns) for row in self.rows}

    def addresses(self) -> tuple[str, ...]:
        """The addresses of all cells, row by row."""
        return self._addresses

    @cached_property
    def _addresses(self) -> tuple[str, ...]:
        return tuple(address for row in self.rows for address in self.across(row.key))


_REGULATIONS = Row("regulations", "规章")
_NORMATIVE_2021 = Row("normative_docs", "行政规范性文件", aliases=("规范性文件",))
_NORMATIVE_2019 = Row("normative_docs", "规范性文件", aliases=("行政规范性文件",))
_PENALTY, _COERCION = Row("penalty", "行政处罚"), Row("coercion", "行政强制")
_ITEMS = (Column("items_prev", "上一年项目数量"), Column("items_change", "本年增/减"))
_DECISIONS_2021 = (Column("decisions", "本年处理决定数量"),)
_DECISIONS_2019 = (*_ITEMS, Column("decisions", "处理决定数量"))
_FEES = (Row("fees", "行政事业性收费"),)


def _t2(edition: Edition, item: str, numeral: str, rows: tuple[Row, ...], columns: tuple[Column, ...]) -> Block:
    prefix = "t2" if edition is Edition.FMT2021 else "t2_2019"
    return Block("t2", item, edition, prefix, f"第二十条第（{numeral}）项", rows, columns)


T2_2021 = (
    _t2(
        Edition.FMT2021,
        "item1",
        "一",
        (_REGULATIONS, _NORMATIVE_2021),
        (Column("issued", "本年制发件数"), Column("repealed", "本年废止件数"), Column("in_force", "现行有效件数")),
    ),
    _t2(Edition.FMT2021, "item5", "五", (Row("licensing", "行政许可"),), _DECISIONS_2021),
    _t2(Edition.FMT2021, "item6", "六", (_PENALTY, _COERCION), _DECISIONS_2021),
    _t2(Edition.FMT2021, "item8", "八", _FEES, (Column("amount_wan", "本年收费金额（单位：万元）"),)),
)
T2_2019 = (
    _t2(
        Edition.FMT2019,
        "item1",
        "一",
        (_REGULATIONS, _NORMATIVE_2019),
        (
            Column("made_new", "本年新制作数量"),
            Column("published_new", "本年新公开数量"),
            Column("public_total", "对外公开总数量"),
        ),
    ),
    _t2(
        Edition.FMT2019,
        "item5",
        "五",
        (Row("licensing", "行政许可"), Row("other_services", "其他对外管理服务事项")),
        _DECISIONS_2019,
    ),
    _t2(Edition.FMT2019, "item6", "六", (_PENALTY, _COERCION), _DECISIONS_2019),
    _t2(Edition.FMT2019, "item8", "八", _FEES, _ITEMS),
    _t2(
        Edition.FMT2019,
        "item9",
        "九",
        (Row("procurement", "政府集中采购"),),
        (Column("items", "采购项目数量"), Column("amount", "采购总金额")),
    ),
)

APPLICANTS = (
    Column("natural_person", "自然人"),
    Column("business", "商业企业", "法人或其他组织"),
    Column("research", "科研机构", "法人或其他组织"),
    Column("ngo", "社会公益组织", "法人或其他组织"),
    Column("legal_service", "法律服务机构", "法人或其他组织"),
    Column("other_org", "其他", "法人或其他组织"),
    Column("total", "总计"),
)

T3_GROUPS = {
    "result": "三、本年度办理结果",
    "denied": "（三）不予公开",
    "unable": "（四）无法提供",
    "rejected": "（五）不予处理",
    "other": "（六）其他处理",
}
_GROUP_CORES = ("本年度办理结果", "不予公开", "无法提供", "不予处理", "其他处理")
T3_CAPTION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"

_T3_HEAD = (
    Row("new_received", "一、本年新收政府信息公开申请数量"),
    Row("carried_in", "二、上年结转政府信息公开申请数量"),
    Row("granted_full", "（一）予以公开", "result"),
    Row("granted_partial", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "result"),
    Row("denied_state_secret", "1.属于国家秘密", "denied"),
    Row("denied_law_prohibited", "2.其他法律行政法规禁止公开", "denied"),
    Row("denied_security_stability", "3.危及“三安全一稳定”", "denied"),
    Row("denied_third_party", "4.保护第三方合法权益", "denied"),
    Row("denied_internal_affairs", "5.属于三类内部事务信息", "denied"),
    Row("denied_process_info", "6.属于四类过程性信息", "denied"),
    Row("denied_enforcement_file", "7.属于行政执法案卷", "denied"),
    Row("denied_admin_query", "8.属于行政查询事项", "denied"),
    Row("unable_not_held", "1.本机关不掌握相关政府信息", "unable"),
    Row("unable_needs_creation", "2.没有现成信息需要另行制作", "unable"),
    Row("unable_unclear", "3.补正后申请内容仍不明确", "unable"),
    Row("rejected_petition", "1.信访举报投诉类申请", "rejected"),
    Row("rejected_duplicate", "2.重复申请", "rejected"),
    Row("rejected_publication", "3.要求提供公开出版物", "rejected"),
    Row("rejected_excessive", "4.无正当理由大量反复申请", "rejected"),
    Row("rejected_reconfirm", "5.要求行政机关确认或重新出具已获取信息", "rejected"),
)
_T3_OTHER_2021 = (
    Row("other_no_correction", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "other"),
    Row("other_unpaid_fee", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "other"),
    Row("other_misc", "3.其他", "other"),
)
_T3_TAIL = (Row("result_total", "（七）总计", "result"), Row("carried_out", "四、结转下年度继续办理"))

T3_2021 = Block("t3", "t3", Edition.FMT2021, "t3", "", (*_T3_HEAD, *_T3_OTHER_2021, *_T3_TAIL), APPLICANTS)
T3_2019 = Block(
    "t3",
    "t3",
    Edition.FMT2019,
    "t3",
    "",
    (*_T3_HEAD, Row("other_handling", "（六）其他处理", "result"), *_T3_TAIL),
    APPLICANTS,
)
T3_INPUTS = ("new_received", "carried_in", "result_total", "carried_out")

OUTCOMES = (
    Column("upheld", "结果维持"),
    Column("corrected", "结果纠正"),
    Column("other", "其他结果"),
    Column("pending", "尚未审结"),
    Column("total", "总计"),
)
T4 = Block(
    "t4",
    "t4",
    Edition.FMT2021,
    "t4",
    "",
    (
        Row("review", "行政复议"),
        Row("lit_direct", "未经复议直接起诉", "litigation", aliases=("行政诉讼未经复议直接起诉",)),
        Row("lit_after", "复议后起诉", "litigation", aliases=("行政诉讼复议后起诉",)),
    ),
    OUTCOMES,
)
T4_GROUPS = {"litigation": "行政诉讼"}

TABLE_NAMES = {"t2": "表二", "t2_2019": "表二", "t3": "表三", "t4": "表四"}
TABLE_SECTIONS = {"t2": "s2_proactive", "t3": "s3_requests", "t4": "s4_review_lit"}


def blocks(table: str, edition: Edition) -> tuple[Block, ...]:
    """The blocks of a table (`t2`, `t3`, `t4`) in an edition; table 四 is the same in both."""
    old = edition is Edition.FMT2019
    if table == "t2":
        return T2_2019 if old else T2_2021
    return ((T3_2019 if old else T3_2021),) if table == "t3" else (T4,)


def group_label(row: Row) -> str:
    """The label of the group that a row stands in, "" if in none."""
    return T3_GROUPS.get(row.group) or T4_GROUPS.get(row.group, "")


@lru_cache(maxsize=2048)
def label_core(label: str) -> str:
    """A label without its number, punctuation and spaces: what rows and headers are matched on.

    A group's label printed in the same cell in front of its row's (（三）不予公开1.属于国家秘密) is left out, too.
    """
    plain = text.plain(label)
    if plain.startswith("(本列") or plain.startswith("本列"):
        return text.bare(plain)
    core = _strip_number(plain)
    for group in _GROUP_CORES:
        rest = core.removeprefix(group)
        if rest != core and text.bare(rest):
            return label_core(rest)
    return text.bare(core)


_NUMBER = re.compile(
    r"^(?:[一二三四五六七八九十]+(?=\()|\([一二三四五六七八九十\d]+\)|[一二三四五六七八九十]+[、.]|\d+[.、)](?!\d))+"
)


def _strip_number(plain: str) -> str:
    return _NUMBER.sub("", plain) or plain
