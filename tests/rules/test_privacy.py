"""The PRI rules: which places they look at, how sure they are, what they tell, and what the file betrays."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from gdcore import form, masking
from gdcore.checking import Checked, Facts, check
from gdcore.document import Format
from gdcore.figure import Passage
from gdcore.finding import Finding
from gdcore.leftover import Leftover, user_path, without_user
from gdcore.place import Anchor, Place
from gdcore.report import Heading, Identity, Section
from gdcore.scoring import load, score
from gdcore.settings import load as settings
from gdcore.verdict import Outcome, Severity
from tests.printed import NATIONAL, passage, report, table

NUMBER = "110101199003070011"
SCHEME = load("default", settings({}))


def said(text: str, address: str = "s1.a2", **fields: Any) -> Checked:
    """A report that says this in its first section."""
    printed = Passage(text, (Anchor(address, Place(page=2, box=(50.0, 60.0, 500.0, 75.0)), 7, (0, len(text))),))
    s1 = Section("s1_overview", True, None, (printed,))
    rest = tuple(Section(s.key, True) for s in form.SECTIONS[1:])
    return check(Facts(report(sections=(s1, *rest), **fields), NATIONAL))


def findings(checked: Checked, code: str) -> list[Finding]:
    return [f for f in checked.findings if f.rule == code]


def digits(found: str) -> str:
    return hashlib.sha256(found.encode()).hexdigest()[:6]


def test_the_address_holds_the_hash_of_what_is_printed_and_the_finding_only_the_mask() -> None:
    (finding,) = findings(said(f"身份证号{NUMBER}。"), "PRI-01")
    assert finding.address == f"s1.a2#{digits(NUMBER)}"
    assert finding.found == "110*************11"
    assert finding.message == "出现疑似公民身份号码“110*************11”，属于个人信息"
    assert [a.span for a in finding.anchors] == [(4, 22)]
    assert (finding.severity, finding.outcome, finding.expected) == (Severity.ERROR, Outcome.FAIL, None)


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"preamble": (passage(NUMBER, "preamble"),)}, f"preamble#{digits(NUMBER)}"),
        ({"signoff": (passage(NUMBER, "signoff"),)}, f"signoff#{digits(NUMBER)}"),
        ({"masthead": (passage(NUMBER, "file"),)}, f"file#{digits(NUMBER)}"),
        ({"beyond": (passage(NUMBER, "sections"),)}, f"sections#{digits(NUMBER)}"),
        ({"headings": (Heading(None, passage(f"七、{NUMBER}", "sections"), 7, None),)}, f"sections#{digits(NUMBER)}"),
        ({"t3": table("t3", cells={"t3.new_received.business": NUMBER})}, "t3.new_received.business"),
    ],
)
def test_every_place_is_looked_at(fields: dict[str, Any], address: str) -> None:
    (finding,) = findings(said("无。", **fields), "PRI-01")
    assert finding.address == address


def test_the_title_is_looked_at() -> None:
    titled = replace(report(), identity=Identity(title=passage(f"年报{NUMBER}", "title")))
    (finding,) = findings(check(Facts(titled, NATIONAL)), "PRI-01")
    assert finding.address == f"title#{digits(NUMBER)}"


def test_the_name_of_the_file_is_looked_at_and_its_folders_are_not() -> None:
    named = replace(report(), file_name=f"13812345678/年报.zip!/13912345678/申请表{NUMBER}.pdf")
    checked = check(Facts(named, NATIONAL))
    assert [f.address for f in findings(checked, "PRI-01")] == ["file"]
    assert not findings(checked, "PRI-02")


def test_the_same_number_twice_in_a_part_is_one_finding() -> None:
    (finding,) = findings(said(f"{NUMBER}，即{NUMBER}。"), "PRI-01")
    assert [a.span for a in finding.anchors] == [(0, 18), (20, 38)]


@pytest.mark.parametrize(
    ("text", "address", "severity"),
    [
        ("通过13812345678联系申请人。", "s1.a2", Severity.WARNING),
        ("公布监督电话13812345678。", "s1.a4", Severity.INFO),
        ("村民李某电话13812345678。", "s1.a2", Severity.WARNING),
        ("联系电话：13812345678", "s6.own_matters", Severity.INFO),
        ("申请人电话：13812345678", "s6.own_matters", Severity.WARNING),
        ("13812345678", "preamble", Severity.WARNING),
    ],
)
def test_whose_mobile_number_it_is(text: str, address: str, severity: Severity) -> None:
    (finding,) = findings(said(text, address), "PRI-02")
    assert finding.severity is severity
    assert finding.found == "138******78"


def test_what_was_recognised_in_an_image_is_for_a_person_to_look_at() -> None:
    (finding,) = findings(said(f"身份证号{NUMBER}。", legibility=0.6), "PRI-01")
    assert finding.outcome is Outcome.REVIEW


def test_a_doubtful_name_is_shown_so_that_it_can_be_judged() -> None:
    checked = said("申请人黄河申请公开。")
    (finding,) = findings(checked, "PRI-03")
    assert (finding.outcome, finding.found) == (Outcome.REVIEW, "黄×")
    assert not masking.of(Facts(checked.report, NATIONAL).exposure)


# --- secrecy ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [
        "机密★10年",
        "秘密",
        "绝 密",
        "内部资料",
        "内部资料，注意保存",
        "【内部资料】",
        "密级：秘密",
        "秘密★1年",
        "不得公开",
        "工作秘密",
    ],
)
def test_marks_at_the_head(mark: str) -> None:
    (finding,) = findings(said("无。", masthead=(passage(mark, "file"),)), "PRI-06")
    assert finding.severity is Severity.ERROR
    assert not findings(said(mark), "PRI-06") or "★" in mark


@pytest.mark.parametrize(
    "text",
    [
        "涉及国家秘密、商业秘密、个人隐私的信息不予公开。",
        "严格执行保密审查制度，做到“先审查、后公开”。",
        "依法不得公开的信息，一律不予公开。",
        "属于内部资料、工作秘密的不予公开。",
        "1.属于国家秘密",
        "对标有“机密★”字样的文件不上网。",
        "密级：公开",
        "获评★★★服务窗口",
    ],
)
def test_words_on_secrecy_are_no_marks(text: str) -> None:
    checked = said(text, masthead=(passage(text, "file"),), preamble=(passage(text, "preamble"),))
    assert not findings(checked, "PRI-06")


@pytest.mark.parametrize(
    "number",
    [
        "云密发〔2023〕5号",
        "云密〔2023〕5号",
        "国办发明电〔2023〕2号",
        "云办内〔2023〕12号",
        "云政特[2023]3号",
        "云委内发(2023)第9号",
    ],
)
def test_documents_that_are_not_public(number: str) -> None:
    (finding,) = findings(said(f"落实{number}文件。"), "PRI-07")
    assert finding.severity is Severity.WARNING


def test_a_mark_within_a_line_is_told_alone() -> None:
    (finding,) = findings(said("本件定为机密★10年。"), "PRI-06")
    assert (finding.found, [a.span for a in finding.anchors]) == ("机密★", [(4, 7)])


def test_a_code_from_the_agencys_own_name_beside_one_that_is_not() -> None:
    checked = said("落实内云内〔2023〕5号、云密〔2023〕6号文件。", agency="内云县教育局")
    assert [f.found for f in findings(checked, "PRI-07")] == ["云密〔2023〕6号"]


@pytest.mark.parametrize(
    "number",
    [
        "内政办发〔2023〕5号",
        "云保密发〔2023〕1号",
        "国办公开办函〔2021〕30号",
        "云政发〔2023〕5号",
        "特政发〔2023〕1号",
        "密政发〔2023〕1号",
    ],
)
def test_public_documents(number: str) -> None:
    assert not findings(said(f"落实{number}文件。"), "PRI-07")


# --- the file ---------------------------------------------------------------------------------------------------------


def left(fmt: Format, **metadata: str) -> Checked:
    return said("无。", format=fmt, metadata=metadata)


@pytest.mark.parametrize(
    ("metadata", "severity", "message"),
    [
        ({Leftover.COMMENTS: "3"}, Severity.WARNING, "文件中留有批注 3 处"),
        ({Leftover.REVISIONS: "2", "creator": "李晓红"}, Severity.WARNING, "文件中留有修订痕迹 2 处、作者 李××"),
        ({Leftover.HIDDEN: "12"}, Severity.WARNING, "文件中留有隐藏文字 12 字"),
        (
            {"description": r"C:\Users\lixiaohong\Desktop\年报.docx"},
            Severity.WARNING,
            r"文件中留有个人文件夹路径 C:\Users\×××",
        ),
        ({"creator": "李晓红", "lastModifiedBy": "李晓红"}, Severity.INFO, "文件中留有作者 李××"),
        ({"Author": "lixh", "Producer": "WPS"}, Severity.INFO, "文件中留有作者 l×××、软件 WPS"),
        ({"Author": "Administrator", "Creator": "(unspecified)"}, Severity.INFO, "文件中留有作者 A×××"),
    ],
)
def test_what_is_left_in_the_file(metadata: dict[str, str], severity: Severity, message: str) -> None:
    (finding,) = findings(left(Format.PDF, **metadata), "PRI-08")
    assert (finding.severity, finding.message, finding.address) == (severity, message, "file")


def test_a_clean_file_and_a_page_of_the_web() -> None:
    assert left(Format.DOCX, created="2024-01-19", title="年报").outcomes["PRI-08"] is Outcome.PASS
    assert left(Format.HTML, Author="李晓红").outcomes["PRI-08"] is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"C:\Users\zhang san\Desktop\a.docx", r"C:\Users\×××"),
        ("file:///C:\\Users\\x\\Normal.dotm", "file:///C:\\Users\\×××"),
        ("/Users/li/报告.docx", "/Users/×××"),
        ("/home/wang/doc", "/home/×××"),
        (r"D:\Documents and Settings\wang\a.doc", r"D:\Documents and Settings\×××"),
    ],
)
def test_paths_into_a_users_folder(text: str, shown: str) -> None:
    path = user_path(text)
    assert path is not None
    assert without_user(path) == shown


@pytest.mark.parametrize(
    "text", ["http://www.yunze.gov.cn/home/index.html", r"D:\年报\a.docx", "Microsoft Word", "/usr/bin"]
)
def test_other_paths(text: str) -> None:
    assert user_path(text) is None


# --- cases and the score ----------------------------------------------------------------------------------------------


def test_a_case_with_names_masks_them() -> None:
    (finding,) = findings(said("张建国等3人诉街道案，（2023）云0102行初15号裁定驳回；另有1件。"), "PRI-09")
    assert finding.message == "案号“（2023）云0102行初15号”旁写有当事人姓名“张××”"
    assert finding.severity is Severity.WARNING


def test_a_name_in_another_sentence_is_none_of_the_case() -> None:
    (finding,) = findings(said("（2023）云0102行初15号已审结。当事人张建国、李某提出建议。"), "PRI-09")
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("text", "veto"),
    [(f"身份证号{NUMBER}。", "PRI-01"), ("申请人王小明提出申请。", "PRI-03"), ("通过13812345678联系申请人。", None)],
)
def test_an_error_is_a_veto_until_it_is_cleared(text: str, veto: str | None) -> None:
    checked = said(text)
    card = score(checked.report, checked.findings, SCHEME)
    assert card.veto == veto
    assert card.total is not None
    assert (card.total <= SCHEME.veto_ceiling) is (veto is not None)
    cleared = {f.fingerprint: "false_positive" for f in checked.findings if f.rule.startswith("PRI")}
    after = score(checked.report, checked.findings, SCHEME, cleared)
    assert after.veto is None
    assert after.total is not None
    assert after.total > SCHEME.veto_ceiling
    (quality,) = [b for b in card.buckets if b.key == "quality"]
    assert [d.rule for d in quality.deductions if d.rule.startswith("PRI")] == ([] if veto else ["PRI-02"])
