"""The small words of the prose: what may stand between a number and what it counts, denials, wholes, scopes."""

from __future__ import annotations

import re

JOINED = re.compile(r"(?:的)?(?:[、和及与或/]|以及)")

# Between a term and the number behind it nothing else may stand: “答复群众意见56条” is no 答复 of requests.
BEFORE_NUMBER = re.compile(
    r"(?:的|量|共计?|合计|总计|累计|总数|总量|数量|件数|数|总金额|总额|收费|案件|事项|件|办件|项目|金额|收入|收取|征收|为|是|达到?|了|有|[: ]|有关|工作|情况|审结|其中|提交|提出|发生|产生"
    r"|均|各|全年|实际|本年度?|年末|年内|分别)*"
)
# How the words behind a number begin when they tell what became of it: “16件已答复”, “2件经补正仍不明确”.
AFTER_NUMBER = re.compile(
    r"(?:的|已|均|全部|经|因|由|属|在|仍|尚|未|予|不|无|没有|结转|转结|转|顺延|延|答复|办结|部分|公开|按|依法|正|于|需|被|系|为|涉及|逾期|重复|申请人"
    r"|作|其[他它]|[之以]?外|驳回|维持|纠正|撤销|审结|责令|确认|胜诉|败诉|[^\u4e00-\u9fff])"
)
# A clause that opens so leaves the telling to what follows the number.
# fmt: off
LEADING_TO_NUMBER = (
    "其中", "另", "另外", "余下", "余下的", "余", "剩余的", "剩下", "剩下的", "其余的", "除", "含", "有", "对", "中", "里", "目前",
    ":", ",", ";", "(", "、",
    "召开", "举办", "开展", "组织", "举行", "承办", "办理", "发生", "引发", "产生", "了",
)
# fmt: on
IN_ALL = "约共计"
# Openers of an applicant in a list.
LEADING_TO_APPLICANT = re.compile(
    r"(?:其中|包括|含|有|由|来自|按[^,;]{0,10}分类?|从[^,;]{0,10}看|分别(?:为|是)?|申请中|[:,;(、和及与 ]|[^,;]*(?:收到|受理|新收|办理))*"
)

# At most so many characters of a lead say that a number is a difference.
LONGEST_DIFFERENCE = 4
DIFFERENCE = re.compile(r"(?:增(?:(?<!新增)加?|长)|减少?|下降|上升|提[高升]|降低|回落|多|少)了?(?:约|近)?$")
NOT_TOLD = re.compile(
    r"将(?!.{0,6}[至到])|计划|拟|力争|不少于|至少|每[年月周季次两半]|目标|原则上|下一步|最高|限额|第$"
)

_DENIED_VERBS = "收到|接到|接收|接|受理|发生|产生|出现|引发|引起|收取|收费|办理|涉及|作出|做出|制发|制定|出台|印发|废止|被|有|提起|因|新收|公开过|结转"
DENIAL = re.compile(
    rf"未(?:曾)?(?=(?:向[^,;]{{0,8}})?(?:{_DENIED_VERBS}))|没有?(?!现成|掌握|依据|条件|必要)|不存在(?=[^,;。]{{0,20}}(?:申请|结转|复议|诉讼|收费))"
    r"|无(?=[^,;。]{0,30}(?:申请|结转|转结|复议|诉讼|收费|处理费|败诉|纠错|规范性文件|规章|许可|处罚|强制|顺延)|$)(?!法|正当|关|偿|误|需公开)"
    r"|零(?=申请|复议|诉讼|受理|收件|结转|行政复议|行政诉讼|收费|纠错|败诉)"
)
# What may follow the head of a denied noun phrase.
HEAD_END = re.compile(
    r"(?:的)?(?:情况|情形|事项|案件|业务|件|数量|总数|现象|行为|记录|信函|信件|及|应诉通知)*(?:的)?(?:发生|产生|出现|引发)?(?:$|[、和及与或亦也而,;。()等 ]|以及|均|为)"
)
NOTHING_FOLLOWS = re.compile(r"(?:收到|发生|产生|出现|受理|接到|涉及|有|的|情况|情形|相关|此类|过|[。 ])*")
BEFORE_DENIAL = re.compile(r"(?:方面|情况|工作|数量|案件|事项|[: ]|均|也|亦|都|全年|本年度?|年内|,)*")

# “均已答复”, “全部办结”, “一并答复”.
WHOLE = re.compile(
    r"(?<!平)(?<![^请]人)均(?![衡匀等值])|全部(?=.)|全都|悉数|一并|皆|(?<!成)都(?=已|按|予|在|是|得|被|依)|(?<=100%)(?=办结|答复)"
)
# One of these stands in or before every whole.
OF_A_WHOLE = re.compile("均|全部|全都|悉数|一并|皆|都|%")
BEFORE_WHOLE = re.compile(r"(?:其余|剩余|其他|其它|年内|申请人?|已|上述申请)$")
RATE = re.compile(r"(?:办结|答复|办复|回复|处理|办理完成|按时办理)率(?:为|达到?|均为|均达到?|保持|保持在|[: ])*$")

