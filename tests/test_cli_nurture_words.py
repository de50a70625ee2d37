"""What a salesperson is told on the command line is no Python, and each hint can be followed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli_nurture import (  # noqa: F401
    BAD,
    DAY,
    Ran,
    company,
    export,
    fails,
    kept,
    run,
    tables_of_samples,
    template,
    told,
)

from workbench import worklist

# A call, a module's name, a parameter with its value, None, True.
PYTHON = re.compile(
    r"\w\(|\b(worklist|campaigns|nurture|ledger|loaders)\.\w|\w=['\"\w]|\bNone\b(?! of)|`"
)


def plain(said: str) -> None:
    hints = re.sub(r"--column \w+=THEIRS|\[\w+\] \w+ = \w+", "", said)
    assert not PYTHON.search(hints), said


MORE: dict[str, tuple[str, ...]] = {
    "start that is no day": ("enrol", "L2", "--start", "tomorrow"),
    "resuming on no day": ("resume", "L1", "--start", "tomorrow"),
    "a list on no day": ("hand-over", "export.csv", "--plan", "x", "--start", "tomorrow"),
    "no reason": ("skip", "L1", "--reason", " "),
    "stopping without a reason": ("stop", "L1"),
    "nobody does it": ("done", "L1", "--by", " "),
    "an answer nobody knows": ("answer", "L1", "--feedback", "yes"),
    "by a way nobody knows": ("answer", "L1", "--feedback", "positive", "--channel", "pigeon"),
    "by no way": ("answer", "L1", "--feedback", "positive"),
    "empty words": ("done", "L1", "--text", " \t"),
    "early": ("done", "L1", "--plan", "Wake-up", "--step", "9"),
    "undone twice": ("undo", "2"),
    "an undo": ("undo", "3"),
    "an hour that is far": ("skip", "L1", "--step", "1", "--reason", "ill", "--as-of", "2062-01-01"),
    "a far start": ("enrol", "L2", "--start", "2062-01-01"),
    "a plan nobody is in": ("pause", "L1", "--plan", "Spring"),
    "an import without a time": ("import", "export.csv"),
    "an import of strange rows": ("import", "strange.csv"),
    "a column that is not there": ("import", "export.csv", "--column", "touched_at=When"),
    "a list without ids": ("hand-over", "export.csv", "--plan", "late"),
}  # fmt: skip


@pytest.mark.slow
def test_no_message_holds_python_and_nothing_is_changed(
    run: Callable[..., Ran],  # noqa: F811
    company: Path,  # noqa: F811
) -> None:
    (company / "export.csv").write_text("id,wer,channel,direction\nm1,L1,sms,out\n", "utf-8")
    strange = "touch_id,lead_id,touched_at,channel,direction\nm1,L1,no day,sms,out\n"
    (company / "strange.csv").write_text(strange, "utf-8")
    told(run("enrol", "L1"))
    told(run("undo", told(run("pause", "L1")).split()[-1]))
    before = kept(company)
    for words in [*(words for words, *_ in BAD.values()), *MORE.values()]:
        *rest, last = words
        far = rest[-1:] == ["--as-of"]
        ran = run(*(rest[:-1] if far else words), day=last if far else DAY)
        assert ran.code in (2, 3, 8), (words, ran.out, ran.err)
        plain(ran.err)
    assert kept(company) == before


@pytest.mark.slow
def test_a_wrong_template_is_told_without_python(
    run: Callable[..., Ran],  # noqa: F811
    company: Path,  # noqa: F811
) -> None:
    template(company, body="Hi {lead_nam}")
    ran = run("enrol", "L1")
    assert ran.code == 3
    plain(ran.err)


def test_an_import_names_the_column_that_is_missing_and_those_that_are_there(
    run: Callable[..., Ran],  # noqa: F811
    export: Callable[[str], str],  # noqa: F811
) -> None:
    told(run("enrol", "L1"))
    late = export("消息ID,联系人,渠道,方向\nm1,L1,邮件,发出\n")
    fails(run("import", late), 3, "'touched_at'", "The file has '消息ID', '联系人', '渠道', '方向'",
          "--column touched_at=THEIRS")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("feedback", ["positive", "negative", "opted_out"])
def test_an_answer_is_written_down_by_a_command_that_says_so(
    run: Callable[..., Ran],  # noqa: F811
    company: Path,  # noqa: F811
    feedback: str,
) -> None:
    told(run("enrol", "L1"))
    told(run("done", "L1"))
    channel = ["--channel", "email"] if feedback == "opted_out" else []
    words = ("answer", "L1", "--feedback", feedback, *channel, "--text", "As I said")
    before = kept(company)
    dry = told(run(*words, "--dry-run"))
    assert dry.startswith(f"Dry run, nothing was written: L1: 5 steps are stopped ({feedback})")
    assert kept(company) == before
    said = told(run(*words))
    assert ("sales takes it on" in said) == (feedback == "positive")
    assert ("As I said" in told(run("handovers"))) == (feedback == "positive")
    with worklist.connect(company / "data" / "worklist.db") as store:
        assert len(worklist.opted_out(store, as_of=DAY)) == (feedback == "opted_out")
    assert "steps stand as before" in told(run("undo", said.split()[-1]))


def test_the_timeline_lists_what_lies_ahead_by_its_day(run: Callable[..., Ran]) -> None:  # noqa: F811
    told(run("enrol", "L1"))
    lines = told(run("timeline", "L1")).splitlines()
    ahead = [line for line in lines if "to be done" in line]
    assert len(ahead) == 6
    assert "29 Nov 2026" in ahead[-1]


def test_stopping_without_an_answer_takes_a_reason_and_no_feedback(
    run: Callable[..., Ran],  # noqa: F811
) -> None:
    told(run("enrol", "L1"))
    assert "L1: 6 steps are stopped (none)." in told(run("stop", "L1", "--reason", "moved away"))
