"""What the commands about keys share: whom they are about, who acts, and a line for each key."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer

from events.errors import NotFound, Refused
from services.children.custodian import Custodian
from services.clock import local_date
from services.core.catalogue import Catalogue
from services.directory.addresses import PERSON
from services.keyring import JetStreamBucket, Keyring, MasterKey
from services.settings import Settings
from services.store.application import History
from workers.cli.options import known_authority, reference
from workers.cli.tables import Column, print_table, screen
from workers.recording.desks import checked
from workers.system import System

COLUMNS: list[Column] = [("key of", lambda each: each["whose"]), ("result", lambda each: each["result"])]

Whose = Annotated[str, typer.Argument(metavar="AUTHORITY", help="Whose children they are, such as torbay.")]
Actor = Annotated[str, typer.Option(help="Who acts.")]
Children = Annotated[
    list[str] | None,
    typer.Argument(
        help="References of children, one or several; a key of a person's address is called like `person_P-7`, that of "
        "a record about no child like `webhook_W-1`."
    ),
]
Listed = Annotated[Path | None, typer.Option("--from", help="A file of references, between blanks or line ends.")]

Act = Callable[[Custodian, str, Keyring, History], str]
"""Does it with one child, and says how it ended."""

DONE = frozenset({"erased", "held", "released", "recorded", "done before"})


def require_reason(reason: str, known: Sequence[str]) -> None:
    """Refused for a reason that stands on no list: a text could name the child."""
    if reason not in known:
        raise Refused("reason", f"{reason!r} is none; write one of {', '.join(known)}")


def wanted(children: Sequence[str] | None, listed: Path | None) -> list[str]:
    """Each child once, in the order in which they were named. Refused for nobody, or for what is no reference."""
    named = list(dict.fromkeys([*(children or ()), *_read(listed)]))
    for child in named:
        reference("child", child)
    if not named:
        raise Refused("child", "name at least one, or a file with --from")
    return named


def whose(key: str, catalogue: Catalogue) -> str:
    """Whose key has this name, in words: mostly a child's, else a person's or that of a record about no child."""
    kind, sign, reference = key.partition("_")
    if sign and kind == PERSON:
        return f"person {reference}"
    if sign and kind in catalogue.kinds and catalogue.kinds[kind].own_key:
        return f"{catalogue.word(kind)} {reference}"
    return f"child {key}"


def for_each(
    settings: Settings,
    authority: str,
    who: tuple[str, str],
    children: Sequence[str],
    *,
    allowed: str,
    left: str,
    act: Act,
) -> list[dict[str, str]]:
    """Do it for every child, if the person may; for whom it cannot be done, the reason stands after what is `left`.

    `who` are the person and the role, `allowed` the act of the policy.
    """
    for option, value in zip(("actor", "role"), who, strict=True):
        reference(option, value)
    results = []
    with System(settings) as system:
        known_authority(system, authority)
        with checked(system, [authority]) as link:
            ring = Keyring(
                authority, MasterKey.of(system.settings), JetStreamBucket(link, authority), clock=system.clock
            )
            policy = system.policies[authority].in_force(local_date(system.clock()))
            by = Custodian(authority, *who, policy, system.clock)
            by.require_allowed(allowed, system.history(authority))
            for child in children:
                try:
                    result = act(by, child, ring, system.history(authority))
                except (NotFound, Refused) as error:
                    result = f"{left}: {error}"
                results.append({"child": child, "whose": whose(child, system.catalogue), "result": result})
    return results


def show(title: str, results: Sequence[dict[str, str]], *, as_json: bool) -> None:
    """Print the line of each child. Exit code 1 if it could not be done for each."""
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(results, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        print_table(screen(), title, COLUMNS, results)
    if any(each["result"] not in DONE for each in results):
        raise typer.Exit(1)


def _read(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        return file.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise Refused("from", f"{file} cannot be read: {why}") from error
