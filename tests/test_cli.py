"""`gdcheck`: exit statuses, results on standard output, messages on standard error."""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import desk
import openpyxl
import pytest
import website
from typer.testing import CliRunner

from gdcore import checking, cli, intake, looking, selfcheck
from gdcore.door import NotFetched, Obstacle
from gdcore.rules import CATALOGUE
from gdcore.store import queries
from gdcore.store.rows import FindingFilter


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GDCORE_WORKERS", "1")
    monkeypatch.setattr(intake.processing, "process_pool", desk.AtOnce)
    verbs = (intake.run_batch, intake.finish_batch, intake.run_unfinished, selfcheck.check_files, selfcheck.read_files)
    for verb in verbs:
        monkeypatch.setitem(verb.__kwdefaults__, "make", desk.AtOnce)
    (tmp_path / "好.txt").write_bytes(desk.report())
    (tmp_path / "错.txt").write_bytes(desk.unbalanced())
    (tmp_path / "警告.txt").write_bytes(desk.report(set={"t3.new_received.business": ""}))
    (tmp_path / "空.docx").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["好.txt"], 0),
        (["错.txt"], 1),
        (["好.txt", "错.txt"], 1),
        (["警告.txt"], 0),
        (["警告.txt", "--fail-on", "warning"], 1),
        (["空.docx"], 2),
        (["错.txt", "空.docx"], 2),
        (["没有.txt"], 2),
        (["."], 2),
        (["错.txt", "--format", "sarif"], 1),
        (["好.txt", "--format", "xml"], 2),
        (["好.txt", "--year", "二〇二三"], 2),
        (["好.txt", "--prior", "空.docx"], 2),
        ([], 2),
    ],
)
def test_the_exit_status_is_the_highest_that_holds(folder, words, status):
    assert run("check", *words).exit_code == status


def test_one_bad_file_does_not_stop_the_others(folder):
    result = run("check", "空.docx", "好.txt", "--format", "json")
    outcomes = [entry["outcome"] for entry in json.loads(result.stdout)["reports"]]
    assert outcomes == ["unreadable", "checked"]
    assert "空.docx" in result.stderr


def test_a_fault_of_ours_at_one_file_is_three_and_the_others_are_reported(folder, monkeypatch):
    from gdcore import processing

    read = processing.read_report

    def crash(data, name):
        if name == "好.txt":
            raise ZeroDivisionError
        return read(data, name)

    monkeypatch.setattr(processing, "read_report", crash)
    result = run("check", "好.txt", "错.txt", "--format", "json")
    assert result.exit_code == 3
    assert [entry["outcome"] for entry in json.loads(result.stdout)["reports"]] == ["unreadable", "checked"]


