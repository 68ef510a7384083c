"""Three servers on loopback that make a real cluster, for what only replicated streams can show."""

import socket
from pathlib import Path
from typing import Self

from services.nats_server import LOOPBACK, NatsServer, ServerConfig

NODES = 3


class Cluster:
    """A cluster named by its folder. Usable as a context manager; `url` names every node."""

    def __init__(self, folder: Path) -> None:
        ports = _free_ports(NODES)
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


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
