"""The warning on past days: every number of a small company by hand, and what has to hold of any."""

import functools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from workbench import churn, errors, estimates, models, purchases, samples

DAYS = ["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]


def orders(bought: dict[str, str], *, amount: float = 100.0) -> pd.DataFrame:
    """Orders of a day each, as "customer: days of the year 2026, counted from 1 January"."""
    rows = [
        (customer, pd.Timestamp("2026-01-01") + pd.Timedelta(days=int(day)), amount)
        for customer, days in bought.items()
        for day in days.split()
    ]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])


# At day 60, 2 March 2026. The mean of the intervals is 10 for all but e (one interval) and f (none).
# ratio: a 0.5, b 1.5, c 2.0, d 2.5, g 4.0.
SMALL = orders(
    {
        "a": "35 45 55 65",  # 5 days: quiet; buys on day 65
        "b": "25 35 45",  # 15 days: warned; never again
        "c": "20 30 40 61",  # 20 days: warned; buys on day 61
        "d": "15 25 35",  # 25 days: warned; never again
        "e": "50 58",  # one interval: cannot be told; never again
        "f": "59 62",  # one purchase by then: cannot be told; buys on day 62
        "g": "0 10 20",  # 40 days: lost already
        "h": "38 48 58",  # 2 days, ratio 0.2: quiet; never again: missed
        "z": "61 63 90",  # not a customer yet; day 90 shows that the horizon has passed
    }
)
SMALL.loc[SMALL["customer_id"] == "d", "amount"] = 70.0


@functools.cache
def small() -> churn.Backtest:
    return churn.backtest(SMALL, as_of_dates=["2026-03-02"], horizon_days=30, budget=2)


