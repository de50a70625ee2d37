"""Who is due to buy again, and who is slipping away, by their own rhythm?

``warn`` compares the days since a customer's last purchase with the mean of the last three
intervals. ``call_list`` says whom to call first and why, ``workload`` how many calls that is for
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

from workbench.churn.backtests import Backtest, backtest
from workbench.churn.bands import ABSENT, BANDS, WARNINGS, Band, WarningName, warn
from workbench.churn.calls import CALLS, call_list, reason, workload, workload_change
from workbench.churn.costs import costs
from workbench.churn.rules import RULES, THRESHOLDS, Rule
from workbench.churn.totals import changes, ratios, summary

__all__ = [
    "ABSENT",
    "BANDS",
    "CALLS",
    "RULES",
    "THRESHOLDS",
    "WARNINGS",
    "Backtest",
    "Band",
    "Rule",
    "WarningName",
    "backtest",
    "call_list",
    "changes",
    "costs",
    "ratios",
    "reason",
    "summary",
    "warn",
    "workload",
    "workload_change",
]
