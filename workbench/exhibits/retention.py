"""Do customers come back: by first purchase, all together, a second time, and for what money?"""

from typing import Any, Literal

import pandas as pd

from workbench import charts, periods, retention, schema
from workbench.exhibit import Sheet, exhibit
from workbench.words import MISSING, Words

Measure = Literal["customers", "money"]

# Fewer customers than this are told as counts: a share of them would say more than is known.
LEAST = 10
# How long after the first purchase is told of.
_AGES = {"month": (1, 6, 12), "week": (1, 4, 12)}
# More cohorts, and no cell has room for its number; later ages rest on the few oldest cohorts; a
# year and the month it is compared with. The tables hold all.
_COHORTS, _LAST_AGE, _LAST_DAY, _PERIODS = 13, 24, 365, 13


def _periods(starts: "pd.Series[Any]", every: retention.Every) -> list[Any]:
    return [periods.containing(day.date(), every) for day in starts]


def _named(starts: "pd.Series[Any]", every: retention.Every) -> "pd.Series[str]":
    """Name the months or weeks that begin on these days, as 2026-10 or 2026-W41: they are no days."""
    return pd.Series(map(str, _periods(starts, every)), starts.index, dtype="str")


def _since(table: pd.DataFrame, words: Words) -> str | None:
    """Who counts as new? Told where the table tells it; a book has one answer for all rows."""
    if table.empty or "new_after" not in table:
        return None
    told = table.iloc[0]
    days = (told["new_after"] - told["book_begins"]).days
    return words(
        "retention.new", new_after=told["new_after"], n=told["dates_set_aside"] or None,
        most=days if days == _LAST_DAY else None,
    )  # fmt: skip


def _every(table: pd.DataFrame) -> retention.Every:
    return table["every"].iloc[0] if len(table) else "month"


@exhibit(
    retention.COHORTS, minor=["customers"],
    columns=["first_period", "is_new", "age", "cohort_size", "customers", "active_share"],
)  # fmt: skip
def triangle(cohorts: pd.DataFrame, words: Words, *, measure: Measure = "customers") -> Sheet:
    """Of the customers who first came in one month or week, how many came back in each after?

    Who had bought before the order book begins stands apart, in one row below all others.
    """
    every, new = _every(cohorts), retention.new_only(cohorts)
    firsts = sorted(new["first_period"].unique())
    shown = firsts[-_COHORTS:]
    rows = new[new["first_period"].isin(shown) & new["customers"].notna()]
    is_cut, earlier = len(shown) < len(firsts), _joined(cohorts)
    months = _periods(rows["first_period"], every)
    rows = pd.concat(
        [rows.assign(first_period=months, row=months),
         earlier.assign(first_period=None, row=words("earlier"))]
    ) if len(earlier) else rows.assign(first_period=months, row=months)  # fmt: skip
    is_first = rows["age"] == 0
    rows = rows.assign(
        **{f"{every}s": rows["age"]},
        came=rows["cohort_size"].where(is_first), first_money=rows["monetary"].where(is_first),
        share=rows["active_share" if measure == "customers" else "money_share"].mask(is_first),
    )  # fmt: skip
    subtitle = words(
        f"subtitle.{measure}", every=every, all=len(firsts),
        dash=MISSING if rows["money_share"].isna().any() else None, new=_since(cohorts, words),
        earlier=words("earlier") if len(earlier) else None,
        **{f"{every}s": len(shown) if is_cut else None},
    )  # fmt: skip
    chart = charts.Matrix(
        rows=rows, x="age", y="row", value="share", darkest=1.0, apart=len(earlier) > 0,
        order=(*sorted(rows["age"].unique().tolist()), *sorted(set(months)), words("earlier")),
        y_as="short period", y_as_phone="shorter period", x_title=f"x.{every}",
        first=f"first.{measure}", columns=(12, 6), cell=f"cell.{measure}", head_px=104, row_px=27,
    )  # fmt: skip
    listed = cohorts.dropna(subset="customers")
    order = [name for name in ("is_new", "first_period", "age") if name in listed]
    listed = listed.sort_values(order, ascending=[name == "age" for name in order])
    return Sheet(
        _came_back(new, words, measure), chart, subtitle=subtitle,
        listed=listed.assign(first_period=_named(listed["first_period"], every)),
        title=words(f"title.{measure}"),
    )  # fmt: skip


