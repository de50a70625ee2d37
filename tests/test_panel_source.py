"""The code a panel shows is the code that runs: bodies below values, or a refusal."""

import functools
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
import toy_panel
from toy_panel import COUNT, SHARE, customers, customers_drawn, first_customers, toy

from workbench import errors
from workbench.exhibit import Shown
from workbench.panel import Act, Choice, Group, Panel, Slider, Toggle, source
from workbench.words import Words, speak

# What is shown


@pytest.mark.parametrize("view", ["ratios", "workload"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_code_gives_the_same_figure_and_list(view: str, lang: str) -> None:
    panel = toy(words=Words("en", "EUR")).set(n=4, share=0.3, view=view, lang=lang)
    names: dict[str, Any] = {}
    try:
        exec(panel.code, names)
    finally:
        speak()
    assert names["figure"].to_json() == panel.figure.to_json()
    pd.testing.assert_frame_equal(names["listed"], panel.listed)


def test_the_code_is_the_bodies_in_the_order_they_ran_below_the_values() -> None:
    assert toy(words=Words("zh", "EUR")).set(n=4).code == (
        "from toy_panel import customers_drawn, customers_listed, rows_of\n"
        "from workbench import words\n\n"
        "words.speak('zh', currency='EUR')\n\n"
        "n = 4\nshare = 0.5\nat_most = 2\n\n"
        "customers = rows_of(n, share)\n\n"
        "# in bars, one for each customer\n"
        "bars = customers\n"
        "ratios = customers_drawn(bars)\n\n"
        "first_customers = customers_listed(customers.head(at_most))\n\n"
        "figure = ratios.figure()\nlisted = first_customers.listed()"
    )


def tabled(customers: pd.DataFrame, owner: str | None = None) -> pd.DataFrame:
    return customers if owner is None else customers.head(0)


def test_what_cannot_be_written_is_named_and_a_default_is_a_value() -> None:
    known = pd.DataFrame({"customer_id": ["a"], "share": [0.5]})
    panel = Panel(
        "panel.rfm", given={"customers": known}, controls=[], views=[toy_panel.ratios], lists=tabled
    )
    assert "# as the panel was given them: customers\nowner = None\n" in panel.code
    names: dict[str, Any] = {"customers": known}
    exec(panel.code, names)
    pd.testing.assert_frame_equal(names["listed"], panel.listed)


def guarded(n: int, share: float) -> pd.DataFrame:
    """Refuse, choose, and give."""
    if n > 40:
        raise errors.ParameterError("n is large.", mend="Use less.")
    shares: list[float] = [share] * n  # one for each
    rows = toy_panel.rows_of(
        len(shares),
        share,
    )
    if n > 5:
        rows = rows.head(5)

    def half(row: float) -> float:
        return row / 2

    return rows[rows["share"].map(half) == share / 2]


def seen(guarded: pd.DataFrame) -> Shown:
    return customers_drawn(guarded)


@pytest.mark.parametrize("n", [7, 3])
def test_a_body_of_several_statements_stands_by_itself(n: int) -> None:
    panel = Panel("panel.rfm", given={}, controls=[COUNT, SHARE], steps=[guarded], views=[seen])
    panel.set(n=n)
    names: dict[str, Any] = {}
    exec(panel.code, names)
    pd.testing.assert_frame_equal(names["listed"], panel.listed)
    assert (
        "\nshares = [share] * n  # one for each\nrows = toy_panel.rows_of(\n    len(" in panel.code
    )
    assert '\nguarded = rows[rows["share"]' in panel.code


# What is refused: a function


def imported(folder: Path, text: str) -> ModuleType:
    path = folder / "module_of_a_test.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


class Holder:
    def method(self) -> int:
        return 1

    @staticmethod
    def static() -> int:
        return 1


def _enclosed() -> Callable[..., Any]:
    number = 1

    def inner() -> int:
        return number

    return inner


@functools.cache
def cached() -> int:
    return 1


def two_ways(n: int) -> Any:
    for one in range(n):
        if one > 2:
            return one
    return n


def no_end(n: int) -> Any:  # noqa: RET503
    if n:
        return n


def several_lines(n: int) -> Any:
    return """
    one
    """


def bit_by_bit(n: int) -> Any:
    yield n


def any_arguments(*n: int) -> Any:
    return n


def declared_apart(n: int) -> Any:
    one: int
    one = n
    return one


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda n: n, "is a lambda, or stands inside"),
        (_enclosed(), "'inner' is a lambda, or stands inside another function"),
        (Holder().method, "is no plain function, but a method"),
        (functools.partial(two_ways, n=1), "is no plain function, but a partial"),
        (cached, "'cached' is no plain function"),
        (len, "'len' is no plain function"),
        (two_ways, "'two_ways' does not end in its one return"),
        (no_end, "'no_end' does not end in its one return"),
        (several_lines, "'several_lines' stands in one line, or has a text over several"),
        (bit_by_bit, "gives its result bit by bit"),
        (declared_apart, "declares a variable"),
        (any_arguments, "'any_arguments' takes arguments without a name"),
    ],
)
def test_a_function_that_could_not_be_shown_is_refused(function: Any, told: str) -> None:
    with pytest.raises(errors.ParameterError, match=told):
        source.read(function)


