"""The rules of each authority as a process knows them: those that its history has adopted, and what files propose.

They are read when an authority's are first asked for, and taken up again by and by: an adoption reaches a process that
takes commands within `LOOK_EVERY`, any other within `LOOK_AT_REST`, and at once where somebody else decided by it.
Until then work is decided by the version before. Where nothing was adopted yet, the files stand.

Here it is decided whose work a process does: that of each authority whose files are sound, and of each other one that
adopted its rules already (see `workers.unfiled`). A bad file of a council, or none, stops neither it nor another; where
nothing was adopted yet, the council begins with the first start after the file was mended.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from threading import RLock
from typing import TYPE_CHECKING

from events.errors import Unavailable
from services.log import Log
from workers.intake import ends
from workers.intake.ends import End, Ends
from workers.intake.pace import Pace
from workers.processes.together import unless
from workers.unfiled import Kept, Unfiled, unfiled

if TYPE_CHECKING:
    from services.adoption.state import Adoptions
    from services.policy.model import Policy
    from services.policy.versions import Name, Policies
    from services.policy_folder import Folder
    from services.store.application import History

LOOK_EVERY, LOOK_AT_REST = 5.0, 30.0
"""Seconds within which a process that runs hears of an adoption (see `workers.intake.pace`)."""

MOMENT = 1.0
"""Seconds that a look at the ends of the histories may take, so that what it tells is still believed."""

KNOWN, KNOWN_AT_REST = ends.LOOK_EVERY + MOMENT, ends.LOOK_AT_REST + MOMENT
"""Seconds that what is known of an end may be old: the looks come so much sooner."""

log = Log(__name__)


class Rules(Mapping[str, "Policies"]):
    """The policies of every authority that has one, by name. `proposed` is what the files say.

    `kept` tells whose histories there are, and `stands` whether the authority has one at all. `ends` knows where the
    histories end, while a process keeps it.
    """

    def __init__(
        self,
        proposed: "Folder",
        history: "Callable[[str], History]",
        known: Ends | None = None,
        *,
        stands: Callable[[str], bool] = lambda _: True,
        kept: Callable[[], Kept] = Kept,
    ) -> None:
        self.proposed = proposed
        self._history = history
        self._stands = stands
        self._kept = kept
        self.ends = known or Ends(self)
        self._looked: dict[str, End | None] = {}
        self._held: dict[str, Policies] = {}
        self._adopted: dict[str, Adoptions] = {}
        self._turn = RLock()

    def __getitem__(self, authority: str) -> "Policies":
        """The policies by which the authority's work is decided. KeyError for one that there is not.

        StoreUnavailable when its history cannot be reached, BrokenHistory when what it adopted cannot be read.
        """
        from services.policy.versions import Policies  # noqa: PLC0415 - most questions ask only whose policies there are

        with self._turn:
            if authority not in self._held:
                if authority not in self:
                    raise KeyError(authority)
                self._held[authority] = held = Policies(authority, (), again=partial(self.renew, authority))
                try:
                    self.renew(authority)
                    if not held.versions:  # only then are the files of every authority made sense of
                        held.take_up(self.proposed[authority].versions)
                except BaseException:
                    del self._held[authority]
                    raise
            return self._held[authority]

    def __contains__(self, authority: object) -> bool:
        return authority in self.proposed or authority in self.without_files

    def __iter__(self) -> Iterator[str]:
        """Every authority, by name. PolicyError, that of the first bad file or of the folder, where there is none."""
        names = sorted((*self.proposed, *self.without_files))
        if not names and (error := self.proposed.error) is not None:
            raise error
        return iter(names)

    def __len__(self) -> int:
        return len(self.proposed) + len(self.without_files)

    @property
    def without_files(self) -> frozenset[str]:
        """The authorities that go on by what they adopted: their file breaks a rule, or there is none."""
        return frozenset(each for each, found in self.unfiled.items() if found is Unfiled.ADOPTED)

    @cached_property
    def unfiled(self) -> Mapping[str, Unfiled]:
        """What there is of each authority whose file breaks a rule, or that has a history and no file.

        Asked once. StoreUnavailable or Unavailable when the histories or the views cannot be reached.
        """
        doubtful = {authority for each in self.proposed.unsound for authority in each.of}
        kept = self._kept()
        others = Kept(kept.here.difference(self.proposed), kept.read.difference(self.proposed))
        return unfiled(doubtful, others, self._stands, self._history)

    def holds(self, authority: str) -> bool:
        """Whether the authority's rules are at hand: to ask for them reads nothing."""
        return authority in self._held

    def of(self, authority: str) -> "RulesOf":
        """The authority's rules for whom it may be enough by what events name them."""
        return RulesOf(self, authority)

    def named_on(self, authority: str, day: date) -> "Name":
        """By what events name the version in force on a day; what it says is read only where nothing was adopted.

        Errors as for the policies, but that what was adopted is not read, so it need not be readable.
        """
        from events.policies import ADOPTIONS  # noqa: PLC0415 - as above
        from services.adoption.state import Adoptions  # noqa: PLC0415 - as above

        if not self.holds(authority):
            told = Adoptions.of(self._history(authority).load(ADOPTIONS)).named_on(day)
            if told is not None:
                return told
        return self[authority].named_on(day)

    def adopted(self, authority: str) -> "Adoptions":
        """What the authority's history has adopted so far; nothing before the first time."""
        from services.adoption.state import Adoptions  # noqa: PLC0415 - as above

        held = self[authority]
        return self._adopted.get(held.authority, Adoptions())

    def renew(self, authority: str) -> bool:
        """Take up what was adopted since the last look; whether anything was."""
        from services.adoption.state import Adoptions  # noqa: PLC0415 - as above
        from services.policy.adopted import RECORD  # noqa: PLC0415 - as above

        with self._turn:
            before = self._adopted.get(authority, Adoptions())
            news = self._history(authority).load(RECORD, after=before.version)
            if not news:
                return False
            found = Adoptions(before.version, list(before.adopted))
            for each in news:
                found.apply(each)
            if found.adopted:
                self._held[authority].take_up(found.versions())
            self._adopted[authority] = found
            return True

    async def keep(self, stop: asyncio.Event, *, commands: bool = False) -> None:
        """Look for adoptions until it is time to stop, for those authorities whose rules were asked for.

        A process that takes `commands` never rests: what it decides names the version for ever.
        """
        often, within = LOOK_EVERY - KNOWN, KNOWN if commands else KNOWN_AT_REST
        pace = Pace(often, often if commands else LOOK_AT_REST - KNOWN_AT_REST)
        while not await unless(stop, pace.seconds):
            for authority in tuple(self._held):
                end = self.ends.of(authority, within=within)
                if end is not None and end == self._looked.get(authority):
                    continue
                try:
                    if await asyncio.to_thread(self.renew, authority):
                        pace.news()
                    self._looked[authority] = end
                except Unavailable as error:  # the next look may do better; whoever decides meanwhile hears of it
                    log.warning("rules were not looked at", authority=authority, reason=str(error))


@dataclass(frozen=True, slots=True)
class RulesOf:
    """The rules of one authority, read once somebody asks what they say."""

    rules: Rules
    authority: str

    def in_force(self, day: date) -> "Policy":
        """The version in force on a day. Errors as for the policies (`Rules`)."""
        return self.rules[self.authority].in_force(day)

    def named_on(self, day: date) -> "Name":
        """By what events name that version (see `Rules.named_on`)."""
        return self.rules.named_on(self.authority, day)
