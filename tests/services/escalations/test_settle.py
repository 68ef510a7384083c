"""What is recorded of each step: sent, lapsed, raised or resolved; when, to whom, and with which flags."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from events.escalations import EscalationRaised, EscalationResolved, NoticeLapsed, NoticeSent, Recipient, Step
from services.clock import LONDON, local_date
from services.escalations.record import as_recorded
from services.escalations.settle import Settlement, settle
from services.people.directory import DIRECTORY, fold_directory
from services.policy.load import Policies
from tests.desks import LONG_AFTER, TestDesk
from tests.edited import policies_of
from tests.lives import QA, TORBAY_LOWEST, Life, Line, people
from tests.walks import IMPORT, imported


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def live(*lines: Line, authority: str = "torbay", policies: Policies | None = None) -> TestDesk:
    """A desk that carried the lines out as they happened, each at its own `at`."""
    desk = TestDesk(authority, policies)
    for line in (*people(authority), *lines):
        go_on(desk, line)
    return desk


def go_on(desk: TestDesk, line: Mapping[str, Any]) -> None:
    day = str(line["at"])
    desk.now = at(day if len(day) > 10 else f"{day} 09:00")
    desk.do({key: value for key, value in line.items() if key != "at"})


def person(command: str, who: str, post: str, unit: str | None, day: str, **fields: Any) -> Line:
    return {
        "command": f"person.{command}",
        "authority": "torbay",
        **QA,
        "person": who,
        "post": post,
        "unit": unit,
        "at": day,
        **fields,
    }


def facts(settlement: Settlement) -> list[Step]:
    return [each.fact for each in settlement.facts]


def told(step: Step) -> list[tuple[str, str | None]]:
    assert isinstance(step, NoticeSent | EscalationRaised)
    return [(each.role, each.holder) for each in step.recipients]


def step_of(found: Settlement, name: str) -> Step:
    [one] = [each for each in facts(found) if each.step == name]
    return one


OUTSTANDING = Life("torbay", "A-1").allocated("2026-01-05")


@pytest.mark.covers("ALL-C4", "A-ALL-05", "A-ALL-13")
def test_after_an_outage_only_what_is_still_missing_is_chased() -> None:
    """Down over the instant of a list: the audit returned meanwhile lapses, the missing one is sent late and once."""
    desk = live(*OUTSTANDING, *Life("torbay", "A-2", child="C-2").allocated("2026-01-05"))
    for audit in ("A-1", "A-2"):
        desk.keep(audit, at("2026-01-26 08:00"))
    for line in Life("torbay", "A-1").submitted("2026-02-04"):
        go_on(desk, line)
    back = at("2026-02-05 08:00")
    returned, missing = desk.keep("A-1", back), desk.keep("A-2", back)
    [lapsed] = facts(returned)
    assert isinstance(lapsed, NoticeLapsed)
    assert (lapsed.step, lapsed.reason, lapsed.due) == ("outstanding_list", "met", at("2026-02-03 08:00"))
    [raised] = facts(missing)
    assert isinstance(raised, EscalationRaised)
    assert (raised.step, raised.late, raised.reconstructed) == ("outstanding_list", True, False)
    assert told(raised) == [("service_manager", "P-SM")]
    assert facts(desk.settled("A-1", back)) == []
    assert facts(desk.settled("A-2", back)) == []


@pytest.mark.covers("ALL-C4")
def test_an_act_delivered_twice_alerts_once() -> None:
    """The same return delivered twice is one return, with one alert and one re-audit."""
    lines = list(Life("halton", "A-1").allocated("2026-02-25").submitted("2026-03-05", "Inadequate"))
    desk = live(*lines, authority="halton")
    desk.now = at("2026-03-05 09:05")
    again = desk.do({key: value for key, value in lines[-1].items() if key != "at"})
    assert [outcome.result for outcome in again] == ["repeated"]
    first, second = desk.keep("A-1"), desk.keep("A-1")
    assert [each.step for each in facts(first) if isinstance(each, EscalationRaised)] == ["notice"]
    assert facts(second) == []
    assert [each.name for each in second.owed].count("reaudit") == 1


@pytest.mark.covers("A-ALL-05")
def test_a_step_that_was_met_is_recorded_as_lapsed() -> None:
    """A step whose audit came back before it is recorded as lapsed at its time, and nobody is told."""
    desk = live(*OUTSTANDING, *Life("torbay", "A-1").submitted("2026-01-20"))
    found = desk.keep("A-1", at("2026-02-20 12:00"))
    lapsed = {(each.obligation, each.step): each for each in facts(found) if isinstance(each, NoticeLapsed)}
    assert {key: each.reason for key, each in lapsed.items()} == {
        ("audit_return", "reminder"): "met",
        ("audit_return", "outstanding_list"): "met",
        ("audit_return", "second_notice"): "met",
    }


@pytest.mark.covers("A-ALL-04")
@pytest.mark.parametrize(
    ("now", "late"), [("2026-01-26 08:00", False), ("2026-01-26 09:00", False), ("2026-01-26 09:01", True)]
)
def test_late_means_more_than_an_hour(now: str, late: bool) -> None:  # noqa: FBT001 - from the table
    """A restart is no delay: only what is recorded more than an hour after its time is marked late."""
    reminder = step_of(live(*OUTSTANDING).settled("A-1", at(now)), "reminder")
    assert isinstance(reminder, NoticeSent)
    assert reminder.late == late


def test_nothing_is_recorded_before_its_time() -> None:
    """Until a step's instant nothing is recorded of it, and it is still to come."""
    found = live(*OUTSTANDING).settled("A-1", at("2026-01-26 08:00") - timedelta(microseconds=1))
    assert facts(found) == []
    assert [rung.step for rung in found.pending] == ["reminder", "outstanding_list", "second_notice"]


