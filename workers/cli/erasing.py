"""`sightline erase`: destroy children's keys, for good and on the record."""

import sys
from pathlib import Path
from typing import Annotated, get_args

import orjson
import typer

from events.children import Reason
from events.errors import NotFound, Refused
from services.clock import local_date
from services.erasing import Erasing
from services.keyring import JetStreamBucket, Keyring, MasterKey
from workers.cli.options import AsJson, Data, Nats, PolicyFolder, known_authority, reference, settings_of
from workers.cli.tables import Column, print_table, screen
from workers.recording import checked
from workers.system import System

REASONS: tuple[str, ...] = get_args(Reason)
COLUMNS: list[Column] = [("child", lambda each: each["child"]), ("result", lambda each: each["result"])]


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command("erase")(erase)


def erase(
    authority: Annotated[str, typer.Option(help="Whose children they are, such as torbay.")],
    reason: Annotated[str, typer.Option(help=f"Why: one of {', '.join(REASONS)}.")],
    actor: Annotated[str, typer.Option(help="Who erases.")],
    role: Annotated[
        str, typer.Option(help="In which role, one that the policy lets erase (`child.erase`) and that they hold.")
    ],
    children: Annotated[list[str] | None, typer.Argument(help="References of children, one or several.")] = None,
    listed: Annotated[
        Path | None, typer.Option("--from", help="A file of references, between blanks or line ends.")
    ] = None,
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    policies: PolicyFolder = None,
) -> None:
    """Erase children's keys: no text about them and no number of theirs can be read again, by anyone, anywhere.

    Grades, dates and proofs stay, and an event says which key was erased, why and by whom. A key under legal hold is
    not erased. Safe to run twice; a child who has no key is said and the others are erased all the same.

    Exit code 0 if the key of every child is gone, 1 if some stand under a hold or were never there.
    """
    if reason not in REASONS:
        raise Refused("reason", f"{reason!r} is none; write one of {', '.join(REASONS)}")
    for option, value in (("actor", actor), ("role", role)):
        reference(option, value)
    wanted = list(dict.fromkeys([*(children or ()), *_read(listed)]))
    for child in wanted:
        reference("child", child)
    if not wanted:
        raise Refused("child", "name at least one, or a file with --from")
    with System(settings_of(data, nats, policies=policies)) as system:
        known_authority(system, authority)
        results = _erased(system, authority, actor, role, reason, wanted)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(results, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        print_table(screen(), f"{authority}: keys erased", COLUMNS, results)
    if any(each["result"] not in {"erased", "recorded", "done before"} for each in results):
        raise typer.Exit(1)


def _erased(
    system: System, authority: str, actor: str, role: str, reason: str, wanted: list[str]
) -> list[dict[str, str]]:
    results = []
    with checked(system, [authority]) as link:
        bucket, master = JetStreamBucket(link, authority), MasterKey.of(system.settings)
        ring = Keyring(authority, master, bucket, clock=system.clock)
        policy = system.policies[authority].in_force(local_date(system.clock()))
        act = Erasing(authority, actor, role, reason, policy.version, system.clock)  # type: ignore[arg-type]  # looked up above
        act.require_allowed(policy, system.history(authority))
        for child in wanted:
            try:
                result: str = act.erase(child, ring, system.history(authority))
            except (NotFound, Refused) as left:
                result = f"not erased: {left}"
            results.append({"child": child, "result": result})
    return results


def _read(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        return file.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise Refused("from", f"{file} cannot be read: {why}") from error
