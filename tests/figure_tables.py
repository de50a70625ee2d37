"""Small finished tables, in the columns the answers give, and every figure drawn from them."""

import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import (
    churn,
    estimates,
    exhibits,
    models,
    nurture,
    purchases,
    retention,
    rfm,
    samples,
    scheduling,
    value,
)
from workbench.exhibit import Shown
from workbench.loaders.account import rejects
from workbench.people import People
from workbench.words import Lang, Words

OWNERS = ("林悦", "陈未", None)


def warning_summary() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "warning": ["not_due", "likely_repurchase", "churn_risk", "lost", "too_little_history"],
            "customers": [612, 288, 241, 57, 90],
            "customer_share": [0.475, 0.224, 0.187, 0.044, 0.07],
            "value_at_stake": [1.0, 2.0, 184_020.0, 3.0, 0.0],
        }
    )


def ratios() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "left": [0.0, 0.4, 0.8, 1.0, 1.2, 2.0, 3.0, 4.0],
            "right": [0.4, 0.8, 1.0, 1.2, 2.0, 3.0, 4.0, float("inf")],
            "customers": [300, 312, 144, 144, 200, 41, 50, 7],
            "warning": [
                "not_due",
                "not_due",
                "likely_repurchase",
                "likely_repurchase",
                "churn_risk",
                "churn_risk",
                "lost",
                "lost",
            ],
        }
    )


def workload(names: tuple[str | None, ...] = OWNERS) -> pd.DataFrame:
    n = len(names)
    risk = [10 * (n - i) for i in range(n)]
    likely = list(range(1, n + 1))
    return pd.DataFrame(
        {
            "owner_id": [None if name is None else str(i) for i, name in enumerate(names)],
            "owner_name": pd.Series(names, dtype="object"),
            "likely_repurchase": likely,
            "churn_risk": risk,
            "calls": [a + b for a, b in zip(risk, likely, strict=True)],
            "value_at_stake": [12_400.0 * (i + 1) for i in range(n)],
        }
    )


def workload_change() -> pd.DataFrame:
    return pd.DataFrame({"owner_id": ["0", "1", None], "calls_change": [-8, 5, 0]})


def segment_summary() -> pd.DataFrame:
    customers = [214, 121, 96, 88, 160, 142, 371, 410]
    money = [380.0, 210.0, 90.0, 110.0, 70.0, 50.0, 60.0, 30.0]
    return pd.DataFrame(
        {
            "segment": list(rfm.SEGMENTS),
            "customers": customers,
            "customer_share": [n / sum(customers) for n in customers],
            "monetary": money,
            "monetary_share": [m / sum(money) for m in money],
        }
    )


def grid(bins: int = 3) -> pd.DataFrame:
    scores = range(1, bins + 1)
    pairs = [(r, f) for r in scores for f in scores]
    return pd.DataFrame(
        {
            "recency_score": [r for r, _ in pairs],
            "frequency_score": [f for _, f in pairs],
            "customers": [r * f - 1 for r, f in pairs],
            "monetary": [1_000.0 * r * f if r * f > 1 else 0.0 for r, f in pairs],
        }
    )


def migration() -> pd.DataFrame:
    rows = [
        ("key_champion", "key_champion", 186, 4_000_000.0, 4_200_000.0),
        ("key_champion", "general_keep", 52, 90_000.0, 6_000.0),
        ("general_keep", "key_keep", 38, 5_000.0, 70_000.0),
        ("general_keep", "general_develop", 0, 0.0, 0.0),
        ("absent", "general_develop", 73, 0.0, 60_000.0),
        ("general_win_back", "absent", 106, 55_000.0, 0.0),
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "segment_before",
            "segment_after",
            "customers",
            "monetary_before",
            "monetary_after",
        ],
    )


def distribution() -> pd.DataFrame:
    rows = [
        ("recency_days", 0.0, 20.0, 40, 3),
        ("recency_days", 20.0, 35.0, 30, 2),
        ("recency_days", 35.0, 40.0, 10, 1),
        ("recency_days", 40.0, float("inf"), 20, 1),
        ("frequency", 1.0, 2.0, 70, 1),
        ("frequency", 2.0, 3.0, 20, 2),
        ("frequency", 3.0, 4.0, 10, 3),
        ("monetary", 0.0, 1_000.0, 60, 1),
        ("monetary", 1_000.0, 2_000.0, 25, 2),
        ("monetary", 2_000.0, 3_000.0, 15, 3),
    ]
    return pd.DataFrame(rows, columns=["measure", "left", "right", "customers", "score"])


