"""A table's entry is written into workbench.toml: comments kept, whole or not at all."""

import dataclasses
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from workbench import config, errors
from workbench.config import TableSettings, writing
from workbench.load_options import LoadOptions

KEPT = """# What we sell, and where it stands.
currency = "EUR"   # the one we are paid in

[tables.customers]
source = "customers.csv"    # from the CRM

[tables.orders]
# exported every Monday
source = "old.csv"          # the shop
encoding = "gb18030"

[tables.orders.columns]
customer_id = "Kunde"       # not the debtor
amount = "Betrag"

[churn]
due_from = 0.7              # agreed in May
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "workbench.toml"
    path.write_text(KEPT, encoding="utf-8")
    return path


def test_an_entry_is_changed_and_everything_else_stays(file: Path) -> None:
    table = TableSettings(
        source="new.csv",
        columns={"customer_id": "Kunde", "amount": "Menge * Preis", "ordered_at": "Datum"},
        decimal=",",
        day_first=True,
    )
    config.save_table(file, "orders", table, replace=True)
    text = file.read_text(encoding="utf-8")
    for line in KEPT.splitlines():
        changed = line.startswith(('source = "old', "encoding", "amount"))
        assert changed or line in text.splitlines(), line
    assert 'source = "new.csv"' in text
    assert "the shop" in text, "what is said beside a changed value stays beside it"
    assert "encoding" not in text
    settings = config.load(file)
    assert settings.tables["orders"] == table
    assert settings.churn.due_from == 0.7


def test_a_new_table_is_added(file: Path) -> None:
    config.save_table(file, "owners", TableSettings(source="staff.csv", separator="\t"))
    assert file.read_text(encoding="utf-8").startswith(KEPT.rstrip()[:200])
    settings = config.load(file)
    assert settings.tables["owners"].separator == "\t"
    assert set(settings.tables) == {"customers", "orders", "owners"}


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    saved = config.save_table(tmp_path, "orders", TableSettings(source="o.csv"))
    assert saved == (tmp_path / "workbench.toml").resolve()
    assert config.load(tmp_path).tables["orders"].source == "o.csv"


def test_saving_twice_changes_nothing(file: Path) -> None:
    table = config.load(file).tables["orders"]
    config.save_table(file, "orders", table)
    once = file.read_text(encoding="utf-8")
    config.save_table(file, "orders", table)
    assert file.read_text(encoding="utf-8") == once == KEPT


def test_the_samples_settings_keep_every_comment(root: Path, tmp_path: Path) -> None:
    before = (root / "workbench.toml").read_text(encoding="utf-8")
    (tmp_path / "workbench.toml").write_text(before, encoding="utf-8")
    config.save_table(
        tmp_path,
        "orders",
        TableSettings(source="o.csv", columns={"customer_id": "客户编号"}),
        replace=True,
    )
    after = (tmp_path / "workbench.toml").read_text(encoding="utf-8")
    comments = [line.strip() for line in before.splitlines() if "#" in line]
    assert [line for line in comments if line not in after] == []
    assert config.load(tmp_path).tables["orders"].columns == {"customer_id": "客户编号"}


def test_every_option_comes_back_as_it_was_written(tmp_path: Path) -> None:
    stated: dict[str, Any] = {
        "columns": {"amount": 'a"b * c\\d'},
        "date_format": "%d.%m.%Y",
        "encoding": "gb18030",
        "separator": "|",
        "decimal": ",",
        "day_first": False,
        "widths": {"customer_id": (0, 6)},
        "timezone": "Asia/Shanghai",
        "max_reject_rate": 0.2,
        "drop_duplicates": True,
        "sheet": "订单 [1]",
        "header_row": 3,
        "local_timezone": "Europe/Berlin",
        "where": {"Deal Stage": ("Won", 'Geld "da"')},
        "fill_down": ("Order", "Kunde"),
        "distinct": True,
        "sale_status": ("bezahlt",),
        "no_sale_status": ("wartet", "取消"),
        "amount_is": "order",
        "same_order": "add",
        "id_case": "fold",
        "plausible": ("2015-01-01", "2027-12-31"),
    }
    asked = {"sql": "select 'x' -- # no comment"}, {"db_table": "sales.orders"}
    known = {entry.name for entry in dataclasses.fields(LoadOptions)}
    assert known == {*stated, "sql", "db_table"}, "a new option is saved, too"
    (tmp_path / "workbench.toml").write_text('timezone = "UTC"\n', encoding="utf-8")
    for more in asked:
        table = TableSettings(source="sqlite:///shop.db", **stated, **more)
        config.save_table(tmp_path, "orders", table)
        assert config.load(tmp_path).tables["orders"] == table


def test_the_zone_that_times_become_goes_to_the_top(file: Path) -> None:
    table = TableSettings(source="old.csv", local_timezone="Asia/Shanghai")
    config.save_table(file, "orders", table)
    settings = config.load(file)
    assert settings.timezone == "Asia/Shanghai"
    assert settings.tables["orders"].local_timezone is None
    other = dataclasses.replace(table, local_timezone="Europe/Berlin")
    config.save_table(file, "orders", other)
    settings = config.load(file)
    assert settings.timezone == "Asia/Shanghai", "the other tables are read with it"
    assert settings.tables["orders"].local_timezone == "Europe/Berlin"


def test_a_table_of_another_source_is_replaced_only_when_asked(file: Path) -> None:
    with pytest.raises(errors.ConfigError, match=r"names 'old\.csv' already.*\n.*--replace"):
        config.save_table(file, "orders", TableSettings(source="new.csv"))
    assert file.read_text(encoding="utf-8") == KEPT
    config.save_table(file, "orders", TableSettings(source="new.csv"), replace=True)
    assert config.load(file).tables["orders"].source == "new.csv"


def test_a_source_below_the_settings_is_written_relative_to_them(tmp_path: Path) -> None:
    inside = TableSettings(source=str(tmp_path / "data" / "o.csv"))
    config.save_table(tmp_path, "orders", inside)
    assert config.load(tmp_path).tables["orders"].source == "data/o.csv"
    elsewhere = str(tmp_path.parent / "o.csv")
    config.save_table(tmp_path, "orders", TableSettings(source=elsewhere), replace=True)
    assert config.load(tmp_path).tables["orders"].source == elsewhere


@pytest.mark.parametrize(
    "before", ["tables = {orders = {source = 'a.csv'}}\n", "tables.orders.source = 'a.csv'\n",
               "[tables]\norders = {source = 'a.csv', columns = {amount = 'x'}}\n",
               "[tables]\norders.source = 'a.csv'\n"],
)  # fmt: skip
def test_however_the_table_is_written_it_is_changed_or_left_whole(
    tmp_path: Path, before: str
) -> None:
    path = tmp_path / "workbench.toml"
    path.write_text(before, encoding="utf-8")
    table = TableSettings(source="b.csv", columns={"amount": "y", "customer_id": "z"}, decimal=",")
    try:
        config.save_table(path, "orders", table, replace=True)
    except errors.ConfigError:
        assert path.read_text(encoding="utf-8") == before
    else:
        assert config.load(path).tables["orders"] == table


def test_a_file_that_is_wrong_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "workbench.toml"
    for wrong in (b"this is not toml", b"curency = 'EUR'\n", b"\xff\xfe"):
        path.write_bytes(wrong)
        with pytest.raises(errors.ConfigError):
            config.save_table(path, "orders", TableSettings(source="o.csv"))
        assert path.read_bytes() == wrong


def test_an_unknown_table_or_column_is_refused(file: Path) -> None:
    with pytest.raises(errors.UnknownNameError, match="'orders'"):
        config.save_table(file, "order", TableSettings(source="o.csv"))
    with pytest.raises(errors.UnknownNameError, match="'customer_id'"):
        config.save_table(file, "orders", TableSettings(source="o.csv", columns={"customer": "x"}))
    assert file.read_text(encoding="utf-8") == KEPT


def test_a_disk_without_room_leaves_the_last_good_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(errors.ConfigError, match=r"cannot be written \(No space left"):
        config.save_table(file, "orders", TableSettings(source="o.csv"), replace=True)
    assert file.read_text(encoding="utf-8") == KEPT
    assert [path.name for path in file.parent.iterdir()] == ["workbench.toml"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigError, match=r"cannot be written .*\nCheck the folder"):
        config.save_table(
            tmp_path / "nowhere" / "workbench.toml", "orders", TableSettings(source="o.csv")
        )


def test_what_somebody_else_wrote_meanwhile_is_not_lost(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_: int) -> None:
        file.write_text(KEPT + "# theirs\n", encoding="utf-8")

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(errors.ConfigError, match=r"changed meanwhile\.\nSave again"):
        config.save_table(file, "orders", TableSettings(source="o.csv"), replace=True)
    assert file.read_text(encoding="utf-8").endswith("# theirs\n")


def test_permissions_stay(file: Path) -> None:
    file.chmod(0o640)
    config.save_table(file, "orders", TableSettings(source="o.csv"), replace=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_the_proposed_block_is_what_would_be_saved(tmp_path: Path) -> None:
    table = TableSettings(source="o.csv", columns={"amount": "数量 * 单价"}, encoding="gb18030")
    (tmp_path / "workbench.toml").write_text(
        writing.table_as_toml("orders", table) + "\n", encoding="utf-8"
    )
    assert config.load(tmp_path).tables["orders"] == table


@pytest.mark.parametrize(
    "address", ["postgresql://ana:s3cret@db/shop", "https://ana:s3cret@shop.example/o.csv",
                "postgresql://db/shop?user=ana&password=s3cret"],
)  # fmt: skip
def test_a_password_is_never_written_into_the_settings(file: Path, address: str) -> None:
    table = TableSettings(source=address)
    named = address.replace("s3cret", "${NAME}")
    for write in (
        lambda: config.save_table(file, "orders", table, replace=True),
        lambda: config.table_as_toml("orders", table),
    ):
        with pytest.raises(errors.ConfigError, match="holds a password") as caught:
            write()
        assert f"and name that: '{named}'" in caught.value.mend
        assert "s3cret" not in str(caught.value)
    assert file.read_text(encoding="utf-8") == KEPT
    config.save_table(file, "orders", TableSettings(source=named), replace=True)
    assert config.load(file).tables["orders"].source == named
