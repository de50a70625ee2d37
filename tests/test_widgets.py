"""All panels: in both languages each view says its finding, and its code gives the same view."""

import re
from collections.abc import Callable
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from spoken import reproduced

from workbench import (
    campaigns,
    config,
    errors,
    loaders,
    purchases,
    samples,
    widgets,
    words,
    worklist,
)
from workbench.panel import Panel, People
from workbench.words import Lang, Words

AS_OF, PAST = "2026-10-31", ["2026-03-31", "2026-06-30"]
ORDERS = "customer_id,ordered_at,amount\na,2026-10-01,5\n,2026-10-02,7\nb,soon,9\n"
STEPS = pd.DataFrame(
    {
        "lead_id": ["L1", "L1", "L2", "L3"], "owner_id": ["S1", "S1", "S2", "S1"],
        "plan": "Spring", "step": [1, 2, 1, 1], "channel": ["sms", "email", "phone", "wechat"],
        "due_date": ["2026-10-31", "2026-11-05", "2026-10-31", "2026-10-29"],
        "address": "+999 1", "subject": "Tea", "text": "Shall we talk?",
    }
)  # fmt: skip

#: What moves in each panel after it has opened, beside the view.
MOVED: dict[str, list[dict[str, Any]]] = {
    "check": [{"day_order": "day", "opening": {"encoding": "utf-8"}}],
    "ledger": [{"source": "customers"}],
    "lifetime": [{"model": "ModifiedBetaGeo", "horizon": 90, "owner": "S01"}],
    "migration": [{"same_cuts": True, "before": "2026-01-31"}],
    "nurture_effect": [{"by": "owner_id", "rate": "positive_rate", "arm": "edited",
                        "plan": "Wake-up", "within_days": 90}, {"owner": "S05", "plan": None}],
    "nurture_queue": [{"queue": queue, "owner": "S1"} for queue in campaigns.QUEUES],
    "planner": [{"calendar": "every_day", "capacity": 4, "cycle_days": 10, "owner": "S01"}],
    "repurchase": [{"due_from": 0.7, "lost_from": 2.5, "min_intervals": 1, "owner": "S01"},
                   {"warning": "likely_repurchase"}],
    "retention": [{"measure": "money", "every": "week", "within_days": 60, "owner": "S01"}],
    "rfm": [{"bins": 4, "high_from": 3, "window": 730, "segment": "key_keep", "owner": "S01"}],
    "track_record": [{"rule": "overdue_quantile", "risk_from": 1.6, "owner": "S01"}],
}  # fmt: skip


@cache
def company() -> dict[str, pd.DataFrame]:
    tables = samples.company(customers=150, seed=4)
    # one customer is in no table of customers
    return {**tables, "customers": tables["customers"].iloc[:-1]}


def written(folder: Path) -> Path:
    source = folder / "orders.csv"
    source.write_text(ORDERS, encoding="utf-8")
    return source


def listed(folder: Path) -> worklist.Worklist:
    """A worklist on which something waits, is done, was answered, and lies ahead."""
    store = worklist.connect(folder / "worklist.db")
    early = STEPS["lead_id"] == "L3"
    worklist.enrol(store, STEPS[early], at="2026-10-29 08:00", by="Lin")
    worklist.enrol(store, STEPS[~early], at=f"{AS_OF} 08:00", by="Lin")
    first = worklist.due(store, as_of=AS_OF).query("lead_id == 'L1'")
    worklist.mark_done(store, first, at=f"{AS_OF} 09:00", by="Lin")
    worklist.pause(store, "L1", at=f"{AS_OF} 09:10", by="Lin")
    yes: Any = {"feedback": "positive", "channel": "phone", "text": "Call me"}
    worklist.stop(store, "L3", **yes, at=f"{AS_OF} 09:20", by="Lin")
    return store


def taken_in(folder: Path) -> dict[str, loaders.Loaded]:
    customers = folder / "customers.csv"
    customers.write_text("customer_id,customer_name\na,Harbour Foods\n", encoding="utf-8")
    load: Callable[..., loaders.Loaded] = loaders.load
    orders = load(written(folder), cache=folder / "cache", max_reject_rate=1.0)
    return {"orders": orders, "customers": load(customers, table="customers", cache=folder)}