@pytest.mark.covers("A-ALL-05")
def test_imported_history_is_worked_out_as_of_its_time() -> None:
    """A step of imported history counts as having happened when it was due, and says that it was worked out."""
    desk = imported("torbay", [*people("torbay"), *OUTSTANDING, *Life("torbay", "A-1").submitted("2026-02-10")])
    found = desk.settled("A-1")
    for settled in found.facts:
        if isinstance(settled.fact, NoticeSent | EscalationRaised):
            assert (settled.occurred, settled.fact.late, settled.fact.reconstructed) == (settled.fact.due, False, True)
    names = {each.step: type(each).__name__ for each in facts(found) if each.obligation == "audit_return"}
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
    held = settle(desk.history("A-1"), desk.policies, directory, LONG_AFTER, held={IMPORT})
    assert (held.facts, held.pending) == ((), ())
    assert held.owed
    other = settle(desk.history("A-1"), desk.policies, directory, LONG_AFTER, held={"another"})
    assert len(other.facts) == 3


@pytest.mark.covers("A-ALL-09")
def test_a_vacancy_goes_one_tier_up_and_is_flagged() -> None:
    """A notice to a vacant post goes to the tier above, and names the vacancy."""
    desk = live(person("leave", "P-SM", "service_manager", "S-1", "2026-01-02"), *OUTSTANDING)
    raised = step_of(desk.settled("A-1", at("2026-02-03 08:00")), "outstanding_list")
    assert isinstance(raised, EscalationRaised)
    assert raised.recipients == (
        Recipient(
            asked="service_manager over auditor",
            role="head_of_service",
            unit="S-1",
            holder="P-HOS",
            vacant=("service_manager of S-1",),
        ),
    )


@pytest.mark.covers("A-ALL-09")
def test_a_vacant_chain_ends_at_the_fallback() -> None:
    """With every post above vacant the notice reaches the last resort, and names every vacancy on the way."""
    gone = [("P-SM", "service_manager", "S-1"), ("P-HOS", "head_of_service", "S-1"), ("P-DIR", "director", None)]
    desk = live(*(person("leave", *each, "2026-01-02") for each in gone), *OUTSTANDING)
    raised = step_of(desk.settled("A-1", at("2026-02-03 08:00")), "outstanding_list")
    assert isinstance(raised, EscalationRaised)
    [one] = raised.recipients
    assert (one.role, one.holder) == ("qa_team", None)
    assert one.vacant == ("service_manager of S-1", "head_of_service of S-1", "director")


