"""What is kept between reports: equal questions once, others never, and no more than there is room for."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbench import churn, kept, loaders, models, purchases, samples, value

ORDERS = pd.DataFrame(
    {
        "customer_id": [f"C{number % 30:02d}" for number in range(240)],
        "ordered_at": pd.date_range("2026-01-01", periods=240, freq="D"),
        "amount": [10.0 + number % 7 for number in range(240)],
    }
)


@pytest.fixture(autouse=True)
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_answers", None)
    kept.begin()


class Counted:
    """Answers that count how often they were made."""

    def __init__(self, answer: Any = "made") -> None:
        self.made, self.answer = 0, answer

    def __call__(self) -> Any:
        self.made += 1
        return self.answer


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ((1,), (1.0,)),
        (("a", None), ("a", "None")),
        (([1, 2], 3), ([1], 2, 3)),
        (({"a": 1},), ({"a": 2},)),
        ((ORDERS,), (ORDERS.head(239),)),
        ((ORDERS,), (ORDERS.rename(columns={"amount": "money"}),)),
        ((ORDERS,), (ORDERS.astype({"amount": "int64"}),)),
        ((ORDERS["customer_id"],), (ORDERS["customer_id"].iloc[::-1],)),
        ((models.GammaGamma(p=6.25, q=3.74, v=15.44),), (models.GammaGamma(p=6.25, q=3.74, v=15.45),)),
    ],
)  # fmt: skip
def test_an_equal_question_is_answered_once_and_another_by_itself(
    question: Any, other: Any
) -> None:
    make = Counted()
    for _ in range(2):
        kept.answer(make, *question)
    assert make.made == 1
    kept.answer(make, *other)
    assert make.made == 2


def test_what_cannot_be_told_from_others_and_what_nobody_asked_to_keep_is_made_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make = Counted()
    for _ in range(2):
        kept.answer(make, "of", object())
    assert make.made == 2
    monkeypatch.setattr(kept, "_answers", None)
    for _ in range(2):
        kept.answer(make, "of")
    assert make.made == 4


def test_a_kept_table_is_as_it_was_whatever_is_done_to_what_was_handed_out() -> None:
    make = Counted(pd.DataFrame({"a": [1, 2]}))
    for _ in range(2):
        handed_out = kept.answer(make, "table")
        assert handed_out["a"].tolist() == [1, 2]
        handed_out.loc[0, "a"] = 9
        handed_out["b"] = 0
    assert make.made == 1


def test_no_more_is_kept_than_there_is_room_for_the_longest_unasked_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make = Counted(pd.DataFrame({"a": range(1000)}))
    monkeypatch.setattr(kept, "_MOST_BYTES", 20_000)
    for name in ("first", "second", "first", "third"):
        kept.answer(make, name)
    assert make.made == 3
    kept.answer(make, "first")
    assert make.made == 3, "asked again, and so it stayed"
    kept.answer(make, "second")
    assert make.made == 4
    assert sum(size for _, size in (kept._answers or {}).values()) <= 20_000


def test_of_a_loaded_table_it_is_its_content_that_is_asked_about(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    for amount in (5, 7):
        file.write_text(f"customer_id,ordered_at,amount\na,2026-03-05,{amount}\n")
        for _ in range(2):
            loaded = loaders.load(file, cache=tmp_path / "cache")
            assert loaded.table["amount"].tolist() == [amount]
            assert purchases.history(loaded, as_of="2026-10-31")["monetary"].tolist() == [amount]


def test_what_lies_at_a_path_is_read_each_time(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    for rows in (30, 29):
        ORDERS.head(rows).to_parquet(path)
        for place in (path, str(path)):
            assert len(purchases.history(place, as_of="2026-10-31")) == rows


@pytest.fixture(scope="module")
def sold() -> pd.DataFrame:
    return samples.company(customers=100)["orders"]


ASKED: dict[str, Any] = {"as_of": "2026-10-31", "horizon_days": 90}
ONE = [models.ModifiedBetaGeo]


def test_what_is_kept_is_what_would_be_answered_anew(
    monkeypatch: pytest.MonkeyPatch, sold: pd.DataFrame
) -> None:
    theirs = sorted(sold["customer_id"].dropna().unique())[:9]

    def answered() -> list[pd.DataFrame]:
        found = value.forecast(sold, **ASKED, candidates=ONE, of=theirs)
        warned = churn.warn(purchases.history(sold, as_of="2026-10-31"))
        held = value.held(sold, found.chosen, of=theirs, times=2)
        return [found.ahead.customers, found.ahead.total, found.past.customers, held, warned]

    first, second = answered(), answered()
    monkeypatch.setattr(kept, "_answers", None)
    for once, again, anew in zip(first, second, answered(), strict=True):
        pd.testing.assert_frame_equal(once, again)
        pd.testing.assert_frame_equal(once, anew)


def test_models_are_fitted_once_for_all_who_ask_of_their_own_customers(
    monkeypatch: pytest.MonkeyPatch, sold: pd.DataFrame
) -> None:
    fits: list[int] = []
    fit = models.ModifiedBetaGeo.fit

    def counted(*args: Any, **more: Any) -> Any:
        fits.append(len(args))
        return fit(*args, **more)

    monkeypatch.setattr(models.ModifiedBetaGeo, "fit", counted)
    needed, everybody = [], sorted(sold["customer_id"].dropna().unique())
    for theirs in (None, everybody[:9], everybody[9:20]):
        found = value.forecast(sold, **ASKED, candidates=ONE, of=theirs)
        value.held(sold, found.chosen, of=theirs, times=2)
        needed.append(len(fits))
    assert needed == [needed[0]] * 3
    assert needed[0] > 1
