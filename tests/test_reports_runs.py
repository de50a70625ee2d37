"""Runs: each way a report can end, by real kernels, and what it leaves behind."""

import contextlib
import datetime as dt
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from report_books import GOOD, HOSTILE, book, cells_of, settings

from workbench import blocks, config, errors, reports, worklist
from workbench.reports import execution, manifest

pytestmark = pytest.mark.notebook
NOW = dt.datetime(2026, 11, 2, 6, 0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    settings(tmp_path)
    book(tmp_path, "tiny", *GOOD)
    return tmp_path


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Copy the notebook instead of running it: for tests of all that is around the run."""
    runs: list[dict[str, Any]] = []
    (headline,) = cells_of(blocks.headline("Found", "By name.", kicker=["Tiny"]))

    def run(notebook: Path, *, out: Path, **more: Any) -> None:
        runs.append(more)
        copied = told(notebook)
        copied["cells"].append({"cell_type": "code", "source": "", "metadata": {}, **headline})
        out.write_text(json.dumps(copied), encoding="utf-8")

    monkeypatch.setattr(execution, "run", run)
    return runs


# one process for the notebooks of all these tests, and another after each that ends it
WARM = execution.Kernel()


@pytest.fixture(scope="module", autouse=True)
def warm() -> Iterator[None]:
    yield
    WARM.end()


def make(project: Path, name: str = "tiny", **more: Any) -> reports.Run:
    file = project / "workbench.toml"
    asked = {"period": "2026-10", "settings_file": file, "now": NOW, "kernel": WARM, **more}
    return reports.attempt(name, **asked)


def told(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_a_good_run_leaves_page_notebook_tables_and_manifest(project: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    run = make(project, progress=lambda *step: steps.append(step))
    assert (run.status, run.error) == ("ok", None)
    assert run.folder == project / "reports" / "tiny" / "2026-10" / "en"
    assert "Found in 2026-10" in (run.folder / "report.html").read_text(encoding="utf-8")
    said = told(run.folder / "run.json")
    assert said["status"] == "ok"
    assert said["title"] == "Found in 2026-10"
    assert said["parameters"] == {"period": "2026-10", "lang": "en", "owner": None}
    assert said["made_at"] == "2026-11-02T06:00:00"
    assert said["duration_seconds"] > 0
    assert said["versions"]["pandas"]
    assert said["tables"] == ["calls.csv"]
    csv = (run.folder / "tables" / "calls.csv").read_bytes()
    assert csv.startswith(b"\xef\xbb\xbfCustomer,Customers")
    executed = nbformat.read(run.folder / "notebook.ipynb", as_version=4)
    assert executed.cells[-1].execution_count
    assert str(project) not in json.dumps(executed), "no path of this machine in the notebook"
    assert steps[-1] == (len(executed.cells) - 1, len(executed.cells) - 1, "The start")


def test_a_failed_run_keeps_the_last_good_one_and_says_why(project: Path) -> None:
    good = make(project)
    page = good.folder.joinpath("report.html").read_bytes()
    book(
        project,
        "tiny",
        *GOOD,
        "from workbench import errors\n"
        "raise errors.ContractError('orders: <b>bad</b>.', mend='Mend the file.')",
    )
    run = make(project)
    assert run.status == "failed"
    assert isinstance(run.error, errors.ReportError)
    assert run.error.exit_code == 5
    assert str(run.error) == "orders: <b>bad</b>.\nMend the file."
    assert good.folder.joinpath("report.html").read_bytes() == page
    assert told(good.folder / "run.json")["status"] == "ok"
    failed = (run.folder / "FAILED.html").read_text(encoding="utf-8")
    assert "orders: &lt;b&gt;bad&lt;/b&gt;." in failed
    assert "Mend the file." in failed
    assert 'href="failed/notebook.ipynb"' in failed
    assert 'href="report.html"' in failed
    partial = nbformat.read(run.folder / "failed" / "notebook.ipynb", as_version=4)
    assert any(output.output_type == "error" for output in partial.cells[-1].outputs)
    said = told(run.folder / "failed" / "run.json")
    assert (said["status"], said["error"]["mend"]) == ("failed", "Mend the file.")
    assert "the last attempt failed" in (project / "reports" / "index.html").read_text()


def test_an_error_that_is_not_our_own_is_named_with_its_cell(project: Path) -> None:
    book(project, "tiny", "1 / 0")
    run = make(project)
    assert run.error is not None
    assert "ZeroDivisionError: division by zero" in run.error.what
    page = (run.folder / "FAILED.html").read_text(encoding="utf-8")
    assert "There is no earlier report for this period." in page
    assert "\x1b[" not in page, "no colours of a terminal on the page"
    with pytest.raises(errors.ReportError, match="ZeroDivisionError"):
        reports.run("tiny", period="2026-10", settings_file=project / "workbench.toml")


def test_no_data_has_a_status_and_an_exit_code_of_its_own(project: Path) -> None:
    book(
        project,
        "tiny",
        "from workbench import errors\nraise errors.NoDataError('Nobody bought.', mend='Wait.')",
    )
    run = make(project)
    assert run.status == "no data"
    assert isinstance(run.error, errors.NoDataError)
    assert run.error.exit_code == 7
    assert told(run.folder / "failed" / "run.json")["status"] == "no data"
    assert "There is nothing to report for October 2026" in (run.folder / "FAILED.html").read_text()


def test_a_run_past_its_time_is_stopped_and_says_so(project: Path) -> None:
    book(project, "tiny", "import time", "time.sleep(60)")
    began = time.monotonic()
    run = make(project, timeout_minutes=0.1)
    assert time.monotonic() - began < 45
    assert run.status == "timed out"
    assert isinstance(run.error, errors.ReportTimeoutError)
    assert run.error.exit_code == 6
    assert "took longer than 0.1 minutes" in run.error.what
    assert told(run.folder / "failed" / "run.json")["status"] == "timed out"


def test_a_kernel_that_dies_is_a_failure_whatever_the_notebook_says(project: Path) -> None:
    book(project, "tiny", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "1")
    run = make(project)
    assert run.status == "failed"
    assert run.error is not None
    assert "ended early" in run.error.what
    assert "memory" in run.error.mend


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (("import sys\nsys.exit(0)", "blocks.text('The end', ['All is well.'], name='end')"),
         "the notebook ended itself in cell [6], before its end"),
        (("raise SystemExit",), "the notebook ended itself in cell [6], before its end"),
        (("import os\nos._exit(0)", "1"), "the process that ran the notebook ended early"),
    ],
)  # fmt: skip
def test_a_run_that_did_not_reach_its_end_has_failed(
    project: Path, last: tuple[str, ...], said: str
) -> None:
    book(project, "tiny", *GOOD, *last)
    run = make(project)
    assert run.status == "failed"
    assert run.error is not None
    assert run.error.exit_code == 5
    assert said in run.error.what
    assert "exit() out of" in run.error.mend
    assert not (run.folder / "report.html").exists()
    assert said in (run.folder / "FAILED.html").read_text(encoding="utf-8")


def test_a_page_without_its_headline_has_failed(project: Path) -> None:
    book(project, "tiny", GOOD[0], GOOD[2])
    run = make(project)
    assert run.status == "failed"
    assert str(run.error) == (
        "tiny for 2026-10: the notebook shows no headline.\n"
        "End a cell with blocks.headline(…): it says what the report found."
    )
    assert not (run.folder / "report.html").exists()


def test_secrets_of_the_environment_reach_neither_page_nor_manifest_nor_notebook(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_PASSWORD", 'hunter2"<x>')
    monkeypatch.setenv("WAREHOUSE", "postgresql://me:sw0rdfish@host/sales")
    book(
        project,
        "tiny",
        *GOOD,
        "import os\nprint(os.environ['CRM_PASSWORD'])\n"
        "blocks.text('Said', [os.environ['CRM_PASSWORD'], os.environ['WAREHOUSE']], name='said')",
        "if period == '2026-09': raise ValueError(os.environ['CRM_PASSWORD'], os.environ['WAREHOUSE'])",
    )
    for period in ("2026-10", "2026-09"):
        make(project, period=period, kernel=None)
    written = [p for p in (project / "reports").rglob("*") if p.is_file()]
    assert {"report.html", "FAILED.html", "run.json", "notebook.ipynb"} <= {p.name for p in written}
    for path in written:
        for secret in (b"hunter2", b"sw0rdfish"):
            assert secret not in path.read_bytes(), path
    assert "•••" in (project / "reports/tiny/2026-10/en/report.html").read_text(encoding="utf-8")


def test_two_tables_of_one_name_fail_the_report_with_the_mend(project: Path) -> None:
    book(
        project,
        "tiny",
        *GOOD,
        "blocks.table(table.head(0), name='calls', heading='Others')",
    )
    run = make(project)
    assert run.status == "failed"
    assert run.error is not None
    assert "called 'calls'" in run.error.what
    assert ".laid(name=" in run.error.mend


def test_hostile_names_are_whole_in_the_page_and_never_markup(project: Path) -> None:
    book(
        project,
        "tiny",
        GOOD[0],
        f"names = {HOSTILE!r}",
        "blocks.headline(names[0], list(names), kicker=names)",
        "table = pd.DataFrame({'customer_name': names})\n"
        "blocks.table(table, name='calls', heading=names[2])",
    )
    run = make(project)
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "<script>document.title" not in page
    assert "<img src=x" not in page
    assert "{{ 7 * 7 }}" in page
    csv = (run.folder / "tables" / "calls.csv").read_text(encoding="utf-8-sig")
    assert "\n'=cmd|" in csv.replace("\r", "")


def test_unchanged_inputs_are_skipped_unless_forced(
    project: Path, no_kernel: list[dict[str, Any]]
) -> None:
    assert not make(project).skipped
    assert make(project).skipped
    assert make(project, now=dt.datetime(2026, 12, 1)).skipped, "the clock is no input"
    assert not make(project, force=True).skipped
    assert len(no_kernel) == 2


@pytest.mark.parametrize("changed", ["notebook", "settings", "data", "language"])
def test_a_changed_input_is_made_again(
    project: Path, no_kernel: list[dict[str, Any]], changed: str
) -> None:
    (project / "orders.csv").write_text("customer_id\n")
    settings(project, '[tables.orders]\nsource = "orders.csv"\n')
    make(project)
    if changed == "notebook":
        book(project, "tiny", *GOOD, "1")
    if changed == "settings":
        settings(project, '[tables.orders]\nsource = "orders.csv"\n[churn]\ndue_from = 0.9\n')
    if changed == "data":
        (project / "orders.csv").write_text("customer_id\na\n")
    run = make(project, lang="zh" if changed == "language" else "en")
    assert not run.skipped
    assert len(no_kernel) == 2


def shop(path: Path, *rows: tuple[str, str, float]) -> None:
    """Add rows to a database of orders."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS orders (customer_id, ordered_at, amount)")
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?)", rows)


