"""Every option of a load is written once; the doors that take it cannot differ."""

import dataclasses
import inspect
from pathlib import Path

import pytest

from workbench import config, errors, loaders
from workbench.config import TableSettings
from workbench.load_options import LoadOptions

NAMES = [entry.name for entry in dataclasses.fields(LoadOptions)]
WRONG = {
    "timezone": "Asia/Beijing",
    "local_timezone": "Asia/Beijing",
    "encoding": "none such",
    "separator": ";;",
    "decimal": "x",
    "widths": {"customer_id": (6, 0)},
    "header_row": 0,
    "sql": " ; ",
    "max_reject_rate": 5,
}


@pytest.mark.parametrize("door", [loaders.load, loaders.propose])
def test_load_and_propose_take_every_option_and_say_so(door: object) -> None:
    taken = inspect.signature(door).parameters  # type: ignore[arg-type]
    assert next(iter(taken)) == "source"
    assert set(NAMES) | {"table"} <= set(taken)
    assert all(parameter.kind == parameter.KEYWORD_ONLY for parameter in list(taken.values())[1:])


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_option_is_refused_at_every_door_and_named(name: str) -> None:
    stated = {name: WRONG[name]}
    with pytest.raises(errors.ParameterError) as caught:
        loaders.load("nowhere.csv", **stated)
    assert caught.value.option == name
    assert caught.value.mend
    with pytest.raises(errors.ParameterError, match=str(caught.value.what)[:12]):
        loaders.propose("nowhere.csv", **stated)
    with pytest.raises(errors.ParameterError, match=str(caught.value.what)[:12]):
        TableSettings(source="nowhere.csv", **stated)


def test_an_option_that_is_none_is_an_error_of_the_call() -> None:
    with pytest.raises(TypeError, match="seperator"):
        loaders.load("nowhere.csv", seperator=";")


def test_what_makes_no_difference_to_the_rows_is_no_part_of_the_key() -> None:
    plain = LoadOptions(decimal=",")
    allowed = LoadOptions(decimal=",", max_reject_rate=1.0, sql="SELECT 1")
    assert allowed.key() == plain.key() == {"decimal": ","}
    assert LoadOptions(columns={"amount": "x"}).key() == {"columns": {"amount": "x"}}


def test_a_map_that_is_changed_later_changes_no_options() -> None:
    columns = {"amount": "x"}
    options = LoadOptions(columns=columns)
    columns["amount"] = "y"
    assert options.columns == {"amount": "x"}


def test_a_table_s_own_local_zone_goes_before_that_of_all_tables(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("customer_id,ordered_at,amount\na,2026-03-05 10:00:00Z,1\n")
    text = "timezone = 'Asia/Shanghai'\n[tables.orders]\nsource = 'o.csv'\n"
    for own, hour in (("", 18), ("local_timezone = 'UTC'\n", 10)):
        (tmp_path / "workbench.toml").write_text(text + own)
        table = loaders.load_configured("orders", config.load(tmp_path)).table
        assert table["ordered_at"].dt.hour.tolist() == [hour]
