"""What the world outside says of a webhook is asked when it is set now, after who asks, and of nothing else."""

from collections.abc import Iterable
from typing import Any

import pytest

from events.errors import Refused
from services.webhooks.reachable import reachable
from services.webhooks.targets import Forbidden, Reach, Unresolved
from tests.desks import TestDesk

LEADS = {
    "inside.example.org": ["10.0.0.1"],
    "both.example.org": ["8.8.8.8", "127.0.0.1"],
    "hooks.example.org": ["8.8.8.8"],
}
SET = {"command": "webhook.set", "authority": "torbay", "role": "qa_team", "actor": "P-QA", "webhook": "W-1"}


class Asked:
    """A desk, and which names were looked up for it."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.desk = TestDesk()
        self.desk.outside = reachable(Reach(frozenset({443}), resolve=self.resolve))

    def resolve(self, host: str, _port: int) -> Iterable[str]:
        self.names.append(host)
        if host not in LEADS:
            raise Unresolved("nobody knows it")
        return LEADS[host]

    def set(self, host: str, **others: Any) -> None:
        self.desk.do({**SET, "url": f"https://{host}/in?token=of-the-receiver", **others})

    @property
    def written(self) -> int:
        return len(self.desk.history("webhook/W-1"))


@pytest.mark.parametrize(
    ("host", "rule", "kind"),
    [
        ("inside.example.org", "is private", Forbidden),
        ("both.example.org", "is private", Forbidden),
        ("nobody.example.org", "no address now", Refused),
    ],
)
def test_an_address_that_leads_inside_or_nowhere_is_refused(host: str, rule: str, kind: type[Refused]) -> None:
    """By field and rule, without a word of the address, and with nothing written."""
    asked = Asked()
    with pytest.raises(kind) as refused:
        asked.set(host)
    assert (refused.value.field, rule in refused.value.rule) == ("url", True)
    assert "example" not in str(refused.value)
    assert "token" not in str(refused.value)
    assert (asked.names, asked.written) == ([host], 0)


def test_one_that_leads_to_anybody_is_set() -> None:
    """It is looked up once for the command."""
    asked = Asked()
    asked.set("hooks.example.org")
    assert (asked.names, asked.written) == (["hooks.example.org"], 1)


def test_who_may_not_set_it_learns_nothing_of_the_address() -> None:
    """Permission comes first: nobody else can have names looked up from here."""
    asked = Asked()
    for stranger in ({"actor": "P-TM", "role": "team_manager"}, {"actor": "P-NOBODY"}):
        with pytest.raises(Refused):
            asked.set("hooks.example.org", **stranger)
    assert (asked.names, asked.written) == ([], 0)


def test_history_and_other_acts_ask_nobody() -> None:
    """What was set long ago led somewhere then; and to remove a webhook nothing need be there any more."""
    asked = Asked()
    asked.set("gone.example.org", at="2026-03-02")
    assert asked.written == 1
    asked.desk.do({**SET, "command": "webhook.remove"})
    assert (asked.names, asked.written) == ([], 2)
