"""Who owns an action: a person, a group of the framework, or several together."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from events.actions import ActionSet
from events.errors import Forbidden
from events.escalations import NoticeSent
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import Owed, owed_by
from tests.edited import policies_of
from tests.given import Scene, fact, given
from tests.lives import Life, Line, people

SETTERS = {"torbay": ("P-QA", "qa_team"), "halton": ("P-AUD", "auditor"), "southwark": ("P-AUD", "auditor")}


def desk_with(authority: str, **action: Any) -> Scene:
    life = Life(authority, "A-1").allocated("2026-03-02")
    return given(*people(authority), *life, setting(authority, **action), authority=authority)


def setting(authority: str, action: str = "X-1", **fields: Any) -> Line:
    named = {"action": action, "text": "train the team", "due": "2026-03-27", **fields}
    [line] = Life(authority, "A-1").act("action.set", "2026-03-09", *SETTERS[authority], **named)
    return line


def owed(desk: Scene) -> list[Owed]:
    """What is owed of the action."""
    directory = fold_directory(desk.store.load(DIRECTORY))
    found = owed_by(
        CATALOGUE.record_of(desk.history("A-1")), desk.policies, directory, datetime.fromisoformat("2026-03-10T12:00Z")
    )
    return [each for each in found if each.key == "X-1"]


def owners(desk: Scene) -> list[tuple[str, str | None, str | None]]:
    return [(each.role, each.unit, each.holder) for each in owed(desk)[0].owners]


@pytest.mark.covers("SOU-8")
def test_southwarks_management_team_owns_the_plan() -> None:
    """An action of the service is owned by its Service Management Team, as a group of the child's service."""
    desk = desk_with("southwark", owner="service_management_team", level="service")
    assert owners(desk) == [("service_management_team", "S-1", None)]


@pytest.mark.covers("TOR-12")
def test_torbays_leadership_team_owns_remedial_actions() -> None:
    """A remedial action of a service is owned by that service's leadership team."""
    desk = desk_with("torbay", owner="service_leadership_team", level="service")
    assert owners(desk) == [("service_leadership_team", "S-1", None)]


@pytest.mark.covers("HAL-50")
def test_practitioner_and_manager_are_jointly_responsible() -> None:
    """Both owe the action; either may complete it, once, and nobody else may as its owner."""
    joint: Line = {"owner": "P-SW", "with": ["P-PM"]}
    desk = desk_with("halton", **joint)
    assert [each[2] for each in owners(desk)] == ["P-SW", "P-PM"]
    found = desk.history("A-1")[-1].fact
    assert isinstance(found, ActionSet)
    assert (found.owner, found.jointly) == ("P-SW", ("P-PM",))
    done = {"action": "X-1", "impact": "seen weekly"}

    def completed(person: str) -> Life:
        return Life("halton", "A-1").act("action.complete", "2026-03-16", person, "action_owner", **done)

    desk.when(completed("P-DM")).refused("actor", error=Forbidden)
    desk.when(completed("P-PM")).then(fact("action.completed", action="X-1", impact="seen weekly"))
    desk.when(completed("P-SW")).refused("action")


def test_each_joint_owner_is_told(tmp_path: Path) -> None:
    """A notice to the owner of an action goes to each who owns it, and to a group as a group."""
    rule = "alerts:\n  - {name: word, title: Set, source: [X-1], trigger: {events: [action.set]}, per: action, "
    rule += "ladder: [{name: told, on: trigger, hour: at once, kind: notice, "
    rule += "to: [action_owner], title: You own an action}]}\n\n"
    desk = given(
        *people("southwark"),
        *Life("southwark", "A-1").allocated("2026-03-02"),
        authority="southwark",
        policies=policies_of(tmp_path, "southwark", [("alerts:\n", rule)]),
    )
    joint: Line = {"owner": "P-SW", "with": ["P-PGL", "service_management_team"]}
    desk.do(setting("southwark", **joint))
    desk.keep("A-1", datetime.fromisoformat("2026-04-30T12:00Z"))
    [notice] = [each.fact for each in desk.history("A-1") if isinstance(each.fact, NoticeSent)]
    assert [(to.role, to.unit, to.holder) for to in notice.recipients] == [
        ("action_owner", None, "P-SW"),
        ("action_owner", None, "P-PGL"),
        ("service_management_team", "S-1", None),
    ]


def test_whoever_acts_for_a_group_completes_its_action() -> None:
    """Who belongs to a group is not in the directory: the word of one who acts for it stands, and is recorded."""
    desk = desk_with("southwark", owner="service_management_team")
    done = {"action": "X-1", "impact": "all were trained"}
    [line] = Life("southwark", "A-1").act("action.complete", "2026-03-16", "P-HOS", "action_owner", **done)
    desk.when(line).then(fact("action.completed", action="X-1", impact="all were trained"))
    assert desk.history("A-1")[-1].envelope.actor == "P-HOS"
    desk.when(line).nothing()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"owner": "head_of_service"}, "owner"),
        ({"owner": "P-SW", "with": ["head_of_service"]}, "with"),
        ({"owner": "P-SW", "with": ["P-SW"]}, "with"),
        ({"owner": "P-SW", "with": ["P-TM", "P-TM"]}, "with"),
    ],
    ids=str,
)
def test_owners_that_are_none(fields: Line, field: str) -> None:
    """A post is no owner, its holder is; nobody owns an action twice."""
    desk = given(*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-02"))
    desk.when(setting("torbay", **fields)).refused(field)


def test_an_action_of_before() -> None:
    """What was recorded before there were joint owners has none."""
    before = ActionSet.model_validate_json(
        desk_with("torbay", owner="P-SW").history("A-1")[-1].fact.model_dump_json(exclude={"jointly"})
    )
    assert before.jointly == ()
