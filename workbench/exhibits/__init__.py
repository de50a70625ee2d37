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
    track_record,
    value,
)

__all__ = [
    "churn", "ledger", "nurture", "purchases", "queue", "retention", "rfm", "scheduling",
    "track_record", "value",
]  # fmt: skip
