"""`sightline erase`: destroy children's keys, for good and on the record."""

from typing import Annotated, get_args

import typer

from events.children import Reason
from services.children.custodian import Custodian
from services.children.erasing import Erasing
from services.children.module import ERASE
from services.keyring import Keyring
from services.store.application import History
from workers.cli.custody import Actor, Children, Listed, Whose, for_each, require_reason, show, wanted
from workers.cli.options import Question
from workers.cli.spread import spread

REASONS: tuple[str, ...] = get_args(Reason)


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command("erase")(erase)


@spread
def erase(
    authority: Whose,
    reason: Annotated[str, typer.Option(help=f"Why: one of {', '.join(REASONS)}.")],
    actor: Actor,
    role: Annotated[
        str, typer.Option(help="In which role, one that the policy lets erase (`child.erase`) and that they hold.")
    ],
    call: Question,
    children: Children = None,
    listed: Listed = None,
) -> None:
    """Erase children's keys: no text about them and no number of theirs can be read again, by anyone, anywhere.

    Grades, dates and proofs stay, and an event says which key was erased, why and by whom. A key under legal hold is
    not erased. Safe to run twice; a child who has no key is said and the others are erased all the same.

    Exit code 0 if the key of every child is gone, 1 if some stand under a hold or were never there.
    """
    require_reason(reason, REASONS)
    named = wanted(children, listed)

    def act(by: Custodian, child: str, ring: Keyring, history: History) -> str:
        return Erasing(by, reason).erase(child, ring, history)  # type: ignore[arg-type]  # looked up above

    settings = call.settings
    results = for_each(settings, authority, (actor, role), named, allowed=ERASE, left="not erased", act=act)
    show(f"{authority}: keys erased", results, as_json=call.as_json)
