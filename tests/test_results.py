"""Every table that an answer gives is declared: each column once, of one kind, with words."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from workbench import (
    campaigns,
    churn,
    config,
    errors,
    estimates,
    loaders,
    models,
    nurture,
    periods,
    purchases,
    retention,
    rfm,
    samples,
    scheduling,
    schema,
    tables,
    targets,
    value,
    words,
    worklist,
)
from workbench.people import People
from workbench.results import Result

AS_OF, BEFORE, NOW = "2026-10-31", "2026-06-30", "2026-11-02 09:00"
Tables = Iterator[tuple[str, Result, pd.DataFrame]]
# Their columns are those of the table they are given, or bear the name they are given.
OF_THE_CALLER = {
    "estimates.rates", "estimates.differences", "estimates.sample_sizes", "campaigns.record",
    "retention.new_only",
}  # fmt: skip
ANSWERS: tuple[ModuleType, ...] = (
    purchases, estimates, scheduling, models, rfm, churn, retention, value, nurture, worklist,
    campaigns, targets,
)  # fmt: skip


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    return samples.company(customers=200)


def of_purchases(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    orders = company["orders"]
    yield "purchases.history", purchases.HISTORY, purchases.history(orders, as_of=AS_OF)
    seen = purchases.histories(orders, as_of_dates=[BEFORE], horizon_days=90)
    yield "purchases.histories", purchases.HISTORIES, seen
    yield "purchases.book", purchases.BOOK, purchases.book(orders, as_of=AS_OF)
    month = periods.parse("2026-10")
    yield "purchases.kpis", purchases.KPIS, purchases.kpis(orders, periods=month)


def of_retention(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    orders = company["orders"]
    cohorts = retention.cohorts(orders, as_of=AS_OF)
    second = retention.second_purchases(orders, as_of=AS_OF)
    yield "retention.cohorts", retention.COHORTS, cohorts
    yield "retention.by_age", retention.BY_AGE, retention.by_age(cohorts)
    yield "retention.second_purchases", retention.SECOND, second
    yield "retention.awaited", retention.AWAITED, retention.awaited(second)
    yield (
        "retention.time_to_second",
        retention.TIME_TO_SECOND,
        retention.time_to_second(second),
    )
    yield "retention.revenue", retention.REVENUE, retention.revenue(orders, as_of=AS_OF)
    # what they are computed of
    days, came_back = second["days"], second["came_back"]
    curve = estimates.survival(days, came_back)
    yield "estimates.survival", estimates.SURVIVAL, curve
    yield "estimates.survival_at", estimates.SURVIVAL_AT, estimates.survival_at(curve, 90)
    yield "estimates.median_survival", estimates.MEDIANS, estimates.median_survival(curve)


def of_rfm(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    orders = company["orders"]
    measured, earlier = (
        rfm.measure(purchases.history(orders, as_of=day)) for day in (AS_OF, BEFORE)
    )
    scored, segmented = rfm.score(measured), rfm.segment(rfm.score(measured))
    cuts = rfm.cuts(measured)
    yield "rfm.measure", rfm.MEASURED, measured
    yield "rfm.score", rfm.SCORES, scored
    yield "rfm.segment", rfm.SEGMENTED, segmented
    yield "rfm.summary", rfm.SUMMARY, rfm.summary(segmented)
    yield "rfm.grid", rfm.GRID, rfm.grid(scored)
    moved = rfm.migration(rfm.segment(rfm.score(earlier)), segmented)
    yield "rfm.migration", rfm.MIGRATION, moved
    yield "rfm.moves", rfm.MOVES, rfm.moves(rfm.segment(rfm.score(earlier)), segmented)
    yield "rfm.distribution", rfm.DISTRIBUTION, rfm.distribution(measured, cuts)
    yield "rfm.cut_points", rfm.CUT_POINTS, rfm.cut_points(cuts)


def of_churn(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    orders, people = company["orders"], {n: company[n] for n in ("customers", "owners")}
    history = purchases.history(orders, as_of=AS_OF)
    warnings, then = churn.warn(history), churn.warn(purchases.history(orders, as_of=BEFORE))
    load = churn.workload(warnings, **people)
    yield "churn.warn", churn.WARNED, warnings
    yield "churn.banded", churn.WARNED, churn.banded(warnings)
    yield "churn.summary", churn.SUMMARY, churn.summary(warnings)
    yield "churn.ratios", churn.RATIOS, churn.ratios(warnings)
    yield "churn.changes", churn.CHANGES, churn.changes(then, warnings)
    yield "churn.call_list", churn.CALL_LIST, churn.call_list(warnings, **people)
    yield "churn.workload", churn.WORKLOAD, load
    changed = churn.workload_change(churn.workload(then, **people), load)
    yield "churn.workload_change", churn.WORKLOAD_CHANGE, changed
    yield "churn.costs", churn.COSTS, churn.costs(history, values=[1.2, 1.4], **people)
    found = churn.backtest(
        orders, as_of_dates=["2026-01-31", BEFORE], horizon_days=90, rule=churn.RULES
    )
    yield "warned", churn.WARNED_OF, found.warned()
    yield "customers", churn.JUDGED, found.customers
    for name, result in (
        ("dates", churn.DATES), ("by_date", churn.BY_DATE), ("record", churn.RECORD),
        ("bands", churn.TRIED), ("calibration", churn.CALIBRATION),
        ("contacts", churn.CONTACTS),
    ):  # fmt: skip
        yield name, result, getattr(found, name)


def of_value(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    orders = company["orders"]
    parted = models.summary(orders, calibration_end=BEFORE, as_of=AS_OF)
    summary = models.summary(orders, as_of=AS_OF)
    buys, spend = models.BetaGeo.fit(summary), models.GammaGamma.fit(summary)
    yield "models.summary", models.SUMMARY, summary
    yield "models.summary", models.HELD_OUT, parted
    yield "confidence_intervals", models.INTERVALS, buys.confidence_intervals()
    ahead = buys.predict(summary, horizon="90D").drop(columns="customer_id")
    yield "predict", models.PREDICTED, ahead
    yield "total", models.TOTAL, buys.total(summary, horizon="90D")
    yield "spend", models.SPEND, spend.predict(summary)
    worth_of = models.lifetime_value(summary, purchases=buys, spend=spend, horizon="90D")
    yield "models.lifetime_value", models.LIFETIME_VALUE, worth_of
    tried = models.compare(
        orders, calibration_end=BEFORE, as_of=AS_OF, models=[models.BetaGeo, models.NBD]
    )
    yield "scores", models.SCORES, tried.scores
    yield "by_frequency", models.BY_FREQUENCY, tried.by_frequency
    yield "tracking", models.TRACKING, tried.tracking
    found = value.expect(summary, purchases=buys, spend=spend, horizon_days=90)
    for one in (found, value.expecting.nothing(90)):
        yield "customers", value.EXPECTED, one.customers
        yield "total", value.EXPECTED_IN_ALL, one.total
    yield "value.tenths", value.TENTHS, value.tenths(found.customers)[["tenth"]]
    yield "value.concentration", value.CONCENTRATION, value.concentration(found.customers)
    yield "value.activity", value.ACTIVITY, value.activity(found.customers)
    chosen = value.choose(orders, as_of=AS_OF, candidates=[models.ModifiedBetaGeo])
    yield "value.held", value.HELD, value.held(orders, chosen, times=1)
    known = rfm.segment(rfm.score(rfm.measure(purchases.history(orders, as_of=BEFORE))))
    spent = value.ahead(known, orders, horizon_days=90)
    yield "value.ahead", value.AHEAD, spent
    yield "value.judge", value.CLASSES, value.judge(known, spent)


def of_nurture(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    steps, touches, leads = (company[name] for name in ("steps", "touches", "leads"))
    templates = company["templates"]
    week = {"first": "2026-10-26", "last": AS_OF}
    facts = nurture.outcomes(steps, touches, as_of=AS_OF)
    yield "nurture.outcomes", nurture.OUTCOMES, facts
    yield "nurture.channels", nurture.CHANNELS, nurture.channels(leads, as_of=AS_OF)
    yield "nurture.problems", nurture.TEMPLATE_PROBLEMS, nurture.problems(templates)
    yield "nurture.library", nurture.LIBRARY, nurture.library(templates, as_of=AS_OF)
    weeks = [periods.parse("2026-W44")]
    yield "nurture.activity", nurture.ACTIVITY, nurture.activity(steps, touches, periods=weeks)
    yield "nurture.punctuality", nurture.PUNCTUALITY, nurture.punctuality(facts, **week)
    yield "nurture.upcoming", nurture.UPCOMING, nurture.upcoming(facts)
    yield "nurture.planned", nurture.PLANNED, nurture.planned(facts, first=BEFORE)
    yield "nurture.missed", nurture.MISSED, nurture.missed(facts)
    yield "nurture.answers", nurture.ANSWERS, nurture.answers(touches, **week)
    called = nurture.handovers(touches, leads, as_of=AS_OF)
    yield "nurture.handovers", nurture.HANDOVERS, called
    yield "nurture.effect", nurture.EFFECT, nurture.effect(facts)
    yield "nurture.compare", nurture.COMPARED, nurture.compare(facts, by=())
    yield "nurture.cohorts", nurture.COHORTS, nurture.cohorts(facts, touches, leads)
    yield "nurture.waiting", nurture.WAITING, nurture.waiting(facts, touches)
    yield "nurture.fry_score", nurture.FRY_SCORE, nurture.fry_score(leads)
    asleep = nurture.dormant(leads, touches, as_of=AS_OF)
    yield "nurture.dormant", nurture.DORMANT, asleep
    plan = templates["plan"].iloc[0]
    given = {"leads": leads, "owners": company["owners"], "templates": templates, "as_of": AS_OF}
    first = asleep["lead_id"].iloc[0]
    yield "nurture.preview", nurture.PREVIEW, nurture.preview(plan, first, **given)
    asked = pd.DataFrame({"lead_id": [first], "plan": [plan], "step": [1]})
    nobody = asked.assign(lead_id="nobody")
    for some in (asked, nobody):
        written, wrong = nurture.draft(some, **given)
        yield "nurture.draft", nurture.PREPARED_STEPS, written
        yield "nurture.draft", nurture.DRAFT_PROBLEMS, wrong


def of_plans(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    asked = pd.DataFrame({"lead_id": ["L1", "L2"], "owner_id": "S1", "plan": "spring",
                          "start_date": "2026-11-02", "cycle_days": 30})  # fmt: skip
    planned = scheduling.plan(asked)
    yield "scheduling.plan", scheduling.PLANNED, planned
    yield "scheduling.resume", scheduling.PLANNED, scheduling.resume(planned, on="2026-12-01")
    yield "scheduling.dates", scheduling.DATES, scheduling.dates("2026-11-02", 30)
    yield "scheduling.compare", scheduling.RULES_COMPARED, scheduling.compare(30)
    yield "scheduling.workload", scheduling.WORKLOAD, scheduling.workload(planned)
    yield "scheduling.warnings", scheduling.WARNINGS_COUNTED, scheduling.warnings(planned)


def of_the_worklist(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    store = worklist.connect(folder / "worklist.db")
    by = {"at": NOW, "by": "Lin"}
    steps = pd.DataFrame({"step": [1, 2], "due_date": ["2026-11-02", "2026-11-09"]})
    asked = pd.concat(
        steps.assign(lead_id=party, owner_id="S1", plan="spring", channel="wechat", text="Hello")
        for party in ("L1", "L2", "L3")
    )
    enrolled = worklist.enrol(store, asked, **by)
    yield "worklist.enrol", worklist.ENROLLED, enrolled
    heard = pd.DataFrame(
        {"touch_id": ["m1"], "lead_id": "L3", "touched_at": "2026-11-01 09:00",
         "channel": "wechat", "direction": "in", "feedback": "positive"}
    )  # fmt: skip
    yield "worklist.record", worklist.RECORDED, worklist.record(store, heard, **by)
    due = worklist.due(store, as_of=NOW[:10])
    one = due[due["lead_id"] == "L1"]
    yield "worklist.mark_done", worklist.MARKED, worklist.mark_done(store, one, **by)
    yield "worklist.reopen", worklist.UNDONE, worklist.reopen(store, one, **by)
    skipped = worklist.skip(store, one, reason="ill", **by)
    yield "worklist.skip", worklist.MARKED, skipped
    number = int(skipped["operation_id"].iloc[0])
    yield "worklist.undo", worklist.UNDONE, worklist.undo(store, number, **by)
    paused = worklist.pause(store, "L1", **by)
    yield "worklist.pause", worklist.STOPPED, paused
    everything = worklist.steps(store, as_of=NOW[:10])
    again = nurture.resumed(everything, "L1", on=NOW[:10])
    yield "nurture.resumed", nurture.RESUMED, again
    yield "worklist.resume", worklist.STOPPED, worklist.resume(store, again, **by)
    ended = worklist.stop(store, "L2", feedback="opted_out", channel="wechat", **by)
    yield "worklist.stop", worklist.STOPPED, ended
    seen = {"as_of": NOW[:10]}
    for name in ("steps", "due", "missed", "done"):
        yield f"worklist.{name}", worklist.LISTED, getattr(worklist, name)(store, **seen)
    yield "worklist.handovers", worklist.WAITING, worklist.handovers(store, **seen)
    yield "worklist.opted_out", worklist.OPTED_OUT, worklist.opted_out(store, **seen)
    yield "worklist.touches", worklist.TOUCHED, worklist.touches(store, **seen)
    yield "worklist.timeline", worklist.TIMELINE, worklist.timeline(store, "L1", **seen)
    yield "worklist.planned", worklist.PLANNED, worklist.planned(store)


def of_targets(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    months = periods.parse("2026-10").last(2)
    by_month = purchases.kpis(company["orders"], periods=months)
    aims = {"2026-10": 1000.0}
    yield (
        "targets.reached",
        targets.REACHED,
        targets.reached(by_month[["period", "revenue"]], aims, until=months[1].as_of),
    )
    bought = purchases.history(company["orders"], as_of=months[1].as_of, window=31)
    named = People(company["customers"], company["owners"]).named(bought)
    names = dict(company["owners"][["owner_id", "owner_name"]].to_numpy())
    days: Any = {"period": months[1], "until": months[1].as_of}
    counts = {name: pd.DataFrame({"owner_id": list(names), name: 1}) for name in ("calls", "done")}
    made = targets.by_owner(named, owners=names, targets={next(iter(names)): 9.0}, **days, **counts)
    yield "targets.by_owner", targets.BY_OWNER, made


def of_campaigns(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    names = ("leads", "owners", "templates", "touches", "steps")
    loaded: Any = {name: SimpleNamespace(table=company[name], ledger=None) for name in names}
    store = worklist.connect(folder / "worklist.db")
    pond = campaigns.Pond(loaded, store, config.Settings(root=folder).nurture)
    by, seen = {"at": NOW, "by": "Lin"}, {"as_of": NOW[:10]}
    asleep = campaigns.dormant(pond, **seen, most=5)
    yield "campaigns.dormant", nurture.DORMANT, asleep
    plan, lead = company["templates"]["plan"].iloc[0], asleep["lead_id"].iloc[0]
    for leads in (asleep["lead_id"], []):
        made = campaigns.enrol(pond, leads, plan=plan, **seen, **by)
        yield "enrolled", worklist.ENROLLED, made.enrolled
        yield "left_out", nurture.DRAFT_PROBLEMS, made.left_out.assign(row=0)
    yield "campaigns.next_step", worklist.LISTED, campaigns.next_step(store, lead, **seen)
    for name in campaigns.QUEUES:
        own = {"due": campaigns.OPEN, "missed": campaigns.LYING, "handovers": worklist.WAITING}
        result = own.get(name, worklist.LISTED)
        yield "campaigns.queue", result, campaigns.queue(store, name, **seen)
    yield "campaigns.missed", campaigns.OPEN, campaigns.missed(store, **seen)
    yield "campaigns.ahead", worklist.LISTED, campaigns.ahead(store, **seen)
    yield "campaigns.open_steps", worklist.LISTED, campaigns.open_steps(store, **seen)
    yield "campaigns.morning", campaigns.MORNING, campaigns.morning(store, **seen)
    days = {"first": NOW[:10], "last": NOW[:10]}
    here = config.Settings(root=folder, worklist={"store": "worklist.db"})
    yield "campaigns.done", campaigns.DONE, campaigns.done(here, **days)
    yield "campaigns.workload", scheduling.WORKLOAD, campaigns.workload(store, **seen)
    worklist.pause(store, lead, **by)
    again = campaigns.resume(store, lead, on=NOW[:10], **seen, **by)
    yield "campaigns.resume", worklist.STOPPED, again
    told = campaigns.timeline(store, lead, **seen)
    yield "campaigns.timeline", worklist.TIMELINE, told
    worklist.stop(store, lead, feedback="opted_out", channel="wechat", **by)
    closed = campaigns.opted_out(store, loaded["leads"], **seen)
    yield "campaigns.opted_out", worklist.OPTED_OUT, closed


def of_loaders(company: dict[str, pd.DataFrame], folder: Path) -> Tables:
    names = ("first.csv", "second.csv")
    for day, name in enumerate(names, 1):
        text = f"customer_id,ordered_at,amount\n7,2026-03-0{day},2.50\n8,2026-03-0{day},x\n"
        (folder / name).write_text(text, encoding="utf-8")
    source, half = folder / names[0], {"max_reject_rate": 0.5}
    loaded = loaders.load(source, table="orders", **half)
    yield "summary", loaders.LEDGER, loaded.ledger.summary()
    one = loaded.ledger.rejects.assign(file="")
    yield "rejects", loaders.REJECTS, one
    yield "completeness", loaders.COMPLETENESS, loaded.completeness()
    yield "propose", loaders.PROPOSED, loaders.propose(source, table="orders").summary()
    both = loaders.load(folder, table="orders", **half)
    yield "rejects", loaders.REJECTS, both.ledger.rejects
    yield "by_file", loaders.BY_FILE, both.ledger.by_file()


MADE: tuple[Callable[[dict[str, pd.DataFrame], Path], Tables], ...] = (
    of_purchases, of_retention, of_rfm, of_churn, of_value, of_nurture, of_plans,
    of_targets, of_the_worklist, of_campaigns, of_loaders,
)  # fmt: skip


@pytest.fixture(scope="module")
def made(
    company: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[str, Result, pd.DataFrame]]:
    return [one for make in MADE for one in make(company, tmp_path_factory.mktemp(make.__name__))]


def test_what_an_answer_gives_is_what_it_declares(
    made: list[tuple[str, Result, pd.DataFrame]],
) -> None:
    wrong = {
        name: sorted(set(map(str, table.columns)) ^ set(result.columns))
        for name, result, table in made
        if set(table.columns) != set(result.columns)
    }
    assert wrong == {}


def test_every_answer_that_gives_a_table_is_looked_at(
    made: list[tuple[str, Result, pd.DataFrame]],
) -> None:
    known = {
        f"{answer.__name__.removeprefix('workbench.')}.{name}"
        for answer in ANSWERS
        for name in getattr(answer, "__all__", vars(answer))
        if inspect.isfunction(function := getattr(answer, name))
        and function.__module__.startswith("workbench.")
        and not name.startswith("_")
        and "pandas.DataFrame" in str(inspect.signature(function).return_annotation)
    }
    assert known - OF_THE_CALLER - {name for name, _, _ in made} == set()


def test_a_column_is_written_the_way_it_is_declared(
    made: list[tuple[str, Result, pd.DataFrame]],
) -> None:
    for name, result, table in made:
        for column, kind in result.kinds.items():
            if table[column].notna().any() and kind != "period":
                assert tables.kind(column, table[column]) == kind, (name, column)


def test_every_declared_column_has_header_words(
    made: list[tuple[str, Result, pd.DataFrame]],
) -> None:
    declared = {column for _, result, _ in made for column in result.columns}
    declared |= {column for table in schema.TABLES.values() for column in table.column_names}
    assert {column for column in declared if not words.has(f"column.{column}")} == set()


def test_a_column_of_ones_own_is_written_plainly() -> None:
    assert tables.kind("own_score", pd.Series([0.4])) == "number"
    written = [tables.cell("own_score", score, "number") for score in (0.42861, 1234.5, 7)]
    assert written == ["0.429", "1,234", "7"]


# What is refused


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(errors.ParameterError, match="column 'own_rate'") as told:
        Result("own()", own_rate="rates")
    assert "Did you mean 'rate'" in str(told.value)


def test_a_name_means_the_same_everywhere() -> None:
    with pytest.raises(errors.ParameterError, match="'customers' is of kind 'rate' in own"):
        Result("own()", customers="rate")


def test_only_a_column_of_the_table_has_an_interval() -> None:
    with pytest.raises(errors.UnknownNameError, match="active_shar"):
        Result("own()", interval=["active_shar"], active_share="rate")


def test_a_column_that_is_missed_on_the_way_is_told_as_what_it_is() -> None:
    curve = pd.DataFrame({"days": [1]})
    with (
        pytest.raises(errors.ContractError, match="missing column 'at_risk'") as told,
        retention.TIME_TO_SECOND.reading(curve, "curve"),
    ):
        _ = curve["at_risk"]
    assert "retention.time_to_second(second)" in str(told.value)


def test_a_table_of_customers_has_each_once_and_one_day() -> None:
    day = pd.Timestamp("2026-10-31")
    once = pd.DataFrame({"customer_id": ["a", "b"], "as_of": day, "frequency": 1})
    rfm.MEASURED.require_customers(once, "measures", "frequency")
    for wrong, told in (
        (once.drop(columns="frequency"), "missing column 'frequency'"),
        (once.assign(customer_id="a"), "repeats a customer_id"),
        (once.assign(as_of=[day, day + pd.Timedelta(days=1)]), "different values of as_of"),
    ):
        with pytest.raises(errors.ContractError, match=told):
            rfm.MEASURED.require_customers(wrong, "measures", "frequency")


def test_an_error_of_another_name_stays_what_it_is() -> None:
    shown = SimpleNamespace()
    with pytest.raises(AttributeError), retention.TIME_TO_SECOND.reading(pd.DataFrame(), "curve"):
        _ = shown.colour