def test_a_function_without_a_source_is_refused() -> None:
    names: dict[str, Any] = {}
    exec("def made(n):\n    return n", names)
    with pytest.raises(errors.ParameterError, match="'made' has no source that could be shown"):
        source.read(names["made"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return n + 1", "return n + 2"),
        ("return n + 1", "return n + 1.0"),
        ("return n + 1", "return n - 1"),
        ("return abs(n)", "return round(n)"),
        ("return n", "two = n\n    return two"),
        ("return n in {1, 2}", "return n in {1, 3}"),
        ("return [one + 1 for one in n]", "return [one + 3 for one in n]"),
        ("return n", "return n +"),
    ],
)
def test_a_file_changed_after_the_import_is_not_shown(
    before: str, after: str, tmp_path: Path
) -> None:
    module = imported(tmp_path, f"def made(n):\n    {before}\n")
    assert before.replace("return", "made =") in source.read(module.made).body
    (tmp_path / "module_of_a_test.py").write_text(f"def made(n):\n    {after}\n")
    with pytest.raises(errors.ParameterError, match="its file was changed after the import"):
        source.read(module.made)


def test_a_comment_may_change_after_the_import(tmp_path: Path) -> None:
    module = imported(tmp_path, "def made(n):\n    return n + 1\n")
    (tmp_path / "module_of_a_test.py").write_text("def made(n):\n    # more\n    return n + 1\n")
    assert "made = n + 1" in source.read(module.made).body


# What is refused: a panel


def unknown(customers: pd.DataFrame, at_mots: int) -> Shown:
    return customers_drawn(customers)


def spoken(customers: pd.DataFrame, words: Words) -> Shown:
    return customers_drawn(customers)


def opened(opening_customers: pd.DataFrame) -> Shown:
    return customers_drawn(opening_customers)


def round_about(back: int) -> int:
    return back


def back(round_about: int) -> int:
    return round_about


def own_name(customers: pd.DataFrame) -> Shown:
    share = customers
    return customers_drawn(share)


def foreign_name(customers: pd.DataFrame) -> Shown:
    rows_of = customers
    return customers_drawn(rows_of)


def not_asked_for(customers: pd.DataFrame) -> Shown:
    return customers_drawn(tabled(customers))


def other_default(customers: pd.DataFrame, owner: str | None = "x") -> Shown:
    return customers_drawn(customers)


def no_exhibit(customers: pd.DataFrame) -> Shown:
    return customers  # type: ignore[return-value]


def misnamed(customers: pd.DataFrame) -> Any:
    return customer_drawn(customers)  # type: ignore[name-defined] # noqa: F821


def misnamed_inside(customers: pd.DataFrame) -> Any:
    return [rows_off(n) for n in customers["share"]]  # type: ignore[name-defined] # noqa: F821


def nothing(customers: pd.DataFrame) -> Any:
    return None


def no_cost(opening_customers: pd.DataFrame) -> Any:
    return None


def a_list(customers: pd.DataFrame) -> Any:
    return [1, 2]


class Drawing:
    """A callable object."""

    def __call__(self, customers: pd.DataFrame) -> Shown:
        return customers_drawn(customers)


def _view(*options: str, value: str = "ratios") -> dict[str, Any]:
    view = Choice(name="view", value=value, options=options)
    return {"controls": [view, COUNT, SHARE]}


