"""What are models, classes and chances called?"""

import pandas as pd

from workbench import labels
from workbench.findings import quantities

# Fewer customers than this are not told of in tenths.
LEAST = 20
# Nearer than this a total is told to be as expected.
_AS_MANY = 0.02


def probability(chance: float | None, lang: labels.Lang = "en") -> str:
    """How likely is one customer still active? In words where the model cannot tell.

    Parameters
    ----------
    chance
        As ``value.alive`` gives it: missing where it cannot be told.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> probability(0.831), probability(float("nan")), probability(None, "zh")
    ('83%', 'cannot be told', '无法判断')
    """
    if chance is None or pd.isna(chance):
        return labels.text("alive.cannot_tell", lang)
    return quantities.share(chance, lang) if 0.99 <= chance < 1 else labels.percent(chance, lang)


def bias(rate: float, lang: labels.Lang = "en") -> str:
    """Was it too much or too little, and by how much?

    Examples
    --------
    >>> bias(0.21), bias(-0.07), bias(0.01)
    ('21% too many', '7% too few', 'about as many as there were')
    """
    if abs(rate) < _AS_MANY:
        return labels.text("finding.lifetime.as_many", lang)
    way = "too_many" if rate > 0 else "too_few"
    return labels.text(f"finding.lifetime.{way}", lang, share=labels.percent(abs(rate), lang))


def model(name: str, lang: labels.Lang = "en") -> str:
    """What is a model called?

    Examples
    --------
    >>> model("ModifiedBetaGeo"), model("MyOwn")
    ('MBG/NBD', 'MyOwn')
    """
    key = f"model.{name}"
    return labels.text(key, lang) if labels.has(key) else name


def class_name(by: str, name: str, lang: labels.Lang = "en") -> str:
    """What is a class, or a tenth of the customers, called?

    Examples
    --------
    >>> class_name("segment", "key_keep"), class_name("tenth", "1"), class_name("tenth", "10", "zh")
    ('Key keep', 'top 10%', '90至100%')
    """
    if by == "tenth" and name.isdecimal():
        if name == "1":
            return labels.text("figure.lifetime.top_tenth", lang)
        right = 10 * int(name)
        return labels.text("figure.lifetime.band", lang, left=right - 10, right=right)
    key = f"segment.{name}"
    return labels.text(key, lang) if labels.has(key) else quantities.name(name)


def names(listed: pd.DataFrame) -> list[str]:
    """What are these customers called? By id where the name is not known.

    Examples
    --------
    >>> names(pd.DataFrame({"customer_id": ["a", "b"], "customer_name": ["Harbour Foods", None]}))
    ['Harbour Foods', 'b']
    """
    ids = listed["customer_id"].astype("str")
    if "customer_name" not in listed:
        return ids.tolist()
    given = listed["customer_name"]
    return given.astype("object").where(given.notna(), ids).astype("str").tolist()


def definitions(
    name: str, *, horizon_days: int, yearly_rate: float = 0.1, lang: labels.Lang = "en"
) -> dict[str, str]:
    """What do lifetime value and still active mean, by this model?

    Parameters
    ----------
    name
        The name of the model's class; empty where there is none, and nothing to define.
    horizon_days, yearly_rate
        How far ahead, and the discount rate per year.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> list(definitions("BetaGeo", horizon_days=365)), definitions("", horizon_days=365)
    (['Lifetime value', 'Probability still active'], {})
    """
    if not name:
        return {}
    said = {
        "lifetime_value": {
            "days": labels.number(horizon_days, lang),
            "rate": rate(yearly_rate, lang),
        },
        "probability_alive": {"model": model(name, lang)},
    }
    return {
        labels.text(f"report.term.{term}", lang): labels.text(
            f"report.definition.{term}", lang, **values
        )
        for term, values in said.items()
    }


def rate(yearly: float, lang: labels.Lang = "en") -> str:
    """How is a yearly rate written? With no more digits than it has.

    Examples
    --------
    >>> rate(0.1), rate(0.125)
    ('10%', '12.5%')
    """
    return labels.percent(yearly, lang, digits=0 if round(yearly * 100, 6).is_integer() else 1)
