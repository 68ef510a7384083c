"""What is added touches nothing: a part of the domain, a view and a council that live in this folder alone."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from events.errors import Refused
from events.escalations import EscalationAcknowledged, EscalationRaised, EscalationResolved
from projections.escalation_queue import escalations
from projections.timeline import aggregate_timeline
from services.core.catalogue import Catalogue
from services.modules import CATALOGUE
from services.policy.describe.framework import statements
from services.policy_files import check, load, load_folder
from services.rehearsal import Rehearsal
from services.settings import Settings
from tests.desks import TestDesk
from tests.stores import Store
from tests.whole_system.visits import VIEW, VISITS, VisitAsked, VisitMissed, VisitPlanned, visits
from tests.workers.rig import Rig
from workers.recording.desks import recording_desks
from workers.system import System

MORE = Catalogue((*CATALOGUE.parts, VISITS))
COUNCIL = """
authority: riverside
version: "1"
effective_from: 2026-01-01
framework: How we visit
calendar: {roll_non_working: next, notice_hour: "07:30"}
roles:
  office: {title: The Office, group: true}
  lead: {title: Team Lead, scope: team}
  chief: {title: Chief Officer}
chain: [lead, chief]
fallback: office
grades: {overall: [Good, Poor], sections: [Seen, Not seen]}
tool: {types: [walk], sections: [Listening]}
acts:
  unit.place: [office]
  person.appoint: [office]
  audit.allocate: [office]
  audit.submit: [auditor]
  visit.plan: [office, lead]
  visit.miss: [lead]
  escalation.acknowledge: [chief]
  obligation.meet: [lead]
obligations:
  - name: plan
    title: Plan of the visit
    source: [p. 1]
    trigger: {events: [visit.asked]}
    owner: lead of about
    due: trigger + 3 working days
    met_by: [visit.planned]
    ladder:
      - {name: slow, on: due + 1 day, kind: notice, to: [lead of about], title: No day for the visit}
  - name: sorry
    title: Word to the family
    source: [p. 2]
    trigger: {events: [visit.missed], repeat: each}
    owner: chief
    due: trigger + 5 days
    met_by: [obligation.met]
    ladder:
      - {name: call, on: trigger, hour: at once, kind: escalation, level: 3, to: [lead of about, chief], title: Missed}
"""
SENTENCES = [
    "Audit A-1 asked for a visit to the family of child C-1.",
    "Team T-1 will visit the family of child C-1 on 8 June 2026.",
    "Nobody visited the family; the reason is recorded.",
]
Line = dict[str, Any]


def act(command: str, who: tuple[str, str], at: str | None, **fields: Any) -> Line:
    when = {} if at is None else {"at": at}
    return {"command": command, "authority": "riverside", "actor": who[0], "role": who[1], **when, **fields}


OFFICE, LEAD, CHIEF, AUDITOR = ("P-OFF", "office"), ("P-LD", "lead"), ("P-CH", "chief"), ("P-AUD", "auditor")


def found_poor() -> Iterator[Line]:
    """The people of the council, and an audit with the lowest grade."""
    day = "2026-06-01"
    yield act("person.appoint", OFFICE, day, person="P-OFF", post="office")
    yield act("unit.place", OFFICE, day, unit="S-1", kind="service")
    yield act("unit.place", OFFICE, day, unit="T-1", kind="team", parent="S-1")
    yield act("person.appoint", OFFICE, day, person="P-LD", post="lead", unit="T-1")
    yield act("person.appoint", OFFICE, day, person="P-CH", post="chief")
    who = {"child": "C-1", "team": "T-1", "worker": "P-W", "auditor": "P-AUD"}
    yield act("audit.allocate", OFFICE, day, audit="A-1", audit_type="walk", **who)
    yield act(
        "audit.submit", AUDITOR, "2026-06-02", audit="A-1", grade="Poor", sections={"Listening": {"grade": "Seen"}}
    )


def missed(at: str | None = "2026-06-09") -> Iterator[Line]:
    """Its visit is planned, and nobody goes."""
    yield act("visit.plan", LEAD, "2026-06-03", visit="A-1", child="C-1", team="T-1", day="2026-06-08")
    yield act("visit.miss", LEAD, at, visit="A-1", reason="the car broke down")


def council(folder: Path, authority: str = "riverside") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{authority}.yaml"
    file.write_text(COUNCIL.replace("authority: riverside", f"authority: {authority}"), encoding="utf-8")
    return file


@pytest.fixture
def desk(tmp_path: Path) -> TestDesk:
    """A desk of that council that knows the part besides all others."""
    council(tmp_path)
    policies = load_folder(tmp_path, MORE.known)["riverside"]
    return TestDesk("riverside", policies, datetime(2026, 6, 10, 12, tzinfo=UTC), staffed=False, catalogue=MORE)


def test_the_check_knows_its_acts_and_its_ladder(tmp_path: Path) -> None:
    """The policy check takes the acts and the ladders of the part, and refuses them where the part is not there."""
    file = council(tmp_path)
    assert check(file, MORE.known)[1] == []
    assert "Miss a visit: Team Lead" in {each.words for each in statements(load(file, MORE.known), MORE.known)}
    wrong = "\n".join(map(str, check(file)[1]))
    assert "unknown act visit.plan" in wrong
    assert "nothing is ever sent about the record of a visit" in wrong
    file.write_text(COUNCIL.replace("events: [visit.asked]", "events: [visit.begged]"), encoding="utf-8")
    assert "unknown event visit.begged" in "\n".join(map(str, check(file, MORE.known)[1]))


def test_the_desk_takes_its_commands_and_its_reaction_follows(desk: TestDesk) -> None:
    """The return of the audit asks for a visit in the same batch, and the visit's commands are carried out on it."""
    *_, returned = desk.do(*found_poor())
    assert [type(each.fact) for each in returned.events][-1] is VisitAsked
    with pytest.raises(Refused, match="A-1 has no day yet"):
        desk.do(act("visit.miss", LEAD, "2026-06-03", visit="A-1", reason="nobody was asked"))
    desk.do(*missed())
    facts = [each.fact for each in desk.history("visit/A-1")]
    assert [type(fact) for fact in facts] == [VisitAsked, VisitPlanned, VisitMissed]
    assert [fact.sentence() for fact in facts] == SENTENCES
    assert desk.do(*missed())[0].result == "repeated"


