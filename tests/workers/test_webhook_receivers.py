"""What a receiver must be, and what it may ask for: its own certificate, patience up to a limit, all since a day."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from events.audits import AuditSubmitted
from events.published.message import read
from services.settings import Settings
from services.webhooks.decisions import new_secret
from services.webhooks.targets import Reach
from tests.histories import allocated
from tests.workers.receiver import OK, Receiver, answer, receiving
from tests.workers.rig import LOWEST, Rig
from tests.workers.test_webhooks import QUICK, audits, set_webhook, until, waiting
from workers.webhooks import books
from workers.webhooks.posting import Addressed, NotTaken, Poster

MakeRig = Callable[..., Rig]
BODY = b'{"id":"m-1"}'


def certified(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """An authority of its own, and a server with a certificate of that authority for that name."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    own: x509.GeneralName = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([own]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority, private = folder / f"{name}.crt", folder / f"{name}.key"
    authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    unsealed = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, unsealed))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, private)
    return authority, context


@pytest.mark.parametrize(
    ("named", "taken"), [("hooks.example.org", True), ("other.example.org", False), ("127.0.0.1", False)]
)
async def test_a_certificate_for_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, *, taken: bool
) -> None:
    """The name of the address is held against the certificate, not the number that the connection goes to."""
    authority, context = certified(tmp_path, named)
    monkeypatch.setattr("certifi.where", lambda: str(authority))
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    reach = Reach(frozenset({port}), private=True, resolve=lambda _host, _port: ["127.0.0.1"])
    to = Addressed(f"https://hooks.example.org:{port}/hook", new_secret())
    async with Poster.opened(Settings(), reach, lambda: datetime.now(UTC)) as poster:
        found = await poster.post(to, "m-1", BODY)
    server.close()
    assert found == ("taken" if taken else NotTaken("unreachable"))
    assert [each.body for each in receiver.posts] == ([BODY] if taken else [])
    if taken:
        assert receiver.posts[0].headers["host"] == f"hooks.example.org:{port}"


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """The right name alone is not enough."""
    _, context = certified(tmp_path, "hooks.example.org")
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    reach = Reach(frozenset({port}), private=True, resolve=lambda _host, _port: ["127.0.0.1"])
    async with Poster.opened(Settings(), reach, lambda: datetime.now(UTC)) as poster:
        found = await poster.post(Addressed(f"https://hooks.example.org:{port}/", new_secret()), "m-1", BODY)
    server.close()
    assert (found, receiver.posts) == (NotTaken("unreachable"), [])


@pytest.mark.parametrize("asked", ["1", "date", "999999"])
async def test_a_receiver_is_left_alone_for_as_long_as_it_asks(make_rig: MakeRig, asked: str) -> None:
    """As a number or as a date it is heeded, beyond our own wait and up to the longest that is ours."""
    rig = make_rig(**QUICK | {"webhooks_longest_wait_seconds": 1.5 if asked == "999999" else 30.0})
    came: list[float] = []
    loop = asyncio.get_running_loop()

    def say(number: int, _posted: object) -> bytes:
        came.append(loop.time())
        if number > 1:
            return OK
        until = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
        return answer("503 Later", f"Retry-After: {until if asked == 'date' else asked}")

    async with receiving(say) as receiver, rig.workers("publisher"):
        await asyncio.to_thread(set_webhook, rig, receiver.url, types=("sightline.audit.returned.v1",))
        async with rig.workers("webhooks"):
            await asyncio.to_thread(audits, rig, "A-1")
            await rig.until(lambda: len(came) >= 2)
    least = {"1": 1.0, "date": 1.9, "999999": 1.5}[asked]  # a date has whole seconds
    assert least - 0.05 <= came[1] - came[0] <= 25  # a busy machine is late, and still before the longest that is ours
    assert receiver.ids[0] == receiver.ids[1]


async def test_all_since_an_instant_is_posted_once_more(make_rig: MakeRig) -> None:
    """With what came before the instant left out, each under its own id; what waits meanwhile is not lost."""
    rig = make_rig(**QUICK)
    async with receiving() as receiver, rig.workers("publisher"):
        await asyncio.to_thread(set_webhook, rig, receiver.url, types=("sightline.audit.returned.v1",))
        async with rig.workers("webhooks"):
            await asyncio.to_thread(audits, rig, "A-1")
            await until(receiver, 1)
            await rig.until(lambda: waiting(rig) == 0)
            since = datetime.now(UTC)
            await asyncio.to_thread(audits, rig, "A-2", "A-3")
            await until(receiver, 3)
            await rig.until(lambda: waiting(rig) == 0)
            first = list(receiver.ids)
            books.ask_since(rig.system.engine, rig.authority, "W-1", since)
            await rig.until(lambda: len(receiver.posts) >= 5)
            await asyncio.to_thread(audits, rig, "A-4")
            await until(receiver, 4)
    assert len(first) == 3
    assert set(receiver.ids[3:5]) == set(first[1:])  # several are posted at the same time
    assert len(receiver.ids) == 6


async def test_what_is_no_news_is_not_posted(make_rig: MakeRig) -> None:
    """Imported history is published apart, and posted to nobody, whatever types are wanted."""
    rig = make_rig(**QUICK)
    async with receiving() as receiver, rig.workers("publisher"):
        await asyncio.to_thread(set_webhook, rig, receiver.url, "W-1")
        await asyncio.to_thread(set_webhook, rig, receiver.url, "W-2", ("sightline.audit.returned.v1",))
        async with rig.workers("webhooks"):
            facts = (allocated(due=None), AuditSubmitted(grade=LOWEST))
            await asyncio.to_thread(partial(rig.record, "A-1", *facts, imported="import-1"))
            await asyncio.to_thread(audits, rig, "A-2")
            await rig.until(lambda: len(receiver.posts) >= 3)
            await rig.until(lambda: waiting(rig) == 0)
    assert {read(each.body)["subject"] for each in receiver.posts} == {"audit/A-2"}
    assert len(receiver.posts) == 3
