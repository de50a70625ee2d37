"""What did nurture achieve, what was done and left lying, who answered, and what lies ahead?"""

import functools
from typing import Any

import pandas as pd

from workbench import arguments, charts, estimates, nurture, periods, schema
from workbench.exhibit import Sheet, capitalised, exhibit
from workbench.people import called
from workbench.words import Words, formats, spoken

# An extreme of a handful is chance: told of are groups of so many, if there are any.
_TOLD_FROM = 30
_LAST_DAY = 90
# What has waited for longer than that is told in one line.
_FRESH_DAYS = 60
_STATES = {"on_time": "kept", "late": "due", "missed": "risk", "not_done": "grey"}
_TERMS = (
    "in_nurture", "due", "on_time", "missed", "delivered", "answered", "positive", "followed",
    "waiting",
)  # fmt: skip
_STEPS = ("nurture.planned",)
_BOUNDS = [f"{rate}_{end}" for rate in nurture.RATES for end in ("low", "high")]


@exhibit(
    nurture.EFFECT, columns=[*nurture.SPLITS, "owner_name", *nurture.EFFECT.columns],
    minor=["owner_id", *_BOUNDS],
)  # fmt: skip
def effect(
    effect: pd.DataFrame, words: Words, *, by: str = "step", rate: str = "reply_rate"
) -> Sheet:
    """How often, in each group, and how sure is that? Owners by name: see ``People.named``."""
    arguments.one_of("rate", rate, nurture.RATES)
    arguments.one_of("by", by, list(effect.columns))
    successes, trials = nurture.RATES[rate]
    is_ordered = by in ("step", "template_version")
    rows = effect.sort_values(by if is_ordered else [rate, by], ascending=is_ordered)
    is_named = by == "owner_id" and "owner_name" in rows
    groups = [_called(words, by, group) for group in rows["owner_name" if is_named else by]]
    rows = rows.assign(
        called=groups, name=[_label(by, group, words) for group in groups],
        some=rows[successes], of=rows[trials],
    )  # fmt: skip
    chart = charts.Dots(rows=rows, values=[rate], beside="beside", hover="interval")
    known = rows[rows[rate].notna() & rows[by].notna()]
    large = known[known[trials] >= _TOLD_FROM]
    is_part = 0 < len(large) < len(known)
    known = (large if len(large) else known).sort_values([rate, trials], ascending=False)
    sentence, told = words("none"), known.iloc[[0, -1]].to_dict("records") if len(known) else []
    ends: dict[str, str] = {}
    if told:
        best, worst = told
        is_one = best[rate] == worst[rate]
        if not is_one:
            is_apart = best[f"{rate}_low"] > worst[f"{rate}_high"]
            named = ("best", "worst") if is_apart else ("first", "last")
            ends = dict(zip(named, (best["called"], worst["called"]), strict=True))
        sentence = words(
            f"some.{rate}", best=best["called"], best_rate=best[rate],
            worst=None if is_one else worst["called"], worst_rate=worst[rate],
        )  # fmt: skip
    return Sheet(
        sentence, chart, title=words(f"title.{rate}", by=words(f"by.{by}")),
        subtitle=words(
            "subtitle", of=words(f"of.{rate}"), least=_TOLD_FROM if is_part else None, **ends
        ),
        meaning=[words(f"meaning.{by}")] if words.has(f"meaning.{by}") else None,
    )  # fmt: skip


def _called(words: Words, by: str, group: Any) -> str:
    """Call a group within a sentence: words of ours begin small, a name stays as it is."""
    if formats.is_missing(group) or group != group:
        return words("unknown")
    keys = (f"group.{by}.{group}", f"group.{by}", f"{by}.{group}")
    key = next((key for key in keys if words.has(key)), None)
    return words(key, value=group) if key else words.write(str(group), "name")


def _label(by: str, called: str, words: Words) -> str:
    is_ours = words.has(f"group.{by}") or called == words("unknown")
    return capitalised(called) if is_ours else called


