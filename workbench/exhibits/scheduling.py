"""On which days is what due, and how full is whose day?"""

import pandas as pd

from workbench import charts, scheduling
from workbench.exhibit import Sheet, capitalised, exhibit
from workbench.people import called
from workbench.words import Words

_RULES = {
    "as_printed": charts.Mark(colour="risk", ink="risk_text", symbol="diamond"),
    "even": charts.Mark(colour="kept", ink="kept_text", side="left"),
}


@exhibit(scheduling.RULES_COMPARED)
def rules(days: pd.DataFrame, words: Words) -> Sheet:
    """On which days does each rule put the touches of one cycle?"""
    # where both agree, the rule as printed has no mark of its own
    marks = days.sort_values("rule", ascending=False).drop_duplicates(["step", "day"])
    cycle = int(days["cycle_days"].max()) if len(days) else None
    chart = charts.Timeline(
        rows=marks.sort_values("step"), x="day", y="step", y_name="step", mark="rule", marks=_RULES,
        legend="rule", beside="beside", x_name="day", line_at=cycle, head_px=110,
    )  # fmt: skip
    if cycle is None:
        return Sheet(words("figure.no_data"), chart)
    printed = days.loc[days["rule"] == "as_printed", "day"]
    late = int((printed > cycle).sum())
    said = {"n": late, "steps": len(printed), "cycle": cycle, "last": printed.max()}
    return Sheet(words("some" if late else "few", **said), chart)


@exhibit(scheduling.DATES)
def timeline(dates: pd.DataFrame, words: Words, *, warnings: pd.DataFrame | None = None) -> Sheet:
    """On which dates are the touches of one lead due?

    ``warnings``, from ``scheduling.warnings``, are told in the grey line.
    """
    rows = dates.sort_values("step")
    first, is_moved = rows["original_date"].min(), rows["move_reason"].notna()
    rows = rows.assign(
        day=(rows["due_date"] - first).dt.days,
        planned=(rows["original_date"] - first).dt.days.where(is_moved),
    )
    chart = charts.Timeline(
        rows=rows, x="day", y="step", y_name="step", beside="beside", planned="planned"
    )
    subtitle = _warned(words, warnings)
    if rows.empty:
        return Sheet(words("figure.no_data"), chart, subtitle=subtitle)
    last, moved = rows["due_date"].max(), int(is_moved.sum())
    days = (last - rows["due_date"].min()).days + 1
    sentence = words("some", touches=len(rows), days=days, date=last, n=moved, moved=moved or None)
    return Sheet(sentence, chart, subtitle=subtitle)


@exhibit(scheduling.WORKLOAD)
def workload(load: pd.DataFrame, words: Words, *, warnings: pd.DataFrame | None = None) -> Sheet:
    """How full is each owner's day? The table has ``owner_name`` too: see ``People.named``.

    ``warnings``, from ``scheduling.warnings``, are told in the grey line.
    """
    rows = load.assign(
        owner_id=load["owner_id"].astype("object").fillna(""),
        owner=called(load, "owner").fillna(words("nobody")),
    )  # fmt: skip
    chart = charts.Matrix(
        rows=rows, x="due_date", y="owner_id", value="steps", name="owner",
        x_as="short date", beside="beside", more="more", absent={"steps": 0}, head_px=86,
        counts="steps",
        opens=charts.Opens(lists=["scheduling.touches"], by=["owner_id", "due_date"]),
    )  # fmt: skip
    subtitle = _warned(words, warnings, most=rows["steps"].max())
    if rows.empty:
        return Sheet(words("figure.no_data"), chart, subtitle=subtitle)
    order = ["steps", "due_date", "owner_id"]
    fullest = rows.sort_values(order, ascending=[False, True, True]).iloc[0]
    return Sheet(words("some", **fullest), chart, subtitle=subtitle)


@exhibit(
    scheduling.PLANNED, minor=["owner_name", "original_date", "move_reason"],
    columns=["due_date", "lead_name", "owner_name", "step", "original_date", "move_reason"],
    codes=["owner_id", "due_date"],
)  # fmt: skip
def touches(plan: pd.DataFrame, words: Words) -> Sheet:
    """Who is touched on which day? The table has names too: see ``People.named``."""
    listed = plan.sort_values(["due_date", "lead_id", "step"], ignore_index=True)
    said = {"touches": len(plan), "n": plan["lead_id"].nunique(), "date": plan["due_date"].min()}
    return Sheet(words("some" if len(plan) else "none", **said), listed=listed)


def cost(before: pd.DataFrame, after: pd.DataFrame, words: Words, *, step: str) -> str:
    """What does another cycle, capacity or calendar mean in work?

    Parameters
    ----------
    before, after
        Two plans, as ``scheduling.plan`` makes them.
    words
        The language.
    step
        What was moved, in words.

    Examples
    --------
    >>> one = {"lead_id": "L1", "owner_id": "S1", "plan": "spring"}
    >>> before, after = (scheduling.dates("2026-11-02", days).assign(**one) for days in (30, 14))
    >>> cost(before, after, Words(), step="Cycle from 30 → 14")
    'Cycle from 30 → 14: the last touch on 15 Nov 2026 instead of 1 Dec 2026, still at most one a day'
    """
    plans = {"then": before, "now": after}
    days = {name: plan["due_date"].max() for name, plan in plans.items()}
    most = {
        f"most_{name}": plan.groupby(["owner_id", "due_date"], dropna=False).size().max()
        for name, plan in plans.items()
    }  # fmt: skip
    values = {**days, **most}
    for then, now, stays in (("then", "now", "stays"), ("most_then", "most_now", "most_stays")):
        values[stays] = values[now]
        if values[now] == values[then]:
            values[now] = values[then] = None
    return words("scheduling.cost", step=step, **values)


def _warned(words: Words, warnings: pd.DataFrame | None, **values: object) -> str:
    told = [] if warnings is None else [
        capitalised(words(f"warned.{row.warning}", touches=row.steps))
        for row in warnings.itertuples()
    ]  # fmt: skip
    return words.joined([words("subtitle", **values), *told])
