"""A desk of its own for each test, and findings made by hand."""

from collections.abc import Iterator
from pathlib import Path

import desk
import pytest

from gdcore.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = desk.open_desk(tmp_path)
    yield opened
    opened.close()
