"""Every error as a problem (RFC 9457): which status and which kind an error of ours has is said here alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from events.errors import (
    BrokenHistory,
    Conflict,
    Drifted,
    Forbidden,
    HistoryLost,
    NotFound,
    Refused,
    SeparationOfDuties,
    SightlineError,
    TextsErased,
    Unavailable,
)
from projections.generations import Outdated

MEDIA_TYPE = "application/problem+json"
URN = "urn:sightline:problem:"
RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `title` is the same each time that it happens; what happened stands in the answer."""

    name: str
    status: int
    title: str
    retry: bool = False

    @property
    def urn(self) -> str:
        """The `type` of RFC 9457."""
        return URN + self.name


REFUSED = Kind("refused", 422, "A rule of the framework, or of the form of the request, is not kept")
DUTIES = Kind("separation-of-duties", 403, "The actor may not do this to this record; the attempt is recorded")
FORBIDDEN = Kind("not-allowed", 403, "The caller may not do this")
UNAUTHENTICATED = Kind("unauthenticated", 401, "A valid bearer token is needed")
NOT_FOUND = Kind("not-found", 404, "What was asked for does not exist")
NO_METHOD = Kind("method-not-allowed", 405, "This address does not take this method")
CONFLICT = Kind("conflict", 409, "Somebody else changed the same thing first")
TEXTS_ERASED = Kind("texts-erased", 409, "The act stands, its texts cannot be read: record them once more")
MOVED_ON = Kind("moved-on", 412, "The record is not at the version that If-Match names")
MALFORMED = Kind("malformed", 400, "The request cannot be read")
TOO_SLOW = Kind("too-slow", 408, "The body did not arrive in time")
TOO_LARGE = Kind("too-large", 413, "The body is larger than the server takes")
NO_JSON = Kind("unsupported-media-type", 415, "The body must be application/json")
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "None of the forms that are asked for is given here")
TOO_MANY = Kind("too-many-requests", 429, "The caller asks more often than is allowed", retry=True)
BUSY = Kind("busy", 503, "The server has as many requests in hand as it takes", retry=True)
BEHIND = Kind("behind", 503, "The view has not come to the position that wait-for names", retry=True)
UNAVAILABLE = Kind("unavailable", 503, "The store or the database cannot be reached", retry=True)
STANDSTILL = Kind("standstill", 503, "History or a view is not as it must be: an operator has to look")
DEFECT = Kind("defect", 500, "The server failed; the request id finds it in the log")

KINDS: tuple[Kind, ...] = tuple(each for each in list(vars().values()) if isinstance(each, Kind))
"""Every kind that there is."""

OF_ERROR: Mapping[type[SightlineError], Kind] = {
    SeparationOfDuties: DUTIES,
    Forbidden: FORBIDDEN,
    Refused: REFUSED,
    NotFound: NOT_FOUND,
    TextsErased: TEXTS_ERASED,
    Conflict: CONFLICT,
    Unavailable: UNAVAILABLE,
    Outdated: STANDSTILL,
    BrokenHistory: STANDSTILL,
    HistoryLost: STANDSTILL,
    Drifted: STANDSTILL,
}
"""The kind for each error that a caller can act on; the nearest base counts."""


class Stopped(SightlineError):
    """The door itself refuses: the kind says how. `field` and `rule` as in Refused, where there is a field."""

    def __init__(self, kind: Kind, rule: str, *, field: str = "", headers: Mapping[str, str] | None = None) -> None:
        self.kind = kind
        self.field = field
        self.rule = rule
        self.headers = dict(headers or {})
        super().__init__(f"{field}: {rule}" if field else rule)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as it is answered."""

    kind: Kind
    detail: str
    field: str = ""
    rule: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, error: SightlineError) -> "Problem":
        """The problem that an error of ours is. What no caller can act on is a defect, and nothing of it is told."""
        if isinstance(error, Stopped):
            return cls(error.kind, str(error), error.field, error.rule, tuple(error.headers.items()))
        kind = next((OF_ERROR[base] for base in type(error).__mro__ if base in OF_ERROR), DEFECT)
        if kind is DEFECT:
            return cls(DEFECT, DEFECT.title)
        if isinstance(error, Refused):
            return cls(kind, str(error), error.field, error.rule)
        return cls(kind, str(error))

    def told(self, request_id: str) -> bytes:
        """The problem as JSON, which names the request."""
        told = {
            "type": self.kind.urn,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": f"urn:sightline:request:{request_id}",
        }
        return orjson.dumps(told | {name: held for name, held in self._place() if held})

    @property
    def answer_headers(self) -> dict[str, str]:
        """What the answer says beside the problem: above all when to ask again."""
        return ({"Retry-After": str(RETRY_SECONDS)} if self.kind.retry else {}) | dict(self.headers)

    def _place(self) -> tuple[tuple[str, str], ...]:
        return (("field", self.field), ("rule", self.rule))
