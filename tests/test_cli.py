"""The command line: what it prints, how it fails, and with which exit code."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from workbench import cli, config, errors, loaders, reports, samples
from workbench.cli import terminal

COMMANDS = sorted(typer.main.get_command(cli.app).commands)  # type: ignore[attr-defined]
ORDERS = "customer_id,ordered_at,amount\n"


class Ran:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def call(*words: str | Path) -> Ran:
        code = cli.main([str(word) for word in words])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings and tables of its own, entered."""
    samples.write(tmp_path / "data", customers=20)
    lines = [f'[tables.{name}]\nsource = "data/{name}.csv"' for name in samples.TABLES]
    (tmp_path / "workbench.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fails_in_one_line(ran: Ran, code: int, *words: str) -> None:
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("workbench: ")
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err


# Help


def test_help_names_every_command_and_exit_code(run: Callable[..., Ran]) -> None:
    ran = run("--help")
    assert ran.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in ran.out
    for code, meaning in cli.EXIT_CODES.items():
        assert f"{code}  {meaning}\n" in ran.out


def test_without_a_command_the_help_is_shown(run: Callable[..., Ran]) -> None:
    assert run().out == run("--help").out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_explains_it_and_each_of_its_options(
    command: str, run: Callable[..., Ran]
) -> None:
    ran = run(command, "--help")
    assert ran.code == 0
    assert f"Usage: workbench {command}" in ran.out
    parsed = typer.main.get_command(cli.app).commands[command]  # type: ignore[attr-defined]
    assert parsed.help
    for parameter in parsed.params:
        assert parameter.help, f"{command}: {parameter.name} has no help"


def test_the_short_help_of_no_command_is_cut_off(run: Callable[..., Ran]) -> None:
    assert "..." not in run("--help").out.partition("Commands:")[2]
    assert "..." not in run("nurture", "--help").out.partition("Commands:")[2]


def test_the_exit_codes_are_those_of_the_errors() -> None:
    def kinds(kind: type[errors.WorkbenchError]) -> set[int]:
        return {kind.exit_code, *(code for sub in kind.__subclasses__() for code in kinds(sub))}

    assert set(cli.EXIT_CODES) == kinds(errors.WorkbenchError) | {0, 130}


def test_the_version_is_the_packages(run: Callable[..., Ran]) -> None:
    import workbench

    assert run("--version").out == f"workbench {workbench.__version__}\n"


def test_help_answers_at_once() -> None:
    def cost() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "workbench", "--help"], check=True, stdout=subprocess.DEVNULL
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(cost() for _ in range(3)) < 0.3


