"""Disputes about planning: one tier at a time, no time limits, and safety past the whole chain."""

from datetime import date, datetime
from typing import Any

import pytest

from events.disputes import DisputeEscalated, DisputeRaised
from events.errors import Forbidden, NotFound
from events.escalations import EscalationRaised, EscalationResolved, NoticeSent
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.recording import as_recorded
from services.escalations.settle import settle
from services.modules import CATALOGUE
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.given import Scene, fact, given
from tests.histories import sealed
from tests.lives import people

SOCIAL_WORKER = {
    "command": "person.appoint",
    "authority": "southwark",
    "actor": "P-QA",
    "role": "qa_lead",
    "at": "2025-09-01",
    "person": "P-SW",
    "post": "social_worker",
    "unit": "T-1",
}


def act(command: str, at: str, role: str = "reviewing_officer", **fields: Any) -> dict[str, Any]:
    head = {"command": f"dispute.{command}", "authority": "southwark", "actor": "P-IRO", "role": role}
    return {**head, "at": at, "dispute": "D-1", **fields}


def raised(at: str = "2026-03-02T10:00", *, safety: bool = False) -> dict[str, Any]:
    return act("raise", at, child="C-1", team="T-1", concern="the plan has no date", safety=safety)


def up(at: str, *, safety: bool = False) -> dict[str, Any]:
    return act("escalate", at, reason="not settled", safety=safety)


@pytest.fixture
def desk() -> Scene:
    return given(*people("southwark"), SOCIAL_WORKER, authority="southwark")


def tell(desk: Scene, at: str) -> list[tuple[str, str | None]]:
    """Who is told when the dispute is looked at: each obligation with the holder of the post."""
    history = desk.store.load("dispute/D-1")
    now = datetime.fromisoformat(at)
    settlement = settle(CATALOGUE.record_of(history), desk.policies, fold_directory(desk.store.load(DIRECTORY)), now)
    desk.store.append(*as_recorded(history, settlement.facts, now))
    facts = [each.fact for each in settlement.facts]
    return [
        (fact.obligation, to.holder)
        for fact in facts
        if isinstance(fact, NoticeSent | EscalationRaised)
        for to in fact.recipients
    ]


def tier(desk: Scene) -> str:
    acts = [each.fact for each in desk.store.load("dispute/D-1")]
    return [each.tier for each in acts if isinstance(each, DisputeRaised | DisputeEscalated)][-1]


@pytest.mark.covers("SOU-60")
def test_up_the_chain_one_tier_at_a_time(desk: Scene) -> None:
    """From the worker to the group's lead, the Head of Service and the Director, each told in turn and at once."""
    desk.do(raised())
    assert tell(desk, "2026-03-02T10:00Z") == [("dispute_at_worker", "P-SW")]
    found = []
    for day in ("03", "04", "05"):
        desk.do(up(f"2026-03-{day}T10:00"))
        found += [(tier(desk), *tell(desk, f"2026-03-{day}T10:00Z"))]
    assert found == [
        ("practice_group_lead", ("dispute_at_group_lead", "P-PGL")),
        ("head_of_service", ("dispute_at_head_of_service", "P-HOS")),
        ("director", ("dispute_at_director", "P-DIR")),
    ]
    desk.when(up("2026-03-06T10:00")).refused("dispute", "end of the chain")


@pytest.mark.covers("SOU-60")
def test_up_at_the_instant_at_which_it_was_raised(desk: Scene) -> None:
    """Nothing need pass between two acts."""
    desk.when(raised(), up("2026-03-02T10:00")).then("dispute.raised", fact("dispute.escalated", reason="not settled"))


@pytest.mark.covers("SOU-60")
def test_no_time_limit(desk: Scene) -> None:
    """A dispute that nobody settles goes nowhere by itself: no tier has a time limit."""
    desk.do(raised())
    assert tell(desk, "2026-03-02T10:00Z") == [("dispute_at_worker", "P-SW")]
    assert tell(desk, "2027-03-02T10:00Z") == []


@pytest.mark.covers("SOU-60")
def test_vacant_worker(desk: Scene) -> None:
    """Where the team has no social worker in post, the chain leads on to those above."""
    desk.do({**SOCIAL_WORKER, "command": "person.leave", "at": "2026-01-05"}, raised())
    assert tell(desk, "2026-03-02T10:00Z") == [("dispute_at_worker", "P-PGL")]


