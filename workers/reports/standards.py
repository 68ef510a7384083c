"""The numbers that a framework asks for, beside what was reached: one sentence, written and read in one place."""

import re
from collections.abc import Iterator, Sequence

SAID = re.compile(r"(?P<what>[^;:]+): (?P<reached>\d+) of (?P<wanted>at \w+ \d+(?: and at most \d+)?)")
LIMIT = re.compile(r"at (least|most) (\d+)")


def standard(what: str, reached: int, least: int | None, most: int | None) -> str:
    """What was reached of at least, or at most, so many; nothing where the framework asks for no number."""
    wanted = [f"at least {least}"] if least is not None else []
    wanted += [f"at most {most}"] if most is not None else []
    return f"{what}: {reached} of {' and '.join(wanted)}" if wanted else ""


def together(said: Sequence[str]) -> str:
    """Several of them as one note of a table."""
    return "; ".join(each for each in said if each).capitalize()


def is_standard(note: str) -> bool:
    """Whether the note of a table says what is asked for."""
    return SAID.search(note) is not None


def missed(note: str) -> Iterator[tuple[str, str]]:
    """Those in the note of a table that were not kept to: what it is, and how much was reached of how much."""
    for found in SAID.finditer(note):
        reached = int(found["reached"])
        if any(
            reached < int(number) if which == "least" else reached > int(number)
            for which, number in LIMIT.findall(found["wanted"])
        ):
            yield found["what"].strip(), f"{reached} of {found['wanted']}"