class TestByHand:
    """Five customers are judged: b, d and h stayed away, b, c and d were warned of."""

    def test_who_is_judged_and_who_is_not(self) -> None:
        (row,) = small().dates.to_dict("records")
        assert row["horizon_end"] == pd.Timestamp("2026-04-01")
        assert row["purpose"] == "judge"
        counts = ("customers", "already_lost", "cannot_tell", "cannot_tell_away", "judged")
        assert [row[name] for name in counts] == [8, 1, 2, 1, 5]
        table = small().customers.set_index("customer_id")
        assert table.index[table["is_judged"]].tolist() == ["a", "b", "c", "d", "h"]
        assert table["ratio"].dropna().to_dict() == {
            "a": 0.5, "b": 1.5, "c": 2.0, "d": 2.5, "g": 4.0, "h": 0.2
        }  # fmt: skip
        assert table.index[table["has_stayed_away"]].tolist() == ["b", "d", "e", "g", "h"]

    def test_who_was_caught(self) -> None:
        (row,) = small().by_date.to_dict("records")
        counts = ("judged", "stayed_away", "warned", "caught", "false_alarms", "missed")
        assert [row[name] for name in counts] == [5, 3, 3, 2, 1, 1]
        assert row["rightly_quiet"] == 1
        assert row["precision"] == pytest.approx(2 / 3)
        assert row["recall"] == pytest.approx(2 / 3)
        assert row["base_rate"] == pytest.approx(3 / 5)
        assert row["lift"] == pytest.approx(10 / 9)
        assert row["difference"] == pytest.approx(2 / 3 - 1 / 2)
        # of the six pairs one of each: b and d worse than a; neither worse than … c is at 2.0
        # (b, a), (d, a), (d, c) right; (b, c), (h, a), (h, c) wrong
        assert row["concordance"] == pytest.approx(3 / 6)

    def test_what_money_was_really_lost(self) -> None:
        (row,) = small().by_date.to_dict("records")
        assert row["value_warned"] == 270.0
        assert row["value_caught"] == 170.0
        assert row["value_missed"] == 100.0

    def test_the_intervals_are_wilsons_and_newcombes(self) -> None:
        (row,) = small().by_date.to_dict("records")
        precision, difference = estimates.rate(2, 3), estimates.difference(2, 3, 1, 2)
        assert (row["precision_low"], row["precision_high"]) == (precision.low, precision.high)
        assert (row["difference_low"], row["difference_high"]) == (difference.low, difference.high)

    def test_two_contacts_go_to_the_latest_or_to_the_most_money(self) -> None:
        table = small().contacts.set_index("first_by")
        # latest: d (70, lost) and c (bought); most money, equal ones by customer: b (lost) and c
        assert table["contacts"].tolist() == [2, 2]
        assert table["caught"].to_dict() == {"score": 1, "value_at_stake": 1}
        assert table["value_caught"].to_dict() == {"score": 70.0, "value_at_stake": 100.0}
        assert table.loc["score", "value_share"] == pytest.approx(70 / 270)
        assert table.loc["score", "lift"] == pytest.approx((1 / 2) / (3 / 5))

    def test_calibration_counts_each_bin(self) -> None:
        table = small().calibration.set_index("left")
        assert table["customers"].to_dict() == {
            0.0: 1, 0.4: 1, 0.8: 0, 1.2: 1, 1.6: 0, 2.0: 1, 2.5: 1, 3.0: 0
        }  # fmt: skip
        assert table["stayed_away"].tolist() == [1, 0, 0, 1, 0, 0, 1, 0]
        assert pd.isna(table.loc[0.8, "away_share"])
        assert np.isinf(table.loc[3.0, "right"])

    def test_the_baseline_is_judged_on_the_same_customers(self) -> None:
        both = churn.backtest(
            SMALL,
            as_of_dates=["2026-03-02"],
            horizon_days=30,
            rule=["interval_ratio", "days_since_last"],
            thresholds={"days_since_last": 20},
        )
        table = both.by_date.set_index("rule")
        assert table["judged"].tolist() == [5, 5]
        # 20 days or more: c and d
        assert table.loc["days_since_last", ["warned", "caught"]].tolist() == [2, 1]
        alone = churn.backtest(
            SMALL, as_of_dates=["2026-03-02"], horizon_days=30, rule="days_since_last"
        )
        assert alone.by_date["judged"].item() == 7  # all but g, which is lost

    def test_a_warning_is_that_of_churn_warn(self) -> None:
        warnings = churn.warn(purchases.history(SMALL, as_of="2026-03-02")).set_index("customer_id")
        at_risk = set(warnings.index[warnings["warning"] == "churn_risk"])
        table = small().customers.query("is_judged")
        assert set(table.loc[table["interval_ratio"] >= 1.2, "customer_id"]) == at_risk

    def test_lost_customers_are_judged_where_asked(self) -> None:
        found = churn.backtest(SMALL, as_of_dates=["2026-03-02"], horizon_days=30, lost_from=None)
        assert found.by_date["judged"].item() == 6
        assert found.dates["already_lost"].item() == 0
        assert found.by_date["caught"].item() == 3


# What may be chosen by what


def test_a_horizon_that_has_not_passed_is_marked_and_counted_nowhere() -> None:
    found = churn.backtest(
        SMALL, as_of_dates=["2026-03-02", "2026-03-03", "2026-03-15"], horizon_days=30
    )
    # the last order is on day 90, 1 April
    assert found.dates["purpose"].tolist() == ["judge", "not_observable", "not_observable"]
    assert found.dates["judged"].tolist() == [5, 0, 0]
    assert set(found.by_date["as_of"]) == {pd.Timestamp("2026-03-02")}
    assert found.customers["as_of"].nunique() == 1
    told = churn.backtest(
        SMALL, as_of_dates=["2026-03-02", "2026-03-03"], horizon_days=30, until="2026-04-02"
    )
    assert told.dates["purpose"].tolist() == ["judge", "judge"]


