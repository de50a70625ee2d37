"""Where does the worklist lie, and how are readers and writers kept from each other's way?

A SQLite file (write-ahead log, every commit flushed) or a PostgreSQL database by address. One
writer at a time, readers never wait, and what was not committed was never there.
"""

import dataclasses
import datetime as dt
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import exc

from workbench import errors, redaction, scratch
from workbench.loaders.find import databases
from workbench.worklist import looking, server, tables

# How long a writer waits for its turn.
LOCK_SECONDS = 60.0
_FAILURES = (
    (
        r"locked|busy|lock timeout",
        "is locked by another program",
        "Close the program that holds it, or try again in a moment.",
    ),
    (
        r"not a database|encrypted|malformed|disk image|no such (table|column)"
        r"|(relation|column) \".*\" does not exist",
        "is damaged",
        "Restore it from its backup, or name another in workbench.toml: [worklist] store.",
    ),
    (
        r"read-?only|unable to open|permission denied",
        "cannot be opened for writing",
        "Check the path and the permissions of file and folder.",
    ),
    (
        r"disk is full|no space|disk I/O",
        "cannot be written: the disk is full or failing",
        "Make room; what was committed before is safe.",
    ),
    (
        r"password|authentication|role \".*\" does not exist",
        "refuses the user or the password",
        "Check both; a password belongs in the environment: postgresql://user:${NAME}@…",
    ),
    (r"database \".*\" does not exist", "is not there", "Make the database: createdb NAME"),
    (
        r"timed out: |server closed|connection (to the server was )?(lost|closed|reset)|terminating"
        r"|could not (send|receive) data",
        "does not answer any more: the connection was lost",
        "What was confirmed before is kept. See that the server is reachable, look at the lists, and "
        "do again what is not there.",
    ),
    (
        r"refused|could not translate|not known|time[d ]*out|resolve|connect",
        "does not answer",
        "Check host and port, and that the server is running and reachable from here.",
    ),
)


@dataclass(frozen=True)
class Worklist:
    """A worklist that is open, as ``worklist.connect`` gives it.

    ``shown`` is where it lies, without a password; ``today`` and ``country`` as ``connect``.
    """

    shown: str
    engine: sa.Engine = field(repr=False)
    today: dt.date | None = None
    country: str | None = None

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one state of the store, whatever is written meanwhile."""
        with _told(self.shown):
            engine = self.engine
            if engine.dialect.name == "postgresql":
                engine = engine.execution_options(isolation_level="REPEATABLE READ")
            with engine.connect() as connection:
                yield connection

    @contextmanager
    def writing(self, *, dry_run: bool = False) -> Iterator[sa.Connection]:
        """Give a connection whose turn it is to write: all of it is kept at the end, or nothing.

        A dry run does everything and keeps nothing.
        """
        with (
            _told(self.shown),
            self.engine.execution_options(writes=True, today=self.today).connect() as connection,
            connection.begin() as transaction,
        ):
            yield connection
            if dry_run:
                transaction.rollback()

    def close(self) -> None:
        """Let go of the store; what was written is already kept."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(
    address: Path | str,
    *,
    make: bool = True,
    today: dt.date | None = None,
    country: str | None = None,
) -> Worklist:
    """Where does the worklist lie? Opens it, makes it if there is none, migrates an older one.

    Parameters
    ----------
    address
        A SQLite file, as a path or ``sqlite:///…``; or ``postgresql://user@host/name`` for a team.
    make
        Whether to make it where there is none.
    today
        The day it is, for those who may ask the clock: what is written lies at most a month after it
        or after the last planned day. None: at most a year after all that is written and planned.
    country
        Whose phone numbers are meant where none says it, as ``CN``.

    Raises
    ------
    SourceError
        It cannot be opened or written, or is something else; no password is in the message.
    SourceNotFoundError
        The file's folder is not there; or, not to be made, the worklist.
    WorklistError
        It was made by a newer version of this package.

    Examples
    --------
    >>> import tempfile
    >>> store = connect(Path(tempfile.mkdtemp()) / "worklist.db")
    >>> with store.reading() as connection:
    ...     tables.version(connection) == len(tables.MIGRATIONS)
    True
    """
    stated = str(address)
    shown = redaction.address(stated)
    if redaction.is_libpq(stated):
        raise errors.SourceError(
            f"worklist: '{shown}' is no address of a database.",
            mend="Write it as one: postgresql://user:${NAME}@host:5432/name",
        )
    with _told(shown):
        try:
            if file := _file(stated):
                if not make and not file.exists():
                    raise _none(shown)
                if not make and not file.stat().st_size:
                    raise _nothing(shown)
                store = _sqlite(file, shown)
            elif (url := sa.make_url(stated)).get_backend_name() in ("postgresql", "postgres"):
                store = Worklist(shown, server.engine(url, shown, wait_seconds=LOCK_SECONDS))
            else:
                raise exc.ArgumentError
        except (exc.ArgumentError, exc.NoSuchModuleError, ValueError) as error:
            raise errors.SourceError(
                f"worklist: '{shown}' is neither a file nor a database that is known here.",
                mend="Write worklist.db, sqlite:///worklist.db or postgresql://user@host/name.",
            ) from error
    _bring_up_to_date(store, make=make)
    return dataclasses.replace(store, today=today, country=country)


