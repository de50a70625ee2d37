"""What are customers worth from here on, and were models and classes right on days unseen?"""

import datetime as dt
from typing import Any

import pandas as pd

from workbench import charts, models, value
from workbench.exhibit import Sheet, exhibit
from workbench.words import Words, has, spoken

# Fewer customers than this are not told of in tenths.
LEAST = 20
# Nearer than this a total is told to be as expected.
_AS_MANY = 0.02
# The model without an end, which every other one has to beat.
_FLOOR = "NBD"
_TOP = 12


@exhibit(value.CONCENTRATION, minor=["expected_purchases", "expected_monetary", "lifetime_value"])
def ahead(
    concentration: pd.DataFrame,
    words: Words,
    *,
    expected: value.Expectation,
    forecast: value.Forecast | None = None,
) -> Sheet:
    """How much will all customers spend in the days ahead, and how much of it comes from few?

    ``forecast`` is where ``expected`` comes from: then it is told why there is none, how right its
    model was, and of how many it cannot tell.
    """
    whole: dict[str, Any] = dict(*expected.total.to_dict("records"))
    n, rows = int(whole.get("customers", 0)), concentration.sort_values("tenth")
    rows = rows.loc[rows["lifetime_value_share"].notna()].iloc[: None if n >= LEAST else 0]
    chart = charts.Bars(
        rows=rows.assign(tone=rows["tenth"].eq(1).map({True: "kept", False: "grey"})),
        label="tenth", label_as="tenth", value="lifetime_value_share", tone="tone",
        beside="beside", hover="hover", narrowest_px=charts.style.PANEL_PX,
    )  # fmt: skip
    subtitle = words(
        "subtitle.few" if 0 < n < LEAST else "subtitle", least=LEAST, days=expected.horizon_days,
        rate=expected.yearly_rate, **dict.fromkeys(value.EXPECTED_IN_ALL.columns) | whole,
    )  # fmt: skip
    share = rows.loc[rows["tenth"] == 1, "lifetime_value_share"].tolist()
    told = {"days": expected.horizon_days, "share": share[0] if share else None}
    sentence = words("some", n=n, **told, **whole) if n else _nobody(forecast, words)
    meaning = [words("meaning"), words("do")]
    if forecast is not None:
        meaning += [_check(forecast, words), _untold(expected.customers, words)]
    return Sheet(sentence, chart, subtitle=subtitle, meaning=meaning)


def _nobody(forecast: value.Forecast | None, words: Words) -> str:
    return words(f"none.{forecast.why}" if forecast is not None and forecast.why else "none")


def _check(forecast: value.Forecast, words: Words) -> str:
    """Did the model expect too much on past days? Nothing where it could not be judged."""
    scores = forecast.scores
    bias = scores.loc[(scores["model"] == forecast.model) & scores["bias"].notna(), "bias"]
    if bias.empty:
        return ""
    return words("check", model=forecast.model, bias=_bias(bias.iloc[0], words))


def _untold(customers: pd.DataFrame, words: Words) -> str:
    """Of how many can it not be told whether they are active? Nothing where of none."""
    untold = customers[customers["probability_alive"].isna()]
    if untold.empty:
        return ""
    is_once = not (untold["repeat_purchases"] > 0).any()
    return words("untold.once" if is_once else "untold.model", n=len(untold))


def _bias(rate: float, words: Words) -> str:
    size = abs(rate) if abs(rate) >= _AS_MANY else None
    return words("bias", many=size if rate > 0 else None, few=size if rate < 0 else None)


@exhibit(
    value.EXPECTED,
    columns=["customer_name", "owner_name", "expected_purchases", "expected_monetary",
             "lifetime_value", "lifetime_value_low", "lifetime_value_high", "probability_alive"],
    strong=["customer_name"],
    minor=["owner_name", "expected_purchases", "expected_monetary", "lifetime_value_low",
           "lifetime_value_high"],
)  # fmt: skip
def customers(
    customers: pd.DataFrame,
    words: Words,
    *,
    horizon_days: int,
    yearly_rate: float = 0.1,
    forecast: value.Forecast | None = None,
) -> Sheet:
    """Who is worth most, by name? ``forecast`` tells why there is nobody."""
    subtitle = words("subtitle", rate=yearly_rate)
    if customers.empty:
        why = _nobody(forecast, words)
        return Sheet(why, subtitle=subtitle, empty=why)
    return Sheet(words("some", days=horizon_days), subtitle=subtitle)


