"""What does the simulated company sell, and for how much? A supplier of coffee, tea and pantry."""

import numpy as np

from workbench.samples import lists
from workbench.samples.seasons import Integers

#: Prices rise on every 1 January by this much; ``list_price`` is the price of the last year.
PRICE_GROWTH = 0.035

CATEGORIES = ("Coffee", "Tea", "Pantry", "Tableware", "Care", "Equipment")

#: Chosen by accounts and by people so often; ``companion`` is the row that often goes with it.
_CATALOGUE = lists.rows("products")

NAMES = tuple(row["product"] for row in _CATALOGUE)
CATEGORY = tuple(row["category"] for row in _CATALOGUE)
IDS = tuple(f"P{number:03}" for number in range(1, len(_CATALOGUE) + 1))
LIST_CENTS: Integers = np.array([int(row["list_price"].replace(".", "")) for row in _CATALOGUE])
COMPANION: Integers = np.array([int(row["companion"]) for row in _CATALOGUE])

#: Cumulative chances of each product, for accounts and for people.
_LIKED = [[float(row[kind]) for row in _CATALOGUE] for kind in ("accounts", "people")]
CHOICE = np.cumsum(np.array(_LIKED), axis=1)
CHOICE /= CHOICE[:, -1:]

#: What a thin purse takes instead: the cheapest product of the same category.
_CHEAPEST_OF = {
    category: min(np.flatnonzero(category == np.array(CATEGORY)), key=LIST_CENTS.__getitem__)
    for category in CATEGORIES
}
CHEAPEST: Integers = np.array([_CHEAPEST_OF[category] for category in CATEGORY])


def prices(first_year: int, last_year: int) -> Integers:
    """What did each product cost in each year, in cents? Shape (years, products)."""
    years_back = np.arange(last_year - first_year, -1, -1)
    factor = (1 + PRICE_GROWTH) ** -years_back.astype(np.float64)
    # to ten cents: price lists have no odd cents, discounts do
    return (np.rint(LIST_CENTS[None, :] * factor[:, None] / 10) * 10).astype(np.int64)