# Wrong words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chekc"], ["No such command 'chekc'", "Did you mean 'check'?", "workbench --help"]),
        (["check", "--tabel", "x"], ["--tabel", "--table", "workbench check --help"]),
        (
            ["samples", "--customers", "many"],
            ["--customers", "a whole number", "workbench samples --help"],
        ),
        (["check", "a.csv", "b.csv"], ["b.csv", "workbench check --help"]),
        (["check", "--column", "amount", "a.csv"], ["--column is 'amount'", "customer_id=Custom"]),
        (["check", "--width", "date=7-15", "a.csv"], ["--width date is '7-15'", "date=7:15"]),
        (["report"], ["Name one report", "--all", "--due"]),
        (["report", "monthly_customers", "--all"], ["one of the three"]),
        (["report", "monthly_customers", "--lang", "fr"], ["--lang is 'fr'", "en, zh or all"]),
        (["report", "monthly_customers", "--from", "2026-01"], ["belong together", "--to"]),
        (
            ["report", "x", "--period", "2026-10", "--from", "2026-01", "--to", "2026-02"],
            ["each say which periods"],
        ),
        (["report", "monthly_customers", "--set", "rows"], ["--set is 'rows'"]),
        (["report", "monthly_custmers"], ["no report called 'monthly_custmers'", "Did you mean"]),
        (["report", "monthly_customers", "--period", "Oct"], ["'Oct'", "2026-10"]),
        (["report", "monthly_customers", "--period", "2026-W40"], ["per month"]),
        (
            ["report", "monthly_customers", "--from", "2026-05", "--to", "2026-01"],
            ["earlier first"],
        ),
        (["report", "monthly_customers", "--set", "rws=3"], ["no parameter", "'rws'"]),
        (["samples", "--customers", "-1"], ["-1"]),
    ],
    ids=" ".join,
)
def test_a_wrong_word_is_answered_with_the_right_one(
    words: list[str],
    said: list[str],
    run: Callable[..., Ran],
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(root)
    fails_in_one_line(run(*words), 2, *said)


# check


def test_check_prints_the_ledger_of_a_file(csv: Any, run: Callable[..., Ran]) -> None:
    ran = run("check", csv(ORDERS + "A,2026-10-01,10\nA,2026-10-01,-2\n,2026-10-02,1\n"))
    assert ran.code == 0
    counted = {
        line.rsplit(maxsplit=2)[0].strip(): line.split()[-2] for line in ran.out.splitlines()[2:-1]
    }
    assert counted["Rows read"] == counted["Rows kept"] == "3"
    assert counted["Refunds (negative amounts)"] == "1"
    assert counted["Without a customer ID"] == "1"


def test_a_long_path_stays_on_one_line(csv: Any, run: Callable[..., Ran]) -> None:
    path = csv(ORDERS, f"{'long-' * 40}.csv")
    assert run("check", path).out.splitlines()[0] == f"orders: {path}"


def test_check_shows_the_first_rejects_with_line_and_reason(
    csv: Any, run: Callable[..., Ran]
) -> None:
    rows = "A,2026-10-01,10\n" * 98 + "A,someday,10\nA,2026-10-01,ten\n"
    ran = run("check", csv(ORDERS + rows))
    assert ran.code == 0
    assert "line 100, ordered_at: not a date" in ran.out
    assert "line 101, amount: not " in ran.out


def test_check_maps_columns_also_to_a_product_of_two(csv: Any, run: Callable[..., Ran]) -> None:
    path = csv("who;day;n;price\nA;2026-10-01;2;5\nA;2026-10-02;-1;5\n")
    ran = run(
        "check", path, "--column", "customer_id=who", "--column", "ordered_at = day",
        "--column", "amount=n * price", "--separator", ";", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    (ledger,) = json.loads(ran.out)
    assert (ledger["rows_kept"], ledger["refunds"]) == (2, 1)


def test_check_reads_fixed_width_and_compact_dates(csv: Any, run: Callable[..., Ran]) -> None:
    path = csv("00001 19970101 11.77\n00002 19970112 12.00\n", "cd.txt")
    ran = run(
        "check", path, "--width", "who=0:5", "--width", "day=6:14", "--width", "paid=15:20",
        "--column", "customer_id=who", "--column", "ordered_at=day", "--column", "amount=paid",
        "--date-format", "%Y%m%d", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)[0]["first_date"] == "1997-01-01"


def test_check_as_json_gives_back_the_whole_ledger(csv: Any, run: Callable[..., Ran]) -> None:
    path = csv(ORDERS + "A,2026-10-01,10\n")
    (said,) = json.loads(run("check", path, "--json").out)
    assert loaders.Ledger.from_dict(said) == loaders.load(path).ledger


def test_check_writes_all_rejects_to_a_file(
    csv: Any, run: Callable[..., Ran], tmp_path: Path
) -> None:
    rows = "A,2026-10-01,10\n" * 99 + "=cmd|x,someday,10\n"
    ran = run("check", csv(ORDERS + rows), "--rejects", tmp_path / "rejects.csv")
    assert ran.code == 0
    assert "Rejected rows: 1, written to" in ran.err
    assert "someday" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")


def test_check_writes_no_file_where_no_row_is_rejected(
    csv: Any, run: Callable[..., Ran], tmp_path: Path
) -> None:
    ran = run("check", csv(ORDERS + "A,2026-10-01,10\n"), "--rejects", tmp_path / "rejects.csv")
    assert (ran.code, ran.err) == (0, "Rejected rows: none, nothing was written\n")
    assert not (tmp_path / "rejects.csv").exists()


def test_check_without_a_source_tells_all_tables_of_the_settings(
    company: Path, run: Callable[..., Ran]
) -> None:
    ran = run("check")
    assert ran.code == 0
    for name in samples.TABLES:
        assert f"{name}: " in ran.out
    assert run("check", "--table", "owners").out.count("Rows read") == 1


def test_check_of_many_tables_tells_the_good_ones_and_fails_with_the_bad_one(
    company: Path, run: Callable[..., Ran]
) -> None:
    (company / "data" / "orders.csv").unlink()
    ran = run("check")
    assert ran.code == 3
    assert ran.out.count("Rows read") == len(samples.TABLES) - 1
    assert len(ran.err.splitlines()) == 1
    assert "orders.csv" in ran.err


def test_rejects_of_many_tables_need_the_table_named(
    company: Path, run: Callable[..., Ran]
) -> None:
    fails_in_one_line(run("check", "--rejects", "r.csv"), 2, "--rejects", "--table orders")


def test_names_in_brackets_are_text_and_cannot_steer_the_terminal(
    csv: Any, run: Callable[..., Ran]
) -> None:
    path = csv(ORDERS + "A,2026-10-01,10\n", "[bold red]evil\u202e.csv")
    ran = run("check", path)
    assert ran.code == 0
    assert "[bold red]" in "".join(ran.out.split("\n"))
    assert "\u202e" not in ran.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["empty"]),
        ("customer_id,ordered_at,price\nA,2026-10-01,1\n", ["missing column 'amount'"]),
        ("customer_id,customer_id,ordered_at,amount\nA,B,2026-10-01,1\n", ["customer_id"]),
    ],
    ids=["empty", "missing column", "duplicate column"],
)
def test_a_file_that_breaks_its_contract_fails_in_one_line(
    text: str, said: list[str], csv: Any, run: Callable[..., Ran]
) -> None:
    fails_in_one_line(run("check", csv(text)), 3, "orders", *said)


