"""QUA-03, 04, 05, 13, 22: true sentences that must stay silent, and faulty ones in varied wording."""

from dataclasses import replace

import pytest
from printed import passage

from gdcore import profile, samples, settings
from gdcore.checking import Facts, judge
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.rules import CATALOGUE
from gdcore.verdict import Verdict

NATIONAL = profile.load("national", settings.load({}))
CLEAN = recognise(read(samples.write(samples.clean("subdistrict", 2023, active=True), "html"), "a.html"), "a.html")


def verdicts(code: str, sentence: str) -> list[Verdict]:
    """What a rule fails or doubts in a clean report with this sentence added."""
    said = replace(CLEAN, beyond=(passage(sentence, "s1.a3"),))
    return [v for v in judge(CATALOGUE[code], Facts(said, NATIONAL)) if v.outcome.value in ("fail", "review")]


def told(code: str, sentence: str) -> list[tuple[str, str | None]]:
    """(outcome, what was found) of a rule on a clean report with the sentence added."""
    return [(v.outcome.value, v.found) for v in verdicts(code, sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "申请人张某、李某某就房屋征收补偿提出申请，均已答复。",
        "原告王××不服答复提起诉讼，法院维持原判。",
        "赵XX等三人申请公开拆迁补偿信息，已予以公开。",
        "云泽县人民法院对刘某某案作出判决。",
        "文号统一为云政发〔20××〕×号，不得使用方括号。",
        "正文引用文件写明“第××号”字样。",
        "会议室面积为6×8米，设座位40个。",
        "实行7×24小时在线服务。",
        "开通咨询邮箱xxgk@yunze.example，全天受理。",
        "网址为www.xx.example，可随时查询。",
        "运用X光机检查设备，采购XX3型档案柜2组。",
        "【部门动态】【通知公告】栏目每周更新。",
        "“[置顶]”信息按月调整。",
        "政府信息公开专栏网址http://www.yunze.example/col/col_123_45/index.html。",
        "推行“1+X”公开模式，完善三级目录。",
        "公开信息时对个人信息作去标识化处理，身份证号以*号代替。",
        "印发《20条措施》，逐条公开办理进度。",
        "某镇一名工作人员未按时答复，已作提醒。",
        "__________",
    ],
)
def test_no_placeholder(sentence):
    assert told("QUA-03", sentence) == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("全年主动公开政府信息XX条。", "XX"),
        ("全年主动公开政府信息××条。", "××"),
        ("全年主动公开政府信息xxx余条。", "xxx"),
        ("XX县坚持公开为常态。", "XX"),
        ("由××局牵头落实各项任务。", "××"),
        ("20XX年，街道健全了制度。", "20XX"),
        ("20××年修订制度两项。", "20××"),
        ("截至X月X日共公开信息20条。", "X"),
        ("共培训____人次。", "____"),
        ("共培训＿＿人次。", "＿＿"),
        ("依托[具体平台名称]发布信息。", "[具体平台名称]"),
        ("依托【单位名称】网站发布信息。", "【单位名称】"),
        ("联系人为[请填写姓名]。", "[请填写姓名]"),
        ("依托{网站名称}发布信息。", "{网站名称}"),
        ("依托{{网站名称}}发布信息。", "{{网站名称}}"),
        ("共发布信息（请填写数量）条。", "（请填写数量）"),
        ("共发布信息120条（待核实）。", "（待核实）"),
        ("在某某街道试点推广。", "某某"),
        ("全年公开信息×条。", "×"),
        ("此处插入数据表。", "此处插入"),
        ("依托××平台发布信息。", "××"),
        ("在石××镇试点推广。", "××"),
        ("落实“三项制度，主动公开政府信息XX条。", "XX"),
        ("申请人赵××提出申请，予以公开XX条。", "XX"),
    ],
)
def test_placeholder(sentence, found):
    assert ("fail", found) in told("QUA-03", sentence)


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        ("XX县全年主动公开政府信息二百一十七条。", "【XX】县全年主动公开政府信息"),
        ("街道全年通过网站和公众号主动公开政府信息XX条。", "：和公众号主动公开政府信息【XX】条。"),
    ],
)
def test_a_placeholder_is_shown_among_its_neighbours(sentence, quoted):
    (verdict,) = verdicts("QUA-03", sentence)
    assert quoted in verdict.message


@pytest.mark.parametrize(
    "sentence", ["信息标题统一写作“××街道×月工作动态”。", "申请人××公司要求公开规划图纸，已予公开。"]
)
def test_what_may_be_meant_is_for_a_person(sentence):
    assert {outcome for outcome, _ in told("QUA-03", sentence)} == {"review"}


