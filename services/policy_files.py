"""Reading policy files: `<anything>.yaml` in one folder, one file for each version of each authority."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError

from events.errors import PolicyError
from services import kept
from services.modules import CATALOGUE
from services.policy.checks import problems_of
from services.policy.doubts import called, doubts_of
from services.policy.help import in_words
from services.policy.known import Known
from services.policy.model import Policy
from services.policy.reports import as_written
from services.policy.versions import Policies
from services.policy.yaml_positions import KeyPath, line_of, read_yaml, text_of

ROOMS = ("events", "services")
"""What a policy is made by and checked by."""

KEPT = 128
"""Texts whose policies a process keeps: a policy is never changed, and one that is edited is another text."""


@dataclass(frozen=True)
class _File:
    text: str
    path: Path = field(compare=False)  # it says where a mistake stands; of a text without one it says nothing


def check(path: Path, known: Known | None = None) -> tuple[Policy | None, list[PolicyError]]:
    """The policy in a file with every rule that it breaks; the policy is None where its shape is wrong.

    It is checked against what the parts of the domain know, or against `known` if somebody has parts of their own.
    """
    try:
        return _check(path, text_of(path), known or CATALOGUE.known)
    except PolicyError as error:
        return None, [error]


def _check(path: Path, text: str, known: Known) -> tuple[Policy | None, list[PolicyError]]:
    content, lines = read_yaml(path, text)

    def broken(key: KeyPath, rule: str) -> PolicyError:
        return PolicyError(f"{path}:{line_of(lines, key)}", ".".join(map(str, key)) or "(file)", rule)

    try:
        policy = Policy.model_validate(content)
    except ValidationError as error:
        return None, [broken(as_written(each["loc"]), in_words(each)) for each in error.errors()]
    return policy, [broken(key, rule) for key, rule in problems_of(policy, known)]


def doubts(path: Path, known: Known | None = None, held: Collection[str] | None = None) -> list[PolicyError]:
    """What is odd in a sound file, place by place in the order of its lines. `held` are the posts that somebody holds.

    Nothing is refused for it. Raises PolicyError where the file is not sound.
    """
    policy, text = load(path, known), text_of(path)
    lines = read_yaml(path, text)[1]
    found = [
        (line_of(lines, key), called(policy, key), words)
        for key, words in doubts_of(policy, known or CATALOGUE.known, held)
    ]
    return [PolicyError(f"{path}:{line}", place, words) for line, place, words in sorted(found)]


def load(path: Path, known: Known | None = None) -> Policy:
    """The policy in a file; raises PolicyError for the first rule that it breaks.

    The text is read each time, and made sense of once for as long as it and the program stay as they are: one that
    keeps every rule is kept for the next process (see `services.kept`).
    """
    return _load(_File(text_of(path), path), known)


@lru_cache(maxsize=KEPT)
def _load(file: _File, known: Known | None) -> Policy:
    # What a policy is checked against belongs to the program, unless somebody brings parts of the domain of their own.
    of = f"policy {kept.program(*ROOMS)} {sha256(file.text.encode()).hexdigest()}" if known is None else None
    if of is not None and (held := kept.recall(of)) is not None:
        with suppress(ValidationError):  # it is made of the file, as if nothing had been kept
            return Policy.model_validate_json(held)
    policy = _made(file, known or CATALOGUE.known)
    if of is not None:
        told = policy.model_dump_json(by_alias=True).encode()
        if Policy.model_validate_json(told) == policy:
            kept.keep(of, told)
    return policy


def _made(file: _File, known: Known) -> Policy:
    policy, problems = _check(file.path, file.text, known)
    if problems:
        raise problems[0]
    if policy is None:
        raise PolicyError(str(file.path), "(file)", "the file holds no policy")
    return policy


def load_folder(folder: Path, known: Known | None = None) -> Mapping[str, Policies]:
    """Every authority's policies. Raises PolicyError for a bad file, a version given twice or an empty folder."""
    found: dict[str, dict[str, tuple[Path, Policy]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        policy = load(path, known)
        versions = found.setdefault(policy.authority, {})
        if policy.version in versions:
            rule = f"{policy.version} is also in {versions[policy.version][0].name}"
            raise PolicyError(_place(path, "version"), "version", rule)
        versions[policy.version] = (path, policy)
    if not found:
        raise PolicyError(str(folder), "(folder)", "it holds no policy file (*.yaml)")
    return {authority: Policies(authority, _by_date(each.values())) for authority, each in sorted(found.items())}


def _place(path: Path, key: str) -> str:
    return f"{path}:{line_of(read_yaml(path, text_of(path))[1], (key,))}"


def _by_date(found: Iterable[tuple[Path, Policy]]) -> tuple[Policy, ...]:
    ordered = sorted(found, key=lambda item: item[1].effective_from)
    for (_, earlier), (path, later) in pairwise(ordered):
        if earlier.effective_from == later.effective_from:
            rule = f"version {earlier.version} starts on the same day"
            raise PolicyError(_place(path, "effective_from"), "effective_from", rule)
    return tuple(policy for _, policy in ordered)
