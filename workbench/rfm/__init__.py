"""What is each customer worth, by how lately, how often and for how much they buy?

``measure`` → ``cuts`` → ``score`` → ``segment``, then ``summary``, ``grid``, ``distribution`` and
``migration`` say it for all customers together. The eight classes:

==================  ====  ========  =====  =============
class               near  frequent  money  zh
==================  ====  ========  =====  =============
key_champion        yes   yes       high   重要价值客户
key_keep            no    yes       high   重要保持客户
key_develop         yes   no        high   重要发展客户
key_win_back        no    no        high   重要挽留客户
general_champion    yes   yes       low    一般价值客户
general_keep        no    yes       low    一般保持客户
general_develop     yes   no        low    一般发展客户
general_win_back    no    no        low    一般挽留客户
==================  ====  ========  =====  =============
"""

from workbench.rfm.distributions import CUT_POINTS, DISTRIBUTION, cut_points, distribution
from workbench.rfm.measures import MEASURED, measure
from workbench.rfm.scores import SCORES, SEGMENTED, SEGMENTS, Segment, cuts, score, segment
from workbench.rfm.totals import (
    ABSENT,
    GRID,
    MIGRATION,
    MOVES,
    SUMMARY,
    grid,
    migration,
    moves,
    summary,
)
from workbench.schema.rfm import BASES, Basis

__all__ = [
    "ABSENT", "BASES", "CUT_POINTS", "DISTRIBUTION", "GRID", "MEASURED", "MIGRATION", "MOVES",
    "SCORES", "SEGMENTED", "SEGMENTS", "SUMMARY", "Basis", "Segment", "cut_points", "cuts", "distribution",
    "grid", "measure", "migration", "moves", "score", "segment", "summary",
]  # fmt: skip
__dir__ = __all__.copy
