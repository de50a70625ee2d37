"""Do customers come back: by first purchase, all together, a second time, and for what money?"""

import datetime as dt
from typing import Any, Literal

import pandas as pd

from workbench import periods, retention
from workbench.exhibit import Sheet, exhibit
from workbench.words import Words

Measure = Literal["customers", "money"]

# Fewer customers than this are told as counts: a share of them would say more than is known.
LEAST = 10
# How long after the first purchase is told of.
_AGES = {"month": (1, 6, 12), "week": (1, 4, 12)}


def _every(table: pd.DataFrame) -> retention.Every:
    return table["every"].iloc[0] if len(table) else "month"


@exhibit(
    retention.COHORTS,
    columns=["first_period", "age", "cohort_size", "customers", "active_share"],
    minor=["customers"],
)
def triangle(
    cohorts: pd.DataFrame,
    words: Words,
    *,
    measure: Measure = "customers",
    begins: dt.date | None = None,
) -> Sheet:
    """Of the customers who first came in one month or week, how many came back in each after?

    ``begins`` is the first day of the order book, by default the first cohort's: that cohort also
    has customers from before, and its year is no comparison.
    """
    every = _every(cohorts)
    firsts, nexts = (cohorts.loc[cohorts["age"] == age] for age in (0, 1))
    seen = nexts.loc[nexts["customers"].notna()].assign(
        money=lambda table: table["first_period"].map(firsts.set_index("first_period")["monetary"]),
        year=lambda table: _year(table["first_period"], table["every"]),
    )
    if seen.empty:
        return Sheet(words("none"))
    years = seen.groupby("year")[["cohort_size", "customers", "money", "monetary"]].sum()
    now, year = years.iloc[-1], int(years.index[-1])
    said: dict[str, Any] = {"year": str(year), "next": words(f"next.{every}")}
    if now["cohort_size"] < LEAST:
        return Sheet(words("few", n=now["cohort_size"], back=now["customers"], **said))
    book = cohorts["first_period"].min() if begins is None else pd.Timestamp(begins)
    then = years.loc[year - 1] if year - 1 in years.index and book.year != year - 1 else None
    if then is not None and then["cohort_size"] < LEAST:
        then = None
    of = ("customers", "cohort_size") if measure == "customers" else ("monetary", "money")
    said |= {"share": _ratio(now, of), "first": words(f"first.{every}")}
    said |= {"year_before": str(year - 1), "before": None if then is None else _ratio(then, of)}
    return Sheet(words(f"some.{measure}", **said))


def _ratio(row: "pd.Series[Any]", of: tuple[str, str]) -> float | None:
    part, whole = row[of[0]], row[of[1]]
    return part / whole if whole > 0 else None


def _year(first_period: "pd.Series[Any]", every: "pd.Series[Any]") -> "pd.Series[Any]":
    """Give the year of a period; a week belongs to the year that most of its days are in."""
    middle = first_period + pd.Timedelta(days=3)
    return middle.where(every == "week", first_period).dt.year


@exhibit(retention.BY_AGE)
def by_age(by_age: pd.DataFrame, words: Words, *, measure: Measure = "customers") -> Sheet:
    """What share is active so long after the first purchase, all cohorts together?"""
    rows = by_age.loc[by_age["age"] > 0].sort_values("age")
    if rows.empty:
        return Sheet(words("none"))
    every = _every(rows)
    if (first := rows.iloc[0])["cohort_size"] < LEAST:
        time = words.write(first["age"], f"said {every}s")
        return Sheet(words("few", n=first["cohort_size"], back=first["customers"], time=time))
    share = "money_share" if measure == "money" else "active_share"
    told = rows.loc[rows["age"].isin(_AGES[every]) & (rows["cohort_size"] >= LEAST)]
    parts: dict[str, Any] = {"first": words(f"first.{every}")}
    for place, row in zip(("", "_2", "_3"), told.to_dict("records"), strict=False):
        parts |= {f"share{place}": row[share]}
        parts |= {f"time{place}": words.write(row["age"], f"said {every}s")}
    return Sheet(words(f"some.{measure}", **parts))


