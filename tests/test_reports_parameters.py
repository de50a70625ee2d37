"""Parameters: one model per report checks what the command line, Python and the notebook say."""

from pathlib import Path

import nbformat
import pytest
from report_books import PARAMETERS, book, settings

from workbench import config, errors, reports
from workbench.reports import parameter_models


def test_every_report_of_the_project_agrees_with_its_model(root: Path) -> None:
    found = sorted((root / "notebooks" / "reports").glob("*.ipynb"))
    assert found, "there are reports"
    for path in found:
        parameter_models.agree(path.stem, nbformat.read(path, as_version=4).cells)


def test_every_model_has_its_notebook(root: Path) -> None:
    assert set(parameter_models.MODELS) <= set(reports.names(config.load(root)))


def test_text_becomes_the_declared_type_and_no_other() -> None:
    checked = parameter_models.check("monthly_customers", {"owner": "010", "call_list_rows": "5"})
    assert checked.owner == "010"
    assert checked.model_dump()["call_list_rows"] == 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"call_list_rows": "many"}, "call_list_rows is 'many'"),
        ({"call_list_rows": 0}, "call_list_rows is 0.\nWrite a number from 1 on. How many"),
        ({"owner": 10}, "owner is 10"),
        ({"owner": " "}, "owner is empty"),
        ({"lang": "fr"}, "lang is 'fr'"),
        ({"period": "2026-13"}, "names no week, month, quarter or year"),
        ({"period": "2026-W40"}, "a week; the report is made per month"),
    ],
)
def test_a_mistyped_value_is_refused_with_its_mend(given: dict[str, object], said: str) -> None:
    with pytest.raises(errors.ParameterError, match=said) as refused:
        parameter_models.check("monthly_customers", given)
    assert refused.value.mend
    assert refused.value.exit_code == 2


def test_an_unknown_parameter_is_refused_with_the_likely_one() -> None:
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'period'"):
        parameter_models.check("monthly_customers", {"perod": "2026-10"})


def test_an_unknown_report_is_refused_with_the_likely_one(root: Path) -> None:
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'monthly_customers'"):
        reports.run("monthly_customer", settings_file=root / "workbench.toml")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (PARAMETERS + "extra: int = 1\n", "with unknown extra"),
        (PARAMETERS.replace('lang: str = "en"\n', ""), "without lang"),
        (PARAMETERS.replace('"en"', '"zh"'), "with other defaults for lang"),
        (PARAMETERS + "print(1)\n", "does more than name its defaults"),
    ],
)
def test_a_notebook_that_disagrees_with_its_model_is_refused(
    tmp_path: Path, cell: str, said: str
) -> None:
    path = book(tmp_path, "tiny", parameters=cell)
    with pytest.raises(errors.ReportError, match=said):
        parameter_models.agree("tiny", nbformat.read(path, as_version=4).cells)


def test_a_notebook_without_a_tagged_cell_is_refused(tmp_path: Path) -> None:
    cells = nbformat.read(book(tmp_path, "tiny"), as_version=4).cells
    with pytest.raises(errors.ReportError, match="has 0 cells tagged 'parameters'"):
        parameter_models.agree("tiny", [cell for cell in cells if not cell.metadata])


def test_a_companys_own_notebook_comes_before_the_projects(tmp_path: Path) -> None:
    own = book(tmp_path, "monthly_customers")
    company = config.load(settings(tmp_path))
    assert parameter_models.notebook("monthly_customers", company) == own
