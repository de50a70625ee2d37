"""An exercise: open until it is answered, right or wrong at once, in both languages."""

import pytest

from workbench import errors
from workbench.panel import Slider, Text
from workbench.panel.exercise import Exercise, whole_numbers
from workbench.words import LANGUAGES, Lang, Words

DAY = Slider(name="answer", value=0, low=0, high=7, step=1, label="exercise.answer")
KEY = "lesson.fish_pond.seven"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_open_then_wrong_then_right_as_the_answer_moves(lang: Lang) -> None:
    exercise = Exercise(KEY, control=DAY, check=lambda day: day == 5, words=Words(lang))
    assert exercise.verdict == "open"
    assert exercise.said == Words(lang)("exercise.open")
    assert exercise.answer(3).verdict == "wrong"
    assert exercise.said == Words(lang)(f"{KEY}.wrong")
    assert exercise.answer(5).verdict == "right"
    assert exercise.said == Words(lang)(f"{KEY}.right")
    assert exercise.answer(0).verdict == "open"


def test_a_language_is_no_words_and_is_refused_with_the_mend() -> None:
    with pytest.raises(errors.ParameterTypeError, match="words is 'zh', of type str"):
        Exercise(KEY, control=DAY, check=bool, words="zh")  # type: ignore[arg-type]


def test_moving_the_control_on_the_page_judges_as_python_does() -> None:
    exercise = Exercise(KEY, control=DAY, check=lambda day: day == 5)
    slider, _box = exercise.widget.children[1].children[0].children[1].children
    slider.value = 5
    assert exercise.verdict == "right"
    assert Words()("exercise.right") in exercise.widget.children[2].value


def test_a_named_hint_is_said_instead_of_the_usual_one() -> None:
    exercise = Exercise("lesson.fish_pond.half", control=DAY, check=lambda day: "even")
    assert exercise.answer(4).said == Words()("lesson.fish_pond.half.even")
    assert exercise.verdict == "wrong"


def test_what_an_answer_cannot_be_is_an_alert_and_no_word_of_it_is_markup() -> None:
    exercise = Exercise(
        KEY,
        control=Text(name="answer", value="", label="exercise.answer"),
        check=lambda text: whole_numbers(text) == [5],
    )
    exercise.answer("<img src=x>")
    page = exercise.widget.children[2].value
    assert 'role="alert"' in page
    assert "&lt;img" in page
    assert "<img" not in page
    assert exercise.verdict == "wrong"
    assert 'role="status"' in exercise.answer("5").widget.children[2].value


def test_a_word_that_is_missing_shows_at_once() -> None:
    with pytest.raises(errors.UnknownNameError):
        Exercise("lesson.fish_pond.none", control=DAY, check=lambda day: True)


def test_a_value_the_control_cannot_take_is_refused() -> None:
    with pytest.raises(errors.ParameterError, match="from 0 to 7"):
        Exercise(KEY, control=DAY, check=lambda day: True).answer(8)


def test_numbers_are_read_as_people_type_them() -> None:
    assert whole_numbers(" 1,2  3，4、5；6\n7 ") == [1, 2, 3, 4, 5, 6, 7]
    assert whole_numbers("") == []
    with pytest.raises(errors.ParameterError, match=r"'1\.5' is no whole number"):
        whole_numbers("1 1.5")
