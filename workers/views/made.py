"""The views as a process keeps them: folded ones as they are, and the one that asks the stream with its histories."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from events.errors import BrokenHistory, ContractError, NotFound, SightlineError, Unavailable
from events.recorded import Recorded
from projections.owed import OPEN, RECORDS
from projections.registry import DECLARED
from projections.view import Declared, View, WorkedOut
from services.open_obligations import is_told_alone, open_by_history
from workers.system import System
from workers.views.in_hand import InHand

AT_ONCE = 100
"""Records whose histories are held in memory at the same time, to work out what they owe."""


def views_of(system: System) -> dict[str, Declared]:
    """The views that this system keeps, by their names: the project's and its own."""
    return {**DECLARED, **system.own_views}


def made(system: System, name: str) -> View:
    """The view of that name. NotFound for one that there is not."""
    declared = views_of(system).get(name)
    if declared is None:
        raise NotFound("view", name)
    view = declared.make(partial(work_out, system)) if declared.by_rules else declared.make()
    many = partial(work_out_many, system, InHand()) if declared.by_rules else None
    view = replace(view, incomplete=partial(incomplete, system), work_out_many=many)
    return replace(view, is_told_alone=is_told_alone) if declared.by_rules else view


def incomplete(system: System, authority: str, about: str) -> bool:
    """Whether a record lacks an event that was accepted as lost. Asked only where its fold fails."""
    try:
        versions = [each.originator_version for each in system.history(authority).each(about)]
    except (BrokenHistory, ContractError):  # what is lost was not accepted: the view stands still
        return False
    return versions != list(range(1, len(versions) + 1))


def work_out(system: System, authority: str, about: str) -> WorkedOut | None:
    """What a record owes by its newest history. One that cannot be worked out holds up no other: it is named instead.

    Unavailable where the store cannot be asked now.
    """
    return worked_out(system, authority, about, partial(system.history(authority).load, about))


def work_out_many(system: System, in_hand: InHand, authority: str, batch: Sequence[Recorded]) -> dict[str, WorkedOut]:
    """What the records that these events touch owe; one that cannot be read is left out.

    Those that an import is bringing in are worked out from the events in hand, as they stand after the batch; for the
    histories of the others, as they stand now, the stream is asked together.
    """
    held = in_hand.take(authority, batch)
    wanted = {each.originator_id: None for each in batch if each.originator_id.startswith(system.catalogue.worked_out)}
    found = {about: worked_out_from(system, authority, about, held[about]) for about in wanted if about in held}
    asked = iter([about for about in wanted if about not in held])
    while part := list(islice(asked, AT_ONCE)):
        for about, history in system.history(authority).load_all(part).items():
            found[about] = worked_out_from(system, authority, about, history)
    return {about: worked for about, worked in found.items() if worked is not None}


def worked_out_from(system: System, authority: str, about: str, history: Sequence[Recorded]) -> WorkedOut | None:
    """The same of this history of it."""
    return worked_out(system, authority, about, lambda: history)


def worked_out(system: System, authority: str, about: str, load: Callable[[], Sequence[Recorded]]) -> WorkedOut | None:
    """The same of the history that `load` gives."""
    if not about.startswith(system.catalogue.worked_out):
        return None
    version = 0
    try:
        history = load()
        version = history[-1].originator_version if history else 0
        rows = open_by_history(system.catalogue.kind_of(about), history, system.policies[authority])
    except Unavailable:
        raise
    except (SightlineError, LookupError, ValueError) as error:
        fault = str(error) if isinstance(error, SightlineError) else repr(error)
        return WorkedOut(version, {RECORDS: [{"version": version, "fault": fault}]})
    return WorkedOut(version, {RECORDS: [{"version": version}], OPEN: rows})
