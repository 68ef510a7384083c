"""Escalations and what is owed beyond audits: disputes, entries of registers, and what was done towards tasks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from events.errors import Forbidden, NotFound, Refused
from events.escalations import EscalationRaised
from services.modules import CATALOGUE
from tests.edited import policies_of
from tests.given import Came, Scene, fact, given
from tests.histories import sealed
from tests.lives import Life, Line, people
from tests.rounds import RoundLife
from tests.services.escalations.scenes import lapsed, resolved, steps

RULE = """obligations:
  - name: hazard
    title: What gives concern
    source: [TEST-1]
    trigger: {%s, repeat: each}
    owner: actor
    due: none stated
    met_by: [obligation.met]
    ladder:
      - name: alert
        on: trigger
        hour: at once
        kind: escalation
        repeat_hours: 1
        to: [actor]
        title: Please act now

"""
"""A rule that a test's framework has beside its own: an alert every hour until it is acknowledged."""

START = "2026-03-10T10:00"


@dataclass(frozen=True)
class Alerted:
    """A record that has an alert: how it began, and who answers for it."""

    desk: Scene
    record: str
    obligation: str
    actor: Line
    resolver: Line
    key: str

    def line(self, command: str, at: str, **fields: object) -> Line:
        """A command about the record."""
        head = {"authority": self.desk.authority, **self.actor, "at": at, "record": self.record}
        named = {"obligation": self.obligation} | ({} if command == "obligation.meet" else {"step": "alert"})
        return {"command": command, **head, **named, **fields}

    def on(self, instant: str) -> Came:
        """What is recorded when the record is looked at."""
        return self.desk.on(instant, only=[self.record])

    def alarmed(self) -> None:
        """Have the first alert recorded, and whatever else its framework tells beside."""
        assert "alert" in steps(self.on("2026-03-10T10:30Z"))

    def raised(self) -> list[str]:
        """The hours at which the alert was raised."""
        facts = [each.fact for each in self.desk.history(self.record)]
        return [f"{each.due:%H:%M}" for each in facts if isinstance(each, EscalationRaised)]


def dispute(_: Path) -> Alerted:
    head = {"command": "dispute.raise", "authority": "southwark", "actor": "P-IRO", "role": "reviewing_officer"}
    raised = {**head, "at": START, "dispute": "D-1", "child": "C-1", "team": "T-1", "concern": "c", "safety": True}
    desk = given(*people("southwark"), raised, authority="southwark")
    director = {"actor": "P-DIR", "role": "director"}
    return Alerted(desk, "dispute/D-1", "dispute_of_safety", director, director, "C-1")


def entry(folder: Path) -> Alerted:
    rule = RULE % "events: [entry.recorded], when: {kind: observation}"
    desk = Scene("swindon", policies_of(folder, "swindon", [("obligations:\n", rule)]))
    head = {"command": "entry.record", "authority": "swindon", "actor": "P-TM", "role": "team_manager", "at": START}
    seen = {"kind": "observation", "on": "2026-03-10", "person": "P-SW", "answers": {"observed": "review meeting"}}
    desk.do(*people("swindon"), {**head, "entry": "E-1", **seen})
    return Alerted(
        desk,
        "entry/E-1",
        "hazard",
        {"actor": "P-TM", "role": "team_manager"},
        {"actor": "P-HOS", "role": "head_of_service"},
        "entry_E-1",
    )


def task(folder: Path) -> Alerted:
    rule = RULE % "events: [duty.recorded], when: {duty: t3_3}"
    desk = Scene("east-sussex", policies_of(folder, "east-sussex", [("obligations:\n", rule)]))
    manager = {"actor": "P-OM", "role": "operations_manager"}
    done = {"duty": "t3_3", "on": "2026-03-10", "about": "P-AUD", "item": "supervision audit", "concern": False}
    head = {"command": "duty.record", "authority": "east-sussex", **manager, "at": START}
    desk.do(*people("east-sussex"), {**head, **done})
    return Alerted(desk, "duty/t3_3-2026-03", "hazard", manager, manager, "duty_t3_3-2026-03")


