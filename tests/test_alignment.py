"""The prose of two reports side by side: which sentence became which, what of it is marked, and that nothing is lost."""

import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged import changed
from printed import passage, report

from gdcore import alignment, form
from gdcore.alignment import Mark, PartPair, Piece, Row, changes, parts, same_share
from gdcore.report import Report, Section


def told(*paragraphs: str, key: str = "s1_overview") -> Report:
    """A report that says this in one section and nothing else."""
    said = tuple(passage(text, "s1") for text in paragraphs)
    sections = (Section(s.key, True, paragraphs=said if s.key == key else ()) for s in form.SECTIONS)
    return report(sections=tuple(sections))


def part(before: Report, after: Report, key: str = "s1") -> PartPair:
    return next(each for each in parts(before, after) if each.key == key)


def rows(before: Sequence[str], after: Sequence[str]) -> tuple[Row, ...]:
    return part(told(*before), told(*after)).rows


def shown(pieces: Sequence[Piece]) -> str:
    """What changed in [], what moved in ()."""
    signs = {Mark.SAME: "{}", Mark.CHANGED: "[{}]", Mark.MOVED: "({})"}
    return "".join(signs[piece.mark].format(piece.text) for piece in pieces)


def side(found: Sequence[Row], which: int) -> list[list[str]]:
    return [[shown(p) for p in (row.before, row.after)[which]] for row in found]


# --- within a sentence ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "then", "now"),
    [
        (
            "2024年，本机关共收到政府信息公开申请27件，均按期答复。",
            "2025年，本机关共收到政府信息公开申请12件，均按期答复。",
            "[2024]年，本机关共收到政府信息公开申请[27]件，均按期答复。",
            "[2025]年，本机关共收到政府信息公开申请[12]件，均按期答复。",
        ),
        (
            "严格落实“先审查、后公开”制度，全年清理政府信息1,204条。",
            "严格落实“先审查、后公开”制度，修订公开审查办法1项。",
            "严格落实“先审查、后公开”制度，[全年清理政府信息1,204条]。",
            "严格落实“先审查、后公开”制度，[修订公开审查办法1项]。",
        ),
        ("占比35.7%。", "占比35.9%。", "占比[35.7%]。", "占比[35.9%]。"),
        ("公开198条，其中12条。", "公开 198 条,其中 12 条。", "公开198条，其中12条。", "公开 198 条,其中 12 条。"),
        ("3月5日印发", "4月6日印发", "[3]月[5]日印发", "[4]月[6]日印发"),
        ("全年公开信息。", "全年公开信息", "全年公开信息[。]", "全年公开信息"),
    ],
)
def test_words_and_whole_numbers_are_marked(before, after, then, now):
    found = changes(before, after)
    assert tuple(map(shown, found)) == (then, now)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_character_is_lost_in_a_sentence(before, after):
    found = changes(before, after)
    assert ["".join(piece.text for piece in pieces) for pieces in found] == [before, after]


# --- sentences and paragraphs -----------------------------------------------------------------------------------------

NEW_YEAR = "（一）主动公开。全年公开信息312条。（二）依申请公开。收到申请2件，均已答复。"


def test_a_sentence_with_another_number_is_the_same_sentence():
    found = rows([NEW_YEAR], [NEW_YEAR.replace("312", "1,405").replace("2件", "12件")])
    assert side(found, 0) == [["（一）主动公开。全年公开信息[312]条。（二）依申请公开。收到申请[2]件，均已答复。"]]
    assert side(found, 1) == [["（一）主动公开。全年公开信息[1,405]条。（二）依申请公开。收到申请[12]件，均已答复。"]]


def test_a_sentence_taken_out_and_one_put_in_are_marked_whole():
    found = rows(["甲镇修好了三座小桥。村里开了两次会。"], ["村里开了两次会。图书室周末也对读者开放。"])
    assert side(found, 0) == [["[甲镇修好了三座小桥。]村里开了两次会。"]]
    assert side(found, 1) == [["村里开了两次会。[图书室周末也对读者开放。]"]]


