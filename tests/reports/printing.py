"""PDF is printed with libraries of the system: without them it is refused, and there is none to read."""

from functools import cache
from importlib import import_module

import pytest


@cache
def missing() -> str:
    """Why there is no PDF. It takes a second, so it is asked when a test that prints begins, and not of each file."""
    try:
        import_module("weasyprint")
    except (ImportError, OSError) as error:
        return f"no PDF without the system's libraries: {error}"
    return ""


printed = pytest.mark.skipif(f"__import__('{__name__}', fromlist=['missing']).missing()", reason="no PDF here")
