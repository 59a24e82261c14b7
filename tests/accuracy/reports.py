"""Invented reports with figures that tell the cells apart, and the gold that stands beside each file."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from gdcore import form
from gdcore.form import AgencyType, Edition
from gdcore.samples import Sample, Spec, compose, tabular
from gdcore.samples.model import StatTable

# (what is printed, the number that certainly stands there)
Printed = tuple[str, Decimal | None]

NAMES = {
    AgencyType.DEPT: ("云泽县教育局", "云泽县卫生健康局", "云泽县自然资源和规划局", "澜江市生态环境局"),
    AgencyType.TOWNSHIP: ("云泽县白鹭湾镇人民政府", "云泽县双桥乡人民政府"),
    AgencyType.SUBDISTRICT: ("云泽县东关街道办事处", "云泽县望湖街道办事处"),
    AgencyType.GOVERNMENT: ("云泽县人民政府", "澜江市人民政府"),
    AgencyType.GOV_OFFICE: ("云泽县人民政府办公室", "澜江市人民政府办公厅"),
    AgencyType.AUTHORIZED_ORG: ("云泽县经济开发区管理委员会", "澜江高新技术产业开发区管理委员会"),
    AgencyType.VERTICAL: ("云泽县气象局", "国家税务总局云泽县税务局"),
}
YEARS = (2023, 2020, 2022, 2025, 2021, 2019, 2024)
NOTHING = 0.55  # of the cells print 0, as in real reports


@dataclass(frozen=True, slots=True)
class Case:
    """A file to read, and what certainly stands in it. `sections` are the keys of the sections whose headings it prints."""

    name: str
    data: bytes
    gold: Mapping[str, Printed]
    agency: str
    year: int
    sections: frozenset[str]


def report(number: int) -> Sample:
    """The n-th report: another kind, name and year each time, both editions, every figure its own."""
    kind = tuple(AgencyType)[number % len(AgencyType)]
    name = NAMES[kind][number // len(AgencyType) % len(NAMES[kind])]
    spec = Spec(kind, YEARS[(number * 3 + number // 7) % len(YEARS)], True, name, number)
    return of_edition(spec, spec.edition, spec.edition)


def of_edition(spec: Spec, t2: Edition, t3: Edition) -> Sample:
    """A report with tables 二 and 三 in these editions."""
    dice = random.Random(f"{spec.name}{spec.year}{spec.seed}")
    values = {**_proactive(dice, t2), **_requests(dice, t3), **_disputes(dice)}
    tables = [compose.table(spec, key, edition, values) for key, edition in (("t2", t2), ("t3", t3), ("t4", t3))]
    return compose.of_tables(spec, tables)


def plain_gold(sample: Sample) -> dict[str, Printed]:
    """What the cells of a sample print, and mean, before any style is laid over them."""
    return {address: (raw, Decimal(raw)) for address, raw in sample.cells().items()}


def with_cells(sample: Sample, gold: Mapping[str, Printed]) -> Sample:
    """The sample with other texts in its cells."""
    return replace(sample, pieces=tuple(_printing(p, gold) if isinstance(p, StatTable) else p for p in sample.pieces))


def _printing(table: StatTable, gold: Mapping[str, Printed]) -> StatTable:
    for address, (raw, _) in gold.items():
        if address.partition(".")[0].removesuffix("_2019") == table.key:
            table = tabular.put(table, address, raw)
    return table


def _count(dice: random.Random) -> int:
    if dice.random() < NOTHING:
        return 0
    return dice.randint(1, 10 ** dice.choice((1, 1, 1, 2, 2, 3)))


def _requests(dice: random.Random, edition: Edition) -> dict[str, str]:
    """Table 三 with every identity of the form."""
    (block,) = form.blocks("t3", edition)
    columns = [c.key for c in form.APPLICANTS if c.key != "total"]
    details = [row.key for row in block.rows if row.key not in form.T3_INPUTS]
    counts = {(row, column): _count(dice) for row in (*details, "carried_in") for column in columns}
    for column in columns:
        done = sum(counts[row, column] for row in details)
        counts["result_total", column] = done
        left = counts["carried_in", column] + dice.choice((0, 0, 1, 3))
        counts["carried_out", column] = left
        counts["new_received", column] = done + left - counts["carried_in", column]
    made = {f"t3.{row}.{column}": str(count) for (row, column), count in counts.items()}
    for row in (r.key for r in block.rows):
        made[f"t3.{row}.total"] = str(sum(counts[row, column] for column in columns))
    return made


def _disputes(dice: random.Random) -> dict[str, str]:
    made = {}
    for row in form.T4.rows:
        four = [_count(dice) for _ in form.OUTCOMES[:-1]]
        for column, count in zip(form.OUTCOMES, (*four, sum(four)), strict=True):
            made[f"t4.{row.key}.{column.key}"] = str(count)
    return made


def _proactive(dice: random.Random, edition: Edition) -> dict[str, str]:
    made = {}
    for address in _addresses(form.blocks("t2", edition)):
        count = dice.choice((0, dice.randint(1, 99), dice.randint(100, 9999), dice.randint(10_000, 99_999_999)))
        made[address] = str(count)
        if address.endswith("items_change"):
            made[address] = dice.choice(("+19", "-3", "+1", "0"))
        if address.endswith(("amount", "amount_wan")):
            made[address] = dice.choice(("190.457379", "72701.2578", "282.1", "0", "96171.6"))
    return made


def _addresses(blocks: Iterable[form.Block]) -> list[str]:
    return [address for block in blocks for address in block.addresses()]
