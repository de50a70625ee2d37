"""The notebook in a real JupyterLab, in both languages: run all, move, fail, download, read out."""

import io
import json
import re
from typing import Any

import openpyxl
import pandas as pd
import pytest
from conftest import AS_OF, HOSTILE, Lab, Opened

from workbench import config, loaders, purchases, widgets
from workbench.panel import DEBOUNCE_SECONDS, Panel
from workbench.people import People
from workbench.words import LANGUAGES, Lang, Words

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

WAIT = 20_000


@pytest.fixture(scope="module")
def twin(opened: Opened, lab: Lab) -> Panel:
    """The same panel without a page."""
    settings = config.load(lab.root / "workbench.toml")
    names = ("orders", "customers", "owners")
    orders, customers, owners = (loaders.load_configured(name, settings) for name in names)
    return widgets.repurchase(
        purchases.history(orders, as_of=AS_OF),
        people=People(customers, owners),
        settings=settings,
        words=Words(opened.lang, settings.currency),
    )


def unfolded(panel: Any) -> Any:
    """The panel with what is seldom moved in view."""
    fold = panel.locator(".workbench-adjust:not(.mod-active)")
    if fold.count():
        fold.click()
    return panel


def type_into(panel: Any, control: str, value: object) -> None:
    unfolded(panel)
    box = panel.locator(f".workbench-control-{control} input")
    box.fill(str(value))
    box.press("Enter")


def settled(opened: Opened, panel: Any, part: str, words: str) -> None:
    """Wait until a part of the panel says these words (or nothing) and the figure is drawn."""
    opened.page.wait_for_function(
        "([panel, part, words]) => {"
        " const said = panel.querySelector(part)?.textContent.trim() ?? '';"
        " return words ? said.includes(words) : !said; }",
        arg=[panel.element_handle(), part, words],
        timeout=WAIT,
    )
    answered(opened.page)


def answered(page: Any) -> None:
    """Wait until the kernel has answered every move made so far, and the page has it.

    What is run in the kernel takes as long as the machine is slow: after it every panel has heard
    of the move, and says so by being busy until its answer is on the page.
    """
    code = f"import asyncio; await asyncio.sleep({DEBOUNCE_SECONDS * 2})"
    page.evaluate(
        "code => jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".requestExecute({ code, silent: true, store_history: false }).done.then(() => null)",
        code,
    )
    page.wait_for_function(
        "!document.querySelector('.workbench-panel[aria-busy=true]')", timeout=WAIT
    )


def count_in(text: str) -> int:
    """The number of rows a caption speaks of: showing 20 of 101, 显示 20 行，共 101 行."""
    return int(re.findall(r"[\d,]+", text)[-1].replace(",", ""))


def drawn(panel: Any) -> list[tuple[list[float], list[str]]]:
    """The heights and the colours of all bars, as plotly holds them in the page."""
    traces = panel.locator(".js-plotly-plot").evaluate(
        "plot => plot._fullData.map(trace =>"
        " [Array.from(trace.y, Number), Array.from(trace.marker.color)])"
    )
    return [(heights, colours) for heights, colours in traces]


def places(panel: Any) -> list[float]:
    return [
        panel.locator(part).first.evaluate(
            "node => node.getBoundingClientRect().top"
            " - node.closest('.workbench-panel').getBoundingClientRect().top"
        )
        for part in (".workbench-figure", ".workbench-rows")
    ]


def test_every_cell_runs_and_every_figure_is_drawn(opened: Opened) -> None:
    page = opened.page
    wrong = page.locator(
        "[data-mime-type='application/vnd.jupyter.error'],"
        "[data-mime-type='application/vnd.jupyter.stderr']"
    )
    assert wrong.all_inner_texts() == []
    assert opened.complaints == []
    for name in ("ledger", "rfm", "migration", "repurchase", "track_record"):
        assert opened.panel(name).locator(".main-svg").count()
        assert opened.panel(name).get_by_role("alert").count() == 0
    assert page.locator(".js-plotly-plot .main-svg").count() >= 6


def test_nothing_is_fetched_from_elsewhere(opened: Opened) -> None:
    outside = [
        url
        for url in opened.asked
        if not re.match(r"(https?|wss?)://127\.0\.0\.1|data:|blob:", url)
    ]
    assert outside == []


