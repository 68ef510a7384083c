"""Ids of what nobody says again."""

from secrets import token_hex


def random_id() -> str:
    """An id that no other command has."""
    return token_hex(16)
