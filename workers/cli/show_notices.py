"""`sightline notices`: everything that was sent."""

import typer

from projections.notices import notices
from workers.cli.options import About, Authority, QuestionOfList
from workers.cli.showing import asking
from workers.cli.spread import spread
from workers.cli.views import notice_columns


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("notices")(show_notices)


@spread
def show_notices(
    authority: Authority,
    call: QuestionOfList,
    which: About,
) -> None:
    """Everything that was sent: reminders, notices, escalations and corrections, about what, to whom and when."""
    about = which.named
    with asking(authority, call, "notices") as ask:
        rows = ask.cut("notices", lambda cut: notices(ask.system.engine, authority, cut=cut, about=about))
        ask.answer("notices", notice_columns(ask.titles), rows, about=about)
