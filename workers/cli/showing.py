"""Commands that answer from the views and from history: `show`, `notices` and `plan`."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from sqlalchemy import Engine

from events.errors import NotFound, Refused
from projections.action_tracker import ActionState, actions
from projections.escalation_queue import escalations
from projections.grade_changes import grade_changes, grade_summary
from projections.moments import is_empty
from projections.notices import notices
from projections.register import register
from projections.timeline import SHAPE as TIMELINE
from projections.timeline import TimelineEntry, aggregate_timeline, audit_timeline, child_timeline
from services.modules import CATALOGUE
from services.policy.adopted import RECORD
from services.texts.opening import Reader, Sealed
from workers.cli import views
from workers.cli.options import (
    About,
    AsOf,
    Audit,
    Authority,
    InPages,
    Question,
    QuestionInTime,
    QuestionOfList,
    QuestionOfViews,
    day,
    known_authority,
    reference,
)
from workers.cli.reading import ListOfTexts, Unseal, of_actions, of_field, opened
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table, screen
from workers.lag import lag
from workers.recording import checked
from workers.system import System
from workers.texts import of_timeline
from workers.words import in_words, scales_of, titles_of

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds that a view has to take in what was recorded just before."""

PAST_FROM = TIMELINE.name
"""The view from which every other one of the past is made."""

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
    pages: InPages = field(default_factory=InPages)

    @property
    def titles(self) -> Mapping[str, str]:
        """The names of roles and obligations in the framework's own words."""
        return titles_of(self.system.policies[self.authority])

    def answer(
        self,
        title: str,
        columns: list[Column],
        rows: Sequence[Any],
        *,
        audit: str | None = None,
        about: str | None = None,
    ) -> None:
        """Print the rows. NotFound where there are none because there is no such `audit`, or nothing `about` it.

        A slip of the pen must not look like an audit about which all is well.
        """
        about = f"audit/{audit}" if audit is not None else about
        if about is not None and not rows and not self.system.history(self.authority).load(about):
            kind, _, ref = CATALOGUE.called(about).partition("/")
            raise NotFound(kind, ref)
        if self.as_json:
            print_json(rows)
        else:
            print_table(self.console, f"{self.authority}: {title}", columns, rows)

    def page(self, rows: Sequence[T]) -> Sequence[T]:
        """The part of a list that is asked for (see `InPages`); where more comes after it, standard error says so.

        Refused, naming the option, for a place that is none in the list.
        """
        part, told = self.pages.part(rows, as_json=self.as_json)
        if told is not None:
            _say(told)
        return part

    def opened(self, by: Reader, sealed: Iterable[Sealed]) -> Unseal:
        """The texts that the reader needs to know; that they were read stands on record by then."""
        return opened(self.system.live, self.authority, by, sealed)


@contextmanager
def asking(authority: str, call: Question | QuestionOfViews, *views_asked: str) -> Iterator[Asking]:
    """Open the system for one question, on some views or on history itself; the streams must be as they should.

    Where a view lacks events that the stream has, standard error says so: an old answer must not pass for a new one.
    Asked as at a day in the past, the system is the one of that day; where nothing belongs to it, standard error says
    so, that an empty answer may not pass for a quiet council.
    """
    with System(call.settings) as system:
        known_authority(system, authority)
        pages = call if isinstance(call, InPages) else InPages()
        moment = call.moment(system) if isinstance(call, QuestionInTime) else None
        with checked(system, [authority]):
            for view in views_asked if moment is None else [PAST_FROM]:
                _say_if_behind(system, authority, view)
            if moment is None:
                yield Asking(system, authority, call.as_json, screen(), pages)
                return
            if is_empty(system.engine, authority, moment):
                _say(f"nothing of {authority} stands on record {moment}")
            from workers.past import SystemAt  # noqa: PLC0415 - most questions are about the present

            with SystemAt(system, authority, moment, views_asked) as past:
                yield Asking(past, authority, call.as_json, screen(), pages)


def _say_if_behind(system: System, authority: str, view: str) -> None:
    """Say so where the view lacks events, or stands still, once it had a moment: whoever reads texts adds an event."""
    until = time.monotonic() + PATIENCE
    while (told := lag(system, authority, view)) is not None and time.monotonic() < until:
        time.sleep(0.02)
    if told is not None:
        _say(told)


def _say(told: str) -> None:
    screen(stderr=True).print(f"sightline: {told}", markup=False, soft_wrap=True)


@show.command("register")
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
        rows = ask.page(register(ask.system.engine, authority, as_of=day(as_of, ask.system), audit=audit))
        ask.answer("audit register", views.register_columns(), rows, audit=audit)


