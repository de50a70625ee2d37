"""Every argument is read in one place, and what it refuses it says the same way."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench import arguments, errors


@pytest.mark.parametrize("value", [2.0, "2", None, True, np.bool_(True), np.float64(2)])
def test_what_is_no_whole_number_is_of_the_wrong_type(value: Any) -> None:
    with pytest.raises(errors.ParameterTypeError, match=r"limit is .*, no whole number\.\nUse 2"):
        arguments.whole("limit", value, mend="Use 2.")


@pytest.mark.parametrize(
    ("value", "bounds", "message"),
    [
        (0, {"least": 1, "most": 9}, r"limit is 0; it has to be at least 1\."),
        (10, {"least": 1, "most": 9}, r"limit is 10; it has to be at least 1 and at most 9\."),
        (1, {"above": 0, "below": 1}, r"limit is 1; it has to be above 0 and below 1\."),
        (np.float64("nan"), {}, "limit is nan, not a finite number"),
    ],
)
def test_a_number_out_of_bounds_hears_the_bounds_up_to_the_one_it_broke(
    value: float, bounds: dict[str, float], message: str
) -> None:
    with pytest.raises(errors.ParameterError, match=message):
        arguments.number("limit", value, mend="Use 1.", **bounds)


def test_a_wrong_type_is_also_a_wrong_value() -> None:
    with pytest.raises(errors.ParameterError, match="level is '95', of type str"):
        arguments.share("level", "95", example=0.95)


@pytest.mark.parametrize("values", [(), [], 3])
def test_no_choice_at_all_is_refused_with_the_choices(values: Any) -> None:
    with pytest.raises(errors.ParameterError, match=r"rule is .*\nName at least one of: a, b"):
        arguments.some_of("rule", values, ("a", "b"), kind="rule")


def test_several_choices_count_once_each_in_their_order() -> None:
    assert arguments.some_of("rule", ["b", "a", "b"], ("a", "b"), kind="rule") == ("b", "a")


@pytest.mark.parametrize("value", ["", "  ", None, "a\x00", "\ud800"])
def test_a_text_that_says_nothing_or_cannot_be_kept_is_refused(value: Any) -> None:
    with pytest.raises(errors.ParameterError, match=r"^by "):
        arguments.text("by", value)


def test_a_column_of_counts_may_be_empty_only_where_that_is_meant() -> None:
    table = pd.DataFrame({"visits": [3, None]})
    assert arguments.counts(table, "history", "visits", nullable=True)[0] == 3
    with pytest.raises(errors.ContractError, match="1 of 2 customers have no visits"):
        arguments.counts(table, "history", "visits")
