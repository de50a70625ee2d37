"""The fish pond: how six touches spread over a cycle, and what one has to know to plan them."""

from workbench import exhibits, scheduling
from workbench.exhibit import Shown
from workbench.panel import Panel, Slider
from workbench.panel.controls import asked
from workbench.panel.exercise import Exercise, number, share, typed, whole_numbers
from workbench.words import Words

_ANSWER = "exercise.answer"
_CYCLE = 30


def cycle(words: Words | None = None) -> Panel:
    """On which days does each rule put the touches, for any length of the cycle?

    Returns
    -------
    Panel
        Table: one row per rule and step.

    Examples
    --------
    >>> cycle().set(cycle_days=6).sentence
    'A cycle of 6 days: both rules agree, six touches, the last on day 6'
    """
    return Panel(
        "panel.fish_pond",
        given={},
        controls=[Slider(name="cycle_days", value=_CYCLE, low=1, high=90, step=1)],
        views=[rules],
        words=words,
        height=330,
    )


def rules(cycle_days: int) -> Shown:
    """Show the days of a cycle by both rules."""
    return exhibits.scheduling.rules(scheduling.compare(cycle_days))


def ten_days(words: Words | None = None) -> Exercise:
    """On which days do six touches fall in a cycle of ten days?

    Examples
    --------
    >>> ten_days().answer("1 2 4 6 8 10").verdict
    'right'
    """
    return _days(10, "lesson.fish_pond.ten", words)


def five_days(words: Words | None = None) -> Exercise:
    """On which days do six touches fall in a cycle of five days?

    Examples
    --------
    >>> five_days().answer("1-2-3-3-4-5").verdict
    'right'
    >>> five_days().answer("1 2 2 3 4 5").said
    'Day 2.5 is no day: half goes up, to 3.'
    """
    return _days(5, "lesson.fish_pond.five", words, even=[1, 2, 2, 3, 4, 5])


def _days(
    cycle_days: int, key: str, words: Words | None, *, even: list[int] | None = None
) -> Exercise:
    """Ask for the days of a cycle; ``even`` is what rounding half to even makes of them."""
    right = scheduling.days(cycle_days)

    def check(days: list[int]) -> bool | str:
        if len(days) != len(right):
            return "form"
        return "even" if days == even else days == right

    return Exercise(key, control=typed(), check=check, reads=whole_numbers, words=words)


def half_up(words: Words | None = None) -> Exercise:
    """On which day does 4.5 fall, rounded half up?

    Examples
    --------
    >>> half_up().answer("4").said
    'That is what round(4.5) gives: half to the even number. Half up goes to the next one.'
    """
    right = scheduling.days(12)[2]
    return Exercise(
        "lesson.fish_pond.half",
        control=typed(),
        reads=number,
        check=lambda day: True if day == right else "even" if day == round(4.5) else False,
        words=words,
    )


def past_the_end(words: Words | None = None) -> Exercise:
    """Which touch is the first that the rule as printed puts past the cycle's end?

    Examples
    --------
    >>> past_the_end().answer("第５次").verdict
    'right'
    """
    printed = scheduling.days(_CYCLE, rule="as_printed")
    right = next(step for step, day in enumerate(printed, start=1) if day > _CYCLE)
    return Exercise(
        "lesson.fish_pond.past",
        control=typed(),
        reads=number,
        check=lambda step: step == right,
        words=words,
    )


def known_traits(words: Words | None = None) -> Exercise:
    """How much of a fry is a lead of whom four traits are known and three of them hold?

    Examples
    --------
    >>> known_traits().answer("50 %").said
    'You divided by all six. What is not known is no "no": only the known traits count.'
    """
    known, holding, all_traits = 4, 3, 6
    return Exercise(
        "lesson.fish_pond.traits",
        control=typed(),
        reads=share,
        check=lambda share: (
            True if share == holding / known else "all" if share == holding / all_traits else False
        ),
        words=words,
    )


def claim(words: Words | None = None) -> Exercise:
    """What may be done with a number that a training quotes?

    Examples
    --------
    >>> claim().answer("test").verdict, claim().answer("target").verdict
    ('right', 'wrong')
    """
    control = asked(
        "answer", ("result", "target", "test"), words="lesson.fish_pond.claim.option", label=_ANSWER
    )
    return Exercise(
        "lesson.fish_pond.claim",
        control=control,
        check=lambda use: use == "test",
        words=words,
    )