def test_paragraphs_that_correspond_stand_side_by_side():
    before = ["第一段说的是公开目录。", "第二段说的是培训安排。", "第三段说的是网站改版。"]
    after = ["第一段说的是公开目录。", "新加的一段谈到了另外一件事情。", "第三段说的是网站改版。"]
    found = rows(before, after)
    assert [row.changed for row in found] == [False, True, False]
    assert side(found, 0)[1] == ["[第二段说的是培训安排。]"]
    assert side(found, 1)[1] == ["[新加的一段谈到了另外一件事情。]"]


def test_paragraphs_that_were_cut_otherwise_are_one_row():
    whole = ["甲事已经办完。乙事正在进行。丙事下月开始。"]
    apart = ["甲事已经办完。", "乙事正在进行。", "丙事下月开始。"]
    (row,) = rows(whole, apart)
    assert (len(row.before), len(row.after), row.changed) == (1, 3, False)


def test_a_sentence_that_moved_is_told_apart_from_a_new_one():
    short, long = "大厅里设了信息查阅点一处。", "公众号每周更新三次，并且配有图解和录音。"
    found = rows([short, long, "末句不动。"], [long, short, "末句不动。"])
    assert [shown(p) for row in found for p in row.before if row.changed] == [f"({short})"]
    assert [shown(p) for row in found for p in row.after if row.changed] == [f"({short})"]
    assert same_share([PartPair("s1", "", "", (True, True), found)]) == 1.0


def test_a_part_that_one_side_has_not_is_told():
    there = told("有一句话。", key="s5_problems")
    gone = report(sections=tuple(Section(s.key, s.short != "s5") for s in form.SECTIONS))
    found = part(there, gone, "s5")
    assert (found.found, found.same) == ((True, False), False)
    assert side(found.rows, 0) == [["[有一句话。]"]]
    assert side(found.rows, 1) == [[]]


def test_equal_reports_are_the_same_throughout():
    found = parts(changed(year=2023), changed(year=2023))
    assert all(each.same for each in found)
    assert same_share(found) == 1.0
    assert [each.key for each in found] == ["title", "preamble", "s1", "s2", "s3", "s4", "s5", "s6", "signoff"]


def test_the_share_counts_characters_of_both_sides_without_title_and_signoff():
    found = parts(told("十个字的一句话在这里。"), told("十个字的一句话在这里。", "另外又说了十个字的话。"))
    assert same_share(found) == pytest.approx(22 / 33)
    assert same_share(parts(report(), report(year=2024))) is None


def test_no_character_of_two_reports_is_lost():
    before, after = changed("government", 2023), changed("government", 2024)
    found = parts(before, after)
    for which, full in enumerate((before, after)):
        text = [
            "".join(x.text for x in p) for each in found for row in each.rows for p in (row.before, row.after)[which]
        ]
        assert sorted(text) == sorted(p.text for p in full.narrative)


# --- long texts -------------------------------------------------------------------------------------------------------


def long_text(characters: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    alphabet = [chr(0x4E00 + n) for n in range(2500)]
    lines, size = [], 0
    while size < characters:
        lines.append("".join(chance.choices(alphabet, k=chance.randint(15, 60))) + "。")
        size += len(lines[-1])
    return ["".join(lines[n : n + 5]) for n in range(0, len(lines), 5)]


def test_texts_beyond_the_limit_are_still_matched_by_equal_sentences(monkeypatch):
    monkeypatch.setattr(alignment, "MOST_PAIRS", 10)
    text = long_text(2000, seed=1)
    found = rows(text, [*text[:3], "这一段是后来才加进去的。", *text[3:]])
    assert [shown(p) for row in found for p in row.after if row.changed] == ["[这一段是后来才加进去的。]"]
    assert not [p for row in found for p in row.before if row.changed and shown(p).startswith("[")]


def test_a_long_line_without_a_full_stop_takes_neither_time_nor_memory():
    start = time.process_time()
    found = rows(["甲乙" * 200_000], ["甲丙" * 200_000])
    assert [len(p) for row in found for p in row.before] == [1]
    assert time.process_time() - start < 5  # seconds; every pair of characters would take minutes
