"""Settings without words of their own: told by the title of their field or by its name, so that none is left out."""

from collections.abc import Iterator
from datetime import time

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from services.policy.describe.statement import Statement
from services.policy.describe.wording import plain, value
from services.policy.model import Policy


def title_of(name: str, field: FieldInfo) -> str:
    """What a setting is called: the title of its field or, where its name says enough, that."""
    return field.title or plain(name).capitalize()


def settings(policy: Policy, name: str) -> Iterator[Statement]:
    """A part of the policy: field by field, and each item of a list for itself."""
    held, chapter = getattr(policy, name), plain(name).capitalize()
    if isinstance(held, BaseModel):
        for field, words in _fields(policy, held):
            yield Statement(chapter, (name, field), "", words)
    elif isinstance(held, tuple) and held and all(isinstance(each, BaseModel) for each in held):
        for number, each in enumerate(held, start=1):
            called = str(getattr(each, "name", number))
            about = str(getattr(each, "title", plain(called).capitalize()))
            for field, words in _fields(policy, each):
                yield Statement(chapter, (name, called, field), about, words)
    else:
        yield Statement(chapter, (name,), "", f"{chapter}: {value(told(policy, held))}")


def _fields(policy: Policy, part: BaseModel) -> Iterator[tuple[str, str]]:
    for name, field in type(part).model_fields.items():
        yield name, f"{title_of(name, field)}: {value(told(policy, getattr(part, name)))}"


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
