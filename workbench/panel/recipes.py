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
