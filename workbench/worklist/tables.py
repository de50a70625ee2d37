"""Which tables does the store keep, and how does an older store become one of today's?

Nothing in them is ever changed or deleted, and triggers see to it. What was planned stands in
``enrolments`` and ``steps``, what became of it in ``events``: the last one of a step is its state.
What leads said stands in ``touches``. Each row names the operation that wrote it. ``drafts`` and
``desks`` alone are written anew: they hold what one person has typed and chosen so far.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from workbench.worklist import typed

METADATA = sa.MetaData()
#: What a step says: how, to whom, from which template, in which words.
CONTENT = ("channel", "address", "language", "template_id", "template_version", "variant", "topic",
           "subject", "text")  # fmt: skip


def _table(name: str, *columns: str, keys: int = 1, since: int = 1) -> sa.Table:
    """Declare a table, its first columns the key, and since which version there is one.

    Users say lead_id for what it calls party_id.
    """
    kinds: dict[str, Any] = dict.fromkeys(typed.DAYS, sa.Date)
    kinds |= dict.fromkeys(typed.MOMENTS, sa.DateTime)
    kinds |= dict.fromkeys(typed.NUMBERS, sa.BigInteger)
    parts = (
        sa.Column(
            "party_id" if column == "lead_id" else column,
            kinds.get(column, sa.Text),
            key=column,
            primary_key=place < keys,
        )
        for place, column in enumerate(columns)
    )
    return sa.Table(f"worklist_{name}", METADATA, *parts, info={"since": since})


OPERATIONS = _table("operations", "operation_id", "kind", "at", "by_whom", "undoes")
ENROLMENTS = _table(
    "enrolments", "enrolment_id", "operation_id", "lead_id", "plan", "owner_id", "enrolled_on",
    "cycle_days",
)  # fmt: skip
STEPS = _table("steps", "enrolment_id", "step", "original_date", *CONTENT, keys=2)
EVENTS = _table(
    "events", "enrolment_id", "step", "seq", "operation_id", "status", "due_date", "move_reason",
    "at", "text", "reason", keys=3,
)  # fmt: skip
# the last two: the step that this touch did, where another tool did one
TOUCHES = _table(
    "touches", "operation_id", "touch_id", "lead_id", "touched_at", "channel", "direction",
    "owner_id", "plan", "step", "text", "delivered", "feedback", "enrolment_id", "did_step", keys=2,
)  # fmt: skip
TAKEOVERS = _table("takeovers", "operation_id", "lead_id", "touch_id", keys=3)
DRAFTS = _table("drafts", "enrolment_id", "step", "by_whom", "part", "text", keys=4, since=3)
DESKS = _table("desks", "by_whom", "owner_id", since=3)
VERSION = sa.Table(
    "worklist_version", METADATA, sa.Column("version", sa.Integer), info={"since": 1}
)

_FIRST = """
CREATE TABLE worklist_operations (
    operation_id {identity},
    kind TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by_whom TEXT NOT NULL,
    undoes BIGINT UNIQUE REFERENCES worklist_operations (operation_id)
);
CREATE TABLE worklist_enrolments (
    enrolment_id TEXT PRIMARY KEY,
    operation_id BIGINT NOT NULL REFERENCES worklist_operations (operation_id),
    party_id TEXT NOT NULL,
    plan TEXT NOT NULL,
    owner_id TEXT,
    enrolled_on DATE NOT NULL,
    cycle_days INTEGER
);
CREATE INDEX worklist_enrolments_of_party ON worklist_enrolments (party_id);
CREATE INDEX worklist_enrolments_of_owner ON worklist_enrolments (owner_id);
CREATE TABLE worklist_steps (
    enrolment_id TEXT NOT NULL REFERENCES worklist_enrolments (enrolment_id),
    step INTEGER NOT NULL CHECK (step >= 1),
    original_date DATE NOT NULL,
    channel TEXT,
    address TEXT,
    language TEXT,
    template_id TEXT,
    template_version INTEGER,
    variant TEXT,
    topic TEXT,
    subject TEXT,
    text TEXT,
    PRIMARY KEY (enrolment_id, step)
);
CREATE TABLE worklist_events (
    enrolment_id TEXT NOT NULL,
    step INTEGER NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    operation_id BIGINT NOT NULL REFERENCES worklist_operations (operation_id),
    status TEXT NOT NULL
        CHECK (status IN ('pending', 'paused', 'done', 'skipped', 'stopped', 'withdrawn')),
    due_date DATE NOT NULL,
    move_reason TEXT,
    at TIMESTAMP NOT NULL,
    text TEXT,
    reason TEXT,
    PRIMARY KEY (enrolment_id, step, seq),
    FOREIGN KEY (enrolment_id, step) REFERENCES worklist_steps (enrolment_id, step)
);
CREATE INDEX worklist_events_by_day ON worklist_events (status, due_date);
CREATE INDEX worklist_events_of_operation ON worklist_events (operation_id);
CREATE TABLE worklist_touches (
    operation_id BIGINT NOT NULL REFERENCES worklist_operations (operation_id),
    touch_id TEXT NOT NULL,
    party_id TEXT NOT NULL,
    touched_at TIMESTAMP NOT NULL,
    channel TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    owner_id TEXT,
    plan TEXT,
    step INTEGER,
    text TEXT,
    delivered TEXT CHECK (delivered IN ('yes', 'no')),
    feedback TEXT CHECK (feedback IN ('positive', 'negative', 'opted_out', 'none')),
    PRIMARY KEY (operation_id, touch_id)
);
CREATE INDEX worklist_touches_of_party ON worklist_touches (party_id);
CREATE INDEX worklist_touches_by_id ON worklist_touches (touch_id);
CREATE TABLE worklist_takeovers (
    operation_id BIGINT NOT NULL REFERENCES worklist_operations (operation_id),
    party_id TEXT NOT NULL,
    touch_id TEXT NOT NULL,
    PRIMARY KEY (operation_id, party_id, touch_id)
);
"""
_KEPT = ("operations", "enrolments", "steps", "events", "touches", "takeovers")
_IDENTITY = {
    "sqlite": "INTEGER PRIMARY KEY",
    "postgresql": "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
}
_REFUSAL = "the worklist is append-only"


def _make(connection: sa.Connection) -> None:
    """Version 1: the tables, and triggers that refuse to change or delete a row of them."""
    dialect = connection.dialect.name
    for statement in _FIRST.format(identity=_IDENTITY[dialect]).split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)
    if dialect == "postgresql":
        connection.exec_driver_sql(
            "CREATE FUNCTION worklist_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$BEGIN RAISE EXCEPTION '{_REFUSAL}'; END$$"
        )
    for table in _KEPT:
        for verb in ("UPDATE", "DELETE"):
            act = (
                "FOR EACH STATEMENT EXECUTE FUNCTION worklist_refuse()"
                if dialect == "postgresql"
                else f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
            connection.exec_driver_sql(
                f"CREATE TRIGGER worklist_no_{verb.lower()}_{table}"
                f" BEFORE {verb} ON worklist_{table} {act}"
            )


def _name_the_step(connection: sa.Connection) -> None:
    for column in ("enrolment_id TEXT", "did_step INTEGER"):
        connection.exec_driver_sql(f"ALTER TABLE {TOUCHES.name} ADD COLUMN {column}")


def _keep_desks(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        f"CREATE TABLE {DRAFTS.name} (enrolment_id TEXT NOT NULL, step INTEGER NOT NULL,"
        " by_whom TEXT NOT NULL, part TEXT NOT NULL, text TEXT NOT NULL,"
        " PRIMARY KEY (enrolment_id, step, by_whom, part),"
        " FOREIGN KEY (enrolment_id, step) REFERENCES worklist_steps (enrolment_id, step))"
    )
    connection.exec_driver_sql(
        f"CREATE TABLE {DESKS.name} (by_whom TEXT PRIMARY KEY, owner_id TEXT)"
    )


#: What makes a store of version n one of version n + 1, from nothing on. Only ever added to.
MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (_make, _name_the_step, _keep_desks)


def version(connection: sa.Connection) -> int:
    """Which version is this store? 0 where there is none yet.

    Examples
    --------
    >>> with sa.create_engine("sqlite://").connect() as connection:
    ...     version(connection)
    0
    """
    if not sa.inspect(connection).has_table(VERSION.name):
        return 0
    return int(connection.execute(sa.select(VERSION.c.version)).scalar_one())


def migrate(connection: sa.Connection, present: int) -> None:
    """Bring a store to today's version, in the transaction that is open."""
    if present == 0:
        connection.exec_driver_sql(f"CREATE TABLE {VERSION.name} (version INTEGER NOT NULL)")
        connection.execute(VERSION.insert().values(version=0))
    for step in MIGRATIONS[present:]:
        step(connection)
    connection.execute(VERSION.update().values(version=len(MIGRATIONS)))
