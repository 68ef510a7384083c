"""A line of who may do what by a framework, and what the five have alike."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class May:
    """These roles, and no others, may do these acts: each by its name, with a space between two.

    `own` are those of the roles that may do so only in their own team or service.
    """

    by: str
    acts: str
    covers: tuple[str, ...] = ()
    own: str = ""


OFFICE = (
    "unit.place person.appoint person.move person.leave person.train person.address person.withdraw_address "
    "calendar.give calendar.revoke delivery.report_bounce webhook.set webhook.secret webhook.remove"
)
"""The directory, and how people and other systems are reached."""

ROUND = (
    "round.schedule round.plan round.agree_questions round.request_data round.receive_data round.review "
    "round.assign round.record_dips"
)
"""The running of a round; who draws it, who asks for lines of enquiry and who approves it, a framework says itself."""

CUSTODY = "cases.import child.erase child.hold child.release_hold archive.remove"
"""What children's data and the case lists ask for."""

BOOKS = "entry.record entry.step entry.set_action entry.complete_action entry.confirm_actions"
"""Adding to a register, and following it up. A register narrows further who adds to it."""

CLOCKS = "audit.stop_clock audit.resume_clock"
REGRADING = "audit.dispute_grade audit.settle_grade audit.score"
DISPUTES = "dispute.raise dispute.escalate dispute.resolve"
BY_HAND = "duty.record duty.skip"
NOBODY = ""