FROM_DATABASE = '[tables.orders]\nsource = "sqlite:///orders.db"\ndb_table = "orders"\n'


def test_a_database_is_an_input_by_its_rows(project: Path, no_kernel: list[dict[str, Any]]) -> None:
    shop(project / "orders.db", ("a", "2026-10-01", 5.0))
    settings(project, FROM_DATABASE)
    assert not make(project).skipped
    assert make(project).skipped
    shop(project / "orders.db", ("a", "2026-10-02", 5.0))
    assert not make(project).skipped
    asked = FROM_DATABASE.replace('db_table = "orders"', 'sql = "SELECT * FROM orders WHERE 1"')
    settings(project, asked)
    assert not make(project).skipped, "another question"


def test_what_cannot_be_fingerprinted_is_never_skipped(
    project: Path, no_kernel: list[dict[str, Any]]
) -> None:
    settings(project, FROM_DATABASE)
    make(project)
    assert not make(project).skipped
    assert manifest.data(config.load(project))["orders"] is None


TOUCHED = pd.DataFrame(
    {
        "lead_id": ["L1", "L2"], "owner_id": "S1", "plan": "Wake-up", "enrolled_on": "2026-10-05",
        "step": 1, "due_date": "2026-10-05", "channel": "phone", "text": "Hello",
    }
)  # fmt: skip


