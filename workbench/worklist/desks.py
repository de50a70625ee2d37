"""What has one person typed and chosen, that is nobody else's yet? Kept until it is used.

The words for a step outlive a reload, a crash and a change of mind; once the step is done, skipped
or stopped, they are gone. Whose lists were last looked at is known for each who looks.
"""

from typing import Literal

import pandas as pd
import sqlalchemy as sa

from workbench import arguments
from workbench.worklist import events
from workbench.worklist.store import Worklist
from workbench.worklist.tables import DESKS, DRAFTS

#: What is typed for a step: the message, and what the lead said or why it is left out.
Part = Literal["text", "note"]


def keep_draft(
    store: Worklist, enrolment_id: str, step: int, *, part: Part, text: str | None, by: str
) -> None:
    """Which words are being typed for a step? The last ones stand; None: none any more.

    Of a step that is closed no message is kept.

    Raises
    ------
    WorklistError
        There is no such step.

    Examples
    --------
    >>> import pandas as pd, tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> planned = pd.DataFrame({"lead_id": ["L1"], "plan": "spring", "step": 1,
    ...                         "due_date": "2026-11-02", "text": "Hello!"})
    >>> _ = worklist.enrol(store, planned, at="2026-11-02 08:00", by="Lin")
    >>> key = worklist.due(store, as_of="2026-11-02")["enrolment_id"].item(), 1
    >>> keep_draft(store, *key, part="text", text="Dear Ada, te", by="Lin")
    >>> draft(store, *key, by="Lin"), draft(store, *key, by="Wu")
    ({'text': 'Dear Ada, te'}, {})
    """
    box = {"enrolment_id": enrolment_id, "step": step, "by_whom": arguments.text("by", by)}
    with store.writing() as connection:
        steps = events.last_of(connection, [enrolment_id])
        events.refuse_unknown(pd.DataFrame([box]), steps)
        connection.execute(
            DRAFTS.delete().where(
                *(DRAFTS.c[key] == box[key] for key in box), DRAFTS.c.part == part
            )
        )
        is_open = steps.loc[steps["step"] == step, "status"].isin(events.OPEN).all()
        if text is not None and (is_open or part == "note"):
            connection.execute(DRAFTS.insert().values(**box, part=part, text=text))


def draft(store: Worklist, enrolment_id: str, step: int, *, by: str) -> dict[str, str]:
    """Which words has this person typed for a step, and not used yet? By their part."""
    asked = sa.select(DRAFTS.c.part, DRAFTS.c.text).where(
        DRAFTS.c.enrolment_id == enrolment_id, DRAFTS.c.step == step, DRAFTS.c.by_whom == by
    )
    with store.reading() as connection:
        return {part: text for part, text in connection.execute(asked)}  # noqa: C416


def keep_owner(store: Worklist, owner_id: str | None, *, by: str) -> None:
    """Whose lists does this person look at? None: everybody's.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> keep_owner(store, "S04", by="Lin")
    >>> last_owner(store, by="Lin")
    'S04'
    """
    with store.writing() as connection:
        connection.execute(DESKS.delete().where(DESKS.c.by_whom == by))
        connection.execute(
            DESKS.insert().values(by_whom=arguments.text("by", by), owner_id=owner_id)
        )


def last_owner(store: Worklist, *, by: str, otherwise: str | None = None) -> str | None:
    """Whose lists did this person look at last? None: everybody's; ``otherwise`` if never any."""
    asked = sa.select(DESKS.c.owner_id).where(DESKS.c.by_whom == by)
    with store.reading() as connection:
        found = connection.execute(asked).first()
    return found[0] if found else otherwise
