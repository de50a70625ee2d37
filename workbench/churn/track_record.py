"""Who was warned of, and who stayed away? Counted by day, band, score and budget."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, estimates
from workbench.churn.bands import Floats
from workbench.churn.rules import BINS, CANDIDATES, FALLING, Rule
from workbench.results import Result

CHOOSE, BETWEEN, JUDGE = "choose", "between", "judge"
NOBODY, NOT_OBSERVABLE = "no_customers", "not_observable"
FIRST_BY = ("score", "value_at_stake")

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


DATES = Result(
    "churn.backtest(orders, …).dates", as_of="date", horizon_end="date", purpose="text",
    no_model="text", customers="count", already_lost="count", cannot_tell="count",
    cannot_tell_away="count", judged="count", stayed_away="count",
)  # fmt: skip


def dates(
    days: pd.DatetimeIndex,
    *,
    horizon: int,
    begun: pd.Timestamp,
    covered: pd.Timestamp,
    choose_dates: int | None,
) -> pd.DataFrame:
    """Say of each day what it is for: to choose a band by, to judge, or neither, and why not.

    Raises
    ------
    ParameterError
        ``choose_dates`` is no whole number from 0 up.
    """
    mend = "Give on how many of the first days a band is chosen; 0 for none."
    if choose_dates is not None:
        choose_dates = arguments.whole("choose_dates", choose_dates, least=0, mend=mend)
    table = pd.DataFrame({"as_of": days, "horizon_end": days + pd.Timedelta(days=horizon)})
    passed = (table["horizon_end"] <= covered).to_numpy()
    seen = passed & (table["as_of"] >= begun).to_numpy()
    many = int(seen.sum())
    first = many // 2 if choose_dates is None else choose_dates
    purpose = np.where(passed, NOBODY, NOT_OBSERVABLE).astype(object)
    purpose[seen] = JUDGE
    if first and many:
        chosen = np.flatnonzero(seen)[:first]
        # a day whose past holds the end of every horizon a band was chosen by, and no day before
        later = (table["as_of"] >= table["horizon_end"].iloc[chosen[-1]]).to_numpy()
        if (later & seen).any():
            purpose[seen & ~later] = BETWEEN
            purpose[chosen] = CHOOSE
    return table.assign(purpose=pd.Series(purpose, dtype="str"))


def counted(
    dates: pd.DataFrame, customers: pd.DataFrame, *, told: pd.Series, lost: pd.Series
) -> pd.DataFrame:
    """Count for each day who is judged and who is not, and why."""
    away = customers["has_stayed_away"].to_numpy(dtype=bool)
    counts = {
        "customers": np.ones(len(customers), dtype=bool),
        "already_lost": lost.to_numpy(dtype=bool),
        "cannot_tell": ~(told | lost).to_numpy(dtype=bool),
        "cannot_tell_away": ~(told | lost).to_numpy(dtype=bool) & away,
        "judged": customers["is_judged"].to_numpy(dtype=bool),
        "stayed_away": customers["is_judged"].to_numpy(dtype=bool) & away,
    }
    places = pd.Index(dates["as_of"]).get_indexer(pd.Index(customers["as_of"]))
    made = {
        name: np.bincount(places[where], minlength=len(dates)).astype("int64")
        for name, where in counts.items()
    }
    return dates.assign(**made)


def warned(judged: pd.DataFrame, rule: Rule, threshold: float) -> Flags:
    """Say whom a rule warns of."""
    score = judged[rule].to_numpy(dtype="float64")
    return score <= threshold if rule in FALLING else score >= threshold


_COUNTED = {
    "judged": "count", "stayed_away": "count", "warned": "count", "caught": "count",
    "false_alarms": "count", "missed": "count", "rightly_quiet": "count", "concordance": "rate",
    "value_warned": "money", "value_caught": "money", "value_missed": "money",
    "precision": "rate", "recall": "rate", "base_rate": "rate", "lift": "ratio",
    "difference": "rate",
}  # fmt: skip
_WITH_INTERVAL = ("precision", "recall", "base_rate", "difference")
BY_DATE = Result(
    "churn.backtest(orders, …).by_date", interval=_WITH_INTERVAL, rule="rule", as_of="date",
    threshold="ratio", **_COUNTED,
)  # fmt: skip


def by_date(
    judged: pd.DataFrame, dates: pd.DataFrame, thresholds: Mapping[Rule, float]
) -> pd.DataFrame:
    """Judge each rule on each observable day."""
    days = _observable(dates)
    frames = []
    for rule, edge in thresholds.items():
        some = _scored(judged, rule)
        group = days.get_indexer(pd.Index(some["as_of"]))
        counts = _confusion(some, rule, warned(some, rule, edge), group, len(days))
        frames.append(counts.assign(rule=rule, as_of=days, threshold=edge))
    return _rated(_leading(pd.concat(frames, ignore_index=True), "rule", "as_of", "threshold"))


RECORD = Result(
    "churn.backtest(orders, …).record", interval=_WITH_INTERVAL, rule="rule", band="text",
    threshold="ratio", **_COUNTED,
)  # fmt: skip


def record(
    judged: pd.DataFrame, thresholds: Mapping[Rule, float], bands: pd.DataFrame
) -> pd.DataFrame:
    """Judge the bands as set, and as chosen on earlier days, on the later days alone."""
    chosen = bands.loc[bands["is_chosen"]].set_index("rule")["threshold"]
    frames = []
    for rule, edge in thresholds.items():
        some = _scored(judged, rule)
        later = some.loc[(some["purpose"] == JUDGE).to_numpy()]
        everything = np.zeros(len(later), dtype=np.int64)
        for band, value in (("set", edge), ("chosen", chosen.get(rule))):
            if value is not None:
                flags = warned(later, rule, float(value))
                counts = _confusion(later, rule, flags, everything, 1)
                frames.append(counts.assign(rule=rule, band=band, threshold=float(value)))
    return _rated(_leading(pd.concat(frames, ignore_index=True), "rule", "band", "threshold"))


TRIED = Result(
    "churn.backtest(orders, …).bands", rule="rule", threshold="ratio", is_set="truth",
    warned_choosing="count", precision_choosing="rate", recall_choosing="rate",
    alarm_rate_choosing="rate", warned_judging="count", precision_judging="rate",
    recall_judging="rate", alarm_rate_judging="rate", is_chosen="truth",
)  # fmt: skip


def bands(
    judged: pd.DataFrame, thresholds: Mapping[Rule, float], *, upto: float | None
) -> pd.DataFrame:
    """Try bands on the days to choose by and on those to judge; mark the best of the former."""
    parts = {"choosing": CHOOSE, "judging": JUDGE}
    frames = []
    for rule, edge in thresholds.items():
        tried = CANDIDATES[rule]
        if rule == "interval_ratio" and upto is not None:
            tried = tried[tried < upto]
        tried = np.unique(np.append(tried, edge))
        table = pd.DataFrame({"rule": rule, "threshold": tried, "is_set": tried == edge})
        best = None
        for name, purpose in parts.items():
            some = _scored(judged.loc[(judged["purpose"] == purpose).to_numpy()], rule)
            caught, alarms, away, bought = _tried(some, rule, tried)
            table[f"warned_{name}"] = caught + alarms
            table[f"precision_{name}"] = _over(caught, caught + alarms)
            table[f"recall_{name}"] = _over(caught, np.full(len(tried), away))
            table[f"alarm_rate_{name}"] = _over(alarms, np.full(len(tried), bought))
            if purpose == CHOOSE and away and bought:
                # in whole numbers, so that equally good bands are equal; the fewest calls of them
                worth = caught * bought - alarms * away
                calls = np.where(worth == worth.max(), caught + alarms, np.inf)
                fewest = np.flatnonzero(calls == calls.min())
                best = fewest[0] if rule in FALLING else fewest[-1]
        table["is_chosen"] = np.arange(len(tried)) == (-1 if best is None else best)
        frames.append(table)
    return pd.concat(frames, ignore_index=True).astype({"rule": "str"})


CALIBRATION = Result(
    "churn.backtest(orders, …).calibration", interval=["away_share"], rule="rule", left="number",
    right="number", customers="count", stayed_away="count", predicted_share="rate",
    away_share="rate",
)  # fmt: skip


def calibration(judged: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """Count who stayed away by bin of each rule's score."""
    frames = []
    for rule in rules:
        some = _scored(judged, rule)
        away = some["has_stayed_away"].to_numpy(dtype="float64")
        left = np.array(BINS[rule])
        share = rule in ("probability_alive", "overdue_quantile")
        place = np.searchsorted(left, some[rule].to_numpy(dtype="float64"), side="right") - 1
        count = np.bincount(place, minlength=len(left))
        predicted = np.full(len(left), np.nan)
        if rule == "probability_alive":
            silent = some["probability_no_purchase"].to_numpy(dtype="float64")
            predicted = _over(_summed(place, silent, len(left), digits=9), count)
        frames.append(
            pd.DataFrame(
                {
                    "rule": rule,
                    "left": left,
                    "right": np.append(left[1:], 1.0 if share else np.inf),
                    "customers": count.astype("int64"),
                    "stayed_away": np.bincount(place, away, len(left)).astype("int64"),
                    "predicted_share": predicted,
                }
            )
        )
    table = pd.concat(frames, ignore_index=True).astype({"rule": "str"})
    return estimates.rates(table, successes="stayed_away", trials="customers", name="away_share")


