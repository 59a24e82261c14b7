"""`gdcheck`: the same engine as the pages, for scripts and offices. Results on standard output, messages on error."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gdcore import cli_people, cli_safety
from gdcore.errors import ConfigurationError, DeskError, UnreadableFile

# What only some verbs need is imported by them: `check` has to start fast, and does without the store.
if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from gdcore.catalogue import Rule
    from gdcore.selfcheck import FileResult, Terms
    from gdcore.store import Store
    from gdcore.store.rows import BatchView

OK, FINDINGS, USAGE, INTERNAL = 0, 1, 2, 3
_ACTOR = "命令行"  # who acts where no operator is named

app = typer.Typer(
    help="年报核查台：核查政府信息公开工作年度报告。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class CheckFormat(StrEnum):
    """What `check` can print."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    SARIF = "sarif"


class ListFormat(StrEnum):
    """What `findings` can write."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


class CatalogueFormat(StrEnum):
    """What `rules` can print."""

    MD = "md"
    JSON = "json"
    CSV = "csv"


class Level(StrEnum):
    """The severities."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Kind(StrEnum):
    """What `findings --severity` takes: severities of what failed, 待核 of any severity, vetoes."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    REVIEW = "review"
    VETO = "veto"


cli_safety.register(app)
cli_people.register(app)

Year = Annotated[int | None, typer.Option("--year", min=2000, max=2099, help="应报年度（用于核对报告年度）")]
ProfileName = Annotated[str | None, typer.Option("--profile", help="适用方案，默认 GDCORE_PROFILE 或 national")]
Out = Annotated[Path | None, typer.Option("--out", help="结果写入此文件，默认标准输出")]


def main() -> None:
    """Run, and end with the exit status: 0 fine, 1 findings, 2 usage or unreadable, 3 a fault of ours."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except DeskError as error:
        _say(f"{error}{error.remedy}")
        sys.exit(USAGE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(OK)
    except Exception as error:
        from gdcore.masking import told
        from gdcore.processing import incident_number

        incident = incident_number()
        logging.getLogger(__name__).error("%s\n%s", incident, told(error))
        _say(f"程序出错，编号 {incident}。请把以上信息告诉维护人员。")
        sys.exit(INTERNAL)


# --- check ----------------------------------------------------------------------------------------------------------


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="报告文件或 ZIP")],
    year: Year = None,
    profile: ProfileName = None,
    prior: Annotated[list[Path] | None, typer.Option("--prior", help="上一年度报告")] = None,
    format: Annotated[CheckFormat, typer.Option("--format", help="输出格式")] = CheckFormat.TEXT,
    fail_on: Annotated[Level, typer.Option("--fail-on", help="有此级别及以上的问题时以 1 退出")] = Level.ERROR,
    out: Out = None,
) -> None:
    """核查报告并输出结果，不入库（报送前自查）。"""
    from gdcore import selfcheck

    terms, unread = _terms(profile, year, prior or [])
    results = selfcheck.check_files(((name, _bytes(name)) for name in files), terms, workers=_workers())
    _write(_rendered(results, format), out)
    for result in results:
        if result.outcome != selfcheck.CHECKED:
            _say(f"{result.file}：{_sentences(result.reason, result.remedy)}")
    status = max((_status(result, fail_on) for result in results), default=OK)
    raise typer.Exit(max(status, USAGE) if unread else status)


def _terms(profile_name: str | None, year: int | None, priors: Sequence[Path]) -> tuple[Terms, bool]:
    """What to check by, and whether a prior report could not be read."""
    from gdcore import profile, scoring, selfcheck, settings

    chosen = settings.load()
    read = list(selfcheck.read_files(((str(path), _bytes(str(path))) for path in priors), chosen.workers))
    for result in read:
        if result.outcome != selfcheck.CHECKED:
            _say(f"上一年度报告 {result.file} 未能使用：{_sentences(result.reason, result.remedy)}")
    used = tuple(r.report for r in read if r.report is not None and r.outcome == selfcheck.CHECKED)
    terms = selfcheck.Terms(
        profile.load(profile_name or chosen.profile, chosen), scoring.load("default", chosen), year, used
    )
    return terms, len(used) < len(read)


