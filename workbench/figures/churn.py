"""How late are customers against their own rhythm, and how many calls is that per owner?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import churn as findings
from workbench.words import Words

_CALLS = ("churn_risk", "likely_repurchase")


def ratios(ratios: pd.DataFrame, summary: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """How late are customers against their own rhythm?

    A histogram of days since the last purchase ÷ usual interval, each band in its colour and
    labelled with its name and customers. Bars stand for customers per bin width, so that a bin cut
    by a band edge keeps the shape; the hover text counts customers.

    Parameters
    ----------
    ratios
        One row per bin (``left, right, customers, warning``), from ``churn.ratios``; an open last
        bin has no ``right``.
    summary
        One row per warning (``warning, customers``), from ``churn.summary``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        With ``layout.meta``: ``alt``, ``subtitle``, ``height``, ``phone``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> bins = pd.DataFrame({"left": [0.0, 1.2], "right": [0.1, 1.3], "customers": [3, 5],
    ...                      "warning": ["not_due", "churn_risk"]})
    >>> summary = pd.DataFrame({"warning": ["not_due", "churn_risk"], "customers": [3, 5]})
    >>> figure = ratios(bins, summary)
    >>> [list(trace.y) for trace in figure.data]
    [[3.0, 5.0]]
    """
    schema.require(
        ratios,
        "ratios",
        ("left", "right", "customers", "warning"),
        made_by="churn.ratios(warnings)",
    )
    schema.require(summary, "summary", ("warning", "customers"), made_by="churn.summary(warnings)")
    words = Words(lang).within("figure.churn.ratios")
    counts = summary.set_index("warning")["customers"]
    hidden = int(counts.get("too_little_history", 0))
    chart = charts.Histogram(
        rows=ratios, x_title="x", y_title="y", hover="hover", tick_as="plain",
        band="warning", tones=charts.style.WARNING_TONES, held=dict(counts),
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", known=counts.sum() - hidden, hidden=hidden or None),
        alt=findings.overdue(summary, lang=lang),
    )


def workload(
    workload: pd.DataFrame,
    change: pd.DataFrame | None = None,
    *,
    currency: str | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """How many calls does each owner have to make, and for how much money?

    Parameters
    ----------
    workload
        One row per owner (``owner_id, owner_name, likely_repurchase, churn_risk, calls,
        value_at_stake``), from ``churn.workload``.
    change
        One row per owner with ``owner_id`` and ``calls_change``, from ``churn.workload_change``.
    currency
        The money's currency, for the subtitle.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Stacked bars, most calls first, at most 20 owners; the others are counted in a last line.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"owner_id": ["1"], "owner_name": ["Lin Yue"], "churn_risk": [3],
    ...                       "likely_repurchase": [2], "calls": [5], "value_at_stake": [900.0]})
    >>> workload(table).data[0].x
    (3,)
    """
    columns = ("owner_id", "owner_name", *_CALLS, "calls", "value_at_stake")
    schema.require(workload, "workload", columns, made_by="churn.workload(warnings)")
    if change is not None:
        schema.require(
            change,
            "change",
            ("owner_id", "calls_change"),
            made_by="churn.workload_change(before, after)",
        )
    words = Words(lang, currency).within("figure.churn.workload")
    rows = workload.sort_values(
        ["calls", "value_at_stake", "owner_id"], ascending=[False, False, True]
    )
    changes = {}
    if change is not None:
        # the calls that nobody owns have a null id, which equals nothing
        ids = change["owner_id"].astype("str").fillna("")
        changes = dict(zip(ids, change["calls_change"], strict=True))
    names = rows["owner_name"].replace(r"^\s*$", None, regex=True).fillna(rows["owner_id"])
    moved = rows["owner_id"].astype("str").fillna("").map(changes)
    chart = charts.Bars(
        rows=rows.assign(owner_name=names, change=moved), label="owner_name", unnamed="nobody", signs=(16, 16), value="calls",
        parts={"churn_risk": "risk", "likely_repurchase": "due"}, parts_as="warning",
        beside="beside", hover="hover", more="more",
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle") + (words("change") if change is not None else ""),
        alt=findings.workload(workload, lang=lang),
    )
