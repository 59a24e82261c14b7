"""The invented country: equal arguments give equal bytes, sums add up, every planted fault is one that is found."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from decimal import Decimal

import pytest

import gdcore
from gdcore import roster
from gdcore.form import AgencyType, Edition
from gdcore.samples import apply, clean, country, write
from gdcore.samples.country import Country

SMALL = Country(agencies=130, years=(2024, 2025), seed=3)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    first, again, other = (
        [(f.file_name, f.bytes()) for f in itertools.islice(made.reports(), 60)]
        for made in (SMALL, Country(130, (2024, 2025), 3), Country(130, (2024, 2025), 4))
    )
    assert first == again
    assert not {data for _, data in first} & {data for _, data in other}


def test_every_name_is_there_once_and_below_a_body_that_is_there():
    bodies = list(Country(20_000).roster())
    names = {body.name for body in bodies}
    assert len(names) == len(bodies) >= 20_000
    assert {body.superior for body in bodies} - names == {""}


def test_the_roster_is_one_that_the_desk_can_take():
    taken = roster.parse(SMALL.roster_csv(), "名录.csv")
    assert taken.faults == ()
    assert [e.name for e in taken.entries] == [body.name for body in SMALL.roster()]
    assert {e.agency_type for e in taken.entries} == set(AgencyType)


def test_shares_are_kept():
    made = list(Country(2_000, faulty=0.4, missing=0.1, formats={"txt": 3, "html": 1}).reports())
    bodies = len(list(Country(2_000).roster()))
    assert len(made) / bodies == pytest.approx(0.9, abs=0.03)
    assert Counter(f.fmt for f in made)["txt"] / len(made) == pytest.approx(0.75, abs=0.04)
    assert sum(bool(f.planted) for f in made) / len(made) == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize("year", [2020, 2025])
def test_a_government_adds_up_what_stands_right_under_it(year):
    made = {f.body.name: f for f in Country(100, (year,), faulty=0, missing=0).reports()}
    governments = [f for f in made.values() if f.body.kind is AgencyType.GOVERNMENT]
    assert len({f.body.area[-1] for f in governments}) == 3  # counties, a city, a province
    for government in governments:
        below = [
            f.sample.cells()
            for f in made.values()
            if f.body.superior == government.body.name and f.body.kind is not AgencyType.VERTICAL
        ]
        for address, raw in government.sample.cells().items():
            assert Decimal(raw) == sum(Decimal(cells[address]) for cells in below), address


@pytest.mark.parametrize(("kind", "year"), itertools.product(AgencyType, (2020, 2025)))
def test_what_is_planted_is_found(kind, year):
    name = next(b.name for b in Country(60).roster() if b.kind is kind)
    for rule, change in country._faults(Edition.of_year(year)).items():
        data = write(apply(clean(kind, year, True, name), change), "html")
        found = {f.rule for f in gdcore.check(gdcore.recognise(gdcore.read(data, f"{name}.html"))).findings}
        assert rule in found, (rule, found)


def test_the_command_writes_roster_reports_and_what_was_planted(tmp_path, capsys):
    country.main([str(tmp_path), "--agencies", "40", "--years", "2024-2025", "--formats", "txt=1", "--seed", "5"])
    files = sorted(p for p in tmp_path.glob("20*/*") if p.suffix == ".txt")
    assert f"{len(files)} reports" in capsys.readouterr().out
    rows = list(csv.reader(io.StringIO((tmp_path / "植入.csv").read_text("utf-8-sig"))))[1:]
    assert rows
    assert all((tmp_path / row[0]).exists() for row in rows)
    assert roster.parse((tmp_path / "名录.csv").read_bytes(), "名录.csv").entries


def test_a_format_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(SystemExit):
        country.main([str(tmp_path), "--formats", "xyz=1"])
