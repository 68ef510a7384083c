"""One import as it is told of in an authority's stream, and what is kept of its files while it runs."""

from collections import Counter
from dataclasses import dataclass, field

from events.errors import Forbidden
from events.imports import ImportClosed, ImportOpened
from events.recorded import Recorded
from services.clock import local_date
from services.core.desk import Desk
from services.core.own_events import own_envelope
from services.core.own_names import IMPORTER, SYSTEM_ROLE
from services.core.repeats import Repeats
from services.directory.may import Council
from services.imports import import_aggregate, is_open


@dataclass(frozen=True, slots=True)
class Importing:
    """Whose act an import is; without a role, one of a post that they hold today. Those who acted stay as reported."""

    person: str = IMPORTER
    role: str | None = SYSTEM_ROLE

    def at(self, desk: Desk) -> tuple[str, str]:
        """The person and the role, as the directory bears them out today, with what the import itself appoints.

        Forbidden, naming the field, if it does not. A directory in which nobody may appoint yet bears out nobody, and
        refuses nobody: an import begins it.
        """
        if self.role == SYSTEM_ROLE:
            return self.person, SYSTEM_ROLE
        today = local_date(desk.clock())
        council = Council(desk.histories.directory(), desk.policies.in_force(today))
        held = [post.role for post in council.posts(self.person, today)]
        if self.role in held or (held and self.role is None):
            return self.person, self.role or held[0]
        if not council.can_appoint(today):
            return self.person, self.role or SYSTEM_ROLE
        if self.role is None:
            raise Forbidden("by", f"{self.person} held no post of {desk.authority} on {today}")
        raise Forbidden("role", f"{self.person} did not hold the role {self.role} in {desk.authority} on {today}")


@dataclass(slots=True)
class Session:
    """One import at one desk: opened with the first historical event, closed at the end.

    `counts` are of this authority's lines alone: what became of another's is not told in its stream. A line whose
    authority nobody can tell, or has no desk, is counted in the summary only. `repeats` follows the present file; a
    file that was imported before lines had places keeps to that, so that it changes nothing. `by` is whose act it is.
    """

    desk: Desk
    import_id: str
    by: Importing = Importing()
    repeats: Repeats | None = None
    history: list[Recorded] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def aggregate(self) -> str:
        """The record that tells of the import."""
        return import_aggregate(self.import_id)

    def begin(self, former: str = "") -> None:
        """Load what is told of the import; under its `former` name, if it was kept under that."""
        if former and self._imported(former):
            self.import_id = former
        self.reload()

    def reload(self) -> None:
        """Load what is told of the import now."""
        self.history = list(self.desk.store.load(self.aggregate))

    def turn_to(self, former: str) -> None:
        """A file begins: its lines have places of their own, unless it was imported under its `former` name."""
        self.repeats = None if former and self._imported(former) else Repeats()

    def hand_over(self) -> None:
        """What was decided is being written."""
        if self.repeats is not None:
            self.repeats.hand_over()

    def keep(self) -> None:
        """What was handed over is written."""
        if self.repeats is not None:
            self.repeats.keep()

    def back(self) -> None:
        """What was handed over was not written: it will be decided again, and all that was decided since."""
        if self.repeats is not None:
            self.repeats.back()

    def opening(self) -> list[Recorded]:
        """The event that opens the import, unless it is open. Forbidden for whom the directory does not bear out."""
        return [] if is_open(self.history) else [self._event(ImportOpened(file_hash=self.import_id))]

    def close(self) -> None:
        """Close the import if it is open: all that could be taken was taken."""
        if is_open(self.history):
            counts = {each: self.counts[each] for each in ("accepted", "repeated", "refused")}
            self.desk.store.append(self._event(ImportClosed(**counts)))

    def _imported(self, former: str) -> bool:
        return bool(self.desk.store.load(import_aggregate(former)))

    def _event(self, fact: ImportOpened | ImportClosed) -> Recorded:
        version = (self.history[-1].originator_version if self.history else 0) + 1
        told = own_envelope(
            f"import-{self.import_id}-{version}",
            about=self.import_id,
            authority=self.desk.authority,
            policy=self.desk.policies.in_force(local_date(self.desk.clock())),
            now=self.desk.clock(),
            by=self.by.at(self.desk),
        )
        return Recorded(self.aggregate, version, fact, told.numbered(0))
