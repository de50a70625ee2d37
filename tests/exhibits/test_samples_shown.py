"""From the sample orders to the figures: the numbers drawn are those of the answers."""

import pandas as pd
import pytest

from workbench import churn, exhibits, loaders, purchases, rfm
from workbench.words import Words


@pytest.fixture(scope="module")
def sample(root):
    loaded = loaders.load(root / "data" / "samples" / "orders.csv")
    then, now = (purchases.history(loaded, as_of=day) for day in ("2026-09-30", "2026-10-31"))
    return loaded, then, now


def scored(history):
    measures = rfm.measure(history)
    return measures, rfm.segment(rfm.score(measures))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_churn_figures_count_every_customer(sample, lang):
    _, _, now = sample
    warnings = churn.warn(now)
    summary = churn.summary(warnings).set_index("warning")["customers"]
    show, words = exhibits.churn, Words(lang)
    shown = show.ratios(summary.reset_index(), bins=churn.ratios(warnings))
    figure = shown.figure(words)
    drawn = sum(n for trace in figure.data for n in trace.customdata)
    assert drawn == summary.sum() - summary["too_little_history"]
    workload = churn.workload(warnings)
    change = churn.workload_change(workload, workload)
    figure = show.workload(workload, change=change).figure(words)
    drawn = sum(n for trace in figure.data for n in trace.x)
    assert drawn == summary["likely_repurchase"] + summary["churn_risk"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rfm_figures_count_every_customer_and_all_the_money(sample, lang):
    _, then, now = sample
    measures, segments = scored(now)
    summary = rfm.summary(segments)
    bars = exhibits.rfm.segments(summary).figure(Words(lang)).data
    assert sum(n for trace in bars for n in trace.customdata) == len(segments)
    assert sum(x for trace in bars for x in trace.x) == pytest.approx(1)
    (heat,) = exhibits.rfm.grid(rfm.grid(segments)).figure(Words(lang)).data
    assert sum(map(sum, heat.z)) == pytest.approx(segments["monetary"].sum())
    moved = rfm.migration(scored(then)[1], segments)
    (moves,) = exhibits.rfm.migration(moved).figure(Words(lang)).data
    cells = [cell for line in moves.customdata for cell in line]
    assert sum(cell[2] for cell in cells) == pytest.approx(segments["monetary"].sum())
    cuts = rfm.cuts(measures)
    shown = exhibits.rfm.distributions(
        rfm.distribution(measures, cuts), cut_points=rfm.cut_points(cuts)
    )
    spread = shown.figure(Words(lang))
    assert [sum(trace.customdata) for trace in spread.data] == [len(measures)] * 3


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_ledger_figure_takes_the_loaders_ledger(sample, lang):
    loaded, _, _ = sample
    figure = exhibits.ledger.summary(loaded.ledger.summary()).figure(Words(lang))
    held = loaded.ledger.summary().set_index("check")["rows"]
    assert figure.data[0].customdata[:2] == (held["rows_kept"], held["rows_rejected"])


@pytest.mark.parametrize(
    "amounts",
    [[("a", "2026-01-05", 10)], [("a", "2026-01-05", 10), ("a", "2026-02-05", 10)], []],
    ids=["one customer", "one repeat customer", "nobody"],
)
@pytest.mark.slow
def test_hardly_any_data_is_still_a_figure(amounts):
    orders = pd.DataFrame(amounts, columns=["customer_id", "ordered_at", "amount"]).astype(
        {"customer_id": "str", "ordered_at": "datetime64[us]", "amount": "float64"}
    )
    history = purchases.history(orders, as_of="2026-10-31")
    warnings = churn.warn(history)
    measures, segments = scored(history)
    drawn = [
        exhibits.churn.ratios(churn.summary(warnings), bins=churn.ratios(warnings)).figure(),
        exhibits.churn.workload(churn.workload(warnings)).figure(),
        exhibits.rfm.segments(rfm.summary(segments)).figure(),
        exhibits.rfm.grid(rfm.grid(segments)).figure(),
        exhibits.rfm.migration(rfm.migration(segments, segments)).figure(),
    ]
    if amounts:
        cuts = rfm.cuts(measures)
        spread = rfm.distribution(measures, cuts)
        shown = exhibits.rfm.distributions(spread, cut_points=rfm.cut_points(cuts))
        drawn.append(shown.figure())
    assert all(figure.layout.meta["alt"] for figure in drawn)
