"""The parts of an envelope stand in several places: whoever adds one, or moves one, changes all of them."""

from dataclasses import MISSING, fields
from datetime import UTC, datetime
from inspect import Parameter, signature

from events.envelope import Envelope, from_headers, to_headers


def test_fields_and_parameters_agree() -> None:
    """What an envelope is made from are its fields: in their order, with their defaults."""
    parameters = [
        (each.name, MISSING if each.default is Parameter.empty else each.default)
        for each in signature(Envelope).parameters.values()
    ]
    assert parameters == [(each.name, each.default) for each in fields(Envelope)]


def test_each_part_stands_in_its_own_place() -> None:
    """What is given by name is found by that name, also after a way through the headers or with a number."""
    said = {each.name: f"the {each.name}" for each in fields(Envelope)}
    times = {"occurred": datetime(2026, 3, 1, tzinfo=UTC), "recorded": datetime(2026, 3, 2, tzinfo=UTC)}
    made = Envelope(**(said | times))  # type: ignore[arg-type]  # each part of its own type
    assert {name: getattr(made, name) for name in said} == said | times
    assert from_headers(to_headers(made, stored_name="a.v1", aggregate="a/1", version=1, body=b"{}")) == made
    numbered = made.numbered(2)
    assert {name: getattr(numbered, name) for name in said} == said | times | {"event_id": "the event_id.2"}
