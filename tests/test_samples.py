"""The simulated company: consistent, clean, the same each time, and true to what made it."""

import datetime as dt
import re
import stat
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from workbench import errors, loaders, purchases, samples
from workbench.samples import files, goods, names, seasons

# well-known names that no made-up customer or salesperson may contain
KNOWN_NAMES = """
starbucks costa nestle nespresso lavazza illy segafredo twinings lipton tetley unilever kraft heinz
mondelez danone pepsi coca-cola mcdonald burger subway hilton marriott hyatt accor sheraton ikea
tesco aldi lidl walmart carrefour amazon alibaba tencent google microsoft apple samsung huawei
xiaomi siemens bosch philips delonghi breville oatly cadbury lindt ferrero muji luckin manner hario
kalita bialetti chemex aeropress costco target toyota nike adidas zara disney netflix tesla oracle
瑞幸 星巴克 喜茶 奈雪 蜜雪 茶百道 古茗 沪上阿姨 霸王茶姬 库迪 麦当劳 肯德基 阿里巴巴 腾讯 华为 小米 京东
美团 拼多多 百度 字节 网易 海底捞 小罐茶 八马 天福 立顿 雀巢 蒙牛 伊利 农夫山泉 康师傅 统一 全家 汉庭
如家 锦江 华住 亚朵 万豪 希尔顿 新东方 好未来 顺丰 中通 圆通 韵达 知乎 栖霞 青岛 云南
"""


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    return samples.company()


@pytest.fixture(scope="module")
def orders(company: dict[str, pd.DataFrame]) -> pd.DataFrame:
    dated = company["orders"].copy()
    dated["day"] = dated["ordered_at"].dt.normalize()
    return dated


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "data" / "samples"


@pytest.fixture(scope="module")
def as_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("csv")
    samples.write(made, customers=300, seed=7, format="csv")
    return made


@pytest.fixture(scope="module")
def as_parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("parquet")
    samples.write(made, customers=300, seed=7, format="parquet")
    return made


# ---- the files ------------------------------------------------------------------------------


