"""How did a figure change, against what, and is that good?"""

import math
from dataclasses import dataclass
from typing import Literal

from workbench import labels

Unit = Literal["count", "money", "rate"]
Good = Literal["up", "down", "neither"]


@dataclass(frozen=True)
class Change:
    """How did one figure change?

    Parameters
    ----------
    text
        For the card: "▲ 3.1% on September".
    spoken
        For a screen reader, in words with the judgement: "up 3.1% on September, which is good".
    arrow, amount, against
        The parts of ``text``, for a page that colours the first two.
    is_good
        None where it is neither, or there is nothing to compare with.
    """

    text: str
    spoken: str
    arrow: str
    amount: str
    against: str
    is_good: bool | None


def value(amount: float | None, *, unit: Unit = "count", lang: labels.Lang = "en") -> str:
    r"""How is the figure itself written on its card?

    Examples
    --------
    >>> value(1_284_311, unit="money"), value(0.462, unit="rate"), value(1198)
    ('1.28\xa0M', '46.2%', '1,198')
    """
    if unit == "money":
        return labels.money(amount, lang)
    if unit == "rate":
        return labels.percent(amount, lang, digits=1)
    return labels.number(amount, lang)


def card(
    now: float | None,
    before: float | None,
    *,
    against: str,
    unit: Unit = "count",
    good: Good = "up",
    lang: labels.Lang = "en",
) -> Change:
    """How did the figure change against a period, and is that good?

    A rate changes in points; anything else in percent, or by its amount where it was zero or less.

    Parameters
    ----------
    now, before
        The figure in the period and in the one compared with; None where it is not known.
    against
        What the other period is called: "September", "9月".
    unit
        ``count``, ``money`` or ``rate`` (0..1).
    good
        Which direction is good.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> card(1031, 1000, against="September").text
    '▲ 3.1% on September'
    >>> card(0.462, 0.454, unit="rate", against="9月", lang="zh").text
    '较9月 ▲ 0.8个百分点'
    >>> card(241, 203, good="down", against="September").is_good
    False
    """
    if now is None or before is None or not (_known(now) and _known(before)):
        said = labels.text("finding.kpis.nothing", lang, against=against)
        return Change(said, said, "", "", said, None)
    amount = _amount(now, before, unit, lang)
    if amount is None:
        said = labels.text("finding.kpis.same", lang, against=against)
        return Change(said, said, "", "", said, None)
    way = "up" if now > before else "down"
    is_good = None if good == "neither" else way == good
    arrow = "▲" if way == "up" else "▼"
    judged = {True: "good", False: "bad", None: "neither"}[is_good]
    on = labels.text("finding.kpis.against", lang, against=against)
    return Change(
        text=labels.text("finding.kpis.change", lang, arrow=arrow, amount=amount, on=on),
        spoken=labels.text(
            f"finding.kpis.spoken.{judged}",
            lang,
            way=labels.text(f"finding.kpis.{way}", lang),
            amount=amount,
            on=on,
        ),
        arrow=arrow,
        amount=amount,
        against=on,
        is_good=is_good,
    )


def _known(value: float | None) -> bool:
    # pandas' missing values are neither None nor comparable to anything
    return (
        value is not None
        and type(value).__name__ not in ("NAType", "NaTType")
        and (math.isfinite(value))
    )


def _amount(now: float, before: float, unit: Unit, lang: labels.Lang) -> str | None:
    """Say the size of the change, or None where it rounds to nothing."""
    change = abs(now - before)
    if unit == "rate":
        points = round(change * 100, 1)
        if points == 0:
            return None
        return labels.text(
            "finding.kpis.points", lang, n=points, count=labels.number(points, lang, digits=1)
        )
    if before <= 0:
        return None if change == 0 else value(change, unit=unit, lang=lang)
    rate = round(change / before, 3)
    return None if rate == 0 else labels.percent(rate, lang, digits=1)
