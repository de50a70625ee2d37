"""Key figures: the value, how it changed, whether that is good, and its last twelve periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench import errors, labels, periods, tables
from workbench.blocks.block import Block
from workbench.findings import kpis

_SPARK = 12
_NAME = "key_figures"


@dataclass(frozen=True)
class Card:
    """What does one card show?

    Parameters
    ----------
    column
        The column of the table of periods; its label names the card.
    unit
        ``count``, ``money`` or ``rate`` (0..1, which changes by points).
    good
        Which direction is good: ``up``, ``down`` or ``neither``.
    note
        A few words below the name, where the name alone could mislead.
    """

    column: str
    unit: kpis.Unit = "count"
    good: kpis.Good = "up"
    note: str = ""


def cards(by_period: pd.DataFrame, shown: Sequence[Card], *, lang: labels.Lang = "en") -> Block:
    """Show key figures against the last period and the year before; all kept as key_figures.csv.

    Parameters
    ----------
    by_period
        One row per period, oldest first, the last one the period of the report; column ``period``
        as in ``2026-10`` and one column per card. Thirteen months reach the year before.
    shown
        The cards, in order.
    lang
        Language.

    Raises
    ------
    UnknownNameError
        A card's column is not in the table.
    ParameterError
        The table has no rows.

    Examples
    --------
    >>> months = pd.DataFrame({"period": ["2026-09", "2026-10"], "revenue": [100.0, 103.1]})
    >>> block = cards(months, [Card("revenue", unit="money")])
    >>> [change["spoken"] for change in block.content["cards"][0]["changes"]]
    ['up 3.1% on September 2026, which is good', 'no figure for October 2025']
    """
    if by_period.empty:
        raise errors.ParameterError(
            "The table of periods has no rows.", mend="Give at least the period of the report."
        )
    names = [str(name) for name in by_period["period"]]
    laid_out = []
    for card in shown:
        if card.column not in by_period.columns:
            raise errors.unknown("column of key figures", card.column, map(str, by_period.columns))
        values = [None if pd.isna(value) else float(value) for value in by_period[card.column]]
        laid_out.append(_laid_out(card, names, values, lang))
    content = {"id": "cards", "cards": laid_out, "file": f"tables/{_NAME}.csv"}
    return Block("cards", content, lang, tables={_NAME: by_period})


def _laid_out(
    card: Card, names: list[str], values: list[float | None], lang: labels.Lang
) -> dict[str, Any]:
    period = periods.parse(names[-1])
    by_name = dict(zip(names, values, strict=True))
    changes = [
        kpis.card(
            values[-1],
            by_name.get(str(other)),
            against=other.label(lang),
            unit=card.unit,
            good=card.good,
            lang=lang,
        )
        for other in (period.previous, period.year_before)
    ]
    return {
        "name": tables.header(card.column, lang),
        "note": card.note,
        "value": kpis.value(values[-1], unit=card.unit, lang=lang),
        "changes": [
            {
                "arrow": change.arrow,
                "amount": change.amount,
                "against": change.against,
                "spoken": change.spoken,
                "tone": {True: "good", False: "bad", None: "flat"}[change.is_good],
                "judgement": ""
                if change.is_good is None
                else labels.text(f"report.change.{'better' if change.is_good else 'worse'}", lang),
            }
            for change in changes
        ],
        "recent": values[-_SPARK:],
        "recent_said": _recent_said(card, names[-_SPARK:], values[-_SPARK:], lang),
    }


def _recent_said(
    card: Card, names: list[str], values: list[float | None], lang: labels.Lang
) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return labels.text("report.spark.none", lang)
    return labels.text(
        "report.spark",
        lang,
        first=periods.parse(names[0]).label(lang),
        last=periods.parse(names[-1]).label(lang),
        low=kpis.value(min(known), unit=card.unit, lang=lang),
        high=kpis.value(max(known), unit=card.unit, lang=lang),
    )
