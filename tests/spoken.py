"""What an exhibit says or draws, in a language: the shortest way for a test to ask."""

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import words
from workbench.exhibit import Exhibit
from workbench.panel import Panel
from workbench.words import Lang, Words


def said(exhibit: Exhibit[...]) -> Callable[..., str]:
    """The sentence of a table."""

    def sentence(table: pd.DataFrame, *, lang: Lang = "en", **options: Any) -> str:
        return exhibit(table, **options).sentence(Words(lang))

    return sentence


def drawn(exhibit: Exhibit[...]) -> Callable[..., go.Figure]:
    """The figure of a table."""

    def figure(
        table: pd.DataFrame, *, lang: Lang = "en", currency: str | None = None, **options: Any
    ) -> go.Figure:
        made = exhibit(table, **options).figure(Words(lang, currency))
        assert made is not None
        return made

    return figure


def reproduced(panel: Panel, **given: Any) -> None:
    """Run the code a panel shows as a reader would, and compare the figure and the list."""
    names = dict(given)
    before = words.spoken()
    try:
        exec(panel.code, names)
    finally:
        words.speak(before.lang, currency=before.currency)
    assert json.loads(names["figure"].to_json()) == json.loads(panel.figure.to_json())
    pd.testing.assert_frame_equal(names["listed"], panel.listed)
