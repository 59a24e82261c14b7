"""Makes the shipped templates of the letters: `python -m gdcore.exports.templates data/templates`, or `make templates`.

An office edits a copy of them in Word; this module is only where the shipped ones come from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from gdcore.exports.docx import UNFILLED, Kind
from gdcore.exports.kinds import BULLETIN, REMINDER, RETURN_NOTICE, SCORECARD
from gdcore.exports.sheet import (
    ADDRESS,
    BODY,
    DRAFT,
    FIGURE,
    FIRST,
    PRINTED,
    SECOND,
    SIGNED,
    SMALL_BODY,
    SMALL_HEAD,
    SMALL_TITLE,
    TITLE,
    Sheet,
)

# --- the letters ------------------------------------------------------------------------------------------------------

_CONTACT = f"联系人：{UNFILLED}，联系电话：{UNFILLED}。"
_OFFICE = f"{UNFILLED}人民政府办公室"


def _letter(kind: Kind) -> Sheet:
    sheet = Sheet()
    sheet.say(SMALL_BODY, _help(kind))
    return sheet


def _help(kind: Kind) -> str:
    """What an office sees on top of a template; as a comment, it is in no letter."""
    return (
        f"{{#p “{kind.title}”的模板。双层花括号中的字段由程序填写，带百分号的行控制重复和取舍，须各占一段；其余文字、字体、版式均可修改。"
        f"请在画叉的地方写上本单位的名称和联系方式。字段：{'、'.join(kind.fields)}。本段不会出现在生成的文书中。 #}}"
    )


def _signed(sheet: Sheet) -> None:
    sheet.say(BODY, _CONTACT, "")
    sheet.say(SIGNED, _OFFICE, "{{日期}}")
    sheet.number_pages()


def return_notice() -> bytes:
    """退回修改通知: every fault with its place, both sides, basis and what is asked for."""
    sheet = _letter(RETURN_NOTICE)
    sheet.say(TITLE, "关于退回修改{{年度}}年政府信息公开", "工作年度报告的通知")
    sheet.say(ADDRESS, "", "{{单位}}：")
    sheet.say(
        BODY,
        "你单位报送的{{年度}}年政府信息公开工作年度报告（{{收到日期}}收到）经核查，需要修改的问题共{{条数}}条，现退回修改。"
        "请对照下列问题逐条核实、修改，并于{{期限}}前重新报送。",
        "{%p for 类 in 各类问题 %}",
    )
    sheet.say(FIRST, "{{类.序号}}、{{类.名称}}（{{类.条数}}条）")
    sheet.say(BODY, "{%p for 问题 in 类.问题 %}")
    sheet.say(SECOND, "{{问题.序号}}．{{问题.名称}}")
    sheet.say(BODY, "位置：{{问题.位置}}", "情况：{{问题.情况}}")
    sheet.say(BODY, "{%p if 问题.原文 %}", "原文：{{问题.原文}}", "{%p endif %}")
    sheet.say(BODY, "{%p if 问题.应为 %}", "应为：{{问题.应为}}", "{%p endif %}")
    sheet.say(BODY, "依据：{{问题.依据}}", "{{问题.要求类别}}：{{问题.要求}}", "{%p endfor %}", "{%p endfor %}")
    sheet.say(BODY, "请一并复核报告的其他内容和表格。对所列问题有不同意见的，请在上述期限前书面说明理由。")
    _signed(sheet)
    return sheet.bytes()


def reminder() -> bytes:
    """催报函: for an agency whose report has not come."""
    sheet = _letter(REMINDER)
    sheet.say(TITLE, "关于催报{{年度}}年政府信息公开", "工作年度报告的函")
    sheet.say(ADDRESS, "", "{{单位}}：")
    sheet.say(
        BODY,
        "根据《中华人民共和国政府信息公开条例》和政府信息公开工作年度报告编制工作安排，各单位应当按期报送{{年度}}年政府信息公开"
        "工作年度报告。截至{{日期}}，尚未收到你单位的报告。",
        "请按照统一格式抓紧编制，于{{期限}}前报送。已经报送的，请与我们联系核对；因机构改革等原因不需报送的，请书面说明。",
    )
    _signed(sheet)
    return sheet.bytes()


def bulletin() -> bytes:
    """通报: how the year went in the area, as a draft."""
    sheet = _letter(BULLETIN)
    sheet.say(TITLE, "关于{{年度}}年政府信息公开工作", "年度报告核查情况的通报")
    sheet.say(DRAFT, "（草稿）")
    sheet.say(ADDRESS, "", "各有关单位：")
    sheet.say(BODY, "现将{{年度}}年政府信息公开工作年度报告（以下简称年度报告）的报送和核查情况通报如下。")
    _standing(sheet)
    _faults(sheet)
    _named(sheet)
    sheet.say(FIRST, "五、工作要求")
    sheet.say(
        BODY,
        "年度报告存在问题的单位要对照通知逐条整改，于{{期限}}前完成；未报送的单位要抓紧报送。各单位要举一反三，核准数据，"
        "规范格式，提高年度报告质量。",
    )
    _signed(sheet)
    return sheet.bytes()


def _standing(sheet: Sheet) -> None:
    sheet.say(FIRST, "一、总体情况")
    sheet.say(
        BODY,
        "截至{{日期}}，应报送年度报告的单位{{应报}}家，已报送{{已报}}家，未报送{{未报}}家"
        "{% if 逾期 %}；已报送的单位中，逾期报送{{逾期}}家{% endif %}。",
        "{%p if 平均分 %}",
        "已评分的年度报告平均{{平均分}}分。{% if 暂不评分 %}另有{{暂不评分}}家的报告未能完整识别，暂不评分。{% endif %}得分分布如下：",
    )
    sheet.table(
        (36, 56, 30, 32),
        ("等次", "得分", "家数", "占已评分单位"),
        ("{%tr for 档 in 各等次 %}",),
        ("{{档.名称}}", "{{档.范围}}", "{{档.家数}}", "{{档.占比}}"),
        ("{%tr endfor %}",),
        centred=(0, 2, 3),
    )
    sheet.say(FIGURE, "{{得分分布图}}")
    sheet.say(BODY, "{%p endif %}")


def _faults(sheet: Sheet) -> None:
    sheet.say(FIRST, "二、主要问题")
    sheet.say(BODY, "{%p if 常见问题 %}", "核查确认的问题涉及{{问题单位}}家单位，较多见的是：")
    sheet.table(
        (14, 84, 28, 28),
        ("序号", "问题", "涉及单位", "占已报单位"),
        ("{%tr for 问题 in 常见问题 %}",),
        ("{{问题.序号}}", "{{问题.名称}}", "{{问题.家数}}", "{{问题.占比}}"),
        ("{%tr endfor %}",),
        centred=(0, 2, 3),
    )
    sheet.say(FIGURE, "{{常见问题图}}")
    sheet.say(BODY, "{%p else %}", "没有经确认的问题。", "{%p endif %}")
    sheet.say(FIRST, "三、典型案例")
    sheet.say(BODY, "{%p for 案例 in 典型案例 %}")
    sheet.say(SECOND, "{{案例.序号}}．{{案例.单位}}：{{案例.名称}}")
    sheet.say(BODY, "{{案例.位置}}，原文为“{{案例.原文}}”，应为“{{案例.应为}}”。依据：{{案例.依据}}。", "{%p else %}")
    sheet.say(BODY, "没有经确认、可以举出原文的案例。", "{%p endfor %}")


def _named(sheet: Sheet) -> None:
    sheet.say(FIRST, "四、有关单位")
    for name, lead in (
        ("较好", "年度报告质量较好的单位"),
        ("待整改", "需要限期整改的单位"),
        ("未报送", "尚未报送的单位"),
    ):
        sheet.say(BODY, f"{lead}{{{{{name}概况}}}}{{% if {name}名单 %}}：{{{{{name}名单}}}}{{% endif %}}。")


# --- the scorecard ----------------------------------------------------------------------------------------------------


def scorecard() -> bytes:
    """评分表: one report with its score, every finding, and what was not judged."""
    sheet = Sheet(PRINTED)
    sheet.say(SMALL_BODY, _help(SCORECARD))
    sheet.say(SMALL_TITLE, "政府信息公开工作年度报告评分表")
    sheet.say(
        SMALL_BODY,
        "单位：{{单位}}　报告年度：{{年度}}　第{{版本}}版（{{收到日期}}收到）",
        "文件：{{文件}}　评分方案：{{方案}}　核查时间：{{核查时间}}",
        "{%p if 否决 %}",
        "不得公开：{{否决}}，清除前不得公开。",
        "{%p endif %}",
    )
    sheet.say(SMALL_HEAD, "一、得分")
    sheet.say(SMALL_BODY, "{{得分说明}}")
    sheet.table(
        (40, 18, 18, 18, 78),
        ("项目", "满分", "得分", "扣分", "扣分的规则"),
        ("{%tr for 项 in 各项 %}",),
        ("{{项.名称}}", "{{项.满分}}", "{{项.得分}}", "{{项.扣分}}", "{{项.规则}}"),
        ("{%tr endfor %}",),
        centred=(1, 2, 3),
    )
    _listed(sheet, "二、问题（{{问题条数}}条）", "问题")
    _listed(sheet, "三、待核（{{待核条数}}条，由人判定前不扣分）", "待核")
    _listed(sheet, "四、不计（{{不计条数}}条，误报或已豁免）", "不计")
    sheet.say(SMALL_HEAD, "五、未评估（{{未评估条数}}条规则，未能读取的内容不作判断）")
    sheet.say(SMALL_BODY, "{{检查说明}}", "{%p if 未评估 %}")
    sheet.table(
        (24, 62, 86),
        ("规则", "检查的问题", "未评估的原因"),
        ("{%tr for 项 in 未评估 %}",),
        ("{{项.编号}}", "{{项.名称}}", "{{项.原因}}"),
        ("{%tr endfor %}",),
    )
    sheet.say(
        SMALL_BODY, "{%p endif %}", "", "核查人：　　　　　　　　复核人：　　　　　　　　日期：　　　　年　　月　　日"
    )
    sheet.number_pages()
    return sheet.bytes()


def _listed(sheet: Sheet, head: str, name: str) -> None:
    sheet.say(SMALL_HEAD, head)
    sheet.say(SMALL_BODY, f"{{%p if {name} %}}")
    told = (
        "{{项.位置}}", "{{项.情况}}", "{%p if 项.原文 %}", "原文：{{项.原文}}", "{%p endif %}", "{%p if 项.应为 %}",
        "应为：{{项.应为}}", "{%p endif %}", "依据：{{项.依据}}", "{{项.要求类别}}：{{项.要求}}",
    )  # fmt: skip
    sheet.table(
        (13, 36, 89, 16, 18),
        ("序号", "问题", "位置、原文、应为、依据", "扣分", "状态"),
        (f"{{%tr for 项 in {name} %}}",),
        ("{{项.序号}}", ("{{项.编号}}（{{项.级别}}）", "{{项.名称}}"), told, "{{项.扣分}}", "{{项.状态}}"),
        ("{%tr endfor %}",),
        centred=(0, 3, 4),
    )
    sheet.say(SMALL_BODY, "{%p else %}", "无。", "{%p endif %}")


MAKERS: dict[str, Callable[[], bytes]] = {
    RETURN_NOTICE.name: return_notice,
    REMINDER.name: reminder,
    BULLETIN.name: bulletin,
    SCORECARD.name: scorecard,
}


def main(folder: Path) -> None:
    """Write all of them into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in MAKERS.items():
        (folder / f"{name}.docx").write_bytes(make())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
