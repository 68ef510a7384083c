"""What is drawn from: the children of a case list, less what the filters leave out, with a digest that proves it."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple, Protocol


class Listed(Protocol):
    """What a draw needs to know of a child on a case list."""

    @property
    def child(self) -> str:
        """The child's opaque reference."""
        ...

    @property
    def service(self) -> str | None:
        """The service area, as the list words it."""
        ...

    @property
    def team(self) -> str | None:
        """The team."""
        ...

    @property
    def worker(self) -> str | None:
        """The allocated practitioner."""
        ...

    @property
    def strand(self) -> str | None:
        """The strand of the work."""
        ...

    @property
    def open_since(self) -> date | None:
        """Since when the case has been open."""
        ...


class Framed(NamedTuple):
    """A child in a frame, with what it may be told apart by. An unknown trait is empty."""

    child: str
    service: str = ""
    team: str = ""
    worker: str = ""
    strand: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Whom a frame takes in.

    Of one of the services or teams (of any, where none is named), open by a day, with all that the list must tell of
    them, and like one child.
    """

    services: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    open_by: date | None = None
    needs: tuple[str, ...] = ()
    like: str | None = None
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The children to draw from, in the order of their references, and how many were left out for what."""

    children: tuple[Framed, ...]
    left_out: Counter[str]

    @property
    def digest(self) -> str:
        """The SHA-256 of every child with its traits: another frame has another one."""
        found = sha256()
        for each in self.children:
            found.update("\t".join(each).encode() + b"\n")
        return found.hexdigest()


def frame_of(listed: Iterable[Listed], filters: Filters, excluded: Collection[str] = frozenset()) -> Frame:
    """The frame of a list. Its order changes nothing, and a child that stands on it twice is in the frame once."""
    known = {each.child: each for each in listed}
    model = known.get(filters.like) if filters.like else None
    left_out: Counter[str] = Counter()
    taken = []
    for child, each in sorted(known.items()):
        reason = _left_out(each, filters, model) or ("recently audited" if child in excluded else "")
        if reason:
            left_out[reason] += 1
        else:
            traits = (each.service or "", each.team or "", each.worker or "", each.strand or "")
            taken.append(Framed(child, *traits))
    return Frame(tuple(taken), left_out)


def _left_out(each: Listed, filters: Filters, model: Listed | None) -> str:
    """Why a child is not in the frame; empty if it is."""
    if filters.services or filters.teams:
        fits = each.service in filters.services or each.team in filters.teams
        if not fits:
            return "of another service"
    for trait in filters.needs:
        if not getattr(each, trait):
            return f"without a {trait}"
    if filters.open_by is not None and (each.open_since is None or each.open_since > filters.open_by):
        return "not open for long enough" if each.open_since else "without the day on which it was opened"
    if model is not None:
        if each.child == model.child:
            return "the child itself"
        if any(getattr(each, trait) != getattr(model, trait) for trait in filters.alike):
            return "not alike"
    return ""
