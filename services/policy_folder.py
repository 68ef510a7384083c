"""The policies of a folder for whoever may not need them: whose they are is known, and the rest once one is asked for.

A folder whose policies were found sound is not looked through again as long as it and the program stay as they are.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from services import kept
from services.policy.text import ROOMS
from services.policy.written import written_in

if TYPE_CHECKING:
    from services.policy.known import Known
    from services.policy.versions import Policies


class Folder(Mapping[str, "Policies"]):
    """Every authority's policies. `make` makes sense of the texts that were read, at the first question about one."""

    def __init__(self, authorities: tuple[str, ...], digest: str, make: Callable[[], Mapping[str, "Policies"]]) -> None:
        self._authorities = authorities
        self._make = make
        self.digest = digest

    @cached_property
    def _made(self) -> Mapping[str, "Policies"]:
        return self._make()

    def __getitem__(self, authority: str) -> "Policies":
        return self._made[authority]

    def __contains__(self, authority: object) -> bool:
        return authority in self._authorities

    def __iter__(self) -> Iterator[str]:
        return iter(self._authorities)

    def __len__(self) -> int:
        return len(self._authorities)


def folder_of(path: Path, known: "Known | None" = None) -> Folder:
    """The policies of the folder at that path, as they are written now; what becomes of them later changes nothing.

    They are checked against what the parts of the domain know, or against `known` if somebody has parts of their own.
    Raises PolicyError for a bad one, a version given twice or an empty folder.
    """
    texts = written_in(path)
    digest = sha256(orjson.dumps([[str(each.path), each.digest] for each in texts])).hexdigest()

    def made() -> Mapping[str, "Policies"]:
        from services.policy_files import policies_of  # noqa: PLC0415 - who asks for none needs no model of them

        return policies_of(path, texts, known)

    if known is not None:
        found = made()
        return Folder(tuple(found), digest, lambda: found)
    of = f"authorities {kept.program(*ROOMS)} {digest}"
    if (held := kept.recall(of)) is not None:
        return Folder(tuple(orjson.loads(held)), digest, made)
    found = made()
    kept.keep(of, orjson.dumps(list(found)))
    return Folder(tuple(found), digest, lambda: found)
