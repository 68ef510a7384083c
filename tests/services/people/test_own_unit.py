"""Roles that a framework ties to their own team or service: refused elsewhere, for just those acts and no others."""

import pytest

from services.audits.commands import AllocateAudit
from services.modules import CATALOGUE
from services.policy.expressions import PERSONS
from tests.desks import SHIPPED, TestDesk
from tests.lives import QA, QA_ROLES
from tests.offices import answer, desk_of, sample


def teams_apart(authority: str) -> TestDesk:
    """A council today in which everybody of a team or service has a counterpart, P-away, in T-8 of S-8."""
    desk, policy = desk_of(authority), SHIPPED[authority].newest
    head = {"authority": authority, **QA, "role": QA_ROLES.get(authority, "qa_team"), "at": "2026-01-05"}
    desk.unverified = True
    desk.do({"command": "unit.place", **head, "unit": "S-8", "kind": "service"})
    desk.do({"command": "unit.place", **head, "unit": "T-8", "kind": "team", "parent": "S-8"})
    for role, each in policy.roles.items():
        if each.scope != "authority":
            unit = {"team": "T-8", "service": "S-8"}[each.scope]
            desk.do({"command": "person.appoint", **head, "person": f"P-away-{role}", "post": role, "unit": unit})
    desk.unverified = False
    return desk


@pytest.mark.covers("TOR-95", "HAL-60", "SOU-1", "SOU-51", "SOU-67", "ESX-3.16")
@pytest.mark.parametrize("authority", SHIPPED)
def test_whoever_is_of_another_team_may_where_no_framework_says_otherwise(authority: str) -> None:
    """Every command in every role of a unit: one of another unit is refused for just those that the policy ties."""
    desk, policy = teams_apart(authority), SHIPPED[authority].newest
    for name, form in CATALOGUE.commands.items():
        fresh = {"audit": "A-fresh"} if form is AllocateAudit else {}
        of_audit = {"audit": "A-held"} if "audit" in form.model_fields else {}
        for role in policy.acts.get(name, ()):
            if role in PERSONS or policy.roles[role].scope == "authority":
                continue
            head = {"authority": authority, "role": role, **(of_audit | fresh)}
            refusals = [answer(desk, sample(name, actor=f"P-{who}-{role}", **head)) for who in ("held", "away")]
            apart = [each is not None and "did not hold" in each.rule for each in refusals]
            assert apart == [False, role in policy.own_unit.get(name, ())], (name, role, refusals)
            if apart[1] and refusals[1] is not None:
                assert refusals[1].field == "role"
                assert "T-1" in refusals[1].rule


def test_no_framework_ties_what_it_does_not_say() -> None:
    """Swindon's framework ties no act to the actor's own team or service; the four others tie these, and no more."""
    tied = {authority: set(held.newest.own_unit) for authority, held in SHIPPED.items()}
    assert tied == {
        "torbay": {"action.confirm"},
        "halton": {"action.confirm"},
        "southwark": {"audit.reassign", "audit.exempt", "audit.close", "audit.void", "action.confirm"},
        "east-sussex": {"action.confirm"},
        "swindon": set(),
    }