@exhibit(
    nurture.COMPARED, minor=["arm_base", "trials_needed"],
    columns=[*nurture.SPLITS, "arm_base", "rate_base", "arm", "rate", "trials_needed"],
)  # fmt: skip
def compared(compared: pd.DataFrame, words: Words) -> Sheet:
    """How much more often is one wording answered than the other, and is that more than chance?"""
    is_shown = compared["is_shown"].astype("bool")
    rows = compared.assign(
        name=[_pair(row, words) for row in compared.to_dict("records")],
        arm=[_arm(arm, words) for arm in compared["arm"]],
        arm_base=[_arm(arm, words) for arm in compared["arm_base"]],
        needed=compared["trials_needed"].mask(is_shown), no_difference=0.0,
        verdict=is_shown.map({True: words("shown"), False: words("equal")}),
    )  # fmt: skip
    chart = charts.Dots(
        rows=rows, values=["rate_difference"], strong="is_shown", line="no_difference",
        under="under", beside="beside", limit=24,
    )  # fmt: skip
    better = rows[is_shown].sort_values("rate_difference", key=abs, kind="stable", ascending=False)
    if better.empty:
        needed = rows["trials_needed"].min()
        return Sheet(words("none" if rows.empty else "few", needed=needed), chart)
    more = len(better) if len(better) > 1 else None
    return Sheet(words("some", **{**better.iloc[0], "more": more}), chart)


def _arm(arm: Any, words: Words) -> str:
    by = "edited" if arm in ("yes", "no") else "arm" if isinstance(arm, str) else "template_version"
    return _called(words, by, arm)


def _pair(row: dict[Any, Any], words: Words) -> str:
    """Say within which group two arms are compared."""
    groups = [by for by in ("plan", "step", "channel", "owner_id") if by in row]
    called = [_called(words, by, row[by]) for by in groups] or [words("all")]
    called[0] = _label(groups[0], called[0], words) if groups else capitalised(called[0])
    return functools.reduce(lambda first, then: words("pair", first=first, then=then), called)


@exhibit(
    nurture.COHORTS, minor=["enrolled"],
    columns=["cohort", "enrolled", "followed", "reactivation_rate", "conversion_rate"],
)  # fmt: skip
def cohorts(cohorts: pd.DataFrame, words: Words) -> Sheet:
    """Of those enrolled in a month, what share woke up, and what share became customers?"""
    # of the latest months nobody has been followed long enough
    rows = cohorts.loc[cohorts["followed"] > 0].sort_values("cohort")
    months = [periods.containing(day.date(), "month") for day in rows["cohort"]]
    rates = ("reactivation_rate", "conversion_rate")
    chart = charts.Dots(
        rows=rows.assign(name=[words.write(month, "period") for month in months]), values=rates,
        names=[f"column.{rate}" for rate in rates], tones=["kept", "due"], upright=True,
        under="followed",
    )  # fmt: skip
    sums = rows[["followed", "reactivated", "converted"]].sum()
    days = cohorts["within_days"].max()
    sentence = words("some" if len(rows) else "none", days=days, **sums)
    # a month is no day: 2026-10, not its first
    starts = [str(periods.containing(day.date(), "month")) for day in cohorts["cohort"]]
    listed = cohorts.assign(cohort=pd.Series(starts, cohorts.index, dtype="str"))
    return Sheet(sentence, chart, listed=listed, subtitle=words("subtitle", days=days))


@exhibit(estimates.SURVIVAL, columns=["time", "at_risk", "events", "survival"], rows=20)
def waiting(curve: pd.DataFrame, words: Words, *, within_days: int = 60) -> Sheet:
    """What share has answered positively after how many days, those who wait counted as waiting?

    The table is one curve of ``estimates.survival``, of ``nurture.waiting``.
    """
    curve = curve.sort_values("time")
    answered = pd.DataFrame(
        {"day": curve["time"], "share": 1 - curve["survival"], "at_risk": curve["at_risk"],
         "share_low": 1 - curve["survival_high"], "share_high": 1 - curve["survival_low"]}
    )  # fmt: skip
    chart = charts.Steps(rows=answered, x="day", y="share", below="at_risk", until=_LAST_DAY)
    then = 1 - estimates.survival_at(curve, within_days).filter(like="survival")
    if then.dropna(subset="survival").empty:
        return Sheet(words("none"), chart)
    return Sheet(words("some", within_days=within_days, **then.iloc[0]), chart)


