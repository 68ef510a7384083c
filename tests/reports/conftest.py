"""The books of a council's half year, and its pack, made once."""

import pytest

from tests.reports.packs import WINDOW, lived
from tests.reports.shelf import books_of
from workers.pack.material import Material
from workers.pack.writing import Written, write_pack
from workers.story.books import Books


@pytest.fixture(scope="session")
def council_books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """The books of that half year, with every text opened."""
    return books_of(lived(), tmp_path_factory.mktemp("books"))


@pytest.fixture(scope="session")
def written(council_books: Books, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Its named pack."""
    return write_pack(Material(WINDOW, council_books), tmp_path_factory.mktemp("pack"))
