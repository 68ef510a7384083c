"""The `sightline` program: its commands, and the one place where errors become a line and an exit code."""

import sys

import typer

from events.errors import SightlineError
from services.settings import Settings
from workers.cli.calendars import add_to as add_calendars
from workers.cli.cases import add_to as add_cases
from workers.cli.damages import add_to as add_damages
from workers.cli.deliveries import add_to as add_deliveries
from workers.cli.erasing import add_to as add_erasing
from workers.cli.following import add_to as add_following
from workers.cli.forms import add_to as add_forms
from workers.cli.holding import add_to as add_holding
from workers.cli.indicator_files import add_to as add_indicator_files
from workers.cli.indicator_months import add_to as add_indicator_months
from workers.cli.overdue import add_to as add_overdue
from workers.cli.packs import add_to as add_packs
from workers.cli.planning import add_to as add_planning
from workers.cli.policy import add_to as add_policy
from workers.cli.proofs import add_to as add_proofs
from workers.cli.reads import add_to as add_reads
from workers.cli.rebuilding import add_to as add_rebuilding
from workers.cli.recording import add_to as add_recording
from workers.cli.registers import add_to as add_registers
from workers.cli.reports import add_to as add_reports
from workers.cli.reports_issued import add_to as add_issued_reports
from workers.cli.rounds import add_to as add_rounds
from workers.cli.running import add_to as add_running
from workers.cli.show_owed import add_to as add_show_owed
from workers.cli.show_programme import add_to as add_programme
from workers.cli.showing import add_to as add_showing
from workers.cli.statutory_reviews import add_to as add_statutory_reviews
from workers.cli.stories import add_to as add_stories
from workers.cli.subscribers import add_to as add_subscribers
from workers.cli.tables import screen
from workers.cli.tokens import add_to as add_tokens
from workers.cli.trusting import add_to as add_trusting
from workers.cli.verbs import Groups
from workers.cli.webhooks import add_to as add_webhooks
from workers.cli.workload import add_to as add_workload
from workers.logs import configure_logs

MISTAKE = 2

app = typer.Typer(
    name="sightline",
    cls=Groups,
    help="Who changed which grade, when and why, who was told, and whether the loop was closed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for add in (
    add_recording,
    add_showing,
    add_stories,
    add_packs,
    add_show_owed,
    add_overdue,
    add_workload,
    add_deliveries,
    add_calendars,
    add_planning,
    add_running,
    add_rebuilding,
    add_following,
    add_subscribers,
    add_tokens,
    add_trusting,
    add_policy,
    add_programme,
    add_statutory_reviews,
    add_forms,
    add_reads,
    add_registers,
    add_indicator_files,
    add_indicator_months,
    add_cases,
    add_rounds,
    add_reports,
    add_issued_reports,
    add_proofs,
    add_erasing,
    add_holding,
    add_damages,
    add_webhooks,
):
    add(app)


def main() -> None:
    """Run the program. A mistake, or something that is not there, is one line on standard error and exit code 2."""
    # What a connection has to say while it is being made would stand before the one line that counts.
    configure_logs(Settings.model_construct(log_level="error"))
    try:
        code = app(prog_name="sightline", standalone_mode=False)
    except SightlineError as error:
        _say(str(error))
        sys.exit(MISTAKE)
    except typer.TyperException as error:
        # What is no command, option or argument. A call without any has shown the help, and has nothing to say here.
        if said := error.format_message():
            _say(f"{said} {_help_on(error)}")
        sys.exit(MISTAKE)
    except typer.Abort:
        _say("given up")
        sys.exit(1)
    if code:
        sys.exit(code)


def _say(text: str) -> None:
    # A message may hold a line break where a library's words are part of it; the promise is one line.
    screen(stderr=True).print(f"sightline: {' '.join(text.split())}", soft_wrap=True)


def _help_on(error: typer.TyperException) -> str:
    """Where to read what the command takes, if it is known which was meant."""
    context = getattr(error, "ctx", None)
    return f"See `{context.command_path} --help`." if context is not None else ""
