"""A page for the team and one for each owner: theirs alone, in one process, whatever becomes of others."""

import base64
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_books import GOOD, book, cells_of, settings

from workbench import blocks, errors, reports, schema
from workbench.reports import editions, execution

OWNERS = {"S01": "Lin Yue 林悦", "../S 02": "Chen & <Wei>", "S03": "Alba Fenn"}
IDLE = "S04"
TABLES = "".join(
    f'[tables.{name}]\nsource = "{name}.csv"\n'
    for name in ("orders", "customers", "owners", "leads", "touches", "steps")
)
OF_ALL = ("kunde-", "Harbour Foods no. ", "lead-", "Mill & Sons no. ")


def customers_of(owner: str, count: int = 14) -> list[str]:
    place = list(OWNERS).index(owner)
    return [f"{place}{number:02d}" for number in range(count)]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three owners with 14 customers and leads each, one with none; rows that are rejected, ids unknown."""
    folder = tmp_path_factory.mktemp("company")
    everybody = {number: owner for owner in OWNERS for number in customers_of(owner)}
    orders = [
        (f"kunde-{number}", day.date().isoformat(), 20 + int(number) % 9 + day.month)
        for number in everybody
        for day in pd.date_range("2025-12-05", "2026-10-31", freq=f"{25 + int(number) % 13 * 4}D")
    ]
    # what is told of them may name them to their own owner alone
    orders += [(f"kunde-{number}", "kunde-999 never", 5) for number in list(everybody)[:5]]
    orders += [(f"stray-{number}", "2026-10-01", 9) for number in range(90)]
    frames = {
        "orders": pd.DataFrame(orders, columns=["customer_id", "ordered_at", "amount"]),
        "customers": pd.DataFrame(
            [
                (f"kunde-{number}", f"Harbour Foods no. {number}", owner)
                for number, owner in everybody.items()
            ],
            columns=["customer_id", "customer_name", "owner_id"],
        ),
        "owners": pd.DataFrame(
            [*OWNERS.items(), (IDLE, "Nobody's")], columns=["owner_id", "owner_name"]
        ),
        "leads": pd.DataFrame(
            [
                (f"lead-{number}", f"Mill & Sons no. {number}", owner, "2026-08-01", "2026-08-03")
                for number, owner in everybody.items()
            ],
            columns=["lead_id", "lead_name", "owner_id", "created_on", "phone_added_on"],
        ),
        "touches": pd.DataFrame(
            {
                "touch_id": [*everybody],
                "lead_id": [f"lead-{number}" for number in everybody],
                "owner_id": everybody.values(),
                "touched_at": [f"2026-10-{5 + int(n) % 20:02d} 09:00:00" for n in everybody],
                "channel": "phone",
                "direction": "in",
                "feedback": ["positive" if int(n) % 3 else "none" for n in everybody],
            }
        ),
        "steps": pd.DataFrame(
            {
                "enrolment_id": [*everybody],
                "lead_id": [f"lead-{number}" for number in everybody],
                "owner_id": everybody.values(),
                "plan": "Wake-up",
                "enrolled_on": "2026-10-01",
                "cycle_days": 30,
                "step": 1,
                "due_date": [f"2026-10-{5 + int(n) % 20:02d}" for n in everybody],
                "channel": "phone",
                "status": "pending",
            }
        ),
    }
    for name, frame in frames.items():
        whole = frame.reindex(columns=[column.name for column in schema.table(name).columns])
        whole.to_csv(folder / f"{name}.csv", index=False)
    settings(folder, TABLES)
    return folder


def said_in(folder: Path) -> str:
    """All that is published there, also what lies packed in a page; an owner's own folder apart."""
    said = []
    for path in folder.rglob("*"):
        if path.is_file() and not any(
            part.startswith("owner-") for part in path.relative_to(folder).parts
        ):
            whole = path.read_text(encoding="utf-8")
            said += [str(path.relative_to(folder)), whole]
            packed = re.findall(r"H4sI[A-Za-z0-9+/]{20,}={0,2}", whole)
            said += [gzip.decompress(base64.b64decode(part)).decode() for part in packed]
    return "\n".join(said).replace("&amp;", "&").replace("\\u0026", "&")


