"""Entries of registers: what may be recorded, by whom, and what happens to an entry later."""

from typing import Any

import pytest

from events.actions import ActionConfirmed, ActionSet
from events.errors import NotFound
from events.recorded import Recorded
from events.registers import EntryRecorded, EntryStepped
from tests.desks import SHIPPED
from tests.given import Scene, fact, given
from tests.histories import sealed
from tests.lives import Line

MANAGER = {"actor": "P-TM", "role": "team_manager"}
OBSERVED: Line = {
    "kind": "observation",
    "on": "2026-03-10",
    "person": "P-SW",
    "answers": {"observed": "review meeting"},
}


def act(command: str, entry: str = "E-1", at: str = "2026-03-20", **fields: Any) -> Line:
    return {"command": command, "authority": "swindon", **MANAGER, "at": at, "entry": entry, **fields}


def observed(entry: str = "E-1", **fields: Any) -> Line:
    return act("entry.record", entry, **{**OBSERVED, **fields})


def desk_of(*lines: Line) -> Scene:
    return given(*lines, authority="swindon")


def events(desk: Scene, entry: str = "E-1") -> tuple[Recorded, ...]:
    return desk.store.load(f"entry/{entry}")


@pytest.mark.covers("SWI-19", "SWI-69", "SWI-70")
def test_an_observation_stands_in_its_register() -> None:
    """Who was observed at what, and which development needs go into the supervision file; texts are sealed."""
    answers = {"observed": "visit to a child or family", "development": "open questions"}
    said = [{"plain": ("visit to a child or family",)}, {"text": sealed("open questions", child="C-1")}]
    desk_of().when(observed(answers=answers, child="C-1")).then(
        fact("entry.recorded", "entry/E-1", kind="observation", holder="P-TM", person="P-SW", child="C-1", answers=said)
    )
    [register] = [each for each in SHIPPED["swindon"].newest.registers if each.name == "observation"]
    [asked] = [each.title for each in register.questions if each.name == "development"]
    assert "for the supervision file" in asked


def test_texts_about_no_child_have_the_entrys_own_key() -> None:
    """A text of an entry that names no child is sealed with a key of that entry alone."""
    said = [{"plain": ("review meeting",)}, {"text": sealed("chairing", child="entry_E-1")}]
    desk_of().when(observed(answers={"observed": "review meeting", "development": "chairing"})).then(
        fact("entry.recorded", "entry/E-1", answers=said)
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "diary"}, "kind: unknown register diary; known: dip_sample, observation, practice_week, "),
        ({"kind": "commissioned_audit"}, "role: Audits done on direction are for qa_team, head_of_service_ppqa, "),
        ({"person": None}, "person: is needed: Observations of practice are about it"),
        ({"subject": "H-1"}, "subject: Observations of practice name none"),
        ({"team": "T-9"}, "team: T-9 was not a team of the directory on 2026-03-20"),
        ({"service": "T-1"}, "service: Observations of practice name none"),
        ({"on": "2026-03-21"}, "on: 2026-03-21 lies ahead of the day on which it is recorded"),
        ({"until": "2026-03-09"}, "until: 2026-03-09 is before 2026-03-10"),
        ({"answers": {}}, "answers.observed: is needed: What was observed?"),
        ({"answers": {"observed": "lunch"}}, "answers.observed: lunch is not one of the options; they are visit to"),
        ({"items": [{"child": "C-1"}]}, "items: Observations of practice have none"),
        ({"role": "nobody"}, "role: unknown role nobody"),
    ],
)
def test_an_entry_that_does_not_fit(fields: Line, said: str) -> None:
    """What the register does not know, or misses, is refused by its name with the rule, and nothing is kept."""
    assert desk_of().when(observed(**fields)).refused(said.partition(":")[0]).startswith(said)


def test_an_entry_is_recorded_once() -> None:
    """The same command again is a repeat; another entry under the same reference is refused."""
    desk = desk_of(observed())
    desk.when(observed()).nothing()
    desk.when(observed(on="2026-03-11")).refused("entry", "E-1 is already recorded")


