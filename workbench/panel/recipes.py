"""Which Python gives the same view as a panel?

In a recipe ``{name}`` stands for the value of a control and ``<name>`` for what is fixed when the
panel opens. A recipe makes ``table``, ``figure`` and, where the panel has them, ``actions``, from
what the panel was opened with: ``loaded``, ``orders``, ``history``, ``customers``, ``owners``,
``leads``, ``already``, ``steps``, ``touches``, ``store``.
"""

from typing import Any


def filled(recipe: str, **fixed: Any) -> str:
    """Write down what no control moves; ``rule`` holds arguments as they stand.

    Examples
    --------
    >>> filled("rfm.measure(history, basis=<basis>, <rule>)", basis="total", rule="bins=5")
    "rfm.measure(history, basis='total', bins=5)"
    """
    for name, value in fixed.items():
        written = str(value) if name == "rule" else repr(value)
        # The controls' values are still to be filled in by ``format``.
        recipe = recipe.replace(f"<{name}>", written.replace("{", "{{").replace("}", "}}"))
    return recipe


# The pairs of classes between which somebody moved.
MOVED = "customers > 0 and segment_before != segment_after"

RFM = """from workbench import figures, purchases, rfm, tables

history = purchases.history(orders, as_of=<as_of>, window={window})
measures = rfm.measure(history, basis={basis})
rule = dict(method={method}, bins={bins}, high_from={high_from}, thresholds=<thresholds>)
table = rfm.segment(rfm.score(measures, **rule))
actions = tables.only(
    tables.named(table, customers=customers, owners=owners).sort_values(
        ["monetary", "customer_id"], ascending=[False, True]
    ),
    segment={segment},
    owner_id={owner},
)
"""
RFM_FIGURES = {
    "segments": "figure = figures.rfm.segments(rfm.summary(table), currency=<currency>, lang={lang})",
    "grid": """grid = rfm.grid(table, bins={bins})
figure = figures.rfm.grid(grid, high_from={high_from}, currency=<currency>, lang={lang})""",
    "distributions": """cuts = rfm.cuts(table, **rule)
figure = figures.rfm.distributions(
    rfm.distribution(table, cuts), rfm.cut_points(cuts), currency=<currency>, lang={lang}
)""",
}
MIGRATION = """from workbench import figures, purchases, rfm

before, after = (
    rfm.measure(purchases.history(orders, as_of=day, window=<window>), basis=<basis>)
    for day in ({before}, {after})
)
then = rfm.cuts(before, <rule>)
now = then if {same_cuts} else rfm.cuts(after, <rule>)
table = rfm.migration(
    rfm.segment(rfm.score(before, cuts=then)), rfm.segment(rfm.score(after, cuts=now))
)
actions = table.query("customers > 0 and segment_before != segment_after").sort_values(
    ["customers", "monetary_after"], ascending=False, kind="stable", ignore_index=True
)
figure = figures.rfm.migration(table, currency=<currency>, lang={lang})"""
REPURCHASE = """from workbench import churn, figures, tables

bands = dict(due_from={due_from}, risk_from={risk_from}, lost_from={lost_from})
table = churn.warn(history, **bands, min_intervals={min_intervals})
calls = churn.call_list(
    table,
    warning={warning},
    customers=customers,
    owners=owners,
    lang={lang},
    currency=<currency>,
)
actions = tables.only(calls, owner_id={owner})
"""
REPURCHASE_FIGURES = {
    "ratios": """figure = figures.churn.ratios(
    churn.ratios(table, **bands), churn.summary(table), lang={lang}
)""",
    "workload": """workload = churn.workload(table, customers=customers, owners=owners)
figure = figures.churn.workload(workload, currency=<currency>, lang={lang})""",
}
TRACK_RECORD = """from workbench import churn, figures, tables

test = churn.backtest(
    orders,
    as_of_dates=<as_of_dates>,
    horizon_days={horizon},
    rule=churn.RULES,
    thresholds=dict(interval_ratio={risk_from}, days_since_last={late_from}),
    lost_from=<lost_from>,
    min_intervals=<min_intervals>,
    until=<until>,
)
table = test.by_date
actions = tables.only(
    tables.named(test.warned({rule}), customers=customers, owners=owners), owner_id={owner}
)
"""
TRACK_RECORD_FIGURES = {
    "by_date": """figure = figures.track_record.by_date(
    table, horizon_days={horizon}, rule={rule}, lang={lang}
)""",
    "bands": """figure = figures.track_record.bands(
    test.bands, test.record, rule={rule}, lang={lang}
)""",
    "calibration": """figure = figures.track_record.calibration(
    test.calibration, rule={rule}, lang={lang}
)""",
    "rules": "figure = figures.track_record.rules(test.record, lang={lang})",
}
RETENTION = """from workbench import figures, retention, tables

second = retention.second_purchases(orders, as_of=<as_of>)
awaited = retention.awaited(second, within_days={within_days})
actions = tables.only(
    tables.named(awaited, customers=customers, owners=owners), owner_id={owner}
)
"""
RETENTION_FIGURES = {
    "triangle": """table = retention.cohorts(orders, as_of=<as_of>, every={every})
figure = figures.retention.triangle(
    table, measure={measure}, currency=<currency>, lang={lang}
)""",
    "by_age": """table = retention.by_age(retention.cohorts(orders, as_of=<as_of>, every={every}))
figure = figures.retention.by_age(table, measure={measure}, lang={lang})""",
    "second": """table = retention.time_to_second(second)
figure = figures.retention.second(table, within_days={within_days}, lang={lang})""",
    "revenue": """table = retention.revenue(orders, as_of=<as_of>, every={every})
figure = figures.retention.revenue(table, currency=<currency>, lang={lang})""",
}
NURTURE = """from workbench import estimates, figures, nurture, tables

every = nurture.outcomes(steps, touches, as_of=<as_of>)
plans = [{plan}] if {plan} else every["plan"].unique()
outcomes = tables.only(every[every["plan"].isin(plans)], owner_id={owner})
"""
NURTURE_FIGURES = {
    "effect": """table = nurture.effect(outcomes, by={by}, rates=[{rate}])
names = owners.set_index("owner_id")["owner_name"].to_dict()
figure = figures.nurture.effect(table, by={by}, rate={rate}, names=names, lang={lang})""",
    "compared": """table = nurture.compare(outcomes, arm={arm})
figure = figures.nurture.compared(table, lang={lang})""",
    "cohorts": """table = nurture.cohorts(outcomes, touches, leads, within_days={within_days})
figure = figures.nurture.cohorts(table, lang={lang})""",
    "waiting": """waits = nurture.waiting(outcomes, touches)
table = estimates.survival(waits["days"], waits["is_positive"])
reached = estimates.survival_at(table, {within_days})
figure = figures.nurture.waiting(table, reached, lang={lang})""",
}
LIFETIME = """from workbench import figures, models, purchases, rfm, tables, value

kind = getattr(models, {model})
known = models.summary(orders, as_of=<as_of>)
expected = value.expect(
    known,
    purchases=kind.fit(known),
    spend=models.GammaGamma.fit(known),
    horizon_days={horizon},
    yearly_rate={yearly_rate},
)
listed = tables.named(expected.customers, customers=customers, owners=owners)
actions = tables.only(listed, owner_id={owner})
"""
_VALUE_AHEAD = "horizon_days={horizon}, yearly_rate={yearly_rate}, currency=<currency>, lang={lang}"
_JUDGED = """before = models.summary(orders, as_of=<calibration_end>)
past = value.expect(
    before,
    purchases=kind.fit(before),
    spend=models.GammaGamma.fit(before),
    horizon_days=<holdout>,
    yearly_rate=0,
).customers
"""
_SPENT = """spent = value.ahead(classes, orders, horizon_days=<holdout>, until=<as_of>)
table = value.judge(classes, spent, by=<by>, predicted="expected_monetary")
figure = figures.lifetime.classes(
    table, horizon_days=<holdout>, by=<by>, currency=<currency>, lang={lang}
)"""
_COMPARED = """compared = models.compare(
    orders, calibration_end=<calibration_end>, as_of=<as_of>, models=[kind]
)
"""
LIFETIME_FIGURES = {
    "value": f"""table = value.concentration(expected.customers)
figure = figures.lifetime.value(
    table, expected.total, {_VALUE_AHEAD}
)""",
    "top": f"""table = expected.customers
figure = figures.lifetime.top(
    listed, {_VALUE_AHEAD}
)""",
    "alive": """table = value.activity(expected.customers)
figure = figures.lifetime.alive(table, model={model}, lang={lang})""",
    "models": """compared = models.compare(orders, calibration_end=<calibration_end>, as_of=<as_of>)
table = compared.scores.drop(columns="reason")
figure = figures.lifetime.models(table, lang={lang})""",
    "calibration": f"""{_COMPARED}table = compared.by_frequency
figure = figures.lifetime.calibration(table, model={{model}}, lang={{lang}})""",
    "tracking": f"""{_COMPARED}table = compared.tracking
figure = figures.lifetime.tracking(table, model={{model}}, lang={{lang}})""",
    "segments": f"""{_JUDGED}history = purchases.history(orders, as_of=<calibration_end>, window=<window>)
classes = rfm.segment(rfm.score(rfm.measure(history, basis=<basis>), <rule>))
classes = classes.merge(past[["customer_id", "expected_monetary"]], on="customer_id")
{_SPENT.replace("<by>", "'segment'")}""",
    "tenths": f"""{_JUDGED}classes = value.tenths(past)
{_SPENT.replace("<by>", "'tenth'")}""",
}
_QUEUE = """from workbench import exhibits, figures, scheduling, tables, worklist
from workbench.words import Words

"""
_BY_NAME = """
named = tables.owned(table, owners=owners)
actions = named.merge(leads[["lead_id", "lead_name"]], how="left", on="lead_id")[<columns>]
"""
QUEUES = {
    **{
        queue: f"{_QUEUE}table = worklist.{queue}(store, as_of=<as_of>, owner_id={{owner}})"
        for queue in ("due", "missed", "done", "handovers")
    },
    "paused": f"""{_QUEUE}steps = worklist.steps(store, as_of=<as_of>, owner_id={{owner}})
table = steps[steps["is_paused"].astype(bool)].reset_index(drop=True)""",
}
_AHEAD = f"""{_BY_NAME}pending = worklist.steps(
    store, as_of=<as_of>, owner_id={{owner}}, status=["pending"]
)
pending = pending[~pending["is_paused"].astype(bool)]
load = scheduling.workload(pending[pending["due_date"].between(<as_of>, <until>)])
"""
_TIMELINE = """
events = worklist.timeline(store, <lead>, as_of=<as_of>)
steps = worklist.steps(store, as_of=<as_of>, lead_id=<lead>, status=["pending"])
ahead = steps[~steps["is_paused"].astype(bool)]
actions = events[<events>]
figure = figures.nurture.timeline(events, ahead, as_of=<as_of>, lang={lang})"""
QUEUE_FIGURES = {
    "load": f"""{_AHEAD}load = tables.owned(load, owners=owners)
figure = exhibits.scheduling.workload(load).figure(Words({{lang}}))""",
    "load_of_one": f"{_AHEAD}figure = figures.nurture.upcoming(load, days=<days>, lang={{lang}})",
    "timeline": _TIMELINE,
    "timeline_of_one": _TIMELINE,
}
