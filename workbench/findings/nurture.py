"""Which sentence does a sales manager say about what nurture achieved?"""

from typing import Any

import pandas as pd

from workbench import labels, periods
from workbench.findings import quantities

_RATES = {
    "on_time_rate": "due",
    "delivery_rate": "done",
    "reach_rate": "enrolled",
    "reply_rate": "heard_out",
    "positive_rate": "heard_out",
}
_TOLD_FROM = 30


def group(by: str, value: object, lang: labels.Lang = "en") -> str:
    """What is one group of the effect called?

    Examples
    --------
    >>> group("step", 3.0), group("channel", "sms"), group("edited", "yes"), group("variant", None)
    ('Step 3', 'Text message', 'Edited', 'Not known')
    """
    if value is None or value != value or type(value).__name__ == "NAType" or value == "":
        return labels.text("finding.nurture.unknown", lang)
    if by in ("step", "template_version"):
        return labels.text(f"finding.nurture.{by}", lang, n=int(float(str(value))))
    key = {"edited": f"finding.nurture.edited.{value}", "channel": f"channel.{value}"}.get(by, "")
    if key and labels.has(key):
        return quantities.sentence(labels.text(key, lang))
    if by == "variant":
        return labels.text("finding.nurture.variant", lang, name=quantities.name(str(value)))
    return quantities.name(str(value))


def effect(
    effect: pd.DataFrame,
    *,
    by: str,
    rate: str = "reply_rate",
    names: dict[str, str] | None = None,
    lang: labels.Lang = "en",
) -> str:
    """Which group does best, and can that be told from the others?

    Parameters
    ----------
    effect
        From ``nurture.effect(outcomes, by=by)``.
    by, rate
        What it is split by, and the rate that is told of.
    names
        Names of groups, as of owners by their id.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({"step": [1, 2], "heard_out": [700, 600], "reply_rate": [0.155, 0.077],
    ...                       "reply_rate_low": [0.13, 0.058], "reply_rate_high": [0.184, 0.101]})
    >>> effect(table, by="step")
    'Answered most often: step 1, 16%; least often: step 2, 8%. The intervals do not overlap'
    """
    known = effect[effect[rate].notna() & effect[by].notna()]
    # an extreme of a handful is chance: told of are groups of some size, if there are any
    large = known[known[_RATES[rate]] >= _TOLD_FROM]
    known = large if len(large) else known
    what = labels.text(f"finding.nurture.rate.{rate}", lang)
    if known.empty:
        return labels.text("finding.nurture.effect.none", lang)
    ordered = known.sort_values([rate, _RATES[rate]], ascending=False)
    best, worst = ordered.iloc[0], ordered.iloc[-1]
    said = {
        "what": what,
        "best": _called(by, best[by], names, lang),
        "best_rate": labels.percent(best[rate], lang),
    }
    if len(known) == 1 or best[rate] == worst[rate]:
        return quantities.sentence(labels.text("finding.nurture.effect.alone", lang, **said))
    apart = best[f"{rate}_low"] > worst[f"{rate}_high"]
    return quantities.sentence(
        labels.text(
            f"finding.nurture.effect.{'apart' if apart else 'together'}",
            lang,
            **said,
            worst=_called(by, worst[by], names, lang),
            worst_rate=labels.percent(worst[rate], lang),
        )
    )


def _called(by: str, value: object, names: dict[str, str] | None, lang: labels.Lang) -> str:
    known = (names or {}).get(str(value))
    said = quantities.name(known) if known else group(by, value, lang)
    # inside a sentence, a word of ours begins small; a name stays as it is
    own = not known and by in ("step", "template_version", "channel", "edited", "variant")
    return said[:1].lower() + said[1:] if own and lang == "en" and said != "QQ" else said


