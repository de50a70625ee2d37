"""The command ``init``: a folder of exports becomes a workbench. Here the computer's zone is asked."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import terminal

_LEFT = "left alone, it was there"


def init(
    with_samples: Annotated[
        bool, typer.Option("--with-samples", help="Write a made-up company, and use its tables.")
    ] = False,
) -> None:
    """Set this folder up: settings, and the notebooks.

    Looks at the data files here and in data/, says which table each is and whether it loads, writes
    it into a commented workbench.toml, and copies notebooks, lessons and report templates. What is
    there already is left alone.
    """
    from workbench import config, load_options, setting_up

    folder = Path.cwd()
    stands = (folder / config.FILE_NAME).exists()
    known = config.load(folder).tables if stands else {}
    if with_samples:
        with terminal.progress("Writing customers") as told:
            sources = setting_up.samples_of(folder, known=known, progress=told)
    else:
        sources = setting_up.look(folder, known=known, zone=load_options.computer_zone())
    text = setting_up.settings_as_toml(sources)
    stands = not config.save_new(folder / config.FILE_NAME, text)
    settings = config.load(folder)
    copied, left = setting_up.copy_notebooks(folder)

    _say(f"{config.FILE_NAME}: {_LEFT if stands else 'written'}")
    for source in sources:
        _say(f"  {source.table or 'unknown'}: {source.source}, {source.said}")
        for question in source.questions:
            _say(f"    to be decided: {question}")
    if not sources:
        _say("  No data file lies here or in data/.")
    new = [source.as_toml() for source in sources if source.is_taken]
    if stands and new:
        typer.echo("\n\n".join(["It does not name these; write there:", *new, ""]))
    if settings.timezone and not stands:
        _say(f"Times are kept in this computer's zone, {settings.timezone}: see timezone there.")
    _say(f"notebooks: {len(copied)} copied")
    for path in left:
        _say(f"{path.relative_to(folder)}: {_LEFT}")
    steps = ["workbench report monthly_customers", "workbench lab"]
    if "orders" not in settings.tables:
        is_there = any(source.table == "orders" for source in sources)
        settle = f"Settle what {config.FILE_NAME} says of orders, then: workbench check"
        name = "workbench check FILE --propose --save, with an export of orders"
        steps = [settle if is_there else name, *steps]
    _say("Next:")
    for number, step in enumerate(steps, start=1):
        _say(f"  {number}. {step}")


def _say(line: str) -> None:
    typer.echo(terminal.inert(line))