def _workers() -> int:
    from gdcore import settings

    return settings.load().workers


def _bytes(name: str) -> bytes | UnreadableFile:
    path = Path(name)
    if path.is_dir():
        return UnreadableFile("这是文件夹。", "请列出其中的文件，或用 gdcheck import 导入整个文件夹。")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return UnreadableFile("找不到这个文件。", "请核对路径。")
    except OSError as error:
        return UnreadableFile(f"无法打开这个文件（{error.strerror}）。", "请核对文件权限。")


def _rendered(results: Sequence[FileResult], format: CheckFormat) -> Iterable[bytes]:
    from gdcore.exports import csv, json, sarif, text

    if format is CheckFormat.CSV:
        return csv.of_check(results)
    writers = {CheckFormat.JSON: json, CheckFormat.SARIF: sarif, CheckFormat.TEXT: text}
    return (writers[format].of_check(results).encode(),)


def _status(result: FileResult, fail_on: Level) -> int:
    """What one file adds to the exit status; 待核 never counts."""
    from gdcore.verdict import Outcome, Severity

    if result.incident:
        return INTERNAL
    if result.outcome == "unreadable":
        return USAGE
    found = result.checked.findings if result.checked else ()
    floor = Severity(fail_on.value).rank
    return FINDINGS if any(f.outcome is Outcome.FAIL and f.severity.rank >= floor for f in found) else OK


# --- import and demo ------------------------------------------------------------------------------------------------


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="文件、文件夹或 ZIP")],
    year: Year = None,
    profile: ProfileName = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="并行进程数")] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask 调度器地址")] = None,
) -> None:
    """导入报告并核查入库；中断后再次运行即继续。"""
    from gdcore import intake, settings
    from gdcore import profile as profiles

    store = _store(scheduler)
    chosen = profile or store.settings.profile
    profiles.load(chosen, settings.load())
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        _say(f"找不到 {path}。")
    if intake.run_unfinished(store, workers=workers):
        _say("已先完成上次中断的导入。")
    files = _files((p for p in paths if p.exists()), without=store.settings.store)
    actor = store.settings.operator or _ACTOR
    batch_id = intake.submit(store, files, year=year, profile_name=chosen, actor=actor)
    status = _finish(store, batch_id, workers)
    raise typer.Exit(max(status, USAGE) if missing else status)


@app.command()
def demo() -> None:
    """载入随附的示例报告（虚构单位，可随时清除）。"""
    from gdcore import intake
    from gdcore.settings import SHIPPED_DATA

    folder = SHIPPED_DATA / "reports"
    files = [(p.name, p.read_bytes()) for p in sorted(folder.glob("*")) if p.is_file() and p.suffix != ".json"]
    if not files:
        raise ConfigurationError(f"没有示例报告：{folder} 是空的。")
    store = _store()
    raise typer.Exit(_finish(store, intake.submit(store, files, sample=True), None))


def _files(paths: Iterable[Path], without: Path) -> Iterator[tuple[str, bytes]]:
    """The files of the paths given, those of a folder under their names within it; not the store's own."""
    from gdcore.archive import is_junk

    for path in paths:
        if path.is_file():
            yield path.name, path.read_bytes()
            continue
        for file in sorted(p for p in path.rglob("*") if p.is_file()):
            name = file.relative_to(path).as_posix()
            if not is_junk(name) and not file.resolve().is_relative_to(without):
                yield name, file.read_bytes()


