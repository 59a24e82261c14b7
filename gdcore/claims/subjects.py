"""What prose speaks of: objects (申请, 行政复议, 信访 …), and for each kind of case what may be told of it (办结, 维持 …).

An object is what is counted, a predicate what happened to it; together they give the subject of a claim. Where two
patterns match at one place, the longer one holds: 行政规范性文件解读 is no 行政规范性文件.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from gdcore.record import record


class Topic(StrEnum):
    """What a stretch of prose is about: decides which predicates have a meaning."""

    REQUESTS = "requests"
    REVIEW = "review"
    LITIGATION = "litigation"
    DISPUTES = "disputes"
    NORMATIVE = "normative"
    REGULATIONS = "regulations"
    HANDLING_FEE = "handling_fee"
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A pattern and its subject; "" for what is recognised only so that it is taken for nothing else.

    Whatever the pattern matches holds one of `keys`: looking for these first saves most of the work. `topic` is what
    the text is about from here on, None where the term leaves that as it was.
    """

    subject: str
    pattern: re.Pattern[str]
    keys: tuple[str, ...]
    topic: Topic | None = None


@record(frozen=True, slots=True)
class Found:
    """A term found in a text."""

    term: Term
    start: int
    end: int

    @property
    def subject(self) -> str:
        """The subject of the term."""
        return self.term.subject


def _terms(topic: Topic | None, *entries: tuple[str, str, str]) -> tuple[Term, ...]:
    """Terms of (subject, pattern, keys)."""
    return tuple(Term(subject, re.compile(pattern), tuple(keys.split()), topic) for subject, pattern, keys in entries)


# --- objects --------------------------------------------------------------------------------------------------------

