"""What the plugin that runs failed tests again asks the first process about every test: asked once one has failed.

Three questions a test, which the first process reads a byte at a time, took both a millisecond of the processor.
"""

import socket
from typing import Any

import pytest


def ask_once_failed(session: pytest.Session) -> None:
    """Have this process ask the first one once it has a test that failed; nothing where it is the first.

    The plugin says two things one after the other, and the machine would hold back the second until the first is
    acknowledged, for forty milliseconds in which its process does nothing.
    """
    counts = getattr(session.config, "failures_db", None)
    asked = getattr(counts, "sock", None)
    if hasattr(session.config, "workerinput") and isinstance(asked, socket.socket):
        asked.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session.config.pluginmanager.register(AskedOnceFailed(counts))


class AskedOnceFailed:
    """Answers for the first process as long as nothing has failed in this one.

    How many tests were run again matters to one that has failed. How often a test took its process with it is asked
    all the same: with the rest of its file it is given out once more, and would take one process after the other.
    """

    def __init__(self, counts: Any) -> None:
        self._ask = counts.get_suite_reruns
        self._failed = False
        counts.get_suite_reruns = lambda: self._ask() if self._failed else 0
        counts.set_test_reruns = lambda *_: None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        """Look whether this failed; a test that is left out has not."""
        self._failed |= call.excinfo is not None and not isinstance(call.excinfo.value, pytest.skip.Exception)
