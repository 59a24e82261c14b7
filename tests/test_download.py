"""A file that was made on the press of a button is there when the browser comes for it, whatever others do meanwhile."""

import asyncio
import sys
from contextlib import closing
from pathlib import Path

import desk
import pytest
from visitor import Visitor

sys.path.insert(0, str(Path(__file__).parent / "browser"))
from app_server import served

YEAR = 2023
AGENCY = "云泽县司法局"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("downloads")
    with closing(desk.open_desk(folder)) as store:
        desk.take(store, ("年报.txt", desk.unbalanced(AGENCY, YEAR)), year=YEAR)
    with served(folder) as address:
        yield address


def test_a_file_outlasts_the_pages_that_others_open_before_it_is_fetched(address):
    async def fetched():
        async with Visitor(address) as one, Visitor(address) as other:
            await one.open("findings", f"year={YEAR}")
            url = await one.ask("findings_csv")
            for _ in range(3):
                await other.open("findings", f"year={YEAR}")
            return await one.fetch(url)

    assert AGENCY.encode() in asyncio.run(fetched())


def test_a_file_is_gone_when_its_page_was_drawn_anew(address):
    async def status():
        async with Visitor(address) as one, Visitor(address) as other:
            await one.open("findings", f"year={YEAR}&rule=STR-06")
            url = await one.ask("findings_csv")
            await one.open("agencies", f"year={YEAR}")
            for _ in range(2):
                await other.open("overview", f"year={YEAR}")
            return (await one.web.get(url)).status_code

    assert asyncio.run(status()) == 404
