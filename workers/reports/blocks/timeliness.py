"""Returns, moderations and closings: in time, late, open, and the middle of the days that they took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from projections.counted_records import CountedAudit, Mark
from services.obligations.calendar import WorkingCalendar
from services.policy.blocks.timeliness import Timed, Timeliness
from workers.reports.blocks.audits import chosen
from workers.reports.counting import TOTAL, Thing, count, middle, slug, thing
from workers.reports.material import Material, Question, taken_back
from workers.reports.page import Block, Column, Figure, Row, Table
from workers.reports.placing import head, rows, under

MAKES = Timeliness

State = Literal["in time", "late", "done, no day", "open, in time", "open, late", "open, no day"]
STATES: tuple[State, ...] = ("in time", "late", "done, no day", "open, in time", "open, late", "open, no day")
CALLED: dict[State, str] = {"done, no day": "done, no date set", "open, no day": "open, no date set"}
TITLES: dict[Timed, str] = {"return": "Return", "moderation": "Moderation", "closing": "Closing"}
ENDS: dict[Timed, str] = {"return": "audit.submitted", "moderation": "audit.moderated", "closing": "audit.closed"}


@dataclass(frozen=True, slots=True)
class _Timed:
    """One audit in one respect: how it stands, and the days that it took."""

    thing: Thing
    state: State


def make(block: Timeliness, key: str, material: Material) -> tuple[Block, ...]:
    """A table for each of `of`; a row in all, or for each of `by`."""
    return tuple(_table(block, f"{key}.{of}", of, material) for of in block.of)


def _table(block: Timeliness, key: str, of: Timed, material: Material) -> Table:
    asked = material.asked
    held = list(timed(block, of, material, asked))
    made = [
        Row(title=title, cells=_cells(f"{key}.{slug(name)}", [each for each in held if each.thing.under == name]))
        for name, title in rows(block.by, (each.thing.under for each in held), material, asked)
    ]
    made.append(Row(title=TOTAL, cells=_cells(f"{key}.all", held), total=bool(made)))
    days = "working days" if block.working_days else "days"
    named = (*(Column(title=CALLED.get(each, each).capitalize()) for each in STATES), Column(title=TOTAL, total=True))
    return Table(
        key=key,
        title=f"{block.title}: {TITLES[of].lower()}" if block.title else TITLES[of],
        stub=head(block.by, material),
        columns=(*named, Column(title=f"Median {days}")),
        rows=tuple(made),
        adds_up=True,
    )


def _cells(key: str, held: Sequence[_Timed]) -> tuple[Figure, ...]:
    each = [count(f"{key}.{slug(state)}", (one.thing for one in held if one.state == state)) for state in STATES]
    took = (one.thing for one in held if one.thing.value is not None)
    return (*each, count(f"{key}.all", (one.thing for one in held)), middle(f"{key}.days", took))


def timed(block: Timeliness, of: Timed, material: Material, asked: Question) -> Iterator[_Timed]:
    """Each audit that was done in the period, or was open at its end."""
    calendar = WorkingCalendar.of(material.policy)
    for audit in chosen(block, material, asked):
        since, done = begun(audit, of), audit.mark(ENDS[of])
        if taken_back(audit) or since is None:
            continue
        due = due_of(audit, of, since, block, calendar)
        name = under(block.by, audit, material, asked)
        if done is not None:
            if done.day in asked.period:
                took = Decimal(days(since.day, done.day, calendar if block.working_days else None))
                yield _Timed(thing(audit.about, since, done, under=name, value=took), _done(due, done.day))
        elif audit.stage != "closed":
            yield _Timed(thing(audit.about, since, under=name), _open(due, asked.day))


def begun(audit: CountedAudit, of: Timed) -> Mark | None:
    """What the days are counted from; None where it has not come."""
    return audit.begun if of == "return" else audit.mark("audit.submitted")


def due_of(audit: CountedAudit, of: Timed, since: Mark, block: Timeliness, calendar: WorkingCalendar) -> date | None:
    """The last day for it; None where none is set."""
    match of:
        case "return":
            return audit.due
        case "moderation":
            return audit.moderation_due
        case "closing":
            within = block.closing_within
            return calendar.shift(since.day, within) if within else None


def days(first: date, last: date, calendar: WorkingCalendar | None) -> int:
    """How many days, or working days by a calendar, `last` lies after `first`: 0 on the same day."""
    if calendar is None:
        return (last - first).days
    return sum(calendar.is_working(first + timedelta(days=each)) for each in range(1, (last - first).days + 1))


def _done(due: date | None, done: date) -> State:
    if due is None:
        return "done, no day"
    return "late" if done > due else "in time"


def _open(due: date | None, day: date) -> State:
    if due is None:
        return "open, no day"
    return "open, late" if day > due else "open, in time"
