"""People: posts and their holders, teams and services; all of an authority in one record."""

from events.deliveries import DeliveryBounced
from services.core.part import Act, Part, Reaction
from services.core.record import Kind
from services.directory.snapshot import FORM
from services.directory.state import Directory
from services.people import commands as c
from services.people import decisions as d

MODULE = Part(
    name="people",
    kinds=(Kind("directory", Directory, form=FORM),),
    acts=(
        Act(c.PlaceUnit, d.place_unit, words="name a service, or put a team under one"),
        Act(c.AppointPerson, d.appoint, words="put a person into a post"),
        Act(c.MovePerson, d.move, words="move a person to another post"),
        Act(c.LeavePost, d.leave, words="take a person out of a post"),
        Act(c.TrainPerson, d.train, words="enter a person in the register of trained auditors"),
        Act(c.AddressPerson, d.address, words="give the address to which a person's notices go"),
        Act(c.WithdrawAddress, d.withdraw_address, words="take a person's address back"),
        Act(c.GiveCalendar, d.give_calendar, words="give a person the secret address of a calendar of what they owe"),
        Act(c.RevokeCalendar, d.revoke_calendar, words="take the address of a person's calendar back"),
    ),
    reactions=(Reaction((DeliveryBounced,), d.doubt_address),),
)
