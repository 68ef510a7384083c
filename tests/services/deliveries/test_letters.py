"""What a message says, over everything that five councils' stories tell: nothing of a child, nothing that is sealed."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from events.base import Fact
from events.escalations import EscalationRaised, NoticeSent
from events.recorded import Recorded
from services.deliveries.letters import Line, letter, title_of
from services.directory.state import DIRECTORY
from services.obligations.engine import obligations
from tests.desks import SHIPPED
from tests.services.deliveries.stories import told_by

COUNCILS = sorted(SHIPPED)
SEALED = re.compile(r"sealed:")
LINK = "https://sightline.council.example/at"


def words_of(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in what an event holds, by the field in which it stands."""
    match value:
        case dict():
            for key, each in value.items():
                yield from words_of(each, key)
        case list():
            for each in value:
                yield from words_of(each, name)
        case str():
            yield name, value


def private(fact: Fact) -> Iterator[str]:
    """What must stand in no message: children, people, and every text that is sealed."""
    for name, text in words_of(orjson.loads(fact.model_dump_json())):
        if SEALED.match(text) or name in {"child", "holder", "person", "worker", "auditor", "moderator", "owner"}:
            yield text


@pytest.mark.parametrize("council", COUNCILS)
def test_no_message_of_a_whole_story_says_anything_of_anybody(council: str) -> None:
    """Of each notice and escalation of the story: no child, no person, no text, and no address but the recipient's."""
    history, told = told_by(council)
    hidden = {text for each in history for text in private(each.fact) if len(text) > 2}
    policies, records = SHIPPED[council], by_record(history)
    assert told
    for each in told:
        fact = each.fact
        assert isinstance(fact, NoticeSent | EscalationRaised)
        policy = policies.in_force(each.envelope.recorded.date())
        owed = obligations(records[each.originator_id], policies)
        due = next((one.due for one in owed if one.trigger.envelope.event_id == fact.trigger), None)
        kind = "escalation" if isinstance(fact, EscalationRaised) else fact.kind
        title = title_of(policy, fact.obligation, fact.step)
        assert title, f"{fact.obligation}/{fact.step} has no words"
        lines = [Line(each.originator_id, due)]
        written = letter("0a", "one@council.example", policy, kind=kind, title=title, lines=lines, link=LINK)
        said = f"{written.subject}\n{written.text}"
        assert each.originator_id.partition("/")[2] in said
        about = each.originator_id
        rest = said.replace(about.replace("/", " "), "").replace(about, "")
        words = set(re.findall(r"[A-Za-z0-9_-]+", rest))
        assert words.isdisjoint(hidden), (each.originator_id, words & hidden)
        assert "sealed:" not in said
        assert "@" not in said


def by_record(history: list[Recorded]) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for each in history:
        if each.originator_id != DIRECTORY:
            found.setdefault(each.originator_id, []).append(each)
    return found
