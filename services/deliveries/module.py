"""Deliveries: what became of each message to somebody."""

from services.core.part import Act, Part
from services.core.record import Kind
from services.deliveries import commands as c
from services.deliveries import decisions as d
from services.deliveries.state import Delivery

MODULE = Part(
    name="deliveries",
    kinds=(Kind("delivery", Delivery),),
    acts=(Act(c.ReportBounce, d.report_bounce, words="report that a message came back"),),
)