def _joined(cohorts: pd.DataFrame) -> pd.DataFrame:
    """Join those from before the order book begins: one row per age, of all that can be seen."""
    if "is_new" not in cohorts:
        return cohorts.iloc[:0]
    rows = cohorts.loc[~cohorts["is_new"].astype("bool")]
    ages = retention.by_age(rows.drop(columns="is_new"))
    return ages[["age", "cohort_size", "customers", "monetary", "active_share", "money_share"]]


def _came_back(cohorts: pd.DataFrame, words: Words, measure: Measure) -> str:
    """Tell of the latest year, and of the one before it."""
    firsts, nexts = (cohorts.loc[cohorts["age"] == age] for age in (0, 1))
    seen = nexts.loc[nexts["customers"].notna()].assign(
        money=lambda table: table["first_period"].map(firsts.set_index("first_period")["monetary"]),
        year=lambda table: _year(table["first_period"], table["every"]),
    )
    if seen.empty:
        return words("none")
    years = seen.groupby("year")[["cohort_size", "customers", "money", "monetary"]].sum()
    now, year = years.iloc[-1], int(years.index[-1])
    every = _every(cohorts)
    named = {"year": str(year), "next": words(f"next.{every}"), "first": words(f"first.{every}")}
    if now["cohort_size"] < LEAST:
        return words("few", n=now["cohort_size"], back=now["customers"], **named)
    then = years[years.index == year - 1]
    of = ("customers", "cohort_size") if measure == "customers" else ("monetary", "money")
    told = then[(then["cohort_size"] >= LEAST) & (then[of[1]] > 0)]
    before = (told[of[0]] / told[of[1]]).max()
    share = _ratio(now, of)
    fell = share is not None and share < 0
    return words(
        f"some.{measure}", share=None if fell else share, refunded=str(year) if fell else None,
        before=before, year_before=str(year - 1), **named,
    )  # fmt: skip


def _ratio(row: Any, of: tuple[str, str]) -> float | None:
    part, whole = row[of[0]], row[of[1]]
    return part / whole if whole > 0 else None


def _year(first_period: "pd.Series[Any]", every: "pd.Series[Any]") -> "pd.Series[Any]":
    """Give the year of a period; a week belongs to the year that most of its days are in."""
    middle = first_period + pd.Timedelta(days=3)
    return middle.where(every == "week", first_period).dt.year


@exhibit(retention.BY_AGE)
def by_age(by_age: pd.DataFrame, words: Words, *, measure: Measure = "customers") -> Sheet:
    """What share is active so long after the first purchase, all cohorts together?"""
    every = _every(by_age)
    share = "money_share" if measure == "money" else "active_share"
    chart = charts.Course(
        rows=by_age.loc[by_age["age"].between(1, _LAST_AGE)], x="age", y=[share],
        below="cohort_size", labelled=[1, 6, 12], x_title=f"x.{every}", hover=f"hover.{every}",
    )  # fmt: skip
    return Sheet(
        _still_active(by_age, words, measure, share), chart, title=words(f"title.{measure}"),
        subtitle=words(f"subtitle.{measure}", every=every, new=_since(by_age, words)),
    )  # fmt: skip


def _still_active(by_age: pd.DataFrame, words: Words, measure: Measure, share: str) -> str:
    rows = by_age.loc[by_age["age"] > 0].sort_values("age")
    if rows.empty:
        return words("none")
    every = _every(rows)
    if (first := rows.iloc[0])["cohort_size"] < LEAST:
        time = words.write(first["age"], f"said {every}s")
        return words("few", n=first["cohort_size"], back=first["customers"], time=time)
    told = rows.loc[rows["age"].isin(_AGES[every]) & (rows["cohort_size"] >= LEAST)]
    told = told.loc[told[share].notna()]
    parts: dict[str, Any] = {"first": words(f"first.{every}"), "share_1": None, "time_1": None}
    for place, (age, part) in enumerate(told[["age", share]].to_numpy(), 1):
        parts |= {f"share_{place}": part, f"time_{place}": words.write(age, f"said {every}s")}
    return words(f"some.{measure}", **parts)


