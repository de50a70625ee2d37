"""A salesperson's morning in a real JupyterLab: three lists, the words, what is done, in both languages."""

import contextlib
import datetime as dt
import os
import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import pandas as pd
import pytest
from conftest import Lab, Opened, opened_in
from test_lab import WAIT, count_in, serious, settled
from test_lab_planner import clean

from workbench import campaigns, widgets, worklist
from workbench.panel import Panel
from workbench.words import Words

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

# a morning on which there is something to do, whatever day it is today
MORNING = {"as_of": "2026-10-30", "owner": "S04", "by": "Amara Whitlow"}
OWN_WORDS = "你好 & hello?\nSecond line: 100% yours"


def with_parameters(path: Path, *, practice: bool) -> None:
    """Open a notebook on that morning, to practise or not."""
    book = nbformat.read(path, as_version=4)
    cell = next(cell for cell in book.cells if cell.id == "parameters")
    for name, value in MORNING.items():
        cell.source = cell.source.replace(
            f"{name}: str | None = None", f'{name}: str | None = "{value}"'
        )
    cell.source = cell.source.replace("practice: bool = False", f"practice: bool = {practice}")
    nbformat.write(book, path)


@pytest.fixture(scope="module", params=["en", "zh"])
def opened(request: pytest.FixtureRequest, lab: Lab, browser: Any) -> Iterator[Opened]:
    for place in ("notebooks", "notebooks/zh"):
        with_parameters(lab.root / place / "04_nurture_queue.ipynb", practice=True)
    folder = "notebooks" if request.param == "en" else "notebooks/zh"
    for seen in opened_in(lab, browser, f"{folder}/04_nurture_queue.ipynb", request.param, 2):
        seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield seen


@pytest.fixture(scope="module")
def twin(lab: Lab, opened: Opened) -> Panel:
    """The same panel without a page, on a practice worklist made by the notebook's own cells."""
    book = nbformat.read(lab.root / "notebooks" / "04_nurture_queue.ipynb", as_version=4)
    names: dict[str, Any] = {}
    with contextlib.chdir(lab.root):
        for cell in book.cells:
            if cell.id == "panel":
                break
            if cell.cell_type == "code":
                exec(cell.source, names)
    pond, seen = names["pond"], {"as_of": MORNING["as_of"], "by": MORNING["by"]}
    return widgets.nurture_queue(
        names["store"], **seen, owner=MORNING["owner"], people=pond.people, pace=pond.pace,
        practice=partial(campaigns.practice, pond, **seen), practises=True,
        now=dt.datetime.now, words=Words(opened.lang, names["settings"].currency),
    )  # fmt: skip


def select(opened: Opened, control: str, words: str) -> Any:
    panel = opened.panel("nurture_queue")
    panel.locator(f".workbench-control-{control} select").select_option(label=words)
    return panel


def queue(opened: Opened, twin: Panel, name: str, view: str = "load") -> Any:
    """Open a list on the page and in the twin, and wait until the page shows it."""
    for control, value in (("queue", name), ("view", view)):
        select(opened, control, Words(opened.lang)(f"panel.nurture_queue.{control}.{value}"))
    twin.set(queue=name, view=view)
    panel = opened.panel("nurture_queue")
    settled(opened, panel, "h3", twin.sentence)
    return panel


def press(opened: Opened, label: str) -> None:
    name = Words(opened.lang)(label)
    opened.panel("nurture_queue").get_by_role("button", name=name, exact=True).click()


def told(opened: Opened, words: str) -> None:
    status = opened.panel("nurture_queue").get_by_role("status")
    status.get_by_text(words, exact=True).wait_for(timeout=WAIT)


