"""Posts and their holders: who is in which post on which day, and what the directory refuses."""

from datetime import datetime
from typing import Any

import pytest

from events.errors import Forbidden, Refused
from services.clock import LONDON
from services.directory.state import DIRECTORY, Directory, Post, fold_directory
from tests.given import given
from tests.lives import QA, Line, people


def line(command: str, at: str, **fields: Any) -> Line:
    return {"command": command, "authority": "torbay", **QA, "at": at, **fields}


def person(command: str, at: str, who: str, post: str, unit: str | None = None, **fields: Any) -> Line:
    return line(f"person.{command}", at, person=who, post=post, unit=unit, **fields)


def directory(*lines: Line) -> Directory:
    desk = given(*people("torbay"), *lines)
    return fold_directory(desk.store.load(DIRECTORY))


def holders(found: Directory, role: str, unit: str | None, at: str) -> list[str]:
    return found.holders(Post(role, unit), datetime.fromisoformat(at).replace(tzinfo=LONDON))


@pytest.mark.covers("TOR-10")
def test_a_post_is_held_from_the_instant_of_appointment_until_the_instant_of_leaving() -> None:
    """A post has its holder from the very instant of the appointment, and none from the instant of leaving."""
    found = directory(person("leave", "2026-02-01 12:00", "P-SM", "service_manager", "S-1"))
    assert holders(found, "service_manager", "S-1", "2025-09-01 08:59") == []
    assert holders(found, "service_manager", "S-1", "2025-09-01 09:00") == ["P-SM"]
    assert holders(found, "service_manager", "S-1", "2026-02-01 11:59") == ["P-SM"]
    assert holders(found, "service_manager", "S-1", "2026-02-01 12:00") == []


@pytest.mark.covers("TOR-10")
def test_a_move_is_a_leave_and_an_appointment_at_once() -> None:
    """Who moves leaves one post and takes the other at the same instant."""
    move = person("move", "2026-02-01", "P-SM", "head_of_service", "S-1", from_post="service_manager", from_unit="S-1")
    found = directory(move)
    assert holders(found, "service_manager", "S-1", "2026-02-01 09:00") == []
    assert holders(found, "head_of_service", "S-1", "2026-02-01 09:00") == ["P-HOS", "P-SM"]


def test_two_people_may_share_a_post_and_one_may_hold_two() -> None:
    """A shared post has both holders, in the order of appointment; one person's posts are all known."""
    found = directory(
        person("appoint", "2026-01-10", "P-TM", "service_manager", "S-1"),
        person("leave", "2026-03-01", "P-SM", "service_manager", "S-1"),
    )
    at = datetime(2026, 2, 1, tzinfo=LONDON)
    assert found.holders(Post("service_manager", "S-1"), at) == ["P-SM", "P-TM"]
    assert found.held_by("P-TM", at) == [Post("team_manager", "T-1"), Post("service_manager", "S-1")]
    assert not found.has_left("P-SM", at)
    assert found.has_left("P-SM", datetime(2026, 3, 1, 9, tzinfo=LONDON))


def test_who_comes_back_holds_the_post_again() -> None:
    """A second tenure of the same person leaves the gap between the two empty."""
    found = directory(
        person("leave", "2026-02-01", "P-SM", "service_manager", "S-1"),
        person("appoint", "2026-04-01", "P-SM", "service_manager", "S-1"),
    )
    days = [holders(found, "service_manager", "S-1", f"2026-{month:02}-15") for month in (1, 3, 5)]
    assert days == [["P-SM"], [], ["P-SM"]]


def test_a_team_can_move_to_another_service() -> None:
    """A team that is placed anew belongs to the new service from then on."""
    found = directory(
        line("unit.place", "2026-01-10", unit="S-2", kind="service"),
        line("unit.place", "2026-01-10", unit="T-1", kind="team", parent="S-2"),
    )
    before, after = (datetime(2026, 1, 10, hour, tzinfo=LONDON) for hour in (8, 9))
    assert found.unit_of_kind("T-1", "service", before) == "S-1"
    assert found.unit_of_kind("T-1", "service", after) == "S-2"
    assert found.unit_of_kind("T-1", "team", after) == "T-1"
    assert found.unit_of_kind("T-9", "service", after) is None
    assert (found.kind_of("S-2", before), found.kind_of("S-2", after)) == (None, "service")


MOVED = {"from_post": "service_manager", "from_unit": "S-1"}


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        (
            person("appoint", "2026-01-10", "P-SM", "service_manager", "S-1"),
            "person: P-SM is already in that post",
        ),
        (person("appoint", "2026-01-10", "P-1", "mayor"), "post: unknown role mayor"),
        (person("appoint", "2026-01-10", "P-1", "director", "S-1"), "unit: director is a post of the whole authority"),
        (
            person("appoint", "2026-01-10", "P-1", "service_manager"),
            "unit: service_manager is a post of a service; nothing is none",
        ),
        (
            person("appoint", "2026-01-10", "P-1", "service_manager", "T-1"),
            "unit: service_manager is a post of a service; T-1 is none",
        ),
        (
            person("appoint", "2026-01-10", "P-1", "team_manager", "T-9"),
            "unit: team_manager is a post of a team; T-9 is none",
        ),
        (
            person("leave", "2026-01-10", "P-1", "service_manager", "S-1"),
            "person: P-1 is not in the post service_manager of S-1",
        ),
        (person("leave", "2026-01-10", "P-SM", "director"), "person: P-SM is not in the post director"),
        (person("leave", "2026-01-10", "P-SM", "mayor"), "post: unknown role mayor"),
        (
            person("leave", "2025-08-31", "P-SM", "service_manager", "S-1"),
            "person: P-SM is not in the post service_manager of S-1",
        ),
        (
            person("move", "2026-01-10", "P-1", "director", **MOVED),
            "person: P-1 is not in the post service_manager of S-1",
        ),
        (person("move", "2026-01-10", "P-SM", "mayor", **MOVED), "post: unknown role mayor"),
        (
            line("unit.place", "2026-01-10", unit="S-2", kind="service", parent="S-1"),
            "parent: a service stands by itself",
        ),
        (
            line("unit.place", "2026-01-10", unit="T-3", kind="team"),
            "parent: a team belongs to a service; nothing is none",
        ),
        (
            line("unit.place", "2026-01-10", unit="T-3", kind="team", parent="T-1"),
            "parent: a team belongs to a service; T-1 is none",
        ),
        (
            line("unit.place", "2026-01-10", unit="T-1", kind="team", parent="S-1"),
            "unit: T-1 is already placed there",
        ),
        (
            line("person.train", "2026-01-10", person="P-1", until="2026-01-09"),
            "until: 2026-01-09 is before the day of the training",
        ),
        (
            {**line("unit.place", "2026-01-10", unit="S-2", kind="service"), "role": "director"},
            "role: director may not unit.place; that is for qa_team",
        ),
        ({**line("unit.place", "2026-01-10", unit="S-2", kind="service"), "role": "mayor"}, "role: unknown role mayor"),
    ],
)
def test_what_is_refused(tried: Line, said: str) -> None:
    """A command that the directory cannot mean is refused with field and rule, and leaves nothing behind."""
    error = Forbidden if "may not" in said else Refused
    assert given(*people("torbay")).when(tried).refused(said.partition(":")[0], error=error) == said


def test_a_repeat_changes_nothing() -> None:
    """The directory's own commands, carried out again, are repeats."""
    given(*people("torbay")).when(*people("torbay")).nothing()
