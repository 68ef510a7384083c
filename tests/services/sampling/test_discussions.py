"""Southwark's discussion of a month: owed for what its sample can be drawn from, and for nothing else."""

import pytest

from services.obligations.engine import obligations
from services.obligations.model import Obligation
from tests.given import Scene, given
from tests.lives import Life, people

RECORD = "month/2026-01-S-1"


def returned(audit: str, on: str, **fields: str) -> Life:
    return Life("southwark", audit, child=f"C-{audit}").allocated("2026-01-05", **fields).submitted(on)


def voided(audit: str, on: str) -> Life:
    return Life("southwark", audit).act("audit.void", on, "P-QA", "qa_lead", reason="selected in error")


def discussions(desk: Scene) -> list[Obligation]:
    return [each for each in obligations(desk.store.load(RECORD), desk.policies) if each.name == "discussion"]


def talked_through(desk: Scene) -> None:
    of_month = {"authority": "southwark", "actor": "P-HOS", "role": "head_of_service", "at": "2026-02-16"}
    of_month |= {"purpose": "discussion", "month": "2026-01", "service": "S-1"}
    desk.do({"command": "sample.draw", **of_month})
    desk.do({"command": "sample.discuss", **of_month, "participants": ["P-SW"]})


@pytest.mark.covers("SOU-42", "SOU-26")
def test_nothing_is_owed_for_a_deep_dive_alone() -> None:
    """A month with a deep dive alone has nothing to be drawn, so that no discussion of it is owed."""
    deep_dive = Life("southwark", "A-1").allocated("2026-01-05", audit_type="deep dive").submitted("2026-01-20")
    desk = given(*people("southwark"), *deep_dive, authority="southwark")
    assert desk.store.load(RECORD)
    assert discussions(desk) == []
    desk.do(*returned("A-2", "2026-01-22", team="T-2"))
    [owed] = discussions(desk)
    talked_through(desk)
    [owed] = discussions(desk)
    assert (str(owed.due), (owed.ended() or ("", ""))[1]) == ("2026-02-28", "met")


@pytest.mark.covers("SOU-42", "A-ALL-14")
def test_a_month_of_void_audits_owes_no_discussion() -> None:
    """With the last audit of the month voided the discussion falls away; one more that comes back owes it again."""
    desk = given(
        *people("southwark"),
        *returned("A-1", "2026-01-12"),
        *returned("A-2", "2026-01-13", team="T-2"),
        *voided("A-1", "2026-01-14"),
        authority="southwark",
    )
    assert [each.ended() for each in discussions(desk)] == [None], "another one is there to be discussed"
    desk.do(*voided("A-2", "2026-01-15"))
    assert [(each.ended() or ("", ""))[1] for each in discussions(desk)] == ["cancelled"]
    desk.do(*returned("A-3", "2026-01-28", team="T-3"))
    assert [(each.ended() or ("", ""))[1] for each in discussions(desk)] == ["cancelled", ""]
    talked_through(desk)
    assert [(each.ended() or ("", ""))[1] for each in discussions(desk)] == ["cancelled", "met"]
