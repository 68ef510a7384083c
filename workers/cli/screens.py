"""The one gate to the screen: whatever a text holds, a terminal shows it and never obeys it.

Texts, references and file names come from people and other systems. A control character could clear the screen, a
change of direction could turn a grade round, a bracket could be taken for a colour. Each is shown, as JSON writes it.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1, but for the tab and the line break
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # direction, and what is unseen
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of a character, and tags
)
"""What a terminal does something with instead of showing it."""


def escaped(text: str) -> str:
    """The text with what a terminal obeys or hides written as JSON writes it; a repeat changes nothing."""
    return OBEYED.sub(lambda found: json.dumps(found[0])[1:-1], text)


class Screen(Console):
    """A console whose every text is `escaped`, and on which brackets and colons are but brackets and colons.

    Styles are for whoever prints: `style`, `rich.text.Text`, or `markup=True` on words of our own.
    """

    def __init__(self, **how: Any) -> None:
        super().__init__(**{"highlight": False, "markup": False, "emoji": False, **how})

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments to be written, with every text escaped; what moves the cursor is the library's own."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=escaped(segment.text))
