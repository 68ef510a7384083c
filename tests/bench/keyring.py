"""How fast the keyring seals, opens and makes keys. Alone: `python -m tests.bench.keyring`."""

import tempfile
from pathlib import Path

from services.clock import shifted_clock
from services.keyring import JetStreamBucket, Keyring, MasterKey
from services.nats_server import NatsServer, ServerConfig
from services.store.link import close_link, open_link
from tests.bench.report import Row, machine, seconds, show, speed_row
from tests.stores import Store

TEXT = "The worker saw the child alone and wrote down the child's own words. " * 3


def keyring(store: Store, folder: Path, *, children: int = 10_000, rounds: int = 50_000) -> list[Row]:
    """Keys made and loaded, texts sealed and opened, keys erased."""
    authority = store.authority()
    folder.mkdir(parents=True, exist_ok=True)
    master = MasterKey.load_or_create(folder / "bench-master.key")

    def opened() -> Keyring:
        return Keyring(authority, master, JetStreamBucket(store.link, authority), clock=shifted_clock())

    ring, second = opened(), opened()
    names = [f"C-{number}" for number in range(children)]
    made = children / seconds(lambda: ring.ensure(names))
    loaded = children / seconds(lambda: second.load(names))
    text = TEXT[:200]
    sealed = ring.seal("C-1", "evidence", text)
    sealing = rounds / seconds(lambda: [ring.seal("C-1", "evidence", text) for _ in range(rounds)])
    opening = rounds / seconds(lambda: [ring.unseal(sealed, "evidence") for _ in range(rounds)])
    erased = names[: min(100, children)]
    erasing = len(erased) / seconds(lambda: [*map(ring.erase, erased)])
    return [
        speed_row("keyring, new keys at once", made, unit="keys/s"),
        speed_row("keyring, keys loaded", loaded, unit="keys/s"),
        speed_row("keyring, seal 200 characters", sealing, unit="texts/s"),
        speed_row("keyring, open 200 characters", opening, unit="texts/s"),
        speed_row("keyring, erase", erasing, unit="keys/s"),
    ]


def main() -> None:
    """Print the figures of this machine."""
    with tempfile.TemporaryDirectory() as folder, NatsServer(ServerConfig(Path(folder) / "nats")) as server:
        link = open_link(server.url)
        show(keyring(Store(server.url, link, replicas=1), Path(folder)), machine())
        close_link(link)


if __name__ == "__main__":
    main()
