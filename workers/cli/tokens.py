"""`sightline token`: by which somebody is known to the doors of the embedded default."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from events.errors import Refused
from services.access.local import LONGEST, LocalIssuer
from services.clock import shifted_clock
from services.core.own_names import OWN_NAMES
from services.nats_server import running_server
from services.policy_folder import folder_of, proposals_of
from services.settings import Settings
from workers.cli.folders import named_authority
from workers.cli.options import Place, known_authority, reference
from workers.cli.spread import spread

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_SPAN = re.compile(r"([1-9][0-9]{0,5})([mhd])")


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command("token")(token)


@spread
def token(
    person: Annotated[str, typer.Argument(help="Who is known by it: a person of the directory.")],
    authority: Annotated[list[str], typer.Option(help="Where; more than once for several.")],
    call: Place,
    lasting: Annotated[str, typer.Option("--for", help="How long it is good: 30m, 8h, 7d.")] = "8h",
) -> None:
    """Print a token by which the HTTP API and others know this person, signed with a key in the data folder.

    It says who, and nothing of roles: those are the directory's. It is for the embedded default, where who may read the
    data folder may be anybody; where settings name an issuer, or a server or database elsewhere, it is refused.
    """
    settings = call.settings
    files = proposals_of(settings.policies)
    for each in authority:
        if each not in files and files.error_of(each) is None:
            _require_unfiled(settings, each)
    if reference("person", person) is None or person.casefold() in OWN_NAMES:
        raise Refused("person", f"{person} is a name of the system's own; nobody acts under it")
    span, now = _span(lasting), shifted_clock(settings.clock_offset)()
    typer.echo(LocalIssuer.of(settings).token(person, frozenset(authority), now, span))


def _require_unfiled(settings: Settings, authority: str) -> None:
    """Refused for an authority that does not go on by what it adopted either; only a running server knows that."""
    if running_server(settings.data) is None:
        named_authority(folder_of(settings.policies), authority)
        return
    from workers.system import System  # noqa: PLC0415 - hardly any token is of such a council

    with System(settings) as system:
        known_authority(system, authority)


def _span(text: str) -> timedelta:
    form = _SPAN.fullmatch(text)
    if form is None or (span := int(form[1]) * UNITS[form[2]]) > LONGEST:
        raise Refused("for", f"{text!r} is not a span up to {LONGEST.days} days; write 30m, 8h or 7d")
    return span
