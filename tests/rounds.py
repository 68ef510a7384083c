"""The commands of whole rounds of auditing, as a QA team would write them."""

from collections.abc import Iterator
from typing import Any

from tests.lives import QA

Line = dict[str, Any]
DIRECTOR = {"actor": "P-DIR", "role": "director"}
HEAD_OF_SERVICE = {"actor": "P-HOS", "role": "head_of_service"}


class RoundLife:
    """One round of Torbay, command by command."""

    def __init__(self, reference: str, authority: str = "torbay") -> None:
        self.round = reference
        self.authority = authority
        self.lines: list[Line] = []

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    @property
    def audit(self) -> str:
        """The record that a case names it by."""
        return f"round/{self.round}"

    def act(self, command: str, at: str | None, **fields: Any) -> "RoundLife":
        line = {"command": command, "authority": self.authority, **QA, "round": self.round}
        self.lines.append(line | ({"at": at} if at else {}) | fields)
        return self

    def scheduled(self, at: str | None = None, **fields: Any) -> "RoundLife":
        return self.act("round.schedule", at, **{"month": self.round[:7], **fields})

    def planned(self, at: str | None = None, **fields: Any) -> "RoundLife":
        return self.act("round.plan", at, **{"units": ["S-1"], **fields})

    def data_requested(self, at: str | None = None) -> "RoundLife":
        return self.act("round.request_data", at)

    def data_received(self, at: str | None = None, **fields: Any) -> "RoundLife":
        return self.act("round.receive_data", at, **fields)

    def approved(self, at: str | None = None) -> "RoundLife":
        return self.by_director(at).by_head_of_service(at)

    def by_director(self, at: str | None = None) -> "RoundLife":
        return self.act("round.approve", at, **DIRECTOR)

    def by_head_of_service(self, at: str | None = None) -> "RoundLife":
        return self.act("round.approve", at, **HEAD_OF_SERVICE)

    def dipped(self, at: str | None, number: int, *, start: int = 1) -> "RoundLife":
        return self.act("round.record_dips", at, sampled=[f"D-{each}" for each in range(start, start + number)])
