"""Do customers come back, in a sentence a sales manager would say?"""

import datetime as dt
from typing import Any, Literal

import pandas as pd

from workbench import labels, periods
from workbench.findings import quantities

Measure = Literal["customers", "money"]

# Fewer customers than this are told as counts: a share of them would say more than is known.
LEAST = 10
# How long after the first purchase is told of.
_AGES = {"month": (1, 6, 12), "week": (1, 4, 12)}


def triangle(
    cohorts: pd.DataFrame,
    *,
    measure: Measure = "customers",
    begins: dt.date | None = None,
    lang: labels.Lang = "en",
) -> str:
    """Of the customers of the latest year, how many came back in the period after, and before it?

    The year before is left out where it holds the first period of all: that one also has customers
    from before the order book begins.

    Parameters
    ----------
    cohorts
        One row per cohort and age, from ``retention.cohorts``.
    measure
        ``customers``, or ``money`` for what they brought.
    begins
        The first day of the order book; by default the first cohort's. Some customers' cohorts
        may begin later than the book.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "first_period": pd.to_datetime(["2025-07-01"] * 2 + ["2025-08-01"] * 2
    ...                                    + ["2026-08-01"] * 2),
    ...     "age": [0, 1] * 3, "cohort_size": [90, 90, 50, 50, 100, 100],
    ...     "customers": [90, 60, 50, 12, 100, 31], "monetary": 1.0, "every": "month"})
    >>> triangle(table)
    'Of the customers who first came in 2026, 31% bought again in the month after'
    """
    firsts, nexts = (cohorts.loc[cohorts["age"] == age] for age in (0, 1))
    seen = nexts.loc[nexts["customers"].notna()].assign(
        money=lambda table: table["first_period"].map(firsts.set_index("first_period")["monetary"]),
        year=lambda table: _year(table["first_period"], table["every"]),
    )
    if seen.empty:
        return labels.text("finding.retention.none", lang)
    every = str(seen["every"].iloc[0])
    years = seen.groupby("year")[["cohort_size", "customers", "money", "monetary"]].sum()
    year = int(years.index.max())
    size, back, money, later = years.loc[[year]].to_numpy(dtype="float64")[0]
    said: dict[str, Any] = {
        "year": f"{year}",
        "next": labels.text(f"finding.retention.next.{every}", lang),
        "first": labels.text(f"finding.retention.first.{every}", lang),
    }
    if size < LEAST:
        said |= {"n": int(size), "count": labels.number(size, lang)}
        said["back"] = labels.number(back, lang)
        return labels.text("finding.retention.few", lang, **said)
    if measure == "money":
        if money <= 0:
            return labels.text("finding.retention.no_money", lang)
        if later < 0:
            del said["first"]
            return labels.text("finding.retention.negative", lang, **said)
        said["share"] = labels.percent(later / money, lang)
    else:
        said["share"] = labels.percent(back / size, lang)
    book = cohorts["first_period"].min() if begins is None else pd.Timestamp(begins)
    said["before"] = _year_before(years, year, book, measure, lang)
    return labels.text(f"finding.retention.{measure}", lang, **said)


def _year(first_period: "pd.Series[Any]", every: "pd.Series[Any]") -> "pd.Series[Any]":
    """Give the year of a period; a week belongs to the year that most of its days are in."""
    middle = first_period + pd.Timedelta(days=3)
    return middle.where(every == "week", first_period).dt.year


def _year_before(
    years: pd.DataFrame, year: int, begins: pd.Timestamp, measure: Measure, lang: labels.Lang
) -> str:
    if year - 1 not in years.index or begins.year == year - 1:
        return ""
    size, back, money, later = years.loc[[year - 1]].to_numpy(dtype="float64")[0]
    if size < LEAST or (measure == "money" and money <= 0):
        return ""
    share = later / money if measure == "money" else back / size
    key = "money_before" if measure == "money" else "before"
    return labels.text(
        f"finding.retention.{key}", lang, year=f"{year - 1}", share=labels.percent(share, lang)
    )


