"""What is recorded of each step: sent, lapsed, raised or resolved; when, to whom, and with which flags."""

from pathlib import Path
from unittest.mock import patch

import pytest

from events.escalations import EscalationRaised, EscalationResolved, NoticeSent, Recipient
from services.clock import local_date
from services.core.record import Record
from services.directory.recipients import Lookup, Named
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.recording import as_recorded
from services.escalations.settle import Unfolded, settle
from services.modules import CATALOGUE
from services.policy.expressions import Addressee
from tests.desks import LONG_AFTER
from tests.edited import policies_of
from tests.given import at, fact, given
from tests.lives import TORBAY_LOWEST, Life, people
from tests.services.escalations.scenes import (
    AUDITOR,
    HEAD_OF_SERVICE,
    OUTSTANDING,
    SERVICE_MANAGER,
    lapsed,
    raised,
    sent,
    steps,
)
from tests.walks import IMPORT, imported


@pytest.mark.covers("ALL-C4", "A-ALL-05", "A-ALL-13")
def test_after_an_outage_only_what_is_still_missing_is_chased() -> None:
    """Down over the instant of a list: the audit returned meanwhile lapses, the missing one is sent late and once."""
    scene = given(*OUTSTANDING, *Life("torbay", "A-2", child="C-2").allocated("2026-01-05"), live=True)
    scene = scene.on("2026-01-26 08:00").then(
        *[sent("reminder", AUDITOR).of(f"audit/{each}") for each in ("A-1", "A-2")]
    )
    scene.do(*Life("torbay", "A-1").submitted("2026-02-04"))
    back = "2026-02-05 08:00"
    scene = scene.on(back).then(
        lapsed("outstanding_list", "met", due="2026-02-03 08:00").of("audit/A-1"),
        raised("outstanding_list", SERVICE_MANAGER, late=True, reconstructed=False).of("audit/A-2"),
    )
    scene.on(back).nothing()


@pytest.mark.covers("ALL-C4")
def test_an_act_delivered_twice_alerts_once() -> None:
    """The same return delivered twice is one return, with one alert and one re-audit."""
    lines = list(Life("halton", "A-1").allocated("2026-02-25").submitted("2026-03-05", "Inadequate", id="R-1"))
    scene = given(*lines, authority="halton", live=True)
    again = scene.when(lines[-1] | {"at": "2026-03-05 09:05"}).nothing()
    once = again.on("2026-03-05 09:05").then(
        fact("notice.sent", obligation="file_selected"), fact("escalation.raised", step="notice")
    )
    once.on("2026-03-05 09:05").nothing()
    assert len(once.owed("reaudit")) == 1


@pytest.mark.covers("A-ALL-05")
def test_a_step_that_was_met_is_recorded_as_lapsed() -> None:
    """A step whose audit came back before it is recorded as lapsed at its time, and nobody is told."""
    scene = given(*OUTSTANDING, *Life("torbay", "A-1").submitted("2026-01-20"), live=True)
    scene.on("2026-02-20 12:00").then(
        *(lapsed(each, "met", obligation="audit_return") for each in ("reminder", "outstanding_list", "second_notice")),
        raised("second_notice", HEAD_OF_SERVICE, obligation="moderation"),
    )


def test_nobody_is_looked_for_whom_nothing_is_to_be_told() -> None:
    """Of the steps of a history that has been met, as most of an import's are, no directory is asked."""
    asked: list[str] = []
    recipients = Lookup.recipients

    def looked_for(lookup: Lookup, addressee: Addressee, named: Named) -> list[Recipient]:
        asked.append(addressee.text)
        return recipients(lookup, addressee, named)

    scene = given(*OUTSTANDING, *Life("torbay", "A-1").submitted("2026-01-20"), live=True)
    with patch.object(Lookup, "recipients", looked_for):
        came = scene.on("2026-02-20 12:00")
    told = [each.fact for each in came.written if isinstance(each.fact, NoticeSent | EscalationRaised)]
    assert len(came.written) > len(told) == 1
    assert asked == [each.asked for each in told[0].recipients]


@pytest.mark.covers("A-ALL-04")
@pytest.mark.parametrize(
    ("now", "late"), [("2026-01-26 08:00", False), ("2026-01-26 09:00", False), ("2026-01-26 09:01", True)]
)
def test_late_means_more_than_an_hour(now: str, late: bool) -> None:  # noqa: FBT001 - from the table
    """A restart is no delay: only what is recorded more than an hour after its time is marked late."""
    given(*OUTSTANDING, live=True).on(now).then(sent("reminder", AUDITOR, late=late))


def test_nothing_is_recorded_before_its_time() -> None:
    """Until a step's instant nothing is recorded of it, and it is still to come."""
    scene = given(*OUTSTANDING, live=True).on("2026-01-26 07:59:59.999999").nothing()
    assert [step for step, _ in scene.coming()] == ["reminder", "outstanding_list", "second_notice"]


@pytest.mark.covers("A-ALL-05")
def test_imported_history_is_worked_out_as_of_its_time() -> None:
    """A step of imported history counts as having happened when it was due, and says that it was worked out."""
    desk = imported("torbay", [*people("torbay"), *OUTSTANDING, *Life("torbay", "A-1").submitted("2026-02-10")])
    found = desk.settled("A-1")
    for settled in found.facts:
        if isinstance(settled.fact, NoticeSent | EscalationRaised):
            assert (settled.occurred, settled.fact.late, settled.fact.reconstructed) == (settled.fact.due, False, True)
    names = {each.fact.step: type(each.fact).__name__ for each in found.facts if each.fact.obligation == "audit_return"}
    assert names == {
        "reminder": "NoticeSent",
        "outstanding_list": "EscalationResolved",
        "second_notice": "NoticeLapsed",
    }
    [resolved] = [each for each in found.facts if isinstance(each.fact, EscalationResolved)]
    assert local_date(resolved.occurred).isoformat() == "2026-02-10"


