"""What the plugin that runs failed tests again asks the first process about every test: asked once one has failed.

Three questions a test, which the first process reads a byte at a time, took both a millisecond of the processor.
"""

from typing import Any

import pytest


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
