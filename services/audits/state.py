"""One audit as its events leave it. Applying an event only assigns: no rule, no clock, so old streams always load."""

from dataclasses import dataclass, field
from datetime import date, datetime

from events.actions import ActionStage
from events.agencies import AgencyScored
from events.audits import AuditAllocated, AuditModerated, AuditReassigned, AuditSubmitted, ModeratorAllocated
from events.findings import FeedbackRecorded, SectionCommented, SectionGraded
from events.grade_disputes import GradeDisputed, GradeSettled
from events.reaudits import ReauditAllocated, ReauditWithdrawn
from events.recorded import Recorded
from events.stages import Stage, stage_after
from events.stopping import ClockResumed, ClockStopped
from services.actions.state import Action, take_action
from services.core.folded import Folded


@dataclass(slots=True)
class Audit(Folded):
    """An audit as it stands.

    `stage` is how far it has come, None before its allocation. `dates` holds when each kind of event first happened,
    `latest` when it last did, under its name without the contract's version. `grade` is the overall grade that counts
    now: the auditor's, then the moderator's, then what settled a dispute; `disputed` says that one stands. `stops`
    says since when clocks stand still, by ground and action (None: all of them), `resumed` when they last went on.
    `reaudits` has the auditor of each re-audit of this file that was given out and not voided, `scored` when each other
    agency last scored it, `scorers` who ever did.
    """

    stage: Stage | None = None
    child: str | None = None
    audit_type: str | None = None
    strand: str | None = None
    look_back_to: date | None = None
    team: str | None = None
    worker: str | None = None
    auditor: str | None = None
    moderator: str | None = None
    reaudits: dict[str, str] = field(default_factory=dict)
    reviewer: str | None = None
    further_reviewers: tuple[str, ...] = ()
    plan_lead: str | None = None
    reaudit_of: str | None = None
    extra_of: str | None = None
    round: str | None = None
    grade: str | None = None
    disputed: bool = False
    due: date | None = None
    sections: dict[tuple[str, str], str] = field(default_factory=dict)
    comments: set[tuple[str, str]] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    feedback: set[str] = field(default_factory=set)
    actions: dict[str, Action] = field(default_factory=dict)
    scored: dict[str, datetime] = field(default_factory=dict)
    scorers: set[str] = field(default_factory=set)
    stops: dict[tuple[str, str | None], datetime] = field(default_factory=dict)
    resumed: dict[tuple[str, str | None], datetime] = field(default_factory=dict)
    dates: dict[str, datetime] = field(default_factory=dict)
    latest: dict[str, datetime] = field(default_factory=dict)

    @property
    def reauditor(self) -> str | None:
        """The auditor of the re-audit that was given out last, None while there is none."""
        return next(reversed(self.reaudits.values()), None)

    @property
    def action_stage(self) -> ActionStage:
        """At which stage an action is set now: at the audit, or at its moderation once that has begun."""
        return "moderation" if self.has("audit.moderated") else "audit"

    def has(self, event: str) -> bool:
        """Whether an event of that name is in its history."""
        return event in self.dates

    def _take_stop(self, fact: ClockStopped | ClockResumed, at: datetime) -> None:
        stop = (fact.ground, fact.action)
        if isinstance(fact, ClockStopped):
            self.stops[stop] = at
        else:
            self.stops.pop(stop, None)
            self.resumed[stop] = at

    def apply(self, recorded: Recorded) -> None:  # noqa: C901, PLR0912 - one arm for each event that changes something
        """Take in one event."""
        fact = recorded.fact
        match fact:
            case AuditAllocated():
                self.child, self.team, self.worker = fact.child, fact.team, fact.worker
                self.auditor, self.due, self.round = fact.auditor, fact.due, fact.round
                self.strand, self.look_back_to = fact.strand, fact.look_back_to
                self.reviewer, self.further_reviewers = fact.reviewer, fact.further_reviewers
                self.plan_lead = fact.plan_lead
                self.reaudit_of, self.extra_of, self.audit_type = fact.reaudit_of, fact.extra_of, fact.audit_type
            case AuditReassigned(auditor=auditor):
                self.auditor = auditor
            case FeedbackRecorded(source=source):
                self.feedback.add(source)
            case SectionGraded():
                self.sections[fact.grader, fact.section] = fact.grade
                if fact.evidence and fact.impact:
                    self.texts.add(fact.section)
            case SectionCommented(grader=grader, section=section):
                self.comments.add((grader, section))
            case AuditSubmitted(grade=grade):
                self.grade = grade
            case ModeratorAllocated(moderator=moderator):
                self.moderator = moderator
            case ReauditAllocated(reaudit=reaudit, auditor=auditor):
                self.reaudits[reaudit] = auditor
            case ReauditWithdrawn(reaudit=reaudit):
                self.reaudits.pop(reaudit, None)
            case AuditModerated(grade=grade, sections=sections):
                self.grade = grade
                self.sections.update({("auditor", section): each for section, each in sections.items()})
            case AgencyScored(agency=agency, by=by):
                self.scored[agency] = recorded.envelope.occurred
                self.scorers.add(by)
            case GradeDisputed():
                self.disputed = True
            case GradeSettled(grade=grade):
                self.grade, self.disputed = grade, False
            case ClockStopped() | ClockResumed():
                self._take_stop(fact, recorded.envelope.occurred)
            case _:
                take_action(self.actions, recorded)
        self.stage = stage_after(self.stage, fact)
        name, occurred = fact.stored_name.rpartition(".v")[0], recorded.envelope.occurred
        self.dates.setdefault(name, occurred)
        self.latest[name] = max(occurred, self.latest.get(name, occurred))
