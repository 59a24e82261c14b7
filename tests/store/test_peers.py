"""Peers: who is compared with whom, in a batch and in the store, on both sides of a pair."""

import hashlib
import zlib

import pytest
from desk import EAST, report, take

from gdcore import intake, line, profile
from gdcore.peers import Alike, Batch, Peers, Writing
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.store import peer_rows, queries, reports
from gdcore.store.rows import FindingFilter

WILLOW = "云泽县柳浪街道办事处"
HEALTH = "云泽县卫生健康局"
STREETS = [f"云泽县{name}街道办事处" for name in ("望江", "青松", "石桥", "新安", "北门", "南湖", "西苑")]


def read_report(data: bytes):
    return recognise(read(data, "a.txt"), "a.txt")


def copied(name: str, **change) -> bytes:
    """The report of 东关街道 under another street's name."""
    street = name.removeprefix("云泽县").removesuffix("办事处")
    change["replace"] = {"东关街道": street, **change.get("replace", {})}
    return report(**change)


def findings(store, code: str = "QUA-02") -> dict[str, str]:
    """Agency → the finding's message, of the section 一."""
    rows = queries.findings(store, FindingFilter(rules=(code,))).rows
    return {row.agency: row.finding.message for row in rows if row.finding.address == "s1"}


# --- bands ------------------------------------------------------------------------------------------------------------


def test_a_copy_shares_its_bands_and_another_text_does_not():
    own, copy, other = (
        Writing.of(read_report(data)) for data in (report(), copied(WILLOW), report(HEALTH, kind="dept", seed=2))
    )
    assert own.bands == copy.bands
    holders = {1: copy.bands, 2: other.bands}
    assert peer_rows.sharing(own.bands, lambda band: [n for n, has in holders.items() if band in has[0] | has[1]]) == {
        1
    }
    assert [len(section) for section in own.bands] == [24, 24]


