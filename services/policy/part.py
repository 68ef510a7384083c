"""What the parts of a policy have in common: each is read once and never changed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A name that the framework gives: of a role, a rule, a question, a set of grades."""


class Part(BaseModel):
    """A part of a policy: read once, never changed, and with no room for a misspelt key.

    A field whose own name does not say enough to a reader of the framework has a title.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