@exhibit(
    nurture.PUNCTUALITY, minor=["late", "not_done"],
    columns=["owner_name", "due", *nurture.STATES, "on_time_rate"],
)  # fmt: skip
def punctuality(punctuality: pd.DataFrame, words: Words) -> Sheet:
    """What did each owner do of what was due? By name where the table has ``owner_name``."""
    missed = punctuality["missed"].where(punctuality["missed"] > 0)
    rows = punctuality.assign(missed_steps=missed, owner_name=called(punctuality, "owner"))
    chart = charts.Bars(
        rows=rows, label="owner_name", unnamed="nobody",
        signs=(18, 18), value="due", parts=_STATES, beside="beside",
        opens=charts.Opens(lists=_STEPS, by=["owner_id"], part="step_state"),
    )  # fmt: skip
    known = rows.sort_values(["on_time_rate", "due"], ascending=False)
    known = known.dropna(subset="on_time_rate")
    if known.empty:
        return Sheet(words("none"), chart)
    names, rates = known["owner_name"].fillna(words("unknown")), known["on_time_rate"]
    sums = punctuality[["due", "missed"]].sum()
    return Sheet(
        words("some", best=names.iloc[0], best_rate=rates.iloc[0], worst_rate=rates.iloc[-1],
              worst=names.iloc[-1] if len(known) > 1 else None, n=sums["due"],
              missed=sums["missed"]), chart,
    )  # fmt: skip


@exhibit(nurture.UPCOMING, columns=["due_date", "owner_name", "steps"])
def upcoming(upcoming: pd.DataFrame, words: Words, *, days: int = 14) -> Sheet:
    """How many steps fall on each of the next days?"""
    by_day = upcoming.groupby("due_date")["steps"].sum()
    each = by_day.asfreq("D", fill_value=0) if len(by_day) else by_day
    chart = charts.Columns(
        rows=each.reset_index(), x="due_date", x_as=("weekday day", "weekday day"),
        at_most=(days, 5), parts={"steps": "due"}, hover="hover", mark="mark",
        opens=charts.Opens(lists=_STEPS, by=["due_date"], fixed={"step_state": "ahead"}),
    )  # fmt: skip
    date = by_day.idxmax() if len(by_day) else None
    said = {"n": by_day.sum(), "days": days, "date": date, "most": by_day.max()}
    sentence = words("some" if len(by_day) else "none", **said)
    return Sheet(sentence, chart, title=words("title", days=days))


@exhibit(
    nurture.PLANNED, strong=["lead_name"], minor=["plan"], under=["owner_name"],
    columns=["lead_name", "owner_name", "plan", "step", "channel", "due_date", "step_state"],
    codes=["owner_id", "due_date", "step_state"],
)  # fmt: skip
def planned(planned: pd.DataFrame, words: Words, *, days: int = 14) -> Sheet:
    """Which steps were due, what became of each, and which lie ahead?"""
    n, ahead = len(planned), int((planned["step_state"] == "ahead").sum())
    sentence = words("some" if n else "none", n=n - ahead, ahead=ahead, days=days)
    return Sheet(sentence, subtitle=words("subtitle"), empty=words("none"))


@exhibit(
    nurture.HANDOVERS,
    columns=["lead_name", "owner_name", *schema.CONTACTS, "text", "waiting_days"],
    strong=["lead_name"], accent=["waiting_days"], under=["owner_name", *schema.CONTACTS],
    codes=["lead_id", "owner_id"],
)  # fmt: skip
def handovers(
    handovers: pd.DataFrame, words: Words, *, fresh_days: int = _FRESH_DAYS
) -> Sheet:  # fmt: skip
    """Who said yes and has not been called since? Those who wait for longer are one line."""
    waiting = handovers["waiting_days"] if len(handovers) else None
    return _listed(handovers, words, waiting, fresh_days=fresh_days, n=len(handovers))


@exhibit(
    nurture.ANSWERS, columns=["lead_name", "owner_name", *schema.CONTACTS, "feedback", "text"],
    strong=["lead_name"], under=["owner_name", *schema.CONTACTS],
    codes=["lead_id", "owner_id", "feedback"],
)  # fmt: skip
def answers(answers: pd.DataFrame, words: Words) -> Sheet:
    """Who answered, by name?"""
    return _listed(answers, words, n=len(answers))


@exhibit(
    nurture.MISSED, strong=["lead_name"], accent=["overdue_days"], minor=["plan"],
    under=["owner_name", *schema.CONTACTS], codes=["lead_id", "owner_id"],
    columns=["lead_name", "owner_name", *schema.CONTACTS, "plan", "missed_steps", "missed_since",
             "overdue_days"],
)  # fmt: skip
def missed(missed: pd.DataFrame, words: Words, *, fresh_days: int = _FRESH_DAYS) -> Sheet:
    """Whose steps lie undone? Leads of whom none is newer are one line."""
    if missed.empty:
        return _listed(missed, words)
    newest = (missed["as_of"] - missed["due_date"]).dt.days
    n = int(missed["missed_steps"].sum())
    return _listed(missed, words, newest, fresh_days=fresh_days, n=n, leads=len(missed))


