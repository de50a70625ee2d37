"""Which database is asked, and what for?"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from workbench import errors, redaction
from workbench.load_options import LoadOptions
from workbench.loaders.find import files

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_KNOWN = ("sqlite", "postgresql", "postgres")


@dataclass(frozen=True)
class Question:
    """Which database is asked, and what for: a query, or a whole table.

    ``shown`` is the database in messages and ledgers, without the password.
    """

    url: str
    shown: str
    sql: str | None
    db_table: str | None

    @property
    def named(self) -> str:
        """What is asked, in messages and ledgers."""
        return f"{self.shown}, {f'table {self.db_table}' if self.db_table else 'query'}"


def is_url(source: Path | str) -> bool:
    """Is this the address of a database rather than a path?

    Examples
    --------
    >>> is_url("sqlite:///shop.db"), is_url("exports/orders.csv")
    (True, False)
    """
    return isinstance(source, str) and _URL.match(source) is not None


def question(source: Path | str, options: LoadOptions) -> Question | None:
    """Say what a database is asked for; None where the source is a file of another kind.

    Raises
    ------
    SourceError, ParameterError
        ``sql`` or ``db_table`` is stated of a file, or the address is of another kind.
    """
    url, shown = str(source), redaction.address(str(source))
    if not is_url(source):
        path = Path(source).expanduser()
        if not _is_sqlite(path):
            if options.sql is not None or options.db_table is not None:
                raise errors.ParameterError(
                    f"'{shown}' is no database, but "
                    f"{'sql' if options.sql is not None else 'db_table'} is stated.",
                    mend="Name a database: 'sqlite:///shop.db' or 'postgresql://user@host/shop'.",
                )
            return None
        url, shown = f"sqlite:///{quote(str(path))}", str(source)
    elif url.partition("://")[0].partition("+")[0].lower() not in _KNOWN:
        raise errors.SourceError(
            f"'{shown}' is neither a file nor a database that is known here.",
            mend="Write sqlite:///shop.db or postgresql://user@host/shop; download what lies on "
            "the web, or export the table as CSV.",
        )
    elif url.partition("://")[2].partition("/")[0].count("@") > 1:
        raise errors.ParameterError(
            f"'{shown}' has two '@'.", mend="Write one in a user or password as %40."
        )
    return Question(url, shown, options.sql, options.db_table)


def _is_sqlite(path: Path) -> bool:
    try:
        # Opening a pipe would wait for ever.
        return path.is_file() and files.begins_with(path, b"SQLite format 3\0")
    except (OSError, ValueError):
        return False