@pytest.mark.covers("A-TOR-13")
@pytest.mark.parametrize(
    ("auditor", "first", "second"),
    [
        ("P-AUD", ("service_manager", "P-SM"), ("head_of_service", "P-HOS")),
        ("P-SM", ("head_of_service", "P-HOS"), ("head_of_service", "P-HOS")),
        ("P-HOS", ("director", "P-DIR"), ("director", "P-DIR")),
        ("P-DIR", ("qa_team", None), ("qa_team", None)),
        ("P-UNKNOWN", ("service_manager", "P-SM"), ("head_of_service", "P-HOS")),
    ],
)
def test_over_the_auditor_is_above_the_auditors_own_tier(
    auditor: str, first: tuple[str, str | None], second: tuple[str, str | None]
) -> None:
    """An auditor at the level of the post, or above it, is chased by way of the tier above their own."""
    desk = live(*Life("torbay", "A-1", auditor=auditor).allocated("2026-01-05"))
    found = desk.settled("A-1", at("2026-02-16 08:00"))
    assert told(step_of(found, "outstanding_list")) == [first]
    assert told(step_of(found, "second_notice")) == [second]


@pytest.mark.covers("TOR-10")
@pytest.mark.parametrize(
    ("changes", "holders"),
    [
        ([], ["P-SM"]),
        ([person("appoint", "P-SM2", "service_manager", "S-1", "2026-02-02")], ["P-SM", "P-SM2"]),
        ([person("appoint", "P-SM2", "service_manager", "S-1", "2026-02-03 08:01")], ["P-SM"]),
        (
            [
                person("leave", "P-SM", "service_manager", "S-1", "2026-01-31"),
                person("appoint", "P-SM2", "service_manager", "S-1", "2026-02-03 07:59"),
            ],
            ["P-SM2"],
        ),
        ([person("leave", "P-SM", "service_manager", "S-1", "2026-02-03 08:00")], ["P-HOS"]),
        ([person("leave", "P-SM", "service_manager", "S-1", "2026-02-03 08:01")], ["P-SM"]),
    ],
    ids=["stayed", "joined before", "joined after", "replaced", "left on the minute", "left after"],
)
def test_the_holder_at_the_time_of_firing_is_told(changes: list[Line], holders: list[str]) -> None:
    """Whoever held the post at the step's instant was told, in lived history and in imported history alike."""
    done = live(*OUTSTANDING, *changes).settled("A-1", at("2026-02-03 08:00"))
    assert [holder for _, holder in told(step_of(done, "outstanding_list"))] == holders
    later = imported("torbay", [*people("torbay"), *OUTSTANDING, *changes]).settled("A-1")
    assert [holder for _, holder in told(step_of(later, "outstanding_list"))] == holders


@pytest.mark.covers("TOR-10", "A-TOR-13")
def test_an_auditor_who_moved_is_chased_in_the_new_place() -> None:
    """The unit of an auditor who changed posts is the new one when the step fires."""
    head = {"authority": "torbay", **QA, "at": "2026-01-10"}
    desk = live(
        *OUTSTANDING,
        {"command": "unit.place", **head, "unit": "S-2", "kind": "service"},
        {"command": "unit.place", **head, "unit": "T-3", "kind": "team", "parent": "S-2"},
        person("appoint", "P-SM2", "service_manager", "S-2", "2026-01-10"),
        person("move", "P-AUD", "team_manager", "T-3", "2026-01-20", from_post="team_manager", from_unit="T-2"),
    )
    raised = step_of(desk.settled("A-1", at("2026-02-03 08:00")), "outstanding_list")
    assert told(raised) == [("service_manager", "P-SM2")]


@pytest.mark.covers("A-ALL-09")
def test_an_auditor_who_left_is_chased_through_the_tier_above() -> None:
    """A reminder to somebody who has left the authority goes to the tier above their last post, flagged."""
    desk = live(*OUTSTANDING, person("leave", "P-AUD", "team_manager", "T-2", "2026-01-20"))
    reminder = step_of(desk.settled("A-1", at("2026-01-26 08:00")), "reminder")
    assert isinstance(reminder, NoticeSent)
    [one] = reminder.recipients
    assert (one.role, one.holder, one.vacant) == ("service_manager", "P-SM", ("auditor P-AUD",))


@pytest.mark.covers("TOR-92")
def test_a_reassigned_audit_reminds_its_new_auditor() -> None:
    """The auditor at the time of the reminder gets it; the clock goes on as it was."""
    again = Life("torbay", "A-1").act("audit.reassign", "2026-01-20", **QA, auditor="P-AUD2", reason="away")
    reminder = step_of(live(*OUTSTANDING, *again).settled("A-1", at("2026-01-26 08:00")), "reminder")
    assert told(reminder) == [("auditor", "P-AUD2")]


