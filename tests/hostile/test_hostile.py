"""The hostile set through the real intake: every file gets its row and its reason, and honest ones beside it are stored."""

import re
import resource
import sys
from pathlib import Path

import desk
import pytest

from gdcore import archive, checking, guard, profile, settings
from gdcore.checking import Facts
from gdcore.processing import read_report
from gdcore.task import Task

from . import made, taking, texts

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="bounds are set by the system there")
# Lower than in earnest, so that what is stopped there is stopped here, too, and sooner.
LIMITS = guard.Limits(cpu=2, wall=60, memory=512 * guard.limits.MB)
# Read slowly although honestly (recognition of characters), or only large: `python tests/hostile/run.py` takes them.
BY_HAND = ("缺行.png", "一亿像素.png", "一点.png", "块无数.png", "注释.jpg", "环.tif", "扁长.png", "文字炸弹.png", "色彩炸弹.png",
           "三层压缩.pdf", "图负.pdf", "图蒙版环.pdf", "坏图.pdf", "坏图二.pdf", "图后接包.png", "图后接PDF.jpg", "三万部件.docx", "字符串空洞.xlsx",
           "图炸弹.ofd", "空洞.ofd", "四十兆段落.docx", "控制符.txt", "空字节.txt", "回车.txt", "组合符乱.txt", "引号.csv", "空格.txt", "全是尾.pdf", "长行.html", "多属性.html",
           "长头.mht", "全是对象.pdf", "形式倍增.pdf", "图多.ofd", "路径百万.ofd", "五千页.pdf", "千帧.gif", "三百页.tif", "细长.png",
           "图巨大.pdf", "模板十万.ofd", "headless2.pdf", "线十万.ofd", "空行.txt", "长界.mht", "合并十万.xlsx", "炸弹.png", "跨列行行.docx", "万列.docx", "万表.docx",
           "字百万.ofd", "空格列.txt", "线十万条.pdf", "竖并.docx", "段落.html", "对象十万.ofd", "变体.txt", "万行.html", "小表三万.html", "格三万.pdf", "换行.html",
           "标题.html", "二十万份.zip")  # fmt: skip
EVERY = {
    "texts in reports": 24,  # each goes through the rules below, in a shorter report
    "texts": 2,
    "tables in texts": 4,
    "names": 2,
    "broken txt": 2,
    "broken html": 2,
}  # one file in so many
ALLOWANCE = 250 * guard.limits.MB  # bytes that a process has before its first file, and what libraries map


@pytest.fixture(scope="module")
def files():
    chosen = [each for each in made.everything(1) if each.name not in BY_HAND]
    return [each for n, each in enumerate(chosen) if n % EVERY.get(each.family, 1) == 0]


@pytest.fixture(scope="module")
def taken(files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    store = desk.open_desk(folder)
    before = _traces()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "MAX_MEMBERS", 60)
        patch.setattr(archive, "MAX_TOTAL", 30 * guard.limits.MB)
        result = taking.take(store, files, LIMITS)
    return result, _traces() - before


def _traces():
    """What a file that escaped would leave: its own name in the usual places, and anything new in the current folder."""
    places = (Path("/tmp"), Path("/etc"), Path.cwd(), Path.cwd().parent, Path.home())
    return {path for place in places for path in place.glob("*") if "escaped" in path.name or place == Path.cwd()}


def test_the_set_is_large_and_always_the_same(files):
    assert len(files) >= 300
    again = {(each.family, each.name): each for each in made.everything(1)}
    for each in files[::40]:
        assert again[each.family, each.name].data() == each.data()


def test_every_file_has_its_row(taken):
    result, _ = taken
    assert result.missing == []
    states = {row.state for rows in result.rows.values() for row in rows}
    assert states <= {"stored", "unchanged", "waiting", "refused", "superseded"}


def test_what_is_refused_is_told_why_and_what_to_do_in_chinese(taken):
    result, _ = taken
    refused = [row for rows in result.rows.values() for row in rows if row.state == "refused"]
    assert len(refused) > 150
    for row in refused:
        for words in (row.kind, row.reason, row.remedy):
            assert re.search(r"[\u4e00-\u9fff]", words), (row.file_name, row.kind, row.reason, row.remedy)


def test_no_file_crashes_its_process(taken):
    result, _ = taken
    assert [row.file_name for rows in result.rows.values() for row in rows if row.kind == "出错"] == []


def test_honest_files_among_them_are_stored(taken):
    result, _ = taken
    assert [(row.state, row.agency) for row in result.rows["honest"]] == [
        ("stored", name) for _, name, _ in taking.HONEST
    ]


def test_names_are_shown_on_one_line(taken):
    result, _ = taken
    for row in (row for rows in result.rows.values() for row in rows):
        assert row.file_name.isprintable(), ascii(row.file_name)
        assert 0 < len(row.file_name) <= 200


def test_nothing_is_left_and_nothing_is_written_elsewhere(taken):
    result, traces = taken
    assert result.left == []
    assert traces == set()


def test_no_process_held_more_than_it_may(taken):
    result, _ = taken
    assert result.memory < LIMITS.memory + max(ALLOWANCE, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


CHARACTERS, SECONDS = 10_000, 8.0  # a square of so many takes longer, what is linear a second


@pytest.mark.parametrize("number", range(len(texts.REPEATED)))
def test_a_paragraph_that_repeats_itself_does_not_cost_its_square(number):
    words = texts.REPEATED[number]
    report = read_report(texts.within(words * (CHARACTERS // len(words)), number), "年报.txt")
    begun = _used()
    checked = checking.check(Facts(report, profile.load("national", settings.load({})), Task(None)))
    assert _used() - begun < SECONDS
    assert checked.report is not None


def _used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime
