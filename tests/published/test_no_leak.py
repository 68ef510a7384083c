"""Nothing that is sealed, no child and no word that anybody wrote leaves with a message: over every worked case."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from events.published.message import read
from events.recorded import Recorded
from projections.published.language import LANGUAGE
from projections.published.standing import Standing
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.recording import as_recorded
from services.escalations.settle import settle
from services.modules import CATALOGUE
from services.policy_files import load_folder
from services.rehearsal import END_OF_TIME, Rehearsal
from tests.published.test_messages import TODAY
from tests.worked_cases.cases import CASES, Case, write_policies

WRITTEN = {"text", "rationale", "reason", "concern", "evidence", "impact", "comment", "summary", "child_number", "note"}
"""Fields of commands that people write freely, or that hold a child's number."""


def words(value: Any, names: frozenset[str] = frozenset(WRITTEN)) -> set[str]:
    """What people wrote in a command, wherever in it."""
    found: set[str] = set()
    if isinstance(value, dict):
        for name, each in value.items():
            found |= {each} if name in names and isinstance(each, str) else words(each, names)
    elif isinstance(value, list | tuple):
        for each in value:
            found |= words(each, names)
    return found


def values(value: Any) -> set[str]:
    """Every string in a message."""
    if isinstance(value, dict):
        return set().union(*(values(each) for each in value.values()), set())
    if isinstance(value, list):
        return set().union(*(values(each) for each in value), set())
    return {value} if isinstance(value, str) else set()


def children(events: list[Recorded]) -> set[str]:
    """The references of every child that the history names."""
    found: set[str] = set()
    for event in events:
        if event.originator_id.startswith("child/"):
            found.add(event.reference)
        body = orjson.loads(event.fact.model_dump_json())
        found |= words(body, frozenset({"child"}))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_nothing_of_a_worked_case_leaks(case: Case, tmp_path: Path) -> None:
    """Every message of the case, with all that fires in it: no sealed text, no child, no word that anybody wrote."""
    policies = load_folder(write_policies(case, tmp_path))[case.authority]
    rehearsal = Rehearsal({case.authority: policies}, unverified=True)
    rehearsal.run(map(orjson.dumps, case.lines))
    store = rehearsal.stores[case.authority]
    directory = fold_directory(store.load(DIRECTORY))
    for record in [each for each in store.streams if each.startswith(CATALOGUE.worked_out)]:
        history = store.load(record)
        facts = settle(CATALOGUE.record_of(history), policies, directory, END_OF_TIME).facts
        store.append(*as_recorded(history, facts, END_OF_TIME))
    events = [event for stream in store.streams.values() for event in stream]
    written = {each for line in case.lines for each in words(line) if len(each) > len("P-1")}
    unwanted = children(events)
    assert unwanted
    published = 0
    for record in store.streams:
        before = Standing()
        for event in store.load(record):
            for message in LANGUAGE.messages(event, before, stored=TODAY):
                published += 1
                said = message.body.decode()
                assert "sealed:" not in said
                assert not [each for each in written if each in said]
                found = values(read(message.body)) | {message.subject, *message.headers.values()}
                assert not {part for each in found for part in (each, *each.split("/"))} & unwanted, said
                assert event.envelope.event_id not in said
            before.apply(event)
    assert published
