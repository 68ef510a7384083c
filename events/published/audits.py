"""Audits, their grades and their concerns as others see them: never the child, and nobody's name."""

from datetime import date
from typing import Literal

from events.base import Ref
from events.published.base import Part, Published, Term
from events.wording import by_when, with_grade


class AuditAllocated(Published):
    """A file was given to somebody to audit, by `due`. `again_of` and `further_of` name the audit that asked for it."""

    name = "audit.allocated"
    audit_type: Term
    team: Ref
    due: date | None
    round: Ref | None = None
    again_of: Ref | None = None
    further_of: Ref | None = None

    def sentence(self) -> str:
        """To which team's file, and by when."""
        again = f", again after {self.again_of}" if self.again_of else ""
        return f"Audit ({self.audit_type}) in team {self.team} was given out, {by_when(self.due)}{again}."


class AuditReturned(Published):
    """The auditor returned it with an overall grade; None only where the framework has no scale."""

    name = "audit.returned"
    grade: Term | None

    def sentence(self) -> str:
        """With which grade."""
        return f"Returned {with_grade(self.grade)}."


class AuditModerated(Published):
    """The moderator confirmed the grades or changed them; `grade` is the overall one from here on."""

    name = "audit.moderated"
    outcome: Literal["confirmed", "changed"]
    grade: Term | None

    def sentence(self) -> str:
        """What came of it."""
        return f"Moderated: {self.outcome}, {with_grade(self.grade)}."


class AuditClosed(Published):
    """The loop was closed, with these actions not done."""

    name = "audit.closed"
    open_actions: tuple[Ref, ...] = ()

    def sentence(self) -> str:
        """With what still open."""
        return f"Closed{'; still open: ' if self.open_actions else ''}{', '.join(self.open_actions)}."


class AuditVoided(Published):
    """It was selected in error: what is owed about it is owed no more."""

    name = "audit.voided"
    by_role: Term

    def sentence(self) -> str:
        """By which role."""
        return f"Voided by {self.by_role}."


class Change(Part):
    """One grade as it was and as it is. `section` is None for the overall grade; `before` where there was none."""

    section: Term | None
    before: Term | None
    after: Term | None


class GradeChanged(Published):
    """A moderator changed grades, all of those in one act; the overall grade first."""

    name = "grade.changed"
    by_role: Term
    changes: tuple[Change, ...]

    def sentence(self) -> str:
        """Each grade as it was and as it is."""
        said = (f"{each.section or 'overall'} from “{each.before}” to “{each.after}”" for each in self.changes)
        return f"Grades changed by {self.by_role}: {', '.join(said)}."


class ConcernRaised(Published):
    """A concern about a child's safety, or one that the framework calls so, was marked in an audit.

    `safety` does not wait for the return; `immediate` and `significant` are what a return marks. What the concern is
    stands in the council's own record and nowhere else.
    """

    name = "concern.raised"
    kinds: tuple[Literal["safety", "immediate", "significant"], ...]
    by_role: Term

    def sentence(self) -> str:
        """Of which kind, and by whom."""
        return f"A concern was raised by {self.by_role} ({', '.join(self.kinds)})."
