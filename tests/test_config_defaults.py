"""A new settings file says every setting once, and what it says holds."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from workbench import config, errors
from workbench.config.sections import Section

SETTING = re.compile(r"^# (\w+ = )", re.M)
SECTIONS = {
    name: entry.annotation
    for name, entry in config.Settings.model_fields.items()
    if isinstance(entry.annotation, type) and issubclass(entry.annotation, Section)
}


def loaded(folder: Path, text: str) -> config.Settings:
    (folder / config.FILE_NAME).write_text(text, encoding="utf-8")
    return config.load(folder)


def test_a_new_file_sets_nothing_that_was_not_stated(tmp_path: Path) -> None:
    assert loaded(tmp_path, config.settings_as_toml()) == config.Settings(root=tmp_path)


def test_what_was_stated_is_set(tmp_path: Path) -> None:
    text = config.settings_as_toml(currency="EUR", timezone="Europe/Berlin")
    stated = config.Settings(root=tmp_path, currency="EUR", timezone="Europe/Berlin")
    assert loaded(tmp_path, text) == stated


def test_every_setting_stands_there_with_its_default(tmp_path: Path) -> None:
    text = SETTING.sub(r"\1", config.settings_as_toml())
    said = tomllib.loads(text)
    defaults = config.Settings(root=tmp_path)
    settings = loaded(tmp_path, text)
    for name, kind in SECTIONS.items():
        assert list(said[name]) == list(kind.model_fields)
        for key in kind.model_fields:
            default: Any = getattr(getattr(defaults, name), key)
            if default not in (None, {}):
                assert getattr(getattr(settings, name), key) == default, f"{name}.{key}"
    assert {*said} == {*config.Settings.model_fields} - {"root", "tables"}


@pytest.mark.parametrize("line", SETTING.findall(config.settings_as_toml()))
def test_a_line_is_uncommented_on_its_own(line: str, tmp_path: Path) -> None:
    text = config.settings_as_toml('[tables.orders]\nsource = "orders.csv"')
    settings = loaded(tmp_path, text.replace(f"# {line}", line))
    assert settings.tables["orders"] == config.TableSettings(source="orders.csv")


def test_every_setting_says_what_it_is_for() -> None:
    assert not re.findall(r"^.*# (?:None)?$", config.settings_as_toml(), re.M)


def test_a_settings_file_that_stands_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / config.FILE_NAME
    assert config.save_new(place, 'currency = "EUR"\n')
    assert not config.save_new(place, 'currency = "GBP"\n')
    assert place.read_text(encoding="utf-8") == 'currency = "EUR"\n'


def test_a_new_settings_file_that_makes_no_sense_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigError, match="unknown setting"):
        config.save_new(tmp_path / config.FILE_NAME, "curency = 1\n")
    assert list(tmp_path.iterdir()) == []
