"""Where does one work, and where try things in? The worklist, and one that is thrown away."""

import datetime as dt
import weakref
from pathlib import Path

import pandas as pd

from workbench import arguments, config, errors, scratch, worklist
from workbench.campaigns.answers import answer
from workbench.campaigns.enrolling import dormant, enrol
from workbench.campaigns.pond import Pond

_BEGAN_DAYS, _CYCLE_DAYS, _LEADS = 4, 14, 60


def desk(settings: config.Settings, *, today: dt.date | None = None) -> worklist.Worklist:
    """Which worklist does one work on? That of the settings; until there is one, an empty one.

    Who only looks makes no file: the empty one is thrown away.

    Parameters
    ----------
    settings
        As ``config.load`` gives them.
    today
        As ``worklist.connect``.

    Raises
    ------
    SourceError, WorklistError
        As ``worklist.connect``.

    Examples
    --------
    >>> import tempfile
    >>> settings = config.Settings(root=Path(tempfile.mkdtemp()))
    >>> worklist.span(desk(settings)), settings.worklist_address().exists()
    ((None, None), False)
    """
    address, country = settings.worklist_address(), settings.nurture.country
    if isinstance(address, Path) and not address.exists():
        return _thrown_away(country)
    return worklist.connect(address, today=today, country=country)


def _thrown_away(country: str | None) -> worklist.Worklist:
    folder = scratch.Folder()
    store = worklist.connect(folder.path / "worklist.db", country=country)
    weakref.finalize(store.engine, folder.remove)  # the one lives as long as the other
    return store


def practice(pond: Pond, *, as_of: arguments.DayLike, by: str) -> worklist.Worklist:
    """What would a morning look like? A worklist to try things in, gone with the program.

    Four days ago the dormant leads that look most like fry were enrolled. Most of what was due has
    been done on its day, every fifth lead was left lying, and this morning two leads said yes.

    Parameters
    ----------
    pond
        Whose leads, owners and templates: ``campaigns.pond(settings, store=…)``. Nothing is written
        to its store.
    as_of
        The morning.
    by
        Who did all that.

    Raises
    ------
    NoDataError
        No lead could be enrolled.
    """
    morning = pd.Timestamp(arguments.day("as_of", as_of))
    store = _thrown_away(pond.rules.country)
    tried = Pond(pond.loaded, store, pond.rules)
    began = morning - pd.Timedelta(days=_BEGAN_DAYS)
    leads = dormant(tried, as_of=began, most=_LEADS)["lead_id"].tolist()
    plan = pond.rules.plan or pond.loaded["templates"].table["plan"].iloc[0]
    made = enrol(tried, leads, plan=plan, cycle_days=_CYCLE_DAYS, as_of=began, by=by,
                 at=began + pd.Timedelta(hours=8))  # fmt: skip
    if made.enrolled.empty:
        mend = "Look at them: workbench nurture enrol --dormant --dry-run."
        raise errors.NoDataError(
            "No lead can be written to: there is nothing to practise.", mend=mend
        )
    missed = worklist.missed(store, as_of=morning)
    done = missed[~missed["lead_id"].isin(missed["lead_id"].unique()[::5])]
    done = done.assign(done_at=done["due_date"] + pd.Timedelta(hours=10))
    eight = morning + pd.Timedelta(hours=8)
    worklist.mark_done(store, done, at=eight, by=by)
    for lead in done.drop_duplicates("owner_id")["lead_id"].iloc[:2]:
        answer(store, lead, feedback="positive", at=eight + pd.Timedelta(minutes=30), by=by)
    return store
