"""Under what an audit is set out: its team, its service, its type and so on, and the rows that there are of each."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from events.stages import STAGES
from projections.counted_records import CountedAudit
from services.policy.blocks.block import By
from workers.reports.counting import UNKNOWN
from workers.reports.material import Material, Question, titles

OWN: Mapping[str, Callable[[CountedAudit], str | None]] = {
    "team": lambda audit: audit.fact.team,
    "type": lambda audit: audit.fact.audit_type,
    "strand": lambda audit: audit.fact.strand,
    "age band": lambda audit: audit.fact.age_band,
    "auditor": lambda audit: audit.auditor,
    "moderator": lambda audit: audit.moderator,
    "grade": lambda audit: audit.grade,
    "stage": lambda audit: audit.stage,
    "round": lambda audit: audit.fact.round,
}
"""What an audit says of itself."""


def head(by: str | None, material: Material) -> str:
    """What stands over the rows of a table: of teams and services, the framework's own word; nothing over all."""
    return "" if by is None else called(by, material).capitalize()


def called(unit: str, material: Material) -> str:
    """A team or a service by the word of the framework."""
    words: Mapping[str, str] = material.policy.called  # type: ignore[assignment]  # asked for any word
    return words.get(unit, unit)


def under(by: By | None, audit: CountedAudit, material: Material, asked: Question) -> str:
    """The name of the row that an audit belongs to; `not recorded` where nobody said."""
    return "" if by is None else _under(by, audit, material, asked) or UNKNOWN


def _under(by: By, audit: CountedAudit, material: Material, asked: Question) -> str | None:
    match by:
        case "service":
            return material.service_of(audit.fact.team, asked)
        case "role of the auditor":
            return _role(audit.auditor, material, asked)
        case "month":
            return f"{audit.begun.day:%Y-%m}"
        case _:
            return OWN[by](audit)


def _role(person: str, material: Material, asked: Question) -> str | None:
    held = material.directory.held_by(person, asked.until)
    return next((each.role for each in held if each.role in material.policy.roles), None)


def rows(by: By | None, found: Iterable[str], material: Material, asked: Question) -> list[tuple[str, str]]:
    """The rows with their titles: all that there could be, so that a nought shows, and whatever else was found."""
    known = list(_known(by, material, asked))
    others = sorted(each for each in set(found) if each not in known and each != UNKNOWN)
    last = [UNKNOWN] if UNKNOWN in set(found) else []
    called = titles(material.policy) if by == "role of the auditor" else {}
    return [(name, called.get(name, name)) for name in (*known, *others, *last)] if by is not None else []


def _known(by: By | None, material: Material, asked: Question) -> Sequence[str]:
    policy = material.policy
    if by in {"team", "service"}:
        return units(by or "", material, asked)
    lists: Mapping[str | None, Sequence[str]] = {
        "type": policy.tool.types,
        "strand": policy.tool.strands,
        "age band": policy.tool.age_bands,
        "grade": policy.grades.overall,
        "stage": STAGES,
    }
    return lists.get(by, ())


def units(kind: str, material: Material, asked: Question) -> list[str]:
    """The teams or services of the directory then, within the unit that is asked about."""
    directory = material.directory
    units = directory.units(kind, asked.until)
    if asked.unit is None:
        return units
    above = directory.kind_of(asked.unit, asked.until) or "team"
    return [each for each in units if directory.unit_of_kind(each, above, asked.until) == asked.unit]
