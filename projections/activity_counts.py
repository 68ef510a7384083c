"""What counts towards the tasks, counted month by month in the database: for questions about all that ever was.

What is fetched follows the months, and the people and teams for whom it is counted, not the records behind them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, String, Table, cast, func, literal_column, or_, select, true

from projections.activity_tables import AUDITS, BEGAN, ENTRIES, ISSUES, SHAPE, TASKS
from projections.generations import reading
from projections.store import answering, one_state, to_json

MONTH = "YYYY-MM"
RETURNED, ALLOCATED, MODERATED = "returned", "allocated", "moderated"

Counts = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts of one authority, without what is of a day after `last`. Each row has a `day` of its month."""

    db: Connection
    tables: Mapping[str, Table]
    authority: str
    last: date | None

    def audits(self, when: str, named: Collection[str], kinds: Collection[str]) -> Counts:
        """The `number` of audits of these types (`audit_type`) that were returned, allocated or moderated in a month.

        A row for each set of those whom they name as `named`: `team`, `worker`, `auditor`, `reviewer`, `moderator`. An
        audit counts for each of its reviewers, and each of its moderations counts. Without those that were voided, and
        of the exempted ones the allocation alone.
        """
        audits = self.tables[AUDITS]
        asked: Any = audits
        said: dict[str, ColumnElement[Any]] = {each: audits.c[each] for each in named if each in audits.c}
        if "reviewer" in named:
            reviewers = self._each(audits.c.reviewers)
            asked, said["reviewer"] = asked.join(reviewers, true()), self._text(reviewers.c.value, None)
        if when == MODERATED:
            moderated = self._each(audits.c.moderated)
            asked, on = asked.join(moderated, true()), self._text(moderated.c.value, 1)
            said |= {"moderator": self._text(moderated.c.value, 0)} if "moderator" in named else {}
        else:
            on = self._written(audits.c.returned_on if when == RETURNED else audits.c.allocated_on)
        query = self._by_month(asked, on, audits.c.audit_type, *(each.label(name) for name, each in said.items()))
        query = query.add_columns(func.count().label("number")).where(
            audits.c.authority == self.authority, ~audits.c.voided, audits.c.audit_type.in_(kinds)
        )
        return self.db.execute(query if when == ALLOCATED else query.where(~audits.c.exempt)).all()

    def auditors(self) -> Counts:
        """Each `team` of which files were audited, with each `auditor` of them."""
        audits = self.tables[AUDITS].c
        own = (audits.authority == self.authority) & ~audits.voided & ~audits.exempt
        return self.db.execute(select(audits.team, audits.auditor).where(own).distinct()).all()

    def entries(
        self, kind: str, named: Collection[str], steps: Sequence[str], said: Sequence[tuple[str, str]]
    ) -> Counts:
        """The `number` for which the entries of a register count in a month, without those that were withdrawn.

        A row for each set of those whom they name as `named` (`holder`, `person`, `team`, `subject`), and of which of
        the `steps` were taken and which of the answers `said`: in their order, as `step_0`, `said_0` and so on.
        """
        entries = self.tables[ENTRIES]
        whom = (entries.c[each] for each in sorted(named))
        taken = (self._holds(entries.c.steps, each).label(f"step_{place}") for place, each in enumerate(steps))
        given = (self._holds(entries.c.said, each).label(f"said_{place}") for place, each in enumerate(said))
        query = self._by_month(entries, self._written(entries.c.day), *whom, *taken, *given)
        query = query.add_columns(func.sum(entries.c.times).label("number"))
        own = (entries.c.authority == self.authority) & (entries.c.kind == kind) & ~entries.c.withdrawn
        return self.db.execute(query.where(own)).all()

    def tasks(self) -> Counts:
        """What was done for the tasks themselves in a month, and for whom it need not be, what came first first."""
        tasks = self.tables[TASKS]
        lists = (cast(tasks.c[name], String).label(name) for name in ("evidence", "reported_to"))
        same = (tasks.c[name] for name in ("task", "skipped", "holder", "whom", "item", "ground"))
        query = self._by_month(tasks, self._written(tasks.c.day), *same, *lists)
        query = query.add_columns(func.sum(tasks.c.times).label("number")).where(tasks.c.authority == self.authority)
        return self.db.execute(query.order_by(func.min(tasks.c.position))).all()

    def issues(self) -> Counts:
        """The first issue of each report, of each of its periods, by each who issued it."""
        issues = self.tables[ISSUES].c
        same = (issues.report, issues.period, issues.unit, issues.ended_on, issues.issuer)
        query = select(*same, func.min(issues.issued_on).label("issued_on")).where(issues.authority == self.authority)
        return self.db.execute(query.group_by(*same)).all()

    def began(self) -> date | None:
        """The first day of the programme's own work, if it has begun."""
        began = self.tables[BEGAN].c
        found: date | None = self.db.execute(
            select(func.min(began.day)).where(began.authority == self.authority)
        ).scalar()
        return found

    def _by_month(self, asked: Any, on: ColumnElement[str], *same: ColumnElement[Any]) -> Any:
        month = func.substr(on, 1, len(MONTH))
        query = select(func.min(on).label("day"), *same).select_from(asked).where(on.is_not(None))
        query = query if self.last is None else query.where(on <= self.last.isoformat())
        return query.group_by(month, *(getattr(each, "element", each) for each in same))

    @property
    def _on_postgresql(self) -> bool:
        return self.db.dialect.name == "postgresql"

    def _written(self, on: ColumnElement[date]) -> ColumnElement[str]:
        """A day as its text: 2026-03-09."""
        return func.to_char(on, f"{MONTH}-DD", type_=String) if self._on_postgresql else cast(on, String)

    def _each(self, listed: ColumnElement[Any]) -> Any:
        """The values of a column's lists, for each row its own."""
        named = func.json_array_elements if self._on_postgresql else func.json_each
        return named(listed).table_valued("value", name=f"each_{listed.key}")

    def _text(self, value: ColumnElement[Any], place: int | None) -> ColumnElement[str]:
        """A value of a list as text; where it is a list itself, what stands at that place in it."""
        if self._on_postgresql:
            return value.op("#>>", return_type=String())(literal_column("'{}'" if place is None else f"'{{{place}}}'"))
        return value if place is None else func.json_extract(value, f"$[{place}]", type_=String)

    def _holds(self, listed: ColumnElement[Any], wanted: str | Sequence[str]) -> ColumnElement[bool]:
        """Whether a column's list holds that text or list, which stands in it as it is written in JSON.

        It stands behind the beginning of the list or a comma: within another text a quotation mark has a backslash.
        """
        found = func.strpos if self._on_postgresql else func.instr
        return or_(*(found(cast(listed, String), f"{before}{to_json(wanted)}") > 0 for before in "[,"))


@contextmanager
def counting(engine: Engine, authority: str, last: date | None = None) -> Iterator[Counting]:
    """Count what was done of the tasks up to the day, as of one moment.

    Unavailable where the view was never kept, Outdated where it is to be rebuilt.
    """
    with answering(engine), one_state(engine) as one, reading(SHAPE, one) as (db, tables):
        yield Counting(db, tables, authority, last)
