"""How good was the warning on past days: by day, by band, by score, beside other rules?"""

import math
from typing import Any

import pandas as pd

from workbench import charts, churn
from workbench.churn import Rule
from workbench.exhibit import Sheet, exhibit
from workbench.words import Words

# Fewer cases than this are told as counts: a share of them would say more than is known.
LEAST = 10


@exhibit(
    churn.BY_DATE, minor=["judged", "lift"],
    columns=["as_of", "judged", "stayed_away", "warned", "caught", "precision", "recall", "lift"],
)  # fmt: skip
def by_date(
    by_date: pd.DataFrame, words: Words, *, horizon_days: int, rule: Rule = "interval_ratio",
    simpler: pd.DataFrame | None = None, dates: pd.DataFrame | None = None,
) -> Sheet:  # fmt: skip
    """How good was the warning each time?

    ``simpler`` are the rows of a rule that is told of beside it, ``dates`` the days of the same
    ``churn.backtest``, for who was not judged.
    """
    mine = by_date.loc[by_date["rule"] == rule].sort_values("as_of")
    rows = mine.loc[mine["judged"] > 0]
    chart = charts.Dots(
        rows=rows, name="as_of", values=["recall", "precision"], names=["recall", "precision"],
        scale="whole share", line="base_rate", line_name="base_rate", upright=True,
    )  # fmt: skip
    band = _from(rule, rows["threshold"].iloc[0], words) if len(rows) else words(f"rule.{rule}")
    read = [words("meaning", days=horizon_days), words("do", days=horizon_days)]
    return Sheet(
        _last_warning(mine, words, horizon_days), chart,
        subtitle=words("subtitle", band=band, days=horizon_days),
        meaning=[*read, _beside(simpler, words), _not_judged(dates, words)],
    )  # fmt: skip


def _last_warning(mine: pd.DataFrame, words: Words, horizon_days: int) -> str:
    told: dict[Any, Any] = next(iter(mine.tail(1).to_dict("records")), {})
    if not told.get("judged"):
        return words("none")
    if min(told["stayed_away"], told["warned"]) < LEAST:
        return words("few", days=horizon_days, **told)
    lift = told["lift"]
    against = "better" if lift >= 1.05 else "same" if lift > 0.95 else "worse"
    return words("some", days=horizon_days, against=words(against, lift=lift), **told)


def _beside(simpler: pd.DataFrame | None, words: Words) -> str:
    """What would a simpler rule have caught at the same time? Nothing where it is too few to say."""
    rows = pd.DataFrame() if simpler is None else simpler
    last = rows.sort_values("as_of").iloc[-1] if len(rows) else None
    if last is None or min(last["stayed_away"], last["warned"]) < LEAST:
        return ""
    return words("beside", band=_from(last["rule"], last["threshold"], words), **last)


def _not_judged(dates: pd.DataFrame | None, words: Words) -> str:
    """How many customers were not judged on the last observable day, and why?"""
    seen = dates[dates["purpose"] != "not_observable"] if dates is not None else pd.DataFrame()
    return words("not_judged", **seen.iloc[-1]) if len(seen) else ""


def _from(rule: Rule, threshold: float, words: Words) -> str:
    return words(f"from.{rule}", threshold=threshold)


def _bands(rows: pd.DataFrame, words: Words) -> list[str]:
    pairs = zip(rows["rule"], rows["threshold"], strict=True)
    return [_from(rule, threshold, words) for rule, threshold in pairs]


@exhibit(churn.RECORD)
def rules(record: pd.DataFrame, words: Words) -> Sheet:
    """Which rule warned best, at its band as set and at the best of earlier days?"""
    order = {name: place for place, name in enumerate((*churn.RULES, "set", "chosen"))}
    rows = record.loc[record["judged"] > 0]
    rows = rows.sort_values(["rule", "band"], key=lambda names: names.map(order))
    chart = charts.Dots(
        rows=rows.assign(
            name=_bands(rows, words), chosen=rows["band"].map({"chosen": words("chosen")})
        ),
        values=["recall", "precision"], names=["recall", "precision"], scale="whole share",
        line="base_rate", under="under", limit=30,
    )  # fmt: skip
    return Sheet(_best(record, words), chart)