@pytest.mark.notebook
@pytest.mark.parametrize("name", ["monthly_customers", "weekly_nurture"])
def test_no_byte_of_an_owners_edition_names_a_customer_of_another(company: Path, name: str) -> None:
    file = company / "workbench.toml"
    asked = reports.of_owners(name, settings_file=file)
    assert [edition.owner for edition in asked] == [None, *OWNERS, IDLE]
    began: list[Any] = []
    made = reports.run_many(asked, settings_file=file, began=began.append)
    assert began == asked, "the team's first"
    assert [run.status for run in made] == ["ok"] * 4 + ["no data"], [run.error for run in made]
    team, *owned, idle = made
    everything = said_in(team.folder)
    named = {sign: set(re.findall(rf"{sign}(\d+)", everything)) for sign in OF_ALL}
    everybody = {number for owner in OWNERS for number in customers_of(owner)}
    shown = [sign for sign, numbers in named.items() if numbers & everybody]
    assert len(shown) >= 1, "the team's page names whom the test looks for"
    for run in owned:
        theirs = set(customers_of(str(run.owner)))
        said = said_in(run.folder)
        for sign in OF_ALL:
            assert set(re.findall(rf"{sign}(\d+)", said)) <= theirs, (run.owner, sign)
        assert any(re.search(rf"{sign}\d+", said) for sign in shown), "it names its own"
        for owner in OWNERS:
            if owner != run.owner:
                assert OWNERS[owner] not in said
        assert "stray-" not in said
    for sign in OF_ALL:
        assert not re.findall(rf"{sign}(\d+)", said_in(idle.folder))
    index = (company / "reports" / "index.html").read_text(encoding="utf-8")
    assert index.count(f'href="{name}/') >= len(OWNERS) + 1


@pytest.fixture
def project(tmp_path: Path) -> Path:
    settings(tmp_path)
    book(tmp_path, "tiny", *GOOD)
    return tmp_path


Make = Callable[..., list[reports.Run]]


def make(project: Path, count: int, **more: Any) -> list[reports.Run]:
    asked = [
        reports.Edition("tiny", "2026-10", "zh" if number % 2 else "en", f"S{number}")
        for number in range(count)
    ]
    return reports.run_many(asked, settings_file=project / "workbench.toml", **more)


def last_output(run: reports.Run) -> str:
    executed = json.loads((run.folder / "notebook.ipynb").read_text(encoding="utf-8"))
    return "".join(executed["cells"][-1]["outputs"][-1]["text"])


@pytest.mark.notebook
def test_editions_share_a_process_and_nothing_that_a_notebook_left(project: Path) -> None:
    (project / "elsewhere").mkdir()
    book(
        project,
        "tiny",
        "import os\nfrom workbench import words\nprint(words.spoken().lang, os.path.basename(os.getcwd()))",
        *GOOD,
        "import json, resource\nleft = [os.getpid(), 'ballast' in globals(), owner]\n"
        "ballast = b'x' * 60_000_000\nos.chdir('elsewhere')\n"
        "assert owner != 'S1', 'S1 is broken'\n"
        "print(json.dumps([*left, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))",
    )
    made = make(project, 6)
    assert [run.status for run in made] == ["ok", "failed", *["ok"] * 4]
    left = [json.loads(last_output(run)) for run in made if run.status == "ok"]
    assert len({pid for pid, *_ in left}) == 1, "also after one that failed"
    assert not any(had for _, had, *_ in left)
    assert [owner for *_, owner, _ in left] == ["S0", "S2", "S3", "S4", "S5"]
    peaks = [peak for *_, peak in left]
    assert peaks[-1] - peaks[0] < 30_000, "kilobytes: what the one before held is given back"
    for run in (made[0], made[5]):
        executed = json.loads((run.folder / "notebook.ipynb").read_text(encoding="utf-8"))
        code = [cell for cell in executed["cells"] if cell["cell_type"] == "code"]
        assert [cell["execution_count"] for cell in code] == [*range(1, len(code) + 1)]
        (said,) = code[2]["outputs"]
        assert "".join(said["text"]).split() == ["en", project.name]
        assert "calls.csv" in [path.name for path in (run.folder / "tables").iterdir()]


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[execution.Kernel]:
    """Copy the notebook instead of running it; give the kernels it would have run in."""
    kernels: list[execution.Kernel] = []
    (headline,) = cells_of(blocks.headline("Found", "By name.", kicker=["Tiny"]))

    def run(_notebook: Path, *, out: Path, kernel: Any, parameters: Any, **_: Any) -> None:
        kernels.append(kernel)
        if parameters["owner"] == "S2":
            raise execution.TookTooLong
        cell = {"cell_type": "code", "source": "", "metadata": {}, **headline}
        out.write_text(json.dumps({"cells": [cell], "metadata": {}}), encoding="utf-8")

    monkeypatch.setattr(execution, "run", run)
    return kernels


