"""Who may do what in each council: every role tries every act, and is sent away from each that is not theirs."""

from datetime import date
from itertools import product
from typing import Any

import orjson
import pytest

from events.errors import Forbidden, Refused, SightlineError
from services.directory.may import Council, Roll
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.policy.expressions import PERSONS
from tests.desks import TestDesk
from tests.lives import QA, QA_ROLES, Life, people
from tests.requirements.who_may import east_sussex, halton, southwark, swindon, torbay
from tests.requirements.who_may.rows import May

ON = "2026-03-10"
TABLES: dict[str, tuple[May, ...]] = {
    "torbay": torbay.ROWS,
    "halton": halton.ROWS,
    "southwark": southwark.ROWS,
    "east-sussex": east_sussex.ROWS,
    "swindon": swindon.ROWS,
}
COUNCILS = [
    pytest.param(council, id=council, marks=pytest.mark.covers(*sorted({each for row in rows for each in row.covers})))
    for council, rows in TABLES.items()
]


def is_sent_away(desk: TestDesk, act: str, role: str, actor: str = "P-NOBODY", **fields: str) -> bool:
    """Whether it is not for the role, or not for this holder of it, whatever the record would say to the act itself."""
    if act not in CATALOGUE.acts:
        roll = Roll(Council(fold_directory(desk.store.load(DIRECTORY)), desk.policies.newest), date.fromisoformat(ON))
        try:
            roll.require_power(act, actor, role)
        except Refused as refused:
            return type(refused) is Refused
        return False
    line: dict[str, Any] = {
        **CATALOGUE.commands[act].example,
        **fields,
        "command": act,
        "authority": desk.authority,
        "at": ON,
    }
    try:
        desk.decide(CATALOGUE.parse(orjson.dumps(line | {"actor": actor, "role": role})))
    except Forbidden as forbidden:
        return type(forbidden) is Forbidden and forbidden.field == "role"
    except SightlineError:
        return False
    finally:
        desk.forget()
    return False


@pytest.mark.parametrize("council", COUNCILS)
def test_who_may_do_what(council: str) -> None:
    """Each act is for the roles of its line and for no other, be it a post, a group or whom the record names."""
    told = {act: set(row.by.split()) for row in TABLES[council] for act in row.acts.split()}
    assert told.keys() == CATALOGUE.powers.keys()
    assert sum(len(row.acts.split()) for row in TABLES[council]) == len(told)
    desk = TestDesk(council)
    desk.do(*people(council))
    roles = {*desk.policies.newest.roles, *PERSONS} - {"actor"}
    held = {act: {role for role in roles if not is_sent_away(desk, act, role)} for act in told}
    assert {act: who for act, who in held.items() if who != told[act]} == {}


@pytest.mark.parametrize("council", COUNCILS)
def test_who_may_do_it_only_at_home(council: str) -> None:
    """Whoever holds a post elsewhere may not do there what is for their own team or service; others may."""
    head = {"authority": council, **QA, "role": QA_ROLES.get(council, "qa_team"), "at": "2025-09-01"}
    desk = TestDesk(council, unverified=False)
    desk.do(*people(council))
    desk.do(
        {"command": "unit.place", **head, "unit": "S-9", "kind": "service"},
        {"command": "unit.place", **head, "unit": "T-9", "kind": "team", "parent": "S-9"},
    )
    posts = desk.policies.newest.roles
    places = {"team": ("T-1", "T-9"), "service": ("S-1", "S-9"), "authority": (None, None)}
    for role in {role for row in TABLES[council] if row.own for role in row.by.split() if role in posts}:
        for where, unit in zip(("HOME", "AWAY"), places[posts[role].scope], strict=True):
            desk.do({"command": "person.appoint", **head, "person": f"P-{where}-{role}", "post": role, "unit": unit})
    desk.unverified = True
    desk.do(*Life(council, "A-1").allocated("2026-03-02"))
    desk.unverified = False
    for row in TABLES[council]:
        for act, role in product(row.acts.split(), (role for role in row.by.split() if row.own and role in posts)):
            away = is_sent_away(desk, act, role, f"P-AWAY-{role}", audit="A-1")
            assert (act, role, away) == (act, role, role in row.own.split())
            assert not is_sent_away(desk, act, role, f"P-HOME-{role}", audit="A-1")
