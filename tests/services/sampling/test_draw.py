"""Samples of a month's returned audits: the frame, the size, the seed, and that anybody can draw the same again."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.errors import Forbidden, NotFound
from events.sampling import ReturnCounted, SampleDrawn
from services.policy.samples import Sample
from services.policy.versions import Policies
from services.policy_files import load_folder
from services.sampling.choosing import choose, sample_size
from tests.edited import edited
from tests.given import Scene, given
from tests.lives import QA, Life, people

INADEQUATE = "Inadequate"
SAMPLES = """
samples:
  - {name: discussion, share: 20, at_least: 2}
  - {name: second_look, share: 20, always: lowest}
"""


@pytest.fixture
def policies(tmp_path: Path) -> Policies:
    """Halton's framework with two samples that it does not have."""
    text = edited("halton")
    (tmp_path / "halton.yaml").write_text(text + SAMPLES, encoding="utf-8")
    return load_folder(tmp_path)["halton"]


@pytest.fixture
def desk(policies: Policies) -> Scene:
    return given(*people("halton"), authority="halton", policies=policies)


def returned(desk: Scene, audit: str, day: str, grade: str | None = None) -> None:
    life = Life("halton", audit, child=f"C-{audit}").allocated("2026-01-02", due="2026-02-27")
    desk.do(*life.submitted(day, grade))


def drawing(purpose: str = "discussion", month: str = "2026-01", at: str = "2026-02-02", **more: Any) -> dict[str, Any]:
    head = {"command": "sample.draw", "authority": "halton", **QA, "at": at}
    return {**head, "purpose": purpose, "month": month, **more}


def drawn(desk: Scene, **how: Any) -> SampleDrawn:
    [outcome] = desk.do(drawing(**how))
    [event] = outcome.events
    assert isinstance(event.fact, SampleDrawn)
    return event.fact


@pytest.mark.covers("SOU-26", "SOU-42", "A-SOU-10", "A-SOU-12")
def test_frame_is_the_month(desk: Scene) -> None:
    """Ten audits returned in January give a sample of two; the one returned on 3 February is not among them."""
    for number in range(10):
        returned(desk, f"A-{number}", f"2026-01-{20 + number}")
    returned(desk, "A-late", "2026-02-03")
    sample = drawn(desk, at="2026-02-10")
    assert sample.frame == tuple(f"A-{number}" for number in range(10))
    assert (sample.size, len(sample.chosen)) == (2, 2)
    assert "A-late" not in sample.frame
    assert drawn(desk, month="2026-02", at="2026-03-02").chosen == ("A-late",)


@pytest.mark.covers("SWI-C6", "A-SWI-03")
def test_always_besides_the_share(desk: Scene) -> None:
    """What must be in the sample is in it beside the share, whatever the draw says."""
    for number in range(9):
        returned(desk, f"A-{number}", f"2026-01-{20 + number}")
    returned(desk, "A-low", "2026-01-30", INADEQUATE)
    sample = drawn(desk, purpose="second_look")
    assert sample.always == ("A-low",)
    assert "A-low" in sample.chosen
    assert set(choose(sample.frame, sample.size, sample.seed)) <= set(sample.chosen)


@pytest.mark.covers("SOU-26")
def test_anybody_can_draw_it_again(desk: Scene) -> None:
    """The record alone gives the same sample, by a rule that needs nothing but SHA-256."""
    for number in range(7):
        returned(desk, f"A-{number}", f"2026-01-{20 + number}")
    sample = drawn(desk, seed="three-dice-4-1-6")
    assert sample.seed == "three-dice-4-1-6"
    ranked = sorted(sample.frame, key=lambda audit: sha256(f"three-dice-4-1-6:{audit}".encode()).hexdigest())
    assert set(sample.chosen) == set(ranked[: sample.size])
    again = given(*people("halton"), authority="halton", policies=desk.policies)
    for number in reversed(range(7)):
        returned(again, f"A-{number}", f"2026-01-{20 + number}")
    assert drawn(again, seed="three-dice-4-1-6") == sample


@pytest.mark.covers("SOU-26")
def test_nobody_draws_until_it_pleases(desk: Scene) -> None:
    """A sample stands: another seed is refused until the frame itself has changed."""
    returned(desk, "A-1", "2026-01-20")
    first = drawn(desk)
    desk.when(drawing(seed="another")).refused("purpose", "already drawn")
    returned(desk, "A-2", "2026-01-30")
    assert drawn(desk, at="2026-02-05").frame == ("A-1", "A-2")
    assert first.frame == ("A-1",)


@pytest.mark.covers("SOU-26", "A-ALL-14")
def test_void_audit_leaves_the_frame(desk: Scene) -> None:
    """An audit that was voided is drawn no more."""
    returned(desk, "A-1", "2026-01-20")
    returned(desk, "A-2", "2026-01-21")
    desk.do(Life("halton", "A-1").act("audit.void", "2026-02-01", **QA, reason="wrong file").lines[0])
    assert drawn(desk).frame == ("A-2",)


