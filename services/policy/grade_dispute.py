"""The shape of what a framework says of a dispute about a grade: until when one may be raised."""

from pydantic import Field

from services.policy.expressions import SpanText
from services.policy.part import Part


class GradeDispute(Part):
    """A dispute about the moderated grade. Who may raise and settle one stands in `acts`; what settles it is final."""

    within: SpanText = Field(title="The moderated grade may be disputed within")