def test_a_missing_file_fails_in_one_line(run: Callable[..., Ran], tmp_path: Path) -> None:
    fails_in_one_line(run("check", tmp_path / "none.csv"), 3, "none.csv")


def test_a_header_without_rows_is_a_ledger_of_zeros(csv: Any, run: Callable[..., Ran]) -> None:
    ran = run("check", csv(ORDERS))
    assert ran.code == 0
    assert ran.err == ""
    assert "Rows read" in ran.out


@pytest.mark.parametrize("bad", ["someday", "31/12/2026", "2026-13-01"])
def test_too_many_bad_dates_fail_with_the_ledger_told_all_the_same(
    bad: str, csv: Any, run: Callable[..., Ran], tmp_path: Path
) -> None:
    path = csv(ORDERS + f"A,2026-10-01,10\nA,{bad},10\n")
    ran = run("check", path, "--rejects", tmp_path / "rejects.csv")
    assert ran.code == 3
    assert "Rows rejected" in ran.out
    assert (tmp_path / "rejects.csv").is_file()
    assert "Traceback" not in ran.err
    assert "1 of 2 rows" in ran.err.splitlines()[-1]


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf", "ten", ""])
def test_amounts_that_are_no_amounts_are_rejects_not_crashes(
    bad: str, csv: Any, run: Callable[..., Ran]
) -> None:
    ran = run("check", csv(ORDERS + f"A,2026-10-01,10\nA,2026-10-02,{bad}\n"), "--json")
    assert ran.code == 3
    (ledger,) = json.loads(ran.out)
    assert (ledger["rows_read"], ledger["rows_kept"], ledger["rows_rejected"]) == (2, 1, 1)