def test_where_no_horizon_has_passed_it_is_refused() -> None:
    with pytest.raises(errors.ParameterError, match=r"No horizon of 30 days .* by 2026-04-01"):
        churn.backtest(SMALL, as_of_dates=["2026-03-15"], horizon_days=30)
    with pytest.raises(errors.ParameterError, match="No horizon"):
        churn.backtest(SMALL.head(0), as_of_dates=["2026-03-15"], horizon_days=30)


def test_a_day_that_judges_lies_after_every_horizon_that_chose() -> None:
    days = pd.date_range("2026-01-31", periods=9, freq="ME")
    found = churn.backtest(company(7), as_of_dates=list(days), horizon_days=60, until="2026-12-31")
    table = found.dates
    assert table["purpose"].tolist() == ["choose"] * 4 + ["between"] + ["judge"] * 4
    chosen = table.loc[table["purpose"] == "choose", "horizon_end"].max()
    assert (table.loc[table["purpose"] == "judge", "as_of"] >= chosen).all()


def test_days_before_the_first_customer_choose_nothing() -> None:
    days = pd.date_range("2025-06-30", periods=13, freq="ME")
    found = churn.backtest(company(7), as_of_dates=list(days), horizon_days=30, until="2026-12-31")
    purposes = ["no_customers"] * 7 + ["choose"] * 3 + ["judge"] * 3
    assert found.dates["purpose"].tolist() == purposes
    assert found.dates["customers"].iloc[:7].tolist() == [0] * 7


def test_no_day_that_judges_changes_what_is_chosen() -> None:
    days = list(pd.date_range("2026-01-31", periods=9, freq="ME"))
    whole = company(3)
    later = whole["ordered_at"] > pd.Timestamp("2026-07-31")
    scattered = whole.assign(
        customer_id=whole["customer_id"].where(~later, whole["customer_id"].iloc[::-1].to_numpy())
    )
    chosen = [
        churn.backtest(table, as_of_dates=days, horizon_days=60, until="2026-12-31").bands.query(
            "is_chosen"
        )
        for table in (whole, scattered)
    ]
    columns = ["threshold", "recall_choosing", "alarm_rate_choosing"]
    pd.testing.assert_frame_equal(chosen[0][columns], chosen[1][columns])
    assert not np.isclose(*(one["recall_judging"].item() for one in chosen))


def test_the_chosen_band_is_the_best_that_was_tried_with_the_fewest_calls() -> None:
    days = list(pd.date_range("2026-01-31", periods=9, freq="ME"))
    found = churn.backtest(
        company(4, steady=1), as_of_dates=days, horizon_days=60, rule=churn.RULES,
        until="2026-12-31",
    )  # fmt: skip
    for rule, table in found.bands.groupby("rule"):
        gain = table["recall_choosing"] - table["alarm_rate_choosing"]
        best = table.loc[gain >= gain.max() - 1e-12]
        (chosen,) = table.loc[table["is_chosen"], "threshold"]
        assert chosen == best.sort_values("warned_choosing")["threshold"].iloc[0], rule
        (record,) = found.record.query("rule == @rule and band == 'chosen'").to_dict("records")
        assert record["recall"] == table.loc[table["is_chosen"], "recall_judging"].item()
        assert (table["is_set"]).sum() == 1


def test_one_day_alone_chooses_nothing() -> None:
    assert small().record["band"].tolist() == ["set"]
    assert not small().bands["is_chosen"].any()


# What has to hold of any company

MANY = st.lists(
    st.lists(st.integers(0, 200), min_size=1, max_size=9, unique=True), min_size=1, max_size=14
)


def made(customers: list[list[int]]) -> pd.DataFrame:
    bought = {f"c{i:02}": " ".join(map(str, days)) for i, days in enumerate(customers)}
    return orders(bought).assign(amount=lambda table: 10.0 + np.arange(len(table)) % 7)


