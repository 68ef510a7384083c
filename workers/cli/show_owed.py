"""Commands that answer from history on asking: `show owed`."""

from dataclasses import asdict

import typer

from events.errors import Refused
from services.modules import kinds
from workers.asking.owing import owed_of
from workers.cli import views
from workers.cli.options import About, Authority, QuestionInTime
from workers.cli.showing import asking, show
from workers.cli.spread import spread


def add_to(app: typer.Typer) -> None:
    """Add the commands to the views that are shown."""
    del app  # they stand under `show`, which is already a part of the program
    show.command("owed")(show_owed)


@spread
def show_owed(
    authority: Authority,
    call: QuestionInTime,
    which: About,
) -> None:
    """What an audit or another record owes: by whom, by when, met or overdue. Worked out from its events."""
    about = which.named
    if about is None:
        raise Refused("audit", "name the --audit or the --record")
    with asking(authority, call) as ask:
        found, _ = owed_of(ask.system, authority, about)
        rows = [
            asdict(each) | {"owners": [owner.model_dump() for owner in each.owners] if call.as_json else each.owners}
            for each in found
        ]
        ask.answer(
            f"what {kinds().called(about).replace('/', ' ')} owes", views.owed_columns(ask.titles), rows, about=about
        )
