"""What a policy still has to be told: texts that a start has left to be filled in."""

from collections.abc import Iterator

from pydantic import BaseModel

from services.policy.key_path import KeyPath
from services.policy.model import Policy

Problem = tuple[KeyPath, str]
MARK = "fill in:"


def unfilled(policy: Policy) -> Iterator[Problem]:
    """Each text that is left to be filled in, with its place."""
    yield from ((at, f"still to be filled in: {text.removeprefix(MARK).strip()}") for at, text in _texts(policy, ()))


def _texts(held: object, at: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    match held:
        case str() if held.startswith(MARK):
            yield at, held
        case BaseModel():
            for name in type(held).model_fields:
                yield from _texts(getattr(held, name), (*at, name))
        case dict():
            for key, each in held.items():
                yield from _texts(each, (*at, key))
        case tuple():
            for number, each in enumerate(held):
                yield from _texts(each, (*at, number))
