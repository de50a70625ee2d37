"""Rows that come again are found by sorted hashes, in parts, and counted exactly."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.loaders.account import repeats

ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "", None]), st.sampled_from([0, 1, 2, None])), max_size=60
)


@pytest.mark.parametrize("at_once", [1, 7, repeats._AT_ONCE])
@given(rows=ROWS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings().max_examples // 2,
)
def test_repeats_are_those_that_pandas_finds_however_many_are_sorted_at_once(
    at_once: int, rows: list[tuple[str | None, int | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeats, "_AT_ONCE", at_once)
    table = pd.DataFrame(
        {
            "name": pd.Series([name for name, _ in rows], dtype="str"),
            "number": pd.Series([number for _, number in rows], dtype="Int64"),
        }
    )
    with duckdb.connect(":memory:") as connection:
        connection.register("given_rows", table)
        connection.execute("CREATE TABLE orders AS SELECT * FROM given_rows")
        source = "orders WHERE number IS NOT NULL"
        met = repeats.met_again(connection, "hash(name, number)", source)
        assert len(met) == len(np.unique(met))
        known = table[table["number"].notna()]
        assert len(met) == known[known.duplicated()].drop_duplicates().shape[0]
        again = repeats.count_again(connection, "name, number", source)
        assert again == known.duplicated().sum()


def test_rows_whose_hashes_meet_by_chance_are_not_taken_for_repeats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def all_of_them(connection: duckdb.DuckDBPyConnection, hashed: str, source: str) -> object:
        return connection.execute(f"SELECT DISTINCT {hashed} AS h FROM {source}").fetchnumpy()["h"]

    monkeypatch.setattr(repeats, "met_again", all_of_them)
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE orders AS SELECT unnest([1, 2, 3, 3]) AS a")
        assert repeats.count_again(connection, "a", "orders WHERE true") == 1
