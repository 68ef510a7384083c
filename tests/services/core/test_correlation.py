"""What the envelopes about one record have in common is stored: it stays for each kind what it was at first."""

import pytest

from services.core.record import Kind
from services.modules import CATALOGUE


@pytest.mark.parametrize("kind", CATALOGUE.kinds.values(), ids=lambda kind: kind.name)
def test_it_stays_what_was_stored(kind: Kind) -> None:
    """An audit goes by its reference, another record by its kind as well, and by that alone if it is called people."""
    expected = ("A-1", "people") if kind.name == "audit" else (f"{kind.name}-A-1", kind.name)
    assert tuple(kind.correlation(f"{kind.name}/{reference}") for reference in ("A-1", "people")) == expected
