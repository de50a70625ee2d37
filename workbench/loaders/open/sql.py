"""How do texts and paths stand in SQL? Names from files never do: columns are positions."""

from pathlib import Path


def literal(text: str) -> str:
    """Write a text as an SQL literal.

    Examples
    --------
    >>> literal("' ; drop table")
    "''' ; drop table'"
    """
    return "'" + text.replace("'", "''") + "'"


def path_literal(path: Path) -> str:
    """Write a path as an SQL literal that names this one file.

    Examples
    --------
    >>> path_literal(Path("orders [1]*.csv"))
    "'orders [[]1][*].csv'"
    """
    return literal("".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path)))


def one_parquet(path: Path) -> str:
    """Write the DuckDB expression that reads one Parquet file."""
    return f"read_parquet({path_literal(path)}, hive_partitioning=false)"


def columns(many: int, sign: str = "c") -> str:
    """List the columns of a relation by position.

    Examples
    --------
    >>> columns(2), columns(2, "v")
    ('c0, c1', 'v0, v1')
    """
    return ", ".join(f"{sign}{place}" for place in range(many))
