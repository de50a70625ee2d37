# ruff: noqa: D103
"""The old way to the style of figures, until every figure is a chart kind."""

from typing import Any

import plotly.graph_objects as go

from workbench import labels, words
from workbench.charts.style import *  # noqa: F403
from workbench.charts.style import no_data as _no_data


def no_data(title: str, *, subtitle: str, lang: labels.Lang = "en") -> go.Figure:
    return _no_data(title, words.Words(lang), subtitle=subtitle)


def currency(code: str | None, lang: labels.Lang = "en") -> str:
    spoken: Any = words.Words(lang, code)
    return "" if not code else spoken("figure.currency", currency=spoken._money())
