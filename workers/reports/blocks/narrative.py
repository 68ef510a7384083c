"""A text that a role writes: its place in the report, until somebody has written it."""

from services.policy.blocks.narrative import Narrative
from workers.reports import page
from workers.reports.material import Material

MAKES = Narrative


def make(block: Narrative, key: str, material: Material) -> tuple[page.Block, ...]:
    """The place of the text under its own name, with the role that writes it in the framework's own words."""
    del key
    role = material.policy.roles[block.role].title
    return (page.Narrative(key=block.name, title=block.title or "", role=role),)
