"""The views as a process keeps them: folded ones as they are, and the one that asks the stream with its histories."""

from dataclasses import replace
from functools import partial

from events.errors import BrokenHistory, ContractError, SightlineError, Unavailable
from projections.owed import OPEN, RECORDS, SHAPE, owed_view
from projections.registry import VIEWS
from projections.view import View, WorkedOut
from services.open_obligations import open_obligations
from workers.system import System

VIEW_NAMES = (*VIEWS, SHAPE.name)
"""Every view by the name that it is kept, rebuilt and asked for under."""


def made(system: System, name: str) -> View:
    """The view of that name. KeyError for one that there is not."""
    view = owed_view(partial(work_out, system)) if name == SHAPE.name else {**VIEWS, **system.own_views}[name]()
    return replace(view, incomplete=partial(incomplete, system))


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
    if not about.startswith(system.catalogue.worked_out):
        return None
    version = 0
    try:
        history = system.history(authority).load(about)
        version = history[-1].originator_version if history else 0
        rows = open_obligations(system.catalogue.record(about, history), system.policies[authority])
    except Unavailable:
        raise
    except (SightlineError, LookupError, ValueError) as error:
        fault = str(error) if isinstance(error, SightlineError) else repr(error)
        return WorkedOut(version, {RECORDS: [{"version": version, "fault": fault}]})
    return WorkedOut(version, {RECORDS: [{"version": version}], OPEN: rows})
