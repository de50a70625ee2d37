"""An exercise: open until it is answered, right or wrong at once, in both languages."""

import pytest

from workbench import errors
from workbench.panel import Slider
from workbench.panel.exercise import Exercise, number, share, typed, whole_numbers
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


def test_a_form_that_cannot_be_read_is_asked_for_again_in_the_words_of_its_kind() -> None:
    exercise = Exercise(KEY, control=typed(), check=lambda days: days == [5], reads=whole_numbers)
    assert exercise.answer("<img src=x>").verdict == "open"
    assert exercise.said == Words()("exercise.form.whole_numbers")
    assert "img" not in exercise.widget.children[2].value
    assert exercise.answer("第５天").verdict == "right"


def test_a_word_that_is_missing_shows_at_once() -> None:
    with pytest.raises(errors.UnknownNameError):
        Exercise("lesson.fish_pond.none", control=DAY, check=lambda day: True)


def test_a_value_the_control_cannot_take_is_refused() -> None:
    with pytest.raises(errors.ParameterError, match="from 0 to 7"):
        Exercise(KEY, control=DAY, check=lambda day: True).answer(8)


def test_numbers_are_read_as_people_type_them() -> None:
    assert whole_numbers(" 1,2  3，4、5；6\n7 ") == [1, 2, 3, 4, 5, 6, 7]
    assert whole_numbers("") is whole_numbers("1 1.5") is None
    read = {"1,234": 1234, "1 234": 1234, "-2": -2, "0,750": 0.75, "": None, "1 2": None}
    assert {text: number(text) for text in read} == read
    read = {"1": 1, "1%": 0.01, "100": 1, "0,750": 0.75, "": None, "1/": None, "一半": None}
    assert {text: share(text) for text in read} == read
