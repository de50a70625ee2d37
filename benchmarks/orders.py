"""Made-up orders to measure with: ten per customer over three years, in no order of customers.

Some are refunds, some free, some without a customer, some on one day, and one in a thousand is in the
file twice, as exports have it. Made in blocks, so that a file of any size takes little memory.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

FIRST_DAY = "2023-11-01"
AS_OF = "2026-10-31"
_DAYS = 1096
_BLOCK = 1_000_000
_TWICE_EVERY = 1_000


def write(path: Path, count: int, *, seed: int) -> None:
    """Write so many orders as CSV or Parquet, by the file's name."""
    is_text = path.suffix == ".csv"
    schema = pa.schema(
        [
            ("order_id", pa.string()),
            ("customer_id", pa.string()),
            ("ordered_at", pa.timestamp("s" if is_text else "us")),
            # as text with two places; a file of floats is what pandas writes
            ("amount", pa.decimal128(18, 2) if is_text else pa.float64()),
        ]
    )
    with (
        csv.CSVWriter(path, schema, write_options=csv.WriteOptions(quoting_style="none"))
        if is_text
        else parquet.ParquetWriter(path, schema)
    ) as file:
        for start in range(0, count, _BLOCK):
            size = min(_BLOCK, count - start)
            random = np.random.default_rng([seed, start])
            columns = _columns(random, start, size, customers=max(1, count // 10))
            file.write_table(pa.table(columns).cast(schema))


def _columns(
    random: np.random.Generator, start: int, size: int, *, customers: int
) -> dict[str, pa.Array]:
    cents = random.integers(0, 50_000, size)
    kind = random.random(size)
    cents = np.where(
        kind < 0.03, -random.integers(1, 20_000, size), np.where(kind > 0.99, 0, cents)
    )
    seconds = random.integers(0, _DAYS * 86_400, size)
    # a row that is in the file twice
    row = np.arange(size)
    row[_TWICE_EVERY::_TWICE_EVERY] -= 1
    nobody = pa.array(random.random(size) < 0.01)
    return {
        "order_id": _ids("O", start + row, 8),
        "customer_id": _ids("C", random.integers(0, customers, size), 7, nobody).take(
            pa.array(row)
        ),
        "ordered_at": pa.array((np.datetime64(FIRST_DAY, "s") + seconds)[row]),
        "amount": pa.array(cents[row] / 100),
    }


def _ids(letter: str, numbers: np.ndarray, width: int, empty: pa.Array | None = None) -> pa.Array:
    from pyarrow import compute

    digits = compute.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    made = compute.binary_join_element_wise(pa.scalar(letter), digits, pa.scalar(""))
    return made if empty is None else compute.if_else(empty, pa.scalar(None, pa.string()), made)
