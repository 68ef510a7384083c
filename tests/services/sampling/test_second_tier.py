"""Torbay: a share of the month's audits before a Senior Manager, once the authority gives a figure."""

from pathlib import Path

import pytest

from events.reaudits import AuditSampled
from tests.desks import SHIPPED
from tests.edited import policies_of
from tests.given import given
from tests.lives import QA, Life, people
from tests.requirements.scenes import owed_now

SHARE = (
    "{name: second_tier_moderation, share: 0, marked: true}",
    "{name: second_tier_moderation, share: 25, marked: true}",
)
DRAW = {
    "command": "sample.draw",
    "authority": "torbay",
    **QA,
    "at": "2026-04-01",
    "purpose": "second_tier_moderation",
    "month": "2026-03",
}


@pytest.mark.covers("TOR-6", "TOR-86", "A-TOR-02")
def test_a_share_goes_before_a_senior_manager(tmp_path: Path) -> None:
    """With a share of 25 % two of five are drawn, and owe a moderation by the Service Manager until it is done."""
    desk = given(*people("torbay"), policies=policies_of(tmp_path, "torbay", [SHARE]))
    audits = [f"A-{number}" for number in range(5)]
    for audit in audits:
        life = Life("torbay", audit, child=f"C-{audit}").allocated("2026-03-02").submitted("2026-03-10")
        desk.do(*life.to_moderator("2026-03-11").moderated("2026-03-12"))
    [outcome] = desk.do(DRAW)
    desk.when(DRAW).nothing()
    chosen = [each.reference for each in outcome.events if isinstance(each.fact, AuditSampled)]
    assert len(chosen) == 2
    assert [audit for audit in audits if owed_now(desk, "second_tier_moderation", audit)] == chosen
    [first, _] = chosen
    assert str(owed_now(desk, "second_tier_moderation", first)[0].rule.owner) == "service_manager of child"
    desk.do(*Life("torbay", first).to_moderator("2026-04-02", "P-SM"))
    [line] = Life("torbay", first).moderated("2026-04-03", "Meets Good")
    desk.do(line | {"actor": "P-SM"})
    assert not owed_now(desk, "second_tier_moderation", first)


@pytest.mark.covers("A-TOR-02")
def test_nothing_as_shipped() -> None:
    """No figure is given, so nothing is drawn: there is no month to draw from."""
    [sample] = SHIPPED["torbay"].newest.samples
    assert (sample.share, sample.draws) == (0, False)
