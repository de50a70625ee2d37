"""The planner's notebook and the fish pond's lesson in a real JupyterLab: run all, move, answer."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import AS_OF, Lab, Opened, opened_in
from test_lab import WAIT, count_in, serious, settled, type_into

from workbench import campaigns, config, widgets
from workbench.lessons import fish_pond
from workbench.panel import Panel
from workbench.words import Words

pytestmark = [pytest.mark.browser, pytest.mark.notebook]


@pytest.fixture(scope="module")
def planner(lab: Lab, browser: Any) -> Iterator[Opened]:
    yield from opened_in(lab, browser, "notebooks/03_nurture_planner.ipynb", "en", 2)


@pytest.fixture(scope="module")
def lesson(lab: Lab, browser: Any) -> Iterator[Opened]:
    yield from opened_in(lab, browser, "notebooks/lessons/zh/fish_pond.ipynb", "zh", 7)


@pytest.fixture(scope="module")
def twin(lab: Lab) -> Panel:
    """The same panel without a page."""
    pond = campaigns.pond(config.load(lab.root / "workbench.toml"))
    steps = pond.steps(as_of=AS_OF)
    return widgets.planner(
        campaigns.dormant(pond, as_of=AS_OF, most=160),
        as_of=AS_OF,
        start="2026-11-02",
        people=pond.people,
        countries=["CN"],
        already=steps[steps["status"] == "pending"],
    )


def marks(panel: Any) -> list[Any]:
    """The figure's marks, as plotly holds them in the page: places along, or rows of cells."""
    held: list[Any] = panel.locator(".js-plotly-plot").evaluate(
        "plot => plot._fullData.map(one => Array.from(one.z ?? one.x, v => v?.length ?"
        " Array.from(v) : v))"
    )
    return held


def of(panel: Panel) -> list[Any]:
    """The same of the headless twin."""
    return [
        [list(row) for row in trace.z] if trace.type == "heatmap" else list(trace.x)
        for trace in panel.figure.data
    ]


def clean(opened: Opened) -> None:
    """Every cell ran, nothing complained, nothing was fetched from elsewhere."""
    wrong = opened.page.locator(
        "[data-mime-type='application/vnd.jupyter.error'],"
        "[data-mime-type='application/vnd.jupyter.stderr']"
    )
    assert wrong.all_inner_texts() == []
    assert opened.complaints == []
    here = re.compile(r"(https?|wss?)://127\.0\.0\.1|data:|blob:")
    assert [url for url in opened.asked if not here.match(url)] == []


def test_the_planner_runs_and_readers_meet_names_for_every_control(planner: Opened) -> None:
    clean(planner)
    serious(planner.page)


def test_a_shorter_cycle_shows_in_figure_list_and_cost_as_the_headless_panel_says(
    planner: Opened, twin: Panel
) -> None:
    panel = planner.panel("planner")
    before = marks(panel)
    type_into(panel, "cycle_days", 14)
    settled(planner, panel, ".workbench-cost", "→")
    twin.set(cycle_days=14)
    assert twin.actions is not None
    assert panel.locator("h3").inner_text() == twin.sentence
    assert panel.locator(".workbench-cost").inner_text() == twin.cost
    assert count_in(panel.locator(".workbench-rows caption").first.text_content() or "") == len(
        twin.actions
    )
    assert marks(panel) == of(twin) != before


def test_a_capacity_shows_in_the_load_of_every_owner_and_day(planner: Opened, twin: Panel) -> None:
    panel = planner.panel("planner")
    panel.locator(".workbench-control-view select").select_option(index=1)
    type_into(panel, "capacity", 5)
    settled(planner, panel, ".workbench-control-capacity .workbench-note", "At most 5 a day")
    twin.set(view="workload", capacity=5)
    assert marks(panel) == of(twin)
    assert twin.table["steps"].max() <= 5


def test_a_day_the_plan_may_not_start_on_is_an_alert_until_it_is_mended(planner: Opened) -> None:
    panel = planner.panel("planner")
    box = panel.locator(".workbench-control-start input")
    box.fill("")
    box.press("Tab")
    alert = panel.get_by_role("alert")
    alert.wait_for(timeout=WAIT)
    assert Words(planner.lang)("panel.start") in alert.inner_text()
    box.fill("2026-11-02")
    box.press("Enter")
    alert.wait_for(state="detached", timeout=WAIT)


def test_the_planner_fits_a_phone(planner: Opened) -> None:
    page = planner.page
    page.set_viewport_size({"width": 390, "height": 1600})
    page.wait_for_function(
        "() => [...document.querySelectorAll('.workbench-panel')].every("
        "one => one.clientWidth < 390 && one.querySelector('.main-svg').clientWidth < 390)",
        timeout=WAIT,
    )
    too_wide = page.evaluate(
        "() => [...document.querySelectorAll('.workbench-panel')].flatMap(one =>"
        " [...one.querySelectorAll('.widget-html, .workbench-controls, text')].filter(part =>"
        " part.getBoundingClientRect().right > one.getBoundingClientRect().right + 1)"
        ".map(part => part.textContent.slice(0, 40)))"
    )
    assert too_wide == []


def test_the_lesson_runs_and_its_cycle_moves(lesson: Opened) -> None:
    clean(lesson)
    serious(lesson.page)
    panel = lesson.panel("fish_pond")
    handle = panel.locator(".workbench-control-cycle_days .noUi-handle")
    handle.focus()
    handle.press("ArrowRight")
    twin = fish_pond.cycle(Words("zh")).set(cycle_days=31)
    settled(lesson, panel, "h3", twin.sentence)
    assert marks(panel) == of(twin)


def test_an_exercise_says_wrong_with_a_hint_then_right(lesson: Opened) -> None:
    words = Words("zh")("lesson.fish_pond.ten")
    exercise = lesson.page.locator(".workbench-exercise", has_text=words)
    box = exercise.locator("input")
    twin = fish_pond.ten_days(Words("zh"))
    for answer in ("1 2 4", "一二三", "1 2 4 6 8 10"):
        box.fill(answer)
        box.press("Enter")
        settled(lesson, exercise, ".workbench-verdict", twin.answer(answer).said.splitlines()[0])
    assert twin.verdict == "right"
    assert "✓" in exercise.locator(".workbench-verdict").inner_text()
