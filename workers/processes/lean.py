"""structlog without what it would draw tracebacks with: whoever imports this first spares five megabytes a process.

It loads rich wherever that is installed, for a console that no process of the workers has: they log a line of JSON each
(see `workers.processes.logs`). A process that wants rich for something else imports it as ever.
"""

import sys

if "structlog" not in sys.modules and "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment] # Python's own way to say that there is none
    try:
        import structlog  # noqa: F401 - it is loaded for all others
    finally:
        del sys.modules["rich"]
