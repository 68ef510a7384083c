"""By which way messages go, as the settings choose."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from events.errors import SettingsError
from services.deliveries.folder import Folder
from services.deliveries.transports import Way
from services.settings import LOOPBACK, Settings
from workers.system import System

NOTIFY_KEY = re.compile(r"[A-Za-z0-9_-]*[0-9a-f-]{36}-[0-9a-f-]{36}")


def way_of(system: System, authority: str) -> Way | None:
    """The way by which the messages of an authority go; None where none are sent.

    SettingsError naming what it lacks, and for a rehearsal, whose days are none of the people to whom it would write.
    """
    settings = system.settings
    match settings.send:
        case "off":
            return None
        case "folder":
            return Folder(settings.data / "messages" / authority, settings.send_from, system.clock)
        case "smtp" | "notify" if settings.clock_offset != timedelta():
            raise SettingsError("setting SIGHTLINE_SEND: with a moved clock messages go to a folder, or nowhere")
        case "smtp":
            return _smtp(settings, system)
    return _notify(settings, authority)


def _smtp(settings: Settings, system: System) -> Way:
    from services.deliveries.smtp import Server, Smtp  # noqa: PLC0415 - loaded by those who send by it

    host = _needed(settings.smtp_host, "SMTP_HOST")
    if settings.smtp_security == "none" and host not in LOOPBACK:
        raise SettingsError("setting SIGHTLINE_SMTP_SECURITY: none is for a server on this machine alone")
    server = Server(
        host=host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=_secret(settings.smtp_password_file, "SMTP_PASSWORD_FILE") if settings.smtp_user else None,
        authorities=settings.smtp_ca_file,
        seconds=settings.send_seconds,
    )
    return Smtp(server, settings.send_from, system.clock)


def _notify(settings: Settings, authority: str) -> Way:
    from notifications_python_client.notifications import NotificationsAPIClient  # noqa: PLC0415 - as above

    from services.deliveries.notify import Notify  # noqa: PLC0415 - as above

    key = _secret(settings.notify_key_file, "NOTIFY_KEY_FILE")
    if not NOTIFY_KEY.fullmatch(key):
        raise SettingsError("setting SIGHTLINE_NOTIFY_KEY_FILE: holds no key of GOV.UK Notify")
    template = _needed(settings.notify_template, "NOTIFY_TEMPLATE")
    where = {"base_url": settings.notify_url} if settings.notify_url else {}
    seconds = settings.send_seconds
    untyped: Any = NotificationsAPIClient  # it states no types of its own
    return Notify(lambda: untyped(key, timeout=seconds, **where), template, authority, seconds=seconds)


def _needed(value: str | None, name: str) -> str:
    if not value:
        raise SettingsError(f"setting SIGHTLINE_{name}: needed for this way of sending")
    return value


def _secret(file: Path | None, name: str) -> str:
    if file is None:
        raise SettingsError(f"setting SIGHTLINE_{name}: needed for this way of sending")
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"setting SIGHTLINE_{name}: {file} cannot be read") from error