def cut_points() -> pd.DataFrame:
    rows = [
        ("recency_days", 34.0, 2, False),
        ("recency_days", 19.0, 3, True),
        ("frequency", 2.0, 2, False),
        ("frequency", 3.0, 3, True),
        ("monetary", 1_000.0, 2, False),
        ("monetary", 2_000.0, 3, True),
    ]
    table = pd.DataFrame(rows, columns=["measure", "cut", "score_from", "is_high_threshold"])
    return table.astype({"score_from": "Int64"})


def ledger(**counts: Any) -> pd.DataFrame:
    held = {"rows_read": 20_118, "rows_kept": 20_081, "rows_rejected": 37, "anonymous": 216}
    held |= {"refunds": 561, "exact_duplicates": 0} | counts
    return pd.DataFrame(
        {
            "check": list(held),
            "rows": list(held.values()),
            "share": [n / held["rows_read"] if held["rows_read"] else None for n in held.values()],
        }
    )


def calls() -> pd.DataFrame:
    """A call list of two: one with a name and an owner."""
    return pd.DataFrame(
        {
            "rank": [1, 2], "customer_id": ["b", "a"], "customer_name": ["Harbour Foods", None],
            "owner_id": ["1", None], "owner_name": ["Lin Yue", None], "days_since_last": [61, 50],
            "mean_interval_days": [21.0, 35.0], "ratio": [61 / 21, 50 / 35],
            "value_at_stake": [12_400.0, 9_860.0], "warning": "churn_risk", "frequency": [9, 4],
        }
    )  # fmt: skip


@functools.cache
def past_warnings() -> churn.Backtest:
    orders = samples.company(customers=120, seed=3)["orders"]
    days = list(pd.date_range("2026-01-31", periods=5, freq="ME"))
    return churn.backtest(orders, as_of_dates=days, horizon_days=60, rule=churn.RULES)


@functools.cache
def lifetime() -> SimpleNamespace:
    """What is expected of a small company by BG/NBD, and how right all models were."""
    orders = samples.company(customers=150, seed=3)["orders"]
    split = {"calibration_end": "2026-04-30", "as_of": "2026-10-31"}
    compared = models.compare(orders, **split)
    known = models.summary(orders, as_of=split["calibration_end"])
    spend = models.GammaGamma.fit(known)
    fitted = models.BetaGeo.fit(known)
    found = value.expect(known, purchases=fitted, spend=spend, horizon_days=184)
    listed = value.tenths(found.customers)
    spent = value.ahead(listed, orders, horizon_days=184, until=split["as_of"])
    names = ["林悦" if i % 2 else "陈未陈未陈未陈未陈未陈未" for i in listed.index]
    return SimpleNamespace(
        known=known,
        expected=found,
        named=found.customers.assign(customer_name=names),
        concentration=value.concentration(found.customers),
        activity=value.activity(found.customers),
        compared=compared,
        tenths=value.judge(listed, spent, by="tenth", predicted="expected_monetary"),
    )


def judged_segments() -> pd.DataFrame:
    """One row per class as ``value.judge`` gives them: a wide interval, one customer, newcomers."""
    table = pd.DataFrame({"segment": [*rfm.SEGMENTS, value.NOT_SEEN]})
    each = [12_300.0, 6_400.0, 2_900.0, 1_450.0, 900.0, 410.0, 120.0, 30.0, 640.0]
    return table.assign(
        customers=[214, 121, 96, 88, 160, 142, 371, 1, 77],
        monetary_ahead_share=[one / sum(each) for one in each],
        predicted=[*(one * 100 for one in each[:-1]), None],
        monetary_per_customer=each,
        monetary_per_customer_low=[*(one * 0.6 for one in each[:7]), None, 100.0],
        monetary_per_customer_high=[*(one * 1.4 for one in each[:7]), None, 1_180.0],
    )


