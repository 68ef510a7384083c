"""An import of history: while one is open, no notice is worked out from the part that has arrived so far."""

from events.base import Fact, Ref


class ImportOpened(Fact):
    """An import of earlier history began. Running the same file again goes on with the same import."""

    stored_name = "import.opened.v1"
    file_hash: Ref

    def sentence(self) -> str:
        return "An import of earlier history began."


class ImportClosed(Fact):
    """All that could be taken of the import was taken; its obligations may now be worked out."""

    stored_name = "import.closed.v1"
    accepted: int
    repeated: int
    refused: int

    def sentence(self) -> str:
        counts = f"{self.accepted} taken, {self.repeated} already here, {self.refused} refused"
        return f"An import of earlier history was finished: {counts}."