# 申请 alone is a request only behind a verb of requests, a way in, an applicant, or “的”.
_BEFORE_REQUEST = (
    "(?:(?<=收到|受理|接到|接收|办结|答复|办理|新收|公开|结转|转结|转入|网络|网上|在线|线上|线下|信函|邮寄|当面|书面|现场|传真|来信|窗口|平台|纸质|电话|来访|邮件|邮箱|网站|门户|口头|微信|渠道|各类|全部|所有|企业|机构|组织|"
    r"共计|续办|依法|处理|一批|任何|有关|相关)|(?<=自然人)|(?<=[的类件例宗份起条度零])|(?<![\u4e00-\u9fff]))"
)
_NO_DISPUTE = r"(?!(?:工作|答复|案件|相关|方面|类)*的?(?:而|所)?(?:引[起发]|产生|发生|导致|提起)?的?(?:被)?(?:行政)?(?:复议|诉讼))"
_REQUEST = (
    rf"(?:(?:政府|政务)?信息(?:依申请)?公开的?申请(?:书|件|事项|案件|表|办件)?(?!人)"
    r"|(?:信息)?依申请(?:信息)?公开(?:政府)?(?:信息)?(?:的)?(?:申请|事项|案件|办件|件(?!数))*(?!人)"
    r"|公开申请(?:案件|事项|件)?(?!人)|申请公开(?:政府)?信息"
    rf"|{_BEFORE_REQUEST}申请(?:书|件|案件|事项)?(?!人|表|公开|方|行政|复议|书面|渠道|条件|流程|指南)){_NO_DISPUTE}"
)
_REVIEW = r"(?:被)?(?:申请|提起|提出)?行?政?(?<!未经)(?<!经)复议(?:案件|申请|事项)?(?!机关|机构|法|决定|前置|后|诉讼|应诉|直接|人员|答复)"
_SUIT = r"(?:被)?(?:提起|提出)?(?:行政)?(?:诉讼|应诉)(?:案件|应诉(?:通知书?)?)?(?!请求|法|代理|机关)"
_CASE_TOPICS = (
    *_terms(Topic.REQUESTS, ("received_or_total", _REQUEST, "申请")),
    *_terms(Topic.REVIEW, ("t4.review.total", _REVIEW, "复议")),
    *_terms(
        Topic.LITIGATION,
        (
            "t4.lit_direct.total",
            r"未经复议(?:程序)?直接(?:提起)?(?:的)?(?:行政)?(?:起诉|诉讼)(?:案件)?|直接起诉",
            "直接",
        ),
        ("t4.lit_after.total", r"复议后(?:再|又|仍)?(?:提起)?(?:的)?(?:行政)?(?:起诉|诉讼)(?:案件)?", "复议后"),
        ("litigation.total", _SUIT, "诉讼 应诉"),
    ),
    *_terms(
        Topic.DISPUTES,
        ("disputes.total", r"(?:行政)?复议(?:行政)?诉讼(?:案件)?|行政争议案件", "复议 行政争议"),
    ),
    *_terms(
        Topic.NORMATIVE,
        (
            "t2.normative_docs",
            r"(?:行政)?规范性文件(?!解读|清理|制定|管理|备案|审查|目录|数据|库|起草|合法|公开)",
            "规范性文件",
        ),
    ),
    *_terms(Topic.REGULATIONS, ("t2.regulations", r"(?<!规)规章(?!制度|行政|、?规范|库|备案)", "规章")),
    *_terms(
        Topic.HANDLING_FEE,
        ("handling_fee", r"(?:政府)?信息公开(?:信息)?(?:处理费|收费)用?|(?:政府)?(?:信息)?处理费", "处理费 收费"),
    ),
)
# Cases of other kinds: what is 答复 or 办结 after them is theirs.
_OTHER_CASES = _terms(
    Topic.OTHER,
    ("proposals_npc", r"(?:市|县|区|省|全国)?(?:人大)?(?:代表)?(?:建议|议案)(?!提案|和?政协)", "建议 议案"),
    ("proposals_cppcc", r"(?:市|县|区|省|全国)?(?:政协)?(?:委员)?提案", "提案"),
    ("", r"建议(?:和|及|、)?(?:政协)?(?:委员)?提案", "提案"),
    (
        "petitions",
        r"(?:群众|网上|来信|来访)?(?:信访|来信来访|来信|来访)(?:事项|案件|件|诉求)?(?!举报投诉类?申请)",
        "信访 来信 来访",
    ),
    (
        "hotline",
        r"(?:12345)?(?:政务服务)?(?:便民)?(?:服务)?热线(?:平台)?(?:转办)?(?:电话|工单|诉求|件|办件|来电)*|(?:12345)?工单",
        "热线 工单",
    ),
    (
        "messages",
        r"(?:网民|群众|网友|网上|网络|在线|电话|公众|社会|来访|市民)*(?:留言|咨询(?!电话)|问政|诉求|意见建议|意见|来信|来电|投诉|举报)"
        r"(?:件|事项)?(?!投诉类?申请)|[局县市区镇]长信箱(?:来信|信件)?|信箱(?:来信|信件)?",
        "留言 咨询 问政 诉求 意见 来信 来电 投诉 举报 信箱",
    ),
    (
        "",
        r"(?:对[^,;。]{0,12})?(?:网上|网站|信息)?纠错(?:申请|信息|留言)|(?:各类|网上)?(?:政务服务|审批服务|公共服务|便民服务|服务|审批)(?:事项|办件|申请)|办件量?",
        "纠错 服务 审批 办件",
    ),
    (
        "",
        r"(?:行政)?(?:许可|审批|确认|登记|救助|低保|备案|补贴|法律援助|执照|仲裁|赔偿|保障房|公租房)[\u4e00-\u9fff]{0,4}申请",
        "申请",
    ),
)
# Things that are counted beside the cases and leave the talk about those as it was.
_ASIDES = _terms(
    None,
    ("", r"(?:各类|出具)?[\u4e00-\u9fff、]{0,8}(?:文书|告知书|答复书|意见书|通知书|收费通知)", "书 收费通知"),
    ("training", r"[\u4e00-\u9fff]{0,8}?(?:培训|轮训)(?:会议|会|班|活动|讲座)?", "培训 轮训"),
    (
        "meetings",
        r"[\u4e00-\u9fff]{0,8}?(?:会议|推进会|调度会|工作会|部署会|座谈会|例会|专题会|协调会|联席会|培训会议(?=会议))(?!纪要|室|文件|信息|制度)",
        "会",
    ),
    ("open_days", r"(?:政府|政务)?(?:公众)?开放[日周月](?:主题)?(?:活动)?", "开放"),
    (
        "interpretations",
        r"(?:[\u4e00-\u9fff]{0,6}?文件|政策|图文|图解|视频)*(?:解读)(?:材料|稿件|文件|信息|产品|文章)?|图解|简明问答",
        "解读 图解 简明问答",
    ),
    (
        "new_media",
        r"(?:政务)?(?:新媒体|公众号|微博|微信|抖音|头条号?)(?:平台|账号)?(?:[\u4e00-\u9fff、]{0,6}?(?:发布|推送|转发|编发|推出)[^,;。、\d]{0,6}?)?"
        r"(?:信息|文章|作品|内容|推文|动态|消息)?",
        "新媒体 公众号 微博 微信 抖音 头条",
    ),
    ("documents_other", r"(?:其他|其它|印发|制发|出台)?(?:各类)?(?:政策性?文件|公文|其他文件)", "文件 公文"),
    (
        "published_items",
        r"主动公开(?:了|的|各类|各项|相关|公开|涉及[^,;。]{0,10}的|、|发布)*(?:政府|政务)?信息(?!公开|管理|目录|工作|内容|情况)"
        r"|(?:公开|发布)(?:了|的|各类|各项|相关|公开)*(?:政府|政务)信息(?!公开|管理|目录|工作|内容|情况)",
        "信息",
    ),
    (
        "published_part",
        r"公开(?!申请)[\u4e00-\u9fff]{2,12}?信息|(?:文本|结果|答复|情况)公开|政府信息公开(?:目录|指南|制度|年报)",
        "公开",
    ),
    (
        "",
        r"满意率|访问量|点击量|浏览量|阅读量|粉丝|关注|责任追究|听证会?|专栏|专题|栏目|稿件|简报|错别字|查阅点|专区|意见征集|征集|问卷|调查",
        "满意率 量 粉丝 关注 责任追究 听证 专栏 专题 栏目 稿件 简报 错别字 查阅点 专区 征集 问卷 调查",
    ),
)
_DECIDED = r"(?:(?:依法|共|累计)*(?:作出|做出|下达|实施|准予|办结|办理)(?:的)?(?:各类)?)?"
_DECISIONS = _terms(
    Topic.OTHER,
    (
        "t2.licensing.decisions",
        rf"{_DECIDED}行政许可(?:决定|案件|事项)?(?!等|信息|类|权|职能|和|与|、?行政处罚信息)",
        "行政许可",
    ),
    ("t2.penalty.decisions", rf"{_DECIDED}行政处罚(?:决定|案件|事项)?(?!等|信息|类|权|职能|裁量|和|与)", "行政处罚"),
    (
        "t2.coercion.decisions",
        rf"{_DECIDED}行政强制(?:措施|执行)?(?:决定|案件|事项)?(?!等|信息|类|权|职能|和|与)",
        "行政强制",
    ),
    ("t2.fees.amount_wan", r"行政事业性收费(?:的)?(?:收入|金额|总额|总计|项目收入)?", "行政事业性收费"),
)
OBJECTS = (*_CASE_TOPICS, *_OTHER_CASES, *_DECISIONS, *_ASIDES)