def completeness() -> pd.DataFrame:
    """One row per column of a table of owners, the team absent from the source."""
    return pd.DataFrame(
        {
            "column": ["owner_id", "owner_name", "team"],
            "rows": 200,
            "filled": [200, 150, 0],
            "completeness": [1.0, 0.75, None],
        }
    )


def effect(by: str = "channel") -> pd.DataFrame:
    groups = {"channel": ["wechat", "sms", "qq"], "step": [1, 2, 3], "owner_id": ["0", "1", None]}
    counts = {
        "enrolled": [90, 80, 2],
        "due": [80, 70, 3],
        "done": [70, 60, 2],
        "on_time": [60, 30, 2],
        "delivered_count": [69, 55, 2],
        "reached": [88, 70, 0],
        "heard_out": [60, 50, 0],
        "replied": [9, 4, 0],
        "positive": [5, 0, 0],
    }
    table = pd.DataFrame({by: pd.Series(groups[by], dtype="object"), **counts})
    for name, (some, of) in nurture.RATES.items():
        table = estimates.rates(table, successes=some, trials=of, name=name)
    return table


def compared() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "plan": ["7", "8"],
            "step": [1, 3],
            "arm_base": ["1", "1"],
            "arm": ["2", "2"],
            "trials_base": [185, 120],
            "trials": [165, 118],
            "rate_base": [0.12, 0.14],
            "rate": [0.23, 0.1],
            "rate_difference": [0.11, -0.04],
            "rate_difference_low": [0.03, -0.12],
            "rate_difference_high": [0.19, 0.04],
            "trials_needed": pd.array([182, None], dtype="Int64"),
            "is_shown": [True, False],
        }
    )


def cohorts() -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "cohort": pd.to_datetime(["2026-07-01", "2026-08-01", "2026-09-01"]),
            "enrolled": [62, 61, 40],
            "followed": [62, 61, 0],
            "reactivated": [27, 20, 0],
            "converted": [7, 0, 0],
            "within_days": 60,
        }
    )
    for name, count in (("reactivation_rate", "reactivated"), ("conversion_rate", "converted")):
        table = estimates.rates(table, successes=count, trials="followed", name=name)
    return table


def waiting() -> pd.DataFrame:
    return estimates.survival([2, 5, 30, 70, 120], [True, True, False, True, False])


def punctuality(names: tuple[str | None, ...] = OWNERS) -> pd.DataFrame:
    n = len(names)
    parts = {"on_time": [9 + i for i in range(n)], "late": [1] * n, "missed": list(range(n))}
    owners = pd.Series(names, dtype="object")
    table = pd.DataFrame({"owner_id": owners, "owner_name": owners, **parts, "not_done": 0})
    table["due"] = table[["on_time", "late", "missed", "not_done"]].sum(axis=1)
    table = table.sort_values("due", ascending=False, ignore_index=True)
    return estimates.rates(table, successes="on_time", trials="due", name="on_time_rate")


def lead_events() -> tuple[pd.DataFrame, pd.DataFrame]:
    """What happened with one lead, mistakes and all, and what is to come."""
    what = [
        "planned",
        "done",
        "undone",
        "done",
        "skipped",
        "replied",
        "paused",
        "resumed",
        "negative",
    ]
    days = ["02", "02", "02", "03", "05", "05", "06", "09", "10"]
    events = pd.DataFrame(
        {
            "at": pd.to_datetime([f"2026-11-{day} 09:00" for day in days]),
            "what": what,
            "step": pd.array([1, 1, 1, 1, 2, None, 3, 3, None], dtype="Int64"),
            "is_undone": [False, True, *[False] * 7],
        }
    )
    ahead = pd.DataFrame({"step": [3, 4], "due_date": pd.to_datetime(["2026-11-16", "2026-11-20"])})
    return events, ahead


def lead_timeline(events: pd.DataFrame, ahead: pd.DataFrame) -> Shown:
    return exhibits.queue.timeline(events, ahead=ahead, as_of="2026-11-11")


def upcoming() -> pd.DataFrame:
    days = pd.to_datetime(["2026-10-26", "2026-10-26", "2026-10-29"])
    return pd.DataFrame({"due_date": days, "owner_id": ["0", "1", "0"], "steps": [3, 4, 9]})


