"""The story of an audit, an action and a child: what happened, what followed, who was told, what is still open."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from events.deliveries import DeliveryAttempted, DeliveryDelivered, Told
from events.envelope import Envelope
from events.errors import NotFound, Refused
from events.escalations import EscalationRaised, NoticeSent
from events.recorded import Recorded
from projections.happened import last_position
from services.texts.opening import CLOSED
from tests.desks import TestDesk
from tests.lives import TORBAY_LOWEST, Life, people
from tests.reports.shelf import books_of
from workers.story.books import Books, nothing_opened
from workers.story.paper import on_paper
from workers.story.telling import FROM_HISTORY, Story, story_of_action, story_of_child, story_of_record


def first_audit() -> Life:
    life = Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-15", TORBAY_LOWEST)
    life.action("2026-01-16", "A-1-1", text="see the child weekly", due="2026-02-20")
    life.to_moderator("2026-01-16").moderated("2026-01-20", "Does Not Meet Good", rationale="a visit is booked")
    return life.act("action.complete", "2026-03-02", "P-SW", "worker", action="A-1-1", impact="seen weekly since")


@pytest.fixture
def desk() -> TestDesk:
    """An audit that alarmed, its re-audit, and another child's audit with nothing to be done."""
    made = TestDesk("torbay", now=datetime(2026, 6, 15, 12, tzinfo=UTC))
    again = Life("torbay", "A-2", auditor="P-RE").allocated("2026-04-13", reaudit_of="A-1").submitted("2026-04-20")
    made.do(*people("torbay"), *first_audit(), *again, *Life("torbay", "A-3", child="C-3").allocated("2026-05-04"))
    for audit in ("A-1", "A-2", "A-3"):
        made.keep(audit)
    return made


@pytest.fixture
def books(desk: TestDesk, tmp_path: Path) -> Books:
    """Their books, with every text opened."""
    return books_of(desk, tmp_path)


def test_an_audit_is_told_in_its_order_with_both_times(books: Books) -> None:
    """Everything that history holds of it is told once: when it happened, when it was recorded, and who did it."""
    story = story_of_record(books, "audit/A-1")
    assert len(story.beats) == len(books.events(["audit/A-1"]))
    assert [each.occurred for each in story.beats] == sorted(each.occurred for each in story.beats)
    first = story.beats[0]
    assert (first.actor, first.role) == ("P-QA", "QA Team")
    assert first.sentence.startswith("Audit (")
    assert first.recorded > first.occurred


def test_texts_are_told_beside_what_happened(books: Books) -> None:
    """The rationale stands where the grade was changed."""
    story = story_of_record(books, "audit/A-1")
    (moderated,) = [each for each in story.beats if "changed the grading" in each.sentence]
    assert moderated.texts["rationale"] == "a visit is booked"


def test_texts_stay_closed_to_whoever_does_not_need_to_know_them(desk: TestDesk, tmp_path: Path) -> None:
    """The story is the same without them."""
    story = story_of_record(books_of(desk, tmp_path, opened=nothing_opened), "audit/A-1")
    told = [text for each in story.beats for text in each.texts.values()]
    assert told
    assert set(told) == {CLOSED}


def test_a_notice_follows_from_what_it_tells_of(books: Books) -> None:
    """What was sent names the return that it follows from, by its number, and whom it went to."""
    story = story_of_record(books, "audit/A-1")
    returned = next(each for each in story.beats if each.sentence.startswith("The auditor returned"))
    sent = [each for each in story.beats if each.because == returned.number and "was sent" in each.sentence]
    assert "Team Manager (T-1 P-TM): no message yet" in {told for each in sent for told in each.told}


def test_what_was_worked_out_from_history_told_nobody(desk: TestDesk, tmp_path: Path) -> None:
    """A notice that was reconstructed is never claimed to have reached anybody."""
    sent = next(each for each in desk.history("A-1") if isinstance(each.fact, NoticeSent))
    last = desk.history("A-1")[-1].originator_version
    fact = sent.fact.model_copy(update={"reconstructed": True, "number": 7})
    envelope = replace(sent.envelope, event_id="again.0")
    desk.store.append(Recorded("audit/A-1", last + 1, fact, envelope))
    story = story_of_record(books_of(desk, tmp_path), "audit/A-1")
    assert [each.told for each in story.beats if "would have been" in each.sentence] == [(FROM_HISTORY,)]


