"""The parts of the domain, in the order in which their reactions follow a fact. Everything else is made from them.

They are imported once the first question is asked: a process that only reads what policies and views say needs none.
"""

from threading import RLock
from typing import Any

from services.core.catalogue import Catalogue
from services.core.part import Part


def parts() -> tuple[Part, ...]:
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


class _Shipped(Catalogue):
    """The catalogue of these parts, made when it is asked for the first time."""

    def __init__(self) -> None:
        self._making = RLock()
        self._is_made = False

    def __getattr__(self, name: str) -> Any:
        # It is asked for what is not there: before it is made that is everything, and afterwards a slip.
        with self._making:
            if not self._is_made:
                super().__init__(parts())
                self._is_made = True
        return object.__getattribute__(self, name)


CATALOGUE: Catalogue = _Shipped()
"""What the parts declare, by the questions that are asked of it."""