@functools.cache
def retained(every: retention.Every = "month", until: str = "2026-10-31") -> dict[str, Any]:
    """What retention answers for a small company, months from its first purchase on, or weeks."""
    orders = samples.company(customers=120, seed=3)["orders"]
    cohorts = retention.cohorts(orders, as_of=until, every=every)
    return {
        "cohorts": cohorts,
        "by_age": retention.by_age(cohorts),
        "curve": retention.time_to_second(retention.second_purchases(orders, as_of=until)),
        "revenue": retention.revenue(orders, as_of=until, every=every),
    }


def refunded() -> pd.DataFrame:
    """Cohorts of which one brought no first money, and one grew beyond its first."""
    money = [0.0, 50.0, 10.0, 100.0, 1_250.0, None, 90.0, None, None]
    table = pd.DataFrame(
        {
            "first_period": pd.to_datetime(["2026-08-01", "2026-09-01", "2026-10-01"]).repeat(3),
            "age": [0, 1, 2] * 3,
            "cohort_size": [20] * 3 + [5] * 3 + [1_204] * 3,
            "customers": pd.array([20, 9, 0, 5, 4, None, 1_204, None, None], dtype="Int64"),
            "monetary": money,
            "money_share": [None, None, None, 1.0, 12.5, None, 1.0, None, None],
            "every": "month",
        }
    )
    return table.assign(active_share=(table["customers"] / table["cohort_size"]).astype("float64"))


# Every figure on full tables, and on the same tables without rows.
def planned() -> pd.DataFrame:
    """Seven days from a Friday, in China: two steps on days off, one brought to a working day."""
    return scheduling.dates("2026-09-25", 14, calendar=scheduling.Calendar("CN"))


def load(names: tuple[str | None, ...] = OWNERS) -> pd.DataFrame:
    days = pd.to_datetime(["2026-11-02", "2026-11-03", "2026-11-05"])
    return pd.DataFrame(
        [
            {
                "owner_id": None if name is None else f"S{i}",
                "owner_name": name,
                "due_date": day,
                "steps": 3 + 2 * i + n,
                "moved": n,
                "leads": 3,
            }
            for i, name in enumerate(names)
            for n, day in enumerate(days)
        ],
        columns=["owner_id", "owner_name", "due_date", "steps", "moved", "leads"],
    )


class Of:
    """An exhibit of a table, drawn when it is called with a language."""

    def __init__(self, show: Callable[[], Shown], currency: str | None = None) -> None:
        self.shown, self.currency = functools.cache(show), currency

    def __call__(self, lang: Lang = "en") -> go.Figure:
        figure = self.shown().figure(Words(lang, self.currency))
        assert figure is not None
        return figure


def by_month() -> pd.DataFrame:
    """Two months' revenue, the last with a target that it did not reach."""
    return pd.DataFrame(
        {
            "period": ["2026-09", "2026-10"], "revenue": [1e5, 103_100.0],
            "active_customers": [8, 9], "revenue_target": [None, 112_000.0],
            "target_share": [None, 0.9205],
        }
    )  # fmt: skip


