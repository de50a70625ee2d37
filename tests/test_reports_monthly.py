"""The monthly report on customers: right on the samples, and right where there is hardly anything."""

import json
import statistics
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from report_books import HOSTILE

from workbench import models, reports

NOTEBOOK = "notebooks/reports/monthly_customers.ipynb"
TOML = """
[tables.orders]
source = "orders.csv"
[tables.customers]
source = "customers.csv"
[tables.owners]
source = "owners.csv"
"""


def company(folder: Path, orders: list[tuple[str, str, float]], names: dict[str, str]) -> Path:
    """Write a small company: orders as customer, day, amount; customers by id."""
    pd.DataFrame(orders, columns=["customer_id", "ordered_at", "amount"]).to_csv(
        folder / "orders.csv", index=False
    )
    pd.DataFrame(
        {"customer_id": list(names), "customer_name": list(names.values()), "owner_id": "S01"}
    ).to_csv(folder / "customers.csv", index=False)
    pd.DataFrame({"owner_id": ["S01", "S02"], "owner_name": ["Lin Yue", "Chen Wei"]}).to_csv(
        folder / "owners.csv", index=False
    )
    settings = folder / "workbench.toml"
    settings.write_text(TOML, encoding="utf-8")
    return settings


def table(run: reports.Run, name: str) -> pd.DataFrame:
    return pd.read_csv(run.folder / "tables" / f"{name}.csv", encoding="utf-8-sig")


