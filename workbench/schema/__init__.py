"""What does every table and column mean, in which type and unit? One place for all contracts.

=============  ===================================================================
``contracts``  what a column and a table are, and the refusal of one that is short
``sales``      customers, orders, order lines, products, owners
``nurture``    leads, touches, templates, steps
``rfm``        what customers are classed by
=============  ===================================================================
"""

from workbench import errors
from workbench.schema.contracts import Column, ColumnType, Table, require
from workbench.schema.nurture import (
    CHANNELS,
    CONTACTS,
    FEEDBACK,
    LEADS,
    STATUSES,
    STEPS,
    TEMPLATES,
    TOUCHES,
    TRAITS,
)
from workbench.schema.sales import CUSTOMERS, ORDER_LINES, ORDERS, OWNERS, PRODUCTS

__all__ = [
    "CHANNELS", "CONTACTS", "CUSTOMERS", "FEEDBACK", "LEADS", "OPTIONAL", "ORDERS", "ORDER_LINES", "OWNERS",
    "PRODUCTS", "STATUSES", "STEPS", "TABLES", "TEMPLATES", "TOUCHES", "TRAITS", "Column",
    "ColumnType", "Table", "require", "table",
]  # fmt: skip
__dir__ = __all__.copy

_SALES = (CUSTOMERS, ORDERS, ORDER_LINES, PRODUCTS, OWNERS)
_NURTURE = (LEADS, TOUCHES, TEMPLATES, STEPS)
TABLES: dict[str, Table] = {table.name: table for table in (*_SALES, *_NURTURE)}

#: Tables that settings may leave out: names, and who is in charge.
OPTIONAL = ("customers", "owners")


def table(name: str) -> Table:
    """Give the contract of one table by name.

    Raises
    ------
    UnknownNameError
        There is no such table; the message names the likely one.

    Examples
    --------
    >>> table("orders").required_names
    ('customer_id', 'ordered_at', 'amount')
    """
    if name not in TABLES:
        raise errors.unknown("table", name, TABLES)
    return TABLES[name]
