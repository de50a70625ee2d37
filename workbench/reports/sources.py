"""Where does a report take its tables from? For the first cells of its notebook."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench import arguments as parameters
from workbench import config, errors, loaders, nurture, worklist


@dataclass(frozen=True)
class Nurture:
    """The tables of a report on nurture; the steps from a table, or from the worklist.

    ``loaded`` holds those that come from sources, with their ledgers.
    """

    loaded: dict[str, loaders.Loaded]
    store: worklist.Worklist | None

    @property
    def from_worklist(self) -> bool:
        """Do the steps come from the worklist?"""
        return self.store is not None

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

    def steps(self, *, as_of: parameters.DayLike) -> pd.DataFrame:
        """Give the steps, as their contract says; those of the worklist as they stood on the day."""
        if self.store is None:
            return self.loaded["steps"].table
        found = worklist.steps(self.store, as_of=as_of)
        return found.rename(columns={"party_id": "lead_id"})

    def touches(self, *, as_of: parameters.DayLike) -> pd.DataFrame:
        """Give the touches of both, one that both know of once; without an owner, the lead's."""
        outer = self.loaded["touches"].table if "touches" in self.loaded else None
        if self.store is None:
            assert outer is not None
            table = outer
        else:
            known = worklist.touches(self.store, as_of=as_of)
            known = known.rename(columns={"party_id": "lead_id"})
            # of a touch that both tell of, the worklist knows which step it did
            rest = [] if outer is None else [outer[~_is_in(outer, known)]]
            parts = [part for part in (known, *rest) if len(part)] or [known]
            table = pd.concat(parts, ignore_index=True)
        leads = self.loaded["leads"].table
        if "owner_id" not in leads:
            return table
        theirs = leads.set_index("lead_id")["owner_id"]
        owner = table.reindex(columns=["owner_id"])["owner_id"]
        return table.assign(owner_id=owner.where(owner.notna(), table["lead_id"].map(theirs)))

    def handovers(
        self,
        touches: pd.DataFrame,
        leads: pd.DataFrame,
        *,
        as_of: parameters.DayLike,
        owner: str | None = None,
    ) -> pd.DataFrame:
        """Who said yes and waits? From the worklist, until somebody takes the lead over there."""
        if self.store is None:
            return nurture.handovers(touches, leads, as_of=as_of)
        found = worklist.handovers(self.store, as_of=as_of, owner_id=owner)
        found = found.rename(
            columns={
                "party_id": "lead_id",
                "waiting_since": "touched_at",
                "days_waiting": "waiting_days",
            }
        )
        columns = ["lead_id", "owner_id", "touched_at", "channel", "text", "waiting_days"]
        return found[columns].sort_values(
            ["waiting_days", "lead_id"], ascending=[False, True], ignore_index=True
        )


def _is_in(outer: pd.DataFrame, known: pd.DataFrame) -> "pd.Series[bool]":
    """Which touches does the worklist know: by their id, or by lead, time, direction and channel."""
    same = ["lead_id", "touched_at", "direction", "channel"]
    there = pd.MultiIndex.from_frame(known[same].astype({"lead_id": "str"}))
    by_time = pd.MultiIndex.from_frame(outer[same].astype({"lead_id": "str"})).isin(there)
    ids = outer.reindex(columns=["touch_id"])["touch_id"]
    return pd.Series(by_time, index=outer.index) | (ids.notna() & ids.isin(known["touch_id"]))


def of_nurture(settings: config.Settings) -> Nurture:
    """Where do the tables of a report on nurture come from?

    The steps come from the table ``steps`` that the settings name or, where they name none, from
    the worklist; then what was written and answered there stands beside the table of touches,
    which may be missing.

    Parameters
    ----------
    settings
        As ``config.load`` gives them.

    Raises
    ------
    NoDataError
        The settings name no table of steps, and there is no worklist.
    SourceError, SourceNotFoundError, ContractError
        As ``loaders.load`` and ``worklist.connect``.

    Examples
    --------
    >>> of_nurture(config.Settings(root=Path("/nowhere")))
    Traceback (most recent call last):
    workbench.errors.NoDataError: There is neither a table of steps nor a worklist.
    Enrol leads with workbench nurture enrol, or name the table in workbench.toml: [tables.steps].
    """
    store = None
    names = ["leads", "owners"]
    if "steps" in settings.tables:
        names += ["touches", "steps"]
    else:
        address = settings.worklist_address()
        if isinstance(address, Path) and not address.exists():
            raise errors.NoDataError(
                "There is neither a table of steps nor a worklist.",
                mend="Enrol leads with workbench nurture enrol, or name the table in"
                " workbench.toml: [tables.steps].",
            )
        store = worklist.connect(address)
        names += ["touches"] if "touches" in settings.tables else []
    return Nurture({name: loaders.load_configured(name, settings) for name in names}, store)
