"""The policies of a folder, for what is asked of the files: one that breaks a rule stops nobody else."""

from pathlib import Path
from typing import TYPE_CHECKING

from events.errors import Refused
from services.policy_folder import Folder, folder_of
from workers.cli.tables import screen

if TYPE_CHECKING:
    from services.policy.versions import Policies


def known_policies(held: Folder, authority: str) -> "Policies":
    """What the authority's files say; Refused if there are none, PolicyError where they break a rule."""
    return held[named_authority(held, authority)]


def sound_policies(folder: Path) -> Folder:
    """The policies of the folder; which of its files break a rule is said, and that they are left out.

    PolicyError where no other is there.
    """
    found = folder_of(folder)
    for each in found.unsound:
        if not found:
            raise each.error
        told = f"left out: {' '.join(str(each.error).split())}"
        screen(stderr=True).print(told, markup=False, soft_wrap=True)
    return found


def named_authority(held: Folder, authority: str) -> str:
    """The authority, if there is a file of it, whatever that says; Refused otherwise."""
    if authority not in held and held.error_of(authority) is None:
        raise Refused("authority", f"no policy here for {authority}; known: {', '.join(held)}")
    return authority
