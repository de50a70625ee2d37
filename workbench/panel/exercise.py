"""How does a reader see at once whether an answer is right? An exercise that checks itself.

An exercise asks, takes an answer by a control and says whether it is right, and if not, where to
look. What is right is computed by the function the lesson teaches, so that it never goes stale.
"""

import html as markup
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Literal

import ipywidgets

from workbench.panel.controls import Choice, Control, Text, asked, classed, speaking
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
        The answer → True where it is right, False or the name of a hint where it is not. ``form``
        is no verdict: it is asked again, in the words ``key.form`` or ``exercise.form.<reads>``.
    reads
        What a typed answer is read with: ``number``, ``share`` or ``whole_numbers``. Where it gives
        None, the form is asked for again.
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
        reads: Callable[[str], Any] | None = None,
        words: Words | None = None,
        values: dict[str, Any] | None = None,
    ) -> None:
        self.key, self._control, self._check, self._reads = key, control, check, reads
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
        hint, words = "", self._words
        if (given := self._field.read()) != self._control.value:
            answer = self._reads(given) if self._reads else given
            right = "form" if answer is None else self._check(answer)
            hint = right if isinstance(right, str) else "right" if right else "wrong"
        key = f"{self.key}.{hint}" if hint else "exercise.open"
        if hint == "form" and self._reads and not words.has(key):
            key = f"exercise.form.{self._reads.__name__}"
        self.said = self._text(key)
        self.verdict = "right" if hint == "right" else "open" if hint in ("", "form") else "wrong"
        name = "" if self.verdict == "open" else words(f"exercise.{self.verdict}")
        head = f"<strong>{_SIGNS[self.verdict]}{markup.escape(name)}</strong>" if name else ""
        body = "".join(f"<p>{markup.escape(line)}</p>" for line in self.said.splitlines())
        self._shown.value = f'<div role="status" class="{self.verdict}">{head}{body}</div>'

    def _text(self, key: str) -> str:
        return self._words(key, **self._values)

    def _laid_out(self) -> ipywidgets.Widget:
        title = markup.escape(self._words("exercise.title"))
        question = ipywidgets.HTML(f"<p>{title}</p><h3>{markup.escape(self.question)}</h3>")
        row = classed(ipywidgets.HBox([self._field.box]), "controls")
        parts = [classed(question, "question"), row, self._shown, self._frame]
        return classed(ipywidgets.VBox(parts), "panel", "exercise")

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = self.widget._repr_mimebundle_(**options)
        bundle["text/plain"] = f"{self.question} · {self.said}"
        return bundle


def whole_numbers(text: str) -> list[int] | None:
    """Read whole numbers as a reader types them: signs or words of either language may stand between.

    None: there is none, or one is not whole, or too long.

    Examples
    --------
    >>> whole_numbers("1, 2，5、8 11"), whole_numbers("第１、2天"), whole_numbers("days 1-2 and 4")
    ([1, 2, 5, 8, 11], [1, 2], [1, 2, 4])
    >>> whole_numbers("half past 1.5") is whole_numbers("often") is None
    True
    """
    plain = unicodedata.normalize("NFKC", text)
    found = [] if re.search(r"\d\.\d|%|\d{7}", plain) else re.findall(r"\d+", plain)
    return [int(digits) for digits in found] or None


def number(text: str) -> float | None:
    """Read one number as a reader types it: thousands apart or not, words around it.

    None: there is none, or there are several.

    Examples
    --------
    >>> number("day 5"), number("第５天"), number("1,234"), number("4,5"), number("4 or 5")
    (5.0, 5.0, 1234.0, 4.5, None)
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"(?<![\d.,])([1-9]\d{0,2})[, ](\d{3})(?!\d)", r"\1\2", plain)
    plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    found = re.findall(r"-?\d*\.?\d+", plain)
    return float(found[0]) if len(found) == 1 else None


def share(text: str) -> float | None:
    """Read a share as a reader types it: from 0 to 1, in percent with or without the sign, or divided.

    Examples
    --------
    >>> [share(text) for text in ("0.75", ".75", "0,75", "７５％", "75", "3/4", "百分之75")]
    [0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75]
    """
    parts = [number(part) for part in re.split("[/÷]", unicodedata.normalize("NFKC", text))]
    if None in parts or len(parts) > 2 or parts[-1] == 0:
        return None
    part, whole = float(parts[0] or 0), float(parts[-1] or 1)
    if len(parts) == 2:
        return part / whole
    return round(part / 100, 9) if part > 1 or re.search("[%％百]", text) else part


def code(family: str, codes: Sequence[str]) -> Choice:
    """Ask for one of a family's codes, such as a warning; it opens without any."""
    return asked("answer", tuple(codes), words=family, label="exercise.answer")


def typed() -> Text:
    """Ask for something to type."""
    return Text(name="answer", value="", label="exercise.answer")
