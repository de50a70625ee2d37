"""Who is in charge of which customer?"""

from typing import Any

import numpy as np
import pandas as pd

from workbench import schema


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
        customers: pd.DataFrame | None,
        owners: pd.DataFrame | None,
    ) -> "Teams":
        """Look up each customer's owner."""
        people = with_owners(customer_ids, customers=customers, owners=owners)
        owner_ids = people["owner_id"].dropna()
        if customers is not None and "owner_id" in customers.columns:
            owner_ids = pd.concat([owner_ids, _text(customers["owner_id"]).dropna()])
        names = _names(owners)
        every = pd.Index(sorted({*owner_ids, *names.index}), dtype="str")
        codes = every.get_indexer(pd.Index(people["owner_id"]))
        nobody = [None] if (codes < 0).any() else []
        table = pd.DataFrame(
            {"owner_id": [*every, *nobody], "owner_name": [*names.reindex(every), *nobody]},
            dtype="str",
        )
        codes = np.where(codes < 0, len(every), codes)
        return cls(table, codes)

    def sum(self, values: Any) -> Any:
        """Add up one number per customer, for each owner."""
        summed = np.bincount(self.codes, weights=values, minlength=len(self.owners))
        return summed.astype("float64")


def with_owners(
    customer_ids: "pd.Series[str]",
    *,
    customers: pd.DataFrame | None,
    owners: pd.DataFrame | None,
) -> pd.DataFrame:
    """Give each customer's name, owner and owner's name; null where a table does not say.

    Raises
    ------
    ContractError
        A table lacks its key, or holds a customer or an owner twice.
    """
    ids = _text(customer_ids)
    people = pd.DataFrame({"customer_id": ids})
    if customers is not None:
        named = _keyed(customers, "customers", "customer_id")
        for column in ("customer_name", "owner_id"):
            if column in named.columns:
                people[column] = ids.map(_text(named[column]))
    for column in ("customer_name", "owner_id"):
        if column not in people.columns:
            people[column] = None
    people["owner_name"] = people["owner_id"].map(_names(owners))
    return people.astype("str")[["customer_id", "customer_name", "owner_id", "owner_name"]]


def _names(owners: pd.DataFrame | None) -> "pd.Series[str]":
    if owners is None:
        return pd.Series(index=pd.Index([], dtype="str"), dtype="str")
    return _text(_keyed(owners, "owners", "owner_id", "owner_name")["owner_name"])


def _keyed(table: pd.DataFrame, name: str, key: str, *columns: str) -> pd.DataFrame:
    made_by = f"loaders.load(…, table='{name}')"
    schema.require(table, name, (key, *columns), made_by=made_by)
    table = table.assign(**{key: _text(table[key])})
    # Asked once more as text, in which 7 and '7' are the same.
    schema.require(table, name, (key, *columns), made_by=made_by, key=key)
    return table.set_index(key)


def _text(values: "pd.Series[Any]") -> "pd.Series[str]":
    """Give ids as text; a column of numbers with gaps, which pandas reads as 17850.0, as 17850."""
    if pd.api.types.is_float_dtype(values.dtype) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype("str")
