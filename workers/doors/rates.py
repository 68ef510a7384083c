"""How often each caller may ask: a bucket of tokens for each, in the memory of the process."""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from time import monotonic

from workers.doors.problems import TOO_MANY, Stopped

LARGEST = 10_000
"""Callers that are remembered. Whoever was not heard of for longest is forgotten, and begins with a full bucket."""


class Buckets:
    """Lets each name through `rate` times a second on the average, and `burst` times at once."""

    def __init__(self, rate: float, burst: int, *, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> None:
        """Count one request. Stopped, saying after how many seconds there is room again, when there is none."""
        left = self._left(name)
        if left < 1:
            self._refuse(left)
        self._held[name] = (left - 1, self._clock())
        self._held.move_to_end(name)
        while len(self._held) > LARGEST:
            self._held.popitem(last=False)

    def require_room(self, name: str) -> None:
        """Stopped as by `take`, with nothing counted."""
        if name in self._held and (left := self._left(name)) < 1:
            self._refuse(left)

    def _left(self, name: str) -> float:
        now = self._clock()
        left, since = self._held.get(name, (self._burst, now))
        return min(self._burst, left + (now - since) * self._rate)

    def _refuse(self, left: float) -> None:
        seconds = max(1, ceil((1 - left) / self._rate))
        rule = f"at most {self._burst:.0f} requests at once and {self._rate:g} a second"
        raise Stopped(TOO_MANY, rule, headers={"Retry-After": str(seconds)})
