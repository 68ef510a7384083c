"""Names, values and lists as words: what every description is put together from."""

from collections.abc import Iterable


def plain(name: str) -> str:
    """A key of the file as words: for what has no phrase of its own."""
    return name.replace("_", " ").replace(".", " ")


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`; `nobody` for none."""
    held = list(words)
    if len(held) <= 1:
        return held[0] if held else "nobody"
    return f"{', '.join(held[:-1])} {last} {held[-1]}"


def value(held: object) -> str:
    """Any setting as text: for those that have no phrase of their own."""
    if held is None or held in ("", (), [], {}):
        return "none"
    match held:
        case bool():
            return "yes" if held else "no"
        case dict():
            return "; ".join(f"{plain(str(key))}: {value(each)}" for key, each in held.items())
        case list() | tuple():
            parts = any(isinstance(each, list | tuple | dict) for each in held)
            return (" | " if parts else ", ").join(value(each) for each in held)
        case str():
            return held.replace("_", " ")
        case _:
            return str(held)


def sentence(words: str) -> str:
    """The words with a capital in front."""
    return words[:1].upper() + words[1:]


def period(name: str) -> str:
    """A period of the programme as people say it: `quarter`, and `third of the year`."""
    return "third of the year" if name == "third" else name


def article(thing: str) -> str:
    """`an audit`, `a round`."""
    return f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"
