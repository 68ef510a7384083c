"""What `policy show` says is what runs: whatever value of a policy is taken out or moved, the words change."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel

from services.modules import CATALOGUE
from services.policy.describe.framework import statements
from services.policy.describe.pages import paragraphs
from services.policy.model import Policy
from services.policy.rules import written
from services.policy.written import policies_in
from services.policy_files import load
from services.settings import SHIPPED_POLICIES
from tests.northmoor.council import FILE as NORTHMOOR

Path = tuple[str | int, ...]
FILES = (*policies_in(SHIPPED_POLICIES), NORTHMOOR)


def settings() -> dict[str, tuple[str, Path]]:
    """Of each key of each part of the language, the first place where a shipped policy sets it otherwise than usual."""
    found: dict[str, tuple[str, Path]] = {}
    for file in FILES:
        for key, place in _settings(load(file), ()):
            found.setdefault(key, (file.stem, place))
    return found


def _settings(held: object, at: Path) -> Iterator[tuple[str, Path]]:
    if isinstance(held, BaseModel):
        for name, field in type(held).model_fields.items():
            each = getattr(held, name)
            if not field.is_required() and each != field.get_default(call_default_factory=True):
                yield f"{type(held).__name__}.{name}", (*at, name)
            yield from _settings(each, (*at, name))
    elif isinstance(held, dict):
        for name, each in held.items():
            yield from _settings(each, (*at, name))
    elif isinstance(held, tuple):
        for number, each in enumerate(held):
            yield from _settings(each, (*at, number))


def without(held: Any, place: Path) -> Any:
    """The same, with one setting as it is where a file is silent about it."""
    name, *rest = place
    if isinstance(held, BaseModel):
        assert isinstance(name, str)
        usual = type(held).model_fields[name].get_default(call_default_factory=True)
        return held.model_copy(update={name: without(getattr(held, name), tuple(rest)) if rest else usual})
    if isinstance(held, dict):
        return {**held, name: without(held[name], tuple(rest))}
    return tuple(without(each, tuple(rest)) if number == name else each for number, each in enumerate(held))


def shipped(stem: str) -> Policy:
    return load(next(file for file in FILES if file.stem == stem))


def said(policy: Policy) -> list[tuple[str, str]]:
    """What is said of a framework, each statement with what it is about."""
    return [(each.about, each.words) for each in statements(policy, CATALOGUE.known)]


@cache
def said_of_shipped(stem: str) -> list[tuple[str, str]]:
    return said(shipped(stem))


SET = settings()


@pytest.mark.parametrize("key", sorted(SET))
def test_what_is_set_is_said(key: str) -> None:
    """A setting taken out of a framework is missing from its words: nothing that runs is passed over."""
    stem, place = SET[key]
    policy = shipped(stem)
    assert said(without(policy, place)) != said_of_shipped(stem), place


def test_enough_is_looked_at() -> None:
    """The five frameworks set most keys of the language between them."""
    assert len(SET) > 120


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_page_holds_every_statement(file: Any) -> None:
    """No statement is lost between the words and the page, and the page says nothing of what is silent."""
    policy: Policy = load(file)
    page = list(paragraphs(policy, CATALOGUE.known))
    text = "\n".join(line for each in page for line in (each.heading, f"From {each.source}", each.text, *each.items))
    lost = [
        each.words for each in statements(policy, CATALOGUE.known) if each.words not in text and each.key[-1] != "title"
    ]
    assert lost == []
    assert {each.heading for each in page} >= {rule.title for rule in written(policy)}
    assert [each for each in text.splitlines() if ": none" in each or "about's" in each or "trigger" in each] == []
