"""Former stored names, each with the step to a newer one: what was written once is read for ever."""

from collections.abc import Callable, Mapping
from typing import Any

Body = dict[str, Any]
Upcast = Callable[[Body], tuple[str, Body]]


def _moderated_v1(body: Body) -> tuple[str, Body]:
    """Version 1 named only the overall grade: no section had been changed that we know of."""
    return "audit.moderated.v2", {**body, "sections": {}}


UPCASTS: Mapping[str, Upcast] = {"audit.moderated.v1": _moderated_v1}
"""Steps may chain."""
