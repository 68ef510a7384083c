"""Whom a command names is held against the directory like who gives it; so are teams and services."""

from typing import Any

import pytest

from events.errors import Forbidden
from tests.given import Scene, given
from tests.lives import QA, QA_ROLES, Life, Line, people
from tests.rounds import RoundLife

DAY = "2026-03-02"
STRANGERS = ("P-NOBODY", "P-GONE", "P-SOON")
"""Unknown to the directory; left the day before; appointed for the day after."""


def head(authority: str, command: str, **fields: Any) -> Line:
    by = {**QA, "role": QA_ROLES.get(authority, "qa_team")}
    return {"command": command, "authority": authority, **by, "at": DAY} | fields


def entry(kind: str, by: str = "team_manager", **fields: Any) -> Line:
    """An entry of one of Torbay's registers."""
    actor = {"team_manager": "P-TM", "iro": "P-IRO"}[by]
    return head("torbay", "entry.record", entry="E-1", kind=kind, on=DAY, actor=actor, role=by) | fields


def desk_of(authority: str, *lines: Line, post: str = "director", **options: Any) -> Scene:
    """A desk with its people, with one who left the day before, and with one who comes the day after."""
    desk = Scene(authority, unverified=True, **options)
    gone = head(authority, "person.appoint", person="P-GONE", post=post)
    desk.do(*people(authority), gone | {"at": "2025-10-01"})
    desk.do(gone | {"command": "person.leave", "at": "2026-03-01"}, gone | {"person": "P-SOON", "at": "2026-03-03"})
    desk.do(*({**line, "at": "2026-02-02"} if line["command"] == "audit.allocate" else line for line in lines))
    desk.unverified = False
    return desk


def allocation(authority: str, **fields: Any) -> Line:
    [line] = Life(authority, "A-1").allocated(DAY, **{"worker": "P-SW", **fields})
    return line


