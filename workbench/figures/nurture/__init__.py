"""How often was what done and answered, how sure is that, and what lies ahead?"""

from workbench.figures.nurture.courses import cohorts, waiting
from workbench.figures.nurture.desk import punctuality, upcoming
from workbench.figures.nurture.rates import compared, effect
from workbench.figures.nurture.timeline import timeline

__all__ = ["cohorts", "compared", "effect", "punctuality", "timeline", "upcoming", "waiting"]
