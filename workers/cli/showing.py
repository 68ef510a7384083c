"""Commands that answer from the views and from history: `show`, `notices` and `plan`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from events.errors import Refused
from projections.action_tracker import actions
from projections.escalation_queue import escalations
from projections.grade_changes import grade_changes, grade_summary
from projections.notices import notices
from projections.register import register
from projections.timeline import audit_timeline, child_timeline
from services.owed import owed_by
from services.people.directory import DIRECTORY, fold_directory
from services.policy.load import load_folder
from services.rehearsal import Planned, Rehearsal
from workers.cli import views
from workers.cli.options import (
    AsJson,
    AsOf,
    Audit,
    Authority,
    Data,
    Database,
    Nats,
    PolicyFolder,
    day,
    known_authority,
    settings_of,
)
from workers.cli.tables import Column, people, print_json, print_table
from workers.recording import keyrings
from workers.system import System

show = typer.Typer(help="The views, as tables or as JSON.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(show, name="show")
    app.command("notices")(show_notices)
    app.command("plan")(plan)


@dataclass(frozen=True, slots=True)
class Asking:
    """One question: the system, the authority, and how the answer is to be printed."""

    system: System
    authority: str
    as_json: bool
    console: Console

    @property
    def titles(self) -> Mapping[str, str]:
        """The roles' names in the framework's own words."""
        return {key: role.title for key, role in self.system.policies[self.authority].newest.roles.items()}

    def answer(self, title: str, columns: list[Column], rows: list[Any]) -> None:
        """Print the rows."""
        if self.as_json:
            print_json(rows)
        else:
            print_table(self.console, f"{self.authority}: {title}", columns, rows)

    @contextmanager
    def unsealing(self) -> Iterator[views.Unseal]:
        """Open sealed texts with the children's keys while the block runs."""
        with keyrings(self.system) as (rings, _):
            ring = rings[self.authority]

            def unseal(text: str | None, field: str) -> str | None:
                return None if text is None else str(ring.unseal(text, field))

            yield unseal


@contextmanager
def asking(
    authority: str,
    as_json: bool,
    data: Path | None,
    nats: str | None,
    database: str | None,
    policies: Path | None = None,
) -> Iterator[Asking]:
    """Open the system for one question."""
    with System(settings_of(data, nats, database, policies)) as system:
        yield Asking(system, known_authority(system, authority), as_json, Console(highlight=False))


@show.command("register")
def show_register(
    authority: Authority,
    audit: Audit = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    database: Database = None,
    policies: PolicyFolder = None,
) -> None:
    """Every audit: whose, by whom, due when, returned when, graded how, and where it stands."""
    with asking(authority, as_json, data, nats, database, policies) as ask:
        rows = register(ask.system.engine, authority, as_of=day(as_of, ask.system), audit=audit)
        ask.answer("audit register", views.register_columns(), rows)


@show.command("actions")
def show_actions(
    authority: Authority,
    audit: Audit = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    database: Database = None,
    policies: PolicyFolder = None,
) -> None:
    """Every action: owner, due date, overdue since, what difference it made, confirmed by whom."""
    with asking(authority, as_json, data, nats, database, policies) as ask, ask.unsealing() as unseal:
        rows = actions(ask.system.engine, authority, as_of=day(as_of, ask.system), audit=audit)
        if as_json:
            rows = [
                row.model_copy(
                    update={"text": unseal(row.text, "action.text"), "impact": unseal(row.impact, "action.impact")}
                )
                for row in rows
            ]
        ask.answer("action tracker", views.action_columns(unseal), rows)


@show.command("grade-changes")
def show_grade_changes(
    authority: Authority,
    audit: Audit = None,
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    database: Database = None,
    policies: PolicyFolder = None,
) -> None:
    """Every grade that a moderator changed: from, to, how far, by whom, when, and why."""
    with asking(authority, as_json, data, nats, database, policies) as ask, ask.unsealing() as unseal:
        rows = grade_changes(ask.system.engine, authority, audit=audit)
        if as_json:
            rows = [row.model_copy(update={"rationale": unseal(row.rationale, "audit.rationale")}) for row in rows]
        ask.answer("grade changes by moderators", views.grade_change_columns(unseal, ask.titles), rows)
        if not as_json:
            summary = grade_summary(ask.system.engine, authority)
            ask.console.print(
                f"  {summary.moderated} moderated: {summary.confirmed} confirmed, {summary.raised} raised, "
                f"{summary.lowered} lowered"
            )


