"""The command ``nurture enrol``: leads go into a plan, all of them or none."""

from typing import TYPE_CHECKING, Annotated

import typer

from workbench import errors
from workbench.cli.desk import AsOf, By, Desk, DryRun, Owner, first_of, open_desk, written

if TYPE_CHECKING:
    import pandas as pd


def enrol(
    leads: Annotated[list[str] | None, typer.Argument(help="The leads, by lead_id.")] = None,
    plan: Annotated[str | None, typer.Option(help="Which plan of the templates.")] = None,
    dormant: Annotated[
        int | None,
        typer.Option(help="Instead of naming leads: this many dormant ones, best first."),
    ] = None,
    start: Annotated[str | None, typer.Option(help="The first day; --as-of if not said.")] = None,
    cycle_days: Annotated[int | None, typer.Option(help="Length of the cycle in days.")] = None,
    owner: Owner = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Put leads into a nurture plan: all of them, or none.

    Where one cannot be written to, none is enrolled, and the message says why. Enrolling the same
    leads again with the same first day changes nothing, whatever the length of the cycle.
    """
    import pandas as pd

    from workbench import arguments as parameters
    from workbench import loaders, nurture, scheduling, worklist

    if (not leads) == (dormant is None):
        raise errors.ParameterError(
            "Name leads, or --dormant N; one of the two.",
            mend="Write: workbench nurture enrol --dormant 20 --plan NAME",
        )
    desk = open_desk(as_of, by, owner=owner)
    rules = desk.settings.nurture
    names = ("leads", "owners", "templates", "touches")
    table, owners, templates, touches = (
        loaders.load_configured(name, desk.settings).table for name in names
    )
    plans = sorted(templates["plan"].dropna().astype(str).unique())
    chosen = plan or rules.plan or (plans[0] if len(plans) == 1 else None)
    if chosen is None:
        raise errors.ParameterError(
            f"Which plan is not said; there are {', '.join(plans) or 'none'}.",
            mend="Say it with --plan NAME, or in workbench.toml: [nurture] plan = NAME",
        )
    if chosen not in plans:
        raise errors.unknown("plan", chosen, plans)
    table = _with_opt_outs(table, worklist.opted_out(desk.store, as_of=desk.day))
    planned = _with_table(desk)
    if dormant is not None:
        # who answered in the worklist is not silent, whatever the table of touches says
        heard = worklist.answers(desk.store, as_of=desk.day)
        heard = heard.rename(columns={"party_id": "lead_id"})
        found = nurture.dormant(
            table,
            pd.concat([touches, heard], ignore_index=True) if len(heard) else touches,
            as_of=desk.day,
            silent_days=rules.silent_days,
            steps=planned,
        )
        found = found if owner is None else found[found["owner_id"] == owner]
        asked = found["lead_id"].head(_count(dormant)).tolist()
        if not asked:
            typer.echo(f"Nobody is dormant on {desk.day}; nothing to write.")
            return
    else:
        asked = list(dict.fromkeys(leads or []))
    known = set(table["lead_id"].astype(str))
    for lead in asked:
        if lead not in known:
            raise errors.unknown("lead", lead, sorted(known))
    in_charge = table.set_index("lead_id")["owner_id"] if "owner_id" in table else pd.Series()
    first = desk.day if start is None else parameters.day("--start", start)
    enrolments = pd.DataFrame(
        {
            "lead_id": pd.Series(asked, dtype="str"),
            "owner_id": pd.Series(asked, dtype="str").map(in_charge),
            "plan": chosen,
            "start_date": pd.Timestamp(first),
            "cycle_days": rules.cycle_days if cycle_days is None else cycle_days,
        }
    )
    mine = planned["lead_id"].isin(asked) & (planned["plan"] == chosen)
    already = planned[~mine & (planned["status"] == "pending")]
    dated = scheduling.plan(
        enrolments,
        steps=rules.steps,
        calendar=desk.calendar(),
        capacity=rules.capacity,
        per_day=rules.touches_per_day,
        already=already[["lead_id", "owner_id", "plan", "due_date"]],
        as_of=desk.day,
    )
    ready = nurture.prepare(
        dated.assign(enrolled_on=pd.Timestamp(first), cycle_days=enrolments["cycle_days"].iloc[0]),
        leads=table,
        owners=owners,
        templates=templates,
        as_of=desk.day,
        language=rules.language,
    )
    made = worklist.enrol(
        desk.store,
        ready.rename(columns={"lead_id": "party_id"}),
        at=desk.at,
        by=desk.by,
        dry_run=dry_run,
    )
    new = made[made["is_new"]]
    said = f"{len(new)} enrolled in '{chosen}', {int(new['steps'].sum())} steps"
    if len(new):
        days = dated.loc[dated["lead_id"].isin(new["party_id"]), "due_date"]
        said += f", {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}"
    if len(made) > len(new):
        said += f"; {len(made) - len(new)} there already, as first enrolled"
    written(said, first_of(made["operation_id"]), dry_run=dry_run)


def _count(number: int) -> int:
    if number < 1:
        raise errors.ParameterError(f"--dormant is {number}.", mend="Say at least 1.")
    return number


def _with_table(desk: Desk) -> "pd.DataFrame":
    """Give the steps of the worklist and, where the settings name one, of the table of steps."""
    import pandas as pd

    from workbench import loaders

    planned = desk.planned()
    if "steps" not in desk.settings.tables:
        return planned
    table = loaders.load_configured("steps", desk.settings).table
    parts = [part for part in (planned, table) if len(part)] or [planned]
    both = pd.concat(parts, ignore_index=True)
    return both.reindex(columns=list(dict.fromkeys([*planned.columns, *table.columns])))


def _with_opt_outs(leads: "pd.DataFrame", said: "pd.DataFrame") -> "pd.DataFrame":
    """Who opted out in the worklist has opted out, whatever the table of leads says."""
    import pandas as pd

    table = leads.copy()
    for channel, rows in said.groupby("channel"):
        name = f"{channel}_opted_out_on"
        heard = table["lead_id"].map(rows.set_index("party_id")["opted_out_on"])
        stated = pd.to_datetime(table[name]) if name in table else pd.Series(pd.NaT, table.index)
        table[name] = pd.concat([stated, heard], axis="columns").min(axis="columns")
    return table
