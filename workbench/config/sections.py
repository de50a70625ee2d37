"""Which sections and settings does ``workbench.toml`` have, of which type?"""

import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from workbench import arguments, errors, periods, redaction, schema
from workbench.load_options import LoadOptions, time_zone
from workbench.schema.rfm import MEASURES, Basis, Measure, Method
from workbench.words import Lang

FILE_NAME = "workbench.toml"

Contacts = Literal["none", "masked", "shown"]

Threshold = Annotated[float, Field(strict=True, allow_inf_nan=False)]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def with_variables(stated: str, what: str) -> str:
    """What does a source mean here: the environment's value where ``${NAME}`` stands?

    Raises
    ------
    ConfigError
        The variable is not set; ``what`` needs it.

    Examples
    --------
    >>> with_variables("orders.csv", "the source")
    'orders.csv'
    """
    address = "://" in _VARIABLE.sub("", stated)

    def value(found: re.Match[str]) -> str:
        if found[1] not in os.environ:
            raise errors.ConfigError(
                f"{what} needs the environment variable '{found[1]}', which is not set.",
                mend=f"Set it before you start: export {found[1]}=…",
            )
        # In an address a password's special signs are written otherwise; a whole one is as is.
        said = os.environ[found[1]]
        return quote(said, safe="") if address else said

    return _VARIABLE.sub(value, stated)


class Section(BaseModel):
    """What all sections are: frozen, and without a key that is not known.

    A setting's ``description``, and an example where its default is none, become the comments that
    ``defaults_as_toml`` writes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, kw_only=True)
class TableSettings(LoadOptions):
    """Where does one table come from, and how is it to be read?

    ``source`` is a path, relative to the settings file, or the address of a database. The rest are
    the options of ``loaders.load``; ``timezone`` is the zone of the times *in the source*, the
    settings' own ``timezone`` the one they become, if the table states no ``local_timezone``.

    Examples
    --------
    >>> TableSettings(source="orders.csv", columns={"amount": "Quantity * UnitPrice"}).max_reject_rate
    0.05
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    source: Annotated[str, Field(min_length=1)]

    @property
    def stated(self) -> dict[str, Any]:
        """How the source is to be read, as far as it is said: options of ``loaders.load``."""
        return {name: said for name, said in self.given().items() if name != "source"}


class RFMSettings(Section):
    """How are customers scored and classed by recency, frequency and money?

    Examples
    --------
    >>> RFMSettings().high_from
    4
    """

    basis: Basis = Field(default="total", description='or "average": money per purchase day')
    method: Method = Field(
        default="quantile",
        description="how high and low are told apart: quantile, mean, median, fixed",
    )
    bins: int = Field(default=5, strict=True, ge=2, le=10, description="scores 1 … bins")
    high_from: int = Field(
        default=4, strict=True, ge=2, description="a score from here on counts as high"
    )
    window_days: int | None = Field(
        default=None,
        strict=True,
        ge=1,
        examples=[365],
        description="only the last N days, not all orders",
    )
    thresholds: dict[Measure, Threshold] | None = Field(
        default=None,
        examples=[{"recency_days": 30, "frequency": 4, "monetary": 1000}],
        description='for method = "fixed"',
    )

    @property
    def rule(self) -> dict[str, Any]:
        """By which rule are customers scored? As ``rfm.score`` is told."""
        return self.model_dump(include={"method", "bins", "high_from", "thresholds"})

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.high_from > self.bins:
            raise errors.ParameterError(
                f"high_from is {self.high_from}, above the highest score {self.bins} (bins).",
                mend=f"Write a number from 2 to {self.bins}.",
            )
        lacking = {*MEASURES} - set(self.thresholds or {})
        if self.method == "fixed" and lacking:
            raise errors.ParameterError(
                f"method 'fixed' needs a threshold for {', '.join(sorted(lacking))}.",
                mend="Write thresholds = {recency_days = 30, frequency = 4, monetary = 1000}.",
            )
        return self


