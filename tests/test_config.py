"""Settings are typed and whole; a wrong one is answered with file, line, section and the mend."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from workbench import config, errors, schema


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "workbench.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(config, "find", lambda *_: None)
    settings = config.load()
    assert (settings.currency, settings.timezone, settings.tables) == (None, None, {})
    assert settings.churn == config.ChurnSettings(
        due_from=0.8, risk_from=1.2, lost_from=3.0, min_intervals=2
    )
    assert settings.rfm == config.RFMSettings(
        basis="total", method="quantile", bins=5, high_from=4, window_days=None, thresholds=None
    )


def test_the_nearest_file_upwards_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'currency = "EUR"')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert config.load().currency == "EUR"
    assert config.load().root == tmp_path.resolve()
    write(tmp_path / "a", 'currency = "USD"')
    assert config.load().currency == "USD"
    assert config.load(tmp_path).currency == "EUR", "a folder stands for the file in it"


def test_sources_are_relative_to_the_file(tmp_path: Path) -> None:
    write(tmp_path, '[tables.orders]\nsource = "data/orders.csv"\n')
    settings = config.load(tmp_path / "workbench.toml")
    assert settings.source("orders") == tmp_path.resolve() / "data" / "orders.csv"


def test_an_absolute_source_stays_where_it_is(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.csv"
    write(tmp_path, f"[tables.orders]\nsource = '{elsewhere}'\n")
    assert config.load(tmp_path).source("orders") == elsewhere


def test_every_option_of_a_table_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
[tables.orders]
source = "o.txt"
date_format = "%Y%m%d"
encoding = "gb18030"
separator = ";"
timezone = "UTC"
max_reject_rate = 0.1
drop_duplicates = true
widths = {customer_id = [0, 6], day = [7, 15]}
[tables.orders.columns]
ordered_at = "day"
""",
    )
    table = config.load(tmp_path).table("orders")
    assert table.widths == {"customer_id": (0, 6), "day": (7, 15)}
    assert table.columns == {"ordered_at": "day"}
    assert (table.max_reject_rate, table.drop_duplicates) == (0.1, True)


def test_settings_cannot_be_changed_in_passing() -> None:
    with pytest.raises(ValidationError):
        config.Settings().currency = "EUR"  # type: ignore[misc]


def test_the_settings_of_the_samples_name_every_table(root: Path) -> None:
    settings = config.load(root)
    assert set(settings.tables) == set(schema.TABLES)
    defaults = config.Settings(root=Path())
    shown = (settings.rfm, settings.churn, settings.report.timeout_minutes)
    assert shown == (
        defaults.rfm,
        defaults.churn,
        defaults.report.timeout_minutes,
    ), "the samples' file shows the defaults"
    assert settings.currency == "CNY", "a currency is stated, never a default"


