"""How good was the warning on past days: by day, by band, by score, beside other rules?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import track_record as findings
from workbench.words import Words

_MADE_BY = "churn.backtest(orders, as_of_dates=…, horizon_days=…)"
_RATES = [f"{measure}{end}" for measure in ("recall", "precision") for end in ("", "_low", "_high")]


def by_date(
    by_date: pd.DataFrame,
    *,
    horizon_days: int,
    rule: str = "interval_ratio",
    lang: labels.Lang = "en",
) -> go.Figure:
    """How good was the warning each time?

    Parameters
    ----------
    by_date
        One row per rule and day, the ``by_date`` of ``churn.backtest``.
    horizon_days
        How long customers were watched after each day.
    rule
        Whose warnings are drawn.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        The share caught and the share of warnings that were right, with their intervals, over the
        usual share who stayed away.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rule": ["interval_ratio"], "as_of": pd.to_datetime(["2026-07-31"]), "judged": [400],
    ...     "stayed_away": [60], "warned": [90], "caught": [38], "lift": [2.81],
    ...     "base_rate": [0.15], "threshold": [1.2],
    ...     "recall": [0.63], "recall_low": [0.5], "recall_high": [0.74],
    ...     "precision": [0.42], "precision_low": [0.32], "precision_high": [0.52]})
    >>> [trace.y for trace in by_date(table, horizon_days=90).data]
    [(0.15, 0.15, 0.15), (0.63,), (0.42,)]
    """
    columns = ("rule", "as_of", "judged", "stayed_away", "warned", "caught", "base_rate", "lift")
    schema.require(by_date, "by_date", (*columns, "threshold", *_RATES), made_by=_MADE_BY)
    words = Words(lang).within("figure.track_record.by_date")
    rows = by_date.loc[(by_date["rule"] == rule) & (by_date["judged"] > 0)].sort_values("as_of")
    edge = findings.threshold(rule, float(rows["threshold"].iloc[0]), lang) if len(rows) else ""
    chart = charts.Dots(
        rows=rows,
        name="as_of",
        values=["recall", "precision"],
        names=["recall", "precision"],
        scale="whole share",
        line="base_rate",
        line_name="base_rate",
        upright=True,
    )
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", band=edge or words(f"rule.{rule}"), days=horizon_days),
        alt=findings.headline(by_date, horizon_days=horizon_days, rule=rule, lang=lang),
    )


def rules(record: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """Which rule warned best, at its band as set and at the best of earlier days?

    Parameters
    ----------
    record
        One row per rule and band, the ``record`` of ``churn.backtest``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> record = pd.DataFrame({
    ...     "rule": ["days_since_last"], "band": ["set"], "threshold": [90.0], "judged": [400],
    ...     "stayed_away": [60], "warned": [90], "lift": [2.81], "base_rate": [0.15],
    ...     "concordance": [0.74],
    ...     "recall": [0.63], "recall_low": [0.5], "recall_high": [0.74],
    ...     "precision": [0.42], "precision_low": [0.32], "precision_high": [0.52]})
    >>> rules(record).layout.yaxis.ticktext
    ('90 days or more',)
    """
    columns = ("rule", "band", "threshold", "judged", "warned", "lift", "base_rate", "concordance")
    schema.require(record, "record", (*columns, *_RATES), made_by=_MADE_BY)
    words = Words(lang).within("figure.track_record.rules")
    rows = record.loc[record["judged"] > 0]
    bands = zip(rows["rule"], rows["threshold"], strict=True)
    chart = charts.Dots(
        rows=rows.assign(
            name=[findings.threshold(rule, value, lang) for rule, value in bands],
            chosen=rows["band"].map({"chosen": words("chosen")}),
        ),
        values=["recall", "precision"],
        names=["recall", "precision"],
        scale="whole share",
        line="base_rate",
        under="under",
        limit=30,
    )
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle"),
        alt=findings.rules(record, lang=lang),
    )


def bands(
    bands: pd.DataFrame,
    record: pd.DataFrame,
    *,
    rule: str = "interval_ratio",
    lang: labels.Lang = "en",
) -> go.Figure:
    """What would another band have caught, on the days that chose none?

    Parameters
    ----------
    bands, record
        Of ``churn.backtest``.
    rule
        Whose bands are drawn.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rule": "interval_ratio", "threshold": [1.2, 1.4], "is_set": [True, False],
    ...     "is_chosen": [False, True], "recall_judging": [0.47, 0.4],
    ...     "precision_judging": [0.36, 0.42], "warned_judging": [234, 172]})
    >>> record = pd.DataFrame({
    ...     "rule": "interval_ratio", "band": ["set", "chosen"], "threshold": [1.2, 1.4],
    ...     "stayed_away": 182, "warned": [234, 172], "recall": [0.467, 0.401]})
    >>> bands(table, record).data[0].x
    (1.2, 1.4)
    """
    columns = ("rule", "threshold", "is_set", "is_chosen", "warned_judging")
    needed = (*columns, "recall_judging", "precision_judging")
    schema.require(bands, "bands", needed, made_by=_MADE_BY)
    words = Words(lang).within("figure.track_record.bands")
    rows = bands.loc[bands["rule"] == rule]
    marks = {
        kind: rows.loc[rows[f"is_{kind}"].astype("bool"), "threshold"].tolist()
        for kind in ("set", "chosen")
    }
    if marks["set"] == marks["chosen"]:
        marks = {"both": marks["set"]}
    chart = charts.Course(
        rows=rows.assign(edge=[findings.threshold(rule, one, lang) for one in rows["threshold"]]),
        x="threshold",
        y=["recall_judging", "precision_judging"],
        names=["recall", "precision"],
        tones=["kept", "risk"],
        scale="whole share",
        line_at=[
            (value, f"band.{kind}", "kept" if kind == "chosen" else "ink")
            for kind, values in marks.items()
            for value in values
        ],
        x_title=f"axis.{rule}",
    )
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", rule=rule),
        alt=findings.bands(record, rule=rule, lang=lang),
    )


def calibration(
    calibration: pd.DataFrame, *, rule: str = "interval_ratio", lang: labels.Lang = "en"
) -> go.Figure:
    """Do customers with a worse score stay away more often?

    Parameters
    ----------
    calibration
        One row per rule and bin, the ``calibration`` of ``churn.backtest``.
    rule
        Whose scores are drawn.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rule": "interval_ratio", "left": [0.0, 2.5], "right": [0.4, 3.0],
    ...     "customers": [900, 80], "away_share": [0.11, 0.6], "away_share_low": [0.1, 0.5],
    ...     "away_share_high": [0.12, 0.7], "predicted_share": [None, None]})
    >>> calibration(table).data[0].y
    (0.11, 0.6)
    """
    columns = ("rule", "left", "right", "customers", "away_share", "predicted_share")
    needed = (*columns, "away_share_low", "away_share_high")
    schema.require(calibration, "calibration", needed, made_by=_MADE_BY)
    words = Words(lang).within("figure.track_record.calibration")
    rows = calibration.loc[(calibration["rule"] == rule) & (calibration["customers"] > 0)]
    spans = list(zip(rows["left"], rows["right"], strict=True))
    chart = charts.Dots(
        rows=rows.assign(
            name=[f"{left:g}{'+' if right == float('inf') else ''}" for left, right in spans],
            span=[findings.span(left, right, lang) for left, right in spans],
        ).sort_values("left"),
        values=["away_share", "predicted_share"],
        tones=["risk"],
        scale="whole share",
        upright=True,
        columns=True,
        under="under",
        x_title=f"axis.{rule}",
    )
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", rule=rule),
        alt=findings.calibration(calibration, rule=rule, lang=lang),
    )
