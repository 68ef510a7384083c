"""`sightline show register`: every audit, and where it stands."""

import typer

from projections.register import register
from workers.cli.options import AsOf, Audit, Authority, QuestionOfList, day, reference
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.views import register_columns


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("register")(show_register)


@spread
def show_register(
    authority: Authority,
    call: QuestionOfList,
    audit: Audit = None,
    as_of: AsOf = None,
) -> None:
    """Every audit: whose, by whom, due when, returned when, graded how, and where it stands."""
    reference("audit", audit)
    with asking(authority, call, "register") as ask:
        on = day(as_of, ask.system)
        rows = ask.cut("register", lambda cut: register(ask.system.engine, authority, as_of=on, cut=cut, audit=audit))
        ask.answer("audit register", register_columns(), rows, audit=audit)
