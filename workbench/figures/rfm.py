"""Which classes bring the money, where do customers stand, and who moved?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.figures import style, text
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

    Returns
    -------
    plotly.graph_objects.Figure
        A heat map, the best corner top right; in each cell its money and customers.

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
    title = labels.text("figure.rfm.grid.title", lang)
    total = int(grid["customers"].sum()) if len(grid) else 0
    subtitle = labels.text(
        "figure.rfm.grid.subtitle",
        lang,
        currency=style.currency(currency, lang),
        customers=text.customers(total, lang),
    )
    if not total:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    money = grid.pivot(index="recency_score", columns="frequency_score", values="monetary")
    people = grid.pivot(index="recency_score", columns="frequency_score", values="customers")
    people = people.fillna(0).astype(int)
    money = money.fillna(0.0)
    recencies, frequencies = money.index.tolist(), money.columns.tolist()
    cells: list[tuple[float, float, str, str]] = []
    hover = []
    for r in recencies:
        for f in frequencies:
            wide, narrow = _cell(int(people.loc[r, f]), float(money.loc[r, f]), lang)
            cells.append(
                (
                    float(f),
                    float(r),
                    wide,
                    narrow if len(frequencies) > _COLUMNS_ON_A_PHONE else wide,
                )
            )
        hover.append([_grid_hover(r, f, people, money, lang) for f in frequencies])
    figure = style.base(title, height=90 + 54 * max(len(recencies), 3))
    figure.add_heatmap(
        x=frequencies,
        y=recencies,
        z=[[float(value) for value in row] for row in money.to_numpy()],
        customdata=[[int(n) for n in row] for row in people.to_numpy()],
        hovertext=hover,
        hoverinfo="text",
        zmin=0,
        zmax=max(float(money.to_numpy().max()), 1.0),
        colorscale=[[i / (len(style.HEAT) - 1), colour] for i, colour in enumerate(style.HEAT)],
        showscale=False,
        xgap=2,
        ygap=2,
    )
    for axis, scores, key in (
        (figure.update_xaxes, frequencies, "figure.rfm.grid.x"),
        (figure.update_yaxes, recencies, "figure.rfm.grid.y"),
    ):
        axis(
            title={"text": labels.text(key, lang, best=max(scores))},
            tickvals=scores,
            ticktext=[str(score) for score in scores],
        )
    phone = style.write_cells(figure, cells)
    alt = findings.grid(grid, high_from=high_from, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone)


def _cell(customers: int, money: float, lang: labels.Lang) -> tuple[str, str]:
    if not customers:
        return labels.MISSING, labels.MISSING
    said = labels.number(customers, lang)
    return f"<b>{text.short(money, lang)}</b><br>{said}", said


def _grid_hover(
    recency: Any, frequency: Any, people: pd.DataFrame, money: pd.DataFrame, lang: labels.Lang
) -> str:
    where = labels.text("figure.rfm.grid.hover", lang, recency=recency, frequency=frequency)
    n = int(people.loc[recency, frequency])
    amount = labels.money(float(money.loc[recency, frequency]), lang)
    return f"<b>{amount}</b><br>{text.customers(n, lang)}<br>{where}"
