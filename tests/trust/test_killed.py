"""Killed at random moments, an import goes on where it was: each file once, with its findings, no decision lost."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("killed.py")
FILES, KILLS = 24, 12  # many more by hand: python tests/trust/killed.py FOLDER 300 200 1


def test_an_import_that_is_killed_loses_and_doubles_nothing(tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    command = [sys.executable, str(SCRIPT), str(folder), str(FILES), str(KILLS), "7"]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert found["kills"] == KILLS
    assert found["report_rows"] == len(found["reports"]) == FILES
    assert {version for _, _, version in found["reports"]} == {1}
    assert found["finding_rows"] == found["findings"] == found["expected_findings"]
    assert (found["queued"], found["missing_originals"], found["lost_decisions"], found["log"]) == (0, 0, 0, "")
    assert found["decisions"] > 0