FULL: dict[str, Of] = {
    "purchases.revenue": Of(lambda: exhibits.purchases.revenue(by_month().iloc[:, :3])),
    "purchases.revenue, aimed": Of(lambda: exhibits.purchases.revenue(by_month())),
    "churn.ratios": Of(lambda: exhibits.churn.ratios(warning_summary(), bins=ratios())),
    "churn.workload": Of(lambda: exhibits.churn.workload(workload(), change=workload_change())),
    "track_record.by_date": Of(
        lambda: exhibits.track_record.by_date(past_warnings().by_date, horizon_days=60)
    ),
    "track_record.rules": Of(lambda: exhibits.track_record.rules(past_warnings().record)),
    "track_record.bands": Of(
        lambda: exhibits.track_record.bands(past_warnings().bands, record=past_warnings().record)
    ),
    "track_record.calibration": Of(
        lambda: exhibits.track_record.calibration(
            past_warnings().calibration, rule="overdue_quantile"
        )
    ),
    "lifetime.value": Of(
        lambda: exhibits.value.ahead(lifetime().concentration, expected=lifetime().expected)
    ),
    "lifetime.top": Of(lambda: exhibits.value.top(lifetime().named, horizon_days=184)),
    "lifetime.alive": Of(lambda: exhibits.value.alive(lifetime().activity, model="BetaGeo")),
    "lifetime.models": Of(lambda: exhibits.value.scores(lifetime().compared.scores)),
    "lifetime.calibration": Of(
        lambda: exhibits.value.calibration(lifetime().compared.by_frequency, model="BetaGeo")
    ),
    "lifetime.tracking": Of(
        lambda: exhibits.value.tracking(lifetime().compared.tracking, model="BetaGeo")
    ),
    "lifetime.classes": Of(lambda: exhibits.value.classes(judged_segments(), horizon_days=184)),
    "lifetime.classes by tenths": Of(
        lambda: exhibits.value.classes(lifetime().tenths, by="tenth", horizon_days=184)
    ),
    "retention.triangle": Of(lambda: exhibits.retention.triangle(retained()["cohorts"])),
    "retention.triangle of weeks": Of(
        lambda: exhibits.retention.triangle(retained("week")["cohorts"], measure="money")
    ),
    "retention.triangle of a young book": Of(
        lambda: exhibits.retention.triangle(retained(until="2024-02-29")["cohorts"])
    ),
    "retention.triangle of one month": Of(
        lambda: exhibits.retention.triangle(
            retained(until="2023-11-30")["cohorts"], measure="money"
        )
    ),
    "retention.triangle without first money": Of(
        lambda: exhibits.retention.triangle(refunded(), measure="money"), "CNY"
    ),
    "retention.by_age": Of(lambda: exhibits.retention.by_age(retained()["by_age"])),
    "retention.by_age of a young book": Of(
        lambda: exhibits.retention.by_age(retained(until="2024-02-29")["by_age"])
    ),
    "retention.by_age of money by week": Of(
        lambda: exhibits.retention.by_age(retained("week")["by_age"], measure="money")
    ),
    "retention.second": Of(lambda: exhibits.retention.second(retained()["curve"])),
    "retention.second late": Of(
        lambda: exhibits.retention.second(retained()["curve"], within_days=360)
    ),
    "retention.second of a young book": Of(
        lambda: exhibits.retention.second(retained(until="2023-12-05")["curve"], within_days=10)
    ),
    "retention.revenue": Of(lambda: exhibits.retention.revenue(retained()["revenue"]), "CNY"),
    "retention.revenue of weeks": Of(
        lambda: exhibits.retention.revenue(retained("week")["revenue"])
    ),
    "retention.revenue of one month": Of(
        lambda: exhibits.retention.revenue(retained(until="2023-11-30")["revenue"])
    ),
    "rfm.segments": Of(lambda: exhibits.rfm.segments(segment_summary())),
    "rfm.grid": Of(lambda: exhibits.rfm.grid(grid(), high_from=3)),
    "rfm.grid of ten": Of(lambda: exhibits.rfm.grid(grid(10))),
    "rfm.migration": Of(lambda: exhibits.rfm.migration(migration())),
    "rfm.distributions": Of(
        lambda: exhibits.rfm.distributions(distribution(), cut_points=cut_points())
    ),
    "ledger.summary": Of(lambda: exhibits.ledger.summary(ledger())),
    "ledger.completeness": Of(lambda: exhibits.ledger.completeness(completeness())),
    "nurture.effect": Of(lambda: exhibits.nurture.effect(effect(), by="channel")),
    "nurture.compared": Of(lambda: exhibits.nurture.compared(compared())),
    "nurture.cohorts": Of(lambda: exhibits.nurture.cohorts(cohorts())),
    "nurture.waiting": Of(lambda: exhibits.nurture.waiting(waiting())),
    "nurture.punctuality": Of(lambda: exhibits.nurture.punctuality(punctuality())),
    "nurture.upcoming": Of(lambda: exhibits.nurture.upcoming(upcoming())),
    "nurture.timeline": Of(lambda: lead_timeline(*lead_events())),
    "scheduling.rules": Of(lambda: exhibits.scheduling.rules(scheduling.compare(30))),
    "scheduling.rules of one day": Of(lambda: exhibits.scheduling.rules(scheduling.compare(1))),
    "scheduling.timeline": Of(
        lambda: exhibits.scheduling.timeline(planned(), warnings=scheduling.warnings(planned()))
    ),
    "scheduling.timeline of three days": Of(
        lambda: exhibits.scheduling.timeline(scheduling.dates("2026-11-02", 3))
    ),
    "scheduling.workload": Of(lambda: exhibits.scheduling.workload(load())),
    "scheduling.workload of many": Of(
        lambda: exhibits.scheduling.workload(load(tuple(f"林悦{i}" for i in range(23))))
    ),
}
EMPTY: dict[str, Of] = {
    "purchases.revenue": Of(lambda: exhibits.purchases.revenue(by_month().iloc[:0])),
    "churn.ratios": Of(
        lambda: exhibits.churn.ratios(warning_summary().iloc[:0], bins=ratios().iloc[:0])
    ),
    "churn.workload": Of(lambda: exhibits.churn.workload(workload().iloc[:0])),
    "track_record.by_date": Of(
        lambda: exhibits.track_record.by_date(past_warnings().by_date.iloc[:0], horizon_days=60)
    ),
    "track_record.rules": Of(lambda: exhibits.track_record.rules(past_warnings().record.iloc[:0])),
    "track_record.bands": Of(
        lambda: exhibits.track_record.bands(
            past_warnings().bands.iloc[:0], record=past_warnings().record
        )
    ),
    "track_record.calibration": Of(
        lambda: exhibits.track_record.calibration(past_warnings().calibration.iloc[:0])
    ),
    "lifetime.value": Of(
        lambda: exhibits.value.ahead(
            lifetime().concentration.iloc[:0], expected=lifetime().expected
        )
    ),
    "lifetime.top": Of(lambda: exhibits.value.top(lifetime().named.iloc[:0], horizon_days=184)),
    "lifetime.alive": Of(
        lambda: exhibits.value.alive(lifetime().activity.iloc[:0], model="BetaGeo")
    ),
    "lifetime.models": Of(lambda: exhibits.value.scores(lifetime().compared.scores.iloc[:0])),
    "lifetime.calibration": Of(
        lambda: exhibits.value.calibration(
            lifetime().compared.by_frequency.iloc[:0], model="BetaGeo"
        )
    ),
    "lifetime.tracking": Of(
        lambda: exhibits.value.tracking(lifetime().compared.tracking.iloc[:0], model="BetaGeo")
    ),
    "lifetime.classes": Of(
        lambda: exhibits.value.classes(judged_segments().iloc[:0], horizon_days=184)
    ),
    "retention.triangle": Of(lambda: exhibits.retention.triangle(retained()["cohorts"].iloc[:0])),
    "retention.by_age": Of(
        lambda: exhibits.retention.by_age(retained()["by_age"].iloc[:0], measure="money")
    ),
    "retention.second": Of(lambda: exhibits.retention.second(retained()["curve"].iloc[:0])),
    "retention.revenue": Of(lambda: exhibits.retention.revenue(retained()["revenue"].iloc[:0])),
    "rfm.segments": Of(lambda: exhibits.rfm.segments(segment_summary().iloc[:0])),
    "rfm.grid": Of(lambda: exhibits.rfm.grid(grid().iloc[:0])),
    "rfm.migration": Of(lambda: exhibits.rfm.migration(migration().iloc[:0])),
    "rfm.distributions": Of(
        lambda: exhibits.rfm.distributions(
            distribution().iloc[:0], cut_points=cut_points().iloc[:0]
        )
    ),
    "nurture.effect": Of(lambda: exhibits.nurture.effect(effect().iloc[:0], by="channel")),
    "nurture.compared": Of(lambda: exhibits.nurture.compared(compared().iloc[:0])),
    "nurture.cohorts": Of(lambda: exhibits.nurture.cohorts(cohorts().iloc[2:])),
    "nurture.waiting": Of(lambda: exhibits.nurture.waiting(waiting().iloc[:0])),
    "nurture.punctuality": Of(lambda: exhibits.nurture.punctuality(punctuality().iloc[:0])),
    "nurture.upcoming": Of(lambda: exhibits.nurture.upcoming(upcoming().iloc[:0])),
    "nurture.timeline": Of(lambda: lead_timeline(*(table.iloc[:0] for table in lead_events()))),
    "ledger.summary": Of(
        lambda: exhibits.ledger.summary(
            ledger(rows_read=0, rows_kept=0, rows_rejected=0, anonymous=0, refunds=0)
        )
    ),
    "ledger.completeness": Of(lambda: exhibits.ledger.completeness(completeness().iloc[:0])),
    "scheduling.rules": Of(lambda: exhibits.scheduling.rules(scheduling.compare(7).iloc[:0])),
    "scheduling.timeline": Of(lambda: exhibits.scheduling.timeline(planned().iloc[:0])),
    "scheduling.workload": Of(lambda: exhibits.scheduling.workload(load().iloc[:0])),
}