@exhibit(value.EXPECTED)
def top(
    customers: pd.DataFrame, words: Words, *, horizon_days: int, yearly_rate: float = 0.1
) -> Sheet:
    """Who is worth most, and how sure is that?"""
    order = ["lifetime_value", "customer_id"]
    rows = customers.sort_values(order, ascending=[False, True], ignore_index=True)
    ids = rows["customer_id"].astype("str")
    names = rows["customer_name"].fillna(ids) if "customer_name" in rows else ids
    rows = rows.assign(customer_name=names)
    chart = charts.Bars(
        rows=rows, label="customer_name", value="lifetime_value", with_interval=True,
        beside="beside", hover="hover",
        at_most=_TOP, signs=(30, 12), narrowest_px=charts.style.PANEL_PX,
    )  # fmt: skip
    sentence, days = words("none"), horizon_days
    if len(rows):
        said: dict[str, Any] = {**rows.iloc[0], "days": days, "others": names.iloc[1:3].tolist()}
        sentence = words("some", **said)
    return Sheet(sentence, chart, subtitle=words("subtitle", days=days, rate=yearly_rate))


@exhibit(value.ACTIVITY)
def alive(activity: pd.DataFrame, words: Words, *, model: str) -> Sheet:
    """How many customers are still active, how likely, and of how many can it not be told?"""
    rows = activity.sort_values(["is_told", "left"], ascending=False, ignore_index=True)
    is_told = rows["is_told"].astype("bool")
    bands = zip(100 * rows["left"], 100 * rows["right"], strict=True)
    rows = rows.assign(
        band=[words("band", low=low, high=high) for low, high in bands],
        tone=is_told.map({True: "kept", False: "grey"}),
    )
    counts = rows["customers"]
    told, untold = int(counts[is_told].sum()), int(counts[~is_told].sum())
    chart = charts.Bars(
        rows=rows if untold else rows[is_told], label="band", value="customers", tone="tone",
        beside="beside", hover="hover", narrowest_px=charts.style.PANEL_PX,
        line_after=len(rows) - 1 if untold else 0,
    )  # fmt: skip
    sentence = words(
        "some" if told else "few" if untold else "none", told=told, untold=untold or None,
        active=counts[is_told & (rows["left"] >= 0.5)].sum(),
    )  # fmt: skip
    subtitle = words("subtitle", model=model, untold=model if untold else None)
    return Sheet(sentence, chart, subtitle=subtitle)


@exhibit(
    models.SCORES,
    columns=["model", "loglik", "aic", "bic", "mean_absolute_error", "bias", "wape"],
)
def scores(scores: pd.DataFrame, words: Words) -> Sheet:
    """Which model came closest to what customers did next, and which fits best?

    Above stand the errors on days the models had not seen, with the bias; below, how far the BIC
    of each is above the best. A model without a fit keeps its row.
    """
    rows = scores.sort_values(["mean_absolute_error", "model"], ignore_index=True)
    is_fit = rows["converged"].astype("bool")
    worse = rows["bic"] - rows["bic"].min()
    rows = rows.assign(
        no_fit=is_fit.map({False: words("no_fit")}),
        rank=is_fit.map({False: words("no_fit"), True: words("best")}),
        worse=worse.where(worse > 0),
        error=["grey" if place else "kept" for place in rows.index],
        fit=["grey" if one else "kept" for one in worse],
    )
    panes = [
        charts.Bars(
            rows=rows, label="model", label_as="model", value=column, counts="converged", tone=head,
            beside=f"beside_{head}", hover="hover", narrowest_px=charts.style.PANEL_PX,
        )
        for head, column in (("error", "wape"), ("fit", "worse"))
    ]  # fmt: skip
    return Sheet(
        _closest(rows[is_fit], words),
        charts.Panes(charts=panes, heads=["error", "fit"]),
        subtitle=words("subtitle", n=int(scores["customers"].max()) if len(scores) else 0),
    )


def _closest(rows: pd.DataFrame, words: Words) -> str:
    if rows.empty:
        return words("none.no_model")
    best = rows.iloc[0]
    if not best["holdout_purchases"]:
        return words("few")
    floor = rows.loc[(rows["model"] == _FLOOR) & (rows["model"] != best["model"])]
    return words(
        "some", model=best["model"], off=best["mean_absolute_error"],
        bias=_bias(best["bias"], words), floor=_FLOOR,
        floor_off=floor["mean_absolute_error"].max(),
    )  # fmt: skip


@exhibit(models.BY_FREQUENCY)
def calibration(by_frequency: pd.DataFrame, words: Words, *, model: str) -> Sheet:
    """Did those who had bought seldom, and those who had bought often, buy as was expected?"""
    rows = by_frequency.loc[by_frequency["model"] == model].sort_values("repeat_purchases")
    more = rows["is_open_ended"].map({True: "+"}).fillna("")
    chart = charts.Dots(
        rows=rows.assign(name=rows["repeat_purchases"].astype("str") + more),
        values=["actual_mean", "expected_mean"], scale="number", upright=True, columns=True,
        under="under", x_title="x",
    )  # fmt: skip
    subtitle = words("subtitle", model=model)
    if rows.empty:
        return Sheet(words("none.no_model"), chart, subtitle=subtitle)
    low, high = rows.iloc[0], rows.iloc[-1]
    said = {"low": _repeats(low, words), "high": _repeats(high, words) if len(rows) > 1 else None}
    return Sheet(words("some", **said, **low, **high.add_prefix("high_")), chart, subtitle=subtitle)


