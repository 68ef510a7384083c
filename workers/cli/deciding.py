"""The rules by which an authority's work is decided, for whatever tells of them."""

from typing import TYPE_CHECKING

from services.nats_server import running_server
from services.policy_folder import folder_of
from services.settings import Settings
from workers.cli.folders import known_policies

if TYPE_CHECKING:
    from services.policy.model import Policy
    from services.policy.versions import Policies


def deciding(authority: str, settings: Settings) -> "Policies":
    """Every version that the authority has adopted; where nothing runs that could tell, what its files propose.

    Refused for an authority that there is not, StoreUnavailable where the server that is set does not answer.
    """
    if settings.nats is None and not running_server(settings.data):
        return known_policies(folder_of(settings.policies), authority)
    from services.policy.versions import Policies  # noqa: PLC0415 - what only the files tell needs no system
    from workers.system import System  # noqa: PLC0415 - as above

    with System(settings) as system:
        return Policies(authority, system.policies[system.known(authority)].versions)


def named(policy: "Policy") -> str:
    """By what a page tells which rules it shows, and that a file's are a proposal."""
    return f"version {policy.version}, {'as it was adopted' if policy.digest else 'as its file proposes it'}"
