"""The tasks of each council: due on their days, owed by whoever owes them, and met by no less than they ask for."""

import pytest

from services.programme.owed import TaskRow
from tests.desks import SHIPPED
from tests.requirements.tasks.councils import COUNCILS
from tests.requirements.tasks.east_sussex import NO_CASE
from tests.requirements.tasks.rows import About, Clock, Owed
from tests.requirements.tasks.year import done, done_in_part, lesser, may_be_less, skipped, undone
from tests.services.programme.scenes import begin_of, ends_of

EACH = [
    pytest.param(council, task, id=f"{council}:{task.name}", marks=pytest.mark.covers(*task.covers))
    for council, held in COUNCILS.items()
    for task in held.rows
]
IN_PART = [each for each in EACH if may_be_less(*each.values)]  # type: ignore[arg-type]  # a council and its task


def first_of(rows: list[TaskRow], task: Owed, clock: Clock) -> TaskRow:
    """The row of a clock's first period about the first whom the task is about."""
    end = ends_of(clock.every)[0]
    then = [each for each in task.clocks if end in ends_of(each.every)]
    due = [row for row in rows if (str(row.due), row.about) == (end, task.each[0].name)]
    return due[then.index(clock)]


def owes(task: Owed, about: About, clock: Clock, end: str) -> bool:
    """Whether whoever it is about was there long enough for the period of that end."""
    return about.since <= (end if task.at_once else begin_of(clock.every, end))


@pytest.mark.parametrize("council", COUNCILS)
def test_every_task_has_its_line(council: str) -> None:
    """No task is owed that the table does not tell of, and none is missing."""
    assert [each.name for each in SHIPPED[council].newest.duties] == [task.name for task in COUNCILS[council].rows]


@pytest.mark.parametrize(("council", "task"), EACH)
def test_when_a_task_is_due_and_to_whom(council: str, task: Owed) -> None:
    """At the end of each of its periods, about each, by its post and that post's holder there, to its bodies."""
    asked = [
        (end, clock.every, task.by, tuple(clock.to.split()), clock.count, each.name, each.unit, each.whose)
        for clock in task.clocks
        for end in ends_of(clock.every)
        for each in task.each
        if owes(task, each, clock, end)
    ]
    rows = undone(council).rows[task.name]
    alone = {None} if task.each[0].whose is None else {each.whose for each in task.each}
    found = [
        (
            *(str(row.due), row.every, row.role, row.reports_to, row.needed, row.about, row.unit),
            next((each for each in row.holders if each in alone), None),
        )
        for row in rows
    ]
    assert sorted(found, key=str) == sorted(asked, key=str)
    assert {row.state for row in rows} == {"overdue"}


@pytest.mark.parametrize(("council", "task"), EACH)
def test_what_meets_a_task(council: str, task: Owed) -> None:
    """What each clock asks for meets its first period, about that one alone, and no clock that asks for more."""
    for number, way in enumerate(task.ways):
        year = done(council, number)
        assert [field for name, field in year.refused if name == task.name] == []
        rows = year.rows[task.name]
        met = [clock for clock in task.clocks if any(map(way.does, clock.ways))]
        assert met
        for clock in task.clocks:
            assert (clock, first_of(rows, task, clock).state) == (clock, "met" if clock in met else "overdue")
        firsts = {begin_of(clock.every, ends_of(clock.every)[0]) for clock in task.clocks}
        others = [row for row in rows if str(row.first) not in firsts or row.about != task.each[0].name]
        assert {row.state for row in others} <= {"overdue"}


@pytest.mark.parametrize(("council", "task"), IN_PART)
def test_what_does_not_meet_a_task(council: str, task: Owed) -> None:
    """Without any part of what is asked for nothing is met: it is taken for less, or refused for that part."""
    for number, way in enumerate(task.ways):
        clock = next(each for each in task.clocks if way in each.ways)
        for part, (less, field) in enumerate(lesser(council, way)):
            year = done_in_part(council, number, part)
            assert {refused for name, refused in year.refused if name == task.name} <= {field}
            assert (less, first_of(year.rows[task.name], task, clock).state) == (less, "overdue")


@pytest.mark.parametrize(("council", "task"), [each for each in EACH if str(each.id).startswith("east-sussex")])
def test_when_a_task_may_be_left_out(council: str, task: Owed) -> None:
    """About one for a period where the table knows the reason, and for no other reason."""
    for ground in (NO_CASE, "holidays"):
        year = skipped(council, ground)
        left_out = [row for row in year.rows[task.name] if row.state == "skipped"]
        first = [(ends_of(task.clocks[0].every)[0], task.each[0].name)]
        assert [(str(row.due), row.about) for row in left_out] == (first if task.unless == ground else [])
        no_ground = (task.name, "ground") in year.refused
        assert no_ground is (task.unless != ground and task.each[0].name is not None)