def test_results_go_where_they_are_sent(folder):
    result = run("check", "错.txt", "--format", "csv", "--out", "结果.csv")
    assert result.stdout == ""
    assert Path("结果.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "结果.csv" in result.stderr


def test_last_years_report_reaches_the_rules(folder, monkeypatch):
    Path("上年.txt").write_bytes(desk.report(year=2022))
    check, priors = checking.check, []
    monkeypatch.setattr(checking, "check", lambda facts: priors.append(facts.prior) or check(facts))
    run("check", "好.txt")
    run("check", "好.txt", "--prior", "上年.txt")
    run("check", "好.txt", "警告.txt", "--prior", "上年.txt")
    assert [prior and prior.identity.year for prior in priors] == [None, 2022, 2022, 2022]


def test_one_prior_serves_one_file_whatever_the_name_says_and_several_by_name(folder, monkeypatch):
    Path("上年.txt").write_bytes(desk.report(desk.BAY, 2022, kind="township"))
    check, priors = checking.check, []
    monkeypatch.setattr(checking, "check", lambda facts: priors.append(facts.prior) or check(facts))
    run("check", "好.txt", "--prior", "上年.txt")
    run("check", "好.txt", "警告.txt", "--prior", "上年.txt")
    assert [prior and prior.identity.agency for prior in priors] == [desk.BAY, None, None]


def test_of_several_priors_of_one_agency_that_of_the_year_before_counts(folder, monkeypatch):
    for year in (2021, 2022):
        Path(f"{year}.txt").write_bytes(desk.report(year=year))
    check, priors = checking.check, []
    monkeypatch.setattr(checking, "check", lambda facts: priors.append(facts.prior) or check(facts))
    run("check", "好.txt", "--prior", "2021.txt", "--prior", "2022.txt")
    assert [prior.identity.year for prior in priors] == [2022]


def test_a_roster_is_taken_and_its_wrong_rows_are_told(folder):
    Path("名录.csv").write_text(f"单位名称,类型\n{desk.EAST},街道\n云泽县水务局,局\n", "utf-8")
    result = run("roster", "名录.csv")
    assert result.exit_code == 2
    assert result.stdout == "新增 1 家，更新 0 家，不变 0 家，有误 1 行。\n"
    assert "第 3 行：类型“局”不认识" in result.stderr
    Path("名录.csv").write_text(f"单位名称,类型\n{desk.EAST},街道\n", "utf-8")
    result = run("roster", "名录.csv")
    assert (result.exit_code, result.stdout) == (0, "新增 0 家，更新 0 家，不变 1 家，有误 0 行。\n")


def test_a_rule_is_explained_with_its_examples(folder):
    result = run("explain", "sum-01")
    assert result.exit_code == 0
    assert result.stdout.startswith("SUM-01 ")
    assert "例（不符合）" in result.stdout


def test_a_desk_is_backed_up_restored_and_its_log_verified(folder, monkeypatch):
    run("import", "好.txt")
    assert run("verify-log").stdout.startswith("操作日志完整")
    assert run("recount").stdout.startswith("已重新清点，各项数字与明细一致")
    made = run("backup", "all.zip")
    assert made.stdout.startswith("已备份")
    assert "已经存在" in str(run("backup", "all.zip").exception)
    monkeypatch.setenv("GDCORE_DATA", str(folder / "new"))
    restored = run("restore", "all.zip")
    assert (restored.exit_code, restored.stdout) == (0, made.stdout.replace("备份", "恢复"))
    store = desk.open_store(desk.settings.load())
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE audit SET actor = 'x'")
    assert run("verify-log").exit_code == 1


def test_a_check_needs_neither_store_nor_pages(folder):
    code = (
        "import sys; from gdcore import cli; sys.argv[1:] = ['check', '好.txt', '--format', 'json']\n"
        "try: cli.main()\n"
        "except SystemExit as end: status = end.code\n"
        "assert not {'sqlalchemy', 'sqlmodel', 'streamlit', 'pandas', 'alembic'} & set(sys.modules), 'heavy'\n"
        "sys.exit(status)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment(), check=False)
    assert result.returncode == 0, result.stderr.decode()
    assert json.loads(result.stdout)["reports"][0]["identity"]["agency"] == desk.EAST


def environment():
    return {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent), "PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize(
    ("words", "status"), [(["check", "好.txt", "--profile", "没有"], 2), (["explain", "XXX-01"], 2), (["--help"], 0)]
)
def test_the_program_itself_ends_so(folder, words, status):
    command = [sys.executable, "-m", "gdcore.cli", *words]
    result = subprocess.run(command, capture_output=True, env=environment(), check=False)
    assert result.returncode == status
    assert b"Traceback" not in result.stderr


def test_an_unforeseen_fault_is_three_with_a_number(folder, monkeypatch, capsys):
    monkeypatch.setattr(cli, "app", lambda: 1 / 0)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 3
    assert "程序出错，编号" in capsys.readouterr().err


def test_import_takes_folders_and_sums_up(folder):
    result = run("import", ".")
    assert result.exit_code == 2
    assert result.stdout.strip() == "共 4 份：入库 3 份，内容相同 0 份，待确认 0 份，未接收 1 份。"
    assert "空.docx" in result.stderr
    assert run("import", "好.txt").stdout.strip() == "共 1 份：入库 0 份，内容相同 1 份，待确认 0 份，未接收 0 份。"


def test_import_does_not_look_at_findings(folder):
    assert run("import", "错.txt").exit_code == 0


def test_import_goes_on_where_it_was_interrupted(folder):
    store = desk.open_store(desk.settings.load())
    intake.submit(store, [("东关2022.txt", desk.report(year=2022))])
    result = run("import", "好.txt")
    assert "上次中断" in result.stderr
    assert queries.years(store) == [2023, 2022]


def test_findings_are_exported_by_filter(folder):
    run("import", "错.txt")
    assert run("findings", "--rule", "str-06", "--out", "一.csv").exit_code == 0
    assert len(Path("一.csv").read_bytes().splitlines()) == 2
    rows = json.loads(
        run("findings", "--agency", "东关", "--status", "pending", "--format", "json", "--out", "-").stdout
    )
    assert {row["rule"] for row in rows} >= {"STR-06"}
    assert json.loads(run("findings", "--year", "2022", "--format", "json", "--out", "-").stdout) == []


def test_letters_are_written_for_what_was_confirmed(folder):
    run("import", "错.txt")
    words = ("letters", "--year", "2023", "--deadline", "2024-01-26", "--out", "通知.zip")
    assert "没有生成通知" in run(*words).stderr
    assert not Path("通知.zip").exists()
    store = desk.open_store(desk.settings.load())
    (row, *_) = queries.iter_findings(store, FindingFilter(rules=("STR-06",)))
    queries.decide(store, [row.fingerprint], "confirmed", "周岚")
    result = run(*words, "--agency", "东关")
    assert (result.exit_code, result.stderr) == (0, "已写入 通知.zip：退回修改通知 1 份。\n")
    with zipfile.ZipFile("通知.zip") as archive:
        assert archive.namelist() == [f"001_{desk.EAST}_退回修改通知.docx"]
    assert run(*words, "--agency", "没有").exit_code == 0
    assert run(*words[:3], "--deadline", "1月26日", "--out", "x.zip").exit_code == 2


def test_findings_are_exported_as_a_workbook(folder):
    run("import", "错.txt")
    assert run("findings", "--status", "pending", "--format", "xlsx", "--out", "一.xlsx").exit_code == 0
    sheet = openpyxl.load_workbook("一.xlsx").active
    assert [cell.value for cell in sheet[1]][:3] == ["单位", "报告年度", "规则编号"]
    rows = json.loads(run("findings", "--format", "json", "--out", "-").stdout)
    assert [cell.value for cell in sheet["C"]][1:] == [row["rule"] for row in rows]
    assert run("findings", "--status", "closed", "--format", "xlsx", "--out", "无.xlsx").exit_code == 0
    assert openpyxl.load_workbook("无.xlsx").active.max_row == 1


@pytest.mark.parametrize("words", [[], ["--out", "-", "--status", "done"], ["--out", "-", "--rule", "XXX-01"]])
def test_findings_asked_for_wrongly(folder, words):
    assert run("findings", *words).exit_code == 2


def test_the_catalogue_in_each_format(folder):
    assert json.loads(run("rules", "--format", "json").stdout)[0]["code"] == next(iter(CATALOGUE))
    assert run("rules").stdout.count("\n| ") >= len(CATALOGUE)
    assert len(run("rules", "--format", "csv").stdout.splitlines()) >= len(CATALOGUE) + 1


def test_a_rule_explained(folder):
    said = run("explain", "sum-01").stdout
    assert CATALOGUE["SUM-01"].title in said
    assert str(CATALOGUE["SUM-01"].basis) in said


def test_the_demo_loads_samples_that_can_be_cleared(folder, monkeypatch):
    (folder / "reports").mkdir()
    (folder / "reports" / "东关.txt").write_bytes(desk.report())
    (folder / "reports" / "东关.txt.golden.json").write_text("{}")
    monkeypatch.setattr("gdcore.settings.SHIPPED_DATA", folder)
    (folder / "profiles").symlink_to(Path(cli.__file__).parent.parent / "data" / "profiles")
    (folder / "scoring").symlink_to(Path(cli.__file__).parent.parent / "data" / "scoring")
    assert run("demo").exit_code == 0
    store = desk.open_store(desk.settings.load())
    assert queries.clear_samples(store) == 1
    assert queries.is_empty(store)


# --- what was published -----------------------------------------------------------------------------------------------


def test_what_is_published_is_looked_at_and_told_line_by_line(folder, monkeypatch):
    from gdcore import roster as files
    from gdcore.store import roster

    store = cli._store()
    desk.take(
        store, ("东关.docx", desk.report(fmt="docx")), ("湾.docx", desk.report(desk.BAY, kind="township", fmt="docx"))
    )
    queries.move_filings(store, [desk.EAST, desk.BAY], 2023, "approved", "周岚")
    begin = looking.begin
    monkeypatch.setattr(looking, "begin", lambda *words: replace(begin(*words), make=desk.AtOnce))
    with website.running() as site:
        site.pages["/a"] = desk.report(fmt="html")
        site.pages["/b"] = desk.report(desk.BAY, kind="township", fmt="html", set={"t3.carried_in.total": "9"})
        roster.take(
            store,
            files.parse(
                f"单位名称,公开网址\n{desk.EAST},{site.url('/a')}\n{desk.BAY},{site.url('/b')}\n".encode(), "名录.csv"
            ).entries,
        )
        told = run("published", "--year", 2023)
        assert told.exit_code == 2
        assert f"网站 127.0.0.1:{site.port} 不在允许访问的名单中，其 2 个网址未核对" in told.stderr
        (folder / "data" / "fetching.toml").write_text(
            f'hosts = ["127.0.0.1:{site.port}"]\nprivate = ["127.0.0.1"]\npause = 0\n'
        )
        told = run("published", "--year", 2023, "--agency", "东关")
        assert (told.exit_code, told.stdout) == (0, f"{desk.EAST}\t一致\t与审定稿一致\t{site.url('/a')}\n")
        told = run("published", "--year", 2023)
    assert told.exit_code == 1
    assert f"{desk.BAY}\t内容不同\t数字不同 1 处\t{site.url('/b')}\n" in told.stdout
    assert [len(queries.publication_looks(store, key, 2023)) for key in (desk.EAST, desk.BAY)] == [2, 1]


def test_without_a_network_the_verb_says_so(folder, monkeypatch):
    store = cli._store()
    desk.take(store, ("东关.docx", desk.report(fmt="docx")))
    queries.move_filings(store, [desk.EAST], 2023, "approved", "周岚")

    def no_way_out(store, targets, terms):
        raise looking.NoNetwork(NotFetched(Obstacle.NO_NETWORK, "没有通往网站 www.yunze.example 的网络。"))
        yield

    monkeypatch.setattr(looking, "look_all", no_way_out)
    monkeypatch.setattr(sys, "argv", ["gdcheck", "published", "--year", "2023"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert queries.publication_looks(store, desk.EAST, 2023) == []
