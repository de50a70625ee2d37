"""Who is to do what when, and what has become of it? A durable store that loses nothing.

It takes dated steps, of a nurture plan or of any list of calls, and knows nothing of how they were
made. Nothing is changed in it, only added: what was planned, and what happened since, each with who
and when. How a step stands follows from the last thing that happened to it, as of any day; nothing
is ever sent.

=============  =====================================================================
``store``      where it lies: a SQLite file, or PostgreSQL by address
``server``     how a team's PostgreSQL is asked, and a lost connection ends
``looking``    whether a file is one of ours, before it is touched
``tables``     its tables, and how an older store becomes one of today's
``typed``      rows in the types that it keeps
``events``     what all operations share: each is one row, and its events
``enrolling``  dated steps come in, each once
``lists``      due, missed, done
``marking``    done with the words as sent, skipped, paused, resumed
``undoing``    operations and single steps taken back
``answering``  answers: stop, opt out, hand over
``sharing``    which leads share an address
``desks``      what one person has typed and not used yet, and whose lists they look at
``matching``   touches and answers that another tool knows of
``history``    all that has happened with one lead or customer; all touches
=============  =====================================================================
"""

from workbench.worklist.answering import (
    FEEDBACK,
    HANDOVERS,
    OPTED_OUT,
    STOPPED,
    WAITING,
    Feedback,
    handovers,
    opted_out,
    stop,
    take_over,
)
from workbench.worklist.desks import Part, draft, keep_draft, keep_owner, last_owner
from workbench.worklist.enrolling import ENROLLED, enrol
from workbench.worklist.history import (
    TIMELINE,
    TOUCHED,
    fingerprint,
    last_operation,
    span,
    timeline,
    touches,
)  # fmt: skip
from workbench.worklist.lists import COLUMNS, LISTED, done, due, missed, steps
from workbench.worklist.marking import MARKED, mark_done, pause, resume, skip
from workbench.worklist.matching import OUTCOMES, RECORDED, Outcome, record
from workbench.worklist.sharing import PLANNED, planned
from workbench.worklist.store import Worklist, connect, opened_or_made
from workbench.worklist.undoing import UNDONE, is_undone, reopen, undo

__all__ = [
    "COLUMNS", "ENROLLED", "FEEDBACK", "HANDOVERS", "LISTED", "MARKED", "OPTED_OUT", "OUTCOMES",
    "PLANNED",
    "RECORDED", "STOPPED", "TIMELINE", "TOUCHED", "UNDONE", "WAITING", "Feedback", "Outcome", "Part",
    "Worklist", "connect", "done", "draft", "due", "enrol", "fingerprint", "handovers", "is_undone",
    "keep_draft", "keep_owner", "last_operation", "last_owner", "mark_done", "missed",
    "opened_or_made", "opted_out", "pause", "planned", "record", "reopen", "resume", "skip", "span",
    "steps", "stop", "take_over", "timeline", "touches", "undo",
]  # fmt: skip
__dir__ = __all__.copy
