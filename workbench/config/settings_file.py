"""Which settings hold here? The nearest ``workbench.toml``, read and checked."""

import dataclasses
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workbench import errors, schema
from workbench.config import refusals
from workbench.config.sections import FILE_NAME, Settings, TableSettings

# pydantic takes a truth value for a number
_KINDS = {entry.name: entry.type for entry in dataclasses.fields(TableSettings)}
_NUMBERS = (int, float, int | None, float | None)


def find(start: Path | str | None = None) -> Path | None:
    """Where is the settings file that holds for a folder? The nearest one upwards, or None.

    Examples
    --------
    >>> find("/") is None
    True
    """
    folder = Path(start or Path.cwd()).resolve()
    for place in (folder, *folder.parents):
        if (place / FILE_NAME).is_file():
            return place / FILE_NAME
    return None


def load(path: Path | str | None = None) -> Settings:
    """Which settings hold here?

    Parameters
    ----------
    path
        A settings file, or a folder with one. None looks for ``workbench.toml`` in the current
        folder and its parents; where there is none, the defaults hold.

    Raises
    ------
    ConfigError
        The file is not TOML, or holds a key or value that makes no sense; the message names file,
        line and section, and the likely key.
    SourceNotFoundError
        A path was given and nothing is there.

    Examples
    --------
    >>> load("/nowhere/workbench.toml")
    Traceback (most recent call last):
    workbench.errors.SourceNotFoundError: settings: there is no file '/nowhere/workbench.toml'.
    Check the path, or leave it out to use the defaults.
    """
    if path is None:
        found = find()
        if found is None:
            return Settings(root=Path.cwd())
    else:
        found = Path(path)
        found = found / FILE_NAME if found.is_dir() else found
        if not found.is_file():
            raise errors.SourceNotFoundError(
                f"settings: there is no file '{found}'.",
                mend="Check the path, or leave it out to use the defaults.",
            )
    try:
        text = found.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise errors.ConfigError(
            f"{found}: byte {error.start + 1} is not UTF-8.", mend="Save the file as UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise errors.ConfigError(
            f"{found}: this is not TOML: {error}.",
            mend='Write names as  name = "text"  and sections as  [section].',
        ) from error
    except OSError as error:
        raise errors.ConfigError(
            f"{found}: cannot be read ({error.strerror}).", mend="Check its permissions."
        ) from error
    if "root" in data:
        raise _refused(
            found, text, ("root",), "unknown setting 'root'", "Sources are relative to this file."
        )
    _check_names(data, found, text)
    try:
        return Settings.model_validate({**data, "root": found.resolve().parent})
    except ValidationError as error:
        place, what, mend = _say(error.errors(), data)
        raise _refused(found, text, place, what, mend) from error


def required() -> Settings:
    """Which settings hold here, where something has to be set up?

    Raises
    ------
    ConfigError
        There is no ``workbench.toml`` here or above; or as ``load``.
    """
    if find() is None:
        raise errors.ConfigError(
            f"Nothing is set up here: there is no {FILE_NAME} in '{Path.cwd()}' or above.",
            mend="Set this folder up: workbench init",
        )
    return load()


def _check_names(data: Mapping[str, Any], path: Path, text: str) -> None:
    """Refuse tables and columns no contract knows, before they are looked for in vain."""
    tables = data.get("tables", {})
    if not isinstance(tables, dict):
        return
    for name, table in tables.items():
        if name not in schema.TABLES:
            known = ", ".join(schema.TABLES)
            mend = f"{errors.did_you_mean(name, schema.TABLES)}Known: {known}."
            raise _refused(path, text, ("tables", name), f"unknown table '{name}'", mend)
        for option, value in table.items() if isinstance(table, dict) else ():
            if isinstance(value, bool) and _KINDS.get(option) in _NUMBERS:
                what = f"'{option}' is {refusals.value(value)}"
                raise _refused(path, text, ("tables", name, option), what, "Write a number.")
        columns = table.get("columns", {}) if isinstance(table, dict) else {}
        for column in columns if isinstance(columns, dict) else ():
            names: tuple[str, ...] = schema.TABLES[name].column_names
            if isinstance(table, dict) and table.get("distinct"):
                # which row of an id is the latest
                names = (*names, "ordered_at")
            if column not in names:
                mend = (
                    f"{errors.did_you_mean(column, names)}"
                    f"Ours stands left, the file's own name right. Known: {', '.join(names)}."
                )
                what = f"the table '{name}' has no column '{column}'"
                raise _refused(path, text, ("tables", name, "columns", column), what, mend)


