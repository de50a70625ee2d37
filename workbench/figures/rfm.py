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
    title = labels.text("figure.rfm.segments.title", lang)
    total = int(summary["customers"].sum()) if len(summary) else 0
    subtitle = labels.text(
        "figure.rfm.segments.subtitle",
        lang,
        currency=style.currency(currency, lang),
        customers=text.customers(total, lang),
    )
    if not total:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    rows = _by_tier(summary)
    names = [labels.text(f"segment.{segment}", lang) for segment in rows["segment"]]
    shares = [0.0 if pd.isna(share) else float(share) for share in rows["monetary_share"]]
    beside = [
        f"<b>{text.shown(text.share(share, lang))}</b> · {text.customers(int(n), lang)}"
        for share, n in zip(rows["monetary_share"], rows["customers"], strict=True)
    ]
    figure = style.base(title, height=60 + 34 * len(rows))
    for tier, colour in (("key_", style.KEPT), ("general_", style.GREY)):
        held = [i for i, segment in enumerate(rows["segment"]) if segment.startswith(tier)]
        figure.add_bar(
            orientation="h",
            x=[shares[i] for i in held],
            y=held,
            customdata=[int(rows["customers"].iloc[i]) for i in held],
            text=[beside[i] for i in held],
            textposition="outside",
            textfont={"color": style.GREY_TEXT, "size": style.SMALL},
            cliponaxis=False,
            hovertext=[_segment_said(rows.iloc[i], names[i], lang) for i in held],
            hoverinfo="text",
            marker={"color": colour, "line": {"width": 0}},
        )
    figure.update_xaxes(
        visible=False, range=text.room(shares, beside, names, window_px=style.WIDE_PX)
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=names,
        range=[len(rows) - 0.5, -0.5],
        ticklabelstandoff=6,
    )
    figure.update_layout(bargap=0.35, barmode="overlay")
    lines = [text.wrapped(name, lang) for name in names]
    phone = {
        "yaxis.ticktext": lines,
        "xaxis.range": text.room(shares, beside, lines, window_px=style.PHONE_PX),
    }
    return style.finished(
        figure, alt=findings.concentration(summary, lang=lang), subtitle=subtitle, phone=phone
    )


def _by_tier(summary: pd.DataFrame) -> pd.DataFrame:
    """Sort the classes: key before general, the most money first, then the order of the classes."""
    place = {segment: i for i, segment in enumerate(SEGMENTS)}
    return (
        summary.assign(
            is_general=summary["segment"].str.startswith("general_"),
            place=summary["segment"].map(place),
        )
        .sort_values(["is_general", "monetary_share", "place"], ascending=[True, False, True])
        .reset_index(drop=True)
    )


def _segment_said(row: Any, name: str, lang: labels.Lang) -> str:
    money_share = labels.text(
        "figure.rfm.segments.of_money",
        lang,
        share=text.shown(labels.percent(row["monetary_share"], lang, digits=1)),
    )
    customer_share = labels.text(
        "figure.rfm.segments.of_customers",
        lang,
        share=text.shown(labels.percent(row["customer_share"], lang, digits=1)),
    )
    money = labels.money(row["monetary"], lang)
    return (
        f"<b>{name}</b><br>{money} · {money_share}"
        f"<br>{text.customers(int(row['customers']), lang)} · {customer_share}"
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
