"""What a record owes, worked out on asking: now, or as a system stood at a moment (see `workers.asking.past`)."""

from services.core.record import Record
from services.directory.snapshot import directory_of
from services.obligation_status import Owed, owed_by
from services.programme.reports import with_its_end
from workers.system import System


def owed_of(system: System, authority: str, about: str) -> tuple[tuple[Owed, ...], int]:
    """Everything that the record has ever owed by its history in that system, and at which version it is.

    Nothing, and version 0, where there is no such record.
    """
    kind = system.catalogue.kind_of(about)  # of all the parts of the domain its own is loaded, with what it records
    history, policies, now = system.history(authority), system.policies[authority], system.clock()
    facts = history.load(about)
    if not facts:
        return (), 0
    record = Record.of(about, kind, with_its_end(facts, policies, now))
    return tuple(owed_by(record, policies, directory_of(history), now)), facts[-1].originator_version
