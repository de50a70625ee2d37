"""Who is due to buy again, and who is slipping away, by their own rhythm?

``warn`` compares the days since a customer's last purchase with the mean of the last three
intervals. ``call_list`` says whom to call first, ``workload`` how many calls that is for
whom, and ``costs`` what another band would cost. The bands, by ratio = days since last / mean:

===================  =============================================  ========
warning              ratio                                          zh
===================  =============================================  ========
not_due              below ``due_from`` (0.8)                       未到期
likely_repurchase    from ``due_from``, below ``risk_from`` (1.2)   可能复购
churn_risk           from ``risk_from``, below ``lost_from`` (3)    流失风险
lost                 from ``lost_from``                             已流失
too_little_history   fewer intervals than ``min_intervals`` (2)     数据不足
===================  =============================================  ========

``backtest`` says how good such a warning was on past days, beside other rules.
"""

from workbench.churn.backtests import JUDGED, WARNED_OF, Backtest, backtest
from workbench.churn.bands import (
    ABSENT,
    BANDS,
    WARNED,
    WARNINGS,
    Band,
    WarningName,
    banded,
    warn,
)
from workbench.churn.calls import (
    CALL_LIST,
    CALLS,
    WORKLOAD,
    WORKLOAD_CHANGE,
    call_list,
    workload,
    workload_change,
)
from workbench.churn.costs import COSTS, costs
from workbench.churn.rules import RULES, THRESHOLDS, Rule
from workbench.churn.totals import CHANGES, RATIOS, SUMMARY, changes, ratios, summary
from workbench.churn.track_record import BY_DATE, CALIBRATION, CONTACTS, DATES, RECORD, TRIED

__all__ = [
    "ABSENT", "BANDS", "BY_DATE", "CALIBRATION", "CALLS", "CALL_LIST", "CHANGES", "CONTACTS",
    "COSTS", "DATES", "JUDGED", "RATIOS", "RECORD", "RULES", "SUMMARY", "THRESHOLDS", "TRIED",
    "WARNED", "WARNED_OF", "WARNINGS", "WORKLOAD", "WORKLOAD_CHANGE", "Backtest", "Band", "Rule",
    "WarningName", "backtest", "banded", "call_list", "changes", "costs", "ratios", "summary", "warn",
    "workload", "workload_change",
]  # fmt: skip
__dir__ = __all__.copy
