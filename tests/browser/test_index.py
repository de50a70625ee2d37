"""The list of all reports: in the reader's language, searched by typing, at the width of a phone."""

from pathlib import Path
from typing import Any

import pytest
from test_reports import _serious, opened, sideways

from workbench.reports import html, index, manifest, publish
from workbench.words import Words

__all__ = ["opened"]
pytestmark = pytest.mark.browser
FIGURES = [manifest.KeyFigure(name="Revenue", value="12,300", recent=[1.0, None, 3.0, 2.0])]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Published editions of two months, two languages and an owner."""
    place = tmp_path_factory.mktemp("reports")
    for period, lang, owner in (
        ("2026-09", "en", None), ("2026-10", "en", None), ("2026-10", "en", "S<b>1"),
        ("2026-09", "zh", None), ("2026-10", "zh", None),
    ):  # fmt: skip
        folder = publish.target(place, "monthly_customers", period=period, lang=lang, owner=owner)
        folder.mkdir(parents=True)
        run = publish.start(folder)
        title = {"en": f"Call {period[-2:]} customers", "zh": f"请联系{period[-2:]}位客户"}[lang]
        told = manifest.Manifest(report="monthly_customers", period=period, lang=lang, owner=owner,
                                 status="ok", title=title, figures=FIGURES)  # fmt: skip
        (run / publish.MANIFEST).write_text(told.model_dump_json())
        headline = {"kind": "headline", "id": "headline", "title": title, "paragraphs": [],
                    "kicker": [], "lang": lang}  # fmt: skip
        cell = {"outputs": [{"data": {"application/vnd.workbench.block+json": headline}}]}
        words, colophon = Words("zh" if lang == "zh" else "en"), {"notebook": "", "lines": []}
        page = html.report({"cells": [cell]}, words, name="x", footer="", colophon=colophon)
        (run / publish.PAGE).write_text(page, encoding="utf-8")
        (run / publish.NOTEBOOK).write_text("{}")
        publish.publish(folder, run)
    index.write(place)
    return place


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_is_of_one_language_fits_and_is_read_by_everyone(
    root: Path, opened: Any, width: int, scheme: str
) -> None:
    page = opened(root / "index.html", width=width, scheme=scheme, figures=False)
    assert page.complaints == []
    assert page.asked == [(root / "index.html").as_uri()]
    assert page.locator("h1:visible").all_inner_texts() == ["Reports"]
    assert not sideways(page)
    assert _serious(page) == []
    page.get_by_role("button", name="中文").click()
    assert page.locator("h1:visible").all_inner_texts() == ["报告目录"]
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator(".editions li:visible a").count() == 2
    assert not sideways(page)


def test_typing_leaves_what_has_the_words_and_says_where_nothing_has(
    root: Path, opened: Any
) -> None:
    page = opened(root / "index.html", width=390, figures=False)
    listed, box = page.locator(".said > li:visible"), page.locator("input[type=search]:visible")
    assert listed.count() == 3
    assert page.locator(".trend svg:visible").count() == 1
    box.fill("september 2026")
    assert listed.count() == 1
    box.fill("s<b>1")
    assert listed.all_inner_texts()[0].startswith("October 2026 · S<b>1")
    box.fill("nowhere")
    assert listed.count() == 0
    assert page.get_by_role("status").first.inner_text() == "No report has these words."


def test_one_walks_from_month_to_month_and_back_to_the_list(root: Path, opened: Any) -> None:
    page = opened(root / "index.html", width=390, figures=False)
    page.get_by_text("Call 09 customers").click()
    page.get_by_role("link", name="October 2026").click()
    assert page.locator("h1").inner_text() == "Call 10 customers"
    assert page.get_by_role("link", name="October").count() == 0
    page.get_by_role("link", name="September 2026").click()
    page.get_by_role("link", name="Reports").click()
    assert page.locator("h1:visible").inner_text() == "Reports"
