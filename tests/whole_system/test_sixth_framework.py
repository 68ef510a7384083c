"""A council that nobody has heard of: its policy file, and a month on it, without a line of code for it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from events.sampling import SampleDrawn
from services.clock import LONDON
from services.policy_files import load
from services.settings import Settings
from tests.cli.program import Program, write_lines
from tests.stores import PATIENCE
from tests.systems import running
from workers.health.whole import wait_until_settled
from workers.system import System

FRAMEWORK = """
authority: newtown
version: "2026"
effective_from: 2026-04-01
framework: How we read our own work
calendar: {roll_non_working: next, notice_hour: "07:30"}
roles:
  reading_room: {title: The Reading Room, group: true}
  family_voice: {title: Family Voice, group: true}
  unit_lead: {title: Unit Lead, scope: team}
  area_lead: {title: Area Lead, scope: service}
  chief: {title: Chief Officer}
chain: [unit_lead, area_lead, chief]
fallback: reading_room
grades:
  overall: [Embedded, Developing, Absent]
  sections: [Seen, Not seen]
  not_applicable: Not asked
  sets: {gone: [Absent], there: [Embedded, Developing]}
tool:
  types: [walkthrough]
  sections: [Listening, Thinking, Doing]
  feedback_required: [family]
  feedback_not_by_auditor: true
selection: {min_open: {walkthrough: 3 weeks}}
samples: [{name: second_reading, share: 50, at_least: 1, always: gone}]
acts:
  audit.allocate: [reading_room]
  audit.record_feedback: [family_voice, auditor]
  audit.submit: [auditor]
  audit.allocate_moderator: [reading_room]
  audit.moderate: [moderator]
  action.complete: [action_owner]
  sample.draw: [reading_room]
  duty.record: [unit_lead]
  unit.place: [reading_room]
  person.appoint: [reading_room]
alerts:
  - name: alarm
    title: Practice is absent
    source: [p. 7]
    trigger: {events: [audit.submitted, audit.moderated], grade: gone, was_not: gone, repeat: each}
    ladder:
      - name: call
        on: trigger
        hour: at once
        kind: escalation
        level: 5
        to: [area_lead of child, chief]
        title: Practice is absent
  - name: stand_down
    title: Stand down
    source: [p. 7]
    trigger: {events: [audit.moderated], was: gone, grade: there, repeat: each}
    ladder:
      - {name: calm, on: trigger, hour: at once, kind: correction, to: [told by alarm], title: No longer absent}
obligations:
  - name: walk
    title: Return of the walkthrough
    source: [p. 4]
    trigger: {events: [audit.allocated]}
    owner: auditor
    due: trigger + 6 working days
    met_by: [audit.submitted]
    ladder:
      - {name: nudge, on: due - 2 working days, kind: reminder, to: [auditor], title: Two days left}
      - name: late
        on: due + 1 day
        hour: lapse
        kind: escalation
        level: 2
        to: [unit_lead over auditor]
        title: Late
  - name: promise
    title: Promise to the family
    source: [p. 9]
    trigger: {events: [action.set], stage: audit}
    per: action
    owner: action_owner
    due: audit.submitted + 3 days
    met_by: [action.completed]
    ladder:
      - {name: broken, on: due + 1 day, kind: notice, to: [action_owner, family_voice], title: Promise not kept}
  - name: second_walk
    title: Second walkthrough
    source: [p. 8]
    trigger: {events: [audit.submitted, audit.moderated], grade: gone}
    while_grade: gone
    owner: reading_room
    kind: at
    due: trigger + 2 months
    met_by: [audit.reaudit_completed]
duties:
  - name: sitting_in
    title: Sitting in on a visit
    source: [p. 11]
    owner: unit_lead
    per: holder
    clocks: [{every: month, any_of: [{count: 2, item: visit}, {count: 1, item: panel, evidence: [talked through]}]}]
