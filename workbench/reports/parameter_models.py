"""Which reports are there, and what may each be asked for? One model per report, for all doors.

The command line, the notebook's tagged cell and Python calls all go through the report's model:
papermill itself guesses types (``010`` becomes 10, ``no`` becomes False) and only warns of a name
it does not know.
"""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from workbench import config, errors, periods, setting_up
from workbench.config import refusals
from workbench.words import Lang

_TAG = "parameters"


class Parameters(BaseModel):
    """What may every report be asked for? A report with more to ask adds fields to this.

    ``kind`` is the kind of period the report is made for, ``dated_by`` whose dates say which periods
    the data cover, and ``needs`` the table without which there is nothing to report.

    Examples
    --------
    >>> Parameters(period="2026-10").lang
    'en'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    kind: ClassVar[periods.Kind] = "month"
    dated_by: ClassVar[Literal["orders", "nurture"]] = "orders"
    needs: ClassVar[str | None] = None

    period: str | None = Field(
        default=None, description="The period; None: the last one the data cover whole."
    )
    lang: Lang = Field(default="en", description="The language of the page: en or zh.")
    owner: str | None = Field(
        default=None, description="Only this owner's customers, by owner_id; None: everybody."
    )
    settings_file: str | None = Field(
        default=None, description="The settings file; None: the nearest workbench.toml."
    )

    @field_validator("period")
    @classmethod
    def _period_of_kind(cls, name: str | None) -> str | None:
        if name is None:
            return None
        period = periods.parse(name)
        if period.kind != cls.kind:
            example = {"week": "2026-W45", "month": "2026-10", "quarter": "2026-Q4", "year": "2026"}
            raise errors.ParameterError(
                f"period is '{name}', a {period.kind}; the report is made per {cls.kind}.",
                mend=f"Name a {cls.kind}, such as {example[cls.kind]}.",
            )
        return str(period)

    @field_validator("owner")
    @classmethod
    def _owner_named(cls, owner: str | None) -> str | None:
        if owner is not None and not owner.strip():
            raise errors.ParameterError(
                "owner is empty.", mend="Give an owner_id, or leave it out for everybody."
            )
        return owner


class MonthlyCustomers(Parameters):
    """What may the monthly report on customers be asked for?

    Examples
    --------
    >>> MonthlyCustomers().call_list_rows
    8
    """

    needs: ClassVar[str | None] = "orders"

    call_list_rows: int = Field(
        default=8, ge=1, le=500, description="How many rows of each call list stand open."
    )
    value_days: int = Field(
        default=365, ge=30, le=1095, description="How many days ahead value is expected for."
    )


class WeeklyNurture(Parameters):
    """What may the weekly report on nurture be asked for?

    Examples
    --------
    >>> WeeklyNurture(period="2026-W43").within_days
    60
    """

    kind: ClassVar[periods.Kind] = "week"
    dated_by: ClassVar[Literal["orders", "nurture"]] = "nurture"
    needs: ClassVar[str | None] = "leads"

    list_rows: int = Field(
        default=8, ge=1, le=500, description="How many rows of each list stand open."
    )
    within_days: int = Field(
        default=60, ge=1, le=730, description="How long each enrolment is followed."
    )


MODELS: dict[str, type[Parameters]] = {
    "monthly_customers": MonthlyCustomers,
    "weekly_nurture": WeeklyNurture,
}
"""The model of each report that asks for more than all reports do, by the report's name."""


def folders(settings: config.Settings) -> list[Path]:
    """Where do report notebooks lie? The company's own folder, then those the package brings."""
    own = settings.root / "notebooks" / "reports"
    return list(dict.fromkeys([own, setting_up.notebooks() / "reports"]))


def _notebooks(settings: config.Settings) -> dict[str, Path]:
    # the company's own of a name goes before the project's
    places = reversed(folders(settings))
    return {path.stem: path for folder in places for path in folder.glob("*.ipynb")}


def names(settings: config.Settings | None = None) -> list[str]:
    """Which reports can be made? The names of the notebooks in ``notebooks/reports``."""
    return sorted(_notebooks(settings or config.load()))


def notebook(name: str, settings: config.Settings) -> Path:
    """Where is the notebook of a report?

    Raises
    ------
    UnknownNameError
        There is no such report; the message names the likely one.
    SourceNotFoundError
        There are no report notebooks at all.
    """
    known = _notebooks(settings)
    if not known:
        raise errors.SourceNotFoundError(
            f"There are no report notebooks in '{folders(settings)[0]}'.",
            mend="Copy them there: workbench init",
        )
    if name not in known:
        raise errors.unknown("report", name, known)
    return known[name]


