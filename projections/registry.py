"""Every view by the name that it is kept, rebuilt and asked for under.

Whatever module of this room declares one, as its `VIEW`, is found: no list of them is kept by hand.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import projections
from projections.view import Declared, View


def declared(modules: Iterable[ModuleType]) -> dict[str, Declared]:
    """The views that these modules declare, by their names in order. ValueError where two have one name."""
    found: dict[str, Declared] = {}
    for module in modules:
        view = getattr(module, "VIEW", None)
        if isinstance(view, Declared):
            if view.shape.name in found:
                raise ValueError(f"{module.__name__}: another module declares a view {view.shape.name}")
            found[view.shape.name] = view
    return dict(sorted(found.items()))


DECLARED: Mapping[str, Declared] = declared(
    import_module(each.name) for each in iter_modules(projections.__path__, "projections.") if not each.ispkg
)
"""The views of this room. What is published has a room of its own in it, and is no view."""

VIEWS: Mapping[str, Callable[[], View]] = {name: each.make for name, each in DECLARED.items() if not each.by_rules}
"""Those of them that are folds."""
