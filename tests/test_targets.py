"""Targets: a table worked by hand, what always adds up, and what is refused."""

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import config, errors, exhibits, periods, purchases, targets
from workbench.people import People
from workbench.words import Words

OCTOBER = periods.parse("2026-10")
MONTHS = pd.DataFrame({"period": ["2026-08", "2026-09", "2026-10"], "revenue": [80.0, 90.0, 60.0]})
OWNERS = {"S1": "Lin", "S2": "Chen", "S3": "Xu"}
DAYS: dict[str, Any] = {"period": OCTOBER, "until": OCTOBER.as_of}


def test_each_month_is_measured_by_its_own_target_and_one_without_by_none() -> None:
    found = targets.reached(MONTHS, {"2026-09": 100.0, "2026-10": 80.0}, until=OCTOBER.as_of)
    assert found["revenue_target"].fillna(0).tolist() == [0, 100.0, 80.0]
    assert found["target_share"].fillna(0).tolist() == [0, 0.9, 0.75]


def test_a_month_that_is_not_over_is_not_measured_by_a_whole_target() -> None:
    found = targets.reached(MONTHS, {"2026-10": 80.0}, until=dt.date(2026, 10, 30))
    assert found["revenue_target"].iloc[-1] == 80.0
    assert found["target_share"].isna().all()
    assert exhibits.purchases.target(found) == "so far; its target is 80"
    said = exhibits.purchases.revenue(found.assign(active_customers=9))
    assert said.sentence() == "Revenue of 60 so far in October 2026; its target is 80"
    assert said.sentence(Words("zh")) == "2026年10月至今收入60，本月目标80"


def test_where_no_target_is_set_none_is_shown() -> None:
    assert targets.reached(MONTHS, {}, until=OCTOBER.as_of) is MONTHS
    assert exhibits.purchases.target(MONTHS) == ""
    figure = exhibits.purchases.revenue(MONTHS.assign(active_customers=9)).figure()
    assert figure is not None
    assert not figure.layout.shapes
    assert "target" not in str(figure.to_dict()["layout"]["meta"])
    table = targets.by_owner(bought(("S1", 9.0)), owners=OWNERS, **DAYS)
    assert list(table.columns) == ["owner_id", "owner_name", "revenue"]


def test_the_figure_has_a_line_for_each_target_and_room_for_it() -> None:
    aims = {"2026-09": 100.0, "2026-10": 400.0}
    found = targets.reached(MONTHS, aims, until=OCTOBER.as_of).assign(active_customers=9)
    shown = exhibits.purchases.revenue(found)
    figure = shown.figure()
    assert figure is not None
    assert [line.y0 for line in figure.layout.shapes] == [100.0, 400.0]
    assert figure.layout.yaxis.range[1] > 400
    assert shown.sentence() == "Revenue of 60 in October 2026, 15% of its target"