@pytest.mark.covers("SOU-26")
def test_refusals(desk: Scene) -> None:
    """No draw for an unknown purpose, from an empty month, before the month is over, or by just anybody."""
    desk.when(drawing()).refused("audit returned in", error=NotFound)
    returned(desk, "A-1", "2026-01-20")
    desk.when(drawing(purpose="tombola")).refused("purpose", "unknown sample tombola")
    desk.when(drawing(at="2026-01-31")).refused("month", "can be drawn from 2026-02-01")
    desk.when(drawing() | {"role": "practice_lead"}).refused(
        "role", "practice_lead may not sample.draw", error=Forbidden
    )
    desk.when(drawing(month="2026-13")).refused("month", "month")


@pytest.mark.covers("SOU-26")
def test_repeat_changes_nothing(desk: Scene) -> None:
    """The same draw again is the same draw."""
    returned(desk, "A-1", "2026-01-20")
    desk.when(drawing()).then("sample.drawn").when(drawing()).nothing()
    kinds = [each.fact.stored_name for each in desk.store.load("month/2026-01")]
    assert kinds == ["month.file_selected.v1", "month.return_counted.v1", "sample.drawn.v1"]


def test_sample_introduced_in_the_month(tmp_path: Path) -> None:
    """A version with samples that comes into force on the 16th draws from all that came back in the month."""
    shipped = edited("halton")
    later = shipped.replace('version: "1"', 'version: "2"').replace(
        "effective_from: 2023-05-01", "effective_from: 2026-03-16"
    )
    assert later.count("2026-03-16") == later.count('version: "2"') == 1
    (tmp_path / "halton-1.yaml").write_text(shipped, encoding="utf-8")
    (tmp_path / "halton-2.yaml").write_text(later + SAMPLES, encoding="utf-8")
    desk = given(*people("halton"), authority="halton", policies=load_folder(tmp_path)["halton"])
    days = ("2026-03-03", "2026-03-10", "2026-03-13", "2026-03-16", "2026-03-27")
    for number, day in enumerate(days):
        life = Life("halton", f"A-{number}", child=f"C-{number}").allocated("2026-03-02", due="2026-03-30")
        desk.do(*life.submitted(day))
    assert drawn(desk, month="2026-03", at="2026-04-01").frame == tuple(f"A-{number}" for number in range(len(days)))


def test_month_is_kept_whatever_the_policy_asks() -> None:
    """A framework without samples keeps a record of the month all the same, for what a later version may ask."""
    desk = given(
        *people("halton"),
        *Life("halton", "A-1").allocated("2026-01-02").submitted("2026-01-09"),
        authority="halton",
        now=datetime(2026, 12, 1, tzinfo=UTC),
    )
    facts = [each.fact.stored_name for each in desk.store.load("month/2026-01")]
    assert facts == ["month.file_selected.v1", "month.return_counted.v1"]
    assert [each.fact.stored_name for each in desk.store.load("files/2026-01")] == ["files.given.v1"]


@pytest.mark.covers("SOU-98")
def test_return_names_the_service(desk: Scene) -> None:
    """The month's record says which service a returned audit belongs to, so that findings can be told apart."""
    returned(desk, "A-1", "2026-01-20")
    fact = desk.store.load("month/2026-01")[-1].fact
    assert isinstance(fact, ReturnCounted)
    assert fact.service == "S-1"


@pytest.mark.covers("A-SOU-10", "A-SWI-03")
@pytest.mark.parametrize(
    ("share", "least", "frame", "size"),
    [(20, 2, 10, 2), (20, 2, 11, 3), (20, 2, 1, 1), (20, 2, 3, 2), (20, 0, 24, 5), (0, 0, 9, 0), (100, 0, 9, 9)],
)
def test_size(share: int, least: int, frame: int, size: int) -> None:
    """The share is rounded up, the least number holds where it is more, and nobody is drawn twice."""
    assert sample_size(Sample(name="discussion", share=share, at_least=least), frame) == size


@for_all(
    st.lists(st.from_regex(r"A-[0-9]{1,6}", fullmatch=True), unique=True, max_size=40), st.integers(0, 40), st.text()
)
def test_choice_does_not_depend_on_the_order(frame: list[str], size: int, seed: str) -> None:
    """However the frame is ordered, the same audits are drawn, and just as many as asked for."""
    chosen = choose(frame, size, seed)
    assert set(chosen) == set(choose(frame[::-1], size, seed))
    assert len(chosen) == min(size, len(frame))


def test_always_by_the_scale_of_each_audit(tmp_path: Path) -> None:
    """A grade that a later version renamed is still of the set that is always drawn, and so is its new name."""
    text = edited("halton") + SAMPLES
    later = text.replace('version: "1"', 'version: "2"').replace(
        "effective_from: 2023-05-01", "effective_from: 2026-01-16"
    )
    (tmp_path / "halton-1.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "halton-2.yaml").write_text(later.replace("Inadequate", "Unsafe"), encoding="utf-8")
    desk = given(*people("halton"), authority="halton", policies=load_folder(tmp_path)["halton"])
    for number in range(9):
        returned(desk, f"A-{number}", f"2026-01-{20 + number}")
    returned(desk, "A-old", "2026-01-30", INADEQUATE)
    newer = Life("halton", "A-new", child="C-new").allocated("2026-01-19", due="2026-02-27")
    desk.do(*newer.submitted("2026-01-30", "Unsafe", safety_plan="kept safe at the grandmother's"))
    assert drawn(desk, purpose="second_look").always == ("A-new", "A-old")