def by_age(
    by_age: pd.DataFrame, *, measure: Measure = "customers", lang: labels.Lang = "en"
) -> str:
    """What share of customers is active a month after they first came, six months, a year?

    Parameters
    ----------
    by_age
        One row per age, from ``retention.by_age``.
    measure, lang
        As in ``triangle``.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "age": [0, 1, 6], "cohort_size": [200, 190, 140], "customers": [200, 61, 39],
    ...     "active_share": [1.0, 0.32, 0.28], "money_share": [1.0, 0.5, 0.4], "every": "month"})
    >>> by_age(table)
    '32% of customers are active one month after they first came, six months after 28%'
    >>> by_age(table, measure="money", lang="zh")
    '首购1个月后，客户带来首月金额的50%，6个月后为40%'
    """
    rows = by_age.loc[by_age["age"] > 0].sort_values("age")
    if rows.empty:
        return labels.text("finding.retention.none", lang)
    every = str(rows["every"].iloc[0])
    first = rows.iloc[0]
    if first["cohort_size"] < LEAST:
        return labels.text(
            "finding.retention.by_age_few",
            lang,
            n=int(first["cohort_size"]),
            count=labels.number(int(first["cohort_size"]), lang),
            back=labels.number(int(first["customers"]), lang),
            time=time(int(first["age"]), every, lang),
        )
    share = "money_share" if measure == "money" else "active_share"
    told = rows.loc[rows["age"].isin(_AGES[every]) & (rows["cohort_size"] >= LEAST)]
    told = told.loc[told[share].notna()]
    if told.empty:
        return labels.text("finding.retention.no_money", lang)
    parts = [
        {"share": labels.percent(row[share], lang), "time": time(int(row["age"]), every, lang)}
        for row in told.to_dict("records")
    ]
    others = "".join(
        labels.text("finding.retention.by_age_other", lang, **one) for one in parts[1:]
    )
    return labels.text(
        "finding.retention.by_age" + ("_money" if measure == "money" else ""),
        lang,
        first=labels.text(f"finding.retention.first.{every}", lang),
        others=others,
        **parts[0],
    )


def second(curve: pd.DataFrame, *, within_days: int = 90, lang: labels.Lang = "en") -> str:
    r"""After how long has half of new customers come a second time, and how many in so many days?

    Parameters
    ----------
    curve
        One row per day, one curve, from ``retention.time_to_second``.
    within_days
        The time that is told of.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> curve = pd.DataFrame({
    ...     "days": [0, 20, 80, 120], "at_risk": [100, 100, 62, 40], "came_back_count": [0, 38, 22, 0],
    ...     "repurchased_share": [0.0, 0.38, 0.61, 0.61],
    ...     "repurchased_share_low": [None, 0.29, 0.52, 0.52],
    ...     "repurchased_share_high": [None, 0.48, 0.71, 0.71]})
    >>> print(second(curve).replace("; ", ";\n"))
    Half of new customers have bought a second time within 80 days;
    61% within 90 days (52% to 71%)
    """
    rows = curve.sort_values("days")
    total = int(rows["at_risk"].iloc[0]) if len(rows) else 0
    if not total:
        return labels.text("finding.retention.second.none", lang)
    back = int(rows["came_back_count"].sum())
    if total < LEAST:
        counts = {"count": labels.number(total, lang), "back": labels.number(back, lang)}
        return labels.text("finding.retention.second.few", lang, n=total, **counts)
    half = half_day(rows)
    said = (
        labels.text("finding.retention.second.not_half", lang)
        if half is None
        else labels.text("finding.retention.second.half", lang, days=days(half, lang))
    )
    then = reached(rows, within_days)
    span = days(within_days, lang)
    if then is None:
        return said + labels.text("finding.retention.second.unknown", lang, days=span)
    share = labels.percent(then["repurchased_share"], lang)
    said += labels.text("finding.retention.second.within", lang, share=share, days=span)
    low, high = then["repurchased_share_low"], then["repurchased_share_high"]
    if pd.isna(low) or pd.isna(high):
        return said
    bounds = {"low": labels.percent(low, lang), "high": labels.percent(high, lang)}
    return said + labels.text("finding.retention.second.interval", lang, **bounds)


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


def reached(curve: pd.DataFrame, within_days: int) -> "pd.Series[Any] | None":
    """Where does the curve stand after so many days? None where nobody was watched that long.

    Examples
    --------
    >>> curve = pd.DataFrame({"days": [0, 20, 80], "repurchased_share": [0.0, 0.38, 0.61]})
    >>> reached(curve, 60)["repurchased_share"], reached(curve, 90) is None
    (np.float64(0.38), True)
    """
    rows = curve.loc[curve["days"] <= within_days].sort_values("days")
    if rows.empty:
        return None
    last = rows.iloc[-1]
    known = curve["days"].max() >= within_days or last["repurchased_share"] >= 1
    return last if known else None


