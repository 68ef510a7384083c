"""The choice of a sample, which anybody can make again with nothing but SHA-256."""

from collections.abc import Collection, Sequence

from services.chance import by_chance, seed_from
from services.policy.samples import Sample


def choose(frame: Sequence[str], size: int, seed: str, always: Collection[str] = ()) -> tuple[str, ...]:
    """The sample: the first `size` of the frame by the hash of `<seed>:<audit>`, and all of `always`."""
    wanted = {*by_chance(frame, seed, str)[:size], *always}
    return tuple(audit for audit in frame if audit in wanted)


def sample_size(rule: Sample, frame: int) -> int:
    """The share of the frame, rounded up, or the least number if that is more; never more than there are."""
    return min(frame, max(rule.at_least, -(-frame * rule.share // 100)))


def seed_of(purpose: str, month: str, frame: Sequence[str]) -> str:
    """The seed that follows from what is drawn from, so that nobody can try seeds until one pleases."""
    return seed_from(purpose, month, *frame)
