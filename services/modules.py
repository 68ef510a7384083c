"""The parts of the domain, in the order in which their reactions follow a fact. Everything else is made from them."""

from services.actions.module import MODULE as ACTIONS
from services.audits.module import MODULE as AUDITS
from services.cases.module import MODULE as CASES
from services.children.module import MODULE as CHILDREN
from services.core.catalogue import Catalogue
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

MODULES = (
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
    DELIVERIES,
    TEXTS,
    WEBHOOKS,
)

CATALOGUE = Catalogue(MODULES)
"""What the parts declare, by the questions that are asked of it."""
