"""What is an exhibit? One answer with its words and its picture, the same on every surface.

An exhibit is one function ``(table, words, *, options) -> Sheet``, declared with the ``Result`` of
its table. Called with a table it gives a ``Shown``, which speaks only when it is asked: a notebook,
a panel, a lesson and a report show it by the same call. Its texts are looked up in
``words/<question>.csv`` under ``<question>.<function>.…``: ``title`` and ``subtitle`` of the figure,
``meaning`` and ``do`` below it.
"""

import functools
import html as markup
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, Generic, ParamSpec

import pandas as pd

from workbench import arguments, blocks, errors, results, schema, tables
from workbench.charts import Chart, Figure
from workbench.results import Result
from workbench.words import Words, spoken

P = ParamSpec("P")
# Between what a heading claims and what is second, and the signs that joined the two.
_SECOND, _BETWEEN = "‖", " ;,；，"


@dataclass(frozen=True)
class Sheet:
    """What does an exhibit say, draw and list?

    Parameters
    ----------
    sentence
        The finding. Its capital is set where it is shown. A heading claims what stands before the
        sign ``‖``, where there is one; the rest goes into the grey line of a page.
    chart
        The picture; None for a list, which has none.
    listed
        The rows to read, where they are not the answer's own.
    title, subtitle
        What the figure measures, and the grey line; by default the texts ``title`` and
        ``subtitle`` of the exhibit's scope.
    meaning
        How it is read and what follows, in paragraphs; by default ``meaning`` and ``do``, where
        there are such texts, with the exhibit's options as values.
    empty
        What a list says that has no rows.
    older
        How many rows at the end of a list are opened by one line, and what it says.
    """

    sentence: str
    chart: Chart | None = None
    listed: pd.DataFrame | None = None
    title: str = ""
    subtitle: str = ""
    meaning: Sequence[str] | None = None
    empty: str = ""
    older: tuple[int, str] = (0, "")


@dataclass(frozen=True)
class Look:
    """How does a page lay an exhibit's table?

    Parameters
    ----------
    columns
        Those that are read, in order; by default those of the Result that the table has.
    strong, accent, minor, under
        Columns set bold; in the colour of what needs action; left out on a phone; standing below
        the strong column there.
    codes
        Columns of a list whose values the page keeps with the rows, unseen, to filter it by: so a
        number of another exhibit opens it, see ``charts.Opens``.
    rows
        How many stand on a page; the CSV file holds all.
    fold
        It stands folded under its sentence; by default below a part of the page alone.
    name
        Of the CSV file and of the anchor in a page; by default the question and the function.
    """

    columns: Sequence[str] = ()
    strong: Sequence[str] = ()
    accent: Sequence[str] = ()
    minor: Sequence[str] = ()
    under: Sequence[str] = ()
    codes: Sequence[str] = ()
    rows: int = 60
    fold: bool | None = None
    name: str = ""


