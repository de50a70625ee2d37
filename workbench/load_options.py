"""How is a table to be read? Every option of a load once: its name, type, default, help and check.

``loaders.load`` and ``loaders.propose`` take them one by one, a section of ``workbench.toml`` holds
them beside its source, the command line makes its own of them, and the cache is keyed by them.
Importing this loads nothing heavy, so that the command line starts at once.
"""

import codecs
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from workbench import errors

_P = ParamSpec("_P")
_Options = TypeVar("_Options")
_Answer = TypeVar("_Answer")

# What the accepted rows do not depend on: the cache is not keyed by it.
_NO_MATTER = ("source", "table", "cache", "sql", "db_table", "max_reject_rate")


def time_zone(name: str | None) -> str | None:
    """Give the name of a time zone back if there is one.

    Raises
    ------
    ParameterError
        There is no such time zone; the message names the likely one.

    Examples
    --------
    >>> time_zone("Asia/Shanghai")
    'Asia/Shanghai'
    """
    if name is None:
        return None
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = errors.did_you_mean(name, zoneinfo.available_timezones())
        raise errors.ParameterError(
            f"There is no time zone called '{name}'.", mend=f"{near}Write one as 'Asia/Shanghai'."
        ) from error
    return name


def computer_zone() -> str:
    """Which time zone is this computer set to?"""
    import tzlocal

    return str(tzlocal.get_localzone_name())


def codec(encoding: str) -> str:
    """Give the canonical name of an encoding; GB2312 and GBK are read as GB18030.

    Examples
    --------
    >>> codec("GBK"), codec("UTF8")
    ('gb18030', 'utf-8')
    """
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError, TypeError) as error:
        near = errors.did_you_mean(str(encoding), ["utf-8", "gb18030", "gbk", "utf-16", "cp1252"])
        raise errors.ParameterError(
            f"encoding is '{encoding}', which is none.",
            mend=f"{near}Write one such as 'utf-8' or 'gb18030'.",
        ) from error
    return {"gb2312": "gb18030", "gbk": "gb18030", "utf-8-sig": "utf-8"}.get(name, name)


def _encoding(stated: str) -> str:
    codec(stated)
    return stated


def _separator(stated: str) -> str:
    if len(stated) != 1 or stated in '"\r\n':
        raise errors.ParameterError(
            f"separator is {stated!r}.", mend="It is one character, such as ',' or ';' or a tab."
        )
    return stated


def _decimal(stated: str) -> str:
    if stated not in (".", ","):
        raise errors.ParameterError(
            f"decimal is {stated!r}.", mend="Write decimal='.' or decimal=','."
        )
    return stated