@show.command("actions")
@spread
def show_actions(
    authority: Authority,
    call: ListOfTexts,
    audit: Audit = None,
    owner: Annotated[str | None, typer.Option(help="Only what this person or group owns, alone or jointly.")] = None,
    state: Annotated[ActionState | None, typer.Option(help="Only actions in this state.")] = None,
    since: Annotated[str | None, typer.Option(help="Only those completed on this date or later (YYYY-MM-DD).")] = None,
    as_of: AsOf = None,
) -> None:
    """Every action: its owners, due date, overdue since, what difference it made, confirmed by whom."""
    reference("audit", audit)
    reference("owner", owner)
    by = call.reader
    with asking(authority, call, "actions") as ask:
        found = actions(
            ask.system.engine,
            authority,
            as_of=day(as_of, ask.system),
            state=state,
            owner=owner,
            since=day(since, ask.system, "since") if since else None,
            audit=audit,
        )
        rows = ask.page(found)
        unseal = ask.opened(by, of_actions(rows))
        if call.as_json:
            rows = [
                row.model_copy(
                    update={"text": unseal(row.text, "action.text"), "impact": unseal(row.impact, "action.impact")}
                )
                for row in rows
            ]
        ask.answer("action tracker", views.action_columns(unseal, ask.titles), rows, audit=audit)


@show.command("grade-changes")
@spread
def show_grade_changes(
    authority: Authority,
    call: ListOfTexts,
    audit: Audit = None,
) -> None:
    """Every grade that a moderator changed: from, to, how far, by whom, when, and why."""
    reference("audit", audit)
    by = call.reader
    with asking(authority, call, "grade-changes") as ask:
        scales = scales_of(ask.system.policies[authority])
        rows = ask.page(grade_changes(ask.system.engine, authority, scales, audit=audit))
        rationales = of_field(rows, "audit.rationale", "rationale", lambda row: f"audit/{row.audit}")
        unseal = ask.opened(by, rationales)
        if call.as_json:
            rows = [row.model_copy(update={"rationale": unseal(row.rationale, "audit.rationale")}) for row in rows]
        ask.answer("grade changes by moderators", views.grade_change_columns(unseal, ask.titles), rows, audit=audit)
        if not call.as_json:
            summary = grade_summary(ask.system.engine, authority, scales)
            ask.console.print(f"  {views.moderation_in_words(summary)}")


@show.command("escalations")
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
        rows = ask.page(escalations(ask.system.engine, authority, as_of=day(as_of, ask.system), about=about))
        ask.answer("escalation queue", views.escalation_columns(ask.titles), rows, about=about)


@show.command("timeline")
@spread
def show_timeline(
    authority: Authority,
    call: ListOfTexts,
    audit: Audit = None,
    child: Annotated[str | None, typer.Option(help="Every audit of this child.")] = None,
    *,
    policy: Annotated[bool, typer.Option("--policy", help="The rules: which were adopted, when and by whom.")] = False,
) -> None:
    """Everything that happened to one audit or one child, or to the rules, in order, with the texts."""
    if [audit is not None, child is not None, policy].count(True) != 1:
        raise Refused("audit", "name one of --audit, --child and --policy")
    reference("audit", audit)
    reference("child", child)
    by = call.reader
    with asking(authority, call, "timeline") as ask:
        engine = ask.system.engine
        rows: Sequence[TimelineEntry] = _timeline(engine, authority, audit, child)
        if child is not None and not rows:
            raise NotFound("audit of child", child)
        rows = ask.page(rows)
        unseal = ask.opened(by, of_timeline(rows))
        title = f"timeline of {f'audit {audit}' if audit else f'child {child}' if child else 'the rules'}"
        shown: list[Any] = list(rows)
        if call.as_json:
            shown = [
                row.model_dump(mode="json", exclude={"sealed"})
                | {"sentence": in_words(row.sentence, ask.titles), "texts": views.opened(row, unseal)}
                for row in rows
            ]
        ask.answer(title, views.timeline_columns(unseal, ask.titles), shown, audit=audit)


def _timeline(engine: Engine, authority: str, audit: str | None, child: str | None) -> list[TimelineEntry]:
    if audit is not None:
        return audit_timeline(engine, authority, audit)
    if child is not None:
        return child_timeline(engine, authority, child)
    return aggregate_timeline(engine, authority, RECORD)


@spread
def show_notices(
    authority: Authority,
    call: QuestionOfList,
    which: About,
) -> None:
    """Everything that was sent: reminders, notices, escalations and corrections, about what, to whom and when."""
    about = which.named
    with asking(authority, call, "notices") as ask:
        rows = ask.page(notices(ask.system.engine, authority, about=about))
        ask.answer("notices", views.notice_columns(ask.titles), rows, about=about)
