"""Which sentences does the report on customers need beside those of its answers?"""

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from workbench import labels, periods
from workbench.blocks.cards import change as changed
from workbench.findings import quantities, rfm
from workbench.words import Words

_CHURN_TERMS = ("not_due", "likely_repurchase", "churn_risk", "lost", "too_little_history")


def revenue(by_period: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """How much did known customers buy for, against the last period and the year before?

    Parameters
    ----------
    by_period
        One row per period, oldest first, from ``purchases.kpis``; the last is the one told of.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> months = pd.DataFrame({"period": ["2026-09", "2026-10"], "revenue": [100_000.0, 103_100.0],
    ...                        "active_customers": [8, 9]})
    >>> revenue(months)
    '9 customers bought for 103,000 in October 2026, 3.1% more than in September 2026.'
    """
    last = by_period.iloc[-1]
    period = periods.parse(str(last["period"]))
    money = dict(zip(by_period["period"].astype(str), by_period["revenue"], strict=True))
    parts = []
    for other in (period.previous, period.year_before):
        if str(other) not in money:
            continue
        change = changed(
            last["revenue"], money[str(other)], against="", unit="money", words=Words(lang)
        )
        way = {"▲": "more", "▼": "less"}.get(change.arrow, "same")
        parts.append(
            labels.text(
                f"finding.report.{way}", lang, amount=change.amount, against=other.label(lang)
            )
        )
    comma, joint = ("，", "，") if lang == "zh" else (", ", " and ")
    return labels.text(
        "finding.report.revenue",
        lang,
        n=labels.number(last["active_customers"], lang),
        money=quantities.money(last["revenue"], lang),
        period=period.label(lang),
        changes=comma + joint.join(parts) if parts else "",
    )


def definitions(churn: Mapping[str, float], *, lang: labels.Lang = "en") -> dict[str, str]:
    """What do the words of the report on customers mean, with the thresholds in force?

    Parameters
    ----------
    churn
        The bands: ``due_from``, ``risk_from``, ``lost_from``, ``min_intervals``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    dict of str to str
        Term and definition, in reading order.

    Examples
    --------
    >>> bands = {"due_from": 0.8, "risk_from": 1.2, "lost_from": 3.0, "min_intervals": 2}
    >>> definitions(bands)["Churn risk"]
    'Ratio from 1.2, below 3.'
    """
    bands = bounds(churn)
    found = {}
    for term in ("known", "purchase_day", "active", "interval", "ratio"):
        found[labels.text(f"report.term.{term}", lang)] = labels.text(
            f"report.definition.{term}", lang
        )
    for warning in _CHURN_TERMS:
        name = quantities.sentence(labels.text(f"warning.{warning}", lang))
        found[name] = labels.text(f"report.definition.{warning}", lang, **bands)
    for term in ("at_stake", "repurchase", "cohort", "second_purchase", "repeat_business"):
        found[labels.text(f"report.term.{term}", lang)] = labels.text(
            f"report.definition.{term}", lang
        )
    classes = labels.text("report.meaning.segments", lang)
    found[labels.text("report.term.rfm", lang)] = labels.text(
        "report.definition.rfm", lang, segments=classes
    )
    return found


def bounds(churn: Mapping[str, float]) -> dict[str, str]:
    """Write the bands without needless digits, for a sentence.

    Examples
    --------
    >>> bounds({"lost_from": 3.0, "risk_from": 1.25})
    {'lost_from': '3', 'risk_from': '1.25'}
    """
    return {name: f"{value:g}" for name, value in churn.items()}


def facts(
    period: periods.Period,
    *,
    customers: int,
    orders: int,
    rejected: int,
    last_date: dt.date | None,
    currency: str,
    lang: labels.Lang = "en",
) -> list[str | tuple[str, str]]:
    """As of when, from how much data, compared with what? The quiet line below the title.

    The rejected rows come as a pair of text and the block they lead to. A period that the data do
    not cover to its end is said to be so.

    Examples
    --------
    >>> facts(periods.parse("2026-10"), customers=9, orders=20, rejected=1,
    ...       last_date=dt.date(2026, 10, 20), currency="CNY")[3]
    'The data end on 20 Oct 2026: the period is not whole'
    """
    said: list[str | tuple[str, str]] = [
        labels.text("report.fact.as_of", lang, date=labels.date(period.as_of, lang)),
        labels.text(
            "report.fact.size",
            lang,
            customers=labels.number(customers, lang),
            orders=labels.number(orders, lang),
        ),
        (
            labels.text("report.fact.rejected", lang, n=labels.number(rejected, lang))
            if rejected
            else labels.text("report.fact.nothing_rejected", lang),
            "ledger",
        ),
        labels.text(
            "report.fact.compared",
            lang,
            previous=period.previous.label(lang),
            year_before=period.year_before.label(lang),
        ),
        labels.text("report.fact.currency", lang, currency=currency),
    ]
    if last_date is not None and last_date < period.as_of:
        said.insert(3, labels.text("report.fact.ends", lang, date=labels.date(last_date, lang)))
    return said


def meaning(
    what: str,
    *,
    cut_points: pd.DataFrame | None = None,
    lang: labels.Lang = "en",
    **values: str,
) -> list[str]:
    """How is a figure of the report read, and what follows from it? Paragraphs below its table.

    Parameters
    ----------
    what
        ``segments``, ``migration``, ``retention``, ``second_purchase`` or ``new_repeat``.
    cut_points
        From ``rfm.cut_points``: from where on a customer counts as near, frequent, high in money.
    lang
        ``en`` or ``zh``.
    **values
        What the text names: the bands, the periods compared.

    Examples
    --------
    >>> len(meaning("migration", previous="September 2026", period="October 2026"))
    2
    """
    said = [labels.text(f"report.meaning.{what}", lang, **values)]
    if what == "migration":
        said.append(labels.text("report.meaning.segments", lang))
    if cut_points is not None:
        said.append(rfm.thresholds(cut_points, lang=lang) + ("。" if lang == "zh" else "."))
    if labels.has(f"report.meaning.{what}.do"):
        said.append(labels.text(f"report.meaning.{what}.do", lang, **values))
    return said
