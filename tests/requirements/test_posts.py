"""Which posts of each framework are held by a group, and which there are in each service or team: the rest are one."""

from dataclasses import dataclass

import orjson
import pytest

from events.errors import Refused
from services.modules import CATALOGUE
from services.policy.describe.posts import posts
from tests.desks import TestDesk
from tests.lives import QA, QA_ROLES, people


@dataclass(frozen=True, slots=True)
class Posts:
    """The groups of a framework, and what there is in each service and in each team, in its own words."""

    groups: frozenset[str]
    in_services: frozenset[str]
    in_teams: frozenset[str]


def held(groups: str, in_services: str, in_teams: str) -> Posts:
    """Each a list with semicolons."""
    return Posts(*(frozenset(each.split("; ")) for each in (groups, in_services, in_teams)))


COUNCILS = {
    "torbay": held(
        "QA Team; Children's Social Care Senior Leadership Team; Intelligence & Performance; Service Leadership Team; "
        "Members and officers of Practice Week; Learning Academy",
        "Service Manager; Head of Service; Service Leadership Team",
        "Social Worker; Advanced Practitioner; Team Manager",
    ),
    "halton": held(
        "QA Audit and Practice Improvement Team; Senior Leadership Team",
        "Service Manager; Principal Manager; Divisional Manager",
        "Practitioner; Practice Lead",
    ),
    "southwark": held(
        "Performance Team; Strategy, Planning and Performance Team; Service Management Team; "
        "SSCB Audit and Learning sub-group; SSCB Serious Case Review sub-group",
        "Quality Assurance Lead; Service Management Team; Head of Service",
        "Social Worker; Advanced Practitioner; Practice Group Lead",
    ),
    "east-sussex": held(
        "Planning and Performance Team; Elected Members; Chairs of the Fostering and Adoption Panels; "
        "Managers at all levels; Team and Unit Managers; Early Help Commissioning Support Team; "
        "Corporate Management Team; Cabinet; Scrutiny Committee; Senior Management Team; "
        "Children's Social Care Management Team; Children and Young People's Trust Executive Group; "
        "Children and Young People's Trust; Corporate Parenting Panel; Local Safeguarding Children Board; "
        "LSCB Quality Assurance Sub-Group; Joint Divisional Meeting; Fostering and Adoption Panels; Ofsted",
        "Operations Manager; Head of Service",
        "Social Worker; Practice Manager",
    ),
    "swindon": held(
        "Quality Assurance Team; Participation Service; Business Intelligence; "
        "Children's Services Senior Leadership Team; Practice and Performance Assurance Board",
        "Operational Manager; Service Manager; Head of Service",
        "Practitioner; Early Help Co-ordinator; Team Manager; Specialist of the Family Safeguarding team",
    ),
}
CHAINS = {
    "torbay": "Team Manager; Service Manager; Head of Service; Director of Children's Services",
    "halton": "Practice Lead; Principal Manager; Divisional Manager; Director for Operational Safeguarding",
    "southwark": "Social Worker; Advanced Practitioner; Practice Group Lead; Head of Service; "
    "Director of Children's Social Care",
    "east-sussex": "Social Worker; Practice Manager; Operations Manager; Head of Service; "
    "Assistant Director, Safeguarding, LAC and SEN; Director of Children's Services",
    "swindon": "Team Manager; Service Manager; Head of Service; Director of Children's Social Care; "
    "Corporate Director of Children's Social Care",
}
"""Who stands above whom: what a vacant post would be told goes to the next."""

UNITS = {"T-1": "in_teams", "S-1": "in_services", None: ""}


@pytest.mark.covers("TOR-2", "HAL-3", "SOU-1", "SOU-8", "ESX-1.5", "SWI-4")
@pytest.mark.parametrize("council", COUNCILS)
def test_where_each_post_is_held(council: str) -> None:
    """Somebody is appointed to a post of a team in a team, of a service in a service, and to any other in neither."""
    told, desk = COUNCILS[council], TestDesk(council)
    desk.do(*people(council))
    head = {"command": "person.appoint", "authority": council, **QA, "role": QA_ROLES.get(council, "qa_team")}
    for name, role in desk.policies.newest.roles.items():
        taken = set()
        for unit in UNITS:
            desk.forget()
            line = head | {"at": "2026-03-02", "person": "P-NEW", "post": name} | ({"unit": unit} if unit else {})
            try:
                desk.decide(CATALOGUE.parse(orjson.dumps(line)))
            except Refused as refused:
                assert refused.field == "unit"  # noqa: PT017 - of which field it is tells the place from other faults
            else:
                taken.add(unit)
        where = [unit for unit, place in UNITS.items() if place and role.title in getattr(told, place)]
        assert (role.title, taken) == (role.title, set(where) or {None})


@pytest.mark.parametrize("council", COUNCILS)
def test_which_posts_are_groups(council: str) -> None:
    """What a framework calls a team, a board or a group is told as such, and nothing else is."""
    policy = TestDesk(council).policies.newest
    said = {policy.roles[each.key[1]].title: each.words for each in posts(policy) if each.key[0] == "roles"}
    assert {title for title, words in said.items() if ": a group" in words} == COUNCILS[council].groups


@pytest.mark.covers("A-ALL-09", "A-ESX-15")
@pytest.mark.parametrize("council", CHAINS)
def test_who_stands_above_whom(council: str) -> None:
    """The posts above each other, from the lowest on, as the framework is read out."""
    [words] = [each.words for each in posts(TestDesk(council).policies.newest) if each.key == ("chain",)]
    assert words.partition(": ")[2] == ", then ".join(CHAINS[council].split("; "))
