"""When does each simulated customer buy, what is in the basket, and what comes back?"""

from dataclasses import dataclass

import numpy as np

from workbench.samples import goods
from workbench.samples.customers import Traits
from workbench.samples.seasons import ACCOUNT, PERSON, Floats, Integers, day_at, time_of_day

ANONYMOUS = -1
_DAY = 86_400

#: Walk-in sales without a customer, per customer of the company and year of the window.
_WALK_INS = 0.035
_MORE_THAT_DAY = (0.055, 0.025)  # of purchases, by kind
_REFUNDED = (0.022, 0.040)
_FREE = 0.012
_FAVOURITES = 5


@dataclass(frozen=True)
class Purchases:
    """One element per time a customer comes to buy, before anything comes back."""

    customer: Integers
    day: Integers
    last_day: Integers  # per customer: when it lapsed for good, or -1 while it still buys
    back_day: Integers  # per customer: when it came back after the pause, or -1


@dataclass(frozen=True)
class Orders:
    """Orders in the order of time, and their lines in the order of their orders."""

    customer: Integers  # ANONYMOUS where nobody is known
    second: Integers  # since the first midnight of the window
    cents: Integers
    line_order: Integers
    line_product: Integers
    line_quantity: Integers
    line_cents: Integers


def _ragged(counts: Integers) -> tuple[Integers, Integers]:
    """Give the owner and the running number of each element of lists of these lengths."""
    owner = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - first[owner]


def purchase_days(
    rng: np.random.Generator, traits: Traits, *, clock: Floats, days: int
) -> Purchases:
    """On which days does each customer buy? Gamma intervals in business time, until it lapses."""
    size = len(traits.kind)
    end = clock[traits.kind, -1]
    day_before = np.maximum(traits.joined_day, 0) - 1
    joined = np.where(day_before >= 0, clock[traits.kind, np.maximum(day_before, 0)], 0.0)
    moment_of_day = rng.random(size) * 0.2
    # somebody who was there before is met somewhere within an interval; others buy at once or soon
    lag = np.where(
        traits.joined_day < 0,
        rng.random(size) * traits.mean_interval,
        np.where(rng.random(size) < 0.75, moment_of_day, 6 * rng.standard_exponential(size)),
    )
    # no more purchases than can fit, by a wide margin: six standard deviations of a renewal count
    fitting = np.maximum(end - joined, 0) / traits.mean_interval
    limit = np.ceil(fitting + 6 * np.sqrt(fitting / traits.regularity + 1) + 6).astype(np.int64)
    planned = traits.purchases + traits.purchases_back
    customer, turn = _ragged(np.minimum(planned, limit))

    shape = traits.regularity[customer]
    gap = rng.standard_gamma(shape) * traits.mean_interval[customer] / shape
    gap = np.where(turn == 0, (joined + lag)[customer], gap)
    comes_back = turn == traits.purchases[customer]
    gap = np.where(comes_back, traits.pause_days[customer], gap)
    running = np.cumsum(gap)
    first = turn == 0
    start = (running - gap)[first]
    moment = running - start[np.cumsum(first) - 1]
    day = day_at(clock, traits.kind[customer], moment)

    inside = day < days
    last = turn == planned[customer] - 1
    last_day = np.full(size, -1, dtype=np.int64)
    back_day = np.full(size, -1, dtype=np.int64)
    last_day[customer[inside & last]] = day[inside & last]
    back_day[customer[inside & comes_back]] = day[inside & comes_back]
    return Purchases(customer[inside], day[inside], last_day, back_day)


