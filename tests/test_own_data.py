"""Orders alone: every notebook and report works, names nobody else, and shows no currency of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from workbench import errors, reports

pytestmark = pytest.mark.notebook

ALONE = '[tables.orders]\nsource = "orders.csv"\n'
OF_ORDERS = (
    "01_customers", "02_check_your_data", "06_lifetime_value", "07_retention", "lessons/rfm",
    "lessons/churn_and_lifetime",
)  # fmt: skip
OF_LEADS = ("03_nurture_planner", "04_nurture_queue", "05_nurture_effect")

# runs each until a cell fails, as JupyterLab does, and says what a reader sees of a failure
_AS_A_READER = """
import sys, nbformat
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for path in sys.argv[1:]:
    shell.reset()
    print("==", path)
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and not shell.run_cell(cell.source).success:
            print("stopped at", cell.id)
            break
"""


@pytest.fixture(scope="module")
def shop(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an order file of four hundred customers, and nothing else."""
    folder = tmp_path_factory.mktemp("shop")
    orders = pd.read_csv(root / "data" / "samples" / "orders.csv", dtype="str")
    orders = orders[orders["customer_id"].str[1:].astype("float") <= 400]
    orders.assign(customer_id="K" + orders["customer_id"].str[1:]).to_csv(
        folder / "orders.csv", index=False
    )
    (folder / "workbench.toml").write_text(ALONE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def others(root: Path) -> list[str]:
    """Whom the sample company knows, by name."""
    tables = {"customers": "customer_name", "owners": "owner_name"}
    return [
        name for table, column in tables.items()
        for name in pd.read_csv(root / "data" / "samples" / f"{table}.csv")[column].dropna()
    ]  # fmt: skip


def read(shop: Path, root: Path, *names: str) -> str:
    paths = [str(root / "notebooks" / f"{name}.ipynb") for name in names]
    done = subprocess.run(
        [sys.executable, "-c", _AS_A_READER, *paths],
        cwd=shop, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_notebooks_on_orders_run_and_call_customers_by_their_ids(
    shop: Path, root: Path, others: list[str]
) -> None:
    said = read(shop, root, *OF_ORDERS)
    assert said.count("==") >= len(OF_ORDERS)
    assert "stopped at" not in said, said[-2000:]
    assert re.search(r"\bK0000\d{3}\b", said)
    assert not re.search(r"\b(nan|NaN|None|CNY)\b", said)
    assert not [name for name in others if name in said]


def test_the_notebooks_on_leads_say_in_a_sentence_what_is_missing_and_how_to_add_it(
    shop: Path, root: Path
) -> None:
    said = read(shop, root, *OF_LEADS)
    told = (
        "ConfigError: settings: no source is given for the table 'leads'.\n"
        'Write in workbench.toml: [tables.leads] source = "path/to/leads.csv"'
    )
    assert said.count(told) == said.count("stopped at") == len(OF_LEADS)
    assert "Traceback" not in said


def page_of(run: reports.Run) -> str:
    """What stands on the page, without its scripts."""
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    return re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)


def test_the_monthly_report_shows_no_currency_that_nobody_stated(
    shop: Path, others: list[str]
) -> None:
    run = reports.run("monthly_customers", settings_file=shop)
    page = page_of(run)
    assert run.period == "2026-10"
    assert not re.search(r"\b(nan|NaN|None|CNY)\b", page)
    assert "Money in" not in page
    assert not [name for name in others if name in page]
    assert "K0000" in page
    assert "<h3>Customers</h3>" not in page, "the ledger tells of the sources there are"
    assert "in common" not in page


def test_the_currency_that_the_amounts_say_is_shown(tmp_path: Path) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 11) for day in (1, 9, 31 - month)]
    rows = [f"K{n % 3},{day},£{n + 5}.50" for n, day in enumerate(days)]
    (tmp_path / "orders.csv").write_text("customer_id,ordered_at,amount\n" + "\n".join(rows))
    (tmp_path / "customers.csv").write_text("customer_id,customer_name\nC1,Ada\nC2,Bo\n")
    (tmp_path / "workbench.toml").write_text(
        ALONE + '[tables.customers]\nsource = "customers.csv"\n'
    )
    page = page_of(reports.run("monthly_customers", settings_file=tmp_path))
    assert "Money in GBP" in page
    assert "have hardly any Customer ID in common: 0 of 3 in the former" in page
    (tmp_path / "workbench.toml").write_text('currency = "USD"\n' + ALONE)
    page = page_of(reports.run("monthly_customers", lang="zh", settings_file=tmp_path))
    assert "单位：美元" in page, "what is stated goes before"


def test_the_weekly_report_says_which_table_is_missing(shop: Path) -> None:
    with pytest.raises(errors.NoDataError, match="weekly_nurture needs the table 'leads'") as told:
        reports.run("weekly_nurture", settings_file=shop)
    assert told.value.mend.startswith("Write in workbench.toml: [tables.leads] source = ")


@pytest.mark.shared
@pytest.mark.slow
def test_online_retail_is_reported_in_its_own_currency_with_nobody_else_s_names(
    shared_data: Path, tmp_path: Path, others: list[str]
) -> None:
    source = (shared_data / "online_retail_uci" / "online_retail.csv.gz").as_posix()
    (tmp_path / "workbench.toml").write_text(
        f"""
currency = "GBP"
[tables.orders]
source = "{source}"
[tables.orders.columns]
order_id = "InvoiceNo"
customer_id = "CustomerID"
ordered_at = "InvoiceDate"
amount = "Quantity * UnitPrice"
""",
        encoding="utf-8",
    )
    run = reports.run("monthly_customers", settings_file=tmp_path)
    page = page_of(run)
    assert run.period == "2011-11", "the last whole month: the data end on 9 December"
    assert "Money in GBP" in page
    assert not re.search(r"\b(nan|NaN|None|CNY)\b", page)
    assert not [name for name in others if name in page]
    calls = pd.read_csv(run.folder / "tables" / "churn_risk.csv", dtype="str")
    assert calls["Customer"].str.fullmatch(r"\d{5}").all()
    assert calls["Owner"].isna().all()
    told = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    assert (told["status"], list(told["data"])) == ("ok", ["orders", "worklist"])
    assert told["data"]["worklist"] == "none", "steps done are counted where there is a store"
