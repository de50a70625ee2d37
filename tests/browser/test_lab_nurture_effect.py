"""The effect's notebook in a real JupyterLab, and the weekly report as a page, desk and phone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import AS_OF, Lab, Opened, opened_in
from test_lab import serious, settled, type_into
from test_lab_planner import clean
from test_reports import _serious as severe
from test_reports import open_all
from waiting import until

from workbench import campaigns, config, reports, widgets
from workbench.panel import Panel
from workbench.words import Words

pytestmark = [pytest.mark.browser, pytest.mark.notebook]


@pytest.fixture(scope="module")
def opened(lab: Lab, browser: Any) -> Iterator[Opened]:
    yield from opened_in(lab, browser, "notebooks/zh/05_nurture_effect.ipynb", "zh", 2)


@pytest.fixture(scope="module")
def twin(lab: Lab) -> Panel:
    """The same panel without a page."""
    settings = config.load(lab.root / "workbench.toml")
    pond, words = campaigns.pond(settings), Words("zh", settings.currency)
    steps, touches = pond.steps(as_of=AS_OF), pond.touches(as_of=AS_OF)
    return widgets.nurture_effect(steps, touches, as_of=AS_OF, people=pond.people, words=words)


def dots(panel: Any) -> list[list[float]]:
    """Where the dots stand, as plotly holds them in the page."""
    held: list[list[float]] = panel.locator(".js-plotly-plot").evaluate(
        "plot => plot._fullData.map(one => Array.from(one.x))"
    )
    return held


def test_it_runs_and_readers_meet_names_for_every_control(opened: Opened) -> None:
    clean(opened)
    serious(opened.page)


def test_another_split_shows_in_figure_and_sentence_as_the_headless_panel_says(
    opened: Opened, twin: Panel
) -> None:
    panel = opened.panel("nurture_effect")
    before = dots(panel)
    panel.locator(".workbench-control-by select").select_option(label="渠道")
    twin.set(by="channel")
    settled(opened, panel, "h3", twin.sentence)
    assert dots(panel) == [list(trace.x) for trace in twin.figure.data] != before
    assert "微信" in panel.locator(".workbench-rows table").first.inner_text()


def test_a_shorter_watch_shows_more_cohorts(opened: Opened, twin: Panel) -> None:
    panel = opened.panel("nurture_effect")
    panel.locator(".workbench-control-view select").select_option(label="按入组月份")
    twin.set(view="cohorts")
    settled(opened, panel, "h3", twin.sentence)
    type_into(panel, "within_days", 30)
    before = len(twin.figure.data[0].x)
    twin.set(within_days=30)
    settled(opened, panel, "h3", twin.sentence)
    assert len(dots(panel)[0]) == len(twin.figure.data[0].x) > before
    assert panel.get_by_role("alert").count() == 0


# ---- the weekly report as a page ------------------------------------------------------------


@pytest.fixture(scope="module")
def published(lab: Lab) -> dict[str, Path]:
    file = lab.root / "workbench.toml"
    return {
        lang: reports.run("weekly_nurture", lang=lang, settings_file=file).folder / "report.html"
        for lang in ("en", "zh")
    }


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1200, 390])
def test_the_weekly_report_calls_nobody_draws_all_and_fits(
    published: dict[str, Path], browser: Any, lang: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(published[lang].as_uri())
    until(page, "document.documentElement.dataset.figures === 'done'")
    assert asked == [published[lang].as_uri()]
    assert complaints == []
    open_all(page)
    states = [one.get_attribute("data-state") for one in page.locator(".plot").all()]
    assert states == ["drawn"] * 7
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    text = page.locator("body").inner_text()
    assert not re.search(r"\b(on_time|not_done|reply_rate|heard_out|lead_id)\b", text)
    assert severe(page) == []
    context.close()
