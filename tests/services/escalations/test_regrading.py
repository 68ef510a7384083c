"""What a moderation that changes the grade sends, starts and takes back, told as it happens."""

from collections.abc import Iterator

import pytest

from events.escalations import EscalationRaised, EscalationResolved, NoticeSent
from tests.given import Scene, at, given
from tests.lives import TORBAY_LOWEST, Life, people
from tests.services.escalations.scenes import HEAD_OF_SERVICE, TEAM_MANAGER, To

BELOW, GOOD = "Does Not Meet Good", "Meets Good"
BOTH = {TEAM_MANAGER, HEAD_OF_SERVICE}
DIVISIONAL = ("divisional_manager", "P-DM")
DIRECTOR = ("director_operational_safeguarding", "P-DOS")


def lived(life: Life, *, without: str = "") -> Scene:
    """Every act at its time, with what follows from it recorded before the next one."""
    appointed = [line for line in people(life.authority) if line.get("person", "") != without or not without]
    scene = given(*appointed, authority=life.authority)
    scene.live = True
    for line in life:
        scene.do(line)
        scene.look()
    return scene


def moderated(authority: str, first: str, *then: str, **fields: str) -> Life:
    """Returned on 10 March, given to a moderator, and moderated on the 16th, 17th and so on."""
    life = Life(authority, "A-1").allocated("2026-03-02").submitted("2026-03-10", first).to_moderator("2026-03-11")
    for number, grade in enumerate(then):
        plan = {"safety_plan": "plan checked"} if "Inadequate" in {first, grade} else {}
        life.moderated(f"2026-03-{16 + number}", grade, **plan, **fields)
    return life


def on(scene: Scene, day: str) -> set[tuple[str, str, frozenset[To]]]:
    """What went out from a day on: the obligation, how it was meant, and who was told."""
    return {(obligation, kind, frozenset(to)) for obligation, kind, to in told_since(scene, day)}


def told_since(scene: Scene, day: str) -> Iterator[tuple[str, str, list[To]]]:
    for each in scene.history("A-1"):
        if isinstance(each.fact, NoticeSent | EscalationRaised) and each.envelope.occurred >= at(f"{day} 00:00"):
            kind = each.fact.kind if isinstance(each.fact, NoticeSent) else "escalation"
            yield each.fact.obligation, kind, [(to.role, to.holder) for to in each.fact.recipients]


def standing(scene: Scene, audit: str = "A-1") -> set[str]:
    """The obligations with an escalation that nothing has resolved."""
    facts = [each.fact for each in scene.history(audit)]
    resolved = {each.reference for each in facts if isinstance(each, EscalationResolved)}
    raised = [each for each in facts if isinstance(each, EscalationRaised)]
    return {each.obligation for each in raised if each.reference not in resolved}


@pytest.mark.covers("TOR-89", "A-ALL-06", "A-TOR-21")
def test_a_lift_to_good() -> None:
    """The auditor has the change and the learning, both managers one correction, and their task stays open."""
    scene = lived(moderated("torbay", BELOW, GOOD))
    assert on(scene, "2026-03-16") == {
        ("moderation_feedback", "notice", frozenset({("auditor", "P-AUD")})),
        ("lifted_grade", "correction", frozenset(BOTH)),
    }
    assert len(scene.owed("corrective_action")) == 1


@pytest.mark.covers("TOR-89", "A-ALL-06")
@pytest.mark.parametrize("to", [GOOD, BELOW])
def test_a_lift_from_the_lowest_sends_one_correction(to: str) -> None:
    """Everybody whom the alert had reached has one correction, which closes the alert; nobody has two."""
    scene = lived(moderated("torbay", TORBAY_LOWEST, to))
    alerted = BOTH | {("service_manager", "P-SM"), ("qa_team", None)}
    assert on(scene, "2026-03-16") == {
        ("moderation_feedback", "notice", frozenset({("auditor", "P-AUD")})),
        ("lifted_alert", "correction", frozenset(alerted)),
    }
    assert standing(scene) == set()
    assert len(scene.owed("corrective_action")) == 1


@pytest.mark.covers("TOR-89")
def test_a_confirmed_grade_sends_no_feedback() -> None:
    """A moderation that changes nothing sends nothing to the auditor, and corrects nobody."""
    assert on(lived(moderated("torbay", BELOW, BELOW)), "2026-03-16") == set()


@pytest.mark.covers("TOR-89")
def test_feedback_on_changed_sections() -> None:
    """A section that the moderator grades otherwise is feedback too, with the overall grade as it was."""
    life = Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-10", GOOD).to_moderator("2026-03-11")
    life.moderated("2026-03-16", sections={"Plans": "Does not meet good"})
    assert on(lived(life), "2026-03-16") == {("moderation_feedback", "notice", frozenset({("auditor", "P-AUD")}))}


