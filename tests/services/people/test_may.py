"""Every command with every role, by somebody who holds it that day and by everybody who does not.

The commands come from the catalogue and the roles from the frameworks, so that a new one is tried without being named.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import product

import pytest

from events.errors import Refused
from services.audits.commands import AllocateAudit
from services.children.custodian import Custodian
from services.core.command import Command
from services.directory.may import Council, may
from services.directory.recipients import Named
from services.directory.state import Directory, Post, Tenure
from services.modules import CATALOGUE
from services.policy.expressions import PERSONS
from services.policy.model import Policy
from tests.desks import SHIPPED, TestDesk
from tests.lives import Life, people
from tests.offices import STANDINGS, TODAY, answer, desk_of, sample, who


def tries(authority: str, policy: Policy) -> Iterator[tuple[str, str, str, Command]]:
    """Every command in every role that the policy gives it to, by somebody of each standing."""
    for name in CATALOGUE.commands:
        for role in policy.acts.get(name, ()):
            for standing in STANDINGS:
                head = {"authority": authority, "role": role}
                if role not in PERSONS:
                    actor = who(standing, role, policy)
                    fresh = {"audit": "A-fresh"} if CATALOGUE.commands[name] is AllocateAudit else {}
                    of_audit = {"audit": "A-held"} if "audit" in CATALOGUE.commands[name].model_fields else {}
                    yield role, standing, actor, sample(name, **head, actor=actor, **(of_audit | fresh))
                else:
                    about = "held" if standing == "other" else standing
                    actor = f"N-held-{next(each for each in ('worker', 'auditor') if each != role)}"
                    actor = actor if standing == "other" else f"N-{standing}-{role}"
                    yield role, standing, actor, sample(name, **head, actor=actor, audit=f"A-{about}")


@pytest.mark.parametrize("authority", SHIPPED)
def test_every_command_asks_who_holds_the_role_today(authority: str) -> None:
    """Taken from who holds the role that day, and refused from everybody else with field, person, role and day."""
    desk, policy, wrong, tried = desk_of(authority), SHIPPED[authority].newest, [], set()
    for role, standing, actor, command in tries(authority, policy):
        refusal = answer(desk, command)
        tried.add(command.command)
        unfilled = role == "moderator" and not policy.acts.get("audit.allocate_moderator")
        if standing == "held" and not unfilled:
            said = refusal is None or not {"hold", "is not the"} & set(_reasons(refusal))
        else:
            said = refusal is not None and _tells_enough(refusal, actor, role)
        if not said:
            wrong.append((command.command, role, standing, str(refusal)))
    assert wrong == []
    assert tried == {name for name in CATALOGUE.commands if policy.acts.get(name)}


def _reasons(refusal: Refused) -> Iterator[str]:
    return (each for each in ("hold", "is not the") if each in refusal.rule)


def _tells_enough(refusal: Refused, actor: str, role: str) -> bool:
    """Person, role and day are told, and nobody else: who does hold the role is not for everybody to know."""
    words = refusal.rule.replace(",", " ").split()
    others = [each for each in words if each.startswith(("P-", "N-")) and each != actor]
    return actor in words and role in words and "2026-06-10" in words and not others


@pytest.mark.parametrize("authority", SHIPPED)
def test_no_role_but_those_of_the_policy(authority: str) -> None:
    """A role to which the policy does not give a command is refused, whoever holds it."""
    desk, policy = desk_of(authority), SHIPPED[authority].newest
    for name, form in CATALOGUE.commands.items():
        of_audit = {"audit": "A-held"} if "audit" in form.model_fields else {}
        for role in policy.roles.keys() - set(policy.acts.get(name, ())):
            command = sample(name, authority=authority, actor=f"P-held-{role}", role=role, **of_audit)
            refusal = answer(desk, command)
            assert refusal is not None, (name, role)
            assert (refusal.field, "may not" in refusal.rule) == ("role", True)


def test_what_the_record_leaves_empty_is_nobodys() -> None:
    """Nobody acts as the moderator of an audit that has none, in whatever post they are."""
    desk = desk_of("halton")
    desk.unverified = True
    desk.do(*Life("halton", "A-9", child="C-9").allocated("2026-05-04"))
    desk.unverified = False
    head = {"authority": "halton", "role": "moderator", "audit": "A-9", "concern": "seen"}
    for actor in ("P-held-qa_team", "N-held-moderator", "P-AUD"):
        refusal = answer(desk, sample("audit.raise_safety_concern", actor=actor, **head))
        assert refusal is not None
        assert refusal.field == "actor"


@pytest.mark.parametrize(
    ("day", "held"), [("2026-03-01", False), ("2026-03-02", True), ("2026-03-20", True), ("2026-03-21", False)]
)
def test_a_post_is_held_on_whole_days_in_england(day: str, held: bool) -> None:  # noqa: FBT001 - a row of the table
    """The day on which a post was taken counts, and the day on which it was left, as England's clocks have them."""
    directory = Directory()
    began, ended = datetime(2026, 3, 2, 15, tzinfo=UTC), datetime(2026, 3, 20, 9, tzinfo=UTC)
    directory.add(Tenure("P-1", Post("director"), began, ended))
    council = Council(directory, SHIPPED["torbay"].newest)
    assert may("P-1", "director", None, date.fromisoformat(day), council) is held


