"""What do other programs write? Lists in CSV, for people who don't program to add to."""

import csv
from functools import cache
from importlib import resources


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read one of the lists beside this module.

    Examples
    --------
    >>> rows("currencies.csv")[0]
    {'written': '¥', 'code': 'CNY'}
    """
    place = resources.files("workbench.loaders.cast") / name
    return tuple(csv.DictReader(place.read_text(encoding="utf-8").splitlines()))
