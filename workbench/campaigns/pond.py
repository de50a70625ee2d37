"""What does a nurture programme know: from its tables, and from the worklist since?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from workbench import arguments, config, errors, loaders, nurture, scheduling, worklist
from workbench.campaigns.optouts import opted_out
from workbench.people import People, as_text, looked_up


@dataclass(frozen=True)
class Pace:
    """How fast may plans go: whose working days, how many touches a day?"""

    calendar: scheduling.Calendar = scheduling.EVERY_DAY
    capacity: int | None = None
    per_day: int = 1

    @classmethod
    def of(cls, rules: config.NurtureSettings) -> Self:
        """Read the pace from the settings ``[nurture]``."""
        country = rules.country
        calendar = scheduling.EVERY_DAY if country is None else scheduling.Calendar(country)
        return cls(calendar, rules.capacity, rules.touches_per_day)


@dataclass(frozen=True)
class Pond:
    """The tables of a nurture programme, and its worklist where there is one.

    ``loaded`` holds the tables that come from sources, with their ledgers; ``rules`` are the
    settings ``[nurture]``.
    """

    loaded: Mapping[str, loaders.Loaded]
    store: worklist.Worklist | None
    rules: config.NurtureSettings

    @property
    def dates(self) -> tuple[dt.date | None, dt.date | None]:
        """The days between which something is known: of touches, and of the worklist."""
        ends: list[tuple[dt.date | None, dt.date | None]] = []
        if "touches" in self.loaded:
            ledger = self.loaded["touches"].ledger
            ends.append((ledger.first_date, ledger.last_date))
        if self.store is not None:
            ends.append(worklist.span(self.store))
        firsts = [first for first, _ in ends if first is not None]
        lasts = [last for _, last in ends if last is not None]
        return min(firsts, default=None), max(lasts, default=None)

    @property
    def people(self) -> People:
        """Who is who among its leads and owners."""
        return People(owners=self.loaded["owners"], leads=self.loaded["leads"])

    @property
    def pace(self) -> Pace:
        """How fast its plans may go."""
        return Pace.of(self.rules)

    def leads(self, *, as_of: arguments.DayLike) -> pd.DataFrame:
        """Give the leads; who opted out in the worklist, or has such an address, has opted out."""
        table = self.loaded["leads"].table.copy()
        found = opted_out(self.store, table, as_of=as_of, country=self.rules.country)
        for channel, rows in found.groupby("channel"):
            name = f"{channel}_opted_out_on"
            told = table["lead_id"].map(rows.set_index("lead_id")["opted_out_on"])
            stated = pd.to_datetime(table[name]) if name in table else pd.Series(pd.NaT, told.index)
            table[name] = pd.concat([stated, told], axis="columns").min(axis="columns")
        return table

    def steps(self, *, as_of: arguments.DayLike) -> pd.DataFrame:
        """Give the steps of the worklist as they stood on the day, and those of the table."""
        parts = [] if self.store is None else [worklist.steps(self.store, as_of=as_of)]
        return _together([*parts, *self._tables("steps")])

    def touches(self, *, as_of: arguments.DayLike) -> pd.DataFrame:
        """Give the touches of both, one that both know of once; without an owner, the lead's."""
        outer = self._tables("touches")
        if self.store is None:
            table = _together(outer)
        else:
            known = worklist.touches(self.store, as_of=as_of)
            # of a touch that both tell of, the worklist knows which step it did
            table = _together([known, *(part[~_is_in(part, known)] for part in outer)])
        of_lead = looked_up(as_text(table["lead_id"]), self.people.leads, "lead_id", "owner_id")
        owner = table.reindex(columns=["owner_id"])["owner_id"]
        return table.assign(owner_id=owner.where(owner.notna(), of_lead))

    def handovers(
        self,
        touches: pd.DataFrame,
        leads: Any,
        *,
        as_of: arguments.DayLike,
        owner: str | None = None,
    ) -> pd.DataFrame:
        """Who said yes and waits, the newest first? Of the worklist until somebody takes them over."""
        if self.store is None:
            return nurture.handovers(touches, leads, as_of=as_of)
        found = worklist.handovers(self.store, as_of=as_of, owner_id=owner)
        found = found.rename(columns={"waiting_since": "touched_at"})
        columns = ["lead_id", "owner_id", "touched_at", "channel", "text", "waiting_days"]
        return found[columns].sort_values(["waiting_days", "lead_id"], ignore_index=True)

    def _tables(self, name: str) -> list[pd.DataFrame]:
        return [self.loaded[name].table] if name in self.loaded else []


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def _is_in(outer: pd.DataFrame, known: pd.DataFrame) -> "pd.Series[bool]":
    """Which touches does the worklist know: by their id, or by lead, time, direction and channel."""
    same = ["lead_id", "touched_at", "direction", "channel"]
    there = pd.MultiIndex.from_frame(known[same].astype({"lead_id": "str"}))
    by_time = pd.MultiIndex.from_frame(outer[same].astype({"lead_id": "str"})).isin(there)
    ids = outer.reindex(columns=["touch_id"])["touch_id"]
    return pd.Series(by_time, index=outer.index) | (ids.notna() & ids.isin(known["touch_id"]))


def standing(settings: config.Settings) -> worklist.Worklist | None:
    """Open the worklist of the settings; None where there is none, and none is made."""
    address = settings.worklist_address()
    there = not isinstance(address, Path) or address.exists()
    return worklist.connect(address, make=False) if there else None


def pond(settings: config.Settings, *, store: worklist.Worklist | None = None) -> Pond:
    """Where do the tables of a nurture programme come from?

    Without a ``store``, for those who only read: the steps come from the table ``steps`` that the
    settings name and from their worklist, of which one may be missing. With one, for those who
    enrol: what the worklist knows stands beside the tables of steps and touches, which may be
    missing.

    Parameters
    ----------
    settings
        As ``config.load`` gives them.
    store
        The worklist that is written to.

    Raises
    ------
    ConfigError
        The settings name no table of leads.
    NoDataError
        They name no table of steps, and there is no worklist either.
    SourceError, SourceNotFoundError, ContractError
        As ``loaders.load_configured`` and ``worklist.connect``.

    Examples
    --------
    >>> pond(config.Settings(root=Path("/nowhere")))
    Traceback (most recent call last):
    workbench.errors.ConfigError: settings: no source is given for the table 'leads'.
    Write in workbench.toml: [tables.leads] source = "path/to/leads.csv"; workbench init proposes it from the files there.
    """
    settings.table("leads")  # the first thing to be missed
    names = ["leads", "owners"]
    if store is None:
        store = standing(settings)
        if store is None and "steps" not in settings.tables:
            raise errors.NoDataError(
                "There is neither a table of steps nor a worklist.",
                mend="Enrol leads with workbench nurture enrol, or name the table in"
                " workbench.toml: [tables.steps].",
            )
    else:
        names += ["templates"]
    names += [name for name in ("touches", "steps") if name in settings.tables]
    loaded = {name: loaders.load_configured(name, settings) for name in names}
    return Pond(loaded, store, settings.nurture)