def bought(*rows: tuple[str | None, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["owner_id", "monetary"]).astype({"owner_id": "str"})


def test_the_owners_table_is_as_worked_by_hand() -> None:
    table = targets.by_owner(
        bought(("S1", 60.0), ("S2", 200.0), ("S1", 40.0), (None, 7.0)),
        owners=OWNERS, targets={"S1": 125.0, "S2": 150.0}, **DAYS,
        calls=pd.DataFrame({"owner_id": ["S1", "S3", None], "calls": [4, 2, 1]}),
        done=pd.DataFrame({"owner_id": ["S2", "S9"], "done": [3, 5]}),
    )  # fmt: skip
    rows = table.astype("object").where(table.notna(), None).values.tolist()
    assert rows == [
        ["S2", "Chen", 200.0, 150.0, 200 / 150, 0, 3],
        ["S1", "Lin", 100.0, 125.0, 0.8, 4, 0],
        [None, None, 7.0, None, None, 1, 0],
        ["S3", "Xu", 0.0, None, None, 2, 0],
        ["S9", "S9", 0.0, None, None, 0, 5],
    ]
    shown = exhibits.targets.owners(table)
    assert shown.sentence() == "1 of 2 owners with a target reached it"
    assert shown.listed()["owner_name"].tolist() == ["Chen", "Lin", "without an owner", "Xu", "S9"]
    open_month = targets.by_owner(
        bought(("S1", 60.0)), owners=OWNERS, targets={"S1": 50.0}, period=OCTOBER, until=None
    )
    assert exhibits.targets.owners(open_month).sentence() == (
        "The month is not over: no target is judged yet"
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(1, 31), st.integers(-500, 9000)),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_the_owners_revenue_adds_up_to_that_of_the_month(
    sold: list[tuple[str, int, int]],
) -> None:
    orders = pd.DataFrame(sold, columns=["customer_id", "day", "cents"])
    orders["ordered_at"] = pd.Timestamp("2026-09-30") + pd.to_timedelta(orders.pop("day"), unit="D")
    orders["amount"] = orders.pop("cents") / 100
    people = People(pd.DataFrame({"customer_id": ["a", "b"], "owner_id": ["S1", "S2"]}))
    month = purchases.history(orders, as_of=OCTOBER.as_of, window=OCTOBER.days)
    table = targets.by_owner(people.named(month), owners=people.owner_names(), **DAYS)
    whole = purchases.kpis(orders, periods=[OCTOBER])["revenue"].iloc[0]
    assert table["revenue"].sum() == pytest.approx(whole, abs=1e-9)
    assert {"S1", "S2"} <= set(table["owner_id"].dropna())


@pytest.mark.parametrize(
    ("written", "what", "mend"),
    [
        ("revenue = -5", "the target is -5.", "Write an amount above 0"),
        ("revenue = 0", "the target is 0.", "leave out what has no target"),
        ('revenue = "much"', "the target is 'much'.", "such as 500000"),
        ("revenue = true", "the target is True.", "Write an amount above 0"),
        ("revenue = inf", "the target is inf.", "Write an amount above 0"),
        ('revenue = {"2026-13" = 5}', "stated for '2026-13', which is no month.", '"2026-10"'),
        ('revenue = {"2026-10" = -5}', "the target for 2026-10 is -5.", "above 0"),
        ('owners = {S1 = "x"}', "the target of owner 'S1' is 'x'.", "above 0"),
        ("owners = {S1 = {october = 5}}", "owner 'S1' is stated for 'october'", '"2026-10"'),
        ("revenu = 5", "unknown setting 'revenu'", "Did you mean 'revenue'?"),
        ("owners = 7", "'owners' is 7", "braces"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_with_place_and_mend(
    tmp_path: Path, written: str, what: str, mend: str
) -> None:
    file = tmp_path / "workbench.toml"
    file.write_text(f"[targets]\n{written}\n", encoding="utf-8")
    with pytest.raises(errors.ConfigError) as refused:
        config.load(file)
    assert what in refused.value.what
    assert f"{file}, line 2, [targets" in refused.value.what
    assert mend in refused.value.mend


def test_a_target_of_somebody_who_is_no_owner_is_refused() -> None:
    asked = {"root": Path("/shop"), "targets": {"owners": {"S12": 5, "S2": 7}}}
    settings = config.Settings.model_validate(asked)
    with pytest.raises(errors.ConfigError) as refused:
        settings.owner_targets(OCTOBER, {"S1": "Lin", "S2": "Chen"})
    assert refused.value.what == (
        f"{Path('/shop/workbench.toml')}, [targets.owners]: there is no owner called 'S12'."
    )
    assert "Did you mean" in refused.value.mend


def test_an_owners_edition_is_given_that_owners_target_alone() -> None:
    asked = {"revenue": 100, "owners": {"S1": {"2026-10": 5}, "S2": 7}}
    settings = config.Settings.model_validate({"targets": asked})
    assert settings.owner_targets(OCTOBER, OWNERS, "S1") == {"S1": 5.0}
    assert settings.owner_targets(OCTOBER.previous, OWNERS) == {"S2": 7.0}
    assert settings.targets.by_period([OCTOBER], "S2") == {"2026-10": 7.0}
    assert settings.targets.by_period([OCTOBER], "S3") == {}
    assert settings.targets.by_period([periods.parse("2026-W43")]) == {}