def test_many_owners_take_two_processes_and_one_list(
    project: Path, copied: list[execution.Kernel], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[Any] = []
    enlist = editions.enlist
    monkeypatch.setattr(editions, "enlist", lambda *asked: (listed.append(asked), enlist(*asked)))
    ended: list[reports.Run] = []
    made = make(project, 40, at_once=2, ended=ended.append)
    assert len(set(map(id, copied))) == 2
    assert (len(made), len(listed)) == (40, 1)
    assert sorted(str(run.owner) for run in ended) == sorted(f"S{n}" for n in range(40))
    assert [run.owner for run in made if run.status != "ok"] == ["S2"]
    page = (project / "reports" / "index.html").read_text(encoding="utf-8")
    assert page.count("/report.html") == 39


def test_what_is_unchanged_is_skipped_in_a_set_too(
    project: Path, copied: list[execution.Kernel]
) -> None:
    make(project, 2)
    assert [run.skipped for run in make(project, 4)] == [True, True, False, False]
    assert len(copied) == 4


def test_a_list_that_cannot_be_written_is_told_of_the_last_edition(
    project: Path, copied: list[execution.Kernel], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workbench.reports.index.write", refuse)
    first, last = make(project, 2)
    assert first.error is None
    assert last.error is not None
    assert "report.html is live and whole, but the list of all reports" in last.error.what


def test_a_question_that_makes_no_sense_keeps_no_other_edition_from_being_made(
    project: Path, copied: list[execution.Kernel]
) -> None:
    file = project / "workbench.toml"
    asked = [reports.Edition("tiny", "2026-W40"), reports.Edition("tiny", "2026-10")]
    with pytest.raises(errors.ParameterError, match="per month"):
        reports.run_many(asked, settings_file=file)
    assert (project / "reports" / "tiny" / "2026-10" / "en" / "report.html").is_file()


def test_who_interrupts_a_set_finds_nothing_half_made(
    project: Path, copied: list[execution.Kernel], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[execution.Kernel] = []
    monkeypatch.setattr(execution.Kernel, "stop", lambda kernel: stopped.append(kernel))

    def interrupt(_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(project, 2, began=interrupt)
    assert stopped
    assert not list((project / "reports").rglob("FAILED.html"))


@pytest.mark.notebook
def test_a_stopped_kernel_interrupts_the_notebook_it_runs_and_starts_no_other(
    project: Path,
) -> None:
    book(project, "tiny", *GOOD, "import time\ntime.sleep(60)")
    kernel = execution.Kernel()

    def stop(done: int, cells: int, _: str) -> None:
        if done == cells - 1:
            kernel.stop()

    file = project / "workbench.toml"
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            reports.attempt(
                "tiny", period="2026-10", settings_file=file, kernel=kernel, progress=stop
            )
    folder = project / "reports" / "tiny" / "2026-10" / "en"
    assert not (folder / "FAILED.html").exists()
    assert not list((folder / ".runs").iterdir())


@pytest.mark.notebook
def test_after_a_notebook_that_did_not_come_to_an_end_the_next_has_another_process(
    project: Path,
) -> None:
    book(project, "tiny", *GOOD, "import os\nif owner == 'S0': os._exit(1)", "owner")
    assert [run.status for run in make(project, 2)] == ["failed", "ok"]


def test_owners_of_nobody_are_told(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("customer_id,ordered_at,amount\na,2026-10-05,5\n")
    file = settings(tmp_path, '[tables.orders]\nsource = "orders.csv"\n')
    with pytest.raises(errors.NoDataError, match="no owner is known") as told:
        reports.of_owners("monthly_customers", period="2026-10", settings_file=file)
    assert "owner_id" in told.value.mend
    (only,) = reports.of_owners("weekly_nurture", settings_file=file)
    assert only == reports.Edition("weekly_nurture", None), "making it says what is missing"
