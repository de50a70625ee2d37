"""Churn and lifetime: whose silence means something, how good a warning is, what a model assumes."""

import pandas as pd

from workbench import churn, models, purchases
from workbench.panel import Choice
from workbench.panel.controls import asked
from workbench.panel.exercise import Exercise, code, share, typed
from workbench.words import Words

_WARNED, _CAUGHT, _STAYED_AWAY = 40, 12, 20


def own_rhythm(words: Words | None = None) -> Exercise:
    """Which warning gets who buys every 35 days and bought last 50 days ago?

    Examples
    --------
    >>> own_rhythm().answer("churn_risk").verdict
    'right'
    >>> own_rhythm().answer("lost").verdict
    'wrong'
    """
    last = pd.Timestamp("2026-10-31") - pd.Timedelta(days=50)
    days = [last - pd.Timedelta(days=back) for back in (105, 70, 35, 0)]
    orders = pd.DataFrame({"customer_id": "a", "ordered_at": days, "amount": 10.0})
    right = str(churn.warn(purchases.history(orders, as_of="2026-10-31"))["warning"].iloc[0])
    return Exercise(
        "lesson.churn.rhythm",
        control=code("warning", churn.WARNINGS),
        check=lambda named: named == right,
        words=words,
    )


def how_right(words: Words | None = None) -> Exercise:
    """What is the precision of a warning, and what its recall?

    Examples
    --------
    >>> how_right().answer("30 %").verdict
    'right'
    >>> how_right().answer("0.6").said
    'That is the share caught of those who stayed away, the recall. Divide by those warned of.'
    """
    right, other = round(_CAUGHT / _WARNED, 6), round(_CAUGHT / _STAYED_AWAY, 6)
    return Exercise(
        "lesson.churn.precision",
        control=typed(),
        reads=share,
        check=lambda share: True if share == right else "recall" if share == other else False,
        words=words,
        values={"warned": _WARNED, "caught": _CAUGHT, "away": _STAYED_AWAY},
    )


def bought_once(words: Words | None = None) -> Exercise:
    """What may be said of who bought once, a year ago, where BG/NBD says P(alive) = 1?

    Examples
    --------
    >>> bought_once().answer("cannot_tell").verdict
    'right'
    """
    model = models.BetaGeo
    right = "active" if model.tells_one_time_buyers else "cannot_tell"
    return Exercise(
        "lesson.churn.once",
        control=_choice("once", "active", "lost", "cannot_tell"),
        check=lambda said: said == right,
        words=words,
    )


def chosen_on(words: Words | None = None) -> Exercise:
    """On which days may a threshold be judged?

    Examples
    --------
    >>> chosen_on().answer("later").verdict
    'right'
    """
    return Exercise(
        "lesson.churn.days",
        control=_choice("days", "same", "all", "later"),
        check=lambda on: on == "later",
        words=words,
    )


def _choice(about: str, *options: str) -> Choice:
    return asked("answer", options, words=f"lesson.churn.{about}.option", label="exercise.answer")
