"""`sightline show actions`: what is to be done about audits and entries, by whom, and what became of it."""

from functools import partial
from typing import Annotated

import typer

from projections.action_tracker import ActionState, actions
from workers.cli.options import AsOf, Audit, Authority, day, reference
from workers.cli.reading import ListOfTexts, of_actions
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.views import action_columns


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("actions")(show_actions)


@spread
def show_actions(
    authority: Authority,
    call: ListOfTexts,
    audit: Audit = None,
    owner: Annotated[str | None, typer.Option(help="Only what this person or group owns, alone or jointly.")] = None,
    state: Annotated[ActionState | None, typer.Option(help="Only actions in this state.")] = None,
    since: Annotated[str | None, typer.Option(help="Only those completed on this date or later (YYYY-MM-DD).")] = None,
    as_of: AsOf = None,
) -> None:
    """Every action: its owners, due date, overdue since, what difference it made, confirmed by whom."""
    reference("audit", audit)
    reference("owner", owner)
    by = call.reader
    with asking(authority, call, "actions") as ask:
        asked = partial(
            actions,
            ask.system.engine,
            authority,
            as_of=day(as_of, ask.system),
            state=state,
            owner=owner,
            since=day(since, ask.system, "since") if since else None,
            audit=audit,
        )
        rows = ask.cut("actions", lambda cut: asked(cut=cut))
        unseal = ask.opened(by, of_actions(rows))
        if call.as_json:
            rows = [
                row.model_copy(
                    update={"text": unseal(row.text, "action.text"), "impact": unseal(row.impact, "action.impact")}
                )
                for row in rows
            ]
        ask.answer("action tracker", action_columns(unseal, ask.titles), rows, audit=audit)
