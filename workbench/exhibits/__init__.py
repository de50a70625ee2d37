"""What does each answer say, and how does it look? One module per question, one function each.

``exhibits.<question>.<name>(table, …)`` gives an exhibit of a finished table: sentence, figure and
rows, in the language last spoken or in ``words``. It computes no answer and opens no door.
"""

from workbench.exhibits import (
    churn,
    ledger,
    nurture,
    purchases,
    queue,
    retention,
    rfm,
    scheduling,
    targets,
    track_record,
    value,
)

__all__ = [
    "churn", "ledger", "nurture", "purchases", "queue", "retention", "rfm", "scheduling",
    "targets", "track_record", "value",
]  # fmt: skip
__dir__ = __all__.copy

for _module in [vars(globals()[name]) for name in __all__]:
    # what the module itself makes, and none of what it is made of
    _own = [name for name, value in _module.items()
            if name[0] != "_" and getattr(value, "__module__", "") == _module["__name__"]]  # fmt: skip
    _module["__dir__"] = _own.copy
