"""On which days is what due, and how full is whose day?"""

import datetime as dt
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.figures import style, text
from workbench.findings import scheduling as findings
from workbench.words import Words

# More owners than this make a list, not a figure; the rest are counted below it.
_OWNERS_SHOWN = 20
_MARK = 13
# a panel in a notebook on a phone is narrower than a page
_NARROWEST_PX = 225


def rules(days: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """On which days does each rule put the touches of one cycle?

    Parameters
    ----------
    days
        One row per rule and step (``rule, step, day, cycle_days``), from ``scheduling.compare``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        One line per touch: a disc where the even rule puts it, a diamond where the rule as printed
        does, and the end of the cycle.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> from workbench import scheduling
    >>> [list(trace.x) for trace in rules(scheduling.compare(7)).data]
    [[6, 7, 8, 10], [1, 2, 3, 5, 6, 7]]
    """
    schema.require(
        days, "days", ("rule", "step", "day", "cycle_days"), made_by="scheduling.compare(30)"
    )
    title = labels.text("figure.scheduling.rules.title", lang)
    subtitle = labels.text("figure.scheduling.rules.subtitle", lang)
    if days.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)
    cycle = int(days["cycle_days"].iloc[0])
    even = days[days["rule"] == "even"].sort_values("step")
    printed = days[days["rule"] == "as_printed"].sort_values("step")
    apart = printed[printed["day"].to_numpy() != even["day"].to_numpy()]
    end = max(int(days["day"].max()), cycle)
    figure = style.base(title, height=110 + 34 * len(even))
    for rows, colour, ink, symbol, place, rule in (
        (apart, style.RISK, style.RISK_TEXT, "diamond", "middle right", "as_printed"),
        (even, style.KEPT, style.KEPT_TEXT, "circle", "middle left", "even"),
    ):
        figure.add_scatter(
            x=rows["day"].tolist(),
            y=rows["step"].tolist(),
            mode="markers+text",
            text=[f"<b>{day}</b>" for day in rows["day"]],
            textposition=place,
            textfont={"color": ink, "size": style.SMALL},
            cliponaxis=False,
            name=labels.text(f"rule.{rule}", lang),
            marker={"color": colour, "size": _MARK, "symbol": symbol},
            hovertext=[
                labels.text(
                    "figure.scheduling.rules.hover",
                    lang,
                    rule=labels.text(f"rule.{rule}", lang),
                    step=step,
                    day=day,
                )
                for step, day in zip(rows["step"], rows["day"], strict=True)
            ],
            hoverinfo="text",
        )
    figure.add_shape(
        type="line", x0=cycle, x1=cycle, xref="x", yref="paper", y0=0, y1=1,
        line={"color": style.GREY, "width": 1.5, "dash": "dot"}, layer="below",
    )  # fmt: skip
    _name_the_marks(figure, lang)
    figure.update_yaxes(
        tickvals=even["step"].tolist(),
        ticktext=[labels.text("figure.scheduling.step", lang, step=n) for n in even["step"]],
        range=[len(even) + 0.6, 0.4],
        domain=[0, 1 - 34 / figure.layout.height],
        showgrid=True,
    )
    ticks = sorted({1, cycle, end})
    figure.update_xaxes(
        range=[1 - 0.12 * max(end - 1, 8), end + 0.12 * max(end - 1, 8)],
        tickvals=ticks,
        ticktext=[labels.text("figure.scheduling.day", lang, day=day) for day in ticks],
        tickfont={"color": style.GREY_TEXT},
    )
    narrow = [1, end] if end - cycle < end * 0.3 else ticks
    phone = {
        "xaxis.tickvals": narrow,
        "xaxis.ticktext": [labels.text("figure.scheduling.day", lang, day=day) for day in narrow],
    }
    return style.finished(
        figure, alt=findings.rules(days, lang=lang), subtitle=subtitle, phone=phone
    )


