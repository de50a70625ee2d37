"""What are customers worth from here on, and were models and classes right on days unseen?"""

import datetime as dt
from typing import Any, Literal

import numpy as np
import pandas as pd

from workbench import charts, errors, models, schema, value
from workbench.exhibit import Sheet, exhibit
from workbench.people import called
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
    concentration: pd.DataFrame, words: Words, *, expected: value.Expectation,
    forecast: value.Forecast | None = None, held: pd.DataFrame | None = None,
) -> Sheet:  # fmt: skip
    """How much will all customers spend in the days ahead, and how much of it comes from few?

    ``forecast`` is where ``expected`` comes from: then it is told why there is none, how right its
    model was, whether it is steadied, and of how many it cannot tell. ``held`` says how often its
    ranges held on past days.
    """
    whole: dict[str, Any] = dict(*expected.total.to_dict("records"))
    n, rows = int(whole.get("customers", 0)), concentration.sort_values("tenth")
    rows = rows.loc[rows["lifetime_value_share"].notna()].iloc[: None if n >= LEAST else 0]
    chart = charts.Bars(
        rows=rows.assign(tone=np.where(rows["tenth"] == 1, "kept", "grey")), label="tenth",
        label_as="tenth", value="lifetime_value_share", tone="tone", beside="beside",
        hover="hover", narrowest_px=charts.style.PANEL_PX,
    )  # fmt: skip
    share = rows.loc[rows["tenth"] == 1, "lifetime_value_share"].tolist()
    subtitle = words(
        "subtitle.few" if 0 < n < LEAST else "subtitle", least=LEAST, days=expected.horizon_days,
        share=share[0] if share else None, rate=expected.yearly_rate,
        as_of=None if forecast is None else forecast.chosen.as_of,
        **dict.fromkeys(value.EXPECTED_IN_ALL.columns) | whole,
    )  # fmt: skip
    is_steadied = forecast is not None and forecast.chosen.is_steadied
    steadied = words("steadied") if is_steadied else None
    sentence = _nobody(forecast, words)
    if n:
        sentence = words("some", n=n, steadied=steadied, days=expected.horizon_days, **whole)
    meaning = [words("meaning", **dict.fromkeys(value.EXPECTED_IN_ALL.columns) | whole)]
    if held is not None and len(held):
        times, kept = len(held), int(held["is_held"].sum())
        own = held["held_count"].sum() / (held["customers"].sum() or np.nan)
        days = round((held["until"] - held["as_of"]).dt.days.median())
        meaning.append(words("held", n=times, kept=kept, days=days, share=own))
    if forecast is not None and n:
        scores = forecast.scores.loc[forecast.scores["model"] == forecast.model, "bias"].dropna()
        unsure = expected.customers[expected.customers["probability_alive"].isna()]
        reason = "left_open" if (unsure["repeat_purchases"] > 0).any() else "once"
        meaning += [
            words("check", model=forecast.model, bias=[_bias(rate, words) for rate in scores]),
            words("open", steadied=steadied),
            words("untold", **{reason: len(unsure) or None}),
        ]
    meaning += [words("do")] if n else []
    return Sheet(sentence, chart, subtitle=subtitle, meaning=meaning)


def _nobody(forecast: value.Forecast | None, words: Words) -> str:
    why = f"none.{forecast.why}" if forecast is not None and forecast.why else "none"
    return words(why, least=value.LEAST_AGAIN)


def _bias(rate: float, words: Words) -> str:
    size = abs(rate) if abs(rate) >= _AS_MANY else None
    return words("bias", many=size if rate > 0 else None, few=size if rate < 0 else None)


@exhibit(
    value.EXPECTED,
    columns=["customer_name", "owner_name", *schema.CONTACTS, "expected_purchases",
             "expected_monetary", "lifetime_value", "probability_alive"],
    strong=["customer_name"],
    minor=["expected_purchases", "expected_monetary"], under=["owner_name", *schema.CONTACTS],
)  # fmt: skip
def customers(
    customers: pd.DataFrame, words: Words, *, horizon_days: int, yearly_rate: float = 0.1,
    forecast: value.Forecast | None = None,
) -> Sheet:  # fmt: skip
    """Who is worth most, by name? ``forecast`` tells why there is nobody."""
    said = words("some", days=horizon_days) if len(customers) else _nobody(forecast, words)
    return Sheet(said, subtitle=words("subtitle", rate=yearly_rate), empty=said)


@exhibit(value.EXPECTED)
def top(
    customers: pd.DataFrame, words: Words, *, horizon_days: int, yearly_rate: float = 0.1,
    forecast: value.Forecast | None = None,
) -> Sheet:  # fmt: skip
    """Who is worth most, and what may it be? ``forecast`` tells why there is nobody."""
    order = ["lifetime_value", "customer_id"]
    rows = customers.sort_values(order, ascending=[False, True], ignore_index=True)
    rows = rows.assign(customer_name=called(rows, "customer"), worth=rows["lifetime_value"])
    chart = charts.Bars(
        rows=rows, label="customer_name", value="worth", with_interval=True,
        beside="beside", hover="hover", at_most=_TOP, signs=(30, 12),
        narrowest_px=charts.style.PANEL_PX,
    )  # fmt: skip
    sentence, then = _nobody(forecast, words), {"days": horizon_days}
    if len(rows):
        others = rows["customer_name"].iloc[1:3].tolist()
        sentence = words("some", **{**rows.iloc[0], **then, "others": others})
    return Sheet(sentence, chart, subtitle=words("subtitle", rate=yearly_rate, **then))


