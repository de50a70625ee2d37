"""A page is published whole, in words, or not at all."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from report_books import GOOD, book, settings

from workbench import blocks, errors, reports
from workbench.reports import checking, html


def page(*shown: Any) -> list[dict[str, Any]]:
    outputs = [{"data": json.loads(json.dumps(one._repr_mimebundle_()))} for one in shown]
    return html.blocks({"cells": [{"outputs": outputs}]})


def calls(drawn: go.Figure, name: str = "Harbour Foods", finding: str = "Three calls.") -> Any:
    rows = pd.DataFrame({"customer_name": [name], "customers": [3]})
    return blocks.figure(drawn, rows, name="calls", finding=finding, meaning="Call.")


BARS = go.Figure(go.Bar(x=["Mon"], y=[3]))


def test_a_figure_without_a_mark_over_a_table_with_rows_is_refused() -> None:
    checking.require(page(calls(BARS)), what="calls")
    with pytest.raises(errors.ReportError, match="'calls' has an empty figure"):
        checking.require(page(calls(go.Figure(go.Bar(x=[], y=[])))), what="calls")
    with pytest.raises(errors.ReportError, match="'calls' has an empty figure"):
        checking.require(page(calls(go.Figure())), what="calls")


@pytest.mark.parametrize("heading", ["– customers are late", "nan are late", "共–位", "{n} late"])
def test_a_heading_without_its_number_is_refused(heading: str) -> None:
    with pytest.raises(errors.ReportError, match="has a heading without its number"):
        checking.require(page(blocks.text(heading, name="late")), what="calls")


@pytest.mark.parametrize("heading", ["2–3 days late", "Nancy leads", "A null result", "9月–10月"])
def test_a_heading_that_only_looks_like_it_passes(heading: str) -> None:
    shown = page(blocks.text(heading.replace("null", "no"), name="late"))
    checking.require(shown, what="calls")


def test_a_raw_code_in_our_own_words_is_refused_and_one_from_the_data_is_not() -> None:
    said = blocks.text("Late", "All are key_keep customers.", name="late")
    with pytest.raises(errors.ReportError, match="shows the code 'key_keep' to its reader"):
        checking.require(page(said), what="calls")
    named = calls(BARS, name="key_keep", finding="Call key_keep first.")
    checking.require(page(named, said), what="calls")
    ticks = go.Figure(go.Bar(x=["key_keep"], y=[3]))
    with pytest.raises(errors.ReportError, match="shows the code 'key_keep' in its figure"):
        checking.require(page(calls(ticks)), what="calls")
    checking.require(page(calls(ticks, name="key_keep")), what="calls")


@pytest.mark.notebook
def test_what_fails_the_check_leaves_the_last_good_page(tmp_path: Path) -> None:
    file = settings(tmp_path)
    book(tmp_path, "tiny", *GOOD)
    good = reports.run("tiny", period="2026-10", settings_file=file)
    before = (good.folder / "report.html").read_bytes()
    book(tmp_path, "tiny", *GOOD, "blocks.text('– customers', name='late')")
    failed = reports.attempt("tiny", period="2026-10", settings_file=file)
    assert failed.error is not None
    assert "'late' has a heading without its number" in failed.error.what
    assert (good.folder / "report.html").read_bytes() == before
    assert "late" in (good.folder / "FAILED.html").read_text(encoding="utf-8")
