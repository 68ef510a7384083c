"""Texts: the power to open them, which no command gives and no act of another part brings along."""

from services.core.part import Part
from services.texts.asking import OPEN

MODULE = Part(
    name="texts",
    powers={OPEN: "open the texts of what is about them, their team or their service, with each opening on record"},
)
