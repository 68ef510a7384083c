"""Texts: the power to open them, which no command gives and no act of another part brings along."""

from services.core.part import Part

OPEN = "texts.open"
"""What a policy gives to the roles that need to know; where it says nothing, nobody opens a text (A-ALL-15)."""

MODULE = Part(
    name="texts",
    powers={OPEN: "open the texts of what is about them, their team or their service, with each opening on record"},
)
