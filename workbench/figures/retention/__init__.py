"""Do customers come back: by first purchase, all together, a second time, and for what money?"""

from workbench.figures.retention.curves import by_age, second
from workbench.figures.retention.money import revenue
from workbench.figures.retention.triangles import triangle

__all__ = ["by_age", "revenue", "second", "triangle"]
