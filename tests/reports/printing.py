"""PDF is printed with libraries of the system: without them it is refused, and there is none to read."""

from importlib import import_module

import pytest


def _missing() -> str:
    try:
        import_module("weasyprint")
    except (ImportError, OSError) as error:
        return f"no PDF without the system's libraries: {error}"
    return ""


MISSING = _missing()
printed = pytest.mark.skipif(bool(MISSING), reason=MISSING or "all is there")