def written_by(folder: Path) -> list[Callable[[], object]]:
    """Give what writes to a worklist, one after the other."""
    store, hand = worklist.connect(folder / "worklist.db"), {"by": "Lin", "at": "2026-10-05 09:00"}
    return [
        lambda: worklist.enrol(store, TOUCHED, **hand),
        lambda: worklist.mark_done(store, worklist.due(store, as_of="2026-10-05").head(1), **hand),
        lambda: worklist.mark_done(store, worklist.due(store, as_of="2026-10-05"), **hand),
        lambda: worklist.stop(store, "L2", feedback="positive", text="Yes", **hand),
    ]


def test_the_worklist_is_an_input_of_a_report_that_reads_it_and_of_no_other(
    project: Path, no_kernel: list[dict[str, Any]]
) -> None:
    settings(project, '[worklist]\nstore = "worklist.db"\n')
    book(project, "nurtured", *GOOD, "from workbench import campaigns\npond = campaigns.pond")
    assert manifest.data(config.load(project), asked_for(project, "nurtured")) == {
        "worklist": "none"
    }
    assert not (project / "worklist.db").exists(), "asked after, and not made"
    make(project)
    for write in written_by(project):
        make(project, "nurtured")
        assert make(project, "nurtured").skipped
        write()
        assert not make(project, "nurtured").skipped
        assert make(project).skipped, "it reads no worklist"


