"""The ledger panel: what it shows is what the loaders say."""

from pathlib import Path

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


def test_beside_other_tables_it_says_which_share_no_id_and_that_the_day_is_far(
    loaded: dict[str, loaders.Loaded], tmp_path: Path
) -> None:
    names = tmp_path / "customers.csv"
    names.write_text("customer_id,customer_name\nK1,Ada\n")
    customers = loaders.load(names, table="customers", cache=tmp_path)
    panel = widgets.ledger({**loaded, "customers": customers}, as_of="2030-01-31")
    assert "have hardly any Customer ID in common: 0 of 60 in the former" in panel.sentence
    assert panel.sentence.endswith("31 Jan 2030 lies far after the data, which end on 2 Oct 2026.")
    panel.set(lang="zh")
    assert "的客户编号几乎对不上" in panel.sentence
    reproduced(panel, loaded={**loaded, "customers": customers})
    assert "far" not in widgets.ledger(loaded, as_of="2026-10-31").sentence


def test_a_hostile_value_is_inert_on_the_page_and_no_code_is_in_a_file(
    loaded: dict[str, loaders.Loaded],
) -> None:
    panel = widgets.ledger(loaded, words=Words("zh"))
    assert "<img" not in panel._page._main.value
    _, content = panel.file("csv")
    assert "不是数字" in content.decode("utf-8-sig")