def compared(compared: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """Does one variant work better than the other, and if that cannot be said, how many would it take?

    Examples
    --------
    >>> table = pd.DataFrame({"plan": ["Wake-up"], "step": [1], "arm_base": ["A"], "arm": ["B"],
    ...                       "rate_base": [0.12], "rate": [0.23], "rate_difference": [0.11],
    ...                       "trials_needed": [182], "trials": [165], "trials_base": [185],
    ...                       "is_shown": [True]})
    >>> compared(table)
    'A difference shows in one of one comparison: Wake-up, step 1, B 23% against A 12%'
    """
    if compared.empty:
        return labels.text("finding.nurture.compared.none", lang)
    shown = compared[compared["is_shown"].astype(bool)]
    if shown.empty:
        needed = compared["trials_needed"].dropna()
        if needed.empty:
            return labels.text("finding.nurture.compared.equal", lang)
        return labels.text(
            "finding.nurture.compared.not_shown", lang, n=labels.number(int(needed.min()), lang)
        )
    one = shown.iloc[int(shown["rate_difference"].abs().to_numpy().argmax())]
    return quantities.sentence(
        labels.text(
            "finding.nurture.compared.shown",
            lang,
            n=len(compared),
            count=quantities.count(len(shown), lang),
            of=quantities.count(len(compared), lang),
            pair=pair(one, lang=lang),
            arm=arm(one["arm"], lang),
            rate=labels.percent(one["rate"], lang),
            base=arm(one["arm_base"], lang),
            base_rate=labels.percent(one["rate_base"], lang),
        )
    )


def arm(value: object, lang: labels.Lang = "en") -> str:
    """What is one arm of a comparison called? A variant by its letter, edited in words.

    Examples
    --------
    >>> arm("B"), arm("yes"), arm(2.0)
    ('B', 'edited', 'version 2')
    """
    if isinstance(value, str) and value in ("yes", "no"):
        said = labels.text(f"finding.nurture.edited.{value}", lang)
        return said[:1].lower() + said[1:]
    if isinstance(value, str):
        return quantities.name(value)
    said = labels.text("finding.nurture.template_version", lang, n=int(float(str(value))))
    return said[:1].lower() + said[1:]


def pair(row: Any, *, lang: labels.Lang = "en") -> str:
    """Within which group are two arms compared?

    Examples
    --------
    >>> pair(pd.Series({"plan": "Wake-up", "step": 1, "arm": "B"}))
    'Wake-up, step 1'
    """
    parts: list[str] = []
    for by in ("plan", "step", "channel", "owner_id"):
        if by in row.index:
            said = group(by, row[by], lang)
            parts.append(said[:1].lower() + said[1:] if by == "step" and parts else said)
    joint = "，" if lang == "zh" else ", "
    return joint.join(parts) or labels.text("finding.nurture.all", lang)


def cohorts(cohorts: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """Of the leads followed long enough, how many woke up and how many became customers?

    Examples
    --------
    >>> cohorts(pd.DataFrame({"followed": [100], "reactivated": [40], "converted": [12],
    ...                       "within_days": [60]}))
    'Of 100 leads followed for 60 days, 40 woke up and 12 became customers'
    """
    followed = int(cohorts["followed"].sum()) if len(cohorts) else 0
    if followed == 0:
        return labels.text("finding.nurture.cohorts.none", lang)
    return labels.text(
        "finding.nurture.cohorts.some",
        lang,
        n=followed,
        followed=labels.number(followed, lang),
        days=int(cohorts["within_days"].iloc[0]),
        reactivated=labels.number(int(cohorts["reactivated"].sum()), lang),
        converted=labels.number(int(cohorts["converted"].sum()), lang),
    )


def waiting(reached: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """What share has answered positively by then, those still waiting counted as waiting?

    Parameters
    ----------
    reached
        From ``estimates.survival_at`` of one curve: ``time``, ``survival`` with its bounds.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> waiting(pd.DataFrame({"time": [60.0], "survival": [0.72], "survival_low": [0.68],
    ...                       "survival_high": [0.76]}))
    'Within 60 days 28% (24% to 32%) have answered positively'
    """
    one = reached.iloc[0] if len(reached) else None
    if one is None or pd.isna(one["survival"]):
        return labels.text("finding.nurture.waiting.none", lang)
    days = int(one["time"])
    share = labels.percent(1 - one["survival"], lang)
    if pd.isna(one["survival_low"]):
        return labels.text("finding.nurture.waiting.bare", lang, days=days, share=share)
    return labels.text(
        "finding.nurture.waiting.some",
        lang,
        days=days,
        share=share,
        low=labels.percent(1 - one["survival_high"], lang),
        high=labels.percent(1 - one["survival_low"], lang),
    )


def headline(activity: pd.DataFrame, handovers: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """What is the week's finding: who said yes, and who still waits to be called?

    Parameters
    ----------
    activity
        From ``nurture.activity``, the week of the report last.
    handovers
        From ``nurture.handovers``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> weeks = pd.DataFrame({"positive": [8, 11], "due": [165, 225]})
    >>> headline(weeks, pd.DataFrame({"lead_id": ["L1", "L2"]}))
    'Eleven leads said yes this week; two wait to be called'
    """
    positive, waiting = int(activity["positive"].iloc[-1]), len(handovers)
    yes = labels.text(
        "finding.nurture.headline.yes", lang, n=positive, count=quantities.count(positive, lang)
    )
    waits = labels.text(
        "finding.nurture.headline.waiting", lang, n=waiting, count=quantities.count(waiting, lang)
    )
    return quantities.sentence(yes + ("；" if lang == "zh" else "; ") + waits)


def lede(activity: pd.DataFrame, missed: pd.DataFrame, *, lang: labels.Lang = "en") -> list[str]:
    """What was due, how much of it was done on its day, and what has been left lying?

    Examples
    --------
    >>> weeks = pd.DataFrame({"period": ["2026-W42", "2026-W43"], "due": [165, 225],
    ...                       "on_time": [132, 178], "on_time_rate": [0.8, 0.791], "missed": [7, 16]})
    >>> lede(weeks, pd.DataFrame({"overdue_days": [231, 9]}))
    ['225 steps were due and 178 of them were done on their day, 79% (Week 42, 2026: 80%).', '16 steps of this week were missed; with those of earlier weeks 2 lie undone, the oldest for 231 days.']
    """
    last = activity.iloc[-1]
    if not last["due"]:
        first = labels.text("finding.nurture.lede.nothing_due", lang)
    else:
        before = ""
        if len(activity) > 1 and pd.notna(activity["on_time_rate"].iloc[-2]):
            before = labels.text(
                "finding.nurture.lede.before",
                lang,
                period=periods.parse(str(activity["period"].iloc[-2])).label(lang),
                rate=labels.percent(activity["on_time_rate"].iloc[-2], lang),
            )
        first = labels.text(
            "finding.nurture.lede.due",
            lang,
            n=int(last["due"]),
            due=labels.number(int(last["due"]), lang),
            on_time=labels.number(int(last["on_time"]), lang),
            rate=labels.percent(last["on_time_rate"], lang),
            before=before,
        )
    if missed.empty:
        return [first, labels.text("finding.nurture.lede.none_missed", lang)]
    return [
        first,
        labels.text(
            "finding.nurture.lede.missed",
            lang,
            n=int(last["missed"]),
            week=labels.number(int(last["missed"]), lang),
            all=labels.number(len(missed), lang),
            days=int(missed["overdue_days"].max()),
        ),
    ]


def punctuality(
    punctuality: pd.DataFrame, *, names: dict[str, str] | None = None, lang: labels.Lang = "en"
) -> str:
    """Who did what was due on its day, and who did not?

    Examples
    --------
    >>> table = pd.DataFrame({"owner_id": ["S1", "S2"], "due": [20, 40], "missed": [1, 4],
    ...                       "on_time_rate": [0.9, 0.6]})
    >>> punctuality(table, names={"S1": "Lin Yue", "S2": "Chen Wei"})
    'On their day: Lin Yue 90%, Chen Wei 60%; 5 of 60 steps missed'
    """
    known = punctuality[punctuality["on_time_rate"].notna()]
    if known.empty:
        return labels.text("finding.nurture.lede.nothing_due", lang).rstrip(".。")
    ordered = known.sort_values(["on_time_rate", "due"], ascending=False)
    ends = ordered.iloc[[0]] if len(ordered) == 1 else ordered.iloc[[0, -1]]
    said = [
        labels.text(
            "finding.nurture.punctuality.each",
            lang,
            owner=_called("owner_id", row["owner_id"], names, lang),
            rate=labels.percent(row["on_time_rate"], lang),
        )
        for _, row in ends.iterrows()
    ]
    return labels.text(
        "finding.nurture.punctuality.all",
        lang,
        owners=("，" if lang == "zh" else ", ").join(said),
        n=int(punctuality["due"].sum()),
        missed=labels.number(int(punctuality["missed"].sum()), lang),
        due=labels.number(int(punctuality["due"].sum()), lang),
    )


def upcoming(upcoming: pd.DataFrame, *, days: int = 14, lang: labels.Lang = "en") -> str:
    """How much lies ahead, and which day is the fullest?

    Examples
    --------
    >>> table = pd.DataFrame({"due_date": pd.to_datetime(["2026-10-26", "2026-10-27"]),
    ...                       "owner_id": "S1", "steps": [3, 9]})
    >>> upcoming(table)
    '12 steps lie ahead in 14 days; the fullest day is 27 Oct 2026, with 9'
    """
    if upcoming.empty:
        return labels.text("finding.nurture.upcoming.none", lang, days=days)
    by_day = upcoming.groupby("due_date")["steps"].sum()
    fullest: Any = by_day.idxmax()
    return labels.text(
        "finding.nurture.upcoming.some",
        lang,
        n=int(by_day.sum()),
        steps=labels.number(int(by_day.sum()), lang),
        days=days,
        date=labels.date(pd.Timestamp(fullest).date(), lang),
        most=labels.number(int(by_day.max()), lang),
    )


def listed(table: pd.DataFrame, *, what: str, lang: labels.Lang = "en") -> str:
    """How many rows does a list of the weekly report hold?

    Examples
    --------
    >>> listed(pd.DataFrame({"lead_id": ["L1"]}), what="handovers")
    'Call this one first: one lead said yes and waits'
    """
    n = len(table)
    if n == 0:
        return labels.text(f"report.nurture.{what}.empty", lang).rstrip(".。")
    said = labels.text(f"report.nurture.{what}.heading", lang, n=n, count=quantities.count(n, lang))
    return quantities.sentence(said)


def facts(
    period: periods.Period,
    *,
    leads: int,
    touches: int,
    steps: int,
    rejected: int,
    from_worklist: bool = False,
    lang: labels.Lang = "en",
) -> list[str | tuple[str, str]]:
    """As of when, from how much data, from where, compared with what? The line below the title.

    Examples
    --------
    >>> facts(periods.parse("2026-W43"), leads=9, touches=20, steps=54, rejected=0)[1]
    '9 leads, 20 touches, 54 planned steps'
    """
    source = "worklist" if from_worklist else "source"
    return [
        labels.text("report.fact.as_of", lang, date=labels.date(period.as_of, lang)),
        labels.text(
            "report.nurture.fact.size",
            lang,
            leads=labels.number(leads, lang),
            touches=labels.number(touches, lang),
            steps=labels.number(steps, lang),
        ),
        labels.text(f"report.nurture.fact.{source}", lang),
        (
            labels.text("report.fact.rejected", lang, n=labels.number(rejected, lang))
            if rejected
            else labels.text("report.fact.nothing_rejected", lang),
            "ledger",
        ),
        labels.text(
            "report.fact.compared",
            lang,
            previous=period.previous.label(lang),
            year_before=period.year_before.label(lang),
        ),
    ]


def definitions(*, within_days: int, lang: labels.Lang = "en") -> dict[str, str]:
    """What do the words of the report on nurture mean?

    Examples
    --------
    >>> definitions(within_days=60)["Done on its day"]
    'Steps done on their due date ÷ steps due.'
    """
    terms = ("in_nurture", "due", "on_time", "missed", "delivered", "answered", "positive",
             "followed")  # fmt: skip
    return {
        labels.text(f"report.nurture.term.{term}", lang): labels.text(
            f"report.nurture.definition.{term}", lang, days=within_days
        )
        for term in terms
    }
