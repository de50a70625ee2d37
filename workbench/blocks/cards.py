"""Key figures: the value, how it changed, whether that is good, and its last twelve periods."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import pandas as pd

from workbench import errors, estimates, periods
from workbench.blocks.block import Block
from workbench.words import Words, formats, spoken

Unit = Literal["count", "money", "rate"]
Good = Literal["up", "down", "neither"]
_SPARK = 12
# half of the 95 % of a normal distribution, in standard errors
_Z = statistics.NormalDist().inv_cdf(0.975)
_NAME = "key_figures"
# money as a sentence says it, so that a number is rounded once on a page
_WRITTEN = {"count": "count", "money": "said money", "rate": "exact rate"}


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
    base
        The column that says of how many a rate is, or of how many amounts money is the sum, so that
        a change is judged only where it is more than chance.
    opens
        The exhibit that lists those it counts, and which of its rows they are, as a mark says in
        ``charts.Opens``; the number leads there where the page has as many.
    """

    column: str
    unit: Unit = "count"
    good: Good = "up"
    note: str = ""
    base: str = ""
    opens: tuple[str, Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class Change:
    """How did one figure change?

    Parameters
    ----------
    spoken
        For a screen reader, in words with the judgement: "up 3.1% on September, which is good".
    against
        Compared with what: "on September"; all there is to say where nothing changed.
    arrow, amount
        ▲ or ▼, and by how much; empty where it did not.
    is_good
        None where it is neither, is no more than chance, or there is nothing to compare with.
    """

    spoken: str
    against: str
    arrow: str = ""
    amount: str = ""
    is_good: bool | None = None


def cards(by_period: pd.DataFrame, shown: Sequence[Card], *, words: Words | None = None) -> Block:
    """Show key figures against the last period and the year before; all kept as key_figures.csv.

    Parameters
    ----------
    by_period
        One row per period, oldest first, the last one the period of the report; column ``period``
        as in ``2026-10`` and one column per card. Thirteen months reach the year before.
    shown
        The cards, in order.
    words
        In which language; by default the one last spoken.

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
    words = words or spoken()
    if by_period.empty:
        raise errors.ParameterError(
            "The table of periods has no rows.", mend="Give at least the period of the report."
        )
    names = [periods.parse(str(name)) for name in by_period["period"]]
    laid_out = []
    for card in shown:
        if card.column not in by_period.columns:
            raise errors.unknown("column of key figures", card.column, map(str, by_period.columns))
        values = [None if pd.isna(value) else float(value) for value in by_period[card.column]]
        if card.base and card.base not in by_period.columns:
            raise errors.unknown("column of key figures", card.base, map(str, by_period.columns))
        bases = dict(zip(names, by_period[card.base], strict=True)) if card.base else {}
        laid_out.append(_laid_out(card, names, values, bases, words))
    content = {"id": "cards", "cards": laid_out, "file": f"tables/{_NAME}.csv"}
    return Block("cards", content, words, tables={_NAME: by_period})


def change(
    now: float | None, before: float | None, *, against: str, words: Words,
    unit: Unit = "count", good: Good = "up", of: tuple[float, float] | None = None,
) -> Change:  # fmt: skip
    """How did a figure change against a period, and is that good?

    A rate changes in points; anything else in percent, or by its amount where it was zero or less.
    A change that its 95 % interval would let be none is told and not judged: of two counts, whether
    their split may be half and half; of two rates, Newcombe's interval of the difference; of two
    sums, whether their ratio is more than that of the numbers of amounts may be by chance alone.

    Parameters
    ----------
    now, before
        The figure in the period and in the one compared with; None where it is not known.
    against
        What the other period is called: "September", "9月".
    words, unit, good
        The language; ``count``, ``money`` or ``rate`` (0..1); which direction is good.
    of
        Of how many each of the two rates or sums is. Without it their change is judged as it is.

    Examples
    --------
    >>> change(0.462, 0.454, unit="rate", against="September", words=Words()).spoken
    'up 0.8 pt on September, which is good'
    >>> change(271, 203, good="down", against="September", words=Words()).is_good
    False
    >>> change(211, 203, good="down", against="September", words=Words()).is_good is None
    True
    """
    if now is None or before is None or formats.is_missing(now) or formats.is_missing(before):
        said = words("change.none", against=against)
        return Change(said, said)
    amount = _amount(now, before, unit, words)
    if amount is None:
        said = words("change.same", against=against)
        return Change(said, said)
    way = "up" if now > before else "down"
    is_judged = good != "neither" and not _may_be_chance(now, before, unit, of)
    is_good = way == good if is_judged else None
    on = words("change.against", against=against)
    judged = None if is_good is None else words(f"change.{'good' if is_good else 'bad'}")
    spoken = words("change.spoken", way=words(f"change.{way}"), amount=amount, on=on, judged=judged)
    return Change(spoken, on, "▲" if way == "up" else "▼", amount, is_good)


def _may_be_chance(
    now: float, before: float, unit: Unit, of: tuple[float, float] | None
) -> bool:  # fmt: skip
    """Would the interval of the change let it be none?"""
    if unit == "count" and min(now, before) >= 0 and float(now + before).is_integer():
        split = estimates.rate(int(now), int(now + before))
        return split.low <= 0.5 <= split.high
    if unit == "rate" and of is not None and min(of) > 0:
        base, base_before = of
        found = estimates.difference(
            round(now * base), int(base), round(before * base_before), int(base_before)
        )
        return found.low <= 0 <= found.high
    if unit == "money" and of is not None and min(of) > 0 < min(now, before):
        # amounts that differ only add to it: this is the least that chance does
        return abs(math.log(now / before)) <= _Z * math.sqrt(1 / of[0] + 1 / of[1])
    return False


def _amount(now: float, before: float, unit: Unit, words: Words) -> str | None:
    """Say the size of the change, or None where it rounds to nothing."""
    size = abs(now - before)
    if unit == "rate":
        points = round(size * 100, 1)
        return words("change.points", n=points) if points else None
    if before <= 0:
        return words.write(size, _WRITTEN[unit]) if size else None
    rate = round(size / before, 3)
    return words.write(rate, "exact rate") if rate else None


def _laid_out(
    card: Card, names: list[periods.Period], values: list[float | None],
    bases: dict[periods.Period, float], words: Words,
) -> dict[str, Any]:  # fmt: skip
    by_name = dict(zip(names, values, strict=True))
    changes = []
    for other in (names[-1].previous, names[-1].year_before):
        called, short = (words.write(other, how) for how in ("period", "short period"))
        found = change(
            values[-1], by_name.get(other), against=called, unit=card.unit, good=card.good,
            words=words,
            of=None if not bases or other not in bases else (bases[names[-1]], bases[other]),
        )  # fmt: skip
        changes.append(asdict(replace(found, against=found.against.replace(called, short))))
    recent = values[-_SPARK:]
    known = [value for value in recent if value is not None]
    how = _WRITTEN[card.unit]
    low, high = (words.write(end(known), how) if known else None for end in (min, max))
    opens, name = None, words.header(card.column)
    if card.opens:
        exhibit, key = card.opens
        mark = {"key": dict(key), "n": int(values[-1] or 0), "label": name}
        opens = {"lists": [exhibit], "marks": [mark]}
    return {
        "name": name,
        "opens": opens,
        "note": card.note,
        "value": words.write(values[-1], how),
        "changes": changes,
        "recent": recent,
        "recent_said": words(
            "report.spark", first=names[-len(recent)], last=names[-1], low=low, high=high
        ),
    }
