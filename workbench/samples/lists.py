"""Which lists is the made-up company read from? Its products and its letters, as CSV beside."""

import csv
from pathlib import Path


def rows(name: str) -> list[dict[str, str]]:
    """Read a list: one row per line, by the names in its first.

    Examples
    --------
    >>> rows("products")[0]["category"]
    'Coffee'
    """
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