@pytest.mark.parametrize("text", ["公开信息312条，占80%。\n", "aß公\U0001f600", "公开", "年报" * 8_000 + "同题"])
def test_bands_come_of_the_least_checksum_in_each_compartment(text):
    """They are stored: however they are found, they stay the same numbers."""
    body = text * 60 if len(text) < 100 else text
    hashes = {zlib.crc32(body[i : i + 3].encode()) for i in range(len(body) - 2)}
    least = {at: min(n // 72 for n in hashes if n % 72 == at) for at in {n % 72 for n in hashes}}
    held = [least[next(at % 72 for at in range(place, place + 72) if at % 72 in least)] for place in range(72)]
    said = [f"2025|s1|{n}|{held[3 * n : 3 * n + 3]}".encode() for n in range(24)]
    numbers = {int.from_bytes(hashlib.blake2b(each, digest_size=7).digest(), "big") for each in said}
    assert Writing("甲", None, 2025, "", {"s1": body, "s5": ""}).bands == (numbers, frozenset())


def test_what_lately_came_is_found_by_its_bands(monkeypatch):
    monkeypatch.setattr(line, "_LOOKED_BACK", 3)
    lately = line._Lately()
    for number in range(5):
        bands = (frozenset(range(number, number + 6)), frozenset())
        lately.add(line._Written(number, (f"单位{number}", 2025), bands, b""))

    def found(first: int, since: int) -> list[int]:
        return [each.number for each in lately.sharing((frozenset(range(first, first + 6)), frozenset()), since)]

    assert found(0, 0) == [2]  # 0 and 1 share more, but are forgotten
    assert found(4, 0) == [2, 3, 4]
    assert found(4, 3) == [3, 4]
    assert found(40, 0) == []


def test_bands_tell_years_apart():
    this, next_ = Writing.of(read_report(report())), Writing.of(read_report(report(year=2024, seed=3)))
    assert not any(here & there for here, there in zip(this.bands, next_.bands, strict=True))


def test_a_short_text_has_no_bands():
    short = report(drop=["s1.lead", "s1.a1", "s1.a2", "s1.a3", "s1.a4", "s1.a5", "s5.p", "s5.m"])
    assert not any(Writing.of(read_report(short)).bands)


@pytest.mark.parametrize(
    ("alike", "count", "template"), [(2, 2, False), (3, 6, True), (2, 6, False), (14, 500, False), (15, 500, True)]
)
def test_what_most_or_very_many_share_is_a_template(alike, count, template):
    own = Writing("甲", "甲", 2023, "", {})
    assert Peers(own, (), count).is_template([Alike("乙", 0.9)] * alike) is template


def test_a_batch_finds_a_copy_among_many():
    own = read_report(report())
    others = [read_report(report(name, seed=seed)) for seed, name in enumerate(STREETS, 1)]
    batch = Batch([own, *others, read_report(copied(WILLOW))])
    peers = batch.peers(own)
    assert peers is not None
    assert peers.alike("s1", 0.9)[0] == Alike(WILLOW, 1.0)
    assert peers.count == len(STREETS) + 1


def test_a_lone_report_has_no_peers():
    own = read_report(report())
    assert Batch([own]).peers(own) is None


# --- the store --------------------------------------------------------------------------------------------------------


def test_a_pair_is_told_on_both_sides(store):
    take(store, ("东关.txt", report()))
    assert findings(store) == {}
    take(store, ("柳浪.txt", copied(WILLOW)))
    assert set(findings(store)) == {EAST, WILLOW}
    assert WILLOW in findings(store)[EAST]


def test_a_new_version_ends_the_pair_on_both_sides(store):
    take(store, ("东关.txt", report()), ("柳浪.txt", copied(WILLOW)))
    assert len(findings(store)) == 2
    take(store, ("柳浪新.txt", report(WILLOW, seed=2)))
    assert findings(store) == {}


def test_versions_years_and_samples_are_no_peers(store):
    take(store, ("东关.txt", report()), ("东关新.txt", report(replace={"全年开展业务培训4次": "全年开展业务培训5次"})))
    take(store, ("柳浪2022.txt", copied(WILLOW, year=2022)))
    take(store, ("柳浪示例.txt", copied(WILLOW, seed=4)), sample=True)
    assert findings(store) == {}
    assert findings(store, "AGG-07") == {}


def test_a_template_of_the_area_is_silent_once_most_use_it(store):
    take(store, ("东关.txt", report()), ("柳浪.txt", copied(WILLOW)))
    take(store, *((f"{name}.txt", copied(name)) for name in STREETS))
    assert findings(store) == {}


def test_a_report_moved_to_another_agency_is_named_by_it(store):
    take(store, ("东关.txt", report()), ("柳浪.txt", copied(WILLOW)))
    moved = reports.current_report(store, WILLOW, 2023)
    intake.correct_identity(store, moved.report_id, STREETS[0], 2023)
    assert STREETS[0] in findings(store)[EAST]
    assert WILLOW not in findings(store)[EAST]


def test_a_report_moved_to_another_year_leaves_no_pair(store):
    take(store, ("东关.txt", report()), ("柳浪.txt", copied(WILLOW)))
    moved = reports.current_report(store, WILLOW, 2023)
    intake.correct_identity(store, moved.report_id, WILLOW, 2021)
    assert findings(store) == {}


def test_only_so_many_are_checked_again(store):
    take(store, *((f"{name}.txt", copied(name)) for name in STREETS))
    with store.reading() as connection:
        kin = peer_rows.kin(connection, peer_rows.ever(connection, [(STREETS[0], 2023)]))
    assert len(kin) == min(peer_rows.KIN, len(STREETS) - 1)


def test_what_a_report_is_judged_with_is_part_of_its_engine(store):
    take(store, ("东关.txt", report()))
    known = reports.current_report(store, EAST, 2023)
    assert known.engine.endswith(profile.load("national", store.settings).fingerprint)