_BESIDE = Slider(name="beside", value=1, low=0, high=2, step=1)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"lists": unknown}, "'unknown' asks for 'at_mots', and nothing is called so"),
        ({"lists": unknown}, "Did you mean 'at_most'"),
        ({"acts": [Act(does=lambda wordz: "", name="x")]}, "asks for 'wordz'"),
        ({"controls": [COUNT, SHARE, Slider(name="m", value=1, low=0, high=2, step=1)]},
         "no function asks for the control 'm'"),
        ({"given": {"at_most": 2, "n": 3}}, "'n' stands for two things"),
        ({"given": {"at_most": 2, "figure": 3}}, "'figure' stands for two things"),
        ({"views": [spoken]}, "'spoken' asks for 'words', and its code is shown"),
        ({"views": [opened]}, "'opened' asks for 'opening_customers', and its code is shown"),
        ({"steps": [customers, round_about, back]}, "round_about → back → round_about ask for each"),
        ({"views": [own_name]}, "'own_name' has a variable 'share' of its own, another one than the panel"),
        ({"views": [foreign_name]}, "'foreign_name' has a variable 'rows_of' of its own"),
        ({"views": [not_asked_for], "lists": tabled}, "'not_asked_for' takes 'tabled' from its module, another one than the panel"),
        ({"views": [other_default], "lists": tabled}, "has another default of 'owner'"),
        ({"steps": [lambda n, share: n]}, "is a lambda"),
        ({"controls": [COUNT, SHARE, COUNT]}, "controls: 'n' stands for two things"),
        ({"acts": [Act(does=two_ways), Act(does=no_end, name="two_ways")]},
         "acts: 'two_ways' stands for two things"),
        ({"views": [misnamed]}, "'misnamed' names 'customer_drawn', which its module does not have.\n"
         "Did you mean 'customers_drawn'"),
        ({"lists": misnamed_inside}, "'misnamed_inside' names 'rows_off'"),
        ({"cost": misnamed}, "'misnamed' names 'customer_drawn'"),
        ({"links": misnamed}, "'misnamed' names 'customer_drawn'"),
        ({"acts": [Act(does=misnamed)]}, "'misnamed' names 'customer_drawn'"),
        ({"controls": [COUNT, SHARE, Group(name="beside", controls=misnamed)]}, "names 'customer_drawn'"),
        ({"views": [functools.partial(toy_panel.ratios)]}, "views: something of type partial is given.\nGive a list of func"),
        ({"views": [None]}, "views: something of type NoneType is given"),
        ({"views": [Drawing()]}, "views: something of type Drawing is given"),
        ({"views": toy_panel.ratios}, "views: something of type function is given.\nGive a list of functions"),
        ({"views": []}, "there is no view"),
        ({"steps": customers}, "steps: something of type function is given"),
        ({"controls": COUNT}, "controls: something of type Slider is given.\nGive a list of controls"),
        ({"acts": [two_ways]}, "acts: something of type function is given.\nGive a list of acts"),
        (_view("ratios", "worklaod"), "the control 'view' does not offer the views"),
        (_view("ratios"), "the control 'view' does not offer the views"),
        (_view("ratios", "workload", "load"), r"make it a Choice with options=\('ratios', 'workload'\)"),
        (_view("ratios", "workload", value="ratio"), "view is 'ratio'"),
        ({"controls": [Toggle(name="view", value=True), COUNT, SHARE]}, "does not offer the views"),
        ({"lists": nothing}, "'nothing' gives a NoneType.\nLet it return a table, or an exhibit"),
        ({"lists": a_list}, "'a_list' gives a list"),
        ({"steps": [customers, a_list], "table": a_list}, "'a_list' gives a list.\nLet it return a table"),
        ({"table": toy_panel.first_customers}, "the table 'first_customers' is none of the steps"),
        ({"table": lambda n: n}, "the table '<lambda>' is none of the steps"),
        ({"links": nothing}, "links: something of type NoneType is given.\nGive a list of links"),
        ({"links": a_list}, "links: something of type int is given"),
        ({"cost": lambda: ""}, "is a lambda, or stands inside"),
        ({"cost": functools.partial(toy_panel.more)}, "'partial' is no plain function"),
        ({"links": lambda: []}, "is a lambda, or stands inside"),
        ({"controls": [COUNT, SHARE, Group(name="beside", controls=[_BESIDE])]},  # type: ignore[arg-type]
         "'list' is no plain function"),
        ({"words": "zh"}, r"words is 'zh', of type str.\nGive words=words.Words\('zh'\), or .* words.speak\("),
    ],
)  # fmt: skip
def test_a_panel_that_could_not_be_shown_is_refused_when_declared(
    options: dict[str, Any], told: str
) -> None:
    with pytest.raises(errors.ParameterError, match=told):
        toy(**options)


def test_a_view_that_gives_no_exhibit_is_refused() -> None:
    with pytest.raises(errors.ParameterTypeError, match="'no_exhibit' gives a DataFrame"):
        toy(views=[no_exhibit], lists=first_customers)


def test_what_a_cost_or_an_act_gives_is_refused_where_it_is_nothing_to_be_told() -> None:
    with pytest.raises(errors.ParameterTypeError, match="'no_cost' gives a NoneType"):
        toy(cost=no_cost).set(n=4)
    with pytest.raises(
        errors.ParameterTypeError, match=r"gives a NoneType\.\nLet it return a sentence"
    ):
        toy(acts=[Act(does=nothing, label="panel.save")]).act("nothing")


def test_an_act_without_a_name_is_refused() -> None:
    for does in (functools.partial(two_ways, n=1), lambda: "", None):
        with pytest.raises(errors.ParameterError, match=r"has no name\.\nGive it one"):
            Act(does=does)  # type: ignore[arg-type]