def _repeats(row: Any, words: Words) -> str:
    n = int(row["repeat_purchases"]) or None
    return words("repeats", **{"least" if row["is_open_ended"] else "n": n})


@exhibit(models.TRACKING)
def tracking(tracking: pd.DataFrame, words: Words, *, model: str) -> Sheet:
    """Did as many purchases happen, week by week, as the model expected?"""
    rows = tracking.loc[tracking["model"] == model]
    later = rows.loc[rows["is_holdout"].astype("bool")]
    chart = charts.Course(
        rows=rows, x="until", y=["actual_cumulated", "expected_cumulated"],
        names=["happened", "expected"], scale="number",
        line_at=[(later["until"].min(), "holdout", "grey")] if len(later) else [],
    )  # fmt: skip
    actual, expected = later["actual_purchases"].sum(), later["expected_purchases"].sum()
    if actual:
        said = {"until": later["until"].max(), "actual": actual, "expected": expected}
        sentence = words("some", **said, bias=_bias(expected / actual - 1, words))
    else:
        sentence = words("none.no_model" if rows.empty else "few.steps" if later.empty else "few")
    return Sheet(sentence, chart, subtitle=words("subtitle", model=model))


@exhibit(
    value.CLASSES,
    columns=["segment", "tenth", "customers", "purchase_rate", "monetary_per_customer",
             "predicted_ratio"],
    minor=["purchase_rate"],
)  # fmt: skip
def classes(
    judged: pd.DataFrame,
    words: Words,
    *,
    horizon_days: int,
    by: str = "segment",
    as_of: dt.date | None = None,
) -> Sheet:
    """What did classes really spend in the days after, and was that expected?

    ``by`` is the column of the class: ``segment``, or ``tenth`` for the order of a model;
    ``as_of`` the day the classes are of.
    """
    del as_of  # told in the meaning
    codes = judged[by].astype("str")
    is_tenth, money = by == "tenth", judged["monetary_per_customer"].astype("float64")
    rows = judged.assign(
        name=[_called(by, code, words) for code in codes],
        expected=judged["predicted"] / judged["customers"].where(judged["customers"] > 0),
        code=codes,
        is_new=codes == value.NOT_SEEN,
        place=pd.to_numeric(codes, errors="coerce") if is_tenth else -money,
    ).sort_values(["is_new", "place", "code"], ignore_index=True)
    chart = charts.Dots(
        rows=rows, values=["monetary_per_customer", "expected"], names=["spent", "expected"],
        scale="number", under="under",
    )  # fmt: skip
    return Sheet(
        _spent(rows[~rows["is_new"]], words, horizon_days, is_tenth=is_tenth),
        chart,
        title=words("title.tenth" if is_tenth else "title.segment"),
        subtitle=words(
            "subtitle", days=horizon_days,
            predicted=words("predicted") if judged["predicted"].notna().any() else None,
        ),
    )  # fmt: skip


def _spent(rows: pd.DataFrame, words: Words, horizon_days: int, *, is_tenth: bool) -> str:
    """Tell of the first tenth, or from the best class to the worst."""
    if rows.empty:
        return words("none")
    rows = rows.sort_values("monetary_per_customer", ascending=False, kind="stable")
    best, worst = rows.iloc[0], rows.iloc[-1]
    if not best["monetary_per_customer"] > 0:
        return words("few", days=horizon_days)
    first = rows.loc[(rows["code"] == "1") & rows["monetary_ahead_share"].notna()]
    if is_tenth and len(first):
        return words("some.tenth", days=horizon_days, **first.iloc[0])
    name = str(worst["name"])
    if words.lang == "en" and has(f"segment.{worst['code']}"):
        name = name[:1].lower() + name[1:]
    said = {"worst": name, "spent": worst["monetary_per_customer"], "left": worst["expected"]}
    return words("some.segment", days=horizon_days, **best, **(said if len(rows) > 1 else {}))


def _called(by: str, name: str, words: Words) -> str:
    return words.write(name, "tenth" if by == "tenth" and name.isdecimal() else "segment")


def definitions(forecast: value.Forecast, words: Words | None = None) -> dict[str, str]:
    """What do lifetime value and still active mean, by this model? Nothing where there is none.

    Examples
    --------
    >>> from workbench import samples
    >>> forecast = value.forecast(samples.company(customers=9)["orders"].head(0),
    ...     as_of="2026-10-31", calibration_end="2026-07-31", horizon_days=365)
    >>> definitions(forecast)
    {}
    """
    if not forecast.model:
        return {}
    words = (words or spoken()).within("value.definition")
    said = {
        "days": forecast.ahead.horizon_days, "rate": forecast.ahead.yearly_rate,
        "model": forecast.model,
    }  # fmt: skip
    terms = ("lifetime_value", "probability_alive")
    return {words.header(term): words(term, **said) for term in terms}
