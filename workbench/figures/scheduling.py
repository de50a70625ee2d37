"""On which days is what due, and how full is whose day?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import scheduling as findings
from workbench.words import Words

_RULES = {
    "as_printed": charts.Mark(colour="risk", ink="risk_text", symbol="diamond"),
    "even": charts.Mark(colour="kept", ink="kept_text", side="left"),
}


def rules(days: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """On which days does each rule put the touches of one cycle?

    One line per touch: a disc where the even rule puts it, a diamond where the rule as printed
    does, and the end of the cycle.

    Parameters
    ----------
    days
        One row per rule and step (``rule, step, day, cycle_days``), from ``scheduling.compare``.
    lang
        ``en`` or ``zh``.

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
    words = Words(lang).within("figure.scheduling.rules")
    # where both agree, the printed rule has no mark of its own
    rows = days.sort_values("rule", ascending=False).drop_duplicates(["step", "day"])
    chart = charts.Timeline(
        rows=rows.sort_values("step"), x="day", y="step", y_name="step", mark="rule", marks=_RULES,
        legend="rule", beside="beside", x_name="day", head_px=110,
        line_at=None if days.empty else int(days["cycle_days"].iloc[0]),
    )  # fmt: skip
    return chart.drawn(
        words, title=words("title"), subtitle=words("subtitle"),
        alt="" if days.empty else findings.rules(days, lang=lang),
    )  # fmt: skip


def timeline(
    dates: pd.DataFrame, warnings: pd.DataFrame | None = None, *, lang: labels.Lang = "en"
) -> go.Figure:
    """On which dates are the touches of one lead due?

    One line per touch with its date; a moved one shows, hollow, where it was first planned.

    Parameters
    ----------
    dates
        One row per step (``step, due_date, original_date, move_reason``), from
        ``scheduling.dates``.
    warnings
        One row per warning (``warning, steps``), from ``scheduling.warnings``, for the subtitle.
    lang
        ``en`` or ``zh``.

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
    words = Words(lang).within("figure.scheduling.timeline")
    first = dates["original_date"].min()
    planned = (dates["original_date"] - first).dt.days
    rows = dates.assign(
        day=(dates["due_date"] - first).dt.days, planned=planned.where(dates["move_reason"].notna())
    )
    chart = charts.Timeline(
        rows=rows.sort_values("step"), x="day", y="step", y_name="step", beside="beside",
        planned="planned",
    )  # fmt: skip
    return chart.drawn(
        words, title=words("title"), subtitle=words("subtitle", warned=_warned(warnings, lang)),
        alt=findings.timeline(dates, lang=lang),
    )  # fmt: skip


def workload(
    load: pd.DataFrame, warnings: pd.DataFrame | None = None, *, lang: labels.Lang = "en"
) -> go.Figure:
    """How full is each owner's day?

    A heat map, one line per owner and one column per day, most touches first, at most 20 owners;
    beside each line all touches and the most on one day.

    Parameters
    ----------
    load
        One row per owner and day (``owner_id, owner_name, due_date, steps``), from
        ``scheduling.workload`` with the owners' names.
    warnings
        One row per warning (``warning, steps``), from ``scheduling.warnings``, for the subtitle.
    lang
        ``en`` or ``zh``.

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
        rows=load.assign(owner_id=ids, owner=owners), x="due_date", y="owner_id", value="steps",
        name="owner", x_as="short date", beside="beside", more="more", absent={"steps": 0},
        head_px=86,
    )  # fmt: skip
    return chart.drawn(
        words, title=words("title"), alt=findings.workload(load, lang=lang),
        subtitle=words("subtitle", most=load["steps"].max(), warned=_warned(warnings, lang)),
    )  # fmt: skip


def _warned(warnings: pd.DataFrame | None, lang: labels.Lang) -> str:
    return "" if warnings is None else findings.warned(warnings, lang=lang)
