"""Every view by the name that it is kept, rebuilt and asked for under."""

from collections.abc import Callable, Mapping

from projections.action_tracker import action_tracker_view
from projections.escalation_queue import escalation_queue_view
from projections.grade_changes import grade_changes_view
from projections.indicator_figures import indicators_view
from projections.notices import notices_view
from projections.register import register_view
from projections.timeline import timeline_view
from projections.view import View

VIEWS: Mapping[str, Callable[[], View]] = {
    "register": register_view,
    "actions": action_tracker_view,
    "grade-changes": grade_changes_view,
    "escalations": escalation_queue_view,
    "notices": notices_view,
    "indicators": indicators_view,
    "timeline": timeline_view,
}
