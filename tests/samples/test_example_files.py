"""The files of examples are read strictly: a slip of the pen must not make an example that tests nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from gdcore.samples.examples import load_file

WHOLE = """
- name: 落款缺失
  report: {kind: dept, year: 2023}
  drop: [signoff]
  profile: {extends: SD, enable: [STR-25]}
  prior: {report: {kind: dept, year: 2022}, set: {t3.carried_out.total: "9"}}
  peers: [{report: {kind: dept, year: 2023, name: 云泽县水务局}}]
  agency: {agency_type: dept, level: county}
  formats: [docx]
  expect: fail
  address: signoff
  severity: info
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "STR-25.yml"
    path.write_text(text, "utf-8")
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    (example,) = load_file(written(tmp_path, WHOLE))
    assert (example.code, example.profile, example.adjusted) == ("STR-25", "SD", {"enable": ["STR-25"]})
    assert (example.formats, example.addresses, example.severity) == (("docx",), ("signoff",), "info")
    assert example.prior is not None
    assert example.prior.sample().cells()["t3.carried_out.total"] == "9"
    assert example.peers is not None
    assert example.peers[0].sample().spec.name == "云泽县水务局"
    assert example.subordinates is None
    assert "signoff" not in [piece.key for piece in example.source.sample().pieces]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("drop:", "droped:"),
        ("kind: dept, year: 2023}", "kind: dept, yaer: 2023}"),
        ("enable: [STR-25]", "switch: [STR-25]"),
        ("level: county", "grade: county"),
        ("set: {", "sets: {"),
        ("expect: fail", "expect: failed"),
        ("severity: info", "severity: mild"),
        ("formats: [docx]", "formats: [wps]"),
        ("- name: 落款缺失", "- profile: SD"),
    ],
)
def test_slips_are_errors_that_name_the_file(tmp_path: Path, old: str, new: str) -> None:
    assert old in WHOLE
    with pytest.raises(ValueError, match=r"STR-25\.yml"):
        load_file(written(tmp_path, WHOLE.replace(old, new, 1)))
