"""年报核查台 · Disclosure Desk: reads annual reports on open government, checks them, and says what is wrong where.

report = gdcore.recognise(gdcore.read(data, name), name)
for finding in gdcore.check(report).findings: ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

# The verb shares its name with the package it comes from: imported here, once and first, it is the verb that callers
# see as `gdcore.recognise`, while `from gdcore.recognise import …` goes on reaching the package.
from gdcore.recognise import recognise

if TYPE_CHECKING:
    from gdcore.checking import Checked
    from gdcore.document import Document
    from gdcore.profile import Profile
    from gdcore.report import Report

__version__ = "0.1.0"
__all__ = ["check", "read", "recognise"]


def read(data: bytes, name: str = "") -> Document:
    """Bytes → Document, by what the bytes are. Raises errors.UnreadableFile with a sentence for the uploader."""
    from gdcore import readers

    return readers.read(data, name)


def check(
    report: Report, *, profile: Profile | None = None, year: int | None = None, prior: Report | None = None
) -> Checked:
    """Report → outcomes and findings, by every rule of the catalogue.

    `profile` is the national one unless given, `year` the year that is due, `prior` last year's report.
    """
    from gdcore import checking, settings
    from gdcore import profile as profiles
    from gdcore.task import Task

    rules = profile or profiles.load("national", settings.load())
    return checking.check(checking.Facts(report, rules, Task(year), prior=prior))
