"""The policies of a folder for whoever may not need them: whose they are is known, and the rest once one is asked for.

A folder whose policies were found sound is not looked through again as long as it and the program stay as they are.
A file or a folder of parts that breaks a rule is told of, and stops nobody: its authority has no policy here, and that
of each other is as good as without it. Whether the authority works by what it adopted, the histories know
(`workers.rules`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from events.errors import PolicyError
from services import kept
from services.policy.text import ROOMS
from services.policy.unsound import Unsound, unsound
from services.policy.written import ENDING, NO_POLICY, Written, named_by, policies_in, written_at

if TYPE_CHECKING:
    from services.policy.known import Known
    from services.policy.versions import Policies


class Folder(Mapping[str, "Policies"]):
    """The policies of every authority whose files keep every rule; of another one, its first error is raised.

    `error` is the first one of all, or that of a folder that holds none; None where every file is sound. `make` makes
    sense of the texts that were read, at the first question about one.
    """

    def __init__(
        self,
        authorities: tuple[str, ...],
        make: Callable[[], Mapping[str, "Policies"]],
        unsound: Sequence[Unsound] = (),
        error: PolicyError | None = None,
    ) -> None:
        self._authorities = authorities
        self._make = make
        self.unsound = unsound
        self.error = unsound[0].error if unsound else error

    def error_of(self, authority: str) -> PolicyError | None:
        """Why the authority has no policy here, where a file that may be its own breaks a rule; None otherwise."""
        return next((each.error for each in self.unsound if authority in each.of), None)

    @cached_property
    def _made(self) -> Mapping[str, "Policies"]:
        return self._make()

    def __getitem__(self, authority: str) -> "Policies":
        if (error := self.error_of(authority)) is not None:
            raise error
        return self._made[authority]

    def __contains__(self, authority: object) -> bool:
        return authority in self._authorities

    def __iter__(self) -> Iterator[str]:
        return iter(self._authorities)

    def __len__(self) -> int:
        return len(self._authorities)


def folder_of(path: Path, known: "Known | None" = None) -> Folder:
    """What `proposals_of` gives. Raises PolicyError for a folder that holds no policy, neither sound nor bad."""
    found = proposals_of(path, known)
    if not found and not found.unsound and found.error is not None:
        raise found.error
    return found


def proposals_of(path: Path, known: "Known | None" = None) -> Folder:
    """The policies of the folder at that path, as they are written now; what becomes of them later changes nothing.

    They are checked against what the parts of the domain know, or against `known` if somebody has parts of their own.
    A folder that holds none is one whose `error` says so.
    """
    texts, unread = _read(path)
    if not texts and not unread:
        return Folder((), dict, error=PolicyError(str(path), "(folder)", NO_POLICY))
    digest = sha256(orjson.dumps([[str(each.path), each.digest] for each in texts])).hexdigest()

    def sorted_out() -> "tuple[Mapping[str, Policies], tuple[Unsound, ...]]":
        from services.policy_files import policies_of  # noqa: PLC0415 - who asks for none needs no model of them

        return policies_of(path, texts, known, unread)

    of = f"authorities {kept.program(*ROOMS)} {digest}"
    if known is None and not unread and (held := kept.recall(of)) is not None:
        return Folder(tuple(orjson.loads(held)), lambda: sorted_out()[0])
    found, bad = sorted_out()
    if known is None and not bad:
        kept.keep(of, orjson.dumps(list(found)))
    return Folder(tuple(found), lambda: found, bad)


def no_file_of(folder: Path, authority: str) -> str:
    """That no policy in the folder is the authority's, with what is called by it there and is not read as one."""
    near = [each for each in named_by(folder, authority) if each not in policies_in(folder)]
    unread = "".join(f"; {each.name} is not read: {_why_not(each)}" for each in near)
    return f"there is no policy of it in {folder}{unread}"


def _why_not(path: Path) -> str:
    return "it holds no part of a policy" if path.is_dir() else f"a policy is called *{ENDING}"


def _read(folder: Path) -> tuple[list[Written], list[Unsound]]:
    """The policies of the folder as they stand there, and which cannot be read."""
    texts, unread = list[Written](), list[Unsound]()
    for path in policies_in(folder):
        try:
            texts.append(written_at(path))
        except PolicyError as error:
            unread.append(unsound(error, path))
    return texts, unread
