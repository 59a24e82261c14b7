"""The audit log: what is done is in it, and whoever touches it afterwards is found out."""

import threading

import desk
import pytest

from gdcore.store import audit, queries
from gdcore.store.rows import FindingFilter


@pytest.fixture
def busy(store):
    """A store in which a report was filed and its findings confirmed."""
    desk.take(store, ("年报.txt", desk.unbalanced()))
    rows = queries.findings(store, FindingFilter(year=2023)).rows
    queries.decide(store, [row.fingerprint for row in rows], "confirmed", "周岚")
    return store


def told(store):
    return [(entry.actor, entry.action) for entry in audit.entries(store)]


def test_reports_decisions_and_filings_are_in_it(busy):
    assert ("系统", "report") in told(busy)
    assert ("周岚", "finding") in told(busy)
    assert ("周岚", "filing") in told(busy)
    found = audit.verify(busy)
    assert found.fault == ""
    assert found.rows == len(told(busy))
    assert [row.number for row in audit.entries(busy, newest=2)] == [found.rows, found.rows - 1]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE audit SET actor = '许航' WHERE id = 2",
        "UPDATE audit SET detail = replace(detail, 'confirmed', 'waived') WHERE action = 'finding'",
        "UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE id = 1",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit)",
        "UPDATE audit SET seal = 'f' WHERE id = (SELECT MAX(id) FROM audit)",
    ],
)
def test_a_log_that_was_touched_is_told(busy, damage):
    with busy.writing() as connection:
        connection.exec_driver_sql(damage)
    assert audit.verify(busy).fault


def test_what_fails_leaves_no_line(busy):
    before = audit.verify(busy)

    def half_done():
        with busy.writing() as connection:
            audit.record(connection, "周岚", "test", "x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert audit.verify(busy) == before


def test_writers_at_the_same_time_make_one_chain(tmp_path):
    stores = [desk.open_desk(tmp_path) for _ in range(3)]

    def work(store):
        for number in range(20):
            with store.writing() as connection:
                audit.record(connection, "某人", "test", str(number))

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = audit.verify(stores[0])
    assert (found.rows, found.fault) == (60, "")
    for store in stores:
        store.close()
