"""Writes the bundled history. Run once; the same seed writes the same files.

`python -m workers.demo.generate`
"""

from datetime import UTC, date, datetime, time
from importlib import import_module
from pathlib import Path

import orjson

from services.policy.written import policies_in
from services.policy_files import load_folder
from services.settings import SHIPPED_POLICIES
from workers.demo.story import Line, Story

SEED = 20260105
STORY_DAY = date(2026, 1, 16)
"""The last day of the history, a Friday."""

MORNING = datetime(2026, 1, 19, 9, 0, tzinfo=UTC)
"""The Monday after: the demonstration sets its clock to this morning."""

FOLDER = Path(__file__).parent


TELLERS = {
    path.stem: import_module(f"{__package__}.{module}")
    for path in policies_in(SHIPPED_POLICIES)
    if (FOLDER / f"{(module := path.stem.replace('-', '_') + '_story')}.py").exists()
}
"""Who tells the story of each council whose policy ships, by its module `<name>_story`, which a test asks for."""


def main() -> None:
    """Write the files of each council."""
    policies = load_folder(SHIPPED_POLICIES)
    for authority, teller in TELLERS.items():
        story = Story(authority, SEED)
        teller.tell(story, policies[authority].newest)
        _write(f"{authority}.jsonl", story.lines(until=datetime.combine(STORY_DAY, time(17, 0))))
        _write(f"{authority}-answers.jsonl", story.answers())


def _write(name: str, lines: list[Line]) -> None:
    (FOLDER / name).write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))


if __name__ == "__main__":
    main()
