"""How good was the warning on past days, in a sentence a manager would say?"""

from typing import Any

import pandas as pd

from workbench import labels
from workbench.findings import quantities

# Fewer cases than this are told as counts: a share of them would say more than is known.
LEAST = 10


def headline(
    by_date: pd.DataFrame,
    *,
    horizon_days: int,
    rule: str = "interval_ratio",
    lang: labels.Lang = "en",
) -> str:
    r"""How good was the last warning whose outcome is known?

    Parameters
    ----------
    by_date
        One row per rule and day, the ``by_date`` of ``churn.backtest``.
    horizon_days
        How long customers were watched after each day.
    rule
        Whose warning is told of.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rule": ["interval_ratio"], "as_of": pd.to_datetime(["2026-07-31"]), "judged": [400],
    ...     "stayed_away": [60], "warned": [90], "caught": [38], "precision": [38 / 90],
    ...     "recall": [38 / 60], "lift": [2.81]})
    >>> print(headline(table, horizon_days=90).replace("; ", ";\n"))
    The warning of 31 Jul 2026 caught 63% of those who then stayed away for 90 days;
    42% of those it named did stay away, 2.8 times the usual share
    """
    last = _last(by_date, rule)
    if last is None or not last["judged"]:
        return labels.text("finding.track_record.nobody", lang)
    said: dict[str, Any] = {
        "date": labels.date(last["as_of"], lang),
        "days": labels.number(horizon_days, lang),
        "n": int(last["stayed_away"]),
        "away": labels.number(int(last["stayed_away"]), lang),
        "judged": labels.text(
            "noun.customers",
            lang,
            n=int(last["judged"]),
            count=labels.number(int(last["judged"]), lang),
        ),
        "warned": labels.number(int(last["warned"]), lang),
        "caught": labels.number(int(last["caught"]), lang),
    }
    if min(last["stayed_away"], last["warned"]) < LEAST:
        return quantities.sentence(labels.text("finding.track_record.few", lang, **said))
    said["recall"] = labels.percent(last["recall"], lang)
    said["precision"] = labels.percent(last["precision"], lang)
    lift = float(last["lift"])
    way = "better" if lift >= 1.05 else "same" if lift > 0.95 else "worse"
    said["lift"] = labels.number(lift, lang, digits=1)
    return labels.text(f"finding.track_record.{way}", lang, **said)


def bands(record: pd.DataFrame, *, rule: str = "interval_ratio", lang: labels.Lang = "en") -> str:
    """Would a band chosen on earlier days have been better on the later ones?

    Parameters
    ----------
    record
        One row per rule and band, the ``record`` of ``churn.backtest``.
    rule, lang
        As in ``headline``.

    Examples
    --------
    >>> record = pd.DataFrame({
    ...     "rule": "interval_ratio", "band": ["set", "chosen"], "threshold": [1.2, 1.4],
    ...     "stayed_away": 182, "warned": [234, 172], "recall": [0.467, 0.401]})
    >>> bands(record)
    'Ratio from 1.4, the best on earlier days, caught 40% with 172 warnings; ratio from 1.2: 47% with 234'
    """
    rows = {row["band"]: row for row in record.loc[record["rule"] == rule].to_dict("records")}
    if "chosen" not in rows or rows["set"]["stayed_away"] < LEAST:
        return labels.text("finding.track_record.no_choice", lang)
    now, best = rows["set"], rows["chosen"]
    key = "same_band" if now["threshold"] == best["threshold"] else "other_band"
    said = labels.text(
        f"finding.track_record.{key}",
        lang,
        band=threshold(rule, best["threshold"], lang),
        set=threshold(rule, now["threshold"], lang),
        recall=labels.percent(best["recall"], lang),
        recall_set=labels.percent(now["recall"], lang),
        warned=labels.number(int(best["warned"]), lang),
        warned_set=labels.number(int(now["warned"]), lang),
    )
    return quantities.sentence(said)


