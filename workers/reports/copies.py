"""Who may read which copy of a report: a named one is for the roles that the policy lets, the other for everybody."""

from events.errors import Forbidden
from events.reports import Copy
from services.clock import local_date
from services.core.own_names import OPERATOR
from services.directory.may import Council, may
from services.directory.snapshot import directory_of
from services.reports.module import READ_NAMED
from services.texts.asking import Reader
from workers.reports.page import Report
from workers.reports.suppression import suppressed
from workers.system import System


def for_boards(system: System, made: Report) -> Report:
    """The suppressed copy: it hides numbers up to the one that the policy of the report's last day says."""
    return suppressed(made, system.policies[made.authority].in_force(made.last).copies.suppress_up_to)


def may_read_named(system: System, authority: str, by: Reader, unit: str | None = None) -> bool:
    """Whether the reader holds a role that the policy lets read named copies; of one unit's report, there.

    Who runs an installation of their own and names nobody holds its keys and its history: they may.
    """
    if by.person == OPERATOR:
        return True
    today = local_date(system.clock())
    policy = system.policies[authority].in_force(today)
    council = Council(directory_of(system.history(authority)), policy)
    return any(
        may(by.person, role, None, today, council, unit=unit) for role in by.roles(policy.acts.get(READ_NAMED, ()))
    )


def copy_for(system: System, authority: str, by: Reader, asked: Copy | None, unit: str | None = None) -> Copy:
    """The copy that the reader is given: the one asked for, or the named one for whoever may read it.

    Forbidden where the named one is asked for and is not for them.
    """
    may_be_named = may_read_named(system, authority, by, unit)
    if asked == "named" and not may_be_named:
        raise Forbidden("copy", f"{by.person} may not read a named copy; ask for the suppressed one")
    return asked or ("named" if may_be_named else "suppressed")