def round_of_month(folder: Path) -> Alerted:
    rule = RULE % "events: [round.planned]"
    desk = given(
        *people("torbay"),
        *RoundLife("2026-04").scheduled("2026-03-02").planned(START),
        policies=policies_of(folder, "torbay", [("obligations:\n", rule)]),
    )
    lead = {"actor": "P-QA", "role": "qa_team"}
    return Alerted(desk, "round/2026-04", "hazard", lead, lead, "round_2026-04")


def month(folder: Path) -> Alerted:
    rule = RULE % "events: [month.return_counted]"
    desk = given(
        *people("halton"),
        *Life("halton", "A-1").allocated("2026-03-02").submitted(START),
        authority="halton",
        policies=policies_of(folder, "halton", [("obligations:\n", rule)]),
    )
    lead = {"actor": "P-QA", "role": "qa_team"}
    return Alerted(desk, "month/2026-03", "hazard", lead, lead, "month_2026-03")


RECORDS = (dispute, entry, task, round_of_month, month)
Begin = Callable[[Path], Alerted]


@pytest.fixture(params=RECORDS, ids=lambda each: each.__name__)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Alerted:
    begin: Begin = request.param
    return begin(tmp_path)


@pytest.mark.covers("SOU-61")
def test_it_is_acknowledged_once(scene: Alerted) -> None:
    """An hourly alert stops once somebody has acknowledged it; the note is sealed, a repeat changes nothing."""
    assert steps(scene.on("2026-03-10T12:30Z")).count("alert") == 3
    assert scene.raised() == ["10:00", "11:00", "12:00"]
    line = scene.line("escalation.acknowledge", "2026-03-10T12:40", note="visited today")
    note = sealed("visited today", child=scene.key)
    scene.desk.when(line).then(fact("escalation.acknowledged", scene.record, note=note)).when(line).nothing()
    scene.on("2026-03-10T18:00Z").nothing()
    scene.desk.when(scene.line("escalation.acknowledge", "2026-03-10T13:00")).refused("step", "already acknowledged")


def test_it_repeats_until_then(scene: Alerted) -> None:
    """Without anybody who acknowledges it, it comes again each hour, up to the policy's limit."""
    assert steps(scene.on("2026-03-12T12:00Z")).count("alert") == 24
    assert len(scene.raised()) == 24


def test_a_person_resolves_it(scene: Alerted) -> None:
    """A person says that it needs nobody any more, with the reason: it comes no more, and is not resolved again."""
    scene.alarmed()
    line = scene.line("escalation.resolve", "2026-03-10T10:40", note="a mistake") | scene.resolver
    scene.desk.when(line).then(fact("escalation.resolved", scene.record, note="a mistake"))
    scene.on("2026-03-11T10:30Z").nothing()
    scene.desk.when(line | {"at": "2026-03-10T10:50"}).refused("step", "already resolved")


def test_what_does_not_fit_is_refused(scene: Alerted) -> None:
    """Before its time, an unknown step, a role without the right, and a record that is not there."""
    scene.alarmed()
    called = CATALOGUE.called(scene.record)
    scene.desk.when(scene.line("escalation.acknowledge", "2026-03-10T09:59")).refused(
        "at", "before the escalation was due"
    )
    unknown = scene.line("escalation.acknowledge", "2026-03-10T11:00") | {"step": "bell"}
    scene.desk.when(unknown).refused(f"escalation of {called.replace('/', ' ')},", error=NotFound)
    foreign = scene.line("escalation.acknowledge", "2026-03-10T11:00") | {"role": "nobody"}
    scene.desk.when(foreign).refused("role", "unknown role")
    other = scene.record.partition("/")[0] + "/X-9"
    scene.desk.when(scene.line("escalation.acknowledge", "2026-03-10T11:00") | {"record": other}).refused(
        called.partition("/")[0], error=NotFound
    )


