"""The documents that are made from templates, and the fields that each template may use."""

from __future__ import annotations

from gdcore.exports.docx import Kind

_LETTER = ("单位", "年度", "期限", "日期")

RETURN_NOTICE = Kind(
    "return_notice",
    "退回修改通知",
    (*_LETTER, "收到日期", "条数", "各类问题"),
    ("单位", "年度", "期限", "各类问题"),
)
REMINDER = Kind("reminder", "催报函", _LETTER, ("单位", "年度", "期限"))
BULLETIN = Kind(
    "bulletin",
    "通报草稿",
    (
        "年度", "期限", "日期", "应报", "已报", "未报", "逾期", "平均分", "暂不评分", "各等次", "得分分布图", "问题单位", "常见问题",
        "常见问题图", "典型案例", "较好概况", "较好名单", "待整改概况", "待整改名单", "未报送概况", "未报送名单",
    ),
    ("年度", "已报"),
)  # fmt: skip
SCORECARD = Kind(
    "scorecard",
    "评分表",
    (
        "单位", "年度", "版本", "收到日期", "文件", "方案", "核查时间", "否决", "得分说明", "各项", "问题", "问题条数", "待核",
        "待核条数", "不计", "不计条数", "未评估", "未评估条数", "检查说明",
    ),
    ("单位", "年度", "问题"),
)  # fmt: skip
