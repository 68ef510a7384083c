"""A reorganisation holds from its day on: nothing that was true before it is told otherwise afterwards."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.escalations import EscalationRaised, NoticeSent
from services.clock import LONDON, local_date
from services.directory.state import DIRECTORY, Directory, Placement, Post, Tenure, fold_directory
from services.programme.rows import paired_service
from tests.desks import TestDesk
from tests.given import Scene, given
from tests.lives import QA, TORBAY_LOWEST, Life, Line, people
from tests.services.programme.scenes import ESX, appointed, counted, owed, placed
from tests.walks import imported

NOVEMBER = "2026-11-02"


def line(command: str, at: str, **fields: Any) -> Line:
    return {"command": command, "authority": "torbay", **QA, "at": at, **fields}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def reorganised(when: str = NOVEMBER) -> list[Line]:
    """A second service with a head of its own, to which the team moves."""
    return [
        line("unit.place", when, unit="S-2", kind="service"),
        line("person.appoint", when, person="P-HOS2", post="head_of_service", unit="S-2"),
        line("person.appoint", when, person="P-SM2", post="service_manager", unit="S-2"),
        line("unit.place", when, unit="T-1", kind="team", parent="S-2"),
    ]


def told(desk: TestDesk, obligation: str) -> set[str | None]:
    facts = [each.fact for each in desk.settled("A-1").facts]
    sent = [each for each in facts if isinstance(each, EscalationRaised | NoticeSent)]
    return {each.holder for fact in sent if fact.obligation == obligation for each in fact.recipients}


@pytest.mark.parametrize(("returned", "head"), [("2026-03-20", "P-HOS"), ("2026-11-20", "P-HOS2")])
def test_an_alert_goes_to_who_was_above_the_team_on_its_day(returned: str, head: str) -> None:
    """An alert of March, worked out after November, goes to the head of March; one of November to the new head."""
    life = Life("torbay", "A-1").allocated("2026-03-02").submitted(returned, TORBAY_LOWEST)
    found = told(imported("torbay", [*people("torbay"), *reorganised(), *life]), "immediate_alert")
    assert {each for each in found if each and each.startswith("P-HOS")} == {head}


def test_what_is_recorded_late_takes_its_place_in_time() -> None:
    """A placement of February that is recorded after the one of November holds from February to November."""
    february = [
        line("unit.place", "2026-02-02", unit="S-3", kind="service"),
        line("unit.place", "2026-02-02", unit="T-1", kind="team", parent="S-3"),
    ]
    desk = given(*people("torbay"), *reorganised(), *february)
    found = fold_directory(desk.store.load(DIRECTORY))
    days = ("2026-01-15", "2026-02-15", "2026-10-15", "2026-11-15")
    assert [found.unit_of_kind("T-1", "service", at(day)) for day in days] == ["S-1", "S-3", "S-3", "S-2"]


def test_a_tenure_recorded_late_ends_no_later_one() -> None:
    """Who left in 2025, and is in the post again since, stays in it when the earlier time is recorded afterwards."""
    again = [
        line("person.leave", "2026-01-05", person="P-SM", post="service_manager", unit="S-1"),
        line("person.appoint", "2026-06-01", person="P-SM", post="service_manager", unit="S-1"),
        line("person.appoint", "2026-02-02", person="P-TM", post="service_manager", unit="S-1"),
        line("person.appoint", "2026-06-02", person="P-TM", post="head_of_service", unit="S-1"),
        line("person.leave", "2026-03-02", person="P-TM", post="service_manager", unit="S-1"),
    ]
    found = fold_directory(given(*people("torbay"), *again).store.load(DIRECTORY))
    post = Post("service_manager", "S-1")
    days = ("2025-12-01", "2026-01-20", "2026-02-20", "2026-04-01", "2026-07-01")
    assert [found.holders(post, at(day)) for day in days] == [["P-SM"], [], ["P-TM"], [], ["P-SM"]]
    assert found.ever_held_by("P-TM", at("2026-04-01")) == [Post("team_manager", "T-1"), post]


@for_all(st.permutations(range(6)), st.integers(0, 7))
def test_the_order_of_recording_changes_nothing(order: list[int], asked: int) -> None:
    """In whatever order placements and tenures are taken in, every instant has the same answer."""
    first = at("2026-01-01")
    days = [first + timedelta(days=each) for each in range(6)]
    found = Directory()
    for each in order:
        found.place("T-1", Placement(days[each], "team", f"S-{each}"))
        found.place(f"S-{each}", Placement(first, "service"))
        found.add(Tenure("P-1", Post("team_manager", f"T-{each}"), days[each], days[each] + timedelta(days=1)))
    when = first + timedelta(days=asked, hours=-1)
    wanted = [each for each in range(6) if days[each] <= when]
    assert found.unit_of_kind("T-1", "service", when) == (f"S-{wanted[-1]}" if wanted else None)
    assert found.ever_held_by("P-1", when) == [Post("team_manager", f"T-{each}") for each in wanted]
    begun = [each.since for each in found.tenures]
    assert all(before <= after for before, after in pairwise(begun))


def test_the_rows_of_june_stay_as_they_were() -> None:
    """A team that moves in November stands in June's programme under the service that it belonged to in June."""
    desk = given(
        *people(ESX),
        placed("S-2", "service"),
        placed("T-9", "team", "S-2"),
        appointed("P-OM2", "operations_manager", "S-2"),
        authority=ESX,
    )
    before = rows(desk)
    desk.do(placed("T-2", "team", "S-2", NOVEMBER))
    assert rows(desk) == before
    directory = fold_directory(desk.store.load(DIRECTORY))
    assert directory.unit_of_kind("T-2", "service", at("2026-12-01")) == "S-2"


