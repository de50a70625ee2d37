"""Whom does a salesperson write to this morning, and what has happened with one lead?"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import campaigns, charts, worklist
from workbench.exhibit import Sheet, exhibit
from workbench.words import Words

# What a lead does, in a timeline; all else is done by us or to the plan.
_HEARD = ("replied", "positive", "negative", "opted_out")
# From the top down: what the lead said, what we did, what became of the plan, what is to come.
_COLOURS = {"lead": "kept", "us": "ink", "plan": "grey", "ahead": "due"}
_LANES = {
    **dict.fromkeys(_HEARD, "lead"), "pending": "ahead",
    **dict.fromkeys(("done", "sent", "skipped", "taken_over"), "us"),
}  # fmt: skip
_MARKS = {
    colour: charts.Mark(colour=colour, is_hollow=colour == "due")
    for colour in ("kept", "ink", "grey", "due", "risk")
}  # fmt: skip


@exhibit(campaigns.MORNING)
def day(morning: pd.DataFrame, words: Words) -> Sheet:
    """How much is due, and how much was left lying?"""
    counts = morning.iloc[0]
    values = {name: int(counts[name]) or None for name in ("missed", "done")}
    ones = {f"one_{name}": count if count == 1 else None for name, count in values.items()}
    date = counts["as_of"]
    return Sheet(words("some", n=int(counts["due"]) or None, date=date, **values, **ones))


@exhibit(
    worklist.LISTED, minor=["lead_id", "owner_name", "plan", "text"],
    columns=["due_date", "lead_id", "lead_name", "owner_name", "plan", "step", "channel", "text"],
)  # fmt: skip
def steps(steps: pd.DataFrame, words: Words) -> Sheet:
    """Which steps are due, were missed, or wait?"""
    return Sheet(words("some", n=len(steps)))


@exhibit(
    campaigns.LYING, minor=["lead_id", "owner_name", "plan", "step", "channel", "overtaken"],
    columns=["missed_since", "lead_id", "lead_name", "missed", "owner_name", "plan", "step",
             "channel", "overtaken"],
)  # fmt: skip
def missed(missed: pd.DataFrame, words: Words) -> Sheet:
    """Which leads were left lying?"""
    return Sheet(words("some", n=len(missed), steps=int(missed["missed"].sum())))


@exhibit(
    worklist.LISTED,
    minor=["lead_id", "owner_name", "plan", "channel", "text_sent", "edited"],
    columns=["closed_at", "lead_id", "lead_name", "owner_name", "plan", "step", "channel",
             "text_sent", "edited"],
)  # fmt: skip
def done(done: pd.DataFrame, words: Words) -> Sheet:
    """Which steps are done?"""
    return Sheet(words("some", n=len(done)))


@exhibit(
    worklist.WAITING, strong=["lead_name"], accent=["waiting_days"],
    columns=["waiting_since", "waiting_days", "lead_id", "lead_name", "owner_name", "channel",
             "text"],
    minor=["waiting_days", "lead_id", "owner_name", "channel", "text"],
)  # fmt: skip
def handovers(handovers: pd.DataFrame, words: Words) -> Sheet:
    """Who said yes and waits for a call?"""
    key = f"nurture.handovers.{'some' if len(handovers) else 'none'}"
    return Sheet(words(key, n=len(handovers)))


@exhibit(
    worklist.TIMELINE, minor=["plan", "channel", "by_whom"],
    columns=["at", "what", "plan", "step", "due_date", "channel", "text", "reason", "by_whom"],
)  # fmt: skip
def timeline(
    events: pd.DataFrame,
    words: Words,
    *,
    as_of: Any,
    ahead: pd.DataFrame | None = None,
    lead: str | None = None,
) -> Sheet:
    """What has happened with one lead, and what is to come?

    ``events`` are as ``campaigns.timeline`` gives them, or those that happened alone, with what is
    still pending in ``ahead``: ``step``, ``due_date``. ``lead`` is its name.
    """
    is_ahead = events["what"] == "pending"
    ahead = events[is_ahead] if ahead is None else ahead
    events = events[~is_ahead]
    told = events[~events["is_undone"].astype(bool) & ~events["what"].isin(["planned", "undone"])]
    past = told.assign(day=told["at"].dt.normalize())
    each = pd.concat([past, ahead.assign(day=ahead["due_date"], what="pending")])
    each["lane"] = each["what"].map(_LANES).fillna("plan")
    rows = each.groupby(["lane", "day"], as_index=False).agg(
        whats=("what", lambda whats: list(dict.fromkeys(whats))), steps=("step", _numbers)
    )
    by_number = rows["whats"].map(lambda whats: set(whats) <= {"done", "sent", "pending"})
    marks = [_colour(*pair) for pair in zip(rows["lane"], rows["whats"], strict=True)]
    day = pd.Timestamp(str(as_of))
    chart = charts.Timeline(
        rows=rows.assign(steps=rows["steps"].where(by_number), mark=marks), x="day", y="lane",
        y_name="lane", lanes=tuple(_COLOURS), mark="mark", marks=_MARKS, above="above",
        line_at=day, x_name="day", head_px=174,
    )  # fmt: skip
    values: dict[str, Any] = {}
    for last in told[told["what"].isin(_HEARD)].tail(1).to_dict("records"):
        values |= {"heard": last["at"], "what": last["what"]}
    for step in ahead.sort_values(["due_date", "step"]).head(1).to_dict("records"):
        name = "step" if step["due_date"] >= day else "late_step"
        values |= {name: step["step"], "due": step["due_date"]}
    wrote = int(told["what"].isin(["done", "sent"]).sum())
    return Sheet(words("some", n=wrote or None, lead=lead, **values), chart)


def _numbers(steps: "pd.Series[int]") -> str:
    return ", ".join(str(int(step)) for step in steps.dropna())


def _colour(lane: str, whats: Sequence[str]) -> str:
    if lane == "lead" and {"negative", "opted_out"} & set(whats):
        return "risk"
    if lane == "lead" and "positive" not in whats:
        return "grey"
    return _COLOURS[lane]