def revenue(revenue: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    r"""What part of the last period's money was repeat business, and what did new customers bring?

    Parameters
    ----------
    revenue
        One row per period, from ``retention.revenue``; the last is the one told of.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "period": pd.to_datetime(["2026-10-01"]), "new_customers": [49], "every": "month",
    ...     "new_revenue": [36_876.5], "repeat_revenue": [521_706.1], "revenue": [558_582.6],
    ...     "repeat_share": [0.934]})
    >>> print(revenue(table).replace("; ", ";\n"))
    Repeat business brought 93% of the money in October 2026;
    49 new customers brought 36,900
    """
    if revenue.empty:
        return labels.text("finding.retention.revenue.none", lang)
    rows = revenue.sort_values("period")
    last = rows.iloc[-1]
    every = str(last["every"])
    said = {"period": period(last["period"], every, lang)}
    if not last["revenue"]:
        return labels.text("finding.retention.revenue.zero", lang, **said)
    if last["revenue"] < 0:
        return labels.text("finding.retention.revenue.back", lang, **said)
    said["new"] = _new(last, lang)
    if last["repeat_revenue"] < 0:
        said["money"] = quantities.money(-float(last["repeat_revenue"]), lang)
        return labels.text("finding.retention.revenue.refunds", lang, **said)
    said["share"] = labels.percent(last["repeat_share"], lang)
    ago = periods.containing(last["period"].date(), _kind(every)).year_before
    then = rows.loc[(rows["period"].dt.date == ago.start) & rows["repeat_share"].notna()]
    # the first period of an order book takes everybody for new
    known = len(then) and then.index[0] != rows.index[0]
    said["before"] = (
        labels.text(
            "finding.retention.revenue.before",
            lang,
            period=ago.label(lang),
            share=labels.percent(then["repeat_share"].iloc[0], lang),
        )
        if known
        else ""
    )
    return labels.text("finding.retention.revenue.some", lang, **said)


def _new(last: "pd.Series[Any]", lang: labels.Lang) -> str:
    n = int(last["new_customers"])
    if not n:
        return labels.text("finding.retention.revenue.no_new", lang)
    money = quantities.money(float(last["new_revenue"]), lang)
    return labels.text(
        "finding.retention.revenue.new", lang, n=n, count=quantities.count(n, lang), money=money
    )


def awaited(awaited: pd.DataFrame, *, within_days: int = 90, lang: labels.Lang = "en") -> str:
    """How many customers came once and have not been back, and how many still have time?

    Parameters
    ----------
    awaited
        One row per customer, from ``retention.awaited``.
    within_days
        The time from the first purchase in which the second is hoped for, as given to it.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({"customer_id": ["a", "b"], "is_due": [True, False]})
    >>> awaited(table, within_days=60)
    'One customer came once, 60 days ago or longer, and has not been back; one more still has time'
    """
    if awaited.empty:
        return labels.text("finding.retention.awaited.none", lang)
    due = int(awaited["is_due"].sum())
    said = (
        labels.text(
            "finding.retention.awaited.due",
            lang,
            n=due,
            count=quantities.count(due, lang),
            days=days(within_days, lang),
        )
        if due
        else labels.text("finding.retention.awaited.nobody_due", lang)
    )
    more = len(awaited) - due
    if more:
        count = quantities.count(more, lang)
        said += labels.text("finding.retention.awaited.more", lang, n=more, count=count)
    return quantities.sentence(said)


def days(n: int, lang: labels.Lang = "en") -> str:
    """Say a number of days.

    Examples
    --------
    >>> days(1), days(90), days(90, "zh")
    ('1 day', '90 days', '90天')
    """
    return labels.text("finding.retention.days", lang, n=n, count=labels.number(n, lang))


def time(age: int, every: str, lang: labels.Lang = "en") -> str:
    """Say how many months or weeks.

    Examples
    --------
    >>> time(1, "month"), time(13, "week"), time(6, "month", "zh")
    ('one month', '13 weeks', '6个月')
    """
    return labels.text(f"finding.retention.{every}", lang, n=age, count=quantities.count(age, lang))


def period(start: pd.Timestamp, every: str, lang: labels.Lang = "en") -> str:
    """Name the month or the week that begins on a day.

    Examples
    --------
    >>> period(pd.Timestamp("2026-10-01"), "month"), period(pd.Timestamp("2026-10-26"), "week", "zh")
    ('October 2026', '2026年第44周')
    """
    return periods.containing(start.date(), _kind(every)).label(lang)


def _kind(every: str) -> periods.Kind:
    return "week" if every == "week" else "month"