def test_the_kept_files_are_what_the_seed_makes(folder: Path, tmp_path: Path) -> None:
    for path in samples.write(tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes(), (
            f"{path.name} differs from data/samples; run: make samples"
        )


def test_the_kept_files_are_plain_utf8_with_line_feeds(folder: Path) -> None:
    for name in samples.TABLES:
        raw = (folder / f"{name}.csv").read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert raw.endswith(b"\n")
        assert b"\r" not in raw
        assert b'"' not in raw
        raw.decode("utf-8")


def test_the_kept_files_are_under_six_megabytes(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.iterdir()) < 6_000_000


def test_the_readme_names_the_seed_and_every_column(folder: Path) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert str(samples.SEED) in readme
    assert samples.START in readme
    assert samples.END in readme
    for name in samples.TABLES:
        assert f"`{name}.csv`" in readme
        for column in files.contract(name).column_names:
            assert f"`{column}`" in readme


def test_files_and_frames_hold_the_same(company: dict[str, pd.DataFrame], folder: Path) -> None:
    for name, table in company.items():
        read = pd.read_csv(folder / f"{name}.csv")
        assert list(read.columns) == list(table.columns)
        for column in files.contract(name).columns:
            expected = table[column.name]
            if column.type in ("timestamp", "date"):
                actual = pd.to_datetime(read[column.name]).astype(expected.dtype)
            else:
                actual = read[column.name].astype(expected.dtype)
            pd.testing.assert_series_equal(actual, expected)


def test_money_is_written_with_two_places(folder: Path) -> None:
    amounts = pd.read_csv(folder / "orders.csv", dtype=str)["amount"]
    assert amounts.str.fullmatch(r"-?\d+\.\d\d").all()


# ---- the contracts --------------------------------------------------------------------------


def test_every_table_has_the_columns_of_its_contract(company: dict[str, pd.DataFrame]) -> None:
    assert tuple(company) == samples.TABLES
    for name, table in company.items():
        assert tuple(table.columns) == files.contract(name).column_names


def test_what_may_not_be_missing_is_there(company: dict[str, pd.DataFrame]) -> None:
    for name, table in company.items():
        for column in files.contract(name).columns:
            if not column.nullable:
                assert table[column.name].notna().all(), f"{name}.{column.name}"


def test_keys_are_unique(company: dict[str, pd.DataFrame]) -> None:
    for name in ("customers", "products", "owners", "leads", "touches"):
        assert company[name][files.contract(name).key].is_unique
    assert company["orders"]["order_id"].is_unique
    assert not company["order_lines"].duplicated(["order_id", "product_id"]).any()
    assert not company["steps"].duplicated(["enrolment_id", "step"]).any()
    written = ["template_id", "template_version", "language", "variant"]
    assert not company["templates"].duplicated(written).any()


def test_every_reference_leads_somewhere(company: dict[str, pd.DataFrame]) -> None:
    for table, column, to in (
        ("orders", "customer_id", "customers"),
        ("order_lines", "order_id", "orders"),
        ("order_lines", "product_id", "products"),
        ("customers", "owner_id", "owners"),
        ("leads", "owner_id", "owners"),
        ("leads", "customer_id", "customers"),
        ("touches", "lead_id", "leads"),
        ("touches", "template_id", "templates"),
        ("steps", "lead_id", "leads"),
        ("steps", "template_id", "templates"),
    ):
        assert company[table][column].dropna().isin(company[to][column]).all()
    assert company["orders"]["order_id"].isin(company["order_lines"]["order_id"]).all()


def test_an_order_is_exactly_the_sum_of_its_lines(folder: Path) -> None:
    lines = pd.read_csv(folder / "order_lines.csv", dtype=str)
    value: dict[str, Decimal] = {}
    for order, quantity, price in zip(
        lines["order_id"], lines["quantity"], lines["unit_price"], strict=True
    ):
        value[order] = value.get(order, Decimal(0)) + Decimal(quantity) * Decimal(price)
    stated = pd.read_csv(folder / "orders.csv", dtype=str)
    assert value == dict(zip(stated["order_id"], map(Decimal, stated["amount"]), strict=True))


# ---- the company ----------------------------------------------------------------------------


def test_it_has_the_size_and_days_that_were_asked_for(
    company: dict[str, pd.DataFrame], orders: pd.DataFrame
) -> None:
    assert len(company["customers"]) == 2000
    assert 19_000 <= len(orders) <= 21_000
    assert len(company["products"]) == 40
    assert len(company["owners"]) == 8
    assert str(orders["day"].min().date()) == samples.START
    assert str(orders["day"].max().date()) == samples.END


def test_orders_lie_in_the_order_of_time_with_real_times_of_day(orders: pd.DataFrame) -> None:
    assert orders["ordered_at"].is_monotonic_increasing
    assert orders["ordered_at"].dt.hour.between(6, 23).all()
    assert orders["ordered_at"].dt.hour.nunique() > 12


def test_no_one_buys_before_being_on_record(
    company: dict[str, pd.DataFrame], orders: pd.DataFrame
) -> None:
    first = orders.dropna(subset="customer_id").groupby("customer_id")["day"].min()
    created = company["customers"].set_index("customer_id")["created_on"]
    assert (first >= created.reindex(first.index)).all()


def test_refunds_free_goods_and_walk_ins_are_there_and_few(orders: pd.DataFrame) -> None:
    assert 0.015 < (orders["amount"] < 0).mean() < 0.05
    assert 0.005 < (orders["amount"] == 0).mean() < 0.03
    assert 0.005 < orders["customer_id"].isna().mean() < 0.03


def test_some_customers_buy_several_times_a_day(orders: pd.DataFrame) -> None:
    bought = orders[orders["amount"] > 0].dropna(subset="customer_id")
    times = bought.groupby(["customer_id", "day"]).size()
    assert 0.02 < (times > 1).mean() < 0.10
    assert times.max() >= 3


def test_only_what_was_sold_at_that_price_is_given_back(
    company: dict[str, pd.DataFrame],
) -> None:
    lines = company["order_lines"].merge(company["orders"], on="order_id")
    keys = ["customer_id", "product_id", "unit_price"]
    lines["customer_id"] = lines["customer_id"].fillna("nobody")
    back = lines[lines["quantity"] < 0]
    sold = lines[lines["quantity"] > 0]
    pairs = back.merge(sold, on=keys, suffixes=("", "_sold"))
    earlier = pairs[
        (pairs["ordered_at_sold"] < pairs["ordered_at"])
        & (pairs["quantity_sold"] >= -pairs["quantity"])
    ]
    found = earlier.drop_duplicates(["order_id", "product_id"])
    assert len(found) == len(back)


def test_some_refunds_come_the_same_day_and_undo_a_purchase(orders: pd.DataFrame) -> None:
    by_day = orders.dropna(subset="customer_id").groupby(["customer_id", "day"])["amount"]
    undone = (by_day.min() < 0) & (by_day.max() > 0) & (by_day.sum() == 0)
    assert undone.sum() >= 10


def test_november_is_the_peak_and_chinese_new_year_the_dip(orders: pd.DataFrame) -> None:
    sold = orders[orders["amount"] > 0]
    monthly = sold.groupby(sold["day"].dt.to_period("M")).size()
    for year in (2023, 2024, 2025):
        november = pd.Period(f"{year}-11")
        assert monthly[november] == monthly.loc[november : november + 10].max()
    daily = sold.groupby("day").size()
    for new_year in ("2024-02-10", "2025-01-29", "2026-02-17"):
        day = pd.Timestamp(new_year)
        holiday = daily.reindex(pd.date_range(day, day + pd.Timedelta(days=6)), fill_value=0)
        usual = daily.reindex(
            pd.date_range(day + pd.Timedelta(days=20), day + pd.Timedelta(days=48))
        )
        assert holiday.mean() < 0.5 * usual.mean()


def test_weekends_are_quieter(orders: pd.DataFrame) -> None:
    by_weekday = orders.groupby(orders["day"].dt.day_of_week).size()
    assert by_weekday[5:].mean() < 0.85 * by_weekday[:5].mean()


def test_prices_grow_and_end_at_the_price_list(company: dict[str, pd.DataFrame]) -> None:
    lines = company["order_lines"].merge(company["orders"], on="order_id")
    sold = lines[lines["unit_price"] > 0]
    highest = sold.groupby([sold["ordered_at"].dt.year, "product_id"])["unit_price"].max()
    rise = highest.loc[2026] / highest.loc[2025] - 1
    assert rise.median() == pytest.approx(goods.PRICE_GROWTH, abs=0.003)
    now = company["products"].set_index("product_id")["list_price"]
    assert (highest.loc[2026] <= now.reindex(highest.loc[2026].index)).all()


def test_what_goes_together_is_bought_together(company: dict[str, pd.DataFrame]) -> None:
    # on orders with several lines the companion is there more often than chance has it
    lines = company["order_lines"]
    several = lines[lines.groupby("order_id")["product_id"].transform("size") > 1]
    on = {product: set(rows) for product, rows in several.groupby("product_id")["order_id"]}
    total = several["order_id"].nunique()
    lifts = [
        len(on[one] & on[other]) * total / (len(on[one]) * len(on[other]))
        for one, other in zip(goods.IDS, np.array(goods.IDS)[goods.COMPANION], strict=True)
        if len(on[one]) > 100 and len(on[other]) > 100
    ]
    assert len(lifts) > 30
    assert min(lifts) > 1.1


def test_every_product_was_sold(company: dict[str, pd.DataFrame]) -> None:
    assert set(company["order_lines"]["product_id"]) == set(goods.IDS)


# ---- the truth ------------------------------------------------------------------------------


def test_the_simulated_rhythm_can_be_recovered() -> None:
    made = samples.company(customers=3000, seed=5)["orders"]
    truth = samples.truth(customers=3000, seed=5).set_index("customer_id")
    bought = made[made["amount"] > 0].dropna(subset="customer_id")
    days = pd.DataFrame(
        {"customer_id": bought["customer_id"], "day": bought["ordered_at"].dt.normalize()}
    ).drop_duplicates()
    gaps = days.sort_values(["customer_id", "day"]).groupby("customer_id")["day"].diff()
    by_customer = gaps.dt.days.groupby(days["customer_id"])
    many = by_customer.count() >= 20
    seen = truth[truth["returned_on"].isna()].join(
        pd.DataFrame({"mean": by_customer.mean(), "sd": by_customer.std()})[many], how="inner"
    )
    assert len(seen) > 200
    assert (seen["mean"] / seen["mean_interval_days"]).median() == pytest.approx(1, abs=0.04)
    # weekends and whole days add a little spread to that of the gamma distribution
    variation = seen["sd"] / seen["mean"] * np.sqrt(seen["regularity"])
    assert 0.9 < variation.median() < 1.2


def test_the_truth_says_who_lapsed_and_who_returned(orders: pd.DataFrame) -> None:
    truth = samples.truth().set_index("customer_id")
    assert len(truth) == 2000
    last = orders[orders["amount"] > 0].groupby("customer_id")["day"].max()
    lapsed = truth["lapsed_on"].dropna()
    # who lapsed bought on that day for the last time; free goods and refunds may follow
    assert (last.reindex(lapsed.index) == lapsed).all()
    assert 0.5 < len(lapsed) / 2000 < 0.8
    returned = truth["returned_on"].dropna()
    assert 20 <= len(returned) <= 120
    bought = orders[orders["amount"] > 0]
    for customer, day in returned.items():
        own = bought.loc[bought["customer_id"] == customer, "day"]
        assert (own == day).any()
        assert (day - own[own < day].max()).days >= 90


# ---- the story ------------------------------------------------------------------------------


def test_there_is_a_story_for_october_2026(company: dict[str, pd.DataFrame]) -> None:
    from workbench import churn, purchases, rfm

    history = purchases.history(company["orders"], as_of="2026-10-31")
    bought = history[history["frequency"] > 0]
    assert 0.35 <= (bought["frequency"] >= 3).mean() <= 0.50

    summary = rfm.summary(rfm.segment(rfm.score(rfm.measure(history))))
    assert (summary["customers"] >= 20).all()
    money = bought["monetary"].sort_values(ascending=False)
    assert 0.5 < money.head(len(money) // 10).sum() / money.sum() < 0.8

    warnings = churn.warn(history)
    counts = warnings["warning"].value_counts()
    assert (counts.reindex(list(churn.WARNINGS)) >= 50).all()
    at_risk = warnings[warnings["warning"] == "churn_risk"]
    assert (at_risk["value_at_stake"] > 2000).sum() >= 5
    before = churn.warn(purchases.history(company["orders"], as_of="2026-09-30"))
    was_at_risk = before.loc[before["warning"] == "churn_risk", "customer_id"]
    assert (~at_risk["customer_id"].isin(was_at_risk)).sum() >= 20


def test_active_customers_grow_from_year_to_year(orders: pd.DataFrame) -> None:
    known = orders.dropna(subset="customer_id")
    active = known.groupby(known["day"].dt.to_period("Q"))["customer_id"].nunique()
    for quarter in ("2024Q3", "2025Q3"):
        growth = active[pd.Period(quarter) + 4] / active[pd.Period(quarter)]
        assert 1.05 < growth < 1.6


# ---- the names ------------------------------------------------------------------------------


def test_names_are_english_and_chinese_and_distinct(company: dict[str, pd.DataFrame]) -> None:
    called = company["customers"]["customer_name"]
    chinese = called.str.contains(r"[一-鿿]")
    latin = called.str.contains(r"[A-Za-z]")
    assert called.is_unique
    assert chinese.mean() > 0.3
    assert latin.mean() > 0.3
    assert (chinese & latin).sum() > 50
    owners = company["owners"]["owner_name"]
    assert owners.str.contains(r"[一-鿿]").sum() >= 3
    assert (~owners.str.contains(r"[一-鿿]")).sum() >= 3


def test_names_hold_nothing_but_letters(company: dict[str, pd.DataFrame]) -> None:
    called = pd.concat([company["customers"]["customer_name"], company["owners"]["owner_name"]])
    assert called.str.fullmatch(r"[A-Za-zé一-鿿 .&]+").all()
    assert (called == called.str.strip()).all()


def test_no_part_of_a_name_is_a_known_name() -> None:
    # every root that any seed can use, not only those of one company
    some = names.Names.shuffle(np.random.default_rng(0))
    customer = np.arange(30_000)
    called = [
        name for form in range(5) for name in some.of(np.full(30_000, form), customer).tolist()
    ]
    roots = "\n".join([*called, *names.OWNER_NAMES, *goods.NAMES]).casefold()
    words = set(re.findall(r"[a-z-]+", roots))
    for known in KNOWN_NAMES.split():
        assert known not in (words if known.isascii() else roots), known


def test_nothing_looks_like_a_real_phone_number_or_address(folder: Path) -> None:
    for name in samples.TABLES:
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        assert "http" not in text
        # no country has the code 999, and nobody can register a domain in .example
        unreal = re.sub(r"\+999 \d\d \d+|@(mail|shop)\.example\b", "", text)
        assert "@" not in unreal
        assert not re.search(r"\+\d|\b1[3-9]\d{9}\b|\b\d{3,4}-\d{7,8}\b", unreal), name
    for name in ("customers", "owners", "products", "leads"):
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        for row in text.splitlines()[1:]:
            assert not any(re.search(r"\d{5,}", word) for word in row.split(",")[1:2]), row


# ---- the same each time, at any size --------------------------------------------------------


def test_equal_seeds_give_equal_companies_and_others_differ() -> None:
    one, same, other = (samples.company(customers=200, seed=seed) for seed in (3, 3, 4))
    for name in samples.TABLES:
        pd.testing.assert_frame_equal(one[name], same[name])
    assert not one["orders"].equals(other["orders"])
    assert not one["customers"].equals(other["customers"])


def test_a_company_of_many_blocks_is_as_consistent_as_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(samples, "_BLOCK", 150)
    large = samples.company(customers=500, seed=9)
    small = samples.company(customers=300, seed=9)
    assert large["customers"]["customer_id"].is_unique
    assert large["orders"]["order_id"].is_unique
    assert large["order_lines"]["order_id"].isin(large["orders"]["order_id"]).all()
    for name in ("customers", "orders", "order_lines", "leads", "touches", "steps"):
        # more customers leave the blocks before them as they were
        pd.testing.assert_frame_equal(large[name].head(len(small[name])), small[name])
    truth = samples.truth(customers=500, seed=9)
    assert truth["customer_id"].tolist() == large["customers"]["customer_id"].tolist()
    samples.write(tmp_path, customers=500, seed=9)
    written = pd.read_csv(tmp_path / "orders.csv")
    assert written["amount"].tolist() == large["orders"]["amount"].tolist()
    assert written["order_id"].tolist() == large["orders"]["order_id"].tolist()


def test_twenty_thousand_customers_take_seconds() -> None:
    begun = time.perf_counter()
    orders = samples.company(customers=20_000, seed=1)["orders"]
    assert time.perf_counter() - begun < 15  # under one on an idle machine
    assert len(orders) > 150_000


@pytest.mark.parametrize("customers", [1, 2, 7])
@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-02-17", "2026-02-17"), ("2025-12-30", "2026-01-02"), ("1999-12-01", "2001-03-01")],
)
@pytest.mark.many
def test_tiny_companies_and_short_windows_hold_together(
    customers: int, start: str, end: str
) -> None:
    for seed in range(5):
        made = samples.company(customers=customers, seed=seed, start=start, end=end)
        assert len(made["customers"]) == customers
        whens = made["orders"]["ordered_at"]
        assert whens.between(start, pd.Timestamp(end) + pd.Timedelta(days=1), "left").all()
        assert str(whens.dtype) == "datetime64[us]"


def test_dates_may_be_dates_or_text() -> None:
    by_text = samples.company(customers=20, start="2026-01-01", end="2026-03-31")
    by_date = samples.company(
        customers=20, start=dt.date(2026, 1, 1), end=pd.Timestamp("2026-03-31 15:00")
    )
    pd.testing.assert_frame_equal(by_text["orders"], by_date["orders"])


def test_a_year_is_a_year_of_business_time() -> None:
    days = 4 * 365 + 1
    clock = seasons.business_time(np.datetime64("2022-01-01"), days)
    assert clock[:, -1] == pytest.approx(days)
    # a window of one busy month stays busy
    november = seasons.business_time(np.datetime64("2026-11-01"), 30)
    assert (november[:, -1] > 33).all()


# ---- writing --------------------------------------------------------------------------------


def test_writing_makes_the_folder_and_names_the_files(tmp_path: Path) -> None:
    paths = samples.write(str(tmp_path / "new" / "folder"), customers=5)
    assert [path.name for path in paths] == [f"{name}.csv" for name in samples.TABLES]
    assert sorted(tmp_path.joinpath("new", "folder").iterdir()) == sorted(paths)
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o400 for path in paths)


