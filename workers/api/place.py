"""Where the API of a data folder listens, as it said itself."""

from pathlib import Path

PLACE = "api.address"
"""The file in the data folder that says it."""


def address(data: Path) -> str | None:
    """Where the API of this data folder said that it listens; None where it does not."""
    try:
        return (data / PLACE).read_text(encoding="utf-8") or None
    except FileNotFoundError:
        return None
