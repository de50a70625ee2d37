"""Which question touches every row, and who answers it where the data is? SQL files, by name.

A query is a file in ``workbench/sql``, in DuckDB's dialect, with typed parameters. DuckDB runs it
in this process, or Spark runs the same file where a Spark DataFrame is handed in; those who
outgrow a machine change the table they pass in, nothing else.
"""

from typing import Any

import pandas as pd

from workbench import kept
from workbench.engine import contract, queries, results
from workbench.engine.embedded import Embedded
from workbench.engine.spark import Spark, is_spark

__all__ = ["query"]
__dir__ = __all__.copy


def query(name: str, /, **arguments: Any) -> pd.DataFrame:
    """What does a named query say about these tables?

    Parameters
    ----------
    name
        The query: ``"purchase_history"``, ``"purchase_histories"`` or ``"purchase_days"``.
    **arguments
        The tables and parameters the query declares; any other name is refused. For
        ``purchase_history``: ``orders``, ``as_of`` (a date, a timestamp of which the time of day
        is ignored, or ``"2026-10-31"``) and ``window_days`` (default None: all).

        A table is what ``loaders.load`` returned, a pandas, Arrow or Polars frame, the path or
        glob of Parquet files, a DuckDB relation, or a Spark DataFrame. Columns that the query
        does not need are not read. Ids may be text or whole numbers, money whole numbers, floats
        or decimals, times dates or timestamps in local time. On Spark a ``TIMESTAMP`` is an
        instant: it is read in the session's time zone.

    Returns
    -------
    pandas.DataFrame
        The columns, types and order of rows that the query declares, the same on every engine;
        ids that came as whole numbers are whole numbers, and sorted as such.

    Raises
    ------
    UnknownNameError
        There is no such query or argument.
    ParameterError, ParameterTypeError
        An argument is missing or makes no sense.
    ContractError
        A table lacks a column, has one of the wrong type, or holds values it must not, with
        counts.
    SourceError, SourceNotFoundError
        A path leads to nothing, or not to Parquet.
    EngineError
        The engine itself failed.

    Examples
    --------
    >>> orders = pd.DataFrame(
    ...     {
    ...         "customer_id": ["A", "A", "B"],
    ...         "ordered_at": pd.to_datetime(["2026-09-01", "2026-10-06", "2026-10-31"]),
    ...         "amount": [100.0, 50.0, 0.0],
    ...     }
    ... )
    >>> history = query("purchase_history", orders=orders, as_of="2026-10-31")
    >>> history[["customer_id", "days_since_last", "frequency", "monetary"]]
      customer_id  days_since_last  frequency  monetary
    0           A               25          2     150.0
    1           B                0          1       0.0
    """
    asked = queries.named(name)
    tables, parameters = asked.bind(arguments)
    # of what lies at a path it is not known whether it is still the same
    known = {name: object() if isinstance(held, str) else held for name, held in tables.items()}
    return kept.answer(lambda: _answered(asked, tables, parameters), name, known, parameters)


def _answered(
    asked: queries.Query, tables: dict[str, Any], parameters: dict[str, Any]
) -> pd.DataFrame:
    declared = asked.result
    with Spark(tables) if any(map(is_spark, tables.values())) else Embedded() as session:
        for table, handed_in in tables.items():
            if handed_in is None and table in asked.defaults:
                session.define(table, asked.nothing(table))
                continue
            needed = asked.tables[table]
            columns = session.attach(table, handed_in, needed)
            contract.check_types(table, columns)
            contract.check_values(session, table, columns, seen=asked.seen, parameters=parameters)
            session.define(table, contract.view(table, columns))
            if table not in asked.defaults:
                declared = contract.as_they_came(declared, table, columns)
        return results.frame(session.run(asked.sql, parameters), declared)