@pytest.mark.covers("A-ALL-06")
def test_corrections_go_to_those_who_had_been_told() -> None:
    """A lifted grade is told to exactly the people who had the alert, whoever holds their posts by now."""
    desk = live(*Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-19", TORBAY_LOWEST))
    alert = step_of(desk.keep("A-1", at("2026-03-19 09:00")), "alert")
    for line in (
        person("leave", "P-TM", "team_manager", "T-1", "2026-03-20"),
        person("appoint", "P-TM2", "team_manager", "T-1", "2026-03-20"),
        *Life("torbay", "A-1").to_moderator("2026-03-21"),
        *Life("torbay", "A-1").moderated("2026-03-25", "Meets Good"),
    ):
        go_on(desk, line)
    correction = step_of(desk.keep("A-1", at("2026-03-25 09:00")), "correction")
    assert isinstance(correction, NoticeSent)
    assert correction.kind == "correction"
    assert told(correction) == told(alert)
    assert ("team_manager", "P-TM") in told(correction)


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
    life = (
        Life("torbay", "A-1")
        .allocated("2026-03-02")
        .submitted("2026-03-03", names[grades[0]])
        .to_moderator("2026-03-04")
    )
    for day, grade in enumerate(grades[1:], start=5):
        life.moderated(f"2026-03-{day:02}", names[grade])
    found = facts(live(*life).settled("A-1", at("2026-03-20 09:00")))
    assert [each.step for each in found].count("alert") == alerts
    assert [each.step for each in found].count("correction") == corrections


@pytest.mark.covers("A-ALL-06")
def test_lifting_keeps_the_sent_notices_and_the_actions() -> None:
    """After a lift the alert stays in the record, the actions stay open, and the corrective action is still owed."""
    life = Life("torbay", "A-1").allocated("2026-03-02")
    life.submitted(
        "2026-03-03", TORBAY_LOWEST, actions=[{"action": "X-1", "text": "see", "owner": "P-SW", "due": "2026-04-01"}]
    )
    desk = live(*life.to_moderator("2026-03-04").moderated("2026-03-05", "Meets Good"))
    found = desk.settled("A-1", at("2026-03-06 09:00"))
    assert [each.step for each in facts(found)].count("alert") == 1
    standing = {each.name for each in found.owed if each.ended() is None}
    assert {"action", "corrective_action"} <= standing


def test_a_step_with_nobody_to_tell_lapses(tmp_path: Path) -> None:
    """A reminder to a moderator whom nobody has named yet is recorded as told to nobody."""
    edit = ("kind: reminder, to: [auditor]", "kind: reminder, to: [moderator]")
    desk = live(*OUTSTANDING, policies=policies_of(tmp_path, "torbay", [edit]))
    lapsed = step_of(desk.settled("A-1", at("2026-01-26 08:00")), "reminder")
    assert isinstance(lapsed, NoticeLapsed)
    assert lapsed.reason == "nobody_told"


def test_the_owner_of_an_action_is_told(tmp_path: Path) -> None:
    """A reminder about an action goes to its owner, once for each action, under the action's own key."""
    met = "    owner: action_owner\n    met_by: [action.completed, action.confirmed]"
    step = "{name: reminder, on: due - 1 day, kind: reminder, to: [action_owner], title: Due tomorrow}"
    edit = (met, f"{met}\n    ladder: [{step}]")
    life = Life("torbay", "A-1").allocated("2026-01-05").action("2026-01-06", "X-1", due="2026-01-15")
    life.action("2026-01-06", "X-2", due="2026-01-15", owner="P-OWN")
    desk = live(*life, policies=policies_of(tmp_path, "torbay", [edit]))
    found = facts(desk.settled("A-1", at("2026-01-14 08:00")))
    assert {(each.key, told(each)[0]) for each in found} == {
        ("X-1", ("action_owner", "P-SW")),
        ("X-2", ("action_owner", "P-OWN")),
    }


class TestResolution:
    """An escalation stays open until it no longer needs anybody."""

    def raised(self, *later: Line) -> TestDesk:
        desk = live(*OUTSTANDING)
        desk.keep("A-1", at("2026-02-03 08:00"))
        for line in later:
            go_on(desk, line)
        return desk

    @pytest.mark.covers("TOR-93")
    def test_it_stays_open_while_the_audit_is_missing(self) -> None:
        """While the audit is missing nothing resolves the escalation."""
        assert facts(self.raised().settled("A-1", at("2026-02-10 12:00"))) == []

    @pytest.mark.covers("TOR-93")
    def test_the_return_discharges_it(self) -> None:
        """The return resolves it at the instant of the return, once."""
        desk = self.raised(*Life("torbay", "A-1").submitted("2026-02-06"))
        [settled] = desk.keep("A-1", at("2026-02-06 12:00")).facts
        assert isinstance(settled.fact, EscalationResolved)
        assert (settled.fact.step, settled.fact.how) == ("outstanding_list", "discharged")
        assert settled.occurred == at("2026-02-06 09:00")
        assert facts(desk.settled("A-1", at("2026-02-07 12:00"))) == []

    @pytest.mark.covers("A-ALL-14")
    def test_a_void_withdraws_it(self) -> None:
        """The withdrawal of the audit withdraws it, and later steps lapse as cancelled."""
        desk = self.raised(*Life("torbay", "A-1").act("audit.void", "2026-02-06", **QA, reason="chosen in error"))
        [resolved] = facts(desk.keep("A-1", at("2026-02-06 12:00")))
        assert isinstance(resolved, EscalationResolved)
        assert resolved.how == "withdrawn"
        [lapsed] = facts(desk.settled("A-1", at("2026-02-16 08:00")))
        assert isinstance(lapsed, NoticeLapsed)
        assert lapsed.reason == "cancelled"

    def test_a_void_after_the_return_leaves_it_discharged(self) -> None:
        """What was discharged before the audit was withdrawn counts as discharged, however late it is worked out."""
        life = Life("torbay", "A-1").submitted("2026-02-06").act("audit.void", "2026-02-07", **QA, reason="error")
        [resolved] = facts(self.raised(*life).settled("A-1", at("2026-02-08 12:00")))
        assert isinstance(resolved, EscalationResolved)
        assert resolved.how == "discharged"

    def test_what_a_person_resolved_stays_resolved(self) -> None:
        """A person's resolution is the last word: the return adds nothing to it."""
        named = {"obligation": "audit_return", "step": "outstanding_list"}
        life = Life("torbay", "A-1").act(
            "escalation.resolve", "2026-02-04", "P-SM", "service_manager", **named, note="agreed"
        )
        desk = self.raised(*life.submitted("2026-02-06"))
        assert facts(desk.settled("A-1", at("2026-02-06 12:00"))) == []

    def test_it_is_never_resolved_before_it_was_raised(self) -> None:
        """A return that is entered afterwards, with an earlier date, resolves it no earlier than it was raised."""
        desk = live(*OUTSTANDING)
        desk.keep("A-1", at("2026-02-05 10:00"))
        desk.now = at("2026-02-06 09:00")
        desk.do(*Life("torbay", "A-1").submitted("2026-02-04"))
        [settled] = desk.settled("A-1").facts
        assert isinstance(settled.fact, EscalationResolved)
        assert settled.occurred == at("2026-02-05 10:00")


def test_the_same_step_has_the_same_id_at_every_attempt() -> None:
    """Two processes that work the same audit out at different instants record a step under one id."""
    desk = live(*OUTSTANDING)
    attempts = [at("2026-01-26 08:00"), at("2026-01-26 08:31")]
    ids = [
        [each.envelope.event_id for each in as_recorded(desk.history("A-1"), desk.settled("A-1", now).facts, now)]
        for now in attempts
    ]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 1


def test_the_record_names_its_cause() -> None:
    """Each record carries the event that it follows from, its policy and the system as its actor."""
    desk = live(*OUTSTANDING)
    now = at("2026-01-26 08:00")
    [recorded] = as_recorded(desk.history("A-1"), desk.settled("A-1", now).facts, now)
    cause = desk.history("A-1")[0].envelope
    envelope = recorded.envelope
    assert (envelope.causation, envelope.correlation, envelope.policy_version) == (cause.event_id, "A-1", "1")
    assert (envelope.actor, envelope.role, envelope.imported) == ("sightline", "system", "")
    assert recorded.originator_version == 2
