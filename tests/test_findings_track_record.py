"""What is said of past warnings: the numbers of the tables, and no more than they can bear."""

import pandas as pd
import pytest

from workbench import findings, labels

record = findings.track_record


def by_date(**changed: object) -> pd.DataFrame:
    row = {
        "rule": "interval_ratio", "as_of": pd.Timestamp("2026-07-31"), "threshold": 1.2,
        "judged": 400, "stayed_away": 60, "warned": 90, "caught": 38,
        "precision": 38 / 90, "recall": 38 / 60, "lift": 2.81,
    }  # fmt: skip
    return pd.DataFrame([row | {"as_of": pd.Timestamp("2026-06-30"), "recall": 0.1}, row | changed])


def test_the_last_warning_is_told_of_in_both_languages() -> None:
    assert record.headline(by_date(), horizon_days=90).startswith(
        "The warning of 31 Jul 2026 caught 63% of those who then stayed away for 90 days"
    )
    said = record.headline(by_date(), horizon_days=90, lang="zh")
    assert "2026年7月31日" in said
    assert "63%" in said
    assert "2.8倍" in said


@pytest.mark.parametrize(
    ("lift", "said"),
    [(2.8, "2.8 times the usual share"), (1.0, "no more than of all"), (0.6, "fewer than of all")],
)
def test_a_warning_no_better_than_chance_is_said_to_be_so(lift: float, said: str) -> None:
    assert said in record.headline(by_date(lift=lift), horizon_days=90)


@pytest.mark.parametrize("lang", labels.LANGUAGES)
@pytest.mark.parametrize("few", [{"stayed_away": 9}, {"warned": 0, "precision": None}])
def test_too_few_customers_are_counted_and_no_share_is_given(
    few: dict[str, object], lang: labels.Lang
) -> None:
    said = record.headline(by_date(**few), horizon_days=90, lang=lang)
    assert "%" not in said
    assert "400" in said
    assert record.baseline(by_date(**few), rule="interval_ratio", lang=lang) == ""


@pytest.mark.parametrize("lang", labels.LANGUAGES)
def test_without_a_judged_day_it_says_that_nothing_can_be_judged(lang: labels.Lang) -> None:
    nobody = labels.text("finding.track_record.nobody", lang)
    assert record.headline(by_date().iloc[:0], horizon_days=90, lang=lang) == nobody
    assert record.headline(by_date(judged=0), horizon_days=90, lang=lang) == nobody
    empty = pd.DataFrame(columns=["rule", "band", "stayed_away", "concordance"])
    assert record.rules(empty, lang=lang) == nobody


def bands(chosen: float, stayed_away: int = 80) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rule": "interval_ratio", "band": ["set", "chosen"], "threshold": [1.2, chosen],
            "stayed_away": stayed_away, "warned": [234, 172], "recall": [0.47, 0.40],
        }
    )  # fmt: skip


def test_the_band_of_earlier_days_is_told_beside_the_one_as_set() -> None:
    said = record.bands(bands(1.4))
    for part in ("ratio from 1.2: 47% with 234", "atio from 1.4", "40% with 172"):
        assert part in said
    assert "also the best on earlier days" in record.bands(bands(1.2))
    assert record.bands(bands(1.4, stayed_away=9)).startswith("Too few past days")
    assert record.bands(bands(1.4).iloc[:1]).startswith("Too few past days")
