"""Published types: what they may hold is checked when they are defined, and each says what it is."""

import types
from datetime import date
from typing import Any, ClassVar, get_type_hints

import pytest
from pydantic import BaseModel, Field

from events.base import Label, Ref, Sealed
from events.errors import ContractError
from events.published.base import TYPES, Part, Published, Term
from events.subjects import PUBLISHED_AGE
from projections.published.language import LANGUAGE

ASKED_FOR = {
    "escalation.raised",
    "escalation.acknowledged",
    "escalation.resolved",
    "notice.sent",
    "grade.changed",
    "audit.allocated",
    "audit.returned",
    "audit.moderated",
    "audit.closed",
    "audit.voided",
    "action.set",
    "action.overdue",
    "action.confirmed",
    "concern.raised",
    "report.issued",
}
"""What other services were promised."""

SHIPPED = [kind for kind in TYPES.values() if kind.__module__.startswith("events.published.")]


def defined(called: str, base: type[Part], **body: Any) -> type[Part]:
    """A type as if somebody had written its class."""
    return types.new_class(called, (base,), exec_body=lambda held: held.update({"__module__": __name__, **body}))


class Free(BaseModel):
    """A model that is no part of a message."""

    said: str


@pytest.mark.parametrize(
    "hint",
    [str, Label, Sealed, Any, object, dict[str, int], list[str], tuple[str, ...], str | None, bytes, Free, float],
)
def test_a_field_that_could_hold_free_text_is_refused(hint: Any) -> None:
    """A published type with such a field cannot be defined, in itself or within a part of it."""
    for base in (Published, Part):
        with pytest.raises(ContractError, match="field said: could hold free text"):
            defined("Loose", base, __annotations__={"said": hint})


@pytest.mark.parametrize("name", ["child", "child_number", "text", "reason", "rationale", "note", "comments"])
def test_a_field_of_such_a_name_is_refused(name: str) -> None:
    """Whatever its type: no published type names a child, or what somebody wrote."""
    with pytest.raises(ContractError, match=f"field {name}: nothing of that name is published"):
        defined("Named", Published, __annotations__={name: Ref})


def test_a_type_is_defined_once_and_well() -> None:
    """A name that is taken or malformed, and a type without a docstring or a sentence, are refused."""
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"name": "audit.closed"}, "version 1 of it is taken"),
        ({"name": "Audit Closed"}, "two dotted lower-case words"),
        ({"name": "audit.reopened", "major": 0}, "its version 1 to 9"),
        ({"name": "audit.reopened", "__doc__": ""}, "says in its docstring"),
    ]
    for change, reason in wrong:
        with pytest.raises(ContractError, match=reason):
            defined("Wrong", Published, **{"__doc__": "It happened.", "sentence": lambda _: "", **change})
    with pytest.raises(ContractError, match="says its sentence"):
        defined("Mute", Published, __doc__="It happened.", name="audit.reopened")
    assert ("audit.reopened", 1) not in TYPES


def test_every_promised_type_is_told_of_some_fact() -> None:
    """The promised types are there, and each is declared with the stored fact that it tells of."""
    assert {kind.name for kind in SHIPPED} == ASKED_FOR
    assert {each.kind for each in LANGUAGE.tellings} == set(SHIPPED)


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda kind: kind.name)
def test_people_stand_only_where_it_says_why(kind: type[Published]) -> None:
    """Of people a message holds whose an action is and whom an escalation tells, by opaque references; no others."""
    hints = get_type_hints(kind)
    found = {
        name for name in hints if name in {"owners", "person", "actor", "auditor", "moderator", "worker", "holder"}
    }
    assert found <= ({"owners"} if kind.name.startswith("action.") else set())


def test_what_is_kept_has_an_age() -> None:
    """How long messages are kept is stated, in whole days."""
    assert PUBLISHED_AGE.total_seconds() % 86_400 == 0


class Fresh(Published):
    """Stands for a type that comes with a later capability: one class is all that it takes here."""

    name = "report.drafted"
    sunset: ClassVar[date | None] = None
    month: Ref
    grades: tuple[Term, ...] = Field(default=())

    def sentence(self) -> str:
        return f"Drafted for {self.month}."


def test_a_type_is_added_by_one_class() -> None:
    """Being defined makes it known, with its schema and its name on the wire."""
    assert TYPES["report.drafted", 1] is Fresh
    assert Fresh.event_type() == "sightline.report.drafted.v1"
    assert Fresh.json_schema()["required"] == ["record", "month", "grades"]
    del TYPES["report.drafted", 1]
