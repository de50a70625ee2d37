"""How does it go on after the first purchase, and how long does the second one take?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.figures.retention import spans
from workbench.findings import retention as findings

# Later ages rest on the few oldest cohorts; the table holds them all.
_LAST_AGE, _LAST_DAY = 24, 365
_LABELLED, _UNLABELLED_ON_A_PHONE = (1, 6, 12), 6


def by_age(
    by_age: pd.DataFrame,
    *,
    measure: findings.Measure = "customers",
    lang: labels.Lang = "en",
) -> go.Figure:
    """What share is active so long after the first purchase, all cohorts together?

    Parameters
    ----------
    by_age
        One row per age, from ``retention.by_age``.
    measure
        ``customers``, or ``money`` for what they brought against their first period.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        A line up to 24 months or weeks after, of customers with its interval; below the ticks how
        many could be seen so long.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "age": [0, 1], "cohort_size": [200, 190], "customers": [200, 61],
    ...     "active_share": [1.0, 0.32], "active_share_low": [0.98, 0.26],
    ...     "active_share_high": [1.0, 0.39], "money_share": [1.0, 0.5], "every": "month"})
    >>> by_age(table).data[-1].y
    (0.32,)
    """
    columns = ("age", "cohort_size", "customers", "money_share", "every")
    bounds = ("active_share", "active_share_low", "active_share_high")
    schema.require(
        by_age, "by_age", (*columns, *bounds), made_by="retention.by_age(retention.cohorts(…))"
    )
    every = str(by_age["every"].iloc[0]) if len(by_age) else "month"
    share = "active_share" if measure == "customers" else "money_share"
    title = labels.text(f"figure.retention.by_age.{measure}", lang)
    subtitle = labels.text(
        f"figure.retention.by_age.subtitle.{measure}",
        lang,
        every=labels.text(f"every.{every}", lang),
    )
    rows = by_age.loc[by_age["age"].between(1, _LAST_AGE) & by_age[share].notna()]
    rows = rows.sort_values("age")
    if rows.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    ages, values = rows["age"].tolist(), rows[share].tolist()
    low = high = values
    figure = style.base(title, height=380)
    if measure == "customers":
        low, high = (rows[f"active_share_{end}"].tolist() for end in ("low", "high"))
        _band(figure, ages, low, high, shape="linear")
    figure.add_scatter(
        x=ages,
        y=values,
        mode="lines+markers",
        line={"color": style.KEPT, "width": 2.5},
        marker={"color": style.KEPT, "size": 6},
        hovertext=[_age_said(row, share, every, lang) for row in rows.to_dict("records")],
        hoverinfo="text",
        name=title,
    )
    phone: dict[str, Any] = {}
    for i, (age, value) in enumerate(zip(ages, values, strict=True)):
        if age in _LABELLED or (age == ages[-1] and age > _LABELLED[-1] + 4):
            said = f"<b>{text.shown(text.share(value, lang))}</b>"
            before, after = values[max(i - 1, 0)], values[min(i + 1, len(values) - 1)]
            # on the side the line does not go to
            above = 2 * value >= before + after
            anchor = "left" if before > value > after else "right" if after > value > before else ""
            level = high[i] if above else low[i]
            if age == _UNLABELLED_ON_A_PHONE:
                phone[f"annotations[{len(figure.layout.annotations)}].visible"] = False
            _name_point(figure, age, level, said, above=above, anchor=anchor or "center")
    last = int(ages[-1])
    counts = dict(zip(ages, rows["cohort_size"], strict=True))
    steps = (1, 2, 3, 6, 12)
    wide, narrow = (
        [age for age in spans.ticks(last, steps, window_px=window, first=1) if age in counts]
        for window in (style.WIDE_PX, spans.NARROWEST_PX)
    )
    _name_ticks(figure, counts, wide, lang)
    figure.update_xaxes(
        title={"text": labels.text(f"figure.retention.x.{every}", lang)},
        range=[1 - max(last * 0.06, 0.4), last + max(last * 0.06, 0.4)],
    )
    _share_axis(figure, high)
    return style.finished(
        figure,
        alt=findings.by_age(by_age, measure=measure, lang=lang),
        subtitle=subtitle,
        phone=phone | {"xaxis.tickvals": narrow, "xaxis.ticktext": _ticktext(counts, narrow, lang)},
    )


def second(curve: pd.DataFrame, *, within_days: int = 90, lang: labels.Lang = "en") -> go.Figure:
    """What share has bought a second time, so many days after the first?

    Parameters
    ----------
    curve
        One row per day, one curve, from ``retention.time_to_second``.
    within_days
        The time that is marked, and told of.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        The curve with its interval up to a year, or to ``within_days`` where that is more; below
        the ticks how many had not come back and were still watched.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> curve = pd.DataFrame({
    ...     "days": [0, 20, 80, 120], "at_risk": [100, 100, 62, 40], "came_back_count": [0, 38, 22, 0],
    ...     "repurchased_share": [0.0, 0.38, 0.61, 0.61],
    ...     "repurchased_share_low": [None, 0.29, 0.52, 0.52],
    ...     "repurchased_share_high": [None, 0.48, 0.71, 0.71]})
    >>> second(curve, within_days=60).data[2].y
    (0.0, 0.38, 0.61, 0.61)
    """
    columns = ("days", "at_risk", "came_back_count", "repurchased_share")
    bounds = ("repurchased_share_low", "repurchased_share_high")
    schema.require(curve, "curve", (*columns, *bounds), made_by="retention.time_to_second(second)")
    title = labels.text("figure.retention.second.title", lang)
    subtitle = labels.text("figure.retention.second.subtitle", lang)
    whole = curve.sort_values("days")
    if whole.empty or not int(whole["at_risk"].iloc[0]) or whole["days"].max() == 0:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    end = int(min(max(_LAST_DAY, within_days), whole["days"].max()))
    seen = whole.loc[whole["days"] <= end]
    days, share = seen["days"].tolist(), seen["repurchased_share"].tolist()
    low, high = (
        seen[name].astype("float64").fillna(seen["repurchased_share"]).tolist() for name in bounds
    )
    if days[-1] < end:
        # the curve stays where it is until the end of the axis
        for course in (share, low, high):
            course.append(course[-1])
        days.append(end)
    waiting = _waiting(whole, days)
    figure = style.base(title, height=380)
    _band(figure, days, low, high, shape="hv")
    figure.add_scatter(
        x=days,
        y=share,
        mode="lines",
        line={"shape": "hv", "width": 2.5, "color": style.KEPT},
        name=title,
        hovertext=[
            labels.text(
                "figure.retention.second.hover",
                lang,
                day=int(day),
                share=text.shown(text.share(value, lang)),
                n=labels.number(waiting[day], lang),
            )
            for day, value in zip(days, share, strict=True)
        ],
        hoverinfo="text",
    )
    last = f"<b>{text.shown(text.share(share[-1], lang))}</b>"
    _name_point(figure, end, high[-1], last, anchor="right")
    phone = _mark_days(figure, whole, within_days, end, lang)
    steps = (5, 10, 15, 30, 60, 90, 120, 180, 360)
    wide, narrow = (
        spans.ticks(end, steps, window_px=window) for window in (style.WIDE_PX, spans.NARROWEST_PX)
    )
    counts = _waiting(whole, sorted({*wide, *narrow}))
    _name_ticks(figure, counts, wide, lang)
    figure.update_xaxes(
        title={"text": labels.text("figure.retention.second.x", lang)},
        # a little air, so that the first tick stands clear of the other axis
        range=[-end * 0.06, end * 1.03],
    )
    _share_axis(figure, high)
    return style.finished(
        figure,
        alt=findings.second(curve, within_days=within_days, lang=lang),
        subtitle=subtitle,
        phone=phone | {"xaxis.tickvals": narrow, "xaxis.ticktext": _ticktext(counts, narrow, lang)},
    )


def _band(
    figure: go.Figure, x: list[Any], low: list[float], high: list[float], *, shape: str
) -> None:
    line = {"shape": shape, "width": 0, "color": style.KEPT}
    figure.add_scatter(x=x, y=low, mode="lines", line=line, hoverinfo="skip", name="")
    figure.add_scatter(
        x=x, y=high, mode="lines", line=line, hoverinfo="skip", fill="tonexty",
        fillcolor=style.KEPT_TINT, name="",
    )  # fmt: skip


def _name_point(
    figure: go.Figure, x: float, y: float, said: str, *, above: bool = True, anchor: str = "center"
) -> None:
    figure.add_annotation(
        x=x, y=y, text=said, visible=True, showarrow=False, xanchor=anchor,
        yanchor="bottom" if above else "top", yshift=5 if above else -5,
        borderpad=0, font={"color": style.KEPT_TEXT, "size": style.SIZE},
    )  # fmt: skip


def _mark_days(
    figure: go.Figure, curve: pd.DataFrame, within_days: int, end: int, lang: labels.Lang
) -> dict[str, Any]:
    """Mark the day that is asked for, and the one by which half were back; give a phone's changes."""
    then, half = findings.reached(curve, within_days), findings.half_day(curve)
    marks = []
    if then is not None:
        share = float(then["repurchased_share"])
        said = labels.text(
            "figure.retention.second.within",
            lang,
            share=text.shown(text.share(share, lang)),
            days=findings.days(within_days, lang),
        )
        figure.add_shape(
            type="line", xref="x", x0=within_days, x1=within_days, yref="y", y0=0, y1=share,
            line={"color": style.GREY, "width": 1.5, "dash": "dot"},
        )  # fmt: skip
        far = within_days > end * 0.55
        _name_day(figure, within_days, 0, said, far=far, above=True)
        marks.append((within_days, share))
    phone: dict[str, Any] = {}
    reached = None if half is None else findings.reached(curve, half)
    if half is not None and half <= end and reached is not None:
        said = labels.text("figure.retention.second.half", lang, day=half)
        share = float(reached["repurchased_share"])
        sides = [
            _side(half, within_days, end, text.pixels(said), window)
            for window in (style.WIDE_PX, spans.NARROWEST_PX)
        ]
        if sides[0]:
            right = sides[0] == "right"
            bound = reached["repurchased_share_low" if right else "repurchased_share_high"]
            level = share if pd.isna(bound) else float(bound)
            if sides[1] != sides[0]:
                phone[f"annotations[{len(figure.layout.annotations)}].visible"] = False
            _name_day(figure, half, level, said, far=not right, above=not right)
        marks.append((half, share))
    figure.add_scatter(
        x=[day for day, _ in marks],
        y=[height for _, height in marks],
        mode="markers",
        marker={"color": style.KEPT, "size": 9},
        hoverinfo="skip",
        name="",
    )
    return phone


