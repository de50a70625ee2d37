"""What did each owner do of what was due, and what lies ahead?"""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import nurture as findings
from workbench.words import Words

_STATES = {"on_time": "kept", "late": "due", "missed": "risk", "not_done": "grey"}


def punctuality(
    punctuality: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """What did each owner do of what was due?

    Parameters
    ----------
    punctuality
        One row per owner, from ``nurture.punctuality``.
    names
        Names of owners by their id.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Stacked bars, most due first, at most 20 owners.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"owner_id": ["S1"], "due": [4], "on_time": [2], "late": [1],
    ...                       "missed": [1], "not_done": [0], "on_time_rate": [0.5]})
    >>> [trace.x for trace in punctuality(table).data]
    [(2,), (1,), (1,), (0,)]
    """
    columns = ("owner_id", "due", *_STATES, "on_time_rate")
    schema.require(punctuality, "punctuality", columns, made_by="nurture.punctuality(outcomes)")
    words = Words(lang).within("figure.nurture.punctuality")
    owners = [(names or {}).get(str(owner), owner) for owner in punctuality["owner_id"]]
    missed = punctuality["missed"].where(punctuality["missed"] > 0)
    chart = charts.Bars(
        rows=punctuality.assign(owner_name=owners, missed_steps=missed),
        label="owner_name", unnamed="finding.nurture.unknown", signs=(18, 18), value="due",
        parts=_STATES, beside="beside",
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle"),
        alt=findings.punctuality(punctuality, names=dict(names or {}), lang=lang),
    )


def upcoming(upcoming: pd.DataFrame, *, days: int = 14, lang: labels.Lang = "en") -> go.Figure:
    """How many steps fall on each of the next days?

    Parameters
    ----------
    upcoming
        One row per day and owner, from ``nurture.upcoming``.
    days
        How many days it reaches ahead.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        A bar per day, its count above it.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"due_date": pd.to_datetime(["2026-10-26"] * 2),
    ...                       "owner_id": ["S1", "S2"], "steps": [3, 4]})
    >>> upcoming(table).data[0].y
    (7,)
    """
    schema.require(
        upcoming, "upcoming", ("due_date", "steps"), made_by="nurture.upcoming(outcomes)"
    )
    words = Words(lang).within("figure.nurture.upcoming")
    by_day = upcoming.groupby("due_date")["steps"].sum()
    if len(by_day):
        by_day = by_day.asfreq("D", fill_value=0)
    chart = charts.Columns(
        rows=by_day.reset_index(), x="due_date",
        x_as=("weekday day", "weekday day"), at_most=(days, 5), parts={"steps": "due"},
        hover="hover", mark="mark",
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title", days=days),
        subtitle=words("subtitle"),
        alt=findings.upcoming(upcoming, days=days, lang=lang),
    )
