"""Where a framework's own words went: from a paragraph of the paper, or one of our ids, to what carries it.

`policies/clauses.csv` says which paragraphs of the paper each id stands for. Everything else is read where it stands:
the policy files, the docstrings and comments of the program, and, where the source tree is there, its tests.
"""

import ast
import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path

from events.errors import PolicyError, Refused
from services.policy import bases
from services.policy.doubts import called
from services.policy.key_path import KeyPath
from services.policy.written import Written, content_of, policies_in, written_at
from services.policy.yaml_positions import read_yaml
from services.policy_files import load
from services.settings import SHIPPED_POLICIES

ROOT = Path(__file__).parent.parent
"""What the rooms of the program stand in: of an installed one the folder of packages, else the source tree."""

ROOMS = ("events", "services", "projections", "workers")
INDEX = SHIPPED_POLICIES / "clauses.csv"
TABLES = ROOT / "tests" / "requirements"
ID = re.compile(r"(?<![\w-])((?:A-)?[A-Z]{2,4}-N?)(\d+(?:\.\d+)?)(?![\w])(?: to (?:\1)?(\d+))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A line that cites a clause: of a policy file, of the program, or a test; `what` is what it belongs to."""

    file: str
    line: int
    what: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One id with its paragraphs in the paper, and everything that cites it. `tests` is None where none are here."""

    id: str
    authority: str
    paragraphs: tuple[str, ...]
    policy: tuple[Place, ...]
    code: tuple[Place, ...]
    tests: tuple[str, ...] | None


def where(asked: str, folder: Path = SHIPPED_POLICIES, authority: str | None = None) -> list[Clause]:
    """What carries a clause: an id of ours, or a paragraph such as §4.3, of one authority or of all.

    Of a council without a catalogue it is what its own files cite as `source`: an id of its own, or a paragraph.
    Raises Refused for what no framework has, and for an authority that has neither.
    """
    index = _index()
    own = list(_own(folder, {each for each, _ in index.values()}))
    known = sorted({each for each, _ in index.values()} | {place.authority for place in own})
    if authority is not None and authority not in known:
        raise Refused("authority", f"{authority} has no catalogue of clauses; there are {', '.join(known)}")
    ids = _meant(asked, index, authority)
    found = _of_own(asked, own, authority)
    if not ids and not found:
        raise Refused("clause", f"no framework here cites {asked}")
    if not ids:
        return found
    policy, code = tuple(_in_policies(folder)), _in_program()
    tests = _tests()
    return [
        Clause(
            each,
            *index.get(each, ("", ())),
            tuple(place for cited, place in policy if each in cited),
            tuple(place for cited, place in code if each in cited),
            None if tests is None else tests.get(each, ()),
        )
        for each in ids
    ] + found


@dataclass(frozen=True, slots=True)
class _Source:
    """A `source` in the files of a council that has no catalogue, with the line where it stands."""

    authority: str
    label: str
    place: Place


def _own(folder: Path, catalogued: Collection[str]) -> Iterator[_Source]:
    """Every source that the files of councils without a catalogue cite themselves."""
    for path in policies_in(folder):
        try:
            policy, written = load(path), written_at(path)
        except PolicyError:  # as below
            continue
        if policy.authority in catalogued:
            continue
        for file, text in zip(written.files, written.texts, strict=True):
            (content, at), lines = read_yaml(file, text), text.splitlines()
            for key, line in _sources(at):
                what = called(content, key[:-2])
                place = Place(str(file.relative_to(folder)), line, what, lines[line - 1].strip())
                yield _Source(policy.authority, str(_at(content, key)), place)


def _sources(at: Mapping[KeyPath, int]) -> Iterator[tuple[KeyPath, int]]:
    """Each source with its line: that of another entry (`<<: *other`), where an entry takes it over from there."""
    for key, line in at.items():
        merged = tuple(each for each in key if each != "<<")
        if key[-2:-1] == ("source",) and (merged == key or merged[:-1] not in at):
            yield merged, line


def _at(content: object, key: KeyPath) -> object:
    for step in key:
        content = content[step]  # type: ignore[index]  # the key is one of this very content
    return content


def _of_own(asked: str, own: Iterable[_Source], authority: str | None) -> list[Clause]:
    """What is meant of those sources, each with all of its lines: the same id, the paragraph or one beneath it."""
    named, wanted = cited_in(asked.upper()), _plain(asked)
    held = dict[tuple[str, str], list[Place]]()
    for each in own:
        same = bool(cited_in(each.label) & named) if named else _is_in(wanted, _plain(each.label))
        if same and authority in {None, each.authority}:
            held.setdefault((each.authority, each.label), []).append(each.place)
    return [Clause(label, of, (), tuple(places), (), ()) for (of, label), places in held.items()]


def cited_in(text: str) -> set[str]:
    """Every id that a text cites; two with `to` between them stand for those between as well."""
    found = set()
    for start, first, last in ID.findall(text):
        numbers = [first, *(map(str, range(int(first) + 1, int(last) + 1)) if last else ())]
        width = len(first) if first.startswith("0") else 0
        found |= {f"{start}{number.zfill(width)}" for number in numbers}
    return found


def cited(folder: Path = SHIPPED_POLICIES) -> set[str]:
    """Every id that some policy file or the program cites."""
    return set().union(*(each for each, _ in chain(_in_policies(folder), _in_program())))


def paragraphs(cited: Iterable[str]) -> tuple[str, ...]:
    """What the paper itself calls the clauses with these ids, each once, in their order.

    An id that is in no catalogue stays as it is; one of our readings (A-…) stands in no paper, and is left out.
    """
    index = _index()
    found = (index[each][1] if each in index else (each,) for each in cited if not each.startswith("A-"))
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def ids() -> list[str]:
    """Every id of the catalogue, in its order."""
    return list(_index())


@cache
def _index() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    with INDEX.open(encoding="utf-8", newline="") as file:
        return {
            line["id"]: (line["authority"], tuple(re.split(r"[;,] ", line["clauses"]))) for line in csv.DictReader(file)
        }


def _meant(asked: str, index: Mapping[str, tuple[str, tuple[str, ...]]], authority: str | None) -> list[str]:
    named = cited_in(asked.upper())
    if named:
        readings = {each for each in named if each.startswith("A-")}
        return [each for each in index if each in named] + sorted(readings)
    wanted = _plain(asked)
    return [
        each
        for each, (of, paragraphs) in index.items()
        if authority in {None, of} and any(_is_in(wanted, _plain(paragraph)) for paragraph in paragraphs)
    ]


def _plain(paragraph: str) -> str:
    return paragraph.replace("§", "").strip().lower()


def _is_in(wanted: str, paragraph: str) -> bool:
    """Whether it is that paragraph, one beneath it, or one of a range: 6.2 is in 6.1–6.4, and App 1 §2 in App 1."""
    first, _, last = paragraph.partition("–")
    if last and wanted.rpartition(".")[0] == first.rpartition(".")[0]:
        ends = [each.rpartition(".")[2] for each in (first, wanted, last)]
        return all(each.isdigit() for each in ends) and int(ends[0]) <= int(ends[1]) <= int(ends[2])
    return re.match(rf"{re.escape(wanted)}(?![\d])", paragraph) is not None


def _in_policies(folder: Path) -> Iterator[tuple[set[str], Place]]:
    extended = dict[Path, Written]()
    for path in policies_in(folder):
        try:
            policy, written = load(path), written_at(path)
        except PolicyError:  # it says nothing that holds; `services.policy_folder` tells of it
            continue
        yield from _in_texts(written, folder, partial(called, policy))
        if written.base is not None:
            extended[written.base.path] = written.base
    for base in extended.values():
        yield from _in_texts(base, bases.BASES.parent, partial(called, content_of(base)[0]))


def _in_texts(written: Written, folder: Path, name: Callable[[KeyPath], str]) -> Iterator[tuple[set[str], Place]]:
    for file, text in zip(written.files, written.texts, strict=True):
        at = sorted((line, len(key), key) for key, line in read_yaml(file, text)[1].items() if key)
        for number, line in enumerate(text.splitlines(), start=1):
            if cited := cited_in(line):
                key = _key_at(at, number, above=line.lstrip().startswith("#"))
                yield cited, Place(str(file.relative_to(folder)), number, name(key), line.strip())


def _key_at(keys: list[tuple[int, int, KeyPath]], number: int, *, above: bool) -> KeyPath:
    """The key that a line belongs to: that of the line, or of the next one where the line is a comment above it."""
    lines = [line for line, _, _ in keys if (line > number if above else line <= number)]
    wanted = (min(lines) if above else max(lines)) if lines else 0
    found: KeyPath = next((key for line, _, key in keys if line == wanted), ())
    return found[:-1] if found and found[-1] in {"source", "name"} else found


@cache
def _in_program() -> tuple[tuple[set[str], Place], ...]:
    """What the program cites; it stays as it is for as long as a process runs."""
    return tuple(_read_program())


def _read_program() -> Iterator[tuple[set[str], Place]]:
    for path in sorted(chain.from_iterable((ROOT / room).rglob("*.py") for room in ROOMS)):
        text = path.read_text(encoding="utf-8")
        lines = [(number, line, cited_in(line)) for number, line in enumerate(text.splitlines(), start=1)]
        held = [each for each in lines if each[2]]
        if held:
            scopes = list(_scopes(ast.parse(text)))
            for number, line, cited in held:
                inside = [(end - start, name) for start, end, name in scopes if start <= number <= end]
                name = min(inside)[1] if inside else path.stem
                yield cited, Place(str(path.relative_to(ROOT)), number, name, line.strip())


def _scopes(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.end_lineno or node.lineno, node.name


def _tests() -> Mapping[str, tuple[str, ...]] | None:
    """The tests of each id; None where the program was installed without its source tree."""
    if not TABLES.is_dir():
        return None
    return dict(_rows(TABLES / f"{name}.csv" for name in ("table", "readings")))


def _rows(paths: Iterable[Path]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                yield line["id"], tuple(filter(None, line["tests"].split("; ")))