def test_what_an_act_wrote_on_another_record_is_told(books: Books) -> None:
    """The allocation of the re-audit is told on the first audit as well, and the other way round."""
    again = story_of_record(books, "audit/A-2")
    assert any(each.startswith("audit A-1: ") for each in again.beats[0].elsewhere)
    first = story_of_record(books, "audit/A-1")
    assert any("re-audit A-2" in each.sentence for each in first.beats)


def test_what_became_of_a_message_is_told(tmp_path: Path) -> None:
    """Beside an escalation that was sent stands who got it, and that it arrived."""
    live = TestDesk("torbay", now=datetime(2026, 6, 15, 12, tzinfo=UTC))
    live.do(*people("torbay"), *Life("torbay", "A-1").allocated("2026-06-01"))
    live.do(*Life("torbay", "A-1").submitted(None, TORBAY_LOWEST))
    live.keep("A-1")
    raised = next(each for each in live.history("A-1") if isinstance(each.fact, EscalationRaised))
    assert not raised.fact.reconstructed  # type: ignore[attr-defined]  # an escalation
    told = raised.fact.recipients[0]  # type: ignore[attr-defined]  # as above
    step = {"obligation": raised.fact.obligation, "step": raised.fact.step}  # type: ignore[attr-defined]  # as above
    message = DeliveryAttempted(
        recipient=told.holder,
        role=told.role,
        unit=told.unit,
        kind="escalation",
        told=(Told(about="audit/A-1", notice=raised.envelope.event_id),),
        transport="folder",
        **step,
    )
    at = raised.envelope.recorded
    for version, fact in enumerate((message, DeliveryDelivered(transport="folder")), start=1):
        envelope = Envelope(
            f"D-{version}.0", "torbay", "sightline", "system", at, at, "delivery-1", raised.envelope.event_id, "1"
        )
        live.store.append(Recorded("delivery/D-1", version, fact, envelope))
    story = story_of_record(books_of(live, tmp_path), "audit/A-1")
    (beat,) = [each for each in story.beats if each.position == raised.position]
    assert any("delivered, 15 Jun 2026 13:00" in each for each in beat.told)


def test_the_loop_says_what_is_open_and_what_was_late(books: Books) -> None:
    """The action came late and is not confirmed; the story says so, and does not claim a closed loop."""
    story = story_of_record(books, "audit/A-1")
    (action,) = [each for each in story.loop if each.what.startswith("Action A-1-1")]
    assert action.state == "done 2 Mar 2026 (late); not yet confirmed"
    assert any(each.is_open for each in story.loop)
    assert "still open" in story.ending


def test_an_action_is_told_alone(books: Books) -> None:
    """Its own events, with what difference it made; nothing of the audit's grades."""
    story = story_of_action(books, "A-1-1")
    assert [each.texts.get("impact") for each in story.beats if each.texts.get("impact")] == ["seen weekly since"]
    assert not any("graded" in each.sentence for each in story.beats)
    assert {each.about for each in story.loop} == {"audit/A-1 A-1-1"}


def test_an_action_of_two_audits_must_be_named(desk: TestDesk, tmp_path: Path) -> None:
    """A reference that two audits use for their actions asks for the audit."""
    desk.do(*Life("torbay", "A-3", child="C-3").submitted("2026-05-20").action("2026-05-21", "A-1-1", due="2026-06-30"))
    books = books_of(desk, tmp_path)
    with pytest.raises(Refused, match="--audit"):
        story_of_action(books, "A-1-1")
    assert story_of_action(books, "A-1-1", "A-3").about == ("audit/A-3",)


def test_a_child_is_told_over_all_audits(books: Books) -> None:
    """Both audits of the file stand one among the other, and no other child's."""
    story = story_of_child(books, "C-1")
    assert {"audit/A-1", "audit/A-2"} <= set(story.about)
    assert "audit/A-3" not in story.about


ASKED: list[Callable[[Books], Story]] = [
    lambda books: story_of_record(books, "audit/X"),
    lambda books: story_of_action(books, "X"),
    lambda books: story_of_child(books, "X"),
]


@pytest.mark.parametrize("ask", ASKED)
def test_of_what_there_is_not_nothing_is_told(books: Books, ask: Callable[[Books], Story]) -> None:
    """A slip of the pen is no story."""
    with pytest.raises(NotFound):
        ask(books)


def test_on_paper_everything_is_there(books: Books) -> None:
    """Each sentence and each text of the story stands on its page."""
    story = story_of_record(books, "audit/A-1")
    page = on_paper(books, story, name="A-1", position=last_position(books.source, "torbay")).model_dump_json()
    for beat in story.beats:
        assert beat.sentence.replace('"', '\\"') in page
    assert "a visit is booked" in page
    assert story.ending in page
