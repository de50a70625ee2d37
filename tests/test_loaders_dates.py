"""How a column's dates are written is found from all its values, or refused, never guessed."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbench import errors, loaders
from workbench.loaders.cast import dates

pytestmark = pytest.mark.many
# No day is too odd to be read.
EVER = ("0001-01-01", "9999-12-31")


def load(folder: Path, *written: str, **options: Any) -> loaders.Loaded:
    rows = "".join(f'C{number},"{text}",1\n' for number, text in enumerate(written))
    path = folder / "orders.csv"
    path.write_text("customer_id,ordered_at,amount\n" + rows, encoding="utf-8")
    options = {"max_reject_rate": 1, **options}
    return loaders.load(path, cache=folder / "cache", **options)


def times(loaded: loaders.Loaded) -> list[str]:
    return [
        (f"{at:%Y-%m-%d}" if at == at.normalize() else f"{at}") for at in loaded.table["ordered_at"]
    ]


def reasons(loaded: loaders.Loaded) -> list[tuple[int, str]]:
    rejects = loaded.ledger.rejects
    return list(zip(rejects["line_number"].tolist(), rejects["reason"].tolist(), strict=True))


FORMS: list[tuple[str, str, str]] = [
    # as written, what it means, the form as the ledger tells it
    ("2026-03-05", "2026-03-05", "%Y-%m-%d"),
    ("2026/3/5", "2026-03-05", "%Y-%m-%d"),
    ("2026-03-05 14:30:05", "2026-03-05 14:30:05", "%Y-%m-%d"),
    ("2026-03-05T14:30", "2026-03-05 14:30:00", "%Y-%m-%d"),
    ("2026.3.5", "2026-03-05", "%Y.%m.%d"),
    ("2026/3/5 2:30:05 PM", "2026-03-05 14:30:05", "%Y/%m/%d %I:%M:%S %p"),
    ("2026/3/5 下午2:30", "2026-03-05 14:30:00", "%Y/%m/%d %p%I:%M"),
    ("20260305", "2026-03-05", "%Y%m%d"),
    ("202603051430", "2026-03-05 14:30:00", "%Y%m%d%H%M"),
    ("20260305143005", "2026-03-05 14:30:05", "%Y%m%d%H%M%S"),
    ("25.3.2026", "2026-03-25", "%d.%m.%Y"),
    ("25.03.2026 14:30", "2026-03-25 14:30:00", "%d.%m.%Y %H:%M"),
    ("25.03.2026, 14:30:05", "2026-03-25 14:30:05", "%d.%m.%Y, %H:%M:%S"),
    ("25.03.2026 14:30:05.25", "2026-03-25 14:30:05.250000", "%d.%m.%Y %H:%M:%S.%f"),
    ("25/03/2026", "2026-03-25", "%d/%m/%Y"),
    ("25-03-2026", "2026-03-25", "%d-%m-%Y"),
    ("3/25/2026", "2026-03-25", "%m/%d/%Y"),
    ("3/25/2026 2:30 PM", "2026-03-25 14:30:00", "%m/%d/%Y %I:%M %p"),
    ("3/25/2026 12:30:05am", "2026-03-25 00:30:05", "%m/%d/%Y %I:%M:%S%p"),
    ("5 Mar 2026", "2026-03-05", "%d %b %Y"),
    ("05-MAR-2026", "2026-03-05", "%d-%b-%Y"),
    ("Thu 5 Mar 2026", "2026-03-05", "%a %d %b %Y"),
    ("Thursday, March 5, 2026", "2026-03-05", "%A, %b %d, %Y"),
    ("5 march 2026 14:30", "2026-03-05 14:30:00", "%d %b %Y %H:%M"),
    ("5 Sept. 2026", "2026-09-05", "%d %b. %Y"),
    ("Mar 5, 2026", "2026-03-05", "%b %d, %Y"),
    ("March 5 2026 2:30 PM", "2026-03-05 14:30:00", "%b %d %Y %I:%M %p"),
    ("2026年3月5日", "2026-03-05", "%Y年%m月%d日"),
    ("2026年03月05日 14:30", "2026-03-05 14:30:00", "%Y年%m月%d日 %H:%M"),
    ("2026年3月5日 上午10:30", "2026-03-05 10:30:00", "%Y年%m月%d日 %p%I:%M"),
    ("2026年3月5日下午2:30:05", "2026-03-05 14:30:05", "%Y年%m月%d日%p%I:%M:%S"),
    ("2026年3月5日14时30分05秒", "2026-03-05 14:30:05", "%Y年%m月%d日%H时%M分%S秒"),
    ("2026年3月5日 14时30分", "2026-03-05 14:30:00", "%Y年%m月%d日 %H时%M分"),
    ("２０２６年３月５日", "2026-03-05", "%Y年%m月%d日"),
    ("２０２６－０３－０５", "2026-03-05", "%Y－%m－%d"),
    ("46086", "2026-03-05", "excel"),
    ("46086.604166667", "2026-03-05 14:30:00", "excel"),
]


@pytest.mark.parametrize(("written", "meant", "said"), FORMS)
def test_every_common_form_is_found_and_told_in_the_ledger(
    tmp_path: Path, written: str, meant: str, said: str
) -> None:
    loaded = load(tmp_path, written, written)
    assert times(loaded) == [meant] * 2
    assert loaded.ledger.forms["ordered_at"] == said
    assert loaded.ledger.rows_rejected == 0


# strptime knows neither 上午 nor full-width digits nor Sept, and takes one of March and Mar
STATABLE = [form for form in FORMS if not set("午２T") & set(form[0]) and form[0].isascii()]
STATABLE = [
    form
    for form in STATABLE
    if not set(form[0].lower().replace(".", "").split()) & {"march", "sept"}
][4:]


@pytest.mark.parametrize(("written", "meant", "said"), STATABLE)
def test_a_form_that_the_ledger_tells_can_be_stated(
    tmp_path: Path, written: str, meant: str, said: str
) -> None:
    assert times(load(tmp_path, written, date_format=said)) == [meant]


def test_one_value_above_twelve_settles_day_and_month_for_the_column(tmp_path: Path) -> None:
    assert times(load(tmp_path, "5/3/2026", "6/3/2026", "13/3/2026")) == [
        "2026-03-05",
        "2026-03-06",
        "2026-03-13",
    ]
    assert times(load(tmp_path, "5/3/2026", "6/3/2026", "3/13/2026")) == [
        "2026-05-03",
        "2026-06-03",
        "2026-03-13",
    ]


def test_the_value_that_settles_it_may_stand_anywhere(tmp_path: Path) -> None:
    many = ["5/3/2026"] * 30_000
    loaded = load(tmp_path, *many, "13/3/2026")
    assert loaded.ledger.forms["ordered_at"] == "%d/%m/%Y"
    assert loaded.table["ordered_at"].iloc[0] == pd.Timestamp("2026-03-05")


@pytest.mark.parametrize("written", ["5/3/2026", "05.03.2026", "5-3-2026 14:30"])
def test_day_and_month_that_nothing_tells_apart_are_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(errors.ContractError) as caught:
        load(tmp_path, written, written)
    assert "orders: column 'ordered_at' of '" in caught.value.what
    assert f"day and month cannot be told apart, no value is above 12 ('{written}')" in str(
        caught.value
    )
    assert "State day_first=True or day_first=False" in caught.value.mend


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        ({"day_first": True}, "2026-03-05"),
        ({"day_first": False}, "2026-05-03"),
        ({"date_format": "%d/%m/%Y"}, "2026-03-05"),
        ({"date_format": "%m/%d/%Y"}, "2026-05-03"),
    ],
)
def test_what_is_stated_settles_it(tmp_path: Path, options: dict[str, Any], meant: str) -> None:
    assert times(load(tmp_path, "5/3/2026", **options)) == [meant]


def test_days_first_and_months_first_in_one_column_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        errors.ContractError, match=r"holds days first \('25/3/2026', 2 times\) and months first"
    ):
        load(tmp_path, "25/3/2026", "26/3/2026", "3/25/2026")


def test_stated_day_first_rejects_what_cannot_be_so(tmp_path: Path) -> None:
    loaded = load(tmp_path, "25/3/2026", "3/25/2026", day_first=True)
    assert times(loaded) == ["2026-03-25"]
    assert reasons(loaded) == [(3, "other_date_form")]


def test_in_mixed_forms_the_most_frequent_holds_and_the_others_are_rejected(tmp_path: Path) -> None:
    loaded = load(
        tmp_path, "25.3.2026", "26.3.2026", "2026-03-27", "Mar 5, 2026", "31.2.2026", "soon", ""
    )
    assert times(loaded) == ["2026-03-25", "2026-03-26"]
    assert reasons(loaded) == [
        (4, "other_date_form"),
        (5, "other_date_form"),
        (6, "not_a_date"),
        (7, "not_a_date"),
        (8, "missing_value"),
    ]


def test_year_first_reads_alike_whatever_stands_between(tmp_path: Path) -> None:
    assert times(load(tmp_path, "2026-03-05", "2026年3月6日", "2026.3.7")) == [
        "2026-03-05",
        "2026-03-06",
        "2026-03-07",
    ]


@pytest.mark.parametrize(
    "written", ["26-03-05", "5.3.26", "5/3/26 14:30", "05-Mar-26", "26年3月5日"]
)
def test_years_of_two_digits_are_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(errors.ContractError, match=r"years have two digits .*\nState how dates"):
        load(tmp_path, written)


def test_years_of_two_digits_are_read_where_stated(tmp_path: Path) -> None:
    assert times(load(tmp_path, "5.3.26", date_format="%d.%m.%y")) == ["2026-03-05"]


def test_a_stated_year_of_four_digits_takes_no_two(tmp_path: Path) -> None:
    loaded = load(tmp_path, "5.3.26", "5.3.0026", date_format="%d.%m.%Y", plausible=EVER)
    assert [str(at)[:10] for at in loaded.table["ordered_at"]] == ["0026-03-05"]
    assert reasons(loaded) == [(2, "two_digit_year")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0001-01-01", "0001-01-01 00:00:00"),
        ("31.12.9999", "9999-12-31 00:00:00"),
        ("9999-12-31 23:59:59", "9999-12-31 23:59:59"),
    ],
)
def test_the_first_and_the_last_year_are_kept(tmp_path: Path, written: str, meant: str) -> None:
    loaded = load(tmp_path, written, plausible=EVER)
    assert [str(at) for at in loaded.table["ordered_at"]] == [meant]


def test_serial_numbers_among_dates_are_not_certain(tmp_path: Path) -> None:
    with pytest.raises(errors.ContractError, match=r"most values are numbers \('46086'\), others"):
        load(tmp_path, "46086", "46087", "2026-03-05")


@pytest.mark.parametrize(
    ("stated", "written", "meant"),
    [
        ("excel", "61", "1900-03-01"),
        ("excel", "12000", "1932-11-07"),
        ("excel", "2958465", "9999-12-31"),
        ("epoch_seconds", "0", "1970-01-01 08:00:00"),
        ("epoch_seconds", "-86400", "1969-12-31 08:00:00"),
        ("epoch_milliseconds", "1772690400250", "2026-03-05 14:00:00.250000"),
        ("iso", "2026-03-05", "2026-03-05"),
    ],
)
def test_what_counts_days_or_seconds_can_be_stated(
    tmp_path: Path, stated: str, written: str, meant: str
) -> None:
    zone = "Asia/Shanghai"
    loaded = load(tmp_path, written, date_format=stated, timezone=zone, plausible=EVER)
    assert times(loaded) == [meant]


@pytest.mark.parametrize("written", ["60", "-1", "2958466", "1e300", "NaN", "soon"])
def test_serial_numbers_that_are_no_day_are_rejected(tmp_path: Path, written: str) -> None:
    loaded = load(tmp_path, "46086", written, date_format="excel")
    assert [line for line, _ in reasons(loaded)] == [3]


@pytest.mark.parametrize("written", ["1772690400", "1772690400000"])
def test_seconds_since_1970_are_moments_and_become_local(tmp_path: Path, written: str) -> None:
    loaded = load(tmp_path, written, local_timezone="Asia/Shanghai")
    assert times(loaded) == ["2026-03-05 14:00:00"]


def test_seconds_since_1970_without_a_zone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        errors.ContractError, match=r"seconds since 1970 .*: moments in UTC\.\nState"
    ):
        load(tmp_path, "1772690400")


def test_a_found_form_is_converted_between_zones_and_a_day_is_not(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        "25.03.2026 20:00",
        "25.03.2026",
        timezone="UTC",
        local_timezone="Asia/Shanghai",
    )
    assert times(loaded) == ["2026-03-26 04:00:00", "2026-03-25"]


def test_iso_with_an_offset_stays_iso(tmp_path: Path) -> None:
    loaded = load(tmp_path, "2026-03-05T20:00:00+00:00", local_timezone="Asia/Shanghai")
    assert times(loaded) == ["2026-03-06 04:00:00"]


def test_a_clock_of_twelve_hours_is_never_read_as_one_of_twenty_four(tmp_path: Path) -> None:
    for zone in (None, "Asia/Shanghai"):
        loaded = load(tmp_path, "2026-03-05 2:30:00 PM", local_timezone=zone)
        assert times(loaded) == ["2026-03-05 14:30:00"]


def test_day_first_says_nothing_about_years_that_come_first(tmp_path: Path) -> None:
    assert times(load(tmp_path, "2026-03-05", day_first=True)) == ["2026-03-05"]


def test_ids_that_look_like_dates_stay_ids(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text("customer_id,ordered_at,amount\n20260305,25.3.2026,1\n", encoding="utf-8")
    loaded = loaders.load(path, cache=tmp_path / "cache")
    assert loaded.table["customer_id"].tolist() == ["20260305"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Thu, 05 Mar 2026 06:30:00 +0000", "2026-03-05 14:30:00"),
        ("Thu Mar 05 2026 14:30:00 GMT+0800 (China Standard Time)", "2026-03-05 14:30:00"),
        ("3/25/2026 2:30 PM GMT-5", "2026-03-26 03:30:00"),
        ("25.03.2026 14:30:05+05:30", "2026-03-25 17:00:05"),
        ("2026/3/5 6:30 UTC", "2026-03-05 14:30:00"),
        ("5 Mar 2026 6:30 Z", "2026-03-05 14:30:00"),
    ],
)
def test_an_offset_after_any_form_is_heeded(tmp_path: Path, written: str, meant: str) -> None:
    loaded = load(tmp_path, written, written, local_timezone="Asia/Shanghai")
    assert times(loaded) == [meant, meant]
    refused = load(tmp_path, written)
    assert {reason for _, reason in reasons(refused)} == {"offset_without_zone"}


@pytest.mark.parametrize(
    "written",
    [
        "Thursday, March 5, 2026",
        "Thu 5 Mar 2026",
        "2026-03-05 (Thu)",
        "Thurs. 5.3.2026",
        "5/3/2026 Thu",
    ],
)
def test_an_english_weekday_beside_a_date_changes_nothing(tmp_path: Path, written: str) -> None:
    day_first = True if "3" in written.replace("2026", "") and "Mar" not in written else None
    assert times(load(tmp_path, written, day_first=day_first)) == ["2026-03-05"]


def test_every_stated_word_is_known_to_the_message(tmp_path: Path) -> None:
    with pytest.raises(errors.ParameterError) as caught:
        load(tmp_path, "1", date_format="exel")
    for word in dates.STATED[1:]:
        assert word in caught.value.mend
