"""How fast the keyring seals, opens and makes keys. Run: `python -m tests.bench.keyring`."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from services.clock import shifted_clock
from services.keyring import JetStreamBucket, Keyring, MasterKey
from services.nats_server import NatsServer, ServerConfig
from services.store.link import close_link, open_link
from tests.services.keyring.server_bucket import make_bucket

TEXT = "The worker saw the child alone and wrote down the child's own words. " * 3
CHILDREN = [f"C-{number}" for number in range(20_000)]
ROUNDS = 100_000


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, NatsServer(ServerConfig(Path(folder) / "nats")) as server:
        link = open_link(server.url)
        make_bucket(link, "bench")
        master = MasterKey.load_or_create(Path(folder) / "master.key")

        def opened() -> Keyring:
            return Keyring("bench", master, JetStreamBucket(link, "bench"), clock=shifted_clock())

        ring, second = opened(), opened()
        print(f"new keys, many at once    {len(CHILDREN) / seconds(lambda: ring.ensure(CHILDREN)):>9,.0f} /s")
        print(f"keys loaded by a second   {len(CHILDREN) / seconds(lambda: second.load(CHILDREN)):>9,.0f} /s")
        singles = [f"S-{number}" for number in range(500)]
        taken = seconds(lambda: [ring.seal(child, "evidence", TEXT) for child in singles])
        print(f"first text of a new child {1e3 * taken / len(singles):>9.2f} ms")
        text = TEXT[:200]
        sealed = ring.seal("C-1", "evidence", text)
        sealing = seconds(lambda: [ring.seal("C-1", "evidence", text) for _ in range(ROUNDS)])
        opening = seconds(lambda: [ring.unseal(sealed, "evidence") for _ in range(ROUNDS)])
        print(f"seal 200 characters       {1e6 * sealing / ROUNDS:>9.2f} µs")
        print(f"open 200 characters       {1e6 * opening / ROUNDS:>9.2f} µs")
        erased = singles[:100]
        print(f"erase                     {1e3 * seconds(lambda: [*map(ring.erase, erased)]) / 100:>9.2f} ms")
        close_link(link)


if __name__ == "__main__":
    main()