def test_wrong_settings_have_an_exit_code_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    (tmp_path / "workbench.toml").write_text("curency = 'CNY'\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    fails_in_one_line(run("check"), 4, "workbench.toml, line 1", "Did you mean 'currency'?")


def test_check_with_neither_source_nor_settings_says_what_to_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    monkeypatch.chdir(tmp_path)
    fails_in_one_line(run("check"), 4, "Nothing is set up here", "workbench init")
    (tmp_path / "workbench.toml").write_text("", encoding="utf-8")
    fails_in_one_line(run("check"), 2, "No source was named", "workbench check orders.csv")


# samples


def test_samples_writes_every_table_and_names_the_files(
    tmp_path: Path, run: Callable[..., Ran]
) -> None:
    ran = run("samples", "--out", tmp_path / "out", "--customers", "20", "--seed", "7")
    assert ran.code == 0
    assert [Path(line).name for line in ran.out.splitlines()] == [
        f"{name}.csv" for name in samples.TABLES
    ]
    assert all(Path(line).is_file() for line in ran.out.splitlines())


def test_samples_writes_parquet_where_asked_and_shows_no_bar_in_a_log(
    tmp_path: Path, run: Callable[..., Ran]
) -> None:
    ran = run("samples", "--out", tmp_path, "--customers", "20", "--format", "parquet")
    assert (ran.code, ran.err) == (0, "")
    assert [Path(line).name for line in ran.out.splitlines()] == [
        f"{name}.parquet" for name in samples.TABLES
    ]


def test_samples_shows_on_a_terminal_how_many_customers_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    ran = run("samples", "--out", tmp_path, "--customers", "20")
    assert "Writing customers" in ran.err
    assert "20/20" in ran.err
    assert "Writing customers" not in ran.out


def test_samples_refuses_a_format_it_does_not_know(tmp_path: Path, run: Callable[..., Ran]) -> None:
    ran = run("samples", "--out", tmp_path, "--format", "xlsx")
    fails_in_one_line(ran, 2, "'xlsx'", "Known: csv, parquet")


# report: here with runs that are handed back at once; whole reports stand in tests/reports


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch, root: Path) -> list[dict[str, Any]]:
    """What would have been made, each asked for; the Chinese one fails."""
    monkeypatch.chdir(root)
    asked: list[dict[str, Any]] = []

    def attempt(name: str, **options: Any) -> reports.Run:
        options["progress"](1, 2, "Segments")
        asked.append({"name": name, **options})
        failed = options["lang"] == "zh"
        return reports.Run(
            name=name,
            period=str(options["period"] or "2026-10"),
            lang=options["lang"],
            owner=options["owner"],
            status="failed" if failed else "ok",
            folder=root / "reports",
            page=root / "reports" / ("FAILED.html" if failed else "report.html"),
            seconds=7.6,
            error=errors.ReportTimeoutError("It took too long.", mend="Wait.") if failed else None,
        )

    monkeypatch.setattr(reports, "attempt", attempt, raising=False)
    return asked


def test_report_says_where_the_page_lies(
    attempts: list[dict[str, Any]], run: Callable[..., Ran]
) -> None:
    ran = run("report", "monthly_customers", "--period", "2026-10", "--owner", "S01", "--force")
    assert ran.code == 0
    assert ran.out == "monthly_customers 2026-10 en S01: reports/report.html (made in 8 s)\n"
    (asked,) = attempts
    assert (asked["period"], asked["owner"], asked["force"]) == ("2026-10", "S01", True)


def test_report_says_what_it_is_making_where_no_terminal_shows_a_bar(
    attempts: list[dict[str, Any]], run: Callable[..., Ran]
) -> None:
    assert run("report", "monthly_customers").err == "Making monthly_customers en\n"