def timeline(
    dates: pd.DataFrame, warnings: pd.DataFrame | None = None, *, lang: labels.Lang = "en"
) -> go.Figure:
    """On which dates are the touches of one lead due?

    Parameters
    ----------
    dates
        One row per step (``step, due_date, original_date, move_reason``), from
        ``scheduling.dates``.
    warnings
        One row per warning (``warning, steps``), from ``scheduling.warnings``, for the subtitle.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        One line per touch with its date; a moved one shows, hollow, where it was first planned.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> from workbench import scheduling
    >>> figure = timeline(scheduling.dates("2026-11-02", 7))
    >>> list(figure.data[-1].x)
    [0, 1, 2, 4, 5, 6]
    """
    columns = ("step", "due_date", "original_date", "move_reason")
    schema.require(dates, "dates", columns, made_by="scheduling.dates(start, cycle_days)")
    title = labels.text("figure.scheduling.timeline.title", lang)
    subtitle = labels.text("figure.scheduling.timeline.subtitle", lang) + _warned(warnings, lang)
    if dates.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)
    rows = dates.sort_values("step")
    first = rows["original_date"].min()
    due = [(day - first).days for day in rows["due_date"]]
    planned = [(day - first).days for day in rows["original_date"]]
    steps = rows["step"].astype(int).tolist()
    beside = [_date_said(row, lang) for row in rows.itertuples()]
    names = [labels.text("figure.scheduling.step", lang, step=n) for n in steps]
    figure = style.base(title, height=60 + 34 * len(rows))
    moved = [i for i, reason in enumerate(rows["move_reason"]) if pd.notna(reason)]
    if moved:
        # from where it was planned to where it is due
        line = [
            part
            for i in moved
            for part in ((planned[i], steps[i]), (due[i], steps[i]), (None, None))
        ]
        figure.add_scatter(
            x=[x for x, _ in line], y=[y for _, y in line], mode="lines", hoverinfo="skip",
            line={"color": style.DUE, "width": 2}, cliponaxis=False,
        )  # fmt: skip
        figure.add_scatter(
            x=[planned[i] for i in moved], y=[steps[i] for i in moved], mode="markers",
            marker={"color": style.PAPER, "size": _MARK - 2, "symbol": "circle",
                    "line": {"color": style.DUE, "width": 2}},
            hovertext=[
                labels.text(
                    "figure.scheduling.planned", lang,
                    date=_day(rows["original_date"].iloc[i], lang),
                )
                for i in moved
            ],
            hoverinfo="text", cliponaxis=False,
        )  # fmt: skip
    figure.add_scatter(
        x=due,
        y=steps,
        mode="markers+text",
        text=[f"  {said}" for said in beside],
        textposition="middle right",
        textfont={"color": style.INK, "size": style.SMALL},
        cliponaxis=False,
        marker={"color": style.KEPT, "size": _MARK},
        hovertext=[f"<b>{name}</b><br>{said}" for name, said in zip(names, beside, strict=True)],
        hoverinfo="text",
    )
    wide, narrow = (
        text.room([float(day) for day in due], [f"    {said}" for said in beside], names,
                  window_px=window)
        for window in (style.WIDE_PX, _NARROWEST_PX)
    )  # fmt: skip
    edge = max(max(due) * 0.06, 0.3)
    figure.update_xaxes(visible=False, range=[-edge, wide[1]])
    figure.update_yaxes(
        tickvals=steps, ticktext=names, range=[max(steps) + 0.6, min(steps) - 0.6], showgrid=True
    )
    return style.finished(
        figure,
        alt=findings.timeline(dates, lang=lang),
        subtitle=subtitle,
        phone={"xaxis.range": [-edge, narrow[1]]},
    )


def workload(
    load: pd.DataFrame, warnings: pd.DataFrame | None = None, *, lang: labels.Lang = "en"
) -> go.Figure:
    """How full is each owner's day?

    Parameters
    ----------
    load
        One row per owner and day (``owner_id, owner_name, due_date, steps``), from
        ``scheduling.workload`` with the owners' names.
    warnings
        One row per warning (``warning, steps``), from ``scheduling.warnings``, for the subtitle.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        A heat map, one line per owner and one column per day, most touches first, at most 20
        owners; beside each line all touches and the most on one day.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> load = pd.DataFrame({"owner_id": ["S1", "S1"], "owner_name": "Lin Yue", "steps": [4, 2],
    ...                      "due_date": pd.to_datetime(["2026-11-03", "2026-11-05"])})
    >>> list(workload(load).data[0].z[0])
    [4.0, None, 2.0]
    """
    columns = ("owner_id", "owner_name", "due_date", "steps")
    schema.require(load, "load", columns, made_by="scheduling.workload(plan)")
    words = Words(lang).within("figure.scheduling.workload")
    ids = load["owner_id"].astype("object").fillna("")
    names = load["owner_name"].astype("object").fillna("").astype("str").str.strip()
    owners = names.where(names != "", ids).replace("", words("nobody"))
    chart = charts.Matrix(
        rows=load.assign(owner_id=ids, owner=owners),
        x="due_date", y="owner_id", value="steps", name="owner", x_as="short date",
        beside="beside", more="more", absent={"steps": 0}, head_px=86,
    )  # fmt: skip
    return chart.drawn(
        words, title=words("title"), alt=findings.workload(load, lang=lang),
        subtitle=words("subtitle", most=load["steps"].max(), warned=_warned(warnings, lang)),
    )  # fmt: skip