def of_leads() -> pd.DataFrame:
    """What the lists of leads hold: one named, one without a name or an owner."""
    day = pd.Timestamp("2026-11-02")
    return pd.DataFrame(
        {
            "lead_id": ["L1", "L2"], "lead_name": ["林悦", "L2"], "owner_name": ["陈未", None],
            "plan": "Wake-up", "step": [1, 2], "channel": ["sms", "email"], "text": ["Hello", "Hi"],
            "text_sent": ["Hello", "Hi"], "edited": ["no", "yes"], "feedback": "positive",
            "due_date": day, "closed_at": day, "waiting_since": day, "touched_at": day,
            "waiting_days": [3, 1], "overdue_days": [3, 1],
            "missed_steps": [2, 1], "missed_since": day, "as_of": day,
        }
    )  # fmt: skip


def by_owner() -> pd.DataFrame:
    """What owners brought: one reached the target, one did not, one has none, and nobody's."""
    return pd.DataFrame(
        {
            "owner_id": ["S1", "S2", "S3", None], "owner_name": ["林悦", "陈未", None, None],
            "revenue": [120_000.0, 90_000.0, 0.0, 500.0], "calls": [4, 3, 0, 1], "done": 2,
            "revenue_target": [100_000.0, 100_000.0, None, None],
            "target_share": [1.2, 0.9, None, None],
        }
    )  # fmt: skip


