"""From what a caller sends to a command: the actor is the caller, and what the body says otherwise is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events.errors import Forbidden, Refused
from services.access import Caller, as_act, carry_out
from services.core.command import Command
from services.modules import CATALOGUE
from tests.desks import SHIPPED, TestDesk
from tests.offices import sample

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CALLER = Caller("P-QA", frozenset({"torbay"}))
PLACE = {"command": "unit.place", "unit": "T-9", "kind": "team", "parent": "S-1", "role": "qa_team"}


def ordered(body: Any, caller: Caller = CALLER) -> Command:
    return as_act(caller, body, catalogue=CATALOGUE, now=NOW)


def test_the_actor_is_the_caller() -> None:
    """A body without actor and authority gets the token's; one that says the same is taken as well."""
    command = ordered(PLACE)
    assert (command.actor, command.authority, command.role) == ("P-QA", "torbay", "qa_team")
    assert ordered({**PLACE, "actor": "P-QA", "authority": "torbay"}) == command


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"actor": "P-OTHER"}, "actor"),
        ({"actor": None}, "actor"),
        ({"actor": ["P-QA"]}, "actor"),
        ({"authority": "halton"}, "authority"),
        ({"authority": "nowhere"}, "authority"),
    ],
)
def test_a_body_that_says_otherwise_is_forbidden(said: dict[str, Any], field: str) -> None:
    """Whoever names another actor, or an authority that is not the token's, is refused by that field."""
    with pytest.raises(Forbidden) as refused:
        ordered({**PLACE, **said})
    assert refused.value.field == field
    assert "P-OTHER" not in refused.value.rule


def test_a_role_must_be_claimed_where_the_token_claims_roles() -> None:
    """A token that tells roles limits what its person may act in; one role alone need not be said."""
    limited = Caller("P-QA", frozenset({"torbay"}), frozenset({"auditor"}))
    with pytest.raises(Forbidden) as refused:
        ordered(PLACE, limited)
    assert refused.value.field == "role"
    unsaid = {name: held for name, held in PLACE.items() if name != "role"}
    assert ordered(unsaid, limited).role == "auditor"
    for roles in (None, frozenset[str](), frozenset({"auditor", "qa_team"})):
        with pytest.raises(Refused, match="role"):
            ordered(unsaid, Caller("P-QA", frozenset({"torbay"}), roles))


def test_an_authority_is_asked_for_where_there_are_several() -> None:
    """Nobody guesses in which of two authorities somebody acts."""
    both = Caller("P-QA", frozenset({"torbay", "halton"}))
    with pytest.raises(Refused, match="authority"):
        ordered(PLACE, both)
    assert ordered({**PLACE, "authority": "halton"}, both).authority == "halton"


@pytest.mark.parametrize("body", [[], "text", None, 3])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    """What is no JSON object names nothing, and is refused as the body."""
    with pytest.raises(Refused, match="body"):
        ordered(body)


def test_history_comes_by_an_import_alone() -> None:
    """An act of the last month may be dated back; what is older is refused by the field, as when it is typed."""
    ordered({**PLACE, "at": "2026-02-10"})
    with pytest.raises(Refused, match=r"at: .*sightline import"):
        ordered({**PLACE, "at": "2025-12-01"})


@pytest.mark.parametrize("authority", SHIPPED)
def test_every_command_through_a_door_is_the_callers_own(authority: str) -> None:
    """Every command, in every role: refused in another's name, for another council, in a role that is not claimed.

    The person's own order is taken as it stands.
    """
    policy = SHIPPED[authority].newest
    for name in CATALOGUE.commands:
        for role in policy.acts.get(name, ()):
            command = sample(name, authority=authority, actor="P-1", role=role)
            body = command.model_dump(mode="json", exclude_defaults=True)
            own = Caller("P-1", frozenset({authority}), frozenset({role}))
            assert ordered(body, own) == command
            for caller, field in (
                (Caller("P-2", frozenset({authority})), "actor"),
                (Caller("P-1", frozenset({"elsewhere"})), "authority"),
                (Caller("P-1", frozenset({authority}), frozenset({"another"})), "role"),
            ):
                with pytest.raises(Forbidden) as refused:
                    ordered(body, caller)
                assert refused.value.field == field


def test_who_has_left_acts_by_no_earlier_date() -> None:
    """Whoever held the role on the day that they name, and is gone by now, is refused through a door."""
    desk = TestDesk(now=NOW, unverified=False)
    body = {**PLACE, "at": (NOW - timedelta(days=5)).isoformat()}
    leaver = Caller("P-GONE", frozenset({"torbay"}))
    desk.do(
        {
            "command": "person.appoint", "authority": "torbay", "actor": "P-QA", "role": "qa_team",
            "at": "2026-02-01", "person": "P-GONE", "post": "qa_team",
        }
    )  # fmt: skip
    assert carry_out(leaver, body, desk).result == "accepted"
    desk.do(
        {
            "command": "person.leave", "authority": "torbay", "actor": "P-QA", "role": "qa_team",
            "at": "2026-02-28", "person": "P-GONE", "post": "qa_team",
        }
    )  # fmt: skip
    with pytest.raises(Forbidden) as refused:
        carry_out(leaver, {**body, "unit": "T-10"}, desk)
    assert refused.value.field == "actor"
