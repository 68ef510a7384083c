"""The AsyncAPI document: valid by the standard's own schema, and true to the types."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import (  # type: ignore[import-untyped]  # it says nothing of its types
    Draft7Validator,
    Draft202012Validator,
    FormatChecker,
)

from events.published import audits as p_audits
from events.published.base import TYPES
from events.published.message import SUNSET, read
from projections.published.asyncapi import document, example
from services.settings import Settings
from tests.cli.program import Program
from tests.published.npm import installed
from tests.published.test_messages import MONTH, ReturnedAnew, told
from tests.published.test_types import SHIPPED

DOCUMENT = document(SHIPPED)


class Retired(p_audits.AuditReturned):
    """The first version of it, once it is retired."""

    sunset = date(2027, 3, 31)


def at(pointer: str, whole: dict[str, Any] = DOCUMENT) -> Any:
    """What a reference in the document refers to."""
    found: Any = whole
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part]
    return found


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(each) for each in value.values()))
    return set().union(*(references(each) for each in value)) if isinstance(value, list) else set()


def validator(schema: str) -> Draft202012Validator:
    whole = {"$ref": schema, "components": DOCUMENT["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


@pytest.mark.timeout(240)
def test_it_is_valid_by_the_standard(tmp_path: Path) -> None:
    """The schema of AsyncAPI 3.0.0, as its own package brings it, finds no fault; and finds one that is put in."""
    folder = installed(tmp_path / "specs", "@asyncapi/specs")
    schema = json.loads((folder / "node_modules/@asyncapi/specs/schemas/3.0.0.json").read_text())
    check = Draft7Validator(schema)
    for each in (DOCUMENT, document([Retired, ReturnedAnew])):
        assert [error.message for error in check.iter_errors(each)] == []
    assert list(check.iter_errors({**DOCUMENT, "operations": {"x": {"action": "shout"}}}))


def test_every_reference_leads_somewhere() -> None:
    """Nothing in the document refers to what is not in it."""
    found = references(DOCUMENT)
    assert found
    for each in found:
        at(each)


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda kind: kind.name)
def test_each_type_is_described_whole(kind: Any) -> None:
    """Channel with its parameter, operation, security, headers, schema and an example that fits both."""
    name = kind.event_type()
    channel = DOCUMENT["channels"][name]
    assert channel["address"] == f"sightline.v1.{{authority}}.{kind.name}"
    assert "authority" in channel["parameters"]
    assert at(f"#/operations/send.{name}")["action"] == "send"
    assert at(f"#/operations/send.{name}")["security"]
    message = DOCUMENT["components"]["messages"][name]
    (shown,) = message["examples"]
    validator(message["payload"]["$ref"]).validate(shown["payload"])
    validator(message["headers"]["$ref"]).validate(shown["headers"])
    assert read(example(kind).body) == shown["payload"]
    assert kind.model_validate_json(orjson.dumps(shown["payload"]["data"])).sentence()
    broken = {**shown["payload"], "data": {"record": "no reference"}}
    assert list(validator(message["payload"]["$ref"]).iter_errors(broken))


def test_what_is_published_is_as_described() -> None:
    """Every message of a month fits the document: its payload, its headers, and an address that stands there."""
    addresses = {channel["address"].replace("{authority}", "torbay") for channel in DOCUMENT["channels"].values()}
    for each in told(MONTH):
        name = read(each.body)["type"]
        message = DOCUMENT["components"]["messages"][name]
        validator(message["payload"]["$ref"]).validate(read(each.body))
        validator(message["headers"]["$ref"]).validate(dict(each.headers))
        assert each.subject in addresses


def test_a_retired_version_says_its_last_day() -> None:
    """Both versions are described, and the retired one with its day and its header."""
    found = document([Retired, ReturnedAnew])
    assert [each["address"] for each in found["channels"].values()][::2] == [
        "sightline.v1.{authority}.audit.returned",
        "sightline.v2.{authority}.audit.returned",
    ]
    retired, anew = found["components"]["messages"].values()
    assert (retired.get("x-sunset"), anew.get("x-sunset")) == ("2027-03-31", None)
    assert at(retired["headers"]["$ref"], found)["properties"][SUNSET]["const"] == "2027-03-31"
    assert retired["examples"][0]["headers"][SUNSET] == "2027-03-31"


def test_the_program_prints_it(tmp_path: Path) -> None:
    """`sightline asyncapi` prints the document of all types, and the same each time."""
    program = Program(Settings(data=tmp_path))
    said = program.run("asyncapi")
    assert said.code == 0, said
    assert json.loads(said.out) == document()
    assert {each.event_type() for each in TYPES.values()} == set(json.loads(said.out)["components"]["messages"])
    assert program.run("asyncapi").out == said.out
