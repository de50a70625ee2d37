"""How often, in each group; and how much more often in one variant than in the other?"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.figures.nurture import marks
from workbench.findings import nurture as findings

_TRIALS = {
    "on_time_rate": ("on_time", "due"),
    "delivery_rate": ("delivered_count", "done"),
    "reach_rate": ("reached", "enrolled"),
    "reply_rate": ("replied", "heard_out"),
    "positive_rate": ("positive", "heard_out"),
}
# More groups than this make a list, not a figure; the table below holds them all.
_SHOWN = 20


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
    title = labels.text(f"figure.nurture.effect.{rate}", lang, by=marks.split(by, lang))
    subtitle = labels.text(f"figure.nurture.subtitle.{rate}", lang)
    known = effect[effect[rate].notna()]
    if known.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)
    natural = by in ("step", "template_version")
    known = known.sort_values(by) if natural else known.sort_values([rate, by], ascending=False)
    shown = known.head(_SHOWN)
    called = [marks.named(by, value, names, lang) for value in shown[by]]
    beside = [
        f"<b>{text.shown(text.share(row[rate], lang))}</b> · "
        + labels.text(
            "figure.nurture.of",
            lang,
            count=labels.number(int(row[successes]), lang),
            of=labels.number(int(row[trials]), lang),
        )
        for row in shown.to_dict("records")
    ]
    figure = marks.dots(
        title,
        called,
        shown[rate].tolist(),
        shown[f"{rate}_low"].tolist(),
        shown[f"{rate}_high"].tolist(),
        beside,
        colours=[style.KEPT] * len(shown),
        lang=lang,
    )
    said = findings.effect(effect, by=by, rate=rate, names=dict(names or {}), lang=lang)
    return marks.finished(figure, called, beside, shown[f"{rate}_high"].tolist(), said, subtitle)


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
    >>> compared(table).data[0].x
    (0.1,)
    """
    columns = ("arm_base", "arm", "trials", "trials_base", "rate_difference", "rate_difference_low",
               "rate_difference_high", "trials_needed", "is_shown")  # fmt: skip
    schema.require(compared, "compared", columns, made_by="nurture.compare(outcomes)")
    title = labels.text("figure.nurture.compared.title", lang)
    subtitle = labels.text("figure.nurture.compared.subtitle", lang)
    if compared.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)
    shown = compared.head(_SHOWN)
    called = [
        text.literal(findings.pair(row, lang=lang), limit=24)
        + f"<br>{text.literal(findings.arm(row['arm'], lang), limit=12)} − "
        + text.literal(findings.arm(row["arm_base"], lang), limit=14)
        for _, row in shown.iterrows()
    ]
    beside = [
        f"<b>{_points(row['rate_difference'], lang)}</b><br>" + _needed(row, lang)
        for row in shown.to_dict("records")
    ]
    low, high = shown["rate_difference_low"].tolist(), shown["rate_difference_high"].tolist()
    colours = [style.KEPT if flag else style.GREY for flag in shown["is_shown"]]
    figure = marks.dots(
        title, called, shown["rate_difference"].tolist(), low, high, beside, colours=colours,
        lang=lang, row=46,
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": style.GREY, "width": 1})
    said = findings.compared(compared, lang=lang)
    ends = [max(value, 0.0) for value in high]
    return marks.finished(figure, called, beside, ends, said, subtitle, low=min([*low, 0.0]))


def _points(difference: float, lang: labels.Lang) -> str:
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    number = labels.number(abs(difference) * 100, lang, digits=1)
    return sign + labels.text("figure.nurture.points", lang, n=number)


def _needed(row: dict[Any, Any], lang: labels.Lang) -> str:
    if row["is_shown"]:
        return labels.text("figure.nurture.shown", lang)
    if pd.isna(row["trials_needed"]):
        return labels.text("figure.nurture.equal", lang)
    return labels.text(
        "figure.nurture.needed", lang, n=text.short(float(row["trials_needed"]), lang)
    )
