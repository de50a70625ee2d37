"""How would the workbench look with data? A seeded simulator of a whole, consistent company.

A supplier of coffee, tea and pantry goods that does not exist: accounts and people who join over
time, buy by their own rhythm, lapse for good, come back after a long pause, buy several times a
day, give goods back and get some free; and leads whom salespeople nurture, step by step, with
known chances of an answer. Everything is drawn in blocks of customers, each with its
own seed, so that a company of any size is made and written in the memory of one block.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from workbench import arguments, errors
from workbench.samples import contacts, content, names, orders, pond, pond_tables, seasons
from workbench.samples import customers as _customers
from workbench.samples import files as _files
from workbench.samples import tables as _tables
from workbench.samples.pond import TRUTH
from workbench.samples.seasons import Integers

__all__ = [
    "END",
    "FORMATS",
    "MOST_AS_CSV",
    "SEED",
    "START",
    "TABLES",
    "TRUTH",
    "company",
    "nurture_truth",
    "truth",
    "write",
]
__dir__ = __all__.copy

SEED = 20261031
START = "2023-11-01"
END = "2026-10-31"
TABLES = (
    "customers", "orders", "order_lines", "products", "owners", "leads", "touches", "templates",
    "steps",
)  # fmt: skip
FORMATS = ("csv", "parquet")
#: Beyond it the order lines, some twenty per customer, pass the rows of a spreadsheet.
MOST_AS_CSV = 50_000

#: Customers simulated at once: bounds the memory, and is part of what a seed means.
_BLOCK = 10_000
_NAMES_STREAM, _BLOCK_STREAM = 0, 1
#: The most customers whose ids keep their seven digits.
_MOST = 9_999_999
_LONGEST = 100 * 366

Day = str | dt.date
Format = Literal["csv", "parquet"]
Progress = Callable[[int, int], object]


def company(
    *, customers: int = 2000, seed: int = SEED, start: Day = START, end: Day = END
) -> dict[str, pd.DataFrame]:
    """Which tables would a company of this size have?

    Parameters
    ----------
    customers
        How many customers are on record; a few of them never bought.
    seed
        Equal seeds give equal companies. More customers leave whole blocks of 10,000 as they were.
    start, end
        First and last day with orders, as dates or ISO text.

    Returns
    -------
    dict
        ``customers``, ``orders`` (in the order of time, within each block), ``order_lines``,
        ``products``, ``owners``, ``leads``, ``touches`` (in the order of time, within each
        block), ``templates`` and ``steps``, with the columns of :mod:`workbench.schema`. The amount of an
        order is exactly, in cents, the sum of quantity × unit price of its lines.

    Raises
    ------
    ParameterError
        Fewer than one customer, a negative seed, an ``end`` before ``start``, an unreadable date.
    ParameterTypeError
        A number that is no whole number, a date that is none.

    Examples
    --------
    >>> tables = company(customers=50)
    >>> sorted(tables)
    ['customers', 'leads', 'order_lines', 'orders', 'owners', 'products', 'steps', 'templates', 'touches']
    >>> list(tables["orders"].columns)
    ['order_id', 'customer_id', 'ordered_at', 'amount']
    """
    plan = _Plan.checked(customers=customers, seed=seed, start=start, end=end)
    blocks = list(plan.blocks())
    tables = {name: pa.concat_tables([block[name] for block in blocks]) for name in blocks[0]}
    tables |= plan.fixed_tables()
    return {name: _tables.frame(tables[name]) for name in TABLES}


def truth(
    *, customers: int = 2000, seed: int = SEED, start: Day = START, end: Day = END
) -> pd.DataFrame:
    """What is really so about each simulated customer, which no analyst could know?

    For judging an answer by what it should have found.

    Returns
    -------
    pandas.DataFrame
        One row per customer: ``customer_id``; ``is_account`` (else a person);
        ``mean_interval_days`` and ``regularity``, the gamma distribution of its purchase intervals
        over the year (variation coefficient 1/√regularity); ``lapsed_on``, the day of its last
        purchase if it lapsed for good within the window; ``returned_on``, the day it came back
        after a long pause.

    Examples
    --------
    >>> truth(customers=50).columns.tolist()[:3]
    ['customer_id', 'is_account', 'mean_interval_days']
    """
    plan = _Plan.checked(customers=customers, seed=seed, start=start, end=end)
    return pd.concat([plan.truth(number) for number in range(plan.block_count)], ignore_index=True)


def nurture_truth(
    *, customers: int = 2000, seed: int = SEED, start: Day = START, end: Day = END
) -> pd.DataFrame:
    """With which chances did the simulated leads answer each step, and owners act in time?

    What these chances were made of, by step, channel, variant and so on, is ``samples.TRUTH``.

    Returns
    -------
    pandas.DataFrame
        One row per row of ``steps``: ``enrolment_id``, ``step``; ``reply_probability`` of a
        delivered step; ``delivery_probability``; ``on_time_probability`` of its owner.

    Examples
    --------
    >>> nurture_truth(customers=50).columns.tolist()[:3]
    ['enrolment_id', 'step', 'reply_probability']
    """
    plan = _Plan.checked(customers=customers, seed=seed, start=start, end=end)
    blocks = range(plan.block_count)
    return pd.concat([plan.nurture_truth(number) for number in blocks], ignore_index=True)


def write(
    out: str | Path,
    *,
    customers: int = 2000,
    seed: int = SEED,
    start: Day = START,
    end: Day = END,
    format: Format | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Where do the tables of such a company lie as files? All appear, or none.

    A million customers with some ten million orders take about a minute and 300 MB of memory.

    Parameters
    ----------
    out
        The folder; made if it is not there. Files of the same names are replaced.
    customers, seed, start, end
        As in :func:`company`.
    format
        ``csv`` or ``parquet``, which holds the same rows in the types of their contracts and is
        loaded where it lies. None: CSV up to 50,000 customers, whose tables a spreadsheet can
        still open, and Parquet above.
    progress
        Told after each block of customers: how many are written, and of how many.

    Returns
    -------
    list of Path
        One per name in ``samples.TABLES``, each with ``.csv`` or ``.parquet``.

    Raises
    ------
    ParameterError, ParameterTypeError
        As :func:`company`; a format that is neither.
        A file would take the place of a source of the settings in force.
    SourceError
        The folder cannot be made or written to.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> [path.name for path in write(folder.name, customers=20)][:3]
    ['customers.csv', 'orders.csv', 'order_lines.csv']
    >>> write(folder.name, customers=20, format="parquet")[1].name
    'orders.parquet'
    >>> folder.cleanup()
    """
    plan = _Plan.checked(customers=customers, seed=seed, start=start, end=end)
    if format is None:
        format = "csv" if plan.customers <= MOST_AS_CSV else "parquet"
    arguments.one_of("format of samples", format, FORMATS)
    folder = Path(out)
    try:
        with _files.Company(folder, TABLES, format=format) as company_files:
            for name, table in plan.fixed_tables().items():
                company_files.append(name, table)
            for number, block in enumerate(plan.blocks(), start=1):
                for name, table in block.items():
                    company_files.append(name, table)
                if progress is not None:
                    progress(min(number * _BLOCK, plan.customers), plan.customers)
    except OSError as error:
        raise errors.SourceError(
            f"samples: cannot write to '{folder}': {error.strerror or error}.",
            mend="Name a folder that can be made and written to.",
        ) from error
    return company_files.paths


