"""How much is to come, of whom, and who is still there?"""

from typing import Any

import pandas as pd

from workbench import labels
from workbench.findings import quantities
from workbench.findings.lifetime import words


def ahead(
    total: pd.DataFrame,
    concentration: pd.DataFrame,
    *,
    horizon_days: int,
    lang: labels.Lang = "en",
) -> str:
    r"""How much will all customers spend in the days ahead, and how much of it comes from few?

    Parameters
    ----------
    total
        One row, the ``total`` of ``value.expect``.
    concentration
        One row per tenth, from ``value.concentration``.
    horizon_days
        How many days ahead.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> total = pd.DataFrame({"customers": [1994], "expected_monetary": [5_390_000.0],
    ...     "expected_monetary_low": [5_240_000.0], "expected_monetary_high": [5_550_000.0]})
    >>> tenths = pd.DataFrame({"tenth": [1, 2], "lifetime_value_share": [0.61, 0.39]})
    >>> print(ahead(total, tenths, horizon_days=365).replace("\xa0", " ").replace("; ", ";\n"))
    1,994 customers are expected to spend 5.39 M in the next 365 days, 5.24 M to 5.55 M if the model holds;
    three fifths of their lifetime value comes from the most valuable tenth
    """
    if total.empty or not total["customers"].iloc[0]:
        return labels.text("finding.lifetime.nobody", lang)
    row = total.iloc[0]
    first = concentration.loc[concentration["tenth"] == 1, "lifetime_value_share"]
    n = int(row["customers"])
    told = n >= words.LEAST and len(first) > 0 and pd.notna(first.iloc[0])
    return labels.text(
        "finding.lifetime.ahead" if told else "finding.lifetime.ahead_few",
        lang,
        n=n,
        customers=_customers(n, lang),
        days=labels.number(horizon_days, lang),
        **_money(row, "expected_monetary", lang),
        **({"share": quantities.share(float(first.iloc[0]), lang)} if told else {}),
    )


def top(listed: pd.DataFrame, *, horizon_days: int, lang: labels.Lang = "en") -> str:
    """Who is worth most?

    Parameters
    ----------
    listed
        One row per customer, most valuable first, the ``customers`` of ``value.expect``, perhaps
        with ``customer_name``.
    horizon_days, lang
        As in ``ahead``.

    Examples
    --------
    >>> listed = pd.DataFrame({"customer_id": ["a", "b"], "customer_name": ["Harbour Foods", None],
    ...     "lifetime_value": [161_000.0, 9.0], "lifetime_value_low": [160_000.0, 8.0],
    ...     "lifetime_value_high": [162_000.0, 10.0]})
    >>> top(listed, horizon_days=90)
    'Harbour Foods is worth most: 161,000 over the next 90 days, 160,000 to 162,000 if the model holds; then b'
    """
    if listed.empty:
        return labels.text("finding.lifetime.nobody", lang)
    first, *others = (quantities.name(one) for one in words.names(listed.head(3)))
    said = labels.text(
        "finding.lifetime.top",
        lang,
        name=first,
        n=horizon_days,
        days=labels.number(horizon_days, lang),
        **_money(listed.iloc[0], "lifetime_value", lang),
    )
    if others:
        said += labels.text("finding.lifetime.top_then", lang, names=labels.listed(others, lang))
    return quantities.sentence(said)


def alive(activity: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """How many customers are likely still active, and of how many can it not be told?

    Parameters
    ----------
    activity
        One row per tenth of probability, and one of those that cannot be told, from
        ``value.activity``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({"left": [0.0, 0.9, None], "is_told": [True, True, False],
    ...                       "customers": [40, 60, 100]})
    >>> alive(table)
    'More likely active than not: 60 of 100 customers; of 100 more it cannot be told'
    >>> alive(table.tail(1), lang="zh")
    '100位客户是否仍活跃均无法判断'
    """
    is_told = activity["is_told"].astype("bool")
    known = activity[is_told]
    active = int(known.loc[known["left"] >= 0.5, "customers"].sum())
    told, unknown = int(known["customers"].sum()), int(activity.loc[~is_told, "customers"].sum())
    if not told + unknown:
        return labels.text("finding.lifetime.nobody", lang)
    said: dict[str, Any] = {
        "active": labels.number(active, lang),
        "told": _customers(told, lang),
    }
    if not told:
        return labels.text("finding.lifetime.alive_none", lang, unknown=_customers(unknown, lang))
    if not unknown:
        return labels.text("finding.lifetime.alive_all", lang, **said)
    said["unknown"] = labels.number(unknown, lang)
    return labels.text("finding.lifetime.alive", lang, **said)


def unknown(customers: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """Of how many customers can it not be told whether they are active? Nothing where of none.

    Examples
    --------
    >>> unknown(pd.DataFrame({"probability_alive": [0.4, None]}))
    'Of one of them it cannot be told whether they are still active, since they have bought once.'
    """
    n = int(customers["probability_alive"].isna().sum())
    if not n:
        return ""
    untold = customers[customers["probability_alive"].isna()]
    is_once = "repeat_purchases" not in untold or not (untold["repeat_purchases"] > 0).any()
    key = "finding.lifetime.unknown" if is_once else "finding.lifetime.unknown_by_model"
    return labels.text(key, lang, n=n, count=quantities.count(n, lang))


def no_fit(why: str, *, lang: labels.Lang = "en") -> str:
    """Why can no value be expected of these customers?

    Parameters
    ----------
    why
        One of ``value.WHY``, the ``why`` of ``value.forecast``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> no_fit("no_repeats")
    'No value can be expected yet: nobody has bought twice'
    """
    return labels.text(
        "finding.lifetime.no_fit", lang, why=labels.text(f"finding.lifetime.no_fit.{why}", lang)
    )


def _customers(n: int, lang: labels.Lang) -> str:
    return labels.text("noun.customers", lang, n=n, count=labels.number(n, lang))


def _money(row: Any, name: str, lang: labels.Lang) -> dict[str, str]:
    ends = {"money": name, "low": f"{name}_low", "high": f"{name}_high"}
    return {key: quantities.money(row[column], lang) for key, column in ends.items()}
