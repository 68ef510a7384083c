"""Options that several commands share: typed as if each command stated them, stated once."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from workers.cli.spread import spread


@dataclass(frozen=True, kw_only=True)
class Place:
    """Options that commands share."""

    data: Annotated[str | None, typer.Option(help="Where.")] = None
    loud: Annotated[bool, typer.Option("--loud")] = False
    by: str = "nobody"


def program() -> typer.Typer:
    app = typer.Typer()

    @app.command("shared")
    @spread
    def shared(name: str, place: Place, times: int = 1) -> None:
        """Say it."""
        typer.echo(f"{name} {times} {place}")

    @app.command("own")
    @spread
    def own(place: Place, by: Annotated[str, typer.Option(help="It is needed here.")]) -> None:
        """Say it as somebody."""
        typer.echo(f"{by} {place}")

    return app


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("shared x", f"x 1 {Place()}"),
        ("shared x --times 2 --data here --loud", f"x 2 {Place(data='here', loud=True)}"),
        ("own --by me --data here", f"me {Place(data='here', by='me')}"),
    ],
)
def test_shared_options_reach_the_command(words: str, said: str) -> None:
    """What is typed is in the dataclass; what a command states itself is in both."""
    found = CliRunner().invoke(program(), words.split())
    assert (found.exit_code, found.output.strip()) == (0, said)


def test_a_commands_own_statement_counts() -> None:
    """An option that a command needs is needed, though the shared one has a default; nothing stands twice."""
    assert CliRunner().invoke(program(), ["own"]).exit_code == 2
    told = CliRunner().invoke(program(), ["own", "--help"]).output
    assert (told.count("--by"), told.count("--data")) == (1, 1)
    assert "Say it as somebody." in told
