"""Hostile text in a real browser: nothing runs, nothing is fetched, nothing foreign stands there."""

from pathlib import Path
from typing import Any

import pytest
from hostile_texts import TEXTS
from report_books import cells_of, every_block
from test_hostile import MARKUP
from waiting import until

from workbench.reports import html
from workbench.words import Words

pytestmark = pytest.mark.browser
FOREIGN = "img, iframe, object, embed, form, base, svg script, details > script, audio, video"
NAMES = list(TEXTS.values())


@pytest.fixture
def watched(page: Any) -> Any:
    page.asked, page.dialogs = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    return page


def nothing_happened(page: Any, path: Path) -> None:
    page.mouse.move(200, 200)
    page.keyboard.press("Tab")
    assert page.evaluate("window.taken") is None
    assert page.asked == [path.as_uri()]
    assert page.dialogs == []
    assert page.evaluate("getComputedStyle(document.body).display") != "none"


@pytest.mark.parametrize("output", ["table", "table with such a column", "notebook table", "panel"])
def test_every_hostile_name_is_text_and_nothing_else(
    watched: Any, tmp_path: Path, output: str
) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        f'<!doctype html><meta charset="utf-8"><body>{MARKUP[output](NAMES)}',
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    watched.goto(path.as_uri())
    assert watched.locator(FOREIGN).count() == 0
    nothing_happened(watched, path)
    assert TEXTS["script"] in watched.locator("body").inner_text()


def test_a_report_of_hostile_names_alone_draws_and_calls_nobody(
    watched: Any, tmp_path: Path
) -> None:
    notebook = {
        "cells": [cell for n in NAMES for block in every_block(n) for cell in cells_of(block)]
    }
    path = tmp_path / "report.html"
    text = html.report(
        notebook,
        Words(),
        name=NAMES[0],
        footer=NAMES[0],
        colophon={"notebook": NAMES[0], "lines": []},
    )
    path.write_text(text, encoding="utf-8", errors="replace")
    watched.goto(path.as_uri())
    until(watched, "document.documentElement.dataset.figures === 'done'", seconds=90)
    assert watched.locator("main").locator(FOREIGN).count() == 0
    nothing_happened(watched, path)


def test_the_watch_would_see_a_name_that_is_alive(watched: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><body>{TEXTS['image that fails']}", encoding="utf-8")
    watched.goto(path.as_uri())
    until(watched, "window.taken === 1")
    with pytest.raises(AssertionError):
        nothing_happened(watched, path)