# --- predicates -----------------------------------------------------------------------------------------------------

_ON = r"(?:继续)?(?:办理|答复|办结|处理|审理|回复)?(?:的)?"
_WELL = r"(?:已经?|依法|按期|按时|及时|按规定|如期|提前)*"


def _carried(year: int | None) -> tuple[Term, ...]:
    """What is carried from one year to the next, in a report on `year`."""
    now, last, after = (f"{year + n}年" if year else "20〇〇年" for n in (0, -1, 1))
    coming = rf"(?:(?:下一?个?|次|明|来|翌)年|{after}|{now})度?"
    past = rf"(?:(?:上一?个?|去|往|历)年|{last})度?"
    this = rf"(?:(?:本|今|当)年|{now})度?"
    carry = "(?:结转|转结|转接|转入|转至|转到|转来|延续|顺延|遗留|结余){1,2}"
    return _terms(
        None,
        (
            "t3.carried_out.total",
            rf"(?:年末|年底|期末){carry}|(?:需|将|待)?(?:{carry}|转|延期|延)(?:至|到|入|在)?{coming}{_ON}"
            r"|仍?[仍尚]在(?:法定)?(?:办理|答复|处理)?(?:期限|时限|期)?(?:之?内|中)?|正在(?:办理|处理)(?:中|过程中)?|跨年度?办理"
            r"|(?:[尚还仍]|暂)?未(?:能|到期)?(?:办结|答复|办理完毕|到期)",
            "转 延 遗留 结余 仍在 尚在 正在 跨年 未",
        ),
        (
            "t3.carried_in.total",
            rf"(?:年|期)初{carry}|{past}(?:末|底)?(?:未办结|遗留)?(?:的)?{carry}(?:至|到|入)?(?:{this})?{_ON}|{carry}(?:自|的)?(?:的)?{past}(?:的)?",
            "转 延 遗留 结余",
        ),
    )


