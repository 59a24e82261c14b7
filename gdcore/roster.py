"""The roster (名录) that an office keeps: read from CSV or XLSX into entries, with a sentence for each row that is wrong."""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import TypeVar

from gdcore import guard, readers, text
from gdcore.agency import LEVELS, infer_level, infer_type
from gdcore.document import Format, Table
from gdcore.errors import UnreadableFile
from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.readers import encoding

log = logging.getLogger(__name__)

COLUMNS = (
    "单位名称", "编号", "简称", "曾用名", "类型", "层级", "上级单位", "所属地区", "计入汇总", "行政许可权", "行政执法权",
    "报送截止", "公开截止", "公开网址", "设立日期", "撤销日期", "并入单位",
)  # fmt: skip
NAME = COLUMNS[0]
HEADER_ROWS = 10  # rows in which the header is looked for: lists begin with a title, a date, a note

_SEPARATORS = re.compile(r"[、,，;；/\n]+")
_TYPES = {name: kind for kind, name in AGENCY_TYPE_NAMES.items()} | {kind.value: kind for kind in AgencyType}
_TYPES |= {"乡镇政府": AgencyType.TOWNSHIP, "街道办事处": AgencyType.SUBDISTRICT, "垂管": AgencyType.VERTICAL}
_LEVELS = {name: key for key, name in LEVELS.items()} | {f"{name}级": key for key, name in LEVELS.items()}
_YES, _NO = ("是", "有", "1", "√", "y", "yes", "true"), ("否", "无", "0", "×", "n", "no", "false")


