"""What did a lead say, or why does its plan stop? Written down one way, whoever asks for it."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench import worklist
from workbench.campaigns.optouts import sharing_with


@dataclass(frozen=True)
class Answered:
    """An answer that is written down: the ``steps`` it stopped, as ``worklist.stop`` gives them.

    ``operation`` is its number, for ``undo``; None in a dry run.
    """

    steps: pd.DataFrame
    operation: int | None


def answer(
    store: worklist.Worklist,
    lead_id: str,
    *,
    feedback: worklist.Feedback,
    at: Any,
    by: str,
    channel: str | None = None,
    text: str | None = None,
    reason: str | None = None,
    plan: str | None = None,
    leads: Any = None,
    dry_run: bool = False,
) -> Answered:
    """What did the lead say, and what follows from it?

    A yes hands the lead over to sales, a no stops its plans; who opts out does so for all that share
    the address.

    Parameters
    ----------
    store, lead_id, feedback, at, by, channel, text, reason, plan, dry_run
        As ``worklist.stop``.
    leads
        The leads, where known: who shares an address is seen in their table, too.

    Examples
    --------
    >>> import tempfile
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> leads = pd.DataFrame({"lead_id": ["L1", "L2"], "phone": ["+999 1-23", "00999123"]})
    >>> said = answer(store, "L1", feedback="opted_out", channel="sms", leads=leads,
    ...               at="2026-11-02 09:00", by="Lin")
    >>> worklist.opted_out(store, as_of="2026-11-02")["lead_id"].tolist()
    ['L1', 'L2']
    """
    same: list[str] = []
    if feedback == "opted_out" and channel is not None and leads is not None:
        same = sharing_with(store, leads, lead_id, channel)
    steps = worklist.stop(
        store, lead_id, feedback=feedback, at=at, by=by, channel=channel, text=text, reason=reason,
        plan=plan, shared_by=same, dry_run=dry_run,
    )  # fmt: skip
    return Answered(steps, None if dry_run else worklist.last_operation(store, lead_id))