def pick(opened: Opened, twin: Panel, channel: str) -> Any:
    """Take the first step of a channel in hand that anybody has to do today."""
    select(opened, "owner", Words(opened.lang)("panel.all"))
    twin.set(owner=None)
    queue(opened, twin, "due")
    words = Words(opened.lang)(f"channel.{channel}")
    options = twin.inputs["chosen"][0].options
    place = next(i for i, said in enumerate(options) if f" · {words} · " in said)
    assert twin.actions is not None
    step = twin.actions.iloc[place]
    twin.set(chosen={"step": f"{step['enrolment_id']}/{step['step']}"})
    panel = select(opened, "chosen-step", options[place])
    said = twin.values["letter"]["message"]
    opened.page.wait_for_function(
        "([panel, words]) => panel.querySelector('textarea')?.value === words",
        arg=[panel.element_handle(), said],
        timeout=WAIT,
    )
    return panel


def shot(panel: Any, name: str) -> None:
    if shots := os.environ.get("WORKBENCH_SHOTS"):
        panel.screenshot(path=f"{shots}/{name}.png")


def test_it_runs_and_readers_meet_names_for_every_control(opened: Opened) -> None:
    clean(opened)
    serious(opened.page)


@pytest.mark.parametrize("name", ["due", "missed", "done", "handovers"])
def test_each_list_is_the_headless_panel_s(opened: Opened, twin: Panel, name: str) -> None:
    panel = queue(opened, twin, name)
    assert twin.actions is not None
    caption = panel.locator(".workbench-rows caption").first.text_content() or ""
    assert (count_in(caption) if len(twin.actions) else 0) == len(twin.actions)
    options = [
        words.replace("\xa0", " ")
        for words in panel.locator(".workbench-control-chosen-step option").all_text_contents()
    ]
    assert options == (list(twin.inputs["chosen"][0].options) if twin.values["chosen"] else [])
    assert panel.get_by_role("alert").count() == 0


def test_words_just_typed_are_copied_and_handed_to_the_message_program(
    opened: Opened, twin: Panel
) -> None:
    panel = pick(opened, twin, "sms")
    panel.locator("textarea").fill(OWN_WORDS)
    press(opened, "queue.copy")
    opened.page.wait_for_function(
        "async words => (await navigator.clipboard.readText()) === words",
        arg=OWN_WORDS,
        timeout=WAIT,
    )
    link = panel.get_by_role("link", name=Words(opened.lang)("queue.link.sms"))
    address = link.evaluate(
        "(link, words) => { const box = link.closest('.workbench-panel').querySelector('textarea');"
        " box.value = words; link.addEventListener('click', event => event.preventDefault());"
        " link.click(); return link.href; }",
        OWN_WORDS + "!",
    )
    head, _, body = address.partition("body=")
    assert head == twin.links[1].address.partition("body=")[0]
    assert unquote(body) == OWN_WORDS.replace("\n", "\r\n") + "!"
    panel.locator("textarea").fill(twin.values["letter"]["message"])  # words as planned: no draft


def test_a_step_is_marked_done_with_own_words_and_taken_back(opened: Opened, twin: Panel) -> None:
    queue(opened, twin, "handovers")
    panel = pick(opened, twin, "sms")
    panel.locator("textarea").fill(OWN_WORDS)
    twin.set(letter={"message": OWN_WORDS})
    press(opened, "queue.done")
    told(opened, str(twin.act("done")))
    settled(opened, panel, "h3", twin.sentence)
    assert OWN_WORDS.splitlines()[0] not in panel.locator("textarea").input_value()
    press(opened, "queue.undo")
    told(opened, str(twin.act("undo")))
    settled(opened, panel, "h3", twin.sentence)


def test_skipping_without_a_reason_is_an_alert_and_nothing_is_written(
    opened: Opened, twin: Panel
) -> None:
    panel = queue(opened, twin, "missed")
    press(opened, "queue.skip")
    alert = panel.get_by_role("alert")
    alert.wait_for(timeout=WAIT)
    assert Words(opened.lang)("queue.needs_reason") in alert.inner_text()
    panel.locator(".workbench-control-answer-note input").fill("on holiday")
    press(opened, "queue.skip")
    twin.set(answer={"note": "on holiday"})
    told(opened, str(twin.act("skip")))
    settled(opened, panel, "h3", twin.sentence)
    assert panel.get_by_role("alert").count() == 0