@dataclass(frozen=True)
class Shown:
    """An exhibit of one table. As the last line of a cell it shows itself."""

    scope: str
    table: pd.DataFrame
    look: Look
    result: Result
    options: Mapping[str, Any]
    make: Callable[[Words], Sheet] = field(repr=False)

    def sheet(self, words: Words | None = None) -> Sheet:
        """Give all that is said, in this language or the one last spoken.

        Raises
        ------
        ContractError
            The table lacks a column that is needed.
        """
        return self._sheet(words or spoken())

    @functools.cached_property
    def _sheet(self) -> Callable[[Words], Sheet]:
        @functools.cache
        def made(words: Words) -> Sheet:
            with self._reading():
                return self.make(words.within(self.scope))

        return made

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Tell of which table a column is missed: the answer's own, or one among the options."""
        name = self.scope.rpartition(".")[2]
        try:
            with self.result.reading(self.table, name):
                yield
        except (KeyError, AttributeError) as error:
            asked = [word for word in re.findall(r"\w+", str(error)) if results.kind(word)]
            for given, table in self.options.items():
                if isinstance(table, pd.DataFrame):
                    missing = [column for column in asked if column not in table]
                    schema.require(table, given, missing, made_by=f"what help({self.scope}) names")
            missing = [column for column in asked if column not in self.table]
            self.result.require(self.table, name, missing)
            raise

    def sentence(self, words: Words | None = None) -> str:
        """Say the finding, whole."""
        return capitalised(self.sheet(words).sentence.replace(_SECOND, ""))

    def heading(self, words: Words | None = None) -> tuple[str, str]:
        """Say what a heading claims; and the grey line below it, where what is second stands first."""
        words = words or spoken()
        claim, _, second = self.sheet(words).sentence.partition(_SECOND)
        grey = self.subtitle(words)
        if second := capitalised(second.lstrip(_BETWEEN)):
            grey = words("report.grey", first=second, then=grey or None)
        return capitalised(claim), grey

    def figure(self, words: Words | None = None) -> Figure | None:
        """Draw the picture; None for a list."""
        words, sheet = words or spoken(), self.sheet(words)
        if sheet.chart is None:
            return None
        with self._reading():
            return sheet.chart.drawn(
                words.within(self.scope),
                title=sheet.title or words.within(self.scope)("title"),
                subtitle=self.subtitle(words),
                alt=self.sentence(words),
            )

    def subtitle(self, words: Words | None = None) -> str:
        """Say the grey line: measure, unit and population of a figure; what a list holds."""
        words, sheet = words or spoken(), self.sheet(words)
        is_figure = sheet.chart is not None
        return sheet.subtitle or (words.within(self.scope)("subtitle") if is_figure else "")

    def whole(self, words: Words | None = None) -> pd.DataFrame:
        """Give the rows to read, in all their columns: what a file holds."""
        listed = self.sheet(words).listed
        return self.table if listed is None else listed

    def listed(self, words: Words | None = None) -> pd.DataFrame:
        """Give the rows to read, in the columns that are shown; a user's own columns last."""
        rows = self.whole(words)
        if self.look.columns:
            return rows[[column for column in self.look.columns if column in rows]]
        declared = [column for column in self.result.columns if column in rows]
        return rows[[*declared, *(column for column in rows if column not in declared)]]

    def meaning(self, words: Words | None = None) -> list[str]:
        """Say how it is read, and what follows: paragraphs."""
        words, sheet = words or spoken(), self.sheet(words)
        if sheet.meaning is not None:
            return [paragraph for paragraph in sheet.meaning if paragraph]
        scoped = words.within(self.scope)
        own = [key for key in ("meaning", "do") if scoped.has(key)]
        return [scoped(key, **self.options) for key in own]

    def headed(self, other: "Shown") -> "Shown":
        """Show it under the sentence of another exhibit, which says what counts here."""

        def make(words: Words) -> Sheet:
            return replace(self.make(words), sentence=other.sheet(words).sentence)

        return replace(self, make=make)

    def laid(
        self, *, rows: int | None = None, fold: bool | None = None, name: str | None = None,
        columns: Sequence[str] | None = None,
    ) -> "Shown":  # fmt: skip
        """Say how a page lays it: rows, folded or open, under which name, in which columns.

        Examples
        --------
        >>> @exhibit(Result("visits()", customers="count"))
        ... def visits(table: pd.DataFrame, words: Words) -> Sheet:
        ...     return Sheet(words.write(len(table), "rows"))
        >>> visits(pd.DataFrame({"customers": [3]})).laid(name="calls").look.name
        'calls'
        """
        for column in columns or ():
            if results.kind(column) is None and column not in self.table:
                raise errors.unknown(f"column of {self.scope}", column, self.table.columns)
        if rows is not None:
            arguments.whole("rows", rows, mend="Write how many stand on a page: rows=30.")
        given = {"rows": rows, "fold": fold, "name": name, "columns": columns}
        changed: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        return replace(self, look=replace(self.look, **changed))

    def block(self, words: Words | None = None) -> blocks.Block:
        """Give it as a piece of a page."""
        words, sheet = words or spoken(), self.sheet(words)
        look, listed = self.look, self.listed(words)
        given: dict[str, Any] = {
            "name": look.name or self.scope.replace(".", "_"),
            "columns": list(listed.columns),
            **{
                mark: [column for column in getattr(look, mark) if column in listed]
                for mark in ("strong", "accent", "minor", "under")
            },
            "fold": look.fold,
            "limit": look.rows,
            "words": words,
        }
        whole, figure = self.whole(words), self.figure(words)
        claim, grey = self.heading(words)
        if figure is None:
            block = blocks.table(
                whole, heading=claim, subtitle=grey,
                codes=[column for column in look.codes if column in whole],
                empty=sheet.empty or None, older=sheet.older, **given,
            )  # fmt: skip
            # by this name the marks of other exhibits ask for their list
            return replace(block, content={**block.content, "exhibit": self.scope})
        return blocks.figure(
            figure, whole, finding=claim, subtitle=grey, meaning=self.meaning(words), **given
        )

    def _ipython_display_(self) -> None:
        from IPython import display as showing

        notebook: Any = showing
        display = notebook.display
        if blocks.in_a_report():
            display(self.block())
            return
        figure = self.figure()
        display(notebook.HTML(f"<p><strong>{markup.escape(self.sentence())}</strong></p>"))
        display(tables.shown(self.listed(), rows=self.look.rows) if figure is None else figure)


