"""Saved cut points come back exactly, and nothing else is taken for them."""

import dataclasses
import datetime as dt
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, models
from workbench.models import MeasureCuts, RFMCuts

PLAIN: dict[str, Any] = {
    "method": "quantile",
    "bins": 3,
    "high_from": 3,
    "recency_days": MeasureCuts((60.0, 20.0)),
    "frequency": MeasureCuts((2.0, 5.0)),
    "monetary": MeasureCuts((0.1 + 0.2, 900.5)),
    "as_of": dt.date(2026, 10, 31),
    "customers": 40,
}


def made(**changes: Any) -> RFMCuts:
    return RFMCuts(**{**PLAIN, **changes})


def edited(**changes: Any) -> str:
    return json.dumps({**json.loads(made().to_json()), **changes})


finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def any_cuts(draw: st.DrawFn) -> RFMCuts:
    method = draw(st.sampled_from(models.METHODS))
    bins = draw(st.integers(2, 20))
    measures = {}
    for name in models.MEASURES:
        points = sorted(draw(st.lists(finite, max_size=bins - 1)), reverse=name == "recency_days")
        measures[name] = MeasureCuts(tuple(points), None if method == "quantile" else draw(finite))
    return RFMCuts(
        method=method,
        bins=bins,
        high_from=draw(st.integers(2, bins)),
        as_of=draw(st.none() | st.dates()),
        customers=draw(st.integers(0, 10**9)),
        **measures,
    )


@given(any_cuts())
def test_every_number_of_saved_cuts_comes_back_exactly(cuts: RFMCuts) -> None:
    assert RFMCuts.from_json(cuts.to_json()) == cuts
    assert RFMCuts.from_json(cuts.to_json()).to_json() == cuts.to_json()


def test_cuts_come_back_from_a_file(tmp_path: Path) -> None:
    path = made().save(tmp_path / "cuts.json")
    assert path == tmp_path / "cuts.json"
    assert RFMCuts.load(path) == made()
    assert RFMCuts.load(str(path)) == made()


def test_the_file_says_what_it_is_and_which_version() -> None:
    document = json.loads(made().to_json())
    assert (document["kind"], document["version"]) == ("workbench.RFMCuts", 1)
    assert document["recency_days"] == {"points": [60.0, 20.0], "threshold": None}


def test_cuts_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        made().bins = 4


def test_saving_again_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    made(customers=1).save(tmp_path / "cuts.json")
    made(customers=2).save(tmp_path / "cuts.json")
    assert RFMCuts.load(tmp_path / "cuts.json").customers == 2
    assert [path.name for path in tmp_path.iterdir()] == ["cuts.json"]


def test_a_crash_while_saving_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(customers=1).save(tmp_path / "cuts.json")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(KeyboardInterrupt):
        made(customers=2).save(tmp_path / "cuts.json")
    assert RFMCuts.load(tmp_path / "cuts.json").customers == 1
    assert [path.name for path in tmp_path.iterdir()] == ["cuts.json"]


def test_a_saved_file_can_be_read_by_whom_other_files_can(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    path = made().save(tmp_path / "cuts.json")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.SourceNotFoundError, match=r"no file '.*gone\.json'.*\n.*save"):
        RFMCuts.load(tmp_path / "gone.json")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(errors.SourceError, match="cannot be read"):
        RFMCuts.load(tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "cuts.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(errors.SourceError, match=r"cuts\.json: this is no text in UTF-8"):
        RFMCuts.load(tmp_path / "cuts.json")


def test_saving_where_there_is_no_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(errors.SourceError, match=r"cannot be written.*\nName a file in a folder"):
        made().save(tmp_path / "gone" / "cuts.json")


def test_saving_over_a_folder_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "cuts.json").mkdir()
    with pytest.raises(errors.SourceError, match="cannot be written"):
        made().save(tmp_path / "cuts.json")
    assert os.listdir(tmp_path) == ["cuts.json"]  # noqa: PTH208


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[1]", "no saved model"),
        ("{}", "no saved model"),
        ('"workbench.RFMCuts"', "no saved model"),
        (edited(kind="workbench.BGNBD"), "this is a 'workbench.BGNBD', not a 'workbench.RFMCuts'"),
        (edited(version=2), "version 2 is unknown here, 1 is known"),
        (edited(version=None), "version None"),
        (edited(method="quantil"), "method is 'quantil'"),
        (edited(bins=1), "bins is 1"),
        (edited(bins="5"), "bins is '5'"),
        (edited(bins=True), "bins is True"),
        (edited(high_from=9), "high_from is 9"),
        (edited(as_of="October"), "October"),
        (edited(as_of=20261031), "argument must be str"),
        (edited(customers=-1), "customers is -1"),
        (edited(customers=1.5), "customers is 1.5"),
        (edited(extra=1), "'extra' is unknown"),
        (edited(monetary=[1.0]), "monetary: points and threshold are missing"),
        (edited(monetary={"points": [1.0]}), "monetary: 'threshold' is missing"),
        (edited(monetary={"points": "12", "threshold": None}), "not a list of numbers"),
        (edited(monetary={"points": [True], "threshold": None}), "not a list of numbers"),
        (edited(monetary={"points": [1.0], "threshold": "1"}), "threshold is not a number"),
        (edited(monetary={"points": [1.0], "threshold": 1.0}), "'quantile' has no threshold"),
        (edited(monetary={"points": [2.0, 1.0], "threshold": None}), "out of order"),
        (edited(monetary={"points": [1.0, 2.0, 3.0], "threshold": None}), "3 cut points for 3"),
        (edited(recency_days={"points": [1.0, 2.0], "threshold": None}), "out of order"),
        (made().to_json().replace("900.5", "NaN"), "NaN is not a number"),
        (made().to_json().replace("900.5", "1e999"), "not a list of numbers"),
    ],
)
def test_a_wrong_file_is_refused_by_what_is_wrong_where(
    text: str, what: str, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(errors.SourceError) as caught:
        RFMCuts.load(path)
    assert what in caught.value.what
    assert str(path) in caught.value.what
    assert caught.value.mend


def test_a_misspelt_field_is_answered_with_the_likely_one() -> None:
    document = json.loads(made().to_json())
    document["high_form"] = document.pop("high_from")
    with pytest.raises(errors.SourceError, match=r"'high_from' is missing.*\n.*'high_form'"):
        RFMCuts.from_json(json.dumps(document))


@pytest.mark.parametrize("method", ["mean", "median", "fixed"])
def test_methods_with_a_threshold_need_one(method: str) -> None:
    with pytest.raises(errors.ParameterError, match="needs a threshold"):
        made(method=method)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), "1", None, True])
def test_a_cut_point_has_to_be_a_finite_number(number: Any) -> None:
    with pytest.raises(errors.ParameterError, match="monetary: a cut point is not a finite number"):
        made(monetary=MeasureCuts((number,)))


def test_an_unknown_measure_is_answered_with_the_likely_one() -> None:
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'monetary'"):
        made().of("monetery")


def test_three_bins_by_the_mean_need_not_restate_high_from() -> None:
    threshold = MeasureCuts((), 1.0)
    cuts = made(
        method="mean", high_from=4, recency_days=threshold, frequency=threshold, monetary=threshold
    )
    assert cuts.bins == 3
