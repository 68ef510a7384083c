"""Errors that are ours and the library's at once: callers of either contract catch what they know."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from eventsourcing.persistence import DataError, IntegrityError, OperationalError

from events.errors import SightlineError
from services.store import errors

P = ParamSpec("P")
T = TypeVar("T")


class StoreUnavailable(errors.StoreUnavailable, OperationalError):
    """The store is out of reach, as the library calls it."""


class VersionConflict(errors.VersionConflict, IntegrityError):
    """The version exists already, as the library calls it."""


class IdTaken(errors.IdTaken, IntegrityError):
    """The id exists already, as the library calls it."""


class WriteRefused(errors.WriteRefused, DataError):
    """The append has no valid form, as the library calls it."""


_ALSO: dict[type, type[SightlineError]] = {
    errors.StoreUnavailable: StoreUnavailable,
    errors.VersionConflict: VersionConflict,
    errors.IdTaken: IdTaken,
    errors.WriteRefused: WriteRefused,
}


def of_the_library(asked: Callable[P, T]) -> Callable[P, T]:
    """What the library's contract asks for. It fails with the same error as ever, which is then the library's too."""

    @wraps(asked)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return asked(*args, **kwargs)
        except SightlineError as error:
            if type(error) in _ALSO:
                error.__class__ = _ALSO[type(error)]  # all that was said, and where, stays with it
            raise

    return call
