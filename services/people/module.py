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
        Act(c.PlaceUnit, d.place_unit),
        Act(c.AppointPerson, d.appoint),
        Act(c.MovePerson, d.move),
        Act(c.LeavePost, d.leave),
        Act(c.TrainPerson, d.train),
    ),
)
