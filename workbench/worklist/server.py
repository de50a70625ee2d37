"""How is a team's PostgreSQL asked, so that a lost connection ends instead of waiting for ever?"""

import contextlib
import time
from collections.abc import Generator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from workbench import errors

#: How long a server may say nothing before the connection counts as lost.
SILENT_SECONDS = 25.0
CONNECT_SECONDS = 10
# One wait for the turn to write: shorter than a silence, so that a server that is there answers.
_TURN_SECONDS = 10
# PostgreSQL's number for the one lock that all writers take turns with.
_TURN = 0x576F726B6C697374
# A peer that is gone is noticed by either side, also where nothing is being said.
_KEPT_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
               "tcp_user_timeout": 20_000}  # fmt: skip
_SERVER_SIDE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"


def engine(url: sa.URL, shown: str, *, wait_seconds: float) -> sa.Engine:
    """Make an engine whose connections end when the server falls silent; writers take turns.

    Raises
    ------
    SourceError
        The driver is not installed.
    """
    try:
        import psycopg
    except ImportError as error:
        raise errors.SourceError(
            f"worklist: '{shown}' needs the package psycopg.",
            mend="Install it: pip install 'sales-workbench[postgres]'",
        ) from error

    class Watched(psycopg.Connection[Any]):
        """A connection that is lost once nothing has come over it for a while."""

        def wait(self, gen: Any, *more: Any, **how: Any) -> Any:
            try:
                return super().wait(_answered(gen), *more, **how)
            except TimeoutError as error:
                self.close()  # or else taking back what was begun would wait as long again
                raise psycopg.OperationalError(str(error)) from error

    address = url.set(drivername="postgresql+psycopg")
    about: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, **_KEPT_ALIVE,
                             "application_name": "sales-workbench"}  # fmt: skip
    if "options" not in url.query:
        about["options"] = _SERVER_SIDE
    made = sa.create_engine(address, poolclass=sa.NullPool, connect_args=about)

    @sa.event.listens_for(made, "do_connect")
    def _watch(_dialect: Any, _record: Any, args: Any, named: Any) -> Any:
        return Watched.connect(*args, **named)

    @sa.event.listens_for(made, "begin")
    def _take_turns(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            _wait_for_turn(connection, until=time.monotonic() + wait_seconds)

    return made


def _answered(asked: Any) -> Generator[Any, Any, Any]:
    """Do what is asked of a server as the driver does, and give up on one that says nothing."""
    heard = time.monotonic()
    try:
        state = next(asked)
        while True:
            ready = yield state
            now = time.monotonic()
            if ready:
                heard = now
            elif now - heard > SILENT_SECONDS:
                raise TimeoutError(
                    f"timed out: the server has said nothing for {now - heard:.0f} s"
                )
            state = asked.send(ready)
    except StopIteration as end:
        return end.value


def _wait_for_turn(connection: sa.Connection, *, until: float) -> None:
    """Take the lock of all writers, asking again now and then, so that a lost server is noticed."""
    import psycopg

    with contextlib.closing(connection.connection.cursor()) as cursor:
        while True:
            left = max(1, min(_TURN_SECONDS, int(until - time.monotonic())))
            try:
                cursor.execute(f"SET LOCAL lock_timeout = '{left}s'")
                cursor.execute("SAVEPOINT turn")
                cursor.execute(f"SELECT pg_advisory_xact_lock({_TURN})")
                return
            except psycopg.errors.LockNotAvailable as error:
                if time.monotonic() >= until - 1:
                    raise exc.OperationalError("turn", None, error) from error
                cursor.execute("ROLLBACK TO SAVEPOINT turn")
            except psycopg.Error as error:
                raise exc.OperationalError("turn", None, error) from error