CONTACTS = Result(
    "churn.backtest(orders, …).contacts", interval=["precision"], rule="rule", first_by="text",
    as_of="date", contacts="count", caught="count", base_rate="rate", value_caught="money",
    value_share="rate", precision="rate", lift="ratio",
)  # fmt: skip


def contacts(
    judged: pd.DataFrame, dates: pd.DataFrame, thresholds: Mapping[Rule, float], *, budget: int
) -> pd.DataFrame:
    """Judge the first of the warned customers on each day, as many as can be contacted."""
    days = _observable(dates)
    group = days.get_indexer(pd.Index(judged["as_of"]))
    away = judged["has_stayed_away"].to_numpy(dtype=bool)
    value = judged["value_at_stake"].to_numpy(dtype="float64")
    lost = _summed(group[away], value[away], len(days))
    base = _over(np.bincount(group, away, len(days)), np.bincount(group, minlength=len(days)))
    frames = []
    for rule, edge in thresholds.items():
        score = judged[rule].to_numpy(dtype="float64")
        worse = score if rule in FALLING else -score
        flags = warned(judged, rule, edge)
        for first_by in FIRST_BY:
            order = pd.DataFrame({"group": group, "customer": judged["customer_id"]})
            order = order.assign(value_at_stake=-np.round(value, 2), score=worse).loc[flags]
            then = next(other for other in FIRST_BY if other != first_by)
            order = order.sort_values(["group", first_by, then, "customer"])
            taken = order.index[(order.groupby("group").cumcount() < budget).to_numpy()]
            places = judged.index.get_indexer(taken)
            caught = places[away[places]]
            found = _summed(group[caught], value[caught], len(days))
            counts = {
                "contacts": np.bincount(group[places], minlength=len(days)),
                "caught": np.bincount(group[caught], minlength=len(days)),
                "base_rate": base,
                "value_caught": found,
                "value_share": _over(found, lost),
            }
            frames.append(
                pd.DataFrame({"rule": rule, "first_by": first_by, "as_of": days, **counts})
            )
    table = pd.concat(frames, ignore_index=True)
    table = table.astype({"rule": "str", "first_by": "str", "contacts": "int64", "caught": "int64"})
    table = estimates.rates(table, successes="caught", trials="contacts", name="precision")
    return table.assign(lift=_over(table["precision"].to_numpy(), table["base_rate"].to_numpy()))


