"""Retention's notebook in a real JupyterLab: run all, move, hand the list out, on a phone."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import AS_OF, Lab, Opened, opened_in
from test_lab import WAIT, count_in, serious, settled, type_into, unfolded
from test_lab_planner import clean, marks, of

from workbench import config, loaders, widgets
from workbench.panel import Panel
from workbench.people import People
from workbench.words import Words

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

VIEWS = ("triangle", "by_age", "second", "revenue")


@pytest.fixture(scope="module")
def opened(lab: Lab, browser: Any) -> Iterator[Opened]:
    yield from opened_in(lab, browser, "notebooks/zh/07_retention.ipynb", "zh", 2)


@pytest.fixture(scope="module")
def loaded(lab: Lab) -> dict[str, Any]:
    settings = config.load(lab.root / "workbench.toml")
    names = ("orders", "customers", "owners")
    tables = {name: loaders.load_configured(name, settings) for name in names}
    people = People(tables["customers"], tables["owners"])
    words = Words("zh", settings.currency)
    return {"orders": tables["orders"], "people": people, "words": words}


@pytest.fixture
def twin(loaded: dict[str, Any]) -> Panel:
    """The same panel without a page, as it opens."""
    return widgets.retention(**loaded, as_of=AS_OF)


def choose(panel: Any, control: str, place: int) -> None:
    unfolded(panel).locator(f".workbench-control-{control} select").select_option(index=place)


def heights(panel: Any) -> list[list[float]]:
    held: list[list[float]] = panel.locator(".js-plotly-plot").evaluate(
        "plot => plot._fullData.map(one => Array.from(one.y, Number))"
    )
    return held


def test_it_runs_and_readers_meet_names_for_every_control(opened: Opened, twin: Panel) -> None:
    clean(opened)
    serious(opened.page)
    panel = opened.panel("retention")
    assert panel.locator("h3").inner_text() == twin.sentence
    assert marks(panel) == of(twin)


def test_the_money_by_week_is_drawn_as_the_headless_panel_says(opened: Opened, twin: Panel) -> None:
    panel = opened.panel("retention")
    before = marks(panel)
    choose(panel, "measure", 1)
    choose(panel, "every", 1)
    twin.set(measure="money", every="week")
    settled(opened, panel, "h3", twin.sentence)
    assert marks(panel) == of(twin) != before
    choose(panel, "measure", 0)
    choose(panel, "every", 0)
    settled(opened, panel, "h3", twin.set(measure="customers", every="month").sentence)


def test_other_days_move_the_mark_the_sentence_and_the_list(opened: Opened, twin: Panel) -> None:
    panel = opened.panel("retention")
    choose(panel, "view", VIEWS.index("second"))
    settled(opened, panel, "h3", twin.set(view="second").sentence)
    before = heights(panel)
    handle = panel.locator(".workbench-control-within_days .noUi-handle")
    handle.focus()
    handle.press("ArrowRight")
    twin.set(within_days=100)
    settled(opened, panel, "h3", twin.sentence)
    assert "100天" in twin.sentence
    assert heights(panel) == [[float(y) for y in trace.y] for trace in twin.figure.data] != before
    assert twin.actions is not None
    first = panel.locator(".workbench-rows tbody tr").first.inner_text()
    assert str(twin.actions["customer_name"].iloc[0]) in first
    type_into(panel, "within_days", 90)
    settled(opened, panel, "h3", twin.set(within_days=90).sentence)


def test_an_owners_list_comes_as_a_file_with_every_row(
    opened: Opened, twin: Panel, loaded: dict[str, Any]
) -> None:
    panel = opened.panel("retention")
    assert twin.actions is not None
    owner = str(twin.actions["owner_id"].dropna().iloc[0])
    # the first choice is everybody
    choose(panel, "owner", loaded["people"].owners["owner_id"].tolist().index(owner) + 1)
    twin.set(owner=owner)
    opened.page.wait_for_function(
        "([panel, n]) => panel.querySelector('.workbench-rows caption').textContent.includes(n)",
        arg=[panel.element_handle(), f"共 {len(twin.actions)} 行"],
        timeout=WAIT,
    )
    caption = panel.locator(".workbench-rows caption").first.text_content() or ""
    assert count_in(caption) == len(twin.actions)
    with opened.page.expect_download() as download:
        panel.get_by_role("button", name="下载 CSV", exact=True).click()
    content = Path(download.value.path()).read_bytes()
    assert content == twin.file("csv")[1]
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == len(twin.actions) + 1
    choose(panel, "owner", 0)


def test_every_view_is_drawn_and_fits_a_phone(opened: Opened, twin: Panel) -> None:
    page, panel = opened.page, opened.panel("retention")
    page.set_viewport_size({"width": 390, "height": 1600})
    for view in VIEWS:
        choose(panel, "view", VIEWS.index(view))
        settled(opened, panel, "h3", twin.set(view=view).sentence)
        page.wait_for_function(
            "panel => panel.scrollWidth < 390 && panel.querySelector('.main-svg').clientWidth < 390",
            arg=panel.element_handle(),
            timeout=WAIT,
        )
        if shots := os.environ.get("WORKBENCH_SHOTS"):
            panel.screenshot(path=f"{shots}/retention_{view}.png")
    assert panel.get_by_role("alert").count() == 0
    serious(page)
