"""How does a reader see at once whether an answer is right? An exercise that checks itself.

An exercise asks, takes an answer by a control and says whether it is right, and if not, where to
look. What is right is computed by the function the lesson teaches, so that it never goes stale.
"""

import html as markup
import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

import ipywidgets

from workbench import errors
from workbench.panel.controls import Choice, Control, classed, speaking
from workbench.panel.page import Frame
from workbench.words import Words

Verdict = Literal["open", "right", "wrong"]
_SIGNS: dict[Verdict, str] = {"open": "", "right": "✓ ", "wrong": "✗ "}


class Exercise:
    """Is the reader's answer right?

    Parameters
    ----------
    key
        Where its words stand: the question under the key itself, what is said to a right answer
        under ``key.right``, the hint to a wrong one under ``key.wrong`` or, where ``check`` names
        another hint, under ``key.`` and that name.
    control
        How the answer is given. At its opening value the exercise is still open.
    check
        The answer → True where it is right, False or the name of a hint where it is not. What it
        raises as a ``WorkbenchError`` is shown as such.
    words
        The language it speaks; by default as last said with ``words.speak``.
    values
        What fills the places in its words.

    Attributes
    ----------
    verdict
        Is it still open, right or wrong?
    said
        What the reader is told about the answer.

    Raises
    ------
    UnknownNameError
        A word is missing in the word lists.

    Examples
    --------
    >>> from workbench.panel import Slider
    >>> exercise = Exercise(
    ...     "lesson.fish_pond.seven",
    ...     control=Slider(name="answer", value=0, low=0, high=7, step=1, label="exercise.answer"),
    ...     check=lambda day: day == 5,
    ... )
    >>> exercise.verdict, exercise.answer(4).verdict, exercise.answer(5).verdict
    ('open', 'wrong', 'right')
    """

    def __init__(
        self,
        key: str,
        *,
        control: Control,
        check: Callable[[Any], bool | str],
        words: Words | None = None,
        values: dict[str, Any] | None = None,
    ) -> None:
        self.key, self._control, self._check = key, control, check
        self._words, self._values = speaking(words), values or {}
        for part in ("", ".right", ".wrong"):
            self._text(f"{key}{part}")
        self._field = control.field(self._words)
        self._shown, self.said = classed(ipywidgets.HTML(), "verdict"), ""
        self.verdict: Verdict = "open"
        names = self._field.titles(self._words)
        self._frame = Frame(title=self._words("exercise.title"), names=names, buttons=[],
                            lost=self._words("panel.lost"))  # fmt: skip
        self.widget = self._laid_out()
        self._field.observe(lambda _change: self._judge())
        self._judge()

    @property
    def question(self) -> str:
        """What is asked."""
        return self._text(self.key)

    def answer(self, value: Any) -> "Exercise":
        """Give an answer from Python.

        Raises
        ------
        ParameterError
            The control cannot take the value.
        """
        self._field.write(self._control.checked(value))
        self._judge()
        return self

    def _judge(self) -> None:
        role, hint, words = "status", "", self._words
        try:
            if (given := self._field.read()) != self._control.value:
                right = self._check(given)
                hint = right if isinstance(right, str) else "right" if right else "wrong"
            self.said = self._text(f"{self.key}.{hint}") if hint else words("exercise.open")
            self.verdict = "right" if hint == "right" else "wrong" if hint else "open"
        except errors.WorkbenchError as error:
            self.verdict, self.said, role = "wrong", str(error), "alert"
        name = "" if self.verdict == "open" else words(f"exercise.{self.verdict}")
        head = f"<strong>{_SIGNS[self.verdict]}{markup.escape(name)}</strong>" if name else ""
        body = "".join(f"<p>{markup.escape(line)}</p>" for line in self.said.splitlines())
        self._shown.value = f'<div role="{role}" class="{self.verdict}">{head}{body}</div>'

    def _text(self, key: str) -> str:
        return self._words(key, **self._values)

    def _laid_out(self) -> ipywidgets.Widget:
        title = markup.escape(self._words("exercise.title"))
        asked = ipywidgets.HTML(f"<p>{title}</p><h3>{markup.escape(self.question)}</h3>")
        row = classed(ipywidgets.HBox([self._field.box]), "controls")
        parts = [classed(asked, "question"), row, self._shown, self._frame]
        return classed(ipywidgets.VBox(parts), "panel", "exercise")

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = self.widget._repr_mimebundle_(**options)
        bundle["text/plain"] = f"{self.question} · {self.said}"
        return bundle


def whole_numbers(text: str) -> list[int]:
    """Read whole numbers as a reader types them, with spaces or commas of either language between.

    Raises
    ------
    ParameterError
        Something else stands among them.

    Examples
    --------
    >>> whole_numbers("1, 2，5、8 11")
    [1, 2, 5, 8, 11]
    """
    parts = [part for part in re.split(r"[\s,，、;；]+", text) if part]
    for part in parts:
        if not re.fullmatch(r"-?[0-9]{1,6}", part):
            raise errors.ParameterError(
                f"'{part}' is no whole number.", mend="Write whole numbers: 1 2 3."
            )
    return [int(part) for part in parts]


def code(family: str, codes: Sequence[str]) -> Choice:
    """Ask for one of a family's codes, such as a warning; it opens without any."""

    def said(value: str, words: Words) -> str:
        text = words("exercise.choose" if value == "open" else f"{family}.{value}")
        return text[:1].upper() + text[1:]

    return Choice(
        name="answer", value="open", options=("open", *codes), words=said, label="exercise.answer"
    )
