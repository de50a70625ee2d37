"""Who is in charge of which customer?"""

from typing import Any

import numpy as np
import pandas as pd

from workbench import schema
from workbench.people import People, alike, as_text, looked_up


class Teams:
    """Which owner is each of these customers with? Sums anything per customer to per owner.

    Parameters
    ----------
    owners
        One row per owner: ``owner_id``, ``owner_name``; last a null one, where it is needed.
    codes
        Per customer, the row of its owner.
    """

    def __init__(self, owners: pd.DataFrame, codes: Any) -> None:
        self.owners = owners
        self.codes = codes

    @classmethod
    def of(
        cls,
        customer_ids: "pd.Series[str]",
        *,
        customers: Any,
        owners: Any,
    ) -> "Teams":
        """Look up each customer's owner."""
        people = _checked(customers, owners)
        every = pd.Series(sorted(people.owner_names()), dtype="str", name="owner_id")
        own = looked_up(as_text(customer_ids), people.customers, "customer_id", "owner_id")
        codes = pd.Index(every).get_indexer(pd.Index(own))
        table = people.named(every.to_frame())
        nobodys = codes < 0
        return cls(
            table.reindex(range(len(every) + nobodys.any())),
            np.where(nobodys, len(every), codes),
        )

    def sum(self, values: Any) -> Any:
        """Add up one number per customer, for each owner."""
        summed = np.bincount(self.codes, weights=values, minlength=len(self.owners))
        return summed.astype("float64")


def with_owners(
    customer_ids: "pd.Series[str]",
    *,
    customers: Any,
    owners: Any,
) -> pd.DataFrame:
    """Give each customer's name, owner and owner's name, the id where there is no name.

    Raises
    ------
    ContractError
        A table lacks its key, or holds a customer or an owner twice.
    """
    (ids,) = alike(customer_ids)
    return _checked(customers, owners).named(ids.to_frame("customer_id"))


def _checked(customers: Any, owners: Any) -> People:
    """Refuse tables that lack what is looked up; one without columns says that nobody is known."""
    people = People(customers, owners)
    for name, columns in (
        ("customers", ("customer_id",)),
        ("owners", ("owner_id", "owner_name")),
    ):
        if len((table := getattr(people, name)).columns):
            made_by = f"loaders.load(…, table='{name}')"
            schema.require(table, name, columns, made_by=made_by, key=columns[0])
    return people