def _best(record: pd.DataFrame, words: Words) -> str:
    """Tell by the chance that of two customers the one who stayed away has the worse score.

    It does not depend on a band.
    """
    is_told = (record["band"] == "set") & (record["stayed_away"] >= LEAST)
    rows = record.loc[is_told].dropna(subset="concordance")
    ranks = rows.sort_values(["concordance", "rule"], ascending=[False, True])
    shares = dict(zip(ranks["rule"], ranks["concordance"], strict=True))
    if not shares:
        return words("none")
    first, *others = shares
    other = "days_since_last" if "days_since_last" in others else next(iter(others), None)
    return words(
        "some", rule=first, share=shares[first], other=other, other_share=shares.get(other)
    )


@exhibit(churn.TRIED)
def bands(
    bands: pd.DataFrame, words: Words, *, record: pd.DataFrame, rule: Rule = "interval_ratio"
) -> Sheet:
    """What would another band have caught, on the days that chose none?"""
    rows = bands.loc[bands["rule"] == rule]
    at = {
        kind: rows.loc[rows[f"is_{kind}"].astype("bool"), "threshold"].tolist()
        for kind in ("set", "chosen")
    }  # fmt: skip
    if at["set"] == at["chosen"]:
        at = {"both": at["set"]}
    lines = [
        (edge, f"band.{kind}", "kept" if kind == "chosen" else "ink")
        for kind, edges in at.items()
        for edge in edges
    ]
    chart = charts.Course(
        rows=rows.assign(edge=_bands(rows, words)), x="threshold", line_at=lines,
        y=["recall_judging", "precision_judging"], names=["recall", "precision"],
        tones=["kept", "risk"], scale="whole share", x_title=f"axis.{rule}",
    )  # fmt: skip
    return Sheet(_chosen(record, words, rule), chart, subtitle=words("subtitle", rule=rule))


def _chosen(record: pd.DataFrame, words: Words, rule: Rule) -> str:
    """Would a band chosen on earlier days have been better on the later ones?"""
    with churn.RECORD.reading(record, "record"):
        rows = {row["band"]: row for row in record[record["rule"] == rule].to_dict("records")}
    if "chosen" not in rows or rows["set"]["stayed_away"] < LEAST:
        return words("none")
    now, best = rows["set"], rows["chosen"]
    named, best_named = (_from(rule, row["threshold"], words) for row in (now, best))
    return words(
        "some", band=best_named, set=named if now["threshold"] != best["threshold"] else None,
        recall_set=now["recall"], warned_set=now["warned"], recall=best["recall"],
        warned=best["warned"],
    )  # fmt: skip


@exhibit(churn.CALIBRATION)
def calibration(calibration: pd.DataFrame, words: Words, *, rule: Rule = "interval_ratio") -> Sheet:
    """Do customers with a worse score stay away more often?"""
    is_mine = (calibration["rule"] == rule) & (calibration["customers"] > 0)
    rows = calibration.loc[is_mine].sort_values("left")
    pairs = zip(rows["left"], rows["right"], strict=True)
    rows = rows.assign(
        name=[f"{left:g}{'' if math.isfinite(right) else '+'}" for left, right in pairs],
        span=[words("span", **row) for _, row in rows.iterrows()],
    )  # fmt: skip
    chart = charts.Dots(
        rows=rows, values=["away_share", "predicted_share"], tones=["risk"], scale="whole share",
        upright=True, columns=True, under="under", x_title=f"axis.{rule}",
    )  # fmt: skip
    told = rows[rows["customers"] >= LEAST]
    sentence = words("none")
    if len(told) > 1:
        sentence = words("some", **told.iloc[0], **told.iloc[-1].add_prefix("high_"))
    hollow = "◇" if rows["predicted_share"].notna().any() else None
    return Sheet(sentence, chart, subtitle=words("subtitle", rule=rule, hollow=hollow))


@exhibit(
    churn.WARNED_OF,
    columns=["customer_name", "owner_name", "ratio", "value_at_stake", "has_stayed_away",
             "monetary_ahead"],
    strong=["customer_name"], minor=["owner_name", "ratio", "monetary_ahead"],
)  # fmt: skip
def warned(warned: pd.DataFrame, words: Words) -> Sheet:
    """Whom did the rule warn of last, and what did they do?"""
    away = int(warned["has_stayed_away"].sum())
    return Sheet(words("some" if len(warned) else "none", n=len(warned), away=away))
