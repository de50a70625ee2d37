"""What has happened with one lead, and what is to come?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import queue as findings
from workbench.words import Words

# From the top down: what the lead said, what we did, what became of the plan, what is to come.
_COLOURS = {"lead": "kept", "us": "ink", "plan": "grey", "ahead": "due"}
_LANES = {
    **dict.fromkeys(findings.HEARD, "lead"),
    **dict.fromkeys(("done", "sent", "skipped", "taken_over"), "us"),
    "pending": "ahead",
}
_MARKS = {
    colour: charts.Mark(colour=colour, is_hollow=colour == "due")
    for colour in (*_COLOURS.values(), "risk")
}


def timeline(
    events: pd.DataFrame, ahead: pd.DataFrame, *, as_of: object, lang: labels.Lang = "en"
) -> go.Figure:
    """What has happened with one lead, and what is to come?

    Four lanes over the days: what the lead said, what was done, what became of the plan, what lies
    ahead (hollow).

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
    words = Words(lang).within("figure.nurture.timeline")
    told = events[~events["is_undone"].astype(bool) & ~events["what"].isin(["planned", "undone"])]
    each = pd.concat(
        [
            told.assign(day=told["at"].dt.normalize()),
            ahead.assign(day=ahead["due_date"], what="pending"),
        ]
    )
    each["lane"] = each["what"].map(_LANES).fillna("plan")
    rows = each.groupby(["lane", "day"], as_index=False).agg(
        whats=("what", lambda whats: list(dict.fromkeys(whats))), steps=("step", _steps)
    )
    by_number = rows["whats"].map(lambda whats: set(whats) <= {"done", "sent", "pending"})
    chart = charts.Timeline(
        rows=rows.assign(
            steps=rows["steps"].where(by_number),
            mark=[_colour(lane, whats) for lane, whats in zip(rows["lane"], rows["whats"], strict=True)],
        ),
        x="day", y="lane", y_name="lane", lanes=tuple(_COLOURS), mark="mark", marks=_MARKS,
        above="above", line_at=pd.Timestamp(str(as_of)), x_name="day", head_px=174,
    )  # fmt: skip
    return chart.drawn(
        words, title=words("title"), subtitle=words("subtitle"),
        alt=findings.timeline(events, ahead, as_of=as_of, lang=lang),
    )  # fmt: skip


def _steps(steps: "pd.Series[int]") -> str:
    return ", ".join(str(int(step)) for step in steps.dropna())


def _colour(lane: str, whats: list[str]) -> str:
    if lane == "lead" and {"negative", "opted_out"} & set(whats):
        return "risk"
    if lane == "lead" and "positive" not in whats:
        return "grey"
    return _COLOURS[lane]
