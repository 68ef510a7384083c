"""How routes are described in the OpenAPI document."""

from typing import Any

from workers.api.reading import Shown


def command_operation(name: str) -> dict[str, Any]:
    """The operation of a command."""
    return {"operationId": name}


def view_operation(view: Shown) -> dict[str, Any]:
    """The operation of a view."""
    return {"operationId": f"view-{view.shape.name}"}


def search_operation(view: Shown) -> dict[str, Any]:
    """The operation of a view that is asked in a body."""
    return {"operationId": f"search-{view.shape.name}"}