def draw(
    rng: np.random.Generator,
    traits: Traits,
    purchases: Purchases,
    *,
    clock: Floats,
    start: np.datetime64,
    days: int,
) -> Orders:
    """Make orders with lines out of purchase days, walk-ins, returns and free goods."""
    customer, day = _with_walk_ins(rng, purchases, clock=clock, size=len(traits.kind), days=days)
    kind = np.where(customer == ANONYMOUS, PERSON, traits.kind[customer])
    second = day * _DAY + time_of_day(kind, rng.random((3, len(day))))
    customer, second, kind = _with_more_that_day(rng, customer, second, kind)
    day = second // _DAY

    order, product, quantity = _baskets(rng, traits, customer, day, kind, days=days)
    years = (start + np.arange(days)).astype("datetime64[Y]").astype(np.int64) + 1970
    price_list = goods.prices(int(years[0]), int(years[-1]))
    discount = np.where(customer == ANONYMOUS, 0, traits.discount[customer])[order]
    full = price_list[years[day[order]] - years[0], product]
    cents = (full * (100 - discount) + 50) // 100

    back = _refunds(rng, kind, order, quantity)
    free = _free_goods(rng, customer)
    all_customer = np.concatenate([customer, customer[back.orders], customer[free.orders]])
    all_second = np.concatenate(
        [second, _later(second[back.orders], back), _later(second[free.orders], free)]
    )
    refund_number = len(customer) + back.line_order
    free_number = len(customer) + len(back.orders) + np.arange(len(free.orders))
    free_product = (rng.random(len(free.orders)) * len(goods.IDS)).astype(np.int64)
    ones = np.ones(len(free.orders), dtype=np.int64)
    lines = {
        "line_product": np.concatenate(
            [product, product[back.lines], goods.CHEAPEST[free_product]]
        ),
        "line_quantity": np.concatenate([quantity, -back.quantity, ones]),
        "line_cents": np.concatenate([cents, cents[back.lines], 0 * ones]),
    }
    line_order = np.concatenate([order, refund_number, free_number])
    return _in_time(all_customer, all_second, line_order, lines, until=days * _DAY)


def _with_walk_ins(
    rng: np.random.Generator, purchases: Purchases, *, clock: Floats, size: int, days: int
) -> tuple[Integers, Integers]:
    count = round(size * days / 365 * _WALK_INS)
    moment = rng.random(count) * clock[PERSON, -1]
    day = np.searchsorted(clock[PERSON], moment, side="left").astype(np.int64)
    nobody = np.full(count, ANONYMOUS, dtype=np.int64)
    return np.concatenate([purchases.customer, nobody]), np.concatenate([purchases.day, day])


def _with_more_that_day(
    rng: np.random.Generator, customer: Integers, second: Integers, kind: Integers
) -> tuple[Integers, Integers, Integers]:
    drawn = rng.random(len(customer)) / np.array(_MORE_THAT_DAY)[kind]
    # most who come again come once more, some two or three times
    more = np.where(
        (drawn < 1) & (customer != ANONYMOUS), 1 + (drawn < 0.22) + (drawn < 0.05), 0
    ).astype(np.int64)
    again, turn = _ragged(more)
    left = _DAY - 1 - second[again] % _DAY
    pause = (900 + 9_000 * rng.random(len(again))).astype(np.int64) + 2_700 * turn
    return (
        np.concatenate([customer, customer[again]]),
        np.concatenate([second, second[again] + np.minimum(pause, left)]),
        np.concatenate([kind, kind[again]]),
    )


def _baskets(
    rng: np.random.Generator,
    traits: Traits,
    customer: Integers,
    day: Integers,
    kind: Integers,
    *,
    days: int,
) -> tuple[Integers, Integers, Integers]:
    """Fill each order with about the value its customer usually spends."""
    known = customer != ANONYMOUS
    level = np.where(known, traits.order_value[customer], 9_000.0)
    drift = np.where(known, traits.drift[customer], 0.0) * (day - days) / 365
    budget = level * np.exp(drift + 0.38 * rng.standard_normal(len(customer)))

    lines = np.minimum(
        1 + (np.log1p(-rng.random(len(customer))) / np.log(np.array([0.62, 0.50])[kind])), 7
    ).astype(np.int64)
    order, turn = _ragged(lines)
    size = len(traits.kind)
    favourites = _chosen(traits.kind[:, None], rng.random((size, _FAVOURITES)))
    from_favourites = (rng.random(len(order)) < 0.7) & known[order]
    favourite = favourites[customer[order], (rng.random(len(order)) * _FAVOURITES).astype(int)]
    product = np.where(from_favourites, favourite, _chosen(kind[order], rng.random(len(order))))
    # the second line is often what goes with the first: bundles that later analyses can find
    together = np.flatnonzero((turn == 1) & (rng.random(len(order)) < 0.45))
    product[together] = goods.COMPANION[product[together - 1]]

    share = 0.4 + rng.random(len(order))
    total_share = np.bincount(order, weights=share, minlength=len(customer))
    purse = budget[order] * share / total_share[order]
    product = np.where(goods.LIST_CENTS[product] > 1.6 * purse, goods.CHEAPEST[product], product)
    quantity = np.maximum(np.rint(purse / goods.LIST_CENTS[product]), 1).astype(np.int64)
    # one line per product and order: what was drawn twice is left out
    _, kept = np.unique(order * len(goods.IDS) + product, return_index=True)
    return order[kept], product[kept], quantity[kept]


