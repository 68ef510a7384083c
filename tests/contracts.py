"""The contracts that the project ships: those of the events room, not those that a test defines beside it."""

from events.registry import BY_NAME

SHIPPED_CONTRACTS = tuple(each for each in BY_NAME.values() if each.__module__.startswith("events."))
SHIPPED_NAMES = frozenset(each.stored_name for each in SHIPPED_CONTRACTS)