def test_what_it_owes_is_told_and_answered(desk: TestDesk) -> None:
    """Its ladder fires to the posts of its team, and the escalation is acknowledged and met like any other."""
    desk.do(*found_poor(), *missed())
    desk.keep("visit/A-1")
    [raised] = [each.fact for each in desk.history("visit/A-1") if isinstance(each.fact, EscalationRaised)]
    assert {each.holder for each in raised.recipients} == {"P-LD", "P-CH"}
    step = {"record": "visit/A-1", "obligation": "sorry"}
    desk.do(act("escalation.acknowledge", CHIEF, "2026-06-10", step="call", **step))
    desk.do(act("obligation.meet", LEAD, "2026-06-10", **step))
    desk.keep("visit/A-1")
    kinds = [type(each.fact) for each in desk.history("visit/A-1")]
    assert kinds.count(EscalationAcknowledged) == kinds.count(EscalationResolved) == 1


def test_the_rehearsal_plans_it(tmp_path: Path) -> None:
    """A plan of the same lines shows its steps among all others."""
    council(tmp_path)
    rehearsal = Rehearsal(load_folder(tmp_path, MORE.known), unverified=True, catalogue=MORE)
    summary = rehearsal.run(orjson.dumps(line) for line in [*found_poor(), *missed()])
    assert not summary.rejections
    assert [(each.about, each.title) for each in rehearsal.plan("visit/A-1") if each.what != "due"] == [
        ("visit/A-1", "Missed")
    ]


async def test_the_running_system_works_with_it(single_store: Store, tmp_path: Path) -> None:
    """Its lines are imported, its view and its timeline are kept, and its escalation is told of and acknowledged."""
    authority = single_store.authority()
    council(tmp_path / "policies", authority)
    settings = Settings(data=tmp_path, nats=single_store.url, policies=tmp_path / "policies")
    with System(settings, catalogue=MORE, own_views={"visits": VIEW}) as system:
        rig = Rig(settings, system, authority)
        kept = ("visits", "timeline", "escalations", "owed")

        def shown(*names: str) -> bool:
            return all(rig.reached(name) == system.history(authority).position() for name in names)

        async with rig.workers(*kept, "timekeeper", "escalator"):
            await asyncio.to_thread(record, system, authority, *found_poor(), *missed(None))
            about = "visit/A-1"
            await rig.until(lambda: shown(*kept) and bool(queue(rig, about)))
            assert visits(system.engine, authority) == [(about, "C-1", "T-1", date(2026, 6, 8))]
            told = [
                each
                for each in aggregate_timeline(system.engine, authority, about)
                if each.stored_name.startswith("visit.")
            ]
            assert [each.sentence for each in told] == SENTENCES
            assert list(told[2].sealed) == ["reason"]
            answer = act("escalation.acknowledge", CHIEF, None, record=about, obligation="sorry", step="call")
            await asyncio.to_thread(record, system, authority, answer)
            await rig.until(lambda: queue(rig, about) == ["acknowledged"])


def record(system: System, authority: str, *lines: Line) -> None:
    """Import the lines as files are; none is refused."""
    with recording_desks(system, "lines", authority, unverified=True) as importer:
        summary = importer.run(orjson.dumps({**line, "authority": authority}) for line in lines)
    assert not summary.rejections, summary.rejections


def queue(rig: Rig, about: str) -> list[str]:
    return [each.state for each in escalations(rig.system.engine, rig.authority, about=about)]


def test_the_project_knows_nothing_of_it() -> None:
    """No part, act or view of the project itself is that of this test."""
    assert "visit" not in CATALOGUE.kinds
    assert not {"visit.plan", "visit.miss"} & CATALOGUE.powers.keys()
