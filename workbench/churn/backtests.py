"""How good was the warning, when it was given on past days and customers went on to buy or not?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from workbench import arguments, errors, models, purchases
from workbench.churn import track_record
from workbench.churn.bands import DECIMALS, by_value
from workbench.churn.rules import Rule, check_rules, check_thresholds, known
from workbench.fitting.purchasing import check_on_days
from workbench.results import Result

_BUDGET = "Give how many customers can be contacted, such as 50."


JUDGED = Result(
    "churn.backtest(orders, …).customers", as_of="date", customer_id="id", value_at_stake="money",
    ratio="ratio", has_stayed_away="truth", monetary_ahead="money", interval_ratio="ratio",
    days_since_last="count", overdue_quantile="rate", probability_alive="rate",
    probability_no_purchase="rate", is_judged="truth",
)  # fmt: skip
WARNED_OF = Result(
    "churn.backtest(orders, …).warned()", customer_id="id", as_of="date", ratio="ratio",
    value_at_stake="money", has_stayed_away="truth", monetary_ahead="money",
)  # fmt: skip


@dataclass(frozen=True)
class Backtest:
    """How good was the warning on past days?

    Who stayed away made no purchase in the ``horizon_days`` after the day; who was warned of had a
    score from the rule's threshold on (P(alive): up to it). Rates are 0 to 1 with 95 % intervals
    ``…_low`` and ``…_high``; over several days a customer counts once a day, so that there the
    intervals are narrower than what they would be for as many different customers.

    Parameters
    ----------
    horizon_days, thresholds, lost_from, budget
        What the tables were made with; a threshold per rule.
    customers
        One row per day and customer that had bought: ``as_of``, ``customer_id``,
        ``value_at_stake``, ``ratio``, ``has_stayed_away``, ``monetary_ahead`` (net money of the days
        after), a column per rule with its score (null: the rule cannot tell), ``is_judged``.
        With P(alive) also ``probability_no_purchase`` in the horizon.
    dates
        One row per day: ``as_of``, ``horizon_end``, ``purpose`` (``choose`` a band by, ``judge``,
        ``between`` the two, ``no_customers`` yet, ``not_observable`` yet), ``customers``, ``already_lost`` and
        ``cannot_tell`` (not judged), ``judged``, ``stayed_away`` of them, ``cannot_tell_away``,
        ``no_model`` (why P(alive) could not be fitted).
    by_date
        One row per rule and observable day, at the thresholds as set: the counts ``judged``,
        ``stayed_away``, ``warned``, ``caught`` (warned, stayed away), ``false_alarms``,
        ``missed``, ``rightly_quiet``; ``precision`` (caught / warned), ``recall`` (caught / stayed
        away), ``base_rate``, ``lift`` (precision / base rate), ``difference`` (precision less the
        share who stayed away of those not warned); ``concordance`` (the chance that of two
        customers, the one who stayed away has the worse score); money: ``value_warned``,
        ``value_caught`` (of it really lost) and ``value_missed``.
    record
        One row per rule and ``band`` (``set``, and where there were days to choose by ``chosen``),
        over the judged days alone: ``threshold`` and the columns of ``by_date``.
    bands
        One row per rule and threshold that was tried: ``precision_choosing``, ``recall_choosing``,
        ``alarm_rate_choosing`` (warned of those who bought), the same ``…_judging``, ``is_set``,
        ``is_chosen``. Chosen is the largest recall less alarm rate on the days to choose by.
    calibration
        One row per rule and bin of its score, over all observable days: ``left``, ``right``,
        ``customers``, ``stayed_away``, ``away_share`` and, for P(alive), ``predicted_share``: the mean
        probability of no purchase in the horizon.
    contacts
        One row per rule, ``first_by`` (``score`` or ``value_at_stake``) and observable day, of the
        first ``budget`` warned customers: ``contacts``, ``caught``, ``precision``, ``lift``,
        ``value_caught``, and ``value_share`` of all that was really lost.
    """

    horizon_days: int
    thresholds: Mapping[Rule, float]
    lost_from: float | None
    budget: int
    customers: pd.DataFrame
    dates: pd.DataFrame
    by_date: pd.DataFrame
    record: pd.DataFrame
    bands: pd.DataFrame
    calibration: pd.DataFrame
    contacts: pd.DataFrame

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that were judged."""
        return tuple(self.thresholds)

    def judged_by(
        self,
        *,
        thresholds: Mapping[Rule, float] | None = None,
        lost_from: float | None = None,
        budget: int | None = None,
    ) -> "Backtest":
        """How good would another band have been? The same days, judged anew without a query.

        Parameters
        ----------
        thresholds
            Those that differ from before.
        lost_from
            As in ``backtest``; None for the same as before.
        budget
            As in ``backtest``; None for the same as before.

        Examples
        --------
        >>> from workbench import samples
        >>> orders = samples.company(customers=300)["orders"]
        >>> found = backtest(orders, as_of_dates=["2026-06-30"], horizon_days=90)
        >>> everybody = found.judged_by(thresholds={"interval_ratio": 0})
        >>> float(everybody.record["recall"].iloc[0])
        1.0
        """
        read = check_thresholds({**self.thresholds, **(thresholds or {})}, self.rules)
        lost = self.lost_from if lost_from is None else _lost_from(lost_from)
        most = self.budget if budget is None else arguments.whole("budget", budget, mend=_BUDGET)
        return _judged(replace(self, thresholds=read, lost_from=lost, budget=most))

    def warned(self, rule: Rule | None = None) -> pd.DataFrame:
        """Whom did a rule warn of last time, and what did they do?

        Parameters
        ----------
        rule
            One of those judged; by default the first.

        Returns
        -------
        pandas.DataFrame
            One row per customer warned of on the last observable day, most at stake first:
            ``customer_id``, ``as_of``, ``ratio``, ``value_at_stake``, ``has_stayed_away``,
            ``monetary_ahead``.

        Examples
        --------
        >>> from workbench import samples
        >>> orders = samples.company(customers=300)["orders"]
        >>> found = backtest(orders, as_of_dates=["2026-06-30"], horizon_days=90)
        >>> len(found.warned()) == found.by_date["warned"].item()
        True
        """
        (name,) = check_rules(rule or self.rules[0])
        if name not in self.rules:
            raise errors.unknown("rule of this back-test", name, self.rules)
        last = self.customers["as_of"].max()
        flags = track_record.warned(self.customers, name, self.thresholds[name])
        some = self.customers["is_judged"] & (self.customers["as_of"] == last) & flags
        columns = ["customer_id", "as_of", "ratio", "value_at_stake", "has_stayed_away"]
        return by_value(self.customers.loc[some, [*columns, "monetary_ahead"]])