@pytest.mark.covers("SOU-61")
def test_safety_skips_the_chain(desk: Scene) -> None:
    """A matter of safety is with the Director at once, and with nobody on the way."""
    desk.do(raised(safety=True))
    assert tier(desk) == "director"
    assert tell(desk, "2026-03-02T10:00Z") == [("dispute_of_safety", "P-DIR")]


@pytest.mark.covers("SOU-61")
def test_safety_found_on_the_way(desk: Scene) -> None:
    """A dispute that becomes a matter of safety leaves out the tiers that are left."""
    desk.do(raised())
    tell(desk, "2026-03-02T10:00Z")
    desk.do(up("2026-03-03T10:00", safety=True))
    assert tier(desk) == "director"
    assert tell(desk, "2026-03-03T10:00Z") == [("dispute_of_safety", "P-DIR")]


@pytest.mark.covers("SOU-60")
def test_settled(desk: Scene) -> None:
    """Settled, its escalation is resolved, and nothing more can be done to it."""
    desk.do(raised(), up("2026-03-03T10:00"))
    tell(desk, "2026-03-03T10:00Z")
    desk.do(act("resolve", "2026-03-04T10:00", resolution="a date was set"))
    tell(desk, "2026-03-04T10:00Z")
    assert any(isinstance(each.fact, EscalationResolved) for each in desk.store.load("dispute/D-1"))
    for line in (up("2026-03-05T10:00"), act("resolve", "2026-03-05T10:00", resolution="again")):
        desk.when(line).refused("dispute", "already resolved")


@pytest.mark.covers("SOU-60")
def test_refusals(desk: Scene) -> None:
    """No step without a dispute, none twice, none before the last, and none in a framework without a chain."""
    desk.when(up("2026-03-03T10:00")).refused("dispute", error=NotFound)
    desk.do(raised())
    desk.when(raised("2026-03-03T10:00")).refused("dispute", "already raised")
    desk.when(up("2026-03-01T10:00")).refused("at", "2026-03-01 is before the last act on it, on 2026-03-02")
    desk.when(act("resolve", "2026-03-03T10:00", role="performance_team", resolution="so be it")).refused(
        "role", "may not dispute", error=Forbidden
    )
    given(authority="halton").when(raised() | {"authority": "halton", "role": "qa_team"}).refused(
        "role", error=Forbidden
    )


@pytest.mark.covers("SOU-60")
def test_words_are_sealed(desk: Scene) -> None:
    """What is said about a child in a dispute is sealed with that child's key."""
    desk.when(raised(), up("2026-03-03T10:00")).then(
        fact("dispute.raised", "dispute/D-1", concern=sealed("the plan has no date", child="C-1")),
        fact("dispute.escalated", "dispute/D-1", reason=sealed("not settled", child="C-1")),
    )


def test_without_a_chain_there_are_no_disputes() -> None:
    """Where the framework names no tiers nobody can raise one, whoever may otherwise."""
    policies = SHIPPED["southwark"]
    without = Policies("southwark", tuple(each.model_copy(update={"dispute_chain": ()}) for each in policies.versions))
    desk = given(*people("southwark"), SOCIAL_WORKER, authority="southwark", policies=without)
    desk.when(raised()).refused("dispute", "the framework knows no chain for disputes")


def test_a_tier_that_is_called_otherwise_since(desk: Scene) -> None:
    """A dispute goes up from where its tier stood in the chain of its own version, or from the bottom of today's."""
    [first, *_] = SHIPPED["southwark"].versions
    renamed = ("advanced_practitioner", "practice_group_lead", "director")
    later = {"version": "later", "effective_from": date(2026, 3, 3), "dispute_chain": renamed}
    versions = Policies("southwark", (first, first.model_copy(update=later)))
    given(*people("southwark"), SOCIAL_WORKER, raised(), authority="southwark", policies=versions).when(
        up("2026-03-04T10:00")
    ).then(fact("dispute.escalated", "dispute/D-1", tier="practice_group_lead"))
    gone = {
        "version": "last",
        "effective_from": date(2026, 3, 5),
        "dispute_chain": ("advanced_practitioner", "director"),
    }
    versions = Policies("southwark", (*versions.versions, first.model_copy(update=gone)))
    desk = given(
        *people("southwark"),
        *(SOCIAL_WORKER, raised(), up("2026-03-04T10:00"), up("2026-03-04T11:00")),
        authority="southwark",
        policies=versions,
    )
    desk.when(up("2026-03-06T10:00")).refused("dispute", "director is the end of the chain")


def test_what_was_never_raised(desk: Scene) -> None:
    """A dispute that there is none of is not found, whatever is wanted of it."""
    desk.when(up("2026-03-03T10:00")).refused("dispute", error=NotFound)
