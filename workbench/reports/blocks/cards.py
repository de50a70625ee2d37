"""Key figures: the value, how it changed, whether that is good, and its last twelve periods."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from workbench import errors, labels, periods, tables
from workbench.reports.blocks.block import Block

Good = Literal["up", "down", "neither"]
Unit = Literal["number", "money", "percent"]

_SPARK = 12
_WIDTH, _HEIGHT, _PAD = 120.0, 30.0, 4.0


@dataclass(frozen=True)
class Card:
    """What does one card show?

    Parameters
    ----------
    column
        The column of the table of periods; its label names the card.
    good
        Which direction is good: ``up``, ``down`` or ``neither``.
    unit
        How the value is written. A percentage changes by points, anything else by per cent.
    note
        A few words below the name, where the name alone could mislead.
    """

    column: str
    good: Good = "up"
    unit: Unit = "number"
    note: str = ""


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or not math.isfinite(float(value))


def _said(value: Any, unit: Unit, lang: labels.Lang) -> str:
    if _missing(value):
        return labels.MISSING
    if unit == "percent":
        return labels.percent(float(value), lang, digits=1)
    return (labels.money if unit == "money" else labels.number)(float(value), lang)


def change(
    now: float | None, then: float | None, *, unit: Unit, good: Good, lang: labels.Lang = "en"
) -> dict[str, str]:
    """Say how a value changed and whether that is good; a change from nothing has no percentage.

    Examples
    --------
    >>> change(110, 100, unit="number", good="up")
    {'sign': '▲', 'text': '+10.0%', 'judgement': 'better', 'tone': 'good'}
    >>> change(0.5, 0.52, unit="percent", good="up")["text"]
    '−2.0 pt'
    """
    if now is None or then is None or _missing(now) or _missing(then):
        return {"sign": "", "text": labels.MISSING, "judgement": "", "tone": "flat"}
    difference = float(now) - float(then)
    points = unit == "percent"
    if not points and then == 0:
        if difference == 0:
            return _judged(0.0, labels.text("report.change.same", lang), good, lang)
        return _judged(
            difference, _signed(difference, labels.number(abs(difference), lang)), good, lang
        )
    size = difference if points else difference / abs(float(then))
    if round(size, 3) == 0:
        return _judged(0.0, labels.text("report.change.same", lang), good, lang)
    if points:
        written = labels.text(
            "report.points", lang, n=labels.number(abs(size) * 100, lang, digits=1)
        )
    else:
        written = labels.percent(abs(size), lang, digits=1 if abs(size) < 1 else 0)
    return _judged(size, _signed(size, written), good, lang)


def _signed(size: float, written: str) -> str:
    return ("+" if size > 0 else "\N{MINUS SIGN}") + written


def _judged(size: float, written: str, good: Good, lang: labels.Lang) -> dict[str, str]:
    if size == 0:
        return {"sign": "", "text": written, "judgement": "", "tone": "flat"}
    sign = "▲" if size > 0 else "▼"
    if good == "neither":
        return {"sign": sign, "text": written, "judgement": "", "tone": "flat"}
    is_good = (size > 0) == (good == "up")
    word = labels.text("report.change.better" if is_good else "report.change.worse", lang)
    return {
        "sign": sign,
        "text": written,
        "judgement": word,
        "tone": "good" if is_good else "bad",
    }


def sparkline(values: Sequence[float | None]) -> dict[str, Any]:
    """Place a line of values in a small box; gaps where there is no value.

    Examples
    --------
    >>> sparkline([1.0, 2.0])["runs"]
    ['4.0,26.0 116.0,4.0']
    """
    known = [float(v) for v in values if v is not None and not _missing(v)]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    step = (_WIDTH - 2 * _PAD) / max(len(values) - 1, 1)
    runs: list[list[str]] = [[]]
    last = None
    for place, value in enumerate(values):
        if value is None or _missing(value):
            runs.append([])
            continue
        share = 0.5 if high == low else (float(value) - low) / (high - low)
        x, y = _PAD + step * place, _HEIGHT - _PAD - share * (_HEIGHT - 2 * _PAD)
        runs[-1].append(f"{x:.1f},{y:.1f}")
        last = {"x": round(x, 1), "y": round(y, 1)}
    lines = [" ".join(run) for run in runs if len(run) > 1]
    return {"runs": lines, "last": last, "width": _WIDTH, "height": _HEIGHT}


def cards(by_period: pd.DataFrame, shown: Sequence[Card], *, lang: labels.Lang = "en") -> Block:
    """Show key figures against the last period and the year before.

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
    >>> cards(months, [Card("revenue", unit="money")]).content["cards"][0]["changes"][0]["text"]
    '+3.1%'
    """
    if by_period.empty:
        raise errors.ParameterError(
            "The table of periods has no rows.",
            mend="Give at least the period of the report.",
        )
    names = [str(name) for name in by_period["period"]]
    period = periods.parse(names[-1])
    against = [period.previous, period.year_before]
    laid_out = []
    for card in shown:
        if card.column not in by_period.columns:
            raise errors.unknown("column of key figures", card.column, map(str, by_period.columns))
        values = [None if _missing(v) else float(v) for v in by_period[card.column]]
        by_name = dict(zip(names, values, strict=True))
        changes = [
            {
                **change(
                    values[-1], by_name.get(str(p)), unit=card.unit, good=card.good, lang=lang
                ),
                "against": labels.text("report.against", lang, period=p.label(lang)),
            }
            for p in against
        ]
        recent = values[-_SPARK:]
        laid_out.append(
            {
                "name": tables.header(card.column, lang),
                "note": card.note,
                "value": _said(values[-1], card.unit, lang),
                "changes": changes,
                "spark": sparkline(recent),
                "spark_alt": _spark_words(recent, card.unit, names[-_SPARK:], lang),
            }
        )
    return Block("cards", {"id": "cards", "cards": laid_out}, lang)


def _spark_words(
    values: Sequence[float | None], unit: Unit, names: Sequence[str], lang: labels.Lang
) -> str:
    known = [v for v in values if v is not None]
    if not known:
        return labels.text("report.spark.none", lang)
    return labels.text(
        "report.spark",
        lang,
        first=periods.parse(names[0]).label(lang),
        last=periods.parse(names[-1]).label(lang),
        low=_said(min(known), unit, lang),
        high=_said(max(known), unit, lang),
    )