@pytest.mark.parametrize("format", samples.FORMATS)
def test_a_failed_write_leaves_the_files_that_were_there(
    format: samples.Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = samples.write(tmp_path, customers=5, format=format)
    before = [path.read_bytes() for path in paths]
    file = {"csv": samples._files.Csv, "parquet": samples._files.Parquet}[format]
    append = file.append
    calls = []

    def fails_on_the_fourth(self: Any, table: Any) -> None:
        calls.append(table)
        if len(calls) == 4:
            raise OSError(28, "No space left on device")
        append(self, table)

    monkeypatch.setattr(file, "append", fails_on_the_fourth)
    with pytest.raises(errors.SourceError, match=r"No space left on device.\nName a folder"):
        samples.write(tmp_path, customers=50, format=format)
    assert [path.read_bytes() for path in paths] == before
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_small_companies_are_csv_and_large_ones_parquet_unless_stated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "MOST_AS_CSV", 20)
    for customers, format, suffix in (
        (20, None, ".csv"),
        (21, None, ".parquet"),
        (20, "parquet", ".parquet"),
        (21, "csv", ".csv"),
    ):
        folder = tmp_path / f"{customers} {format}"
        paths = samples.write(folder, customers=customers, format=format)
        assert {path.suffix for path in paths} == {suffix}
        assert sorted(folder.iterdir()) == sorted(paths)


