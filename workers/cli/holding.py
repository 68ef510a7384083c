"""`sightline hold` and `sightline release`: what the law still needs of a child is not erased, on the record."""

from collections.abc import Mapping
from typing import Annotated, get_args

import typer

from events.children import UNSTATED, HoldReason
from services.children.custodian import Custodian
from services.children.holding import Holding
from services.children.module import HOLD, RELEASE
from services.keyring import Keyring
from services.keyring.custody import Left
from services.store.application import History
from workers.cli.custody import Actor, Children, Listed, Whose, for_each, require_reason, show, wanted
from workers.cli.options import Question
from workers.cli.spread import spread

ENDED: tuple[str, ...] = get_args(HoldReason)
REASONS: tuple[str, ...] = tuple(each for each in ENDED if each != UNSTATED)

BUT: Mapping[Left, str] = {
    "key": "",
    "erasing": ", but an erasure of the key had begun before: look whether the texts can be read",
    "erased": ", but the key is erased: only what is recorded from now on is held",
}


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command("hold")(hold)
    app.command("release")(release)


@spread
def hold(
    authority: Whose,
    reason: Annotated[str, typer.Option(help=f"For what: one of {', '.join(REASONS)}.")],
    actor: Actor,
    role: Annotated[
        str, typer.Option(help="In which role, one that the policy lets hold (`child.hold`) and that they hold.")
    ],
    call: Question,
    children: Children = None,
    listed: Listed = None,
) -> None:
    """Put children's keys under legal hold: until it is released nobody can erase them, whatever asks for it.

    A child may be held for several reasons, and each ends by itself. An event says for what and by whom. Safe to run
    twice; a child who has no key is said, and the others are held all the same.

    Exit code 0 if the key of every child is held, 1 if one was never there, is erased, or was just being erased.
    """
    require_reason(reason, REASONS)
    named = wanted(children, listed)

    def act(by: Custodian, child: str, ring: Keyring, history: History) -> str:
        held = Holding(by, reason).hold(child, ring, history)  # type: ignore[arg-type]  # looked up above
        return held.result + BUT[held.left]

    settings = call.settings
    results = for_each(settings, authority, (actor, role), named, allowed=HOLD, left="not held", act=act)
    show(f"{authority}: legal holds", results, as_json=call.as_json)


@spread
def release(
    authority: Whose,
    reason: Annotated[str, typer.Option(help=f"Which hold is over: one of {', '.join(ENDED)}.")],
    actor: Actor,
    role: Annotated[
        str,
        typer.Option(help="In which role, one that the policy lets release (`child.release_hold`) and that they hold."),
    ],
    call: Question,
    children: Children = None,
    listed: Listed = None,
) -> None:
    """End the legal hold on children's keys for one reason; what is held for another reason as well stays held.

    An event says which hold ended and by whom. Safe to run twice; a child without such a hold is said, and the others
    are released all the same. `unstated` is a hold that was set without a reason.

    Exit code 0 if no child is held for this reason any more, 1 if some never were.
    """
    require_reason(reason, ENDED)
    named = wanted(children, listed)

    def act(by: Custodian, child: str, ring: Keyring, history: History) -> str:
        return Holding(by, reason).release(child, ring, history)  # type: ignore[arg-type]  # looked up above

    settings = call.settings
    results = for_each(settings, authority, (actor, role), named, allowed=RELEASE, left="not released", act=act)
    show(f"{authority}: legal holds released", results, as_json=call.as_json)
