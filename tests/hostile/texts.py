"""Plain texts and rosters: what a report says repeated without measure, alone and within a report that is otherwise whole."""

from __future__ import annotations

from collections.abc import Iterator

import desk

from .made import Hostile, named

MANY = 60_000
# What readers, recognition and rules look for; repeated, it may cost them the square of its length.
REPEATED = (
    "（一）", "一、", "1.", "第一条", "（", "）", "“", "”", "《", "【", "：", "，", "。", "；", "、", " ", "\u3000", "\t", "|", "-", "…",
    "0", "9 ", "12件", "2023年", "1月", "百分之", "％", "同比增长", "主动公开", "本年度", "人民政府", "街道办事处", "办公室", "县", "年报",
    "没有", "未发生", "0件", "张三", "身份证号", "110101199003070011", "13800138000 ", "人民路12号", "http://a.cn/", "a@b.cn ",
    "总体情况", "四、结转下年度继续办理", "（一）予以公开", "三、收到和处理政府信息公开申请情况", "信息内容", "自然人", "总计", "合计",
    "例如", "XX", "某某", "×", "的", "的的", "不", "为", "共", "其中", "分别", "，其中", "其中：0件，", "5件，占50%，", "收到申请5件，1件，占20%，", "\u200b", "\u202e", "é́",
)  # fmt: skip
MARK = "本机关"


def files() -> Iterator[Hostile]:
    yield from named("texts", _alone())
    yield from named("texts in reports", _within())
    yield from named("tables in texts", _tables())


def _alone():
    return [
        ("长行.txt", lambda: ("年报" * 3_000_000).encode()),
        ("长行数字.txt", lambda: b"7" * 5_000_000),
        ("空行.txt", lambda: b"\n" * 5_000_000 + "年报".encode()),
        ("空格.txt", lambda: "年".encode() + b" " * 5_000_000 + "报".encode()),
        ("回车.txt", lambda: b"\r" * 3_000_000 + b"a"),
        ("空字节.txt", lambda: b"a" + bytes(3_000_000) + b"b"),
        ("控制符.txt", lambda: bytes(range(1, 32)) * 50_000 + "年报".encode()),
        ("二进制.txt", lambda: bytes(range(256)) * 8000),
        ("半代理.txt", "年报".encode() + b"\xed\xa0\x80\xed\xbf\xbf" * 5000),
        ("十六位奇数.txt", "年报".encode("utf-16")[:-1]),
        ("十六位半代理.txt", b"\xff\xfe" + b"\x00\xd8" * 5000),
        ("国标断.txt", "年报".encode("gb18030") * 5000 + b"\x81"),
        ("混编.txt", "年报".encode() * 500 + "年报".encode("gb18030") * 500 + "年报".encode("utf-16") * 500),
        ("组合符.txt", lambda: ("e" + "\u0301" * 200_000).encode()),
        ("组合符乱.txt", lambda: ("a" + "\u0315\u0300\u05ae\u0300" * 50_000).encode()),
        ("变体.txt", lambda: ("ﷺ" * 300_000).encode()),
        ("全角.txt", lambda: ("２０２３" * 300_000).encode()),
        ("千行.txt", lambda: "\n".join(f"第{n}行 年报" for n in range(200_000)).encode()),
        ("逗号.csv", lambda: b"," * 3_000_000),
        ("引号.csv", lambda: b'"' + b'a,""\n' * 500_000),
    ]


def _within():
    """A whole report with one paragraph of what it says, over and over: as one line, and as lines."""
    for number, words in enumerate(REPEATED):
        yield f"重复{number:02}.txt", lambda w=words, n=number: within(w * (MANY // len(w)), n)
        if number % 3 == 0:
            yield (
                f"分行{number:02}.txt",
                lambda w=words, n=number: within("\n".join([w] * (MANY // (len(w) + 1))), n + 100),
            )


def within(paragraph: str, seed: int) -> bytes:
    text = desk.report(f"云泽县第{seed + 1}街道办事处", 2022, seed=seed).decode()
    lines = text.split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(("一、", "一、总体情况")))
    return "\n".join([*lines[: at + 1], paragraph, *lines[at + 1 :]]).encode()


def _tables():
    return [
        ("万列.txt", lambda: within("\t".join(["1"] * 30_000), 301)),
        ("万行.txt", lambda: within("\n".join(["信息内容\t1\t2\t3"] * 20_000), 302)),
        ("竖线.txt", lambda: within("\n".join(["|" * 200] * 500), 303)),
        ("横线.txt", lambda: within("\n".join(["+---+---+---+"] * 5000), 304)),
        ("空格列.txt", lambda: within("\n".join(["规章   1   2   3   4"] * 20_000), 305)),
        ("表三千遍.txt", lambda: within("\n".join(["三、收到和处理政府信息公开申请情况", "一、本年新收政府信息公开申请数量 1 0 0 0 0 0 1"] * 3000), 306)),
        ("只有数.txt", lambda: within("\n".join(["0"] * 50_000), 307)),
        ("只有长数.txt", lambda: within("\n".join(["9" * 5000] * 50), 308)),
        ("点划线.txt", lambda: within("\n".join([". . . . . . . . . 1"] * 5000), 309)),
    ]  # fmt: skip
