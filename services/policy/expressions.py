"""The small phrases of a policy file: spans, moments and recipients, as a QA manager would write them.

A span is `4 weeks`; a moment is `due - 1 week`, `trigger + 24 hours` or plain `due`; a recipient is
`auditor`, `service_manager over auditor`, `team_manager of child` or `told by <obligation>`.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

Unit = Literal["hours", "days", "working days", "weeks", "months"]
Rolling = Literal["none", "next", "previous"]
"""Where a date goes that falls on a day without work."""

Anchor = Literal["child", "auditor", "moderator", "actor", "about"]

_SPAN = re.compile(r"(?P<count>\d{1,4}) (?P<unit>day|working day|week|month)s?")
_HOURS = re.compile(_SPAN.pattern.replace("<unit>", "<unit>hour|"))
_MOMENT = re.compile(r"(?P<base>[a-z][a-z0-9_.]*)(?: (?P<sign>[+-]) (?P<span>.+))?")
_POST = re.compile(r"(?P<role>[a-z][a-z0-9_]*)(?: (?P<link>of|over) (?P<anchor>child|auditor|moderator|actor|about))?")
_TOLD = re.compile(r"told by (?P<obligation>[a-z][a-z0-9_]*)")

PERSONS = frozenset(
    {"auditor", "moderator", "worker", "team", "action_owner", "reviewer", "plan_lead", "reauditor", "actor"}
)
"""Recipients that the record itself names; every other word is a role of the policy.

The `actor` is the person whose act started the clock: of a task's activity, the one for whom it counts.
"""

MOMENTS = (
    "write what it is counted from, such as `trigger` or `due`, and with `+` or `-` how long, such as `due - 1 week`, "
    "`trigger + 24 hours` or `trigger + 10 working days`"
)
"""How a moment is written."""

CALENDAR_BASES = frozenset({"month_end", "next_month_end", "quarter_end"})
"""Dates that hang on the calendar: the last day of the trigger's month, of the month after it, and of its quarter."""


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days, working days, weeks of seven days, or months; of hours where an instant is meant."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str, *, hours: bool = False) -> Self:
        """Read `5 working days`, or with `hours` also `24 hours`; ValueError says what is wanted."""
        found = (_HOURS if hours else _SPAN).fullmatch(text.strip())
        if not found:
            units = f"{'hours, ' if hours else ''}days, working days, weeks or months"
            raise ValueError(f"{text!r} is not a valid span: write a number and {units}")
        unit: Unit = f"{found['unit']}s"  # type: ignore[assignment]  # the pattern admits only the units
        return cls(int(found["count"]), unit)

    def __str__(self) -> str:
        """As it is written in a policy."""
        return f"{self.count} {self.unit if self.count != 1 else self.unit[:-1]}"


def some_time(period: Span) -> Span:
    """ValueError for a period of no time at all."""
    if not period.count:
        raise ValueError("must be longer than no time at all")
    return period


@dataclass(frozen=True, slots=True)
class Moment:
    """A date relative to another one: `base` is `trigger`, `due`, an earlier step or an event's name.

    Counted in hours it is an instant, and not a date.
    """

    base: str
    sign: int = 1
    span: Span | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `due - 1 week`; ValueError says what is wanted."""
        found = _MOMENT.fullmatch(text.strip())
        if not found:
            raise ValueError(f"{text!r} is not a valid moment: {MOMENTS}")
        span = Span.parse(found["span"], hours=True) if found["span"] else None
        return cls(found["base"], -1 if found["sign"] == "-" else 1, span)

    @property
    def in_hours(self) -> bool:
        """Whether it is counted in hours."""
        return self.span is not None and self.span.unit == "hours"

    def __str__(self) -> str:
        """As it is written in a policy."""
        return f"{self.base} {'-' if self.sign < 0 else '+'} {self.span}" if self.span else self.base


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is to be told, before anybody is looked up.

    `role` is a person of the record or a role of the policy; `link` and `anchor` say whose post is meant:
    `of child` by the child's team, `over auditor` by the auditor's own post, `of about` by the team that a task's
    activity is about. `told` names an obligation whose notices went out before: all who had one are meant.
    """

    text: str
    role: str = ""
    link: Literal["", "of", "over"] = ""
    anchor: Anchor | None = None
    told: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `service_manager over auditor`; ValueError says what is wanted."""
        words = text.strip()
        if told := _TOLD.fullmatch(words):
            return cls(words, told=told["obligation"])
        found = _POST.fullmatch(words)
        if not found:
            raise ValueError(
                f"{text!r} is not a valid recipient: "
                "write a role, `ROLE of child`, `ROLE over auditor` or `told by OBLIGATION`"
            )
        return cls(words, found["role"], found["link"] or "", found["anchor"])  # type: ignore[arg-type]  # the pattern admits only these words

    def __str__(self) -> str:
        """As it is written in a policy."""
        return self.text


def _text(pattern: str, description: str, *examples: str) -> WithJsonSchema:
    """How an editor checks a phrase while it is typed: the pattern that reads it here, and what it may be."""
    plain = pattern.replace("?P<", "?<")
    named = re.sub(r"\(\?<\w+>", "(", plain)
    return WithJsonSchema(
        {"type": "string", "pattern": f"^{named}$", "description": description, "examples": list(examples)}
    )


_SPAN_SAID = _text(_SPAN.pattern, "A number and days, working days, weeks or months.", "5 working days", "4 weeks")
_MOMENT_SAID = _text(
    _MOMENT.pattern.replace(".+", _HOURS.pattern),
    "A day counted from another: trigger, due, month_end, an event, or a step of the same ladder; an instant in hours.",
    "trigger + 4 weeks",
    "trigger + 24 hours",
    "due - 2 working days",
    "due",
)
_ADDRESSEE_SAID = _text(
    f"(?:{_POST.pattern}|{_TOLD.pattern})",
    "A role of the file or a person of the record; `of child` or `over auditor` says whose post is meant.",
    "team_manager of child",
    "service_manager over auditor",
    "qa_team",
    "told by immediate_alert",
)

SpanText = Annotated[
    Span, BeforeValidator(lambda v: v if isinstance(v, Span) else Span.parse(str(v))), PlainSerializer(str), _SPAN_SAID
]
MomentText = Annotated[
    Moment,
    BeforeValidator(lambda v: v if isinstance(v, Moment) else Moment.parse(str(v))),
    PlainSerializer(str),
    _MOMENT_SAID,
]
NONE_STATED = "none stated"
"""What is said of a day that the paper does not name."""

DueText = Annotated[
    MomentText | None,
    BeforeValidator(lambda v: None if v == NONE_STATED else v),
    WithJsonSchema({"anyOf": [_MOMENT_SAID.json_schema, {"const": NONE_STATED}]}),
]
"""By when: a moment, or that the paper names none."""

AddresseeText = Annotated[
    Addressee,
    BeforeValidator(lambda v: v if isinstance(v, Addressee) else Addressee.parse(str(v))),
    PlainSerializer(str),
    _ADDRESSEE_SAID,
]
