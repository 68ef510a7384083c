"""Writes the bundled history. Run once; the same seed writes the same files.

`python -m workers.demo.generate`
"""

from datetime import date, datetime, time
from pathlib import Path

import orjson

from services.policy.load import load_folder
from services.settings import SHIPPED_POLICIES
from workers.demo import halton_story, torbay_story
from workers.demo.story import Story

SEED = 20260105
STORY_DAY = date(2026, 1, 16)
"""The last day of the history; the demonstration stands in the morning after it."""

FOLDER = Path(__file__).parent


def main() -> None:
    """Write one file for each council."""
    policies = load_folder(SHIPPED_POLICIES)
    for authority, tell in (("torbay", torbay_story.tell), ("halton", halton_story.tell)):
        story = Story(authority, SEED)
        tell(story, policies[authority].newest)
        lines = story.lines(until=datetime.combine(STORY_DAY, time(17, 0)))
        text = b"".join(orjson.dumps(line) + b"\n" for line in lines)
        (FOLDER / f"{authority}.jsonl").write_bytes(text)


if __name__ == "__main__":
    main()