_OUTCOMES = (
    ("group.granted", r"(?:予以)?公开(?:和|及|或|与|以及)部分公开", "部分公开"),
    ("t3.granted_full.total", r"予以?公开|同意公开|准予公开|全部公开|(?<!主动)公开", "公开"),
    ("t3.granted_partial.total", r"部分(?:予以)?公开|予以部分公开|区分处理", "公开 区分处理"),
    ("group.denied", r"(?:依法)?(?:不予|未予|不)(?:以)?公开", "公开"),
    ("group.unable", r"(?:无法|不能|未能)提供", "提供"),
    ("unable_or_denied", r"(?:无法|不能|未能)公开", "公开"),
    ("group.rejected", r"不予处理|不予受理", "不予"),
    ("group.other", r"作?出?其[他它]处理", "处理"),
    ("t3.denied_state_secret.total", r"(?:属于|涉及|涉)国家秘密", "国家秘密"),
    ("t3.denied_law_prohibited.total", r"法律、?(?:行政)?法规禁止公开", "禁止公开"),
    ("t3.denied_security_stability.total", r"三安全一稳定", "三安全一稳定"),
    ("t3.denied_third_party.total", r"(?:保护|损害|侵害|涉及)第三方(?:合法)?权益", "第三方"),
    ("t3.denied_internal_affairs.total", r"(?:三类)?内部事务(?:性)?(?:信息)?", "内部事务"),
    ("t3.denied_process_info.total", r"(?:四类)?过程性(?:政府)?信息", "过程性"),
    ("t3.denied_enforcement_file.total", r"行政执法案卷(?:信息)?", "行政执法案卷"),
    ("t3.denied_admin_query.total", r"行政查询(?:事项)?", "行政查询"),
    (
        "t3.unable_not_held.total",
        r"(?:本机关)?不掌握(?:相关)?(?:政府)?(?:信息)?|(?:政府|相关)?信息不存在",
        "不掌握 信息不存在",
    ),
    (
        "t3.unable_needs_creation.total",
        r"没有现成(?:政府)?信息(?:、?需要?另行制作)?|需要?另行制作",
        "没有现成 另行制作",
    ),
    ("t3.unable_unclear.total", r"(?:经?补正后?)?(?:申请内容)?(?:仍然?|内容)不(?:够)?明确", "明确"),
    ("t3.rejected_petition.total", r"(?:(?:信访|举报|投诉)、?){2,3}类?(?:申请|事项)?", "信访 举报 投诉"),
    ("t3.rejected_duplicate.total", r"重复(?:提出|提交)?(?:的)?申请", "重复"),
    ("t3.rejected_publication.total", r"要求提供公开出版物|公开出版物", "公开出版物"),
    ("t3.rejected_excessive.total", r"(?:无正当理由)?大量、?反复申请", "反复申请"),
    ("t3.rejected_reconfirm.total", r"(?:确认或)?重新出具已?获取(?:的)?信息", "重新出具"),
    (
        "t3.other_no_correction.total",
        r"(?:申请人)?(?:无正当理由)?逾期[不未](?:作|予)?补正(?:[,、]?(?:行政机关)?不再处理)?",
        "补正",
    ),
    (
        "t3.other_unpaid_fee.total",
        r"(?:申请人)?逾期未(?:按[^,;。]{0,8})?(?:缴|交)纳?(?:费用?|信息处理费)?(?:[,、]?(?:行政机关)?不再处理)?",
        "逾期未",
    ),
    ("", r"(?:自行|主动)?(?:撤回|撤销|撤件)(?:申请)?", "撤"),
)
OUTCOME_SUBJECTS = frozenset(subject for subject, *_ in _OUTCOMES if subject)

_ASKED = r"(?:申请人)?(?:申请|提出|提交|提起)?(?:的)?(?:申请)?"
_APPLICANTS = (
    ("t3.new_received.natural_person", rf"自然人{_ASKED}", "自然人"),
    ("t3.new_received.business", rf"(?:商业)?企业{_ASKED}", "企业"),
    ("t3.new_received.research", rf"科研(?:机构|院所|单位){_ASKED}", "科研"),
    ("t3.new_received.ngo", rf"(?:社会)?公益(?:性)?组织{_ASKED}", "公益"),
    ("t3.new_received.legal_service", rf"(?:法律服务机构|律师事务所|律所){_ASKED}", "法律服务机构 律师事务所 律所"),
    ("t3.new_received.other_org", rf"其[他它](?:组织|机构|法人){_ASKED}", "其他 其它"),
    ("applicants.organisations", rf"法人(?:和|或者?|及|与|、)?其[他它](?:社会)?组织{_ASKED}", "法人"),
)
APPLICANT_SUBJECTS = frozenset(subject for subject, *_ in _APPLICANTS)

