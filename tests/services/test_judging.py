"""Work that is open when a new version of a policy comes into force: what it keeps, and who may act on it."""

from pathlib import Path

from events.disputes import DisputeEscalated
from services.policy.judging import on_form_of
from tests.desks import SHIPPED
from tests.edited import policies_of
from tests.given import given
from tests.lives import people

CHAIN = "dispute_chain: [social_worker, practice_group_lead, head_of_service, director]"
ENTERED = {"command": "dispute.raise", "authority": "southwark", "actor": "P-IRO", "role": "reviewing_officer"}


def test_a_tier_that_was_renamed_keeps_its_place(tmp_path: Path) -> None:
    """A dispute that stands with the second tier goes on to the third, whatever the second is called since."""
    later = [
        ('version: "1"', 'version: "2"'),
        (f"effective_from: {SHIPPED['southwark'].newest.effective_from}", "effective_from: 2026-03-10"),
        (CHAIN, "dispute_chain: [social_worker, qa_lead, head_of_service, director]"),
        ("tier: practice_group_lead", "tier: qa_lead"),
    ]
    desk = given(*people("southwark"), authority="southwark", policies=policies_of(tmp_path, "southwark", [], later))
    up = {**ENTERED, "command": "dispute.escalate", "dispute": "D-1", "reason": "not settled"}
    raised = {**ENTERED, "dispute": "D-1", "child": "C-1", "team": "T-1", "concern": "no date"}
    desk.do({**raised, "at": "2026-03-02"}, {**up, "at": "2026-03-04"}, {**up, "at": "2026-03-12"})
    tiers = [each.fact.tier for each in desk.history("dispute/D-1") if isinstance(each.fact, DisputeEscalated)]
    assert tiers == ["practice_group_lead", "head_of_service"]
    desk.do({**up, "at": "2026-03-13"})
    desk.when({**up, "at": "2026-03-14"}).refused("dispute", "end of the chain")


def test_who_may_take_a_step_is_said_by_the_version_in_force() -> None:
    """An entry keeps the questions of its register; whose a step is follows the newer version."""
    began = SHIPPED["swindon"].newest
    register = next(each for each in began.registers if each.steps)
    step = register.steps[0].model_copy(update={"by": ("director",), "questions": ()})
    changed = register.model_copy(update={"by": ("director",), "questions": (), "steps": (step,)})
    others = tuple(each for each in began.registers if each is not register)
    rules = began.model_copy(update={"version": "2", "registers": (changed, *others[1:])})
    judged = {each.name: each for each in on_form_of(rules, began).registers}
    assert set(judged) == {each.name for each in began.registers}
    kept = judged[register.name]
    assert (kept.by, kept.steps[0].by) == (("director",), ("director",))
    assert (kept.questions, kept.steps[0].questions) == (register.questions, register.steps[0].questions)
    assert judged[others[0].name].by == others[0].by