def backtest(
    orders: Any,
    *,
    as_of_dates: Sequence[arguments.DayLike],
    horizon_days: int,
    rule: Rule | Sequence[Rule] = "interval_ratio",
    thresholds: Mapping[Rule, float] | None = None,
    lost_from: float | None = 3.0,
    min_intervals: int = 2,
    model: type[models.PurchaseModel] = models.BetaGeo,
    budget: int = 50,
    choose_dates: int | None = None,
    until: arguments.DayLike | None = None,
) -> Backtest:
    """How good would the warning have been on past days?

    Each day is looked at as if it were the last one known; then it is counted what customers did in
    the days after it. Bands are chosen on earlier days and judged on later ones whose day comes
    after the last horizon that was used to choose. All rules are judged on the same customers:
    those of whom every rule can tell; on a day on which no model could be fitted, P(alive) on none.

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of_dates
        The past days.
    horizon_days
        Who does not buy in so many days after one of them has stayed away.
    rule
        One or several of ``churn.RULES``: ``interval_ratio`` (as ``churn.warn``),
        ``days_since_last`` (the baseline), ``probability_alive`` (of ``model``, fitted anew on what
        was known each day) and ``overdue_quantile`` (how many of the customer's own intervals would
        be over by now).
    thresholds
        Where a rule begins to warn; by default 1.2 intervals, 90 days, P(alive) 0.5, 0.9.
    lost_from
        Customers from this interval ratio on are lost already: no warning is needed, so they are
        counted and not judged. None to judge them too.
    min_intervals
        As in ``churn.warn``: with fewer, neither ratio nor quantile can tell.
    model
        The lifetime model behind ``probability_alive``. Where it cannot tell of who bought once, as
        BG/NBD, they are not judged.
    budget
        How many customers can be contacted a day.
    choose_dates
        On how many of the first days bands are chosen; by default the first half.
    until
        The last day that the orders cover whole; by default the last day with an order. A horizon
        that ends later is not observable yet: its day is marked, and counts nowhere.

    Returns
    -------
    Backtest
        Tables ``by_date``, ``record``, ``bands``, ``calibration``, ``contacts``, ``dates`` and
        ``customers``.

    Raises
    ------
    ParameterError
        An option makes no sense, or no horizon is observable yet.
    ContractError
        As ``purchases.history``.

    Examples
    --------
    >>> from workbench import samples
    >>> orders = samples.company(customers=300)["orders"]
    >>> found = backtest(
    ...     orders, as_of_dates=["2026-03-31", "2026-06-30", "2026-09-30"], horizon_days=90
    ... )
    >>> found.dates[["as_of", "purpose"]]
           as_of         purpose
    0 2026-03-31          choose
    1 2026-06-30           judge
    2 2026-09-30  not_observable
    """
    rules = check_rules(rule)
    read = check_thresholds(thresholds, rules)
    lost = None if lost_from is None else _lost_from(lost_from)
    most = arguments.whole("budget", budget, mend=_BUDGET)
    check_on_days(model)
    horizon = arguments.number_of_days("horizon_days", horizon_days)
    days = pd.DatetimeIndex(arguments.days("as_of_dates", as_of_dates).split(",")).as_unit("us")
    seen = purchases.histories(orders, as_of_dates=as_of_dates, horizon_days=horizon, until=until)
    covered = seen["data_until"].max() if until is None else arguments.day("until", until)
    dates = track_record.dates(
        days,
        horizon=horizon,
        begun=seen["as_of"].min(),
        covered=pd.Timestamp(covered),
        choose_dates=choose_dates,
    )
    scored, reasons = [], {}
    options: dict[str, Any] = {"rules": rules, "model": model, "horizon_days": horizon}
    usable = dates.loc[dates["purpose"] != track_record.NOT_OBSERVABLE, "as_of"]
    if usable.empty:
        raise errors.ParameterError(
            f"No horizon of {horizon} days after {days.min():%Y-%m-%d} or later has passed by"
            f" {'the last order' if pd.isna(covered) else f'{covered:%Y-%m-%d}'}.",
            mend="Choose earlier days or a shorter horizon.",
        ).told_by("not_passed", n=horizon, day=days.min())
    for day in usable:
        at_day = seen.loc[seen["as_of"] == day].reset_index(drop=True)
        table, reasons[day] = known(at_day, min_intervals=min_intervals, **options)
        scored.append(table)
    dates["no_model"] = dates["as_of"].map(reasons).astype("str")
    nothing = pd.DataFrame()
    return _judged(
        Backtest(
            horizon_days=horizon,
            thresholds=read,
            lost_from=lost,
            budget=most,
            customers=pd.concat(scored, ignore_index=True),
            dates=dates,
            **dict.fromkeys(("by_date", "record", "bands", "calibration", "contacts"), nothing),
        )
    )


