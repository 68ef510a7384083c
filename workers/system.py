"""What every worker process needs, made once from the settings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from nats.aio.client import Client
from sqlalchemy import Engine

from events.errors import Refused, Unavailable
from events.subjects import stream_name
from projections.generations import authorities_read
from projections.store import open_store
from services.clock import Clock, shifted_clock
from services.modules import CATALOGUE
from services.nats_server import running_server
from services.policy_folder import proposals_of
from services.private import make_private, private_file
from services.settings import Settings
from services.store.errors import NotAllowed
from services.store.link import Link, close_link, connect, inbox_of, open_link
from services.store.provisioner import Layout, check, histories, stands, unseen
from services.store.source import Source
from workers.kept.witnesses import compare
from workers.rules import Rules
from workers.unfiled import Kept

if TYPE_CHECKING:
    from faststream.nats import NatsBroker
    from faststream.types import BrokerMiddleware

    from projections.moments import Moment
    from projections.view import Declared
    from services.core.catalogue import Catalogue
    from services.policy.versions import Policies
    from services.store.application import History

H = TypeVar("H", bound="History")

RECONNECT_SECONDS = 0.25
NO_OTHERS: "Mapping[str, Declared]" = {}


def nats_url(settings: Settings) -> str:
    """Where the server is: as set, or the embedded one of the data folder. It may hold a token: never log it.

    Unavailable when neither is there.
    """
    url = settings.nats or running_server(settings.data)
    if url is None:
        raise Unavailable(f"no nats-server runs in {settings.data}: start `sightline up`, or set SIGHTLINE_NATS")
    return url


class System:
    """Policies, clock, histories and database of one process.

    `policies` are those by which work is decided: what each history has adopted (see `workers.rules`). `ends` knows
    where the histories end, while a process keeps it.

    It works with the parts of the domain in `catalogue`. `own_views` are kept beside the project's views, by their
    names.

    Making it reads the policy folder and finds the server, but connects to nothing. Raises PolicyError or
    Unavailable. Close it, or use it as a context manager; closing twice changes nothing.
    """

    moment: "Moment | None" = None
    """The moment in the past as at which it answers (see `workers.asking.past`); None for the present."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        catalogue: "Catalogue" = CATALOGUE,
        own_views: "Mapping[str, Declared]" = NO_OTHERS,
    ) -> None:
        self.catalogue = catalogue
        self.own_views = own_views
        self.settings = settings
        self.url = nats_url(settings)
        proposed = proposals_of(settings.policies, None if catalogue is CATALOGUE else catalogue.known)
        self.rules = Rules(proposed, self.history, stands=self._stands, kept=self._kept)
        self.ends = self.rules.ends
        self.policies: Mapping[str, Policies] = self.rules
        self.clock = clock or shifted_clock(settings.clock_offset)
        self._histories: dict[str, History] = {}
        self._engine: Engine | None = None

    @property
    def live(self) -> "System":
        """The system as it is: where what is recorded on asking is recorded, whatever moment is asked about."""
        return self

    @property
    def authorities(self) -> tuple[str, ...]:
        """Every authority that has a policy (see `workers.rules`), and of whose history the account may know.

        StoreUnavailable, PolicyError; NotAllowed where the account may know of none of them.
        """
        known = tuple(each for each in self.policies if each not in self.unseen)
        if self.unseen and not known:
            raise NotAllowed(f"the account may ask for the history of none of {', '.join(sorted(self.unseen))}")
        return known

    @cached_property
    def unseen(self) -> frozenset[str]:
        """The authorities with sound files for whose histories the account may not ask: nobody works for them with it.

        A council whose accounts are not there yet stops no other. Asked once. StoreUnavailable.
        """
        if self.settings.nats is None:  # a server of one's own has no accounts
            return frozenset()
        link = self.link()
        try:
            return link.run(unseen(link.client, self.rules.proposed))
        finally:
            close_link(link)

    def known(self, authority: str) -> str:
        """The authority, if there is a policy for it; Refused otherwise, PolicyError where its files break a rule."""
        if authority not in self.policies:
            if (error := self.rules.proposed.error_of(authority)) is not None:
                raise error
            raise Refused("authority", f"no policy here for {authority}; known: {', '.join(self.authorities)}")
        return authority

    @property
    def engine(self) -> Engine:
        """The database of the views, opened at the first use. Unavailable when it cannot be reached."""
        if self._engine is None:
            if self.settings.database is None:
                make_private(self.settings.data)
                private_file(self.settings.data / "views.sqlite")
            self._engine = open_store(self.settings.database_url)
        return self._engine

    def history(self, authority: str) -> "History":
        """The history of one authority, connected at the first use. StoreUnavailable when it cannot be reached."""
        if authority not in self._histories:
            from services.store.application import History  # noqa: PLC0415 - most questions are to the views alone

            self._histories[authority] = self.opened(History, authority)
        return self._histories[authority]

    def position(self, authority: str) -> int:
        """The newest position in the authority's stream, 0 for none. StoreUnavailable when it cannot be reached."""
        link = self.link()
        try:
            return link.run(Source(link.client, stream_name(authority)).last_sequence())
        finally:
            close_link(link)

    def _stands(self, authority: str) -> bool:
        """Whether there is a history of the authority. StoreUnavailable when that cannot be asked."""
        link = self.link()
        try:
            return link.run(stands(link.client, authority))
        finally:
            close_link(link)

    def _kept(self) -> Kept:
        """Whose histories are kept here. On a server that others use as well, that is known by what was read of them.

        StoreUnavailable or Unavailable when the server or the database cannot be asked.
        """
        read = frozenset[str]() if self.views is None else authorities_read(self.views)
        if self.settings.nats is not None:
            return Kept(read=read)
        link = self.link()
        try:
            return Kept(link.run(histories(link.client)), read)
        finally:
            close_link(link)

    def opened(self, kind: type[H], authority: str) -> H:
        """A history of that kind, of the caller's own, connected as the settings say. StoreUnavailable as above."""
        return kind(
            authority, self.url, credentials=self.settings.nats_credentials, archives=self.settings.archives_folder
        )

    def broker(self, *, typed: bool = False, middlewares: Sequence["BrokerMiddleware[Any, Any]"] = ()) -> "NatsBroker":
        """A broker, not yet connected. It tries for ever to get a lost connection back.

        It logs nothing by itself: it would write the subject of every message. Events it leaves as they are: the
        contracts of `events` decode them, once. With `typed` the parameters of handlers are taken from messages.
        """
        from workers.intake.broker import QuickBroker, credentials  # noqa: PLC0415 - a question to the views needs no broker

        return QuickBroker(
            self.url.split(","),
            security=credentials(self.settings.nats_credentials),
            logger=None,
            apply_types=typed,
            middlewares=middlewares,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,  # the client itself takes fractions
            graceful_timeout=10,
            inbox_prefix=inbox_of(self.url),
            archives=self.settings.archives_folder,
        )

    async def connect(self) -> Client:
        """A plain connection of the caller's own. StoreUnavailable when none can be made."""
        return await connect(
            self.url, credentials=self.settings.nats_credentials, archives=self.settings.archives_folder
        )

    @property
    def lists_streams(self) -> bool:
        """Whether the server may be asked for all histories at once: none of `deploy`'s accounts may list streams."""
        return self.settings.nats_credentials is None and inbox_of(self.url) == inbox_of("")

    def link(self) -> Link:
        """The process's connection for code that is not asynchronous; give it back with `close_link`.

        StoreUnavailable when it cannot be made.
        """
        return open_link(self.url, credentials=self.settings.nats_credentials, archives=self.settings.archives_folder)

    async def check(self, client: Client, authorities: Iterable[str] | None = None) -> None:
        """Refuse to start on streams of these authorities, or of all, that are not as they must be.

        Drifted names the stream and the setting, HistoryLost what is gone, BrokenHistory a stream that has lost events,
        RolledBack one that is not what the views have read of it (so nobody writes on it), StoreUnavailable a server
        that is not fit.
        """
        named = tuple(self.authorities if authorities is None else authorities)
        await check(client, named, self.layout)
        await compare(client, named, self.views)

    async def compare(self, client: Client) -> None:
        """RolledBack where a history is not what the views have read of it; asks for one event a view, no more."""
        await compare(client, self.authorities, self.views)

    @property
    def layout(self) -> Layout:
        """How the streams must be. A moved clock is a rehearsal's (see `Layout`)."""
        settings = self.settings
        room = -1 if settings.history_bytes is None else settings.history_bytes
        return Layout(settings.replicas, room, rehearsal=settings.clock_offset != timedelta())

    @property
    def views(self) -> Engine | None:
        """The database of the views where there is one already; None on a machine where no view was ever kept."""
        if self.settings.database is None and not (self.settings.data / "views.sqlite").exists():
            return None
        return self.engine

    def close(self) -> None:
        """Give back what was opened."""
        while self._histories:
            self._histories.popitem()[1].close()
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
