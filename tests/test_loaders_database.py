"""A table of a SQLite database comes in exact, and the database stays as it was."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench import config, errors, loaders, redaction
from workbench.loaders.open import cells, database

pytestmark = pytest.mark.many

ROWS = [
    (1, "007", "2026-03-05 10:30:00", 0.1),
    (2, "张三", "2026-03-06", 19.99),
    (3, None, "2026-03-07", -2),
]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / "shop.db"
    run(path, "CREATE TABLE orders (order_id INTEGER, customer_id, ordered_at, amount)")
    with sqlite3.connect(path) as connection:
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", ROWS)
    connection.close()
    return path


def run(path: Path, sql: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.commit()
    connection.close()


def refused(source: Path | str, **options: Any) -> str:
    with pytest.raises(errors.WorkbenchError) as caught:
        loaders.load(source, **options)
    assert caught.value.what
    assert caught.value.mend
    return str(caught.value)


def beside(path: Path) -> dict[str, str]:
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in path.parent.iterdir()}


@pytest.mark.parametrize("as_address", [True, False])
def test_a_table_comes_in_by_address_or_by_file(shop: Path, as_address: bool) -> None:
    source = f"sqlite:///{shop}" if as_address else shop
    loaded = loaders.load(source, db_table="orders")
    assert loaded.table["customer_id"].tolist()[:2] == ["007", "张三"]
    assert loaded.table["amount"].tolist() == [0.1, 19.99, -2.0]
    ledger = loaded.ledger
    assert (ledger.format, ledger.rows_read, ledger.anonymous) == ("database", 3, 1)
    assert ledger.source == f"{source}, table orders"


def test_a_query_comes_in(shop: Path) -> None:
    sql = (
        "SELECT customer_id, '2026-03-05 10:30' AS ordered_at, amount FROM orders WHERE amount > 1;"
    )
    loaded = loaders.load(f"sqlite:///{shop}", sql=sql)
    assert loaded.table["amount"].tolist() == [19.99]
    assert loaded.ledger.source.endswith("shop.db, query")


def test_sqlite_mixes_types_in_a_column_and_each_value_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "mixed.db"
    run(path, "CREATE TABLE orders (customer_id, ordered_at, amount)")
    with sqlite3.connect(path) as connection:
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?)",
            [
                (17850, "2026-03-05", 7),
                ("17850.0", "2026-03-05", "7.25"),
                (b"bytes", "2026-03-05", 1e-3),
                (9007199254740993, "2026-03-05", 0.30000000000000004),
                ("b", 20260305.5, 1),
                ("c", "2026-03-05", "free"),
            ],
        )
    connection.close()
    loaded = loaders.load(path, db_table="orders", max_reject_rate=1)
    assert loaded.table["customer_id"].tolist() == [
        "17850",
        "17850",
        "bytes",
        "9007199254740993",
    ]
    assert loaded.table["amount"].tolist() == [7.0, 7.25, 0.0, 0.3]
    assert loaded.ledger.rejects["line_number"].tolist() == [5, 6]


def test_bytes_that_are_no_text_reject_their_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "bytes.db"
    run(path, "CREATE TABLE orders (customer_id, ordered_at, amount)")
    run(path, "INSERT INTO orders VALUES (CAST(x'C3FF' AS TEXT), '2026-03-05', 1)")
    run(path, "INSERT INTO orders VALUES ('a', '2026-03-05', 1)")
    loaded = loaders.load(path, db_table="orders", max_reject_rate=1)
    assert loaded.ledger.rejects["reason"].tolist() == ["not_in_encoding"]
    assert loaded.ledger.rejects["value"].tolist() == ["\\xc3\\xff, 2026-03-05, 1"]
    assert (loaded.ledger.rows_read, loaded.ledger.rows_kept) == (2, 1)


WRITING = [
    "DELETE FROM orders",
    "INSERT INTO orders VALUES (9, 'x', '2026-03-05', 1)",
    "UPDATE orders SET amount = 0",
    "DROP TABLE orders",
    "CREATE TABLE more (x)",
    "ATTACH 'other.db' AS other",
    "VACUUM",
    "VACUUM INTO 'copy.db'",
    "PRAGMA journal_mode = WAL",
    "PRAGMA user_version = 7",
    "SELECT 1; DELETE FROM orders",
]


@pytest.mark.parametrize("sql", WRITING)
def test_nothing_is_ever_written(shop: Path, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.parent)
    before = beside(shop)
    assert "\n" in refused(shop, sql=sql)
    assert beside(shop) == before


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_database_at_rest_keeps_its_bytes_and_gets_no_neighbour(shop: Path, mode: str) -> None:
    run(shop, f"PRAGMA journal_mode = {mode}")
    before = beside(shop)
    assert loaders.load(shop, db_table="orders").ledger.rows_kept == 3
    assert beside(shop) == before


def test_rows_somebody_has_just_written_beside_it_are_seen(shop: Path) -> None:
    writer = sqlite3.connect(shop)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("INSERT INTO orders VALUES (4, 'new', '2026-03-08', 1)")
    writer.commit()
    assert loaders.load(shop, db_table="orders").ledger.rows_kept == 4
    writer.close()


def test_a_locked_database_is_told_after_a_moment(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.2)
    writer = sqlite3.connect(shop)
    writer.execute("BEGIN EXCLUSIVE")
    said = refused(shop, db_table="orders")
    writer.rollback()
    writer.close()
    assert "is locked by another program" in said
    assert "try again in a moment" in said
    assert loaders.load(shop, db_table="orders").ledger.rows_kept == 3


def test_what_is_no_database_is_told(tmp_path: Path, shop: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"not a database at all, but long enough to be read" * 50)
    assert "is no SQLite database" in refused(f"sqlite:///{tmp_path / 'no.db'}", db_table="orders")
    whole = shop.read_bytes()
    (tmp_path / "half.db").write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refused(tmp_path / "half.db", db_table="orders")
    (tmp_path / "spoilt.db").write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    assert "damaged" in refused(tmp_path / "spoilt.db", db_table="orders")
    (tmp_path / "empty.db").write_bytes(b"")
    assert "There is no table" in refused(f"sqlite:///{tmp_path / 'empty.db'}", db_table="orders")


def test_a_missing_file_names_the_near_one(shop: Path) -> None:
    said = refused(f"sqlite:///{shop.parent / 'shp.db'}", db_table="orders")
    assert "There is no file" in said
    assert "Did you mean 'shop.db'?" in said
    assert [path.name for path in shop.parent.iterdir()] == ["shop.db"], "none was made"


def test_an_unknown_table_or_column_is_told(shop: Path) -> None:
    run(shop, "CREATE VIEW refunds AS SELECT * FROM orders WHERE amount < 0")
    assert loaders.load(shop, db_table="refunds").ledger.refunds == 1
    assert "Did you mean 'orders'? Known: orders, refunds." in refused(shop, db_table="order")
    assert "no such column: custmer" in refused(shop, sql="SELECT custmer FROM orders")
    assert "missing columns 'customer_id'" in refused(shop, sql="SELECT 1 AS x, 2 AS y")
    assert "2 columns called 'amount'" in refused(shop, sql="SELECT 1 AS amount, 2 AS amount")


def test_hostile_names_are_names(tmp_path: Path) -> None:
    path = tmp_path / "it's [odd] %41 ?#.db"
    name = 'a"; DROP TABLE orders; --'
    quoted = name.replace('"', '""')
    run(path, f'CREATE TABLE "{quoted}" (customer_id, ordered_at, amount)')
    assert loaders.load(path, db_table=name).ledger.rows_read == 0


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        ("sqlite:///shop.db", {}, r"which of its tables is meant is not stated"),
        ("sqlite:///shop.db", {"sql": " ; "}, r"sql is empty"),
        ("sqlite:///shop.db", {"sql": "x", "db_table": "y"}, r"Both sql and db_table"),
        ("sqlite://", {"db_table": "x"}, r"names no file"),
        ("sqlite:///:memory:", {"db_table": "x"}, r"names no file"),
        (
            "mysql://ana:s3cret@db/shop",
            {"db_table": "x"},
            r"mysql://ana:\*\*\*@db/shop' is neither",
        ),
        ("https://a.example/o.csv", {}, r"neither a file nor a database.*\n.*download"),
        ("postgresql://ana:s3cret@db:port/x", {"sql": "x"}, r"no address of a database"),
        ("postgresql://ana:s3@cret@db/x", {"sql": "x"}, r"has two '@'.*\n.*%40"),
        ("orders.csv", {"db_table": "x"}, r"'orders\.csv' is no database, but db_table is stated"),
        ("orders.csv", {"sql": "SELECT 1"}, r"is no database, but sql is stated"),
    ],
)
def test_what_makes_no_sense_is_told(
    shop: Path,
    source: str,
    options: dict[str, str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(shop.parent)
    with pytest.raises(errors.WorkbenchError, match=message) as caught:
        loaders.load(source, **options)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:s3cret@db/shop",
        "postgresql://ana:s3@cret@db/shop",
        "postgresql://ana:s3/cret@db/shop",
        "postgresql+psycopg://ana:s3cret@[::1]:5432/shop?sslmode=require",
        "postgresql://db/shop?user=ana&password=s3cret",
        "postgresql://db/shop?sslpassword=s3cret&x=1",
    ],
)
def test_a_password_is_masked_wherever_it_stands(url: str) -> None:
    assert "cret" not in redaction.address(url)
    assert "s3" not in redaction.address(url)
    assert "***" in redaction.address(url)


def test_the_settings_resolve_the_file_and_the_environment(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workbench.toml").write_text(
        '[tables.orders]\nsource = "sqlite:///data/${WHICH}.db"\ndb_table = "orders"\n'
        '[tables.customers]\nsource = "${WHERE}"\nsql = "SELECT DISTINCT customer_id FROM orders '
        'WHERE customer_id IS NOT NULL"\n[tables.owners]\nsource = "${FOLDER}/owners.csv"\n'
    )
    settings = config.load(tmp_path)
    with pytest.raises(
        errors.ConfigError, match=r"source of 'orders' needs .* 'WHICH', which is not"
    ):
        settings.source("orders")
    monkeypatch.setenv("WHICH", "shop")
    monkeypatch.setenv("WHERE", f"sqlite:///{shop}")
    monkeypatch.setenv("FOLDER", "a b")
    assert loaders.load_configured("orders", settings).ledger.rows_kept == 3
    assert loaders.load_configured("customers", settings).ledger.rows_kept == 2
    assert settings.source("owners") == tmp_path / "a b" / "owners.csv"


def test_rows_come_in_batches_and_the_last_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.db"
    run(
        path,
        "CREATE TABLE orders AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 2500) SELECT i AS customer_id, '2026-03-05' AS ordered_at, i AS amount FROM n",
    )
    monkeypatch.setattr(cells, "BATCH", 1000)
    assert loaders.load(path, db_table="orders").ledger.rows_kept == 2500


def test_an_answer_is_kept_by_its_content(shop: Path, cache: Path) -> None:
    first = loaders.load(shop, db_table="orders")
    assert loaders.load(shop, sql="SELECT * FROM orders").source.parent.name != ""
    again = loaders.load(shop, db_table="orders")
    assert (again.source, again.ledger) == (first.source, first.ledger)
    run(shop, "DELETE FROM orders WHERE order_id = 1")
    changed = loaders.load(shop, db_table="orders")
    assert changed.source != first.source
    assert changed.ledger.rows_kept == 2
    assert not [name for name in os.listdir(cache) if name.startswith(".draft")]  # noqa: PTH208


def test_loading_a_file_loads_no_database_library(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("customer_id,ordered_at,amount\na,2026-03-05,1\n")
    code = (
        "import sys; from workbench import loaders; "
        f"loaders.load({str(tmp_path / 'o.csv')!r}, cache={str(tmp_path)!r}); "
        "print([name for name in ('sqlalchemy', 'psycopg', 'python_calamine') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_database_whose_complaint_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE orders (customer_id TEXT, ordered_at TEXT, amount REAL)")
        base.execute("CREATE TABLE others (x TEXT)")
    base.close()
    path.write_bytes(path.read_bytes().replace(b"others (x TEXT)", b"others \xd0(( EXT)"))
    with pytest.raises(errors.SourceError, match=r"damaged SQLite database.*\nRestore it"):
        loaders.load(path, db_table="orders", cache=tmp_path / "cache")
