"""What does a lesson let its reader try, and what does it ask? One module per lesson.

A lesson's notebook tells; what moves in it and the exercises that check themselves are declared
here, each a function that names its question, its control and how an answer is judged.
"""

from workbench.lessons import churn_and_lifetime, fish_pond, rfm

__all__ = ["churn_and_lifetime", "fish_pond", "rfm"]
__dir__ = __all__.copy
