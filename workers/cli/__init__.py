"""The command line: `sightline`. Bad input is one line on standard error and exit code 2; nothing is half written."""

from workers.collecting import short_lived
from workers.later import later

UNUSED = ("nats.js", "sqlalchemy.dialects.sqlite.aiosqlite")
"""What is imported by what a question needs, and is of no use to most: its sixty dataclasses took a fifteenth of it."""


def main() -> None:
    """Run the program. A mistake, or something that is not there, is one line on standard error and exit code 2."""
    later(*UNUSED)
    with short_lived():
        from workers.cli.app import run  # noqa: PLC0415 - what is loaded is not to be looked through meanwhile

        run()
