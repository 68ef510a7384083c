"""Who reads texts on the command line, and the opening of those that an answer holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from events.errors import Refused
from services.settings import Settings
from services.texts.asking import Reader, Sealed, operator
from workers.cli.options import InPages, QuestionInTime, reference
from workers.system import System

if TYPE_CHECKING:
    from projections.action_tracker import ActionRow
    from services.keyring import Keyring

Unseal = Callable[[str | None, str], str | None]
"""Gives the text of a sealed one, of the field that it was sealed for; None stays None."""


@dataclass(frozen=True, kw_only=True)
class QuestionOfTexts(QuestionInTime):
    """A question whose answer holds texts, which are opened for a person who needs to know them."""

    actor: Annotated[
        str | None,
        typer.Option(envvar="SIGHTLINE_ACTOR", help="Who reads; without it, the operator of the embedded default."),
    ] = None
    role: Annotated[str | None, typer.Option("--role", help="In which role; without it, one that opens texts.")] = None

    @property
    def reader(self) -> Reader:
        """Who reads. Refused without a name where the installation is not the embedded default."""
        return reader(self.settings, self.actor, self.role)

    @property
    def of_the_present(self) -> "QuestionOfTexts":
        """The same question to the views of today, for an answer that looks back by itself, as a report does."""
        return replace(self, as_at=None, as_known=None)


@dataclass(frozen=True, kw_only=True)
class ListOfTexts(InPages, QuestionOfTexts):
    """A question whose answer is a list with texts, of which those on the page are opened."""


def reader(settings: Settings, actor: str | None = None, role: str | None = None) -> Reader:
    """Who reads on this command line: the person who is named, or the operator of the embedded default.

    Refused, naming the field, for what is no reference, and without a name anywhere else.
    """
    if reference("actor", actor) is not None:
        return Reader(actor or "", "cli", role)
    if role is not None or not settings.embedded:
        raise Refused("actor", "needed: who reads, by --actor or SIGHTLINE_ACTOR")
    return operator()


def opened(system: System, authority: str, by: Reader, sealed: Iterable[Sealed]) -> Unseal:
    """The texts that the reader needs to know, once their opening is on record. Nothing sealed asks nobody."""
    asked = list(sealed)
    if not asked:
        return _of({})
    from workers.recording.desks import keyrings  # noqa: PLC0415 - where nothing is sealed, no key is needed

    with keyrings(system, [authority]) as (rings, _):
        return opened_with(system, authority, by, asked, rings[authority])


def opened_with(system: System, authority: str, by: Reader, sealed: Iterable[Sealed], ring: "Keyring") -> Unseal:
    """The same, with a keyring that is at hand."""
    from workers.asking.texts import texts_of  # noqa: PLC0415 - as above

    return _of(texts_of(system, authority, ring).opened(by, sealed))


def _of(told: dict[str, str]) -> Unseal:
    def unseal(text: str | None, field: str) -> str | None:
        del field
        return None if text is None else told[text]

    return unseal


def of_field(rows: Iterable[Any], field: str, name: str, record: Callable[[Any], str]) -> list[Sealed]:
    """What the rows hold in the column of that name, sealed for the field; nothing where it is empty."""
    return [
        Sealed(record(row), field, text, getattr(row, "action", ""))
        for row in rows
        if (text := getattr(row, name)) is not None
    ]


def of_actions(rows: "Iterable[ActionRow]") -> list[Sealed]:
    """What was to be done, and what difference it made."""

    def record(row: "ActionRow") -> str:
        return f"{'entry' if row.kind else 'audit'}/{row.audit}"

    held = list(rows)
    return of_field(held, "action.text", "text", record) + of_field(held, "action.impact", "impact", record)
