"""What holds for every test."""

import sys
import threading
from collections.abc import Iterator

import pytest

SECONDS = 30  # that a page's thread may still take


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """AppTest leaves the page it ran as `__main__`, and processes that later tests spawn would run it again.

    A page that reruns goes on in its thread after AppTest has answered, so that one is waited for.
    """
    main = sys.modules["__main__"]
    yield
    for thread in threading.enumerate():
        if thread.name == "ScriptRunner.scriptThread":
            thread.join(SECONDS)
    sys.modules["__main__"] = main
