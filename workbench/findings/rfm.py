"""Where is the money, who climbed and who fell? Sentences about the eight classes."""

import pandas as pd

from workbench import labels
from workbench.findings import quantities
from workbench.rfm import ABSENT


def concentration(summary: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """Which few customers bring how much of the money? The class that brings the most.

    Examples
    --------
    >>> summary = pd.DataFrame({
    ...     "segment": ["key_champion", "general_win_back"], "customers": [10, 90],
    ...     "customer_share": [0.1, 0.9], "monetary": [41.0, 30.0],
    ...     "monetary_share": [0.4, 0.3]})
    >>> concentration(summary)
    'A tenth of customers, the key champions, bring two fifths of the money'
    >>> concentration(summary, lang="zh")
    '一成的客户（重要价值客户）带来四成的收入'
    """
    held = summary[(summary["customers"] > 0) & (summary["monetary_share"] > 0)]
    if held.empty:
        return labels.text("finding.rfm.no_money", lang)
    most = held.sort_values("monetary_share", ascending=False, kind="stable").iloc[0]
    if most["customers"] == summary["customers"].sum():
        return labels.text(
            "finding.rfm.one_class", lang, segment=_class(str(most["segment"]), lang)
        )
    said = labels.text(
        "finding.rfm.concentration",
        lang,
        n=int(most["customers"]),
        customers=quantities.share(most["customer_share"], lang),
        money=quantities.share(most["monetary_share"], lang),
        segment=_class(str(most["segment"]), lang),
    )
    return quantities.sentence(said)


def _class(segment: str, lang: labels.Lang) -> str:
    return labels.text(f"finding.rfm.class.{segment}", lang)


def grid(grid: pd.DataFrame, *, high_from: int = 4, lang: labels.Lang = "en") -> str:
    """How much of the money comes from customers who bought lately and often?

    Both scores at ``high_from`` or better.

    Examples
    --------
    >>> grid(pd.DataFrame({"recency_score": [1, 5], "frequency_score": [1, 5],
    ...                    "customers": [9, 1], "monetary": [60.0, 40.0]}))
    'Customers who bought lately and often bring two fifths of the money'
    """
    money = grid["monetary"].sum()
    if not money > 0:
        return labels.text("finding.rfm.no_money", lang)
    best = grid[(grid["recency_score"] >= high_from) & (grid["frequency_score"] >= high_from)]
    rate = float(best["monetary"].sum() / money)
    if not best["customers"].sum() or rate <= 0:
        return labels.text("finding.rfm.grid.none", lang)
    return labels.text("finding.rfm.grid", lang, money=quantities.share(rate, lang))


def migration(migration: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """Who climbed into the key classes and who fell out of them?

    Customers seen at one date only are not moves; they are told apart in the figure.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "segment_before": ["key_champion", "general_keep"],
    ...     "segment_after": ["general_keep", "key_keep"], "customers": [52, 38]})
    >>> migration(table)
    '52 customers fell out of the key classes and 38 rose into them'
    """
    both = migration[
        (migration["segment_before"] != ABSENT) & (migration["segment_after"] != ABSENT)
    ]
    if not both["customers"].sum():
        return labels.text("finding.rfm.migration.nobody", lang)
    was_key = both["segment_before"].str.startswith("key_")
    is_key = both["segment_after"].str.startswith("key_")
    fell = int(both.loc[was_key & ~is_key, "customers"].sum())
    rose = int(both.loc[~was_key & is_key, "customers"].sum())
    if fell == rose == 0:
        return labels.text("finding.rfm.migration.none", lang)
    ways = "" if fell and rose else ".fell" if fell else ".rose"
    said = labels.text(
        f"finding.rfm.migration{ways}",
        lang,
        n=fell or rose,
        fell=quantities.count(fell, lang),
        rose=quantities.count(rose, lang),
    )
    return quantities.sentence(said)


def thresholds(cut_points: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """From where on does a customer count as near, as frequent, as high in money?

    Examples
    --------
    >>> table = pd.DataFrame({"measure": ["recency_days", "frequency", "monetary"],
    ...                       "cut": [34.0, 9.0, 12_400.0], "is_high_threshold": [True] * 3})
    >>> thresholds(table)
    'High means: bought within 34 days, on 9 purchase days or more, for 12,400 or more'
    """
    high = cut_points[cut_points["is_high_threshold"].astype(bool)]
    parts = []
    for measure in ("recency_days", "frequency", "monetary"):
        held = high.loc[high["measure"] == measure, "cut"]
        if len(held):
            cut = float(held.iloc[0])
            said = labels.money(cut, lang) if measure == "monetary" else labels.number(cut, lang)
            parts.append(labels.text(f"finding.rfm.thresholds.{measure}", lang, value=said))
    if not parts:
        return labels.text("finding.rfm.thresholds.none", lang)
    comma = "，" if lang == "zh" else ", "
    return labels.text("finding.rfm.thresholds", lang, parts=comma.join(parts))
