"""What part of the money is repeat business, what part comes from new customers?"""

import datetime as dt
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import bins, style, text
from workbench.figures.retention import spans
from workbench.findings import retention as findings

# A year and the month it is compared with; the table holds all.
_PERIODS = 13
_PARTS = (
    ("repeat_revenue", "repeat", style.KEPT, style.KEPT_TEXT),
    ("new_revenue", "first", style.GREY, style.GREY_TEXT),
)


def revenue(
    revenue: pd.DataFrame,
    *,
    currency: str | None = None,
    begins: dt.date | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """What part of each period's money is repeat business, what part comes from new customers?

    Parameters
    ----------
    revenue
        One row per period, from ``retention.revenue``.
    currency
        The money's currency, for the subtitle.
    begins
        The first day of the order book; by default that of the first period.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Stacked bars of the last 13 periods, above each the share of repeat business.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "period": pd.to_datetime(["2026-10-01"]), "new_customers": [4], "repeat_customers": [6],
    ...     "new_revenue": [20.0], "repeat_revenue": [80.0], "revenue": [100.0],
    ...     "repeat_share": [0.8], "every": "month"})
    >>> [trace.y for trace in revenue(table).data]
    [(80.0,), (20.0,)]
    """
    columns = ("period", "new_customers", "repeat_customers", "new_revenue", "repeat_revenue")
    schema.require(
        revenue, "revenue", (*columns, "revenue", "repeat_share", "every"),
        made_by="retention.revenue(orders, as_of=…)",
    )  # fmt: skip
    every = str(revenue["every"].iloc[0]) if len(revenue) else "month"
    rows = revenue.sort_values("period").tail(_PERIODS)
    title = labels.text("figure.retention.revenue.title", lang)
    whole = len(rows) == len(revenue)
    words = labels.text(f"every.{every}", lang)
    subtitle = labels.text(
        "figure.retention.revenue.subtitle",
        lang,
        every=words,
        currency=style.currency(currency, lang),
        older=labels.text("figure.retention.older_new", lang, every=words)
        if whole and spans.is_first(rows["period"].tolist(), begins)
        else "",
        last=""
        if whole
        else labels.text(
            f"figure.retention.revenue.last.{every}", lang, n=len(rows), all=len(revenue)
        ),
    )
    if rows.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    places = list(range(len(rows)))
    figure = style.base(title, height=380)
    for column, key, colour, _ in _PARTS:
        figure.add_bar(
            x=places,
            y=rows[column].tolist(),
            marker={"color": colour, "line": {"width": 0}},
            hovertext=[_said(row, every, lang) for row in rows.to_dict("records")],
            hoverinfo="text",
            name=labels.text(f"figure.retention.{key}", lang),
        )
    tops = rows[["new_revenue", "repeat_revenue"]].clip(lower=0).sum(axis=1).tolist()
    bottom = float(rows[["new_revenue", "repeat_revenue"]].clip(upper=0).sum(axis=1).min())
    top = max([*tops, 1.0])
    _name_parts(figure, lang)
    phone = _write_shares(figure, rows["repeat_share"].tolist(), top, lang)
    marks = bins.ticks(top)
    figure.update_yaxes(
        tickvals=marks,
        ticktext=[text.short(mark, lang) for mark in marks],
        range=[bottom * 1.08 if bottom < 0 else 0, top * 1.15],
        showgrid=True,
        tickfont={"color": style.GREY_TEXT},
        ticklabelstandoff=6,
        zeroline=bottom < 0,
        # title and axis take about 90 px of the height, the names 44 of the rest
        domain=[0, 1 - 44 / 290],
    )
    starts = rows["period"].tolist()
    wide, narrow = (places[::-1][:: -(-len(places) // at_most)][::-1] for at_most in (5, 4))
    # a name below the first bar would reach the other axis
    wide, narrow = ([i for i in named if i or len(named) == 1] for named in (wide, narrow))
    figure.update_xaxes(
        tickvals=wide,
        ticktext=[spans.short(starts[i], every, lang) for i in wide],
        range=[-0.6, len(places) - 0.4],
        tickangle=0,
    )
    figure.update_layout(barmode="relative", bargap=0.3)
    phone |= {
        "xaxis.tickvals": narrow,
        "xaxis.ticktext": [spans.shorter(starts[i], every, lang) for i in narrow],
    }
    return style.finished(
        figure, alt=findings.revenue(revenue, lang=lang), subtitle=subtitle, phone=phone
    )


def _name_parts(figure: go.Figure, lang: labels.Lang) -> None:
    """Name the two parts above the plot, each in its own colour."""
    for i, (_, key, _, ink) in enumerate(_PARTS):
        figure.add_annotation(
            text=f"■ {labels.text(f'figure.retention.{key}', lang)}", showarrow=False, xref="paper",
            x=0, xanchor="left", yref="paper", y=1, yanchor="top", yshift=-18 * i, borderpad=0,
            font={"color": ink, "size": style.SMALL},
        )  # fmt: skip


def _write_shares(
    figure: go.Figure, shares: list[Any], top: float, lang: labels.Lang
) -> dict[str, Any]:
    """Write the shares in a line above the bars; on a phone every third, the last among them."""
    phone: dict[str, Any] = {}
    for i, share in enumerate(shares):
        said = labels.MISSING if pd.isna(share) else labels.percent(share, lang)
        if (len(shares) - 1 - i) % 3:
            phone[f"annotations[{len(figure.layout.annotations)}].visible"] = False
        figure.add_annotation(
            x=i, y=top, text=said, visible=True, showarrow=False, yanchor="bottom", yshift=4,
            borderpad=0, font={"color": style.KEPT_TEXT, "size": style.SMALL},
        )  # fmt: skip
    return phone


def _said(row: dict[Any, Any], every: str, lang: labels.Lang) -> str:
    parts = (
        ("repeat_said", "repeat_revenue", "repeat_customers"),
        ("new_said", "new_revenue", "new_customers"),
    )
    lines = [
        labels.text(
            f"figure.retention.{key}",
            lang,
            money=labels.money(float(row[money]), lang),
            customers=text.customers(int(row[customers]), lang),
        )
        for key, money, customers in parts
    ]
    return "<br>".join([f"<b>{findings.period(row['period'], every, lang)}</b>", *lines])