def _judged(tables: Backtest) -> Backtest:
    """Make all tables anew from what was known and what came next."""
    rules, thresholds = tables.rules, tables.thresholds
    edge = thresholds.get("interval_ratio", 0.0)
    if tables.lost_from is not None and edge >= tables.lost_from:
        raise errors.ParameterError(
            f"The warning begins at {edge:g}, where customers count as lost"
            f" from {tables.lost_from:g} on: nobody is left to warn of.",
            mend="Keep the threshold of interval_ratio below lost_from.",
        ).told_by("below_lost", name="risk_from", most=tables.lost_from)
    # a day without a fitted model judges the other rules all the same
    unfitted = tables.dates.loc[tables.dates["no_model"].notna(), "as_of"]
    scores = tables.customers[list(rules)].notna()
    told = scores.any(axis=1)
    for name in rules:
        excused = tables.customers["as_of"].isin(unfitted) & (name == "probability_alive")
        told &= scores[name] | excused
    lost = pd.Series(False, index=told.index)
    if tables.lost_from is not None:
        lost = tables.customers["ratio"] >= tables.lost_from
    customers = tables.customers.assign(is_judged=told & ~lost)
    dates = track_record.counted(tables.dates, customers, told=told, lost=lost)
    judged = customers.loc[customers["is_judged"]].merge(
        dates[["as_of", "purpose"]], on="as_of", how="left"
    )
    bands = track_record.bands(judged, thresholds, upto=tables.lost_from)
    return replace(
        tables,
        customers=customers,
        dates=dates,
        by_date=track_record.by_date(judged, dates, thresholds),
        record=track_record.record(judged, thresholds, bands),
        bands=bands,
        calibration=track_record.calibration(judged, rules),
        contacts=track_record.contacts(judged, dates, thresholds, budget=tables.budget),
    )


def _lost_from(value: float) -> float:
    mend = "Use a ratio above 0, such as 3; None judges everybody."
    return round(arguments.number("lost_from", value, above=0, mend=mend), DECIMALS)