def asked_for(project: Path, name: str) -> Path:
    return project / "notebooks" / "reports" / f"{name}.ipynb"


def test_a_pond_reads_the_worklist_also_beside_a_table_of_steps(project: Path) -> None:
    (project / "steps.csv").write_text("lead_id\n")
    settings(project, '[tables.steps]\nsource = "steps.csv"\n')
    book(project, "nurtured", "from workbench import campaigns\npond = campaigns.pond")
    data = manifest.data(config.load(project), asked_for(project, "nurtured"))
    assert list(data) == ["steps", "worklist"]
    book(project, "nurtured", "from workbench import worklist\nworklist.connect")
    assert "worklist" in manifest.data(config.load(project), asked_for(project, "nurtured"))


def test_the_weekly_and_the_monthly_report_ask_as_their_notebooks_do(
    project: Path, root: Path
) -> None:
    folder, read = root / "notebooks" / "reports", config.load(project)
    assert "worklist" in manifest.data(read, folder / "weekly_nurture.ipynb")
    # whom it may offer an address of, and what was done of the calls, the worklist says
    assert "worklist" in manifest.data(read, folder / "monthly_customers.ipynb")


@pytest.mark.postgres
def test_a_worklist_on_postgresql_is_an_input_too(
    project: Path, postgres: str, no_kernel: list[dict[str, Any]]
) -> None:
    settings(project, f'[worklist]\nstore = "{postgres}"\n')
    book(project, "nurtured", *GOOD, "from workbench import worklist")
    make(project, "nurtured")
    assert make(project, "nurtured").skipped
    with worklist.connect(postgres) as store:
        worklist.enrol(store, TOUCHED, by="Lin", at="2026-10-05 09:00")
    assert not make(project, "nurtured").skipped


def test_an_owners_edition_has_its_own_folder(
    project: Path, no_kernel: list[dict[str, Any]]
) -> None:
    everybody, theirs = make(project), make(project, owner="S01")
    assert theirs.folder == everybody.folder / "owner-S01"
    assert no_kernel[-1]["parameters"]["owner"] == "S01"
    make(project, force=True)
    assert (theirs.folder / "report.html").is_file(), "the edition for everybody left it alone"


