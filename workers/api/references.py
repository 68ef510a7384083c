"""References that an address or a question names."""

from pydantic import TypeAdapter, ValidationError

from events.base import Ref
from events.errors import Refused

_REFERENCE = TypeAdapter(Ref)


def valid_reference(name: str, written: str) -> str:
    """What is written, if it is a reference; Refused, by the name of the place where it stands, if not."""
    try:
        return _REFERENCE.validate_python(written)
    except ValidationError as error:
        raise Refused(name, "is no reference: up to 64 letters, digits, hyphens and underscores") from error
