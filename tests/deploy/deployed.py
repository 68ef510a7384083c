"""The server that the tests of a deployment talk to, by the addresses of its roles."""

import os
import re
from dataclasses import dataclass

import nats.errors

from events.errors import Unavailable
from events.subjects import key_bucket, stream_name
from services.store.link import Link, close_link, open_link
from services.store.provisioner import Layout, provision
from tests.deploy.test_files import COUNCILS, DEPLOY

TORBAY = "torbay"
BCRYPT = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"  # of "abc", from bcrypt's published vectors
STREAM = stream_name(TORBAY)
BUCKET = f"KV_{key_bucket(TORBAY)}"


@dataclass(frozen=True)
class Deployed:
    """The server, by the addresses of its roles."""

    port: int

    def url(self, user: str) -> str:
        secret = "abc" if user == "reporting-torbay" else f"secret-{user}"
        return f"nats://{user}:{secret}@127.0.0.1:{self.port}"


def environment() -> dict[str, str]:
    """A password for each role: plain, and for one the hash of it."""
    names = re.findall(r'user: "([\w-]+)", password: \$(NATS_\w+)', (DEPLOY / "nats/accounts.conf").read_text())
    plain = {variable: f"secret-{user}" for user, variable in names}
    return {
        **os.environ,
        **plain,
        "NATS_REPORTING_TORBAY_PASSWORD": BCRYPT,
        "NATS_ROUTE_PASSWORD": "r",
        "NATS_NAME": "n",
    }


def provisioned(server: Deployed) -> bool:
    """Whether the provisioner made the streams; not before JetStream is ready."""
    try:
        link = open_link(server.url("provisioner"))
    except Unavailable:
        return False
    try:
        link.run(provision(link.client, COUNCILS, Layout()))
    except Unavailable:
        return False
    finally:
        close_link(link)
    return True


def refused(link: Link, subject: str, body: bytes = b"{}") -> bool:
    """Whether the server keeps the request from anybody's ears: nobody answers it."""
    try:
        link.run(link.client.request(subject, body, timeout=0.5))
    except nats.errors.TimeoutError:
        return True
    except nats.errors.NoRespondersError:
        return False
    return False
