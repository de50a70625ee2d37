"""What are customers worth: expected of each from here on, and judged by what they spent afterwards?

=================  ===============================================================================
``expect``         what each customer, and all together, will buy and spend, by fitted models
``choose``         which model came closest on past days, steadied where it has to be
``forecast``       what is expected by that model, or why there is none
``held``           how often its ranges held on past days
``concentration``  how much of it comes from how few
``activity``       how many are still active, and of how many that cannot be told
``tenths``         customers in ten equal parts, the most valuable first
``ahead``          what each customer really spent in the days after
``judge``          what classes and predictions turned out to be worth
=================  ===============================================================================
"""

from workbench.value.class_worth import AHEAD, CLASSES, NOT_SEEN, ahead, judge
from workbench.value.expecting import (
    ACTIVITY,
    CONCENTRATION,
    EXPECTED,
    EXPECTED_IN_ALL,
    TENTHS,
    Expectation,
    activity,
    alive,
    concentration,
    expect,
    tenths,
)
from workbench.value.forecasting import (
    CANDIDATES,
    HELD,
    LEAST_AGAIN,
    WHY,
    Chosen,
    Forecast,
    choose,
    forecast,
    held,
)

__all__ = [
    "ACTIVITY", "AHEAD", "CANDIDATES", "CLASSES", "CONCENTRATION", "EXPECTED", "EXPECTED_IN_ALL",
    "HELD", "LEAST_AGAIN", "NOT_SEEN", "TENTHS", "WHY", "Chosen", "Expectation", "Forecast",
    "activity", "ahead", "alive", "choose", "concentration", "expect", "forecast", "held", "judge",
    "tenths",
]  # fmt: skip
__dir__ = __all__.copy
