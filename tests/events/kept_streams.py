"""What the kept bodies about whole streams mean: what of them was lost or damaged, and what was archived."""

from events.archives import HistoryArchived
from events.base import Fact
from events.losses import DamageAccepted, LossAccepted

OF_STREAMS: dict[str, Fact] = {
    "loss.accepted.v1": LossAccepted(
        what="history", ended_at=100, once_at=120, reason="disk of node 1 lost; no newer backup"
    ),
    "damage.accepted.v1": DamageAccepted(position=17, through=19, found="missing", reason="failed-disk"),
    "history.archived.v1": HistoryArchived(first=1, last=1730, events=1729, file="0a" * 32, content="0b" * 32),
}
