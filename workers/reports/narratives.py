"""What people wrote in a report: which version stands in each place, and its text for whoever may open it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from events.dates import local_date
from events.errors import BrokenHistory
from events.reports import IssuedText
from services.reports.state import Report as State
from services.reports.state import Written
from services.texts.asking import Sealed
from workers.reports.page import AsAt, Block, Narrative, Report

FIELD = "report.narrative"
"""For which field these texts are sealed."""


def standing(written: Iterable[Written], as_at: AsAt) -> Written | None:
    """The newest of the versions that had been written, and were known, by then."""
    found = None
    for each in written:
        happened, known = local_date(each.envelope.occurred), local_date(each.envelope.recorded)
        if happened <= (as_at.happened_by or happened) and known <= (as_at.known_by or known):
            found = each
    return found


def with_versions(made: Report, state: State) -> Report:
    """The report with who wrote what stands in each place, when, and in which version. The texts are not in it."""

    def told(place: Narrative) -> Narrative:
        found = standing(state.written.get(place.key, ()), made.as_at)
        if found is None:
            return place
        return place.model_copy(
            update={
                "version": found.fact.version,
                "written_by": found.envelope.actor,
                "written_at": found.envelope.occurred,
            }
        )

    return _each_place(made, told)


@dataclass(frozen=True, slots=True)
class Texts:
    """The sealed texts of a report by their places, as its record has them in the versions that the report names."""

    record: str
    sealed: dict[str, str]

    @classmethod
    def of(cls, made: Report, record: str, state: State) -> "Texts":
        """Those of a report that names its versions."""
        places = {place.key: place.version for place in _places(made) if place.version}
        return cls(record, {key: state.written[key][version - 1].fact.narrative for key, version in places.items()})

    def require(self, issued: Iterable[IssuedText]) -> None:
        """BrokenHistory where a text is not the one that was issued. It need not be opened for that."""
        for each in issued:
            held = self.sealed.get(each.place, "")
            if sha256(held.encode()).hexdigest() != each.digest:
                raise BrokenHistory("an issued report", f"its text {each.place} is not what was issued")

    def asked(self) -> list[Sealed]:
        """What is to be opened."""
        return [Sealed(self.record, FIELD, sealed) for sealed in self.sealed.values()]

    def put_in(self, made: Report, unseal: Callable[[str], str]) -> Report:
        """The report with what the texts say to whoever reads it: of a child who was erased, `[erased]`."""

        def told(place: Narrative) -> Narrative:
            sealed = self.sealed.get(place.key)
            return place if sealed is None else place.model_copy(update={"text": unseal(sealed)})

        return _each_place(made, told)


def _places(made: Report) -> Iterable[Narrative]:
    return (block for section in made.sections for block in section.blocks if isinstance(block, Narrative))


def _each_place(made: Report, change: Callable[[Narrative], Narrative]) -> Report:
    def of(block: Block) -> Block:
        return change(block) if isinstance(block, Narrative) else block

    sections = tuple(
        each.model_copy(update={"blocks": tuple(of(block) for block in each.blocks)}) for each in made.sections
    )
    return made.model_copy(update={"sections": sections})
