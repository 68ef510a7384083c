"""People: posts and their holders, teams and services; all of an authority in one record."""

from services.core.part import Act, Part
from services.core.record import Kind
from services.directory.state import Directory
from services.people import commands as c
from services.people import decisions as d

MODULE = Part(
    name="people",
    kinds=(Kind("directory", Directory),),
    acts=(
        Act(c.PlaceUnit, d.place_unit, words="name a service, or put a team under one"),
        Act(c.AppointPerson, d.appoint, words="put a person into a post"),
        Act(c.MovePerson, d.move, words="move a person to another post"),
        Act(c.LeavePost, d.leave, words="take a person out of a post"),
        Act(c.TrainPerson, d.train, words="enter a person in the register of trained auditors"),
    ),
)