@pytest.mark.covers("A-ALL-06", "TOR-53", "TOR-105")
@pytest.mark.parametrize(("to", "alerts"), [(TORBAY_LOWEST, 1), (BELOW, 0)])
def test_good_that_is_lowered(to: str, alerts: int) -> None:
    """The corrective task begins with the moderation that finds the record below good, and both managers hear of it."""
    scene = lived(moderated("torbay", GOOD, to))
    found = on(scene, "2026-03-16")
    assert ("corrective_action", "notice", frozenset(BOTH)) in found
    assert len([each for each in found if each[0] == "immediate_alert"]) == alerts
    [task] = scene.owed("corrective_action")
    assert task.trigger.envelope.occurred == at("2026-03-16 09:00")


@pytest.mark.covers("A-ALL-06", "A-TOR-21")
def test_one_task_however_low_it_goes() -> None:
    """A record below good that is lowered to the lowest has the task that it had, and no second one."""
    scene = lived(moderated("torbay", BELOW, TORBAY_LOWEST))
    [task] = scene.owed("corrective_action")
    assert task.trigger.envelope.occurred == at("2026-03-10 09:00")
    assert standing(scene) == {"immediate_alert"}


@pytest.mark.covers("A-ALL-06", "A-HAL-06")
def test_a_corrected_notice_stands_no_longer() -> None:
    """Halton's escalations of an Inadequate file are resolved as withdrawn when the correction goes out."""
    confirmed = lived(moderated("halton", "Inadequate", "Inadequate"))
    assert standing(confirmed) == {"inadequate_audit", "inadequate_moderation"}
    lifted = lived(moderated("halton", "Inadequate", "Inadequate", "Good"))
    assert standing(lifted) == set()
    hows = {each.fact.how for each in lifted.history("A-1") if isinstance(each.fact, EscalationResolved)}
    assert hows == {"withdrawn"}
    again = lived(moderated("halton", "Inadequate", "Good", "Inadequate"))
    assert standing(again) == {"inadequate_on_moderation_first"}
    assert standing(lived(moderated("halton", "Good", "Inadequate", "Good"))) == set()


@pytest.mark.covers("HAL-57", "HAL-59", "A-HAL-06")
def test_found_first_by_moderation() -> None:
    """The Divisional Manager and the Director have one message, with the plan that keeps the child safe."""
    scene = lived(moderated("halton", "Good", "Inadequate"))
    [(obligation, kind, to)] = told_since(scene, "2026-03-16")
    assert (obligation, kind, to) == ("inadequate_on_moderation_first", "escalation", [DIVISIONAL, DIRECTOR])
    [raised] = [each.fact for each in scene.history("A-1") if isinstance(each.fact, EscalationRaised)]
    assert "with a plan to keep the child safe" in raised.title


@pytest.mark.covers("HAL-57", "A-HAL-06", "A-ALL-09")
def test_a_vacant_post_gives_the_director_one_message() -> None:
    """With nobody as Divisional Manager the Director is told once at that instant, and not once for each post."""
    scene = lived(moderated("halton", "Good", "Inadequate"), without="P-DM")
    assert [to for _, _, to in told_since(scene, "2026-03-16")] == [[DIRECTOR]]


@pytest.mark.covers("A-SWI-07", "SWI-59")
@pytest.mark.parametrize("audit", ["A-1", "A-2"])
def test_one_concern_for_one_child(audit: str) -> None:
    """A re-audit that is Inadequate again keeps the child of concern open, and settling it settles it on both."""
    scene = lived(Life("swindon", "A-1").allocated("2026-02-02").submitted("2026-02-20", "Inadequate"))
    again = Life("swindon", "A-2", auditor="P-RE").allocated("2026-03-16", reaudit_of="A-1")
    for line in again.submitted("2026-03-30", "Inadequate"):
        scene.do(line)
        scene.look()
    assert standing(scene, "A-1") == standing(scene, "A-2") == {"child_of_concern"}
    settled = {"obligation": "child_of_concern"}
    scene.do(*Life("swindon", audit).act("obligation.meet", "2026-04-20 10:00", "P-QA", "qa_team", **settled))
    scene.look()
    assert standing(scene, "A-1") == standing(scene, "A-2") == set()
    for each in ("A-1", "A-2"):
        assert scene.owed("child_of_concern", each) == []
    assert len(scene.owed("reaudit", "A-2")) == 1, "the other re-audit stays owed"
