"""An escalation stays open until it no longer needs anybody."""

import pytest

from tests.given import Scene, at, given
from tests.lives import QA, Life, Line
from tests.services.escalations import knobs
from tests.services.escalations.scenes import (
    AUDITOR,
    HEAD_OF_SERVICE,
    OUTSTANDING,
    SERVICE_MANAGER,
    lapsed,
    raised,
    resolved,
    sent,
)

LISTED = "2026-02-03 08:00"
FIRST = (sent("reminder", AUDITOR), raised("outstanding_list", SERVICE_MANAGER))


def outstanding(*later: Line) -> Scene:
    """An audit on the list of what is outstanding, and what was done then."""
    scene = given(*OUTSTANDING, live=True).on(LISTED).then(*FIRST)
    scene.do(*later)
    return scene


@pytest.mark.covers("TOR-93")
def test_it_stays_open_while_the_audit_is_missing() -> None:
    """While the audit is missing nothing resolves the escalation."""
    outstanding().on("2026-02-10 12:00").nothing()


@pytest.mark.covers("TOR-93")
def test_the_return_discharges_it() -> None:
    """The return resolves it at the instant of the return, once."""
    scene = outstanding(*Life("torbay", "A-1").submitted("2026-02-06"))
    discharged = resolved("outstanding_list", "discharged").at("2026-02-06 09:00")
    scene.on("2026-02-06 12:00").then(discharged).on("2026-02-07 12:00").nothing()


@pytest.mark.covers("A-ALL-14")
def test_a_void_withdraws_it() -> None:
    """The withdrawal of the audit withdraws it, and later steps lapse as cancelled."""
    scene = outstanding(*Life("torbay", "A-1").act("audit.void", "2026-02-06", **QA, reason="chosen in error"))
    scene = scene.on("2026-02-06 12:00").then(resolved("outstanding_list", "withdrawn"))
    scene.on("2026-02-16 08:00").then(lapsed("second_notice", "cancelled"))


def test_a_void_after_the_return_leaves_it_discharged() -> None:
    """What was discharged before the audit was withdrawn counts as discharged, however late it is worked out."""
    life = Life("torbay", "A-1").submitted("2026-02-06").act("audit.void", "2026-02-07", **QA, reason="error")
    outstanding(*life).on("2026-02-08 12:00").then(resolved("outstanding_list", "discharged"))


def test_what_a_person_resolved_stays_resolved() -> None:
    """A person's resolution is the last word: the return adds nothing to it."""
    named = {"obligation": "audit_return", "step": "outstanding_list"}
    life = Life("torbay", "A-1").act(
        "escalation.resolve", "2026-02-04", "P-SM", "service_manager", **named, note="agreed"
    )
    outstanding(*life.submitted("2026-02-06")).on("2026-02-06 12:00").nothing()


def test_what_a_person_resolved_holds_up_no_other() -> None:
    """Where the first of two was resolved by a person, the return discharges the second."""
    named = {"obligation": "audit_return", "step": "outstanding_list", "note": "agreed"}
    by = ("P-SM", "service_manager")
    scene = outstanding(*Life("torbay", "A-1").act("escalation.resolve", "2026-02-04", *by, **named))
    scene = scene.on("2026-02-16 08:00").then(raised("second_notice", HEAD_OF_SERVICE))
    scene.do(*Life("torbay", "A-1").submitted("2026-02-18"))
    discharged = resolved("second_notice", "discharged")
    scene.on("2026-02-18 12:00").then(discharged, lapsed("second_notice", "too_late", obligation="moderation"))


def test_it_is_never_resolved_before_it_was_raised() -> None:
    """A return that is entered afterwards, with an earlier date, resolves it no earlier than it was raised."""
    scene = given(*OUTSTANDING, live=True)
    late = "2026-02-05 10:00"
    scene = scene.on(late).then(sent("reminder", AUDITOR), FIRST[1].at(late))
    scene.live, scene.now = False, at("2026-02-06 09:00")
    scene.do(*Life("torbay", "A-1").submitted("2026-02-04"))
    scene.on("2026-02-06 09:00").then(resolved("outstanding_list", "discharged").at(late))


def test_it_is_resolved_though_its_clock_is_none_any_more() -> None:
    """Where an edit has the clock begin with another act, what ends that one resolves what the former had raised."""
    life = Life("torbay", "A-1").act("audit.record_meeting", "2026-02-04", "P-AUD", "auditor")
    scene = outstanding(*life, *Life("torbay", "A-1").submitted("2026-02-06"))
    scene.policies = knobs.policies(knobs.triggered_by("audit_return", "audit.meeting_recorded")(scene.policies.newest))
    scene.on("2026-02-06 12:00").then(resolved("outstanding_list", "discharged").at("2026-02-06 09:00"))
