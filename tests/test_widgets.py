"""The panels: what they show is what the answers say, and their code gives the same view."""

from typing import Any

import pandas as pd
import pytest

from workbench import (
    loaders,
    purchases,
    samples,
    widgets,
)
from workbench.panel import Panel
from workbench.words import has

AS_OF = "2026-10-31"
PAST = ["2026-01-31", "2026-03-31", "2026-06-30"]
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    tables = samples.company(customers=300, seed=7)
    customers = tables["customers"]
    # Names come from outside: one is hostile, one customer is not in the list at all.
    customers.loc[customers.index[0], "customer_name"] = HOSTILE
    return {**tables, "customers": customers.iloc[:-1]}


@pytest.fixture(scope="module")
def history(company: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return purchases.history(company["orders"], as_of=AS_OF)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, loaders.Loaded]:
    folder = tmp_path_factory.mktemp("loaded")
    orders = folder / "orders.csv"
    orders.write_text(
        "customer_id,ordered_at,amount\n"
        + "".join(f"c{i},2026-10-01,{i}.5\n" for i in range(60))
        + f"c1,2026-10-02,{HOSTILE}\n,2026-10-02,5\n"
    )
    owners = folder / "owners.csv"
    owners.write_text("owner_id,owner_name,team\nx,Lin Yue,North\n")
    return {
        "orders": loaders.load(orders, cache=folder / "cache"),
        "owners": loaders.load(owners, table="owners", cache=folder / "cache"),
    }


def reproduced(panel: Panel, **given: Any) -> None:
    """Run the panel's code as a reader would, and compare all it makes."""
    names = dict(given)
    exec(panel.code, names)
    pd.testing.assert_frame_equal(names["table"], panel.table)
    if panel.actions is not None:
        pd.testing.assert_frame_equal(names["actions"], panel.actions)
    assert names["figure"].to_plotly_json().keys() == panel.figure.to_plotly_json().keys()
    assert names["figure"] == panel.figure


# All


def test_no_raw_code_and_no_unlabelled_column_is_shown(
    loaded: dict[str, loaders.Loaded],
) -> None:
    for panel in (widgets.ledger(loaded),):
        for table in (panel.table, panel.actions):
            assert table is not None
            missing = [name for name in table.columns if not has(f"column.{name}")]
            assert missing == []
        for kind in ("csv",):
            _, content = panel.set(lang="zh").file(kind)
            for code in ("key_", "general_", "churn_risk", "likely_repurchase", "absent"):
                assert code not in content.decode("utf-8-sig")