_OF_REQUESTS = _terms(
    None,
    ("", r"(?:逾期|超期|超时|未按期|未按时|未及时)(?:未)?(?:答复|办结|办理|回复)", "逾期 超期 超时 未"),
    ("carried", "结转|转结|顺延", "结转 转结 顺延"),
    ("t3.new_received.total", r"新收(?:到)?|新受理|新接收|新接到|本年收到|新增", "新 本年收到"),
    (
        "received_or_total",
        r"(?:(?:收到|接到|接收|受理|收办|收件|承接|应办|接办|办理(?!完|结果|情况|流程|期限|时限|环节|质量|中|过程))(?:并|和|及)?)+"
        rf"(?:{_WELL}(?:答复|办结|回复|办复|处理))?",
        "收到 接到 接收 受理 收办 收件 承接 应办 接办 办理",
    ),
    (
        "t3.result_total.total",
        rf"{_WELL}(?:办结|办复|答复(?!文本|文书|书|意见|情况|质量|期限|超期)|回复|办毕|办理完毕|办理完结|办理完成|处理完毕|结案|已办(?!理|结|公)"
        rf"|已处理)(?!率)",
        "办 答复 回复 结案 处理",
    ),
    *_OUTCOMES,
    *_APPLICANTS,
)

# What may be told of reviews and suits; `{}` is filled with the kind of case.
_CASE_OUTCOMES = (
    (
        "upheld",
        r"(?:结果)?(?:被|予以?|判决|裁定|机关)*维持|(?:被|予以?|判决|裁定)*驳回(?:原告|申请人|其)?(?:的)?(?:诉讼请求|复议申请|起诉|请求)?|胜诉",
        "维持 驳回 胜诉",
    ),
    (
        "corrected",
        r"(?:结果)?(?:被|予以?|判决|判|裁定|直接)*(?:纠正|纠错|撤销(?:原?答复)?|责令(?:重新|限期|履行)[\u4e00-\u9fff]{0,6}|确认违法|变更|败诉)",
        "纠正 纠错 撤销 责令 确认违法 变更 败诉",
    ),
    ("other", r"其[他它]结果", "其他结果 其它结果"),
    ("pending", r"尚?未审结|尚?未(?:结案|办结)|正在审理(?:中)?|[尚仍]在审理(?:中)?|审理中|未结", "未 审理"),
)
_CASES = {Topic.REVIEW: "t4.review", Topic.LITIGATION: "litigation"}
_DOCUMENTS = {Topic.NORMATIVE: "t2.normative_docs", Topic.REGULATIONS: "t2.regulations"}
_DOCUMENT_STATES = (
    ("issued", r"(?:新?制发|制定|印发|出台|发布|新制|新增)(?!公开)", "制发 制定 印发 出台 发布 新制 新增"),
    ("repealed", r"废止|宣布失效|失效", "废止 失效"),
    ("in_force", r"现行有效|继续有效|(?<!失)有效", "有效"),
)

_FEE_TERMS = (
    ("handling_fee", r"(?:实际|共|累计|应)*(?:收取?|征收|缴纳)(?:费用?)?(?:金额)?", "收 缴纳"),
    *(outcome for outcome in _OUTCOMES if outcome[0] == "t3.other_unpaid_fee.total"),
)


def predicates(topic: Topic | None, year: int | None) -> tuple[Term, ...]:
    """What may be told of a topic."""
    if topic is Topic.REQUESTS:
        return (*_carried(year), *_OF_REQUESTS)
    if topic in _CASES:
        return _terms(None, *((f"{_CASES[topic]}.{name}", pattern, keys) for name, pattern, keys in _CASE_OUTCOMES))
    if topic in _DOCUMENTS:
        return _terms(
            None, *((f"{_DOCUMENTS[topic]}.{name}", pattern, keys) for name, pattern, keys in _DOCUMENT_STATES)
        )
    if topic is Topic.HANDLING_FEE:
        return _terms(None, *_FEE_TERMS)
    return ()