def _scored(judged: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Leave out those of a day on which the rule's model could not be fitted."""
    return judged.loc[judged[rule].notna().to_numpy()]


def _observable(dates: pd.DataFrame) -> "pd.Index[Any]":
    days: pd.Index[Any] = pd.Index(dates.loc[dates["purpose"] != NOT_OBSERVABLE, "as_of"])
    return days


def _confusion(
    judged: pd.DataFrame, rule: Rule, flags: Flags, group: Any, many: int
) -> pd.DataFrame:
    """Count per group: warned or not, stayed away or not, and the money of each."""
    away = judged["has_stayed_away"].to_numpy(dtype=bool)
    value = judged["value_at_stake"].to_numpy(dtype="float64")

    def count(where: Flags) -> Any:
        return np.bincount(group[where], minlength=many).astype("int64")

    def money(where: Flags) -> Floats:
        return _summed(group[where], value[where], many)

    return pd.DataFrame(
        {
            "judged": count(np.ones(len(judged), dtype=bool)),
            "stayed_away": count(away),
            "warned": count(flags),
            "caught": count(flags & away),
            "false_alarms": count(flags & ~away),
            "missed": count(~flags & away),
            "rightly_quiet": count(~flags & ~away),
            "concordance": _concordance(judged, rule, away, group, many),
            "value_warned": money(flags),
            "value_caught": money(flags & away),
            "value_missed": money(~flags & away),
        }
    )


def _rated(table: pd.DataFrame) -> pd.DataFrame:
    """Add the rates with their intervals."""
    for name, part, whole in (
        ("precision", "caught", "warned"),
        ("recall", "caught", "stayed_away"),
        ("base_rate", "stayed_away", "judged"),
    ):
        table = estimates.rates(table, successes=part, trials=whole, name=name)
    table["lift"] = _over(table["precision"].to_numpy(), table["base_rate"].to_numpy())
    quiet = table["judged"] - table["warned"]
    compared = estimates.differences(
        table.assign(quiet=quiet),
        successes=("caught", "missed"),
        trials=("warned", "quiet"),
        name="difference",
    )
    return compared.drop(columns="quiet")


def _concordance(judged: pd.DataFrame, rule: Rule, away: Flags, group: Any, many: int) -> Floats:
    """Give per group the chance that who stayed away has the worse score; a tie counts half."""
    worse = judged[rule].astype("float64") * (-1 if rule in FALLING else 1)
    rank = worse.groupby(np.asarray(group)).rank().to_numpy(dtype="float64")
    gone = np.bincount(group[away], minlength=many).astype("float64")
    stayed = np.bincount(group[~away], minlength=many).astype("float64")
    ranks = np.bincount(group[away], rank[away], many)
    return _over(ranks - gone * (gone + 1) / 2, gone * stayed)


def _tried(some: pd.DataFrame, rule: Rule, tried: Floats) -> tuple[Any, Any, int, int]:
    """Count for each threshold who was caught and who was a false alarm, by sorting once."""
    away = some["has_stayed_away"].to_numpy(dtype=bool)
    score = some[rule].to_numpy(dtype="float64")
    counts = []
    for scores in (np.sort(score[away]), np.sort(score[~away])):
        below = np.searchsorted(scores, tried, side="right" if rule in FALLING else "left")
        counts.append((below if rule in FALLING else len(scores) - below).astype("int64"))
    return counts[0], counts[1], int(away.sum()), int((~away).sum())


def _summed(place: Any, value: Floats, many: int, *, digits: int = 2) -> Floats:
    """Add up in whole cents, so that the order of rows does not show in the last bit."""
    whole = np.round(value * 10.0**digits)
    return np.asarray(np.bincount(place, whole, many) / 10.0**digits, dtype="float64")


def _over(part: Any, whole: Any) -> Floats:
    """Divide; nothing by nothing is null."""
    part, whole = np.asarray(part, dtype="float64"), np.asarray(whole, dtype="float64")
    out: Floats = np.full(part.shape, np.nan)
    np.divide(part, whole, out=out, where=whole > 0)
    return out


def _leading(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    table = table[[*columns, *table.columns.drop(list(columns))]]
    return table.astype({name: "str" for name in columns if name in ("rule", "band")})
