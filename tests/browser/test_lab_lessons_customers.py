"""The lessons on RFM and on churn in a real JupyterLab: run, moved, answered rightly and wrongly."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Lab

from workbench.lessons import churn_and_lifetime, rfm
from workbench.words import Words

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

WAIT = 30_000
LESSONS = {
    "notebooks/lessons/rfm.ipynb": ("en", rfm.all_alike, "rfm", "high_from", "3", "4"),
    "notebooks/lessons/zh/churn_and_lifetime.ipynb": (
        "zh", churn_and_lifetime.how_right, "repurchase", "risk_from", "３０％", "0.6",
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request: pytest.FixtureRequest, lab: Lab, browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1200, "height": 1600}, locale="en-GB")
    page = context.new_page()
    lab.run(
        page,
        request.param,
        lambda: page.locator(".workbench-exercise").first.wait_for(timeout=WAIT * 3),
    )
    yield page, *LESSONS[request.param]
    context.close()


def test_an_exercise_says_wrong_with_a_hint_and_right(lesson: Any) -> None:
    page, lang, ask, _, _, right, wrong = lesson
    twin = ask(Words(lang))
    box = page.locator(".workbench-exercise").filter(has_text=twin.question)
    assert box.count() == 1
    for answer, verdict in ((wrong, "wrong"), (right, "right")):
        given = box.locator(".workbench-control-answer input")
        given.fill(str(answer))
        given.press("Enter")
        box.locator(f".workbench-verdict .{verdict}").wait_for(timeout=WAIT)
        assert twin.answer(answer).said in box.locator(".workbench-verdict").inner_text()
    if shots := os.environ.get("WORKBENCH_SHOTS"):
        box.screenshot(path=f"{shots}/exercise_{lang}.png")


def test_every_cell_ran_and_moving_a_threshold_changes_the_figure(lesson: Any) -> None:
    page, lang, _, name, control, *_ = lesson
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    panel = page.get_by_role("group", name=Words(lang)(f"panel.{name}"), exact=True)
    panel.locator(".main-svg").first.wait_for(timeout=WAIT)
    drawn = "plot => JSON.stringify(plot.data.map(one => [one.x, one.y, one.marker?.color]))"
    plot = panel.locator(".js-plotly-plot")
    before = plot.evaluate(drawn)
    handle = panel.locator(f".workbench-control-{control} .noUi-handle")
    handle.focus()
    handle.press("ArrowRight")
    page.wait_for_function(
        f"([plot, before]) => ({drawn})(plot) !== before",
        arg=[plot.element_handle(), before],
        timeout=WAIT,
    )
    assert panel.get_by_role("alert").count() == 0
