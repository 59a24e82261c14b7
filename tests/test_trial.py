"""A trial says what other terms would change, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import desk

from gdcore import profile, trial
from gdcore.profile import Switches
from gdcore.store import queries
from gdcore.store.rows import FindingFilter
from gdcore.verdict import Severity


def test_what_would_change(tmp_path: Path) -> None:
    store = desk.open_desk(tmp_path)
    desk.take(store, ("东关.txt", desk.unbalanced()), ("白鹭湾.txt", desk.report(desk.BAY, kind="township")))
    standing = list(queries.iter_findings(store, FindingFilter()))
    terms = profile.load("national", store.settings)
    assert trial.run(store, 2023, terms).shifts == ()

    changed = Switches({"STR-06": False}, {"SUM-03": Severity.WARNING})
    seen: list[tuple[int, int]] = []
    outcome = trial.run(store, 2023, changed.applied(terms), lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]
    assert outcome.reports == 2
    [shift] = outcome.shifts
    assert shift.agency == desk.EAST
    assert shift.total_after > shift.total_before
    assert outcome.by_rule()["STR-06"] == (0, 1, 0)
    assert outcome.by_rule()["SUM-03"] == (0, 0, 1)
    assert list(queries.iter_findings(store, FindingFilter())) == standing
    store.close()
