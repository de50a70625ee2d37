"""Which way has a figure been going? Twelve periods in the space of a word."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from workbench import labels
from workbench.blocks.cards import Unit
from workbench.charts.sparkline import Sparkline
from workbench.words import Words, literal


def sparkline(
    values: Sequence[float | None],
    *,
    name: str,
    periods: Sequence[str] | None = None,
    unit: Unit = "count",
    lang: labels.Lang = "en",
) -> go.Figure:
    """Which way has it been going? The line with its last value, for a notebook.

    Parameters
    ----------
    values
        One per period, oldest first.
    name
        What is measured, in words.
    periods
        What each period is called, for the hover text.
    unit
        ``count``, ``money`` or ``rate`` (0..1).
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> sparkline([1, 2, 3], name="Active customers").data[0].y
    (1.0, 2.0, 3.0)
    """
    words = Words(lang).within("figure.kpis")
    write = "exact rate" if unit == "rate" else unit
    called = periods or range(1, len(values) + 1)
    rows = pd.DataFrame({"y": list(values), "period": list(called)})
    known = rows["y"].dropna().tolist() or [None]
    return Sparkline(rows=rows, y="y", y_as=write, hover="hover").drawn(
        words,
        title=words("title", name=literal(name), n=len(rows)),
        subtitle=words("subtitle", name=name),
        alt=words(
            "alt", name=name, first=words.write(known[0], write),
            last=words.write(known[-1], write), n=len(rows),
        ),
    )  # fmt: skip
