"""Were models and classes right on days they had not seen?"""

from typing import Any

import pandas as pd

from workbench import labels
from workbench.findings import quantities
from workbench.findings.lifetime import words

_NOT_SEEN = "not_seen"
# The model without an end, which every other one has to beat.
_FLOOR = "NBD"


def models(scores: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """Which model came closest to what customers did next?

    Parameters
    ----------
    scores
        One row per model, the ``scores`` of ``models.compare``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> scores = pd.DataFrame({"model": ["BetaGeo", "NBD"], "mean_absolute_error": [1.25, 1.92],
    ...     "bias": [0.18, 0.61], "converged": True, "holdout_purchases": 3617})
    >>> models(scores)
    'BG/NBD came closest to what each customer did, off by 1.25 purchases a customer; in all it expected 18% too many; plain NBD is off by 1.92'
    """
    rows = scores.loc[scores["converged"].astype("bool")]
    if rows.empty:
        return labels.text("finding.lifetime.models_none", lang)
    if not scores["holdout_purchases"].iloc[0]:
        return labels.text("finding.lifetime.nobody_bought", lang)
    rows = rows.sort_values(["mean_absolute_error", "model"])
    best = rows.iloc[0]
    said = labels.text(
        "finding.lifetime.models",
        lang,
        model=words.model(str(best["model"]), lang),
        off=labels.number(best["mean_absolute_error"], lang, digits=2),
        bias=words.bias(float(best["bias"]), lang),
    )
    floor = rows.loc[(rows["model"] == _FLOOR) & (rows["model"] != best["model"])]
    for error in floor["mean_absolute_error"]:
        off = labels.number(error, lang, digits=2)
        said += labels.text(
            "finding.lifetime.models_floor", lang, floor=words.model(_FLOOR, lang), off=off
        )
    return quantities.sentence(said)


def check(scores: pd.DataFrame, name: str, *, lang: labels.Lang = "en") -> str:
    """Did the model that came closest expect too much on past days? Nothing where it could not be judged.

    Examples
    --------
    >>> scores = pd.DataFrame({"model": ["BetaGeo"], "bias": [0.18], "converged": [True]})
    >>> check(scores, "BetaGeo")
    'BG/NBD came closest on past days; of the purchases it had not seen, it expected 18% too many.'
    """
    rows = scores.loc[(scores["model"] == name) & scores["bias"].notna()]
    if rows.empty:
        return ""
    bias = words.bias(float(rows["bias"].iloc[0]), lang)
    return labels.text("finding.lifetime.check", lang, model=words.model(name, lang), bias=bias)


def calibration(by_frequency: pd.DataFrame, name: str, *, lang: labels.Lang = "en") -> str:
    r"""Did those who had bought seldom, and those who had bought often, buy as was expected?

    Parameters
    ----------
    by_frequency
        One row per model and number of repeat purchases, of ``models.compare``.
    name
        Whose expectations are told.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({"model": "BetaGeo", "repeat_purchases": [0, 7],
    ...     "is_open_ended": [False, True], "customers": [774, 517],
    ...     "actual_mean": [0.14, 5.33], "expected_mean": [0.37, 6.06]})
    >>> print(calibration(table, "BetaGeo").replace("; ", ";\n"))
    Customers without a repeat purchase bought 0.14 times each in the days after, 0.37 were expected;
    those with 7 repeat purchases or more, 5.33 times, 6.06 expected
    """
    rows = by_frequency.loc[by_frequency["model"] == name].sort_values("repeat_purchases")
    if rows.empty:
        return labels.text("finding.lifetime.models_none", lang)
    ends = {"low": rows.iloc[0], "high": rows.iloc[-1]}
    if len(rows) == 1:
        del ends["high"]
    said: dict[str, str] = {}
    for end, row in ends.items():
        said[end] = _repeats(int(row["repeat_purchases"]), bool(row["is_open_ended"]), lang)
        said[f"{end}_actual"] = labels.number(row["actual_mean"], lang, digits=2)
        said[f"{end}_expected"] = labels.number(row["expected_mean"], lang, digits=2)
    key = "calibration_one" if len(rows) == 1 else "calibration"
    return labels.text(f"finding.lifetime.{key}", lang, **said)


def tracking(tracking: pd.DataFrame, name: str, *, lang: labels.Lang = "en") -> str:
    """In the weeks the model had not seen, did as much happen as was expected?

    Parameters
    ----------
    tracking
        One row per model and step, of ``models.compare``.
    name, lang
        As in ``calibration``.

    Examples
    --------
    >>> table = pd.DataFrame({"model": "BetaGeo", "until": pd.to_datetime(["2026-01-31", "2026-10-31"]),
    ...     "is_holdout": [False, True], "actual_purchases": [900, 100], "expected_purchases": [910.0, 119.0]})
    >>> tracking(table, "BetaGeo").partition(", ")[2]
    '100 repeat purchases were made, 119 expected: 19% too many'
    """
    rows = tracking.loc[(tracking["model"] == name)] if len(tracking) else tracking
    if rows.empty:
        return labels.text("finding.lifetime.models_none", lang)
    later = rows.loc[rows["is_holdout"].astype("bool")]
    actual, expected = (
        int(later["actual_purchases"].sum()),
        float(later["expected_purchases"].sum()),
    )
    if later.empty:
        return labels.text("finding.lifetime.no_whole_step", lang)
    if not actual:
        return labels.text("finding.lifetime.nobody_bought", lang)
    return labels.text(
        "finding.lifetime.tracking",
        lang,
        date=labels.date(later["until"].max(), lang),
        actual=labels.number(actual, lang),
        expected=labels.number(expected, lang),
        bias=words.bias(expected / actual - 1, lang),
    )


def classes(
    judged: pd.DataFrame, *, horizon_days: int, by: str = "segment", lang: labels.Lang = "en"
) -> str:
    """Which class really spent most in the days after, and was that expected?

    Parameters
    ----------
    judged
        One row per class, from ``value.judge``.
    horizon_days
        How many days after.
    by
        The column of the class: ``segment``, or ``tenth`` for the order of a model.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> judged = pd.DataFrame({"segment": ["key_champion", "general_win_back", "not_seen"],
    ...     "customers": [100, 300, 9], "monetary_per_customer": [12_300.0, 30.0, 200.0],
    ...     "monetary_ahead_share": [0.9, 0.05, 0.05], "predicted": [1_100_000.0, 12_000.0, None]})
    >>> classes(judged, horizon_days=90)
    'Key champion spent most, 12,300 a customer in the 90 days after (11,000 expected); general win-back least, 30 (40 expected)'
    """
    rows = judged.loc[judged[by] != _NOT_SEEN]
    rows = rows.sort_values("monetary_per_customer", ascending=False, kind="stable")
    if rows.empty:
        return labels.text("finding.lifetime.no_class", lang)
    days = labels.number(horizon_days, lang)
    if not rows["monetary_per_customer"].iloc[0] > 0:
        return labels.text("finding.lifetime.nothing_spent", lang, days=days)
    first = rows.loc[rows[by].astype("str") == "1"]
    if by == "tenth" and len(first) and pd.notna(first["monetary_ahead_share"].iloc[0]):
        return labels.text(
            "finding.lifetime.tenths",
            lang,
            days=days,
            share=quantities.share(float(first["monetary_ahead_share"].iloc[0]), lang),
            money=quantities.money(first["monetary_per_customer"].iloc[0], lang),
            expected=_expected(first.iloc[0], lang),
        )
    ends = {"best": rows.iloc[0], "worst": rows.iloc[-1]}
    if len(rows) == 1:
        del ends["worst"]
    said: dict[str, str] = {}
    for end, row in ends.items():
        name = words.class_name(by, str(row[by]), lang)
        said[end] = name if end == "best" or lang == "zh" else name[:1].lower() + name[1:]
        said[f"{end}_money"] = quantities.money(row["monetary_per_customer"], lang)
        said[f"{end}_expected"] = _expected(row, lang)
    key = "segments_one" if len(rows) == 1 else "segments"
    return quantities.sentence(labels.text(f"finding.lifetime.{key}", lang, days=days, **said))


def _repeats(n: int, is_open_ended: bool, lang: labels.Lang) -> str:
    if not n:
        return labels.text("finding.lifetime.repeats.none", lang)
    count = labels.number(n, lang)
    if is_open_ended:
        return labels.text("finding.lifetime.repeats_open", lang, count=count)
    return labels.text("finding.lifetime.repeats", lang, n=n, count=count)


def _expected(row: Any, lang: labels.Lang) -> str:
    if pd.isna(row["predicted"]) or not row["customers"]:
        return ""
    each = quantities.money(row["predicted"] / row["customers"], lang)
    return labels.text("finding.lifetime.expected", lang, money=each)
