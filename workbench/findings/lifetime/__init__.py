"""What are customers worth from here on, and was the model right so far, as a manager would say it?"""

from workbench.findings.lifetime.ahead import ahead, alive, no_fit, top, unknown
from workbench.findings.lifetime.judged import calibration, check, classes, models, tracking
from workbench.findings.lifetime.words import (
    bias,
    class_name,
    definitions,
    model,
    names,
    probability,
    rate,
)

__all__ = [
    "ahead",
    "alive",
    "bias",
    "calibration",
    "check",
    "class_name",
    "classes",
    "definitions",
    "model",
    "models",
    "names",
    "no_fit",
    "probability",
    "rate",
    "top",
    "tracking",
    "unknown",
]
