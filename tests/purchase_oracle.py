"""What does purchase history say, by the rules read aloud? Plain Python over rows, and orders to try it on.

Written from the rules alone, with ``Decimal`` and dictionaries, so that an error shared with the
SQL is unlikely.
"""

import datetime as dt
import itertools
import math
import random
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

NINE = Decimal("1e-9")

Row = tuple[Any, dt.datetime, Any]

COLUMNS = {
    "customer_id": "str",
    "as_of": "datetime64[us]",
    "first_purchase_date": "datetime64[us]",
    "last_purchase_date": "datetime64[us]",
    "days_since_last": "Int64",
    "frequency": "int64",
    "monetary": "float64",
    "interval_1": "Int64",
    "interval_2": "Int64",
    "interval_3": "Int64",
    "mean_interval_days": "float64",
    "interval_count": "int64",
    "customer_age_days": "Int64",
    "first_purchase_amount": "float64",
    "repeat_monetary": "float64",
    "log_interval_sum": "float64",
}


def cents(amount: Any) -> int:
    """Whole cents, half away from zero, of the number as it is written."""
    exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    return int(exact.quantize(Decimal("0.01"), ROUND_HALF_UP).scaleb(2))


def history(rows: Iterable[Row], as_of: dt.date, window: int | None = None) -> pd.DataFrame:
    """One row per customer, by the rules."""
    earliest = dt.date.min if window is None else as_of - dt.timedelta(days=window - 1)
    customers: dict[str, dict[dt.date, list[int]]] = {}
    for customer, when, amount in rows:
        day = when.date()
        if customer is None or not customer.strip(" ") or not earliest <= day <= as_of:
            continue
        customers.setdefault(customer, {}).setdefault(day, []).append(cents(amount))
    table = [_customer(name, days, as_of) for name, days in sorted(customers.items(), key=_bytes)]
    return pd.DataFrame(table, columns=list(COLUMNS)).astype(COLUMNS)


def _bytes(item: tuple[str, Any]) -> bytes:
    return item[0].encode()


def _customer(name: str, days: dict[dt.date, list[int]], as_of: dt.date) -> dict[str, Any]:
    bought = sorted(
        day
        for day, amounts in days.items()
        if sum(amounts) > 0 or not any(amount < 0 for amount in amounts)
    )
    gaps = [(after - before).days for before, after in itertools.pairwise(bought)]
    newest = gaps[::-1][:3]
    padded = [*newest, None, None, None][:3]
    return {
        "customer_id": name,
        "as_of": as_of,
        "first_purchase_date": bought[0] if bought else None,
        "last_purchase_date": bought[-1] if bought else None,
        "days_since_last": (as_of - bought[-1]).days if bought else None,
        "frequency": len(bought),
        "monetary": sum(map(sum, days.values())) / 100,
        "interval_1": padded[0],
        "interval_2": padded[1],
        "interval_3": padded[2],
        "mean_interval_days": sum(newest) / len(newest) if newest else None,
        "interval_count": len(newest),
        "customer_age_days": (as_of - bought[0]).days if bought else None,
        "first_purchase_amount": sum(days[bought[0]]) / 100 if bought else None,
        "repeat_monetary": sum(sum(days[day]) for day in bought[1:]) / 100,
        "log_interval_sum": float(sum(Decimal(math.log(gap)).quantize(NINE) for gap in gaps)),
    }


def days(rows: Iterable[Row], as_of: dt.date, cohort_until: dt.date | None = None) -> pd.DataFrame:
    """One row per day: first and repeat purchases of the customers who came by a day."""
    rows = list(rows)
    bought: dict[str, list[dt.date]] = {}
    for customer, _, _ in rows:
        if customer is not None and customer.strip(" "):
            bought.setdefault(customer, [])
    for customer in bought:
        by_day: dict[dt.date, list[int]] = {}
        for name, when, amount in rows:
            if name == customer and when.date() <= as_of:
                by_day.setdefault(when.date(), []).append(cents(amount))
        bought[customer] = sorted(
            day
            for day, amounts in by_day.items()
            if sum(amounts) > 0 or not any(amount < 0 for amount in amounts)
        )
    table: dict[dt.date, list[int]] = {}
    for found in bought.values():
        if not found or (cohort_until is not None and found[0] > cohort_until):
            continue
        for place, day in enumerate(found):
            table.setdefault(day, [0, 0])[min(place, 1)] += 1
    return pd.DataFrame(
        [(day, *table[day]) for day in sorted(table)],
        columns=["day", "first_purchases", "repeat_purchases"],
    ).astype({"day": "datetime64[us]", "first_purchases": "int64", "repeat_purchases": "int64"})


IDS = (
    "A",
    "a",
    "Ä",
    "é",
    "e\u0301",
    "客户一",
    "😀",
    "A B",
    " A",
    "17850",
    "0017850",
    "'; drop",
    None,
    "",
    "  ",
)
TIMES = (dt.time(0), dt.time(0, 0, 0, 1), dt.time(12), dt.time(23, 59, 59, 999999))
AMOUNTS = (
    0.0,
    10.0,
    -10.0,
    10.0,
    0.01,
    -0.01,
    1.005,
    2.675,
    -1.005,
    0.125,
    -0.005,
    1e-7,
    1e10 + 0.01,
    99.99,
)


def orders(count: int, *, seed: int, days: int = 40) -> list[Row]:
    """Orders with all that makes trouble: same-day ties, refunds, free goods, odd ids, midnight."""
    dice = random.Random(seed)
    start = dt.date(2026, 8, 1)
    return [
        (
            dice.choice(IDS),
            dt.datetime.combine(start + dt.timedelta(dice.randrange(days)), dice.choice(TIMES)),
            dice.choice((*AMOUNTS, dice.randrange(-(10**8), 10**8) / 1000)),
        )
        for _ in range(count)
    ]


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    """The rows as a table, with column types even where there are no rows."""
    table = pd.DataFrame(list(rows), columns=["customer_id", "ordered_at", "amount"])
    return table.astype({"customer_id": "str", "ordered_at": "datetime64[us]", "amount": "float64"})
