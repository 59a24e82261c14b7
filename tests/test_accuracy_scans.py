"""The accuracy gate for scans at 150 dpi, skewed, grainy, in JPEG: numbers are right, or marked as doubtful."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

pytest.importorskip("rapidocr", reason="The extra `ocr` is not installed: scans are not measured.")
from accuracy import cases
from accuracy.measure import tallied
from accuracy.reports import Case

FLOOR = 0.998  # of the cells


@pytest.mark.parametrize(("name", "made"), [("scans", cases.scans(12)), ("turned", cases.turned_scans())])
def test_scans_are_right_or_in_doubt(name: str, made: Iterable[Case]) -> None:
    tally = tallied(made)
    report = "\n".join([tally.row(name), *tally.told])
    print(report)
    assert tally.share >= FLOOR, report
    assert tally.wrong == 0, report
    assert tally.identities == tally.files, report