def judged(table: pd.DataFrame, *, shift: int = 0, **options: Any) -> churn.Backtest:
    move = pd.Timedelta(days=shift)
    days = [pd.Timestamp(day) + move for day in ("2026-03-01", "2026-04-15")]
    return churn.backtest(
        table,
        as_of_dates=days,
        horizon_days=40,
        until=pd.Timestamp("2026-08-01") + move,
        rule=["interval_ratio", "days_since_last", "overdue_quantile"],
        choose_dates=1,
        **options,
    )


def same(one: churn.Backtest, other: churn.Backtest, *tables: str) -> None:
    for name in tables:
        drop = ["as_of", "horizon_end"]
        pd.testing.assert_frame_equal(
            *(getattr(each, name).drop(columns=drop, errors="ignore") for each in (one, other)),
            check_exact=True,
        )


ALL = ("dates", "by_date", "record", "bands", "calibration", "contacts")


@settings(max_examples=15)
@given(MANY, st.randoms(use_true_random=False))
@pytest.mark.slow
def test_row_order_dates_and_names_of_customers_do_not_matter(
    customers: list[list[int]], dice: Any
) -> None:
    table = made(customers)
    found = judged(table)
    rows = list(range(len(table)))
    dice.shuffle(rows)
    same(found, judged(table.iloc[rows]), *ALL)
    later = table.assign(ordered_at=table["ordered_at"] + pd.Timedelta(days=400))
    same(found, judged(later, shift=400), *ALL)
    ids = sorted(table["customer_id"].unique())
    named = dict(zip(ids, dice.sample(ids, len(ids)), strict=True))
    renamed = table.assign(customer_id=table["customer_id"].map(named))
    # of customers with equal scores the name decides who is contacted first
    same(found, judged(renamed), *(name for name in ALL if name != "contacts"))


@settings(max_examples=15)
@given(MANY)
@pytest.mark.slow
def test_every_customer_judged_is_counted_once(customers: list[list[int]]) -> None:
    found = judged(made(customers))
    for table in (found.by_date, found.record):
        parts = table[["caught", "false_alarms", "missed", "rightly_quiet"]].sum(axis=1)
        assert parts.tolist() == table["judged"].tolist()
        assert (table["caught"] + table["missed"]).tolist() == table["stayed_away"].tolist()
        assert table["precision"].isna().tolist() == (table["warned"] == 0).tolist()
    dates = found.dates
    parts = dates[["already_lost", "cannot_tell", "judged"]].sum(axis=1)
    assert parts.tolist() == dates["customers"].tolist()
    total = found.calibration.groupby("rule")["customers"].sum()
    assert set(total) <= {int(dates["judged"].sum())}


@settings(max_examples=15)
@given(MANY)
@pytest.mark.slow
def test_who_warns_of_everybody_misses_nobody_and_is_no_better_than_chance(
    customers: list[list[int]],
) -> None:
    found = judged(made(customers)).judged_by(
        thresholds={"interval_ratio": 0, "days_since_last": 0, "overdue_quantile": 0}
    )
    some = found.by_date.loc[found.by_date["stayed_away"] > 0]
    assert (some["recall"] == 1).all()
    assert (some["lift"] == 1).all()
    assert found.by_date["missed"].sum() == 0


@settings(max_examples=15)
@given(MANY, st.sampled_from(["interval_ratio", "days_since_last", "overdue_quantile"]))
@pytest.mark.slow
def test_a_stricter_band_warns_of_fewer_and_catches_no_more(
    customers: list[list[int]], rule: Any
) -> None:
    table = judged(made(customers)).bands.query("rule == @rule")
    for name in ("choosing", "judging"):
        assert table[f"warned_{name}"].is_monotonic_decreasing
        recall = table[f"recall_{name}"].dropna()
        assert recall.is_monotonic_decreasing


