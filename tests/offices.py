"""A council in which every role of its framework is held, was left, and is to come; and a sample of every command."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from events.errors import NotFound, Refused, SeparationOfDuties
from services.core.command import Command
from services.directory.state import DIRECTORY
from services.modules import CATALOGUE
from services.policy.model import Policy
from tests.desks import SHIPPED, TestDesk
from tests.lives import QA, QA_ROLES, REACHED, Life, Line, people

TODAY = datetime(2026, 6, 10, 11, 0, tzinfo=UTC)
STANDINGS = ("held", "left", "next", "nobody", "other")
"""In the post today; until yesterday; from tomorrow; unknown to the directory; in another post."""

SAMPLES: dict[str, Any] = REACHED | {
    "about": "T-1",
    "action": "X-1",
    "as_of": "2026-06-01",
    "bodies": ["a board"],
    "ground": "sick leave",
    "child": "C-1",
    "comparator": "target",
    "concern": "seen",
    "dispute": "D-1",
    "draw": "audits",
    "month": "2026-05",
    "report": "audit_highlight",
    "period": "2026-02",
    "place": "summary",
    "narrative": "said in words",
    "due": "2026-12-01",
    "duty": "t1_1",
    "entry": "E-1",
    "file_hash": "ab",
    "from_post": "director",
    "how": "closed",
    "impact": "seen",
    "indicator": "x",
    "kind": "service",
    "lines": ["?"],
    "list": "L-1",
    "manager": "P-TM",
    "note": "seen",
    "obligation": "x",
    "on": "2026-06-01",
    "outcome": "attempted",
    "owner": "P-SW",
    "person": "P-SW",
    "participants": ["P-SW"],
    "post": "director",
    "purpose": "x",
    "questions": ["?"],
    "rationale": "seen",
    "reason": "away",
    "recipient": "P-SW",
    "reflection": "seen",
    "requested_as": "director",
    "requested_by": "P-1",
    "resolution": "seen",
    "round": "2026-06",
    "sampled": ["C-1"],
    "section": "x",
    "service": "S-1",
    "year": 2026,
    "source": "family",
    "step": "x",
    "team": "T-1",
    "text": "do",
    "unit": "S-9",
    "url": "https://192.0.2.7/in",
    "value": "1",
    "webhook": "W-1",
    "worker": "P-SW",
    "auditor": "P-AUD",
    "audit": "A-held",
    "cases": "L-1",
    "moderator": "P-MOD",
}
"""A value for each field that some command needs. A command with a new one fails until it has its value here."""


def sample(name: str, **given: Any) -> Command:
    """A command of that name with a value in every field that it needs."""
    form = CATALOGUE.commands[name]
    needed = {field for field, info in form.model_fields.items() if info.is_required()} - {"command", "authority"}
    fields = {field: SAMPLES[field] for field in needed - given.keys()}
    if name == "cases.import":
        fields["cases"] = [{"child": "C-1", "number": "4711"}]
    if "record" in form.model_fields:
        fields["audit"] = given.get("audit", "A-held")
    if name in {"indicator.record", "indicator.compare"}:
        fields |= {"value": "1", "month": "2026-05"}
    return form.model_validate({"command": name, **fields, **given})


def unit_of(role: str, policy: Policy) -> str | None:
    return {"authority": None, "service": "S-1", "team": "T-1"}[policy.roles[role].scope]


def who(standing: str, role: str, policy: Policy) -> str:
    """Somebody who stands so to the role; for the role of another, one who holds any other post."""
    if standing != "other":
        return f"P-{standing}-{role}"
    return next(f"P-held-{each}" for each in policy.roles if each != role)


def appointments(authority: str, policy: Policy) -> Iterator[Line]:
    """For every role of the framework one who holds it, one who left yesterday, and one who comes tomorrow."""
    head = {"authority": authority, **QA, "role": QA_ROLES.get(authority, "qa_team")}
    for role in policy.roles:
        post = {"post": role, "unit": unit_of(role, policy)}
        for standing, at in (("held", "2026-01-05"), ("left", "2026-01-05"), ("next", "2026-06-11")):
            line = {"command": "person.appoint", **head, "at": at, "person": f"P-{standing}-{role}", **post}
            yield line
            if standing == "left":
                yield {**line, "command": "person.leave", "at": "2026-06-09"}


def named(standing: str, authority: str, policy: Policy) -> Life:
    """An audit whose auditor, moderator, worker and action owner all stand so to the directory."""
    role, month = next(iter(policy.roles)), 2 + STANDINGS.index(standing)  # a team has one file a month in Southwark
    auditor, moderator, worker, owner = (
        person_of(standing, each, role) for each in ("auditor", "moderator", "worker", "action_owner")
    )
    life = Life(authority, f"A-{standing}", child=f"C-{standing}", auditor=auditor)
    life.allocated(f"2026-{month:02}-04", worker=worker, team="T-1")
    life.submitted(
        f"2026-{month:02}-11", actions=[{"action": "X-1", "text": "do", "owner": owner, "due": "2026-12-01"}]
    )
    return life.to_moderator(f"2026-{month:02}-12", moderator) if policy.acts.get("audit.allocate_moderator") else life


def person_of(standing: str, named_as: str, role: str) -> str:
    return f"N-{standing}-{named_as}" if standing != "other" else f"N-held-{named_as}-{role}"


def desk_of(authority: str) -> TestDesk:
    """A council today: every role with its people, and an audit that names people of each standing."""
    return _made(authority).another()


@cache
def _made(authority: str) -> TestDesk:
    desk, policy = TestDesk(authority), SHIPPED[authority].newest
    desk.do(*people(authority), *appointments(authority, policy))
    post = next(role for role, each in policy.roles.items() if each.scope == "authority" and each.group)
    head = {"authority": authority, **QA, "role": QA_ROLES.get(authority, "qa_team")}
    for standing, at in (("held", "2026-01-05"), ("left", "2026-01-05"), ("next", "2026-06-11")):
        for each in ("auditor", "moderator", "worker", "action_owner"):
            line = {"command": "person.appoint", **head, "at": at, "person": f"N-{standing}-{each}", "post": post}
            desk.do(line, *([{**line, "command": "person.leave", "at": "2026-06-09"}] if standing == "left" else []))
    for standing in ("held", "left", "next", "nobody"):
        desk.do(*named(standing, authority, policy))
    desk.unverified, desk.now = False, TODAY
    return desk


def answer(desk: TestDesk, command: Command) -> Refused | None:
    """What the command is refused for as far as it is about its actor, or None. Nothing is kept of it."""
    desk.forget()
    if command.aggregate != DIRECTORY:  # as where it is carried out: the directory is not read anew for each
        desk.histories.records[DIRECTORY] = desk.people.brought_up_to_date(desk.store, desk.catalogue)
    try:
        desk.decide(command)
    except Refused as refusal:
        return refusal if refusal.field in {"role", "actor"} else None
    except (NotFound, SeparationOfDuties):
        return None
    finally:
        desk.forget()
    return None