def test_moving_a_slider_changes_figure_and_table_to_what_the_headless_panel_says(
    opened: Opened, twin: Panel
) -> None:
    panel = opened.panel("repurchase")
    before, at = drawn(panel), places(panel)
    handle = panel.locator(".workbench-control-risk_from .noUi-handle")
    handle.focus()
    handle.press("ArrowRight")
    caption = panel.locator(".workbench-rows caption").first
    cost = panel.locator(".workbench-cost")
    settled(opened, panel, ".workbench-cost", "→")
    twin.set(risk_from=1.3)
    assert twin.actions is not None
    assert count_in(caption.text_content() or "") == len(twin.actions)
    assert cost.inner_text() == twin.cost
    assert panel.locator("h3").inner_text() == twin.sentence
    assert panel.locator(".workbench-control-risk_from input").input_value() == "1.3"
    first = panel.locator(".workbench-rows tbody tr").first.locator("td").all_inner_texts()
    assert twin.actions["reason"].iloc[0] in first
    assert drawn(panel) != before
    assert drawn(panel) == [
        ([float(y) for y in trace.y], list(trace.marker.color)) for trace in twin.figure.data
    ]
    assert places(panel) == at
    handle.press("ArrowLeft")
    settled(opened, panel, ".workbench-cost", "")
    assert drawn(panel) == before
    twin.set(risk_from=1.2)


def test_choosing_another_figure_draws_it_in_the_same_place(opened: Opened) -> None:
    panel = opened.panel("rfm")
    at = places(panel)
    select = panel.locator(".workbench-control-view select")
    for place, kind in ((1, "heatmap"), (2, "bar"), (0, "bar")):
        select.select_option(index=place)
        opened.page.wait_for_function(
            "([node, kind]) => node.data[0].type === kind && node._fullLayout.width > 500",
            arg=[panel.locator(".js-plotly-plot").element_handle(), kind],
            timeout=WAIT,
        )
        assert places(panel) == at
    assert panel.get_by_role("alert").count() == 0


def test_an_answer_that_fails_is_an_alert_above_the_figure_until_it_is_mended(
    opened: Opened,
) -> None:
    panel = unfolded(opened.panel("repurchase"))
    at, before = places(panel), drawn(panel)
    type_into(panel, "due_from", 1.9)
    alert = panel.get_by_role("alert")
    alert.wait_for(timeout=WAIT)
    assert Words(opened.lang)("panel.due_from") in alert.inner_text()
    assert Words(opened.lang)("panel.stale") in alert.inner_text()
    below = panel.locator(".workbench-figure").bounding_box()
    shown = alert.bounding_box()
    assert shown is not None
    assert below is not None
    assert shown["y"] + shown["height"] <= below["y"]
    assert drawn(panel) == before
    assert places(panel) == at
    serious(opened.page)
    type_into(panel, "due_from", 0.8)
    alert.wait_for(state="detached", timeout=WAIT)


def test_the_list_downloads_as_csv_and_excel(opened: Opened, twin: Panel) -> None:
    panel = opened.panel("repurchase")
    with opened.page.expect_download(timeout=WAIT) as csv:
        panel.get_by_role("button", name=Words(opened.lang)("panel.csv")).click()
    assert csv.value.suggested_filename == "repurchase.csv"
    assert csv.value.path().read_bytes() == twin.file("csv")[1]
    with opened.page.expect_download(timeout=WAIT) as excel:
        panel.get_by_role("button", name=Words(opened.lang)("panel.excel")).click()
    assert excel.value.suggested_filename == "repurchase.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(excel.value.path().read_bytes())).active
    assert twin.actions is not None
    assert sheet is not None
    assert sheet.max_row == len(twin.actions) + 1
    assert [sheet.cell(row, 3).value for row in (2, 3, 4)] == list(HOSTILE)
    assert {sheet.cell(row, 3).data_type for row in (2, 3, 4)} == {"s"}
    neutral = pd.read_csv(csv.value.path(), encoding="utf-8-sig").iloc[2, 2]
    assert neutral == f"'{HOSTILE[2]}"


