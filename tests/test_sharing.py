"""Passages that two texts share: copied sentences are marked and numbered, what everybody has to write is not."""

import pytest
from test_likeness import ANEW, COPY, LAST_YEAR

from gdcore.likeness import names_in
from gdcore.sharing import Text, shared

NAMES = (*names_in("云泽县东关街道办事处"), *names_in("云泽县柳浪街道办事处"))


def compared(left: str, right: str) -> tuple[Text, Text]:
    return shared(left.split("\n"), right.split("\n"), NAMES)


def marked(text: Text) -> list[str]:
    return [stretch.text for paragraph in text for stretch in paragraph if stretch.shared]


def printed(text: Text) -> str:
    return "\n".join("".join(stretch.text for stretch in paragraph) for paragraph in text)


def test_a_copy_is_marked_on_both_sides_without_its_names_and_numbers():
    left, right = compared(LAST_YEAR, COPY)
    assert marked(left) == marked(right)
    assert "对拟公开信息逐条登记，经办人、科室负责人、分管领导依次签字，涉密信息不上网。" in marked(left)
    words = "".join(marked(left))
    assert not any(own in words for own in ("东关", "柳浪", "312", "2023", "65人次"))


def test_sentences_that_are_like_each_other_have_one_number_whatever_their_order():
    left, right = compared(LAST_YEAR, "\n".join(reversed(COPY.split("\n"))))
    pairs = [{s.text: s.pair for p in text for s in p if s.shared} for text in (left, right)]
    assert pairs[0] == pairs[1]
    assert sorted(set(pairs[0].values())) == list(range(1, len(set(pairs[0].values())) + 1))


def test_a_text_written_anew_shares_nothing():
    assert marked(compared(LAST_YEAR, ANEW)[0]) == []


@pytest.mark.parametrize("right", [COPY, ANEW, "", LAST_YEAR[:100]])
def test_both_texts_are_shown_whole(right):
    left, other = compared(LAST_YEAR, right)
    assert (printed(left), printed(other)) == (LAST_YEAR, right)


@pytest.mark.parametrize(
    "statutory",
    [
        "全年未收到政府信息公开申请。",
        "（四）平台建设。",
        "本报告依照《中华人民共和国政府信息公开条例》编制。",
        "坚持以公开为常态、不公开为例外的原则。",
        "从结果看，予以公开13件、部分公开3件、不予公开3件、无法提供4件、不予处理1件、其他处理1件。",
        "行政规范性文件本年制发3件，废止2件，现行有效9件。",
        "按照国办公开办函〔2021〕30号要求。",
    ],
)
def test_what_everybody_has_to_write_is_not_marked_as_copied(statutory):
    left, right = compared(statutory, statutory)
    assert marked(left) == marked(right) == []


def test_a_legal_phrase_within_a_copied_sentence_is_left_out():
    sentence = "街道认真落实《中华人民共和国政府信息公开条例》，把网格员的巡查记录每周公开一次。"
    left, _ = compared(sentence, sentence)
    assert marked(left) == ["街道认真落实", "，把网格员的巡查记录每周公开一次。"]
