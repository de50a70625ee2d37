"""How does a table's entry get into ``workbench.toml``, so that nothing else in it changes?

The file is rewritten beside its place, read back with the same checks as any, and moved there in
one step: comments, order and other sections stay, and a kill leaves the old file whole.
"""

import dataclasses
import os
import shutil
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from workbench import errors, redaction, schema, scratch
from workbench.config import settings_file
from workbench.config.sections import FILE_NAME, TableSettings


def save_table(path: Path | str, name: str, table: TableSettings, *, replace: bool = False) -> Path:
    r"""Where will this table come from, from now on? Write it into the settings file.

    Parameters
    ----------
    path
        The settings file, or its folder; it is made where there is none.
    name
        The table: orders, customers, order_lines, products, owners.
    table
        Its source, column map and options. What has its default is left out. A ``source`` that is
        a path is relative to the file's folder; one below that folder is written so. A local time
        zone goes to the top, where all tables share it, unless another one stands there.
    replace
        Also where the table already names another source.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ConfigError
        The file is wrong as it stands, or cannot be written, the table names another source, or
        the new one holds a password; it is left as it was.
    UnknownNameError
        There is no such table, or no such column in it.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> settings = folder / "workbench.toml"
    >>> _ = settings.write_text("currency = 'EUR'  # what we sell in\n")
    >>> saved = save_table(settings, "orders", TableSettings(
    ...     source="orders.csv", columns={"customer_id": "Kunde"}, decimal=","))
    >>> print(saved.read_text())
    currency = 'EUR'  # what we sell in
    <BLANKLINE>
    [tables.orders]
    source = "orders.csv"
    decimal = ","
    <BLANKLINE>
    [tables.orders.columns]
    customer_id = "Kunde"
    <BLANKLINE>
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    contract = schema.table(name)
    for column in table.columns:
        contract.column(column)
    target = Path(path)
    target = (target / FILE_NAME if target.is_dir() else target).resolve()
    try:
        text = ""
        if target.exists():
            settings_file.load(target)
            text = target.read_bytes().decode("utf-8-sig")
        document = tomlkit.parse(text)
        table = _zone_on_top(document, table)
        stands = document.get("tables", {}).get(name, {}).get("source")
        said = _said(table, target.parent)
        if stands not in (None, said["source"]) and not replace:
            raise errors.ConfigError(
                f"{target}: [tables.{name}] names '{stands}' already, and was left as it is.",
                mend="Say that it is to be replaced: --replace (in Python, replace=True); or say "
                "which table this is: --table.",
            )
        tables = document.setdefault("tables", tomlkit.table(is_super_table=True))
        _fill(tables, name, said)
        _replace(target, text, tomlkit.dumps(document))
    except errors.WorkbenchError:
        raise
    except OSError as error:
        raise errors.ConfigError(
            f"settings: '{target}' cannot be written ({error.strerror}).",
            mend="Check the folder, its permissions, and that there is room; the file is as it was.",
        ) from error
    except (TOMLKitError, ValueError, TypeError) as error:
        raise errors.ConfigError(
            f"settings: '{target}' cannot be changed without changing more than the table "
            f"'{name}': {error}.",
            mend=f"Write the section yourself:\n{table_as_toml(name, table)}",
        ) from error
    return target


def save_new(path: Path | str, text: str) -> bool:
    """Is this now the settings file? Not where one stands: it is left alone.

    Raises
    ------
    ConfigError
        The text makes no sense as settings, or cannot be written; nothing is written.
    """
    target = Path(path)
    if os.path.lexists(target):
        return False
    try:
        _replace(target, "", text)
    except OSError as error:
        if isinstance(error, errors.WorkbenchError):
            raise
        raise errors.ConfigError(
            f"settings: '{target}' cannot be written ({error.strerror}).",
            mend="Check the folder, its permissions, and that there is room.",
        ) from error
    return True


def _zone_on_top(document: Any, table: TableSettings) -> TableSettings:
    """Write the zone that times become where all tables share it, if none stands there."""
    if table.local_timezone is None:
        return table
    if "timezone" not in document:
        document["timezone"] = table.local_timezone
    if document["timezone"] != table.local_timezone:
        return table
    return dataclasses.replace(table, local_timezone=None)


def table_as_toml(name: str, table: TableSettings) -> str:
    """Write a table's entry as it would stand in ``workbench.toml``.

    Examples
    --------
    >>> print(table_as_toml("orders", TableSettings(source="shop.csv", day_first=True)))
    [tables.orders]
    source = "shop.csv"
    day_first = true
    """
    import tomlkit

    document = tomlkit.document()
    tables = tomlkit.table(is_super_table=True)
    document["tables"] = tables
    _fill(tables, name, _said(table))
    return tomlkit.dumps(document).strip()


def _said(table: TableSettings, folder: Path | None = None) -> dict[str, Any]:
    """Give the settings that are not their defaults, as TOML holds them; never a password."""
    if redaction.has_password(table.source):
        named = redaction.address(table.source).replace("***", "${NAME}")
        raise errors.ConfigError(
            "settings: nothing was written: the source holds a password, which would stand there "
            "for everybody to read.",
            mend=f"Put it into an environment variable (export NAME=…), and name that: '{named}'",
        )
    said = {"source": table.source, **table.given()}
    source = Path(table.source)
    if folder is not None and "://" not in table.source and source.is_absolute():
        here = source.resolve()
        if here.is_relative_to(folder):
            said["source"] = here.relative_to(folder).as_posix()
    return said


def _fill(tables: MutableMapping[str, Any], name: str, said: dict[str, Any]) -> None:
    """Change a section to what is said: what stays keeps its place and its comment."""
    import tomlkit
    from tomlkit.items import InlineTable

    def empty_in(parent: object) -> Any:
        inline = isinstance(parent, InlineTable)
        return tomlkit.inline_table() if inline else tomlkit.table()

    if name not in tables:
        tables[name] = empty_in(tables)
    section = tables[name]
    for key in [key for key in section if key not in said]:
        del section[key]
    for key, value in said.items():
        if isinstance(value, dict):
            if key not in section:
                section[key] = empty_in(section)
            inner = section[key]
            for other in [other for other in inner if other not in value]:
                del inner[other]
            for other, one in value.items():
                if other not in inner or inner[other] != one:
                    inner[other] = one
        elif key not in section or section[key] != value:
            section[key] = value


def _replace(target: Path, before: str, text: str) -> None:
    """Put a new text in a file's place, checked first: whole, or not at all."""
    with scratch.Folder(target.parent) as folder:
        draft = folder / FILE_NAME
        with draft.open("w", encoding="utf-8", newline="") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        try:
            settings_file.load(draft)
        except errors.ConfigError as error:
            what = error.what.replace(str(draft), "what would be written")
            raise errors.ConfigError(
                f"settings: '{target}' was left as it was. {what}", mend=error.mend
            ) from error
        if target.exists():
            if target.read_bytes().decode("utf-8-sig") != before:
                raise errors.ConfigError(
                    f"settings: '{target}' changed meanwhile.", mend="Save again."
                )
            shutil.copymode(target, draft)
        draft.replace(target)
