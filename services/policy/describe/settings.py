"""Settings without words of their own: told by the title of their field or by its name, so that none is left out."""

from collections.abc import Iterator
from datetime import time

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from services.policy.describe.statement import Statement
from services.policy.describe.wording import plain, value
from services.policy.model import Policy

SILENT: tuple[object, ...] = (None, (), {}, False, "")
"""What a setting is where the framework says nothing: it is not told."""


def title_of(name: str, field: FieldInfo) -> str:
    """What a setting is called: the title of its field or, where its name says enough, that."""
    return field.title or plain(name).capitalize()


def told_settings(policy: Policy, name: str, chapter: str) -> Iterator[Statement]:
    """A part of the policy, field by field; what it is silent about is not told."""
    held = getattr(policy, name)
    if not isinstance(held, BaseModel):
        if held not in SILENT:
            yield Statement(chapter, (name,), "", f"{plain(name).capitalize()}: {value(told(policy, held))}")
        return
    for field, info in type(held).model_fields.items():
        if words := said(policy, held, field, info):
            yield Statement(chapter, (name, field), "", words)


def said(policy: Policy, held: BaseModel, name: str, field: FieldInfo) -> str:
    """A setting in words: a switch by its title, anything else with what it is; nothing where it is silent."""
    each = getattr(held, name)
    if each in SILENT:
        return ""
    if each is True:
        return title_of(name, field)
    words = value(told(policy, each))
    return f"{title_of(name, field)} “{words}”" if isinstance(each, str) else f"{title_of(name, field)}: {words}"


def told(policy: Policy, held: object) -> object:
    """A setting as plain data, with the roles by their titles; of a part, only what is set."""
    match held:
        case BaseModel():
            return {key: told(policy, each) for key, each in held.model_dump(mode="json").items() if each}
        case tuple() | list():
            return [told(policy, each) for each in held]
        case dict():
            return {key: told(policy, each) for key, each in held.items()}
        case time():
            return f"{held:%H:%M}"
        case str() if held in policy.roles:
            return policy.roles[held].title
        case _:
            return held