def _chosen(kind: Integers, draws: Floats) -> Integers:
    chosen = np.where(
        kind == ACCOUNT,
        np.searchsorted(goods.CHOICE[ACCOUNT], draws, side="right"),
        np.searchsorted(goods.CHOICE[PERSON], draws, side="right"),
    )
    return np.minimum(chosen, len(goods.IDS) - 1).astype(np.int64)


@dataclass(frozen=True)
class _Afterwards:
    """Orders that follow others: which, how many days and seconds later, with which lines."""

    orders: Integers
    days: Integers
    wait: Integers
    lines: Integers
    line_order: Integers
    quantity: Integers


def _refunds(
    rng: np.random.Generator, kind: Integers, order: Integers, quantity: Integers
) -> _Afterwards:
    chosen = np.flatnonzero(rng.random(len(kind)) < np.array(_REFUNDED)[kind])
    number = np.full(len(kind), -1, dtype=np.int64)
    number[chosen] = np.arange(len(chosen))
    whole = rng.random(len(chosen)) < 0.45
    lines = np.flatnonzero(number[order] >= 0)
    line_order = number[order[lines]]
    # otherwise part of one line alone comes back
    first = np.searchsorted(order, chosen, side="left")
    count = np.searchsorted(order, chosen, side="right") - first
    one = first + (rng.random(len(chosen)) * count).astype(np.int64)
    kept = whole[line_order] | (lines == one[line_order])
    lines, line_order = lines[kept], line_order[kept]
    part = np.ceil(rng.random(len(lines)) * quantity[lines]).astype(np.int64)
    return _Afterwards(
        orders=chosen,
        days=_days_later(rng, len(chosen), same_day=0.30, usual=5.0),
        wait=(1_200 + 7_200 * rng.random(len(chosen))).astype(np.int64),
        lines=lines,
        line_order=line_order,
        quantity=np.where(whole[line_order], quantity[lines], np.maximum(part, 1)),
    )


def _free_goods(rng: np.random.Generator, customer: Integers) -> _Afterwards:
    chosen = np.flatnonzero((rng.random(len(customer)) < _FREE) & (customer != ANONYMOUS))
    none = np.empty(0, dtype=np.int64)
    return _Afterwards(
        orders=chosen,
        days=_days_later(rng, len(chosen), same_day=0.60, usual=8.0),
        wait=(300 + 1_800 * rng.random(len(chosen))).astype(np.int64),
        lines=none,
        line_order=none,
        quantity=none,
    )


def _days_later(rng: np.random.Generator, size: int, *, same_day: float, usual: float) -> Integers:
    later = 1 + np.minimum(usual * rng.standard_exponential(size), 29).astype(np.int64)
    return np.where(rng.random(size) < same_day, 0, later)


def _later(second: Integers, after: _Afterwards) -> Integers:
    left = _DAY - 1 - second % _DAY
    return second + after.days * _DAY + np.minimum(after.wait, left)


def _in_time(
    customer: Integers,
    second: Integers,
    line_order: Integers,
    lines: dict[str, Integers],
    *,
    until: int,
) -> Orders:
    """Sort by time, drop what comes after the window, and sum the lines."""
    sequence = np.argsort(second, kind="stable")
    sequence = sequence[second[sequence] < until]
    rank = np.full(len(second), -1, dtype=np.int64)
    rank[sequence] = np.arange(len(sequence))
    new_order = rank[line_order]
    kept = np.argsort(new_order, kind="stable")
    kept = kept[new_order[kept] >= 0]
    lines = {name: values[kept] for name, values in lines.items()}
    cents = np.zeros(len(sequence), dtype=np.int64)
    np.add.at(cents, new_order[kept], lines["line_quantity"] * lines["line_cents"])
    return Orders(customer[sequence], second[sequence], cents, new_order[kept], **lines)
