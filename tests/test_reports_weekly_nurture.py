"""The weekly report on nurture: right on the samples, for one owner, and where nothing happened."""

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from workbench import (
    campaigns,
    config,
    errors,
    loaders,
    nurture,
    periods,
    reports,
    worklist,
)
from workbench.people import People
from workbench.words import Words

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
    assert Words()("nurture.fact.source") in page
    first = table(made, "handovers").iloc[0].tolist()
    assert any(str(word) in page for word in first if isinstance(word, str) and len(word) < 9)
    assert "L0000" not in page.split("<script")[0].split("colophon")[0]


def test_the_lede_is_sentences_and_no_list_of_python(made: reports.Run) -> None:
    page = (made.folder / "report.html").read_text(encoding="utf-8")
    assert "225 steps were due and 178 of them were done on their day" in page
    assert "[&#39;" not in page
    assert "['" not in page.partition("<script")[0]


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
        People(owners=tables["owners"]).of(tables["leads"], "S99")


def test_a_month_is_refused(settings: Path) -> None:
    with pytest.raises(errors.ParameterError, match="made per week"):
        reports.run("weekly_nurture", period="2026-10", settings_file=settings)


# ---- from the worklist ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, worklist.Worklist]:
    """A company whose steps lie in a worklist, and which has no other table of touches."""
    folder = tmp_path_factory.mktemp("desk")
    source = (root / "data" / "samples").as_posix()
    file = folder / "workbench.toml"
    file.write_text(
        "\n".join(
            f'[tables.{name}]\nsource = "{source}/{name}.csv"' for name in ("leads", "owners")
        )
        + '\n[worklist]\nstore = "worklist.db"\n'
    )
    leads = loaders.load(f"{source}/leads.csv", table="leads").table.head(12)
    store = worklist.connect(folder / "worklist.db")
    planned = pd.DataFrame(
        [
            {
                "lead_id": lead.lead_id, "owner_id": lead.owner_id, "plan": "Wake-up",
                "enrolled_on": "2026-10-19", "step": step, "due_date": day, "channel": "wechat",
                "text": f"Step {step}",
            }
            for lead in leads.itertuples()
            for step, day in enumerate(("2026-10-19", "2026-10-20", "2026-10-27"), start=1)
        ]
    )  # fmt: skip
    worklist.enrol(store, planned, at="2026-10-19 08:00", by="Lin")
    monday = worklist.due(store, as_of="2026-10-19")
    worklist.mark_done(store, monday.iloc[2:], at="2026-10-19 17:00", by="Lin")
    for lead, feedback in zip(
        leads["lead_id"][2:5], ("positive", "positive", "negative"), strict=True
    ):
        worklist.stop(
            store, lead, feedback=feedback, text="As said", at="2026-10-20 09:00", by="Lin"
        )
    worklist.take_over(store, leads["lead_id"][2], at="2026-10-21 09:00", by="Wu")
    # the week after: nothing of it is seen in the report on the week before
    late = worklist.missed(store, as_of="2026-10-26")
    worklist.mark_done(store, late, at="2026-10-26 09:00", by="Lin")
    return file, store


@pytest.fixture(scope="module")
def from_desk(desk: tuple[Path, worklist.Worklist]) -> reports.Run:
    return reports.run("weekly_nurture", period="2026-W43", settings_file=desk[0])


def test_without_a_table_of_steps_they_come_from_the_worklist_and_the_page_says_so(
    from_desk: reports.Run,
) -> None:
    page = (from_desk.folder / "report.html").read_text(encoding="utf-8")
    assert Words()("nurture.fact.worklist") in page
    assert Words()("nurture.fact.source") not in page


def test_the_worklist_s_week_is_told_as_it_stood_on_its_last_day(from_desk: reports.Run) -> None:
    manifest = json.loads((from_desk.folder / "run.json").read_text(encoding="utf-8"))
    assert manifest["title"] == "Two leads said yes this week; one waits to be called"
    # two first steps were left lying, and of the second ones all but the three that were stopped
    missed = table(from_desk, "missed")
    assert missed["Missed steps"].sum() == 2 + 12 - 3
    assert len(missed) == 12 - 3, (
        "a row per lead: the two first steps are of leads that missed the second"
    )
    assert len(table(from_desk, "answers")) == 3
    assert 5 in table(from_desk, "handovers").iloc[0].tolist()
    figures = table(from_desk, "punctuality").sum(numeric_only=True)
    assert figures.iloc[0] == 12 + 12 - 3


def test_what_a_chat_tool_tells_and_the_worklist_knows_is_told_once(
    desk: tuple[Path, worklist.Worklist], tmp_path: Path
) -> None:
    file, store = desk
    told = worklist.touches(store, as_of=WEEK.as_of)
    assert len(told) == 10 + 3
    told.to_csv(tmp_path / "touches.csv", index=False)
    settings = tmp_path / "workbench.toml"
    settings.write_text(
        file.read_text()
        + f'\n[tables.touches]\nsource = "{(tmp_path / "touches.csv").as_posix()}"\n'
    )
    both = campaigns.pond(config.load(settings).model_copy(update={"root": file.parent}))
    assert len(both.touches(as_of=WEEK.as_of)) == len(told)
    assert both.dates == (dt.date(2026, 10, 19), dt.date(2026, 10, 26))


def test_without_steps_and_without_a_worklist_it_is_said_what_to_do(
    root: Path, tmp_path: Path
) -> None:
    file = tmp_path / "workbench.toml"
    source = (root / "data" / "samples").as_posix()
    file.write_text(
        "\n".join(
            f'[tables.{name}]\nsource = "{source}/{name}.csv"' for name in ("leads", "owners")
        )
    )
    with pytest.raises(errors.NoDataError, match="neither a table of steps nor a worklist"):
        campaigns.pond(config.load(file))
    assert not (tmp_path / "data").exists()
