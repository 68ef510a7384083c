"""What the tests of archives ask of the program."""

from tests.cli.council import Council
from tests.cli.program import Said

WHO = ("--actor", "P-QA", "--role", "qa_team")
ALL = {"SIGHTLINE_ARCHIVE_OVERLAP": "0"}
"""Nothing of what is archived stays live."""


def now(council: Council) -> str:
    """The instant by the council's own clock."""
    return council.system.clock().isoformat()


def archive(council: Council, verb: str, *arguments: str, **variables: str) -> Said:
    return council.program.run("archive", verb, council.authority, *arguments, **variables)
