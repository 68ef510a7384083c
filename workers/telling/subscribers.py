"""Other services that read what is published: consumers of their own, and an account that reaches nothing else.

The consumer is made here and not by the subscriber: whoever may make one may have messages delivered into any subject
of the account with the streams, also into a council's history.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import nats.errors
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from events.errors import NotFound, Refused
from events.subjects import published_stream
from services.store.errors import StoreUnavailable
from services.store.source import ApiRefused, api
from workers.intake.pulling import consumer_info
from workers.telling.following import Wanted, written

PREFIX = "subscriber-"
"""How the names of subscribers' users and consumers begin."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 32

ACK_WAIT = 30.0
"""Seconds after which a message comes again that was not acknowledged."""

MOST_IN_HAND = 1_000


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One service that reads. Refused where the name could not stand in a subject.

    The same word names its consumers, its user and its inbox.
    """

    name: str

    def __post_init__(self) -> None:
        if len(self.name) > LONGEST or not _NAME.fullmatch(self.name):
            raise Refused("name", f"{self.name!r}: lower-case letters, digits and single hyphens, at most {LONGEST}")

    @property
    def user(self) -> str:
        """Its user, and the name of its consumer in each council's stream."""
        return f"{PREFIX}{self.name}"

    @property
    def variable(self) -> str:
        """The variable of the server's environment that holds its password."""
        return f"NATS_SUBSCRIBER_{self.name.upper().replace('-', '_')}_PASSWORD"

    def account(self, authorities: Iterable[str]) -> str:
        """Its account as it stands in `subscribers.conf`: its own consumers, and nothing else."""
        subjects = ["$JS.API.INFO"]
        for authority in authorities:
            own = f"{published_stream(authority)}.{self.user}"
            subjects += [f"$JS.API.CONSUMER.{act}.{own}" for act in ("INFO", "MSG.NEXT", "RESET")]
            subjects.append(f"$JS.ACK.{own}.>")
        imports = "\n".join(f'    {{ service: {{ account: SIGHTLINE, subject: "{each}" }} }}' for each in subjects)
        allowed = "\n".join(f'            "{each}"' for each in subjects)
        return f"""{self.user.upper().replace("-", "_")}: {{
  imports: [
{imports}
  ]
  users: [
    {{
      user: "{self.user}", password: ${self.variable}
      permissions: {{
        publish: {{
          allow: [
{allowed}
          ]
        }}
        subscribe: {{ allow: ["_INBOX.{self.user}.>"] }}
      }}
    }}
  ]
}}
"""


async def subscribe(client: Client, subscriber: Subscriber, wanted: Wanted, first: int | None) -> None:
    """Make the subscriber's consumer of the council that is `wanted`, beginning at `first` or the instant asked for.

    One that is there is made again, and so begins there: that is a replay. StoreUnavailable without an answer.
    """
    js, stream = client.jetstream(), published_stream(wanted.authority)
    config = ConsumerConfig(
        name=subscriber.user,
        durable_name=subscriber.user,
        filter_subjects=wanted.filters,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
        max_ack_pending=MOST_IN_HAND,
        deliver_policy=DeliverPolicy.BY_START_TIME if first is None else DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=first,
        opt_start_time=written(wanted.since) if first is None and wanted.since else None,  # type: ignore[arg-type]  # it is sent as it stands
    )
    try:
        if await consumer_info(js, stream, subscriber.user) is not None:
            await js.delete_consumer(stream, subscriber.user)
        await js.add_consumer(stream, config=config)
    except nats.errors.Error as error:
        raise StoreUnavailable(f"stream {stream}: consumer {subscriber.user} not made ({error})") from error


@dataclass(frozen=True, slots=True)
class Reader:
    """How far a subscriber has read one council's stream: what waits for it, and what it has in hand."""

    user: str
    waiting: int
    unacknowledged: int
    position: int


async def readers(client: Client, authority: str, *, within: float) -> list[Reader]:
    """Every subscriber of the council, by name. One question tells of some hundreds of them.

    StoreUnavailable without an answer in that time, such as for an account that may not ask.
    """
    stream = published_stream(authority)
    found: list[dict[str, Any]] = []
    total = 1
    while len(found) < total:
        try:
            page = await api(client, f"CONSUMER.LIST.{stream}", {"offset": len(found)}, within=within)
        except ApiRefused as refused:
            raise StoreUnavailable(f"stream {stream}: consumers not told ({refused})") from refused
        total = page["total"] if page["consumers"] else 0
        found += page["consumers"]
    return [
        Reader(each["name"], each["num_pending"], each["num_ack_pending"], each["delivered"]["stream_seq"])
        for each in sorted(found, key=lambda each: str(each["name"]))
        if each["name"].startswith(PREFIX)
    ]


async def filters_of(client: Client, subscriber: Subscriber, authority: str) -> list[str]:
    """The subjects that the subscriber reads. NotFound where it has no consumer there."""
    info = await consumer_info(client.jetstream(), published_stream(authority), subscriber.user)
    if info is None:
        raise NotFound("subscriber", subscriber.name)
    return list(info.config.filter_subjects or [info.config.filter_subject or ">"])


async def unsubscribe(client: Client, subscriber: Subscriber, authority: str) -> None:
    """Take its consumer away; its account stands until it is taken out of the server's configuration.

    NotFound where it has none there.
    """
    try:
        await client.jetstream().delete_consumer(published_stream(authority), subscriber.user)
    except NotFoundError as error:
        raise NotFound("subscriber", subscriber.name) from error
    except nats.errors.Error as error:
        raise StoreUnavailable(f"consumer {subscriber.user}: not taken away ({error})") from error
