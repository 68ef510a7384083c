"""The command line: `sightline`. Bad input is one line on standard error and exit code 2; nothing is half written."""

from workers.cli.app import main

__all__ = ["main"]