def test_one_language_that_fails_does_not_stop_the_other(
    attempts: list[dict[str, Any]], run: Callable[..., Ran]
) -> None:
    ran = run("report", "monthly_customers", "--lang", "all")
    assert ran.code == errors.ReportTimeoutError.exit_code
    assert ran.out.count("(made in") == 1
    last = ran.err.splitlines()[-1]
    assert last == (
        "workbench: monthly_customers 2026-10 zh: It took too long. Wait. "
        "More in reports/FAILED.html"
    )


def test_after_several_reports_it_says_where_all_are_listed(
    attempts: list[dict[str, Any]],
    run: Callable[..., Ran],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "index.html").touch()
    settings = config.Settings(report=config.ReportSettings(folder=str(tmp_path)))
    monkeypatch.setattr(config, "load", lambda *_: settings)
    ran = run("report", "monthly_customers", "--from", "2026-01", "--to", "2026-02")
    assert ran.out.splitlines()[-1] == f"All reports: {tmp_path / 'index.html'}"


def test_all_means_every_report_there_is(
    attempts: list[dict[str, Any]], run: Callable[..., Ran]
) -> None:
    run("report", "--all")
    assert [asked["name"] for asked in attempts] == reports.names()


def test_all_leaves_out_a_report_whose_table_is_missing_and_says_which(
    tmp_path: Path, attempts: list[dict[str, Any]], run: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "workbench.toml").write_text('[tables.orders]\nsource = "orders.csv"\n')
    monkeypatch.chdir(tmp_path)
    ran = run("report", "--all")
    assert [asked["name"] for asked in attempts] == ["monthly_customers"]
    assert ran.code == 0
    assert ran.err.startswith("Left out: weekly_nurture needs the table 'leads'")
    assert "[tables.leads] source" in ran.err


