"""Commands that answer from history on asking: `show owed`."""

from dataclasses import asdict

import typer

from events.errors import Refused
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import owed_by
from services.programme.reports import with_its_end
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
        history = ask.system.history(authority)
        directory = fold_directory(history.load(DIRECTORY))
        facts = with_its_end(history.load(about), ask.system.policies[authority], ask.system.clock())
        found = (
            owed_by(
                ask.system.catalogue.record(about, facts), ask.system.policies[authority], directory, ask.system.clock()
            )
            if facts
            else ()
        )
        rows = [
            asdict(each) | {"owners": [owner.model_dump() for owner in each.owners] if call.as_json else each.owners}
            for each in found
        ]
        ask.answer(
            f"what {CATALOGUE.called(about).replace('/', ' ')} owes", views.owed_columns(ask.titles), rows, about=about
        )