def test_hostile_names_are_shown_as_they_are_and_run_nothing(opened: Opened) -> None:
    page = opened.page
    said = opened.panel("repurchase").locator(".workbench-rows").first.inner_text()
    for name in HOSTILE:
        assert name in said
    options = opened.panel("repurchase").locator(".workbench-control-owner option")
    assert HOSTILE[0] in [text.replace("\xa0", " ") for text in options.all_inner_texts()]
    opened.panel("repurchase").locator(".workbench-control-view select").select_option(index=1)
    answered(page)
    opened.panel("repurchase").locator(".workbench-control-view select").select_option(index=0)
    assert page.evaluate("window.taken") is None
    assert page.locator("img[src='x']").count() == 0


def test_the_code_and_the_data_open_below(opened: Opened, twin: Panel) -> None:
    panel = opened.panel("repurchase")
    code = panel.get_by_role("button", name=Words(opened.lang)("panel.show_code"))
    data = panel.get_by_role("button", name=Words(opened.lang)("panel.show_table"))
    code.click()
    panel.locator(".workbench-code pre").wait_for(timeout=WAIT)
    assert panel.locator(".workbench-code pre").text_content() == twin.code
    assert code.get_attribute("aria-pressed") == "true"
    data.click()
    panel.locator(".workbench-rows table").nth(1).wait_for(timeout=WAIT)
    serious(opened.page)
    for button in (code, data):
        button.click()
    panel.locator(".workbench-code pre").wait_for(state="detached", timeout=WAIT)


def test_the_panel_changes_its_language_on_the_spot(opened: Opened) -> None:
    panel = opened.panel("ledger").element_handle()
    select = opened.panel("ledger").locator(".workbench-control-lang select")
    other: Lang = "zh" if opened.lang == "en" else "en"
    select.select_option(index=LANGUAGES.index(other))
    opened.page.wait_for_function(
        "([node, title, words]) => node.getAttribute('aria-label') === title"
        " && words.every(word => node.textContent.includes(word))",
        arg=[
            panel,
            Words(other)("panel.ledger"),
            [Words(other)(key) for key in ("panel.ledger_actions", "panel.csv")],
        ],
        timeout=WAIT,
    )
    panel.query_selector(".workbench-control-lang select").select_option(
        index=LANGUAGES.index(opened.lang)
    )
    opened.panel("ledger").wait_for(timeout=WAIT)


def test_a_letter_typed_at_a_control_runs_no_shortcut_of_the_notebook(opened: Opened) -> None:
    cells = opened.page.locator(".jp-Cell").count()
    handle = unfolded(opened.panel("repurchase")).locator(
        ".workbench-control-lost_from .noUi-handle"
    )
    handle.focus()
    for letter in "bax":
        handle.press(letter)
    assert opened.page.locator(".jp-Cell").count() == cells


def serious(page: Any) -> None:
    """Axe-core finds nothing serious in any panel."""
    from axe_playwright_python.sync_playwright import Axe

    result = Axe().run(page, context=".workbench-panel").response
    assert result["passes"]
    found = [
        (one["id"], one["impact"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert found == [], json.dumps(found, indent=1)


def test_screen_readers_meet_names_for_every_control(opened: Opened) -> None:
    serious(opened.page)
    panel = unfolded(opened.panel("repurchase"))
    for control in ("due_from", "risk_from", "lost_from", "min_intervals"):
        title = Words(opened.lang)(f"panel.{control}")
        assert panel.get_by_role("slider", name=title, exact=True).count() == 1
        assert panel.get_by_role("spinbutton", name=title, exact=True).count() == 1
    assert panel.get_by_role("figure").get_attribute("aria-label")


def test_a_panel_fits_a_phone(opened: Opened) -> None:
    page = opened.page
    page.set_viewport_size({"width": 390, "height": 1600})
    panel = opened.panel("repurchase")
    try:
        page.wait_for_function(
            "() => [...document.querySelectorAll('.workbench-panel')].every("
            "one => one.clientWidth < 390 && one.scrollWidth <= one.clientWidth"
            " && one.querySelector('.main-svg').clientWidth <= one.clientWidth)",
            timeout=WAIT,
        )
        assert panel.locator("td.minor").first.is_hidden()
        heights = panel.locator(".workbench-buttons button").evaluate_all(
            "buttons => buttons.map(button => button.getBoundingClientRect().height)"
        )
        assert min(heights) >= 44
        serious(page)
    finally:
        page.set_viewport_size({"width": 1200, "height": 1600})