@contextmanager
def opened_or_made(
    address: Path | str, *, today: dt.date | None = None, country: str | None = None
) -> Iterator[Worklist]:
    """Give the worklist, made where there is none: as a draft, which becomes it once written to.

    What is refused, a dry run, and work that comes to nothing leave neither file nor folder.

    Raises
    ------
    WorklistError
        Another program made it meanwhile; nothing of this was written.
    SourceError, SourceNotFoundError
        As ``connect``.
    """
    file = _file(str(address))
    # a folder that is wanting is told of by connect
    if file is None or file.exists() or not file.absolute().parent.parent.is_dir():
        with connect(address, today=today, country=country) as store:
            yield store
        return
    shown = redaction.address(str(address))
    home = file.parent if file.parent.is_dir() else file.parent.parent
    try:
        folder = scratch.Folder(home)
    except OSError as error:
        raise _unwritable(shown, error) from error
    with folder as place:
        draft = place / "worklist.db"
        with connect(draft, today=today, country=country) as store:
            yield dataclasses.replace(store, shown=shown)
            with store.reading() as connection:
                is_written = sa.select(sa.func.count()).select_from(tables.OPERATIONS)
                if not connection.execute(is_written).scalar_one():
                    return
        try:
            file.parent.mkdir(exist_ok=True)
            with file.open("x"):  # takes the name: of two who make it, one does
                draft.replace(file)
        except FileExistsError as error:
            raise errors.WorklistError(
                f"worklist: '{shown}' was made meanwhile by another program; nothing of this is "
                "in it.",
                mend="Do it again.",
            ) from error
        except OSError as error:
            raise _unwritable(shown, error) from error


def _file(address: str) -> Path | None:
    """Which file is it, where it is one?"""
    if not databases.is_url(address):
        return Path(address).expanduser()
    url = sa.make_url(address)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


def _none(shown: str) -> errors.SourceNotFoundError:
    return errors.SourceNotFoundError(
        f"worklist: there is none at '{shown}' yet.",
        mend="The first leads make it: workbench nurture enrol, import or hand-over.",
    )


def _nothing(shown: str) -> errors.SourceNotFoundError:
    return errors.SourceNotFoundError(
        f"worklist: '{shown}' is an empty file.",
        mend="If something was in it, restore it from its backup; else the first leads make it: "
        "workbench nurture enrol, import or hand-over.",
    )


def _unwritable(shown: str, error: OSError) -> errors.SourceError:
    return errors.SourceError(
        f"worklist: '{shown}' cannot be made: {error.strerror or error}.",
        mend="Check the folder, its permissions and the room on the disk.",
    )


def _bring_up_to_date(store: Worklist, *, make: bool) -> None:
    newest = len(tables.MIGRATIONS)
    with store.reading() as connection:
        present = tables.version(connection)
    looking.refuse_newer(present, store.shown)
    if not present and not make:
        raise _none(store.shown)
    if present < newest:
        with store.writing() as connection:
            # another may have done it meanwhile
            present = tables.version(connection)
            if present < newest:
                tables.migrate(connection, present)


def _sqlite(path: Path, shown: str) -> Worklist:
    path = path.absolute()
    if not path.parent.is_dir():
        if not path.parent.parent.is_dir():
            raise errors.SourceNotFoundError(
                f"worklist: there is no folder '{path.parent}'.", mend="Make it, or check the path."
            )
        path.parent.mkdir(exist_ok=True)
    looking.refuse_foreign(path, shown)

    # who was written to is for this user's eyes; the log beside it is made with the same rights
    with suppress(OSError):  # sqlite says it better
        if not path.exists() or not path.stat().st_size:
            path.touch()
            path.chmod(0o600)
    scratch.sweep(path.parent)

    def open_file() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )
        # a commit that was acknowledged outlives a power cut, too
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    engine = sa.create_engine("sqlite://", creator=open_file, poolclass=sa.NullPool)

    @sa.event.listens_for(engine, "begin")
    def _take_turns(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    _keep_log(open_file)
    return Worklist(shown, engine)


def _keep_log(open_file: Any) -> None:
    """Switch a file to the write-ahead log; two that do so at once are told "locked", unwaited."""
    connection = open_file()
    try:
        for attempt in range(100):
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or attempt == 99:
                    raise
                time.sleep(0.05)
    finally:
        connection.close()


@contextmanager
def _told(shown: str) -> Iterator[None]:
    """Say what a database complains of in our own words, without a password."""
    try:
        yield
    except (exc.SQLAlchemyError, sqlite3.Error) as error:
        if isinstance(error, exc.ArgumentError | exc.NoSuchModuleError):
            raise
        said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
        for pattern, what, mend in _FAILURES:
            if re.search(pattern, said, re.IGNORECASE):
                raise errors.SourceError(f"worklist: '{shown}' {what}.", mend=mend) from None
        line = said.splitlines()[0].strip(" .")
        raise errors.SourceError(
            f"worklist: '{shown}' refused to do this: {line}.", mend="Nothing was changed."
        ) from None
