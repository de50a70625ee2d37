"""What does the page on customers say beside its answers: the money, the facts, the glossary?"""

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from workbench import blocks, charts, periods, purchases, targets
from workbench.exhibit import Sheet, capitalised, exhibit
from workbench.words import Words, spoken

_TERMS = (
    ("known", "purchase_day", "active", "interval", "ratio"),
    ("not_due", "likely_repurchase", "churn_risk", "lost", "too_little_history"),
    ("at_stake", "repurchase", "new_customer", "cohort", "second_purchase", "repeat_business",
     "rfm"),
)  # fmt: skip


@exhibit(
    purchases.KPIS, rows=13, columns=["period", "revenue", *targets.AIMS, "active_customers"],
    minor=["active_customers"],
)  # fmt: skip
def revenue(by_period: pd.DataFrame, words: Words) -> Sheet:
    """How much did known customers buy for, against the target, or the periods before?

    ``targets.reached`` puts the targets beside the revenue.
    """
    names = pd.Series(map(periods.parse, by_period["period"].astype("str")), by_period.index)
    rows = by_period.reindex(
        columns=[*by_period, *(aim for aim in targets.AIMS if aim not in by_period)]
    )
    chart = charts.Columns(
        rows=rows.assign(period=names), x="period", x_as=("short period", "shorter period"),
        parts={"revenue": "kept"}, line="revenue_target", hover="hover",
    )  # fmt: skip
    aimed = words("revenue_target") if rows["revenue_target"].notna().any() else None
    return Sheet(_revenue(rows, words), chart, subtitle=words("subtitle", aimed=aimed))


def _revenue(by_period: pd.DataFrame, words: Words) -> str:
    if by_period.empty:
        return words("none")
    last = by_period.iloc[-1]
    period = periods.parse(str(last["period"]))
    if not last["active_customers"] and not last["revenue"]:
        return words("none", period=period)
    if pd.notna(last["revenue_target"]):
        return words("some.aimed", period=period, money=last["revenue"], **last[list(targets.AIMS)])
    money = dict(zip(by_period["period"].astype(str), by_period["revenue"], strict=True))
    changes = []
    for other in (period.previous, period.year_before):
        if (then := money.get(str(other))) is not None:
            change = blocks.change(last["revenue"], then, against="", unit="money", words=words)
            way = {"▲": "more", "▼": "less"}.get(change.arrow, "same")
            changes.append(words(way, amount=change.amount, against=other))
    told = words("and").join(changes) or None
    said = {"n": last["active_customers"], "money": last["revenue"], "period": period}
    return words("some", changes=told, **said)


def target(by_period: pd.DataFrame, words: Words | None = None) -> str:
    """What share of its target did the last period reach? Nothing is said where there is none.

    Examples
    --------
    >>> months = pd.DataFrame({"revenue_target": [600_000.0], "target_share": [0.923]})
    >>> target(months), target(months[[]])
    ('92% of its target 600,000', '')
    """
    words = (words or spoken()).within("purchases.target")
    last = by_period.iloc[-1].reindex(list(targets.AIMS))
    return words("some", **last) if pd.notna(last["revenue_target"]) else ""


def facts(
    period: periods.Period, *, customers: int, orders: int, rejected: int,
    first_date: dt.date | None, last_date: dt.date | None, words: Words | None = None,
) -> list[str | tuple[str, str]]:  # fmt: skip
    """As of when, from how much data, compared with what? The quiet line below the title.

    The rejected rows come as a pair of text and the block they lead to. A period that the data do
    not cover to its end is said to be so; with what lies before them nothing is compared.

    Examples
    --------
    >>> facts(periods.parse("2026-10"), customers=9, orders=20, rejected=1,
    ...       first_date=dt.date(2026, 9, 1), last_date=dt.date(2026, 10, 20))[2::2]
    ['The data end on 20 Oct 2026: the period is not whole', 'Compared with September 2026']
    """
    words = (words or spoken()).within("report.fact")
    ends = last_date if last_date is not None and last_date < period.as_of else None
    known = {
        name: each
        for name, each in (("previous", period.previous), ("year_before", period.year_before))
        if first_date is None or first_date <= each.as_of
    }
    return [
        words("as_of", date=period.as_of),
        words("size", customers=customers, orders=orders),
        *([words("ends", date=ends)] if ends else []),
        (words("rejected", n=rejected) if rejected else words("nothing_rejected"), "ledger"),
        *([words("compared", **known)] if known else []),
        *([words("currency", code=words.currency)] if words.currency else []),
    ]


def definitions(bands: Mapping[str, float], words: Words | None = None) -> dict[str, str]:
    """What do the words of the page mean, with the thresholds in force? In reading order.

    Examples
    --------
    >>> bands = {"due_from": 0.8, "risk_from": 1.2, "lost_from": 3.0, "min_intervals": 2}
    >>> definitions(bands)["Churn risk"]
    'Ratio from 1.2, below 3.'
    """
    words = words or spoken()
    return {
        capitalised(words(f"{'warning' if terms == _TERMS[1] else 'report.term'}.{term}")):
        words(f"report.definition.{term}", segments=words("rfm.meaning"), **bands)
        for terms in _TERMS
        for term in terms
    }  # fmt: skip
