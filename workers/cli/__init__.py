"""The command line: `sightline`. Bad input is one line on standard error and exit code 2; nothing is half written."""

from workers.processes.collecting import short_lived


def main() -> None:
    """Run the program. A mistake, or something that is not there, is one line on standard error and exit code 2."""
    with short_lived():
        from workers.cli.app import run  # noqa: PLC0415 - what is loaded is not to be looked through meanwhile

        run()
