"""The walk through the views that the demonstration takes: what a QA manager asks, and the answer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from projections.action_tracker import actions
from projections.escalation_queue import escalations
from projections.grade_changes import grade_changes, grade_summary
from projections.notices import notices
from projections.register import register
from projections.timeline import audit_timeline
from services.keyring import Keyring
from services.programme.state import TASK
from services.texts.asking import Sealed
from workers.asking.overdue import overdue
from workers.asking.programme import task_rows
from workers.asking.texts import of_timeline
from workers.asking.words import scales_of, titles_of
from workers.cli import views
from workers.cli.overdue import print_overdue
from workers.cli.reading import Unseal, of_actions, of_field, opened_with, reader
from workers.cli.show_programme import task_columns
from workers.cli.showing import Asking
from workers.cli.tables import print_table, several
from workers.system import System

ROWS = 7
"""Rows of a view that the walk shows; the commands show them all."""

QUARTER = (date(2025, 10, 1), date(2025, 12, 31))
"""The quarter whose tasks the walk shows."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One council's views on one day."""

    system: System
    authority: str
    today: date
    ring: Keyring
    console: Console

    @property
    def titles(self) -> Mapping[str, str]:
        """The names of roles and obligations in the framework's own words."""
        return titles_of(self.system.policies[self.authority])

    def take(self, audit: str) -> None:
        """Every view once; the timeline is that of `audit`."""
        policy = self.system.policies[self.authority].newest
        name = self.authority.replace("-", " ").title()
        self.console.print(Rule(Text.assemble((name, "bold"), f" – {policy.framework}")))
        self._register()
        self._grade_changes()
        self._actions()
        self._escalations()
        self._notices()
        self._tasks()
        self._timeline(audit)

    def overdue(self) -> None:
        """What is overdue, the longest first: the tasks of a period are counted, the rest is listed."""
        self._say("What is overdue across everything, and whose is it?", f"show overdue {self.authority}")
        asking = Asking(self.system, self.authority, as_json=False, console=self.console)
        everything = overdue(self.system, self.authority, self.today)
        rows = [row for row in everything if not row.about.startswith(TASK)]
        tasks = several(len(everything) - len(rows), "row")
        self.console.print(
            f"{tasks} about the programme's tasks of a month, quarter or year (see above), and of everything else:"
        )
        print_overdue(asking, rows[:ROWS], rows)

    def _say(self, question: str, command: str) -> None:
        self.console.print()
        self.console.print(Text.assemble((question, "bold cyan"), "  ", (f"sightline {command}", "dim")))

    def _register(self) -> None:
        rows = register(self.system.engine, self.authority, as_of=self.today)
        self._say("Where does every audit stand, and which came late?", f"show register {self.authority}")
        stages = Counter(row.stage for row in rows)
        said = ", ".join(f"{count} {stage}" for stage, count in stages.most_common())
        late = [row for row in rows if row.late]
        self.console.print(f"{len(rows)} audits: {said}; {len(late)} returned late or overdue")
        print_table(self.console, "late or overdue", views.register_columns(), late, ROWS)

    def _grade_changes(self) -> None:
        self._say("Who changed which grade, when and why?", f"show grade-changes {self.authority}")
        scales = scales_of(self.system.policies[self.authority])
        summary = grade_summary(self.system.engine, self.authority, scales)
        if not summary.moderated:
            self.console.print("no moderation in this framework, so nobody changed one")
            return
        self.console.print(views.moderation_in_words(summary))
        rows = [row for row in grade_changes(self.system.engine, self.authority, scales) if row.section is None]
        unseal = self._opened(of_field(rows[:ROWS], "audit.rationale", "rationale", lambda row: f"audit/{row.audit}"))
        columns = views.grade_change_columns(unseal, self.titles)
        print_table(self.console, "overall grades changed by moderators", columns, rows, ROWS)

    def _actions(self) -> None:
        self._say("Which actions are overdue, and whose are they?", f"show actions {self.authority}")
        rows = actions(self.system.engine, self.authority, as_of=self.today)
        confirmed = sum(row.confirmed_on is not None for row in rows)
        self.console.print(f"{several(len(rows), 'action')}, {confirmed} confirmed")
        overdue = [row for row in rows if row.overdue_since]
        unseal = self._opened(of_actions(overdue[:ROWS]))
        print_table(self.console, "overdue actions", views.action_columns(unseal, self.titles), overdue, ROWS)

    def _escalations(self) -> None:
        self._say("What was escalated to whom, and is it settled?", f"show escalations {self.authority}")
        rows = escalations(self.system.engine, self.authority, as_of=self.today)
        still_open = sum(row.resolved_at is None for row in rows)
        self.console.print(f"{several(len(rows), 'escalation')}, {still_open} still open")
        rows.sort(key=lambda row: (row.resolved_at is not None, -row.level, row.due))
        print_table(self.console, "escalation queue", views.escalation_columns(self.titles), rows, ROWS)
        self.console.print("  “from history”: worked out from imported acts; nobody is claimed to have been told then")

    def _notices(self) -> None:
        self._say("Who was told what?", f"notices {self.authority}")
        rows = notices(self.system.engine, self.authority)
        counts = Counter((row.kind, row.title) for row in rows)
        for (kind, title), count in sorted(counts.items()):
            self.console.print(f"  {count:>3} x {kind}: {title}")

    def _tasks(self) -> None:
        """What was owed by the end of the last quarter, of the kinds of task towards which the story records any."""
        everything = task_rows(self.system, self.authority, first=QUARTER[0], last=QUARTER[1])
        kept = {row.task for row in everything if row.done}
        rows = [row for row in everything if row.task in kept]
        if not rows:
            return
        self._say("Which tasks of the last quarter were met?", f"show programme {self.authority}")
        states = Counter(row.state for row in rows)
        self.console.print(f"{len(rows)} tasks: {', '.join(f'{count} {state}' for state, count in states.items())}")
        others = len(everything) - len(rows)
        self.console.print(f"  ({others} others are of kinds towards which this story records nothing)")
        overdue = [row for row in rows if row.state == "overdue" and row.about]
        print_table(self.console, "overdue, about somebody", task_columns(self.titles), overdue, ROWS)

    def _timeline(self, audit: str) -> None:
        self._say(
            f"Was the loop closed? Everything that happened to audit {audit}",
            f"show timeline {self.authority} --audit {audit}",
        )
        rows = [
            row
            for row in audit_timeline(self.system.engine, self.authority, audit)
            if not row.stored_name.startswith(("audit.section_graded", "notice.lapsed"))
        ]
        columns = views.timeline_columns(self._opened(of_timeline(rows)), self.titles)
        print_table(self.console, "timeline, without section grades and steps that lapsed", columns, rows)

    def _opened(self, sealed: list[Sealed]) -> Unseal:
        """The texts that are shown, opened by the operator: their reading is on record, as any other."""
        return opened_with(self.system, self.authority, reader(self.system.settings), sealed, self.ring)