def capitalised(sentence: str) -> str:
    """Begin a sentence with a capital letter.

    Examples
    --------
    >>> capitalised("twelve customers")
    'Twelve customers'
    """
    return sentence[:1].upper() + sentence[1:]


class Exhibit(Generic[P]):
    """A function that says, draws and lists an answer's table; called, it gives a ``Shown``."""

    def __init__(
        self,
        function: Callable[Concatenate[pd.DataFrame, Words, P], Sheet],
        result: Result,
        look: Look,
    ) -> None:
        self.function, self.result, self.look = function, result, look
        self.scope = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        functools.update_wrapper(self, function)
        # documented and completed as it is called: without the words
        signature = inspect.signature(function)
        first, _, *options = signature.parameters.values()
        self.__signature__ = signature.replace(
            parameters=[first, *options], return_annotation=Shown
        )

    def __call__(self, table: pd.DataFrame, *args: P.args, **options: P.kwargs) -> Shown:
        """Show a table.

        Raises
        ------
        ParameterTypeError
            It is no table; an option is not one of the exhibit's, or is of another type.
        ContractError
            The table lacks a column that is needed.
        """
        if not isinstance(table, pd.DataFrame):
            raise errors.ParameterTypeError(
                f"{self.scope} shows a table of pandas, not a {type(table).__name__}"
                f" of {type(table).__module__.partition('.')[0]}.",
                mend="Its to_pandas() gives one."
                if hasattr(table, "to_pandas")
                else f"Such a table is made by {self.result.made_by}.",
            )
        given = arguments.bound(
            f"{self.scope}: ", self.function, self.__signature__, table, *args, **options
        )
        del given[next(iter(given))]
        function: Callable[..., Sheet] = self.function
        shown = Shown(
            self.scope, table, self.look, self.result, given,
            lambda words: function(table, words, **given),
        )  # fmt: skip
        if not set(self.result.columns).issubset(table.columns):
            shown.figure()  # tried at once: a column that it cannot do without is missed here
        return shown


def exhibit(
    result: Result,
    *,
    columns: Sequence[str] = (),
    strong: Sequence[str] = (),
    accent: Sequence[str] = (),
    minor: Sequence[str] = (),
    under: Sequence[str] = (),
    codes: Sequence[str] = (),
    rows: int = 60,
) -> Callable[[Callable[Concatenate[pd.DataFrame, Words, P], Sheet]], Exhibit[P]]:
    """Declare a function ``(table, words, *, options) -> Sheet`` as an exhibit.

    Parameters
    ----------
    result
        The Result of its table.
    columns, strong, accent, minor, under, codes, rows
        How a page lays its table: see ``Look``.

    Raises
    ------
    UnknownNameError
        A column is not declared.

    Examples
    --------
    >>> VISITS = Result("visits()", customers="count")
    >>> @exhibit(VISITS)
    ... def visits(table: pd.DataFrame, words: Words) -> Sheet:
    ...     return Sheet(words.write(len(table), "said customers"))
    >>> visits(pd.DataFrame({"customers": [3]})).sentence()
    'One customer'
    """
    for column in (*columns, *strong, *accent, *minor, *under, *codes):
        if results.kind(column) is None:
            raise errors.unknown(f"column of {result.made_by}", column, result.columns)
    look = Look(columns, strong, accent, minor, under, codes, rows)
    return lambda function: Exhibit(function, result, look)
