"""How often, in each group; and how much more often in one variant than in the other?"""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import nurture as findings
from workbench.words import Words

_TRIALS = {
    "on_time_rate": ("on_time", "due"),
    "delivery_rate": ("delivered_count", "done"),
    "reach_rate": ("reached", "enrolled"),
    "reply_rate": ("replied", "heard_out"),
    "positive_rate": ("positive", "heard_out"),
}


def effect(
    effect: pd.DataFrame,
    *,
    by: str,
    rate: str = "reply_rate",
    names: Mapping[str, str] | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """How often, in each group, and how sure is that?

    Parameters
    ----------
    effect
        One row per group, from ``nurture.effect(outcomes, by=by)``.
    by, rate
        What it is split by, and the rate that is drawn.
    names
        Names of groups, as of owners by their id.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        A dot per group with its interval, steps and versions in their order, others by the rate;
        at most 20 groups.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"step": [1, 2], "replied": [3, 1], "heard_out": [10, 10],
    ...                       "reply_rate": [0.3, 0.1], "reply_rate_low": [0.1, 0.0],
    ...                       "reply_rate_high": [0.6, 0.4]})
    >>> effect(table, by="step").data[0].x
    (0.3, 0.1)
    """
    successes, trials = _TRIALS[rate]
    columns = (by, successes, trials, rate, f"{rate}_low", f"{rate}_high")
    schema.require(effect, "effect", columns, made_by=f"nurture.effect(outcomes, by='{by}')")
    words = Words(lang).within("figure.nurture.effect")
    is_ordered = by in ("step", "template_version")
    rows = effect.sort_values(by if is_ordered else [rate, by], ascending=is_ordered)
    called = [(names or {}).get(str(one)) or findings.group(by, one, lang) for one in rows[by]]
    chart = charts.Dots(
        rows=rows.assign(name=called, some=rows[successes], of=rows[trials]),
        values=[rate],
        beside="beside",
        hover="interval",
    )
    return chart.drawn(
        words,
        title=words(rate, by=words(f"by.{by}")),
        subtitle=words(f"subtitle.{rate}"),
        alt=findings.effect(effect, by=by, rate=rate, names=dict(names or {}), lang=lang),
    )


def compared(compared: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """How much more often is one variant answered than the other, and is that more than chance?

    Parameters
    ----------
    compared
        One row per comparison, from ``nurture.compare``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        The difference in points with its interval beside a line at zero, and how many steps in
        each arm it would take; a filled dot where the interval leaves out zero.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"step": [1], "arm_base": ["A"], "arm": ["B"], "trials": [10],
    ...                       "trials_base": [10], "rate": [0.3], "rate_base": [0.2],
    ...                       "rate_difference": [0.1], "rate_difference_low": [-0.1],
    ...                       "rate_difference_high": [0.3], "trials_needed": [100], "is_shown": [False]})
    >>> compared(table).data[1].x
    (0.1,)
    """
    columns = ("arm_base", "arm", "trials", "trials_base", "rate_difference", "rate_difference_low",
               "rate_difference_high", "trials_needed", "is_shown")  # fmt: skip
    schema.require(compared, "compared", columns, made_by="nurture.compare(outcomes)")
    words = Words(lang).within("figure.nurture.compared")
    is_shown = compared["is_shown"].astype("bool")
    rows = compared.assign(
        name=[findings.pair(row, lang=lang) for _, row in compared.iterrows()],
        arm=[findings.arm(arm, lang) for arm in compared["arm"]],
        arm_base=[findings.arm(arm, lang) for arm in compared["arm_base"]],
        needed=compared["trials_needed"].mask(is_shown),
        verdict=is_shown.map({True: words("shown"), False: words("equal")}),
        no_difference=0.0,
    )
    chart = charts.Dots(
        rows=rows,
        values=["rate_difference"],
        strong="is_shown",
        line="no_difference",
        under="under",
        beside="beside",
        limit=24,
    )
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle"),
        alt=findings.compared(compared, lang=lang),
    )
