"""Every view by the name that it is kept, rebuilt and asked for under."""

from collections.abc import Callable, Mapping

from projections.action_tracker import action_tracker_view
from projections.escalation_queue import escalation_queue_view
from projections.grade_changes import GradeChanges, Scales
from projections.indicators import indicators_view
from projections.notices import notices_view
from projections.register import register_view
from projections.timeline import timeline_view
from projections.view import View

Factory = Callable[[Mapping[str, Scales]], View]
"""Makes a view from the scales of every authority; only the grade changes look at them."""

VIEWS: Mapping[str, Factory] = {
    "register": lambda _: register_view(),
    "actions": lambda _: action_tracker_view(),
    "grade-changes": lambda scales: GradeChanges(scales).view(),
    "escalations": lambda _: escalation_queue_view(),
    "notices": lambda _: notices_view(),
    "indicators": lambda _: indicators_view(),
    "timeline": lambda _: timeline_view(),
}
