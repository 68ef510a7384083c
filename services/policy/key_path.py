"""Where something stands in a policy."""

KeyPath = tuple[str | int, ...]
"""The keys and places in lists that lead to it, from the first key of the policy on."""
