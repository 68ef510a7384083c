"""Options that several commands share, and the settings made from them."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import orjson
import typer
from pydantic import TypeAdapter, ValidationError

from events.base import Ref
from events.errors import Refused
from services.clock import local_date
from services.modules import kinds
from services.settings import Settings, read_settings
from workers.asking.pages import NAME_BYTES, Mark, page
from workers.cli.spread import asked
from workers.system import System

if TYPE_CHECKING:
    from projections.cut import Cut, Part
    from projections.moments import Moment

Data = Annotated[Path | None, typer.Option(help="The data folder (default: .sightline, or SIGHTLINE_DATA).")]
Nats = Annotated[str | None, typer.Option(help="A nats-server elsewhere, instead of the embedded one.")]
Database = Annotated[str | None, typer.Option(help="A database for the views, instead of SQLite: postgresql://…")]
PolicyFolder = Annotated[Path | None, typer.Option("--policies", help="A folder of policies (default: shipped).")]
Authority = Annotated[str, typer.Argument(help="The authority, such as torbay.")]
"""Comes first, whatever the command: `--authority` is understood as well (see `workers.cli.verbs.Groups`)."""

AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
Unverified = Annotated[
    bool,
    typer.Option(
        "--unverified", help="Take history although the directory does not bear out who acted; it is marked as such."
    ),
]
AsAt = Annotated[
    str | None,
    typer.Option("--as-at", help="As it was at the end of this day (YYYY-MM-DD), by all that is known today."),
]
AsKnown = Annotated[
    str | None,
    typer.Option("--as-known", help="As it was known at the end of this day (YYYY-MM-DD): what was recorded by then."),
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Judge lateness as on this date (YYYY-MM-DD).")]
Audit = Annotated[str | None, typer.Option(help="Only this audit.")]

T = TypeVar("T")

USUAL_PAGE = 100
"""Rows of a table, unless somebody asks for more or for fewer."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the histories and the policies of a call are."""

    data: Data = None
    nats: Nats = None
    policies: PolicyFolder = None

    @property
    def settings(self) -> Settings:
        """The settings, with what was given on the command line in front."""
        return settings_of(self.data, self.nats, policies=self.policies)


@dataclass(frozen=True, kw_only=True)
class PlaceOfViews(Place):
    """Where the histories, the policies and the views of a call are."""

    database: Database = None

    @property
    def settings(self) -> Settings:
        """The settings, with what was given on the command line in front."""
        return settings_of(self.data, self.nats, self.database, self.policies)


@dataclass(frozen=True, kw_only=True)
class Question(Place):
    """A question, or an order, whose answer can be had as JSON."""

    as_json: AsJson = False


@dataclass(frozen=True, kw_only=True)
class QuestionOfViews(PlaceOfViews):
    """A question that the views answer, as a table or as JSON."""

    as_json: AsJson = False


@dataclass(frozen=True, kw_only=True)
class QuestionInTime(QuestionOfViews):
    """A question that can be asked as at a day in the past, in either sense or in both (see `projections.moments`)."""

    as_at: AsAt = None
    as_known: AsKnown = None

    def moment(self, system: System) -> "Moment | None":
        """The moment that it is asked about; None for the present. Refused for what is no day that has come."""
        at = day(self.as_at, system, "as-at") if self.as_at is not None else None
        known = day(self.as_known, system, "as-known") if self.as_known is not None else None
        if at is None and known is None:
            return None
        from workers.asking.past import moment_of  # noqa: PLC0415 - most questions are about the present

        return moment_of(system, at, known)


@dataclass(frozen=True, kw_only=True)
class InPages:
    """Which part of a list is shown: whatever asks for a list takes these, and shows the page of it that they name.

    A table ends after a page that a person reads. JSON is for programs, which take a part for the whole: it ends where
    they say. Standard error tells where a part ended, and how to go on.
    """

    limit: Annotated[
        int | None,
        typer.Option(min=0, show_default=f"{USUAL_PAGE}; all with --json", help="So many rows; 0: all of them."),
    ] = None
    after: Annotated[str | None, typer.Option(help="Go on after this place, as the page before named it.")] = None

    def part(self, rows: Sequence[T], *, as_json: bool) -> tuple[Sequence[T], str | None]:
        """The page of a list that is worked out, and what is to be said of it: nothing where no row comes after.

        Refused, naming the option, for a place that is none in the list.
        """
        found = page(rows, self._most(as_json=as_json), self._mark)
        if found.mark is None:
            return found.rows, None
        written = urlsafe_b64encode(b"".join(found.mark)).decode()
        last = found.before + len(found.rows)
        return found.rows, f"rows {found.before + 1} to {last} of {found.among}; {_further(written)}"

    def cut(self, listed: "Callable[[Cut], Part[T]]", name: str, *, as_json: bool) -> "tuple[Part[T], str | None]":
        """The page of a list that its view cuts (see `projections.cut`), and what is to be said of it, as of `part`.

        `name` is the list's: a place of another one is refused, naming the option.
        """
        from projections.cut import Cut  # noqa: PLC0415 - whoever lists the commands asks no view

        before, after = self._place(name)
        found = listed(Cut(self._most(as_json=as_json), after))
        if found.place is None:
            return found, None
        last = before + len(found)
        written = urlsafe_b64encode(orjson.dumps([name, last, *found.place])).decode().rstrip("=")
        return found, f"rows {before + 1} to {last}, and more come after; {_further(written)}"

    def _most(self, *, as_json: bool) -> int | None:
        usual = None if as_json else USUAL_PAGE
        return usual if self.limit is None else self.limit or None

    def _place(self, name: str) -> tuple[int, list[Any] | None]:
        """How many rows of the list lie before the place, and the place; None for the first row."""
        if self.after is None:
            return 0, None
        try:
            told = orjson.loads(_decoded(self.after + "=" * (-len(self.after) % 4)))
        except ValueError:
            told = None
        match told:
            case [str() as of, int() as before, *place] if of == name:
                return before, place
        raise Refused("after", "is no place in this list; take it from the page before")

    @property
    def _mark(self) -> Mark | None:
        if self.after is None:
            return None
        held = _decoded(self.after)
        if not held or len(held) % NAME_BYTES:
            raise Refused("after", "is no place in a list; take it from the page before")
        return tuple(held[each : each + NAME_BYTES] for each in range(0, len(held), NAME_BYTES))


