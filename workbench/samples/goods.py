"""What does the simulated company sell, and for how much? A supplier of coffee, tea and pantry."""

import numpy as np

from workbench.samples.seasons import Integers

#: Prices rise on every 1 January by this much; ``list_price`` is the price of the last year.
PRICE_GROWTH = 0.035

CATEGORIES = ("Coffee", "Tea", "Pantry", "Tableware", "Care", "Equipment")

#: name, category, list price, how often accounts and people choose it, what often goes with it.
_CATALOGUE: tuple[tuple[str, str, str, float, float, int], ...] = (
    ("House espresso beans 1 kg", "Coffee", "118.00", 10.0, 5.0, 24),
    ("Breakfast roast beans 500 g", "Coffee", "68.00", 6.0, 8.0, 25),
    ("Single-origin filter beans 250 g", "Coffee", "56.00", 3.0, 8.0, 25),
    ("Decaf beans 500 g", "Coffee", "76.00", 2.0, 3.0, 20),
    ("Ground coffee for filter 1 kg", "Coffee", "96.00", 7.0, 2.0, 25),
    ("Cold brew bags (box of 20)", "Coffee", "72.00", 2.0, 5.0, 21),
    ("Instant coffee sticks (box of 50)", "Coffee", "45.00", 5.0, 5.0, 19),
    ("Seasonal microlot beans 200 g", "Coffee", "98.00", 1.0, 4.0, 2),
    ("Spring green tea 100 g 明前绿茶", "Tea", "138.00", 3.0, 5.0, 26),
    ("Jasmine pearls 100 g 茉莉龙珠", "Tea", "88.00", 3.0, 5.0, 27),
    ("Roasted oolong 150 g 炭焙乌龙", "Tea", "126.00", 2.5, 4.0, 27),
    ("Aged white tea cake 350 g 老白茶饼", "Tea", "268.00", 1.0, 2.5, 26),
    ("Ripe pu-erh cake 357 g 熟普洱饼", "Tea", "198.00", 1.0, 2.5, 35),
    ("English breakfast tea (100 bags)", "Tea", "58.00", 6.0, 3.0, 16),
    ("Peppermint tea (50 bags)", "Tea", "36.00", 3.0, 3.0, 17),
    ("Osmanthus black tea 100 g 桂花红茶", "Tea", "78.00", 2.0, 4.0, 18),
    ("Cane sugar sticks (box of 500)", "Pantry", "42.00", 6.0, 0.5, 22),
    ("Wildflower honey 500 g", "Pantry", "54.00", 2.0, 4.0, 14),
    ("Almond biscuits (box of 40)", "Pantry", "49.00", 5.0, 4.0, 6),
    ("Oat drink for baristas (12 × 1 L)", "Pantry", "156.00", 6.0, 2.5, 0),
    ("Dark chocolate squares 1 kg", "Pantry", "128.00", 3.0, 2.5, 3),
    ("Vanilla syrup 750 ml", "Pantry", "62.00", 4.0, 2.0, 5),
    ("Paper cups with lids (box of 500)", "Tableware", "168.00", 7.0, 0.2, 16),
    ("Stoneware mugs (set of 6)", "Tableware", "210.00", 2.0, 2.0, 0),
    ("Espresso cups (set of 6)", "Tableware", "148.00", 2.0, 1.5, 0),
    ("Paper filters (pack of 100)", "Tableware", "22.00", 5.0, 6.0, 2),
    ("Porcelain gaiwan 盖碗", "Tableware", "86.00", 0.5, 2.0, 8),
    ("Glass teapot 600 ml", "Tableware", "118.00", 1.0, 2.0, 9),
    ("Travel tumbler 350 ml", "Tableware", "99.00", 0.5, 3.0, 1),
    ("Wooden tasting tray 木茶盘", "Tableware", "176.00", 0.6, 1.0, 26),
    ("Descaler 1 L", "Care", "38.00", 4.0, 2.0, 31),
    ("Machine cleaning tablets (100)", "Care", "64.00", 4.0, 1.0, 30),
    ("Grinder cleaning pellets 400 g", "Care", "72.00", 2.0, 1.0, 31),
    ("Water filter cartridge", "Care", "128.00", 4.0, 1.5, 30),
    ("Milk system cleaner 1 L", "Care", "58.00", 3.0, 0.4, 31),
    ("Tea needle and brush set 茶针套装", "Care", "32.00", 0.4, 1.5, 12),
    ("Hand grinder", "Equipment", "328.00", 0.3, 1.2, 2),
    ("Gooseneck kettle 0.9 L", "Equipment", "398.00", 0.6, 1.0, 2),
    ("Filter machine (1.8 L)", "Equipment", "1680.00", 0.9, 0.1, 4),
    ("Bean-to-cup machine", "Equipment", "2880.00", 1.2, 0.05, 0),
)

NAMES = tuple(row[0] for row in _CATALOGUE)
CATEGORY = tuple(row[1] for row in _CATALOGUE)
IDS = tuple(f"P{number:03}" for number in range(1, len(_CATALOGUE) + 1))
LIST_CENTS: Integers = np.array(
    [int(row[2].replace(".", "")) for row in _CATALOGUE], dtype=np.int64
)
COMPANION: Integers = np.array([row[5] for row in _CATALOGUE], dtype=np.int64)

#: Cumulative chances of each product, for accounts and for people.
CHOICE = np.cumsum(np.array([row[3:5] for row in _CATALOGUE]).T, axis=1)
CHOICE /= CHOICE[:, -1:]

_CATEGORY_INDEX = np.array([CATEGORIES.index(category) for category in CATEGORY])
#: What a thin purse takes instead: the cheapest product of the same category.
CHEAPEST: Integers = np.array(
    [
        min(np.flatnonzero(category == _CATEGORY_INDEX), key=lambda p: int(LIST_CENTS[p]))
        for category in _CATEGORY_INDEX
    ],
    dtype=np.int64,
)


def prices(first_year: int, last_year: int) -> Integers:
    """What did each product cost in each year, in cents? Shape (years, products)."""
    years_back = np.arange(last_year - first_year, -1, -1)
    factor = (1 + PRICE_GROWTH) ** -years_back.astype(np.float64)
    # to ten cents: price lists have no odd cents, discounts do
    return (np.rint(LIST_CENTS[None, :] * factor[:, None] / 10) * 10).astype(np.int64)
