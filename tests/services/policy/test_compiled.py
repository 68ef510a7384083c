"""An adopted policy is kept as it stands in memory: it says the same, and what would read its parts is not made."""

import json
import os
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from events.policies import PolicyAdopted
from services import kept
from services.adoption.decisions import taken_over
from services.policy import adopted, compiled
from services.policy.adopted import AdoptedPolicy, opened
from services.policy.rules import rules
from services.policy.tasks import TaskClock, Way
from tests.beside import ROOT
from tests.desks import SHIPPED

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)

IN_A_PROCESS_OF_ITS_OWN = """
import json, sys
from datetime import UTC, datetime
from events.policies import PolicyAdopted
from services.policy.adopted import AdoptedPolicy, opened
from services.policy.model import ObligationRule, Trigger
from services.policy.part import Part
from services.policy.rules import rules
policy = opened(PolicyAdopted.model_validate_json(sys.stdin.read()), datetime(2026, 1, 5, 9, tzinfo=UTC))
named = [each.name for each in rules(policy)], [len(clock.ways) for task in policy.duties for clock in task.clocks]
made = [each.__name__ for each in (AdoptedPolicy, *Part.__subclasses__()) if each.__pydantic_complete__]
print(json.dumps([*named, made]))
"""
"""It opens the policy and works with it, and tells of which parts it made what reads them."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def facts(authority: str = "torbay") -> list[PolicyAdopted]:
    return list(taken_over(SHIPPED[authority]))


@pytest.mark.parametrize("authority", sorted(SHIPPED))
def test_what_is_kept_says_the_same(authority: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened a second time, a policy is what it was, with its name and days, and its data is not read for it."""
    before = [opened(each, AT) for each in facts(authority)]
    monkeypatch.setattr(adopted, "_validated", lambda *_: pytest.fail("its data was read"))
    again = [opened(each, AT) for each in facts(authority)]
    assert again == before
    assert [each.model_dump_json() for each in again] == [each.model_dump_json() for each in before]
    for one, other in zip(before, again, strict=True):
        assert (one.digest, one.effective_from, one.days_kept) == (other.digest, other.effective_from, other.days_kept)
        assert rules(one) == rules(other)


def test_nothing_that_reads_a_part_is_made_for_it(folder: Path) -> None:
    """A process that opens what was kept, asks for its rules and counts its ways makes no validator of any part."""
    [fact, *_] = facts()
    policy = opened(fact, AT)
    said = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN],
        input=fact.model_dump_json(),
        env={**os.environ, "XDG_CACHE_HOME": str(folder)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names, ways, made = json.loads(said.stdout)
    assert names == [each.name for each in rules(policy)]
    assert ways == [len(clock.ways) for task in policy.duties for clock in task.clocks]
    assert made == []


def test_another_content_is_another_policy() -> None:
    """What was kept of one content is not given for another, nor where another kind is asked for."""
    [fact, *_] = facts()
    policy = opened(fact, AT)
    assert compiled.recall(AdoptedPolicy, fact.digest) is not None
    assert compiled.recall(AdoptedPolicy, facts("halton")[0].digest) is None
    kept.keep(compiled._named(AdoptedPolicy, "another"), pickle.dumps(policy.grades))
    assert compiled.recall(AdoptedPolicy, "another") is None


class Harmful:
    """It does something where it is made again of what was kept."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("harm",)


def test_what_is_no_part_of_a_policy_is_not_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in its place, nothing but parts of a policy is made of it, and the policy is read of its data."""
    monkeypatch.chdir(folder)
    [fact, *_] = facts()
    policy = opened(fact, AT)
    for harmful in (Harmful(), policy.model_copy(update={"framework": Harmful()}), compiled.keep):
        kept.keep(compiled._named(AdoptedPolicy, fact.digest), pickle.dumps(harmful))
        assert compiled.recall(AdoptedPolicy, fact.digest) is None
        assert opened(fact, AT) == policy
    assert not (folder / "harm").exists()


def test_the_one_way_of_a_clock_is_what_the_clock_says() -> None:
    """A clock without ways of its own is done in the one that its own keys describe, as if it had been written."""
    clock = TaskClock(every="month", count=3, item="dip", evidence=("note",), entries="dip_sample", steps=("seen",))
    one = Way(count=3, item="dip", evidence=("note",), entries="dip_sample", steps=("seen",))
    assert clock.ways == (one,)
