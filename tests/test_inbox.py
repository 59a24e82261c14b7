"""How far a batch is, as the page says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gdcore.store.rows import BatchView
from gdcore.ui import inbox

BATCH = BatchView(1, datetime(2024, 1, 8, tzinfo=UTC), 2023, 100, 40, 40, 0, 0, 0, running=True, seconds_left=5.0)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5.0, "每秒 12 份 · 约剩 5 秒"), (60.0, "每秒 1 份 · 约剩 60 秒"), (1200.0, "每分钟 3 份 · 约剩 20 分钟")],
)
def test_a_batch_says_its_pace_and_how_long_it_will_take(seconds: float, said: str) -> None:
    told = inbox._status(replace(BATCH, seconds_left=seconds))
    assert told == f"第 41 份，共 100 份 · {said} · 可以离开本页，核查会继续"


def test_before_the_first_file_nothing_is_foretold() -> None:
    assert inbox._status(replace(BATCH, done=0, seconds_left=None)) == "第 1 份，共 100 份 · 可以离开本页，核查会继续"
