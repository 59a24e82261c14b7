"""QUA-06…10, 21: where 一 and 五 say enough in their own way, and where they do not."""

from dataclasses import replace

import pytest
from printed import passage, report

from gdcore import form, profile, samples, settings
from gdcore.checking import Facts, judge
from gdcore.lexicon import Lexicon
from gdcore.place import Anchor, Place
from gdcore.profile import Profile
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Remark, RemarkKind, Report, Section
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Severity, Verdict

NATIONAL = profile.load("national", settings.load({}))
CLEAN = samples.clean("subdistrict", 2023, active=True)
LONG = "街道坚持以公开促落实、促规范、促服务，健全工作机制，压实工作责任，群众获得感不断增强。" * 9


def outcome(code: str, report: Report) -> str:
    """The gravest outcome of one rule."""
    return min((v.outcome.value for v in judge(CATALOGUE[code], Facts(report, NATIONAL))), key=_GRAVITY.index)


_GRAVITY = ["fail", "review", "not_evaluated", "pass", "not_applicable"]


def told(**change: object) -> Report:
    """A clean report with changes, read from a page."""
    return recognise(read(samples.write(samples.apply(CLEAN, change), "html"), "a.html"), "a.html")


def overview(first: str, *more: str) -> Report:
    """A report whose 一 is a long lead and these aspects."""
    aspects = ["s1.lead", "s1.a1", "s1.a2", "s1.a3", "s1.a4", "s1.a5"]
    return told(drop=aspects, insert={"s1.heading": [LONG, f"（一）主动公开情况。{first}", *more]})


def problems(*paragraphs: str) -> Report:
    """A report whose 五 is this."""
    return told(drop=["s5.p", "s5.m"], insert={"s5.heading": [*paragraphs]})


@pytest.mark.parametrize(
    "sentence",
    [
        "全年公开信息26条。",
        "全年公开信息18万余条。",
        "共发布各类信息四十余条。",
        "发布百余条信息。",
        "编印公报12期。",
        "全年未产生应当主动公开的政府信息。",
        "没有新的信息需要公开。",
        "召开新闻发布会12场。",
    ],
)
def test_a_figure_in_whatever_words_is_enough(sentence):
    assert outcome("QUA-08", overview(sentence)) == "pass"


@pytest.mark.parametrize(
    "sentence",
    [
        "坚持应公开尽公开，及时发布各类信息。",
        "落实第二十条第三项要求，公开一批惠民信息，从三个方面加强管理。",
        "全年作出行政许可决定12件，依法公示。",
    ],
)
def test_what_counts_nothing_published_is_no_figure(sentence):
    assert (
        outcome(
            "QUA-08", overview(sentence, "（二）依申请公开。收到申请3件。", "（三）政府信息管理。清理过期信息56条。")
        )
        == "fail"
    )


def test_a_figure_may_stand_under_another_aspect():
    assert outcome("QUA-08", overview("坚持应公开尽公开。", "（二）平台建设。网站发布信息96条。")) == "pass"


@pytest.mark.parametrize("kind", [RemarkKind.EMBEDDED, RemarkKind.OTHER_TABLE])
def test_a_picture_or_table_may_hold_what_is_missing(kind):
    report = overview("坚持应公开尽公开，及时发布各类信息。")
    seen = Remark(kind, "s1", (Anchor("s1", Place()),), "image")
    assert outcome("QUA-08", replace(report, remarks=(*report.remarks, seen))) == "not_evaluated"


def test_a_table_of_the_agencys_own_is_seen():
    counts = {"insert": {"s1.a1": ["公开渠道\t网站300\t微信200\t公告栏100\t公报12"]}}
    data = samples.write(samples.apply(CLEAN, counts), "txt")
    (remark,) = recognise(read(data, "a.txt"), "a.txt").remarks_of(RemarkKind.OTHER_TABLE)
    assert remark.address == "s1"
    assert not told().remarks_of(RemarkKind.OTHER_TABLE)


def test_an_overview_divided_like_sections_is_not_short():
    """一、总体情况, 二、政府信息公开平台建设 …: what stands under the headings that the form does not have is part of it."""
    report = overview("公开信息20条。")
    short = replace(report, beyond=report.section("s1").paragraphs)
    sections = tuple(replace(s, paragraphs=s.paragraphs[-1:]) if s.short == "s1" else s for s in short.sections)
    assert outcome("QUA-06", replace(short, sections=sections)) == "pass"
    assert outcome("QUA-06", replace(short, sections=sections, beyond=())) in ("fail", "not_applicable")


@pytest.mark.parametrize(
    "text",
    [
        "（一）存在的主要问题。公开渠道单一，内容不够丰富，更新不及时。",
        "（一）存在的主要问题：一是思想认识不到位；二是业务水平有待提高；三是公开形式较为单一。",
        "（一）主要问题。虽然取得了一定成效，但仍存在一些不足：信息公开的及时性有待加强，公开内容有待丰富。",
        "（一）存在问题。2023年，我街道政府信息公开工作取得一定成绩，但对照上级要求，仍有差距。主要表现在：公开意识有待提高，队伍建设需要加强。",
    ],
)
def test_boilerplate(text):
    assert (
        outcome("QUA-09", problems(text, "（二）改进情况。下一步将加强学习，拓宽渠道，提高工作水平，更好服务群众。"))
        == "fail"
    )


@pytest.mark.parametrize(
    "text",
    [
        "（一）存在的主要问题。公开渠道单一，仅靠村务公开栏发布，青年群体知晓不多。",
        "（一）存在的主要问题。公开渠道单一，2名信息员均为兼职。",
        "（一）存在的主要问题。政民互动栏目网民留言回复效率有待提高。",
        "（一）存在的主要问题。征地补偿类信息更新不及时。",
        "（一）存在的主要问题。“智慧社区”系统更新不及时。",
        "（一）存在的主要问题。微信公众号更新不及时，内容单一。",
        "（一）存在的主要问题。各业务科室协调不够，答复文书引用条款不准确，被复议机关纠正。",
    ],
)
def test_one_thing_of_its_own_clears_it(text):
    assert (
        outcome("QUA-09", problems(text, "（二）改进情况。下一步将加强学习，拓宽渠道，提高工作水平，更好服务群众。"))
        == "pass"
    )


def test_halves_that_cannot_be_told_are_not_judged():
    assert outcome("QUA-09", problems("公开渠道单一，内容不够丰富，更新不及时，业务水平有待提高。")) == "not_applicable"


def written(**said: str) -> Report:
    """A report with nothing but these sections, one paragraph each: `s1="…"`."""
    bodies = {short: (passage(body, short),) for short, body in said.items()}
    sections = (Section(s.key, s.short in bodies, paragraphs=bodies.get(s.short, ())) for s in form.SECTIONS)
    return report(sections=tuple(sections))


def verdict(code: str, of: Report, area: Profile = NATIONAL) -> Verdict:
    """The only verdict of a rule."""
    (only,) = judge(CATALOGUE[code], Facts(of, area))
    return only


def of_length(characters: int) -> str:
    return "公" * (characters - 1) + "。"


@pytest.mark.parametrize(
    ("code", "key", "length", "outcome", "severity"),
    [
        ("QUA-06", "s1", 300, "pass", None),
        ("QUA-06", "s1", 299, "fail", Severity.INFO),
        ("QUA-06", "s1", 150, "fail", Severity.INFO),
        ("QUA-06", "s1", 149, "fail", None),
        ("QUA-07", "s1", 3000, "pass", None),
        ("QUA-07", "s1", 3001, "fail", None),
        ("QUA-10", "s5", 80, "pass", None),
        ("QUA-10", "s5", 79, "fail", None),
    ],
)
def test_how_long_is_enough_and_too_much(code, key, length, outcome, severity):
    found = verdict(code, written(**{key: of_length(length)}))
    assert (found.outcome, found.severity) == (outcome, severity)


