"""On which day is which touch due? A cycle's days, their dates, and a plan for many leads.

``days`` gives the days of a cycle, ``dates`` the dates of one lead, ``plan`` those of many at once,
with working days, each owner's capacity and a limit per party and day; ``resume`` lays out again
what a pause left over. A step that a rule moves keeps its original date and the reason:

================  ==================================================================
reason            why a step is due on another day than first planned
================  ==================================================================
pause             the plan was paused, and is laid out from the day of resuming
day_off           the day is no working day
frequency_cap     the party has a touch of another plan that day
capacity          the owner has no room that day
================  ==================================================================
"""

from workbench.scheduling.calendars import EVERY_DAY, Calendar
from workbench.scheduling.cycle import RULES, RULES_COMPARED, Rule, compare, days
from workbench.scheduling.plans import DATES, PLAN, PLANNED, REASONS, Reason, dates, plan, resume
from workbench.scheduling.totals import (
    WARNINGS,
    WARNINGS_COUNTED,
    WORKLOAD,
    WarningName,
    warnings,
    workload,
)

__all__ = [
    "DATES", "EVERY_DAY", "PLAN", "PLANNED", "REASONS", "RULES", "RULES_COMPARED", "WARNINGS",
    "WARNINGS_COUNTED", "WORKLOAD", "Calendar", "Reason", "Rule", "WarningName", "compare", "dates",
    "days", "plan", "resume", "warnings", "workload",
]  # fmt: skip
__dir__ = __all__.copy