def page(run: reports.Run) -> str:
    return (run.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def cells(root: Path) -> list[Any]:
    return list(nbformat.read(root / NOTEBOOK, as_version=4).cells)


def test_the_notebook_reads_as_a_notebook_should(cells: list[Any]) -> None:
    code = [cell for cell in cells if cell.cell_type == "code"]
    lengths = [len(cell.source.splitlines()) for cell in code]
    assert statistics.median(lengths) <= 5
    assert max(lengths) <= 15
    for cell in code:
        assert not cell.outputs
        assert cell.execution_count is None
        words = cell.source.split()
        assert "def" not in words
        assert "class" not in words
        assert "/home/" not in cell.source


@pytest.fixture(scope="module")
def october(root: Path, tmp_path_factory: pytest.TempPathFactory) -> reports.Run:
    """The last whole month of the samples, in its default language."""
    folder = tmp_path_factory.mktemp("samples")
    settings = folder / "workbench.toml"
    sources = {
        name: (root / "data" / "samples" / f"{name}.csv").as_posix()
        for name in ("orders", "customers", "owners")
    }
    settings.write_text(
        "\n".join(f'[tables.{name}]\nsource = "{path}"' for name, path in sources.items())
    )
    return reports.run("monthly_customers", settings_file=settings)


@pytest.fixture(scope="module")
def sold(root: Path) -> pd.DataFrame:
    orders = pd.read_csv(root / "data" / "samples" / "orders.csv", parse_dates=["ordered_at"])
    return orders.dropna(subset=["customer_id"])


@pytest.mark.notebook
def test_without_a_period_it_is_the_last_whole_month(october: reports.Run) -> None:
    assert october.period == "2026-10"


@pytest.mark.notebook
def test_the_key_figures_are_those_of_the_order_file(
    october: reports.Run, sold: pd.DataFrame
) -> None:
    figures = table(october, "key_figures").set_index("Period")
    assert list(figures.index) == [
        str(p) for p in pd.period_range("2025-10", "2026-10", freq="M")
    ], "thirteen months, oldest first"
    by_month = sold.groupby(sold["ordered_at"].dt.to_period("M").astype(str))["amount"].sum()
    for month, revenue in figures["Revenue, known customers"].items():
        assert revenue == pytest.approx(by_month[month], abs=0.005)


@pytest.mark.notebook
def test_both_call_lists_are_whole_as_csv_and_short_on_the_page(october: reports.Run) -> None:
    counts = table(october, "warnings").set_index("Warning")["Customers"]
    risk, due = table(october, "churn_risk"), table(october, "likely_repurchase")
    assert len(risk) == counts["churn risk"] > 20
    assert len(due) == counts["likely to repurchase"] > 20
    assert f"8 of {len(risk)} rows shown." in page(october)
    assert risk["At stake"].is_monotonic_decreasing
    assert risk["Reason"].str.contains("days, last").all()
    assert risk["Owner"].notna().mean() > 0.9


@pytest.mark.notebook
def test_the_classes_hold_every_customer_once(october: reports.Run, sold: pd.DataFrame) -> None:
    segments = table(october, "segments")
    assert len(segments) == 8
    assert segments["Customers"].sum() <= sold["customer_id"].nunique()
    assert segments["Share of money"].sum() == pytest.approx(1)
    assert table(october, "warnings")["Customers"].sum() == segments["Customers"].sum()


@pytest.mark.notebook
def test_what_changed_is_told_by_name(october: reports.Run, root: Path) -> None:
    names = pd.read_csv(root / "data" / "samples" / "customers.csv")["customer_name"]
    risk = table(october, "churn_risk")
    assert set(risk["Customer"]) <= set(names)
    said = page(october).split("What changed since September 2026", 1)[1].split("</section>")[0]
    assert "New at churn risk:" in said
    assert any(name in said for name in risk["Customer"].head(10))


@pytest.mark.notebook
def test_the_most_valuable_stand_first_and_who_cannot_be_told_is_said_so(
    october: reports.Run, sold: pd.DataFrame
) -> None:
    worth = table(october, "most_valuable")
    assert worth["Lifetime value"].is_monotonic_decreasing
    assert set(worth["Customer ID"]) <= set(sold["customer_id"])
    assert len(worth) == table(october, "warnings")["Customers"].sum()
    text = page(october)
    assert f"8 of {len(worth):,} rows shown." in text
    assert "came closest on past days" in text
    once = worth["Repeat purchases"] == 0
    untold = worth["Probability still active"] == "cannot be told"
    names = {"BG/NBD": models.BetaGeo, "MBG/NBD": models.ModifiedBetaGeo}
    said = next((name for name in names if f"{name} came closest" in text), "Pareto/NBD")
    if names.get(said, models.ParetoNBD).tells_one_time_buyers:
        assert not untold.any()
    else:
        assert once.sum() > 500
        assert untold.equals(once.rename(untold.name))
        assert f"Of {once.sum():,} of them it cannot be told" in text
    told = worth.loc[~untold, "Probability still active"].astype(float)
    assert told.between(0, 1).all()


@pytest.mark.notebook
def test_the_value_ahead_is_that_of_the_list_and_the_classes_that_of_the_orders(
    october: reports.Run, sold: pd.DataFrame
) -> None:
    worth, share = table(october, "most_valuable"), table(october, "value_ahead")
    assert share["Lifetime value"].sum() == pytest.approx(worth["Lifetime value"].sum())
    assert share["Share of lifetime value"].sum() == pytest.approx(1)
    money = worth["Expected spend"].sum() / 1e6
    assert f"are expected to spend {money:.2f}\xa0M in the next 365 days" in page(october)
    judged = table(october, "class_value")
    days = sold["ordered_at"].dt.normalize()
    later = sold[(days > "2026-05-02") & (days <= "2026-10-31")]
    assert judged["Spent in the days after"].sum() == pytest.approx(later["amount"].sum())
    assert judged["Class"].iloc[-1] == "No class that day"
    assert "Probability still active" in page(october).split("What the words mean", 1)[1]


@pytest.mark.notebook
def test_who_came_back_is_counted_from_the_order_file(
    october: reports.Run, sold: pd.DataFrame
) -> None:
    days = sold.groupby(["customer_id", sold["ordered_at"].dt.normalize()])["amount"].sum()
    bought = days[days > 0].reset_index()
    months = bought["ordered_at"].dt.to_period("M")
    first = months.groupby(bought["customer_id"]).transform("min")
    cohorts = table(october, "retention")
    firsts = pd.to_datetime(cohorts["First came, period from"]).dt.to_period("M")
    for month in ("2026-06", "2026-09"):
        came = bought.loc[first == month, "customer_id"]
        back = bought.loc[(first == month) & (months == pd.Period(month) + 1), "customer_id"]
        row = cohorts[(firsts == month) & (cohorts["Periods after"] == 1)].iloc[0]
        assert row["Customers who first came"] == came.nunique()
        assert row["Customers"] == back.nunique()
        assert row["Active of them"] == pytest.approx(back.nunique() / came.nunique())
    assert firsts.max() == pd.Period("2026-10"), "the last month, with its new customers alone"
    assert cohorts.loc[firsts == "2026-10", "Periods after"].tolist() == [0]


@pytest.mark.notebook
def test_the_second_purchase_and_the_repeat_money_are_told_and_add_up(
    october: reports.Run,
) -> None:
    earned = table(october, "new_repeat")
    figures = table(october, "key_figures").set_index("Period")
    both = earned["Revenue of first purchase days"] + earned["Revenue of repeat business"]
    assert earned["Period"].iloc[0] == "2026-10"
    for month, revenue in zip(earned["Period"].str[:7], both, strict=True):
        if month in figures.index:
            kept = figures.loc[month, "Revenue, known customers"]
            assert revenue == pytest.approx(kept, abs=0.005)
    curve = table(october, "second_purchase")
    assert curve["Still waiting"].is_monotonic_decreasing
    assert curve["Bought a second time"].is_monotonic_increasing
    text = page(october)
    for said in ("of those new in 2026", "within 90 days", "Repeat business"):
        assert said in text
    for term in ("First purchase month", "Time to the second purchase"):
        assert f"<dt>{term}</dt>" in text


@pytest.mark.notebook
def test_an_owners_edition_speaks_of_that_owners_customers_only(
    october: reports.Run, root: Path
) -> None:
    settings = october.folder.parents[3] / "workbench.toml"
    run = reports.run("monthly_customers", owner="S05", lang="zh", settings_file=settings)
    customers = pd.read_csv(root / "data" / "samples" / "customers.csv")
    theirs = set(customers.loc[customers["owner_id"] == "S05", "customer_id"])
    risk = table(run, "churn_risk")
    assert set(risk["客户编号"]) <= theirs
    assert len(risk)
    everybody = table(october, "churn_risk")
    shared = everybody[everybody["Customer ID"].isin(theirs)]
    assert set(shared["Customer ID"]) == set(risk["客户编号"]), "the same rule for both"
    worth, of_all = table(run, "most_valuable"), table(october, "most_valuable")
    assert set(worth["客户编号"]) <= theirs
    assert len(worth)
    learnt = of_all.set_index("Customer ID")["Lifetime value"]
    assert worth["客户终身价值"].tolist() == pytest.approx(
        learnt.loc[worth["客户编号"]].tolist()
    ), "learnt from everybody, listed for one owner"
    unknown = reports.attempt("monthly_customers", owner="S50", settings_file=settings)
    assert unknown.error is not None
    assert "There is no owner called 'S50'" in unknown.error.what


@pytest.mark.notebook
def test_one_customer_who_bought_once_makes_a_whole_page(tmp_path: Path) -> None:
    settings = company(tmp_path, [("a", "2026-10-05", 100.0)], {"a": HOSTILE[0]})
    run = reports.run("monthly_customers", period="2026-10", settings_file=settings)
    text = page(run)
    assert "1 customer bought for 100 in October 2026" in text
    assert "No customer is at churn risk." in text
    assert "The data end on 5 Oct 2026: the period is not whole" in text
    assert text.count("No value can be expected yet: nobody has bought twice") >= 2
    assert table(run, "most_valuable").empty
    assert "Compared with" not in text, "nothing was known before"
    assert "Nobody can have come back yet" in text
    assert "No full period yet" in text
    assert "nan" not in text.split("<footer", 1)[0].split("<main", 1)[1].lower().split()


@pytest.mark.notebook
@pytest.mark.parametrize(
    ("customers", "lang", "said"),
    [
        ("abc", "en", "fewer than 5 customers have bought again"),
        ("abc", "zh", "再次购买的客户不足5位"),
        ("abcdefgh", "en", ", steadied."),
    ],
)
def test_few_customers_who_are_alike_have_a_steadied_value_or_the_true_reason(
    tmp_path: Path, customers: str, lang: Any, said: str
) -> None:
    days = ["2026-05-04", "2026-06-08", "2026-07-06", "2026-10-31"]
    orders = [(who, day, 50.0) for who in customers for day in days]
    settings = company(tmp_path, orders, {who: who.upper() for who in customers})
    run = reports.run("monthly_customers", period="2026-10", lang=lang, settings_file=settings)
    assert said in page(run)
    assert len(table(run, "class_value"))
    assert len(table(run, "most_valuable")) == (len(customers) if "steadied" in said else 0)


@pytest.mark.notebook
def test_a_period_nobody_bought_in_is_no_data_and_not_a_page(tmp_path: Path) -> None:
    settings = company(tmp_path, [("a", "2026-08-05", 100.0)], {"a": "Harbour Foods"})
    for period in ("2026-10", "2019-01"):
        run = reports.attempt("monthly_customers", period=period, settings_file=settings)
        assert run.status == "no data"
        assert run.error is not None
        assert run.error.exit_code == 7
        assert f"Nobody bought in {period}." in run.error.what
        assert not (run.folder / "report.html").exists()
    manifest = json.loads((run.folder / "failed" / "run.json").read_text())
    assert manifest["status"] == "no data"


@pytest.mark.notebook
def test_a_churn_risk_with_a_hostile_name_is_named_harmlessly(tmp_path: Path) -> None:
    days = ["2026-07-01", "2026-08-05", "2026-09-09"]
    names = {f"c{place}": name for place, name in enumerate(HOSTILE)}
    orders = [(who, day, 50.0 + n) for n, who in enumerate(names) for day in days]
    settings = company(tmp_path, [*orders, ("z", "2026-10-31", 1.0)], names)
    run = reports.run("monthly_customers", period="2026-10", settings_file=settings)
    text = page(run)
    risk = table(run, "churn_risk")
    assert len(risk) == len(HOSTILE)
    assert risk["Customer"].str.startswith("'=cmd|").any()
    assert "<script>document.title" not in text
    assert "<bdi>\u202eevil" in text, "a name that turns the text round is closed off"
    raw = pd.read_csv(tmp_path / "customers.csv")["customer_name"]
    assert list(raw) == list(HOSTILE), "whole in the data"


def test_the_kept_example_is_one_good_page_of_the_samples(root: Path) -> None:
    example = root / "reports" / "example"
    said = json.loads((example / "run.json").read_text(encoding="utf-8"))
    assert (said["status"], said["period"]) == ("ok", "2026-10")
    text = (example / "report.html").read_text(encoding="utf-8")
    assert f"<title>{said['title']}</title>" in text
    assert "default-src 'none'" in text
    assert {path.name for path in (example / "tables").iterdir()} == set(said["tables"])
    assert str(root) not in text


@pytest.mark.notebook
def test_a_company_that_has_only_orders_gets_the_page_with_ids_for_names(
    root: Path, tmp_path: Path
) -> None:
    orders = (root / "data" / "samples" / "orders.csv").as_posix()
    file = tmp_path / "workbench.toml"
    file.write_text(f'[tables.orders]\nsource = "{orders}"\n')
    run = reports.run("monthly_customers", period="2026-10", settings_file=file)
    calls = pd.read_csv(run.folder / "tables" / "churn_risk.csv", encoding="utf-8-sig")
    assert len(calls) == 101
    assert (calls["Customer"] == calls["Customer ID"]).all()
    assert calls["Owner"].isna().all()
