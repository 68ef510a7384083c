"""A kind of record is had without the whole catalogue."""

import pytest

from events.errors import NotFound
from services import modules
from services.modules import CATALOGUE


def test_a_kind_is_the_same_where_its_part_alone_is_loaded() -> None:
    """Asked before the catalogue is made, each kind is the one that it has, and what is none is refused alike."""
    unmade = modules._Shipped()
    for name, kind in CATALOGUE.kinds.items():
        assert unmade.kind_of(f"{name}/X-1") is kind
    for asked in (unmade, CATALOGUE):
        with pytest.raises(NotFound, match="kind of record, unknown"):
            asked.kind_of("unknown/X-1")
    assert type(unmade) is modules._Shipped, "the catalogue was not made for it"