"""
NOW = datetime(2026, 7, 2, 12, 0, tzinfo=UTC)
ROOM = {"actor": "P-ROOM", "role": "reading_room"}
Line = dict[str, Any]


def act(command: str, at: str, who: dict[str, str], **fields: Any) -> Line:
    return {"command": command, "authority": "newtown", **who, "at": at, **fields}


def people() -> Iterator[Line]:
    for unit, kind, parent in (("S-1", "service", None), ("T-1", "team", "S-1"), ("T-2", "team", "S-1")):
        above = {"parent": parent} if parent else {}
        yield act("unit.place", "2026-03-02", ROOM, unit=unit, kind=kind, **above)
    for person, post, unit in (
        ("P-U1", "unit_lead", "T-1"),
        ("P-U2", "unit_lead", "T-2"),
        ("P-AL", "area_lead", "S-1"),
    ):
        yield act("person.appoint", "2026-03-02", ROOM, person=person, post=post, unit=unit)
    yield act("person.appoint", "2026-03-02", ROOM, person="P-CH", post="chief")


def given_out(audit: str, since: str = "2026-05-01") -> Line:
    who = {"child": f"C-{audit}", "team": "T-1", "worker": "P-W", "auditor": "P-U2"}
    return act("audit.allocate", "2026-06-01", ROOM, audit=audit, audit_type="walkthrough", open_since=since, **who)


def returned(audit: str, at: str, grade: str, *actions: str) -> Iterator[Line]:
    voice = {"actor": "P-FV", "role": "family_voice"}
    yield act("audit.record_feedback", at, voice, audit=audit, source="family", outcome="attempted")
    sections = {"Listening": {"grade": "Seen"}, "Thinking": {"grade": "Not seen"}, "Doing": {"grade": "Not asked"}}
    new = [{"action": each, "text": "write to the family", "owner": "P-W"} for each in actions]
    auditor = {"actor": "P-U2", "role": "auditor"}
    yield act("audit.submit", at, auditor, audit=audit, grade=grade, sections=sections, actions=new)


def month() -> Iterator[Line]:
    """June: one audit never returned, one absent and lifted, one in order, and one file that was too young."""
    yield from people()
    yield from (given_out(audit) for audit in ("W-1", "W-2", "W-3"))
    yield given_out("W-4", since="2026-05-12")
    yield from returned("W-2", "2026-06-04", "Absent", "X-1", "X-2")
    owner = {"actor": "P-W", "role": "action_owner"}
    yield act("action.complete", "2026-06-05", owner, audit="W-2", action="X-1", impact="they know what comes next")
    yield from returned("W-3", "2026-06-08", "Embedded")
    yield act("audit.allocate_moderator", "2026-06-09", ROOM, audit="W-2", moderator="P-AL")
    moderator = {"actor": "P-AL", "role": "moderator"}
    yield act("audit.moderate", "2026-06-12", moderator, audit="W-2", grade="Developing", rationale="more was on file")
    first, second = ({"actor": person, "role": "unit_lead"} for person in ("P-U1", "P-U2"))
    yield act("duty.record", "2026-06-15", first, duty="sitting_in", on="2026-06-15", item="visit", count=2)
    yield act("duty.record", "2026-06-16", second, duty="sitting_in", on="2026-06-16", item="visit")
    yield act("duty.record", "2026-06-17", second, duty="sitting_in", on="2026-06-17", item="panel")
    yield act("sample.draw", "2026-07-01", ROOM, purpose="second_reading", month="2026-06")


@pytest.fixture(scope="module")
def newtown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The whole system on a folder with that one file, once everything has been worked out."""
    folder = tmp_path_factory.mktemp("newtown")
    (folder / "policies").mkdir()
    (folder / "policies" / "newtown.yaml").write_text(FRAMEWORK, encoding="utf-8")
    file = write_lines(folder / "june.jsonl", month())
    offset = NOW - datetime.now(UTC)
    settings = Settings(data=folder / "data", policies=folder / "policies", clock_offset=offset, log_level="error")
    with running(settings), System(settings) as system:
        program = Program(settings)
        said = program.run("import", file, "--unverified", "--json")
        assert [each["command"] for each in said.json["refused"]] == ["audit.allocate"], said
        assert "2026-06-02" in said.json["refused"][0]["reason"]
        wait_until_settled(system, within=PATIENCE)
        yield program


def test_the_file_is_sound(newtown: Program) -> None:
    """The file is a policy, and the program tells it in its own titles."""
    path = newtown.settings.policies / "newtown.yaml"
    assert newtown.run("policy", "check", str(path)).code == 0
    told = " ".join(newtown.run("policy", "show", "newtown").out.split())
    assert all(role.title in told for role in load(path).roles.values())
    assert "6 working days after it starts" in told


def test_who_was_told_what_and_when(newtown: Program) -> None:
    """Its own steps, at its own hour, go to its own posts, and nobody is told anything else."""
    told = {
        (
            row["audit"],
            f"{datetime.fromisoformat(row['due']).astimezone(LONDON):%d %b %H:%M}",
            row["step"],
            tuple((each["role"], each["holder"]) for each in row["recipients"]),
        )
        for row in newtown.ask("notices", "newtown")
    }
    alarmed = (("area_lead", "P-AL"), ("chief", "P-CH"))
    assert told == {
        ("W-1", "05 Jun 07:30", "nudge", (("auditor", "P-U2"),)),
        ("W-1", "10 Jun 00:00", "late", (("area_lead", "P-AL"),)),
        ("W-2", "04 Jun 09:00", "call", alarmed),
        ("W-2", "09 Jun 07:30", "broken", (("action_owner", "P-W"), ("family_voice", None))),
        ("W-2", "12 Jun 09:00", "calm", alarmed),
        ("W-3", "05 Jun 07:30", "nudge", (("auditor", "P-U2"),)),
    }


def test_what_is_owed(newtown: Program) -> None:
    """Its own dates stand: six working days, three days that roll on to Monday, and no second walk after the lift."""
    owed = {
        (row["audit"], row["obligation"], row["key"]): (row["due"], row["state"])
        for audit in ("W-1", "W-2", "W-3")
        for row in newtown.ask("show", "owed", "newtown", "--audit", audit)
        if row["due"]
    }
    assert owed[("W-1", "walk", "")] == ("2026-06-09", "overdue")
    assert owed[("W-3", "walk", "")] == ("2026-06-09", "met")
    assert owed[("W-2", "promise", "X-1")][1] == "met"
    assert owed[("W-2", "promise", "X-2")][1] == "overdue"
    assert owed[("W-2", "second_walk", "")] == ("2026-08-04", "fell away")


def test_its_tasks_and_its_sample(newtown: Program) -> None:
    """Two visits count, one visit and a panel that nobody talked through do not; half is read again, and the absent."""
    june = [
        row for row in newtown.ask("show", "programme", "newtown", "--to", "2026-07-31") if row["due"] == "2026-06-30"
    ]
    assert {row["unit"]: row["state"] for row in june} == {"T-1": "met", "T-2": "overdue"}
    with System(newtown.settings) as system:
        [*_, last] = system.history("newtown").load("month/2026-06")
    assert isinstance(last.fact, SampleDrawn)
    assert (last.fact.frame, last.fact.size, last.fact.always) == (("W-2", "W-3"), 1, ("W-2",))
    assert "W-2" in last.fact.chosen
