"""What are customers worth from here on, and was the model right on days it had not seen?"""

from workbench.figures.lifetime.ahead import alive, top, value
from workbench.figures.lifetime.courses import calibration, tracking
from workbench.figures.lifetime.judged import classes, models

__all__ = ["alive", "calibration", "classes", "models", "top", "tracking", "value"]
