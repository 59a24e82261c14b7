"""What the index finds is what going through all texts finds, whoever wrote and however often."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import date

import desk
import pytest
from sqlalchemy import delete, insert, literal, or_, select, update

from gdcore.store import migrations, queries, searching
from gdcore.store.rows import FindingFilter, LedgerFilter
from gdcore.store.tables import AGENCY, FINDING, FINDING_STATE

YEAR = 2023
DAY = date(2024, 2, 1)
# Few characters, so that pieces come up often: with two cases, with a sense for LIKE or for a query of the index, folded by
# Unicode but not by ASCII, of four bytes, ends of lines, and the one at which a text ends for SQLite.
CHARACTERS = "教育局水务育教aAbB%_/\\\"'*^é É𠮷ß\n\0\U0010ffff"
COLUMNS = {
    AGENCY: ("name",),
    FINDING: ("message", "found", "expected"),
    FINDING_STATE: ("message", "found", "responsible"),
}


@pytest.fixture
def filed(store):
    desk.take(store, ("东关.txt", desk.unbalanced()), ("白鹭湾.txt", desk.unbalanced(desk.BAY, kind="township")))
    found = [row.fingerprint for row in queries.iter_findings(store, FindingFilter(year=YEAR))]
    queries.decide(store, found[::2], "confirmed", "周岚")
    return store


def _text(rng, longest=12):
    return "".join(rng.choice(CHARACTERS) for _ in range(rng.randint(0, longest)))


def _scribble(connection, rng):
    """Other words in some rows, some rows gone and some anew."""
    for table, columns in COLUMNS.items():
        key = next(iter(table.primary_key.columns))
        rows = [dict(row._mapping) for row in connection.execute(select(table))]
        for row in rng.sample(rows, max(1, len(rows) // 2)):
            words = {column: _text(rng) for column in columns}
            connection.execute(update(table).where(key == row[key.name]).values(**words))
        if table is not AGENCY:
            row = rng.choice(rows)
            connection.execute(delete(table).where(key == row[key.name]))
            connection.execute(insert(table).values(**row | {columns[0]: _text(rng)}))


def _piece(rng, texts):
    """A piece that some text has, or just one."""
    whole = rng.choice(texts)
    at = rng.randrange(len(whole) or 1)
    piece = whole[at : at + rng.randint(1, 5)] if rng.random() < 0.7 else _text(rng, 4)
    return rng.choice((piece, piece.swapcase())) or "教"


def test_the_index_finds_what_going_through_all_texts_finds(filed):
    rng = random.Random(8)
    hits = 0
    for _ in range(12):
        with filed.writing() as connection:
            _scribble(connection, rng)
        for table, columns in COLUMNS.items():
            key = next(iter(table.primary_key.columns))
            with filed.reading() as connection:
                rows = connection.execute(select(*(table.c[column] for column in columns))).all()
                texts = [value for row in rows for value in row if value] or ["教育局"]
                for words in {_piece(rng, texts) for _ in range(40)}:
                    said = or_(*(table.c[column].contains(words, autoescape=True) for column in columns))
                    naive = set(connection.execute(select(key).where(said)).scalars())
                    chosen = select(key).where(searching.may_have(table, words), said)
                    assert set(connection.execute(chosen).scalars()) == naive, (table.name, words)
                    hits += bool(naive) and searching.indexed(words)
    assert hits > 300


def _asked(store, words, silent=()):
    """Fingerprints of the findings and the lines that have the words."""
    findings = FindingFilter(year=YEAR, q=words, silent=silent)
    lines = LedgerFilter(YEAR, DAY, DAY, q=words, silent=silent)
    page, ledger = queries.findings(store, findings), queries.ledger(store, lines)
    assert page.total == len(page.rows)
    assert {row.fingerprint for row in queries.iter_findings(store, findings)} == {r.fingerprint for r in page.rows}
    assert {row.fingerprint for row in queries.iter_ledger(store, lines)} == {row.fingerprint for row in ledger.rows}
    return {row.fingerprint for row in page.rows}, {row.fingerprint for row in ledger.rows}


def _naive(store, words, silent=()):
    """The same by LIKE alone."""
    found = []
    for table, more in ((FINDING, ()), (FINDING_STATE, (FINDING_STATE.c.responsible,))):
        name = select(AGENCY.c.name).where(AGENCY.c.key == table.c.agency_key).scalar_subquery()
        told = or_(*(c.contains(words, autoescape=True) for c in (table.c.message, table.c.found, table.c.expected)))
        others = or_(*(c.contains(words, autoescape=True) for c in (table.c.rule, name, *more)))
        with store.reading() as connection:
            where = or_(told & table.c.rule.not_in(silent), others)
            found.append(set(connection.execute(select(table.c.fingerprint).where(where)).scalars()))
    return tuple(found)


@pytest.mark.parametrize(
    "words", ["部分", "六、其他", "77", "自然人", "STR", "str-06", "-0", "东关", "白鹭湾镇", "府", "没有这句", "%%"]
)
@pytest.mark.parametrize("looked_up", [True, False])
def test_words_are_found_in_texts_rules_and_names(filed, monkeypatch, looked_up, words):
    monkeypatch.setattr(searching, "worth_it", lambda *_: looked_up and searching.indexed(words))
    assert _asked(filed, words) == _naive(filed, words)


def test_what_most_texts_have_is_gone_through(filed):
    with filed.reading() as connection:
        assert searching.worth_it(connection, FINDING, "其他需要", 100)
        assert searching.worth_it(connection, FINDING, "部分", 100)
        assert not searching.worth_it(connection, FINDING, "部", 100)
        assert searching.worth_it(connection, FINDING, "部分", 1) == filed.is_server
        assert searching.worth_it(connection, FINDING, "没有这句", 1)


def test_words_asked_for_are_found(filed):
    assert all(_asked(filed, "其他需要报告"))
    assert all(_asked(filed, "白鹭湾"))
    assert all(_asked(filed, "STR-06"))


def test_who_answers_for_a_line_is_found(filed):
    with filed.writing() as connection:
        connection.execute(update(FINDING_STATE).values(responsible="钱进"))
    findings, lines = _asked(filed, "钱进")
    assert not findings
    assert lines == _naive(filed, "钱进")[1] != set()


def test_the_text_of_a_silent_rule_is_not_found(filed):
    words = "其他需要报告"
    assert not any(_asked(filed, words, silent=("STR-06",)))
    assert _asked(filed, "东关", silent=("STR-06",)) == _asked(filed, "东关")


def test_what_is_masked_is_not_found(store):
    number, mobile = "110101199003070011", "13812345678"
    said = f"申请人身份证号{number}，电话{mobile}，申请公开征地批复。"
    desk.take(store, ("东关.txt", desk.report(insert={"s1.a2": [said]})))
    found = {
        row.fingerprint for row in queries.iter_findings(store, FindingFilter(year=YEAR, rules=("PRI-01", "PRI-02")))
    }
    queries.decide(store, sorted(found), "confirmed", "周岚")
    findings, lines = _asked(store, "110*")
    assert findings & lines & found
    for words in (number, mobile, number[3:-2], mobile[2:9], "0101", "38123"):
        assert _asked(store, words) == (set(), set())
        with store.reading() as connection:
            for table in (FINDING, FINDING_STATE):
                assert not connection.execute(select(table.c.rule).where(searching.may_have(table, words))).all()


def test_names_go_through_renaming(filed):
    assert list(queries.find_agencies(filed, "东关街道").values()) == [desk.EAST]
    with filed.writing() as connection:
        connection.execute(update(AGENCY).where(AGENCY.c.name == desk.EAST).values(name="云泽县西关街道办事处"))
    assert not queries.find_agencies(filed, "东关")
    assert list(queries.find_agencies(filed, "西关").values()) == ["云泽县西关街道办事处"]
    assert {row.agency for row in queries.findings(filed, FindingFilter(year=YEAR, agency="西关")).rows} == {
        "云泽县西关街道办事处"
    }


@pytest.mark.parametrize("words", ["东关", "东关街道"])
@pytest.mark.parametrize("table", COLUMNS)
def test_the_index_is_asked(filed, table, words):
    name = {AGENCY: "search_agency", FINDING: "search_finding", FINDING_STATE: "search_line"}[table]
    question = select(literal(1)).select_from(table).where(searching.may_have(table, words))
    with filed.reading() as connection:
        if filed.is_server:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # a few rows are sooner gone through
        explain = "EXPLAIN" if filed.is_server else "EXPLAIN QUERY PLAN"
        compiled = question.compile(connection, compile_kwargs={"literal_binds": True})
        told = "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {compiled}"))
    assert name in told
    assert f"SCAN {table.name}\n" not in told


def test_a_store_with_rows_is_brought_up_to_date(tmp_path, monkeypatch):
    """As it stood before there was an index: what is in it is found, and nothing of its text is lost."""
    from alembic import command
    from alembic.config import Config

    with closing(desk.open_desk(tmp_path)) as store:
        desk.take(store, ("东关.txt", desk.unbalanced()))
        asked = _asked(store, "其他需要报告")
        config = Config()
        config.set_main_option("script_location", str(migrations.__path__[0]))
        with store.writing() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0007")
            connection.execute(update(AGENCY).values(name="云泽县西关街道办事处"))
    with closing(desk.open_desk(tmp_path)) as store:
        assert _asked(store, "其他需要报告") == asked
        assert len(queries.find_agencies(store, "西关")) == 1
        assert not queries.find_agencies(store, "东关")