@exhibit(
    retention.TIME_TO_SECOND, minor=["repurchased_share_low", "repurchased_share_high"], rows=30
)
def second(curve: pd.DataFrame, words: Words, *, within_days: int = 90) -> Sheet:
    """What share has bought a second time, so many days after the first?"""
    rows = curve.sort_values("days")
    total = int(rows["at_risk"].iloc[0]) if len(rows) else 0
    if not total:
        return Sheet(words("none"))
    if total < LEAST:
        return Sheet(words("few", n=total, back=rows["came_back_count"].sum()))
    then = reached(rows, within_days)
    sentence = words("some", half=half_day(rows), within_days=within_days, **then)
    return Sheet(sentence)


def half_day(curve: pd.DataFrame) -> int | None:
    """By which day has half of them come back? None where that has not been reached.

    Examples
    --------
    >>> half_day(pd.DataFrame({"days": [0, 20, 80], "repurchased_share": [0.0, 0.38, 0.61]}))
    80
    """
    # the product of exact shares may miss a half by its last bits
    past = curve.loc[curve["repurchased_share"] >= 0.5 - 1e-12, "days"]
    return int(past.min()) if len(past) else None


def reached(curve: pd.DataFrame, within_days: int) -> dict[str, Any]:
    """Where does the curve stand after so many days? Nothing where nobody was watched that long.

    Examples
    --------
    >>> curve = pd.DataFrame({"days": [0, 20, 80], "repurchased_share": [0.0, 0.38, 0.61]})
    >>> reached(curve, 60), reached(curve, 90)
    ({'share': 0.38, 'low': None, 'high': None}, {})
    """
    rows = curve.loc[curve["days"] <= within_days].sort_values("days")
    last = rows.iloc[-1] if len(rows) else None
    known = curve["days"].max() >= within_days or (
        last is not None and last["repurchased_share"] >= 1
    )
    if last is None or not known:
        return {}
    return {
        "share": float(last["repurchased_share"]),
        **{end: last.get(f"repurchased_share_{end}") for end in ("low", "high")},
    }


@exhibit(
    retention.REVENUE,
    columns=["period", "new_customers", "new_revenue", "repeat_customers", "repeat_revenue",
             "repeat_share"],
    minor=["new_customers", "repeat_customers"],
    rows=13,
)  # fmt: skip
def revenue(revenue: pd.DataFrame, words: Words, *, begins: dt.date | None = None) -> Sheet:
    """What part of each period's money is repeat business, what part comes from new customers?"""
    if revenue.empty:
        return Sheet(words("none"))
    rows = revenue.sort_values("period", ascending=False)
    last = rows.iloc[0]
    period = periods.containing(last["period"].date(), _every(rows))
    if last["revenue"] <= 0:
        return Sheet(words("few", period=period))
    then = rows.loc[rows["period"] == pd.Timestamp(period.year_before.start), "repeat_share"]
    # the first period of an order book takes everybody for new
    known = len(then) and then.index[0] != rows.index[-1]
    repeat = float(last["repeat_revenue"])
    sentence = words(
        "some",
        period=period,
        share=last["repeat_share"] if repeat >= 0 else None,
        refunds=-repeat,
        year_before=period.year_before,
        before=then.iloc[0] if known else None,
        new=last["new_customers"] or None,
        new_revenue=last["new_revenue"],
    )
    return Sheet(sentence, listed=rows)


@exhibit(
    retention.AWAITED,
    columns=["customer_name", "owner_name", "first_purchase_date", "customer_age_days",
             "second_due_date", "is_due"],
    minor=["owner_name", "first_purchase_date", "second_due_date"],
)  # fmt: skip
def awaited(awaited: pd.DataFrame, words: Words, *, within_days: int = 90) -> Sheet:
    """Who came once and has not been back, and who still has time?"""
    if awaited.empty:
        return Sheet(words("none"))
    due = int(awaited["is_due"].sum())
    more = len(awaited) - due
    return Sheet(words("some", n=due or None, within_days=within_days, more=more or None))