LIST_OPENS = re.compile(r"其中|包括|包含|含|分别")
EXCEPT = re.compile(r"除(?!此|草|尘)")
REMAINDER = re.compile(r"其余|剩余|余下|剩下")
FURTHER = re.compile(r"另外?有?(?=\d|[一二两三四五六七八九十]|$)|另外?有?$|还有$")

# Ways in: a number behind one of them is a part of the requests.
CHANNEL = re.compile(
    r"线上|线下|在线|网上|网络|平台|网站|门户|邮寄|邮政|信函|信件|来信|来函|当面|现场|窗口|传真|邮件|邮箱|电话|来访|来电|上门|纸质|书面(?=申请)|EMS|其[他它](?=[^,;。]{0,6}(?:形式|渠道|方式|途径|申请))|互联网|公众号"
)
PART_OF_YEAR = re.compile(
    r"上半年|下半年|[一二三四1-4]季度|前\d+个月|(?<!\d)1?\d月(?:份|底)|(?:截至|截止)(?!20\d\d年底|20\d\d年12月|年底|年末|12月|目前)"
)
# Without one of these no part of a year is named.
OF_A_PART = re.compile("半年|季度|个月|月份|月底|截至|截止")
LAST_YEAR = re.compile(
    r"(?:去(?<![较比与同].)年|上(?<![较比与同].)一?年度?|往(?<![较比与同].)年)(?!结转|转|遗留|未|末|延|顺)"
)
# Without one of these a sentence tells of no other time than the year.
OF_ANOTHER_TIME = re.compile(
    rf"{OF_A_PART.pattern}|去年|往年|上年|上一年|以来|年来|近[两二三四五六七八九十\d]|历年|自20|年(?<=\d年)"
)
SINCE = re.compile(r"以来|[两二三四五六七八九十几]年来|近[两二三四五六七八九十\d]+年|历年|自20\d\d年|建站以来")
TO_BE_PAID = re.compile(r"应收|应缴|应当?收取")
EVERY_AGENCY = re.compile(
    r"全[市县区省镇乡州盟旗]|全系统|全[市县区省]各级|市各级|县各级|区各级|各级(?:行政机关|政府)|各部门|各(?:镇街|乡镇|街道|单位)|下属|所属单位|系统内"
)
OWN = re.compile(
    r"本机关|本单位|本级|局机关|机关本级|我[局委办厅中站镇乡街处]|本[局委办厅镇乡街]|办公[室厅]|局机关|区本级|县本级|市本级|市政府(?!各|部门)"
    r"|县政府(?!各|部门)|区政府(?!各|部门)|委机关|厅机关"
)
REVIEWING_BODY = re.compile(r"作为(?:行政)?复议(?:机构|机关)")
ABOUT_OPENNESS = re.compile(r"(?:政府|政务)信息(?:依申请)?公开|信息公开|依申请公开|公开申请")
HANDLING_FEE = re.compile(r"收费|费用")
HANDLED = re.compile(r"(?:受理|办理|审理|承办|审结|立案|收到|办结)[^,;。、]{0,4}$")
CASES_HANDLED = re.compile(r"^(?:依法|共|累计)*(?:办理|办结)(?!.*决定)")
EACH = re.compile(r"各$|均为?$")
EVERY_WAY = re.compile(r"等(?:多种|各种|各类)?(?:方式|渠道|形式|途径|平台)")
THROUGH = re.compile(r"通过[^,;、]*$")
EXCLUDING = re.compile(r"\((?:不含|不包括|不包含|未含)")
ONWARD = re.compile(r"(?:至|到|入)?(?:下一?个?年|次年|明年|20\d\d年)")
ISSUED = re.compile(r"制发|制定|印发|出台|发布")
RESPECTIVELY = re.compile(r"分别(?:为|是|达|有)?$")
LAST_YEAR_ALSO = re.compile(r"(?:上一?年度?|去年|往年)[也亦均并没有未无]*$")
DENIED_NOUN = re.compile(r"(?:的)?(?:政府信息公开)?(?:申请|事项|案件|件|情况|(?:行政)?规范性文件|规章)*")
# 公开 alone, and what shows that it is an outcome.
OPENS_OUTCOME = re.compile(r"(?:^|[:,;、(]|其中|分别为|依法|结果为|为|件)$")
OTHER_OUTCOME = re.compile(r"部分(?:予以)?公开|不予公开|无法[提公]|不予处理|其他处理")
# Items of a list, and the longest of them in characters.
ITEM_OPENS = re.compile(r"(?:[:、和及]|其中|包括|包含|含|分别为?)*")
ITEM_ENDS = re.compile(r"[\d件条宗例起份次、]")
LONGEST_ITEM = 40
NO_DECISION = re.compile(r"(?:公开|公示|公布|发布)[^,;。]*、$|(?:受理|公开|公示|发布|录入|归集|报送|产生)(?:的|各类)*$")
# “均未被纠错” says of none what “均被纠错” says of all.
NEGATED = re.compile(r"未|没有?|无|不")
# “其中：政策文件32件，行政许可42项” lists what was published, unless somebody decides.
OF_WHICH = re.compile(r"其中|包括|主要(?:有|包括|为)")
DECIDES = re.compile(r"作出|做出|决定|办理|办结|审批|受理|实施|处理|核发|颁发|准予|查处|立案")
