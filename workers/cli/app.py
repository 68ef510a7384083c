"""The `sightline` program, and the one place where errors become a line and an exit code."""

import sys

import typer

from events.errors import SightlineError
from workers.cli.program import Whole
from workers.processes.collecting import collect_seldom

MISTAKE = 2

app = typer.Typer(
    name="sightline",
    cls=Whole,
    help="Who changed which grade, when and why, who was told, and whether the loop was closed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def sightline() -> None:
    """Nothing is done before a command."""


def run() -> None:
    """Run the program. A mistake, or something that is not there, is one line on standard error and exit code 2."""
    try:
        code = app(prog_name="sightline", standalone_mode=False, obj=_begin)
    except SightlineError as error:
        say(str(error))
        sys.exit(MISTAKE)
    except typer.TyperException as error:
        # What is no command, option or argument. A call without any has shown the help, and has nothing to say here.
        if said := error.format_message():
            say(f"{said} {_help_on(error)}")
        sys.exit(MISTAKE)
    except typer.Abort:
        say("given up")
        sys.exit(1)
    if code:
        sys.exit(code)


def _begin() -> None:
    """The command is loaded, and is carried out now.

    What a connection has to say while it is being made would stand before the one line that counts.
    """
    collect_seldom()
    from services.log import at_the_first_word  # noqa: PLC0415 - a list of commands has nothing to say

    at_the_first_word(_say_errors_alone)


def _say_errors_alone() -> None:
    from services.settings import Settings  # noqa: PLC0415 - loaded with the first word
    from workers.processes.logs import configure_logs  # noqa: PLC0415 - as above

    configure_logs(Settings.model_construct(log_level="error"))


def say(text: str) -> None:
    """Say what went wrong, in one line on standard error."""
    from workers.cli.tables import screen  # noqa: PLC0415 - where all is well nothing is said

    # A message may hold a line break where a library's words are part of it; the promise is one line.
    screen(stderr=True).print(f"sightline: {' '.join(text.split())}", soft_wrap=True)


def _help_on(error: typer.TyperException) -> str:
    """Where to read what the command takes, if it is known which was meant."""
    context = getattr(error, "ctx", None)
    return f"See `{context.command_path} --help`." if context is not None else ""
