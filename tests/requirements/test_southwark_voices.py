"""Southwark's voices and follow-up: complaints, views, plans of the service, where actions stand, learning."""

from typing import Any

import pytest

from tests.desks import SHIPPED, TestDesk
from tests.lives import Line
from tests.requirements.register_entries import Programme, answered, standing, told
from tests.requirements.scenes import desk_of, refusal

SOUTHWARK = Programme("southwark")


def taken(*lines: Line) -> TestDesk:
    return desk_of("southwark", *lines)


def recorded(kind: str, role: str, answers: dict[str, Any], **fields: Any) -> Line:
    return SOUTHWARK.entry("E-1", kind, "2026-05-12", role, answers=answers, **fields)


def options(register: str, question: str) -> tuple[str, ...]:
    [found] = [each for each in SHIPPED["southwark"].newest.registers if each.name == register]
    return next(each.options for each in found.questions if each.name == question)


COMPLAINT = {"urgent": True, "leads_to_action": True, "issue": "nobody came"}


@pytest.mark.covers("SOU-10", "SOU-62")
def test_an_urgent_complaint_is_raised_at_once() -> None:
    """The complaints manager's urgent issue goes to the group's lead on the spot; one without urgency to nobody."""
    line = recorded("complaint", "complaints_manager", COMPLAINT, team="T-1", at="2026-05-12T16:40:00+01:00")
    desk = taken(line)
    assert told(desk, "E-1") == {"urgent_complaint": {("practice_group_lead", "P-PGL")}}
    assert told(taken(line | {"answers": COMPLAINT | {"urgent": False}}), "E-1") == {}
    assert refusal(taken(), line | {"role": "social_worker"}) == "role"


@pytest.mark.covers("SOU-62")
def test_what_a_complaint_leads_to_goes_into_the_service_plan() -> None:
    """Its actions stand as owed until they are in a plan; a complaint without action owes nothing."""
    line = recorded("complaint", "complaints_manager", COMPLAINT, team="T-1")
    desk = taken(line)
    assert set(standing(desk, "E-1")) == {"complaint_into_plan"}
    desk.do(SOUTHWARK.step("E-1", "into_service_plan", "2026-05-20", "complaints_manager", plan="PLAN-1"))
    assert standing(desk, "E-1") == {}
    assert standing(taken(line | {"answers": COMPLAINT | {"leads_to_action": False}}), "E-1") == {}


@pytest.mark.covers("SOU-82")
@pytest.mark.parametrize("channel", options("views", "channel"))
def test_six_channels(channel: str) -> None:
    """Views come through one of six channels, with their themes."""
    assert len(options("views", "channel")) == 6
    line = recorded("views", "practice_group_lead", {"channel": channel, "themes": ["contact"], "view": "more time"})
    assert answered(taken(line), "E-1") == {"channel": (channel,), "themes": ("contact",), "view": ("sealed",)}
    unnamed = {**line["answers"], "channel": "hearsay"}
    assert refusal(taken(), line | {"answers": unnamed}) == "answers.channel"


@pytest.mark.covers("SOU-84")
def test_the_council_of_children_in_care() -> None:
    """Its consultation is taken with the ages of those who spoke; beyond 5 to 24 there is a warning."""
    channel = "Children in Care Council (Speakerbox)"
    answers: Line = {"channel": channel, "themes": ["homes"], "view": "ask us", "youngest": 5, "oldest": 24}
    line = recorded("views", "childrens_rights_officer", answers)
    assert taken().do(line)[0].warnings == ()
    [beyond] = taken().do(line | {"answers": answers | {"youngest": 4, "oldest": 25}})
    assert sum("is asked for" in warning for warning in beyond.warnings) == 2


@pytest.mark.covers("SOU-85")
def test_the_provider_of_advocacy() -> None:
    """The provider stands in the register as the framework spells it, and since when."""
    line = recorded("advocacy_provider", "childrens_rights_officer", {"provider": "Barnados", "offers": "visits"})
    assert answered(taken(line), "E-1")["provider"] == ("Barnados",)
    assert refusal(taken(), line | {"answers": {"provider": "somebody"}}) == "answers.provider"


@pytest.mark.covers("SOU-87")
def test_views_are_sought_at_every_meeting() -> None:
    """A meeting with a family is not recorded without the answer whether views were sought."""
    line = recorded("family_meeting", "social_worker", {"views_sought": False}, child="C-1")
    assert answered(taken(line), "E-1") == {"views_sought": ("no",)}
    assert refusal(taken(), line | {"answers": {}}) == "answers.views_sought"


