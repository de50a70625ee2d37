"""Who is this customer or lead, and who is in charge? One lookup for everything that is shown."""

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from workbench import addresses, errors, schema

__all__ = ["People", "strangers"]
__dir__ = __all__.copy

# Whose ids are looked up, and in which column.
_KNOWN = {"customers": "customer_id", "owners": "owner_id", "leads": "lead_id"}


class People:
    """Who is who: names by id, and who is in charge of whom.

    Parameters
    ----------
    customers
        ``customer_id`` with ``customer_name`` and ``owner_id``: what a loader returned, or a
        pandas, Arrow or Polars table. Nothing of it need be there.
    owners
        ``owner_id`` with ``owner_name``.
    leads
        ``lead_id`` with ``lead_name`` and ``owner_id``.
    contacts
        By ``customer_id`` and by ``lead_id``: a table of who may be reached by which ``phone``,
        ``email`` and ``wechat``, from ``campaigns.reachable``. Empty: no address is shown.
    masked
        Of the addresses no more is shown than lets one recognise them.

    Raises
    ------
    ContractError
        An id stands twice.

    Examples
    --------
    >>> customers = pd.DataFrame({"customer_id": ["b"], "customer_name": ["Harbour Foods"]})
    >>> People(customers).named(pd.DataFrame({"customer_id": ["a", "b"], "frequency": [1, 4]}))
      customer_id  customer_name owner_id owner_name  frequency
    0           a              a      NaN        NaN          1
    1           b  Harbour Foods      NaN        NaN          4
    """

    def __init__(
        self, customers: Any = None, owners: Any = None, leads: Any = None, *,
        contacts: Mapping[str, pd.DataFrame] = MappingProxyType({}), masked: bool = False,
    ) -> None:  # fmt: skip
        self.customers = _frame(customers, "customers", "customer_id")
        self.owners = _frame(owners, "owners", "owner_id")
        self.leads = _frame(leads, "leads", "lead_id")
        self.contacts, self.masked = contacts, masked

    def named(self, table: Any) -> pd.DataFrame:
        """Who are these, and who is in charge of each? The id stands where there is no name.

        Parameters
        ----------
        table
            Any table with ``customer_id``, ``lead_id`` or ``owner_id``, of any kind as above.

        Returns
        -------
        pandas.DataFrame
            The same rows in the same order; behind ``customer_id`` or ``lead_id`` the name, and
            ``owner_id`` (the table's own, where it has one) with ``owner_name``.

        Raises
        ------
        ParameterTypeError
            It is no table.
        """
        wider = frame(table).copy()
        place = 0
        for key, name, known in (
            ("customer_id", "customer_name", self.customers),
            ("lead_id", "lead_name", self.leads),
        ):
            if key not in wider:
                continue
            ids = as_text(wider[key])
            if name not in wider:
                wider.insert(
                    list(wider.columns).index(key) + 1, name, _named(ids, known, key, name)
                )
            if "owner_id" not in wider:
                place = list(wider.columns).index(name) + 1
                wider.insert(place, "owner_id", looked_up(ids, known, key, "owner_id"))
        if "owner_id" in wider and "owner_name" not in wider:
            place = list(wider.columns).index("owner_id") + 1
            owner_ids = as_text(wider["owner_id"])
            names = _named(owner_ids, self.owners, "owner_id", "owner_name")
            wider.insert(place, "owner_name", names)
        return wider

    def contacted(self, table: Any) -> pd.DataFrame:
        """How is each of these reached, as far as it may be shown?

        Parameters
        ----------
        table
            Any table with ``customer_id`` or ``lead_id``, of any kind as above.

        Returns
        -------
        pandas.DataFrame
            The same rows in the same order; with ``phone``, ``email`` and ``wechat`` as far as any
            row has one, empty where there is none or nothing is wanted by it.

        Examples
        --------
        >>> known = pd.DataFrame({"customer_id": ["a"], "phone": ["138 0013 1234"]})
        >>> people = People(contacts={"customer_id": known}, masked=True)
        >>> people.contacted(pd.DataFrame({"customer_id": ["a"]}))
          customer_id        phone
        0           a  138****1234
        """
        wider = frame(table).copy()
        for key in (key for key in self.contacts if key in wider):
            ids = as_text(wider[key])
            for name in schema.CONTACTS:
                written = looked_up(ids, self.contacts[key], key, name)
                if self.masked:
                    mask = functools.partial(addresses.masked, name)
                    written = written.map(mask, na_action="ignore")
                if written.notna().any():
                    wider[name] = written
        return wider

    def of(self, table: Any, owner: str | None) -> Any:
        """Which rows are of this owner's people? The table itself where no owner is asked for.

        Parameters
        ----------
        table
            A table with ``owner_id``, ``customer_id`` or ``lead_id``, or what a loader returned.
        owner
            An ``owner_id``; None for everybody.

        Raises
        ------
        UnknownNameError
            There is no such owner; the message names the likely one.
        ContractError
            The table has none of these columns.
        """
        if owner is None:
            return table
        if owner not in (known := self.owner_names()):
            raise errors.unknown("owner", owner, known)
        rows = frame(table)
        if "owner_id" not in rows:
            key = "customer_id" if "customer_id" in rows else "lead_id"
            if key not in rows:
                raise errors.ContractError(
                    "The table has neither owner_id, customer_id nor lead_id.",
                    mend="Give a table that says who each row is of, or ask for no owner.",
                )
            everybody = self.customers if key == "customer_id" else self.leads
            owners = looked_up(as_text(rows[key]), everybody, key, "owner_id")
        else:
            owners = as_text(rows["owner_id"])
        return rows[(owners == owner).fillna(value=False)].reset_index(drop=True)

    def owner_names(self) -> dict[str, str]:
        """Give the name of every owner there is, also of those who have nobody or no name."""
        names: dict[str, str] = {}
        for table in (self.owners, self.customers, self.leads):
            if "owner_id" in table:
                for owner in as_text(table["owner_id"].dropna()):
                    names.setdefault(owner, owner)
        ids = pd.Series(list(names), dtype="str")
        known = _named(ids, self.owners, "owner_id", "owner_name")
        return dict(zip(names, known.tolist(), strict=True))


