"""A history as it stood knows nothing of what came after, whichever way it is asked."""

from dataclasses import replace
from datetime import timedelta

from projections.moments import Moment
from tests.stores import NOON, Store, recorded
from workers.asking.past import HistoryAt


def test_several_records_at_once_know_no_more_than_one(single_store: Store) -> None:
    """Asked for many, as for one, it gives only what belongs to the moment."""
    authority = single_store.authority()
    first, second = (recorded(authority, "audit/A", version) for version in (1, 2))
    later = NOON + timedelta(days=9)
    live = single_store.history(authority)
    live.append(first, replace(second, envelope=replace(second.envelope, occurred=later, recorded=later)))
    past = HistoryAt(authority, single_store.url)
    past.moment = Moment(happened_by=NOON.date() + timedelta(days=1))
    assert [each.originator_version for each in live.load_all(["audit/A"])["audit/A"]] == [1, 2]
    assert [each.originator_version for each in past.load("audit/A")] == [1]
    assert past.load_all(["audit/A"]) == {"audit/A": past.load("audit/A")}
    past.close()
    live.close()
