"""The letters of the office: 退回修改通知 and 催报函 for each agency, the 通报 of a year, the scorecard of a report.

What they say is gathered here as plain texts under the fields of their templates; `docx` fills them in.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO, Any

from gdcore import wording
from gdcore.errors import ConfigurationError
from gdcore.exports import docx
from gdcore.exports.csv import position
from gdcore.exports.kinds import REMINDER, RETURN_NOTICE
from gdcore.rules import CATALOGUE
from gdcore.scoring import DISMISSED, UPHELD, Scheme
from gdcore.store import Store, letter_rows
from gdcore.store.rows import AgencyRow, FindingRow, Recipient
from gdcore.task import LOCAL_TIME
from gdcore.verdict import Severity

# States of a finding in which a letter may ask for its correction: confirmed by a person, and not closed.
TOLD = tuple(sorted(UPHELD - {"closed"}))
MIME = "application/zip"

_QUOTED = 240  # characters of a report that a letter quotes; of more, the beginning
_OTHER = "其他"
_DIGITS = "零一二三四五六七八九"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_PART_BYTES = 150  # of 255 that file systems take, for the longest part of a name: an agency's
_STOPS = ("。", "！", "？", "；")


@dataclass(frozen=True, slots=True)
class Terms:
    """What all letters of one batch have in common. `states` are those of the findings that are told."""

    year: int
    deadline: date
    dated: date
    states: tuple[str, ...] = TOLD


@dataclass(frozen=True, slots=True)
class Letter:
    """A document and the name of its file."""

    file_name: str
    data: bytes


# --- 退回修改通知 -----------------------------------------------------------------------------------------------------


def return_notices(
    store: Store,
    terms: Terms,
    keys: Sequence[str] | None = None,
    q: str = "",
    only: Collection[str] | None = None,
    shown: Callable[[FindingRow], FindingRow] = lambda row: row,
) -> Iterator[Letter]:
    """One for each agency that has faults to correct, by name: the agencies `keys`, or those with `q` in their name.

    `only`: fingerprints of the findings that are told, of those that may be; `shown`: how each is told. The template is opened at once, so that
    what is wrong with it is raised here (ConfigurationError).
    """
    form = docx.opened(RETURN_NOTICE, store.settings)
    states = sorted(set(terms.states) - DISMISSED)
    named = letter_rows.recipients(store, terms.year, states, keys, q)
    return _numbered(
        (to.agency, form, return_notice(to, list(map(shown, rows)), store.scheme, terms))
        for to in named
        if (rows := letter_rows.told(store, to, states, only))
    )


def return_notice(to: Recipient, rows: Sequence[FindingRow], scheme: Scheme, terms: Terms) -> dict[str, Any]:
    """What a 退回修改通知 says: the faults by bucket, numbered through."""
    groups = _groups(rows, scheme)
    return {
        **_address(to.agency, terms),
        "收到日期": wording.office_date(to.received_at.astimezone(LOCAL_TIME)),
        "条数": str(len(rows)),
        "各类问题": groups,
    }


def _address(agency: str, terms: Terms) -> dict[str, str]:
    return {
        "单位": agency,
        "年度": str(terms.year),
        "期限": wording.office_date(terms.deadline),
        "日期": wording.office_date(terms.dated),
    }


def _groups(rows: Sequence[FindingRow], scheme: Scheme) -> list[dict[str, Any]]:
    """In the order of the scheme's buckets; within one, gravest first, a rule's faults together, then as they were found."""
    names = [*(bucket.name for bucket in scheme.buckets), _OTHER]
    filled: dict[str, list[FindingRow]] = {name: [] for name in names}
    for row in sorted(rows, key=lambda r: (-r.finding.severity.rank, r.finding.rule)):
        bucket = scheme.bucket_of(row.finding.rule)
        filled[bucket.name if bucket else _OTHER].append(row)
    groups: list[dict[str, Any]] = []
    number = 0
    for name, found in filled.items():
        if found:
            faults = [fault(row, number + at) for at, row in enumerate(found, 1)]
            number += len(found)
            heading = {"序号": numeral(len(groups) + 1), "名称": name, "条数": str(len(found))}
            groups.append({**heading, "问题": faults})
    return groups


def fault(row: FindingRow, number: int) -> dict[str, str]:
    """A finding in the words of a letter."""
    finding, rule = row.finding, CATALOGUE.get(row.finding.rule)
    return {
        "序号": str(number),
        "编号": finding.rule,
        "名称": rule.name if rule else finding.rule,
        "位置": position(finding),
        "情况": _sentence(finding.message),
        "原文": quoted(finding.found),
        "应为": quoted(finding.expected),
        "依据": rule.basis.told if rule else "",
        "要求类别": "修改建议" if finding.severity is Severity.INFO else "修改要求",
        "要求": _sentence(finding.suggestion),
    }


# --- 催报函 -----------------------------------------------------------------------------------------------------------


def reminders(store: Store, terms: Terms, rows: Iterable[AgencyRow]) -> Iterator[Letter]:
    """One for each of these agencies that has not filed; those that have are left out."""
    form = docx.opened(REMINDER, store.settings)
    return _numbered((row.agency, form, _address(row.agency, terms)) for row in rows if row.report_id is None)


# --- files ------------------------------------------------------------------------------------------------------------


def _numbered(letters: Iterable[tuple[str, docx.Form, docx.Context]]) -> Iterator[Letter]:
    """Letters made one after another, each with its number, its agency and what it is as its file's name."""
    for number, (agency, form, context) in enumerate(letters, 1):
        yield Letter(file_name(f"{number:03}", agency, form.kind.title), form.filled(context))


def file_name(*parts: str) -> str:
    """`001_云泽县教育局_退回修改通知.docx`: nothing in it that a file system refuses, and no part too long for one."""
    safe = (_UNSAFE.sub("_", docx.plain(part)).strip(" .") for part in parts)
    return "_".join(part.encode()[:_PART_BYTES].decode(errors="ignore") for part in safe) + ".docx"


def pack(letters: Iterable[Letter], file: IO[bytes]) -> int:
    """Write the letters into a ZIP as they are made, and say how many there were; no more than one is held at a time."""
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # documents are packed themselves
        for letter in letters:
            archive.writestr(letter.file_name, letter.data)
            count += 1
    return count


def save(letters: Iterator[Letter], path: Path) -> int:
    """Write the letters into the ZIP `path`; 0, and no file, if there are none. Raises ConfigurationError."""
    first = next(letters, None)
    if first is None:
        return 0
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            count = pack(chain([first], letters), file)
        part.replace(path)
    except OSError as error:
        raise ConfigurationError(f"无法写入 {path}（{error.strerror}）。") from error
    finally:
        part.unlink(missing_ok=True)
    return count


# --- words ------------------------------------------------------------------------------------------------------------


def quoted(words: str | None) -> str:
    """A text of the report as a letter quotes it; "" where there is none."""
    text = (words or "").strip()
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "……"


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二: the numbers of headings, below a hundred."""
    tens, ones = divmod(number, 10)
    return f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones] if ones or not tens else ''}"


def _sentence(words: str) -> str:
    return words if not words or words.endswith(_STOPS) else f"{words}。"