@exhibit(
    retention.TIME_TO_SECOND, minor=["repurchased_share_low", "repurchased_share_high"], rows=30
)
def second(curve: pd.DataFrame, words: Words, *, within_days: int = 90) -> Sheet:
    """What share has bought a second time, so many days after the first?"""
    chart = charts.Steps(
        rows=curve, x="days", y="repurchased_share", below="at_risk", until=_LAST_DAY,
        at=within_days, half="half",
    )  # fmt: skip
    rows = curve.sort_values("days")
    total = int(rows["at_risk"].iloc[0]) if len(rows) else 0
    left_out = rows["earlier_customers"].max() if "earlier_customers" in rows else 0
    earlier = int(left_out) if left_out > 0 else None
    subtitle = words("subtitle", earlier=earlier, new=_since(rows, words))
    if not total:
        return Sheet(words("none", earlier=earlier), chart, subtitle=subtitle)
    if total < LEAST:
        said = words("few", n=total, back=rows["came_back_count"].sum())
        return Sheet(said, chart, subtitle=subtitle)
    then = {"share": None} | reached(rows, within_days)
    said = words("some", half=half_day(rows), within_days=within_days, **then)
    return Sheet(said, chart, subtitle=subtitle)


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
    if rows.empty or (curve["days"].max() < within_days and rows["repurchased_share"].max() < 1):
        return {}
    last = rows.iloc[-1]
    ends = {end: last.get(f"repurchased_share_{end}") for end in ("low", "high")}
    return {"share": float(last["repurchased_share"]), **ends}


@exhibit(
    retention.REVENUE, minor=["new_customers", "repeat_customers"], rows=13,
    columns=["period", "new_customers", "new_revenue", "repeat_customers", "repeat_revenue",
             "repeat_share"],
)  # fmt: skip
def revenue(revenue: pd.DataFrame, words: Words) -> Sheet:
    """What part of each period's money is repeat business, what part comes from new customers?"""
    every = _every(revenue)
    newest = revenue.sort_values("period", ascending=False)
    rows = newest.head(_PERIODS).iloc[::-1]
    is_cut = len(rows) < len(revenue)
    chart = charts.Columns(
        rows=rows.assign(period=_periods(rows["period"], every)), x="period", above="above",
        x_as=("short period", "shorter period"), hover="hover",
        parts={"repeat_revenue": "kept", "new_revenue": "grey"},
    )  # fmt: skip
    subtitle = words(
        "subtitle", every=every, new=_since(revenue, words), all=len(revenue),
        **{f"{every}s": len(rows) if is_cut else None},
    )  # fmt: skip
    listed = newest.assign(period=_named(newest["period"], every))
    return Sheet(_repeated(newest, words), chart, listed=listed, subtitle=subtitle)


def _repeated(newest: pd.DataFrame, words: Words) -> str:
    if newest.empty:
        return words("none")
    last = newest.iloc[0]
    period = periods.containing(last["period"].date(), _every(newest))
    if last["revenue"] <= 0:
        return words("few", period=period, refunded=period if last["revenue"] < 0 else None)
    ago = period.year_before
    then = newest.loc[newest["period"] == pd.Timestamp(ago.start), "repeat_share"].dropna()
    # before that day nobody is new of whom no creation date is known
    opened = last.get("new_after", newest["period"].min())
    is_known = len(then) and pd.Timestamp(ago.start) > opened
    repeat = float(last["repeat_revenue"])
    return words(
        "some", period=period, share=last["repeat_share"] if repeat >= 0 else None,
        refunds=-repeat, year_before=ago, before=then.iloc[0] if is_known else None,
        new=last["new_customers"] or None, new_revenue=last["new_revenue"],
    )  # fmt: skip


@exhibit(
    retention.AWAITED,
    columns=["customer_name", "owner_name", *schema.CONTACTS, "first_purchase_date",
             "customer_age_days", "second_due_date", "is_due"],
    minor=["first_purchase_date", "second_due_date"], under=["owner_name", *schema.CONTACTS],
)  # fmt: skip
def awaited(awaited: pd.DataFrame, words: Words, *, within_days: int = 90) -> Sheet:
    """Who came once and has not been back, and who still has time?"""
    due = int(awaited["is_due"].sum())
    said = {"n": due or None, "more": len(awaited) - due or None, "within_days": within_days}
    return Sheet(words("some" if len(awaited) else "none", **said))
