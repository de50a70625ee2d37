"""Which sentences does the report on customers need beside those of its answers?"""

from collections.abc import Mapping

import pandas as pd

from workbench import labels
from workbench.findings import quantities

_CHURN_TERMS = ("not_due", "likely_repurchase", "churn_risk", "lost", "too_little_history")


def calls(call_list: pd.DataFrame, *, which: str, lang: labels.Lang = "en") -> str:
    """How many customers stand on a call list, and with how much money?

    Parameters
    ----------
    call_list
        From ``churn.call_list``.
    which
        ``risk`` for the churn risks, ``due`` for those likely to buy again.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> calls(pd.DataFrame({"value_at_stake": [12_400.0]}), which="due")
    'Due to buy again: 1 customer, 12,400 in sight'
    """
    if call_list.empty:
        return labels.text(f"report.{which}.empty", lang).rstrip(".。")
    return labels.text(
        f"report.{which}.heading",
        lang,
        n=labels.number(len(call_list), lang),
        money=quantities.money(call_list["value_at_stake"].sum(), lang),
    )


def bounds(churn: Mapping[str, float]) -> dict[str, str]:
    """Write the bands without needless digits, for a sentence.

    Examples
    --------
    >>> bounds({"lost_from": 3.0, "risk_from": 1.25})
    {'lost_from': '3', 'risk_from': '1.25'}
    """
    return {name: f"{value:g}" for name, value in churn.items()}


def meaning(
    what: str,
    *,
    lang: labels.Lang = "en",
    **values: str,
) -> list[str]:
    """How is a figure of the report read, and what follows from it? Paragraphs below its table.

    Parameters
    ----------
    what
        ``ratios``, ``workload``, ``track_record``, ``segments``, ``migration``, ``retention``,
        ``second_purchase`` or ``new_repeat``.
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
    if labels.has(f"report.meaning.{what}.do"):
        said.append(labels.text(f"report.meaning.{what}.do", lang, **values))
    return said