def test_a_role_of_a_unit_can_be_asked_for_that_unit() -> None:
    """A manager of one team is none of another; asked without a unit, the role must be held at all."""
    desk = TestDesk("torbay")
    desk.do(*people("torbay"))
    council, day = Council(desk.histories.directory(), SHIPPED["torbay"].newest), date(2026, 3, 2)
    for unit, wanted in ((None, True), ("T-1", True), ("T-2", False), ("T-9", False)):
        assert may("P-TM", "team_manager", None, day, council, unit=unit) is wanted
    assert may("P-HOS", "head_of_service", None, day, council, unit="T-2")
    assert may("P-DIR", "director", None, day, council, unit="T-2")


def test_a_group_named_in_a_persons_place_is_its_members() -> None:
    """An action of a group is completed by a member of it, and by nobody who only says so."""
    desk = TestDesk("torbay")
    desk.do(*people("torbay"))
    council, day = Council(desk.histories.directory(), SHIPPED["torbay"].newest), date(2026, 3, 2)
    record = Named(team="T-1", action_owner="qa_team")
    assert may("P-MOD", "action_owner", record, day, council)
    assert not may("P-TM", "action_owner", record, day, council)


def test_the_catalogue_is_tried_whole() -> None:
    """Each command can be made from the samples, so that none is left out of the tests above."""
    head = {"authority": "torbay", "actor": "P-1", "role": "qa_team"}
    assert [sample(name, **head).command for name in CATALOGUE.commands] == list(CATALOGUE.commands)
    tried = set().union(*(each.newest.acts for each in SHIPPED.values()))
    assert tried <= CATALOGUE.powers.keys()
    assert CATALOGUE.powers.keys() - tried <= CATALOGUE.known.of.keys(), "each that a framework must speak of is tried"


@pytest.mark.parametrize("power", sorted(CATALOGUE.powers.keys() - CATALOGUE.commands.keys()))
@pytest.mark.parametrize("authority", SHIPPED)
def test_the_custodian_asks_who_holds_the_role_today(authority: str, power: str) -> None:
    """What no command orders is asked alike: the policy's role, held by that person on the day."""
    desk, policy, allowed = desk_of(authority), SHIPPED[authority].newest, []
    for role, standing in product(policy.roles, STANDINGS):
        custodian = Custodian(authority, who(standing, role, policy), role, policy, lambda: TODAY)
        with suppress(Refused):
            custodian.require_allowed(power, desk.store)
            allowed.append((role, standing))
    assert allowed == [(role, "held") for role in policy.roles if role in policy.acts[power]]
