"""What is a column, what is a table, and how is a table refused that lacks one?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench import errors

ColumnType = Literal["id", "text", "date", "timestamp", "money", "integer", "number", "choice"]


@dataclass(frozen=True)
class Column:
    """What may stand in one column?

    Parameters
    ----------
    name, type, meaning
        The name, its type, and one sentence on what it holds.
    unit
        The unit of a number or money; None where there is none.
    required
        The column has to be there.
    nullable
        A value may be missing in a row; in a column that is not nullable such a row is rejected.
    choices
        For ``choice``: the values that are known. Empty means open.
    """

    name: str
    type: ColumnType
    meaning: str
    unit: str | None = None
    required: bool = False
    nullable: bool = True
    choices: tuple[str, ...] = field(default=())


def filled(
    name: str,
    type: ColumnType,
    meaning: str,
    unit: str | None = None,
    choices: tuple[str, ...] = (),
) -> Column:
    """Declare a column that has to be there, and filled in every row."""
    return Column(name, type, meaning, unit, required=True, nullable=False, choices=choices)


@dataclass(frozen=True)
class Table:
    """What is one row of a table, and which columns does it have?"""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: str | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """All declared columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        """The columns that have to be there."""
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        """Give one column by name; an unknown name raises ``UnknownNameError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise errors.unknown(f"column in table '{self.name}'", name, self.column_names)


def require(
    frame: Any,
    name: str,
    columns: Sequence[str],
    *,
    made_by: str,
    key: str | None = None,
    constant: str | None = None,
) -> None:
    """Refuse a table that the next step cannot work on, and say how to mend it.

    Parameters
    ----------
    frame
        A pandas table.
    name
        What the reader knows it as.
    columns
        The columns that have to be there, each once.
    made_by
        The call that makes such a table, for the mend.
    key
        The column that may neither be empty nor hold a value twice.
    constant
        The column that holds one and the same value in all rows.

    Raises
    ------
    ParameterTypeError
        It is no table.
    ContractError
        A column is missing or there twice, a key is empty or doubled, or a constant is not one.

    Examples
    --------
    >>> import pandas as pd
    >>> try:
    ...     require(pd.DataFrame({"cust_id": []}), "history", ["customer_id"], made_by="history()")
    ... except errors.ContractError as error:
    ...     print(error)
    history: missing column 'customer_id'.
    Did you mean 'cust_id'? Such a table is made by history().
    """
    made = f"Such a table is made by {made_by}."
    if not hasattr(frame, "columns") or not hasattr(frame, "duplicated"):
        raise errors.ParameterTypeError(
            f"{name} is a {type(frame).__name__}, not a table.", mend=made
        )
    found = [str(column) for column in frame.columns]
    missing = [column for column in columns if column not in found]
    if missing:
        spare = [column for column in found if column not in columns]
        raise errors.ContractError(
            f"{name}: missing column{'s'[: len(missing) > 1]} "
            + ", ".join(f"'{column}'" for column in missing)
            + ".",
            mend="".join(errors.did_you_mean(column, spare) for column in missing) + made,
        )
    doubled = [column for column in columns if found.count(column) > 1]
    if doubled:
        raise errors.ContractError(
            f"{name}: column '{doubled[0]}' is there {found.count(doubled[0])} times.",
            mend="Keep one of them.",
        )
    if key is not None:
        values = frame[key]
        if empty := int(values.isna().sum()):
            raise errors.ContractError(
                f"{name}: {empty} of {len(frame)} rows have no {key}.",
                mend=f"Leave them out. {made}",
            )
        if twice := int(values.duplicated().sum()):
            first = values[values.duplicated()].iloc[0]
            raise errors.ContractError(
                f"{name}: {twice} {'row repeats' if twice == 1 else 'rows repeat'} a {key}, "
                f"the first is '{first}'.",
                mend=f"There may be one row per {key}. {made}",
            )
    if constant is not None and len(frame):
        values = frame[constant]
        if (kinds := int(values.nunique(dropna=False))) > 1 or bool(values.isna().any()):
            raise errors.ContractError(
                f"{name}: {constant} is empty in some rows."
                if bool(values.isna().any())
                else f"{name}: {kinds} different values of {constant}, from {values.min()} to {values.max()}.",
                mend=f"Work on one {constant} at a time. {made}",
            )