def opened(name: str, folder: Path, **more: Any) -> Panel:
    """Open a panel on the sample company, or on a file or worklist of a few rows."""
    made = company()
    orders, steps, touches, leads = (made[one] for one in ("orders", "steps", "touches", "leads"))
    people = People(made["customers"], made["owners"], leads)
    team = People(
        owners=pd.DataFrame({"owner_id": ["S1", "S2"], "owner_name": ["Lin Yue", "Marek Dolan"]}),
        leads=STEPS[["lead_id", "owner_id"]].drop_duplicates("lead_id").assign(lead_name="Wu Ning"),
    )
    seen: dict[str, Any] = {"people": people, **more}
    split: dict[str, Any] = {"as_of": AS_OF, "calibration_end": "2026-04-30"}
    ways: dict[str, Callable[[], Panel]] = {
        "check": lambda: widgets.check(
            written(folder), settings=config.Settings(root=folder), **more
        ),
        "ledger": lambda: widgets.ledger(taken_in(folder), **more),
        "lifetime": lambda: widgets.lifetime(orders, **split, **seen),
        "migration": lambda: widgets.migration(orders, before="2026-04-30", after=AS_OF, **more),
        "nurture_effect": lambda: widgets.nurture_effect(steps, touches, as_of=AS_OF, **seen),
        "nurture_queue": lambda: widgets.nurture_queue(
            listed(folder), as_of=AS_OF, by="Lin", **{"people": team, **more}
        ),
        "planner": lambda: widgets.planner(leads.head(12), as_of=AS_OF, **seen),
        "repurchase": lambda: widgets.repurchase(purchases.history(orders, as_of=AS_OF), **seen),
        "retention": lambda: widgets.retention(orders, as_of=AS_OF, **seen),
        "rfm": lambda: widgets.rfm(orders, as_of=AS_OF, **seen),
        "track_record": lambda: widgets.track_record(orders, as_of_dates=PAST, until=AS_OF, **seen),
    }
    return ways[name]()


def views(panel: Panel) -> list[dict[str, str]]:
    """Give the values that lead to each view: of a single one, none."""
    names = [view.__name__ for view in panel._answering.views]
    return [{"view": name} for name in names] if len(names) > 1 else [{}]


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("name", widgets.__all__)
@pytest.mark.slow
def test_each_view_says_its_finding_and_its_code_gives_the_same_figure_and_list(
    name: str, lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    panel = opened(name, tmp_path)
    # English as it opens, Chinese as it is moved
    for values in [{}] if lang == "en" else MOVED[name]:
        panel.set(**values, lang=lang)
        for view in views(panel):
            panel.set(**view)
            assert panel.sentence
            assert not re.search("[a-z]_[a-z]", panel.sentence)
            unnamed = [one for one in panel.listed if not Words(lang).has(f"column.{one}")]
            assert unnamed == []
            reproduced(panel, **panel._answering.given)


@pytest.mark.parametrize("name", widgets.__all__)
def test_a_language_is_no_words_and_is_refused_with_the_mend(name: str, tmp_path: Path) -> None:
    with pytest.raises(
        errors.ParameterTypeError, match=r"words is 'zh'.*\nGive words=words.Words\("
    ):
        opened(name, tmp_path, words="zh")


@pytest.mark.parametrize(
    "name",
    [name for name in widgets.__all__ if "people" in signature(getattr(widgets, name)).parameters],
)
def test_a_table_or_nothing_as_people_is_refused_with_the_mend(name: str, tmp_path: Path) -> None:
    for people in (company()["customers"], None):
        if name == "planner" and people is None:
            continue  # there, the names are those of the leads
        with pytest.raises(
            errors.ParameterTypeError, match=r"people is .*\nGive people=People\(cust"
        ):
            opened(name, tmp_path, people=people)


def test_bands_of_the_settings_beyond_the_ends_of_a_slider_open_it_there() -> None:
    wide = config.Settings(churn=config.ChurnSettings(due_from=2.5, risk_from=5, lost_from=12))
    history = purchases.history(company()["orders"], as_of=AS_OF)
    bands = widgets.repurchase(history, settings=wide).values
    assert (bands["due_from"], bands["risk_from"], bands["lost_from"]) == (2.5, 5, 12)