def _widths(stated: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    if not stated:
        raise errors.ParameterError(
            "widths names no column.", mend="Write widths={'customer_id': (0, 6), …}."
        )
    checked: dict[str, tuple[int, int]] = {}
    for name, place in stated.items():
        try:
            start, stop = (int(edge) for edge in place)
        except (TypeError, ValueError):
            start, stop = 0, -1
        if not 0 <= start < stop:
            raise errors.ParameterError(
                f"widths: '{name}' is {place!r}.",
                mend="Write where the column starts and stops, counted from 0, the stop left out: "
                f"'{name}': (0, 6) is the first six characters.",
            )
        checked[name] = (start, stop)
    return checked


def _where(stated: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    checked: dict[str, tuple[str, ...]] = {}
    for header, wanted in stated.items():
        values = [wanted] if isinstance(wanted, str) else list(wanted)
        if not values or not all(isinstance(value, str) for value in values):
            raise errors.ParameterError(
                f"where: '{header}' is {wanted!r}.",
                mend=f"Write the value, or several: where={{'{header}': ['Won', 'Paid']}}.",
            )
        checked[header] = tuple(values)
    return checked


def _words_of(stated: Sequence[str] | str) -> tuple[str, ...]:
    return (stated,) if isinstance(stated, str) else tuple(stated)


def _fill_down(stated: bool | Sequence[str]) -> bool | tuple[str, ...]:
    return stated if isinstance(stated, bool) else _words_of(stated)


def _sheet(stated: str | int | Sequence[str]) -> str | int | tuple[str, ...]:
    return stated if isinstance(stated, str | int) else tuple(stated)


def _plausible(stated: Sequence[Any]) -> tuple[str, str]:
    import datetime as dt

    try:
        first, last = (dt.date.fromisoformat(str(day)) for day in stated)
    except ValueError:
        first, last = dt.date.max, dt.date.min
    if first > last:
        raise errors.ParameterError(
            f"plausible is {stated!r}.",
            mend="Write the first and the last day: plausible=['2015-01-01', '2027-12-31'].",
        )
    return first.isoformat(), last.isoformat()


def _header_row(stated: int) -> int:
    if stated < 1:
        raise errors.ParameterError(
            f"header_row is {stated}.", mend="Rows are counted from 1, as Excel numbers them."
        )
    return stated


def _share(stated: float) -> float:
    if not 0 <= stated <= 1:
        raise errors.ParameterError(
            f"max_reject_rate is {stated:g}.", mend="Write a share from 0 to 1: 0.05."
        )
    return stated


def _sql(stated: str) -> str:
    if not stated.strip(" \t\r\n;"):
        raise errors.ParameterError("sql is empty.", mend="Write a SELECT.")
    return stated


def _option(help: str, check: Callable[[Any], Any] | None = None, **default: Any) -> Any:
    """Declare an option: None if nothing is stated, its help as the command line shows it."""
    return field(**(default or {"default": None}), metadata={"help": help, "check": check})


@dataclass(frozen=True, kw_only=True)
class LoadOptions:
    """How is a source opened, and how are its rows read? As ``loaders.load`` explains them.

    Raises
    ------
    ParameterError
        An option makes no sense; the error's ``option`` names it.

    Examples
    --------
    >>> LoadOptions(decimal=",", timezone="UTC").given()
    {'timezone': 'UTC', 'decimal': ','}
    """

    columns: Mapping[str, str] = _option(
        'Our column and theirs, or a product: amount="Quantity * UnitPrice".',
        lambda stated: dict(stated or {}),
        default_factory=dict,
    )
    date_format: str | None = _option("How dates are written, such as %d/%m/%Y.")
    timezone: str | None = _option("Zone the times are given in, such as UTC.", time_zone)
    local_timezone: str | None = _option("Zone they become, such as Asia/Shanghai.", time_zone)
    encoding: str | None = _option("utf-8 or gb18030; found if not said.", _encoding)
    separator: str | None = _option("Between the columns of a CSV.", _separator)
    decimal: Literal[".", ","] | None = _option("The decimal sign: . or ,", _decimal)
    day_first: bool | None = _option("Whether 5/3/2026 is 5 March or 3 May.")
    widths: Mapping[str, tuple[int, int]] | None = _option(
        "A fixed-width column, as a Python slice: date=7:15.", _widths
    )
    sheet: str | int | Sequence[str] | None = _option(
        "Sheet of a workbook: its name, its number from 1, several names, or * for all.", _sheet
    )
    header_row: int | None = _option("Row the header stands in; found if not said.", _header_row)
    where: Mapping[str, str | Sequence[str]] | None = _option(
        "Only rows in which their column holds one of these values: Stage=Won.", _where
    )
    fill_down: bool | Sequence[str] = _option(
        "Carry what stands on an order's first row into its further rows.",
        _fill_down,
        default=False,
    )
    distinct: bool = _option("One row per id, the latest: names in an order file.", default=False)
    sale_status: Sequence[str] | None = _option("Statuses that are a sale.", _words_of)
    no_sale_status: Sequence[str] | None = _option("Statuses that are no sale.", _words_of)
    amount_is: Literal["line", "order"] | None = _option(
        "Of an order in several rows: whether each row's amount is the line's or the order's."
    )
    same_order: Literal["replace", "add"] | None = _option(
        "Of an order in two files: whether the later one replaces the earlier one, or adds to it."
    )
    id_case: Literal["fold"] | None = _option("fold: ids that differ only in case are one.")
    plausible: Sequence[str] | None = _option(
        "First and last day that a date may be: 2015-01-01 2027-12-31.", _plausible
    )
    db_table: str | None = _option("Table or view of a database, such as sales.orders.")
    sql: str | None = _option("What to ask a database: a SELECT.", _sql)
    max_reject_rate: float = _option("Share of rows that may be rejected.", _share, default=0.05)
    drop_duplicates: bool = _option("Leave exact duplicates out.", default=False)

    def __post_init__(self) -> None:
        """Check what is stated."""
        for entry in fields(self):
            value, check = getattr(self, entry.name), entry.metadata.get("check")
            if check is None or (value is None and entry.default is None):
                continue
            try:
                object.__setattr__(self, entry.name, check(value))
            except errors.ParameterError as error:
                error.option = entry.name
                raise
        if self.sql is not None and self.db_table is not None:
            raise errors.ParameterError(
                "Both sql and db_table are stated.", mend="State one: a query, or a whole table."
            )

    @property
    def local_zone(self) -> str | None:
        """The zone the times become: the one they are in, where no other is stated."""
        return self.local_timezone or self.timezone

    @property
    def has_sheets(self) -> bool:
        """Are several sheets one table?"""
        return self.sheet == "*" or isinstance(self.sheet, tuple)

    def given(self) -> dict[str, Any]:
        """What is stated and not the default, by name."""
        return {
            entry.name: value
            for entry in fields(self)
            if (value := getattr(self, entry.name)) != _default(entry)
        }

    def key(self) -> dict[str, Any]:
        """What the accepted rows depend on, beside the source's content."""
        return {name: said for name, said in self.given().items() if name not in _NO_MATTER}


def _default(entry: Any) -> Any:
    return entry.default if entry.default_factory is MISSING else entry.default_factory()


def one_by_one(
    options: Callable[_P, _Options],
) -> Callable[
    [Callable[[Path | str, _Options], _Answer]], Callable[Concatenate[Path | str, _P], _Answer]
]:
    """Let a function of a source and its options take the options as keywords, checked by type."""

    def decorate(
        function: Callable[[Path | str, _Options], _Answer],
    ) -> Callable[Concatenate[Path | str, _P], _Answer]:
        @functools.wraps(function)
        def spelled(source: Path | str, *args: _P.args, **given: _P.kwargs) -> _Answer:
            from workbench import arguments

            stated: Any = {name: value for name, value in given.items() if value is not None}
            arguments.bound("", options, signature, *args, **stated)
            return function(source, options(*args, **stated))

        signature = inspect.signature(options)
        source, _ = inspect.signature(function).parameters.values()
        spelled.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [source, *signature.parameters.values()]
        )
        return spelled  # type: ignore[return-value]  # the source may be named, too

    return decorate