class ChurnSettings(Section):
    """From which ratio of days since last to mean interval is a customer due, at risk, lost?

    Examples
    --------
    >>> ChurnSettings().risk_from
    1.2
    """

    due_from: float = Field(
        default=0.8,
        strict=True,
        gt=0,
        allow_inf_nan=False,
        description="from here on: likely to repurchase",
    )
    risk_from: float = Field(
        default=1.2, strict=True, gt=0, allow_inf_nan=False, description="from here on: churn risk"
    )
    lost_from: float = Field(
        default=3.0, strict=True, gt=0, allow_inf_nan=False, description="from here on: lost"
    )
    min_intervals: int = Field(
        default=2,
        strict=True,
        ge=1,
        le=3,
        description="with fewer purchase intervals: too little history",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        bands = self.model_dump(include={"due_from", "risk_from", "lost_from"})
        arguments.in_order("The bands", **bands)
        return self


class WorklistSettings(Section):
    """Where does the worklist lie: a file, or a PostgreSQL database that a team shares?

    Examples
    --------
    >>> WorklistSettings().store
    'data/worklist.db'
    """

    store: str = Field(
        default="data/worklist.db",
        min_length=1,
        description='or, for a team, "postgresql://ana:${TEAM_PASSWORD}@host/sales"',
    )


class NurtureSettings(Section):
    """How is a nurture plan laid out: over how many days, whose working days, whose capacity?

    ``capacity`` is how many touches one owner can write in a day, ``touches_per_day`` from how many
    plans a lead may get one on the same day, ``country`` whose working days count (all days if it
    is left out) and whose phone numbers are meant where none is written, ``silent_days`` how long a dormant lead has said nothing.

    Examples
    --------
    >>> NurtureSettings().cycle_days
    30
    """

    plan: str | None = Field(
        default=None,
        min_length=1,
        examples=["Wake-up"],
        description="which plan of the templates, if a command does not say",
    )
    cycle_days: int = Field(default=30, strict=True, ge=1, description="length of the cycle")
    steps: int = Field(default=6, strict=True, ge=1, le=12, description="touches in it")
    country: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{2}$",
        examples=["CN"],
        description="whose working days count, and whose phone numbers are meant",
    )
    capacity: int | None = Field(
        default=None,
        strict=True,
        ge=1,
        examples=[8],
        description="touches one owner can write in a day",
    )
    touches_per_day: int = Field(
        default=1,
        strict=True,
        ge=1,
        description="from how many plans a lead may get one on the same day",
    )
    language: str = Field(
        default="en", min_length=1, description="for a lead whose language is not known"
    )
    silent_days: int = Field(
        default=30,
        strict=True,
        ge=0,
        description="from here on a lead that says nothing is dormant",
    )


class ReportSettings(Section):
    """How are reports made: where do they go, how long may one run, which are due?

    ``due`` names the reports that ``workbench report --due`` makes, each with its languages.

    Examples
    --------
    >>> ReportSettings().timeout_minutes
    15.0
    """

    folder: str = Field(default="reports", min_length=1, description="where they go")
    timeout_minutes: float = Field(
        default=15.0, strict=True, gt=0, allow_inf_nan=False, description="how long one may run"
    )
    due: dict[str, tuple[Lang, ...]] = Field(
        default_factory=dict,
        examples=[{"monthly_customers": ["en", "zh"]}],
        description="what workbench report --due makes",
    )


