"""Logs: one stream of structured lines, from our own code, Django and uvicorn alike.

A line carries no personal data: of an address only the network is kept, and what a person
typed is never logged.
"""

from __future__ import annotations

import ipaddress
import logging
import sys
import time
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

_by_hand = False


def for_a_command_by_hand() -> None:
    """Log of the libraries only warnings and worse in this process; before settings are read.

    Somebody sits at the terminal and waits for the command's own words. What the libraries
    report of work that goes well (Wagtail: each publication) is for a server's log.
    """
    global _by_hand  # noqa: PLW0603 - settings are read once, and take no arguments
    _by_hand = True


def configuration(log_format: str, level: str) -> dict[str, Any]:
    """Return the logging configuration, as ``logging.config.dictConfig`` reads it.

    ``log_format`` is "console" or "json"; ``level`` the least severe level that is logged.
    Raises ``ValueError`` for another format.
    """
    if log_format not in {"console", "json"}:
        raise ValueError(f"the log format is console or json, not {log_format!r}")
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The other kind prints local variables, and with them what people typed.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if log_format == "json":
        last.append(structlog.processors.format_exc_info)
    of_others = "WARNING" if _by_hand and level == "INFO" else level
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [*last, renderer],
                "foreign_pre_chain": _steps(),
            }
        },
        "filters": {"seldom": {"()": Seldom}, "seldom crowded": {"()": Seldom}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": of_others},
        "loggers": {
            "broadsheet": {"level": level},
            # Every 404 would be a line of its own beside the request's.
            "django.request": {"level": "ERROR"},
            # Robots ask every address of the net for any name; an operator who forgot to allow
            # one still learns it.
            "django.security.DisallowedHost": {"filters": ["seldom"]},
            "broadsheet.connections": {"filters": ["seldom crowded"]},
            # What it says of its own comings and goings, and of each request that is none, is for
            # whoever debugs.
            "uvicorn.error": {"level": level if level == "DEBUG" else "ERROR"},
            # Each search index update would be two lines.
            "django_tasks": {"level": "WARNING"},
            "PIL": {"level": "INFO"},
        },
    }


class Seldom(logging.Filter):
    """Let one line a minute pass, as a warning without its traceback."""

    _EVERY_S = 60.0

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether ``record`` is logged."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._EVERY_S
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        record.exc_info = record.exc_text = None
        return True


def _steps() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _forget_persons,
    ]


def configure() -> None:
    """Let structlog's own loggers speak through the standard library's."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_steps(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _forget_persons(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    # Django's own lines carry the request, which prints with its query.
    event.pop("request", None)
    if "client" in event:
        event["client"] = network_of(str(event["client"]))
    return event


def network_of(address: str) -> str:
    """Return the network an IP address lies in: 24 bits of version 4, 48 of version 6.

    What is no address becomes "-".
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "-"
    bits = 24 if ip.version == 4 else 48  # noqa: PLR2004 - the version of the protocol
    return str(ipaddress.ip_network((ip, bits), strict=False))
