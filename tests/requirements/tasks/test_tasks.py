"""East Sussex's tasks: each falls due on its days, to whoever owes it, and is met by no less than what it asks for."""

import pytest

from services.programme.owed import TaskRow
from tests.desks import SHIPPED
from tests.requirements.tasks.east_sussex import NO_CASE, ROWS
from tests.requirements.tasks.rows import Clock, Owed
from tests.requirements.tasks.year import done, done_in_part, lesser, skipped, undone
from tests.services.programme.scenes import ends_of

EACH = [pytest.param(task, id=f"east-sussex:{task.name}", marks=pytest.mark.covers(*task.covers)) for task in ROWS]


def first_of(rows: list[TaskRow], task: Owed, clock: Clock) -> TaskRow:
    """The row of a clock's first period about the first whom the task is about."""
    end = ends_of(clock.every)[0]
    then = [each for each in task.clocks if end in ends_of(each.every)]
    due = [row for row in rows if (str(row.due), row.about) == (end, task.each[0].name)]
    return due[then.index(clock)]


def test_every_task_has_its_line() -> None:
    """No task is owed that the table does not tell of, and none is missing."""
    assert [each.name for each in SHIPPED["east-sussex"].newest.duties] == [task.name for task in ROWS]


@pytest.mark.parametrize("task", EACH)
def test_when_a_task_is_due_and_to_whom(task: Owed) -> None:
    """At the end of each of its periods, about each, by its post and that post's holder there, to its bodies."""
    asked = [
        (end, clock.every, task.by, tuple(clock.to.split()), clock.count, each.name, each.unit, each.whose)
        for clock in task.clocks
        for end in ends_of(clock.every)
        for each in task.each
    ]
    rows = undone().rows[task.name]
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


@pytest.mark.parametrize("task", EACH)
def test_what_meets_a_task(task: Owed) -> None:
    """What each clock asks for meets its first period, about that one alone; without any part of it nothing does."""
    for number, clock in enumerate(task.clocks):
        year = done(number)
        assert not [each for each in year.refused if each.startswith(f"{task.name}:")]
        rows = year.rows[task.name]
        assert first_of(rows, task, clock).state == "met"
        others = [row for row in rows if str(row.first) != "2026-04-01" or row.about != task.each[0].name]
        assert {row.state for row in others} <= {"overdue"}
        for part, less in enumerate(lesser(clock)):
            found = first_of(done_in_part(number, part).rows[task.name], task, clock)
            assert (less, found.state) == (less, "overdue")


@pytest.mark.parametrize("task", EACH)
def test_when_a_task_may_be_left_out(task: Owed) -> None:
    """About one for a period where the table knows the reason, and for no other reason."""
    for ground in (NO_CASE, "holidays"):
        left_out = [row for row in skipped(ground).rows[task.name] if row.state == "skipped"]
        first = [(ends_of(task.clocks[0].every)[0], task.each[0].name)]
        assert [(str(row.due), row.about) for row in left_out] == (first if task.unless == ground else [])
        no_ground = f"{task.name}: ground" in skipped(ground).refused
        assert no_ground is (task.unless != ground and task.each[0].name is not None)