LISTED = [{"child": "K-1", "number": "1", "service": "SARS", "team": "T-1", "worker": "P-W1"}]
CASES = head("torbay", "cases.import", list="L-1", file_hash="ab", as_of="2026-01-26", cases=LISTED, closes=True)
IRO = head("southwark", "person.appoint", person="P-IRO", post="reviewing_officer") | {"at": "2025-10-01"}
IRO_TOO = head("torbay", "person.appoint", person="P-IRO", post="iro") | {"at": "2025-10-01"}
BEFORE = {"torbay": [IRO_TOO, CASES, *RoundLife("2026-02").scheduled("2026-01-05")], "southwark": [IRO]}
DISCUSSED = head("southwark", "sample.draw", purpose="discussion", month="2026-01", service="S-9")
BY_IRO = {"actor": "P-IRO", "role": "reviewing_officer"}
DISPUTED = head("southwark", "dispute.raise", dispute="D-1", child="C-1", team="T-9", concern="plan") | BY_IRO
TORBAY = Life("torbay", "A-1").allocated("2026-02-02")
RETURNED = Life("torbay", "A-1").allocated("2026-02-02").submitted("2026-02-20")


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize(
    ("line", "field", "before"),
    [
        (allocation("torbay", auditor="?"), "auditor", ()),
        (allocation("torbay", reviewer="?"), "reviewer", ()),
        (allocation("torbay", reviewer="P-AUD", further_reviewers=["?"]), "further_reviewers", ()),
        (allocation("torbay", plan_lead="?"), "plan_lead", ()),
        (head("torbay", "audit.reassign", audit="A-1", auditor="?", reason="away"), "auditor", TORBAY),
        (head("torbay", "audit.allocate_moderator", audit="A-1", moderator="?"), "moderator", RETURNED),
        (head("torbay", "audit.give_feedback", audit="A-1", recipient="?"), "recipient", RETURNED),
        (
            head("torbay", "action.set", audit="A-1", action="X-1", text="do", owner="?", due="2026-05-01"),
            "owner",
            RETURNED,
        ),
        (
            head("torbay", "action.set", audit="A-1", action="X-1", text="do", owner="P-TM", due="2026-05-01")
            | {"with": ["?"]},
            "with",
            RETURNED,
        ),
        (
            entry("observation", person="P-TM", holder="?"),
            "holder",
            (),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_is_given_something_to_do_is_in_post(line: Line, field: str, before: Any, stranger: str) -> None:
    """Refused with the field, the person and the day, for whoever held no post on that day; in post, it is taken."""
    text = {name: _named(value, stranger) for name, value in line.items()}
    said = desk_of("torbay", *before).when(text).refused(field, stranger)
    assert DAY in said


def _named(value: Any, person: str) -> Any:
    if isinstance(value, list):
        return [_named(each, person) for each in value]
    return person if value == "?" else value


@pytest.mark.parametrize("stranger", [*STRANGERS, "P-PGL"])
def test_an_exemption_is_asked_for_by_who_may_ask(stranger: str) -> None:
    """Only somebody who holds the role that may ask can be named as asking (A-SOU-04)."""
    desk = desk_of("southwark", *Life("southwark", "A-1").allocated("2026-02-02"))
    asked = {"ground": "sick leave", "requested_as": "head_of_service", "audit": "A-1"}
    said = desk.when(head("southwark", "audit.exempt", requested_by=stranger, **asked)).refused(
        "requested_by", error=Forbidden
    )
    assert said == f"requested_by: {stranger} did not hold the role head_of_service for T-1 on {DAY}"
    desk.when(head("southwark", "audit.exempt", requested_by="P-HOS", **asked)).then(
        "audit.exempted", "files.taken_back"
    )


@pytest.mark.covers("TOR-3")
def test_an_empty_register_of_trained_auditors_names_nobody() -> None:
    """Where auditors must be trained and nobody is on the register, no audit is given to anybody."""
    desk = given(
        *(line for line in people("torbay") if line["command"] != "person.train"), unverified=False, staffed=False
    )
    said = desk.when(allocation("torbay")).refused("auditor")
    assert said == f"auditor: P-AUD is not on the register of trained auditors on {DAY}"
    desk.do({**QA, "command": "person.train", "authority": "torbay", "at": DAY, "person": "P-AUD"})
    desk.when(allocation("torbay")).then("audit.allocated", "month.file_selected", "files.given")


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_round_is_assigned_to_people_in_post(stranger: str) -> None:
    """Named auditors of a round are in post on the day of the assignment."""
    drawing = head("torbay", "round.draw", round="2026-02", draw="audits", cases="L-1", services=["SARS"])
    desk = desk_of("torbay", *BEFORE["torbay"], {**drawing, "at": "2026-02-02"})
    assign = head("torbay", "round.assign", round="2026-02", draw="audits", auditors=[stranger])
    desk.when(assign).refused("auditors", stranger)


@pytest.mark.parametrize(
    ("authority", "line", "field"),
    [
        ("torbay", allocation("torbay", team="T-9"), "team"),
        ("torbay", allocation("torbay", team="S-1"), "team"),
        (
            "torbay",
            entry("plan_rating", "iro", child="C-1", team="T-9"),
            "team",
        ),
        (
            "torbay",
            entry("plan_rating", "iro", child="C-1", service="S-9"),
            "service",
        ),
        (
            "torbay",
            entry("observation", person="P-NOBODY"),
            "person",
        ),
        ("torbay", head("torbay", "round.plan", round="2026-02", units=["S-9"]), "units"),
        ("torbay", head("torbay", "round.draw", round="2026-02", draw="audits", cases="L-1", teams=["T-9"]), "teams"),
        ("southwark", DISCUSSED, "service"),
        ("southwark", DISPUTED, "team"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["command"],
)
def test_an_unknown_unit_is_refused(authority: str, line: Line, field: str) -> None:
    """A team or service that is not in the directory, or is of the other kind, is refused wherever it is named."""
    desk_of(authority, *BEFORE[authority]).when(line).refused(field)
