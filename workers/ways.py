"""By which way messages go, as the settings choose."""

from services.deliveries.folder import Folder
from services.deliveries.transports import Way
from workers.system import System


def way_of(system: System, authority: str) -> Way | None:
    """The way by which the messages of an authority go; None where none are sent."""
    settings = system.settings
    if settings.send == "off":
        return None
    return Folder(settings.data / "messages" / authority, settings.send_from, system.clock)