def _day(day: Any, lang: labels.Lang) -> str:
    weekday = labels.text(f"weekday.{day.isoweekday()}", lang)
    return labels.text("figure.scheduling.date", lang, weekday=weekday, date=_short_day(day, lang))


def _short_day(day: dt.date, lang: labels.Lang) -> str:
    """Write a day without its year."""
    from babel.dates import format_date

    locale = {"en": "en_GB", "zh": "zh_CN"}[lang]
    said: str = format_date(day, {"en": "d MMM", "zh": "M月d日"}[lang], locale=locale)
    return said


def _date_said(row: Any, lang: labels.Lang) -> str:
    said = _day(row.due_date, lang)
    if pd.notna(row.move_reason):
        said += labels.text(
            "figure.scheduling.because",
            lang,
            reason=labels.text(f"move_reason.{row.move_reason}", lang),
        )
    return said


def _warned(warnings: pd.DataFrame | None, lang: labels.Lang) -> str:
    said = "" if warnings is None else findings.warned(warnings, lang=lang)
    return f" {said}" if said else ""


def _owner(name: Any, owner_id: Any, lang: labels.Lang, *, limit: int = 16) -> str:
    if pd.notna(name) and str(name).strip():
        return text.literal(name, limit=limit)
    return (
        text.literal(owner_id, limit=limit)
        if owner_id
        else labels.text("figure.scheduling.nobody", lang)
    )


def _cell_said(name: str, day: Any, steps: float, lang: labels.Lang) -> str:
    n = 0 if pd.isna(steps) else int(steps)
    touches = labels.text("finding.scheduling.touches", lang, n=n, count=labels.number(n, lang))
    return f"<b>{name}</b><br>{_day(day, lang)}<br>{touches}"


def _day_ticks(days: int, pixels: float) -> list[int]:
    """Choose days to name, the first among them, as many as there is room for."""
    apart = 1
    while days / apart * 58 > pixels and apart < days:
        apart += 1
    return list(range(0, days, apart))


def _name_the_marks(figure: go.Figure, lang: labels.Lang) -> None:
    """Write what the two marks mean above the first line, in their colours."""
    x = 0.0
    for mark, rule, colour, ink in (
        ("●", "even", style.KEPT, style.KEPT_TEXT),
        ("◆", "as_printed", style.RISK, style.RISK_TEXT),
    ):
        words = labels.text(f"rule.{rule}", lang)
        for said, shade in ((mark, colour), (words, ink)):
            figure.add_annotation(
                text=said, showarrow=False, xref="paper", x=0, xanchor="left", xshift=x,
                yref="paper", y=1, yanchor="top", borderpad=0,
                font={"color": shade, "size": style.SMALL},
            )  # fmt: skip
            x += 16 if said == mark else text.pixels(said) + 18


def _count_the_rest(figure: go.Figure, rest: pd.DataFrame, lang: labels.Lang) -> None:
    total = int(rest["total"].sum())
    said = labels.text(
        "figure.scheduling.workload.more",
        lang,
        n=len(rest),
        count=labels.number(len(rest), lang),
        touches=labels.text(
            "finding.scheduling.touches", lang, n=total, count=labels.number(total, lang)
        ),
    )
    figure.add_annotation(
        text=said, showarrow=False, xref="paper", x=0, xanchor="left", yref="paper", y=0,
        yanchor="top", yshift=-26, font={"color": style.GREY_TEXT, "size": style.SMALL},
    )  # fmt: skip
    figure.update_layout(margin={"b": 56})
