"""How does a result become the same pandas table, whichever engine made it?"""

import pandas as pd
import pyarrow as pa


def frame(table: pa.Table, declared: pa.Schema) -> pd.DataFrame:
    """Cast an engine's result to the declared schema and give it to pandas.

    An integer that may be missing becomes ``Int64``, so that it stays whole.

    Examples
    --------
    >>> days = pa.schema([pa.field("days", pa.int64())])
    >>> frame(pa.table({"days": pa.array([3, None], pa.int32())}), days)
       days
    0     3
    1  <NA>
    """
    cast = table.select(declared.names).cast(declared)
    whole = "customer_id" in declared.names and pa.types.is_integer(
        declared.field("customer_id").type
    )
    if whole:  # the query sorts them as text
        keys = [name for name in ("as_of", "customer_id") if name in declared.names]
        cast = cast.sort_by([(name, "ascending") for name in keys])
    return pd.DataFrame({field.name: _column(cast[field.name], field) for field in declared})


def _column(values: pa.ChunkedArray, field: pa.Field) -> pd.Series:
    whole = {pa.int64(): pd.Int64Dtype()}.get if field.nullable else None
    column: pd.Series = values.to_pandas(types_mapper=whole)
    return column
