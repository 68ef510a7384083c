"""The stage of an audit, which its record and the register work out by one rule."""

import random
from contextlib import suppress

from sqlalchemy import Engine

from events.errors import SightlineError
from projections.register import RegisterRow, register
from services.audits.state import Audit
from services.rehearsal import MemoryStore
from tests.desks import TestDesk
from tests.lives import Life, people
from tests.projections.views import kept
from tests.random_lives import random_life


def registered(engine: Engine, desk: TestDesk) -> list[RegisterRow]:
    """The register of everything that was recorded at the desk."""
    assert isinstance(desk.store, MemoryStore)
    events = [each for stream in desk.store.streams.values() for each in stream]
    kept(engine, "register", sorted(events, key=lambda each: each.position or 0))
    return register(engine, desk.authority)


def test_record_and_register_agree(sqlite: Engine) -> None:
    """Over lives that are drawn, the register says of each audit the stage that its record has come to."""
    desk, seen = TestDesk("swindon"), set()
    desk.do(*people("swindon"))
    for number in range(60):
        for each in random_life(random.Random(number), "swindon", f"A-{number}"):  # noqa: S311 - a draw to be repeated
            with suppress(SightlineError):
                desk.do(each)
    for row in registered(sqlite, desk):
        seen.add(row.stage)
        assert row.stage == Audit.of(desk.history(row.audit)).stage
    assert {"returned", "moderated", "closed", "voided"} <= seen


def test_a_moderation_after_the_closing_leads_back_to_nothing(sqlite: Engine) -> None:
    """An audit that is drawn for moderation after its closing stays closed, with its moderation and its grade."""
    desk = TestDesk("swindon")
    life = Life("swindon", "A-1").allocated("2026-03-02").submitted("2026-03-10").closed("2026-04-20")
    desk.do(*people("swindon"), *life)
    desk.do(*Life("swindon", "A-1").to_moderator("2026-04-21").moderated("2026-04-22", "Outstanding"))
    (row,) = registered(sqlite, desk)
    assert (row.stage, row.moderation, row.final_grade) == ("closed", "changed", "Outstanding")
    assert Audit.of(desk.history("A-1")).stage == "closed"
