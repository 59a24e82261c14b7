"""What an invented agency tells of its own year, beside what all reports of its kind say: so that few are alike by chance.

Each sentence is put together from a subject, a deed and an outcome; there are thousands, and a report has a few. Nothing in
them is counted, dated, cited or owed: they add prose and no claim.
"""

from __future__ import annotations

from gdcore.samples.model import scattered

_SUBJECTS = (
    "义务教育招生划片", "居家养老助餐", "困难群众临时救助", "建设项目并联审批", "惠企资金直达", "春耕农资供应", "汛期转移安置", "校园食堂食品安全",
    "异地就医备案", "残疾人辅具适配", "老旧小区加装电梯", "公交线路优化", "农村饮水管网改造", "危房改造补助", "退役军人技能培训", "公共资源交易",
    "村级财务收支", "征地补偿安置", "秸秆综合利用", "校外培训机构监管", "普惠托育服务", "政府采购合同", "乡村医生巡诊", "河湖岸线管护",
    "夜间施工噪声", "集贸市场改造", "高标准农田建设", "地质灾害隐患排查", "公租房分配", "机动车停车收费",
)  # fmt: skip
_DEEDS = (
    "把办理流程编成口袋书送到村居", "在集市和广场摆出咨询台当面解答", "录制方言短视频逐条讲解", "请企业代表到窗口全程体验", "把常见疑问汇成问答册随时更新",
    "组织干部入户讲清申请条件", "在便民大厅设触摸屏供人自助查询", "借村广播每晚播报办理进展", "把审批环节画成一张流程图", "邀请居民代表旁听会商",
    "在办事指南里附上填写样例", "把办理结果张贴在公示栏", "逐户发放明白卡", "开设专栏连载政策图解", "用手语视频向听障人士讲解", "把材料清单压减成一页纸",
    "请老党员当义务讲解员", "在园区设服务专员驻点答疑", "把历年文件按主题重新编目", "把咨询电话并入统一热线",
)  # fmt: skip
_OUTCOMES = (
    "群众少跑了冤枉路", "重复咨询明显减少", "办事人心里更有底", "企业反响良好", "误解和猜疑少了", "邻里间的纠纷也随之减少", "窗口排队的情形得到缓解",
    "申请材料的退补少了", "老年人也能自己看懂", "外地客商打听起来更方便", "基层干部解释起来有了依据", "监督的渠道更通畅了", "相关做法被多家单位借鉴",
    "村民议事时有了共同的底账",
)  # fmt: skip
_LACKS = (
    "的解释还停留在转发文件", "的办理进展更新不够勤", "的咨询渠道知道的人不多", "的材料要求写得过于专业", "的结果公布得比较零散", "的旧文件没有及时清理",
    "的政策图解做得比较粗", "的数据口径各科室不一", "的意见征集参与的人偏少", "的办理指南与窗口口径有出入", "的专栏内容比较单薄", "的历史信息查找不便",
)  # fmt: skip
_WHY = (
    "主要是承办人员更换后衔接不紧", "一些老年人仍习惯到现场打听", "业务科室与宣传人员沟通不多", "基层站所缺少专人维护", "新旧系统并行期间录入不及时",
    "偏远村组网络条件有限", "对群众的阅读习惯研究不够", "内部流转的环节偏多",
)  # fmt: skip


def deeds(name: str, year: int, count: int) -> str:
    """A paragraph of `count` sentences on what an agency did in its year."""
    return "".join(
        f"围绕{_chosen(_SUBJECTS, name, year, n)}，{_chosen(_DEEDS, name, year, n)}，{_chosen(_OUTCOMES, name, year, n)}。"
        for n in range(count)
    )


def lacks(name: str, year: int, count: int) -> str:
    """A paragraph of `count` sentences on what was wanting."""
    return "".join(
        f"{_chosen(_SUBJECTS, name, year, n + 50)}{_chosen(_LACKS, name, year, n)}，{_chosen(_WHY, name, year, n)}。"
        for n in range(count)
    )


def _chosen(options: tuple[str, ...], name: str, year: int, number: int) -> str:
    return options[scattered(f"{name}|{year}|{number}|{options[0]}") % len(options)]