def _finish(store: Store, batch_id: int, workers: int | None) -> int:
    """Work a batch through with a progress bar on a terminal, and sum it up."""
    from gdcore import intake
    from gdcore.store import queries

    view = queries.batch(store, batch_id)
    length = view.total - view.done if view else 0
    if sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task("核查", total=length)
            view = intake.finish_batch(store, batch_id, workers=workers, progress=partial(bar.advance, task))
    else:
        view = intake.finish_batch(store, batch_id, workers=workers)
    return _summary(view)


def _bar() -> Bar:
    """How far a batch is, at what rate, and how long it will take."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f} 份/秒" if task.speed else "")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TextColumn("还需"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True))


def _summary(view: BatchView) -> int:
    from gdcore.processing import CRASHED

    for row in view.results:
        if row.state in ("waiting", "refused"):
            what = "待确认" if row.state == "waiting" else "未接收"
            _say(f"{what}：{row.file_name}：{_sentences(row.reason, row.remedy)}")
    print(
        f"共 {view.total} 份：入库 {view.stored} 份，内容相同 {view.unchanged} 份，"
        f"待确认 {view.waiting} 份，未接收 {view.refused} 份。"
    )
    kinds = {row.kind for row in view.results if row.state == "refused"}
    return INTERNAL if CRASHED in kinds else USAGE if kinds - {"文种不符"} else OK


# --- the roster -----------------------------------------------------------------------------------------------------


@app.command("roster")
def roster_(path: Annotated[Path, typer.Argument(metavar="PATH", help="名录，CSV 或 XLSX")]) -> None:
    """导入名录；有误的行说明原因，其余照常导入。"""
    from gdcore import roster as files
    from gdcore.store import roster

    data = _bytes(str(path))
    if isinstance(data, UnreadableFile):
        raise data
    read = files.parse_guarded(data, path.name)
    faults = [*read.faults, *files.circles(read.entries)]
    store = _store()
    planned = roster.take(store, read.entries, store.settings.operator or _ACTOR)
    for fault in faults:
        _say(f"第 {fault.row} 行：{fault.sentence}。")
    for step in planned.steps:
        for note in step.notes:
            _say(f"第 {step.entry.row} 行：{note}。")
    if planned.absent:
        _say(f"现有名录中的 {len(planned.absent)} 家不在本文件中，保留不变：{'、'.join(planned.absent[:10])}。")
    told = ((roster.NEW, "新增"), (roster.CHANGED, "更新"), (roster.SAME, "不变"))
    print("，".join(f"{name} {planned.count(kind)} 家" for kind, name in told) + f"，有误 {len(read.faults)} 行。")
    raise typer.Exit(USAGE if faults else OK)


# --- findings -------------------------------------------------------------------------------------------------------


@app.command()
def findings(
    out: Annotated[Path, typer.Option("--out", help="写入的文件；- 为标准输出")],
    year: Annotated[int | None, typer.Option("--year", help="报告年度")] = None,
    agency: Annotated[str, typer.Option("--agency", help="单位名称（部分即可）")] = "",
    rule: Annotated[list[str] | None, typer.Option("--rule", help="规则编号，可多次")] = None,
    severity: Annotated[list[Kind] | None, typer.Option("--severity", help="级别，可多次")] = None,
    status: Annotated[list[str] | None, typer.Option("--status", help="状态代码，可多次")] = None,
    format: Annotated[ListFormat, typer.Option("--format", help="输出格式")] = ListFormat.CSV,
) -> None:
    """导出已入库报告的问题。"""
    from gdcore import lifecycle
    from gdcore.exports import csv, json, xlsx
    from gdcore.store import queries
    from gdcore.store.rows import FindingFilter

    if unknown := lifecycle.FINDING.unknown(status or ()):
        raise typer.BadParameter(f"没有状态 {'、'.join(unknown)}；可用：{' '.join(lifecycle.FINDING.names)}")
    rules = tuple(_rule(code).code for code in rule or ())
    severities = tuple(s.value for s in severity or ())
    query = FindingFilter(year=year, agency=agency, rules=rules, severities=severities, states=tuple(status or ()))
    rows = queries.iter_findings(_store(), query)
    writers = {ListFormat.CSV: csv, ListFormat.JSON: json, ListFormat.XLSX: xlsx}
    _write(writers[format].of_store(rows), None if str(out) == "-" else out)


# --- letters --------------------------------------------------------------------------------------------------------


@app.command()
def letters(
    year: Annotated[int, typer.Option("--year", help="报告年度")],
    deadline: Annotated[datetime, typer.Option("--deadline", formats=["%Y-%m-%d"], help="整改期限")],
    out: Annotated[Path, typer.Option("--out", help="写入的 ZIP 文件")],
    agency: Annotated[str, typer.Option("--agency", help="单位名称（部分即可）")] = "",
) -> None:
    """为有已确认问题的单位各生成一份退回修改通知（Word），存为 ZIP；待核、误报和已销号的问题不写入。"""
    from gdcore.exports import letters as notices

    terms = notices.Terms(year, deadline.date(), date.today())
    count = notices.save(notices.return_notices(_store(), terms, q=agency), out)
    _say(f"已写入 {out}：退回修改通知 {count} 份。" if count else "没有已确认、需要退回修改的问题，没有生成通知。")


@app.command()
def published(
    year: Annotated[int, typer.Option("--year", min=2000, max=2099, help="报告年度")],
    agency: Annotated[str, typer.Option("--agency", help="单位名称（部分即可）")] = "",
) -> None:
    """公开复核：打开各单位的公开网址，与已通过的报告核对。"""
    from gdcore import cli_published

    store = _store()
    outcomes = cli_published.run(store, year, agency, store.settings.operator or _ACTOR, _say, print)
    wrong, unknown = cli_published.status(outcomes)
    raise typer.Exit(USAGE if unknown else FINDINGS if wrong else OK)


# --- the catalogue --------------------------------------------------------------------------------------------------


@app.command()
def rules(
    format: Annotated[CatalogueFormat, typer.Option("--format", help="输出格式")] = CatalogueFormat.MD,
) -> None:
    """列出规则目录。"""
    from gdcore.exports import catalogue

    _write((catalogue.rendered(format.value),), None)


@app.command()
def explain(code: Annotated[str, typer.Argument(metavar="CODE", help="规则编号，如 SUM-01")]) -> None:
    """说明一条规则：主张、依据、建议、例子。"""
    from gdcore.exports import catalogue
    from gdcore.samples import examples
    from gdcore.settings import SHIPPED_DATA

    rule = _rule(code)
    shown = examples.load_file(SHIPPED_DATA / "examples" / f"{rule.code}.yml")
    _write((catalogue.explained(rule, shown).encode(),), None)


def _rule(code: str) -> Rule:
    from gdcore.rules import CATALOGUE

    found = CATALOGUE.get(code.upper())
    if found is None:
        raise typer.BadParameter(f"没有规则 {code}。用 gdcheck rules 查看全部规则。")
    return found


# --- output ---------------------------------------------------------------------------------------------------------


def _store(scheduler: str | None = None) -> Store:
    from gdcore import settings
    from gdcore.store import open_store

    asked = settings.load()
    return open_store(asked if scheduler is None else replace(asked, scheduler=scheduler))


def _write(pieces: Iterable[bytes], out: Path | None) -> None:
    if out is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
        return
    try:
        with out.open("wb") as file:
            file.writelines(pieces)
    except OSError as error:
        raise ConfigurationError(f"无法写入 {out}（{error.strerror}）。") from error
    _say(f"已写入 {out}。")


def _sentences(*parts: str | None) -> str:
    """Reason and remedy one after the other, each with its full stop."""
    return "".join(part if part.endswith(("。", "！", "？")) else f"{part}。" for part in parts if part)


def _say(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    main()
