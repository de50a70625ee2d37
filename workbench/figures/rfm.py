"""Which classes bring the money, where do customers stand, and who moved?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.figures.distributions import distributions
from workbench.figures.migration import migration
from workbench.findings import rfm as findings
from workbench.rfm import SEGMENTS
from workbench.words import Words

__all__ = ["distributions", "grid", "migration", "segments"]

# With more columns a phone has room for one number in a cell.
_COLUMNS_ON_A_PHONE = 6


def segments(
    summary: pd.DataFrame, *, currency: str | None = None, lang: labels.Lang = "en"
) -> go.Figure:
    """Which classes bring the money, and how many customers are that?

    Bars of the share of the money, key classes first and the largest first among them; beside each
    bar its share and customers.

    Parameters
    ----------
    summary
        One row per class (``segment, customers, customer_share, monetary, monetary_share``), from
        ``rfm.summary``.
    currency
        The money's currency, for the subtitle.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        With ``layout.meta``: ``alt``, ``subtitle``, ``height``, ``phone``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> summary = pd.DataFrame({
    ...     "segment": ["key_champion", "general_keep"], "customers": [1, 3],
    ...     "customer_share": [0.25, 0.75], "monetary": [80.0, 20.0],
    ...     "monetary_share": [0.8, 0.2]})
    >>> [trace.x for trace in segments(summary).data]
    [(0.8,), (0.2,)]
    """
    columns = ("segment", "customers", "customer_share", "monetary", "monetary_share")
    schema.require(summary, "summary", columns, made_by="rfm.summary(segments)")
    words = Words(lang, currency).within("figure.rfm.segments")
    is_general = summary["segment"].str.startswith("general_")
    rows = (
        summary.assign(
            tone=is_general.map({True: "grey", False: "kept"}),
            place=summary["segment"].map(list(SEGMENTS).index),
        )
        .sort_values(["tone", "monetary_share", "place"], ascending=[False, False, True])
        .reset_index(drop=True)
    )
    chart = charts.Bars(
        rows=rows, label="segment", label_as="segment", value="monetary_share", counts="customers",
        tone="tone", apart=True, beside="beside", hover="hover", row_px=34, signs=(30, 12),
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", customers=summary["customers"].sum()),
        alt=findings.concentration(summary, lang=lang),
    )


def grid(
    grid: pd.DataFrame,
    *,
    high_from: int = 4,
    currency: str | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """Where does the money stand between lately and long ago, often and seldom?

    A heat map, the best corner top right; in each cell its money and customers.

    Parameters
    ----------
    grid
        One row per recency and frequency score (``recency_score, frequency_score, customers,
        monetary``), from ``rfm.grid``.
    high_from
        From which score the text alternative speaks of "lately" and "often".
    currency
        The money's currency, for the subtitle.
    lang
        ``en`` or ``zh``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"recency_score": [1, 1, 2, 2], "frequency_score": [1, 2, 1, 2],
    ...                       "customers": [3, 0, 1, 2], "monetary": [30.0, 0.0, 20.0, 90.0]})
    >>> grid(table).data[0].z
    ([30.0, 0.0], [20.0, 90.0])
    """
    columns = ("recency_score", "frequency_score", "customers", "monetary")
    schema.require(grid, "grid", columns, made_by="rfm.grid(scores)")
    words = Words(lang, currency).within("figure.rfm.grid")
    is_narrow = grid["frequency_score"].nunique() > _COLUMNS_ON_A_PHONE
    chart = charts.Matrix(
        rows=grid.assign(buyers=grid["customers"].where(grid["customers"] > 0)),
        x="frequency_score", y="recency_score", value="monetary", counts="customers",
        absent={"customers": 0, "monetary": 0.0}, x_title="x", y_title="y", upward=True,
        cell="cell", cell_phone="cell_phone" if is_narrow else "", row_px=54,
    )  # fmt: skip
    return chart.drawn(
        words, title=words("title"), subtitle=words("subtitle", customers=grid["customers"].sum()),
        alt=findings.grid(grid, high_from=high_from, lang=lang),
    )  # fmt: skip
