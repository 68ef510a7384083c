"""Stored names and bodies are formats for ever: what was written once is read the same for as long as it is kept."""

import ast
import types
from datetime import UTC, date
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import ascii_letters, digits
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, ValidationError

import events
from events.audits import AuditModerated
from events.base import STORED_NAME, Fact, Label, Ref, Sealed
from events.directory import Hashed
from events.errors import ContractError
from events.indicators import Figure
from events.registry import BY_NAME, decode, encode
from events.reports import Zipped
from events.upcasts import UPCASTS
from tests.contracts import SHIPPED_CONTRACTS, SHIPPED_NAMES
from tests.events.kept import BODIES, MEANINGS, MODERATED, kept_body

EVERY_CONTRACT = pytest.mark.parametrize("contract", SHIPPED_CONTRACTS, ids=lambda each: each.stored_name)
EVERY_NAME = pytest.mark.parametrize("name", sorted({*SHIPPED_NAMES, *UPCASTS}))

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).map(str.strip).filter(bool)
PLAIN_LETTERS = f"{ascii_letters}{digits}"
URL_SAFE = f"{PLAIN_LETTERS}_-"
HEXADECIMAL = f"{digits}abcdef"
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    Ref: st.builds(str.__add__, st.sampled_from(PLAIN_LETTERS), st.text(URL_SAFE, max_size=63)),
    Label: WORDS,
    Sealed: st.builds(
        "sealed:{}{}:{}:{}".format,
        st.integers(0, 999),
        st.just("") | st.text(HEXADECIMAL, min_size=16, max_size=16).map(".{}".format),
        st.text(URL_SAFE, min_size=1, max_size=12),
        st.text(URL_SAFE, min_size=38, max_size=80),
    ),
    Hashed: st.text(HEXADECIMAL, min_size=64, max_size=64),
    Zipped: st.builds(
        str.__add__, st.text(f"{PLAIN_LETTERS}+/", min_size=1, max_size=80), st.sampled_from(["", "=", "=="])
    ),
    Figure: st.decimals(Decimal(-(10**11)), Decimal(10**11), allow_nan=False, places=6),
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    int: st.integers(-(2**53), 2**53),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    AwareDatetime: st.datetimes(timezones=st.just(UTC)),
    type(None): st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of that type may hold."""
    if hint in PLAIN:
        return PLAIN[hint]
    arguments = get_args(hint)
    match get_origin(hint):
        case origin if origin is Literal:
            return st.sampled_from(arguments)
        case origin if origin in {Union, types.UnionType}:
            return st.one_of(*map(values, arguments))
        case origin if origin is tuple:
            return st.lists(values(arguments[0]), max_size=3).map(tuple)
        case origin if origin is dict:
            return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=3)
    assert issubclass(hint, BaseModel), hint
    return models(hint)


@cache
def models(model: Any) -> st.SearchStrategy[Any]:
    """Any such model; to say what its fields may hold takes longer than to draw it, so it is said once."""
    hints = get_type_hints(model, include_extras=True)
    return st.builds(model, **{name: values(hints[name]) for name in model.model_fields})


@EVERY_CONTRACT
@settings(max_examples=30)
@given(data=st.data())
def test_every_contract_comes_back_as_it_was(contract: type[Fact], data: st.DataObject) -> None:
    """Whatever a fact holds, its stored body is the same each time and reads as the same fact."""
    fact = data.draw(models(contract))
    body = encode(fact)
    again = decode(contract.stored_name, body)
    assert again == fact
    assert type(again) is contract
    assert encode(again) == body
    assert set(orjson.loads(body)) == set(contract.model_fields), "every field is stored, its default too"


@EVERY_NAME
def test_a_body_of_every_name_is_kept(name: str) -> None:
    """Every name that is or was written has a kept body, and the body still means what it meant."""
    assert decode(name, kept_body(name)) == MEANINGS[name]


@pytest.mark.parametrize("name", sorted(SHIPPED_NAMES))
def test_the_kept_form_is_still_written(name: str) -> None:
    """What is written today holds every field of the kept body as it was; a contract may only gain optional fields."""
    kept, today = orjson.loads(kept_body(name)), orjson.loads(encode(MEANINGS[name]))
    assert {field: today.get(field) for field in kept} == kept


def test_nothing_else_is_kept() -> None:
    """Each kept body belongs to a name that can still be read, and each name to a kept body."""
    kept = {path.name.removesuffix(".json") for path in BODIES.iterdir()}
    assert kept == {*SHIPPED_NAMES, *UPCASTS}
    assert set(MEANINGS) == kept


def test_a_moderation_of_the_first_version() -> None:
    """A moderation stored before section grades existed reads as one that changed no section."""
    body = kept_body("audit.moderated.v1")
    assert "sections" not in orjson.loads(body)
    assert decode("audit.moderated.v1", body) == MODERATED
    assert MODERATED.sections == {}
    assert MODERATED.stored_name == "audit.moderated.v2"


def test_a_fact_cannot_be_changed() -> None:
    """A fact is never edited."""
    with pytest.raises(ValidationError):
        MODERATED.grade = "Meets Good"  # type: ignore[misc]  # what is tried here is what must fail


def refused(name: str, body: bytes) -> ContractError:
    with pytest.raises(ContractError) as caught:
        decode(name, body)
    return caught.value


@pytest.mark.parametrize("name", ["audit.invented.v1", "audit.submitted.v9", "audit.submitted", "AuditSubmitted", ""])
def test_an_unknown_name_is_an_error(name: str) -> None:
    """A name that no contract has is an error that says the name."""
    error = refused(name, b"{}")
    assert error.stored_name == name
    assert str(error) == f"event {name}: no contract has this stored name"


@EVERY_NAME
def test_an_unknown_field_is_an_error(name: str) -> None:
    """A field that the contract does not know is an error that names the field."""
    error = refused(name, orjson.dumps({**orjson.loads(kept_body(name)), "surprise": 1}))
    assert error.reason == "the body does not fit: surprise"


REQUIRED = [
    (name, field)
    for name, contract in BY_NAME.items()
    if name in SHIPPED_NAMES
    for field, info in contract.model_fields.items()
    if info.is_required()
]


@pytest.mark.parametrize(("name", "missing"), REQUIRED)
def test_a_missing_field_is_an_error(name: str, missing: str) -> None:
    """A field without a default that is missing is an error that names the field."""
    body = orjson.loads(kept_body(name))
    del body[missing]
    assert refused(name, orjson.dumps(body)).reason == f"the body does not fit: {missing}"


@pytest.mark.parametrize("name", ["audit.submitted.v1", "audit.moderated.v1"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"grade"', b"null", b"\xff\xfe"])
def test_a_body_that_is_no_object_is_an_error(name: str, body: bytes) -> None:
    """A damaged body is an error of the contract for every version of a name, never another kind of failure."""
    assert refused(name, body).reason.startswith("the body does not fit")


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("audit.allocated.v1", "child", "a name with spaces"),
        ("audit.allocated.v1", "child", "dotted.reference"),
        ("audit.allocated.v1", "child_number", "in plain text"),
        ("audit.voided.v1", "reason", "in plain text"),
        ("audit.section_graded.v1", "evidence", "sealed:1:C-1:short"),
        ("notice.sent.v1", "due", "2026-04-04T07:00:00"),
        ("notice.sent.v1", "kind", "threat"),
    ],
)
def test_a_value_that_does_not_fit_is_an_error(name: str, field: str, value: str) -> None:
    """A reference with a space, a text in plain, or a time without a zone does not pass as a fact."""
    error = refused(name, orjson.dumps({**orjson.loads(kept_body(name)), field: value}))
    assert error.reason == f"the body does not fit: {field}"
    assert value not in str(error)


def test_names_are_versioned_words() -> None:
    """Every stored name is dotted lower-case words and a version, and each is there once."""
    names = [contract.stored_name for contract in SHIPPED_CONTRACTS]
    assert all(STORED_NAME.fullmatch(name) for name in [*names, *UPCASTS])
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "name", ["audit.moderated.v1", "audit.filed.v1", "Audit.Filed.v1", "audit.filed", "audit..filed.v1"]
)
def test_a_name_that_is_taken_or_malformed_stops_the_start(name: str) -> None:
    """A contract under a former name, a name in use or a malformed name is refused where it is defined."""
    before = dict(BY_NAME)
    with pytest.raises(ContractError, match="stored name"):

        class Invented(Fact):
            stored_name = name

            def sentence(self) -> str:
                return "Something was invented."

    assert before == BY_NAME


def test_a_contract_without_a_sentence_stops_the_start() -> None:
    """Whoever defines an event says it in a sentence, also where it is made from another event."""
    for base in (Fact, AuditModerated):
        with pytest.raises(ContractError, match=r"event audit\.invented\.v1: a contract says its sentence"):
            type("Invented", (base,), {"stored_name": "audit.invented.v1", "__module__": __name__})


def test_every_module_of_the_room_is_read() -> None:
    """A contract is found in whatever module of the room it is defined, in any order: no list names it."""
    written = {
        node.value.value
        for path in Path(events.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "stored_name"
        if isinstance(node.value, ast.Constant)
    }
    assert written == SHIPPED_NAMES


@pytest.mark.parametrize("name", sorted(UPCASTS))
def test_former_names_lead_to_a_name_in_use(name: str) -> None:
    """Every former name leads, step by step, to a name that is written today."""
    body = orjson.loads(kept_body(name))
    passed: list[str] = []
    while name in UPCASTS:
        assert name not in passed
        passed.append(name)
        name, body = UPCASTS[name](body)
    assert name in BY_NAME


def test_no_contract_is_the_base_of_another() -> None:
    """What a fact is, its own class tells alone: what follows from it is looked up by that."""
    contracts = set(BY_NAME.values())
    assert not [each for each in contracts if contracts & set(each.__mro__[1:])]
