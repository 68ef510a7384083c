"""A policy as it stands in memory once it was read, kept for the next process.

To read its data anew, the validator of every part of the language is built first: about six times the work of the
reading itself, and a fifteenth of what a question by the rules took. What is kept needs none of them. It belongs to one
text of the program and to one version of the library that makes the parts; any other passes it over.
"""

import io
import pickle
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pydantic

from services import kept
from services.policy.model import Policy
from services.policy.text import ROOMS

P = TypeVar("P", bound=Policy)

VALUES = {each.__name__: each for each in (date, time, timedelta, Decimal)}
"""What a policy holds beside its own parts and what has a sign of its own, such as texts and numbers."""


def recall(kind: type[P], digest: str) -> P | None:
    """The policy whose content has this hash, if it was kept; None for what is not, or is none of that kind."""
    held = kept.recall(_named(kind, digest))
    return None if held is None else _read(kind, held)


def keep(policy: Policy, digest: str) -> None:
    """Keep a policy under the hash of its content, if what would be read again is the same."""
    told = pickle.dumps(policy, pickle.HIGHEST_PROTOCOL)
    if _read(type(policy), told) == policy:
        kept.keep(_named(type(policy), digest), told)


class _Parts(pickle.Unpickler):
    """It makes parts of policies and the values in them, and nothing else whatever is asked for."""

    def find_class(self, module: str, name: str, /) -> Any:
        if module.startswith("services.policy."):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        if module in {"datetime", "decimal"} and name in VALUES:
            return VALUES[name]
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a policy")


def _read(kind: type[P], held: bytes) -> P | None:
    try:
        found = _Parts(io.BytesIO(held)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, ImportError, IndexError, KeyError):
        return None  # it is read from the data, as if nothing had been kept
    return found if type(found) is kind else None


def _named(kind: type[Policy], digest: str) -> str:
    return f"compiled {kind.__name__} {pydantic.VERSION} {kept.program(*ROOMS)} {digest}"