def frame(table: Any) -> pd.DataFrame:
    """Give a table as pandas: what a loader returned, or a pandas, Arrow or Polars table.

    Raises
    ------
    ParameterTypeError
        It is no table.
    """
    if hasattr(table, "ledger") and hasattr(table, "table"):
        table = table.table
    if not isinstance(table, pd.DataFrame) and hasattr(table, "to_pandas"):
        table = table.to_pandas()
    if not isinstance(table, pd.DataFrame):
        raise errors.ParameterTypeError(
            f"A {type(table).__name__} is no table of people.",
            mend="Give what loaders.load returned, or a pandas, Arrow or Polars table.",
        )
    return table


def strangers(tables: Mapping[str, Any]) -> pd.DataFrame:
    """Which tables hardly know each other's ids, so that names and owners will be missing?

    Parameters
    ----------
    tables
        By their names: what a loader returned, or a pandas, Arrow or Polars table.

    Returns
    -------
    pandas.DataFrame
        One row per table and column of which fewer than half of the distinct ids stand in the table
        they are looked up in: ``table``, ``column``, ``ids`` and of these ``shared``, an ``example``
        that is not found; ``known_in`` with a ``known_example``. None of an empty table.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["17850", "13047"]})
    >>> customers = pd.DataFrame({"customer_id": ["C-17850", "C-13047"]})
    >>> strangers({"orders": orders, "customers": customers})[["ids", "shared", "known_example"]]
       ids  shared known_example
    0    2       0       C-13047
    """
    columns = ["table", "column", "ids", "shared", "example", "known_in", "known_example"]
    rows = []
    for known_in, column in _KNOWN.items():
        known = _ids(tables[known_in], column) if known_in in tables else set()
        for name, table in tables.items() if known else ():
            ids = set() if name == known_in else _ids(table, column)
            if 2 * len(shared := ids & known) < len(ids):
                examples = min(ids - known), min(known - ids, default=min(known))
                rows.append(
                    (name, column, len(ids), len(shared), examples[0], known_in, examples[1])
                )
    return pd.DataFrame(rows, columns=columns)


def _ids(table: Any, column: str) -> set[str]:
    """Give the distinct ids of a column; of what a loader returned, no other column is read."""
    if hasattr(table, "ledger") and hasattr(table, "source"):
        import pyarrow.parquet as pq

        has = column in pq.read_schema(table.source).names
        table = pd.read_parquet(table.source, columns=[column] if has else [])
    known = frame(table)
    if column not in known:
        return set()
    return set(as_text(known[column].drop_duplicates().dropna()))


def _frame(table: Any, name: str, key: str) -> pd.DataFrame:
    if table is None:
        return pd.DataFrame()
    known = frame(table)
    if key in known:
        # as text, in which 7 and '7' are the same
        known = known.assign(**{key: as_text(known[key])})
        made_by = f"loaders.load(…, table='{name}')"
        schema.require(known.dropna(subset=[key]), name, (key,), made_by=made_by, key=key)
    return known


def looked_up(ids: "pd.Series[str]", known: pd.DataFrame, key: str, value: str) -> "pd.Series[str]":
    """Look up one text column by another; missing where the table or the column does not say."""
    if key not in known or value not in known:
        return pd.Series(pd.NA, index=ids.index, dtype="str")
    texts = as_text(known.dropna(subset=[key]).set_index(key)[value].dropna())
    return ids.map(texts).astype("str")


def called(table: pd.DataFrame, who: str) -> "pd.Series[str]":
    """Say who each row is of: the name, else the id; missing where there is neither.

    Examples
    --------
    >>> table = pd.DataFrame({"owner_id": ["S1", "S2"], "owner_name": ["Chen Wei", " "]})
    >>> called(table, "owner").tolist()
    ['Chen Wei', 'S2']
    """
    ids, column = as_text(table[f"{who}_id"]), f"{who}_name"
    names = as_text(table[column]) if column in table else ids
    return names.where(names.str.strip() != "").fillna(ids)


def as_text(values: "pd.Series[Any]") -> "pd.Series[str]":
    """Give ids as text; a column of numbers with gaps, which pandas reads as 17850.0, as 17850."""
    if pd.api.types.is_float_dtype(values.dtype) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype("str")


def alike(*ids: "pd.Series[Any]") -> list["pd.Series[Any]"]:
    """Give columns of ids of one kind: whole numbers as they came if all are such, else as text.

    Examples
    --------
    >>> [ids.tolist() for ids in alike(pd.Series([7, 8]), pd.Series(["7", "x"]))]
    [['7', '8'], ['7', 'x']]
    """
    whole = all(pd.api.types.is_integer_dtype(column.dtype) for column in ids)
    return list(ids) if whole else [as_text(column) for column in ids]


def _named(ids: "pd.Series[str]", known: pd.DataFrame, key: str, name: str) -> "pd.Series[str]":
    return looked_up(ids, known, key, name).fillna(ids)
