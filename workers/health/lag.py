"""Whether a view says what the stream says: an old answer must not pass for a new one, nor a lost one for the truth."""

from projections.generations import positions, reading
from workers.kept.halts import halts
from workers.system import System


def lag(system: System, authority: str, view: str) -> str | None:
    """One sentence where the view lacks events, stands still, or holds what is no longer in the stream; else None.

    Raises Unavailable when stream or database cannot be reached, and Outdated where the view cannot be asked at all:
    that says why it stands still.
    """
    end = system.position(authority)
    reached = positions(system.engine, view).get(authority, 0)
    if reached > end:
        return (
            f"{view} of {authority} is ahead of its stream: it was kept up to event {reached}, and the stream ends at "
            f"{end}; see the runbook, after a restore"
        )
    halt = halts(system.engine).get((view, authority))
    if halt is not None:
        _require_readable(system, view)
        where = f"before event {halt.position} of {end}" if halt.position <= end else "and takes no further event"
        return f"{view} of {authority} stands still {where}: {halt.reason}; `sightline health` says what to do"
    if reached < end:
        return (
            f"{view} of {authority} lacks the newest {end - reached} of {end} events; "
            "`sightline health` says how its worker is"
        )
    return None


def _require_readable(system: System, view: str) -> None:
    from workers.views.made import views_of  # noqa: PLC0415 - it knows all views, and hardly any stands still

    with reading(views_of(system)[view].shape, system.engine):
        return