def rules(record: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """Which rule told best who would stay away?

    By the chance that of two customers the one who stayed away has the worse score, which does not
    depend on a band.

    Examples
    --------
    >>> record = pd.DataFrame({
    ...     "rule": ["interval_ratio", "days_since_last"], "band": "set", "judged": 400,
    ...     "stayed_away": 60, "concordance": [0.81, 0.74]})
    >>> rules(record)
    'Interval ratio tells best who stays away: it ranks 81% of pairs rightly; days since last, 74%'
    """
    rows = record.loc[(record["band"] == "set") & record["concordance"].notna()]
    rows = rows.loc[rows["stayed_away"] >= LEAST].sort_values(
        ["concordance", "rule"], ascending=[False, True]
    )
    if rows.empty:
        return labels.text("finding.track_record.nobody", lang)
    first, *others = rows.to_dict("records")
    other = next((one for one in others if one["rule"] == "days_since_last"), None)
    other = other or (others[0] if others else None)
    said = {"rule": labels.text(f"rule.{first['rule']}", lang)}
    said["share"] = labels.percent(first["concordance"], lang)
    if other is None:
        return quantities.sentence(labels.text("finding.track_record.one_rule", lang, **said))
    said["other"] = labels.text(f"rule.{other['rule']}", lang)
    said["other_share"] = labels.percent(other["concordance"], lang)
    return quantities.sentence(labels.text("finding.track_record.rules", lang, **said))


def calibration(
    calibration: pd.DataFrame, *, rule: str = "interval_ratio", lang: labels.Lang = "en"
) -> str:
    """How much more often do those with the worst score stay away than those with the best?

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rule": "interval_ratio", "left": [0.0, 2.5], "right": [0.4, 3.0],
    ...     "customers": [900, 80], "away_share": [0.11, 0.6]})
    >>> calibration(table)
    'Of those at 0 to 0.4, 11% stayed away; of those at 2.5 to 3, 60%'
    """
    rows = calibration.loc[(calibration["rule"] == rule) & (calibration["customers"] >= LEAST)]
    rows = rows.sort_values("left")
    if len(rows) < 2:
        return labels.text("finding.track_record.nobody", lang)
    low, high = rows.iloc[0], rows.iloc[-1]
    return labels.text(
        "finding.track_record.calibration",
        lang,
        low=span(low["left"], low["right"], lang),
        high=span(high["left"], high["right"], lang),
        low_share=labels.percent(low["away_share"], lang),
        high_share=labels.percent(high["away_share"], lang),
    )


def baseline(
    by_date: pd.DataFrame, *, rule: str = "days_since_last", lang: labels.Lang = "en"
) -> str:
    """What would a simpler rule have caught at the same time? Nothing where it is too few to say.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rule": ["days_since_last"], "as_of": pd.to_datetime(["2026-07-31"]), "judged": [400],
    ...     "stayed_away": [60], "warned": [32], "threshold": [90.0], "precision": [0.75],
    ...     "recall": [0.4]})
    >>> baseline(table)
    'By comparison, 90 days or more would have caught 40% with 32 warnings, 75% of them right.'
    """
    last = _last(by_date, rule)
    if last is None or min(last["stayed_away"], last["warned"]) < LEAST:
        return ""
    return labels.text(
        "finding.track_record.baseline",
        lang,
        band=threshold(rule, float(last["threshold"]), lang),
        recall=labels.percent(last["recall"], lang),
        precision=labels.percent(last["precision"], lang),
        warned=labels.number(int(last["warned"]), lang),
    )


def not_judged(dates: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """How many customers were not judged on the last observable day, and why?

    Examples
    --------
    >>> dates = pd.DataFrame({"purpose": ["judge"], "cannot_tell": [742], "already_lost": [242]})
    >>> not_judged(dates)
    'Not judged: 742 customers of whom the rules cannot tell, and 242 already lost.'
    """
    seen = dates.loc[dates["purpose"] != "not_observable"]
    if seen.empty:
        return ""
    last = seen.iloc[-1]
    return labels.text(
        "finding.track_record.not_judged",
        lang,
        n=int(last["cannot_tell"]),
        unknown=labels.number(int(last["cannot_tell"]), lang),
        lost=labels.number(int(last["already_lost"]), lang),
    )


def threshold(rule: str, value: float, lang: labels.Lang = "en") -> str:
    """Say where a rule begins to warn.

    Examples
    --------
    >>> threshold("days_since_last", 90.0), threshold("interval_ratio", 1.2, "zh")
    ('90 days or more', '比值1.2起')
    """
    return labels.text(f"rule.{rule}.from", lang, value=f"{value:g}")


def span(left: float, right: float, lang: labels.Lang = "en") -> str:
    """Say a span of scores; one without an end is open.

    Examples
    --------
    >>> span(0.4, 0.8), span(365, float("inf"))
    ('0.4 to 0.8', '365 and more')
    """
    key = "open" if right == float("inf") else "span"
    return labels.text(f"finding.track_record.{key}", lang, left=f"{left:g}", right=f"{right:g}")


def _last(by_date: pd.DataFrame, rule: str) -> "pd.Series[Any] | None":
    rows = by_date.loc[by_date["rule"] == rule].sort_values("as_of") if len(by_date) else by_date
    return rows.iloc[-1] if len(rows) else None
