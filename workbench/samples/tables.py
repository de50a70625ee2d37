"""How do simulated numbers become tables: Arrow, then pandas? Money stays whole cents till then."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from workbench import schema
from workbench.samples import customers, goods, names, orders
from workbench.samples.seasons import Integers


def ids(prefix: str, numbers: Integers, width: int) -> pa.Array:
    """Write numbers as ids of one width, all at once."""
    width = max(width, len(str(int(numbers.max(initial=0)))))
    digits = numbers[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10 + ord("0")
    letters = np.hstack([np.full((len(numbers), 1), ord(prefix)), digits]).astype(np.uint8)
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(width + 1), len(numbers), [None, pa.py_buffer(letters.tobytes())]
    )
    return fixed.cast(pa.binary()).cast(pa.string())


def _pick(words: tuple[str, ...], index: Integers) -> pa.Array:
    # past the end of the words: nothing
    return pa.array(words).take(pa.array(index, mask=index >= len(words)))


def customer_table(
    traits: customers.Traits, all_names: names.Names, first: int, start: np.datetime64,
    contacts: Mapping[str, pa.Array],
) -> pa.Table:  # fmt: skip
    """Who is on record? One row per customer of a block; ``first`` were numbered before."""
    number = first + np.arange(len(traits.kind))
    return pa.table(
        {
            "customer_id": ids("C", number + 1, 7),
            "customer_name": pa.array(all_names.of(traits.form, number), type=pa.string()),
            "owner_id": _pick(names.OWNER_IDS, traits.owner),
            "region": _pick(names.REGIONS, traits.region),
            "created_on": pa.array((start + traits.joined_day).astype("datetime64[D]")),
            **contacts,
        }
    )


def order_table(sold: orders.Orders, first: int, next_order: int, start: np.datetime64) -> pa.Table:
    """What was sold when, to whom? One row per order of a block."""
    known = ids("C", first + sold.customer + 1, 7)
    seconds = start.astype("datetime64[s]") + sold.second
    return pa.table(
        {
            "order_id": ids("O", next_order + np.arange(len(sold.customer)), 8),
            "customer_id": compute.if_else(
                pa.array(sold.customer != orders.ANONYMOUS), known, pa.scalar(None, pa.string())
            ),
            "ordered_at": pa.array(seconds),
            "amount": pa.array(sold.cents),
        }
    )


def line_table(sold: orders.Orders, next_order: int) -> pa.Table:
    """What was on each order? One row per product and order of a block."""
    return pa.table(
        {
            "order_id": ids("O", next_order + sold.line_order, 8),
            "product_id": _pick(goods.IDS, sold.line_product),
            "quantity": pa.array(sold.line_quantity),
            "unit_price": pa.array(sold.line_cents),
        }
    )


def fixed_tables() -> dict[str, pa.Table]:
    """What is sold and who sells it? The same for a company of any size."""
    return {
        "products": pa.table(
            {
                "product_id": list(goods.IDS),
                "product_name": list(goods.NAMES),
                "category": list(goods.CATEGORY),
                "list_price": pa.array(goods.LIST_CENTS),
            }
        ),
        "owners": pa.table(
            {
                "owner_id": list(names.OWNER_IDS),
                "owner_name": list(names.OWNER_NAMES),
                "team": list(names.OWNER_TEAMS),
                "phone": list(names.OWNER_PHONES),
                "email": list(names.OWNER_EMAILS),
                "wechat": list(names.OWNER_WECHATS),
            }
        ),
    }


_MONEY = {
    column.name
    for table in schema.TABLES.values()
    for column in table.columns
    if column.type == "money"
}


def frame(table: pa.Table) -> pd.DataFrame:
    """Give a table as pandas: money as the nearest double, times in pandas' own unit."""
    columns = {}
    for name in table.column_names:
        column = table[name]
        if name in _MONEY:
            columns[name] = pd.Series(column.to_numpy() / 100)
        elif pa.types.is_temporal(column.type):
            columns[name] = pd.Series(column.to_numpy().astype("datetime64[us]"))
        else:
            columns[name] = column.to_pandas()
    return pd.DataFrame(columns)
