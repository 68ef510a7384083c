"""What the parts of a policy have in common: each is read once and never changed."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

import events.base

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A name that the framework gives: of a role, a rule, a question, a set of grades."""


def _as_written(held: object) -> object:
    """A whole number as it is written: what a framework calls 1 is a word of its own, with quotation marks or not."""
    return str(held) if isinstance(held, int) and not isinstance(held, bool) else held


Label = Annotated[
    events.base.Label,
    BeforeValidator(_as_written),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1, "maxLength": 200}),
]
"""A word of the framework's own, such as a grade, a section or a type of audit. A whole number needs no quotes."""

Said = Annotated[bool | str, BeforeValidator(_as_written), WithJsonSchema({"type": ["boolean", "string", "integer"]})]
"""A value that a field of an event or an answer must have: true, false or a word."""


class Part(BaseModel):
    """A part of a policy: read once, never changed, and with no room for a misspelt key.

    A field whose own name does not say enough to a reader of the framework has a title.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