@exhibit(value.ACTIVITY)
def alive(activity: pd.DataFrame, words: Words, *, model: str) -> Sheet:
    """How many customers are still active, how likely, and of how many can it not be told?"""
    rows = activity.sort_values(["is_told", "left"], ascending=False, ignore_index=True)
    is_told = rows["is_told"].astype("bool")
    bands = zip(100 * rows["left"], 100 * rows["right"], strict=True)
    rows = rows.assign(
        band=[words("band", low=low, high=high) for low, high in bands],
        tone=np.where(is_told, "kept", "grey"),
    )  # fmt: skip
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
    columns=["model", "loglik", "tops", "aic", "bic", "mean_absolute_error", "bias", "wape"],
)  # fmt: skip
def scores(scores: pd.DataFrame, words: Words) -> Sheet:
    """Which model came closest to what customers did next, and which fits best?

    Above stand the errors on days the models had not seen, with the bias; below, how far the BIC
    of each is above the best. A model without a fit keeps its row.
    """
    rows = scores.sort_values(["mean_absolute_error", "model"], ignore_index=True)
    is_fit = rows["converged"].astype("bool")
    worse = rows["bic"] - rows["bic"].min()
    rows = rows.assign(
        no_fit=is_fit.map({False: words("no_fit")}), worse=worse.where(worse > 0),
        error=np.where(rows.index == 0, "kept", "grey"),
        fit=np.where(worse == 0, "kept", "grey"),
    )  # fmt: skip
    panes = [
        charts.Bars(
            rows=rows, label="model", label_as="model", value=column, counts="converged", tone=head,
            beside=f"beside_{head}", hover="hover", narrowest_px=charts.style.PANEL_PX,
        )
        for head, column in (("error", "wape"), ("fit", "worse"))
    ]  # fmt: skip
    subtitle = words("subtitle", n=scores["customers"].max() if len(scores) else 0)
    chart = charts.Panes(charts=panes, heads=["error", "fit"])
    return Sheet(_closest(rows[is_fit], words), chart, subtitle=subtitle)


def _closest(rows: pd.DataFrame, words: Words) -> str:
    if rows.empty:
        return words("none.no_model")
    best = rows.iloc[0]
    if not best["holdout_purchases"]:
        return words("few")
    floor = rows.iloc[1:].set_index("model")["mean_absolute_error"].get(_FLOOR)
    said: dict[str, Any] = {**best, "bias": _bias(best["bias"], words)}
    return words("some", floor=_FLOOR, floor_off=floor, **said)


@exhibit(models.BY_FREQUENCY)
def calibration(by_frequency: pd.DataFrame, words: Words, *, model: str) -> Sheet:
    """Did those who had bought seldom, and those who had bought often, buy as was expected?"""
    rows = _of(by_frequency, model).sort_values("repeat_purchases")
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


def _of(table: pd.DataFrame, model: str) -> pd.DataFrame:
    rows = table.loc[table["model"] == model]
    if rows.empty and model and not has(f"model.{model}"):
        raise errors.unknown("model", model, table["model"].unique())
    return rows


def _repeats(row: Any, words: Words) -> str:
    n = int(row["repeat_purchases"]) or None
    return words("repeats", **{"least" if row["is_open_ended"] else "n": n})


@exhibit(models.TRACKING)
def tracking(tracking: pd.DataFrame, words: Words, *, model: str) -> Sheet:
    """Did as many purchases happen, week by week, as the model expected?"""
    rows = _of(tracking, model)
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
    judged: pd.DataFrame, words: Words, *, horizon_days: int,
    by: Literal["segment", "tenth"] = "segment",
    as_of: dt.date | None = None,
) -> Sheet:  # fmt: skip
    """What did classes really spend in the days after, and was that expected?

    ``by`` is the column of the class: ``segment``, or ``tenth`` for the order of a model;
    ``as_of`` the day the classes are of.
    """
    del as_of  # told in the meaning
    codes, money = judged[by].astype("str"), judged["monetary_per_customer"].astype("float64")
    is_tenth = by == "tenth"
    rows = judged.assign(
        name=[words.write(code, by) for code in codes],
        expected=judged["predicted"] / judged["customers"].where(judged["customers"] > 0),
        code=codes, is_new=codes == value.NOT_SEEN,
        place=pd.to_numeric(codes, errors="coerce") if is_tenth else -money,
    ).sort_values(["is_new", "place", "code"], ignore_index=True)  # fmt: skip
    chart = charts.Dots(
        rows=rows, values=["monetary_per_customer", "expected"], names=["spent", "expected"],
        scale="number", under="under",
    )  # fmt: skip
    hollow = "◇" if judged["predicted"].notna().any() else None
    return Sheet(
        _spent(rows[~rows["is_new"]], words, horizon_days, is_tenth=is_tenth), chart,
        title=words(f"title.{by}"), subtitle=words("subtitle", days=horizon_days, hollow=hollow),
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


def definitions(forecast: value.Forecast, words: Words | None = None) -> dict[str, str]:
    """What do lifetime value and still active mean, by this model? Nothing where there is none.

    Examples
    --------
    >>> from workbench import samples
    >>> nobody = samples.company(customers=9)["orders"].head(0)
    >>> forecast = value.forecast(nobody, as_of="2026-10-31", horizon_days=365)
    >>> definitions(forecast)
    {}
    """
    if not forecast.model:
        return {}
    words = (words or spoken()).within("value.definition")
    ahead, terms = forecast.ahead, ("lifetime_value", "probability_alive")
    said = {"days": ahead.horizon_days, "rate": ahead.yearly_rate, "model": forecast.model}
    return {words.header(term): words(term, **said) for term in terms}
