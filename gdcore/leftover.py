"""What a file may hold beside its text: the keys under which readers hand it over in a document's metadata."""

from __future__ import annotations

import re
from enum import StrEnum


class Leftover(StrEnum):
    """Keys of `Document.metadata` and `Report.metadata`; the values are counts in digits, except those of PATH.

    Author and program stand there under the names that the format itself uses, see `AUTHORS` and `PROGRAMS`.
    """

    COMMENTS = "leftover.comments"  # comments in Word, notes and marks in PDF
    REVISIONS = "leftover.revisions"  # tracked insertions, deletions and moves
    HIDDEN = "leftover.hidden"  # characters of hidden text
    PATH = "leftover.path"  # a path into a user's folder: C:\Users\…


# Where formats keep the names of people and of programs: Word and Excel core properties, PDF information, OFD.
AUTHORS = ("creator", "lastModifiedBy", "Author")
PROGRAMS = ("Creator", "Producer", "Application")

_PATH = re.compile(
    r"(?:[A-Za-z]:|file:/{2,3}[A-Za-z]:)?[\\/](?:Users|Documents and Settings|home)[\\/][^\\/\"'<>|:*?\r\n]{1,64}"
    r"(?:[\\/][^\"'<>|:*?\r\n]{0,200})?"
)


def user_path(text: str) -> str | None:
    """The first path in `text` that leads into a user's own folder; None without one. Web addresses are no paths."""
    found = _PATH.search(text) if "/" in text or "\\" in text else None
    if found is None or re.search(r"https?://[^\s\"'<>]*$", text[: found.start()]):
        return None
    return found[0].rstrip()


def without_user(path: str) -> str:
    r"""A user's path without the user: C:\Users\×××\…"""
    parts = re.split(r"([\\/])", path)
    folder = next(n for n, part in enumerate(parts) if part in ("Users", "Documents and Settings", "home"))
    return "".join(parts[: folder + 2]) + "×××"
