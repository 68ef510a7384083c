"""Recording what was done towards a task: what is taken, what is refused, and that a repeat changes nothing."""

from collections.abc import Mapping
from typing import Any

import pytest

from events.errors import Forbidden, Refused
from events.programme import TaskRecorded, TaskSkipped
from tests.given import fact
from tests.lives import Line
from tests.services.programme.scenes import activity, desk_in_east_sussex, skipped

BY_OM: dict[str, str] = {"actor": "P-OM", "role": "operations_manager"}
SUPERVISION: Line = {"about": "P-AUD", "item": "supervision audit", "concern": False}


@pytest.mark.covers("ESX-3.3", "ESX-N8")
def test_what_was_done_is_recorded_once() -> None:
    """An activity is one event on its task's record of the month, for its actor, and a repeat is none."""
    desk = desk_in_east_sussex()
    command = activity("t3_3", "2026-05-14", **BY_OM, **SUPERVISION)
    done = fact("duty.recorded", "duty/t3_3-2026-05", holder="P-OM", about="P-AUD", on="2026-05-14")
    desk.when(command).then(done).when(command).nothing()
    desk.when(activity("t3_3", "2026-06-01", **BY_OM, **SUPERVISION)).then(fact("duty.recorded", "duty/t3_3-2026-06"))


def test_a_task_of_the_authority_may_be_about_somebody() -> None:
    """What the authority owes as one may name what it was done about; it counts all the same."""
    desk_in_east_sussex().when(activity("t1_5", "2026-05-14", about="P-SW")).then(
        fact("duty.recorded", "duty/t1_5-2026-05", about="P-SW", holder="P-QA")
    )


@pytest.mark.covers("ESX-N2", "ESX-N41")
def test_recorded_on_behalf() -> None:
    """The group that keeps the records may record for the person who did it."""
    desk = desk_in_east_sussex()
    [done] = desk.do(activity("t3_3", "2026-05-14", holder="P-OM", **SUPERVISION))
    assert isinstance(done.events[0].fact, TaskRecorded)
    assert (done.events[0].fact.holder, done.events[0].envelope.actor) == ("P-OM", "P-QA")


@pytest.mark.covers("A-ESX-21")
def test_a_skip_is_recorded_with_its_ground() -> None:
    """A skip says about whom and why; the same again is refused."""
    desk = desk_in_east_sussex()
    [done] = desk.do(skipped("t3_16", "2026-04-15", "P-SW"))
    assert done.events[0].fact == TaskSkipped.model_validate(
        {"duty": "t3_16", "on": "2026-04-15", "about": "P-SW", "ground": "no open case"}
    )
    desk.when(skipped("t3_16", "2026-04-15", "P-SW") | {"id": "another"}).refused("about", "already skipped")


REFUSALS: dict[str, tuple[Mapping[str, Any], str]] = {
    "an unknown task": (activity("t9_9", "2026-05-14"), "duty: unknown programme task t9_9"),
    "a standing task": (activity("t1_1", "2026-05-14"), "duty: unknown programme task t1_1"),
    "another role": (
        activity("t3_3", "2026-05-14", "P-HOS", "head_of_service", **SUPERVISION),
        "role: t3_3 is for operations_manager, or for qa_team on their behalf",
    ),
    "a role without the act": (
        activity("t3_3", "2026-05-14", "P-SW", "practitioner"),
        "role: practitioner may not duty.record",
    ),
    "a day ahead": (activity("t1_5", "2026-05-14") | {"on": "2026-05-15"}, "on: 2026-05-15 lies ahead"),
    "a holder without the post": (
        activity("t3_3", "2026-05-14", **BY_OM, holder="P-SW", **SUPERVISION),
        "holder: P-SW did not hold the role operations_manager on 2026-05-14",
    ),
    "nobody known": (
        activity("t3_3", "2026-05-14", **BY_OM, item="supervision audit", about="P-X", concern=False),
        "about: t3_3 is about somebody in a post of practice_manager; P-X is none",
    ),
    "a team that is none": (
        activity("t3_15_summary", "2026-05-14", **BY_OM, item="summary", about="S-1"),
        "about: t3_15_summary is about a known other team; S-1 is none",
    ),
    "an area that is none": (activity("t4_13", "2026-05-14", about="moon"), "about: t4_13 is about a known area"),
    "somebody beside the holder": (
        activity("t3_4", "2026-05-14", **BY_OM, about="P-SW"),
        "about: t3_4 is about nobody beside its holder",
    ),
    "an unknown item": (
        activity("t3_3", "2026-05-14", **BY_OM, **{**SUPERVISION, "item": "tea"}),
        "item: unknown item tea; known: supervision audit",
    ),
    "unknown evidence": (
        activity("t1_7", "2026-05-14", item="meeting", evidence=["late help"]),
        "evidence: unknown evidence late help; known: early help",
    ),
    "an unknown body": (
        activity("t1_9", "2026-05-14", reported_to=["senate"]),
        "reported_to: unknown reported to senate; known: ad_early_help, ad_planning, ad_safeguarding, ",
    ),
    "no answer on concerns": (
        activity("t3_3", "2026-05-14", **BY_OM, **{**SUPERVISION, "concern": None}),
        "concern: t3_3 needs the answer",
    ),
    "what entries count": (
        activity("t4_5", "2026-05-14", "P-QA", "qa_team"),
        "duty: t4_5 counts entries of themed_audit: record one of them",
    ),
    "skipped for no holder": (
        skipped("t3_8_cpa", "2026-04-15", "P-OM"),
        "about: t3_8_cpa is owed by each cpa; P-OM is none",
    ),
    "another ground": (skipped("t3_16", "2026-04-15", "P-SW", "sunny"), "ground: t3_16 may be skipped for: no open"),
    "what is never skipped": (skipped("t3_3", "2026-04-15", "P-AUD"), "ground: t3_3 is never skipped"),
}


ANOTHERS = {"a role without the act", "a holder without the post"}
"""What would be another's to do: who asks is refused, not what is asked."""


@pytest.mark.covers("A-ESX-04", "A-ESX-21", "ESX-3.3")
@pytest.mark.parametrize("name", REFUSALS)
def test_refused(name: str) -> None:
    """What could never count is refused with its field and rule, and leaves nothing behind."""
    command, rule = REFUSALS[name]
    desk = desk_in_east_sussex()
    desk.unverified = False
    error = Forbidden if name in ANOTHERS else Refused
    assert desk.when(command).refused(rule.partition(":")[0], error=error).startswith(rule)
