"""The weekly report on nurture: right on the samples, for one owner, and where nothing happened."""

import json
from pathlib import Path

import pandas as pd
import pytest

from workbench import errors, labels, loaders, nurture, periods, reports
from workbench.reports import scope

pytestmark = pytest.mark.notebook

WEEK = periods.parse("2026-W43")
TABLES = ("leads", "touches", "steps", "owners")


@pytest.fixture(scope="module")
def settings(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("company") / "workbench.toml"
    source = (root / "data" / "samples").as_posix()
    file.write_text(
        "\n".join(f'[tables.{name}]\nsource = "{source}/{name}.csv"' for name in TABLES)
    )
    return file


@pytest.fixture(scope="module")
def made(settings: Path) -> reports.Run:
    return reports.run("weekly_nurture", settings_file=settings)


@pytest.fixture(scope="module")
def tables(root: Path) -> dict[str, pd.DataFrame]:
    folder = root / "data" / "samples"
    return {name: loaders.load(folder / f"{name}.csv", table=name).table for name in TABLES}


def table(run: reports.Run, name: str) -> pd.DataFrame:
    return pd.read_csv(run.folder / "tables" / f"{name}.csv", encoding="utf-8-sig")


def test_it_is_made_for_the_last_whole_week_of_the_touches(made: reports.Run) -> None:
    assert made.period == "2026-W43"
    manifest = json.loads((made.folder / "run.json").read_text(encoding="utf-8"))
    assert manifest["status"] == "ok"
    assert manifest["title"] == "Eleven leads said yes this week; 42 wait to be called"


def test_its_tables_are_what_the_answers_give(
    made: reports.Run, tables: dict[str, pd.DataFrame]
) -> None:
    facts = nurture.outcomes(tables["steps"], tables["touches"], as_of=WEEK.as_of)
    lists = {
        "handovers": nurture.handovers(tables["touches"], tables["leads"], as_of=WEEK.as_of),
        "answers": nurture.answers(tables["touches"], first=WEEK.start, last=WEEK.as_of),
        "missed": nurture.missed(facts),
    }
    for name, expected in lists.items():
        assert len(table(made, name)) == len(expected) > 0
    figures = table(made, "key_figures").iloc[-1]
    due = facts[facts["is_due"] & (facts["due_date"] >= pd.Timestamp(WEEK.start))]
    assert figures.iloc[0] == "2026-W43"
    assert len(due) in figures.tolist()
    assert table(made, "punctuality").shape[0] == due["owner_id"].nunique()


def test_the_page_says_where_the_steps_come_from_and_names_the_leads(made: reports.Run) -> None:
    page = (made.folder / "report.html").read_text(encoding="utf-8")
    assert labels.text("report.nurture.fact.source") in page
    first = table(made, "handovers").iloc[0].tolist()
    assert any(str(word) in page for word in first if isinstance(word, str) and len(word) < 9)
    assert "L0000" not in page.split("<script")[0].split("colophon")[0]


def test_an_owner_s_edition_holds_that_owner_s_leads_alone(
    settings: Path, tables: dict[str, pd.DataFrame]
) -> None:
    run = reports.run("weekly_nurture", lang="zh", owner="S04", settings_file=settings)
    assert set(table(run, "missed")["负责人编号"]) == {"S04"}
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "Amara Whitlow的线索" in page
    others = tables["leads"].query("owner_id != 'S04'")["lead_name"]
    ours = set(tables["leads"].query("owner_id == 'S04'")["lead_name"])
    listed = set(table(run, "answers")["线索"]) | set(table(run, "handovers")["线索"])
    assert listed <= ours
    assert not listed & (set(others) - ours)


def test_an_unknown_owner_is_answered_with_those_there_are(
    tables: dict[str, pd.DataFrame],
) -> None:
    with pytest.raises(errors.UnknownNameError, match="no owner called 'S99'"):
        scope.owned(tables["leads"], tables["owners"], owner="S99")


def test_a_month_is_refused(settings: Path) -> None:
    with pytest.raises(errors.ParameterError, match="made per week"):
        reports.run("weekly_nurture", period="2026-10", settings_file=settings)
