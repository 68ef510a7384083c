"""Which posts of each framework are held by a group, and which there are in each service, in each team, and once."""

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
    """The groups of a framework, what there is in each service and in each team, and what one person is for all."""

    groups: frozenset[str]
    in_services: frozenset[str]
    in_teams: frozenset[str]
    single: frozenset[str]


def held(groups: str, in_services: str, in_teams: str, single: str) -> Posts:
    """Each a list with semicolons."""
    return Posts(*(frozenset(each.split("; ")) for each in (groups, in_services, in_teams, single)))


COUNCILS = {
    "torbay": held(
        "QA Team; Children's Social Care Senior Leadership Team; Intelligence & Performance; Service Leadership Team; "
        "Members and officers of Practice Week; Learning Academy",
        "Service Manager; Head of Service; Service Leadership Team",
        "Social Worker; Advanced Practitioner; Team Manager",
        "Lead Auditor; Child Protection Chair; Independent Reviewing Officer; Head of Learning Academy; "
        "Principal Social Worker; Director of Children's Services; Deputy Director; "
        "Head of Safeguarding and Quality Assurance; Head of Business Support; Children's Complaints' Officer",
    ),
    "halton": held(
        "QA Audit and Practice Improvement Team; Senior Leadership Team",
        "Service Manager; Principal Manager; Divisional Manager",
        "Practitioner; Practice Lead",
        "QA Manager; QA Audit and Practice Improvement Principal Manager; Audit Lead; IRM; Aspiring Manager; "
        "Director for Operational Safeguarding; Independent Reviewing Officer; Child Protection Chair",
    ),
    "southwark": held(
        "Performance Team; Strategy, Planning and Performance Team; Service Management Team; "
        "SSCB Audit and Learning sub-group; SSCB Serious Case Review sub-group",
        "Quality Assurance Lead; Service Management Team; Head of Service",
        "Social Worker; Advanced Practitioner; Practice Group Lead",
        "Director of Children's Social Care; Executive Director; Lead Member; "
        "Independent Reviewing Officer or Child Protection Co-ordinator; "
        "Head of Quality Assurance and Social Work Improvement; Children's Rights Officer; Complaints Manager",
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
        "Assistant Director, Safeguarding, LAC and SEN; Assistant Director, Early Help & Commissioning; "
        "Assistant Director, Communication, Planning & Performance; Director of Children's Services; Chief Executive; "
        "Lead Member; Head of Safeguarding; Head of Service, Locality Social Work and Family Assessment; "
        "Safeguarding Manager; Child Protection Advisor; Independent Reviewing Officer; "
        "Manager, Planning and Performance Team; Complaints Manager; Principal Social Worker; Agency Decision Maker; "
        "Chair of the LSCB; Chair of the LSCB Quality Assurance Sub-Group",
    ),
    "swindon": held(
        "Quality Assurance Team; Participation Service; Business Intelligence; "
        "Children's Services Senior Leadership Team; Practice and Performance Assurance Board",
        "Operational Manager; Service Manager; Head of Service",
        "Practitioner; Early Help Co-ordinator; Team Manager; Specialist of the Family Safeguarding team",
        "Quality Assurance Manager; Head of Service of Practice, Performance and Quality Assurance; "
        "Principal Social Worker; Practice & Improvement Lead; Strategic Lead for Early Help; Conference Chair; "
        "Independent Reviewing Officer; Director of Children's Social Care; "
        "Corporate Director of Children's Social Care",
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


@pytest.mark.parametrize("council", COUNCILS)
def test_every_post_has_its_line(council: str) -> None:
    """There is no post that the table does not tell of, and the table tells of none that there is not."""
    told = COUNCILS[council]
    posts_there = {role.title for role in TestDesk(council).policies.newest.roles.values()}
    assert posts_there == told.groups | told.in_services | told.in_teams | told.single
    assert not told.single & (told.groups | told.in_services | told.in_teams)


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
