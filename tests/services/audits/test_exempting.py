"""An audit that is not to be done: on the framework's grounds, at the request of the post that it names."""

from typing import Any

import pytest

from events.errors import Forbidden
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.given import Scene, fact, given
from tests.lives import Life, people

ASKED = {"ground": "sick leave", "requested_by": "P-HOS", "requested_as": "head_of_service"}


def at_desk(policies: Policies | None = None) -> Scene:
    life = Life("southwark", "A-1").allocated("2026-03-02")
    return given(*people("southwark"), *life, authority="southwark", policies=policies, unverified=False)


def exempting(at: str = "2026-03-18", **fields: Any) -> Life:
    return Life("southwark", "A-1").act("audit.exempt", at, "P-QA", "qa_lead", **{**ASKED, **fields})


@pytest.mark.covers("A-SOU-03", "SOU-51")
def test_it_says_why_and_who_asked() -> None:
    """The ground stands with the person who asked, and their post."""
    at_desk().when(*exempting()).then(fact("audit.exempted", "audit/A-1", **ASKED), "files.taken_back")


@pytest.mark.covers("A-SOU-03", "A-SOU-04", "SOU-51")
@pytest.mark.parametrize(
    ("life", "field", "said"),
    [
        (exempting(ground="holiday"), "ground", "holiday is none; accepted: annual leave, sick leave"),
        (exempting(requested_as="director"), "requested_as", "only head_of_service may ask, not director"),
        (exempting(at="2026-03-01"), "at", "2026-03-01 is before its cause, audit.allocated on 2026-03-02"),
    ],
    ids=["another ground", "another post", "before it was allocated"],
)
def test_on_no_other_ground(life: Life, field: str, said: str) -> None:
    """Another ground, another post, or a day before the audit was there: refused with the rule."""
    assert at_desk().when(*life).refused(field) == f"{field}: {said}"


@pytest.mark.covers("A-SOU-04")
def test_who_asks_holds_the_post_for_the_team() -> None:
    """The person named must hold that post, for the team whose file it is."""
    at_desk().when(*exempting(requested_by="P-DIR")).refused(
        "requested_by", "P-DIR did not hold the role head_of_service", error=Forbidden
    )


def test_a_framework_without_exemptions() -> None:
    """Where the framework says nothing of them nobody can exempt an audit, whoever may otherwise."""
    policies = SHIPPED["southwark"]
    without = Policies("southwark", tuple(each.model_copy(update={"exemption": None}) for each in policies.versions))
    at_desk(without).when(*exempting()).refused("audit", "the framework knows no exemption")