def rows(desk: Scene) -> dict[Any, str]:
    found = counted(owed(desk, "2026-06-30", "2026-06-30", "2026-12-31"))
    assert found
    return found


def test_pairs_of_services_are_those_of_the_day() -> None:
    """A service that came in November is nobody's other service in June."""
    desk = given(
        *people(ESX), placed("S-2", "service", at=NOVEMBER), placed("T-9", "team", "S-2", NOVEMBER), authority=ESX
    )
    found = fold_directory(desk.store.load(DIRECTORY))
    assert paired_service(found, "S-1", 0, at("2026-06-30")) is None
    assert paired_service(found, "S-1", 0, at("2026-11-30")) == "S-2"


HANGS = "team T-1, team T-2, post head_of_service, post service_manager; move those first"


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        (line("unit.place", NOVEMBER, unit="T-1", kind="service"), "kind: T-1 is a team, and stays one"),
        (
            line("unit.place", NOVEMBER, unit="S-1", kind="team", parent="S-2"),
            f"kind: S-1 is a service with {HANGS}",
        ),
        (
            line("unit.place", "2025-12-01", unit="S-1", kind="team", parent="S-2"),
            f"kind: S-1 is a service with {HANGS}",
        ),
        (
            line("unit.place", NOVEMBER, unit="T-1", kind="team", parent="S-9"),
            "parent: a team belongs to a service; S-9 is none",
        ),
        (
            line("unit.place", "2025-08-01", unit="T-1", kind="team", parent="S-2"),
            "parent: a team belongs to a service; S-2 is none",
        ),
    ],
)
def test_a_unit_keeps_its_kind(tried: Line, said: str) -> None:
    """A team becomes no service, and a service with teams or posts no team; a parent is there on the day."""
    second = line("unit.place", "2025-10-01", unit="S-2", kind="service")
    assert given(*people("torbay"), second).when(tried).refused(said.partition(":")[0]) == said


def test_a_slip_can_be_mended_while_nothing_hangs_on_it() -> None:
    """A unit that was placed as a service by a slip, and on which nothing hangs, becomes the team that it is."""
    slip = line("unit.place", "2026-01-05", unit="T-7", kind="service")
    desk = given(*people("torbay"), slip, line("unit.place", "2026-01-06", unit="T-7", kind="team", parent="S-1"))
    found = fold_directory(desk.store.load(DIRECTORY))
    assert found.unit_of_kind("T-7", "service", at("2026-02-01")) == "S-1"
    assert local_date(found.placements["T-7"][0].since).isoformat() == "2026-01-05"
