"""Orders come in from a real PostgreSQL: exact, read-only, streamed, and without a password shown."""

import dataclasses
import datetime as dt
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from workbench import cli, config, errors, loaders, redaction
from workbench.loaders.open import cells

pytestmark = pytest.mark.postgres
psycopg = pytest.importorskip("psycopg")

TABLE = """
CREATE TABLE orders (
    order_id bigint, customer_id text, ordered_at timestamp, amount numeric(18, 2), note jsonb
);
INSERT INTO orders VALUES
    (1, '007', '2026-03-05 10:30:00', 0.10, '{"a": 1}'),
    (2, '张三', '2026-03-06', 9999999999999999.99, NULL),
    (3, NULL, '2026-03-07 23:59:59.123456', -2.25, NULL);
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def run(url: str, sql: str) -> list[Any]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def shop(postgres: str) -> str:
    run(postgres, TABLE)
    return postgres


def refused(url: str, **options: Any) -> errors.WorkbenchError:
    with pytest.raises(errors.WorkbenchError) as caught:
        loaders.load(url, **options)
    assert caught.value.what
    assert caught.value.mend
    return caught.value


def test_a_table_comes_in_with_exact_values(shop: str) -> None:
    loaded = loaders.load(shop, db_table="orders")
    assert loaded.table["order_id"].tolist() == ["1", "2", "3"]
    assert loaded.table["customer_id"].tolist()[:2] == ["007", "张三"]
    assert loaded.table["ordered_at"].tolist()[2] == dt.datetime(2026, 3, 7, 23, 59, 59, 123456)
    money = duckdb.sql(f"SELECT amount FROM '{loaded.source}'").fetchall()
    assert money == [(Decimal("0.10"),), (Decimal("9999999999999999.99"),), (Decimal("-2.25"),)]
    ledger = loaded.ledger
    assert (ledger.format, ledger.rows_read, ledger.rows_kept) == ("database", 3, 3)
    assert (ledger.anonymous, ledger.refunds, ledger.ignored_columns) == (1, 1, ("note",))


def test_a_query_and_its_columns_are_mapped(shop: str) -> None:
    sql = """
        SELECT customer_id AS who, ordered_at AS "when", 2 AS pieces, amount / 2 AS price
        FROM orders WHERE amount % 1 <> 0.99 AND customer_id LIKE '0%' -- 10:30 is no parameter
        ORDER BY 1;
    """
    maps = {"customer_id": "who", "ordered_at": "when", "amount": "pieces * price"}
    loaded = loaders.load(shop, sql=sql, columns=maps)
    assert loaded.table["amount"].tolist() == [0.1]


def test_what_python_cannot_hold_is_a_reject_and_not_a_failure(postgres: str) -> None:
    run(postgres, "CREATE TABLE o (customer_id int, ordered_at timestamp, amount numeric)")
    run(
        postgres,
        "INSERT INTO o VALUES (1, 'infinity', 1), (2, '0044-03-15 BC', 1), (3, '2026-03-05', 'NaN'),"
        " (4, '2026-03-05', 'Infinity'), (5, NULL, 1), (6, '2026-03-05', 1.005)",
    )
    loaded = loaders.load(postgres, db_table="o", max_reject_rate=1)
    rejects = loaded.ledger.rejects
    assert rejects["line_number"].tolist() == [1, 2, 3, 4, 5]
    assert rejects["column"].tolist() == [*["ordered_at"] * 2, *["amount"] * 2, "ordered_at"]
    assert loaded.table["amount"].tolist() == [1.01]
    assert loaded.ledger.amounts_finer_than_cent == 1


def test_moments_become_times_of_the_stated_zone(postgres: str) -> None:
    run(postgres, "CREATE TABLE o (customer_id int, ordered_at timestamptz, amount int)")
    run(
        postgres,
        "INSERT INTO o VALUES (1, '2026-03-05 10:00+08', 5), (2, '2026-03-05 22:00+00', 6)",
    )
    with pytest.raises(errors.RejectRateError, match="State the zone"):
        loaders.load(postgres, db_table="o")
    loaded = loaders.load(postgres, db_table="o", timezone="Asia/Shanghai")
    assert loaded.table["ordered_at"].tolist() == [
        dt.datetime(2026, 3, 5, 10),
        dt.datetime(2026, 3, 6, 6),
    ]


def test_a_stated_date_format_is_for_texts_and_not_for_real_dates(postgres: str) -> None:
    run(postgres, "CREATE TABLE o (customer_id int, ordered_at date, amount float)")
    run(postgres, "INSERT INTO o VALUES (1, '2026-03-05', 0.1)")
    loaded = loaders.load(postgres, db_table="o", date_format="%Y-%d-%m")
    assert loaded.table["ordered_at"].tolist() == [dt.datetime(2026, 3, 5)]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM orders",
        "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
        "SELECT * FROM orders; DELETE FROM orders",
        "SELECT * FROM orders; COMMIT; DELETE FROM orders",
        "COMMIT",
        "DROP TABLE orders",
        "SELECT nextval('numbers')",
    ],
)
def test_nothing_is_ever_written_to_the_database(shop: str, sql: str) -> None:
    run(shop, "CREATE SEQUENCE numbers")
    refused(shop, sql=sql)
    assert run(shop, "SELECT count(*) FROM orders") == [(3,)]
    assert run(shop, "SELECT is_called FROM numbers") == [(False,)]


def test_an_unchanged_answer_is_not_cast_again(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.loaders.account import intake

    first = loaders.load(shop, db_table="orders")
    with monkeypatch.context() as patch:
        patch.setattr(intake, "take", lambda *_, **__: pytest.fail("cast again"))
        again = loaders.load(shop, db_table="orders")
    assert again.ledger == first.ledger
    run(shop, "UPDATE orders SET amount = 7 WHERE order_id = 1")
    changed = loaders.load(shop, db_table="orders")
    assert changed.ledger.fingerprint != first.ledger.fingerprint
    assert changed.table["amount"].tolist()[0] in (7.0, 9999999999999999.99)


def test_rows_are_streamed_in_batches(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run(postgres, "CREATE TABLE o (customer_id int, ordered_at date, amount int)")
    run(postgres, "INSERT INTO o SELECT i, '2026-03-05', i FROM generate_series(1, 2500) AS s(i)")
    monkeypatch.setattr(cells, "BATCH", 1000)
    ledger = loaders.load(postgres, db_table="o").ledger
    assert (ledger.rows_read, ledger.rows_kept) == (2500, 2500)


def test_tables_of_other_schemas_and_views_are_found_by_name(shop: str) -> None:
    run(shop, 'CREATE SCHEMA "Sales"; CREATE VIEW "Sales"."Order list" AS SELECT * FROM orders')
    run(shop, "CREATE MATERIALIZED VIEW kept AS SELECT * FROM orders")
    assert loaders.load(shop, db_table="Sales.Order list").ledger.rows_kept == 3
    assert loaders.load(shop, db_table="kept").ledger.rows_kept == 3
    said = refused(shop, db_table="ordres")
    assert "There is no table" in said.what
    assert "Did you mean 'orders'?" in said.mend
    assert "Sales.Order list" in said.mend


def test_without_a_table_those_there_are_are_named(shop: str) -> None:
    said = refused(shop)
    assert isinstance(said, errors.ParameterError)
    assert "Tables: 'orders'. State one: db_table='orders'" in said.mend


def test_a_query_that_fails_says_why(shop: str) -> None:
    said = refused(shop, sql="SELECT custmer_id FROM orders")
    assert 'the query failed: column "custmer_id" does not exist' in said.what
    assert "syntax error" in refused(shop, sql="SELEC 1").what
    run(shop, "CREATE ROLE guest LOGIN PASSWORD 'guest'; REVOKE ALL ON orders FROM PUBLIC")
    guest = shop.replace(shop.split("//")[1].split("@")[0], "guest:guest")
    assert "permission denied for table orders" in refused(guest, db_table="orders").what


def test_a_wrong_password_is_told_and_never_shown(postgres_server: Any) -> None:
    said = refused(postgres_server.url(password="hunter2-hunter2"), db_table="orders")
    assert "the server refuses the user or the password" in said.what
    assert "hunter2" not in str(said)
    assert "SHOP_PASSWORD" in said.mend
    assert "refuses the user" in refused(postgres_server.url(user="nobody"), db_table="o").what


def test_an_unknown_database_and_a_silent_server_are_told(postgres_server: Any) -> None:
    said = refused(postgres_server.url("shp"), db_table="orders")
    assert "the server has no such database" in said.what
    down = dataclasses.replace(postgres_server, port=1)
    said = refused(down.url(), db_table="orders")
    assert "no server answers" in said.what
    assert "Check host and port" in said.mend
    nowhere = dataclasses.replace(postgres_server, host="no-such-host.invalid")
    assert "no server answers" in refused(nowhere.url(), db_table="orders").what


def test_no_password_reaches_ledger_message_or_cache(
    shop: str, postgres_server: Any, cache: Path
) -> None:
    loaded = loaders.load(shop, db_table="orders")
    everything = [repr(loaded), json.dumps(loaded.ledger.to_dict()), str(refused(shop))]
    everything += [str(refused(shop, sql="SELECT 1/0")), str(refused(shop, sql="SELECT 1 AS x"))]
    everything += [str(path) for path in cache.rglob("*")]
    everything += [path.read_text("utf-8") for path in cache.rglob("*.json")]
    assert postgres_server.password not in "\n".join(everything)
    assert ":***@" in loaded.ledger.source


def test_the_settings_take_the_password_from_the_environment(
    shop: str, postgres_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = shop.replace(postgres_server.password, "${SHOP_PASSWORD}")
    (tmp_path / "workbench.toml").write_text(
        f'[tables.orders]\nsource = "{address}"\ndb_table = "orders"\n'
    )
    settings = config.load(tmp_path)
    monkeypatch.delenv("SHOP_PASSWORD", raising=False)
    with pytest.raises(errors.ConfigError, match=r"needs .* 'SHOP_PASSWORD', which is not set"):
        loaders.load_configured("orders", settings)
    monkeypatch.setenv("SHOP_PASSWORD", postgres_server.password)
    loaded = loaders.load_configured("orders", settings)
    assert loaded.ledger.rows_kept == 3
    assert loaded.ledger.source == redaction.address(address)
    assert postgres_server.password not in json.dumps(loaded.ledger.to_dict())


def test_a_password_with_every_special_sign_works_from_the_environment(
    shop: str, postgres_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "p@ss:w/o?rd#%20&+ ü"
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("CREATE ROLE odd LOGIN SUPERUSER PASSWORD {}").format(secret)
        )
    where = shop.rpartition("@")[2]
    (tmp_path / "workbench.toml").write_text(
        f'[tables.orders]\nsource = "postgresql://odd:${{ODD}}@{where}"\ndb_table = "orders"\n'
    )
    monkeypatch.setenv("ODD", secret)
    assert loaders.load_configured("orders", config.load(tmp_path)).ledger.rows_kept == 3


def test_a_failed_query_leaves_nothing_behind(shop: str, cache: Path) -> None:
    refused(shop, sql="SELECT 1 / (order_id - 2) AS amount, customer_id, ordered_at FROM orders")
    assert [path for path in cache.iterdir() if path.name != "fingerprints"] == []
    assert os.listdir(cache) == []  # noqa: PTH208


def test_checked_by_a_variable_it_is_saved_with_its_name_and_never_with_its_password(
    shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    password = shop.partition("@")[0].rpartition(":")[2]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOP_DOOR", password)
    settings = tmp_path / "workbench.toml"
    asked = ["--db-table", "orders", "--save"]
    assert cli.main(["check", shop, *asked]) == 4
    assert not settings.exists()
    named = shop.replace(password, "${SHOP_DOOR}")
    assert cli.main(["check", named, *asked]) == 0
    assert f'source = "{named}"' in settings.read_text(encoding="utf-8")
    assert loaders.load_configured("orders", config.load(settings)).ledger.rows_kept == 3
    assert password not in "".join(capfd.readouterr())