def model(name: str) -> type[Parameters]:
    """Which model checks the parameters of this report?

    Examples
    --------
    >>> list(model("monthly_customers").model_fields)[:3]
    ['period', 'lang', 'owner']
    """
    return MODELS.get(name, Parameters)


def lacking(name: str, settings: config.Settings) -> errors.NoDataError | None:
    """Do the settings name no table that this report cannot do without? The error that says so.

    Examples
    --------
    >>> lacking("weekly_nurture", config.Settings(root=Path("/nowhere"))).what
    "weekly_nurture needs the table 'leads', and the settings name no source for it."
    """
    needs = model(name).needs
    try:
        if needs is not None:
            settings.table(needs)
    except errors.ConfigError as error:
        what = f"{name} needs the table '{needs}', and the settings name no source for it."
        return errors.NoDataError(what, mend=error.mend)
    return None


def check(name: str, given: Mapping[str, Any]) -> Parameters:
    """Are these the report's parameters, each of its type?

    Parameters
    ----------
    name
        The report.
    given
        Values by name: typed ones, or text from a command line, which becomes the declared type.

    Raises
    ------
    UnknownNameError
        The report has no such parameter; the message names the likely one.
    ParameterError
        A value has the wrong type or is out of range.

    Examples
    --------
    >>> check("monthly_customers", {"call_list_rows": "30"}).model_dump()["call_list_rows"]
    30
    >>> check("monthly_customers", {"ownr": "O01"})
    Traceback (most recent call last):
    workbench.errors.UnknownNameError: There is no parameter of monthly_customers called 'ownr'.
    Did you mean 'owner'? Known: call_list_rows, lang, owner, period, settings_file, value_days.
    """
    asked = model(name)
    for given_name in given:
        if given_name not in asked.model_fields:
            raise errors.unknown(f"parameter of {name}", given_name, asked.model_fields)
    try:
        return asked.model_validate(dict(given))
    except ValidationError as error:
        found = error.errors()
        first = found[0]
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, errors.WorkbenchError):
            raise cause from None
        field = str(first["loc"][0])
        alike = [one for one in found if one["loc"][0] == field]
        raise errors.ParameterError(
            f"{name}: {field} is {refusals.value(first['input'])}.",
            mend=f"Write {refusals.asked(alike, 1)}. {asked.model_fields[field].description}",
        ) from error


def declared(cells: list[Any]) -> dict[str, Any]:
    """What does a notebook's tagged ``parameters`` cell declare, with which defaults?

    Raises
    ------
    ReportError
        There is no such cell, or it does more than give names plain values.
    """
    tagged = [c for c in cells if _TAG in c.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        raise errors.ReportError(
            f"The notebook has {len(tagged)} cells tagged '{_TAG}'.",
            mend=f"Tag exactly one cell '{_TAG}', with a name and a default on each line.",
        )
    found: dict[str, Any] = {}
    try:
        for line in ast.parse("".join(tagged[0]["source"])).body:
            if not isinstance(line, ast.AnnAssign | ast.Assign) or line.value is None:
                raise ValueError
            targets = [line.target] if isinstance(line, ast.AnnAssign) else line.targets
            for target in targets:
                if not isinstance(target, ast.Name):
                    raise ValueError
                found[target.id] = ast.literal_eval(line.value)
    except (ValueError, SyntaxError) as error:
        raise errors.ReportError(
            f"The cell tagged '{_TAG}' does more than name its defaults.",
            mend="Keep to lines such as:  lang: str = 'en'  # the language of the page",
        ) from error
    return found


def agree(name: str, cells: list[Any]) -> None:
    """Does the notebook ask for just what the report's model declares, with equal defaults?

    Raises
    ------
    ReportError
        The two differ; the message names the parameters.
    """
    fields = model(name).model_fields
    found = declared(cells)
    odd = {
        "without": set(fields) - set(found),
        "with unknown": set(found) - set(fields),
        "with other defaults for": {
            key for key in set(fields) & set(found) if fields[key].default != found[key]
        },
    }
    parts = [f"{how} {', '.join(sorted(which))}" for how, which in odd.items() if which]
    if parts:
        raise errors.ReportError(
            f"The notebook of {name} has a parameters cell {' and '.join(parts)}.",
            mend=f"Make the cell agree with {model(name).__name__} in workbench/reports/"
            "parameter_models.py, which is what the command line offers.",
        )
