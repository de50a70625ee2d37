"""Two panels in a real JupyterLab: the fold, the table, the theme, and a kernel that is gone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Lab, Opened, opened_in
from test_lab import serious

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

WAIT = 30_000
SETUP = """\
from workbench import samples, widgets, words
from workbench.people import People
made = samples.company(customers=600)
words.speak("LANG", currency="CNY")"""
RFM = """\
widgets.rfm(made["orders"], as_of="2026-10-31", people=People(made["customers"], made["owners"]))"""


@pytest.fixture(scope="module", params=["en", "zh"])
def panels(request: pytest.FixtureRequest, lab: Lab, browser: Any) -> Iterator[Opened]:
    lines = [SETUP.replace("LANG", request.param), RFM]
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [],
         "execution_count": None, "source": line}
        for n, line in enumerate(lines)
    ]  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    path = f"panels_{request.param}.ipynb"
    (lab.root / path).write_text(json.dumps(notebook), encoding="utf-8")
    yield from opened_in(lab, browser, path, request.param, 1)


def rows_of(panel: Any) -> list[str]:
    cells = panel.locator(".workbench-rows tbody tr > :nth-child(1)")
    return [text for text in cells.all_inner_texts() if text]


def places(panel: Any) -> list[list[float]]:
    boxes: list[list[float]] = panel.evaluate(
        "node => ['.workbench-message', '.workbench-figure', '.workbench-rows']"
        ".map(part => node.querySelector(part).getBoundingClientRect())"
        ".map(box => [box.x, box.y - node.getBoundingClientRect().y, box.width])"
    )
    return boxes


def test_what_is_seldom_moved_opens_by_the_keyboard_and_stays_open(panels: Opened) -> None:
    panel = panels.panel("rfm")
    fold, bins = panel.locator(".workbench-adjust"), panel.locator(".workbench-control-bins")
    assert not bins.is_visible()
    assert fold.get_attribute("aria-expanded") == "false"
    fold.focus()
    fold.press("Enter")
    bins.wait_for(state="visible", timeout=WAIT)
    panels.page.wait_for_function(
        "node => node.getAttribute('aria-expanded') === 'true'", arg=fold.element_handle()
    )
    # its name is of the language too
    panel = panels.page.locator(".workbench-panel")
    bins, fold = panel.locator(".workbench-control-bins"), panel.locator(".workbench-adjust")
    lang = panel.locator(".workbench-control-lang select")
    for place in (1, 0) if panels.lang == "en" else (0, 1):
        lang.select_option(index=place)
        panels.page.wait_for_timeout(800)
    assert bins.is_visible()
    fold.press("Enter")
    bins.wait_for(state="hidden", timeout=WAIT)


def test_a_table_is_sorted_searched_and_paged_to_its_last_row(panels: Opened) -> None:
    panel = panels.panel("rfm")
    panel.locator(".workbench-rows .tools input").wait_for(timeout=WAIT)
    first = rows_of(panel)
    assert len(first) == 20
    panel.locator(".workbench-rows .after button").nth(2).click()
    assert set(rows_of(panel)).isdisjoint(first)
    head = panel.locator(".workbench-rows thead th").first
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    search = panel.locator(".workbench-rows .tools input")
    name = first[7]
    search.fill(name)
    assert rows_of(panel) == [name]
    search.fill("")
    panel.locator(".workbench-rows .after button").first.click()
    assert len(rows_of(panel)) > 200
    head.locator("button").click()
    head.locator("button").click()


def test_nothing_jumps_when_a_filter_changes(panels: Opened) -> None:
    panel = panels.panel("rfm")
    panel.locator(".workbench-rows .tools input").wait_for(timeout=WAIT)
    before, listed = places(panel), panel.locator(".workbench-rows tbody").inner_text()
    owner = panel.locator(".workbench-control-owner select")
    for index in (1, 2):
        owner.select_option(index=index)
        panels.page.wait_for_function(
            "([node, before]) => node.querySelector('.workbench-rows tbody').innerText !== before",
            arg=[panel.element_handle(), listed],
            timeout=WAIT,
        )
        assert places(panel) == before
        panels.page.wait_for_timeout(1_000)
        listed = panel.locator(".workbench-rows tbody").inner_text()
    owner.select_option(index=0)


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_a_panel_follows_the_theme_of_the_lab_and_is_read_out_whole(
    panels: Opened, theme: str
) -> None:
    page, panel = panels.page, panels.panel("rfm")
    page.evaluate(
        "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })",
        f"JupyterLab {theme}",
    )
    ink, paper = ("#ece8df", "#14181f") if theme == "Dark" else ("#1a2130", "#fffdf9")
    page.wait_for_function(
        "([node, ink, paper]) => {"
        " const look = getComputedStyle(node);"
        " return look.getPropertyValue('--paper').trim() === paper"
        " && node.querySelector('.js-plotly-plot')._fullLayout.font.color === ink; }",
        arg=[panel.element_handle(), ink, paper],
        timeout=WAIT,
    )
    panel.locator(".workbench-adjust").click()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 1600})
        page.wait_for_timeout(500)
        serious(page)
    page.set_viewport_size({"width": 1200, "height": 1600})
    panel.locator(".workbench-adjust").click()


def test_a_control_moved_without_a_kernel_says_so_and_a_long_cell_is_no_loss(
    panels: Opened, lab: Lab
) -> None:
    page, panel = panels.page, panels.panel("rfm")
    kernel = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    page.evaluate(f"() => {{ {kernel}.requestExecute({{ code: 'import time; time.sleep(10)' }}) }}")
    view = panel.locator(".workbench-control-view select")
    view.select_option(index=1)
    page.wait_for_timeout(9_000)
    assert panel.locator(".workbench-lost").count() == 0
    page.wait_for_function(
        "() => document.querySelector('.js-plotly-plot').data[0].type === 'heatmap'", timeout=WAIT
    )
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.wait_for_timeout(1_000)
    view.select_option(index=0)
    panel.locator(".workbench-lost[role=alert]").wait_for(timeout=WAIT)
