"""Stored names and their contracts: the only place that turns facts into bytes and bytes into facts.

Whatever module of this room defines a contract, it is found: no list of them is kept by hand. They are imported once
one is asked for that is not there yet: a question seldom needs an event, and all of them are a lot to load.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import orjson
from pydantic import ValidationError

import events
from events import base
from events.base import Fact
from events.errors import ContractError
from events.upcasts import UPCASTS, Body


@cache
def _bring_all() -> None:
    for each in iter_modules(events.__path__, "events."):
        if not each.ispkg:  # what is published is stored nowhere
            import_module(each.name)


class _All(Mapping[str, type[Fact]]):
    """Every contract that is defined, those of this room among them, whoever asks first."""

    def __init__(self, defined: Mapping[str, type[Fact]]) -> None:
        self._defined = defined

    def __getitem__(self, name: str) -> type[Fact]:
        if name not in self._defined:
            _bring_all()
        return self._defined[name]

    def __iter__(self) -> Iterator[str]:
        _bring_all()
        return iter(self._defined)

    def __len__(self) -> int:
        _bring_all()
        return len(self._defined)


BY_NAME: Mapping[str, type[Fact]] = _All(base.CONTRACTS)
"""Every contract by its stored name: those of this room, and whatever is defined beside it."""

EVENTS: Mapping[str, type[Fact]] = _All(base.EVENTS)
"""The same by the names of their events, as a policy writes them: without the version."""


def encode(fact: Fact) -> bytes:
    """The stored body: compact JSON of every field, defaults too, so that no later default can change it.

    The same fact always gives the same bytes.
    """
    written: bytes = fact.__pydantic_serializer__.to_json(fact)  # `model_dump_json` without what it asks on the way
    return written


def decode(stored_name: str, body: bytes | str) -> Fact:
    """The fact that `body` holds, brought up to the newest version of its contract.

    Raises ContractError for an unknown name or a body that does not fit it.
    """
    while stored_name in UPCASTS:
        stored_name, newer = UPCASTS[stored_name](_older(stored_name, body))
        body = orjson.dumps(newer)
    if stored_name not in base.CONTRACTS:
        must_be_known(stored_name)
    try:
        read: Fact = base.CONTRACTS[stored_name].__pydantic_validator__.validate_json(body)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, each["loc"])) or "body" for each in error.errors())
        raise ContractError(stored_name, f"the body does not fit: {where}") from error
    return read


def must_be_known(stored_name: str) -> None:
    """ContractError for a stored name that no contract has, nor ever had."""
    if stored_name in base.CONTRACTS:  # as nearly every one is, once it was asked for
        return
    if stored_name not in BY_NAME and stored_name not in UPCASTS:
        raise ContractError(stored_name, "no contract has this stored name")


def _older(stored_name: str, body: bytes | str) -> Body:
    try:
        older = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ContractError(stored_name, "the body does not fit: body") from error
    if not isinstance(older, dict):
        raise ContractError(stored_name, "the body does not fit: body")
    return older
