"""Which texts of a fact are sealed, for those who may unseal them."""

from typing import Any, get_args

from events.base import Fact, Sealed
from events.directory import PersonAddressed


def sealed_fields(fact: Fact) -> dict[str, str]:
    """Give the sealed texts of a fact by their fields, for those who may unseal them.

    Of a field that holds several texts, each comes as `field: key`. An address is none of them: it is opened to send
    something there, and shown to nobody.
    """
    if isinstance(fact, PersonAddressed):
        return {}
    found: dict[str, str] = {}
    for name, field in type(fact).model_fields.items():
        value = getattr(fact, name) if _holds_sealed(field) else None
        if name == "answers":
            found |= {f"answers: {each.question}": each.text for each in getattr(fact, name) if each.text}
        elif name == "items":
            found |= {
                f"answers: {each.question} of {item.child}": each.text
                for item in getattr(fact, name)
                for each in item.answers
                if each.text
            }
        elif isinstance(value, dict):
            found |= {f"{name}: {key}": text for key, text in value.items()}
        elif value is not None:
            found[name] = value
    return found


def _holds_sealed(field: Any) -> bool:
    marks = get_args(Sealed)[1:]
    kinds = (field, *get_args(field.annotation))
    return any(mark in getattr(kind, "metadata", getattr(kind, "__metadata__", ())) for kind in kinds for mark in marks)
