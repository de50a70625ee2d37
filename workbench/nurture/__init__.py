"""What is written to which lead, who is worth nurturing, and what did it achieve?

=============  =====================================================================
``content``    the library of templates: merge fields, versions, approval, problems
``channels``   by which ways a lead may be reached
``variants``   which variant a lead gets, by lot
``preparing``  each step's channel, template and words, or what is in the way
``fitting``    the fry score; dormant leads ranked for enrolment
``outcomes``   what became of each planned step
``effect``     rates by anything, variants compared, cohorts, time to a positive answer
``resuming``   the days on which a paused plan goes on
``weekly``     what was done, missed and answered in a period; what lies ahead; hand-overs
=============  =====================================================================
"""

from workbench.nurture.channels import CHANNELS, channels
from workbench.nurture.content import (
    LIBRARY,
    MERGE_FIELDS,
    TEMPLATE_PROBLEMS,
    fields,
    library,
    problems,
)
from workbench.nurture.effect import (
    COHORTS,
    COMPARED,
    EFFECT,
    RATES,
    SPLITS,
    WAITING,
    cohorts,
    compare,
    effect,
    waiting,
)
from workbench.nurture.fitting import DORMANT, FRY_SCORE, dormant, fry_score
from workbench.nurture.outcomes import OUTCOMES, outcomes
from workbench.nurture.preparing import (
    DRAFT_PROBLEMS,
    PREPARED,
    PREPARED_STEPS,
    PREVIEW,
    PROBLEMS,
    draft,
    preview,
)
from workbench.nurture.resuming import RESUMED, resumed
from workbench.nurture.weekly import (
    ACTIVITY,
    ANSWERS,
    HANDOVERS,
    MISSED,
    PLANNED,
    PUNCTUALITY,
    STATES,
    UPCOMING,
    activity,
    answers,
    handovers,
    missed,
    planned,
    punctuality,
    upcoming,
)

__all__ = [
    "ACTIVITY", "ANSWERS", "CHANNELS", "COHORTS", "COMPARED", "DORMANT", "DRAFT_PROBLEMS", "EFFECT",
    "FRY_SCORE", "HANDOVERS", "LIBRARY", "MERGE_FIELDS", "MISSED", "OUTCOMES", "PLANNED", "PREPARED",
    "PREPARED_STEPS", "PREVIEW", "PROBLEMS", "PUNCTUALITY", "RATES", "RESUMED", "SPLITS", "STATES",
    "TEMPLATE_PROBLEMS", "UPCOMING", "WAITING", "activity", "answers", "channels", "cohorts",
    "compare", "dormant", "draft", "effect", "fields", "fry_score", "handovers", "library",
    "missed", "outcomes", "planned", "preview", "problems", "punctuality", "resumed", "upcoming", "waiting",
]  # fmt: skip
__dir__ = __all__.copy
