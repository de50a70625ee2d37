"""The command ``calls``: whom should who call first?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from workbench import errors
from workbench.cli import terminal
from workbench.cli.session import Owner, people, write

if TYPE_CHECKING:
    from workbench.words import Lang

_LIST = ("rank", "customer_id", "customer_name", "owner_name", "value_at_stake", "reason")


def calls(
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", help="The day, as 2026-10-31; the last of the last whole month if not said."
        ),
    ] = None,
    owner: Owner = None,
    by: Annotated[str | None, typer.Option(help="owner: a sheet for each in the workbook.")] = None,
    excel: Annotated[Path | None, typer.Option(help="Write the list to this Excel file.")] = None,
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
) -> None:
    """List whom to call first, and why.

    Customers overdue by their own rhythm and not yet lost, what is at stake first.
    """
    from workbench import arguments, campaigns, churn, config, exhibits, loaders, purchases, tables
    from workbench.reports import scope
    from workbench.words import Words

    if by is not None and (by != "owner" or excel is None):
        raise errors.ParameterError(
            f"--by is '{by}'{'' if excel else ', and no workbook is asked for'}.",
            mend="Write: workbench calls --by owner --excel calls.xlsx",
        )
    settings = config.required()
    words = Words(cast("Lang", lang), settings.currency)
    orders = loaders.load_configured("orders", settings)
    if as_of is None:
        seen = orders.ledger
        day = scope.period(None, seen.first_date, seen.last_date).as_of
    else:
        day = arguments.day("--as-of", as_of)
    known = people(settings, "customers", "owners")
    bands = settings.churn
    warnings = churn.warn(purchases.history(orders, as_of=day), **bands.model_dump())
    listed = churn.call_list(
        known.of(warnings, owner), customers=known.customers, owners=known.owners
    )
    listed = campaigns.reachable(known, settings).contacted(listed)
    shown = exhibits.churn.calls(listed, risk_from=bands.risk_from)
    rows = shown.whole(words)
    if excel is None:
        money = [words.write(value, "money") for value in rows["value_at_stake"]]
        read = tables.shown(
            rows.assign(value_at_stake=money)[list(_LIST)], words=words, rows=len(rows)
        )
        for line in [] if rows.empty else repr(read).splitlines():
            typer.echo(terminal.inert(line))
    else:
        write(excel, tables.excel(rows, words=words, by=by))
    typer.echo(f"{shown.sentence(words)}{f': {excel}' if excel else ''}")
