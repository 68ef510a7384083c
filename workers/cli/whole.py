"""The whole program: which modules bring commands into it, and the way from a command's words to the command.

Only what is asked for is imported: whatever is said here is told by the modules themselves, once for each program
(see `workers.cli.listing`).
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.main import get_command, solve_typer_info_defaults

ADDING = (
    "recording",
    "showing",
    "show_register",
    "show_actions",
    "show_grade_changes",
    "show_escalations",
    "show_timeline",
    "show_notices",
    "stories",
    "packs",
    "show_owed",
    "overdue",
    "workload",
    "deliveries",
    "calendars",
    "planning",
    "running",
    "rebuilding",
    "following",
    "subscribers",
    "tokens",
    "trusting",
    "policy",
    "policy_language",
    "adopting",
    "trying",
    "show_programme",
    "statutory_reviews",
    "forms",
    "answered",
    "reads",
    "registers",
    "indicator_files",
    "indicator_months",
    "cases",
    "rounds",
    "reports",
    "reports_issued",
    "proofs",
    "erasing",
    "holding",
    "damages",
    "archives",
    "webhooks",
)
"""The modules that bring commands, in the order in which their commands are shown. Each has an `add_to`."""

Words = tuple[str, ...]

_own = typer.Typer(name="sightline", add_completion=False, pretty_exceptions_enable=False)
_origins: dict[Words, str] = {}


@_own.callback()
def _group() -> None:
    """A program of one command would be that command itself, and no group in which it is found."""


def own(*names: str) -> Any:
    """The program's own commands, as far as these modules, and those that were asked for before, bring them."""
    for name in names:
        _add(name)
    return _command(_add.cache_info().currsize)


@cache
def _command(_brought: int) -> Any:
    """The program as it is with so many modules: made once for all commands that are asked for after them."""
    return get_command(_own)


def origins() -> dict[Words, str]:
    """The words of every command and group of the program's own, with the module that brings it. Imports them all."""
    for name in ADDING:
        _add(name)
    return dict(_origins)


@cache
def _add(name: str) -> None:
    import_module(f"workers.cli.{name}").add_to(_own)
    for words in _registered(_own, ()):
        _origins.setdefault(words, name)


def _registered(at: typer.Typer, before: Words) -> Iterator[Words]:
    for each in at.registered_commands:
        yield (*before, each.name or "")
    for group in at.registered_groups:
        words = (*before, solve_typer_info_defaults(group).name or "")
        yield words
        if group.typer_instance is not None:
            yield from _registered(group.typer_instance, words)
