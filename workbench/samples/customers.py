"""Who are the simulated customers, and how does each of them buy?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.samples import names
from workbench.samples.seasons import ACCOUNT, PERSON, Floats, Integers

#: Customers that were there before the first order of the file.
_SHARE_BEFORE = 0.20
_SHARE_ACCOUNTS = 0.45
#: What a form of name is likely at home and overseas, among accounts and among people.
_FORM_CHANCES = {
    (ACCOUNT, False): ((names.COMPANY_EN, names.COMPANY_BOTH, names.COMPANY_ZH), (0.36, 0.54)),
    (ACCOUNT, True): ((names.COMPANY_EN, names.COMPANY_BOTH, names.COMPANY_ZH), (0.90, 0.97)),
    (PERSON, False): ((names.PERSON_EN, names.PERSON_ZH, names.PERSON_ZH), (0.42, 1.0)),
    (PERSON, True): ((names.PERSON_EN, names.PERSON_ZH, names.PERSON_ZH), (0.93, 1.0)),
}
#: Chances of each region, in the order of ``names.REGIONS``, cumulated.
_REGION_CHANCES = np.cumsum([0.17, 0.30, 0.22, 0.13, 0.10, 0.08])
#: The two salespeople who share a region's accounts; people belong to the last two.
_REGION_OWNERS = np.array([[2, 3], [2, 3], [4, 5], [4, 5], [4, 5], [2, 5]])
#: From this much a year an account is a key account, in cents.
_KEY_ACCOUNT = 5_000_000
_NO_OWNER = len(names.OWNER_IDS)


@dataclass(frozen=True)
class Traits:
    """What a block of customers is like, one element per customer.

    ``joined_day`` counts from the first day of the window and is negative for those who were
    there before; ``purchases`` and ``purchases_back`` are how often a customer buys before it
    lapses and, after a pause of ``pause_days``, once more (0: never comes back).
    """

    kind: Integers
    joined_day: Integers
    region: Integers
    owner: Integers
    form: Integers
    mean_interval: Floats
    regularity: Floats
    order_value: Floats  # cents
    drift: Floats  # of the order value, per year
    discount: Integers  # percent
    purchases: Integers
    purchases_back: Integers
    pause_days: Floats


def _lognormal(
    rng: np.random.Generator, kind: Integers, medians: tuple[float, ...], sigmas: tuple[float, ...]
) -> Floats:
    spread = np.array(sigmas)[kind] * rng.standard_normal(len(kind))
    return np.array(medians)[kind] * np.exp(spread)


def _geometric(rng: np.random.Generator, chance: Floats) -> Integers:
    # by inversion: how many times it goes well before it goes wrong
    drawn = np.log1p(-rng.random(len(chance))) / np.log1p(-chance)
    return np.minimum(drawn, 100_000).astype(np.int64)


def draw(rng: np.random.Generator, size: int, *, days: int, join_clock: Floats) -> Traits:
    """Make up a block of customers, in the order in which they join.

    Parameters
    ----------
    rng
        The block's own source of chance.
    size
        How many customers.
    days
        The length of the window.
    join_clock
        Business time by the end of each day: more people join in busy seasons.
    """
    before = rng.random(size) < _SHARE_BEFORE
    # the company grows: the density of new customers rises from 0.9 to 1.1 over the window
    growing = (np.sqrt(0.81 + 0.4 * rng.random(size)) - 0.9) / 0.2
    joined = np.searchsorted(join_clock, growing * join_clock[-1], side="left")
    joined = np.where(before, -1 - np.floor(rng.random(size) * 900), np.minimum(joined, days - 1))
    joined = np.sort(joined).astype(np.int64)

    kind = (rng.random(size) >= _SHARE_ACCOUNTS).astype(np.int64)
    mean_interval = np.clip(
        _lognormal(rng, kind, (25.0, 45.0), (0.62, 0.55)),
        np.array([5.0, 9.0])[kind],
        np.array([240.0, 300.0])[kind],
    )
    regularity = np.clip(_lognormal(rng, kind, (6.0, 2.4), (0.7, 0.6)), 0.8, 45.0)
    order_value = 100 * _lognormal(rng, kind, (980.0, 270.0), (0.78, 0.55))
    drift = 0.04 + 0.16 * rng.standard_normal(size)
    discount = np.where(kind == ACCOUNT, np.array([0, 5, 5, 8, 10, 12])[_pick(rng, size, 6)], 0)
    # the larger the account, the more is done to win it and to keep it
    size_class = np.log(order_value / 98_000)
    # who was there before has come again before: once-only buyers are gone by then
    once_chance = np.where(kind == ACCOUNT, 0.52 - 0.05 * size_class, 0.68)
    once = rng.random(size) < np.where(joined < 0, 0.15, 1.0) * once_chance
    lapse_chance = np.clip(_lognormal(rng, kind, (0.025, 0.060), (0.8, 0.7)), 0.002, 0.8)
    lapse_chance = np.where(joined < 0, 0.7, 1.0) * lapse_chance
    purchases = np.where(once, 1, 2 + _geometric(rng, lapse_chance))
    returns = (rng.random(size) < 0.22) & ~once
    pause = np.maximum(140 + 240 * rng.random(size), 4 * mean_interval)
    purchases_back = np.where(returns, 1 + _geometric(rng, lapse_chance), 0)

    region = np.searchsorted(_REGION_CHANCES, rng.random(size) * _REGION_CHANCES[-1])
    form_draw = rng.random(size)
    form = np.empty(size, dtype=np.int64)
    overseas = region == names.REGIONS.index("Overseas")
    for (of_kind, abroad), (codes, limits) in _FORM_CHANCES.items():
        chosen = (kind == of_kind) & (overseas == abroad)
        form[chosen] = np.array(codes)[np.searchsorted(limits, form_draw[chosen], side="right")]
    return Traits(
        kind=kind, joined_day=joined, region=region, form=form, mean_interval=mean_interval,
        owner=_owners(rng, kind, region, order_value * 365 / mean_interval, once),
        regularity=regularity, order_value=order_value, drift=drift, discount=discount,
        purchases=purchases, purchases_back=purchases_back, pause_days=pause,
    )  # fmt: skip


def _pick(rng: np.random.Generator, size: int, choices: int) -> Integers:
    # own arithmetic and not rng.integers: uniform doubles are the steadiest stream across versions
    return (rng.random(size) * choices).astype(np.int64)


def _owners(
    rng: np.random.Generator,
    kind: Integers,
    region: Integers,
    yearly_value: Floats,
    once: NDArray[np.bool_],
) -> Integers:
    seat = _pick(rng, len(kind), 2)
    owner = np.where(kind == PERSON, 6 + seat, _REGION_OWNERS[region, seat])
    owner = np.where((kind == ACCOUNT) & (yearly_value > _KEY_ACCOUNT) & ~once, seat, owner)
    return np.where(rng.random(len(kind)) < 0.01, _NO_OWNER, owner)
