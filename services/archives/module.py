"""Archives: the power to take archived events out of the live history, which no command gives."""

from services.core.part import Part

REMOVE = "archive.remove"
"""What a policy gives to the roles that may; where it says nothing of it, nobody may."""

MODULE = Part(
    name="archives", powers={REMOVE: "take archived events out of the live history, once their file was verified"}
)
