"""The parts of the domain, in the order in which their reactions follow a fact. Everything else is made from them.

They are imported once the first question is asked: a process that only reads what policies and views say needs none.
"""

from dataclasses import asdict
from functools import cache
from importlib import import_module
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

import orjson

from events.errors import NotFound
from services import kept
from services.kinds import Kinds

if TYPE_CHECKING:
    from services.core.catalogue import Catalogue
    from services.core.part import Part
    from services.core.record import Kind


def parts() -> "tuple[Part, ...]":
    """The parts of the domain. Imports them."""
    from services.actions.module import MODULE as ACTIONS
    from services.adoption.module import MODULE as ADOPTION
    from services.archives.module import MODULE as ARCHIVES
    from services.audits.module import MODULE as AUDITS
    from services.cases.module import MODULE as CASES
    from services.children.module import MODULE as CHILDREN
    from services.deliveries.module import MODULE as DELIVERIES
    from services.disputes.module import MODULE as DISPUTES
    from services.escalations.module import MODULE as ESCALATIONS
    from services.indicators.module import MODULE as INDICATORS
    from services.people.module import MODULE as PEOPLE
    from services.programme.module import MODULE as PROGRAMME
    from services.registers.module import MODULE as REGISTERS
    from services.reports.module import MODULE as REPORTS
    from services.rounds.module import MODULE as ROUNDS
    from services.sampling.module import MODULE as SAMPLING
    from services.texts.module import MODULE as TEXTS
    from services.webhooks.module import MODULE as WEBHOOKS

    return (
        AUDITS,
        ACTIONS,
        ESCALATIONS,
        PEOPLE,
        SAMPLING,
        ROUNDS,
        DISPUTES,
        REGISTERS,
        CASES,
        PROGRAMME,
        INDICATORS,
        REPORTS,
        CHILDREN,
        ARCHIVES,
        DELIVERIES,
        TEXTS,
        WEBHOOKS,
        ADOPTION,
    )


class _Shipped:
    """Stands for the catalogue of these parts until it is asked for the first time, and is it from then on."""

    def __init__(self) -> None:
        self._making = RLock()

    def __getattr__(self, name: str) -> Any:
        # It is asked for what is not there: before it is the catalogue that is everything, and afterwards a slip.
        from services.core.catalogue import Catalogue

        with self.__dict__["_making"]:
            if type(self) is _Shipped:
                self.__dict__.update(vars(Catalogue(parts())))
                self.__class__ = Catalogue  # type: ignore[assignment]  # it has all that one has
        return getattr(self, name)

    def kind_of(self, aggregate: str) -> "Kind":
        """The kind of a record, as the catalogue gives it: of the parts, the one that declares it is imported alone."""
        name = aggregate.partition("/")[0]
        part = kinds().parts.get(name)
        if part is None:
            raise NotFound("kind of record,", name)
        declared: Part = import_module(f"services.{part}.module").MODULE
        return next(each for each in declared.kinds if each.name == name)


CATALOGUE = cast("Catalogue", _Shipped())
"""What the parts declare, by the questions that are asked of it."""


@cache
def kinds() -> Kinds:
    """What people call the kinds of record: as it was kept of this program, or told by the parts, once imported."""
    of = f"kinds {kept.program('events', 'services')}"
    held = kept.recall(of)
    if held is not None:
        told = orjson.loads(held)
        return Kinds(told["words"], tuple(told["owing"]), told["parts"])
    kept.keep(of, orjson.dumps(asdict(CATALOGUE.named)))
    return CATALOGUE.named