def test_a_paused_plan_is_resumed_from_its_own_list(opened: Opened, twin: Panel) -> None:
    queue(opened, twin, "missed")
    press(opened, "queue.pause")
    told(opened, str(twin.act("pause")))
    queue(opened, twin, "paused")
    press(opened, "queue.resume")
    told(opened, str(twin.act("resume")))


def test_a_yes_goes_to_sales_and_is_taken_over(opened: Opened, twin: Panel) -> None:
    panel = queue(opened, twin, "due")
    panel.locator(".workbench-control-answer-note input").fill("Call me!")
    press(opened, "queue.answer")
    alert = panel.get_by_role("alert")
    alert.get_by_text(Words(opened.lang)("queue.needs_answer")).wait_for(timeout=WAIT)
    yes = Words(opened.lang)("feedback.positive")
    select(opened, "answer-feedback", yes[:1].upper() + yes[1:])
    press(opened, "queue.answer")
    twin.set(answer={"feedback": "positive", "note": "Call me!"})
    told(opened, str(twin.act("answer")))
    panel = queue(opened, twin, "handovers")
    assert "Call me!" in panel.locator(".workbench-rows table").first.text_content()
    press(opened, "queue.take_over")
    told(opened, str(twin.act("take_over")))


def test_the_timeline_shows_what_happened_with_the_lead_in_hand(
    opened: Opened, twin: Panel
) -> None:
    panel = queue(opened, twin, "done", "timeline")
    held = panel.locator(".js-plotly-plot").evaluate(
        "plot => plot.layout.annotations.map(one => one.text)"
    )
    assert held == [words.text for words in twin.figure.layout.annotations]
    assert twin.actions is not None
    assert count_in(panel.locator(".workbench-rows caption").first.text_content() or "") == len(
        twin.actions
    )
    queue(opened, twin, "due")


def test_the_calendar_file_is_a_download(opened: Opened, twin: Panel) -> None:
    with opened.page.expect_download(timeout=WAIT) as waited:
        press(opened, "queue.ics")
    assert waited.value.suggested_filename == "worklist.ics"
    assert waited.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


def test_practice_is_said_across_the_panel_which_is_the_first_thing_under_the_title(
    opened: Opened,
) -> None:
    panel = opened.panel("nurture_queue")
    banner = panel.locator(".workbench-control-lists .workbench-note")
    assert banner.inner_text() == Words(opened.lang)("queue.practice")
    assert banner.bounding_box()["width"] > 0.9 * panel.bounding_box()["width"] - 44
    page = opened.page
    assert page.locator(".jp-CodeCell .jp-InputArea-editor:visible").count() == 0
    shot(panel, f"queue_{opened.lang}")
    title = page.locator(".jp-MarkdownCell").first.bounding_box()
    assert panel.bounding_box()["y"] - title["y"] - title["height"] < 250


def test_a_click_on_a_row_opens_it_beside_the_list_and_the_next_click_marks_it_done(
    opened: Opened, twin: Panel
) -> None:
    select(opened, "owner", Words(opened.lang)("panel.all"))
    twin.set(owner=None)
    panel = queue(opened, twin, "due")
    assert twin.actions is not None
    step = twin.actions.iloc[3]
    twin.set(chosen={"step": f"{step['enrolment_id']}/{step['step']}"})
    row = panel.locator(".workbench-list tbody tr").nth(3)
    row.click()
    box = panel.locator("textarea")
    opened.page.wait_for_function(
        "([panel, words]) => panel.querySelector('textarea')?.value === words",
        arg=[panel.element_handle(), twin.values["letter"]["message"]],
        timeout=WAIT,
    )
    assert row.get_attribute("aria-current") == "true"
    assert panel.locator(".workbench-list [aria-current]").count() == 1
    listed, form = panel.locator(".workbench-list").bounding_box(), box.bounding_box()
    assert listed["x"] + listed["width"] <= form["x"]
    press(opened, "queue.done")
    told(opened, str(twin.act("done")))
    press(opened, "queue.undo")
    told(opened, str(twin.act("undo")))


