"""Where does the value ahead come from, who is worth most, and who is still active?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.findings import lifetime as findings
from workbench.findings.lifetime import words

_TOP = 12
_MEASURES = ("expected_monetary", "lifetime_value")
_NAME, _NAME_ON_A_PHONE = 30, 12
# a panel on a phone is narrower than a report
_PHONE_PX = 222


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
    title = labels.text("figure.lifetime.value.title", lang)
    worth: Any = total.iloc[0] if len(total) else dict.fromkeys(ends)
    subtitle = labels.text(
        "figure.lifetime.value.subtitle",
        lang,
        days=labels.number(horizon_days, lang),
        rate=findings.rate(yearly_rate, lang),
        money=labels.money(worth["lifetime_value"], lang),
        low=labels.money(worth["lifetime_value_low"], lang),
        high=labels.money(worth["lifetime_value_high"], lang),
        currency=style.currency(currency, lang),
    )
    rows = concentration.loc[concentration["lifetime_value_share"].notna()].sort_values("tenth")
    if 0 < worth.get("customers", 0) < words.LEAST:
        subtitle = labels.text(
            "figure.lifetime.value.few", lang, n=words.LEAST, count=labels.number(words.LEAST, lang)
        )
        return style.no_data(title, subtitle=subtitle, lang=lang)
    if rows.empty or total.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    names = [findings.class_name("tenth", str(tenth), lang) for tenth in rows["tenth"]]
    shares = rows["lifetime_value_share"].astype("float64").tolist()
    beside = [
        f"<b>{text.shown(text.share(share, lang))}</b> · {text.short(money, lang)}"
        for share, money in zip(shares, rows["lifetime_value"], strict=True)
    ]
    hover = [
        f"<b>{name}</b><br>{text.customers(int(row['customers']), lang)}<br>"
        + labels.text(
            "figure.lifetime.value.hover",
            lang,
            purchases=labels.number(row["expected_purchases"], lang),
            money=labels.money(row["expected_monetary"], lang),
        )
        for name, (_, row) in zip(names, rows.iterrows(), strict=True)
    ]
    colours = [style.KEPT if tenth == 1 else style.GREY for tenth in rows["tenth"]]
    figure, phone = _flat_bars(title, shares, names, names, beside, hover, colours)
    alt = findings.ahead(total, concentration, horizon_days=horizon_days, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone)


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
    title = labels.text("figure.lifetime.top.title", lang)
    subtitle = labels.text(
        "figure.lifetime.top.subtitle",
        lang,
        days=labels.number(horizon_days, lang),
        rate=findings.rate(yearly_rate, lang),
        currency=style.currency(currency, lang),
    )
    order = ["lifetime_value", "customer_id"]
    ranked = listed.sort_values(order, ascending=[False, True], ignore_index=True)
    rows = ranked.head(_TOP)
    if rows.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    given = findings.names(rows)
    worth = rows["lifetime_value"].astype("float64").tolist()
    bought = [_purchases(count, lang) for count in rows["expected_purchases"]]
    beside = [
        f"<b>{text.short(money, lang)}</b> · {count}"
        for money, count in zip(worth, bought, strict=True)
    ]
    hover = [
        f"<b>{text.literal(name)}</b><br>{labels.money(row['lifetime_value'], lang)} "
        f"({labels.money(row['lifetime_value_low'], lang)} – "
        f"{labels.money(row['lifetime_value_high'], lang)})<br>{count}<br>"
        + labels.text(
            "figure.lifetime.active",
            lang,
            chance=text.shown(findings.probability(row["probability_alive"], lang)),
        )
        for name, count, (_, row) in zip(given, bought, rows.iterrows(), strict=True)
    ]
    figure, phone = _flat_bars(
        title,
        worth,
        [text.literal(name, limit=_NAME) for name in given],
        [text.literal(name, limit=_NAME_ON_A_PHONE) for name in given],
        beside,
        hover,
        [style.KEPT] * len(rows),
        intervals=rows,
    )
    alt = findings.top(ranked, horizon_days=horizon_days, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone)


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
    title = labels.text("figure.lifetime.alive.title", lang)
    name = findings.model(model, lang)
    untold = activity.loc[~activity["is_told"].astype("bool"), "customers"].sum()
    subtitle = labels.text("figure.lifetime.alive.subtitle", lang, model=name)
    if untold:
        subtitle += labels.text("figure.lifetime.alive.subtitle_untold", lang, model=name)
    rows = activity.sort_values(["is_told", "left"], ascending=False, ignore_index=True)
    if not untold:
        rows = rows.loc[rows["is_told"].astype("bool")]
    if not rows["customers"].sum():
        return style.no_data(title, subtitle=subtitle, lang=lang)

    names = [_chances(row, lang) for _, row in rows.iterrows()]
    beside = [
        f"<b>{labels.number(int(n), lang)}</b> · {text.shown(text.share(share, lang))}"
        for n, share in zip(rows["customers"], rows["customer_share"], strict=True)
    ]
    hover = [
        f"<b>{said}</b><br>{text.customers(int(n), lang)}"
        for said, n in zip(names, rows["customers"], strict=True)
    ]
    colours = [style.KEPT if told else style.GREY for told in rows["is_told"]]
    heights = [float(n) for n in rows["customers"]]
    figure, phone = _flat_bars(title, heights, names, names, beside, hover, colours)
    if untold:
        # a line between what is known and what is not
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, yref="y", y0=len(rows) - 1.5,
            y1=len(rows) - 1.5, line={"color": style.GREY, "width": 1, "dash": "dot"},
        )  # fmt: skip
    alt = findings.alive(activity, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone)


def _flat_bars(
    title: str,
    values: list[float],
    names: list[str],
    short_names: list[str],
    beside: list[str],
    hover: list[str],
    colours: list[str],
    *,
    intervals: pd.DataFrame | None = None,
) -> tuple[go.Figure, dict[str, Any]]:
    """Draw flat bars with words beside them, and say what changes on a phone."""
    places = list(range(len(values)))
    beside = [f"\u2002{words}" for words in beside]
    figure = style.base(title, height=60 + 30 * len(values))
    figure.add_bar(
        orientation="h",
        x=values,
        y=places,
        marker={"color": colours, "line": {"width": 0}},
        hovertext=hover,
        hoverinfo="text",
    )
    ends = values
    if intervals is not None:
        ends = intervals["lifetime_value_high"].astype("float64").tolist()
        low = intervals["lifetime_value_low"].astype("float64").tolist()
        figure.data[0].error_x = {
            "type": "data",
            "symmetric": False,
            "array": [end - one for end, one in zip(ends, values, strict=True)],
            "arrayminus": [one - start for start, one in zip(low, values, strict=True)],
            "color": style.INK,
            "thickness": 1.5,
            "width": 4,
        }
    figure.add_scatter(
        x=ends, y=places, mode="text", text=beside,
        textposition="middle right", textfont={"color": style.GREY_TEXT, "size": style.SMALL},
        hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip
    figure.update_xaxes(
        visible=False, range=text.room(ends, beside, names, window_px=style.WIDE_PX)
    )
    figure.update_yaxes(
        tickvals=places, ticktext=names, range=[len(values) - 0.5, -0.5], ticklabelstandoff=6
    )
    figure.update_layout(bargap=0.35)
    phone: dict[str, Any] = {
        "xaxis.range": text.room(ends, beside, short_names, window_px=_PHONE_PX)
    }
    if short_names != names:
        phone["yaxis.ticktext"] = short_names
    return figure, phone


def _chances(row: Any, lang: labels.Lang) -> str:
    if not row["is_told"]:
        return labels.text("alive.cannot_tell", lang)
    left, right = (f"{float(row[end]) * 100:g}" for end in ("left", "right"))
    return labels.text("figure.lifetime.band", lang, left=left, right=right)


def _purchases(count: float, lang: labels.Lang) -> str:
    said = labels.number(count, lang, digits=0 if count >= 9.95 else 1)
    return labels.text("figure.lifetime.purchases", lang, n=said, count=said)
