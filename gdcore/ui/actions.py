"""What the pages set going besides decisions: files into the store, sample data, downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gdcore.exports import csv
from gdcore.settings import SHIPPED_DATA
from gdcore.store.rows import FindingFilter, ReportView
from gdcore.ui import download, person, query, shell
from gdcore.ui.html import md

CSV_TYPE = "text/csv; charset=utf-8"


def submit(files: Sequence[Any], due: int | None, profile: str) -> int | None:
    """Hand uploaded files to the worker; `due` is the year that they should be on, None where any may come.

    The number of the batch, None if that failed.
    """
    given = [(f.name, f.getvalue()) for f in files]
    return _queued(lambda: person.hand().submit(given, due, profile))


def _queued(submit: Callable[[], int]) -> int | None:
    batches: list[int] = []
    return batches[0] if shell.attempt(lambda: batches.append(submit())) else None


def load_samples() -> None:
    """Queue the sample reports, those of `gdcheck demo`, and go where their progress is shown."""
    files = sorted(p for p in (SHIPPED_DATA / "reports").glob("*") if p.is_file() and p.suffix != ".json")
    number = _queued(lambda: person.hand().load_samples([(p.name, p.read_bytes()) for p in files]))
    if number is not None:
        shell.go("intake", batch=number)


def clear_samples() -> None:
    """Remove all that came from the sample reports."""
    shell.attempt(person.hand().clear_samples, "已清除示例数据")


def csv_button(wanted: FindingFilter, total: int, file_name: str, key: str) -> None:
    """Download the filter's findings; the file is made when the button is pressed."""
    download.button(
        f"导出 CSV（{total} 条）",
        person.later(lambda: b"".join(csv.of_store(query.iter_findings(wanted)))),
        file_name=file_name,
        mime=CSV_TYPE,
        icon=":material/download:",
        disabled=not total,
        key=key,
    )


def original_button(view: ReportView, key: str) -> None:
    """Download the file as it was received."""
    download.button(
        "下载原件",
        person.later(lambda: query.original(view.report_id) or b""),
        file_name=view.file_name.rsplit("/", 1)[-1],
        mime="application/octet-stream",
        icon=":material/description:",
        key=key,
        help=md(view.file_name),
    )
