"""Whether a policy file is what an authority has adopted, where there is a history that can be asked."""

from events.errors import NotProvisioned, SightlineError
from services.adoption.standing import standing_of
from services.clock import local_date
from services.modules import CATALOGUE
from services.nats_server import running_server
from services.policy.model import Policy
from services.settings import Settings
from workers.recording.desks import checked
from workers.system import System


def standing_beside_history(policy: Policy, settings: Settings) -> str | None:
    """What the file is beside what was adopted, in a line; None where there is no history of its authority.

    An embedded server that does not run is started for the question. A server that cannot be reached and a damaged
    history are told of in the line: this file is no less sound for them.
    """
    if settings.nats is None and not running_server(settings.data) and not (settings.data / "jetstream").exists():
        return None
    from workers.running.supervisor import server_for  # noqa: PLC0415 - only where there is a history

    try:
        with server_for(settings), System(settings) as system:
            if policy.authority not in system.policies:
                return None
            with checked(system, [policy.authority]):
                adopted = system.rules.adopted(policy.authority).versions()
            return standing_of(policy, adopted, local_date(system.clock()), CATALOGUE.known)
    except NotProvisioned:
        return None
    except SightlineError as error:
        return f"whether it is adopted could not be asked: {' '.join(str(error).split())}"