def _say(findings: Sequence[Any], data: Mapping[str, Any]) -> tuple[tuple[str, ...], str, str]:
    """Say the first of pydantic's findings: the place of the value, what is wrong, and the mend."""
    first = findings[0]
    kind, cause = first["type"], first.get("ctx", {}).get("error")
    place, given = _value_at(first["loc"], data)
    if isinstance(cause, errors.WorkbenchError):
        # a table's own check tells the option in its error
        option = getattr(cause, "option", None)
        return (*place, option) if option else place, cause.what, cause.mend
    if kind == "missing":
        name = str(first["loc"][-1])
        return (*place, name), f"'{name}' is missing", f'Write {name} = "…".'
    is_key = first["loc"][-1] == "[key]"
    if is_key or kind in ("extra_forbidden", "unexpected_keyword_argument"):
        name = place[-1]
        known = re.findall(r"'(\w+)'", first["msg"]) if is_key else _known(place[:-1])
        mend = f"{errors.did_you_mean(name, known)}Known: {', '.join(sorted(known))}."
        return place, f"unknown setting '{name}'", mend
    alike = [one for one in findings if _value_at(one["loc"], data)[0] == place]
    asked = refusals.asked(alike, len(place))
    return place, f"'{place[-1]}' is {refusals.value(given)}", f"Write {asked}{_example(place)}."


def _value_at(loc: Sequence[Any], data: Mapping[str, Any]) -> tuple[tuple[str, ...], Any]:
    """Give the names of the file that lead to a finding, and what stands there."""
    place: list[str] = []
    given: Any = data
    for part in loc:
        if not isinstance(given, Mapping) or part not in given:
            break
        place.append(str(part))
        given = given[part]
    return tuple(place), given


def _example(place: tuple[str, ...]) -> str:
    """Show how the setting is written, where that is known."""
    if place[:2] == ("report", "due"):
        return ': [report.due] monthly_customers = ["en"]'
    fields: Any = Settings.model_fields
    for section in place[:-1]:
        fields = getattr(getattr(fields.get(section), "default", None), "__class__", None)
        fields = getattr(fields, "model_fields", {})
    default = getattr(fields.get(place[-1]), "default", None)
    if isinstance(default, int | float | str):
        return f": {place[-1]} = {json.dumps(default)}"
    return ""


def _known(place: tuple[str, ...]) -> list[str]:
    """List the settings that a section may hold."""
    if place[:1] == ("tables",):
        return [entry.name for entry in dataclasses.fields(TableSettings)]
    section: Any = Settings.model_fields[place[0]].annotation if place else Settings
    return [name for name in section.model_fields if name != "root"]


def _refused(
    path: Path, text: str, place: tuple[str, ...], what: str, mend: str
) -> errors.ConfigError:
    section, line = _find_line(text, place)
    where = f"{path}" + (f", line {line}" if line else "") + (f", [{section}]" if section else "")
    return errors.ConfigError(f"{where}: {what.rstrip('.')}.", mend=mend)


def _find_line(text: str, place: tuple[str, ...]) -> tuple[str, int | None]:
    """Find the section and line a setting stands in; TOML's parser does not tell."""
    section: tuple[str, ...] = ()
    best: tuple[int, int | None] = (-1, None)
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line)
        if header:
            section = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            here = section
        else:
            key = re.match(r"\s*([^=#]+?)\s*=", line)
            if not key:
                continue
            here = section + tuple(part.strip().strip("\"'") for part in key[1].split("."))
        if here == place[: len(here)] and len(here) > best[0]:
            best = (len(here), number)
    container = place if best[0] == len(place) and _is_section(text, place) else place[:-1]
    return ".".join(container), best[1]


def _is_section(text: str, place: tuple[str, ...]) -> bool:
    return re.search(rf"(?m)^\s*\[\s*{re.escape('.'.join(place))}\s*\]", text) is not None
