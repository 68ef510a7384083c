"""Reading policy files: `<anything>.yaml` in one folder, one file for each version of each authority."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError

from events.errors import NotFound, PolicyError
from services.policy.checks import problems_of
from services.policy.help import in_words
from services.policy.lines import KeyPath, line_of, read_yaml, text_of
from services.policy.model import Policy

KEPT = 128
"""Files whose policies a process keeps: a policy is never changed, and one that is edited is another text."""


def check(path: Path) -> tuple[Policy | None, list[PolicyError]]:
    """The policy in a file with every rule that it breaks; the policy is None where its shape is wrong."""
    try:
        return _check(path, text_of(path))
    except PolicyError as error:
        return None, [error]


def _check(path: Path, text: str) -> tuple[Policy | None, list[PolicyError]]:
    content, lines = read_yaml(path, text)

    def broken(key: KeyPath, rule: str) -> PolicyError:
        return PolicyError(f"{path}:{line_of(lines, key)}", ".".join(map(str, key)) or "(file)", rule)

    try:
        policy = Policy.model_validate(content)
    except ValidationError as error:
        return None, [broken(each["loc"], in_words(each)) for each in error.errors()]
    return policy, [broken(key, rule) for key, rule in problems_of(policy)]


def load(path: Path) -> Policy:
    """The policy in a file; raises PolicyError for the first rule that it breaks.

    The text is read each time, and made sense of once for as long as it stays as it is.
    """
    return _load(path, text_of(path))


@lru_cache(maxsize=KEPT)
def _load(path: Path, text: str) -> Policy:
    policy, problems = _check(path, text)
    if problems:
        raise problems[0]
    if policy is None:
        raise PolicyError(str(path), "(file)", "the file holds no policy")
    return policy


@dataclass(frozen=True)
class Policies:
    """Every version of one authority's framework, oldest first."""

    authority: str
    versions: tuple[Policy, ...]

    def in_force(self, day: date) -> Policy:
        """The version in force on a day; before the first one, the first."""
        held = [policy for policy in self.versions if policy.effective_from <= day]
        return held[-1] if held else self.versions[0]

    def version(self, version: str) -> Policy:
        """The version by which an event was judged. Raises NotFound if the folder no longer holds it."""
        for policy in self.versions:
            if policy.version == version:
                return policy
        raise NotFound(f"policy of {self.authority}, version", version)

    @property
    def newest(self) -> Policy:
        """The version with the latest date."""
        return self.versions[-1]


def load_folder(folder: Path) -> Mapping[str, Policies]:
    """Every authority's policies. Raises PolicyError for a bad file, a version given twice or an empty folder."""
    found: dict[str, dict[str, tuple[Path, Policy]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        policy = load(path)
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
