"""Commands that answer from the views and from history: `show`, `notices` and `plan`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from events.errors import NotFound, Refused
from projections.action_tracker import actions
from projections.escalation_queue import escalations
from projections.generations import positions
from projections.grade_changes import grade_changes, grade_summary
from projections.notices import notices
from projections.register import register
from projections.timeline import audit_timeline, child_timeline
from services.owed import owed_by
from services.people.directory import DIRECTORY, fold_directory
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
    reference,
    settings_of,
)
from workers.cli.tables import Column, print_json, print_table, screen
from workers.recording import checked, keyrings
from workers.system import System

show = typer.Typer(help="The views, as tables or as JSON.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(show, name="show")
    app.command("notices")(show_notices)


@dataclass(frozen=True, slots=True)
class Asking:
    """One question: the system, the authority, and how the answer is to be printed."""

    system: System
    authority: str
    as_json: bool
    console: Console

    @property
    def titles(self) -> Mapping[str, str]:
        """The names of roles and obligations in the framework's own words."""
        return views.titles_of(self.system.policies[self.authority].newest)

    def answer(self, title: str, columns: list[Column], rows: list[Any], *, audit: str | None = None) -> None:
        """Print the rows. NotFound where there are none because there is no such `audit`.

        A slip of the pen must not look like an audit about which all is well.
        """
        if audit is not None and not rows and not self.system.history(self.authority).load(f"audit/{audit}"):
            raise NotFound("audit", audit)
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
    policies: Path | None,
    view: str | None = None,
) -> Iterator[Asking]:
    """Open the system for one question, on a `view` or on history itself; the streams must be as they should.

    Where the view lacks events that the stream has, standard error says so: an old answer must not pass for a new one.
    """
    with System(settings_of(data, nats, database, policies)) as system:
        known_authority(system, authority)
        with checked(system, [authority]):
            if view is not None:
                _say_if_behind(system, authority, view)
            yield Asking(system, authority, as_json, screen())


def _say_if_behind(system: System, authority: str, view: str) -> None:
    end = system.history(authority).position()
    lacking = end - positions(system.engine, view).get(authority, 0)
    if lacking > 0:
        screen(stderr=True).print(
            f"sightline: {view} of {authority} lacks the newest {lacking} of {end} events; "
            "`sightline health` says how its worker is"
        )


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
    reference("audit", audit)
    with asking(authority, as_json, data, nats, database, policies, "register") as ask:
        rows = register(ask.system.engine, authority, as_of=day(as_of, ask.system), audit=audit)
        ask.answer("audit register", views.register_columns(), rows, audit=audit)


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
    reference("audit", audit)
    with asking(authority, as_json, data, nats, database, policies, "actions") as ask, ask.unsealing() as unseal:
        rows = actions(ask.system.engine, authority, as_of=day(as_of, ask.system), audit=audit)
        if as_json:
            rows = [
                row.model_copy(
                    update={"text": unseal(row.text, "action.text"), "impact": unseal(row.impact, "action.impact")}
                )
                for row in rows
            ]
        ask.answer("action tracker", views.action_columns(unseal, ask.titles), rows, audit=audit)


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
    reference("audit", audit)
    with asking(authority, as_json, data, nats, database, policies, "grade-changes") as ask, ask.unsealing() as unseal:
        rows = grade_changes(ask.system.engine, authority, audit=audit)
        if as_json:
            rows = [row.model_copy(update={"rationale": unseal(row.rationale, "audit.rationale")}) for row in rows]
        ask.answer("grade changes by moderators", views.grade_change_columns(unseal, ask.titles), rows, audit=audit)
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
    reference("audit", audit)
    with asking(authority, as_json, data, nats, database, policies, "escalations") as ask:
        rows = escalations(ask.system.engine, authority, as_of=day(as_of, ask.system), audit=audit)
        ask.answer("escalation queue", views.escalation_columns(ask.titles), rows, audit=audit)


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
    reference("audit", audit)
    reference("child", child)
    with asking(authority, as_json, data, nats, database, policies, "timeline") as ask, ask.unsealing() as unseal:
        engine = ask.system.engine
        rows = audit_timeline(engine, authority, audit) if audit else child_timeline(engine, authority, child or "")
        if child is not None and not rows:
            raise NotFound("audit of child", child)
        title = f"timeline of {f'audit {audit}' if audit else f'child {child}'}"
        shown: list[Any] = list(rows)
        if as_json:
            shown = [
                row.model_dump(mode="json", exclude={"sealed"}) | {"texts": views.opened(row, unseal)} for row in rows
            ]
        ask.answer(title, views.timeline_columns(unseal, ask.titles), shown, audit=audit)


@show.command("owed")
def show_owed(
    authority: Authority,
    audit: Annotated[str | None, typer.Option(help="The audit.")] = None,
    entry: Annotated[str | None, typer.Option(help="The entry of a register.")] = None,
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    policies: PolicyFolder = None,
) -> None:
    """What one audit or entry owes: by whom, by when, met or overdue. Worked out from its events on asking."""
    if (audit is None) == (entry is None):
        raise Refused("audit", "name either --audit or --entry")
    kind = "entry" if audit is None else "audit"
    about = reference(kind, entry if audit is None else audit)
    with asking(authority, as_json, data, nats, None, policies) as ask:
        history = ask.system.history(authority)
        directory = fold_directory(history.load(DIRECTORY))
        facts = history.load(f"{kind}/{about}")
        if not facts:
            raise NotFound(kind, str(about))
        found = owed_by(facts, ask.system.policies[authority], directory, ask.system.clock())
        rows = [
            asdict(each) | {"owners": [owner.model_dump() for owner in each.owners] if as_json else each.owners}
            for each in found
        ]
        ask.answer(f"what {kind} {about} owes", views.owed_columns(ask.titles, kind), rows)


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
    reference("audit", audit)
    with asking(authority, as_json, data, nats, database, policies, "notices") as ask:
        rows = notices(ask.system.engine, authority, audit=audit)
        ask.answer("notices", views.notice_columns(ask.titles), rows, audit=audit)
