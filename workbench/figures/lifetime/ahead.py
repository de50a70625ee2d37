"""Where does the value ahead come from, who is worth most, and who is still active?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import lifetime as findings
from workbench.findings.lifetime.words import LEAST
from workbench.words import Words

_TOP = 12
_MEASURES = ("expected_monetary", "lifetime_value")


def value(
    concentration: pd.DataFrame,
    total: pd.DataFrame,
    *,
    horizon_days: int,
    yearly_rate: float = 0.1,
    currency: str | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """From how few customers does the value ahead come?

    Parameters
    ----------
    concentration
        One row per tenth of the customers, from ``value.concentration``.
    total
        One row, the ``total`` of ``value.expect``.
    horizon_days, yearly_rate
        How far ahead, and the discount rate, as in ``value.expect``.
    currency
        The money's currency, for the subtitle.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Bars of the share of the lifetime value, the most valuable tenth first; the total with its
        interval stands in the subtitle.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> tenths = pd.DataFrame({"tenth": [1, 2], "customers": 50, "expected_purchases": [40.0, 9.0],
    ...     "expected_monetary": [80.0, 20.0], "lifetime_value": [75.0, 18.0],
    ...     "lifetime_value_share": [0.8, 0.2]})
    >>> ends = {f"{name}{end}": [95.0] for name in ("expected_monetary", "lifetime_value")
    ...         for end in ("", "_low", "_high")}
    >>> value(tenths, pd.DataFrame({"customers": [100], **ends}), horizon_days=365).data[0].x
    (0.8, 0.2)
    """
    columns = ("tenth", "customers", "expected_purchases", *_MEASURES, "lifetime_value_share")
    schema.require(concentration, "concentration", columns, made_by="value.concentration(…)")
    ends = [f"{name}{end}" for name in _MEASURES for end in ("", "_low", "_high")]
    schema.require(total, "total", ("customers", *ends), made_by="value.expect(…).total")
    words = Words(lang, currency).within("figure.lifetime.value")
    worth: dict[Any, Any] = dict.fromkeys(ends) | dict(*total.to_dict("records"))
    subtitle = words("subtitle", days=horizon_days, rate=yearly_rate, **worth)
    rows = concentration.loc[concentration["lifetime_value_share"].notna()].sort_values("tenth")
    if 0 < worth.get("customers", 0) < LEAST:
        rows, subtitle = rows.iloc[:0], words("few", n=LEAST)
    chart = charts.Bars(
        rows=rows.assign(tone=rows["tenth"].eq(1).map({True: "kept", False: "grey"})),
        label="tenth", label_as="tenth", value="lifetime_value_share", tone="tone",
        beside="beside", hover="hover", narrowest_px=charts.style.PANEL_PX,
    )  # fmt: skip
    alt = findings.ahead(total, concentration, horizon_days=horizon_days, lang=lang)
    return chart.drawn(words, title=words("title"), subtitle=subtitle, alt=alt)


def top(
    listed: pd.DataFrame,
    *,
    horizon_days: int,
    yearly_rate: float = 0.1,
    currency: str | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """Who is worth most, and how sure is that?

    Parameters
    ----------
    listed
        One row per customer, the ``customers`` of ``value.expect``, perhaps named by
        ``tables.named``.
    horizon_days, yearly_rate, currency, lang
        As in ``value``.

    Returns
    -------
    plotly.graph_objects.Figure
        The twelve most valuable customers with their intervals, expected purchases beside them.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> listed = pd.DataFrame({"customer_id": ["a"], "probability_alive": [None],
    ...     "expected_purchases": [12.0], "lifetime_value": [90.0], "lifetime_value_low": [80.0],
    ...     "lifetime_value_high": [99.0]})
    >>> top(listed, horizon_days=365).data[0].hovertext
    ('<b>a</b><br>90 (80 – 99)<br>12 purchases<br>active: cannot be told',)
    """
    columns = ("customer_id", "probability_alive", "expected_purchases", "lifetime_value")
    ends = ("lifetime_value_low", "lifetime_value_high")
    schema.require(listed, "listed", (*columns, *ends), made_by="value.expect(…).customers")
    words = Words(lang, currency).within("figure.lifetime.top")
    order = ["lifetime_value", "customer_id"]
    rows = listed.sort_values(order, ascending=[False, True], ignore_index=True)
    chart = charts.Bars(
        rows=rows.assign(customer_name=findings.names(rows)), label="customer_name",
        value="lifetime_value", with_interval=True, beside="beside", hover="hover",
        at_most=_TOP, signs=(30, 12), narrowest_px=charts.style.PANEL_PX,
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", days=horizon_days, rate=yearly_rate),
        alt=findings.top(rows, horizon_days=horizon_days, lang=lang),
    )


def alive(activity: pd.DataFrame, *, model: str, lang: labels.Lang = "en") -> go.Figure:
    """How many customers are still active, how likely, and of how many can it not be told?

    Parameters
    ----------
    activity
        One row per tenth of probability, and one of those that cannot be told, from
        ``value.activity``.
    model
        The name of the model's class, such as ``BetaGeo``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Bars of customers, the likeliest first; those that cannot be told are a bar of their own.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"left": [0.0, 0.9, None], "right": [0.1, 1.0, None],
    ...     "is_told": [True, True, False], "customers": [40, 60, 100],
    ...     "customer_share": [0.2, 0.3, 0.5]})
    >>> alive(table, model="BetaGeo").layout.yaxis.ticktext
    ('90 to 100%', '0 to 10%', 'cannot be told')
    """
    columns = ("left", "right", "is_told", "customers", "customer_share")
    schema.require(activity, "activity", columns, made_by="value.activity(…)")
    words = Words(lang).within("figure.lifetime.alive")
    rows = activity.sort_values(["is_told", "left"], ascending=False, ignore_index=True)
    is_told = rows["is_told"].astype("bool")
    rows = rows.assign(
        band=[
            words("band", low=low, high=high)
            for low, high in zip(100 * rows["left"], 100 * rows["right"], strict=True)
        ],
        tone=is_told.map({True: "kept", False: "grey"}),
    )
    untold = int(rows.loc[~is_told, "customers"].sum())
    chart = charts.Bars(
        rows=rows if untold else rows[is_told], label="band", value="customers", tone="tone",
        beside="beside", hover="hover", narrowest_px=charts.style.PANEL_PX,
        line_after=len(rows) - 1 if untold else 0,
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", model=model, untold=model if untold else None),
        alt=findings.alive(activity, lang=lang),
    )