@show.command("escalations")
def show_escalations(
    authority: Authority,
    audit: Audit = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    database: Database = None,
    policies: PolicyFolder = None,
) -> None:
    """Every escalation: what, to whom, due when, in time or late, acknowledged, resolved and how."""
    with asking(authority, as_json, data, nats, database, policies) as ask:
        rows = escalations(ask.system.engine, authority, as_of=day(as_of, ask.system), audit=audit)
        ask.answer("escalation queue", views.escalation_columns(ask.titles), rows)


@show.command("timeline")
def show_timeline(
    authority: Authority,
    audit: Audit = None,
    child: Annotated[str | None, typer.Option(help="Every audit of this child.")] = None,
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    database: Database = None,
    policies: PolicyFolder = None,
) -> None:
    """Everything that happened to one audit or one child, in order, with the texts."""
    if (audit is None) == (child is None):
        raise Refused("audit", "name either --audit or --child")
    with asking(authority, as_json, data, nats, database, policies) as ask, ask.unsealing() as unseal:
        engine = ask.system.engine
        rows = audit_timeline(engine, authority, audit) if audit else child_timeline(engine, authority, child or "")
        title = f"timeline of {f'audit {audit}' if audit else f'child {child}'}"
        ask.answer(title, views.timeline_columns(unseal), rows)


@show.command("owed")
def show_owed(
    authority: Authority,
    audit: Annotated[str, typer.Option(help="The audit.")],
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    policies: PolicyFolder = None,
) -> None:
    """What one audit owes: by whom, by when, met or overdue. Worked out from its events on asking."""
    with asking(authority, as_json, data, nats, None, policies) as ask:
        history = ask.system.history(authority)
        directory = fold_directory(history.load(DIRECTORY))
        facts = history.load(f"audit/{audit}")
        found = owed_by(facts, ask.system.policies[authority], directory, ask.system.clock()) if facts else ()
        rows = [
            asdict(each) | {"owners": [owner.model_dump() for owner in each.owners] if as_json else each.owners}
            for each in found
        ]
        ask.answer(f"what audit {audit} owes", views.owed_columns(ask.titles), rows)


def show_notices(
    authority: Authority,
    audit: Audit = None,
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    database: Database = None,
    policies: PolicyFolder = None,
) -> None:
    """Everything that was sent: reminders, notices, escalations and corrections, to whom and when."""
    with asking(authority, as_json, data, nats, database, policies) as ask:
        rows = notices(ask.system.engine, authority, audit=audit)
        ask.answer("notices", views.notice_columns(ask.titles), rows)


def plan(
    file: Annotated[Path, typer.Argument(help="Commands, one JSON object a line, as for an import.")],
    audit: Audit = None,
    as_json: AsJson = False,
    policies: PolicyFolder = None,
) -> None:
    """What would be owed and who would be told when, for a history in a file. No server is needed.

    Nothing beyond the file is assumed to happen, so an open ladder is shown to its top.
    """
    held = load_folder(settings_of(policies=policies).policies)
    rehearsal = Rehearsal(held)
    try:
        with file.open("rb") as lines:
            summary = rehearsal.run(lines)
    except OSError as error:
        raise Refused("file", f"{file} cannot be read: {error.strerror}") from error
    rows = rehearsal.plan(audit)
    if as_json:
        print_json([asdict(row) | {"to": [each.model_dump() for each in row.to], "at": str(row.at)} for row in rows])
        return
    console = Console(highlight=False)
    titles = {key: role.title for each in held.values() for key, role in each.newest.roles.items()}
    columns: list[Column] = [
        ("when", lambda row: row.at),
        ("authority", lambda row: row.authority),
        ("audit", lambda row: row.audit),
        ("kind", lambda row: row.what),
        ("what", lambda row: row.title),
        ("to, or owed by", lambda row: _who(row, titles)),
        ("outcome", lambda row: row.outcome),
    ]
    print_table(console, "what falls due", columns, rows)
    for each in summary.rejections:
        console.print(f"line {each.line} refused: {each.reason}", markup=False)


def _who(row: Planned, titles: Mapping[str, str]) -> str:
    return people(row.to, titles) if row.to else row.owner.replace("_", " ")
