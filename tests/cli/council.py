"""What the tests of the program ask about: two authorities' audits, and the system that holds them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from events.subjects import aggregate_subject
from services.store.link import close_link, open_link
from tests.cli.program import Line, Program, Said, write_lines
from tests.lives import TORBAY_LOWEST, Life, cast
from workers.histories.rebuilding import rebuild_view
from workers.system import System

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
"""The system's clock."""

BRACKETS = "see [bold]the child[/bold] alone [/]"
"""A text that a program must not take for a word to itself."""


def _action(audit: str) -> Line:
    return {"action": f"{audit}-1", "text": BRACKETS, "owner": "P-SW", "due": "2026-02-20"}


def closed(authority: str, audit: str) -> Life:
    life = (
        Life(authority, audit, child=f"C-{audit}").allocated("2026-01-05", child_number="4711").prepared("2026-01-14")
    )
    life.submitted("2026-01-15", actions=[_action(audit)]).to_moderator("2026-01-16")
    best = life.policy.grades.overall[0]
    changed: Line = {"answers": {"impact_since": BRACKETS}} if authority == "halton" else {}
    life.moderated("2026-01-20", best, rationale="the evidence carries more", **changed)
    manager = ("P-TM", "team_manager") if authority == "torbay" else ("P-SW", "worker")
    life.act("action.complete", "2026-02-02", *manager, action=f"{audit}-1", impact="seen weekly")
    return life.confirmed("2026-02-03").closed("2026-02-09")


LIVES = (
    closed("torbay", "T-CLOSED"),
    Life("torbay", "T-LATE", child="C-LATE").allocated("2026-05-04"),
    Life("torbay", "T-LOWEST", child="C-LOWEST")
    .allocated("2026-03-02")
    .submitted("2026-03-09T10:00", TORBAY_LOWEST, answers={"risks": ["neglect"], "themes": ["drift in plans"]}),
    closed("halton", "H-CLOSED"),
    Life("halton", "H-INADEQUATE").allocated("2026-03-07").submitted("2026-03-12T10:00", "Inadequate"),
)


@dataclass(frozen=True)
class Council:
    """A system, the program that asks it, and what was imported."""

    program: Program
    system: System
    file: Path
    imported: Said | None = None
    authority: str = "torbay"

    @property
    def length(self) -> int:
        """How many events the authority's stream holds."""
        return self.system.history(self.authority).position()

    def know(self, *views: str) -> None:
        """Bring these views up to date where nobody works."""
        for view in views:
            rebuild_view(self.system, view, lambda _authority, _position: None)

    def write(self, lines: Iterable[Line | bytes]) -> str:
        """A file of lines, which are made this authority's; a line that is given as bytes stands as it is."""
        own = (line if isinstance(line, bytes) else {**line, "authority": self.authority} for line in lines)
        return write_lines(self.file, own)

    def imports(self, lines: Iterable[Line | bytes], *arguments: str) -> Said:
        """Import lines of this authority."""
        return self.program.run("import", self.write(lines), "--json", *arguments)


STAFFED = len(cast("torbay")) + 2
"""The events of a council that is `staffed`: one for each line, and the import that brought them."""


def staffed(council: Council) -> Council:
    """The council with its units and those who run its months (`tests.lives.cast`), where it had nobody."""
    assert council.imports(cast("torbay")).code == 0
    return council


def no_policy(authority: str, council: Council) -> str:
    """The line about an authority that there is not."""
    known = ", ".join(council.system.authorities)
    return f"sightline: authority: no policy here for {authority}; known: {known}\n"


def bad_message(council: Council) -> int:
    """Write what no reader takes; its position."""
    link = open_link(council.system.url)
    try:
        subject = aggregate_subject(council.authority, "audit/X-1")
        return link.run(link.client.jetstream().publish(subject, b"{}")).seq
    finally:
        close_link(link)
