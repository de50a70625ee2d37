"""The warning's track record in a real JupyterLab: drawn, moved, wrong, on a phone."""

import os
from typing import Any

import pandas as pd
import pytest
from conftest import AS_OF, Lab, Opened
from test_lab import answered

from workbench import config, loaders, widgets
from workbench.panel import Panel
from workbench.people import People
from workbench.words import Words

pytestmark = [
    pytest.mark.browser,
    pytest.mark.notebook,
    pytest.mark.parametrize("opened", ["zh"], indirect=True),
]

WAIT = 30_000


@pytest.fixture
def page(opened: Opened) -> Any:
    return opened.page


@pytest.fixture(scope="module")
def twin(lab: Lab) -> Panel:
    settings = config.load(lab.root / "workbench.toml")
    names = ("orders", "customers", "owners")
    orders, customers, owners = (loaders.load_configured(name, settings) for name in names)
    past = list(pd.date_range(end=AS_OF, periods=15, freq="ME"))
    people = People(customers, owners)
    return widgets.track_record(
        orders, as_of_dates=past, until=AS_OF, people=people, settings=settings, words=Words("zh")
    )


def drawn(panel: Any) -> list[list[float]]:
    heights: list[list[float]] = panel.locator(".js-plotly-plot").evaluate(
        "plot => plot._fullData.map(trace => Array.from(trace.y, Number))"
    )
    return heights


def test_moving_the_threshold_shows_what_the_headless_panel_says(page: Any, twin: Panel) -> None:
    panel = page.get_by_role("group", name=Words("zh")("panel.track_record"), exact=True)
    assert panel.locator("h3").inner_text() == twin.sentence
    before = drawn(panel)
    box = panel.locator(".workbench-control-risk_from input")
    box.fill("1.6")
    box.press("Enter")
    twin.set(risk_from=1.6)
    page.wait_for_function(
        "([panel, said]) => panel.querySelector('h3').textContent.trim() === said",
        arg=[panel.element_handle(), twin.sentence],
        timeout=WAIT,
    )
    answered(page)
    assert drawn(panel) != before
    assert drawn(panel) == [[float(y) for y in trace.y] for trace in twin.figure.data]
    assert panel.locator(".workbench-cost").inner_text() == twin.cost
    assert twin.actions is not None
    first = panel.locator(".workbench-rows tbody tr").first.inner_text()
    assert str(twin.actions["customer_name"].iloc[0]) in first


def test_a_threshold_beyond_the_lost_is_an_alert(page: Any) -> None:
    panel = page.get_by_role("group", name=Words("zh")("panel.track_record"), exact=True)
    box = panel.locator(".workbench-control-risk_from input")
    box.fill("3.5")
    box.press("Enter")
    alert = panel.get_by_role("alert")
    alert.wait_for(timeout=WAIT)
    assert Words("zh")("error.below_lost.mend") in alert.inner_text()
    box.fill("1.2")
    box.press("Enter")
    alert.wait_for(state="detached", timeout=WAIT)


def test_every_view_is_drawn_and_fits_a_phone(page: Any) -> None:
    panel = page.get_by_role("group", name=Words("zh")("panel.track_record"), exact=True)
    page.set_viewport_size({"width": 390, "height": 1600})
    select = panel.locator(".workbench-control-view select")
    for place, kind in ((1, "scatter"), (2, "bar"), (3, "scatter"), (0, "scatter")):
        select.select_option(index=place)
        page.wait_for_function(
            "([node, kind]) => node.data.length && node.data[0].type === kind"
            " && node.closest('.workbench-panel').scrollWidth < 390",
            arg=[panel.locator(".js-plotly-plot").element_handle(), kind],
            timeout=WAIT,
        )
        answered(page)
        if shots := os.environ.get("WORKBENCH_SHOTS"):
            panel.screenshot(path=f"{shots}/track_{place}.png")
    assert panel.get_by_role("alert").count() == 0