class TargetSettings(Section):
    """How much revenue is a month to bring, in all and for each owner?

    A target is an amount for every month, or amounts by month: ``each`` stands for all others.

    Examples
    --------
    >>> targets = TargetSettings(revenue={"each": 500_000, "2026-12": 700_000}, owners={"S1": 60_000})
    >>> months = [periods.parse(name) for name in ("2026-11", "2026-12")]
    >>> targets.by_period(months), targets.by_period(months[:1], "S1")
    ({'2026-11': 500000.0, '2026-12': 700000.0}, {'2026-11': 60000.0})
    """

    revenue: dict[str, float] | None = Field(
        default=None,
        examples=[{"each": 500_000, "2026-12": 700_000}],
        description="a month's revenue, known customers; or one amount",
    )
    owners: dict[str, dict[str, float]] = Field(
        default_factory=dict,
        examples=[{"S1": 60_000}],
        description="the same for each owner, by owner_id",
    )

    @field_validator("revenue", mode="before")
    @classmethod
    def _of_all(cls, given: Any) -> Any:
        return None if given is None else _monthly("the target", given)

    @field_validator("owners", mode="before")
    @classmethod
    def _of_each(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {
            str(id): _monthly(f"the target of owner '{id}'", said) for id, said in given.items()
        }

    def by_period(
        self, asked: Iterable[periods.Period], owner: str | None = None
    ) -> dict[str, float]:
        """Give the targets there are, by the month's name: of all, or of one owner."""
        aims = (self.revenue if owner is None else self.owners.get(owner)) or {}
        months = (str(period) for period in asked if period.kind == "month")
        found = {month: aims.get(month, aims.get(_EACH)) for month in months}
        return {month: amount for month, amount in found.items() if amount is not None}


_EACH = "each"
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def _monthly(what: str, given: Any) -> dict[str, float]:
    """Read a target: an amount, or amounts by month."""
    amounts = given if isinstance(given, Mapping) else {_EACH: given}
    for month, amount in amounts.items():
        if month != _EACH and not _MONTH.fullmatch(str(month)):
            raise errors.ParameterError(
                f"{what} is stated for '{month}', which is no month.",
                mend='Write months as "2026-10", and each for all others: '
                '{each = 500000, "2026-12" = 700000}.',
            )
        is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
        if not (is_number and 0 < amount < math.inf):
            when = "" if month == _EACH else f" for {month}"
            raise errors.ParameterError(
                f"{what}{when} is {amount!r}.",
                mend='Write an amount above 0, such as 500000, or {each = 500000, "2026-12" = '
                "700000}; leave out what has no target.",
            )
    return {str(month): float(amount) for month, amount in amounts.items()}


class PrivacySettings(Section):
    """What may lists that people are called from show of how they are reached?

    It holds for reports' pages, files and notebooks, and for the panels.

    Examples
    --------
    >>> PrivacySettings().contacts
    'none'
    """

    contacts: Contacts = Field(
        default="none",
        description="phone, e-mail and WeChat on lists: none, masked (138****1234), shown",
    )


class Settings(Section):
    """What does this company's ``workbench.toml`` say, with defaults for what it leaves out?

    ``root`` is the folder of the file, against which sources are resolved. ``timezone`` is the
    local zone that all times are kept in; None takes the times as they stand. Where no ``currency``
    is stated, money is shown in that of the orders, if they say one, or else without.

    Examples
    --------
    >>> Settings().currency is None, Settings().churn.lost_from
    (True, 3.0)
    """

    root: Path = Field(default_factory=Path.cwd)
    currency: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{3}$",
        examples=["EUR"],
        description="what all amounts are in; found in the orders if not said",
    )
    timezone: str | None = Field(
        default=None,
        examples=["Asia/Shanghai"],
        description="the local zone all times are kept in",
    )
    tables: dict[str, TableSettings] = Field(default_factory=dict)
    rfm: RFMSettings = RFMSettings()
    churn: ChurnSettings = ChurnSettings()
    worklist: WorklistSettings = WorklistSettings()
    nurture: NurtureSettings = NurtureSettings()
    report: ReportSettings = ReportSettings()
    targets: TargetSettings = TargetSettings()
    privacy: PrivacySettings = PrivacySettings()

    _known_zone = field_validator("timezone")(time_zone)

    def table(self, name: str) -> TableSettings:
        """Give the settings of one table by name.

        Raises
        ------
        ConfigError
            The settings name no source for the table.
        """
        schema.table(name)
        if name not in self.tables:
            mend = f'Write in {FILE_NAME}: [tables.{name}] source = "path/to/{name}.csv"'
            if (
                "root" in self.model_fields_set
            ):  # they hold for a folder, whose files can be looked at
                mend += "; workbench init proposes it from the files there."
            raise errors.ConfigError(
                f"settings: no source is given for the table '{name}'.", mend=mend
            )
        return self.tables[name]

    def source(self, name: str) -> Path | str:
        """Where does a table come from: a path, or the address of a database as text?

        Paths, of SQLite files too, are resolved against the settings file; ``${NAME}`` stands for
        the environment's variable, so that no secret stands in the settings.

        Raises
        ------
        ConfigError
            The settings name no source for the table, or a variable is not set.
        """
        return self._resolved(self.table(name).source, f"settings: the source of '{name}'")

    def owner_targets(
        self, period: periods.Period, owners: Mapping[str, str], owner: str | None = None
    ) -> dict[str, float]:
        """What is each owner to bring in a month? By ``owner_id``, of one owner or of all.

        Parameters
        ----------
        period
            The month.
        owners
            Names by ``owner_id``, as ``people.owner_names()`` gives them.
        owner
            Only this one.

        Raises
        ------
        ConfigError
            A target is stated for somebody who is no owner.

        Examples
        --------
        >>> settings = Settings(root=Path("/shop"), targets={"owners": {"S1": 60_000}})
        >>> settings.owner_targets(periods.parse("2026-10"), {"S1": "Lin"})
        {'S1': 60000.0}
        >>> settings.owner_targets(periods.parse("2026-10"), {"S2": "Chen"})
        Traceback (most recent call last):
        workbench.errors.ConfigError: /shop/workbench.toml, [targets.owners]: there is no owner called 'S1'.
        Known: S2.
        """
        for stated in self.targets.owners:
            if stated not in owners:
                error = errors.unknown("owner", stated, owners)
                raise errors.ConfigError(
                    f"{self.root / FILE_NAME}, [targets.owners]: {error.what[0].lower()}"
                    f"{error.what[1:]}",
                    mend=error.mend,
                )
        asked = self.targets.owners if owner is None else [owner]
        name = str(period)
        found = {one: self.targets.by_period([period], one).get(name) for one in asked}
        return {one: amount for one, amount in found.items() if amount is not None}

    def worklist_address(self) -> Path | str:
        """Where does the worklist lie: a path, or the address of a database as text?

        As ``source``.

        Raises
        ------
        ConfigError
            A variable of the environment is not set, or the store is written in libpq's way.

        Examples
        --------
        >>> Settings(root=Path("/shop")).worklist_address().as_posix()
        '/shop/data/worklist.db'
        """
        store = self.worklist.store
        if redaction.is_libpq(store):
            raise errors.ConfigError(
                f"settings: [worklist] store = '{redaction.address(store)}' "
                "is no address of a database.",
                mend="Write it as one: postgresql://user:${NAME}@host:5432/name",
            )
        return self._resolved(store, "settings: the worklist's store")

    def _resolved(self, stated: str, what: str) -> Path | str:
        source = with_variables(stated, what)
        if source.startswith("sqlite:///"):
            file = Path(source.removeprefix("sqlite:///")).expanduser()
            return f"sqlite:///{file if file.is_absolute() else f'{quote(str(self.root))}/{file}'}"
        return source if "://" in source else self.root / Path(source).expanduser()