def test_where_no_report_can_be_made_all_of_them_say_why(
    tmp_path: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workbench.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    ran = run("report", "--all")
    assert ran.code == 7
    assert "needs the table 'orders'" in ran.err
    assert "needs the table 'leads'" in ran.err


def test_check_says_which_tables_hardly_share_an_id(
    csv: Callable[[str, str], Path], run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    csv(ORDERS + "a,2026-10-01,5\nb,2026-10-02,5\n", "orders.csv")
    folder = csv("customer_id\nC1\nC2\n", "customers.csv").parent
    names = ("orders", "customers")
    lines = [f'[tables.{name}]\nsource = "{name}.csv"\n' for name in names]
    (folder / "workbench.toml").write_text("".join(lines))
    monkeypatch.chdir(folder)
    said = "“Orders” and “Customers” have hardly any Customer ID in common: 0 of 2 in the former stand in the"
    assert said in run("check").out
    csv("customer_id\na\nb\n", "customers.csv")
    assert "hardly" not in run("check").out


def test_a_backfill_makes_every_period_between_two(
    attempts: list[dict[str, Any]], run: Callable[..., Ran]
) -> None:
    run("report", "monthly_customers", "--from", "2025-12", "--to", "2026-02")
    assert [asked["period"] for asked in attempts] == ["2025-12", "2026-01", "2026-02"]


def test_due_makes_what_the_settings_name(
    attempts: list[dict[str, Any]], run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    editions = [reports.Edition("monthly_customers", "2026-10", "en")]
    monkeypatch.setattr(reports, "due", lambda _today: editions, raising=False)
    run("report", "--due")
    assert [(asked["name"], asked["period"]) for asked in attempts] == [
        ("monthly_customers", "2026-10")
    ]


def test_when_nothing_is_due_it_says_so(
    attempts: list[dict[str, Any]], run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "due", lambda _today: [], raising=False)
    ran = run("report", "--due")
    assert (ran.code, attempts) == (0, [])
    assert "Nothing is due" in ran.err


def test_the_reports_own_parameters_can_be_set(
    attempts: list[dict[str, Any]], run: Callable[..., Ran]
) -> None:
    run("report", "monthly_customers", "--set", "call_list_rows=30")
    assert attempts[0]["parameters"] == {"call_list_rows": "30"}


def test_a_report_on_a_terminal_shows_a_bar_with_the_heading(tmp_path: Path, root: Path) -> None:
    import pty

    code = (
        "from workbench.cli import reporting\n"
        "with reporting._progress('monthly_customers en') as told:\n"
        "    told(1, 4, '[Segments]')\n"
    )
    parent, child = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    subprocess.run([sys.executable, "-c", code], stderr=child, check=True, env=env)
    os.close(child)
    shown = os.read(parent, 100_000).decode()
    os.close(parent)
    assert "Making monthly_customers en" in shown
    assert "1/4" in shown
    assert "[Segments]" in shown


# check --propose, --save

CHINESE = "会员号,下单时间,数量,单价,备注\n007,2026-03-05,2,9.90,x\n"


def test_check_proposes_the_columns_of_a_foreign_file_and_loads_with_them(
    csv: Any, run: Callable[..., Ran]
) -> None:
    ran = run("check", csv(CHINESE), "--propose")
    assert ran.code == 0
    assert ran.out.startswith("Proposed as orders:\n")
    assert re.search(r"amount +数量 \* 单价 +likely: please look +2 \* 9.90", ran.out)
    assert "Not used: '备注'" in ran.out
    assert re.search(r"Rows kept +1 ", ran.out)


def test_what_is_stated_goes_before_what_is_proposed(csv: Any, run: Callable[..., Ran]) -> None:
    ran = run("check", csv(CHINESE), "--propose", "--column", "amount=单价", "--json")
    assert ran.code == 0
    (said,) = json.loads(ran.out[ran.out.index("[\n") :])
    assert said["columns"] == {"customer_id": "会员号", "ordered_at": "下单时间", "amount": "单价"}


def test_a_missing_column_names_what_could_be_meant(csv: Any, run: Callable[..., Ran]) -> None:
    ran = run("check", csv(CHINESE))
    fails_in_one_line(ran, 3, "missing columns", '--propose would take: customer_id = "会员号"')
    ran = run("check", csv("who,when\n1,2\n"))
    assert "--propose" not in ran.err, "nothing is suggested where something would still be missing"


def test_day_and_month_are_told_apart_by_what_is_stated(csv: Any, run: Callable[..., Ran]) -> None:
    path = csv(ORDERS + "a,03/04/2026,5\n")
    fails_in_one_line(run("check", path), 3, "--day-first or --month-first")
    for option, day in (("--day-first", "2026-04-03"), ("--month-first", "2026-03-04")):
        (said,) = json.loads(run("check", path, option, "--json").out)
        assert said["first_date"] == day


def test_the_decimal_sign_can_be_stated(csv: Any, run: Callable[..., Ran]) -> None:
    path = csv('customer_id,ordered_at,amount\na,2026-03-04,"1,234"\n')
    assert run("check", path).code == 3
    assert run("check", path, "--decimal", ",").code == 0


def test_what_was_checked_is_saved_and_loads_from_the_settings(
    tmp_path: Path, csv: Any, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "workbench.toml").write_text("currency = 'EUR'  # ours\n", encoding="utf-8")
    ran = run("check", csv(CHINESE), "--propose", "--save", "--max-reject-rate", "0.2")
    assert ran.code == 0
    assert ran.err == f"Written to {tmp_path / 'workbench.toml'}\n"
    settings = config.load(tmp_path / "workbench.toml")
    assert settings.table("orders").columns["amount"] == "数量 * 单价"
    assert settings.table("orders").source == "orders.csv"
    assert settings.table("orders").max_reject_rate == 0.2
    assert "# ours" in (tmp_path / "workbench.toml").read_text(encoding="utf-8")
    assert run("check", "--table", "orders").code == 0


def test_what_does_not_load_is_not_saved(
    tmp_path: Path, csv: Any, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("check", csv(ORDERS + "a,soon,x\n"), "--save").code == 3
    assert not (tmp_path / "workbench.toml").exists()


@pytest.mark.parametrize("option", ["--propose", "--save"])
def test_proposing_and_saving_need_a_source(option: str, run: Callable[..., Ran]) -> None:
    fails_in_one_line(run("check", option), 2, f"{option} is given, but no source")


# lab


@pytest.mark.slow
def test_lab_hands_further_options_to_jupyterlab(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "lab", "--version"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()[0].isdigit()


def test_lab_listens_on_this_machine_only(
    root: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    started: list[Any] = []
    monkeypatch.chdir(root)
    monkeypatch.setattr(os, "execve", lambda *words: started.append(words))
    assert run("lab", "--no-browser").code == 0
    ((program, command, environment),) = started
    assert program == sys.executable
    assert command[:4] == [sys.executable, "-m", "jupyterlab", str(root / "notebooks")]
    assert "--ServerApp.ip=127.0.0.1" in command
    assert command[-1] == "--no-browser"
    assert environment["JUPYTER_PREFER_ENV_PATH"] == "1"


def test_lab_without_notebooks_says_how_to_get_them(company: Path, run: Callable[..., Ran]) -> None:
    fails_in_one_line(run("lab"), 3, str(company / "notebooks"), "workbench init")


# The unexpected


def boom(*_words: Any, **_options: Any) -> Any:
    raise RuntimeError("first\nsecond \x1b[31m")


def test_an_unexpected_error_is_one_line_and_says_how_to_see_more(
    monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    monkeypatch.setattr(loaders, "load", boom)
    ran = run("check", "a.csv")
    fails_in_one_line(ran, 1, "RuntimeError: first second", "--debug")
    assert "\x1b" not in ran.err


@pytest.mark.parametrize("words", [["--debug", "check", "a.csv"], ["check", "a.csv", "--debug"]])
def test_debug_shows_the_traceback_wherever_it_stands(
    words: list[str], monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    monkeypatch.setattr(loaders, "load", boom)
    ran = run(*words)
    assert ran.code == 1
    assert "Traceback" in ran.err
    assert "in boom" in ran.err


def test_debug_shows_the_traceback_of_expected_errors_too(
    tmp_path: Path, run: Callable[..., Ran]
) -> None:
    ran = run("check", str(tmp_path / "none.csv"), "--debug")
    assert ran.code == 3
    assert "Traceback" in ran.err
    assert "SourceNotFoundError" in ran.err


def test_an_interrupt_ends_with_130_and_one_line(
    monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    def interrupted(*_words: Any, **_options: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(loaders, "load", interrupted)
    ran = run("check", "a.csv")
    assert ran.code == 130
    assert "Traceback" not in ran.err
    assert ran.err.split() == ["workbench:", "interrupted."]


@pytest.mark.slow
def test_ctrl_c_on_a_running_program_is_an_interrupt() -> None:
    code = (
        "import sys, time\n"
        "from workbench import cli, loaders\n"
        "loaders.load = lambda *a, **k: (print('up', flush=True), time.sleep(60))\n"
        "sys.exit(cli.main(['check', 'a.csv']))\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "up\n"
    time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert err.split() == ["workbench:", "interrupted."]


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_error(csv: Any) -> None:
    path = csv(ORDERS + "A,2026-10-01,10\n")
    done = subprocess.run(
        ["/bin/bash", "-c", 'set -o pipefail; "$0" -m workbench check "$1" | true; echo $?',
         sys.executable, str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout in {"0\n", "141\n"}


def test_text_that_could_steer_a_terminal_is_shown_not_obeyed() -> None:
    assert terminal.inert("a\x1b[2J\u202eb\nc 客户") == "a\\x1b[2J\\u202eb\\nc 客户"


def test_settings_are_found_from_a_folder_below(
    company: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    monkeypatch.chdir(company / "data")
    assert config.load().root == company.resolve()
    assert run("check", "--table", "owners").code == 0
