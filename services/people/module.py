"""People: posts and their holders, teams and services; all of an authority in one record."""

from events.deliveries import DeliveryBounced
from services.core.part import Act, Part, Reaction
from services.core.record import Kind
from services.directory.state import Directory
from services.people import commands as c
from services.people import decisions as d

MODULE = Part(
    name="people",
    kinds=(Kind("directory", Directory),),
    acts=(
        Act(c.PlaceUnit, d.place_unit),
        Act(c.AppointPerson, d.appoint),
        Act(c.MovePerson, d.move),
        Act(c.LeavePost, d.leave),
        Act(c.TrainPerson, d.train),
        Act(c.AddressPerson, d.address),
        Act(c.WithdrawAddress, d.withdraw_address),
        Act(c.GiveCalendar, d.give_calendar),
        Act(c.RevokeCalendar, d.revoke_calendar),
    ),
    reactions=(Reaction((DeliveryBounced,), d.doubt_address),),
)
