"""An escalation stays open until it no longer needs anybody."""

import pytest

from events.escalations import EscalationResolved, NoticeLapsed
from tests.desks import TestDesk
from tests.lives import QA, Life, Line
from tests.services.escalations.scenes import OUTSTANDING, at, facts, go_on, live


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
