"""The ledger panel: what it shows is what the loaders say."""

import pandas as pd
import pytest
from spoken import reproduced

from workbench import loaders, widgets
from workbench.words import Words

HOSTILE = "<img src=x onerror=alert(1)>"


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


def test_the_checks_and_the_rejects_of_the_chosen_table_are_shown(
    loaded: dict[str, loaders.Loaded],
) -> None:
    panel = widgets.ledger(loaded)
    pd.testing.assert_frame_equal(panel.table, loaded["orders"].ledger.summary())
    assert panel.actions is not None
    assert panel.actions["value"].tolist() == [HOSTILE]
    assert panel.actions["reason"].tolist() == ["not a number"]
    assert panel.sentence.startswith("One of 62 rows was rejected")
    panel.set(source="owners", lang="zh")
    assert panel.actions is not None
    assert panel.actions.empty
    assert panel.sentence == "全部1行均已保留"


def test_of_a_single_source_there_is_nothing_to_choose(loaded: dict[str, loaders.Loaded]) -> None:
    panel = widgets.ledger(loaded["orders"])
    assert panel.values == {}
    reproduced(panel, loaded=loaded["orders"])


def test_a_hostile_value_is_inert_on_the_page_and_no_code_is_in_a_file(
    loaded: dict[str, loaders.Loaded],
) -> None:
    panel = widgets.ledger(loaded, words=Words("zh"))
    assert "<img" not in panel._page._main.value
    _, content = panel.file("csv")
    assert "不是数字" in content.decode("utf-8-sig")
