"""`sightline show escalations`: what was told to the tiers above."""

import typer

from projections.escalation_queue import escalations
from workers.cli.options import About, AsOf, Authority, QuestionOfList, day
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.views import escalation_columns


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("escalations")(show_escalations)


@spread
def show_escalations(
    authority: Authority,
    call: QuestionOfList,
    which: About,
    as_of: AsOf = None,
) -> None:
    """Every escalation: about what, to whom, due when, in time or late, acknowledged, resolved and how."""
    about = which.named
    with asking(authority, call, "escalations") as ask:
        on = day(as_of, ask.system)
        rows = ask.cut(
            "escalations", lambda cut: escalations(ask.system.engine, authority, as_of=on, cut=cut, about=about)
        )
        ask.answer("escalation queue", escalation_columns(ask.titles), rows, about=about)
