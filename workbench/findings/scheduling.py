"""What does a plan mean for those who follow it? Sentences on dates, load and warnings."""

import pandas as pd

from workbench import labels
from workbench.findings import quantities


def timeline(dates: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """How long does it take, and when is the last touch?

    Parameters
    ----------
    dates
        One row per step (``due_date``, ``move_reason``), from ``scheduling.dates``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> from workbench import scheduling
    >>> timeline(scheduling.dates("2026-11-02", 30))
    'Six touches in 30 days, the last on 1 Dec 2026'
    """
    if dates.empty:
        return labels.text("figure.no_data", lang)
    first, last = dates["due_date"].min(), dates["due_date"].max()
    days = (last - first).days + 1
    said = labels.text(
        "finding.scheduling.timeline",
        lang,
        touches=_touches(len(dates), lang),
        days=labels.text(
            "finding.scheduling.days", lang, n=days, count=quantities.count(days, lang)
        ),
        date=labels.date(last, lang),
    )
    if moved := int(dates["move_reason"].notna().sum()):
        said += labels.text(
            "finding.scheduling.moved", lang, n=moved, count=quantities.count(moved, lang)
        )
    return quantities.sentence(said)


def workload(load: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """Who has the fullest day, and how full is it?

    Parameters
    ----------
    load
        One row per owner and day (``owner_id, owner_name, due_date, steps``), from
        ``scheduling.workload`` with the owners' names.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> load = pd.DataFrame({"owner_id": ["S1"], "owner_name": ["Lin Yue"], "steps": [12],
    ...                      "due_date": pd.to_datetime(["2026-11-03"])})
    >>> workload(load)
    'The fullest day is 3 Nov 2026, with twelve touches for Lin Yue'
    """
    if load.empty:
        return labels.text("figure.no_data", lang)
    fullest = load.sort_values(
        ["steps", "due_date", "owner_id"], ascending=[False, True, True]
    ).iloc[0]
    owner = fullest["owner_name"] if pd.notna(fullest["owner_name"]) else fullest["owner_id"]
    return labels.text(
        "finding.scheduling.fullest",
        lang,
        date=labels.date(fullest["due_date"], lang),
        touches=_touches(int(fullest["steps"]), lang),
        owner=labels.text("figure.scheduling.nobody", lang)
        if pd.isna(owner)
        else quantities.name(str(owner)),
    )


def warned(warnings: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """What has to be said before anybody follows the plan? Empty where all is well.

    Parameters
    ----------
    warnings
        One row per warning (``warning, steps``), from ``scheduling.warnings``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> from workbench import scheduling
    >>> warned(scheduling.warnings(scheduling.dates("2026-11-02", 3)))
    'Six touches share a day with another of their plan: that is not polite.'
    """
    return " ".join(
        quantities.sentence(
            labels.text(f"finding.scheduling.{warning}", lang, touches=_touches(steps, lang))
        )
        for warning, steps in zip(
            warnings["warning"].tolist(), warnings["steps"].tolist(), strict=True
        )
    )


def rules(days: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """What does the rule as printed do to a cycle?

    Parameters
    ----------
    days
        One row per rule and step (``rule, step, day, cycle_days``), from ``scheduling.compare``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> from workbench import scheduling
    >>> rules(scheduling.compare(30))
    'As printed, two of six touches come after a cycle of 30 days is over, the last on day 44'
    """
    cycle = int(days["cycle_days"].iloc[0])
    printed = days.loc[days["rule"] == "as_printed", "day"]
    late = int((printed > cycle).sum())
    return quantities.sentence(
        labels.text(
            "finding.scheduling.printed" if late else "finding.scheduling.agree",
            lang,
            n=late,
            late=quantities.count(late, lang),
            steps=quantities.count(len(printed), lang),
            days=labels.text(
                "finding.scheduling.cycle", lang, n=cycle, count=labels.number(cycle, lang)
            ),
            last=int(printed.max()),
        )
    )


def cost(before: pd.DataFrame, after: pd.DataFrame, *, step: str, lang: labels.Lang = "en") -> str:
    """What does another cycle, capacity or calendar mean in work?

    Parameters
    ----------
    before, after
        Two plans, as ``scheduling.plan`` makes them.
    step
        What was moved, in words.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> from workbench import scheduling
    >>> one = {"lead_id": "L1", "owner_id": "S1", "plan": "spring"}
    >>> before, after = (scheduling.dates("2026-11-02", days).assign(**one) for days in (30, 14))
    >>> cost(before, after, step="Cycle from 30 → 14")
    'Cycle from 30 → 14: the last touch on 15 Nov 2026 instead of 1 Dec 2026, at most one a day instead of one'
    """
    ends = [plan["due_date"].max() for plan in (before, after)]
    peaks = [
        int(plan.groupby(["owner_id", "due_date"], dropna=False).size().max())
        for plan in (before, after)
    ]
    return labels.text(
        "finding.scheduling.cost",
        lang,
        step=step,
        now=labels.date(ends[1], lang),
        then=labels.date(ends[0], lang),
        most=quantities.count(peaks[1], lang),
        most_before=quantities.count(peaks[0], lang),
    )


def _touches(n: int, lang: labels.Lang) -> str:
    return labels.text("finding.scheduling.touches", lang, n=n, count=quantities.count(n, lang))
