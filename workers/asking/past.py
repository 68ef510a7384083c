"""The system as it stood at the end of a day, for whatever asks the present one: views, histories, clock, directory.

The views come from the timeline (see `projections.past`); they are kept in a folder of the data folder, so that a
second question of the same day costs one look. Measured on 100,000 events of two years, one year back, on two cores: a
view takes 1 to 2.5 seconds of processor time the first time, all that are folded 4.8, then 5 milliseconds.
Of what is worked out from records (`owed`) only those that were under way are worked out: the live view says the rest.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from events.errors import Refused
from events.recorded import Recorded
from projections.moments import Moment
from projections.past import Making, fold_past
from projections.store import open_store
from projections.timeline import SHAPE as TIMELINE
from projections.view import WorkedOut
from services.clock import Clock, local_date
from services.policy.model import Policy
from services.policy.versions import Policies
from services.private import make_private, private_file
from services.store.application import History
from services.store.mapper import StateSnapshot
from workers.system import System
from workers.views.made import made, worked_out_from

PAST_FROM = TIMELINE.name
"""The view from which every other one of the past is made."""

KEPT = 24
"""So many days of the past are kept, the ones that were asked for last."""


class HistoryAt(History):
    """The facts of one authority that belong to a moment. It is read only."""

    moment = Moment()

    def append(self, *_: object, **__: object) -> tuple[int, ...]:
        """Refused: nothing is recorded in the past."""
        raise Refused("as-at", "nothing is recorded in a history as it stood")

    def _facts(self, aggregate_id: str, gt: int | None = None) -> Iterator[Recorded]:
        return (each for each in super()._facts(aggregate_id, gt) if self.moment.holds(each.envelope))

    def load_all(self, aggregate_ids: Iterable[str]) -> dict[str, tuple[Recorded, ...]]:
        """As of the present, but of each only what belongs to the moment."""
        found = super().load_all(aggregate_ids)
        return {
            name: tuple(each for each in facts if self.moment.holds(each.envelope)) for name, facts in found.items()
        }

    def _snapshot(self, aggregate_id: str, kind: str) -> StateSnapshot | None:
        """None: a snapshot holds what came since."""
        del aggregate_id, kind
        return None


class SystemAt(System):
    """A system of which everything that is asked about one authority is answered as it stood at a moment.

    Its clock stands at the end of the moment's day. `live` is the system as it is, for what is recorded on asking.
    `views` are the names of those that may be asked. Closing it leaves the live system as it is.
    """

    def __init__(self, live: System, authority: str, moment: Moment, views: Iterable[str]) -> None:
        self._live = live
        self.authority = authority
        self.moment = self._moment = moment
        self.catalogue = live.catalogue
        self.own_views = live.own_views
        self.settings = live.settings
        self.url = live.url
        self.rules = live.rules
        self.policies = PoliciesAt(live.policies, moment)
        self.clock: Clock = lambda: min(moment.now or live.clock(), live.clock())
        self._asked = tuple(dict.fromkeys(views))
        self._histories: dict[str, History] = {}
        self._engine: Engine | None = None

    @property
    def live(self) -> System:
        """The system as it is."""
        return self._live

    @property
    def engine(self) -> Engine:
        """The views as they stood, made at the first use."""
        if self._engine is None:
            self._engine = self._made()
        return self._engine

    @property
    def views(self) -> Engine | None:
        """The database of the views as it is: what they have read is held against the streams."""
        return self._live.views

    def history(self, authority: str) -> History:
        """The history of an authority up to the moment. Nothing can be recorded in it."""
        if authority not in self._histories:
            found = self.opened(HistoryAt, authority)
            found.moment = self._moment
            self._histories[authority] = found
        return self._histories[authority]

    def _made(self) -> Engine:
        place = _place(self.settings.data, self._live, f"{self.authority}-{self._moment.name}")
        engine = open_store(f"sqlite:///{place.absolute()}")
        try:
            views = [made(self, name) for name in self._asked]
            making = Making(
                live=self._live.engine,
                authority=self.authority,
                moment=self._moment,
                work_out=partial(worked_out_at, self),
                rules=rules_of(self.policies[self.authority]),
            )
            fold_past(making, engine, views)
        except BaseException:
            engine.dispose()
            raise
        return engine


def worked_out_at(system: System, authority: str, about: str, history: Sequence[Recorded]) -> WorkedOut | None:
    """What a record owed by this much of its history. One that had not begun owed nothing."""
    if history[0].originator_version > 1:
        return None
    return worked_out_from(system, authority, about, history)


class PoliciesAt(Mapping[str, Policies]):
    """The policies of a moment: the versions in force by its day, of those that were adopted by when it was known.

    The first one stands for the time before it.
    """

    def __init__(self, live: Mapping[str, Policies], moment: Moment) -> None:
        self._live = live
        self._moment = moment
        self._held: dict[str, Policies] = {}

    def __getitem__(self, authority: str) -> Policies:
        if authority not in self._held:
            versions = self._live[authority].versions
            held = tuple(each for each in versions if self._stood(each))
            self._held[authority] = Policies(authority, held or versions[:1])
        return self._held[authority]

    def __contains__(self, authority: object) -> bool:
        return authority in self._live

    def __iter__(self) -> Iterator[str]:
        return iter(self._live)

    def __len__(self) -> int:
        return len(self._live)

    def _stood(self, policy: Policy) -> bool:
        day, known = self._moment.day, self._moment.known_by
        since = policy.known_since
        adopted = known is None or since is None or local_date(since) <= known
        return adopted and (day is None or policy.effective_from <= day)


def rules_of(policies: Policies) -> str:
    """What tells these versions of a framework from any others."""
    held = "".join(each.digest or each.model_dump_json() for each in policies.versions)
    return sha256(held.encode()).hexdigest()


def moment_of(
    system: System, at: date | None, known: date | None, called: tuple[str, str] = ("as-at", "as-known")
) -> Moment | None:
    """The moment that is asked for; None for the present. Refused for a day to come, by its name in `called`."""
    today = local_date(system.clock())
    for option, day in zip(called, (at, known), strict=True):
        if day is not None and day > today:
            raise Refused(option, f"{day.isoformat()} has not come yet; today is {today.isoformat()}")
    return None if at is None and known is None else Moment(at, known)


def _place(data: Path, system: System, name: str) -> Path:
    """The file of that moment, in a folder that is its user's own; those that were asked for long ago go."""
    folder = data / "past"
    make_private(folder)
    database = sha256(system.settings.database_url.encode()).hexdigest()[:12]
    place = folder / f"{name}-{database}.sqlite"
    private_file(place)
    os.utime(place)
    kept = sorted(folder.glob("*.sqlite"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in kept[KEPT:]:
        for each in (file, *folder.glob(f"{file.name}-*")):
            with suppress(FileNotFoundError):  # another process dropped it just now
                each.unlink()
    return place
