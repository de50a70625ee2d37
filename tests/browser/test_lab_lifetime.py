"""The notebook on lifetime value in a real JupyterLab: drawn, moved, silent where unknown, on a phone."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import AS_OF, Lab, Opened, opened_in
from test_lab import serious, settled, type_into, unfolded
from test_lab_planner import clean

from workbench import config, loaders, widgets
from workbench.panel import Panel
from workbench.people import People
from workbench.words import Words

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

WAIT = 30_000
VIEWS = ("ahead", "top", "alive", "scores", "calibration", "tracking", "segments", "tenths")


@pytest.fixture(scope="module")
def opened(lab: Lab, browser: Any) -> Iterator[Opened]:
    yield from opened_in(lab, browser, "notebooks/zh/06_lifetime_value.ipynb", "zh", 2)


@pytest.fixture(scope="module")
def twin(lab: Lab) -> Panel:
    """The same panel without a page."""
    settings = config.load(lab.root / "workbench.toml")
    names = ("orders", "customers", "owners")
    orders, customers, owners = (loaders.load_configured(name, settings) for name in names)
    spoken = {"words": Words("zh", settings.currency), "settings": settings}
    return widgets.lifetime(orders, as_of=AS_OF, people=People(customers, owners), **spoken)


def bars(panel: Any) -> list[list[float]]:
    """Where bars end, as plotly holds them in the page."""
    held: list[list[float]] = panel.locator(".js-plotly-plot").evaluate(
        "plot => plot._fullData.map(one => Array.from(one.x))"
    )
    return held


def drawn(twin: Panel) -> list[list[float]]:
    return [[float(x) for x in trace.x] for trace in twin.figure.data]


def test_it_runs_and_readers_meet_names_for_every_control(opened: Opened) -> None:
    clean(opened)
    serious(opened.page)


def test_a_nearer_horizon_shows_in_figure_sentence_and_list_as_the_headless_panel_says(
    opened: Opened, twin: Panel
) -> None:
    panel = opened.panel("lifetime")
    assert panel.locator("h3").inner_text() == twin.sentence
    before = bars(panel)
    type_into(panel, "horizon", 90)
    twin.set(horizon=90)
    settled(opened, panel, "h3", twin.sentence)
    assert bars(panel) == drawn(twin) != before
    assert twin.actions is not None
    first = panel.locator(".workbench-rows tbody tr").first.inner_text()
    assert str(twin.actions["customer_name"].iloc[0]) in first
    assert panel.get_by_role("alert").count() == 0


def test_who_bought_once_is_a_bar_of_its_own_until_a_model_can_tell(
    opened: Opened, twin: Panel
) -> None:
    panel = opened.panel("lifetime")
    untold = Words("zh")("alive.cannot_tell")
    unfolded(panel).locator(".workbench-control-model select").select_option(label="BG/NBD")
    twin.set(model="BetaGeo")
    settled(opened, panel, "h3", twin.sentence)
    panel.locator(".workbench-control-view select").select_option(label="是否仍活跃")
    twin.set(view="alive")
    settled(opened, panel, "h3", twin.sentence)
    assert untold in twin.sentence
    assert untold in panel.locator(".js-plotly-plot .ytick").all_text_contents()
    unfolded(panel).locator(".workbench-control-model select").select_option(label="MBG/NBD")
    twin.set(model="ModifiedBetaGeo")
    settled(opened, panel, "h3", twin.sentence)
    assert bars(panel) == drawn(twin)
    assert untold not in panel.locator(".js-plotly-plot .ytick").all_text_contents()


def test_every_view_is_drawn_and_fits_a_phone(opened: Opened, twin: Panel) -> None:
    panel = opened.panel("lifetime")
    opened.page.set_viewport_size({"width": 390, "height": 1600})
    for place, view in enumerate(VIEWS):
        panel.locator(".workbench-control-view select").select_option(index=place)
        twin.set(view=view)
        settled(opened, panel, "h3", twin.sentence)
        opened.page.wait_for_function(
            "panel => panel.scrollWidth < 390 && panel.querySelector('.main-svg')",
            arg=panel.element_handle(),
            timeout=WAIT,
        )
        if shots := os.environ.get("WORKBENCH_SHOTS"):
            panel.screenshot(path=f"{shots}/lifetime_{view}.png")
    assert panel.get_by_role("alert").count() == 0
    serious(opened.page)