@pytest.mark.covers("A-ALL-05")
def test_an_open_import_holds_its_notices() -> None:
    """While an import is open nothing is worked out from it; once it has ended everything is."""
    desk = imported("torbay", [*people("torbay"), *OUTSTANDING])
    directory = fold_directory(desk.store.load(DIRECTORY))
    held = settle(CATALOGUE.record_of(desk.history("A-1")), desk.policies, directory, LONG_AFTER, held={IMPORT})
    assert (held.facts, held.pending) == ((), ())
    assert held.owed
    other = settle(CATALOGUE.record_of(desk.history("A-1")), desk.policies, directory, LONG_AFTER, held={"another"})
    assert len(other.facts) == 3


def test_a_record_is_folded_once_somebody_is_to_be_told() -> None:
    """What is to be recorded is the same of a history as of the record; without a recipient nothing is folded."""
    desk = imported("torbay", [*people("torbay"), *OUTSTANDING])
    directory, history = fold_directory(desk.store.load(DIRECTORY)), desk.history("A-1")
    unfolded = Unfolded("audit/A-1", CATALOGUE.kind_of("audit/A-1"), history)
    whole = settle(CATALOGUE.record_of(history), desk.policies, directory, LONG_AFTER)
    assert settle(unfolded, desk.policies, directory, LONG_AFTER) == whole
    assert any(each.fact.recipients for each in whole.facts if isinstance(each.fact, NoticeSent | EscalationRaised))
    with patch.object(Record, "of", side_effect=AssertionError):
        assert settle(unfolded, desk.policies, None, LONG_AFTER).owed == whole.owed


@pytest.mark.covers("A-ALL-06", "TOR-C7", "A-HAL-06")
@pytest.mark.parametrize(
    ("grades", "alerts", "corrections"),
    [
        (["lowest"], 1, 0),
        (["lowest", "lowest"], 1, 0),
        (["better", "lowest"], 1, 0),
        (["lowest", "better"], 1, 1),
        (["lowest", "better", "lowest"], 2, 1),
        (["better", "better"], 0, 0),
    ],
)
def test_alerts_and_corrections_follow_the_grade(grades: list[str], alerts: int, corrections: int) -> None:
    """Each fall to the lowest grade alerts once, each lift from it corrects once, and no change says nothing."""
    names = {"lowest": TORBAY_LOWEST, "better": "Meets Good"}
    life = Life("torbay", "A-1").allocated("2026-03-02")
    life.submitted("2026-03-03", names[grades[0]]).to_moderator("2026-03-04")
    for day, grade in enumerate(grades[1:], start=5):
        life.moderated(f"2026-03-{day:02}", names[grade])
    found = steps(given(*life, live=True).on("2026-03-20 09:00"))
    assert (found.count("alert"), found.count("correction")) == (alerts, corrections)


@pytest.mark.covers("A-ALL-06")
def test_lifting_keeps_the_sent_notices_and_the_actions() -> None:
    """After a lift the alert stays in the record, the actions stay open, and the corrective action is still owed."""
    life = Life("torbay", "A-1").allocated("2026-03-02")
    life.submitted(
        "2026-03-03", TORBAY_LOWEST, actions=[{"action": "X-1", "text": "see", "owner": "P-SW", "due": "2026-04-01"}]
    )
    came = given(*life.to_moderator("2026-03-04").moderated("2026-03-05", "Meets Good"), live=True).on("2026-03-06")
    assert steps(came).count("alert") == 1
    assert [len(came.scene.owed(each)) for each in ("action", "corrective_action")] == [1, 1]


def test_a_step_with_nobody_to_tell_lapses(tmp_path: Path) -> None:
    """A reminder to a moderator whom nobody has named yet is recorded as told to nobody."""
    edit = ("kind: reminder, to: [auditor]", "kind: reminder, to: [moderator]")
    scene = given(*OUTSTANDING, policies=policies_of(tmp_path, "torbay", [edit]), live=True)
    scene.on("2026-01-26 08:00").then(lapsed("reminder", "nobody_told", title="Audit due in one week"))


def test_the_same_step_has_the_same_id_at_every_attempt() -> None:
    """Two processes that work the same audit out at different instants record a step under one id."""
    desk = given(*OUTSTANDING, live=True)
    attempts = [at("2026-01-26 08:00"), at("2026-01-26 08:31")]
    ids = [
        [each.envelope.event_id for each in as_recorded(desk.history("A-1"), desk.settled("A-1", now).facts, now)]
        for now in attempts
    ]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 1


def test_the_record_names_its_cause() -> None:
    """Each record carries the event that it follows from, its policy and the system as its actor."""
    desk = given(*OUTSTANDING, live=True)
    now = at("2026-01-26 08:00")
    [recorded] = as_recorded(desk.history("A-1"), desk.settled("A-1", now).facts, now)
    cause = desk.history("A-1")[0].envelope
    envelope = recorded.envelope
    assert (envelope.causation, envelope.correlation, envelope.policy_version) == (cause.event_id, "A-1", "1")
    assert (envelope.actor, envelope.role, envelope.imported) == ("sightline", "system", "")
    assert recorded.originator_version == 2
