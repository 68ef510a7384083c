"""Logging of the worker processes: one JSON object a line on stderr, with ids only, never a name or a text."""

import logging
import sys

import orjson
import structlog

from services.log import at_the_first_word
from services.settings import Settings


def configure_logs(settings: Settings) -> None:
    """Send structlog to stderr from the settings' level on. A repeat replaces the configuration."""
    at_the_first_word(None)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=lambda entry, **_: orjson.dumps(entry, default=str)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=False,  # a later configuration must reach loggers that modules hold already
    )
