"""What can be looked at and moved in a notebook? One panel per question, by name.

Each takes the loaded tables and ``people``, speaks the language and currency last stated with
``words.speak`` (or ``words=``), and opens with the ``settings`` of ``config.load`` where it has
thresholds. The mechanism is :mod:`workbench.panel`.
"""

from workbench.panels.check import panel as check
from workbench.panels.churn import panel as repurchase
from workbench.panels.ledger import panel as ledger
from workbench.panels.lifetime import panel as lifetime
from workbench.panels.migration import panel as migration
from workbench.panels.nurture import panel as nurture_effect
from workbench.panels.planner import panel as planner
from workbench.panels.queue import panel as nurture_queue
from workbench.panels.retention import panel as retention
from workbench.panels.rfm import panel as rfm
from workbench.panels.track_record import panel as track_record

__all__ = [
    "check", "ledger", "lifetime", "migration", "nurture_effect", "nurture_queue", "planner",
    "repurchase", "retention", "rfm", "track_record",
]  # fmt: skip
__dir__ = __all__.copy
