"""How soon a process hears of rules that somebody else adopted."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from events.policies import PolicyAdopted
from events.recorded import Recorded
from services.policy.adopted import Content
from services.policy_files import load_folder
from services.settings import SHIPPED_POLICIES
from tests.histories import recorded
from workers import ends, pace, rules
from workers.rules import LOOK_AT_REST, LOOK_EVERY, Rules


@pytest.mark.parametrize(("commands", "seconds"), [(True, LOOK_EVERY - ends.LOOK_EVERY), (False, LOOK_AT_REST)])
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
    await Rules({}, pytest.fail).keep(asyncio.Event(), commands=commands)
    assert waited == [seconds]


class Files(Mapping[str, Any]):
    """A folder of which it is known whose policies it holds, and which nobody may make sense of."""

    def __getitem__(self, authority: str) -> Any:
        pytest.fail(f"the files of {authority} were read")

    def __iter__(self) -> Iterator[str]:
        return iter(("torbay",))

    def __len__(self) -> int:
        return 1

    def __contains__(self, authority: object) -> bool:
        return authority == "torbay"


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
    known: Any = Rules(Files(), lambda _: Adopted(fact))  # type: ignore[arg-type, return-value]  # as much as is asked of
    assert [each.digest for each in known["torbay"].versions] == [content.digest]
    with pytest.raises(KeyError):
        known["nowhere"]
