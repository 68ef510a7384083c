"""The shape of a policy. Every knob of a framework is here; silence in a framework is an empty list."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints

from events.subjects import check_authority
from services.policy.actions import ActionRules
from services.policy.audit_tool import AuditTool
from services.policy.expressions import Addressee, AddresseeText, DueText, MomentText, Rolling, SpanText, some_time
from services.policy.grade_dispute import GradeDispute
from services.policy.indicators import Indicator
from services.policy.keeping import Copies, Messages, Retention
from services.policy.ladders import LadderStep
from services.policy.part import Day, HourOfDay, Key, Label, Part, Said
from services.policy.registers import Register
from services.policy.reports import Report
from services.policy.rounds import Rounds
from services.policy.samples import Sample
from services.policy.selection import Selection
from services.policy.separation import Separation
from services.policy.tasks import Standing, Task
from services.policy.yearly import YearlyText

EventName = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z_]+$")]


class CalendarRules(Part):
    """How dates are counted (A-ALL-01 to A-ALL-04), and the month that its year begins with (A-ESX-02)."""

    roll_non_working: Rolling = Field(
        default="none", title="A date on a weekend or bank holiday moves to the working day"
    )
    closures: tuple[Day, ...] = Field(default=(), title="Other days without work")
    closed_each_year: tuple[YearlyText, ...] = Field(default=(), title="Days without work in each year")
    notice_hour: HourOfDay = Field(default=time(8, 0), title="Hour of a dated notice")
    year_start: int = Field(default=4, ge=1, le=12, title="A year of the programme begins with month")


class Role(Part):
    """A post of the framework. A group is told as such, without a holder."""

    title: Label
    scope: Literal["team", "service", "authority"] = "authority"
    group: bool = False


class GradeSet(Part):
    """The scales, best first, and the sets of grades that the rules speak of."""

    overall: tuple[Label, ...]
    sections: tuple[Label, ...]
    not_applicable: Label | None = None
    sets: dict[Key, tuple[Label, ...]] = Field(default_factory=dict)


class Exemption(Part):
    """Who may ask for an audit not to be done, and on which grounds."""

    grounds: tuple[Label, ...]
    requested_by: Key


class Closing(Part):
    """What must have happened before an audit may be filed or closed.

    One with a grade of the set `action_expected` and without any action is closed only with a reason.
    """

    file_after_feedback: bool = Field(default=False, title="An audit goes on the child's record only after feedback")
    file_after_moderation: bool = Field(
        default=False, title="An audit goes on the child's record only after its moderation"
    )
    action_expected: Key | None = Field(default=None, title="Without any action, only a reason closes an audit graded")
    moderation_required: bool = Field(default=False, title="An audit is closed only after its moderation")
    sign_off_required: bool = Field(default=False, title="An audit is closed only after the last comments")


class Months(Part):
    """How a month of auditing is kept: one record for each service, or one for the whole authority.

    Of the types in `one_per_team` a team has one audit a month; a second one is refused at allocation.
    """

    per: Literal["authority", "service"] = Field(default="authority", title="A month's record is kept for each")
    one_per_team: tuple[Label, ...] = Field(default=(), title="A team has one audit a month of type")


class Trigger(Part):
    """What starts an obligation or an alert.

    `events` start it; with `grade` only if the overall grade is then in that set, with `was` only if it was
    in that set before. `repeat` says what a second such event does: nothing (`first`), replace the clock
    (`restart`), or start one more (`each`). `stage` limits actions to those of that stage, `audit_types` the
    audits to those types; `when` names fields of the event, or answers in it, with the values that they must have.
    `given` lists events that must have happened by then, `unless` those that must not have happened before; what was
    taken back by then has not (A-ALL-14).
    """

    events: tuple[EventName, ...] = Field(min_length=1)
    grade: Key | None = None
    was: Key | None = None
    was_not: Key | None = None
    repeat: Literal["first", "restart", "each"] = "first"
    stage: Literal["audit", "moderation"] | None = None
    audit_types: tuple[Label, ...] = ()
    when: dict[Key, Said | None] = Field(default_factory=dict)
    given: tuple[EventName, ...] = ()
    unless: tuple[EventName, ...] = ()


class Until(Part):
    """With what something is owed no more, although nobody met it: one of the `events`, the `count`th time.

    `when` names fields of the events, or answers in them, with the values that they must have; with `grade` the grade
    that the event itself gives is of that set.
    """

    events: tuple[EventName, ...] = Field(min_length=1)
    grade: Key | None = None
    when: dict[Key, Said | None] = Field(default_factory=dict)
    count: int = Field(default=1, ge=1, le=5000)


class ObligationRule(Part):
    """What an act starts, and what happens before and after its date; nobody is the owner of an alert.

    Its keys are those of `Owed`; the rule of an alert has none of what is owed.
    """

    name: Key
    title: Label
    source: tuple[Label, ...] = Field(min_length=1)
    trigger: Trigger
    owner: AddresseeText | None = None
    jointly: tuple[AddresseeText, ...] = ()
    due: DueText | None = None
    kind: Literal["at", "within"] = "within"
    per: Literal["audit", "action"] = "audit"
    if_past: MomentText | None = None
    met_by: tuple[EventName | Literal["all actions confirmed"], ...] = ()
    met_all: bool = False
    met_count: int = Field(default=1, ge=1, le=5000)
    met_sum: Key | None = None
    met_earlier: bool = False
    actions_first: bool = False
    with_reaudits: bool = False
    met_by_roles: tuple[Key, ...] = ()
    met_when: dict[Key, Said | None] = Field(default_factory=dict)
    met_each: dict[Key, tuple[Label, ...]] = Field(default_factory=dict)
    until: Until | None = None
    again_every: Annotated[SpanText, AfterValidator(some_time)] | None = None
    while_grade: Key | None = None
    early_window: SpanText | None = None
    roll_non_working: Rolling | None = None
    through_closures: bool = False
    paused_by_agreed_date: bool = False
    stops_for: tuple[Label, ...] = ()
    ladder: tuple[LadderStep, ...] = ()

    @property
    def by_clock(self) -> bool:
        """Whether its last day is an instant, because it is counted in hours."""
        return self.due is not None and self.due.in_hours

    @property
    def owners(self) -> tuple[Addressee, ...]:
        """Who owes it, and who owes it beside them; nobody of an alert."""
        return () if self.owner is None else (self.owner, *self.jointly)


class Owed(ObligationRule):
    """Someone owes something about something by a date, and what happens before and after that date.

    Where the framework names no day, `due` is `none stated`: what nobody could ever be late with is said to be so.
    A date that the triggering event itself carries comes before `due`, for the first obligation with a due date
    that starts with that event; `if_past` replaces a date that had passed when the clock began. `met_by` lists
    the events that discharge it (`obligation.met` names it): one of them, or with `met_all` each of them,
    `met_count` times, where with `met_sum` the number of that name in each event is added up; with `met_earlier`
    what happened before its clock began counts as well. `all actions confirmed` is met while no action of the audit
    awaits confirmation. With `met_by_roles` it is met once each of those roles has done so; `met_when` names fields
    of those events, or answers in them, with the values that they must have, `met_each` a field for each of whose
    values one must have happened.
    It falls away with what it is owed `until`, unless that is taken back. With `again_every` the same is owed each time
    again that it was met, by the next of the days that lie so long apart from its first last day on.
    `while_grade` keeps it alive only while the overall grade stays in that set (A-ALL-06).
    `paused_by_agreed_date` stops its clock from the day a later date is agreed for an action until that date
    (A-TOR-06). With `early_window`, what was done earlier than that before `due` does not count (A-ALL-07).
    With `actions_first` nobody may say that it is met (`obligation.meet`) while an action of the audit is open.
    `jointly` names who owes it beside the owner, as far as the record knows them (a re-auditor once there is one).
    A last day counted in hours is an instant, whatever the day, and does not move. `roll_non_working` says for this
    clock alone where a last day goes that falls on a day without work; with `through_closures` the authority's own
    closures are working days for it.
    Its clock stands still while one of the grounds that it `stops_for` is on record (`audit.stop_clock`), and goes on
    the next working day after.
    With `with_reaudits` it is one for all audits in a line of re-audits: an act that meets it on one of them
    (`obligation.meet`) meets it on each (A-SWI-07).
    """

    owner: AddresseeText


class Alert(Part):
    """Somebody is told when something happens. Nobody owes anything for it, it has no date, and nothing discharges it.

    It starts like an obligation. `while_grade` keeps what is still to be told alive only while the overall grade stays
    in that set (A-ALL-06); with `through_closures` the authority's own closures are working days for it.
    """

    name: Key
    title: Label
    source: tuple[Label, ...] = Field(min_length=1)
    trigger: Trigger
    per: Literal["audit", "action"] = "audit"
    while_grade: Key | None = None
    through_closures: bool = False
    ladder: tuple[LadderStep, ...] = Field(min_length=1)

    @cached_property
    def rule(self) -> ObligationRule:
        """The rule by which it is worked out, like an obligation that nobody owes."""
        return ObligationRule.model_construct(**{name: getattr(self, name) for name in Alert.model_fields})

    def __copy__(self) -> Self:
        """A copy works out a rule of its own: it may be changed."""
        copied = super().__copy__()
        copied.__dict__.pop("rule", None)
        return copied


class Policy(Part):
    """One version of one authority's framework, in force from `effective_from` (A-ALL-11).

    Of the roles to which `acts` gives an act, those in `own_unit` give it only about what is of the team, or of the
    service, in which they hold their post; where a framework does not say so, any holder may.
    """

    authority: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$"), AfterValidator(check_authority)]
    version: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,20}$")]
    effective_from: Day
    framework: Label
    review_due: Day | None = None
    calendar: CalendarRules = CalendarRules.model_construct()
    roles: dict[Key, Role]
    chain: tuple[Key, ...] = ()
    fallback: Key
    grades: GradeSet
    tool: AuditTool
    selection: Selection = Selection.model_construct()
    separation: Separation = Separation.model_construct()
    closing: Closing = Closing.model_construct()
    exemption: Exemption | None = None
    grade_dispute: GradeDispute | None = None
    actions: ActionRules = ActionRules.model_construct()
    months: Months = Months.model_construct()
    messages: Messages = Messages.model_construct()
    samples: tuple[Sample, ...] = ()
    dispute_chain: tuple[Key, ...] = ()
    rounds: Rounds = Rounds.model_construct()
    acts: dict[EventName, tuple[Key, ...]]
    own_unit: dict[EventName, tuple[Key, ...]] = Field(default_factory=dict)
    obligations: tuple[Owed, ...]
    alerts: tuple[Alert, ...] = ()
    registers: tuple[Register, ...] = ()
    areas: tuple[Label, ...] = ()
    duties: tuple[Task, ...] = ()
    standing: tuple[Standing, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    reports: tuple[Report, ...] = ()
    copies: Copies = Copies.model_construct()
    called: dict[Literal["team", "service"], Label] = Field(
        default_factory=dict, title="What it calls a team or service"
    )
    knowingly: dict[str, Label] = Field(default_factory=dict, title="What is odd and meant")
    retention: Retention | None = None

    @property
    def digest(self) -> str:
        """The hash of its content as it was adopted; "" for what stands in a file alone."""
        return ""

    @property
    def known_since(self) -> datetime | None:
        """When it was adopted; None for what work was done by without that."""
        return None

    @property
    def days_kept(self) -> Mapping[int, frozenset[date]]:
        """The bank holidays that were kept with it, by year; of other years they are those of the library."""
        return MappingProxyType({})

    def grade_set(self, name: str) -> frozenset[str]:
        """The grades of a named set."""
        return frozenset(self.grades.sets[name])