def test_the_index_lists_every_edition_in_its_language_the_newest_period_first(
    project: Path, no_kernel: list[dict[str, Any]]
) -> None:
    for period, lang in (("2026-09", "en"), ("2026-10", "zh"), ("2026-10", "en")):
        make(project, period=period, lang=lang)
    page = (project / "reports" / "index.html").read_text(encoding="utf-8")
    places = [page.index(f'href="tiny/{where}/report.html"') for where in (
        "2026-10/en", "2026-09/en", "2026-10/zh")]  # fmt: skip
    assert places == sorted(places)
    assert page.index('<div class="shelf" lang="zh-Hans"') in range(places[1], places[2])


def test_each_page_leads_to_the_period_before_and_after_it_however_late_that_is_made(
    project: Path, no_kernel: list[dict[str, Any]]
) -> None:
    def ways(period: str, owner: str = "") -> list[str]:
        folder = project / "reports" / "tiny" / period / "en" / owner
        nav = re.search(r'<nav class="neighbours".*?</nav>', (folder / "report.html").read_text())
        assert nav is not None
        return re.findall(r'href="([^"]*)"', nav[0])

    for period in ("2026-08", "2026-10", "2026-09"):
        make(project, period=period)
    make(project, period="2026-10", lang="zh")
    make(project, period="2026-10", owner="S01")
    index, month = "../../../index.html", "../../{}/en/report.html".format
    assert ways("2026-08") == [index, month("2026-09")]
    assert ways("2026-09") == [month("2026-08"), index, month("2026-10")]
    assert ways("2026-10") == [month("2026-09"), index]
    assert ways("2026-10", "owner-S01") == ["../" + index], "an owner's edition has its own row"


def test_the_index_shows_the_newest_key_figures_with_their_last_periods(project: Path) -> None:
    shown = "blocks.cards(table, [blocks.Card('revenue', unit='money')])"
    table = "pd.DataFrame({'period': ['2026-09', '2026-10'], 'revenue': [100.0, 12345.0]})"
    book(project, "tiny", *GOOD, f"table = {table}", shown)
    run = reports.run("tiny", period="2026-10", settings_file=project / "workbench.toml")
    assert run.status == "ok"
    page = (project / "reports" / "index.html").read_text(encoding="utf-8")
    assert "Revenue, known customers</span> <b>12,300</b> <svg" in page


def test_one_failure_does_not_stop_the_other_editions(project: Path) -> None:
    book(project, "tiny", *GOOD, "assert period != '2026-09', 'September is broken'")
    editions = reports.backfill("tiny", first="2026-09", last="2026-10")
    runs = reports.run_many(editions, settings_file=project / "workbench.toml")
    assert [run.status for run in runs] == ["failed", "ok"]