def morning() -> pd.DataFrame:
    """One owner's morning."""
    return pd.DataFrame({"as_of": [pd.Timestamp("2026-11-02")], "due": 3, "missed": 1, "done": 0})


#: Exhibits without a figure: sentence and rows.
LISTS: dict[str, Of] = {
    "nurture.handovers": Of(lambda: exhibits.nurture.handovers(of_leads())),
    "nurture.answers": Of(lambda: exhibits.nurture.answers(of_leads())),
    "nurture.missed": Of(lambda: exhibits.nurture.missed(of_leads())),
    "nurture.planned": Of(
        lambda: exhibits.nurture.planned(of_leads().assign(step_state=["missed", "ahead"]))
    ),
    "targets.owners": Of(lambda: exhibits.targets.owners(by_owner()), "CNY"),
    "queue.day": Of(lambda: exhibits.queue.day(morning())),
    "queue.steps": Of(lambda: exhibits.queue.steps(of_leads())),
    "queue.done": Of(lambda: exhibits.queue.done(of_leads())),
    "queue.handovers": Of(lambda: exhibits.queue.handovers(of_leads())),
    "ledger.rejects": Of(
        lambda: exhibits.ledger.rejects(
            rejects.table([(2, "ordered_at; amount", "soon; x", "not_a_date; not_a_number")])
        )
    ),
    "scheduling.touches": Of(
        lambda: exhibits.scheduling.touches(
            planned().assign(lead_id="L1", lead_name="林悦", owner_name="陈未")
        )
    ),
    "churn.calls": Of(lambda: exhibits.churn.calls(calls()), "CNY"),
    "churn.due": Of(
        lambda: exhibits.churn.due(
            calls().head(1).assign(warning="likely_repurchase"), with_money=False
        )
    ),
    "track_record.warned": Of(
        lambda: exhibits.track_record.warned(People().named(past_warnings().warned()))
    ),
    "retention.awaited": Of(
        lambda: exhibits.retention.awaited(
            pd.DataFrame(
                {
                    "customer_id": ["a", "b"],
                    "customer_name": ["林悦", "b"],
                    "owner_name": ["陈未", None],
                    "customer_age_days": [91, 20],
                    "first_purchase_date": pd.to_datetime(["2026-08-01", "2026-10-11"]),
                    "second_due_date": pd.to_datetime(["2026-10-30", "2027-01-09"]),
                    "is_due": [True, False],
                }
            )
        )
    ),
    "value.customers": Of(
        lambda: exhibits.value.customers(lifetime().named, horizon_days=184), "CNY"
    ),
    "value.customers, none": Of(
        lambda: exhibits.value.customers(lifetime().named.iloc[:0], horizon_days=184)
    ),
    "rfm.moved": Of(lambda: exhibits.rfm.moved(migration())),
    "rfm.movers": Of(lambda: exhibits.rfm.movers(People().named(rfm.moves(*company()["classes"])))),
    "rfm.customers": Of(
        lambda: exhibits.rfm.customers(
            pd.DataFrame(
                {
                    "customer_id": ["a", "b"],
                    "customer_name": ["林悦", "b"],
                    "owner_name": ["陈未", None],
                    "segment": ["key_keep", "general_keep"],
                    "recency_days": [9, 90],
                    "frequency": [4, 2],
                    "monetary": [900.0, 90.0],
                }
            )
        )
    ),
}