@pytest.mark.parametrize(
    "sentence",
    [
        "编制填报说明并附示例，指导各科室填报。",
        "（注：数据含上年结转）",
        "本行政机关政府信息公开工作年度报告数据统计需要说明的事项为无。",
        "各科室按照填报要求逐项报送数据。",
        "以表格形式公开惠民资金发放情况。",
        "做到没有公开依据的一律不予公开。",
        "制定模板，规范答复文书格式。",
        "以文字、图片等形式发布解读。",
    ],
)
def test_no_instruction(sentence):
    assert told("QUA-04", sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "该部分以表格形式报告。表格如下：",
        "（文字描述）",
        "（文字描述，收取信息处理费情况在此处报告。）",
        "填报说明：各单位按要求填写。",
        "填报说明",
        "没有的请填0。",
        "请根据本单位实际情况填写。",
        "（不少于500字）",
        "（约300字）",
        "这一项报告本机关政府信息公开工作总体情况。",
    ],
)
def test_instruction(sentence):
    assert [outcome for outcome, _ in told("QUA-04", sentence)][:1] == ["fail"]


@pytest.mark.parametrize(
    "sentence",
    [
        "以下是全年主要工作：",
        "探索运用人工智能生成图解，上线AI主播栏目。",
        "希望以上级检查为契机，补齐短板。",
        "- 4 -",
        "— 1 —",
        "* 优化栏目设置。",
        "李**、王**的申请已答复。",
        "申请人手机号显示为138****5678。",
        "作为牵头单位，街道统筹推进公开工作。",
        "希望群众对公开工作多提意见。",
    ],
)
def test_nothing_generated(sentence):
    assert told("QUA-05", sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "以下是为您撰写的年度报告：",
        "以下是一份政府信息公开年度报告范文。",
        "希望以上内容对您有帮助。",
        "希望对您有所帮助！",
        "作为一个人工智能语言模型，我无法获取数据。",
        "作为AI语言模型，无法提供实时数据。",
        "您可以根据实际情况修改。",
        "请根据实际情况进行调整。",
        "**一是强化组织领导。**",
        "## 一是强化组织领导。",
        "全年**主动公开政府信息**二百条。",
        "- [ ] 完善公开目录",
    ],
)
def test_generated(sentence):
    assert [outcome for outcome, _ in told("QUA-05", sentence)][:1] == ["fail"]


@pytest.mark.parametrize("sentence", ["以下是根据条例要求整理的情况。", "将栏目作为AI应用试点。"])
def test_what_people_may_write_is_for_a_person(sentence):
    assert [outcome for outcome, _ in told("QUA-05", sentence)] == ["review"]


@pytest.mark.parametrize(
    "sentence",
    [
        "意见征集截止日期为6月30日，到期后及时公布采纳情况。",
        "报名截止2023年5月31日。",
        "截止到年底，各项任务全部完成。",
        "台风登陆前发布预警信息12条。",
        "以公开为目的的检查每季度一次。",
        "为了了解群众需求，开展问卷调查。",
        "不能不了了之，要逐件反馈。",
        "态度温和和蔼，服务周到。",
        "推动公开和和谐社区建设。",
        "参与与监督并重。",
        "涉及及时公开的事项逐项登记，以及及时更新的栏目。",
        "市市场监管局、区区长、镇镇长、局局长参加了会会议。",
        "人人参与、处处公开、时时更新。",
        "交错施工期间发布公告。",
        "面对严峻工作形势，按期完成任务。",
        "水渠到村、政策到户。",
        "每年年末发生的费用次年公布。",
        "举措失当的情况未发生。",
        "政府网占比逐年提高，信息化程度不断提升。",
        "如需申请请与党政办联系。",
        "政府信息公开公开栏每月更新，政务信息信息员每月培训。",
        "加强信息报告告知工作，完善网站站群建设，明确单位位置。",
        "县政府府院联动机制不断健全，已经废止的文件及时标注。",
        "反复盖章问题得到解决，按排名通报，研究竞争性磋商办法。",
        "直接转下年度办理的申请均已告知申请人。",
        "对像社区工作者这样的群体开展培训。",
    ],
)
def test_spelled_right(sentence):
    assert told("QUA-13", sentence) == []


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("截止2023年12月31日，共公开信息20条。", "截止"),
        ("截止 12 月底，任务全部完成。", "截止"),
        ("群众可登陆网站查询。", "登陆"),
        ("用户登陆后即可申请。", "登陆"),
        ("转结下年度办理2件。", "转结"),
        ("年初布署全年任务。", "布署"),
        ("建立健全长效机治。", "长效机治"),
        ("群众满意渡明显提高。", "满意渡"),
        ("做到因地治宜。", "因地治宜"),
        ("继续贯切落实条例。", "贯切落实"),
        ("政务新煤体每周更新。", "新煤体"),
        ("行政付议2件。", "行政付议"),
        ("依法公开的的信息全部上网。", "的的"),
        ("完成了了各项任务。", "了了"),
        ("自然人和和法人均可申请。", "和和"),
        ("我们们的工作得到认可。", "们们"),
        ("不断加强加强业务培训。", "加强加强"),
        ("进一步进一步规范流程。", "进一步进一步"),
        ("依法开展政府信息公工作。", "政府信息公工作"),
        ("落实《中华人民共国政府信息公开条例》。", "中华人民共国"),
        ("做好政府信息息公开。", "信息息"),
        ("本年度末收到复议申请。", "末收到"),
        ("完善工作台帐。", "台帐"),
        ("扩大公开复盖面。", "复盖"),
        ("多渠到公开信息。", "渠到"),
    ],
)
def test_misspelled(sentence, wrong):
    assert ("fail", wrong) in told("QUA-13", sentence)
