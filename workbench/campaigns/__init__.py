"""How does a list become work, and work go on? What command line, panels, notebooks and reports do.

Answers and the worklist meet here: a use case is written once, and sees no screen and no clock.

==============  ====================================================================
``pond``        a nurture programme's tables, with what the worklist knows since
``enrolling``   who is dormant, what can be written, who goes onto the worklist
``mornings``    the lists of a day, its workload; what was done in some days
``optouts``     who is not to be written to, themselves or whoever shares the address
``contacts``    by which addresses the people on a list may be reached
``answers``     what a lead said, and what follows from it
``going_on``    which step is meant, what has been and lies ahead, on which days a pause ends
``touches``     another tool's touches, by lead or by address, onto the worklist
``agendas``     steps as a calendar file, words in a mail program
==============  ====================================================================
"""

from workbench.campaigns.agendas import ics, link
from workbench.campaigns.answers import Answered, answer
from workbench.campaigns.contacts import reachable
from workbench.campaigns.enrolling import Draft, Enrolled, dormant, draft, enrol, hand_over, reason
from workbench.campaigns.going_on import ahead, next_step, resume, timeline
from workbench.campaigns.mornings import (
    DONE,
    MORNING,
    QUEUES,
    done,
    morning,
    open_steps,
    queue,
    workload,
)
from workbench.campaigns.optouts import opted_out, opted_out_on
from workbench.campaigns.pond import Pace, Pond, pond
from workbench.campaigns.touches import record

__all__ = [
    "DONE",
    "MORNING",
    "QUEUES",
    "Answered",
    "Draft",
    "Enrolled",
    "Pace",
    "Pond",
    "ahead",
    "answer",
    "done",
    "dormant",
    "draft",
    "enrol",
    "hand_over",
    "ics",
    "link",
    "morning",
    "next_step",
    "open_steps",
    "opted_out",
    "opted_out_on",
    "pond",
    "queue",
    "reachable",
    "reason",
    "record",
    "resume",
    "timeline",
    "workload",
]
__dir__ = __all__.copy
