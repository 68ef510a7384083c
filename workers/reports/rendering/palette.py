"""The colours of a page and of its charts, told apart also where they are printed in grey."""

from collections.abc import Mapping

PAPER = "#ffffff"
INK = "#1b2530"

PALETTE: Mapping[str, str] = {
    "paper": PAPER,
    "ink": INK,
    "muted": "#4a5764",
    "accent": "#1c4a72",
    "line": "#7b8894",
    "hair": "#cfd6dd",
    "tint": "#eef3f7",
    "warn": "#7a3b00",
    "warn-tint": "#fdf3e3",
}
"""The colours of a page by their names in the style sheet."""

SERIES = ("#16385a", "#6a9cc7", "#b4d0e6", "#5d5d5d", "#b9b9b9", "#e9eef2")
"""The fills of a chart's series: told apart by their lightness and pattern as well, and each is labelled."""

TEXT_MIN = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""

SHAPE_MIN = 3.0
"""The least contrast of what is not text (WCAG 2.2, 1.4.11)."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG reckons it: 1 for the same, 21 for black on white."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """How light a colour is, from 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)  # noqa: PLR2004  WCAG's own
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_on(fill: str) -> str:
    """The colour in which text on a fill is read best."""
    return max((INK, PAPER), key=lambda each: contrast(each, fill))
