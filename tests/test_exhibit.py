"""One answer, one body: what an exhibit says, draws and lists, and what it refuses."""

import inspect
import json

import pandas as pd
import polars
import pytest
from figure_tables import past_warnings, punctuality, retained, warning_summary

from workbench import errors, exhibits, results, words
from workbench.charts import Chart
from workbench.charts.sketch import Sketch
from workbench.exhibit import Exhibit, Sheet, exhibit
from workbench.results import Result
from workbench.words import Words

VISITS = Result("visits(touches)", owner_id="id", customers="count")


class Marks(Chart):
    """A picture for these tests."""

    def draw(self, figure: Sketch, words: Words) -> dict[str, object]:
        figure.add_bar(y=self.rows["customers"].tolist(), name=words("noun.rows", count=1))
        return {}


@exhibit(VISITS, minor=["owner_id"], rows=30)
def visits(table: pd.DataFrame, words: Words, *, at_least: int = 1) -> Sheet:
    """Who was visited?"""
    rows = table[table["customers"] >= at_least]
    said = words.write(int(rows["customers"].sum()), "said customers")
    return Sheet(said, Marks(rows=rows), title="Visits", subtitle="customers")


TABLE = pd.DataFrame({"own_score": [0.5, 1], "customers": [1, 2], "owner_id": ["x", "y"]})


def test_it_says_draws_and_lists_the_same_table_in_each_language() -> None:
    shown = visits(TABLE, at_least=2)
    assert (shown.sentence(Words("en")), shown.sentence(Words("zh"))) == (
        "Two customers",
        "2位客户",
    )
    figure = shown.figure(Words("zh"))
    assert figure is not None
    assert figure.data[0].y == (2,)
    assert figure.layout.meta["alt"] == "2位客户"
    assert list(shown.listed().columns) == ["owner_id", "customers", "own_score"]
    assert shown.table is TABLE


def test_without_words_it_speaks_what_was_last_said() -> None:
    words.speak("zh")
    try:
        assert visits(TABLE).sentence() == "3位客户"
    finally:
        words.speak()


def test_a_language_is_made_once() -> None:
    shown = visits(TABLE)
    assert shown.sheet(Words("en")) is shown.sheet(Words("en"))
    assert shown.sheet(Words("en")) is not shown.sheet(Words("zh"))


def test_an_empty_table_says_so_and_draws_that_there_is_nothing() -> None:
    shown = visits(TABLE.head(0))
    figure = shown.figure(Words("en"))
    assert figure is not None
    assert figure.layout.annotations[0].text == "There is no data to draw here."


def test_as_a_block_it_is_laid_as_declared_and_as_asked() -> None:
    block = visits(TABLE).laid(name="who", rows=1).block(Words("en"))
    assert block.content["id"] == "who"
    assert block.content["heading"] == "Three customers"
    columns = block.content["table"]["columns"]
    assert [column["minor"] for column in columns] == [True, False, False]
    assert len(block.content["table"]["rows"]) == 1
    assert len(block.tables["who"]) == 2
    assert json.dumps(block.figure)


def test_a_page_may_choose_the_columns() -> None:
    column = TABLE.columns[0]
    shown = visits(TABLE).laid(columns=[column])
    assert shown.listed().columns.tolist() == [column]
    assert shown.whole().equals(TABLE)


def test_it_stands_under_another_s_sentence() -> None:
    other = visits(TABLE.head(1))
    headed = visits(TABLE).headed(other)
    for lang in words.LANGUAGES:
        assert headed.sentence(Words(lang)) == other.sentence(Words(lang))
    assert headed.listed().equals(visits(TABLE).listed())


def test_a_wrong_option_is_told_at_the_call() -> None:
    with pytest.raises(
        errors.ParameterTypeError,
        match=r"(?s)test_exhibit.visits.*'at_leats'.*Did you mean 'at_least'",
    ):
        visits(TABLE, at_leats=2)  # type: ignore[call-arg]
    with pytest.raises(errors.ParameterTypeError, match="shows a table of pandas, not a list"):
        visits([1])  # type: ignore[arg-type]


def test_a_table_that_lacks_a_column_is_a_broken_contract() -> None:
    with pytest.raises(
        errors.ContractError, match=r"(?s)visits: missing column 'customers'.*visits\(touches\)"
    ):
        visits(TABLE[["owner_id"]])


