"""RFM: how scores come about, what the classes mean, and what they do not say."""

import pandas as pd

from workbench import purchases
from workbench import rfm as classes
from workbench.panel.controls import asked
from workbench.panel.exercise import Exercise, code, number, typed
from workbench.words import Words

_ANSWER = "exercise.answer"


def _measured(bought: dict[str, list[str]], amount: float) -> pd.DataFrame:
    rows = [(customer, day) for customer, days in bought.items() for day in days]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at"]).assign(amount=amount)
    orders["ordered_at"] = pd.to_datetime(orders["ordered_at"])
    return classes.measure(purchases.history(orders, as_of="2026-10-31"))


def all_alike(words: Words | None = None) -> Exercise:
    """Which score has everybody where all bought equally often?

    Examples
    --------
    >>> all_alike().answer("3").verdict
    'right'
    """
    days = ["2026-08-01", "2026-09-01", "2026-10-01"]
    scored = classes.score(_measured(dict.fromkeys("abcde", days), 10.0), bins=5)
    right = int(scored["frequency_score"].iloc[0])
    return Exercise(
        "lesson.rfm.alike",
        control=typed(),
        reads=number,
        check=lambda score: True if score == right else "top" if score == 5 else False,
        words=words,
    )


def which_class(words: Words | None = None) -> Exercise:
    """In which class is who bought lately and often, but for little money?

    Examples
    --------
    >>> which_class().answer("general_champion").verdict
    'right'
    >>> which_class().answer("key_champion").verdict
    'wrong'
    """
    days = [f"2026-10-{day:02}" for day in (5, 10, 15, 20, 25, 30)]
    scored = classes.score(
        _measured({"a": days}, 10.0),
        method="fixed",
        thresholds={"recency_days": 30, "frequency": 4, "monetary": 1000},
    )
    right = str(classes.segment(scored)["segment"].iloc[0])
    return Exercise(
        "lesson.rfm.class",
        control=code("segment", classes.SEGMENTS),
        check=lambda named: (
            True if named == right else "money" if str(named).startswith("key") else False
        ),
        words=words,
    )


def next_month(words: Words | None = None) -> Exercise:
    """What does a class say of the next month?

    Examples
    --------
    >>> next_month().answer("past").verdict
    'right'
    """
    control = asked(
        "answer", ("buys", "past", "causes"), words="lesson.rfm.next.option", label=_ANSWER
    )
    return Exercise(
        "lesson.rfm.next", control=control, check=lambda said: said == "past", words=words
    )
