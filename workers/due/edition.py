"""By what a worker judges: the program, the adopted versions of a framework, and by how much the clock is moved.

What was worked out under one edition stands under a later one of the same program that only knows further versions: a
record is judged by the versions that its own events name, and those never change.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import events
import services
from services.policy.adopted import Content
from services.policy.model import Policy
from services.policy.versions import Policies
from workers.due import arming
from workers.system import System


def edition_of(system: System, policies: Policies) -> Mapping[str, Any]:
    """By what the authority of these policies is judged now, in values that a database can keep."""
    return {
        "program": _program(),
        "kinds": sorted(system.catalogue.worked_out),
        "offset": system.settings.clock_offset.total_seconds(),
        "versions": {each.version: _content(each) for each in policies.versions},
    }


def stands(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether what was worked out by the earlier edition would be worked out the same by this one."""
    same = all(earlier.get(each) == now[each] for each in ("program", "kinds", "offset"))
    known: Mapping[str, str] = earlier.get("versions", {})
    return same and known.items() <= now["versions"].items()


def _content(policy: Policy) -> str:
    return policy.digest or Content.of(policy, ()).digest


@cache
def _program() -> str:
    """The code that decides what is owed and when, with the calendar that it asks: one hash of all of it."""
    found = hashlib.sha256(version("holidays").encode())
    for package in (events, services):
        folder = Path(package.__file__ or "").parent
        for file in sorted(folder.rglob("*.py")):
            found.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())
    found.update(Path(arming.__file__).read_bytes())
    return found.hexdigest()