@pytest.mark.parametrize("begin", [entry, task, round_of_month, month])
def test_what_is_owed_is_met(begin: Begin, tmp_path: Path) -> None:
    """Met by hand once: its alert is resolved and comes no more, and it is owed no longer."""
    scene = begin(tmp_path)
    scene.alarmed()
    scene.desk.when(scene.line("obligation.meet", "2026-03-10T09:00")).refused("at", "before")
    scene.desk.when(scene.line("obligation.meet", "2026-03-10T10:40", note="done")).then(
        fact("obligation.met", scene.record, obligation="hazard", note="done")
    )
    hours = [lapsed("alert", "met", obligation="hazard", number=each) for each in range(1, 9)]
    scene.on("2026-03-10T18:00Z").then(*hours, resolved("alert", "discharged", obligation="hazard"))
    scene.desk.when(scene.line("obligation.meet", "2026-03-11")).refused(
        "obligation", f"{CATALOGUE.called(scene.record)} does not owe hazard now"
    )
    begin(tmp_path).desk.when(scene.line("obligation.meet", "2026-03-10T10:40", answers={"themes": "x"})).refused(
        "answers.themes"
    )


def test_a_dispute_owes_no_act_by_hand(tmp_path: Path) -> None:
    """What only a richer act discharges is not met by hand: a dispute is settled, not ticked off."""
    scene = dispute(tmp_path)
    lead = {"actor": "P-QA", "role": "qa_lead"}
    scene.desk.when(scene.line("obligation.meet", "2026-03-10T11:00") | lead).refused("obligation", "does not owe")
    scene.desk.when(scene.line("obligation.meet", "2026-03-10T11:00")).refused(
        "role", "may not obligation.meet", error=Forbidden
    )


def test_a_withdrawn_entry(tmp_path: Path) -> None:
    """Nothing more is done about an entry that was a slip."""
    scene = entry(tmp_path)
    scene.alarmed()
    head = {"authority": "swindon", "actor": "P-QA", "role": "qa_team", "at": "2026-03-10T11:00", "entry": "E-1"}
    scene.desk.do({"command": "entry.withdraw", **head, "reason": "a slip"})
    scene.desk.when(scene.line("escalation.acknowledge", "2026-03-10T11:10")).refused("entry", "was withdrawn")


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"audit": "A-1", "record": "dispute/D-1"},
        {"record": "audit/A-1"},
        {"record": "D-1"},
        {"record": "entry/"},
        # what it was called at first is read, and never beside the name that it has
        {"audit": "A-1", "matter": "dispute/D-1"},
        {"record": "dispute/D-1", "matter": "dispute/D-1"},
    ],
    ids=str,
)
def test_one_record_is_named(named: Line) -> None:
    """A command names an audit or another record, and exactly one of both."""
    line = {"command": "escalation.acknowledge", "authority": "southwark", "actor": "P-1", "role": "director"}
    with pytest.raises(Refused):
        CATALOGUE.parse(orjson.dumps({**line, "obligation": "o", "step": "s", **named}))


@pytest.mark.covers("SOU-59", "A-SOU-05", "A-SOU-18")
@pytest.mark.parametrize("marked_on_return", [False, True], ids=["raised meanwhile", "marked on the return"])
def test_southwarks_safety_alert(*, marked_on_return: bool) -> None:
    """The Director, Head of Service and Practice Group Lead are told again each hour until one of them has it."""
    life = Life("southwark", "A-1").allocated("2026-03-02")
    if marked_on_return:
        life.submitted(START, immediate_concern=True)
    else:
        life.act("audit.raise_safety_concern", START, "P-AUD", "auditor", concern="not seen for a week")
    came = given(*people("southwark"), *life, authority="southwark").on("2026-03-10T13:30Z")
    alerts = [each.fact for each in came.written if isinstance(each.fact, EscalationRaised)]
    assert [f"{each.due:%H:%M}" for each in alerts] == ["10:00", "11:00", "12:00", "13:00"]
    assert {(each.level, *(to.holder for to in each.recipients)) for each in alerts} == {(3, "P-DIR", "P-HOS", "P-PGL")}
    rule = "immediate_concern" if marked_on_return else "safety_concern"
    taken = {"obligation": rule, "step": "alert"}
    answer = Life("southwark", "A-1").act(
        "escalation.acknowledge", "2026-03-10T13:40", "P-HOS", "head_of_service", **taken
    )
    came.scene.when(*answer).then("escalation.acknowledged").on("2026-03-11T10:00Z").nothing()