@dataclass(frozen=True, slots=True)
class Entry:
    """One agency of the roster, names in plain form; None and () where the row is silent.

    `superior` and `successor` are names (上级单位, 并入单位); `row` is the row of the file, counted from 1.
    """

    row: int
    name: str
    code: str | None = None
    short_names: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    agency_type: AgencyType | None = None
    level: str | None = None
    superior: str | None = None
    area: str | None = None
    in_total: bool | None = None
    has_licensing: bool | None = None
    has_enforcement: bool | None = None
    submit_by: date | None = None
    publish_by: date | None = None
    url: str | None = None
    founded: date | None = None
    abolished: date | None = None
    successor: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All names it goes by, its own first."""
        return tuple(dict.fromkeys((self.name, *self.short_names, *self.former_names)))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, and what to do."""

    row: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as read: the entries that can be taken, and the faults of the rows that cannot.

    `ignored` are columns that the roster does not know.
    """

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...] = ()
    ignored: tuple[str, ...] = ()


class RosterUnreadable(UnreadableFile):
    """The file holds no roster."""


def parse(data: bytes, file_name: str) -> Roster:
    """The roster in a CSV or XLSX file. Raises RosterUnreadable, or what the reader of the format raises."""
    header, rows = _header(_rows(data))
    entries: list[Entry] = []
    faults: list[Fault] = []
    for number, values in rows:
        row = {name: value for name, value in zip(header, values, strict=False) if name}
        if not any(row.values()):
            continue
        try:
            entries.append(_entry(number, row))
        except ValueError as error:
            faults.append(Fault(number, str(error)))
    entries, doubled = _single(entries)
    ignored = tuple(name for name in header if name and name not in COLUMNS)
    return Roster(tuple(entries), tuple(sorted((*faults, *doubled), key=lambda f: f.row)), ignored)


def parse_guarded(data: bytes, file_name: str) -> Roster:
    """The same of a file of unknown origin, read in a watched process."""
    try:
        return guard.run(parse, data, file_name)
    except (guard.Died, guard.Failed) as error:
        log.error("a roster could not be read: %s", error)
        raise RosterUnreadable("读取这份名录时出错（已记入日志）。", "请下载模板，把内容填入后重新上传。") from error


def template() -> bytes:
    """An empty roster to fill in: the columns, and one invented line that shows how."""
    sample = {
        NAME: "示例县教育局", "编号": "XJYJ", "简称": "县教育局、教育局", "类型": "部门", "层级": "县", "上级单位": "示例县人民政府",
        "计入汇总": "是", "行政许可权": "是", "行政执法权": "是",
    }  # fmt: skip
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([COLUMNS, [sample.get(name, "") for name in COLUMNS]])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


Known = TypeVar("Known")

# --- rows -----------------------------------------------------------------------------------------------------------

Row = tuple[int, Sequence[str]]


def _rows(data: bytes) -> list[Row]:
    if readers.sniff(data) is not Format.XLSX:
        decoded = encoding.decode(data)
        delimiter = "\t" if decoded.partition("\n")[0].count("\t") else ","
        try:
            return list(enumerate(csv.reader(StringIO(decoded, newline=""), delimiter=delimiter), 1))
        except csv.Error as error:  # a quote that is never closed makes a cell of all that follows
            raise RosterUnreadable(
                "有一格内容过长，可能是引号没有成对。", "请下载模板，把内容填入后重新上传。"
            ) from error
    document = readers.read(data, "roster.xlsx")
    rows: list[Row] = []
    for block in document.blocks:
        for cells in block.rows if isinstance(block, Table) else ():
            printed = [cell.text for cell in cells]
            rows.append((cells[0].place.row or len(rows) + 1 if cells else len(rows) + 1, printed))
    return rows


def _header(rows: list[Row]) -> tuple[list[str], list[Row]]:
    for position, (_, values) in enumerate(rows[:HEADER_ROWS]):
        names = [text.plain(value) for value in values]
        if NAME in names:
            return names, rows[position + 1 :]
    raise RosterUnreadable(
        f"没有找到“{NAME}”这一列。", f"请在表头中写明“{NAME}”，其余各列可以不填：{'、'.join(COLUMNS[1:])}。"
    )


def _entry(number: int, row: Mapping[str, str]) -> Entry:
    """One row. Raises ValueError with the sentence for the person."""
    name = text.plain(row.get(NAME, ""))  # a row may end before that column
    if not name:
        raise ValueError(f"没有填写{NAME}")
    kind = _one_of(row, "类型", _TYPES) or infer_type(name)
    return Entry(
        row=number,
        name=name,
        code=_text(row, "编号"),
        short_names=_names(row, "简称"),
        former_names=_names(row, "曾用名"),
        agency_type=kind,
        level=_one_of(row, "层级", _LEVELS) or infer_level(name, kind),
        superior=_text(row, "上级单位"),
        area=_text(row, "所属地区"),
        in_total=_flag(row, "计入汇总"),
        has_licensing=_flag(row, "行政许可权"),
        has_enforcement=_flag(row, "行政执法权"),
        submit_by=_date(row, "报送截止"),
        publish_by=_date(row, "公开截止"),
        url=_url(row),
        founded=_date(row, "设立日期"),
        abolished=_date(row, "撤销日期"),
        successor=_text(row, "并入单位"),
    )


def _text(row: Mapping[str, str], column: str) -> str | None:
    return text.plain(row.get(column, "")) or None


def _names(row: Mapping[str, str], column: str) -> tuple[str, ...]:
    return tuple(filter(None, (text.plain(part) for part in _SEPARATORS.split(row.get(column, "")))))


def _one_of(row: Mapping[str, str], column: str, known: Mapping[str, Known]) -> Known | None:
    value = text.plain(row.get(column, ""))
    if value and value not in known:
        allowed = [word for word in known if not word.isascii()]
        raise ValueError(f"{column}“{value}”不认识，可以填：{'、'.join(allowed)}")
    return known.get(value)


def _flag(row: Mapping[str, str], column: str) -> bool | None:
    value = text.plain(row.get(column, "")).lower()
    if value and value not in _YES + _NO:
        raise ValueError(f"{column}“{value}”不认识，请填“是”或“否”，不清楚的留空")
    return None if not value else value in _YES


def _date(row: Mapping[str, str], column: str) -> date | None:
    value = row.get(column, "").strip()
    found = text.dates(value) or text.dates(re.sub(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", value))
    if value and len(found) != 1:
        raise ValueError(f"{column}“{value}”不是日期，请写成 2025-01-31 的样子")
    return found[0] if found else None


def _url(row: Mapping[str, str]) -> str | None:
    value = row.get("公开网址", "").strip()
    if value and not re.match(r"https?://\S+$", value):
        raise ValueError(f"公开网址“{value}”应以 http:// 或 https:// 开头")
    return value or None


# --- across rows ----------------------------------------------------------------------------------------------------


def _single(entries: Iterable[Entry]) -> tuple[list[Entry], list[Fault]]:
    """The entries without those whose name or 编号 an earlier row has."""
    kept: list[Entry] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for entry in entries:
        keys = [(NAME, entry.name), *([("编号", entry.code)] if entry.code else [])]
        first = next(((what, value, seen[what, value]) for what, value in keys if (what, value) in seen), None)
        if first:
            faults.append(Fault(entry.row, f"{first[0]}“{first[1]}”与第 {first[2]} 行相同，请合并为一行"))
            continue
        seen |= dict.fromkeys(keys, entry.row)
        kept.append(entry)
    return kept, faults


def circles(entries: Iterable[Entry]) -> Iterator[Fault]:
    """Rows whose 上级单位 leads back to themselves."""
    above = {entry.name: entry for entry in entries}
    for entry in above.values():
        seen, current = {entry.name}, entry.superior
        while current in above and current not in seen:
            seen.add(current)
            current = above[current].superior
        if current == entry.name:
            yield Fault(entry.row, f"“{entry.name}”的上级单位逐级回到了它自己，请核对")