def _listed(
    table: pd.DataFrame, words: Words, days: "pd.Series[int] | None" = None, *,
    fresh_days: int = _FRESH_DAYS, **counts: int,
) -> Sheet:  # fmt: skip
    """List the rows; those of more days than are fresh stand at the end, opened by one line."""
    sentence = words("some" if len(table) else "none", **counts)
    is_old = pd.Series(False, table.index) if days is None else days > fresh_days
    listed, older = pd.concat([table[~is_old], table[is_old]], ignore_index=True), int(is_old.sum())
    line = words("nurture.older", n=older, days=fresh_days) if older else ""
    empty = words("nurture.none_fresh", days=fresh_days) if older else words("empty")
    subtitle = words("subtitle")
    return Sheet(sentence, listed=listed, subtitle=subtitle, empty=empty, older=(older, line))


def opening(
    activity: pd.DataFrame, *, handovers: pd.DataFrame, missed: pd.DataFrame,
    words: Words | None = None,
) -> tuple[str, list[str]]:  # fmt: skip
    """How does a week's report begin: who said yes and waits; what was due, done and left lying?

    Parameters
    ----------
    activity
        From ``nurture.activity``, the week of the report last.
    handovers, missed
        As the answers of these names give them.
    words
        The language; by default as last said with ``words.speak``.

    Examples
    --------
    >>> weeks = pd.DataFrame({"period": ["2026-W42", "2026-W43"], "due": [165, 225], "on_time": 178,
    ...     "on_time_rate": [0.8, 0.791], "missed": [7, 16], "positive": [8, 11]})
    >>> undone = pd.DataFrame({"overdue_days": [231, 9], "missed_steps": [3, 1]})
    >>> title, lede = opening(weeks, handovers=undone, missed=undone)
    >>> title, lede[0]
    ('Eleven leads said yes this week; two wait to be called', '225 steps were due and 178 of them were done on their day, 79% (Week 42, 2026: 80%).')
    """
    words = (words or spoken()).within("nurture.opening")
    last, then = activity.iloc[-1], activity.iloc[:-1].tail(1)
    title = words("title", positive=last["positive"], n=len(handovers) or None)
    week = next((periods.parse(str(name)) for name in then["period"]), None)
    said = {**last, "n": last["due"], "before": then["on_time_rate"].max(), "period": week}
    due = words("due" if last["due"] else "nothing_due", **said)
    undone_steps = int(missed["missed_steps"].sum())
    counts = {"all": undone_steps if undone_steps > 1 else None, "n": last.get("missed")}
    oldest = missed["overdue_days"].max()
    undone = words("missed" if len(missed) else "none_missed", oldest=oldest, **counts)
    return capitalised(title), [due, undone]


def facts(
    period: periods.Period, *, rejected: int, from_worklist: bool = False,
    words: Words | None = None, **counts: int,
) -> list[str | tuple[str, str]]:  # fmt: skip
    """As of when, from how much data, from where, compared with what? The line below the title.

    ``counts`` are those of ``leads``, ``touches`` and ``steps``.

    Examples
    --------
    >>> size = {"leads": 9, "touches": 20, "steps": 54}
    >>> facts(periods.parse("2026-W43"), rejected=0, **size)[1]
    '9 leads, 20 touches, 54 planned steps'
    """
    words = (words or spoken()).within("report.fact")
    return [
        words("as_of", date=period.as_of),
        words("nurture.fact.size", **counts),
        words(f"nurture.fact.{'worklist' if from_worklist else 'source'}"),
        (words("rejected", n=rejected) if rejected else words("nothing_rejected"), "ledger"),
        words("compared", previous=period.previous, year_before=period.year_before),
    ]


def definitions(*, within_days: int, words: Words | None = None) -> dict[str, str]:
    """What do the words of the report on nurture mean?

    Examples
    --------
    >>> definitions(within_days=60)["Done on its day"]
    'Steps done on their due date ÷ steps due.'
    """
    words = (words or spoken()).within("nurture")
    said = [words(f"definition.{term}", within_days=within_days) for term in _TERMS]
    return dict(zip([words(f"term.{term}") for term in _TERMS], said, strict=True))