def test_a_rule_that_knows_nothing_has_lift_one() -> None:
    """Customers who buy by a coin each day: how long ago the last was says nothing of the next."""
    dice = np.random.default_rng(5)
    customer, day = np.nonzero(dice.random((4000, 200)) < 0.04)
    table = orders({}).reindex(range(len(day)))
    table["customer_id"] = [f"c{i}" for i in customer]
    table["ordered_at"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(day, unit="D")
    table["amount"] = 1.0
    found = churn.backtest(
        table,
        as_of_dates=["2026-05-20"],
        horizon_days=20,
        rule=["interval_ratio", "days_since_last"],
        thresholds={"days_since_last": 30},
        lost_from=None,
    )
    ratio, since = found.by_date.to_dict("records")
    assert since["difference_low"] < 0 < since["difference_high"]
    assert since["lift"] == pytest.approx(1, abs=0.1)
    assert since["concordance"] == pytest.approx(0.5, abs=0.03)
    assert ratio["concordance"] == pytest.approx(0.5, abs=0.03)


# Known truth


@functools.cache
def company(seed: int, customers: int = 400, steady: int = 9) -> pd.DataFrame:
    """Orders of 2026 by customers with a rhythm each, from 5 to 60 days; half stop on some day."""
    dice = np.random.default_rng(seed)
    mean = np.exp(dice.uniform(np.log(5), np.log(60), customers))
    steps = dice.gamma(steady, mean[:, None] / steady, (customers, 160))
    days = np.cumsum(steps, axis=1) - steps[:, :1] * dice.random((customers, 1))
    stops = np.where(dice.random(customers) < 0.5, dice.uniform(60, 420, customers), np.inf)
    customer, place = np.nonzero((days < 365) & (days < stops[:, None]))
    when = pd.Timestamp("2026-01-01") + pd.to_timedelta(days[customer, place].astype(int), unit="D")
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:03}" for i in customer],
            "ordered_at": when,
            "amount": np.round(dice.uniform(10, 200, len(when)), 2),
        }
    )


@pytest.mark.slow
def test_among_customers_with_a_rhythm_their_own_rhythm_beats_days_since_last() -> None:
    days = list(pd.date_range("2026-05-31", periods=5, freq="ME"))
    found = churn.backtest(
        company(1, 1500), as_of_dates=days, horizon_days=60, rule=churn.RULES, until="2026-12-31",
        model=models.BetaGeoCNBD, lost_from=None,
    )  # fmt: skip
    alarms = found.record["false_alarms"] / (found.record["judged"] - found.record["stayed_away"])
    gain = (found.record["recall"] - alarms).set_axis(
        pd.MultiIndex.from_frame(found.record[["band", "rule"]])
    )
    for rule in ("interval_ratio", "overdue_quantile"):
        assert gain["set", rule] > gain["set", "days_since_last"] + 0.1
        assert gain["chosen", rule] > gain["chosen", "days_since_last"] + 0.03
    assert gain["chosen", "probability_alive"] > gain["chosen", "days_since_last"]


def test_the_share_of_intervals_over_by_now_is_the_share_that_was() -> None:
    """Of gamma intervals told from the first eight, the ninth lies below its q-quantile q times."""
    dice = np.random.default_rng(2)
    steps = dice.gamma(4, dice.uniform(5, 80, (6000, 1)), (6000, 9))
    told, last = steps[:, :8], steps[:, 8]
    history = pd.DataFrame(
        {
            "frequency": 9,
            "days_since_last": last,
            "customer_age_days": told.sum(axis=1) + last,
            "log_interval_sum": np.log(told).sum(axis=1),
        }
    )
    from workbench.churn.rules import overdue

    shares = overdue(history, pooled_intervals=1e6)
    assert stats.kstest(shares, "uniform").pvalue > 0.01
    own = overdue(history)
    for share in (0.1, 0.5, 0.9):
        assert (own < share).mean() == pytest.approx(share, abs=0.02)


@pytest.mark.slow
def test_the_chance_of_no_purchase_is_the_share_that_bought_nothing() -> None:
    days = list(pd.date_range("2026-06-30", periods=3, freq="ME"))
    found = churn.backtest(
        company(2, 1500), as_of_dates=days, horizon_days=30, rule="probability_alive",
        model=models.ModifiedBetaGeoCNBD, until="2026-12-31", lost_from=None,
    )  # fmt: skip
    table = found.calibration.query("customers >= 200")
    assert len(table) >= 2
    assert (table["predicted_share"] - table["away_share"]).abs().max() < 0.12


