"""The language as a JSON Schema, so that an editor completes the keys of a policy file and checks it while it is typed.

Everything in it is made from the model and from what the parts of the domain know. What holds between two places of a
file (a role that is named must be one of the file's own) no schema can say: that is what `policy check` is for.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from events.registry import EVENTS
from services.policy import bases
from services.policy.bases import EXTENDS, names
from services.policy.files import Files
from services.policy.known import Known
from services.policy.model import EventName, Policy
from services.policy.part import CLOCK
from services.policy.reach import follows
from services.policy.reference import parts, words_of
from services.policy.written import content_of, written_at

DIALECT = "https://json-schema.org/draft/2020-12/schema"
CONFIRMED = "all actions confirmed"


class _Typed(GenerateJsonSchema):
    """What an editor can check: a time as it is written here, which is without seconds and without a zone."""

    def time_schema(self, schema: core_schema.TimeSchema) -> JsonSchemaValue:
        """An hour, such as 08:00."""
        del schema
        return {"type": "string", "pattern": f"^{CLOCK.pattern}$", "examples": ["08:00"]}


def schema_of_policies(known: Known) -> dict[str, Any]:
    """The JSON Schema of a policy file. `known` gives the acts there are, each with its words."""
    made = Policy.model_json_schema(by_alias=True, schema_generator=_Typed)
    events = {"type": "string", "enum": sorted(name for name in EVENTS if not follows(name))}
    named = {"type": "string", "pattern": EVENT_PATTERN}
    _replace(made, named, events)
    _replace(made, {"const": CONFIRMED, "type": "string"}, {"type": "string", "enum": [CONFIRMED]})
    for knob in ("acts", "own_unit"):
        roles = {"type": "array", "items": {"type": "string"}}
        held = made["properties"][knob]
        held.pop("patternProperties", None)
        held["properties"] = {act: {**roles, "description": words} for act, words in sorted(known.acts.items())}
        held["additionalProperties"] = False
    _extend(made)
    _describe(made)
    return {"$schema": DIALECT, "$id": "urn:sightline:policy", **made}


def _given() -> set[str]:
    """What a base gives of what a policy needs, whichever it is."""
    held = [content_of(written_at(bases.BASES / name))[0] for name in names()]
    return set.intersection(*({str(key) for key in each} for each in held if isinstance(each, dict)))


def _extend(made: dict[str, Any]) -> None:
    """Let a file name a base; what each of them gives is then needed no more."""
    made["properties"][EXTENDS] = {"type": "string", "enum": names()}
    given = set(made["required"]) & _given()
    made["required"] = [key for key in made["required"] if key not in given]
    made["if"], made["then"] = {"not": {"required": [EXTENDS]}}, {"required": sorted(given)}


def _describe(made: dict[str, Any]) -> None:
    """Give each key the words that the reference has for it."""
    for part in parts():
        held = made if part in {Policy, Files} else made["$defs"].get(part.__name__)
        for name, field in part.model_fields.items() if held else ():
            held["properties"][field.alias or name]["description"] = words_of(part, name)[0]


EVENT_PATTERN: str = EventName.__metadata__[0].pattern  # type: ignore[attr-defined]  # what the annotation holds


def _replace(node: Any, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Put one schema in place of another wherever it stands."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if value == old:
            node[key] = new
        else:
            _replace(value, old, new)
