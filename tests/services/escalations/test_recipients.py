"""Who is told: the holder of the post when the step fires, and whoever stands in for a vacant one."""

from pathlib import Path

import pytest

from tests.edited import policies_of
from tests.given import fact, given
from tests.lives import QA, TORBAY_LOWEST, Life, Line, people
from tests.services.escalations.scenes import (
    AUDITOR,
    HEAD_OF_SERVICE,
    OUTSTANDING,
    SERVICE_MANAGER,
    TEAM_MANAGER,
    lapsed,
    person,
    raised,
    resolved,
    sent,
)

LISTED = "2026-02-03 08:00"
REMINDER = sent("reminder", AUDITOR)


@pytest.mark.covers("A-ALL-09")
def test_a_vacancy_goes_one_tier_up_and_is_flagged() -> None:
    """A notice to a vacant post goes to the tier above, and names the vacancy."""
    scene = given(person("leave", "P-SM", "service_manager", "S-1", "2026-01-02"), *OUTSTANDING, live=True)
    above = {"role": "head_of_service", "unit": "S-1", "holder": "P-HOS", "vacant": ("service_manager of S-1",)}
    whom = {"asked": "service_manager over auditor", **above}
    scene.on(LISTED).then(REMINDER, fact("escalation.raised", step="outstanding_list", recipients=[whom]))


@pytest.mark.covers("A-ALL-09")
def test_a_vacant_chain_ends_at_the_fallback() -> None:
    """With every post above vacant the notice reaches the last resort, and names every vacancy on the way."""
    gone = [("P-SM", "service_manager", "S-1"), ("P-HOS", "head_of_service", "S-1"), ("P-DIR", "director", None)]
    scene = given(*(person("leave", *each, "2026-01-02") for each in gone), *OUTSTANDING, live=True)
    vacant = ("service_manager of S-1", "head_of_service of S-1", "director")
    whom = {"role": "qa_team", "holder": None, "vacant": vacant}
    scene.on(LISTED).then(REMINDER, fact("escalation.raised", step="outstanding_list", recipients=[whom]))


@pytest.mark.covers("A-TOR-13")
@pytest.mark.parametrize(
    ("auditor", "first", "second"),
    [
        ("P-AUD", ("service_manager", "P-SM"), ("head_of_service", "P-HOS")),
        ("P-SM", ("head_of_service", "P-HOS"), ("head_of_service", "P-HOS")),
        ("P-HOS", ("director", "P-DIR"), ("director", "P-DIR")),
        ("P-DIR", ("qa_team", None), ("qa_team", None)),
        ("P-UNKNOWN", ("service_manager", "P-SM"), ("head_of_service", "P-HOS")),
    ],
)
def test_over_the_auditor_is_above_the_auditors_own_tier(
    auditor: str, first: tuple[str, str | None], second: tuple[str, str | None]
) -> None:
    """An auditor at the level of the post, or above it, is chased by way of the tier above their own."""
    scene = given(*people("torbay"), *Life("torbay", "A-1", auditor=auditor).allocated("2026-01-05"))
    scene.on("2026-02-16 08:00").then("notice.sent", raised("outstanding_list", first), raised("second_notice", second))


@pytest.mark.covers("TOR-10")
@pytest.mark.parametrize(
    ("changes", "holders"),
    [
        ([], ["P-SM"]),
        ([person("appoint", "P-SM2", "service_manager", "S-1", "2026-02-02")], ["P-SM", "P-SM2"]),
        ([person("appoint", "P-SM2", "service_manager", "S-1", "2026-02-03 08:01")], ["P-SM"]),
        (
            [
                person("leave", "P-SM", "service_manager", "S-1", "2026-01-31"),
                person("appoint", "P-SM2", "service_manager", "S-1", "2026-02-03 07:59"),
            ],
            ["P-SM2"],
        ),
        ([person("leave", "P-SM", "service_manager", "S-1", "2026-02-03 08:00")], ["P-HOS"]),
        ([person("leave", "P-SM", "service_manager", "S-1", "2026-02-03 08:01")], ["P-SM"]),
    ],
    ids=["stayed", "joined before", "joined after", "replaced", "left on the minute", "left after"],
)
def test_the_holder_at_the_time_of_firing_is_told(changes: list[Line], holders: list[str]) -> None:
    """Whoever held the post at the step's instant was told, in lived history and in imported history alike."""
    listed = raised(
        "outstanding_list", *(("head_of_service" if each == "P-HOS" else "service_manager", each) for each in holders)
    )
    given(*OUTSTANDING, *changes, live=True).on(LISTED).then(REMINDER, listed)
    given(*people("torbay"), *OUTSTANDING, *changes, staffed=False).on(LISTED).then(REMINDER, listed)


