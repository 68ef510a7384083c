"""How soon a process hears of rules that somebody else adopted."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from events.errors import BrokenHistory, PolicyError
from events.policies import PolicyAdopted
from events.recorded import Recorded
from services.policy.adopted import Content
from services.policy.unsound import unsound
from services.policy.versions import Policies
from services.policy_files import load_folder
from services.policy_folder import Folder
from services.settings import SHIPPED_POLICIES
from tests.histories import recorded
from workers import rules
from workers.intake import ends, pace
from workers.intake.ends import End, Ends
from workers.rules import KNOWN, KNOWN_AT_REST, LOOK_AT_REST, LOOK_EVERY, Rules


@pytest.mark.parametrize(("commands", "seconds"), [(True, LOOK_EVERY - KNOWN), (False, LOOK_AT_REST - KNOWN_AT_REST)])
async def test_who_takes_commands_never_rests(
    monkeypatch: pytest.MonkeyPatch, *, commands: bool, seconds: float
) -> None:
    """Where nothing was adopted for long, a process that takes commands looks as often as ever, another one rarely."""
    waited: list[float] = []

    async def ended(_: asyncio.Event, pause: float) -> bool:
        waited.append(pause)
        return True

    monkeypatch.setattr(pace, "RESTS_AFTER", -1.0)
    monkeypatch.setattr(rules, "unless", ended)
    await Rules(Folder((), dict), pytest.fail).keep(asyncio.Event(), commands=commands)
    assert waited == [seconds]


@dataclass(frozen=True)
class Adopted:
    """A history that has adopted one policy, and nothing since."""

    fact: PolicyAdopted

    def load(self, _record: str, after: int) -> list[Recorded]:
        return [] if after else [recorded(self.fact, about="policy/adopted")]


def test_what_was_adopted_is_known_without_the_files() -> None:
    """Where rules were adopted the files only propose: no question waits for them. Whose there are none of is told."""
    policy = load_folder(SHIPPED_POLICIES)["torbay"].newest
    content = Content.of(policy, ())
    fact = PolicyAdopted(
        version=policy.version,
        framework=policy.framework,
        since=policy.effective_from,
        digest=content.digest,
        size=content.size,
        content=content.packed(),
    )
    files = Folder(("torbay",), lambda: pytest.fail("the files were read"))
    known: Any = Rules(files, lambda _: Adopted(fact))  # type: ignore[arg-type, return-value]  # as much as is asked of
    assert [each.digest for each in known["torbay"].versions] == [content.digest]
    with pytest.raises(KeyError):
        known["nowhere"]


class Long(Ends):
    """Ends that stand still, and were looked at so many seconds ago."""

    def __init__(self, ago: float) -> None:
        super().__init__(("torbay",))
        self.ago = ago

    def of(self, authority: str, *, within: float = ends.BELIEVED) -> End | None:
        del authority
        return End("2026-06-01T09:00:00Z", 1, "2026-07-01T09:00:00Z", 0) if self.ago <= within else None


@pytest.mark.parametrize("commands", [True, False])
@pytest.mark.parametrize("late", [0.0, 0.1])
async def test_what_is_known_and_the_wait_keep_the_promise(
    monkeypatch: pytest.MonkeyPatch, *, commands: bool, late: float
) -> None:
    """An end known for so long that an adoption would come later than is promised is not believed: it is looked."""
    promised, looked, waits = LOOK_EVERY if commands else LOOK_AT_REST, list[str](), list[float]()

    async def twice(_: asyncio.Event, pause: float) -> bool:
        waits.append(pause)
        return len(waits) > 2

    monkeypatch.setattr(pace, "RESTS_AFTER", -1.0)
    monkeypatch.setattr(rules, "unless", twice)
    kept = Rules(Folder((), dict), pytest.fail, Long((KNOWN if commands else KNOWN_AT_REST) + late))
    kept._held = {"torbay": Policies("torbay", ())}
    monkeypatch.setattr(kept, "renew", looked.append)
    await kept.keep(asyncio.Event(), commands=commands)
    assert waits[0] + (KNOWN if commands else KNOWN_AT_REST) == promised
    assert len(looked) == (2 if late else 1)


class Damaged:
    """A history of which nothing can be read."""

    def load(self, record: str) -> list[Recorded]:
        raise BrokenHistory(record, "version 1 is missing")


def test_damage_in_what_one_adopted_is_no_matter_of_another() -> None:
    """Who has a bad file as well is told of the damage when it is asked for; whose work is done is known without."""
    bad = unsound(PolicyError("torbay.yaml", "(file)", "the file is empty"), Path("torbay.yaml"))
    files = Folder(("halton",), dict, [bad])
    known = Rules(files, lambda _: Damaged())  # type: ignore[arg-type, return-value]  # as much as is asked of it
    assert [*known] == ["halton", "torbay"]