# What a model cannot tell


def test_who_bought_once_cannot_be_told_by_bgnbd_and_is_not_judged() -> None:
    table = samples.company(customers=300)["orders"]
    options = {"as_of_dates": ["2026-06-30"], "horizon_days": 60, "rule": "probability_alive"}
    found = churn.backtest(table, **options)
    (row,) = found.dates.to_dict("records")
    history = purchases.history(table, as_of="2026-06-30").set_index("customer_id")
    once = history.index[history["frequency"] == 1]
    assert row["cannot_tell"] == len(once) > row["cannot_tell_away"] > 0
    assert not once.isin(found.customers.query("is_judged")["customer_id"]).any()
    modified = churn.backtest(table, **options, model=models.ModifiedBetaGeo)
    assert modified.dates["cannot_tell"].item() == 0


def test_a_model_that_cannot_be_fitted_keeps_no_other_rule_from_being_judged() -> None:
    """BG/NBD has no place for customers as regular as these."""
    options = {"as_of_dates": ["2026-06-30"], "horizon_days": 60, "until": "2026-12-31"}
    both = churn.backtest(company(4), **options, rule=["interval_ratio", "probability_alive"])
    assert "a and b" in both.dates["no_model"].item()
    alone = churn.backtest(company(4), **options)
    assert both.by_date["judged"].tolist() == [alone.by_date["judged"].item(), 0]
    assert both.record["recall"].iloc[0] == alone.record["recall"].iloc[0]


def test_where_no_model_can_be_fitted_the_day_says_why_and_nobody_is_judged() -> None:
    once = orders({f"c{i}": str(i) for i in range(5)} | {"z": "90 150"})
    found = churn.backtest(
        once, as_of_dates=["2026-03-02"], horizon_days=30, rule="probability_alive"
    )
    assert found.dates["judged"].item() == 0
    assert found.dates["cannot_tell"].item() == 5
    assert "repeat purchase" in found.dates["no_model"].item()
    assert pd.isna(found.by_date["precision"].item())


# Bad input


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rule": "interval"}, "interval_ratio"),
        ({"rule": []}, "rule is"),
        ({"thresholds": {"days_since_last": 30}}, "days_since_last"),
        ({"thresholds": {"interval_ratio": -1}}, "interval_ratio is -1"),
        ({"thresholds": {"interval_ratio": float("nan")}}, "interval_ratio is nan"),
        ({"rule": "overdue_quantile", "thresholds": {"overdue_quantile": 2}}, "0 to 1"),
        ({"horizon_days": 0}, "horizon_days is 0"),
        ({"as_of_dates": []}, "as_of_dates"),
        ({"lost_from": 0}, "lost_from is 0"),
        ({"budget": 0}, "budget is 0"),
        ({"choose_dates": -1}, "choose_dates is -1"),
        ({"min_intervals": 4}, "min_intervals"),
        ({"model": models.BetaBinomial}, "BetaBinomial"),
        ({"model": "BetaGeo"}, "models.BetaGeo"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(options: dict[str, Any], said: str) -> None:
    with pytest.raises(errors.WorkbenchError, match=said):
        churn.backtest(SMALL, **{"as_of_dates": ["2026-03-02"], "horizon_days": 30} | options)


def test_the_tables_handed_in_are_not_changed() -> None:
    before = SMALL.copy()
    found = churn.backtest(SMALL, as_of_dates=["2026-03-02"], horizon_days=30)
    table = found.by_date.copy()
    found.judged_by(thresholds={"interval_ratio": 2.2}, budget=1, lost_from=5)
    pd.testing.assert_frame_equal(SMALL, before)
    pd.testing.assert_frame_equal(found.by_date, table)