def test_an_interrupted_run_leaves_nothing_but_the_last_good_one(
    project: Path, monkeypatch: pytest.MonkeyPatch, no_kernel: list[dict[str, Any]]
) -> None:
    good = make(project)
    before = sorted(p.name for p in (good.folder / ".runs").iterdir())

    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(execution, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make(project, force=True)
    assert sorted(p.name for p in (good.folder / ".runs").iterdir()) == before
    assert not (good.folder / "FAILED.html").exists()


def test_a_bug_in_the_making_is_a_failure_page_too(
    project: Path, monkeypatch: pytest.MonkeyPatch, no_kernel: list[dict[str, Any]]
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("in the engine room")

    monkeypatch.setattr(execution, "run", broken)
    run = make(project)
    assert run.status == "failed"
    assert "in the engine room" in (run.folder / "FAILED.html").read_text(encoding="utf-8")


def test_a_run_killed_in_its_notebook_leaves_the_last_good_one(project: Path) -> None:
    good = make(project)
    book(project, "tiny", *GOOD, "import time\ntime.sleep(60)")
    script = (
        "from workbench import reports; "
        f"reports.run('tiny', period='2026-10', settings_file={str(project / 'workbench.toml')!r})"
    )
    runs = good.folder / ".runs"
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not list(runs.glob("*/tables/calls.csv"))[1:]:
            time.sleep(0.05)
        process.kill()
    assert told(good.folder / "run.json")["status"] == "ok"
    assert len(list(runs.iterdir())) == 2, "the killed run's folder is still there"
    book(project, "tiny", *GOOD, "1")
    assert make(project).status == "ok", "the lock died with its process"
    assert "time.sleep" not in (good.folder / "notebook.ipynb").read_text(encoding="utf-8")


def test_the_kernel_is_this_very_python_whatever_is_installed_for_the_user(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shadow = tmp_path_factory.mktemp("jupyter") / "kernels" / "python3"
    shadow.mkdir(parents=True)
    (shadow / "kernel.json").write_text(
        json.dumps({"argv": ["/nowhere/python"], "display_name": "x", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(shadow.parents[1]))
    book(project, "tiny", GOOD[0], "import sys\nblocks.headline(sys.executable, '')")
    assert told(make(project, kernel=None).folder / "run.json")["title"] == sys.executable
    assert os.environ["JUPYTER_PATH"] == str(shadow.parents[1]), "the environment is as before"


def test_due_names_what_the_settings_say_for_the_last_whole_period(
    project: Path, root: Path
) -> None:
    source = (root / "data" / "samples" / "orders.csv").as_posix()
    settings(
        project,
        f'[tables.orders]\nsource = "{source}"\n[report.due]\nmonthly_customers = ["en", "zh"]\n',
    )
    asked = reports.due(dt.date(2026, 10, 20), settings_file=project / "workbench.toml")
    assert [(e.name, e.period, e.lang) for e in asked] == [
        ("monthly_customers", "2026-09", "en"),
        ("monthly_customers", "2026-09", "zh"),
    ]


def test_what_is_due_and_cannot_be_made_keeps_no_other_from_being_made(project: Path) -> None:
    (project / "orders.csv").write_text("customer_id,ordered_at,amount\na,2026-10-05,5\n")
    settings(
        project,
        '[tables.orders]\nsource = "orders.csv"\n'
        '[report.due]\nmonthly_customers = ["en"]\nweekly_nurture = ["en"]\n',
    )
    file = project / "workbench.toml"
    asked = reports.due(dt.date(2026, 11, 20), settings_file=file)
    assert [(e.name, e.period) for e in asked] == [
        ("monthly_customers", None), ("weekly_nurture", None),
    ]  # fmt: skip
    whole, missing = reports.run_many(asked, settings_file=file)
    assert (whole.status, missing.status, missing.page) == ("no data", "no data", None)
    assert "cover no whole month" in str(whole.error)
    assert str(missing.error).startswith(
        "weekly_nurture needs the table 'leads', and the settings name no source for it.\n"
        'Write in workbench.toml: [tables.leads] source = "path/to/leads.csv"'
    )
    assert not (project / "reports").exists()


def test_a_report_due_that_there_is_not_is_told_with_its_place(project: Path) -> None:
    settings(project, '[report.due]\nmonthly_customer = ["en"]\n')
    with pytest.raises(errors.ConfigError, match="no report called 'monthly_customer'") as told_of:
        reports.due(dt.date(2026, 10, 20), settings_file=project / "workbench.toml")
    assert "workbench.toml, [report.due]: There is" in told_of.value.what
    assert "Did you mean 'monthly_customers'?" in told_of.value.mend


@pytest.mark.parametrize(("first", "last"), [("2026-10", "2026-09"), ("2026-09", "2026-W40")])
def test_a_backfill_that_runs_backwards_is_refused(first: str, last: str) -> None:
    with pytest.raises(errors.ParameterError, match="The periods run from"):
        reports.backfill("tiny", first=first, last=last)