def _side(half: int, within_days: int, end: int, wide: float, window_px: int) -> str:
    """On which side of its point is there room: right and below the curve, or left and above it?"""
    room = wide * end / (window_px - spans.BESIDE_PX)
    if half + room < (end if within_days <= half else within_days):
        return "right"
    return "left" if half > room else ""


def _name_day(
    figure: go.Figure, day: int, level: float, said: str, *, far: bool, above: bool
) -> None:
    figure.add_annotation(
        text=said, visible=True, showarrow=False, xref="x", x=day, xanchor="right" if far else "left",
        xshift=-6 if far else 6, yref="y", y=level, yanchor="bottom" if above else "top",
        yshift=5 if above else -5, borderpad=0, font={"color": style.INK, "size": style.SMALL},
    )  # fmt: skip


def _waiting(curve: pd.DataFrame, days: list[Any]) -> dict[Any, int]:
    """Count who had not come back and was still watched just before each day."""
    known = curve[["days", "at_risk"]].to_numpy()
    found = {}
    for day in days:
        later = known[known[:, 0] >= day, 1]
        found[day] = int(later[0]) if len(later) else 0
    return found


def _ticktext(counts: dict[Any, int], places: list[int], lang: labels.Lang) -> list[str]:
    return [f"{place}<br><b>{labels.number(int(counts[place]), lang)}</b>" for place in places]


