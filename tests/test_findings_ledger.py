"""The sentence on whether the data can be trusted."""

from types import SimpleNamespace

import pytest

from workbench.findings import ledger


def counts(read, rejected, anonymous):
    return SimpleNamespace(rows_read=read, rows_rejected=rejected, anonymous=anonymous)


@pytest.mark.parametrize(
    ("held", "en", "zh"),
    [
        (counts(0, 0, 0), "The source has no rows", "数据源中没有数据行"),
        (counts(1, 0, None), "The one row was kept", "全部1行均已保留"),
        (counts(200, 0, 0), "All 200 rows were kept", "全部200行均已保留"),
        (
            counts(200, 1, 0),
            "One of 200 rows was rejected (less than 1%)",
            "200行中有1行被剔除（不到1%）",
        ),
        (
            counts(200, 20, 0),
            "20 of 200 rows were rejected (a tenth)",
            "200行中有20行被剔除（一成）",
        ),
        (
            counts(200, 0, 1),
            "All 200 rows were kept; one has no customer and counts in no customer figure",
            "全部200行均已保留；不到1%的行没有客户，不计入客户指标",
        ),
        (
            counts(541_909, 0, 135_080),
            "All 541,909 rows were kept; a quarter have no customer and count in no customer figure",
            "全部541,909行均已保留；四分之一的行没有客户，不计入客户指标",
        ),
    ],
)
def test_rejected_and_anonymous_rows_are_told(held, en, zh):
    assert ledger.sentence(held) == en
    assert ledger.sentence(held, lang="zh") == zh