WRONG: dict[str, tuple[str, str]] = {
    "unknown key": (
        "currency = 'CNY'\ncurency = 'EUR'\n",
        r"workbench\.toml, line 2: unknown setting 'curency'\.\nDid you mean 'currency'\? Known: ",
    ),
    "unknown key of a section": (
        "[churn]\ndue_from = 0.8\n\ndue_form = 0.9\n",
        r"line 4, \[churn\]: unknown setting 'due_form'\.\nDid you mean 'due_from'\? Known: due_from",
    ),
    "unknown section": (
        "[chrun]\na = 1\n",
        r"line 1.*unknown setting 'chrun'\.\nDid you .*'churn'",
    ),
    "unknown table": (
        "[tables.order]\nsource = 'o.csv'\n",
        r"line 1, \[tables\.order\]: unknown table 'order'\.\nDid you mean 'orders'\? Known: custom",
    ),
    "unknown column": (
        "[tables.orders]\nsource = 'o'\n[tables.orders.columns]\n\nCustomerID = 'customer_id'\n",
        r"line 5, \[tables\.orders\.columns\]: the table 'orders' has no column 'CustomerID'\.\n"
        r"Did you mean 'customer_id'\? Ours stands left, the file's own name right",
    ),
    "unknown option of a table": (
        "[tables.orders]\nsource = 'o'\nseperator = ';'\n",
        r"line 3, \[tables\.orders\]: unknown setting 'seperator'\.\nDid you mean 'separator'",
    ),
    "no source": (
        "[tables.orders]\nencoding = 'gbk'\n",
        r"line 1, \[tables\.orders\]: 'source' is missing\.\nWrite source",
    ),
    "bands that do not rise": (
        "[churn]\ndue_from = 1.5\n",
        r"line 1, \[churn\]: The bands do not rise: due_from 1\.5, risk_from 1\.2, lost_from 3\."
        r"\nWrite due_from < risk_from < lost_from\.",
    ),
    "equal bands": ("[churn]\nlost_from = 1.2\n", r"The bands do not rise"),
    "negative band": ("[churn]\ndue_from = -1\n", r"line 2, \[churn\]: 'due_from' is -1\.\n.*0"),
    "infinite band": ("[churn]\nlost_from = inf\n", r"'lost_from' is inf\.\n"),
    "too many intervals": ("[churn]\nmin_intervals = 4\n", r"'min_intervals' is 4\.\n.*3"),
    "half an interval": ("[churn]\nmin_intervals = 1.5\n", r"'min_intervals' is 1\.5\.\n"),
    "unknown method": (
        "[rfm]\nmethod = 'quantil'\n",
        r"line 2, \[rfm\]: 'method' is 'quantil'\.\n",
    ),
    "high above the bins": (
        "[rfm]\nbins = 3\n",
        r"\[rfm\]: high_from is 4, above the highest score 3 \(bins\)\.\nWrite a number from 2 to 3",
    ),
    "fixed without thresholds": (
        "[rfm]\nmethod = 'fixed'\nthresholds = {frequency = 3}\n",
        r"method 'fixed' needs a threshold for monetary, recency_days\.\nWrite thresholds = ",
    ),
    "unknown threshold": ("[rfm]\nthresholds = {recency = 3}\n", r"line 2, \[rfm"),
    "unknown time zone": (
        "timezone = 'Asia/Beijing'\n",
        r"line 1: There is no time zone called 'Asia/Beijing'\.\n",
    ),
    "unknown time zone of a table": (
        "[tables.orders]\nsource='o'\ntimezone = 'Asia/Shanghia'\n",
        r"line 3, \[tables\.orders\]: There is no time zone.*\nDid you mean 'Asia/Shanghai'",
    ),
    "no currency": ("currency = 'yuan'\n", r"line 1: 'currency' is 'yuan'\.\n"),
    "text for a section": ("churn = 'strict'\n", r"line 1: 'churn' is 'strict'\.\n"),
    "text for tables": ("tables = 'orders.csv'\n", r"line 1: 'tables' is 'orders\.csv'\.\n"),
    "text for a table": (
        "[tables]\norders = 'orders.csv'\n",
        r"line 2, .*'orders' is 'orders\.csv'",
    ),
    "text for columns": ("[tables.orders]\nsource = 'o'\ncolumns = 'a'\n", r"'columns' is 'a'\.\n"),
    "reject rate above one": (
        "[tables.orders]\nsource = 'o'\nmax_reject_rate = 5\n",
        r"line 3, \[tables\.orders\]: max_reject_rate is 5\.\n",
    ),
    "a truth value for a number": (
        "[rfm]\nbins = true\n",
        r"line 2, \[rfm\]: 'bins' is true\.\nWrite a whole number: bins = 5\.",
    ),
    "a text for a number": (
        "[churn]\ndue_from = '0.8'\n",
        r"'due_from' is '0\.8'\.\nWrite a number: due_from = 0\.8\.",
    ),
    "a number for a text": (
        "[worklist]\nstore = 5\n",
        r"line 2, \[worklist\]: 'store' is 5\.\nWrite a text in quotes: store = \"data/worklist",
    ),
    "an empty text": (
        "[report]\nfolder = ''\n",
        r"'folder' is ''\.\nWrite a text that is not empty",
    ),
    "too many bins": ("[rfm]\nbins = 11\n", r"'bins' is 11\.\nWrite a number up to 10: bins = 5\."),
    "no band": ("[churn]\ndue_from = 0\n", r"'due_from' is 0\.\nWrite a number above 0: due_from"),
    "no capacity": ("[nurture]\ncapacity = 0\n", r"'capacity' is 0\.\nWrite a number from 1 on\."),
    "no finite band": ("[churn]\nrisk_from = nan\n", r"is nan\.\nWrite a finite number: risk_from"),
    "no choice": (
        "[rfm]\nbasis = 'sum'\n",
        r"'basis' is 'sum'\.\nWrite 'total' or 'average': basis = \"total\"\.",
    ),
    "a day for a currency": (
        "currency = 2026-01-01\n",
        r"'currency' is 2026-01-01\.\nWrite a text",
    ),
    "no country": (
        "[nurture]\ncountry = 'cn'\n",
        r"'cn'\.\nWrite two capital letters, such as 'CN'",
    ),
    "three letters": ("currency = 'eur'\n", r"'eur'\.\nWrite three capital letters, such as 'EUR'"),
    "a nested number": (
        "[rfm]\nthresholds = {frequency = true}\n",
        r"\[rfm\.thresholds\]: 'frequency' is true\.\nWrite a number\.",
    ),
    "a nested name": (
        "[rfm.thresholds]\nrecencydays = 3\n",
        r"line 2, \[rfm\.thresholds\]: unknown setting 'recencydays'\.\nDid you mean 'recency_days'",
    ),
    "due is a text": (
        "[report.due]\nmonthly_customers = 'en'\n",
        r"line 2, \[report\.due\]: 'monthly_customers' is 'en'\.\n"
        r"Write a list in square brackets: \[report\.due\] monthly_customers = \[\"en\"\]\.",
    ),
    "due in another language": (
        "[report.due]\nmonthly_customers = ['en', 'de']\n",
        r"\['en', 'de'\]\.\nWrite a list in square brackets, of 'en' or 'zh': \[report\.due\]",
    ),
    "due is a list": (
        "[report]\ndue = ['monthly_customers']\n",
        r"line 2, \[report\]: 'due' is .*\nWrite a section of its own, or names and values",
    ),
    "a list for a section": ("[[rfm]]\nbins = 3\n", r"'rfm' is \[.*\nWrite a section of its own"),
    "a truth value for an option": (
        "[tables.orders]\nsource = 'o'\nmax_reject_rate = true\n",
        r"line 3, \[tables\.orders\]: 'max_reject_rate' is true\.\nWrite a number\.",
    ),
    "a text for a truth value": (
        "[tables.orders]\nsource = 'o'\nday_first = 'maybe'\n",
        r"'day_first' is 'maybe'\.\nWrite true or false\.",
    ),
    "several kinds of value": (
        "[tables.orders]\nsource = 'o'\nsheet = [3]\n",
        r"line 3, \[tables\.orders\]: 'sheet' is \[3\]\.\nWrite a text in quotes or a",
    ),
    "no time at all": (
        "[report]\ntimeout_minutes = 0\n",
        r"line 2, \[report\]: 'timeout_minutes' is 0",
    ),
    "root": (
        "root = '/'\n",
        r"line 1: unknown setting 'root'\.\nSources are relative to this file",
    ),
    "no TOML": (
        "currency = CNY\n",
        r"workbench\.toml: this is not TOML: .*line 1.*\nWrite names as",
    ),
    "twice the same": ("[churn]\n[churn]\n", r"this is not TOML"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_setting_is_answered_with_line_section_and_mend(kind: str, tmp_path: Path) -> None:
    text, message = WRONG[kind]
    with pytest.raises(errors.ConfigError) as caught:
        config.load(write(tmp_path, text))
    said = str(caught.value)
    assert re.search(message, said), said
    assert not re.search("Input should|should be a valid|should have|should match", said), said
    assert said.startswith(str(tmp_path))
    assert caught.value.mend


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigError, match=r"byte 15 is not UTF-8\.\nSave the file as UTF-8"):
        config.load(write(tmp_path, b"currency = 'CN\xff'"))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert config.load(write(tmp_path, b"\xef\xbb\xbfcurrency = 'EUR'")).currency == "EUR"


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, "")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(errors.ConfigError, match=r"cannot be read .*\nCheck its permissions"):
        config.load(path)


def test_a_named_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.SourceNotFoundError, match=r"settings: there is no file"):
        config.load(tmp_path / "other.toml")


def test_a_table_without_a_source_says_how_to_name_it() -> None:
    with pytest.raises(errors.ConfigError, match=r"\[tables\.orders\] source = "):
        config.Settings(root=Path()).table("orders")
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'orders'"):
        config.Settings(root=Path()).table("order")