@pytest.mark.covers("TOR-10", "A-TOR-13")
def test_an_auditor_who_moved_is_chased_in_the_new_place() -> None:
    """The unit of an auditor who changed posts is the new one when the step fires."""
    head = {"authority": "torbay", **QA, "at": "2026-01-10"}
    scene = given(
        *OUTSTANDING,
        {"command": "unit.place", **head, "unit": "S-2", "kind": "service"},
        {"command": "unit.place", **head, "unit": "T-3", "kind": "team", "parent": "S-2"},
        person("appoint", "P-SM2", "service_manager", "S-2", "2026-01-10"),
        person("move", "P-AUD", "team_manager", "T-3", "2026-01-20", from_post="team_manager", from_unit="T-2"),
        live=True,
    )
    scene.on(LISTED).then(REMINDER, raised("outstanding_list", ("service_manager", "P-SM2")))


@pytest.mark.covers("A-ALL-09")
def test_an_auditor_who_left_is_chased_through_the_tier_above() -> None:
    """A reminder to somebody who has left the authority goes to the tier above their last post, flagged."""
    scene = given(*OUTSTANDING, person("leave", "P-AUD", "team_manager", "T-2", "2026-01-20"), live=True)
    whom = {"role": "service_manager", "holder": "P-SM", "vacant": ("auditor P-AUD",)}
    scene.on("2026-01-26 08:00").then(fact("notice.sent", step="reminder", recipients=[whom]))


@pytest.mark.covers("TOR-92")
def test_a_reassigned_audit_reminds_its_new_auditor() -> None:
    """The auditor at the time of the reminder gets it; the clock goes on as it was."""
    again = Life("torbay", "A-1").act("audit.reassign", "2026-01-20", **QA, auditor="P-AUD2", reason="away")
    given(*OUTSTANDING, *again, live=True).on("2026-01-26 08:00").then(sent("reminder", ("auditor", "P-AUD2")))


@pytest.mark.covers("A-ALL-06")
def test_corrections_go_to_those_who_had_been_told() -> None:
    """A lifted grade is told to exactly the people who had the alert, whoever holds their posts by now."""
    told = (TEAM_MANAGER, SERVICE_MANAGER, HEAD_OF_SERVICE, ("qa_team", None))
    scene = given(*Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-19", TORBAY_LOWEST), live=True)
    scene = scene.on("2026-03-19").then(
        sent("notice", HEAD_OF_SERVICE, TEAM_MANAGER), sent("opened", ("qa_team", None)), raised("alert", *told)
    )
    scene.do(
        person("leave", "P-TM", "team_manager", "T-1", "2026-03-20"),
        person("appoint", "P-TM2", "team_manager", "T-1", "2026-03-20"),
        *Life("torbay", "A-1").to_moderator("2026-03-21").moderated("2026-03-25", "Meets Good"),
    )
    scene.on("2026-03-25").then(
        lapsed("missing", "cancelled"),
        lapsed("reminder", "met"),
        sent("correction", *told, kind="correction"),
        sent("feedback", AUDITOR),
        resolved("alert", "withdrawn"),
    )


def test_the_owner_of_an_action_is_told(tmp_path: Path) -> None:
    """A reminder about an action goes to its owner, once for each action, under the action's own key."""
    met = "    owner: action_owner\n    met_by: [action.completed, action.confirmed]"
    step = "{name: reminder, on: due - 1 day, kind: reminder, to: [action_owner], title: Due tomorrow}"
    edit = (met, f"{met}\n    ladder: [{step}]")
    life = Life("torbay", "A-1").allocated("2026-01-05").action("2026-01-06", "X-1", due="2026-01-15")
    life.action("2026-01-06", "X-2", due="2026-01-15", owner="P-OWN")
    scene = given(*people("torbay"), *life, policies=policies_of(tmp_path, "torbay", [edit]))
    scene.on("2026-01-14 08:00").then(
        sent("reminder", ("action_owner", "P-SW"), key="X-1"), sent("reminder", ("action_owner", "P-OWN"), key="X-2")
    )
