"""Numbers and names of people in a text: what is one, what only looks like one, and how they are masked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcore import naming, personal
from gdcore.personal import Kind

BEIJING = "110101199003070011"
WITH_X = "37032319850610006X"
CARD = "6228480402564890018"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def told(text):
    return [(t.kind, text[t.start : t.end]) for t in personal.numbers(text)]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        (f"申请人身份证号{BEIJING}。", Kind.IDENTITY, BEIJING),
        (f"（{WITH_X}）", Kind.IDENTITY, WITH_X),
        (f"身份证{WITH_X.lower()}，", Kind.IDENTITY, WITH_X.lower()),
        (BEIJING.translate(WIDE), Kind.IDENTITY, BEIJING.translate(WIDE)),
        ("110101 19900307 0011", Kind.IDENTITY, "110101 19900307 0011"),
        ("1101 0119 9003 0700 11", Kind.IDENTITY, "1101 0119 9003 0700 11"),
        ("110101-19900307-0011", Kind.IDENTITY, "110101-19900307-0011"),
        ("公民身份号码 1 1 0 1 0 1 1 9 9 0 0 3 0 7 0 0 1 1", Kind.IDENTITY, "1 1 0 1 0 1 1 9 9 0 0 3 0 7 0 0 1 1"),
        ("110101199003\n070011", Kind.IDENTITY, "110101199003\n070011"),
        (f"身份证编号：{BEIJING}", Kind.IDENTITY, BEIJING),
        ("旧证号130503670401001", Kind.OLD_IDENTITY, "130503670401001"),
        ("与13812345678联系", Kind.MOBILE, "13812345678"),
        ("+8613812345678", Kind.MOBILE, "13812345678"),
        ("138-1234-5678", Kind.MOBILE, "138-1234-5678"),
        ("138 1234 5678", Kind.MOBILE, "138 1234 5678"),
        ("１３８１２３４５６７８", Kind.MOBILE, "１３８１２３４５６７８"),
        ("账号：1234567890123456", Kind.ACCOUNT, "1234567890123456"),
        ("开户行云泽农商行，6217 0001 2345 6789 012", Kind.ACCOUNT, "6217 0001 2345 6789 012"),
        ("帐户 1234567890123456789", Kind.ACCOUNT, "1234567890123456789"),
        (f"提供{CARD}用于退费", Kind.CARD, CARD),
    ],
)
def test_personal_numbers(text, kind, number):
    assert told(text) == [(kind, number)]


def test_neighbours_are_told_apart():
    assert told(f"{BEIJING} 13812345678、13912345678") == [
        (Kind.IDENTITY, BEIJING),
        (Kind.MOBILE, "13812345678"),
        (Kind.MOBILE, "13912345678"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"索引号：{BEIJING}",
        f"索 引 号：{BEIJING[:6]}",
        "索引号113703230044314227/2025-00012",
        f"{BEIJING}/2025-00012",
        f"2023-{BEIJING}",
        "统一社会信用代码：11370323004314227X",
        "统一社会信用代码113703230044314227",
        "91370323MA3C5T6K8X",
        "110101199003070012",  # check digit
        "110101199013070019",  # month 13
        "110001199003070015",  # no such region
        "1101011990030700110028",
        f"http://www.yunze.gov.cn/art/2023/{BEIJING}.html",
        f"http://www.yunze.gov.cn/art?id={BEIJING}",
        f"t20240119_{BEIJING}.html",
        f"P0{BEIJING}",
        "1 1 0 1 0 1 1 9 9 0 0 3 0 7 0 0 1 1",  # cells in a line
        "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "国办公开办函〔2021〕30号",
        "联系电话：0533-6721234，传真0533-6721235",
        "邮编256100，政务服务热线12345",
        "01012345678",
        "资金13812345678元",
        "访问量 13812345678 次",
        "1381234567.80",
        "QQ群13812345678",
        "微信号：13812345678",
        "备案号13812345678901",
        "2023121500012346",
        "编号6228480402564890018",
        "抖音账号：6228480402564890018",
        "受理号13812345678，办件号13912345678",
        "6228480402564890019",  # check digit
        "1111111111111117",
        "主动公开政府信息1234567条，办结率100%",
        "2023年1月1日至2023年12月31日",
    ],
)
def test_other_numbers(text):
    assert told(text) == []


@given(
    st.sampled_from(["110101", "370323", "441424", "659001", "810000"]),
    st.dates(min_value=date(1920, 1, 1), max_value=date(2024, 1, 1)),
    st.integers(0, 999),
)
def test_every_valid_number_is_found_and_a_wrong_check_digit_is_not(region, born, order):
    body = f"{region}{born:%Y%m%d}{order:03}"
    digit = "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]
    assert personal.is_identity(body + digit)
    assert not personal.is_identity(body + ("1" if digit == "0" else "0"))


@given(st.text(alphabet="0123456789Xx０１２ \n-张三申请人：，。abc", max_size=60))
def test_masking_keeps_the_length(text):
    traces = [*personal.numbers(text), *naming.parties(text), *naming.homes(text)]
    assert len(personal.covered(text, traces)) == len(text)


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        (BEIJING, Kind.IDENTITY, "110*************11"),
        ("110101 19900307 0011", Kind.IDENTITY, "110*** ******** **11"),
        ("13812345678", Kind.MOBILE, "138******78"),
        ("张建国", Kind.NAME, "张××"),
        ("欧阳明", Kind.NAME, "欧阳×"),
        ("阿布都·买买提", Kind.NAME, "×××××××"),
        ("云泽县人民路12号3号楼2单元502室", Kind.HOME, "云泽县人民路" + "×" * 13),
        ("5号楼3单元301室", Kind.HOME, "×" * 10),
        ("119900", Kind.PIECE, "******"),
    ],
)
def test_what_stays_visible(text, kind, shown):
    assert personal.masked(text, kind) == shown


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("申请人张三申请公开征地批文。", ["张三"]),
        ("申请人李娜不服，提起行政复议。", ["李娜"]),
        ("原告王小明诉云泽县教育局政府信息公开一案。", ["王小明"]),
        ("申请人：赵云飞", ["赵云飞"]),
        ("申请人姓名：方志敏", ["方志敏"]),
        ("申请人（张建国）于2023年3月提交申请", ["张建国"]),
        ("申请人张三、李四等5人提出申请", ["张三", "李四"]),
        ("原告王五和赵六请求判令公开", ["王五", "赵六"]),
        ("当事人欧阳明因不服答复", ["欧阳明"]),
        ("当事人刘洋", ["刘洋"]),
        ("申请人高志强申请公开", ["高志强"]),
        ("上诉人阿布都·买买提不服一审判决", ["阿布都·买买提"]),
        ("村民李建国提出政府信息公开申请", ["李建国"]),
        ("收到陈晓东提交的政府信息公开申请1件", ["陈晓东"]),
        ("信访人孙丽华反映的问题", ["孙丽华"]),
        ("申请人是周杰，", ["周杰"]),
        ("申请人 王芳 提出", ["王芳"]),
        ("第三人吴某某、郑爱国的合法权益", ["郑爱国"]),
        ("公民钱学东要求公开宅基地审批材料", ["钱学东"]),
        ("被申请人杨国强拒不履行", ["杨国强"]),
    ],
)
def test_names_of_applicants(text, names):
    found = naming.names(text)
    assert [text[n.start : n.end] for n in found] == names
    assert all(n.sure for n in found)


PIECES = (
    "申请人 原告 原告人 被申请人 村民 收到 姓名 ： : （ “ 为 是 名叫 张三 李四海 欧阳修远 单于 张某 赵×× 刘＊＊ 陈* 吴先生 买买提·艾山 阿迪力•吾甫尔 于今年 方某"
    " 、 和 提出信息公开申请 不服 诉 等 ， 。 的 2024年 曾"
)


@given(st.lists(st.sampled_from([*PIECES.split(), " ", "\u3000", "\n"]), max_size=8).map("".join))
def test_the_quick_question_for_somebody_misses_nobody(text):
    assert naming.SOMEBODY.search(text) or not naming.parties(text)


@pytest.mark.parametrize("text", ["申请人黄河申请公开", "申请人马云不服", "原告高峰诉", "申请人李可同意"])
def test_names_that_may_be_words_are_doubtful(text):
    assert [n.sure for n in naming.names(text)] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理",
        "申请人主动撤回申请1件",
        "当事人合法权益得到保障",
        "当事人陈述、申辩",
        "原告诉讼请求被驳回",
        "原告方败诉",
        "原告方同意撤诉。",
        "原告方律师到庭，委托代理人张伟出庭应诉",
        "申请人张某申请公开，申请人刘某某",
        "申请人王女士、李先生",
        "申请人张××、李*",
        "申请人满意，申请人均为自然人",
        "申请人于今年向我局提出",
        "申请人于法定期限内提起复议",
        "申请人和第三人",
        "申请人向本机关提出",
        "申请人应当补正，申请人方可获取",
        "申请人曾多次咨询",
        "申请人高度认可，申请人安全感",
        "申请人身份证明、申请人类别、申请人身份、申请人名单",
        "申请人程序性权利，申请人所在地",
        "申请人许可后，申请人任意提出",
        "第三人民医院、第三人民法院",
        "党工委书记张伟主持会议，主要领导李强任组长",
        "人大代表王强提出建议，政协委员李娜提交提案",
        "收到王李村提交的申请",
        "收到高新区提交的政府信息公开申请，收到平台提交的申请",
        "收到公民提出的政府信息公开申请25件，收到村民提出的申请",
        "群众满意度提高，群众张贴公告要求公开",
        "当事人周边环境，当事人金额较大，",
        "与申请人沟通，申请人需要，向当事人解答，",
        "被申请人云泽县教育局，原告江苏某公司诉",
        "申请人王府井百货公司申请，原告李宁公司诉",
        "村民张大爷要求公开低保名单",
        "申请人李家村诉",
    ],
)
def test_no_names(text):
    assert naming.parties(text) == ()


# --- homes and cases --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("申请人张建国，家住云泽县人民路12号3号楼2单元502室，", "云泽县人民路12号3号楼2单元502室"),
        ("村民李建国（住东关街道和平小区5号楼3单元301室）申请公开", "东关街道和平小区5号楼3单元301室"),
        ("原告赵四，住柳林镇河湾村3组15号。", "柳林镇河湾村3组15号"),
        ("居民王小红的房屋（和平里8栋1单元302）", "和平里8栋1单元302"),
    ],
)
def test_homes(text, home):
    assert [text[t.start : t.end] for t in naming.homes(text)] == [home]


@pytest.mark.parametrize(
    "text",
    [
        "地址：云泽县人民路12号3号楼205室，联系人：张建国",
        "政务公开专区位于政务服务中心2号楼1单元101室",
        "走访5号楼3单元302室困难群众",
        "东关社区12号楼2单元居民王大妈",
        "申请人王小明到云泽县人民路12号办公大厅205室查阅",
        "云泽县人民路12号",
    ],
)
def test_no_homes(text):
    assert naming.homes(text) == ()


@pytest.mark.parametrize(
    "number",
    [
        "（2023）云0102行初15号", "(2023)云01行终120号", "〔2023〕云行申3号", "（2022）最高法行申123号",
        "云政复决字〔2023〕第5号", "行复〔2023〕8号", "（2023）云0102民初15号", "（2023）行初字第5号", "云政行复〔2023〕7号",
    ],
)  # fmt: skip
def test_case_numbers(number):
    text = f"收到{number}文书。"
    assert [text[start:end].removeprefix("收到") for start, end in naming.cases(text)] == [number]


@pytest.mark.parametrize(
    "text",
    ["云政复〔2023〕12号", "国办公开办函〔2021〕30号", "云政发〔2023〕5号", "云复函〔2023〕3号", "（2023）年第3号"],
)
def test_document_numbers_are_no_cases(text):
    assert naming.cases(text) == ()


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("张三诉云泽县教育局政府信息公开案", ["张三"]),
        ("李建国等3人诉县政府", ["李建国"]),
        ("在王小明诉县自然资源局一案中", ["王小明"]),
        ("云泽县某公司诉", []),
        ("张某诉县政府", []),
    ],
)
def test_parties(text, people):
    assert [text[p.start : p.end] for p in naming.parties(text)] == people