def test_it_fits_a_phone(opened: Opened) -> None:
    page = opened.page
    page.set_viewport_size({"width": 390, "height": 1600})
    page.wait_for_function(
        "() => [...document.querySelectorAll('.workbench-panel')].every("
        "one => one.clientWidth < 390 && one.querySelector('.main-svg').clientWidth < 390)",
        timeout=WAIT,
    )
    too_wide = page.evaluate(
        "() => [...document.querySelectorAll('.workbench-panel')].flatMap(one =>"
        " [...one.querySelectorAll('.widget-html, .workbench-controls, button, a, textarea')]"
        ".filter(part => part.getBoundingClientRect().right > one.getBoundingClientRect().right + 1)"
        ".map(part => part.textContent.slice(0, 40)))"
    )
    assert too_wide == []
    panel = opened.panel("nurture_queue")
    shot(panel, f"queue_phone_{opened.lang}")
    lists, form = (panel.locator(f".workbench-{part}").bounding_box() for part in ("list", "form"))
    assert lists["y"] + lists["height"] <= form["y"] + 1
    serious(page)


def typed_words(page: Any) -> Any:
    return page.locator(".workbench-panel textarea").first


def test_words_typed_are_there_after_another_lead_a_closed_page_and_a_restart(
    lab: Lab, browser: Any, root: Path
) -> None:
    notebook = "notebooks/04_mine.ipynb"
    shutil.copy(root / "notebooks" / "04_nurture_queue.ipynb", lab.root / notebook)
    with_parameters(lab.root / notebook, practice=False)
    day = MORNING["as_of"]
    leads = pd.read_csv(lab.root / "data" / "samples" / "leads.csv", dtype="str")
    mine = leads[leads["owner_id"] == MORNING["owner"]].head(2)
    steps = mine[["lead_id", "owner_id"]].assign(
        plan="Wake-up", step=1, due_date=day, channel="sms", address="+999 1", text="Hello!"
    )
    with worklist.connect(lab.root / "data" / "worklist.db") as store:
        worklist.enrol(store, steps, at=f"{day} 08:00", by="Lin")
        page = browser.new_context(viewport={"width": 1200, "height": 1600}).new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        lab.run(page, notebook, lambda: typed_words(page).wait_for(timeout=WAIT * 3))
        banner = page.locator(".workbench-control-lists .workbench-note")
        assert banner.inner_text().strip() == ""
        rows = page.locator(".workbench-list tbody tr")
        assert rows.count() == 2
        shot(page, "queue_lab")
        typed_words(page).fill("Dear Wu,")
        rows.nth(1).click()
        shows(page, "Hello!")
        rows.nth(0).click()
        shows(page, "Dear Wu,")
        # the box is not left: what is typed is known all the same
        typed_words(page).press("End")
        page.keyboard.type(" tea?")
        page.goto("about:blank")
        first = str(worklist.due(store, as_of=day)["enrolment_id"].iloc[0])
        for _ in range(100):
            if worklist.draft(store, first, 1, by=MORNING["by"]) == {"text": "Dear Wu, tea?"}:
                break
            time.sleep(0.2)
        for kernel in lab.ask("api/sessions"):
            if kernel["path"] == notebook:
                lab.ask(f"api/kernels/{kernel['kernel']['id']}/restart", "POST")
        lab.run(page, notebook, lambda: typed_words(page).wait_for(timeout=WAIT * 3))
        shows(page, "Dear Wu, tea?")
        page.get_by_role("button", name=Words("en")("queue.done"), exact=True).click()
        page.get_by_role("status").get_by_text("words of your own").wait_for(timeout=WAIT)
        done = worklist.done(store, as_of=day)
        assert done["text_sent"].tolist() == ["Dear Wu, tea?"]
    page.context.close()


def shows(page: Any, words: str) -> None:
    page.wait_for_function(
        "words => document.querySelector('.workbench-panel textarea')?.value === words",
        arg=words,
        timeout=WAIT,
    )
