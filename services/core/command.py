"""What every command has in common. A command asks; the facts that follow from it are what is recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializationInfo,
    StringConstraints,
    field_validator,
)

from events.base import Ref
from services.clock import LONDON, doubt_of
from services.core.own_names import OWN_NAMES
from services.directory.state import DIRECTORY
from services.policy.part import Key

START_OF_WORK = time(9, 0)
"""The hour of an act of which only the date is known (local time)."""


def _set_aside(text: str, info: SerializationInfo) -> str:
    if not isinstance(info.context, Aside):
        return text
    info.context.texts.append(text)
    return ""


@dataclass(frozen=True, slots=True)
class Aside:
    """The context of a dump that leaves the place of each sealed text empty, and gathers the texts in their order."""

    texts: list[str] = field(default_factory=list)


MADE = "made at the door"
"""The mark of a field that no caller fills: `Annotated[..., MADE]`. The door makes it of what the command asks for, so
that one command is the same whatever was made of it; identities leave it out."""


def made_fields(kind: type["Command"]) -> frozenset[str]:
    """The fields of this kind of command that are made at the door."""
    return frozenset(name for name, field in kind.model_fields.items() if MADE in field.metadata)


SetAside = PlainSerializer(_set_aside, return_type=str)
"""Marks what is sealed before it is stored: see `Aside`."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=100_000, strip_whitespace=True), SetAside]
"""Free text about a child: sealed before it is stored."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
"""Outside of these a date is a slip or a stand-in for never, and what is counted from it would leave the calendar."""

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
"""A date in a command."""

Month = Annotated[str, StringConstraints(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A month in a command, such as 2026-01."""

ShortRef = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,55}$")]
"""A little shorter than other references: a record about no child has a key of its own, named after it."""

CommandId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


def _instant(value: Any) -> Any:
    """UTC; a date alone means the start of work on it, and a time without a zone is England's.

    An hour that clocks in England skip, or show twice, is no instant without its zone: nobody guesses which.
    """
    if value is None:
        return None
    try:
        at = value if isinstance(value, datetime) else _written(value)
        doubt = "" if at.tzinfo else doubt_of(at)
        at = (at if at.tzinfo else at.replace(tzinfo=LONDON)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError("is not a valid date or time; write 2026-01-31 or 2026-01-31T14:30") from error
    if doubt:
        raise ValueError(doubt)
    if at.date() < FIRST_DAY:
        raise ValueError(f"{at.date()} is long before any record")
    return at


def _written(value: Any) -> datetime:
    if len(value) == len("2026-01-31"):
        return datetime.combine(date.fromisoformat(value), START_OF_WORK)
    return datetime.fromisoformat(value)


Example = Mapping[str, Any]
"""A command as it may be given, without what comes from elsewhere: its name, the authority, the actor."""


class Command(BaseModel):
    """An order by an actor in a role. `at` says when it happened, for history; without it, now.

    `id` makes a repeat harmless: the same id is never carried out twice in an authority, on whatever record. Without
    one, what happened in the past is known by its content (see `services.identity`); what happens now is never a
    repeat. `example` is one that is taken in its place in a story: each command states its own.
    """

    example: ClassVar[Example] = {}

    # As of facts: a process that takes some kinds of commands, or none, makes what reads those alone.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    command: str
    id: CommandId | None = Field(default=None, description="A name for this act: given again, it changes nothing.")
    authority: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    actor: Ref
    role: Key
    at: Annotated[datetime | None, BeforeValidator(_instant)] = Field(
        default=None, description="When it happened: a date, or a date and time (England's, if it names no zone)."
    )

    @field_validator("actor")
    @classmethod
    def _is_a_person(cls, actor: str) -> str:
        if actor.casefold() in OWN_NAMES:
            raise ValueError(f"{actor} is a name of the system's own; nobody acts under it")
        return actor

    @property
    def aggregate(self) -> str:
        """The record that it is decided on: the directory, unless a command says otherwise."""
        return DIRECTORY

    def under_stored_names(self, stored: Callable[[str], str]) -> Self:
        """The command with each record that it names under the stored name: written in either way it is one act."""
        del stored  # a command names none by its kind, unless it says otherwise
        return self

    @property
    def children(self) -> tuple[str, ...]:
        """The children whose keys it needs."""
        child = self.named_child
        return (child,) if child else ()

    @property
    def named_child(self) -> str | None:
        """The one child that it names; None where its kind names none, or many."""
        child: str | None = vars(self).get("child")  # asking a model for what it has not takes many times as long
        return child


RecordRef = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
"""A record as a command names it: its kind and its reference, such as `dispute/D-1`."""


@dataclass(frozen=True, slots=True)
class StoredAs:
    """The mark of a field that identities name as it was called when the first were stored (see `core.identity`)."""

    name: str


def command_name(command_class: type[Command]) -> str:
    """The name under which a command is written, such as `audit.submit`."""
    annotation = command_class.model_fields["command"].annotation
    name: str = annotation.__args__[0]  # type: ignore[union-attr]  # each command narrows the field to one literal
    return name
