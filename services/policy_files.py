"""Reading policies: in one folder a file `<anything>.yaml`, or a folder of parts, for each version of an authority.

A folder of parts bears the authority's name, in small letters or large ones, alone or with more after a hyphen: another
one that lies beside the policies, such as `old`, is named and refused, for nobody would see that it is read.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError

from events.errors import NotFound, PolicyError
from services import kept
from services.modules import CATALOGUE
from services.policy.bases import OfBase
from services.policy.checks import problems_of
from services.policy.doubts import called, doubts_of
from services.policy.help import mistakes
from services.policy.key_path import KeyPath
from services.policy.known import Known
from services.policy.model import Policy
from services.policy.owed_checks import problems_of_empty_dates
from services.policy.reports import as_written
from services.policy.text import ROOMS
from services.policy.unsound import Unsound, unsound
from services.policy.versions import Policies
from services.policy.written import ENDING, NO_POLICY, Written, content_of, policies_in, written_at, written_in

KEPT = 128
"""Texts whose policies a process keeps: a policy is never changed, and one that is edited is another text."""


def check(path: Path, known: Known | None = None) -> tuple[Policy | None, list[PolicyError]]:
    """The policy in a file or a folder of parts, with every rule that it breaks; None where its shape is wrong.

    It is checked against what the parts of the domain know, or against `known` if somebody has parts of their own.
    """
    try:
        return _check(written_at(path), known or CATALOGUE.known)
    except PolicyError as error:
        return None, [error]


def _check(written: Written, known: Known) -> tuple[Policy | None, list[PolicyError]]:
    content, places = content_of(written)

    def broken(key: KeyPath, rule: str) -> PolicyError:
        return PolicyError(places.of(key), ".".join(map(str, key)) or "(file)", places.taken.said_of(key, rule))

    try:
        policy = Policy.model_validate(content)
    except ValidationError as error:
        return None, [broken(as_written(place), words) for place, words in mistakes(error)]
    return policy, [broken(key, rule) for key, rule in (*problems_of_empty_dates(content), *problems_of(policy, known))]


def doubts(path: Path, known: Known | None = None, held: Collection[str] | None = None) -> list[PolicyError]:
    """What is odd in a sound policy, in the order of its parts and lines. `held` are the posts that somebody holds.

    Nothing is refused for it. Raises PolicyError where it is not sound.
    """
    policy, places = load(path, known), content_of(written_at(path))[1]
    found = [
        (places.order(key), places.of(key), called(policy, key), places.taken.said_of(key, words))
        for key, words in doubts_of(policy, known or CATALOGUE.known, held)
    ]
    return [PolicyError(where, place, words) for _, where, place, words in sorted(found)]


def of_base(path: Path, known: Known | None = None) -> OfBase | None:
    """What a policy takes of its base; None where it extends none. Raises PolicyError where it is not sound."""
    written = written_at(path)
    policy, taken = _load(written, known), content_of(written)[1].taken
    return OfBase(taken.base, frozenset(called(policy, key) for key in taken.entries)) if taken.base else None


def path_of(folder: Path, policy: Policy) -> Path:
    """Where a policy of the folder stands. Raises NotFound for one of another folder."""
    for path in policies_in(folder):
        with suppress(PolicyError):  # who it is of was found without this one
            found = load(path)
            if (found.authority, found.version) == (policy.authority, policy.version):
                return path
    raise NotFound("policy", f"{policy.authority}:{policy.version}")


def load(path: Path, known: Known | None = None) -> Policy:
    """The policy in a file or a folder of parts; raises PolicyError for the first rule that it breaks.

    The text is read each time, and made sense of once for as long as it and the program stay as they are: one that
    keeps every rule is kept for the next process (see `services.kept`).
    """
    return _load(written_at(path), known)


@lru_cache(maxsize=KEPT)
def _load(written: Written, known: Known | None) -> Policy:
    # What a policy is checked against belongs to the program, unless somebody brings parts of the domain of their own.
    of = kept_as(written) if known is None else None
    if of is not None and (held := kept.recall(of)) is not None:
        with suppress(ValidationError):  # it is made of the file, as if nothing had been kept
            return Policy.model_validate_json(held)
    policy = _made(written, known or CATALOGUE.known)
    if of is not None:
        told = policy.model_dump_json(by_alias=True).encode()
        if Policy.model_validate_json(told) == policy:
            kept.keep(of, told)
    return policy


def kept_as(written: Written) -> str:
    """The name by which what these texts say is kept, in JSON, for this program."""
    return f"policy {kept.program(*ROOMS)} {written.digest}"


def _made(written: Written, known: Known) -> Policy:
    policy, problems = _check(written, known)
    if problems:
        raise problems[0]
    if policy is None:
        raise PolicyError(str(written.path), "(file)", "the file holds no policy")
    return policy


def load_folder(folder: Path, known: Known | None = None) -> Mapping[str, Policies]:
    """Every authority's policies, where all have to be sound; `services.policy_folder` is for who can do without some.

    Raises PolicyError for a bad one, a version given twice, a folder that is not named by its authority, and where
    there is none.
    """
    found, bad = policies_of(folder, written_in(folder), known)
    if bad:
        raise bad[0].error
    return found


def policies_of(
    folder: Path, texts: Iterable[Written], known: Known | None = None, unread: Iterable[Unsound] = ()
) -> tuple[Mapping[str, Policies], tuple[Unsound, ...]]:
    """What the texts of the folder's policies say, as they were read, and what is wrong with some of them.

    An authority has all its versions here or none: work that began by some of them would be decided otherwise later.
    Raises PolicyError where there is no policy, neither a sound one nor a bad one.
    """
    found: dict[str, dict[str, tuple[Path, Policy]]] = {}
    bad = [*unread]
    for written in texts:
        try:
            policy = _load(written, known)
            _require_its_place(written.path, policy, found.get(policy.authority, {}))
        except PolicyError as error:
            bad.append(unsound(error, written.path, written.texts))
        else:
            found.setdefault(policy.authority, {})[policy.version] = (written.path, policy)
    sound: dict[str, Policies] = {}
    for authority, each in sorted(found.items()):
        try:
            sound[authority] = Policies(authority, _by_date(each.values()))
        except PolicyError as error:
            bad.append(Unsound(error, (authority,)))
    if not found and not bad:
        raise PolicyError(str(folder), "(folder)", NO_POLICY)
    spoiled = {authority for each in bad for authority in each.of}
    return {authority: each for authority, each in sound.items() if authority not in spoiled}, tuple(bad)


def _require_its_place(path: Path, policy: Policy, others: Mapping[str, tuple[Path, Policy]]) -> None:
    """Raises PolicyError for a folder that is not named by its authority, and for a version that is there already."""
    if path.is_dir() and not _is_named_by(path, policy.authority):
        raise PolicyError(str(path), "(folder)", _called_otherwise(path.name, policy.authority))
    if policy.version in others:
        raise PolicyError(
            _place(path, "version"), "version", f"{policy.version} is also in {others[policy.version][0].name}"
        )


def _is_named_by(folder: Path, authority: str) -> bool:
    """Whether the folder bears the name, in small letters or large ones: some disks keep one as it was typed."""
    return f"{folder.name.removesuffix(ENDING)}-".casefold().startswith(f"{authority}-")


def _called_otherwise(name: str, authority: str) -> str:
    """What is wrong with the name of a folder, and what it could be called: what the name says stays in it."""
    more = "-".join(each for each in re.split(r"[^a-z0-9]+", name.casefold()) if each)
    better = authority if more in {"", authority} else f"{authority}-{more.removeprefix(f'{authority}-')}"
    names = dict.fromkeys((authority, better))
    return (
        f"it holds a policy of {authority}: call it {', or '.join(names)}; "
        f"one that is not to be read lies elsewhere, or is called .{name}"
    )


def _place(path: Path, key: str) -> str:
    return content_of(written_at(path))[1].of((key,))


def _by_date(found: Iterable[tuple[Path, Policy]]) -> tuple[Policy, ...]:
    ordered = sorted(found, key=lambda item: item[1].effective_from)
    for (_, earlier), (path, later) in pairwise(ordered):
        if earlier.effective_from == later.effective_from:
            rule = f"version {earlier.version} starts on the same day"
            raise PolicyError(_place(path, "effective_from"), "effective_from", rule)
    return tuple(policy for _, policy in ordered)
