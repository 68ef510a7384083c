"""Three servers on loopback that make a real cluster, for what only replicated streams can show."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from services.nats_server import LOOPBACK, NatsServer, ServerConfig

NODES = 3


class Cluster:
    """A cluster named by its folder. Usable as a context manager; `url` names every node."""

    def __init__(self, folder: Path) -> None:
        self._held = [held_port() for _ in range(NODES)]
        ports = [each.getsockname()[1] for each in self._held]
        routes = ", ".join(f'"nats://{LOOPBACK}:{port}"' for port in ports)
        self.nodes = [
            NatsServer(
                ServerConfig(
                    folder / f"n{number}",
                    name=f"n{number}",
                    extra=f'cluster {{ name: "{folder.name}", listen: "{LOOPBACK}:{port}", routes: [{routes}] }}',
                )
            )
            for number, port in enumerate(ports, start=1)
        ]

    @property
    def url(self) -> str:
        return ",".join(node.url for node in self.nodes)

    def __enter__(self) -> Self:
        for node in self.nodes:
            node.start()
        return self

    def __exit__(self, *_: object) -> None:
        for node in self.nodes:
            node.stop(patience=5)
        for each in self._held:
            each.close()


@contextmanager
def kept_port() -> Iterator[int]:
    """A port for a server that goes away within the block and comes back at it: nobody else gets it meanwhile."""
    with held_port() as held:
        yield held.getsockname()[1]


def held_port() -> socket.socket:
    """A port that nobody else is given, nor connects from, until this is closed; who knows its number may listen."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((LOOPBACK, 0))
    return held
