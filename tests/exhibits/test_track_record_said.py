"""What is said of past warnings: the numbers of the tables, and no more than they can bear."""

import pandas as pd
import pytest
from spoken import said as sentence

from workbench import churn, exhibits
from workbench.words import LANGUAGES, Lang, Words

record = exhibits.track_record
headline = sentence(record.by_date)


def by_date(**changed: object) -> pd.DataFrame:
    row = {
        "rule": "interval_ratio", "as_of": pd.Timestamp("2026-07-31"), "threshold": 1.2,
        "judged": 400, "stayed_away": 60, "warned": 90, "caught": 38,
        "precision": 38 / 90, "recall": 38 / 60, "lift": 2.81, "base_rate": 0.15,
    }  # fmt: skip
    return pd.DataFrame([row | {"as_of": pd.Timestamp("2026-06-30"), "recall": 0.1}, row | changed])


def test_the_last_warning_is_told_of_in_both_languages() -> None:
    assert headline(by_date(), horizon_days=90).startswith(
        "The warning of 31 Jul 2026 caught 63% of those who then stayed away; "
    )
    said = headline(by_date(), horizon_days=90, lang="zh")
    assert "2026年7月31日" in said
    assert "63%" in said
    assert "2.8倍" in said


@pytest.mark.parametrize(
    ("lift", "said"),
    [(2.8, "2.8 times the usual share"), (1.0, "no more than of all"), (0.6, "fewer than of all")],
)
def test_a_warning_no_better_than_chance_is_said_to_be_so(lift: float, said: str) -> None:
    assert said in headline(by_date(lift=lift), horizon_days=90)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("few", [{"stayed_away": 9}, {"warned": 0, "precision": None}])
def test_too_few_customers_are_counted_and_no_share_is_given(
    few: dict[str, object], lang: Lang
) -> None:
    said = headline(by_date(**few), horizon_days=90, lang=lang)
    assert "%" not in said
    assert "400" in said
    shown = record.by_date(by_date(**few), horizon_days=90, simpler=by_date(**few))
    assert [one for one in shown.meaning(Words(lang)) if "%" in one] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_judged_day_it_says_that_nothing_can_be_judged(lang: Lang) -> None:
    nobody = record.calibration(calibration().head(1)).sentence(Words(lang))
    assert headline(by_date().iloc[:0], horizon_days=90, lang=lang) == nobody
    assert headline(by_date(judged=0), horizon_days=90, lang=lang) == nobody
    empty = pd.DataFrame(columns=[*churn.RECORD.columns])
    assert sentence(record.rules)(empty, lang=lang) == nobody


def calibration() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rule": "interval_ratio", "left": [0.0, 2.5], "right": [0.4, float("inf")],
            "customers": [900, 80], "away_share": [0.11, 0.6], "predicted_share": None,
        }
    )  # fmt: skip


def test_the_best_and_the_worst_score_are_told() -> None:
    assert sentence(record.calibration)(calibration()) == (
        "Of those at 0 to 0.4, 11% stayed away; of those at 2.5 and more, 60%"
    )


def test_rules_are_told_beside_the_plain_one() -> None:
    table = pd.DataFrame(
        {
            "rule": ["interval_ratio", "days_since_last"], "band": "set", "judged": 400,
            "threshold": [1.2, 90.0], "stayed_away": 60, "concordance": [0.81, 0.74],
            "recall": 0.6, "precision": 0.4, "base_rate": 0.15, "warned": 90,
        }
    )  # fmt: skip
    assert sentence(record.rules)(table) == (
        "Interval ratio tells best who stays away: it ranks 81% of pairs rightly; "
        "days since last, 74%"
    )
    assert sentence(record.rules)(table.head(1)) == "Interval ratio ranks 81% of pairs rightly"


def test_a_simpler_rule_and_who_was_not_judged_stand_below() -> None:
    dates = pd.DataFrame({"purpose": ["judge"], "cannot_tell": [742], "already_lost": [242]})
    plain = by_date(rule="days_since_last", threshold=90.0, warned=32, precision=0.75, recall=0.4)
    shown = record.by_date(by_date(), horizon_days=90, simpler=plain, dates=dates)
    assert shown.meaning(Words())[-2:] == [
        "By comparison, 90 days or more would have caught 40% with 32 warnings, 75% of them right.",
        "Not judged: 742 customers of whom the rules cannot tell, and 242 already lost.",
    ]


def bands(chosen: float, stayed_away: int = 80) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rule": "interval_ratio", "band": ["set", "chosen"], "threshold": [1.2, chosen],
            "stayed_away": stayed_away, "warned": [234, 172], "recall": [0.47, 0.40],
        }
    )  # fmt: skip


def of(table: pd.DataFrame) -> str:
    tried = pd.DataFrame(columns=[*churn.TRIED.columns])
    return sentence(record.bands)(tried, record=table)


def test_the_band_of_earlier_days_is_told_beside_the_one_as_set() -> None:
    said = of(bands(1.4))
    for part in ("ratio from 1.2: 47% with 234", "atio from 1.4", "40% with 172"):
        assert part in said
    assert "also the best on earlier days" in of(bands(1.2))
    assert of(bands(1.4, stayed_away=9)).startswith("Too few past days")
    assert of(bands(1.4).iloc[:1]).startswith("Too few past days")