OF_THE_PAGE = ("limit", "after", "as_json")
"""What a question may be asked with anew while its pages are turned."""


def asked_beside_the_page() -> str:
    """What the command was asked, by a few letters that are other ones for another question."""
    told = sorted((name, str(value)) for name, value in asked.get().items() if name not in OF_THE_PAGE)
    return sha256(repr(told).encode()).hexdigest()[:8]


def _decoded(place: str) -> bytes:
    """What a place holds; nothing where it is none."""
    try:
        return b64decode(place.encode(), altchars=b"-_", validate=True)
    except ValueError:  # also for what is not ASCII
        return b""


def _further(place: str) -> str:
    return f"go on with --after {place}, or show all with --limit 0"


@dataclass(frozen=True, kw_only=True)
class QuestionOfList(InPages, QuestionInTime):
    """A question whose answer is a list, shown page by page."""


@dataclass(frozen=True, kw_only=True)
class About:
    """The record that a question is about, if it is about one alone. `matter` is what `record` was called at first."""

    audit: Audit = None
    record: Annotated[
        str | None,
        typer.Option(help="Only this record, where it is not an audit: dispute/D-1, entry/E-1, round/2026-05"),
    ] = None
    matter: Annotated[str | None, typer.Option(hidden=True, help="As --record.")] = None

    @property
    def named(self) -> str | None:
        """The record, such as `audit/A-1`; None for all. Refused if it is named twice, or not well."""
        given = [each for each in (self.record, self.matter) if each is not None]
        if len(given) + (self.audit is not None) > 1:
            raise Refused("record", "name either --audit or --record, and once")
        if not given:
            return f"audit/{self.audit}" if reference("audit", self.audit) is not None else None
        record = kinds().stored(given[0])
        kind, _, ref = record.partition("/")
        if kind not in kinds().owing:
            raise Refused("record", f"{given[0]!r} is none; write for example dispute/D-1 or entry/E-1")
        reference("record", ref)
        return record


def settings_of(
    data: Path | None = None, nats: str | None = None, database: str | None = None, policies: Path | None = None
) -> Settings:
    """The settings, with what was given on the command line in front."""
    return read_settings(data=data, nats=nats, database=database, policies=policies)


def known_authority(system: System, authority: str) -> str:
    """The authority, if there is a policy for it; Refused otherwise, PolicyError where its files break a rule."""
    return system.known(authority)


def day(text: str | None, system: System, option: str = "as-of") -> date:
    """The date given, or today's by the system's clock. Refused if it is no date."""
    return local_date(system.clock()) if text is None else written_day(text, option)


def written_day(text: str, option: str) -> date:
    """The date as it was typed. Refused if it is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar date has no zone
    except ValueError as error:
        raise Refused(option, f"{text!r} is not a valid date; write YYYY-MM-DD") from error


def reference(option: str, text: str | None) -> str | None:
    """The reference that was given, or None. Refused if no audit or child can have it: that would look like no work."""
    if text is None:
        return None
    try:
        return _references().validate_python(text)
    except ValidationError as error:
        rule = f"{text!r} is not a valid reference; it has up to 64 letters, digits, hyphens and underscores"
        raise Refused(option, rule) from error


def require_one_of(option: str, named: str | None, known: Collection[str]) -> None:
    """Refused, with all that there are, for a name that is none of them: nothing to show would look like no work."""
    if named is not None and named not in known:
        raise Refused(option, f"there is no {named}; known: {', '.join(known) or 'none'}")


@cache
def _references() -> TypeAdapter[str]:
    """What every reference is held to; most calls name none."""
    return TypeAdapter(Ref)
