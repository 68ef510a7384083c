"""Which version of a policy an act is judged by: a piece of work keeps the one that it began under.

An audit, an entry of a register and a dispute are one piece of work, on one form, by one set of rules, until they
are finished. What is kept by the month or the year, and people and their posts, go by the version in force on the day.
"""

from collections.abc import Sequence
from datetime import date

from events.audits import AuditAllocated
from events.disputes import DisputeRaised
from events.recorded import Recorded
from events.registers import EntryRecorded
from services.policy.load import Policies
from services.policy.model import Policy

PIECES_OF_WORK = ("audit/", "entry/", "dispute/")
BEGINNINGS = (AuditAllocated, EntryRecorded, DisputeRaised)


def judged_by(aggregate: str, history: Sequence[Recorded], policies: Policies, day: date) -> Policy:
    """The version that an act of that day is judged by: the work's own (A-ALL-11), or the one in force.

    Raises NotFound where the work began under a version that is no longer among the policies.
    """
    if not aggregate.startswith(PIECES_OF_WORK):
        return policies.in_force(day)
    began = next((each for each in history if isinstance(each.fact, BEGINNINGS)), None)
    return policies.in_force(day) if began is None else policies.version(began.envelope.policy_version)


def with_acts_of(own: Policy, in_force: Policy) -> Policy:
    """The work's own policy with the posts and permissions of the version in force beside its own.

    A role that was renamed or newly charged can go on with open work, and nobody loses what the work's own rules ask.
    """
    if own is in_force:
        return own
    acts = {act: tuple(dict.fromkeys((*roles, *in_force.acts.get(act, ())))) for act, roles in own.acts.items()}
    return own.model_copy(update={"acts": in_force.acts | acts, "roles": in_force.roles | own.roles})
