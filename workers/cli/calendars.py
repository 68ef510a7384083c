"""`sightline calendar give`: the secret address of a calendar of what a person owes."""

from typing import Annotated

import typer

from services.calendar_feed import hashed, new_secret
from workers.cli.act import Hand, acting
from workers.cli.options import Authority, reference
from workers.cli.spread import spread
from workers.cli.tables import screen

calendar = typer.Typer(help="The calendar of what a person owes, under a secret address.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the group to the program; `revoke` is a verb of its own."""
    app.add_typer(calendar, name="calendar")


@calendar.command("give")
@spread
def give(
    person: Annotated[str, typer.Argument(help="The person whose calendar it is.")],
    authority: Authority,
    call: Hand,
) -> None:
    """Give a person the address of a calendar of what they owe. It is shown now and never again: a hash of it is kept.

    The address before it leads nowhere from now on. Whoever has the address can read the calendar, so treat it as a
    password; `sightline calendar revoke PERSON` ends it.
    """
    reference("person", person)
    secret = new_secret(authority)
    with acting(authority, call) as desk:
        desk.do("calendar.give", person=person, secret=hashed(secret))
        at = f"http://{desk.system.settings.api_host}:{desk.system.settings.api_port}"
    screen().print(f"{at}/calendar/{secret}.ics", soft_wrap=True, markup=False, highlight=False)
