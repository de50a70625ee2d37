"""Every error says what and where, then the mend, and is the built-in a programmer expects."""

import pickle

import pytest

from workbench import errors


def kinds(kind: type[errors.WorkbenchError]) -> list[type[errors.WorkbenchError]]:
    return [kind, *(one for sub in kind.__subclasses__() for one in kinds(sub))]


EVERY_KIND = kinds(errors.WorkbenchError)
every_kind = pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: kind.__name__)


def made(kind: type[errors.WorkbenchError]) -> errors.WorkbenchError:
    if kind is errors.RejectRateError:
        return errors.RejectRateError("orders: bad.", mend="Mend it.", ledger={"rows": 3})
    if kind is errors.ConvergenceError:
        return errors.ConvergenceError("orders: bad.", mend="Mend it.", result={"r": 0.3})
    return kind("orders: bad.", mend="Mend it.")


@every_kind
def test_the_message_is_what_then_mend(kind: type[errors.WorkbenchError]) -> None:
    error = made(kind)
    assert str(error) == "orders: bad.\nMend it."
    assert error.one_line == "orders: bad. Mend it."
    assert (error.what, error.mend) == ("orders: bad.", "Mend it.")


@every_kind
def test_a_notebook_shows_what_and_mend_in_the_place_of_a_traceback(
    kind: type[errors.WorkbenchError], capsys: pytest.CaptureFixture[str]
) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.user_ns["error"] = made(kind)
    shell.run_cell("raise error")
    InteractiveShell.clear_instance()
    assert capsys.readouterr().out == f"{kind.__name__}: orders: bad.\nMend it.\n"


@every_kind
def test_every_kind_has_an_exit_code_that_is_not_success(
    kind: type[errors.WorkbenchError],
) -> None:
    assert 1 <= kind.exit_code <= 125


@every_kind
def test_an_error_survives_the_way_to_another_process(kind: type[errors.WorkbenchError]) -> None:
    back = pickle.loads(pickle.dumps(made(kind)))
    assert type(back) is kind
    assert str(back) == str(made(kind))
    assert vars(back) == vars(made(kind))


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (errors.ContractError, ValueError),
        (errors.RejectRateError, ValueError),
        (errors.SourceError, OSError),
        (errors.SourceNotFoundError, FileNotFoundError),
        (errors.ParameterError, ValueError),
        (errors.ParameterTypeError, TypeError),
        (errors.UnknownNameError, KeyError),
        (errors.ConfigError, ValueError),
        (errors.ConvergenceError, ArithmeticError),
        (errors.EngineError, RuntimeError),
        (errors.ReportError, RuntimeError),
        (errors.ReportTimeoutError, TimeoutError),
    ],
)
def test_an_error_is_also_the_matching_built_in(
    kind: type[errors.WorkbenchError], builtin: type[Exception]
) -> None:
    with pytest.raises(builtin):
        raise made(kind)


def test_a_mend_cannot_be_left_out() -> None:
    with pytest.raises(TypeError, match="mend"):
        errors.ParameterError("what")  # type: ignore[call-arg]


def test_an_unknown_name_is_answered_with_the_likely_one_and_all_of_them() -> None:
    error = errors.unknown("report", "monthly_custmers", ["weekly_nurture", "monthly_customers"])
    assert error.one_line == (
        "There is no report called 'monthly_custmers'. Did you mean 'monthly_customers'? "
        "Known: monthly_customers, weekly_nurture."
    )


def test_a_name_like_nothing_known_gets_no_guess() -> None:
    assert errors.did_you_mean("zzzz", ["quantile", "mean"]) == ""
    assert errors.did_you_mean("zzzz", []) == ""
    assert "Did you mean" not in errors.unknown("method", "zzzz", ["mean"]).mend


def test_of_a_long_list_only_the_nearest_are_named() -> None:
    names = [f"label.{number}" for number in range(300)] + ["segment.key_keep"]
    said = errors.unknown("label", "segment.key_kep", names).mend
    assert said.startswith("Did you mean 'segment.key_keep'? Known: segment.key_keep, ")
    assert said.endswith(" and 296 others.")