@pytest.mark.parametrize("kind", [RemarkKind.EMBEDDED, RemarkKind.OTHER_TABLE])
@pytest.mark.parametrize(("where", "outcome"), [("s1", "not_evaluated"), ("s5", "fail")])
def test_what_is_short_may_go_on_in_a_picture_or_table_of_the_same_section(kind, where, outcome):
    short = written(s1=of_length(149))
    seen = Remark(kind, where, (Anchor(where, Place()),), "image")
    assert verdict("QUA-06", replace(short, remarks=(seen,))).outcome == outcome


@pytest.mark.parametrize("code", ["QUA-06", "QUA-07", "QUA-08", "QUA-09", "QUA-10", "QUA-21"])
def test_a_section_that_is_not_there_is_another_rules_matter(code):
    assert verdict(code, written()).outcome is Outcome.NOT_APPLICABLE


def test_only_the_sentences_of_a_preamble_are_left_out():
    basis = "根据条例要求编制本报告。"
    assert verdict("QUA-06", written(s1=basis + of_length(300))).outcome is Outcome.PASS
    assert verdict("QUA-06", written(s1=basis + of_length(299))).found == "299字"


def test_plans_may_be_among_the_problems():
    """Where the halves have headings of their own, a word of plans does not end the problems."""
    first = "（一）存在的主要问题。公开渠道单一，整改措施落实不到位，网格员参与少。"
    second = "（二）改进情况。下一步将加强学习，拓宽渠道，提高工作水平，更好服务群众。"
    assert outcome("QUA-09", problems(first, second)) == "pass"


def test_without_headings_the_problems_end_where_the_plans_begin():
    body = "公开渠道单一，内容不够丰富，业务水平有待提高。下一步将组织网格员逐户走访，拓宽渠道，更好服务群众。"
    assert verdict("QUA-09", written(s5=body)).outcome is Outcome.FAIL


def test_a_half_that_names_no_problem_is_not_called_boilerplate():
    body = "虽然取得一定成效，但仍存在一些问题。下一步将加强学习，拓宽渠道，提高工作水平，更好服务群众。"
    assert verdict("QUA-09", written(s5=body)).outcome is Outcome.PASS


OPEN, STRANGE = "主动公开信息十二条。", "秋粮收购圆满地完成。"


@pytest.mark.parametrize(
    ("sentences", "outcome"),
    [
        ([OPEN, OPEN, STRANGE, STRANGE, STRANGE], "pass"),
        ([OPEN, STRANGE, STRANGE, STRANGE, STRANGE], "fail"),
        ([STRANGE, STRANGE, STRANGE, STRANGE], "not_applicable"),
        ([STRANGE, STRANGE, STRANGE, STRANGE, "道路已硬化完成。"], "not_applicable"),
    ],
)
def test_how_much_on_other_matters_is_too_much(sentences, outcome):
    assert verdict("QUA-21", written(s1="".join(sentences))).outcome == outcome


def test_the_first_sentence_on_other_matters_is_quoted():
    sentences = ["森林防火层层压实了。", *[STRANGE] * 4]
    assert verdict("QUA-21", written(s1="".join(sentences))).found == sentences[0]


@pytest.mark.parametrize(("code", "key"), [("QUA-09", "s5"), ("QUA-21", "s1")])
def test_without_a_dictionary_nothing_is_judged(code, key):
    bare = replace(NATIONAL, lexicon=Lexicon())
    body = "公开渠道单一，内容不够丰富。下一步将加强学习培训工作。" + STRANGE * 5
    assert verdict(code, written(**{key: body})).outcome is Outcome.FAIL
    assert verdict(code, written(**{key: body}), bare).outcome is Outcome.NOT_APPLICABLE
