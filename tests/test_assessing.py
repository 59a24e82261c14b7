"""What a stored report is checked with: the day on which the office received it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import desk
import pytest
from desk import report, take

from gdcore import assessing
from gdcore import roster as roster_files
from gdcore.store import Store, dossiers, filing, queries, roster
from gdcore.store.rows import FindingFilter
from gdcore.verdict import Outcome

EARLY, LATE = datetime(2024, 1, 18, 2, tzinfo=UTC), datetime(2024, 2, 10, 2, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "profiles"
    folder.mkdir()
    text = 'title = "云泽县"\nextends = "national"\n[deadlines]\nsubmit = "01-20"\n'
    (folder / "yunze.toml").write_text(text, "utf-8")
    opened = desk.open_desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment it is in the store: the last of the list."""
    moments = [EARLY]
    for module in (dossiers, filing):
        monkeypatch.setattr(module, "now", lambda: moments[-1])
    return moments


def late(store: Store) -> list[str | None]:
    rows = queries.findings(store, FindingFilter(rules=("TIM-03",))).rows
    return [row.finding.found for row in rows]


def test_what_comes_after_the_deadline_is_late(store: Store, clock: list[datetime]) -> None:
    clock.append(LATE)
    take(store, ("年报.txt", report()), year=2023, profile_name="yunze")
    assert late(store) == ["2024-02-10"]


def test_the_day_is_the_offices_own(store: Store, clock: list[datetime]) -> None:
    """17:30 UTC on the last day is the next day in China."""
    clock.append(datetime(2024, 1, 20, 17, 30, tzinfo=UTC))
    take(store, ("年报.txt", report()), year=2023, profile_name="yunze")
    assert late(store) == ["2024-01-21"]


def test_a_correction_counts_from_the_first_version(store: Store, clock: list[datetime]) -> None:
    take(store, ("一.txt", report(drop=["s6"])), year=2023, profile_name="yunze")
    clock.append(LATE)
    take(store, ("二.txt", report()), year=2023, profile_name="yunze")
    assert late(store) == []


def test_a_recheck_does_not_make_a_report_late(store: Store, clock: list[datetime]) -> None:
    take(store, ("年报.txt", report()), year=2023, profile_name="yunze")
    clock.append(LATE)
    assert assessing.recheck_year(store) == 1
    assert late(store) == []


@pytest.mark.parametrize(
    ("year", "moment"),
    [(None, LATE), (2023, datetime(2024, 11, 5, tzinfo=UTC)), (2023, datetime(2026, 2, 10, tzinfo=UTC))],
    ids=["no year is due", "after the season", "another year's season"],
)
def test_reports_put_in_for_comparison_are_not_late(
    store: Store, clock: list[datetime], year: int | None, moment: datetime
) -> None:
    clock.append(moment)
    take(store, ("年报.txt", report()), year=year, profile_name="yunze")
    assert late(store) == []


@pytest.mark.parametrize("last", [True, False], ids=["the government last", "the government first"])
def test_a_government_is_judged_by_all_that_its_batch_brings_below_it(store: Store, last: bool) -> None:
    rows = f"单位名称,编号,类型,上级单位\n云泽县人民政府,G,政府,\n{desk.EAST},E,街道,云泽县人民政府\n{desk.BAY},B,乡镇,云泽县人民政府\n"
    roster.take(store, roster_files.parse(rows.encode(), "名录.csv").entries)
    below = [("一.txt", report()), ("二.txt", report(desk.BAY, kind="township"))]
    above = [("政府.txt", report("云泽县人民政府", kind="government"))]
    take(store, *(below + above if last else above + below))
    view = queries.report_view(store, agency_key="G", year=2023)
    assert view is not None
    assert {code: o for code, o in view.outcomes.items() if code.startswith("AGG-0")}[
        "AGG-01"
    ] is not Outcome.NOT_APPLICABLE
    assert all("2 个单位" in row.finding.message for row in view.findings if row.finding.rule == "AGG-01")


def test_a_comparison_that_cannot_be_made_leaves_nobody_as_he_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(store, ("一.txt", report()), ("二.txt", report(desk.BAY, kind="township")))

    def died(*_: object) -> list[str]:
        raise ZeroDivisionError

    monkeypatch.setattr(assessing.judging, "compare", died)
    again: list[int] = []
    monkeypatch.setattr(assessing, "recheck_all", lambda _store, ids, *_: again.extend(ids))
    assessing.refresh(store, [(desk.EAST, 2023)])
    known = queries.report_view(store, agency_key=desk.EAST, year=2023)
    assert known is not None
    assert known.report_id in again
