"""The directory as a desk keeps it between two commands: each command asks it, and only what is new in it is read."""

from dataclasses import dataclass

from services.core.catalogue import Catalogue
from services.core.record import Record
from services.core.writing import Store
from services.directory.state import DIRECTORY


@dataclass(slots=True)
class KeptDirectory:
    """The directory's record as it was last read. Acts on the directory itself are decided on another one.

    So what was decided and not written never stands in it. What was read of another store is forgotten.
    """

    record: Record | None = None
    source: Store | None = None

    def brought_up_to_date(self, store: Store, catalogue: Catalogue) -> Record:
        """The record up to now, strongly consistent; its cost is what was recorded since it was last asked for."""
        if self.record is None or self.source is not store:
            self.record, self.source = catalogue.opened(DIRECTORY, store), store
        else:
            for recorded in store.load(DIRECTORY, after=self.record.version):
                self.record.take(recorded)
                self.record.is_new = False
        return self.record