def _name_ticks(
    figure: go.Figure, counts: dict[Any, int], places: list[int], lang: labels.Lang
) -> None:
    figure.update_xaxes(
        tickvals=places, ticktext=_ticktext(counts, places, lang), showline=True,
        linecolor=style.GREY, tickangle=0,
    )  # fmt: skip


def _share_axis(figure: go.Figure, tops: list[float]) -> None:
    figure.update_yaxes(
        range=[0, max([*tops, 0.05]) * 1.16], tickformat=".0%", showgrid=True, nticks=6,
        tickfont={"color": style.GREY_TEXT}, ticklabelstandoff=6,
    )  # fmt: skip


def _age_said(row: dict[Any, Any], share: str, every: str, lang: labels.Lang) -> str:
    said = f"<b>{text.shown(text.share(float(row[share]), lang))}</b><br>"
    said += labels.text(
        "figure.retention.of",
        lang,
        some=labels.number(int(row["customers"]), lang),
        customers=text.customers(int(row["cohort_size"]), lang),
    )
    said += f"<br>{findings.time(int(row['age']), every, lang)}"
    if share != "active_share":
        return said
    bounds = {end: labels.percent(row[f"active_share_{end}"], lang) for end in ("low", "high")}
    return said + "<br>" + labels.text("figure.retention.interval", lang, **bounds)
