"""What has happened with one lead, and what is to come?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.findings import queue as findings

# From the top down: what the lead said, what we did, what became of the plan, what is to come.
_LANES = ("lead", "us", "plan", "ahead")
_OURS = ("done", "sent", "skipped", "taken_over")
_COLOURS = {"lead": style.KEPT, "us": style.INK, "plan": style.GREY, "ahead": style.DUE}
_GOOD, _BAD = ("positive",), ("negative", "opted_out")
# What is left free at both ends, as a share; how far words stand from their mark, and apart.
_EDGE, _SHIFT, _GAP = 0.07, 14, 6
# The narrowest a panel's figure gets on a phone.
_NARROWEST_PX = 225


def timeline(
    events: pd.DataFrame, ahead: pd.DataFrame, *, as_of: object, lang: labels.Lang = "en"
) -> go.Figure:
    """What has happened with one lead, and what is to come?

    Parameters
    ----------
    events
        One row per event, from ``worklist.timeline``: ``at``, ``what``, ``step``, ``is_undone``;
        what was taken back is left out.
    ahead
        The steps that are still pending: ``step``, ``due_date``.
    as_of
        The day, marked by a line.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Four lanes over the days: what the lead said, what was done, what became of the plan, what
        lies ahead (hollow).

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> events = pd.DataFrame({"at": pd.to_datetime(["2026-11-02 9:00"]), "what": "done",
    ...                        "step": [1], "is_undone": False})
    >>> ahead = pd.DataFrame({"step": [2], "due_date": pd.to_datetime(["2026-11-03"])})
    >>> drawn = timeline(events, ahead, as_of="2026-11-02")
    >>> sorted(words.text for words in drawn.layout.annotations)
    ['1', '2']
    """
    schema.require(
        events, "events", ("at", "what", "step", "is_undone"), made_by="worklist.timeline(…)"
    )
    schema.require(ahead, "ahead", ("step", "due_date"), made_by="worklist.steps(…)")
    title = labels.text("figure.nurture.timeline.title", lang)
    subtitle = labels.text("figure.nurture.timeline.subtitle", lang)
    marks = _marks(events, ahead, lang)
    if marks.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)
    figure = style.base(title, height=310)
    for place, lane in enumerate(_LANES):
        rows = marks[marks["lane"] == lane]
        if rows.empty:
            continue
        figure.add_scatter(
            x=rows["day"].tolist(),
            y=[place] * len(rows),
            mode="markers",
            marker={
                "size": 12,
                "color": style.PAPER if lane == "ahead" else rows["colour"].tolist(),
                "line": {"color": rows["colour"].tolist(), "width": 2},
            },
            hovertext=rows["said"].tolist(),
            hoverinfo="text",
            cliponaxis=False,
            name="",
        )
    today = pd.Timestamp(str(as_of))
    first = min(marks["day"].min(), today)
    span = max(marks["day"].max() - first, today - first, pd.Timedelta(days=6))
    figure.add_vline(x=today, line={"color": style.GREY, "width": 1, "dash": "dot"})
    lanes = [labels.text(f"figure.nurture.timeline.{lane}", lang) for lane in _LANES]
    wide, narrow = (
        _placed(marks, first, span, window - max(map(text.pixels, lanes)) - 16)
        for window in (style.WIDE_PX, _NARROWEST_PX)
    )
    for (lane, day), (words, above, anchor) in zip(_points(marks), wide, strict=True):
        figure.add_annotation(
            x=day, y=_LANES.index(lane), text=words, showarrow=False, borderpad=0,
            yshift=_SHIFT if above else -_SHIFT, xanchor=anchor,
            font={"color": style.INK, "size": style.SMALL},
        )  # fmt: skip
    days = pd.date_range(first, first + span, periods=4).normalize()
    figure.update_xaxes(
        range=[first - _EDGE * span, first + (1 + _EDGE) * span],
        tickvals=days.tolist(),
        ticktext=[_day(day, lang) for day in days],
        tickfont={"color": style.GREY_TEXT},
    )
    figure.update_yaxes(
        tickvals=list(range(len(_LANES))),
        ticktext=lanes,
        range=[len(_LANES) - 0.45, -0.7],
        showgrid=True,
    )
    few = [days[0], days[-1]]
    phone: dict[str, Any] = {
        "xaxis.tickvals": few,
        "xaxis.ticktext": [_day(day, lang) for day in few],
    }
    for place, (words, above, anchor) in enumerate(narrow):
        phone[f"annotations[{place}].text"] = words
        phone[f"annotations[{place}].yshift"] = _SHIFT if above else -_SHIFT
        phone[f"annotations[{place}].xanchor"] = anchor
    return style.finished(
        figure,
        alt=findings.timeline(events, ahead, as_of=as_of, lang=lang),
        subtitle=subtitle,
        phone=phone,
    )


def _placed(
    marks: pd.DataFrame, first: pd.Timestamp, span: pd.Timedelta, room: float
) -> list[tuple[str, bool, str]]:
    """Place each mark's words above it, else below it, else nowhere: a pointer still tells them.

    In the order of ``marks``: the words, whether they stand above, and at which end they are held.
    """
    placed = []
    taken: dict[tuple[str, bool], float] = {}
    for (lane, day), words in zip(_points(marks), marks["words"], strict=True):
        x = ((day - first) / span + _EDGE) / (1 + 2 * _EDGE) * room
        half = text.pixels(words) / 2
        anchor = "left" if x < half else "right" if x + half > room else "center"
        left = {"left": x, "center": x - half, "right": x - 2 * half}[anchor]
        for above in (True, False):
            if left >= taken.get((lane, above), -_GAP) + _GAP:
                taken[lane, above] = left + 2 * half
                placed.append((words, above, anchor))
                break
        else:
            placed.append(("", True, "center"))
    return placed


def _points(marks: pd.DataFrame) -> list[tuple[str, pd.Timestamp]]:
    return list(zip(marks["lane"].tolist(), marks["day"].tolist(), strict=True))


def _marks(events: pd.DataFrame, ahead: pd.DataFrame, lang: labels.Lang) -> pd.DataFrame:
    """Give a mark per lane and day, with the words beside it: the steps, or what happened."""
    told = events[~events["is_undone"].astype(bool) & (events["what"] != "planned")]
    told = told[told["what"] != "undone"]
    did = pd.DataFrame(
        {
            "lane": [_lane(what) for what in told["what"]],
            "day": told["at"].dt.normalize(),
            "what": told["what"],
            "step": told["step"],
        }
    )
    comes = pd.DataFrame(
        {"lane": "ahead", "day": ahead["due_date"], "what": "pending", "step": ahead["step"]}
    )
    rows = []
    both = pd.concat([part for part in (did, comes) if len(part)] or [did], ignore_index=True)
    for (lane, at), mine in both.groupby(["lane", "day"], sort=True):
        day = pd.Timestamp(str(at))
        kinds = list(dict.fromkeys(mine["what"]))
        steps = [str(int(step)) for step in mine["step"].dropna()]
        words = [labels.text(f"what.{kind}", lang) for kind in kinds]
        by_number = steps and set(kinds) <= {"done", "sent", "pending"}
        rows.append(
            {
                "lane": lane,
                "day": day,
                "words": ", ".join(steps) if by_number else labels.listed(words, lang),
                "colour": _colour(str(lane), kinds),
                "said": labels.text(
                    "figure.pair",
                    lang,
                    name=labels.date(day.date(), lang),
                    value=labels.listed(words, lang),
                ),
            }
        )
    return pd.DataFrame(rows, columns=["lane", "day", "words", "colour", "said"])


def _lane(what: str) -> str:
    if what in findings.HEARD:
        return "lead"
    return "us" if what in _OURS else "plan"


def _colour(lane: str, kinds: list[str]) -> str:
    if lane == "lead" and set(kinds) & set(_BAD):
        return style.RISK
    if lane == "lead" and not set(kinds) & set(_GOOD):
        return style.GREY
    return _COLOURS[lane]


def _day(value: pd.Timestamp, lang: labels.Lang) -> str:
    return labels.text(
        "figure.nurture.day", lang, weekday=labels.text(f"weekday.{value.isoweekday()}", lang),
        day=value.day, month=value.month,
    )  # fmt: skip