PLAN = {"findings": "late assessments", "service_wide": True}


@pytest.mark.covers("SOU-8", "SOU-68", "SOU-69", "A-SOU-19")
def test_plans_of_the_service() -> None:
    """The Service Management Team owes what it planned; what concerns the whole service goes into the one plan."""
    desk = taken(recorded("service_plan", "service_management_team", PLAN, service="S-1"))
    owners = {name: each.rule.owners[0].role for name, each in standing(desk, "E-1").items()}
    assert owners == {"service_action_plan": "service_management_team", "strategic_plan": "strategy_team"}
    done = SOUTHWARK.step("E-1", "implemented", "2026-07-01", "service_management_team", change="in time again")
    assert refusal(desk, done | {"role": "qa_lead"}) == "role"
    desk.do(done, SOUTHWARK.step("E-1", "into_strategic_plan", "2026-07-02", "strategy_team"))
    assert standing(desk, "E-1") == {}
    own = recorded("service_plan", "qa_lead", PLAN | {"service_wide": False}, service="S-1")
    assert set(standing(taken(own), "E-1")) == {"service_action_plan"}


@pytest.mark.covers("SOU-52", "SOU-66")
@pytest.mark.parametrize(("put_into", "role"), [("electronic case file", "qa_lead"), ("supervision", "social_worker")])
def test_actions_are_put_where_the_work_is_done(put_into: str, role: str) -> None:
    """That an action was written into the case file, or taken into supervision, is recorded with its agreed date."""
    answers = {"audit": "A-1", "put_into": put_into, "agreed_date": "2026-06-30"}
    line = recorded("action_placed", role, answers, child="C-1", person="P-SW")
    assert answered(taken(line), "E-1") == {
        "audit": ("A-1",),
        "put_into": (put_into,),
        "agreed_date": ("2026-06-30",),
    }
    undated = {name: value for name, value in answers.items() if name != "agreed_date"}
    assert refusal(taken(), line | {"answers": undated}) == "answers.agreed_date"


@pytest.mark.covers("SOU-114")
def test_what_went_wrong_is_reported_and_answered() -> None:
    """Anybody on the staff may report it; management's response is owed until it is given, and is management's."""
    line = recorded("went_wrong", "social_worker", {"what": "the visit was missed"}, team="T-1")
    desk = taken(line)
    assert {name: each.rule.owners[0].role for name, each in standing(desk, "E-1").items()} == {
        "management_response": "practice_group_lead"
    }
    answer = SOUTHWARK.step("E-1", "response", "2026-05-14", "practice_group_lead", "P-PGL", answer="cover agreed")
    assert refusal(desk, answer | {"role": "social_worker"}) == "role"
    desk.do(answer)
    assert standing(desk, "E-1") == {}


@pytest.mark.covers("SOU-109")
@pytest.mark.parametrize("sort", ["learning", "success"])
def test_learning_and_successes_are_spread(sort: str) -> None:
    """What was learned, and what went well, is recorded with its themes and each way in which it was spread."""
    line = recorded("learning", "advanced_practitioner", {"sort": sort, "themes": ["plans"], "learning": "one page"})
    spread = SOUTHWARK.step("E-1", "spread", "2026-06-01", "practice_group_lead", how="at the group's meeting")
    desk = taken(line, spread, spread | {"at": "2026-06-08"})
    assert len(desk.store.load("entry/E-1")) == 3
    assert answered(desk, "E-1")["sort"] == (sort,)


@pytest.mark.covers("SOU-110")
@pytest.mark.parametrize("practice", ["outstanding practice", "good practice"])
def test_good_practice_is_acknowledged(practice: str) -> None:
    """The Quality Assurance Lead acknowledges somebody's practice in an audit; nobody else does."""
    line = recorded("recognition", "qa_lead", {"audit": "A-1", "practice": practice}, person="P-SW")
    assert answered(taken(line), "E-1") == {"audit": ("A-1",), "practice": (practice,)}
    assert refusal(taken(), line | {"role": "director"}) == "role"


@pytest.mark.covers("SOU-112")
def test_standards_rest_on_research() -> None:
    """A practice standard stands with the research that it rests on, and not without."""
    line = recorded("practice_standard", "head_of_qa", {"standard": "see the child alone", "research": "a review"})
    assert answered(taken(line), "E-1") == {"standard": ("sealed",), "research": ("sealed",)}
    assert refusal(taken(), line | {"answers": {"standard": "see the child alone"}}) == "answers.research"
