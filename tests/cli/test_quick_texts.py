"""A page of texts imports what opens them for who asks, and no more."""

import os
from pathlib import Path

from tests.cli.alone import Call, in_turn
from tests.cli.council import Council
from tests.cli.program import WIDE


def test_a_page_of_texts_looks_for_no_operator(council: Council, tmp_path: Path) -> None:
    """Who runs the embedded default needs no post: texts are opened without the directory or any kind of record."""
    variables = {**os.environ, "COLUMNS": WIDE, **council.program.variables, "XDG_CACHE_HOME": str(tmp_path)}
    call = Call(("show", "actions", "torbay"))
    _, said = in_turn(tmp_path, [call, call], variables)  # what the first works out is kept for the second
    assert ("seen weekly" in said.out, "Traceback" in said.err) == (True, False), said
    assert said.loaded >= {"services.texts.opening", "services.keyring.keyring"}, "texts were opened"
    assert not said.loaded & {"services.core.catalogue", "services.obligations.engine", "services.directory.may"}
    assert not [each for each in said.loaded if each.startswith("services.core.command")]
