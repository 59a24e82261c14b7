"""The dictionaries: the shipped ones, an office's own beside or instead of them, what is wrong told with file and key."""

import os
from pathlib import Path

import pytest

from gdcore import lexicon, profile, settings
from gdcore.errors import ConfigurationError

SHIPPED = lexicon.load(settings.load({}))


def own(folder: Path, name: str, content: str) -> settings.Settings:
    """An office with one dictionary of its own."""
    path = folder / "lexicon" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, "utf-8")
    return settings.load({"GDCORE_DATA": str(folder)})


def wrongs(known: lexicon.Slips) -> list[str]:
    return [slip.wrong for slip in known.entries]


def test_nothing_is_shipped_on_settled_wording():
    assert SHIPPED.sensitive.entries == ()
    assert len(SHIPPED.typos.entries) > 200


def test_no_entry_corrects_a_right_word_of_another():
    """A correction that is itself in the dictionary would be told again once it was made."""
    known = {s.wrong for s in SHIPPED.typos.entries if not (s.before or s.after or s.not_before or s.not_after)}
    assert [s.right for s in SHIPPED.typos.entries if any(wrong in s.right for wrong in known)] == []


def test_an_offices_own_entries_are_added(tmp_path):
    found = lexicon.load(own(tmp_path, "typos", 'entries = [{wrong = "云择县", right = "云泽县"}]'))
    assert sorted(wrongs(found.typos)) == sorted([*wrongs(SHIPPED.typos), "云择县"])
    assert found.template == SHIPPED.template


def test_an_office_may_use_its_own_alone(tmp_path):
    found = lexicon.load(own(tmp_path, "template", 'replace = true\nphrases = ["按此填写"]'))
    assert found.template == lexicon.Phrases(("按此填写",))


def test_settled_wording_is_the_offices(tmp_path):
    office = own(tmp_path, "sensitive", 'entries = [{wrong = "甲", right = "乙", severity = "error"}]')
    assert wrongs(lexicon.load(office).sensitive) == ["甲"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("typos", "entries = [", "TOML"),
        ("typos", 'entrys = ["甲"]', "entrys"),
        ("typos", 'entries = "甲"', "列表"),
        ("typos", 'entries = [{wrong = "甲"}]', "right"),
        ("typos", 'entries = [{wrong = "甲", right = "乙", severity = "grave"}]', "severity"),
        ("typos", 'entries = [{wrong = "甲", right = "乙", befor = ["丙"]}]', "befor"),
        ("typos", 'entries = [{wrong = "甲", right = "乙", before = "丙"}]', "前后文"),
        ("typos", 'entries = [{wrong = "甲", right = "乙", before = [1]}]', "前后文"),
        ("typos", 'doubled = [""]', "doubled"),
        ("template", 'patterns = ["(甲"]', "正则"),
        ("template", "phrases = [1]", "phrases"),
        ("template", 'replace = "yes"', "replace"),
    ],
)
def test_a_wrong_dictionary_is_told_with_file_and_key(tmp_path, name, content, says):
    with pytest.raises(ConfigurationError) as caught:
        lexicon.load(own(tmp_path, name, content))
    assert f"{name}.toml" in str(caught.value)
    assert says in str(caught.value)


def test_a_changed_dictionary_is_read_again_and_changes_what_is_judged_with(tmp_path):
    office = own(tmp_path, "typos", 'entries = [{wrong = "甲", right = "乙"}]')
    before = profile.load("national", office)
    assert lexicon.load(office) is lexicon.load(office)
    path = tmp_path / "lexicon" / "typos.toml"
    path.write_text('entries = [{wrong = "丙", right = "乙"}]', "utf-8")
    os.utime(path, ns=(1, 1))
    after = profile.load("national", office)
    assert before.fingerprint != after.fingerprint
    assert before.fingerprint != profile.load("national", settings.load({})).fingerprint


def test_the_profile_itself_changes_it_and_its_name_does_not():
    national, shandong = (profile.load(name, settings.load({})) for name in ("national", "SD"))
    assert national.fingerprint != shandong.fingerprint
    assert national.fingerprint == profile.load("national", settings.load({})).fingerprint


@pytest.mark.parametrize(
    ("text", "fits"), [("截止 2023年", True), ("截止日期", False), ("报名截止2023年", False), ("截止", False)]
)
def test_guards_look_past_spaces(text, fits):
    slips = lexicon.Slips((lexicon.Slip("截止", "截至", before=("20",), not_after=("报名",)),))
    assert bool(list(slips.found_in(text))) is fits


def test_the_quick_question_for_a_whole_report_misses_no_entry():
    assert [wrong for wrong in wrongs(SHIPPED.typos) if not SHIPPED.typos.may_occur_in(f"做好\n{wrong}。")] == []
    assert not SHIPPED.typos.may_occur_in("全年平稳有序。")
    assert not lexicon.Slips().may_occur_in("甲")


@pytest.mark.parametrize("word", ["甲", "甲乙", "甲乙丙", "𠮷", "𠮷野"])
@pytest.mark.parametrize("other", ["", "乙甲", "子丑寅卯"])
def test_the_quick_question_knows_words_of_any_length(word, other):
    known = lexicon.Phrases((word, "𠀀", "卅", "未曾写过的话"))
    assert known.may_occur_in(f"{other}{word}{other}")
    assert not known.may_occur_in(other.replace("甲", ""))


def test_patterns_that_begin_alike_are_all_looked_for():
    known = lexicon.Phrases(patterns=("^甲|乙$", "^丙", r"[(（]丁\d", "[(（]戊", "己+"))
    assert all(known.may_occur_in(f"头\n{said}\n尾") for said in ("甲", "子乙", "丙", "（丁1", "子(戊", "子己"))
    assert not any(known.may_occur_in(f"头\n{said}\n尾") for said in ("子甲", "乙子", "子丙", "（丁", "戊"))