@pytest.mark.covers("SWI-15", "SWI-27")
def test_a_dip_sample_looks_at_several_children() -> None:
    """Its theme, and what each file shows; the same child twice is refused, an empty sample is taken with a warning."""
    sample: Line = {"kind": "dip_sample", "on": "2026-03-10", "answers": {"theme": ["chronologies"]}}
    items = [{"child": f"C-{number}", "answers": {"seen": "up to date"}} for number in range(5)]
    desk = desk_of(act("entry.record", **sample, items=items))
    fact = events(desk)[0].fact
    assert isinstance(fact, EntryRecorded)
    assert [item.child for item in fact.items] == [f"C-{number}" for number in range(5)]
    twice = act("entry.record", "E-2", **sample, items=[items[0], items[0]])
    desk.when(twice).refused("items", "a child stands among them twice")
    [outcome] = desk.do(act("entry.record", "E-3", **sample))
    assert any("0 children" in warning for warning in outcome.warnings)


@pytest.mark.covers("SWI-68")
def test_a_step_is_taken_once() -> None:
    """The reflective discussion needs its evidence and happens once; the step carries whom the entry is about."""
    discussed = act("entry.step", step="reflective_discussion", answers={"evidence": "notes in the supervision file"})
    desk = desk_of(observed(), discussed)
    fact = events(desk)[-1].fact
    assert isinstance(fact, EntryStepped)
    assert (fact.step, fact.person, fact.kind) == ("reflective_discussion", "P-SW", "observation")
    desk.when({**discussed, "at": "2026-03-25"}).refused("step", "reflective_discussion has already happened")
    desk.when(act("entry.step", step="applause")).refused(
        "step", "unknown step applause; Observations of practice know: reflective_discussion"
    )
    desk_of(observed()).when(act("entry.step", step="reflective_discussion")).refused("answers.evidence")
    desk_of().when(discussed).refused("entry", error=NotFound)
    desk_of(observed()).when({**discussed, "at": "2026-03-19"}).refused(
        "at", "2026-03-19 is before the entry, of 2026-03-20"
    )
    desk_of(observed()).when({**discussed, "on": "2026-03-21"}).refused("on", "2026-03-21 lies ahead of the day")


@pytest.mark.covers("SWI-18")
def test_a_step_comes_after_another() -> None:
    """Findings of an audit with partners wait for the programme that the partnership agreed."""
    answers = {"audited_for": "MASH governance board", "front_door": ["consent"]}
    recorded = act("entry.record", kind="multi_agency_audit", on="2026-03-10", answers=answers)
    findings = act("entry.step", at="2026-03-24", step="findings", answers={"themes": ["consent"], "found": "late"})
    desk = desk_of(recorded)
    desk.when(findings).refused("step", "findings comes after programme_agreed, which has not happened")
    agreed = act("entry.step", at="2026-03-23", step="programme_agreed")
    desk.when(agreed, findings).then(
        fact("entry.stepped", "entry/E-1", step="programme_agreed", holder="P-TM"),
        fact("entry.stepped", "entry/E-1", step="findings", holder="P-TM"),
    )


def test_a_withdrawn_entry_stays_as_it_is() -> None:
    """It keeps its record and takes nothing more."""
    withdraw = act("entry.withdraw", at="2026-03-22", actor="P-QA", role="qa_team", reason="under another name")
    desk = desk_of(observed()).when(withdraw).then(fact("entry.withdrawn", reason="under another name"))
    desk.when(act("entry.step", at="2026-03-23", step="reflective_discussion")).refused("entry")


def test_actions_of_an_entry() -> None:
    """An entry leads to actions like an audit does: set, completed with its impact, confirmed once."""
    task = {"action": "X-1", "text": "practise chairing", "owner": "P-SW", "due": "2026-04-20"}
    done = act("entry.complete_action", at="2026-04-01", action="X-1", impact="meetings are calmer")
    confirm = act("entry.confirm_actions", at="2026-04-02")
    desk = desk_of(observed(actions=[task]), act("entry.set_action", **{**task, "action": "X-2"}), done, confirm)
    facts = [each.fact for each in events(desk)]
    assert [fact.action for fact in facts if isinstance(fact, ActionSet)] == ["X-1", "X-2"]
    assert [fact.action for fact in facts if isinstance(fact, ActionConfirmed)] == ["X-1", "X-2"]
    desk.when({**done, "at": "2026-04-03"}).refused("action")
    desk.when({**confirm, "at": "2026-04-03"}).refused("actions")
    past = {**task, "action": "X-3", "due": "2026-03-01"}
    desk.when(act("entry.set_action", **past)).refused("due")