@dataclass(frozen=True)
class _Plan:
    """A checked wish for a company."""

    customers: int
    seed: int
    start: np.datetime64
    days: int

    @classmethod
    def checked(cls, *, customers: Any, seed: Any, start: Any, end: Any) -> "_Plan":
        first, last = arguments.day("start", start), arguments.day("end", end)
        if last < first:
            raise errors.ParameterError(
                f"samples: end is {last}, before start, {first}.",
                mend="Give an end on or after the start.",
            )
        days = (last - first).days + 1
        if days > _LONGEST:
            raise errors.ParameterError(
                f"samples: from {first} to {last} are {days:,} days.",
                mend=f"Give an end at most {_LONGEST:,} days after the start.",
            )
        return cls(
            customers=arguments.whole(
                "customers", customers, most=_MOST, mend="Write customers=2000."
            ),
            seed=arguments.whole("seed", seed, least=0, most=2**63 - 1, mend="Write seed=0."),
            start=np.datetime64(first),
            days=days,
        )

    @property
    def block_count(self) -> int:
        return -(-self.customers // _BLOCK)

    def _rng(self, *key: int) -> np.random.Generator:
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key))
        )

    def fixed_tables(self) -> dict[str, pa.Table]:
        """Give the tables whose rows do not grow with the company."""
        first = self.start + max(0, self.days - pond.PROGRAMME_DAYS)
        return {**_tables.fixed_tables(), "templates": content.template_table(first)}

    def _simulated(
        self, block: int, clock: seasons.Floats
    ) -> tuple[_customers.Traits, orders.Purchases]:
        size = min(_BLOCK, self.customers - block * _BLOCK)
        # a stream for each topic, so that a change in one leaves the others as they were
        traits = _customers.draw(
            self._rng(_BLOCK_STREAM, block, 0),
            size,
            days=self.days,
            join_clock=clock[seasons.PERSON],
        )
        bought = orders.purchase_days(
            self._rng(_BLOCK_STREAM, block, 1), traits, clock=clock, days=self.days
        )
        return traits, bought

    def blocks(self) -> Iterator[dict[str, pa.Table]]:
        """Make customers, orders and lines, one block after the other; money in cents."""
        clock = seasons.business_time(self.start, self.days)
        all_names = names.Names.shuffle(self._rng(_NAMES_STREAM))
        next_order = next_touch = 1
        for block in range(self.block_count):
            traits, bought = self._simulated(block, clock)
            sold = orders.draw(
                self._rng(_BLOCK_STREAM, block, 2),
                traits,
                bought,
                clock=clock,
                start=self.start,
                days=self.days,
            )
            leads, steps = self._nurtured(block, traits)
            first_customer, first = block * _BLOCK, block * pond.leads_of(_BLOCK)
            touches = pond_tables.touch_table(
                leads, steps, self.start, first=first, next_touch=next_touch
            )
            reached = contacts.columns(
                self._rng(_BLOCK_STREAM, block, 4), traits, leads, first=first_customer,
                first_lead=first, start=self.start, days=self.days,
            )  # fmt: skip
            yield {
                "customers": _tables.customer_table(
                    traits, all_names, first_customer, self.start, reached
                ),
                "orders": _tables.order_table(sold, first_customer, next_order, self.start),
                "order_lines": _tables.line_table(sold, next_order),
                "leads": pond_tables.lead_table(
                    leads, traits, all_names, self.start, first=first, first_customer=first_customer
                ),
                "touches": touches,
                "steps": pond_tables.step_table(leads, steps, self.start, first=first),
            }
            next_order += len(sold.customer)
            next_touch += touches.num_rows

    def _nurtured(self, block: int, traits: _customers.Traits) -> tuple[pond.Leads, pond.Steps]:
        return pond.draw(self._rng(_BLOCK_STREAM, block, 3), traits, days=self.days)

    def truth(self, block: int) -> pd.DataFrame:
        """Give what a block was made from."""
        clock = seasons.business_time(self.start, self.days)
        traits, bought = self._simulated(block, clock)
        number = block * _BLOCK + np.arange(1, len(traits.kind) + 1)
        return pd.DataFrame(
            {
                "customer_id": _tables.ids("C", number, 7).to_pandas().astype("str"),
                "is_account": traits.kind == seasons.ACCOUNT,
                "mean_interval_days": traits.mean_interval,
                "regularity": traits.regularity,
                "lapsed_on": self._date(bought.last_day),
                "returned_on": self._date(bought.back_day),
            }
        )

    def nurture_truth(self, block: int) -> pd.DataFrame:
        """Give the chances a block's steps were drawn from."""
        traits, _ = self._simulated(block, seasons.business_time(self.start, self.days))
        leads, steps = self._nurtured(block, traits)
        number = block * pond.leads_of(_BLOCK) + 1 + steps.lead
        return pd.DataFrame(
            {
                "enrolment_id": _tables.ids("E", number, 7).to_pandas().astype("str"),
                "step": steps.step + 1,
                "reply_probability": steps.answer_chance,
                "delivery_probability": np.array(TRUTH.delivered)[steps.channel],
                "on_time_probability": np.array(TRUTH.on_time)[leads.owner[steps.lead]],
            }
        )

    def _date(self, day: Integers) -> np.ndarray[Any, np.dtype[np.datetime64]]:
        dates = (self.start + day).astype("datetime64[us]")
        dates[day < 0] = np.datetime64("NaT")
        return dates