@functools.cache
def company() -> dict[str, Any]:
    """What a report asks of a small company, now and a month ago."""
    made = samples.company(customers=200, seed=11)
    orders, known = made["orders"], {"customers": made["customers"]}
    months = [purchases.history(orders, as_of=day) for day in ("2026-09-30", "2026-10-31")]
    classes = [rfm.segment(rfm.score(rfm.measure(history))) for history in months]
    second = retention.second_purchases(orders, as_of="2026-10-31", **known)
    return {
        "warnings": [churn.warn(history) for history in months], "classes": classes,
        "second": second, "cohorts": retention.cohorts(orders, as_of="2026-10-31", **known),
        "revenue": retention.revenue(orders, as_of="2026-10-31", **known),
        "named": {name: made[name] for name in ("customers", "owners")},
    }  # fmt: skip


#: The same exhibits of a whole company, and of warnings of every kind.
COMPANY: dict[str, Of] = {
    "churn.calls of everybody": Of(lambda: exhibits.churn.calls(company()["warnings"][1])),
    "churn.due of everybody": Of(lambda: exhibits.churn.due(company()["warnings"][1])),
    "churn.workload of a company": Of(
        lambda: exhibits.churn.workload(
            churn.workload(company()["warnings"][1], **company()["named"])
        )
    ),
    "rfm.migration of a company": Of(
        lambda: exhibits.rfm.migration(rfm.migration(*company()["classes"]))
    ),
    "rfm.moved of a company": Of(lambda: exhibits.rfm.moved(rfm.migration(*company()["classes"]))),
    "rfm.customers of a company": Of(lambda: exhibits.rfm.customers(company()["classes"][1])),
    "retention.triangle of a company": Of(
        lambda: exhibits.retention.triangle(company()["cohorts"])
    ),
    "retention.second of a company": Of(
        lambda: exhibits.retention.second(retention.time_to_second(company()["second"]))
    ),
    "retention.second of nobody new": Of(
        lambda: exhibits.retention.second(
            retention.time_to_second(company()["second"].assign(is_new=False))
        )
    ),
    "retention.awaited of a company": Of(
        lambda: exhibits.retention.awaited(retention.awaited(company()["second"]))
    ),
    "retention.revenue of a company": Of(lambda: exhibits.retention.revenue(company()["revenue"])),
}


def strings(part: Any, path: str = "") -> list[tuple[str, str]]:
    """Every string of a figure with the place it stands in."""
    if isinstance(part, str):
        return [(path, part)]
    if isinstance(part, dict):
        return [found for key, value in part.items() for found in strings(value, f"{path}.{key}")]
    if isinstance(part, list | tuple):
        return [found for value in part for found in strings(value, path)]
    return []


_READ = ("text", "hovertext", "ticktext", "name", "alt", "subtitle")


def texts_of(figure: go.Figure) -> list[str]:
    """Every string of a figure that a person reads, on a phone as well."""
    return [
        said
        for place, said in strings(figure.to_dict())
        if place.rsplit(".", 1)[-1].rstrip("]") in _READ
    ]
