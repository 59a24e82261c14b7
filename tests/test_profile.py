"""Profiles: what they take over from each other, and what is told of a slip in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gdcore import profile, settings
from gdcore.errors import ConfigurationError
from gdcore.profile import Profile, Switches
from gdcore.settings import Settings
from gdcore.verdict import Severity


def load(folder: Path, text: str) -> Profile:
    """The profile that an office wrote into its own folder."""
    (folder / "profiles").mkdir()
    (folder / "profiles" / "yunze.toml").write_text(text, "utf-8")
    return profile.load("yunze", _settings(folder))


def _settings(folder: Path) -> Settings:
    return settings.load({"GDCORE_DATA": str(folder)})


def test_an_office_builds_on_a_shipped_profile(tmp_path: Path) -> None:
    text = (
        'title = "云泽县"\nextends = "GS"\n[deadlines]\nsubmit = "01-20"\n[required]\nnotice = "云政办发〔2024〕1号"\n'
    )
    area = load(tmp_path, text)
    assert (area.title, area.submit, area.notice) == ("云泽县", "01-20", "云政办发〔2024〕1号")
    assert area.thresholds["s1_max"] == 1000
    assert area.enabled("REG-GS-01")
    assert area.enabled("REG-XX-01")
    assert not area.enabled("REG-SD-01")
    assert dict(area.publish) == {"dept": "01-31", "government": "03-31"}


@pytest.mark.parametrize("name", ["national", "SD", "SD-lite", "GS"])
def test_shipped_profiles_load(tmp_path: Path, name: str) -> None:
    assert profile.load(name, _settings(tmp_path)).name == name


@pytest.mark.parametrize(
    ("deadlines", "told"),
    [
        ('submit = "1月20日"', "1月20日"),
        ('submit = "02-30"', "02-30"),
        ('publish = {dept = "01-32"}', "01-32"),
        ('publish = {bureau = "01-31"}', "bureau"),
    ],
)
def test_a_slip_in_a_deadline_is_told_by_name(tmp_path: Path, deadlines: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        load(tmp_path, f'title = "云泽县"\n[deadlines]\n{deadlines}\n')


def test_what_an_office_switches_lies_on_top_of_a_profile(tmp_path: Path) -> None:
    settings_ = _settings(tmp_path)
    before = profile.load("national", settings_)
    changed = Switches({"STR-25": True, "QUA-09": False}, {"STR-09": Severity.WARNING})
    profile.save_switches(settings_, "national", changed)
    after = profile.load("national", settings_)
    assert profile.switches(settings_, "national") == changed
    assert (after.enabled("STR-25"), after.enabled("QUA-09")) == (True, False)
    assert after.severity("STR-09", Severity.INFO) is Severity.WARNING
    assert after.fingerprint != before.fingerprint
    assert profile.load("SD", settings_).enabled("QUA-09")
    profile.save_switches(settings_, "national", Switches())
    assert profile.load("national", settings_) == before


def test_the_profiles_to_choose_from(tmp_path: Path) -> None:
    load(tmp_path, 'title = "云泽县"\nextends = "SD"\n')
    profile.save_switches(_settings(tmp_path), "yunze", Switches({"QUA-09": False}))
    assert {"national", "SD", "GS", "yunze"} <= set(profile.available(_settings(tmp_path)))
    assert "yunze.switches" not in profile.available(_settings(tmp_path))