def test_an_exhibit_of_the_package_misses_a_hover_s_column_and_a_wrong_choice_at_the_call() -> None:
    table = retained()["cohorts"]
    with pytest.raises(errors.ContractError, match="missing column 'active_share'"):
        exhibits.retention.triangle(table.drop(columns="active_share"))
    for wrong, told in (
        ({"measure": "mony"}, "triangle: measure is 'mony'.*mean 'money'.*'customers' or 'money'"),
    ):
        with pytest.raises(errors.ParameterTypeError, match=f"(?s){told}"):
            exhibits.retention.triangle(table, **wrong)  # type: ignore[arg-type]
    with pytest.raises(errors.ParameterTypeError, match=r"(?s)days is '90'.*a whole number"):
        exhibits.retention.second(retained()["curve"], within_days="90")  # type: ignore[arg-type]
    with pytest.raises(errors.ParameterTypeError, match=r"(?s)DataFrame of polars.*to_pandas"):
        exhibits.retention.triangle(polars.from_pandas(table))  # type: ignore[arg-type]


def test_a_column_that_the_table_of_an_option_lacks_is_told_of_that_table() -> None:
    bins = pd.DataFrame({"left": [0.0]})
    with pytest.raises(errors.ContractError, match="bins: missing column 'warning'"):
        exhibits.churn.ratios(warning_summary(), bins=bins).sentence()
    steps = pd.DataFrame({"purpose": ["judge"]})
    shown = exhibits.track_record.by_date(past_warnings().by_date, horizon_days=90, dates=steps)
    with pytest.raises(errors.ContractError, match="dates: missing column"):
        shown.sentence()


def test_a_table_that_nobody_named_is_shown_with_ids() -> None:
    unnamed = punctuality().assign(owner_id=["S1", "S2", None]).drop(columns="owner_name")
    assert "S1 79%" in exhibits.nurture.punctuality(unnamed).sentence()


def test_a_page_asks_for_columns_and_rows_that_there_can_be() -> None:
    with pytest.raises(errors.UnknownNameError, match=r"(?s)'customerz'.*mean 'customers'"):
        visits(TABLE).laid(columns=["customerz"])
    with pytest.raises(errors.ParameterError, match="rows is -3"):
        visits(TABLE).laid(rows=-3)


def test_a_class_that_nobody_knows_is_told_with_those_that_are() -> None:
    columns = {"customers": 1, "customer_share": 1.0, "monetary": 2.0, "monetary_share": 1.0}
    with pytest.raises(errors.ContractError, match=r"(?s)unknown segment.*'gold'.*key_champion"):
        exhibits.rfm.segments(pd.DataFrame({"segment": ["gold"], **columns})).sentence()


def test_a_fault_of_our_own_is_not_taken_for_a_broken_contract() -> None:
    @exhibit(VISITS)
    def faulty(table: pd.DataFrame, words: Words) -> Sheet:
        """Which key is there not?"""
        return Sheet({}["neither"])

    with pytest.raises(KeyError, match="neither") as caught:
        faulty(TABLE[["owner_id"]]).sentence()
    assert not isinstance(caught.value, errors.WorkbenchError)


def test_a_look_of_a_column_that_nobody_declared_is_refused() -> None:
    with pytest.raises(errors.UnknownNameError, match="column of visits"):
        exhibit(VISITS, minor=["customer_share_of_nobody"])


def test_it_is_documented_as_it_is_called() -> None:
    assert isinstance(visits, Exhibit)
    assert list(inspect.signature(visits).parameters) == ["table", "at_least"]
    assert visits.__doc__ == "Who was visited?"


# Results


def test_a_kind_nobody_knows_and_two_kinds_for_one_name_are_refused() -> None:
    with pytest.raises(errors.ParameterError, match=r"odd\(\): column 'a'.*'percentage'"):
        Result("odd()", a="percentage")
    with pytest.raises(
        errors.ParameterError,
        match=r"(?s)'owner_id' is of kind 'count' in odd\(\), and of kind 'id' in .*another name",
    ):
        Result("odd()", owner_id="count")
    with pytest.raises(errors.UnknownNameError, match=r"column in odd\(\)"):
        Result("odd()", interval=["c"], customers="count")


def test_the_input_contracts_declare_their_columns_too() -> None:
    assert results.kind("customer_id") == "id"
    assert results.kind("curious") == "choice"
    assert results.undeclared(TABLE) == ["own_score"]


def test_a_heading_claims_one_thing_and_what_is_second_stands_in_the_grey_line() -> None:
    @exhibit(Result("visits()", customers="count"))
    def visits(table: pd.DataFrame, words: Words) -> Sheet:
        return Sheet("three came‖; two of them late", subtitle="By day")

    shown = visits(pd.DataFrame({"customers": [3]}))
    assert shown.sentence() == "Three came; two of them late"
    assert shown.heading() == ("Three came", "Two of them late. By day")
    block = shown.block(Words())
    assert (block.content["heading"], block.content["subtitle"]) == shown.heading()
    assert "‖" not in str(block.content)
