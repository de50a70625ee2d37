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

from workbench.nurture.channels import channels
from workbench.nurture.content import MERGE_FIELDS, fields, library, problems
from workbench.nurture.effect import RATES, SPLITS, cohorts, compare, effect, waiting
from workbench.nurture.fitting import dormant, fry_score
from workbench.nurture.outcomes import outcomes
from workbench.nurture.preparing import PREPARED, PROBLEMS, draft, prepare, preview, sentence
from workbench.nurture.resuming import resumed
from workbench.nurture.weekly import (
    STATES,
    activity,
    answers,
    handovers,
    missed,
    punctuality,
    upcoming,
)

__all__ = [
    "MERGE_FIELDS",
    "PREPARED",
    "PROBLEMS",
    "RATES",
    "SPLITS",
    "STATES",
    "activity",
    "answers",
    "channels",
    "cohorts",
    "compare",
    "dormant",
    "draft",
    "effect",
    "fields",
    "fry_score",
    "handovers",
    "library",
    "missed",
    "outcomes",
    "prepare",
    "preview",
    "problems",
    "punctuality",
    "resumed",
    "sentence",
    "upcoming",
    "waiting",
]
