"""What was archived: from which file the older part of the history is read from then on."""

from events.base import Fact, Label


class HistoryArchived(Fact):
    """The events from `first` through `last` are in an archive, which was verified; the live history may do without.

    `file` is the fingerprint of the archive (the SHA-256 of its manifest), `content` that of all its messages: no other
    file is read in its place.
    """

    stored_name = "history.archived.v1"
    first: int
    last: int
    events: int
    file: Label
    content: Label

    def sentence(self) -> str:
        return (
            f"Events {self.first} to {self.last} were archived, and the archive was verified (SHA-256 {self.file});"
            " from now on they are read from it."
        )
