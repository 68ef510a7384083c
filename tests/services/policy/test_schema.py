"""The language as a JSON Schema: what is sound passes, what people mistype is found while they type it."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it says nothing of its types

from services.modules import CATALOGUE
from services.policy.files import Files
from services.policy.model import Policy
from services.policy.schema import schema_of_policies
from services.policy.start import START
from services.policy.written import policies_in, written_at
from services.policy.yaml_positions import read_yaml
from services.settings import SHIPPED_POLICIES, Settings
from tests.cli.program import Program
from tests.edited import edited


@cache
def schema() -> dict[str, Any]:
    """Made when the first test asks: every process of the tests collects this file."""
    return schema_of_policies(CATALOGUE.known)


def mistakes(text: str) -> list[tuple[str, str]]:
    """Where an editor would draw its lines, and what it would say."""
    content, _ = read_yaml(Path("policy.yaml"), text)
    return [(each.json_path, each.message) for each in Draft202012Validator(schema()).iter_errors(content)]


def test_it_is_a_schema() -> None:
    """The program prints it, and it is one by the rules of its dialect."""
    Draft202012Validator.check_schema(schema())
    assert json.loads(Program(Settings()).run("policy", "schema").out) == json.loads(
        json.dumps(schema_of_policies(CATALOGUE.known))
    )


@pytest.mark.parametrize("path", [*policies_in(SHIPPED_POLICIES), START], ids=lambda path: path.stem)
def test_what_is_sound_passes(path: Path) -> None:
    """The five frameworks, and the file that a sixth begins with, have no mistake in an editor."""
    assert mistakes(written_at(path).text) == []


MISTYPED = {
    "a key": ("paused_by_agreed_date: true", "paused_by_agreed_dates: true", "[5]", "paused_by_agreed_dates"),
    "a kind of step": ("due - 1 week, kind: reminder", "due - 1 week, kind: remind", ".ladder[0].kind", "'reminder'"),
    "a span": ("  lookback: 6 months", "  lookback: 6 mnths", ".tool.lookback", "not valid under any"),
    "a moment": ("due: trigger + 4 weeks", "due: trigger plus 4 weeks", ".obligations[0].due", "not valid under any"),
    "a recipient": ("to: [cscslt]", "to: [cscslt, the director]", ".ladder[2].to[1]", "does not match"),
    "an event": ("met_by: [round.dips_recorded]", "met_by: [round.dip_recorded]", ".met_by[0]", "not valid under any"),
    "an act": ("audit.void: [qa_team]", "audit.voide: [qa_team]", "$.acts", "audit.voide"),
    "an hour": ('notice_hour: "08:00"', 'notice_hour: "25:00"', ".calendar.notice_hour", "does not match"),
    "an hour of a step": ("hour: at once", "hour: 24:30", ".hour", "not valid under any"),
    "a switch": ("texts_required: true", "texts_required: maybe", ".tool.texts_required", "boolean"),
    "a block": ("block: audits, title: Re-audits, ", "block: audit, title: Re-audits, ", ".show[2]", "not valid under"),
    "what is lacking": ("fallback: qa_team\n", "\n", "$", "'fallback' is a required property"),
}  # fmt: skip


@pytest.mark.parametrize("slip", MISTYPED)
def test_what_is_mistyped_is_found(slip: str) -> None:
    """Each of the slips of a writer is marked where it stands, with what is wrong."""
    old, new, place, said = MISTYPED[slip]
    text = edited("torbay")
    assert old in text
    found = mistakes(text.replace(old, new, 1))
    assert any(at.endswith(place) and said in why for at, why in found), found


def test_what_a_base_gives_is_not_asked_for() -> None:
    """A file that extends a base lacks nothing that each base gives; of another base an editor knows nothing."""
    text = "extends: base-1\nauthority: westmoor\n"
    assert {said for at, said in mistakes(text) if "fallback" in said or "acts" in said} == set()
    assert any("'grades' is a required property" in said for _, said in mistakes(text))
    assert any("'acts' is a required property" in said for _, said in mistakes("authority: westmoor\n"))
    assert [at for at, said in mistakes(text.replace("base-1", "base-0")) if "base-0" in said] == ["$.extends"]


def test_an_editor_can_complete_each_key() -> None:
    """Every part of the model stands in the schema with all its keys and no other, and says what it is."""
    parts: dict[str, Any] = {"Policy": schema(), **schema()["$defs"]}
    assert set(schema()["properties"]) == {*Policy.model_fields, *Files.model_fields}
    assert [name for name, part in parts.items() if part["additionalProperties"] is not False] == []
    assert [name for name, part in parts.items() if not re.search(r"\w", part.get("description", ""))] == []
    keys = [(name, key, told) for name, part in parts.items() for key, told in part["properties"].items()]
    assert [(name, key) for name, key, told in keys if not told.get("description")] == []
    assert schema()["properties"]["acts"]["properties"]["audit.void"]["description"] == "void an audit"
