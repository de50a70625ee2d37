"""How does a table of a database, or the result of a query, come in without a trace left there?

SQLite files and PostgreSQL servers, by URL, through SQLAlchemy. Only ever read: a SQLite file is
opened read-only and may do nothing but select, on PostgreSQL the transaction is read-only. Rows
are streamed, and every value keeps the text the database gives it. No message names a password.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench import errors
from workbench.loaders.find import files, limits
from workbench.loaders.find.databases import Question

if TYPE_CHECKING:
    import sqlalchemy

# How long another program's lock, and a server, are waited for.
LOCK_SECONDS = 5.0
CONNECT_SECONDS = 10
# PostgreSQL's numbers for date, timestamp and timestamptz.
_TIME_TYPES = (1082, 1114, 1184)
_ALLOWED = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_PRAGMA,
)
_SECRET = "It belongs in the environment: in workbench.toml, postgresql://user:${SHOP_PASSWORD}@…"
_FAILURES = (
    (
        r"database (table )?is locked|database is busy",
        "{named} is locked by another program.",
        "Close the program that writes to it, or try again in a moment.",
    ),
    (
        r"file is not a database|file is encrypted",
        "{named} is no SQLite database: it is damaged, encrypted or something else.",
        "Check the path; of an encrypted database, export the table as CSV.",
    ),
    (
        r"malformed|disk I/O error",
        "{named} is a damaged SQLite database.",
        "Restore it from a backup, or rescue what can be read: sqlite3 FILE .recover",
    ),
    (
        r"not authorized|read-?only|must not contain data-modifying",
        "{named}: the query would do more than read.",
        "Only a SELECT is run here.",
    ),
    (
        r"password authentication failed|no password supplied|role \".*\" does not exist"
        r"|authentication failed",
        "{named}: the server refuses the user or the password.",
        f"Check both. A special sign in a password is written as in a web address (@ is %40). {_SECRET}",
    ),
    (
        r"database \".*\" does not exist",
        "{named}: the server has no such database.",
        "Check the name after the last '/'.",
    ),
    (
        r"connection refused|could not translate host|name or service not known|timeout expired"
        r"|timed out|no address associated|name resolution|is the server running"
        r"|connection failed|could not connect|server closed the connection|resolve host",
        "{named}: no server answers ({why}).",
        "Check host and port, and that the server is running and reachable from here.",
    ),
)


@dataclass(frozen=True)
class Answer:
    """What came back: the names of its columns, which of them are times, and its rows, in batches."""

    headers: tuple[str, ...]
    times: frozenset[int]
    batches: Iterator[Sequence[Sequence[Any]]]


@contextmanager
def asked(question: Question, at_once: int) -> Iterator[Answer]:
    """Run a query; its rows come so many at once, while the block lasts.

    Raises
    ------
    SourceNotFoundError
        There is no such file.
    SourceError
        No server answers, it refuses, the database is locked or damaged, or the query fails.
    UnknownNameError
        There is no such table in the database.
    """
    with _connected(question) as connection:
        streaming = connection.execution_options(stream_results=True, no_parameters=True)
        result = streaming.exec_driver_sql(_statement(connection, question))
        try:
            described = result.cursor.description if result.cursor is not None else None
            if described is None:
                raise errors.SourceError(
                    f"{question.named} gives no table.", mend="Only a SELECT is run here."
                )
            times = {place for place, column in enumerate(described) if column[1] in _TIME_TYPES}
            headers = tuple(str(column[0]) for column in described)
            limits.columns(question.named, len(headers))
            yield Answer(headers, frozenset(times), result.partitions(at_once))
        finally:
            result.close()


@contextmanager
def _connected(question: Question) -> "Iterator[sqlalchemy.Connection]":
    import sqlalchemy
    from sqlalchemy import exc

    try:
        url = sqlalchemy.make_url(question.url)
    except (exc.ArgumentError, ValueError) as error:
        raise errors.SourceError(
            f"'{question.shown}' is no address of a database.",
            mend="Write sqlite:///shop.db or postgresql://user:password@host:5432/shop.",
        ) from error
    is_sqlite = url.get_backend_name() == "sqlite"
    try:
        engine = _sqlite(url, question) if is_sqlite else _postgres(url, question)
        try:
            with engine.connect() as connection:
                if not is_sqlite:
                    for setting in (
                        "TRANSACTION READ ONLY",
                        # An offset is written as one, and equal tables give equal rows.
                        "LOCAL TimeZone TO 'UTC'",
                        "LOCAL DateStyle TO 'ISO'",
                        "LOCAL synchronize_seqscans TO off",
                    ):
                        connection.exec_driver_sql(f"SET {setting}")
                yield connection
        finally:
            engine.dispose()
    except UnicodeError as error:
        # SQLite's own complaint quotes the damaged bytes, and Python cannot read it.
        raise errors.SourceError(
            f"'{question.shown}' is a damaged SQLite database.",
            mend="Restore it from a backup, or rescue what can be read: sqlite3 FILE .recover",
        ) from error
    except (exc.SQLAlchemyError, sqlite3.Error) as error:
        raise _failed(question, error, str(url.password or "")) from error


def _sqlite(url: "sqlalchemy.URL", question: Question) -> "sqlalchemy.Engine":
    import sqlalchemy

    if url.database in (None, "", ":memory:"):
        raise errors.SourceError(
            f"'{question.url}' names no file.", mend="Write sqlite:///shop.db, with three slashes."
        )
    path = files.find(str(url.database)).resolve()
    mode = "immutable=1" if _is_at_rest(path) else "mode=ro"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?{mode}",
            uri=True,
            timeout=LOCK_SECONDS,
            check_same_thread=False,
        )
        # Bytes that are no text make one row a reject, not the whole load.
        connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        connection.set_authorizer(_authorize)
        return connection

    return sqlalchemy.create_engine("sqlite://", creator=connect, poolclass=sqlalchemy.NullPool)


def _is_at_rest(path: Path) -> bool:
    """Does a file keep a write-ahead log, and is there none because nobody has it open?"""
    # Opened as usual, such a file would leave an empty log beside it.
    with path.open("rb") as handle:
        keeps_log = handle.read(20)[18:] == b"\2\2"
    return keeps_log and not path.with_name(f"{path.name}-wal").exists()


def _authorize(action: int, first: str | None, second: str | None, *_: object) -> int:
    """Let a query read, and nothing else: not even attach another file."""
    is_setting = action == sqlite3.SQLITE_PRAGMA and second and not str(first).startswith("table_")
    is_allowed = action in _ALLOWED and not is_setting
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _postgres(url: "sqlalchemy.URL", question: Question) -> "sqlalchemy.Engine":
    import sqlalchemy

    try:
        import psycopg  # noqa: F401
        from psycopg.types.string import TextLoader
    except ImportError as error:
        raise errors.SourceError(
            f"{question.named}: reading PostgreSQL needs the package psycopg.",
            mend="Install it: pip install 'sales-workbench[postgres]'",
        ) from error
    engine = sqlalchemy.create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=sqlalchemy.NullPool,
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "sales-workbench"},
    )

    def as_text(connection: Any, _: object) -> None:
        # Python has no year 0 and no infinity: the text tells all that PostgreSQL can hold.
        for name in ("date", "timestamp", "timestamptz"):
            connection.adapters.register_loader(name, TextLoader)

    sqlalchemy.event.listen(engine, "connect", as_text)
    return engine


def _statement(connection: "sqlalchemy.Connection", question: Question) -> str:
    if question.sql is not None:
        return question.sql.strip().rstrip(";")
    known = _tables(connection)
    if question.db_table is None:
        listed = ", ".join(f"'{name}'" for name in list(known)[:20]) or "none"
        first = next(iter(known), "orders")
        raise errors.ParameterError(
            f"'{question.shown}' is a database: which of its tables is meant is not stated.",
            mend=f"Tables: {listed}. State one: db_table='{first}', or a query: sql='SELECT …'.",
        )
    if question.db_table not in known:
        raise errors.unknown(f"table in {question.shown}", question.db_table, known)
    preparer = connection.dialect.identifier_preparer
    quoted = ".".join(preparer.quote_identifier(part) for part in known[question.db_table])
    return f"SELECT * FROM {quoted}"


def _tables(connection: "sqlalchemy.Connection") -> dict[str, Sequence[str]]:
    """Give all tables and views by the name they are called here, with the parts of the real one."""
    import sqlalchemy

    inspector = sqlalchemy.inspect(connection)
    default = inspector.default_schema_name
    schemas: list[str] = [str(default)]
    if connection.dialect.name == "postgresql":
        schemas += [
            name
            for name in inspector.get_schema_names()
            if name not in (default, "information_schema") and not name.startswith("pg_")
        ]
    found: dict[str, Sequence[str]] = {}
    for schema in schemas:
        names = [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]
        if connection.dialect.name == "postgresql":
            names += inspector.get_materialized_view_names(schema)
        for name in sorted(names):
            found[name if schema == default else f"{schema}.{name}"] = (schema, name)
    return found


def _failed(question: Question, error: Exception, password: str) -> errors.SourceError:
    said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    if password:
        said = said.replace(password, "***")
    # psycopg tells each address it tried: the last line is the plainest.
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    named = f"'{question.shown}'"
    for pattern, what, mend in _FAILURES:
        if re.search(pattern, said, re.IGNORECASE):
            why = lines[0].rpartition("failed: ")[2].strip(" .")
            return errors.SourceError(what.format(named=named, why=why), mend=mend)
    return errors.SourceError(
        f"{named}: the query failed: {lines[0].strip(' .')}.",
        mend="Check the query, its tables and its columns."
        if question.sql
        else "Check that the table can be read by this user.",
    )
