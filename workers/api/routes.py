"""A route as this room makes it: how it is served and how it is described are one thing, and are never apart."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

Serve = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path, what answers it, and its operation in the OpenAPI document.

    `name` is what the route is made from: a command, a view. `schemas` are those that the operation refers to, by name.
    """

    name: str
    method: Literal["GET", "POST"]
    path: str
    serve: Serve
    operation: Mapping[str, Any]