def test_the_order_lines_of_the_most_customers_in_csv_fit_a_spreadsheet(
    company: dict[str, pd.DataFrame],
) -> None:
    lines_each = len(company["order_lines"]) / len(company["customers"])
    assert samples.MOST_AS_CSV * lines_each < 1_048_576


def test_progress_is_told_after_each_block_of_customers(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    samples.write(
        tmp_path,
        customers=20_500,
        start="2026-10-01",
        format="parquet",
        progress=lambda done, of: told.append((done, of)),
    )
    assert told == [(10_000, 20_500), (20_000, 20_500), (20_500, 20_500)]
    assert parquet.ParquetFile(tmp_path / "orders.parquet").num_row_groups == 3


def test_parquet_holds_the_rows_of_the_csv_in_the_types_of_the_contract(
    as_csv: Path, as_parquet: Path
) -> None:
    types = {
        "id": pa.string(),
        "text": pa.string(),
        "timestamp": pa.timestamp("us"),
        "date": pa.date32(),
        "choice": pa.string(),
        "integer": pa.int64(),
        "money": pa.decimal128(18, 2),
        "number": pa.float64(),
    }
    for name in samples.TABLES:
        contract = files.contract(name)
        table = parquet.read_table(as_parquet / f"{name}.parquet")
        assert {field.name: field.type for field in table.schema} == {
            column.name: types[column.type] for column in contract.columns
        }
        assert {field.name for field in table.schema if not field.nullable} == {
            column.name for column in contract.columns if not column.nullable
        }
        written = pd.read_csv(as_csv / f"{name}.csv", dtype=str, keep_default_na=False)
        for column in contract.columns:
            values = table[column.name]
            if column.type == "number":
                values = values.cast(pa.int64())
            if column.type == "timestamp":
                values = values.cast(pa.timestamp("s"))
            texts = values.cast(pa.string()).fill_null("").to_pylist()
            assert texts == written[column.name].tolist()


@pytest.mark.slow
def test_parquet_is_loaded_where_it_lies_and_answers_as_the_csv_does(
    as_csv: Path, as_parquet: Path, tmp_path: Path
) -> None:
    for name in samples.TABLES:
        typed = loaders.load(as_parquet / f"{name}.parquet", table=name, cache=tmp_path)
        text = loaders.load(as_csv / f"{name}.csv", table=name, cache=tmp_path)
        assert typed.source == (as_parquet / f"{name}.parquet").resolve()
        assert text.source != as_csv / f"{name}.csv"
        pd.testing.assert_frame_equal(typed.table, text.table)
        pd.testing.assert_frame_equal(typed.ledger.summary(), text.ledger.summary())
        if name == "orders":
            for window in (None, 90):
                pd.testing.assert_frame_equal(
                    purchases.history(typed, as_of="2026-10-31", window=window),
                    purchases.history(text, as_of="2026-10-31", window=window),
                )


def test_the_same_seed_makes_the_same_parquet_bytes(as_parquet: Path, tmp_path: Path) -> None:
    for path in samples.write(tmp_path, customers=300, seed=7, format="parquet"):
        assert path.read_bytes() == (as_parquet / path.name).read_bytes()


def test_a_file_in_the_folder_s_place_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "taken"
    place.write_text("mine")
    with pytest.raises(errors.SourceError, match=r"cannot write to .*taken"):
        samples.write(place, customers=5)
    assert place.read_text() == "mine"


# ---- bad arguments --------------------------------------------------------------------------


@pytest.mark.parametrize("customers", [0, -5, 10_000_000])
def test_a_number_of_customers_out_of_range_is_refused(customers: int) -> None:
    with pytest.raises(
        errors.ParameterError, match=rf"customers is {customers}; it has to be at least 1"
    ):
        samples.company(customers=customers)


@pytest.mark.parametrize("customers", [True, 2.0, "2000", None, np.bool_(True)])
def test_customers_that_are_no_whole_number_are_refused(customers: Any) -> None:
    with pytest.raises(errors.ParameterTypeError, match=r"customers is .* no whole number"):
        samples.company(customers=customers)


def test_a_format_that_is_neither_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(errors.UnknownNameError, match=r"'parqet'.\nDid you mean 'parquet'"):
        samples.write(tmp_path / "new", customers=5, format="parqet")  # type: ignore[arg-type]
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(errors.ParameterError, match=r"seed is"):
        samples.company(customers=5, seed=seed)


def test_numpy_integers_are_whole_numbers() -> None:
    made = samples.company(customers=np.int64(5), seed=np.uint32(7))  # type: ignore[arg-type]
    assert len(made["customers"]) == 5


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(
        errors.ParameterError, match=r"end is 2023-10-31, before start, 2023-11-01.\nGive an end"
    ):
        samples.company(end="2023-10-31")


def test_a_window_of_centuries_is_refused() -> None:
    with pytest.raises(errors.ParameterError, match=r"days.\nGive an end at most 36,600 days"):
        samples.company(start="1700-01-01")


@pytest.mark.parametrize("day", ["31.10.2026", "2026-02-30", ""])
def test_a_text_that_is_no_date_is_refused(day: str) -> None:
    with pytest.raises(errors.ParameterError, match=r"start is '.*', no day.\nWrite"):
        samples.company(start=day)


@pytest.mark.parametrize("day", [None, 20231101, pd.NaT, 2.5])
def test_what_is_no_date_at_all_is_refused(day: Any) -> None:
    with pytest.raises(errors.ParameterError, match=r"end is .*\nWrite end="):
        samples.company(end=day)


def test_writing_checks_before_it_makes_the_folder(tmp_path: Path) -> None:
    with pytest.raises(errors.ParameterError):
        samples.write(tmp_path / "new", customers=0)
    assert not (tmp_path / "new").exists()
